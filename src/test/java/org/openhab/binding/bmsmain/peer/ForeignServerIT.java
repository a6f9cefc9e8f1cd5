/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.peer;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.fuzz.Rounds;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.VirtualWire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Third-party servers hold arbitrary registers, and each value read from them must match exactly.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ForeignServerIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(ForeignServerIT.class);

    private static final int UNIT = 32;
    private static final Duration LIFETIME = Duration.ofSeconds(30);

    @TempDir
    @Nullable
    Path folder;

    @ParameterizedTest(name = "{0} over {1}, words {2}, setting {3}, holes {4}")
    @CsvSource({ "pymodbus, tcp, little, little, readable", "pymodbus, tcp, big, big, readable",
            "pymodbus, tcp, little, auto, refused", "pymodbus, tcp, big, auto, readable",
            "pymodbus, rtu, little, auto, readable", "pymodbus, rtu, big, auto, refused",
            "pymodbus, rtu, little, little, readable", "pymodbus, rtu, big, big, readable",
            "libmodbus, tcp, little, auto, readable", "libmodbus, tcp, big, big, readable",
            "libmodbus, rtu, little, little, readable", "libmodbus, rtu, big, auto, readable" })
    void valuesAreThoseOfTheServer(String server, String wire, String words, String setting, String holes)
            throws IOException, InterruptedException, BusConflictException {
        long seed = Rounds.seed((server + wire + words + setting).hashCode());
        LOGGER.info("seed {}", seed);
        ArbitraryBoard registers = new ArbitraryBoard("little".equals(words), seed);
        List<String> lines = new ArrayList<>(registers.registers());
        if ("refused".equals(holes)) {
            lines.add("sparse");
        }
        WordOrder order = "auto".equals(setting) ? null : WordOrder.valueOf(setting.toUpperCase());
        if ("tcp".equals(wire)) {
            int port = Peers.freePort();
            try (Peer peer = server(server, lines, "tcp", Integer.toString(port), Integer.toString(UNIT))) {
                check(registers, ModbusLine.tcp("127.0.0.1", port, TcpMode.TCP, Ticker.system()), order);
            }
        } else {
            Path ours = folder().resolve("ours");
            Path theirs = folder().resolve("theirs");
            try (VirtualWire socat = Peers.socat(ours, theirs);
                    Peer peer = server(server, lines, "rtu", theirs.toString(), "115200", Integer.toString(UNIT))) {
                check(registers,
                        ModbusLine.serial(new SerialSettings(ours.toString(), 115200, Parity.NONE, 1), Ticker.system()),
                        order);
            }
        }
    }

    private static Peer server(String name, List<String> lines, String... arguments) {
        return "pymodbus".equals(name) ? Peers.pymodbus(lines, arguments) : Peers.libmodbus(lines, arguments);
    }

    private static void check(ArbitraryBoard registers, ModbusLine line, @Nullable WordOrder order)
            throws InterruptedException, BusConflictException {
        BlockingQueue<BoardReport> reports = new LinkedBlockingQueue<>();
        ModbusSettings settings = new ModbusSettings(UNIT, Duration.ofMillis(200), Duration.ofSeconds(5),
                Duration.ofMillis(500), order);
        BoardSetup setup = BoardSetup.standard(LIFETIME, LIFETIME);
        ModbusBoard board = new ModbusBoard(settings, setup, line.isNetwork(), reports::add, Ticker.system());
        try (BusRegistry registry = new BusRegistry(Ticker.system())) {
            BusRegistry.Membership membership = line.join(registry, board);
            BoardSnapshot snapshot = firstGood(reports);
            membership.leave();
            assertEquals(registers.expected(), shown(snapshot, registers.expected().keySet()));
            registers.properties().forEach((id, text) -> assertEquals(text, snapshot.text(point(id)), id));
        }
    }

    private static Map<String, Object> shown(BoardSnapshot snapshot, Iterable<String> ids) {
        Map<String, Object> shown = new LinkedHashMap<>();
        for (String id : ids) {
            Point point = point(id);
            Object value = switch (point.kind()) {
                case FLAG, CONTACT -> snapshot.flag(point);
                case CHOICE, TEXT -> snapshot.text(point);
                default -> snapshot.number(point);
            };
            shown.put(id, value == null ? "unknown" : value);
        }
        return shown;
    }

    /** A server that is still starting is like a board that does not respond yet. */
    private static BoardSnapshot firstGood(BlockingQueue<BoardReport> reports) throws InterruptedException {
        BoardReport report = reports.poll(20, TimeUnit.SECONDS);
        while (report != null && !report.isOnline()) {
            report = reports.poll(20, TimeUnit.SECONDS);
        }
        assertNotNull(report, "nothing was read");
        return report.snapshot();
    }

    private static Point point(String id) {
        Point point = Catalogue.byId(id);
        assertNotNull(point, id);
        return point;
    }

    private Path folder() {
        Path path = folder;
        assertNotNull(path);
        return path;
    }
}
