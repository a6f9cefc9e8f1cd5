/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.it;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.SoftwareControl;
import org.openhab.binding.bmsmain.twin.TwinCan;

/**
 * The same scenario on all three kinds of connection: its events, the commands that reach the board, and that
 * nothing else is ever written.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Execution(ExecutionMode.CONCURRENT)
class ThreeWiresIT {

    private static final Duration REFRESH = Duration.ofMillis(200);
    private static final Duration STALE = Duration.ofSeconds(3);
    private static final int BAUD_RATE = 115_200;
    private static final long HIGH_HUMIDITY = 1 << 6;

    @TempDir
    @Nullable
    Path folder;

    private enum Kind {
        TCP,
        RTU,
        SLCAN
    }

    /** A board and the binding at the two ends of a connection. */
    private static final class Link implements BoardListener, AutoCloseable {
        private final Ticker ticker = Ticker.system();
        private final BusRegistry registry = new BusRegistry(ticker);
        private final List<AutoCloseable> parts = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private final @Nullable CommandQueue commandQueue;
        private final BusRegistry.Membership membership;
        private Supplier<List<String>> writes = List::of;
        private Runnable pause = () -> {
        };
        private Runnable resume = () -> {
        };
        private volatile @Nullable BoardReport last;

        Link(Kind kind, Path folder, TwinBoard board, boolean control) throws Exception {
            commandQueue = control ? new CommandQueue(ticker) : null;
            BoardSetup setup = BoardSetup.standard(STALE, Duration.ofSeconds(90));
            if (kind == Kind.SLCAN) {
                Path near = folder.resolve("near");
                Path far = folder.resolve("far");
                parts.add(Peers.socat(near, far));
                TwinCan twin = TwinCan.slcan(() -> SerialLine.open(far.toString(), BAUD_RATE), 250,
                        Duration.ofMillis(100), board);
                parts.add(0, twin);
                pause = twin::pause;
                resume = twin::resume;
                // 0x600 + node: all requests except uploads
                writes = () -> twin.heard().stream().filter(frame -> !frame.startsWith("620 40")).toList();
                membership = CanLine.slcan(near.toString(), 250, false, ticker).join(registry,
                        new CanBoard(new CanSettings(32, Duration.ZERO, true, commandQueue), setup, this, ticker));
            } else {
                Twin twin = kind == Kind.TCP ? Twin.tcp(0, board) : Twin.rtuTcp(0, board);
                parts.add(twin);
                pause = twin::pause;
                resume = twin::resume;
                writes = () -> twin.log().latest().stream()
                        .filter(request -> request.function() != 3 && request.function() != 4)
                        .map(request -> request.function() + " " + Integer.toHexString(request.address()) + " "
                                + request.written())
                        .toList();
                ModbusLine line;
                if (kind == Kind.TCP) {
                    line = ModbusLine.tcp("127.0.0.1", twin.port(), TcpMode.TCP, ticker);
                } else {
                    Path port = folder.resolve("rs485");
                    parts.add(SerialBridge.open(port, twin.port()));
                    line = ModbusLine.serial(new SerialSettings(port.toString(), BAUD_RATE, Parity.NONE, 1), ticker);
                }
                ModbusSettings settings = new ModbusSettings(32, REFRESH, REFRESH, Duration.ofMillis(500), null,
                        commandQueue);
                membership = line.join(registry, new ModbusBoard(settings, setup, line.isNetwork(), this, ticker));
            }
        }

        @Override
        public void report(BoardReport report) {
            synchronized (events) {
                report.events().stream().map(FaultEvent::payload).forEach(events::add);
            }
            last = report;
        }

        List<String> events() {
            synchronized (events) {
                return List.copyOf(events);
            }
        }

        void awaitEvents(int count) {
            Wait.until(count + " events", () -> events().size() >= count);
        }

        void awaitOnline(boolean online) {
            Wait.until(online ? "online" : "offline", () -> {
                BoardReport report = last;
                return report != null && report.isOnline() == online;
            });
        }

        void await(Point point, boolean set) {
            Wait.until(point.id() + " " + set, () -> {
                BoardReport report = last;
                BoardSnapshot snapshot = report == null ? null : report.snapshot();
                return snapshot != null && snapshot.isKnown(point) && snapshot.isSet(point) == set;
            });
        }

        ControlOutcome command(Point signal, SignalOverride force) throws Exception {
            CompletableFuture<ControlOutcome> outcome = new CompletableFuture<>();
            CommandQueue commands = commandQueue;
            assertNotNull(commands);
            if (commands != null) {
                commands.submit(signal, force, outcome::complete);
            }
            membership.wake();
            return outcome.get(20, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws Exception {
            membership.leave();
            registry.close();
            for (AutoCloseable part : parts) {
                part.close();
            }
        }
    }

    private Path folder() throws IOException {
        Path path = folder;
        return path == null ? Files.createTempDirectory("wires") : path;
    }

    private static Point fault(String name) {
        Point point = Catalogue.byId("faults#" + name);
        if (point == null) {
            throw new AssertionError(name);
        }
        return point;
    }

    @ParameterizedTest
    @EnumSource
    void aStoryMakesExactlyItsEvents(Kind kind) throws Exception {
        TwinBoard board = new TwinBoard().frozen(true).fault("high-humidity");
        try (Link link = new Link(kind, folder(), board, false)) {
            // faults found at connect are no events
            link.awaitOnline(true);
            link.await(fault("high-humidity"), true);

            // raise and clear
            board.fault("water");
            link.awaitEvents(1);
            board.clear("water");
            link.awaitEvents(2);

            // flicker
            for (int i = 0; i < 3; i++) {
                board.fault("insulation-fault");
                link.awaitEvents(3 + 2 * i);
                board.clear("insulation-fault");
                link.awaitEvents(4 + 2 * i);
            }

            // a bit without a public meaning
            board.set("faults#errors-1", Long.toString(HIGH_HUMIDITY | 1 << 18));
            link.awaitEvents(9);
            board.set("faults#errors-1", Long.toString(HIGH_HUMIDITY));
            link.awaitEvents(10);

            // a lost link without, and with, a change in the meantime
            link.pause.run();
            link.awaitOnline(false);
            link.resume.run();
            link.awaitOnline(true);
            link.await(fault("high-humidity"), true);
            link.pause.run();
            link.awaitOnline(false);
            board.fault("overcurrent");
            link.resume.run();
            link.awaitOnline(true);
            link.await(fault("overcurrent"), true);
            board.clear("overcurrent");
            link.awaitEvents(11);

            // initialisation: a fault raised and cleared within it is no event, a remaining one is
            board.initialising(true);
            link.await(Catalogue.INITIALISATION, true);
            board.clear("high-humidity");
            link.await(fault("high-humidity"), false);
            board.fault("high-humidity");
            board.fault("adc-error");
            link.await(fault("adc-error"), true);
            board.initialising(false);
            link.await(Catalogue.INITIALISATION, false);
            link.awaitEvents(12);
            board.clear("adc-error");
            link.awaitEvents(13);
            board.clear("high-humidity");
            link.awaitEvents(14);

            assertEquals(List.of("RAISED:water", "CLEARED:water", //
                    "RAISED:insulation-fault", "CLEARED:insulation-fault", "RAISED:insulation-fault",
                    "CLEARED:insulation-fault", "RAISED:insulation-fault", "CLEARED:insulation-fault", //
                    "RAISED:unknown-error-1-18", "CLEARED:unknown-error-1-18", //
                    "CLEARED:overcurrent", "RAISED:adc-error", "CLEARED:adc-error", "CLEARED:high-humidity"),
                    link.events());
            assertEquals(List.of(), link.writes.get(), "nothing but reads left the bus");
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachCommandReachesTheBoardOnceAndIsConfirmed(Kind kind) throws Exception {
        TwinBoard board = new TwinBoard().frozen(true);
        try (Link link = new Link(kind, folder(), board, true)) {
            link.awaitOnline(true);
            link.await(Catalogue.INITIALISATION, false);
            assertEquals(List.of(), link.writes.get(), "nothing is written at connect");
            int commands = 0;
            for (Point signal : Catalogue.SIGNALS) {
                for (SignalOverride force : SignalOverride.values()) {
                    assertEquals(Result.CONFIRMED, link.command(signal, force).result(), signal + " " + force);
                    SoftwareControl control = board.softwareControl(signal.name());
                    assertEquals(
                            force == SignalOverride.PHYSICAL ? SoftwareControl.PHYSICAL
                                    : force == SignalOverride.ON ? SoftwareControl.SET : SoftwareControl.CLEARED,
                            control);
                    commands++;
                    assertEquals(commands, link.writes.get().size());
                }
            }
            // rejected while the link is down, and not executed when it is back
            link.pause.run();
            link.awaitOnline(false);
            assertEquals(Result.LINK_DOWN, link.command(Catalogue.SIGNALS.get(8), SignalOverride.ON).result());
            link.resume.run();
            link.awaitOnline(true);
            link.await(Catalogue.INITIALISATION, false);
            assertEquals(22 * 3, link.writes.get().size());
        }
    }
}
