/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.template;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.handler.Languages;
import org.openhab.core.library.types.DateTimeType;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.library.types.QuantityType;
import org.openhab.core.library.types.StringType;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;

/**
 * The rule templates: valid for openHAB, and with the documented behaviour.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RuleTemplatesTest {

    private static final Set<String> EXPECTED = Set.of("alarm", "alarm-of-any-board", "battery-full", "cell-imbalance",
            "charge-window", "daily-energy", "daily-summary", "heater", "humidity-or-water", "link-lost",
            "low-state-of-charge");
    /**
     * The fields of openHAB's RuleTemplateDTO, its modules and its parameters; openHAB rejects a file with any
     * other field.
     */
    private static final Set<String> FIELDS = Set.of("uid", "label", "description", "visibility", "tags",
            "configDescriptions", "triggers", "conditions", "actions");
    private static final Set<String> MODULE_FIELDS = Set.of("id", "type", "configuration");
    private static final Set<String> PARAMETER_FIELDS = Set.of("name", "type", "context", "required", "label",
            "description", "defaultValue", "min", "max", "unit", "pattern");
    /** Required configuration of each module of a base installation. */
    private static final Map<String, Set<String>> MODULES = Map.of("core.ItemStateChangeTrigger", Set.of("itemName"),
            "core.ChannelEventTrigger", Set.of("channelUID"), "timer.GenericCronTrigger", Set.of("cronExpression"),
            "timer.TimeOfDayTrigger", Set.of("time"), "script.ScriptAction", Set.of("type", "script"));
    private static final Set<String> TYPES = Set.of("TEXT", "DECIMAL", "INTEGER", "BOOLEAN");

    private static State percent(double value) {
        return QuantityType.valueOf(value + " %");
    }

    private static State celsius(double value) {
        return QuantityType.valueOf(value + " °C");
    }

    private static State text(String value) {
        return new StringType(value);
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(TemplateRule.FOLDER)) {
            return files.sorted().toList();
        }
    }

    /** openHAB ignores .yml without a message. */
    @Test
    void everyFileIsATemplateWithTheEndingThatOpenhabReads() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : files()) {
            String name = file.getFileName().toString();
            assertTrue(name.endsWith(".yaml"), name);
            names.add(name.replace(".yaml", ""));
        }
        assertEquals(new TreeSet<>(EXPECTED), names);
    }

    @ParameterizedTest
    @MethodSource("files")
    void hasOnlyFieldsThatOpenhabKnows(Path file) {
        Map<String, Object> template = TemplateRule.load(file);
        assertEquals(FIELDS, template.keySet());
        assertEquals("bmsmain:" + file.getFileName().toString().replace(".yaml", ""), template.get("uid"));
        assertEquals("VISIBLE", template.get("visibility"));
        Set<String> ids = new HashSet<>();
        for (String kind : List.of("triggers", "conditions", "actions")) {
            for (Map<String, Object> module : TemplateRule.list(template, kind)) {
                assertEquals(MODULE_FIELDS, module.keySet());
                assertTrue(ids.add(TemplateRule.text(module, "id")), "id twice");
                assertEquals(MODULES.get(TemplateRule.text(module, "type")),
                        TemplateRule.map(module, "configuration").keySet(), module.toString());
                TemplateRule.map(module, "configuration").values()
                        .forEach(value -> assertInstanceOf(String.class, value));
            }
        }
        for (Map<String, Object> parameter : TemplateRule.list(template, "configDescriptions")) {
            Set<String> unknown = new TreeSet<>(parameter.keySet());
            unknown.removeAll(PARAMETER_FIELDS);
            assertEquals(Set.of(), unknown);
            assertTrue(TYPES.contains(parameter.get("type")), parameter.toString());
            // a placeholder without a value would remain in the script
            assertEquals(Boolean.TRUE, parameter.get("required"), parameter.toString());
            assertTrue("item".equals(parameter.get("context")) || parameter.get("defaultValue") instanceof String,
                    parameter.toString());
        }
    }

    /** A user's Item may have the name of a variable, so variables have names that are unlikely for Items. */
    @ParameterizedTest
    @MethodSource("files")
    void parametersAreAllUsedAndVariablesAreTwoWords(Path file) throws IOException {
        String text = Files.readString(file);
        Set<String> used = new TreeSet<>();
        Matcher reference = Pattern.compile("\\{\\{(\\w+)}}").matcher(text);
        while (reference.find()) {
            used.add(reference.group(1));
        }
        Set<String> declared = new TreeSet<>();
        TemplateRule.list(TemplateRule.load(file), "configDescriptions")
                .forEach(parameter -> declared.add(TemplateRule.text(parameter, "name")));
        assertEquals(declared, used);
        Matcher variable = Pattern.compile("va[lr] (\\w+)").matcher(text);
        while (variable.find()) {
            assertTrue(variable.group(1).matches("[a-z]+[A-Z]\\w*|oldest"), variable.group(1));
        }
    }

    @Test
    void namedChannelsExist() throws IOException {
        Pattern channel = Pattern.compile("([a-z-]+#[a-z0-9-]+)");
        for (Path file : files()) {
            Matcher matcher = channel.matcher(Files.readString(file));
            while (matcher.find()) {
                String id = matcher.group(1).replaceFirst("^control#", "input-signals#");
                // The only channel with events and without a value.
                assertTrue("faults#event".equals(id) || Catalogue.byId(id) != null, file + " " + id);
            }
        }
    }

    @Test
    void textsAreThoseOfTheProperties() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (Path file : files()) {
            Map<String, Object> template = TemplateRule.load(file);
            String id = TemplateRule.text(template, "uid");
            String config = "rule-template.config." + id.replace(':', '.') + ".name.";
            for (String text : List.of("label", "description")) {
                expected.put("rule-template." + id + "." + text, TemplateRule.text(template, text));
                TemplateRule.list(template, "configDescriptions").forEach(parameter -> expected
                        .put(config + parameter.get("name") + "." + text, TemplateRule.text(parameter, text)));
            }
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(Path.of("ESH-INF/i18n/bmsmain.properties"))) {
            properties.load(reader);
        }
        Map<String, String> actual = new TreeMap<>();
        properties.forEach((key, text) -> {
            if (key.toString().startsWith("rule-template.")) {
                actual.put(key.toString(), text.toString());
            }
        });
        assertEquals(expected, actual);
    }

    @Test
    void alarmIsRaisedAndClearedButNotInvented() {
        TemplateRule rule = new TemplateRule("alarm");
        assertEquals(List.of("message=OK", "target=OFF"), rule.change("alarm", text("OK")).sent());
        assertEquals(List.of("message=Overcurrent", "target=ON"), rule.change("alarm", text("Overcurrent")).sent());
        assertEquals(List.of(), rule.change("alarm", UnDefType.UNDEF).sent());
        assertEquals(List.of("message=OK", "target=OFF"), rule.change("alarm", text("OK")).sent());
    }

    @Test
    void lowBatteryHasHysteresis() {
        TemplateRule rule = new TemplateRule("low-state-of-charge");
        assertEquals(List.of(), rule.change("soc", UnDefType.UNDEF).sent());
        assertEquals(List.of(), rule.change("soc", percent(25)).sent());
        assertEquals(List.of("target=ON"), rule.change("soc", percent(20)).sent());
        assertEquals(List.of(), rule.change("soc", percent(19)).sent());
        assertEquals(List.of(), rule.change("soc", percent(29.9)).sent());
        assertEquals(List.of(), rule.change("soc", UnDefType.UNDEF).sent());
        assertEquals(List.of("target=OFF"), rule.change("soc", percent(30)).sent());
        assertEquals(List.of(), rule.change("soc", percent(45)).sent());
    }

    /** An Item without unit metadata contains 0.15 for 15 %. */
    @Test
    void lowBatteryUnderstandsAShareOfOne() {
        TemplateRule rule = new TemplateRule("low-state-of-charge");
        assertEquals(List.of("target=OFF"), rule.change("soc", QuantityType.valueOf("0.45")).sent());
        assertEquals(List.of("target=ON"), rule.change("soc", QuantityType.valueOf("0.15")).sent());
    }

    @Test
    void lostLinkIsToldAfterItsMinutesAndWhenItIsBack() {
        TemplateRule rule = new TemplateRule("link-lost");
        assertEquals(List.of(), rule.clock("12:00").sent());
        rule.change("lastUpdate", new DateTimeType(rule.now()));
        assertEquals(List.of("target=OFF"), rule.clock("12:05").sent());
        assertEquals(List.of("target=ON"), rule.clock("12:06").sent());
        assertEquals(List.of(), rule.clock("12:07").sent());
        rule.change("lastUpdate", new DateTimeType(rule.now()));
        assertEquals(List.of("target=OFF"), rule.clock("12:08").sent());
    }

    /** On the way from the form to the script a whole number may become a fraction. */
    @ParameterizedTest
    @ValueSource(strings = { "5", "5.0" })
    void lostLinkTakesItsMinutesInAnyForm(String minutes) {
        TemplateRule rule = new TemplateRule("link-lost").with("minutes", minutes);
        rule.change("lastUpdate", new DateTimeType(rule.now()));
        assertEquals(List.of("target=OFF"), rule.clock("12:05").sent());
        assertEquals(List.of("target=ON"), rule.clock("12:06").sent());
    }

    /** Nothing was read yet, or only the day before: the board gets its minutes, and no more. */
    @Test
    void aLinkThatIsDeadFromTheStartIsTold() {
        for (State restored : List.of(UnDefType.NULL, UnDefType.UNDEF, new DateTimeType("2026-05-03T23:00:00Z"))) {
            TemplateRule rule = new TemplateRule("link-lost").restart(Instant.parse("2026-05-04T12:00:10Z"));
            rule.change("lastUpdate", restored);
            assertEquals(List.of(), rule.clock("12:01").clock("12:05").sent(), restored.toString());
            assertEquals(List.of("target=ON"), rule.clock("12:06").sent(), restored.toString());
            assertEquals(List.of(), rule.clock("12:07").sent(), restored.toString());
            rule.change("lastUpdate", new DateTimeType(rule.now()));
            assertEquals(List.of("target=OFF"), rule.clock("12:08").sent(), restored.toString());
        }
    }

    /** After a restart following a long stop, the link does not count as lost if the board responds. */
    @Test
    void aRestartIsNoLostLink() {
        TemplateRule rule = new TemplateRule("link-lost").restart(Instant.parse("2026-05-04T12:00:50Z"));
        rule.change("lastUpdate", new DateTimeType("2026-05-04T10:00:00Z"));
        assertEquals(List.of(), rule.clock("12:01").sent());
        rule.change("lastUpdate", new DateTimeType("2026-05-04T12:01:10Z"));
        assertEquals(List.of("target=OFF"), rule.clock("12:02").sent());
    }

    @Test
    void fullBatteryHasHysteresis() {
        TemplateRule rule = new TemplateRule("battery-full");
        assertEquals(List.of(), rule.change("soc", UnDefType.UNDEF).change("soc", percent(99.4)).sent());
        assertEquals(List.of("target=ON"), rule.change("soc", percent(99.5)).sent());
        assertEquals(List.of(), rule.change("soc", percent(100)).change("soc", percent(95.1)).sent());
        assertEquals(List.of("target=OFF"), rule.change("soc", percent(95)).sent());
        assertEquals(List.of("target=ON"), rule.change("soc", QuantityType.valueOf("1")).sent(), "a share of one");
    }

    @Test
    void imbalanceNamesTheCells() {
        TemplateRule rule = new TemplateRule("cell-imbalance");
        rule.change("lowest", text("Board 1 Cell 3")).change("highest", text("Board 2 Cell 7"));
        assertEquals(List.of(), rule.change("difference", QuantityType.valueOf("0.049 V")).sent());
        assertEquals(
                List.of("message=Cells differ by 50 mV: lowest Board 1 Cell 3, highest Board 2 Cell 7", "target=ON"),
                rule.change("difference", QuantityType.valueOf("0.05 V")).sent());
        assertEquals(List.of(), rule.change("difference", QuantityType.valueOf("0.06 V")).sent());
        assertEquals(List.of("message=Cells differ by 60 mV: lowest Board 1 Cell 4, highest Board 2 Cell 7"),
                rule.change("lowest", text("Board 1 Cell 4")).sent(), "another cell");
        assertEquals(List.of(), rule.change("difference", UnDefType.UNDEF).sent());
        assertEquals(List.of("target=OFF"), rule.change("difference", QuantityType.valueOf("0.03 V")).sent());
        assertEquals(List.of(), rule.change("lowest", text("Board 2 Cell 1")).sent());
    }

    @Test
    void energyOfTheDayIsToldBeforeItsEnd() {
        TemplateRule rule = new TemplateRule("daily-energy");
        rule.change("charged", QuantityType.valueOf("4.25 kWh")).change("discharged", UnDefType.UNDEF);
        String line = rule.clock("23:55").sent().get(0);
        assertTrue(line.matches("message=Battery today: 4[.,]3 kWh charged, unknown discharged"), line);
    }

    @Test
    void aFaultOfAnyBoardIsToldAndItsEndIsNoAllClear() {
        TemplateRule rule = new TemplateRule("alarm-of-any-board");
        assertEquals(List.of("message=bmsmain:can:boat RAISED:water", "target=ON"),
                rule.event("bmsmain:can:boat:faults#event", "RAISED:water").sent());
        assertEquals(List.of("message=bmsmain:tcp:home RAISED:overcurrent", "target=ON"),
                rule.event("bmsmain:tcp:home:faults#event", "RAISED:overcurrent").sent());
        assertEquals(List.of("message=bmsmain:can:boat CLEARED:water"),
                rule.event("bmsmain:can:boat:faults#event", "CLEARED:water").sent());
        assertEquals(List.of(), rule.event("astro:sun:home:rise#event", "START").sent());
    }

    @Test
    void chargingIsInhibitedOutsideOfTheWindowAndGivenBack() {
        TemplateRule rule = new TemplateRule("charge-window");
        rule.change("control", text("physical")).change("soc", percent(50));
        assertEquals(List.of("marker=ON", "control=on"), rule.sent());
        assertEquals(List.of(), rule.clock("21:59").sent());
        assertEquals(List.of("control=physical"), rule.clock("22:00").sent());
        assertEquals(List.of("marker=OFF"), rule.clock("22:01").sent());
        assertEquals(List.of(), rule.clock("05:59").sent());
        assertEquals(List.of("marker=ON", "control=on"), rule.clock("06:00").sent());
    }

    @Test
    void chargingEndsAtTheLimitAndBeginsAgainBelow() {
        TemplateRule rule = chargeAllDay();
        rule.change("control", text("physical")).change("soc", percent(89));
        assertEquals(List.of(), rule.sent());
        assertEquals(List.of("marker=ON", "control=on"), rule.change("soc", percent(90)).sent());
        assertEquals(List.of(), rule.change("soc", percent(88)).sent());
        assertEquals(List.of("control=physical"), rule.change("soc", percent(87)).sent());
    }

    /** One impossible reading must not enable charging of a full battery. */
    @Test
    void chargeWindowGivesNothingBackWhileTheStateOfChargeIsUnknown() {
        TemplateRule rule = chargeAllDay();
        rule.change("control", text("physical")).change("soc", percent(95)).sent();
        assertEquals(List.of(), rule.change("soc", UnDefType.UNDEF).clock("13:00").sent());
        assertEquals(List.of("control=physical"), rule.change("soc", percent(80)).sent());
    }

    /** Without a link the state is unknown and a command would be rejected; a forced off was set by somebody else. */
    @Test
    void chargeWindowLeavesWhatItMayNotTouch() {
        TemplateRule rule = new TemplateRule("charge-window");
        assertEquals(List.of(), rule.change("control", UnDefType.UNDEF).clock("13:00").sent());
        assertEquals(List.of(), rule.change("control", text("off")).change("soc", percent(95)).clock("13:00").sent());
    }

    /** A user who inhibits charging manually has a reason, and releases it manually. */
    @Test
    void chargeWindowDoesNotGiveBackWhatSomebodyElseTook() {
        TemplateRule rule = new TemplateRule("charge-window");
        rule.change("control", text("on")).change("soc", percent(50));
        assertEquals(List.of(), rule.clock("13:00").sent());
        assertEquals(List.of(), rule.clock("22:00").sent());
    }

    /** The board does not report what is forced, so the control channel is undefined after a lost link. */
    @Test
    void chargeWindowGoesOnAfterALostLink() {
        TemplateRule rule = new TemplateRule("charge-window");
        rule.change("control", text("physical")).change("soc", percent(50)).sent();
        rule.change("control", UnDefType.UNDEF).change("soc", UnDefType.UNDEF);
        assertEquals(List.of(), rule.clock("22:00").sent());
        assertEquals(List.of("control=physical"), rule.change("soc", percent(51)).sent());

        rule = new TemplateRule("charge-window");
        rule.change("control", UnDefType.UNDEF).change("soc", percent(50));
        assertEquals(List.of("marker=ON", "control=on"), rule.sent());
    }

    private static TemplateRule chargeAllDay() {
        return new TemplateRule("charge-window").with("start", "08:00").with("end", "18:00");
    }

    @Test
    void heaterKeepsTheBatteryWarm() {
        TemplateRule rule = new TemplateRule("heater");
        rule.change("heater", text("physical"));
        assertEquals(List.of(), rule.change("temperature", celsius(4)).sent());
        assertEquals(List.of("heater=on"), rule.change("temperature", celsius(3)).sent());
        assertEquals(List.of(), rule.change("temperature", celsius(5.9)).sent());
        assertEquals(List.of("heater=physical"), rule.change("temperature", celsius(6)).sent());
        assertEquals(List.of(), rule.change("temperature", celsius(20)).sent());
    }

    @Test
    void heaterGoesOffWhenNobodyKnowsTheTemperature() {
        TemplateRule rule = new TemplateRule("heater").with("onCommand", "ON").with("offCommand", "OFF");
        rule.change("heater", OnOffType.OFF);
        assertEquals(List.of("heater=ON"), rule.change("temperature", QuantityType.valueOf("272 K")).sent());
        assertEquals(List.of("heater=OFF"), rule.change("temperature", UnDefType.UNDEF).sent());
    }

    /** After a lost link the state of the heater is unknown: a warm battery must not be heated forever. */
    @Test
    void heaterIsGivenBackAfterALostLink() {
        TemplateRule rule = new TemplateRule("heater");
        rule.change("heater", text("physical")).change("temperature", celsius(2)).sent();
        rule.change("heater", UnDefType.UNDEF).change("temperature", UnDefType.UNDEF).sent();
        rule.change("heater", UnDefType.UNDEF);
        assertEquals(List.of("heater=physical"), rule.change("temperature", celsius(12)).sent());
    }

    /** A command dropped on a busy bus is repeated with the next minute, not with the next change. */
    @Test
    void heaterIsSwitchedOffUntilItIsOff() {
        TemplateRule rule = new TemplateRule("heater");
        rule.change("heater", text("on")).change("temperature", celsius(12)).sent();
        rule.change("heater", text("on"));
        assertEquals(List.of("heater=physical"), rule.clock("12:01").sent());
        assertEquals(List.of(), rule.clock("12:02").sent());
    }

    @Test
    void heaterThatSomebodyForcedOffStaysOff() {
        TemplateRule rule = new TemplateRule("heater");
        rule.change("heater", text("off"));
        assertEquals(List.of(), rule.change("temperature", celsius(1)).clock("12:01").sent());
    }

    @Test
    void summaryComesOnceADayAndCallsUnknownUnknown() {
        TemplateRule rule = new TemplateRule("daily-summary");
        rule.change("soc", percent(76.5)).change("temperature", UnDefType.UNDEF).change("alarm", text("OK"));
        assertEquals(List.of(), rule.clock("19:59").sent());
        assertEquals(List.of("message=Battery 77 %, unknown, alarm: OK"), rule.clock("20:00").sent());
    }

    @Test
    void summaryTellsPercentAlsoForAShareOfOne() {
        TemplateRule rule = new TemplateRule("daily-summary");
        rule.change("soc", QuantityType.valueOf("0.42")).change("temperature", celsius(21.25));
        String line = rule.clock("20:00").sent().get(0);
        assertTrue(line.matches("message=Battery 42 %, 21[.,]3 °C, alarm: unknown"), line);
    }

    /** The description contains the text to copy, in its language. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            en | unknown   | Battery 77 %, unknown, alarm: OK
            de | unbekannt | Batterie 77 %, unbekannt, Alarm: OK
            """)
    void summarySpeaksTheLanguageOfTheUser(String language, String unknown, String line) {
        String description = Languages.properties(language)
                .getProperty("rule-template.config.bmsmain.daily-summary.name.line.description", "");
        String ready = description.replaceFirst(".*\\.[^:]*: (.*)\\.", "$1");
        TemplateRule rule = new TemplateRule("daily-summary").with("line", ready).with("unknown", unknown);
        rule.change("soc", percent(76.5)).change("temperature", UnDefType.UNDEF).change("alarm", text("OK"));
        assertEquals(List.of("message=" + line), rule.clock("20:00").sent());
    }

    /** A percent sign is not a placeholder, and an omitted placeholder is no error. */
    @Test
    void summaryTakesAnyWords() {
        TemplateRule rule = new TemplateRule("daily-summary").with("line", "100 % sure: %3$s, %s, %d {0}");
        assertEquals(List.of("message=100 % sure: OK, %s, %d {0}"),
                rule.change("alarm", text("OK")).clock("20:00").sent());
    }

    /** Texts are inserted into the script unchanged: they must not end the string that contains them. */
    @ParameterizedTest
    @MethodSource("files")
    void wordsCannotBecomeCode(Path file) {
        for (Map<String, Object> parameter : TemplateRule.list(TemplateRule.load(file), "configDescriptions")) {
            if ("TEXT".equals(parameter.get("type")) && !parameter.containsKey("context")) {
                Pattern pattern = Pattern.compile(TemplateRule.text(parameter, "pattern"));
                assertTrue(pattern.matcher(TemplateRule.text(parameter, "defaultValue")).matches());
                for (String wrong : List.of("\"", "\\", "a \" + b", "a\\n")) {
                    assertFalse(pattern.matcher(wrong).matches(), parameter.get("name") + ": " + wrong);
                }
            }
        }
    }

    @Test
    void humidityOrWaterIsTold() {
        TemplateRule rule = new TemplateRule("humidity-or-water");
        rule.change("water", OnOffType.OFF);
        assertEquals(List.of("target=OFF"), rule.change("humidity", percent(40)).sent());
        assertEquals(List.of("target=ON"), rule.change("humidity", percent(80)).sent());
        assertEquals(List.of(), rule.change("humidity", percent(76)).sent());
        assertEquals(List.of("target=OFF"), rule.change("humidity", percent(75)).sent());
        assertEquals(List.of("target=ON"), rule.change("water", OnOffType.ON).sent());
        assertEquals(List.of(), rule.change("water", UnDefType.UNDEF).sent());
        assertEquals(List.of("target=OFF"), rule.change("water", OnOffType.OFF).sent());
    }

    /** The interpreter of these tests must not be more tolerant than openHAB. */
    @Test
    void interpreterRefusesWhatItDoesNotKnow() {
        for (String script : List.of("while (true) {}", "val a = 1 val a = 2", "val a = 1 a = 2", "unknown.state",
                "sendCommand(\"A\", 1 * 2)", "val a = \"x\".noSuchMethod", "if (1) {}")) {
            assertThrows(IllegalArgumentException.class, () -> new DslScript(script, Map.of(), Map.of()).run(), script);
        }
    }
}
