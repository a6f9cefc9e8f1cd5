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
import java.util.stream.IntStream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinCan;
import org.openhab.binding.bmsmain.twin.VirtualWire;

/**
 * Simulated boards on one connection of a soak test. Their values change, all at the same time. Responses are
 * corrupted, delayed and dropped, the boards restart, and their adapter disappears. The values are recorded, so that
 * values shown can be compared with them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SoakTwin implements AutoCloseable {

    /** The numbers that are changed and compared. */
    public static final List<Point> NUMBERS = List.of(Catalogue.CURRENT, Catalogue.STATE_OF_CHARGE, Catalogue.HUMIDITY,
            Catalogue.EXTERNAL_TEMPERATURE);
    /** The flags that are changed and compared. */
    public static final List<Point> FLAGS = List.of(Catalogue.INTERLOCK, Catalogue.CHARGER_CONNECTED,
            Catalogue.BATTERY_COVER);
    /** Baud rate of the serial ports. */
    public static final int BAUD = 115_200;
    /** Bit rate of the CAN bus in kbit/s. */
    public static final int KILO_BITS = 250;

    private static final Duration SYNC = Duration.ofMillis(100);
    private static final Duration REMEMBERED = Duration.ofSeconds(20);
    /** Duration of charging, and of discharging after it, in nanoseconds. */
    private static final long DIRECTION_NANOS = 300_000_000_000L;
    private static final int HEADER = 8;
    private static final int MOST_COMPLAINTS = 10;

    /** The types of connections. */
    public enum Kind {
        RTU,
        RTU_OVER_TCP,
        TCP,
        SLCAN;

        /** Whether this machine supports the connection. */
        public boolean isPossible() {
            return isNetwork() || VirtualWire.isPossible();
        }

        /** Whether the boards are reached by TCP. */
        public boolean isNetwork() {
            return this == RTU_OVER_TCP || this == TCP;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** The values from a time on. */
    private record Held(Instant since, Map<Point, Double> values) {
    }

    private final Kind kind;
    private final Random random;
    private final TwinBoard[] boards;
    private final long begun = System.nanoTime();
    private final Deque<Held> history = new ArrayDeque<>();
    /** Any free port at first; it is kept for restarts. */
    private int port;
    private final Path ours;
    private final Path theirs;

    private @Nullable VirtualWire wire;
    private @Nullable Twin twin;
    private @Nullable TwinCan bus;
    private long compared;
    private long wrong;
    /** Descriptions of the first wrong values. */
    private final List<String> complaints = new ArrayList<>();
    private long faults;

    /**
     * Starts the boards, with addresses from {@link TwinBoard#DEFAULT_ADDRESS} on.
     *
     * @param count number of boards on the connection
     */
    public SoakTwin(Kind kind, int count, Random random) {
        this.kind = kind;
        this.random = random;
        this.boards = IntStream.range(0, count).mapToObj(i -> new TwinBoard(TwinBoard.DEFAULT_ADDRESS + i,
                TwinBoard.WordOrder.LITTLE, Clock.systemDefaultZone(), 1).frozen(true)).toArray(TwinBoard[]::new);
        try {
            Path folder = Files.createTempDirectory("bmsmain-soak");
            ours = folder.resolve("ours");
            theirs = folder.resolve("theirs");
            change();
            plug();
            startTwin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Type of the connection. */
    public Kind kind() {
        return kind;
    }

    /** TCP port of the boards. */
    public int port() {
        return port;
    }

    /** Serial port of the boards, while it is plugged in. */
    public String device() {
        return ours.toString();
    }

    /** Charge that flowed in both directions since the start, in Ah. */
    public double flowed() {
        double[] flowed = boards[0].flowed();
        return flowed[2] + flowed[3];
    }

    /** Average charge per second in both directions since the start, in Ah. */
    double flowedPerSecond() {
        return flowed() / ((System.nanoTime() - begun) / 1e9);
    }

    /** Number of injected faults. */
    public synchronized long faults() {
        return faults;
    }

    /** Changes the values, and sometimes injects a fault. */
    public synchronized void step() {
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
            // The port of the board is not closed yet: the next step tries again.
            LockSupport.parkNanos(1);
        }
    }

    private boolean isServed() {
        return twin != null || bus != null;
    }

    /** Ends injected faults. */
    public synchronized void calm() {
        if (!isServed()) {
            try {
                startTwin();
            } catch (IOException e) {
                // The port is not closed yet: the caller tries again.
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

    /** Corrupts only what a reader can detect: any byte on RTU, but only the header on TCP, which protects its data. */
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
            case RTU -> twin = Twin.rtu(() -> SerialLine.open(theirs.toString(), BAUD), BAUD, boards);
            case RTU_OVER_TCP -> port = keep(Twin.rtuTcp(port, boards));
            case TCP -> port = keep(Twin.tcp(port, boards));
            case SLCAN -> bus = TwinCan.slcan(() -> SerialLine.open(theirs.toString(), BAUD), KILO_BITS, SYNC, boards);
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

    /** Creates the two devices of a serial line. */
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
        // The current is nearly constant, so that a share of the time is the same share of the charge.
        boolean charges = (System.nanoTime() - begun) / DIRECTION_NANOS % 2 == 0;
        double current = (charges ? 1 : -1) * (1000 + random.nextInt(100)) / 10.0;
        Map<Point, Double> values = Map.of(Catalogue.CURRENT, current, Catalogue.STATE_OF_CHARGE,
                (double) random.nextInt(101), Catalogue.HUMIDITY, (double) random.nextInt(101),
                Catalogue.EXTERNAL_TEMPERATURE, (double) random.nextInt(100) - 40, Catalogue.INTERLOCK,
                (double) random.nextInt(2), Catalogue.CHARGER_CONNECTED, (double) random.nextInt(2),
                Catalogue.BATTERY_COVER, (double) random.nextInt(2));
        Instant now = Instant.now();
        synchronized (history) {
            // Valid from the first change on; the previous values are valid until the last change.
            history.addLast(new Held(now, values));
            while (isFirstOutlived(now.minus(REMEMBERED))) {
                history.removeFirst();
            }
        }
        values.forEach((point, value) -> {
            for (TwinBoard board : boards) {
                if (NUMBERS.contains(point)) {
                    board.set(point.id(), value);
                } else {
                    board.set(point.id(), value == 1);
                }
            }
        });
    }

    /** Whether the oldest values expired: the ones after them have been valid for long enough. */
    private boolean isFirstOutlived(Instant forgotten) {
        Iterator<Held> entries = history.iterator();
        entries.next();
        return entries.hasNext() && entries.next().since.isBefore(forgotten);
    }

    /**
     * Compares a value shown with the simulated values.
     *
     * @param earliest start of the time in which it may have been valid
     * @param latest end of that time
     */
    public void compare(Point point, double shown, Instant earliest, Instant latest) {
        synchronized (history) {
            compared++;
            Instant until = null;
            for (var entries = history.descendingIterator(); entries.hasNext();) {
                Held held = entries.next();
                Double value = held.values.get(point);
                if (until != null && until.isBefore(earliest)) {
                    break;
                }
                if (value != null && value == shown && !held.since.isAfter(latest)) {
                    return;
                }
                until = held.since;
            }
            wrong++;
            if (complaints.size() < MOST_COMPLAINTS) {
                complaints.add(String.format(Locale.ROOT, "%s: %s was shown as %s between %s and %s; real values: %s",
                        kind, point.id(), shown, earliest, latest,
                        history.stream().map(held -> held.values.get(point) + " from " + held.since)
                                .collect(Collectors.joining(", "))));
            }
        }
    }

    /** Descriptions of the first wrong values. */
    public List<String> complaints() {
        synchronized (history) {
            return List.copyOf(complaints);
        }
    }

    /** Number of values compared. */
    public long compared() {
        synchronized (history) {
            return compared;
        }
    }

    /** Number of values that do not match a simulated one. */
    public long wrong() {
        synchronized (history) {
            return wrong;
        }
    }

    @Override
    public synchronized void close() {
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
            // Left in the directory for temporary files.
        }
    }
}
