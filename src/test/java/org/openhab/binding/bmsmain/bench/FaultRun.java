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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.bench.FaultKind.Transport;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.link.BoardListener;
import org.openhab.binding.bmsmain.internal.link.BoardReport;
import org.openhab.binding.bmsmain.internal.link.BusConflictException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One board, polled without pause through a proxy that spoils answers. Each value of each report is compared with what
 * the server held when the value was asked for.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class FaultRun {

    private static final Logger LOGGER = LoggerFactory.getLogger(FaultRun.class);

    static final int UNIT = 32;
    private static final Duration REFRESH = Duration.ofMillis(5);
    private static final Duration SLOW_REFRESH = Duration.ofMillis(400);
    private static final Duration LIFETIME = Duration.ofSeconds(2);
    private static final long LONGEST_RUN = 120_000_000_000L;
    /** Clocks are read one after the other, and between two readings this machine may do something else. */
    private static final long SLACK_MICROS = 80_000;

    private static final List<Point> CHECKED = Catalogue.all().stream().filter(Truth::knows).toList();

    /** What came of it. Times in milliseconds. */
    record Result(Transport transport, FaultKind kind, int baud, int requests, int faults, int wrong, int compared,
            long lost, double recovery, double longestRecovery, boolean recovered) {

        /** Requests that failed beyond those whose answers were spoilt. */
        long collateral() {
            return Math.max(0, lost - faults);
        }

        static String head() {
            return String.format(Locale.ROOT,
                    "| %-12s | %6s | %-22s | %6s | %6s | %5s | %6s | %10s | %10s | %9s | %8s |", "transport", "baud",
                    "fault", "asked", "spoilt", "wrong", "lost", "collateral", "compared", "back ms", "max ms");
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT,
                    "| %-12s | %6s | %-22s | %6d | %6d | %5d | %6d | %10d | %10d | %9.0f | %8.0f |%s",
                    transport.name().toLowerCase(Locale.ROOT).replace('_', ' '), baud == 0 ? "" : baud, kind, requests,
                    faults, wrong, lost, collateral(), compared, recovery, longestRecovery,
                    recovered ? "" : " NOT RECOVERED");
        }
    }

    private final Transport transport;
    private final FaultKind kind;
    private final int baud;
    private final int faultsWanted;
    private final long seed;

    FaultRun(Transport transport, FaultKind kind, int baud, int faultsWanted, long seed) {
        this.transport = transport;
        this.kind = kind;
        this.baud = baud;
        this.faultsWanted = kind.isPermanent() ? 10 * faultsWanted : faultsWanted;
        this.seed = seed;
    }

    Result run() {
        // Long enough for an answer that a busy machine delays, and as short as the bench can bear.
        int timeout = baud == 9600 ? 300 : 200;
        try (Pty serverPty = new Pty()) {
            Path folder = Files.createTempDirectory("bmsmain-bench");
            Path link = folder.resolve("tty");
            int serverPort = Peers.freePort();
            try (Peer server = server(serverPty, serverPort);
                    FaultProxy proxy = new FaultProxy(transport, kind, new Random(seed), timeout,
                            transport.isNetwork() ? null : link, baud, serverPty, serverPort);
                    BusRegistry registry = new BusRegistry(Ticker.system())) {
                Checker checker = new Checker(proxy);
                ModbusLine line = line(proxy, link);
                ModbusBoard board = new ModbusBoard(
                        new ModbusSettings(UNIT, REFRESH, SLOW_REFRESH, Duration.ofMillis(timeout), WordOrder.LITTLE),
                        BoardSetup.standard(LIFETIME, LIFETIME), line.isNetwork(), checker, Ticker.system());
                BusRegistry.Membership membership = line.join(registry, board);
                boolean recovered = drive(proxy, checker);
                membership.leave();
                return checker.result(recovered);
            } finally {
                delete(folder);
            }
        } catch (IOException | BusConflictException e) {
            throw new IllegalStateException(e);
        }
    }

    private Peer server(Pty pty, int port) {
        List<String> truth = List.of(Truth.serverLine());
        return transport.isRtu() ? Peers.libmodbus(truth, "rtu", pty.device(), "115200", Integer.toString(UNIT), "0")
                : Peers.libmodbus(truth, "tcp", Integer.toString(port), Integer.toString(UNIT));
    }

    private ModbusLine line(FaultProxy proxy, Path link) {
        return switch (transport) {
            case RTU -> ModbusLine.serial(new SerialSettings(link.toString(), baud, Parity.NONE, 1), Ticker.system());
            case RTU_OVER_TCP -> ModbusLine.tcp("127.0.0.1", proxy.port(), TcpMode.RTU, Ticker.system());
            case TCP -> ModbusLine.tcp("127.0.0.1", proxy.port(), TcpMode.TCP, Ticker.system());
        };
    }

    /** First good values, then faults, then good values again. */
    private boolean drive(FaultProxy proxy, Checker checker) {
        long end = System.nanoTime() + LONGEST_RUN;
        if (!await(end, () -> checker.goodReports() >= 3)) {
            return false;
        }
        proxy.setFaulty(true);
        boolean done = await(end, () -> proxy.faults().size() >= faultsWanted);
        proxy.setFaulty(false);
        long last = FaultProxy.nowMicros();
        return done && await(end, () -> checker.goodSince(last + 2000));
    }

    private interface Condition {
        boolean holds();
    }

    private static boolean await(long end, Condition condition) {
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(5_000_000);
        }
        return true;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Compares what is published with the truth. */
    private final class Checker implements BoardListener {
        private final FaultProxy proxy;
        private final List<Long> goodTimes = new ArrayList<>();
        private int wrong;
        private int compared;
        private int good;
        private @Nullable BoardSnapshot last;

        Checker(FaultProxy proxy) {
            this.proxy = proxy;
        }

        @Override
        public synchronized void report(BoardReport report) {
            BoardSnapshot snapshot = report.snapshot();
            last = snapshot;
            if (report.isOnline()) {
                good++;
                goodTimes.add((long) (snapshot.number(Catalogue.LAST_UPDATE) * 1000));
                compare(snapshot);
            } else if (CHECKED.stream().anyMatch(snapshot::isKnown)) {
                wrong++;
                LOGGER.warn("{}: a board that is offline shows values", kind);
            }
        }

        private void compare(BoardSnapshot snapshot) {
            // Values with the same time came in one answer: there must be one moment at which all of them were true.
            Map<Long, List<Point>> answers = new HashMap<>();
            for (Point point : CHECKED) {
                Instant read = snapshot.time(point);
                if (read != null) {
                    answers.computeIfAbsent(FaultProxy.micros(read), time -> new ArrayList<>()).add(point);
                }
            }
            answers.forEach((time, points) -> {
                compared += points.size();
                long asked = proxy.lastRequestBefore(time);
                if (!fits(snapshot, points, (asked - SLACK_MICROS) / 1000, time / 1000 + 1)) {
                    wrong += points.size();
                    LOGGER.warn("WRONG after {} {}, seed {}: {}", transport, kind, seed, points);
                }
            });
            for (Point relay : Catalogue.RELAYS) {
                Point function = Truth.function(relay);
                if (function != null && Double.compare(snapshot.number(relay), snapshot.number(function)) != 0) {
                    wrong++;
                }
            }
        }

        private static boolean fits(BoardSnapshot snapshot, List<Point> points, long fromMillis, long toMillis) {
            for (long step = Truth.step(fromMillis); step <= Truth.step(toMillis); step++) {
                long moment = step;
                if (points.stream().allMatch(point -> Truth.fits(snapshot, point, moment))) {
                    return true;
                }
            }
            return false;
        }

        synchronized int goodReports() {
            return good;
        }

        synchronized boolean goodSince(long micros) {
            return !goodTimes.isEmpty() && goodTimes.get(goodTimes.size() - 1) > micros;
        }

        synchronized Result result(boolean recovered) {
            List<Double> back = new ArrayList<>();
            for (long fault : proxy.faults()) {
                goodTimes.stream().filter(time -> time > fault).findFirst()
                        .ifPresent(time -> back.add((time - fault) / 1000.0));
            }
            Collections.sort(back);
            BoardSnapshot snapshot = last;
            long lost = snapshot == null ? 0 : (long) snapshot.number(Catalogue.FAILED_REQUESTS);
            return new Result(transport, kind, baud, proxy.requests(), proxy.faults().size(), wrong, compared, lost,
                    back.isEmpty() ? Double.NaN : back.get(back.size() / 2),
                    back.isEmpty() ? Double.NaN : back.get(back.size() - 1), recovered);
        }
    }
}
