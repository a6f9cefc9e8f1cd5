/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import static org.junit.jupiter.api.Assertions.*;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.BatteryHistory;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.EnergyMeter;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.peer.Peer;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;

/**
 * Many boards in one process: over TCP with one connection per board, counters and history; and 32 on
 * one RS-485 line.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ManyBoardsBench {

    private static final int UNIT = 32;
    private static final int VOLTAGE = 0x2104;
    /** Bytes of a fast refresh: two requests of eight bytes and their responses with 17 and 15 registers. */
    private static final int REFRESH_BYTES = 2 * 8 + 2 * 5 + 2 * (17 + 15);
    private static final int MOST = 1000;
    private static final int PORTS_OF_A_SERVER = 200;
    private static final int WARM_UP_SECONDS = 12;
    private static final int SECONDS = 15;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SLOW = Duration.ofSeconds(30);
    private static final Duration LIFETIME = Duration.ofSeconds(5);
    private static final int FIRST_REPORTS = 5;

    @Test
    void tcpBoardsAtOneSecond() throws Exception {
        int first = Meter.freePorts();
        List<Peer> servers = new ArrayList<>();
        try {
            // libmodbus waits with select, which supports at most 1024 file descriptors.
            for (int port = first; port < first + MOST; port += PORTS_OF_A_SERVER) {
                servers.add(Peers.libmodbus(List.of(ReferenceRegisters.serverLine()), "tcp", Integer.toString(port),
                        Integer.toString(UNIT), Integer.toString(PORTS_OF_A_SERVER)));
            }
            Page page = new Page("boards-tcp");
            page.head("boards", "% of a core", "us CPU per refresh", "heap MiB", "refreshes per second", "threads");
            for (int boards : new int[] { 0, 1, 10, 100, 1000 }) {
                measureTcp(page, boards, first);
            }
            page.publish();
        } finally {
            servers.forEach(Peer::close);
        }
    }

    /** A board with a configured voltage, so that its energy is counted. */
    private static BoardSetup counting() {
        BoardSetup setup = BoardSetup.standard(LIFETIME, SLOW.multipliedBy(3));
        return new BoardSetup(setup.relayFunctions(), setup.inputFunctions(),
                Map.of(Catalogue.VOLTAGE, RegisterLocation.input(VOLTAGE, WireType.REAL32)), setup.customPoints(),
                setup.lifetime(), setup.slowLifetime(), setup.confirmFaults())
                .with(Double.NaN, new Counting(new EnergyMeter(), () -> ZoneOffset.UTC));
    }

    private static void measureTcp(Page page, int boards, int firstPort) throws Exception {
        AtomicIntegerArray reports = new AtomicIntegerArray(Math.max(1, boards));
        try (BusRegistry registry = new BusRegistry(Ticker.system())) {
            List<BusRegistry.Membership> memberships = new ArrayList<>();
            List<BatteryHistory> histories = Stream.generate(() -> new BatteryHistory(Instant.now())).limit(boards)
                    .toList();
            for (int i = 0; i < boards; i++) {
                int place = i;
                ModbusLine line = ModbusLine.tcp("127.0.0.1", firstPort + i, TcpMode.TCP, Ticker.system());
                memberships.add(line.join(registry, new ModbusBoard(
                        new ModbusSettings(UNIT, SECOND, SLOW, SECOND, WordOrder.LITTLE), counting(), true, report -> {
                            histories.get(place).take(report.snapshot(), List.of());
                            if (report.isOnline()) {
                                reports.incrementAndGet(place);
                            }
                        }, Ticker.system())));
            }
            Wait.until("all boards are read", () -> boards == 0 || allRead(reports));
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            long reportsBefore = sum(reports);
            Meter before = Meter.now();
            TimeUnit.SECONDS.sleep(SECONDS);
            Meter used = Meter.now().since(before);
            double seconds = used.nanos() / 1e9;
            double refreshes = (sum(reports) - reportsBefore) / seconds;
            page.row(Integer.toString(boards), Page.number(100.0 * used.cpuNanos() / used.nanos(), 2),
                    boards == 0 ? "" : Page.number(used.cpuNanos() / 1e3 / seconds / refreshes, 0),
                    Page.number(Meter.heapMebi(), 1), Page.number(refreshes, 1), Integer.toString(Meter.threads()));
            memberships.forEach(BusRegistry.Membership::leave);
        }
    }

    @Test
    void thirtyTwoBoardsOnOneLine() throws Exception {
        Page page = new Page("boards-line");
        page.head("baud", "seconds between refreshes of a board", "the wire alone", "fewest and most refreshes",
                "failed requests", "CPU ms per refresh");
        for (int baud : new int[] { 9600, 19200, 115200 }) {
            measureLine(page, baud);
        }
        page.publish();
    }

    private static void measureLine(Page page, int baud) throws Exception {
        int boards = 32;
        Path folder = Files.createTempDirectory("bmsmain-bench");
        Path near = folder.resolve("near");
        Path far = folder.resolve("far");
        TwinBoard[] twins = IntStream.rangeClosed(1, boards).mapToObj(ManyBoardsBench::twin).toArray(TwinBoard[]::new);
        AtomicIntegerArray reports = new AtomicIntegerArray(boards);
        double[] failed = new double[boards];
        try (Peer wire = Peers.java(PacedWire.class, Integer.toString(baud), near.toString(), far.toString());
                Twin twin = Twin.rtu(() -> SerialLine.open(far.toString(), baud), baud, twins);
                BusRegistry registry = new BusRegistry(Ticker.system())) {
            ModbusLine line = ModbusLine.serial(new SerialSettings(near.toString(), baud, Parity.NONE, 1),
                    Ticker.system());
            List<BusRegistry.Membership> memberships = new ArrayList<>();
            for (int i = 0; i < boards; i++) {
                int place = i;
                Duration lifetime = Duration.ofSeconds(60);
                memberships.add(line.join(registry,
                        new ModbusBoard(
                                new ModbusSettings(i + 1, SECOND, Duration.ofHours(1), SECOND, WordOrder.LITTLE),
                                BoardSetup.standard(lifetime, lifetime), false, report -> {
                                    failed[place] = report.snapshot().number(Catalogue.FAILED_REQUESTS);
                                    if (report.isOnline()) {
                                        reports.incrementAndGet(place);
                                    }
                                }, Ticker.system())));
            }
            // At a low baud rate the initial read of all values takes long. It continues after the first report of
            // a board.
            for (int i = 0; i < 12 && !allRead(reports); i++) {
                TimeUnit.SECONDS.sleep(10);
            }
            int[] before = snapshot(reports);
            long begun = System.nanoTime();
            long cpu = cpuNanos(line);
            TimeUnit.SECONDS.sleep(baud == 9600 ? 30 : 20);
            int[] after = snapshot(reports);
            double seconds = (System.nanoTime() - begun) / 1e9;
            int[] counts = IntStream.range(0, boards).map(i -> after[i] - before[i]).toArray();
            double refreshes = Arrays.stream(counts).sum();
            page.row(Integer.toString(baud), Page.number(seconds * boards / refreshes, 2),
                    Page.number(boards * REFRESH_BYTES * 10.0 / baud + boards * 4 * silenceSeconds(baud), 2),
                    Arrays.stream(counts).min().orElse(0) + ", " + Arrays.stream(counts).max().orElse(0) + " in "
                            + Page.number(seconds, 0) + " s",
                    Page.number(Arrays.stream(failed).sum(), 0),
                    Page.number((cpuNanos(line) - cpu) / 1e6 / refreshes, 2));
            memberships.forEach(BusRegistry.Membership::leave);
            assertTrue(Arrays.stream(counts).max().orElse(0) - Arrays.stream(counts).min().orElse(0) <= 2, "fair");
        } finally {
            Files.deleteIfExists(near);
            Files.deleteIfExists(far);
            Files.deleteIfExists(folder);
        }
    }

    /** Silence of 3.5 characters of 11 bits, as in the standard. */
    private static double silenceSeconds(int baud) {
        return baud > 19200 ? 0.001_75 : 3.5 * 11 / baud;
    }

    private static long cpuNanos(ModbusLine line) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("bmsmain-" + line.name()))
                .mapToLong(thread -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId())).sum();
    }

    private static TwinBoard twin(int address) {
        return new TwinBoard(address, TwinBoard.WordOrder.LITTLE, java.time.Clock.systemDefaultZone(), 1).frozen(true);
    }

    private static boolean allRead(AtomicIntegerArray counts) {
        return IntStream.range(0, counts.length()).allMatch(place -> counts.get(place) > FIRST_REPORTS);
    }

    private static int[] snapshot(AtomicIntegerArray counts) {
        return IntStream.range(0, counts.length()).map(counts::get).toArray();
    }

    private static long sum(AtomicIntegerArray counts) {
        return Arrays.stream(snapshot(counts)).asLongStream().sum();
    }
}
