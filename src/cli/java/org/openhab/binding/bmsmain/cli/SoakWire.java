/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry.Membership;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinCan;
import org.openhab.binding.bmsmain.twin.VirtualWire;

/**
 * One wire of the soak: a twin whose values change, the binding's core that reads it, and what goes wrong in between.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SoakWire implements BoardListener, AutoCloseable {

    private static final int BAUD = 115_200;
    private static final int KILO_BITS = 250;
    private static final Duration SYNC = Duration.ofMillis(100);
    private static final Duration REFRESH = Duration.ofMillis(200);
    private static final Duration SLOW_REFRESH = Duration.ofSeconds(2);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofMillis(300);
    private static final Duration LIFETIME = Duration.ofSeconds(3);
    /** How long before its time a value may have left the twin: a refresh, and what this machine adds to it. */
    private static final Duration WINDOW = Duration.ofMillis(1_500);
    private static final Duration REMEMBERED = Duration.ofSeconds(10);
    private static final int HEADER = 8;
    private static final int MOST_COMPLAINTS = 10;

    private static final List<Point> NUMBERS = List.of(Catalogue.CURRENT, Catalogue.STATE_OF_CHARGE, Catalogue.HUMIDITY,
            Catalogue.EXTERNAL_TEMPERATURE);
    private static final List<Point> FLAGS = List.of(Catalogue.INTERLOCK, Catalogue.CHARGER_CONNECTED,
            Catalogue.BATTERY_COVER);

    /** The wires that there are. */
    enum Kind {
        RTU,
        RTU_OVER_TCP,
        TCP,
        SLCAN;

        /** Whether this machine has what the wire needs. */
        boolean isPossible() {
            return isNetwork() || VirtualWire.isPossible();
        }

        boolean isNetwork() {
            return this == RTU_OVER_TCP || this == TCP;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** What the twin held from a moment on. */
    private record Held(Instant since, Map<Point, Double> values) {
    }

    private final Kind kind;
    private final Random random;
    private final TwinBoard board = new TwinBoard(TwinBoard.DEFAULT_ADDRESS, TwinBoard.WordOrder.LITTLE,
            Clock.systemDefaultZone(), 1).frozen(true);
    private final Deque<Held> history = new ArrayDeque<>();
    /** Any free one at first; the twin keeps it when it is restarted. */
    private int port;
    private final Path ours;
    private final Path theirs;
    private final Membership membership;

    private @Nullable VirtualWire wire;
    private @Nullable Twin twin;
    private @Nullable TwinCan bus;
    private long compared;
    private long wrong;
    /** What was wrong, in words; the first ones. */
    private final List<String> complaints = new ArrayList<>();
    private long reports;
    private long outages;
    private long faults;
    private boolean online;
    private @Nullable BoardSnapshot last;

    SoakWire(Kind kind, BusRegistry registry, Random random) {
        this.kind = kind;
        this.random = random;
        try {
            Path folder = Files.createTempDirectory("bmsmain-soak");
            ours = folder.resolve("ours");
            theirs = folder.resolve("theirs");
            change();
            plug();
            startTwin();
            membership = join(registry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BusConflictException e) {
            throw new IllegalStateException(e);
        }
    }

    private Membership join(BusRegistry registry) throws BusConflictException {
        Ticker ticker = Ticker.system();
        BoardSetup setup = BoardSetup.standard(LIFETIME, LIFETIME);
        if (kind == Kind.SLCAN) {
            CanSettings settings = new CanSettings(TwinBoard.DEFAULT_ADDRESS, Duration.ZERO, false);
            return CanLine.slcan(ours.toString(), KILO_BITS, false, ticker).join(registry,
                    new CanBoard(settings, setup, this, ticker));
        }
        ModbusLine line = switch (kind) {
            case RTU -> ModbusLine.serial(new SerialSettings(ours.toString(), BAUD, Parity.NONE, 1), ticker);
            case RTU_OVER_TCP -> ModbusLine.tcp("127.0.0.1", port, TcpMode.RTU, ticker);
            default -> ModbusLine.tcp("127.0.0.1", port, TcpMode.TCP, ticker);
        };
        ModbusSettings settings = new ModbusSettings(TwinBoard.DEFAULT_ADDRESS, REFRESH, SLOW_REFRESH, RESPONSE_TIMEOUT,
                WordOrder.LITTLE);
        return line.join(registry, new ModbusBoard(settings, setup, line.isNetwork(), this, ticker));
    }

    /** Changes what the twin holds, and now and then lets something go wrong. */
    synchronized void step() {
        try {
            change();
            if (!isServed()) {
                startTwin();
            }
            if (random.nextInt(4) == 0) {
                faults++;
                disturb();
            } else {
                calm();
            }
        } catch (IOException e) {
            // The twin's port is still taken by what is being closed: the next step tries again.
            LockSupport.parkNanos(1);
        }
    }

    private boolean isServed() {
        return twin != null || bus != null;
    }

    /** Whether the board was shown online in the report that came last. */
    boolean isOnline() {
        synchronized (history) {
            return online;
        }
    }

    /** Ends what goes wrong. */
    synchronized void calm() {
        if (!isServed()) {
            try {
                startTwin();
            } catch (IOException e) {
                // Its port is still being closed: the caller asks again.
                return;
            }
        }
        Twin modbus = twin;
        if (modbus != null) {
            modbus.tamper(answer -> answer);
            modbus.delay(Duration.ZERO);
            modbus.resume();
        }
        TwinCan can = bus;
        if (can != null) {
            can.resume();
            can.lose(0);
            can.foreign(0);
        }
    }

    private void disturb() throws IOException {
        int what = random.nextInt(6);
        if (what == 0) {
            restartTwin();
        } else if (what == 1 && !kind.isNetwork()) {
            unplug();
            plug();
        } else if (kind == Kind.SLCAN) {
            disturbCan();
        } else {
            disturbModbus(what);
        }
    }

    private void disturbCan() {
        TwinCan can = bus;
        if (can != null) {
            switch (random.nextInt(4)) {
                case 0 -> can.pause();
                case 1 -> can.restart();
                case 2 -> can.lose(0.5);
                default -> can.foreign(200);
            }
        }
    }

    private void disturbModbus(int what) {
        Twin modbus = twin;
        if (modbus == null) {
            return;
        }
        switch (what) {
            case 2 -> modbus.pause();
            case 3 -> modbus.delay(Duration.ofMillis(random.nextInt(800)));
            case 4 -> modbus.dropConnections();
            default -> modbus.tamper(this::spoil);
        }
    }

    /** TCP guards the data of its frames itself, RTU has a checksum: what no reader could see is left alone. */
    private byte[] spoil(byte[] answer) {
        byte[] bytes = answer.clone();
        switch (random.nextInt(3)) {
            case 0:
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1:
                bytes[random.nextInt(kind == Kind.TCP ? HEADER : bytes.length)] ^= (byte) (1 << random.nextInt(8));
                return bytes;
            default:
                return answer;
        }
    }

    private void startTwin() throws IOException {
        switch (kind) {
            case RTU -> twin = Twin.rtu(() -> SerialLine.open(theirs.toString(), BAUD), BAUD, board);
            case RTU_OVER_TCP -> port = keep(Twin.rtuTcp(port, board));
            case TCP -> port = keep(Twin.tcp(port, board));
            case SLCAN -> bus = TwinCan.slcan(() -> SerialLine.open(theirs.toString(), BAUD), KILO_BITS, SYNC, board);
        }
    }

    private int keep(Twin started) {
        twin = started;
        return started.port();
    }

    private void restartTwin() throws IOException {
        stopTwin();
        startTwin();
    }

    private void stopTwin() {
        Twin modbus = twin;
        if (modbus != null) {
            modbus.close();
        }
        TwinCan can = bus;
        if (can != null) {
            can.close();
        }
        twin = null;
        bus = null;
    }

    /** Makes the two devices of a serial wire. */
    private void plug() throws IOException {
        if (kind.isNetwork()) {
            return;
        }
        wire = VirtualWire.between(ours, theirs);
    }

    private void unplug() {
        VirtualWire plugged = wire;
        if (plugged != null) {
            plugged.close();
        }
        wire = null;
    }

    private void change() {
        double current = (random.nextInt(4001) - 2000) / 10.0;
        Map<Point, Double> values = Map.of(Catalogue.CURRENT, current, Catalogue.STATE_OF_CHARGE,
                (double) random.nextInt(101), Catalogue.HUMIDITY, (double) random.nextInt(101),
                Catalogue.EXTERNAL_TEMPERATURE, (double) random.nextInt(100) - 40, Catalogue.INTERLOCK,
                (double) random.nextInt(2), Catalogue.CHARGER_CONNECTED, (double) random.nextInt(2),
                Catalogue.BATTERY_COVER, (double) random.nextInt(2));
        Instant now = Instant.now();
        synchronized (history) {
            // It holds from the first of its values on; the ones before it hold until the last one is set.
            history.addLast(new Held(now, values));
            while (isFirstOutlived(now.minus(REMEMBERED))) {
                history.removeFirst();
            }
        }
        values.forEach((point, value) -> {
            if (NUMBERS.contains(point)) {
                board.set(point.id(), value);
            } else {
                board.set(point.id(), value == 1);
            }
        });
    }

    /** What the twin held is of interest as long as it held it, however long ago that began. */
    private boolean isFirstOutlived(Instant forgotten) {
        Iterator<Held> entries = history.iterator();
        entries.next();
        return entries.hasNext() && entries.next().since.isBefore(forgotten);
    }

    @Override
    public void report(BoardReport report) {
        synchronized (history) {
            reports++;
            BoardSnapshot snapshot = report.snapshot();
            last = snapshot;
            if (online && !report.isOnline()) {
                outages++;
            }
            online = report.isOnline();
            NUMBERS.forEach(point -> compare(snapshot, point));
            FLAGS.forEach(point -> compare(snapshot, point));
        }
    }

    private void compare(BoardSnapshot snapshot, Point point) {
        Instant time = snapshot.time(point);
        if (time == null) {
            return;
        }
        compared++;
        double shown = snapshot.number(point);
        Instant until = null;
        for (var entries = history.descendingIterator(); entries.hasNext();) {
            Held held = entries.next();
            Double value = held.values.get(point);
            boolean before = until != null && until.isBefore(time.minus(WINDOW));
            if (before) {
                break;
            }
            if (value != null && value == shown && !held.since.isAfter(time)) {
                return;
            }
            until = held.since;
        }
        wrong++;
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(String.format(Locale.ROOT, "%s: %s was shown as %s of %s; held: %s", kind, point.id(), shown,
                    time, history.stream().map(held -> held.values.get(point) + " from " + held.since)
                            .collect(Collectors.joining(", "))));
        }
    }

    List<String> complaints() {
        synchronized (history) {
            return List.copyOf(complaints);
        }
    }

    long compared() {
        synchronized (history) {
            return compared;
        }
    }

    long wrong() {
        synchronized (history) {
            return wrong;
        }
    }

    static String head() {
        return String.format(Locale.ROOT, "%-12s %9s %9s %7s %7s %8s %9s %7s", "wire", "compared", "reports", "wrong",
                "faults", "outages", "requests", "failed");
    }

    @Override
    public String toString() {
        synchronized (history) {
            BoardSnapshot snapshot = last;
            double requests = snapshot == null ? 0 : snapshot.number(Catalogue.REQUESTS);
            double failed = snapshot == null ? 0 : snapshot.number(Catalogue.FAILED_REQUESTS);
            return String.format(Locale.ROOT, "%-12s %9d %9d %7d %7d %8d %9.0f %7.0f", kind, compared, reports, wrong,
                    faults, outages, requests, failed);
        }
    }

    @Override
    public synchronized void close() {
        membership.leave();
        stopTwin();
        unplug();
        try {
            Files.deleteIfExists(ours);
            Files.deleteIfExists(theirs);
            Path folder = ours.getParent();
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            // A folder for temporary files is where it was.
        }
    }
}
