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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.bench.FaultKind.Transport;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
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

/**
 * One board, polled without pause through a proxy that corrupts responses. Each value of each report is compared
 * with the values of the server at the time of the request.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class FaultRun {

    static final int UNIT = 32;
    private static final Duration REFRESH = Duration.ofMillis(5);
    private static final Duration SLOW_REFRESH = Duration.ofMillis(400);
    private static final Duration LIFETIME = Duration.ofSeconds(2);
    /**
     * Tolerance in microseconds: clocks are read one after the other, and this machine may be busy between
     * two readings.
     */
    private static final long SLACK_MICROS = 80_000;

    private static final List<Point> CHECKED = Catalogue.all().stream().filter(ReferenceRegisters::knows).toList();

    private final Transport transport;
    private final FaultKind kind;
    private final int baud;
    private final int faultsWanted;
    private final long seed;

    FaultRun(Transport transport, FaultKind kind, int baud, int faultsWanted, long seed) {
        this.transport = transport;
        this.kind = kind;
        this.baud = baud;
        this.faultsWanted = kind.isHabit() ? 3 * faultsWanted : kind.isPermanent() ? 10 * faultsWanted : faultsWanted;
        this.seed = seed;
    }

    private String wire() {
        return transport + (baud == 0 ? "" : " " + baud);
    }

    FaultResult run() {
        // Long enough for a response that a busy machine delays, but short, to limit the duration of the bench.
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
                boolean recovered = checker.drive(faultsWanted);
                membership.leave();
                BoardSnapshot last = checker.last();
                long lost = last == null ? 0 : (long) last.number(Catalogue.FAILED_REQUESTS);
                return checker.result(wire(), kind.toString(), proxy.requests(), lost, recovered);
            } finally {
                delete(folder);
            }
        } catch (IOException | BusConflictException e) {
            throw new IllegalStateException(e);
        }
    }

    private Peer server(Pty pty, int port) {
        List<String> truth = List.of(ReferenceRegisters.serverLine(kind.stepMillis()));
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

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Compares the published values with the reference values. */
    private final class Checker extends ReportChecker {
        private final FaultProxy proxy;

        Checker(FaultProxy proxy) {
            super(wire() + " " + kind + ", seed " + seed, proxy, CHECKED);
            this.proxy = proxy;
        }

        @Override
        long goodAt(BoardSnapshot snapshot) {
            return (long) (snapshot.number(Catalogue.LAST_UPDATE) * 1000);
        }

        @Override
        void compare(BoardSnapshot snapshot) {
            // Values with the same time came in one response: all of them must have been true at one common time.
            Map<Long, List<Point>> answers = new HashMap<>();
            for (Point point : CHECKED) {
                Instant read = snapshot.time(point);
                if (read != null) {
                    answers.computeIfAbsent(FaultProxy.micros(read), time -> new ArrayList<>()).add(point);
                }
            }
            answers.forEach((time, points) -> {
                long asked = proxy.lastRequestBefore(time);
                if (fits(snapshot, points, (asked - SLACK_MICROS) / 1000, time / 1000 + 1)) {
                    right(points.size());
                } else if (kind.isUnseenAtFirst() && time < proxy.shownAt()) {
                    unseen(points.size());
                } else {
                    wrong(points);
                }
            });
        }

        private boolean fits(BoardSnapshot snapshot, List<Point> points, long fromMillis, long toMillis) {
            for (long step = fromMillis / kind.stepMillis(); step <= toMillis / kind.stepMillis(); step++) {
                long moment = step;
                if (points.stream().allMatch(point -> ReferenceRegisters.fits(snapshot, point, moment))) {
                    return true;
                }
            }
            return false;
        }
    }
}
