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
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

import com.google.gson.JsonObject;

/**
 * The commands of the tool from an installer's view: arguments, output lines and exit code.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
public class BmsTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:34:56Z"), ZoneOffset.UTC);

    /** Output and exit code of a command. */
    private static Outcome watch(Twin twin, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("watch", "--tcp", "127.0.0.1:" + twin.port(), "--once", "--format", "json"));
        arguments.addAll(List.of(more));
        return bms(arguments.toArray(String[]::new));
    }

    private static TwinBoard board(WordOrder order) {
        return new TwinBoard(32, order, CLOCK, 1);
    }

    @ParameterizedTest
    @EnumSource
    void watchFindsTheWordOrderAndShowsEveryChannel(WordOrder order) throws IOException {
        try (Twin twin = Twin.tcp(0, board(order).set("battery#current", -12.5))) {
            Outcome outcome = watch(twin);
            assertEquals(0, outcome.code(), outcome.err());
            assertEquals("", outcome.err());
            JsonObject json = outcome.last();
            assertEquals(Set.of("time", "online", "cause", "channels", "properties"), json.keySet());
            assertTrue(json.get("online").getAsBoolean());
            assertTrue(json.get("cause").isJsonNull());
            assertEquals(new TreeSet<>(Catalogue.channels().stream().map(Point::id).toList()),
                    new TreeSet<>(json.getAsJsonObject("channels").keySet()));
            assertEquals("-12.5", outcome.channel("battery#current").toString());
            assertEquals("\"ON\"", outcome.channel("relays#relay-1").toString());
            assertTrue(outcome.channel("battery#voltage").isJsonNull());
            JsonObject properties = json.getAsJsonObject("properties");
            assertEquals("2.4.7", properties.get("firmwareVersion").getAsString());
            assertEquals("2.1", properties.get("hardwareVersion").getAsString());
            assertEquals("2026-11-22T12:34:56", properties.get("deviceClock").getAsString());
            assertEquals(order.name().toLowerCase(Locale.ROOT), properties.get("wordOrder").getAsString());
            assertEquals(0, twin.log().writes());
        }
    }

    /**
     * The twin's map and the binding's catalogue are independent implementations of one page: every value must agree.
     */
    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3 })
    void twinAndCatalogueAgreeOnEveryValue(long seed) throws IOException {
        Random random = new Random(seed);
        TwinBoard board = board(WordOrder.LITTLE);
        Map<String, String> expected = new HashMap<>();
        int number = 0;
        for (String id : board.settable()) {
            Point point = Catalogue.byId(id);
            if (point == null || point.register() == null || id.startsWith("faults#errors")
                    || "internal-signals#initialisation".equals(id)) {
                continue;
            }
            String value = switch (point.kind()) {
                case FLAG -> random.nextBoolean() ? "ON" : "OFF";
                case TEXT -> "hardwareVersion".equals(id) ? "3.7" : "4.5." + number++;
                case CHOICE -> "6";
                case COUNT -> Integer.toString(1 + number++ % 20);
                default -> id.startsWith("sensors#") && "V".equals(point.unit().symbol()) ? "1." + (10 + number++)
                        : Integer.toString(10 + number++);
            };
            board.set(id, value);
            expected.put(id, value);
        }
        expected.put("battery#state", "relaxed-after-discharging");
        assertTrue(expected.size() > 100, expected.size() + " values");
        try (Twin twin = Twin.tcp(0, board)) {
            JsonObject json = watch(twin).last();
            Map<String, String> seen = new HashMap<>();
            for (String part : List.of("channels", "properties")) {
                json.getAsJsonObject(part).entrySet().forEach(entry -> {
                    if (expected.containsKey(entry.getKey())) {
                        seen.put(entry.getKey(), entry.getValue().getAsString());
                    }
                });
            }
            assertEquals(expected, seen);
        }
    }

    @Test
    void watchReadsRtuOverTcp() throws IOException {
        try (Twin twin = Twin.rtuTcp(0, board(WordOrder.LITTLE).set("battery#current", 7.25))) {
            Outcome outcome = watch(twin, "--framing", "rtu");
            assertEquals(0, outcome.code(), outcome.err());
            assertEquals("7.25", outcome.channel("battery#current").toString());
        }
    }

    @Test
    void functionsOfRelaysAndInputsAreTheInstallers() throws IOException {
        TwinBoard board = board(WordOrder.LITTLE).set("internal-signals#cooler", true).set("input-signals#fuse-3",
                true);
        try (Twin twin = Twin.tcp(0, board)) {
            Outcome outcome = watch(twin, "--relay-1-function", "cooler", "--relay-2-function", "none",
                    "--relay-3-function", "power-up", "--relay-4-function", "low-soc", "--input-1-function", "fuse-3",
                    "--input-2-function", "interlock", "--input-3-function", "fuse-1");
            assertEquals("\"ON\"", outcome.channel("relays#relay-1").toString());
            assertTrue(outcome.channel("relays#relay-2").isJsonNull());
            assertEquals("\"ON\"", outcome.channel("relays#relay-3").toString());
            assertEquals("\"OFF\"", outcome.channel("relays#relay-4").toString());
            assertEquals("\"CLOSED\"", outcome.channel("inputs#in-1").toString());
            assertEquals("\"CLOSED\"", outcome.channel("inputs#in-2").toString());
            assertEquals("\"OPEN\"", outcome.channel("inputs#in-3").toString());
            assertTrue(outcome.channel("inputs#in-4").isJsonNull());
            assertEquals("\"CLOSED\"",
                    watch(twin, "--input-4-function", "interlock").channel("inputs#in-4").toString());
        }
    }

    @Test
    void valuesThatThePublicMapLacksAreReadWhereTheUserSays() throws IOException {
        TwinBoard board = board(WordOrder.LITTLE).set("battery#voltage", 79.5).set("battery#current", -10)
                .set("battery#min-cell-voltage", 3.301).set("battery#max-cell-voltage", 3.322)
                .set("battery#min-cell-temperature", -2.5).set("battery#max-cell-temperature", 25.5)
                .set("relays#relay-4", true);
        try (Twin twin = Twin.tcp(0, board)) {
            Outcome outcome = watch(twin, "--register", "battery#voltage = input:0x2104:REAL32", "--register",
                    "battery#min-cell-voltage = input:0x2106:U16:0.001", "--register",
                    "battery#max-cell-voltage = input:0x2107:U16:0.001", "--register",
                    "battery#min-cell-temperature = input:0x2108:S16:0.1", "--register",
                    "battery#max-cell-temperature = input:0x2109:S16:0.1", "--register",
                    "relays#relay-4 = input:0x200C.3");
            assertEquals(0, outcome.code(), outcome.err());
            assertEquals("79.5", outcome.channel("battery#voltage").toString());
            assertEquals("-795", outcome.channel("battery#power").toString());
            assertEquals("3.301", outcome.channel("battery#min-cell-voltage").toString());
            assertEquals("3.322", outcome.channel("battery#max-cell-voltage").toString());
            assertEquals("-2.5", outcome.channel("battery#min-cell-temperature").toString());
            assertEquals("25.5", outcome.channel("battery#max-cell-temperature").toString());
            assertEquals("\"ON\"", outcome.channel("relays#relay-4").toString());
        }
    }

    @Test
    void wrongRegisterLineIsNamed() {
        Outcome outcome = bms("watch", "--tcp", "h", "--register", "battery#voltage = input:0x2104");
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().startsWith("--register battery#voltage = input:0x2104: not a data type that fits"),
                outcome.err());
    }

    @Test
    void wordOrderCanBeForced() throws IOException {
        try (Twin twin = Twin.tcp(0, board(WordOrder.BIG).set("battery#current", -12.5))) {
            assertEquals("-12.5", watch(twin, "--word-order", "big").channel("battery#current").toString());
            assertNotEquals("-12.5", watch(twin, "--word-order", "little").channel("battery#current").toString());
        }
    }

    @Test
    void impossibleValuesAreUnknown() throws IOException {
        TwinBoard board = board(WordOrder.LITTLE).set("sensors#humidity", Double.NaN)
                .set("sensors#external-temperature", 300);
        try (Twin twin = Twin.tcp(0, board)) {
            Outcome outcome = watch(twin);
            assertEquals(0, outcome.code());
            assertTrue(outcome.channel("sensors#humidity").isJsonNull());
            assertTrue(outcome.channel("sensors#external-temperature").isJsonNull());
            assertEquals("2", outcome.channel("link#rejected-values").toString());
        }
    }

    @Test
    void measurementsOfAnInitialisingBoardAreUnknown() throws IOException {
        try (Twin twin = Twin.tcp(0, board(WordOrder.LITTLE).initialising(true))) {
            Outcome outcome = watch(twin, "--interval", "0.2");
            assertEquals(0, outcome.code(), outcome.err());
            assertTrue(outcome.channel("battery#current").isJsonNull());
            assertTrue(outcome.channel("battery#state-of-charge").isJsonNull());
            assertEquals("\"ON\"", outcome.channel("internal-signals#initialisation").toString());
            assertEquals("\"blinking-yellow-2hz\"", outcome.channel("indicators#ds3").toString());
        }
    }

    @Test
    void unknownFaultBitsShow() throws IOException {
        try (Twin twin = Twin.tcp(0, board(WordOrder.LITTLE).set("faults#errors-1", "0x40200"))) {
            Outcome outcome = watch(twin);
            assertEquals("262656", outcome.channel("faults#errors-1").toString());
            assertEquals("2", outcome.channel("faults#active-count").toString());
            assertEquals("\"BMS Logic board offline, Unknown error 1 bit 18\"",
                    outcome.channel("faults#alarm").toString());
        }
    }

    @Test
    void tableIsForPeople() throws IOException {
        try (Twin twin = Twin.tcp(0, board(WordOrder.LITTLE).set("battery#current", -12.5))) {
            Outcome outcome = bms("watch", "--tcp", "localhost:" + twin.port(), "--once");
            assertEquals(0, outcome.code(), outcome.err());
            assertTrue(outcome.out().startsWith("localhost:" + twin.port() + ", address 32   ● online"), outcome.out());
            assertTrue(outcome.out().contains("-12.5 A"), outcome.out());
        }
    }

    @Test
    void silentBoardIsExitCode3WithTheCauseInWords() throws IOException {
        try (Twin twin = Twin.tcp(0, board(WordOrder.LITTLE))) {
            Outcome outcome = watch(twin, "--address", "7", "--timeout", "200");
            assertEquals(3, outcome.code());
            assertTrue(outcome.err().contains("board 7 does not answer"), outcome.err());
            assertFalse(outcome.last().get("online").getAsBoolean());
            assertEquals(outcome.err().trim(), outcome.last().get("cause").getAsString());
            outcome.last().getAsJsonObject("channels").entrySet().stream()
                    .filter(entry -> !entry.getKey().startsWith("link#") && !entry.getKey().startsWith("history#")
                            && !"energy#coverage".equals(entry.getKey()))
                    .forEach(entry -> assertTrue(entry.getValue().isJsonNull(), entry.getKey()));
        }
    }

    @Test
    void nobodyThereIsExitCode3() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Outcome tcp = bms("watch", "--tcp", "127.0.0.1:" + free, "--once");
        assertEquals(3, tcp.code());
        assertTrue(tcp.err().contains("refuses the connection"), tcp.err());
        assertEquals("", tcp.out());
        Outcome serial = bms("watch", "--serial", "/dev/there-is-no-such-port", "--once");
        assertEquals(3, serial.code());
        assertTrue(serial.err().contains("/dev/there-is-no-such-port does not exist"), serial.err());
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "sing", "watch", "watch --tcp h --serial p", "watch --tcp h --address -1",
            "watch --tcp h --address 256", "watch --serial p --address 0", "watch --serial p --address 248",
            "watch --tcp h --address x", "watch --tcp h:0", "watch --tcp h:65536", "watch --tcp h:x",
            "watch --tcp :502", "watch --tcp [::1]:x", "watch --tcp h --framing ascii", "watch --tcp h --interval 0.1",
            "watch --tcp h --interval 3601", "watch --tcp h --interval NaN", "watch --tcp h --word-order middle",
            "watch --tcp h --relay-1-function fuse-1", "watch --tcp h --input-1-function heater",
            "watch --tcp h --format xml", "watch --tcp h --timeout 49", "watch --tcp h --timeout 10001",
            "watch --serial p --timeout x", "watch --slcan p --timeout 500", "record --tcp h --out x --timeout 0",
            "registers --tcp h --dump 1 --timeout 1", "registers --tcp h --suggest --for 10x",
            "registers --tcp h --suggest --for 0s", "registers --tcp h --suggest --report",
            "registers --tcp h --report --in-use x", "registers --slcan p --suggest", "watch --serial p --baud 9601",
            "watch --serial p --parity mark", "watch --serial p --stop-bits 3", "twin --set nothing=1",
            "twin --set battery#current", "twin --set battery#current=much", "twin --fault nothing", "twin --address 0",
            "twin --address 32 --address 32", "twin --tcp x", "twin --tcp 65536", "twin --speed 0", "twin --speed NaN",
            "twin --word-order middle", "watch --tcp h --baud 9600", "watch --tcp h --node 5",
            "watch --serial p --framing rtu", "watch --slcan p --address 32", "watch --slcan p --interval 1",
            "watch --socketcan c --bit-rate 250", "watch --serial p --sync 1", "record --tcp h --out f --for 0",
            "record --tcp h --out f --parity even", "replay f --once" })
    void badArgumentsAreExitCode2(String line) {
        Outcome outcome = bms(line.isEmpty() ? new String[0] : line.split(" "));
        assertEquals(2, outcome.code(), outcome.err());
        assertEquals("", outcome.out());
        assertTrue(outcome.err().contains("--help"), outcome.err());
        assertFalse(outcome.err().contains("Exception"), outcome.err());
    }

    @ParameterizedTest
    @ValueSource(strings = { "--help", "--version", "demo --help", "watch --help", "scan --help", "doctor --help",
            "registers --help", "record --help", "replay --help", "twin --help", "twin --list", "soak --help" })
    void helpIsNoError(String line) {
        Outcome outcome = bms(line.split(" "));
        assertEquals(0, outcome.code());
        assertFalse(outcome.out().isBlank());
        assertEquals("", outcome.err());
    }

    /** A command without connection parameters shows examples of them and the available ports. */
    @ParameterizedTest
    @ValueSource(strings = { "watch", "doctor", "scan", "registers", "record", "replay", "publish" })
    void aCommandAloneShowsExamplesAndPorts(String command) {
        Outcome outcome = bms(command);
        assertEquals(2, outcome.code());
        assertEquals(2, outcome.err().lines().filter(line -> line.startsWith("  bms " + command + " ")).count(),
                outcome.err());
        assertTrue(outcome.err().matches("(?s).*(Serial ports here: |This machine has no serial port).*"),
                outcome.err());
    }

    @ParameterizedTest
    @CsvSource({ "wach, watch", "docter, doctor", "watch --seral p, --serial" })
    void aWordThatIsNearlyRightIsAskedFor(String line, String meant) {
        Outcome outcome = bms(line.split(" "));
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().matches("(?s).*Did you mean: [^\\n]*" + meant + ".*"), outcome.err());
    }

    /** Every option is in the help once, in its group. */
    @Test
    void helpIsGrouped() {
        String help = bms("watch", "--help").out();
        List<String> headings = help.lines().filter(line -> line.matches("\\p{Lu}.*:")).toList();
        assertEquals(
                List.of("Connection to the board, one of:", "Connection settings:",
                        "Readings, and functions of relays and inputs:", "Output:", "Options:", "Help:", "Exit codes:"),
                headings);
        for (String option : List.of("--serial=", "--baud=", "--interval=", "--format=", "--for=", "--help")) {
            assertEquals(1, help.lines().filter(line -> line.strip().matches("(-., )?" + option + ".*")).count(),
                    option + " in " + help);
        }
    }

    @Test
    void aScanTakesAPortBehindTheHost() throws IOException {
        try (Twin twin = Twin.tcp(0, board(WordOrder.LITTLE))) {
            Outcome outcome = bms("scan", "--tcp", "127.0.0.1:" + twin.port(), "--format", "json");
            assertEquals(0, outcome.code(), outcome.err());
            assertEquals(twin.port(), outcome.last().getAsJsonObject("config").get("port").getAsInt());
        }
        Outcome wrong = bms("scan", "--tcp", "127.0.0.1:x");
        assertEquals(2, wrong.code());
        assertTrue(wrong.err().contains("--tcp must be HOST[:PORT], not 127.0.0.1:x"), wrong.err());
    }

    @Test
    void withoutACommandAllAreListed() {
        Outcome outcome = bms();
        assertEquals(2, outcome.code());
        for (String command : List.of("demo", "watch", "scan", "doctor", "registers", "record", "replay", "twin")) {
            assertTrue(outcome.err().contains("  " + command + " "), outcome.err());
        }
    }

    @Test
    void takenPortIsExitCode1() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome = bms("twin", "--tcp", Integer.toString(socket.getLocalPort()));
            assertEquals(1, outcome.code());
            assertTrue(outcome.err().contains(Integer.toString(socket.getLocalPort())), outcome.err());
        }
    }

    @Test
    void linesChangeARunningTwin() throws IOException {
        TwinBoard board = board(WordOrder.LITTLE);
        StringWriter out = new StringWriter();
        try (Twin twin = Twin.tcp(0, board)) {
            TwinConsole console = new TwinConsole(List.of(board), List.of(twin), List.of(), new PrintWriter(out));
            assertTrue(console.execute("set battery#current = -3.5"));
            assertEquals(-3.5, board.number("battery#current"));
            console.execute("fault water");
            assertTrue(board.flag("faults#water"));
            console.execute("clear water");
            assertFalse(board.flag("faults#water"));
            console.execute("initialising");
            assertTrue(board.flag("internal-signals#initialisation"));
            console.execute("clear internal-signals#initialisation");
            assertFalse(board.flag("internal-signals#initialisation"));
            console.execute("show battery#current");
            assertEquals("-3.5", out.toString().trim());
            console.execute("pause");
            assertEquals(3, watch(twin, "--timeout", "200").code());
            console.execute("resume");
            assertEquals(0, watch(twin).code());
            console.execute("delay 20");
            assertTrue(watch(twin).channel("link#response-time").getAsDouble() >= 20);
            out.getBuffer().setLength(0);
            console.execute("set battery#current=much");
            console.execute("delay x");
            console.execute("sing");
            console.execute("");
            assertEquals(3, out.toString().lines().count(), out.toString());
            assertFalse(console.execute("quit"));
        }
    }
}
