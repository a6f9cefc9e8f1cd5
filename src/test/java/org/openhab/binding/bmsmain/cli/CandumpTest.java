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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;

import com.google.gson.JsonObject;

/**
 * Logs of CAN frames, as candump writes them with all its options, and invalid ones.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class CandumpTest {

    private static final String CURRENT_9 = "025A001A1B32FC01";
    private static final String STATES = "2C00C00300000000";
    private static final String ALL_OFF = "0000000000000000";

    @TempDir
    Path folder = Path.of("");

    private Outcome watch(List<String> lines, String... more) throws IOException {
        Path log = folder.resolve("candump.log");
        Files.write(log, lines, StandardCharsets.ISO_8859_1);
        List<String> arguments = new ArrayList<>(List.of("watch", "--candump", log.toString(), "--format", "json"));
        arguments.addAll(List.of(more));
        return bms(arguments.toArray(String[]::new));
    }

    // ---- lines ----

    /** Interface, identifier and bytes of a line; no identifier = an ignored frame. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            (1436509052.249713) can0 1A0#025A001A1B05FC01                     | can0 | 1A0 | 025a001a1b05fc01
            (1436509052.249713) can0 1A0#025A001A1B05FC01 R                   | can0 | 1A0 | 025a001a1b05fc01
            (1436509052.249713) vcan12 1A0#02.5A.00 T                         | vcan12 | 1A0 | 025a00
            can0 080#                                                         | can0 | 080 | ""
            can0 1A0#R8                                                       | can0 |     | ""
            can0 1A0#R                                                        | can0 |     | ""
            can0 1A0##311223344                                               | can0 |     | ""
            can0 000001A0#0011                                                | can0 |     | ""
            "  can0  1A0   [8]  02 5A 00 1A 1B 05 FC 01"                      | can0 | 1A0 | 025a001a1b05fc01
            "  can0  1A0   [8]  02 5A 00 1A 1B 05 FC 01   '.Z......'"         | can0 | 1A0 | 025a001a1b05fc01
            "  can0  1A0   [3]  27 20 27   '' ''"                             | can0 | 1A0 | 272027
            " (2026-11-22 10:00:00.123456)  can0  RX - -  1A0   [2]  02 5A"   | can0 | 1A0 | 025a
            " (000.000000)  can0  TX B E  080   [0]"                          | can0 | 080 | ""
            "  can0  1A0   [0]  remote request"                               | can0 |     | ""
            "  can0  20000004   [8]  ERRORFRAME"                              | can0 |     | ""
            "  can0  20000004   [8]  00 04 00 00 00 00 00 00   ERRORFRAME"    | can0 |     | ""
            "  can0  1A0  [12]  00 01 02 03 04 05 06 07 08 09 0A 0B"          | can0 |     | ""
            01A0 02 5A                                                        | ""   | 1A0 | 025a
            1A0                                                               | ""   | 1A0 | ""
            cafe 1A0#02                                                       | cafe | 1A0 | 02
            """)
    void readsWhatCandumpWrites(String line, String channel, String id, String bytes) {
        CandumpLine parsed = CandumpLine.parse(line);
        assertNotNull(parsed, line);
        if (parsed != null) {
            assertEquals(channel, parsed.channel());
            CanFrame frame = parsed.frame();
            assertEquals(id, frame == null ? null : String.format(Locale.ROOT, "%03X", frame.id()));
            byte[] data = new byte[frame == null ? 0 : frame.length()];
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (frame == null ? 0 : frame.at(i));
            }
            assertEquals(bytes, HexFormat.of().formatHex(data));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "can0", "can0 1A0", "no frame at all", "can0 1A0#0", "can0 1A0#000", "can0 1A0#XX",
            "can0 1A0#00112233445566778899", "can0 1A0#00 X", "can0 1A0#00 R R", "can0 1A0#R88", "can0 1A0##",
            "can0 1A#00", "can0 01A0#00", "can0 1A0 [8] 00", "can0 1A0 [1] 00 11", "can0 1A0 [x] 00", "can0 1A0 8 00",
            "can0 RX - 1A0 [1] 00", "can0 1A0 [1] 00 11 22", "can0 1A0 [0] remote", "01A0 025A", "01A0 02 5",
            "(1.0 can0 1A0#00", "(1.0)can0 1A0#00", "(x) can0 1A0#00", "(1) can0 1A0#00", "(1.) can0 1A0#00",
            "(.5) can0 1A0#00", "(999999999999.0) can0 1A0#00", "(2026-99-99 10:00:00.123456) can0 1A0#00",
            "(2026-11-22 25:00:00.0) can0 1A0#00", "(-1.0) can0 1A0#00", "1A0 [8] \u0660\u0660" })
    void whatIsNoFrameIsNone(String line) {
        assertNull(CandumpLine.parse(line));
    }

    /** A line of 1500 bytes overflowed the stack, and many quotes after ERRORFRAME took minutes. */
    @Test
    void longLinesTakeATimeThatGrowsWithTheirLength() {
        int much = 20_000;
        List<String> lines = List.of("can0 1A0 [8] " + "00 ".repeat(much), "01A0 " + "00 ".repeat(much),
                "can0 1A0#" + "00.".repeat(much), "can0 20000004 [8] ERRORFRAME" + " '".repeat(much),
                "can0 20000004 [8] ERRORFRAME " + "'".repeat(much), "can0 1A0 [1] 00 " + "' ".repeat(much),
                " ".repeat(much), "(".repeat(much), "(1." + "9".repeat(much) + ") can0 1A0#00", "can0 ".repeat(much),
                "RX ".repeat(much), "can0 1A0##" + "0".repeat(much), "F".repeat(much), "[".repeat(much),
                "(2026-11-22 10:00:00." + "9".repeat(much) + ") can0 1A0#00", "can0 RX " + "- ".repeat(much));
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (int round = 0; round < 50; round++) {
                lines.forEach(CandumpLine::parse);
            }
        });
    }

    // ---- timestamps ----

    /** The first object is sent for 2 s, the others for 60 s; the timestamps are made by {@code candump -t}. */
    private static List<String> session(char kind, Random jitter) {
        List<String> lines = new ArrayList<>();
        double t = 1_700_000_000;
        double begin = t;
        double before = t;
        for (int k = 0; k < 600; k++) {
            List<String> frames = new ArrayList<>();
            if (k < 20) {
                frames.add("1A0#" + CURRENT_9);
            }
            frames.add("2A0#2C00C003" + (k % 2 == 0 ? "00" : "01") + "000000");
            frames.add("3A0#" + ALL_OFF);
            for (String frame : frames) {
                String stamp = switch (kind) {
                    case 'a' -> String.format(Locale.ROOT, "(%017.6f)", t);
                    case 'A' -> "("
                            + Instant.ofEpochSecond((long) t, Math.round((t - (long) t) * 1e6) * 1000)
                                    .atZone(java.time.ZoneId.systemDefault())
                                    .format(java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS"))
                            + ")";
                    case 'z' -> String.format(Locale.ROOT, "(%03d.%06d)", (long) (t - begin),
                            Math.round((t - begin - (long) (t - begin)) * 1e6) % 1_000_000);
                    default -> String.format(Locale.ROOT, "(%03d.%06d)", (long) (t - before),
                            Math.round((t - before - (long) (t - before)) * 1e6) % 1_000_000);
                };
                before = t;
                lines.add(stamp + " can0 " + frame);
                t += 0.0003 + jitter.nextInt(20) * 1e-6;
            }
            t = begin + (k + 1) * 0.1 + jitter.nextInt(500) * 1e-6;
        }
        return lines;
    }

    /** TPDO1 is 58 s old at the end, and unknown since it was 5 s old, with any kind of timestamp. */
    @ParameterizedTest
    @ValueSource(chars = { 'a', 'A', 'z', 'd' })
    void agesAreRightWithEveryKindOfStamp(char kind) throws IOException {
        Outcome outcome = watch(session(kind, new Random(1)));
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals("null", outcome.channel("battery#current").toString(), "a value of 58 s ago");
        assertEquals("\"ON\"", outcome.channel("faults#overcurrent").toString());
        List<JsonObject> states = outcome.json();
        // 20 rounds with the value, then 5 s in which it is still valid; the fault changes with each.
        int known = (int) states.stream()
                .filter(state -> !state.getAsJsonObject("channels").get("battery#current").isJsonNull()).count();
        assertEquals(70, known, 2);
        boolean clock = kind == 'a' || kind == 'A';
        assertEquals(clock, !outcome.last().get("time").isJsonNull());
        assertEquals(clock, !"null".equals(outcome.channel("link#last-update").toString()));
        if (clock) {
            assertTrue(outcome.last().get("time").getAsString().startsWith("2023-11-14T22:14:1"), outcome.out());
        }
        Outcome table = bms("watch", "--candump", folder.resolve("candump.log").toString(), "--once");
        assertFalse(table.out().contains("00:00:00"), table.out());
        assertFalse(table.out().contains("1970"), table.out());
    }

    /** The timestamps of all previous frames count, including those of ignored ones. */
    @Test
    void anAgeIsToldInTheTable() throws IOException {
        List<String> lines = List.of("(000.000000) can0 1A0#" + CURRENT_9, "(001.000000) can0 7A1#05",
                "(000.500000) can0 7A1#05", "(002.000000) can0 080#", "(000.100000) can0 2A0#" + STATES);
        watch(lines);
        Outcome table = bms("watch", "--candump", folder.resolve("candump.log").toString(), "--once");
        assertTrue(table.out().contains("9 A   3.6 s"), table.out());
    }

    /** In a log without timestamps, the age of a value is unknown. */
    @Test
    void withoutStampsNoAgeIsTold() throws IOException {
        Outcome outcome = watch(List.of("1A0 02 5A 00 1A 1B 32 FC 01", "2A0 2C 00 C0 03 00 00 00 00"));
        assertEquals("9", outcome.channel("battery#current").toString());
        assertTrue(outcome.last().get("time").isJsonNull(), outcome.out());
        Outcome table = bms("watch", "--candump", folder.resolve("candump.log").toString(), "--once");
        assertFalse(table.out().matches("(?s).*[0-9] s\\n.*") || table.out().contains("0.0 s"), table.out());
    }

    /** Timestamps that can be -tz as well as -td are rejected, as are mixed ones. */
    @ParameterizedTest
    @ValueSource(strings = { "0.0 0.1 0.1 0.1 0.1 0.1", "0.0 1.0 2.0 3.0 0.5 1.5 2.5 3.5 4.5 5.5 6.5 7.5 8.5 9.5",
            "1700000000.0 1.0", "5.0 1700000000.0" })
    void stampsThatCanMeanTwoThingsAreRefused(String stamps) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String stamp : stamps.split(" ")) {
            lines.add("(" + stamp + "00000) can0 1A0#" + CURRENT_9);
        }
        Outcome outcome = watch(lines);
        assertEquals(1, outcome.code(), outcome.out());
        assertTrue(outcome.err().contains("time stamp"), outcome.err());
    }

    /** Two interfaces: the timestamp of the second frame is slightly earlier than that of the first. */
    @Test
    void framesInALittleDisorderAreNoPauses() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lines.add(String.format(Locale.ROOT, "(%03d.500000) can0 1A0#%s", i, CURRENT_9));
            lines.add(String.format(Locale.ROOT, "(%03d.499000) can1 7A1#05", i));
        }
        Outcome outcome = watch(lines);
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals("9", outcome.channel("battery#current").toString());
    }

    /** When the clock is set back, the age of the values is unknown. */
    @Test
    void aClockThatIsSetBackMakesValuesUnknown() throws IOException {
        Outcome outcome = watch(
                List.of("(1700003600.000000) can0 1A0#" + CURRENT_9, "(1700000000.000000) can0 2A0#" + STATES));
        assertEquals("null", outcome.channel("battery#current").toString());
        assertEquals("\"ON\"", outcome.channel("internal-signals#power-up").toString());
    }

    @ParameterizedTest
    @CsvSource({ "0001-01-01 00:00:00.000000, 9999-12-31 23:59:59.999999",
            "9999-12-31 23:59:59.999999, 0001-01-01 00:00:00.000000", "0000-01-01 00:00:00.0, 2026-01-01 00:00:00.0",
            "99999999999.0, 100000000.0", "100000000.0, 99999999999.999999999", "0.0, 99999999.9" })
    void timesAtTheEndsOfTheCalendarAreBorne(String first, String second) throws IOException {
        Outcome outcome = watch(
                List.of("(" + first + ") can0 1A0#" + CURRENT_9, "(" + second + ") can0 2A0#" + STATES));
        assertEquals("", outcome.err().replaceAll(".*time stamps may be from .*\\R", ""));
        assertTrue(outcome.code() == 0 && "null".equals(outcome.channel("battery#current").toString())
                || outcome.code() == 1, outcome.out());
    }

    // ---- buses ----

    private static List<String> twoBuses() {
        List<String> lines = new ArrayList<>();
        double t = 1_700_000_000;
        for (int k = 0; k < 6; k++) {
            for (String[] board : new String[][] { { "can0", "025A00191A500802", "2C00C00300000000" },
                    { "can1", "0270FE191A0FD601", "2C00C00301000000" } }) {
                for (String frame : List.of("1A0#" + board[1], "2A0#" + board[2], "3A0#" + ALL_OFF)) {
                    lines.add(String.format(Locale.ROOT, "(%.6f) %s %s", t, board[0], frame));
                    t += 0.0005;
                }
            }
            t += 1;
        }
        return lines;
    }

    @Test
    void twoBusesAreNotMixed() throws IOException {
        Outcome mixed = watch(twoBuses(), "--once");
        assertEquals(1, mixed.code(), mixed.out());
        assertEquals("", mixed.out());
        assertTrue(mixed.err().contains("node 32 is on can0 and on can1") && mixed.err().contains("--interface"),
                mixed.err());
        Outcome first = watch(twoBuses(), "--once", "--interface", "can0");
        assertEquals(List.of("80", "9", "\"OFF\""), List.of(first.channel("battery#state-of-charge").toString(),
                first.channel("battery#current").toString(), first.channel("faults#overcurrent").toString()));
        Outcome second = watch(twoBuses(), "--once", "--interface", "can1");
        assertEquals(List.of("15", "-40", "\"ON\""), List.of(second.channel("battery#state-of-charge").toString(),
                second.channel("battery#current").toString(), second.channel("faults#overcurrent").toString()));
        Outcome none = watch(twoBuses(), "--once", "--interface", "can2");
        assertEquals(3, none.code());
        assertTrue(none.err().contains("No frame of node 32 on can2"), none.err());
    }

    /** A board on one bus, and other devices on another: no choice is needed. */
    @Test
    void anotherBusWithoutTheNodeDoesNotMatter() throws IOException {
        Outcome outcome = watch(List.of("(1700000000.0) can1 7A1#05", "(1700000000.1) can0 1A0#" + CURRENT_9,
                "(1700000000.2) can1 1A1#0000000000000000", "(1700000000.3) can1 620#4000400000000000",
                "(1700000000.4) can0 2A0#" + STATES), "--once");
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals("9", outcome.channel("battery#current").toString());
    }

    /** Only a heartbeat of the other board, only its objects, or a location configured by the user. */
    @ParameterizedTest
    @CsvSource({ "720#05, battery#voltage = pdo:0x4A0:0:U16", "3A0#0000000000000000, battery#voltage = pdo:0x4A0:0:U16",
            "4A0#0000, battery#voltage = pdo:0x4A0:0:U16" })
    void aBoardIsKnownByWhateverItSends(String frame, String register) throws IOException {
        Outcome outcome = watch(List.of("(1700000000.1) can0 1A0#" + CURRENT_9, "(1700000000.2) can1 " + frame),
                "--register", register);
        assertEquals(1, outcome.code(), outcome.out());
        assertTrue(outcome.err().contains("--interface"), outcome.err());
    }

    @Test
    void theInterfaceIsForLogs() {
        Outcome outcome = bms("watch", "--slcan", "/dev/null", "--interface", "can0");
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("--interface requires --candump"), outcome.err());
    }

    // ---- files ----

    @Test
    void aCutLogIsReadAsFarAsItGoes() throws IOException {
        Path log = folder.resolve("cut.log");
        Files.writeString(log, "(1700000000.1) can0 1A0#" + CURRENT_9 + "\n(1700000000.2) can0 2A0#2C00C");
        Outcome cut = bms("watch", "--candump", log.toString(), "--format", "json");
        assertEquals(0, cut.code(), cut.err());
        assertEquals("9", cut.channel("battery#current").toString());
        assertTrue(cut.err().contains("1 lines are not CAN frames"), cut.err());
        // After a power failure, the next boot appended to the same file.
        Files.write(log, new byte[100_000], StandardOpenOption.APPEND);
        Files.writeString(log, "(1700000001.2) can0 2A0#" + STATES + "\n", StandardOpenOption.APPEND);
        Outcome hole = bms("watch", "--candump", log.toString(), "--format", "json");
        assertEquals(0, hole.code(), hole.err());
        assertEquals("\"ON\"", hole.channel("internal-signals#power-up").toString());
    }
}
