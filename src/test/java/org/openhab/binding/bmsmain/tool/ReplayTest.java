/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.link.BoardReport;
import org.openhab.binding.bmsmain.internal.link.BusConflictException;
import org.openhab.binding.bmsmain.internal.link.BusRegistry;
import org.openhab.binding.bmsmain.internal.link.ByteTransport;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.Ticker;
import org.openhab.binding.bmsmain.internal.link.TraceFile;
import org.openhab.binding.bmsmain.internal.link.TraceSink.Event;
import org.openhab.binding.bmsmain.internal.link.TraceTap;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.tool.twin.Twin;
import org.openhab.binding.bmsmain.tool.twin.TwinBoard;
import org.openhab.binding.bmsmain.tool.twin.TwinBoard.WordOrder;
import org.openhab.binding.bmsmain.tool.twin.TwinCan;
import org.openhab.binding.bmsmain.tool.twin.TwinLine;

/**
 * What was recorded is experienced again: the same reports with the same values, in the same order.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class ReplayTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:34:56Z"), ZoneOffset.UTC);

    @TempDir
    Path folder = Path.of("");

    /** What a report says, without the figures that depend on how fast this machine is. */
    private static String words(BoardReport report) {
        TreeMap<String, Object> values = new TreeMap<>();
        ShownState state = ShownState.of(report, String.valueOf(report.failure()));
        state.channels().forEach(value -> values.put(value.id(), String.valueOf(value.value())));
        state.properties().forEach(value -> values.put(value.id(), String.valueOf(value.value())));
        values.keySet().removeAll(
                List.of("link#response-time", "link#last-update", "link#bus-load", "faults#last-event-time"));
        return state.online() + " " + state.cause() + " " + values;
    }

    /** Waits for a report that fits, and keeps all of them. */
    private static void await(BlockingQueue<BoardReport> reports, List<String> seen, Predicate<BoardReport> wanted)
            throws InterruptedException {
        while (true) {
            BoardReport report = reports.poll(20, TimeUnit.SECONDS);
            assertTrue(report != null, "no such report");
            if (report != null) {
                seen.add(words(report));
                if (wanted.test(report)) {
                    return;
                }
            }
        }
    }

    /**
     * Faults of the board, silence, garbage, cut connections, initialisation: everything that a session can go through.
     */
    @ParameterizedTest
    @ValueSource(strings = { "tcp", "rtu" })
    void aSessionWithFaultsIsReplayedToIdenticalStates(String framing) throws Exception {
        Path file = folder.resolve("trace.txt");
        TwinBoard board = new TwinBoard(47, WordOrder.BIG, CLOCK, 1);
        List<String> recorded = new ArrayList<>();
        boolean rtu = "rtu".equals(framing);
        try (Twin twin = rtu ? Twin.rtuTcp(0, board) : Twin.tcp(0, board)) {
            Ticker ticker = Ticker.system();
            String place = "127.0.0.1:" + twin.port();
            List<String> options = List.of("option --tcp", "option " + place, "option --framing", "option " + framing,
                    "option --address", "option 47", "option --interval", "option 0.2");
            BlockingQueue<BoardReport> reports = new LinkedBlockingQueue<>();
            ModbusLine line = ModbusLine.tcp("127.0.0.1", twin.port(), rtu ? TcpMode.RTU : TcpMode.TCP, ticker);
            ModbusSettings settings = new ModbusSettings(47, Duration.ofMillis(200), Duration.ofSeconds(30),
                    Duration.ofMillis(500), null);
            BoardSetup setup = BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90));
            try (TraceFile trace = TraceFile.create(file, TraceFile.STANDARD_LIMIT, options, ticker);
                    BusRegistry registry = new BusRegistry(ticker)) {
                line.tap().add(trace);
                BusRegistry.Membership membership = line.join(registry,
                        new ModbusBoard(settings, setup, true, reports::add, ticker));
                try {
                    await(reports, recorded, BoardReport::isOnline);
                    board.fault("water").set("battery#current", -12.5);
                    await(reports, recorded, report -> report.snapshot().isSet(Catalogue.WATER));
                    board.clear("water");
                    await(reports, recorded, report -> !report.snapshot().isSet(Catalogue.WATER));
                    board.initialising(true);
                    await(reports, recorded, report -> report.snapshot().isSet(Catalogue.INITIALISATION));
                    board.clear("internal-signals#initialisation");
                    twin.tamper(answer -> new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });
                    await(reports, recorded, report -> !report.isOnline());
                    twin.pause();
                    twin.tamper(answer -> answer);
                    twin.dropConnections();
                    twin.resume();
                    await(reports, recorded, BoardReport::isOnline);
                    twin.dropConnections();
                    await(reports, recorded, BoardReport::isOnline);
                    await(reports, recorded, BoardReport::isOnline);
                } finally {
                    membership.leave();
                }
            }
            reports.forEach(report -> recorded.add(words(report)));
        }
        List<String> replayed = new ArrayList<>();
        Trace trace = Trace.read(file);
        assertEquals(0, ReplayCommand.replay(trace, ReplayCommand.options(trace), report -> {
            replayed.add(words(report));
        }));
        assertEquals(String.join("\n", recorded), String.join("\n", replayed));
        assertTrue(recorded.size() >= 7, recorded.size() + " reports");
        assertTrue(Files.readString(file).contains(" failed ") || Files.readString(file).contains(" closed"));
    }

    @Test
    void recordedByTheToolAndReplayedByTheTool() throws IOException {
        Path file = folder.resolve("session.txt");
        TwinBoard board = new TwinBoard(32, WordOrder.LITTLE, CLOCK, 1).set("battery#current", -12.5).fault("water");
        try (Twin twin = Twin.tcp(0, board)) {
            Outcome record = bms("record", "--tcp", "127.0.0.1:" + twin.port(), "--register",
                    "battery#voltage = input:0x2104:REAL32", "--out", file.toString(), "--for", "1.5", "--interval",
                    "0.2", "--format", "json");
            assertEquals(0, record.code(), record.err());
            assertEquals(0, twin.log().writes());
            Outcome again = bms("record", "--tcp", "127.0.0.1:" + twin.port(), "--out", file.toString());
            assertEquals(1, again.code());
            assertTrue(again.err().contains("exists already"), again.err());
            Outcome replay = bms("replay", file.toString(), "--format", "json");
            assertEquals(0, replay.code(), replay.err());
            assertEquals(channels(record.out()).replaceAll("\"link#.*", ""),
                    channels(replay.out()).replaceAll("\"link#.*", ""));
            assertTrue(record.out().lines().count() >= 5);
            assertTrue(replay.out().contains("\"battery#current\":-12.5"), replay.out());
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aBoardThatCannotBeReadIsRecordedAndTold() throws IOException {
        Path file = folder.resolve("nobody.txt");
        Outcome record = bms("record", "--tcp", "127.0.0.1:1", "--out", file.toString(), "--once", "--format", "json");
        assertEquals(3, record.code(), record.err());
        assertTrue(record.err().contains("refuses the connection"), record.err());
        assertTrue(record.out().startsWith("{") && record.out().contains("\"online\":false"), record.out());
        assertTrue(Files.readString(file).contains(" failed refused"), Files.readString(file));
        Outcome nowhere = bms("record", "--tcp", "127.0.0.1:1", "--out", folder.resolve("none/x.txt").toString());
        assertEquals(1, nowhere.code());
        assertTrue(nowhere.err().contains("The folder of ") && nowhere.err().contains(" does not exist"),
                nowhere.err());
    }

    private static String channels(String lines) {
        return lines.replaceAll("\"time\":\"[^\"]*\"", "").replaceAll("\"link#[^,}]*", "")
                .replaceAll("\"faults#last-event-time\":[^,}]*", "");
    }

    /** A board on CAN, behind an slcan adapter: what comes unasked is experienced again as well. */
    @Test
    void aSessionOnCanIsReplayedToIdenticalStates() throws Exception {
        Path file = folder.resolve("can.txt");
        TwinBoard board = new TwinBoard(32, WordOrder.LITTLE, CLOCK, 1).frozen(true);
        List<String> recorded = new ArrayList<>();
        Pipe pipe = new Pipe();
        try (TwinCan twin = TwinCan.slcan(() -> pipe, 250, Duration.ofMillis(200), board)) {
            Ticker ticker = Ticker.system();
            CanLine line = CanLine.slcan("/dev/ttyACM0", 250, false, pipe, ticker);
            BlockingQueue<BoardReport> reports = new LinkedBlockingQueue<>();
            BoardSetup setup = BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90));
            TraceTap tap = line.tap();
            try (TraceFile trace = TraceFile.create(file, TraceFile.STANDARD_LIMIT,
                    List.of("option --slcan", "option /dev/ttyACM0"), ticker);
                    BusRegistry registry = new BusRegistry(ticker)) {
                if (tap != null) {
                    tap.add(trace);
                }
                BusRegistry.Membership membership = line.join(registry,
                        new CanBoard(new CanSettings(32, Duration.ZERO, true), setup, reports::add, ticker));
                try {
                    await(reports, recorded, report -> report.snapshot().isKnown(Catalogue.CURRENT));
                    // A state that lasts for one report only may share it with the next when it is replayed.
                    await(reports, recorded, BoardReport::isOnline);
                    await(reports, recorded, BoardReport::isOnline);
                    board.fault("water").set("battery#current", -12.5);
                    await(reports, recorded, report -> report.snapshot().isSet(Catalogue.WATER));
                    await(reports, recorded, BoardReport::isOnline);
                    await(reports, recorded, BoardReport::isOnline);
                    board.clear("water");
                    await(reports, recorded, report -> !report.snapshot().isSet(Catalogue.WATER));
                    // The recording has to hold what comes after the last report that counts.
                    await(reports, recorded, BoardReport::isOnline);
                    await(reports, recorded, BoardReport::isOnline);
                } finally {
                    membership.leave();
                }
            }
            reports.forEach(report -> recorded.add(words(report)));
        }
        List<String> replayed = new ArrayList<>();
        Trace trace = Trace.read(file);
        ReplayCommand.replay(trace, ReplayCommand.options(trace), report -> replayed.add(words(report)));
        // Which frames share a report depends on when this machine looked; what they say does not.
        for (String id : List.of("battery#current", "battery#state-of-charge", "faults#water", "faults#alarm",
                "internal-signals#power-up")) {
            assertEquals(values(recorded, id), values(replayed, id), id);
        }
        assertEquals(List.of("OFF", "ON", "OFF"), values(replayed, "faults#water"));
        assertEquals("-12.5", values(replayed, "battery#current").get(1));
    }

    /** The values that a channel took, one after the other. */
    private static List<String> values(List<String> reports, String id) {
        List<String> values = new ArrayList<>();
        for (String report : reports) {
            String value = report.replaceAll(".*" + id + "=([^,}]*).*", "$1");
            if (!"null".equals(value) && (values.isEmpty() || !values.get(values.size() - 1).equals(value))) {
                values.add(value);
            }
        }
        return values;
    }

    /** A serial cable between the twin and the binding. */
    private static final class Pipe implements ByteTransport, TwinLine {
        private final BlockingQueue<Byte> toTwin = new LinkedBlockingQueue<>();
        private final BlockingQueue<Byte> fromTwin = new LinkedBlockingQueue<>();

        private static int take(BlockingQueue<Byte> queue, byte[] buffer, int offset, int length, long nanos) {
            try {
                Byte first = queue.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
                int count = 0;
                for (Byte next = first; next != null; next = count < length ? queue.poll() : null) {
                    buffer[offset + count++] = next;
                }
                return count;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }

        @Override
        public void open() {
            fromTwin.clear();
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long deadline) {
            return take(fromTwin, buffer, offset, length, deadline - System.nanoTime());
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                toTwin.add(buffer[i]);
            }
        }

        @Override
        public long wireNanos(int bytes) {
            return 0;
        }

        @Override
        public int read(byte[] buffer, long nanos) {
            return take(toTwin, buffer, 0, buffer.length, nanos);
        }

        @Override
        public void write(byte[] bytes) {
            for (byte b : bytes) {
                fromTwin.add(b);
            }
        }

        @Override
        public void close() {
            // Both ends share it; there is nothing to let go of.
        }
    }

    @Test
    void aFullFileEndsTheRecording() throws IOException {
        Path file = folder.resolve("short.txt");
        try (TraceFile trace = TraceFile.create(file, 400, List.of("option --tcp", "option h"), Ticker.system())) {
            byte[] bytes = new byte[64];
            for (int i = 0; i < 9; i++) {
                trace.bytes(Event.SENT, System.nanoTime(), bytes, 0, bytes.length);
            }
            assertEquals(TraceFile.FULL, trace.problem());
        }
        assertTrue(Files.size(file) <= 400, Files.size(file) + " bytes");
        assertTrue(Files.readString(file).endsWith(" full\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "something else\n", "bmsmain-trace 1\ntime yesterday\n\n",
            "bmsmain-trace 1\n\n1.5 open\n", "bmsmain-trace 1\n\n0.000000001 dance\n",
            "bmsmain-trace 1\n\n0.000000001 > 2\n", "bmsmain-trace 1\n\n0.000000001\n" })
    void whatIsNoRecordingIsNamed(String content) throws IOException {
        Path file = folder.resolve("none.txt");
        Files.writeString(file, content);
        Outcome outcome = bms("replay", file.toString());
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().contains("is no recording: line "), outcome.err());
        assertFalse(outcome.err().contains("Exception"), outcome.err());
    }

    private record Outcome(int code, String out, String err) {
    }

    private static Outcome bms(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Bms.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Outcome(code, out.toString(), err.toString());
    }

    @Test
    void causesOfFailureSurviveTheFile() throws Exception {
        Path file = folder.resolve("refused.txt");
        Ticker ticker = Ticker.system();
        ModbusLine line = ModbusLine.tcp("127.0.0.1", 1, TcpMode.TCP, ticker);
        try (TraceFile trace = TraceFile.create(file, TraceFile.STANDARD_LIMIT,
                List.of("option --tcp", "option 127.0.0.1:1"), ticker);
                BusRegistry registry = new BusRegistry(ticker)) {
            line.tap().add(trace);
            BlockingQueue<BoardReport> reports = new LinkedBlockingQueue<>();
            BusRegistry.Membership membership = join(line, registry, reports, ticker);
            reports.poll(20, TimeUnit.SECONDS);
            membership.leave();
        }
        List<BoardReport> replayed = new ArrayList<>();
        Trace trace = Trace.read(file);
        assertEquals(0, ReplayCommand.replay(trace, ReplayCommand.options(trace), replayed::add));
        assertEquals(FailureCause.REFUSED,
                replayed.get(0).failure() == null ? null : replayed.get(0).failure().cause());
    }

    private static BusRegistry.Membership join(ModbusLine line, BusRegistry registry,
            BlockingQueue<BoardReport> reports, Ticker ticker) throws BusConflictException {
        return line.join(registry,
                new ModbusBoard(
                        new ModbusSettings(32, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMillis(500),
                                null),
                        BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90)), true, reports::add,
                        ticker));
    }
}
