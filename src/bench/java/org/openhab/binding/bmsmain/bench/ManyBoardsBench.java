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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.link.BusRegistry;
import org.openhab.binding.bmsmain.internal.link.SerialSettings;
import org.openhab.binding.bmsmain.internal.link.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.link.Ticker;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.peer.Peer;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.tool.twin.SerialLine;
import org.openhab.binding.bmsmain.tool.twin.Twin;
import org.openhab.binding.bmsmain.tool.twin.TwinBoard;

/**
 * Many boards in one process: over TCP each on its own connection, and 32 on one RS-485 line.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ManyBoardsBench {

    private static final int UNIT = 32;
    private static final int MOST = 1000;
    private static final int PORTS_OF_A_SERVER = 200;
    private static final int WARM_UP_SECONDS = 12;
    private static final int SECONDS = 15;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SLOW = Duration.ofSeconds(30);
    private static final Duration LIFETIME = Duration.ofSeconds(5);

    @Test
    void tcpBoardsAtOneSecond() throws Exception {
        int first = freePorts();
        List<Peer> servers = new ArrayList<>();
        try {
            // libmodbus waits with select, which knows no more than 1024 files of a process.
            for (int port = first; port < first + MOST; port += PORTS_OF_A_SERVER) {
                servers.add(Peers.libmodbus(List.of(Truth.serverLine()), "tcp", Integer.toString(port),
                        Integer.toString(UNIT), Integer.toString(PORTS_OF_A_SERVER)));
            }
            System.out.println("TCP boards at a refresh of 1 s");
            System.out.println(String.format(Locale.ROOT, "| %6s | %12s | %14s | %9s | %12s | %8s |", "boards",
                    "% of a core", "us per refresh", "heap MiB", "refreshes/s", "threads"));
            for (int boards : new int[] { 0, 1, 10, 100, 1000 }) {
                measureTcp(boards, first);
            }
        } finally {
            servers.forEach(Peer::close);
        }
    }

    /** A range of ports below those that the system gives to clients. */
    private static int freePorts() {
        return 20_000 + (int) (ProcessHandle.current().pid() % 5) * 2_000;
    }

    private static void measureTcp(int boards, int firstPort) throws Exception {
        AtomicIntegerArray reports = new AtomicIntegerArray(Math.max(1, boards));
        try (BusRegistry registry = new BusRegistry(Ticker.system())) {
            List<BusRegistry.Membership> memberships = new ArrayList<>();
            for (int i = 0; i < boards; i++) {
                int place = i;
                ModbusLine line = ModbusLine.tcp("127.0.0.1", firstPort + i, TcpMode.TCP, Ticker.system());
                memberships.add(line.join(registry,
                        new ModbusBoard(new ModbusSettings(UNIT, SECOND, SLOW, SECOND, WordOrder.LITTLE),
                                BoardSetup.standard(LIFETIME, SLOW.multipliedBy(3)), true, report -> {
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
            System.out.println(String.format(Locale.ROOT, "| %6d | %12.2f | %14.0f | %9.1f | %12.1f | %8d |", boards,
                    100.0 * used.cpuNanos() / used.nanos(), used.cpuNanos() / 1e3 / seconds / Math.max(1, refreshes),
                    Meter.heapMebi(), refreshes, Meter.threads()));
            memberships.forEach(BusRegistry.Membership::leave);
        }
    }

    @Test
    void thirtyTwoBoardsOnOneLine() throws Exception {
        System.out.println("32 boards on one RS-485 line, refresh 1 s if the line allows it");
        for (int baud : new int[] { 9600, 19200, 115200 }) {
            measureLine(baud);
        }
    }

    private static void measureLine(int baud) throws Exception {
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
            // A first reading of all there is, board by board, takes its time at a low rate.
            for (int i = 0; i < 8 && !allRead(reports); i++) {
                TimeUnit.SECONDS.sleep(10);
            }
            int[] before = snapshot(reports);
            long begun = System.nanoTime();
            TimeUnit.SECONDS.sleep(baud == 9600 ? 30 : 20);
            int[] after = snapshot(reports);
            double seconds = (System.nanoTime() - begun) / 1e9;
            int[] counts = IntStream.range(0, boards).map(i -> after[i] - before[i]).toArray();
            memberships.forEach(BusRegistry.Membership::leave);
            System.out.println(String.format(Locale.ROOT,
                    "%6d baud: each board every %.2f s (fewest %d, most %d refreshes in %.0f s), failed requests %.0f",
                    baud, seconds * boards / Arrays.stream(counts).sum(), Arrays.stream(counts).min().orElse(0),
                    Arrays.stream(counts).max().orElse(0), seconds, Arrays.stream(failed).sum()));
            assertTrue(Arrays.stream(counts).max().orElse(0) - Arrays.stream(counts).min().orElse(0) <= 2, "fair");
        } finally {
            Files.deleteIfExists(near);
            Files.deleteIfExists(far);
            Files.deleteIfExists(folder);
        }
    }

    private static TwinBoard twin(int address) {
        return new TwinBoard(address, TwinBoard.WordOrder.LITTLE, java.time.Clock.systemDefaultZone(), 1).frozen(true);
    }

    private static boolean allRead(AtomicIntegerArray counts) {
        return IntStream.range(0, counts.length()).allMatch(place -> counts.get(place) > 0);
    }

    private static int[] snapshot(AtomicIntegerArray counts) {
        return IntStream.range(0, counts.length()).map(counts::get).toArray();
    }

    private static long sum(AtomicIntegerArray counts) {
        return Arrays.stream(snapshot(counts)).asLongStream().sum();
    }
}
