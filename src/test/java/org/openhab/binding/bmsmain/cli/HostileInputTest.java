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

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.cli.Outcome.bms;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.TraceFile;
import org.openhab.binding.bmsmain.internal.transport.TraceSink.Event;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.SimulatedWires.Server;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;

/**
 * Malicious or endless files, devices and outputs: the tool limits memory and time, and never passes control
 * sequences to the terminal.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class HostileInputTest {

    private static final Path BUILD = Path.of(System.getProperty("bmsmain.build", "target")).toAbsolutePath();
    private static final String TREES = Stream.of("classes", "cli", "twin", "runtime", "openhab-stubs")
            .map(tree -> BUILD + "/" + tree + ":").collect(Collectors.joining());
    private static final String ESCAPE = "\u001B]0;owned\u0007\u001B[2J\u009B31m\u202E";
    private static final String HEAD = TraceFile.HEAD + "\ntime 2026-11-22T12:00:00Z\n";

    @TempDir
    Path folder = Path.of("");

    /** Runs the tool in a process with little memory; the shell line calls it as {@code bms}. */
    private Outcome shell(String heap, String line) throws IOException, InterruptedException {
        Path err = Files.createTempFile(folder, "shell", ".err");
        String bms = Path.of(System.getProperty("java.home"), "bin", "java") + " -Xmx" + heap
                + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '" + TREES + BUILD + "/lib/*' " + Bms.class.getName();
        Process process = new ProcessBuilder("bash", "-c", line.replace("bms ", bms + " ")).directory(folder.toFile())
                .redirectError(err.toFile()).start();
        process.getOutputStream().close();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), line);
            return new Outcome(process.exitValue(), out, Files.readString(err));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    // ---- memory ----

    /** One refresh per second, and between them many more reads of another board on the same line. */
    private long record(Path file, long bytes, int turnsOfOther) throws Exception {
        SimulatedWires wires = new SimulatedWires().server(Server.RTU)
                .with(SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE));
        ModbusLine line = wires.tcp("h", 502, TcpMode.RTU, Duration.ofSeconds(1));
        byte[] other = SimulatedWires.frame(7, 4, 4, 1, 2, 3, 4);
        try (TraceFile trace = TraceFile.create(file, bytes,
                List.of("option --tcp", "option h", "option --framing", "option rtu"), wires)) {
            line.tap().add(trace);
            ModbusBoard board = new ModbusBoard(
                    new ModbusSettings(32, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMillis(500), null),
                    BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90)), true, report -> {
                    }, wires);
            ModbusClient client = line.open();
            board.opened(client);
            while (trace.problem().isEmpty()) {
                wires.parkUntil(board.due());
                board.serve(client);
                for (int i = 0; i < turnsOfOther; i++) {
                    trace.happened(Event.TURN, wires.nanos(), "7");
                    trace.bytes(Event.SENT, wires.nanos(), other, 0, other.length);
                    trace.bytes(Event.RECEIVED, wires.nanos(), other, 0, other.length);
                }
            }
        }
        return Files.size(file);
    }

    /** Reading the whole file would need twice its length of memory. */
    @Test
    void aLongRecordingIsPlayedAsAStream() throws Exception {
        Path file = folder.resolve("long.txt");
        assertTrue(record(file, 24 << 20, 500) > 23 << 20);
        Outcome outcome = shell("24m", "bms replay long.txt | tail -n 1; exit ${PIPESTATUS[0]}");
        assertEquals(0, outcome.code(), outcome.err());
        assertFalse(outcome.err().contains("OutOfMemory"), outcome.err());
    }

    @Test
    void aLongLogIsReadAsAStream() throws Exception {
        Path log = folder.resolve("long.log");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(log))) {
            for (int i = 0; i < 100_000; i++) {
                out.write(String.format(Locale.ROOT, "(%d.%06d) can0 1A0#025A001A1B%02XFC01\n", 1_700_000_000 + i / 10,
                        i % 10 * 100_000, i / 1000 % 100).getBytes(StandardCharsets.US_ASCII));
            }
        }
        Outcome outcome = shell("24m", "bms watch --candump long.log --once --format json");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().contains("\"battery#state-of-charge\":99"), outcome.out());
    }

    /** Endless input, or input without lines, in place of each file. */
    @ParameterizedTest
    @CsvSource({ "/dev/zero, 3", "/dev/urandom, 1", "<(tr '\\0' x </dev/zero), 1", "<(yes '0123456789'), 1" })
    void aLogWithoutEndIsGivenUp(String file, int code) throws IOException, InterruptedException {
        Outcome outcome = shell("24m", "timeout 50 bms watch --candump " + file + " --once");
        assertEquals(code, outcome.code(), outcome.err());
        assertFalse(outcome.err().contains("OutOfMemory") || outcome.err().contains("Exception"), outcome.err());
        assertTrue(outcome.err().length() < 1500, outcome.err());
    }

    @ParameterizedTest
    @ValueSource(strings = { "/dev/zero", "/dev/urandom", "<(tr '\\0' x </dev/zero)",
            "<(echo 'bmsmain-trace 1'; tr '\\0' x </dev/zero)", "<(echo 'bmsmain-trace 1'; yes option)",
            "<(echo 'bmsmain-trace 1'; yes 'option --tcp')",
            "<(printf 'bmsmain-trace 1\\noption --tcp\\noption h\\n\\n'; tr '\\0' x </dev/zero)",
            "<(printf 'bmsmain-trace 1\\noption --tcp\\noption h\\n\\n0.000000001 < 00'; yes ' 00' | tr -d '\\n')" })
    void aRecordingWithoutEndIsGivenUp(String file) throws IOException, InterruptedException {
        Outcome outcome = shell("24m", "timeout 50 bms replay " + file);
        assertEquals(1, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("is not a recording: line "), outcome.err());
        assertTrue(outcome.err().length() < 1500, outcome.err());
    }

    @Test
    void standardInputWithoutEndIsGivenUpAndTheTwinGoesOn() throws IOException, InterruptedException {
        Outcome twin = shell("24m",
                "bms twin --tcp 0 < <(tr '\\0' x </dev/zero) 2>twin.err & twin=$!; "
                        + "for i in $(seq 400); do grep -qs 'no longer read' twin.err && break; sleep 0.1; done; "
                        + "cat twin.err >&2; kill $twin && echo alive");
        assertEquals("Standard input is no longer read: line 1 is longer than 65536 bytes\n", twin.err());
        assertTrue(twin.out().endsWith("alive\n"), twin.out());
    }

    @Test
    void nulWithoutEndIsTheEnd() throws IOException {
        InputStream zeros = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte @Nullable [] bytes, int offset, int length) {
                if (bytes != null) {
                    Arrays.fill(bytes, offset, offset + length, (byte) 0);
                }
                return length;
            }
        };
        try (Lines lines = new Lines(zeros, StandardCharsets.UTF_8)) {
            assertNull(lines.next());
        }
    }

    @Test
    void aReadingOfAMillionDigitsIsNone() throws IOException {
        InputStream before = System.in;
        TwinBoard board = SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE);
        try (Twin twin = Twin.tcp(0, board)) {
            byte[] digits = "9".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            System.setIn(new SequenceInputStream(Collections
                    .enumeration(Collections.nCopies(2000, digits).stream().map(ByteArrayInputStream::new).toList())));
            Outcome outcome = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> bms("registers", "--tcp",
                    "127.0.0.1:" + twin.port(), "--find", "0", "--changed", "--range", "0x2000-0x2010"));
            assertFalse(outcome.err().contains("StackTrace"), outcome.err());
            Outcome option = assertTimeoutPreemptively(Duration.ofSeconds(20),
                    () -> bms("registers", "--tcp", "127.0.0.1:" + twin.port(), "--find", "9".repeat(1_000_000)));
            assertEquals(2, option.code());
            assertTrue(option.err().length() < 1500, option.err());
            assertEquals(2, bms("registers", "--tcp", "h", "--find", "1e400").code());
        } finally {
            System.setIn(before);
        }
    }

    // ---- the terminal ----

    private static void assertClean(Outcome outcome) {
        for (String text : List.of(outcome.out(), outcome.err())) {
            assertEquals("", text.replaceAll("[^\\p{Cntrl}\u0080-\u009F\u202A-\u202E]|[\\n\\t]", ""), text);
        }
        for (String line : outcome.err().split("\n")) {
            assertTrue(line.length() <= 1000, line);
        }
    }

    /** All places where texts of a recording are displayed. */
    @ParameterizedTest
    @ValueSource(strings = { "option %s",
            "option --tcp\noption %s\n\n0.000000001 opening\n0.000000002 failed refused %s",
            "option --tcp\noption h\n\n0.000000001 opening\n0.000000002 failed no-serial %s",
            "option --tcp\noption h\noption --address\noption %s",
            "option --slcan\noption %s\noption --bit-rate\noption %s",
            "option --tcp\noption h\noption --register\noption battery#voltage = %s",
            "option --tcp\noption h\noption --register\noption %s = 1", "option --tcp\noption h\n\n%s",
            "option --tcp\noption h\n\n0.000000001 %s", "option --tcp\noption h\n\n0.000000001 > %s", "time %s" })
    void wordsOfARecordingAreNoCommands(String content) throws IOException {
        Path file = folder.resolve(("hostile" + ESCAPE.replace("/", "")).replaceAll("\u0000", ""));
        for (String word : List.of(ESCAPE, ESCAPE + "x".repeat(50_000))) {
            Files.writeString(file, HEAD + content.replace("%s", word) + "\n");
            for (String format : List.of("table", "json")) {
                Outcome outcome = bms("replay", file.toString(), "--format", format);
                assertClean(outcome);
                assertTrue(outcome.out().length() < 30_000, outcome.out());
            }
        }
    }

    @Test
    void wordsOfALogAreNoCommands() throws IOException {
        Path log = folder.resolve("hostile.log");
        Files.writeString(log, "(1700000000.0) " + ESCAPE + " 1A0#025A001A1B32FC01\n(1700000001.0) "
                + "x".repeat(60_000) + " 1A0#025A001A1B32FC01\n");
        assertClean(bms("watch", "--candump", log.toString(), "--once"));
        assertClean(bms("watch", "--candump", log + ESCAPE, "--once"));
    }

    @Test
    void argumentsThatAreQuotedAreCut() {
        String much = ESCAPE + "9".repeat(1_000_000);
        for (String[] arguments : new String[][] { { much }, { "watch", "--tcp", much + ":x" },
                { "watch", "--tcp", "h", "--address", much }, { "watch", "--tcp", "h", "--register", much },
                { "registers", "--tcp", "h", "--dump", much }, { "scan", "--subnet", much }, { "twin", "--set", much },
                { "twin", "--tcp", much } }) {
            Outcome outcome = bms(arguments);
            assertEquals(2, outcome.code());
            assertClean(outcome);
        }
    }

    /** The tool's own colours remain. */
    @Test
    void ownColoursAreKept() {
        StyledLine line = new StyledLine(true).add("a\u001Bb", StyledLine.Style.RED);
        assertEquals("\u001B[31ma?b\u001B[0m", line.toString());
        assertEquals(3, line.width());
    }

    // ---- failing output ----

    private static final class Full extends Writer {
        @Override
        public void write(char @Nullable [] text, int offset, int length) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public void flush() {
            // nothing to flush
        }

        @Override
        public void close() {
            // nothing to close
        }
    }

    /** Every command that ends by itself, in each format: failing output is an error. */
    @Test
    void aFullDiskIsAFailure() throws IOException {
        Path log = Files.writeString(folder.resolve("a.log"), "(1700000000.0) can0 1A0#025A001A1B32FC01\n");
        Path recording = Files.writeString(folder.resolve("a.txt"),
                HEAD + "option --tcp\noption h\n\n0.000000001 opening\n0.000000002 failed refused\n");
        try (Twin twin = Twin.tcp(0, SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE))) {
            String at = "127.0.0.1:" + twin.port();
            List<String> lines = new ArrayList<>(List.of("--help", "--version", "watch --help", "twin --list"));
            for (String format : List.of("table", "json")) {
                lines.add("watch --tcp " + at + " --once --format " + format);
                lines.add("watch --tcp " + at + " --format " + format);
                lines.add("watch --candump " + log + " --format " + format);
                lines.add("watch --candump " + log + " --once --format " + format);
                lines.add("replay " + recording + " --format " + format);
                lines.add("record --tcp " + at + " --for 1 --out " + folder.resolve(format) + " --format " + format);
                lines.add("doctor --tcp " + at + " --requests 2 --format " + format);
                lines.add("scan --tcp 127.0.0.1 --port " + twin.port() + " --format " + format);
                lines.add("registers --tcp " + at + " --dump 0x2000-0x2010 --format " + format);
                lines.add("registers --tcp " + at + " --find 0 --range 0x2000-0x2010 --format " + format);
            }
            for (String line : lines) {
                StringWriter err = new StringWriter();
                assertEquals(1,
                        Bms.execute(new PrintWriter(new Full(), true), new PrintWriter(err, true), line.split(" ")),
                        line + ": " + err);
                assertTrue(err.toString().contains("bms: the output cannot be written"), line + ": " + err);
            }
        }
    }

    @Test
    void whatTheSystemSaysIsTold() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("a.log"), "(1700000000.0) can0 1A0#025A001A1B32FC01\n");
        Outcome outcome = shell("32m", "bms watch --candump a.log --once >/dev/full");
        assertEquals(1, outcome.code());
        assertEquals("bms: the output cannot be written: No space left on device\n", outcome.err());
    }

    /** The reader of a pipe may close it early: the command then ends soon and without a message. */
    @ParameterizedTest
    @ValueSource(strings = {
            "watch --candump <(while echo '(1700000000.0) can0 1A0#025A001A1B32FC01' && "
                    + "echo '(1700000000.0) can0 1A0#025A001A1B33FC01'; do :; done) --format json",
            "replay long.txt --format json", "replay long.txt", "twin --list", "--help" })
    void aReaderThatLeavesEndsTheCommand(String command) throws Exception {
        if (command.contains("long.txt")) {
            record(folder.resolve("long.txt"), 2 << 20, 0);
        }
        Outcome outcome = shell("32m", "timeout 50 bms " + command + " | head -n 1; exit ${PIPESTATUS[0]}");
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals("", outcome.err().replaceAll(".*(write error|Broken pipe).*\\R", ""));
        assertEquals(1, outcome.out().lines().count(), outcome.out());
    }

    // ---- blocked output ----

    private static BoardReport report(int number, boolean online) {
        BoardAssembler assembler = new BoardAssembler(
                BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90)));
        assembler.put(Catalogue.CURRENT, number, 0);
        BoardSnapshot snapshot = assembler.snapshot(0, Instant.EPOCH);
        return new BoardReport(online ? null : Failure.of(FailureCause.NO_ANSWER), snapshot,
                number % 100 == 0 ? List.of(new FaultEvent(Instant.EPOCH, true, "fault-" + number)) : List.of());
    }

    @Test
    void reportsThatNobodyTakesDoNotHeapUp() throws InterruptedException {
        Reports reports = new Reports();
        for (int i = 1; i <= 5000; i++) {
            reports.report(report(i, i != 5000));
        }
        List<BoardReport> taken = new ArrayList<>();
        List<String> events = new ArrayList<>();
        for (BoardReport report = reports.poll(0); report != null; report = reports.poll(0)) {
            taken.add(report);
            report.events().forEach(event -> events.add(event.faultId()));
        }
        assertEquals(Reports.MOST_REPORTS, taken.size());
        BoardReport last = taken.get(taken.size() - 1);
        assertEquals(5000, last.snapshot().number(Catalogue.CURRENT));
        assertFalse(last.isOnline());
        List<String> expected = new ArrayList<>();
        for (int i = 100; i <= 5000; i += 100) {
            expected.add("fault-" + i);
        }
        assertEquals(expected, events);
        assertNull(reports.poll(1_000_000));
    }

    /** Faults of a board appear and disappear for days while the output is blocked. */
    @Test
    void eventsThatNobodyTakesDoNotHeapUp() throws InterruptedException {
        Reports reports = new Reports();
        for (int i = 1; i <= 5000; i++) {
            reports.report(report(100 * i, true));
        }
        BoardReport last = null;
        for (BoardReport report = reports.poll(0); report != null; report = reports.poll(0)) {
            last = report;
        }
        assertNotNull(last);
        if (last != null) {
            assertEquals(Reports.MOST_EVENTS, last.events().size());
            assertEquals("fault-500000", last.events().get(Reports.MOST_EVENTS - 1).faultId());
        }
    }
}
