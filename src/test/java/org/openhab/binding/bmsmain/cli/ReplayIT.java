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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.fuzz.Rounds;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceFile;
import org.openhab.binding.bmsmain.internal.transport.TraceSink.Event;
import org.openhab.binding.bmsmain.internal.transport.TraceTap;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;
import org.openhab.binding.bmsmain.twin.TwinCan;
import org.openhab.binding.bmsmain.twin.TwinLine;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Replay of a recording: the same reports with the same values, in the same order.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class ReplayIT {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:34:56Z"), ZoneOffset.UTC);

    /** Recordings by the options of their command, cached because they take time. */
    private static final Map<List<String>, byte[]> SESSIONS = new ConcurrentHashMap<>();

    @TempDir
    Path folder = Path.of("");

    /** The content of a report, without figures that depend on the speed of this machine. */
    private static String words(BoardReport report) {
        TreeMap<String, Object> values = new TreeMap<>();
        ShownState state = ShownState.of(report, String.valueOf(report.failure()));
        state.channels().forEach(value -> values.put(value.id(), String.valueOf(value.value())));
        state.properties().forEach(value -> values.put(value.id(), String.valueOf(value.value())));
        values.keySet().removeAll(
                List.of("link#response-time", "link#last-update", "link#bus-load", "faults#last-event-time"));
        // Counters depend on the times of the readings.
        values.keySet().removeIf(id -> id.startsWith("energy#"));
        return state.online() + " " + state.cause() + " " + values;
    }

    /** @return the first line of the recording that was not followed; 0 if there is none */
    private static long replay(Path file, BoardListener listener) throws Exception {
        try (Trace trace = Trace.open(file)) {
            return ReplayCommand.replay(trace, ReplayCommand.options(trace), listener, () -> true);
        }
    }

    /** Waits for a matching report, and records all reports. */
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

    /** Faults of the board, silence, garbage, closed connections, initialisation: all events of a session. */
    @Execution(ExecutionMode.CONCURRENT)
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
        assertEquals(0, replay(file, report -> replayed.add(words(report))));
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
                    "battery#voltage = input:0x2104:REAL32", "--out", file.toString(), "--for", "3", "--interval",
                    "0.2", "--format", "json");
            assertEquals(0, record.code(), record.err());
            assertEquals(0, twin.log().writes());
            Outcome again = bms("record", "--tcp", "127.0.0.1:" + twin.port(), "--out", file.toString());
            assertEquals(1, again.code());
            assertTrue(again.err().contains("already exists"), again.err());
            Outcome replay = bms("replay", file.toString(), "--format", "json");
            assertEquals(0, replay.code(), replay.err());
            // Counters depend on the times of the readings, which a recording contains in whole milliseconds.
            String varying = "\"(energy|history)#[^,]*,|\"link#.*";
            assertEquals(channels(record.out()).replaceAll(varying, ""),
                    channels(replay.out()).replaceAll(varying, ""));
            assertTrue(record.out().lines().count() >= 5);
            assertTrue(replay.out().contains("\"battery#current\":-12.5"), replay.out());
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    /** As created by mktemp. */
    @Test
    void anEmptyFileCanBeRecordedTo() throws IOException {
        Path file = Files.createFile(folder.resolve("empty.txt"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(3, bms("record", "--tcp", "127.0.0.1:1", "--out", file.toString(), "--once").code());
        assertTrue(Files.readString(file).startsWith(TraceFile.HEAD));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), Files.createFile(folder.resolve("other.txt")));
        Outcome linked = bms("record", "--tcp", "127.0.0.1:1", "--out", link.toString(), "--once");
        assertEquals(1, linked.code());
        assertTrue(linked.err().contains("already exists"), linked.err());
    }

    /** A session with a twin: a header, and some seconds in which the current changes with each refresh. */
    private Path session(String... more) throws IOException {
        byte[] recording = SESSIONS.computeIfAbsent(List.of(more), this::record);
        return Files.write(folder.resolve("session.txt"), recording);
    }

    private byte[] record(List<String> more) {
        Path file = folder.resolve("recorded.txt");
        TwinBoard board = new TwinBoard(32, WordOrder.LITTLE, CLOCK, 1).set("battery#current", -12.5);
        List<String> arguments = new ArrayList<>(List.of("record", "--out", file.toString(), "--for", "2", "--interval",
                "0.2", "--format", "json", "--tcp"));
        try (Twin twin = Twin.tcp(0, board)) {
            arguments.add("127.0.0.1:" + twin.port());
            arguments.addAll(more);
            int[] current = { 0 };
            twin.tamper(answer -> {
                board.set("battery#current", ++current[0] % 100);
                return answer;
            });
            Outcome record = bms(arguments.toArray(String[]::new));
            assertEquals(0, record.code(), record.err());
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> currents(Outcome replay) {
        return replay.out().lines().map(line -> line.replaceAll(".*\"battery#current\":([^,]*),.*", "$1")).toList();
    }

    /**
     * Disk full, power failure, kill during a write. A truncated recording is replayed up to the end, except
     * perhaps for the last state.
     */
    @Test
    void aCutRecordingIsReplayedAsFarAsItGoes() throws IOException {
        Path file = session();
        byte[] whole = Files.readAllBytes(file);
        List<String> states = currents(bms("replay", file.toString(), "--format", "json"));
        assertTrue(states.size() >= 5, states::toString);
        Path cut = folder.resolve("cut.txt");
        int head = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\n\n") + 2;
        for (int missing = 1; missing < whole.length - head; missing += 1 + missing / 7) {
            Files.write(cut, Arrays.copyOf(whole, whole.length - missing));
            Outcome replay = bms("replay", cut.toString(), "--format", "json");
            assertEquals(0, replay.code(), replay.err());
            List<String> shown = replay.out().isEmpty() ? List.of() : currents(replay);
            assertEquals(states.subList(0, shown.size()), shown, missing + " bytes are missing");
            assertTrue(missing > 3 || shown.size() >= states.size() - 1, shown::toString);
            boolean inLine = whole[whole.length - missing - 1] != '\n';
            assertEquals(inLine ? 1 : 0, replay.err().lines().count(), replay.err());
            assertTrue(!inLine || replay.err().contains("the end of the recording is missing"), replay.err());
        }
    }

    /** The effect of a power failure on a file: blocks of NUL, after the start of a line or instead of it. */
    @ParameterizedTest
    @ValueSource(ints = { 1, 4096, 1 << 20 })
    void aTailOfNulIsNoPartOfARecording(int length) throws IOException {
        Path file = session();
        List<String> states = currents(bms("replay", file.toString(), "--format", "json"));
        byte[] whole = Files.readAllBytes(file);
        for (int missing : new int[] { 0, 3, 30 }) {
            Files.write(file, Arrays.copyOf(whole, whole.length - missing));
            Files.write(file, new byte[length], StandardOpenOption.APPEND);
            Outcome replay = bms("replay", file.toString(), "--format", "json");
            assertEquals(0, replay.code(), replay.err());
            assertTrue(currents(replay).size() >= states.size() - 1, replay.out());
            assertEquals(missing == 0 ? 0 : 1, replay.err().lines().count(), replay.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "bmsmain-trace", "bmsmain-trace 1",
            "bmsmain-trace 1\ntime 2026-11-22T12:00:00Z\nopt" })
    void aRecordingThatIsCutInItsHeadIsNone(String head) throws IOException {
        Path file = Files.writeString(folder.resolve("head.txt"), head);
        Outcome outcome = bms("replay", file.toString());
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().contains("is not a recording: line "), outcome.err());
    }

    /** The slow line behind a gateway, and the timeout used, are part of the recording. */
    @Test
    void theTimeoutIsRecorded() throws IOException {
        Path file = session("--timeout", "3000", "--word-order", "little");
        String text = Files.readString(file);
        assertTrue(text.contains("option --timeout\noption 3000\n"), text);
        assertEquals(0, bms("replay", file.toString()).code());
        Files.writeString(file, text.replace("option 3000\n", "option 1\n"));
        Outcome outcome = bms("replay", file.toString());
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().contains("--timeout must be a number from 50 to 10000"), outcome.err());
    }

    /** Recordings come from other users: they must not name a local file, nor contain any unnecessary option. */
    @ParameterizedTest
    @ValueSource(strings = { "@%s", "--candump\noption %s", "--socketcan\noption can0", "--out\noption x", "--help",
            "--version", "--nonsense", "-x", "x", "--tcp=h", "--tcp\noption h\noption @%s", "--tcp",
            "--tcp\noption h\noption --register\noption @%s", "--tcp\noption h\noption --address\noption @%s",
            "--interface\noption can0", "" })
    void optionsOfARecordingAreThoseThatItNeeds(String option) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "--tcp\nmy-password\n");
        Path file = folder.resolve("options.txt");
        Files.writeString(file, "bmsmain-trace 1\ntime 2026-11-22T12:00:00Z\noption "
                + option.replace("%s", secret.toString()) + "\n\n0.000000001 opening\n");
        Outcome outcome = bms("replay", file.toString(), "--format", "json");
        assertEquals(1, outcome.code(), outcome.out());
        assertFalse((outcome.out() + outcome.err()).contains("password"), outcome.err());
        assertFalse(outcome.err().contains("Exception"), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
    }

    /** Every option that a recording may contain is a number, a word or a name, and none is read from a file. */
    @Test
    void noOptionOfARecordingNamesAFile() throws IOException, Trace.FormatException {
        Set<String> refused = new TreeSet<>();
        for (OptionSpec option : CommandSpec.forAnnotatedObject(new ReplayCommand.Recorded()).options()) {
            Path file = folder.resolve("one.txt");
            Files.writeString(file, "bmsmain-trace 1\noption " + option.longestName() + "\noption 1\n\n");
            try (Trace trace = Trace.open(file)) {
                ReplayCommand.options(trace);
            } catch (Trace.FormatException e) {
                if (String.valueOf(e.getMessage()).contains("not an option of a recording: -")) {
                    refused.add(option.longestName());
                }
            }
            if (Path.class.isAssignableFrom(option.type()) || File.class.isAssignableFrom(option.type())) {
                assertTrue(refused.contains(option.longestName()), option.longestName());
            }
        }
        assertEquals(Set.of("--candump", "--socketcan"), refused);
    }

    @ParameterizedTest
    @ValueSource(strings = { "+1000000000-12-31T23:59:59.999999999Z", "-1000000000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z", "+10000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "",
            "x" })
    void timesThatNoClockShowsAreRefused(String time) throws IOException {
        Path file = folder.resolve("time.txt");
        Files.writeString(file, "bmsmain-trace 1\ntime " + time
                + "\noption --tcp\noption h\n\n0.000000001 opening\n0.000000002 failed refused\n");
        Outcome outcome = bms("replay", file.toString(), "--format", "json");
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().contains("is not a recording: line 2: invalid time: "), outcome.err());
    }

    /** 31 years, the maximum duration of a recording, at the end of the calendar. */
    @Test
    void aLongTimeLeapsBy() throws IOException {
        for (String link : List.of("--tcp\noption h", "--slcan\noption /dev/x", "--serial\noption /dev/x")) {
            Path file = folder.resolve("long.txt");
            Files.writeString(file,
                    "bmsmain-trace 1\ntime 9999-12-31T23:59:59Z\noption " + link
                            + "\n\n0.000000001 opening\n0.000000002 open\n999999999.999999999 turn 32\n"
                            + "999999999.999999999 closed\n");
            Outcome outcome = assertTimeoutPreemptively(Duration.ofSeconds(20),
                    () -> bms("replay", file.toString(), "--format", "json"));
            assertFalse(outcome.err().contains("Exception"), outcome.err());
        }
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

    /** A board on CAN, behind an slcan adapter: unsolicited frames are replayed as well. */
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
                    // A state that lasts for one report only may be merged with the next in the replay.
                    await(reports, recorded, BoardReport::isOnline);
                    await(reports, recorded, BoardReport::isOnline);
                    board.fault("water").set("battery#current", -12.5);
                    await(reports, recorded, report -> report.snapshot().isSet(Catalogue.WATER));
                    await(reports, recorded, BoardReport::isOnline);
                    await(reports, recorded, BoardReport::isOnline);
                    board.clear("water");
                    await(reports, recorded, report -> !report.snapshot().isSet(Catalogue.WATER));
                    // The recording must contain data after the last relevant report.
                    await(reports, recorded, BoardReport::isOnline);
                    await(reports, recorded, BoardReport::isOnline);
                } finally {
                    membership.leave();
                }
            }
            reports.forEach(report -> recorded.add(words(report)));
        }
        List<String> replayed = new ArrayList<>();
        replay(file, report -> replayed.add(words(report)));
        // The distribution of frames over reports depends on the timing of this machine; their content does not.
        for (String id : List.of("battery#current", "battery#state-of-charge", "faults#water", "faults#alarm",
                "internal-signals#power-up")) {
            assertEquals(values(recorded, id), values(replayed, id), id);
        }
        assertEquals(List.of("OFF", "ON", "OFF"), values(replayed, "faults#water"));
        assertEquals("-12.5", values(replayed, "battery#current").get(1));
    }

    private List<String> sessionOnCan() throws Exception {
        Path file = folder.resolve("can-session.txt");
        Pipe pipe = new Pipe();
        TwinBoard board = new TwinBoard(32, WordOrder.LITTLE, CLOCK, 1).frozen(true);
        try (TwinCan twin = TwinCan.slcan(() -> pipe, 250, Duration.ofMillis(100), board)) {
            Ticker ticker = Ticker.system();
            CanLine line = CanLine.slcan("/dev/ttyACM0", 250, false, pipe, ticker);
            BlockingQueue<BoardReport> reports = new LinkedBlockingQueue<>();
            TraceTap tap = line.tap();
            try (TraceFile trace = TraceFile.create(file, TraceFile.STANDARD_LIMIT,
                    List.of("option --slcan", "option /dev/ttyACM0"), ticker);
                    BusRegistry registry = new BusRegistry(ticker)) {
                if (tap != null) {
                    tap.add(trace);
                }
                BusRegistry.Membership membership = line.join(registry,
                        new CanBoard(new CanSettings(32, Duration.ZERO, true),
                                BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90)), reports::add,
                                ticker));
                List<String> seen = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    await(reports, seen, BoardReport::isOnline);
                }
                membership.leave();
            }
        }
        return Files.readAllLines(file);
    }

    /**
     * Lines omitted, duplicated, swapped, cut, joined and changed: the replay ends with an error, or shows the
     * valid part.
     */
    @ParameterizedTest
    @ValueSource(strings = { "tcp", "rtu", "can" })
    void aDamagedRecordingIsBorne(String kind) throws Exception {
        List<String> lines = "can".equals(kind) ? sessionOnCan() : Files.readAllLines(session());
        if ("rtu".equals(kind)) {
            // Responses of one framing in the other: nothing matches.
            lines = new ArrayList<>(lines);
            lines.addAll(lines.indexOf("option --tcp"), List.of("option --framing", "option rtu"));
        }
        Path file = folder.resolve("damaged.txt");
        long seed = Rounds.seed(20_261_122);
        Random random = new Random(seed);
        for (int round = 0; round < Rounds.of(50); round++) {
            List<String> damaged = new ArrayList<>(lines);
            for (int changes = 1 + random.nextInt(5); changes > 0; changes--) {
                int at = random.nextInt(damaged.size());
                String line = damaged.get(at);
                int place = line.isEmpty() ? 0 : random.nextInt(line.length());
                switch (random.nextInt(7)) {
                    case 0 -> damaged.remove(at);
                    case 1 -> damaged.add(at, damaged.get(random.nextInt(damaged.size())));
                    case 2 -> Collections.swap(damaged, at, random.nextInt(damaged.size()));
                    case 3 -> damaged.set(at, line.substring(0, place));
                    case 4 -> damaged.set(at, line + damaged.get(random.nextInt(damaged.size())));
                    case 5 ->
                        damaged.set(at, line.replaceFirst("^\\d+", Integer.toString(random.nextInt(999_999_999))));
                    default -> damaged.set(at,
                            line.substring(0, place) + (char) (' ' + random.nextInt(95)) + line.substring(place));
                }
            }
            Files.write(file, damaged);
            String text = "seed " + seed + ", round " + round;
            Outcome outcome = assertTimeoutPreemptively(Duration.ofSeconds(20),
                    () -> bms("replay", file.toString(), "--format", "json"), text);
            assertTrue(outcome.code() == 0 || outcome.code() == 1, text + ": " + outcome.err());
            assertFalse(outcome.err().contains("unexpected failure"), text + ": " + outcome.err());
            assertEquals(outcome.code(),
                    outcome.err().isEmpty() || outcome.err().contains("the end of the recording is missing") ? 0 : 1,
                    text);
        }
    }

    /** The values of a channel, in order. */
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
            // Both ends share it; nothing to close.
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
        assertTrue(outcome.err().contains("is not a recording: line "), outcome.err());
        assertFalse(outcome.err().contains("Exception"), outcome.err());
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
        assertEquals(0, replay(file, replayed::add));
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
