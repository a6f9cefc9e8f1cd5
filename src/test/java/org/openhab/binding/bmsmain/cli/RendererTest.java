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

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;

/**
 * The output of the tool.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class RendererTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456Z");

    private static ShownValue value(String id, @Nullable Object value, String unit, int ageSeconds) {
        return new ShownValue(id, value, unit, value == null ? null : NOON.minusSeconds(ageSeconds));
    }

    private static ShownState state(@Nullable String cause, ShownValue... channels) {
        return new ShownState(NOON, cause == null, cause, List.of(channels), List
                .of(new ShownValue("firmwareVersion", "2.4.7", "", NOON), new ShownValue("vendor", null, "", null)));
    }

    @Test
    void jsonHasTheAgreedShape() {
        ShownState state = state(null, value("battery#current", new BigDecimal("-12.5"), "A", 0),
                value("relays#relay-1", "ON", "", 0), value("inputs#in-1", "OPEN", "", 0),
                value("battery#voltage", null, "V", 0), value("faults#alarm", "a \"b\" <c>", "", 0));
        assertEquals("""
                {"time":"2026-11-22T12:00:00.123Z","online":true,"cause":null,"channels":{"battery#current":-12.5,\
                "relays#relay-1":"ON","inputs#in-1":"OPEN","battery#voltage":null,"faults#alarm":"a \\"b\\" <c>"},\
                "properties":{"firmwareVersion":"2.4.7","vendor":null}}""", JsonRenderer.render(state));
    }

    @Test
    void jsonOfALostBoardNamesTheCause() {
        String json = JsonRenderer.render(state("No answer", value("battery#current", null, "A", 0)));
        assertTrue(json.contains("\"online\":false,\"cause\":\"No answer\",\"channels\":{\"battery#current\":null}"),
                json);
    }

    @ParameterizedTest
    @CsvSource({ "-12.5, -12.5", "5, 5", "-0.0, 0", "1073742336, 1073742336", "4294967295, 4294967295",
            "0.30000000000000004, 0.3", "3.3040000000000003, 3.304", "-992.1250000001, -992.125", "1e-3, 0.001" })
    void numbersAreAsShortAsTheyCanBe(double number, String text) {
        assertEquals(text, ShownValue.decimal(number).toPlainString());
    }

    @Test
    void singlePrecisionShowsItsOwnDigits() {
        assertEquals("76.4", ShownValue.decimal(76.4f).toPlainString());
        assertEquals("-0.1", ShownValue.decimal(-0.1f).toPlainString());
    }

    @Test
    void valuesOfASnapshotAreShownByKind() {
        BoardAssembler assembler = new BoardAssembler(
                BoardSetup.standard(Duration.ofSeconds(5), Duration.ofMinutes(2)));
        assembler.put(Catalogue.CURRENT, -12.5f, 0);
        assembler.put(Catalogue.DISCHARGING_CONTACTOR, 1, 0);
        assembler.put(Catalogue.HEATER, 0, 0);
        assembler.put(Catalogue.STATE, 6, 0);
        assembler.put(Catalogue.ERRORS_1, 0x4_0000, 0);
        assembler.put(Catalogue.ERRORS_2, 0, 0);
        assembler.put(Catalogue.STATE_OF_CHARGE, 101, 0);
        assembler.putText(Catalogue.FIRMWARE_VERSION, "2.4.7", 0);
        BoardSnapshot snapshot = assembler.snapshot(2_000_000_000L, NOON);
        assertEquals(new ShownValue("battery#current", new BigDecimal("-12.5"), "A", NOON.minusSeconds(2)),
                ShownValue.of(snapshot, Catalogue.CURRENT));
        assertEquals("ON", ShownValue.of(snapshot, Catalogue.RELAY_1).value());
        assertEquals("OFF", ShownValue.of(snapshot, Catalogue.HEATER).value());
        assertEquals("relaxed-after-discharging", ShownValue.of(snapshot, Catalogue.STATE).value());
        assertEquals("Unknown error 1 bit 18", ShownValue.of(snapshot, Catalogue.ALARM).value());
        assertEquals(BigDecimal.valueOf(0x4_0000), ShownValue.of(snapshot, Catalogue.ERRORS_1).value());
        assertEquals("2.4.7", ShownValue.of(snapshot, Catalogue.FIRMWARE_VERSION).value());
        assertNull(ShownValue.of(snapshot, Catalogue.STATE_OF_CHARGE).value());
        assertNull(ShownValue.of(snapshot, Catalogue.HUMIDITY).value());
    }

    @Test
    void tableShowsValueUnitAndAge() {
        TableRenderer table = new TableRenderer("board 32", 80, false, ZoneOffset.UTC, "");
        List<String> lines = table.render(state(null, value("battery#current", new BigDecimal("-12.54321"), "A", 2),
                value("battery#voltage", null, "V", 0), value("battery#state", "state-1", "", 130),
                value("indicators#ds1", "red", "", 0), value("faults#alarm", "OK", "", 0),
                value("faults#water", "OFF", "", 1), value("faults#overcurrent", "ON", "", 1)));
        assertEquals("board 32   ● online   12:00:00   alarm: OK", lines.get(0));
        String text = String.join("\n", lines);
        assertTrue(text.contains("  Battery Current  current  -12.5 A  2.0 s"), text);
        assertTrue(text.contains("2.0 s"), text);
        assertTrue(text.contains("  Battery Voltage  voltage      - V"), text);
        assertTrue(text.contains("2 min"), text);
        assertTrue(text.contains("ds1  ● red"), text);
        assertTrue(text.contains("alarm OK"), text);
        assertTrue(text.contains("  ○ Water Detected  water        ● Overcurrent     overcurrent"), text);
        assertFalse(text.contains("\u001B"), text);
    }

    @Test
    void tableFitsItsWidth() {
        ShownValue[] all = Catalogue.channels().stream()
                .map(point -> value(point.id(),
                        point == Catalogue.LAST_UPDATE ? NOON.toString() : "blinking-yellow-25hz",
                        point.unit().symbol(), 1))
                .toArray(ShownValue[]::new);
        for (int width : new int[] { 80, 100, 132, 200 }) {
            for (String line : new TableRenderer("t", width, false, ZoneOffset.UTC, "")
                    .render(state("word ".repeat(50), all))) {
                assertTrue(line.length() <= width, line);
            }
        }
    }

    @Test
    void everyChannelIsInTheTable() {
        ShownValue[] all = Catalogue.channels().stream().map(point -> value(point.id(), null, "", 0))
                .toArray(ShownValue[]::new);
        String text = String.join("\n",
                new TableRenderer("t", 132, false, ZoneOffset.UTC, "").render(state(null, all)));
        Catalogue.channels().forEach(point -> assertTrue(text.contains(point.name()), point.id()));
    }

    @Test
    void coloursOnlyWhereATerminalHasThem() {
        assertTrue(screen(Map.of("BMS_TERMINAL", "50 120")).hasColour());
        assertFalse(screen(Map.of("BMS_TERMINAL", "50 120", "NO_COLOR", "1")).hasColour());
        assertFalse(screen(Map.of("BMS_TERMINAL", "50 120", "TERM", "dumb")).hasColour());
        assertFalse(screen(Map.of()).hasColour());
        assertEquals(120, screen(Map.of("BMS_TERMINAL", "50 120")).width());
        assertEquals(132, screen(Map.of("BMS_TERMINAL", "0 0")).width());
        TableRenderer table = new TableRenderer("t", 80, true, ZoneOffset.UTC, "");
        String text = String.join("\n", table.render(state(null, value("indicators#ds3", "blinking-yellow-2hz", "", 0),
                value("faults#water", "ON", "", 0), value("relays#relay-1", "ON", "", 0))));
        assertTrue(text.contains("\u001B[33;5mblinking-yellow-2hz\u001B[0m"), text);
        assertTrue(text.contains("\u001B[31;1mwater"), text);
        assertTrue(text.contains("\u001B[32;1mON"), text);
    }

    @Test
    void terminalPictureIsReplacedAndCut() {
        StringWriter out = new StringWriter();
        Screen screen = Screen.of(new PrintWriter(out), Map.of("BMS_TERMINAL", "4 80"));
        screen.show(List.of("a", "b", "c", "d", "e"), true);
        assertEquals("\u001B[2J\u001B[Ha\u001B[K\nb\u001B[K\n\u001B[2mlines 1 to 2 of 5\u001B[0m\u001B[K\u001B[J",
                out.toString());
        out.getBuffer().setLength(0);
        screen.show(List.of("a"), true);
        assertEquals("\u001B[Ha\u001B[K\n\u001B[J", out.toString());
        out.getBuffer().setLength(0);
        screen.show(List.of("a", "b"), false);
        assertEquals(String.format("a%nb%n"), out.toString());
    }

    @Test
    void keysScrollAndQuit() {
        StringWriter out = new StringWriter();
        Screen screen = Screen.of(new PrintWriter(out), Map.of("BMS_TERMINAL", "4 80", "NO_COLOR", "1"));
        List<String> done = new ArrayList<>();
        Keys keys = new Keys(screen, () -> done.add("quit"));
        screen.scrolls();
        screen.show(List.of("a", "b", "c", "d", "e"), true);
        assertEquals("ab", shown(out));
        for (String[] step : new String[][] { { "j", "bc" }, { "\u001B[B", "cd" }, { "\u001B[A", "bc" }, { " ", "de" },
                { "\u001B[6~", "de" }, { "\u001B[5~", "bc" }, { "G", "de" }, { "g", "ab" }, { "k", "ab" },
                { "\u001BOB", "bc" }, { "x", "bc" } }) {
            out.getBuffer().setLength(0);
            Iterator<Integer> bytes = step[0].chars().iterator();
            assertTrue(keys.press(bytes.next(), any -> bytes.next()));
            screen.show(List.of("a", "b", "c", "d", "e"), true);
            assertEquals(step[1], shown(out), step[0]);
        }
        assertTrue(out.toString().contains("lines 2 to 3 of 5, up and down scroll, q quits"), out.toString());
        assertFalse(keys.press(-1, any -> -1));
        assertFalse(keys.press('q', any -> -1));
        assertEquals(List.of("quit"), done);
    }

    /** The lines of the last picture. */
    private static String shown(StringWriter out) {
        String text = out.toString();
        String last = text.substring(text.lastIndexOf("\u001B[H") + 3);
        return last.lines().limit(2).map(line -> line.replace("\u001B[K", "")).collect(Collectors.joining());
    }

    @Test
    void anOfflineBoardIsItsReason() {
        List<String> lines = new TableRenderer("t", 132, false, ZoneOffset.UTC, "").render(new ShownState(NOON, false,
                "No answer",
                Catalogue.channels().stream()
                        .map(point -> value(point.id(), point == Catalogue.CHARGE_IN ? BigDecimal.TEN : null, "", 0))
                        .toList(),
                List.of()));
        assertEquals(List.of("t   ● offline   12:00:00", "No answer", "", "Energy       channel    value   read",
                "  Charge In  charge-in  10   0.0 s"), lines);
    }

    @Test
    void theHeadTellsOfAlarmAndInitialisation() {
        List<String> lines = new TableRenderer("t", 80, false, ZoneOffset.UTC, "A note.").render(state(null,
                value("faults#alarm", "Water", "", 0), value("internal-signals#initialisation", "ON", "", 0)));
        assertEquals("t   ● online   12:00:00   alarm: Water   initialising, readings follow", lines.get(0));
        assertEquals("A note.", lines.get(1));
    }

    @Test
    void faultsComeRightAfterTheBattery() {
        ShownValue[] all = Catalogue.channels().stream().map(point -> value(point.id(), null, "", 0))
                .toArray(ShownValue[]::new);
        List<String> headings = new TableRenderer("t", 80, false, ZoneOffset.UTC, "").render(state(null, all)).stream()
                .filter(line -> line.matches("\\p{Lu}.*")).map(line -> line.replaceFirst("  .*", "")).toList();
        assertEquals(List.of("Battery", "Energy", "Faults", "History", "Sensors"), headings.subList(0, 5));
    }

    @Test
    void causesAreThoseOfTheBinding() {
        for (FailureCause cause : FailureCause.values()) {
            for (ConnectionType wire : List.of(ConnectionType.SERIAL, ConnectionType.TCP)) {
                String text = Texts.of(new Failure(cause, "detail"), wire, "/dev/ttyUSB0", 32);
                assertTrue(text.contains("/dev/ttyUSB0"), text);
                assertFalse(text.contains("{"), text);
            }
        }
        assertTrue(Texts.of(Failure.of(FailureCause.NO_ANSWER), ConnectionType.SERIAL, "COM3", 17)
                .startsWith("Board 17 on COM3"));
    }

    private static Screen screen(Map<String, String> environment) {
        return Screen.of(new PrintWriter(new StringWriter()), environment);
    }
}
