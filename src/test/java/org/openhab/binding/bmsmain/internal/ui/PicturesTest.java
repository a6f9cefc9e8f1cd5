/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.ui;

import static org.junit.jupiter.api.Assertions.*;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.internal.ui.DashboardFixture.Day;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;

import com.google.gson.Gson;

/**
 * Renders the overview page in a browser and checks its texts; {@code -Dbmsmain.pictures=true} also takes the
 * pictures of {@code docs/images}. Skipped without Chromium, but not in CI.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class PicturesTest {

    private static final Path PREVIEW = Path.of("src/test/ui");
    private static final Path IMAGES = Path.of("docs/images");
    private static final int PHONE = 390;
    private static final int TABLET = 820;
    /** Width of the sidebar in a wide window. */
    private static final int DESKTOP = 1200;
    /** Minimum width of a browser window. */
    private static final int LEAST_WINDOW = 500;
    private static final int HEIGHT = 4000;
    /** The languages with the longest words. */
    private static final List<String> NARROW_LANGUAGES = List.of("en", "de", "ru");
    /** Current, the bits of charging and discharging, and the expected words. */
    private static final List<String> DIRECTIONS = List.of("-273.5 | OFF | OFF | Discharging",
            "-0.04 | OFF | ON | No current", "12.5 | OFF | ON | Charging", " | ON | OFF | Charging",
            " | OFF | OFF | No current", " | NULL | NULL | Direction unknown");
    private static final Map<String, Integer> SIZES = Map.of("phone", PHONE, "tablet", TABLET, "desktop", DESKTOP);

    /** Not in the temporary folder: helper processes of the browser may write there a moment longer. */
    private static final Path PROFILE = Path.of(System.getProperty("bmsmain.build", "target"), "chromium")
            .toAbsolutePath();
    private static final String END = "<hr class=\"end-of-sheet\">";

    /** The result of the browser for each sheet, by name. */
    private static final Map<String, String> RENDERED = new HashMap<>();

    @TempDir
    private static Path folder = Path.of("");

    /**
     * A page to be rendered.
     *
     * @param members the Items of a group, by its name
     * @param states the states of all Items, by name
     */
    private record Sheet(RootUIComponent page, Map<String, List<Map<String, Object>>> members,
            Map<String, Map<String, Object>> states, String language, int width) {

        static Sheet of(Day day, String language, int width) {
            return new Sheet(DashboardFixture.page(day, language), Map.of(), DashboardFixture.states(day), language,
                    width);
        }

        static Sheet of(Map<String, Map<String, Object>> states) {
            return new Sheet(DashboardFixture.page(Day.WELL, "en"), Map.of(), states, "en", TABLET);
        }
    }

    /** One browser renders all sheets, because its start takes longer than rendering. */
    @BeforeAll
    static void render() throws Exception {
        Peers.need(Peers.onPath("chromium"), "chromium");
        Map<String, Sheet> sheets = new LinkedHashMap<>();
        for (Day day : Day.values()) {
            sheets.put(day.name(), Sheet.of(day, "en", DESKTOP));
            for (String language : NARROW_LANGUAGES) {
                sheets.put(day + " " + language, Sheet.of(day, language, PHONE));
                sheets.put(day + " " + language + " on a tablet", Sheet.of(day, language, TABLET));
            }
        }
        sheets.put("german", Sheet.of(Day.WELL, "de", TABLET));
        sheets.put("units", Sheet.of(otherUnits()));
        DIRECTIONS.forEach(row -> sheets.put(row, Sheet.of(direction(row))));
        sheets.put("missing", bankWithoutAMember());
        sheets.put("equipment", equipment());
        sheets.put("soc only",
                new Sheet(single(OverviewPage.BATTERY_CARD, "soc", DashboardFixture.name("battery#state-of-charge")),
                        Map.of(), DashboardFixture.states(Day.WELL), "en", TABLET));
        Path index = folder.resolve("index.html");
        Map<String, Object> frames = new LinkedHashMap<>();
        for (Map.Entry<String, Sheet> sheet : sheets.entrySet()) {
            frames.put(sheet.getKey(),
                    Map.of("html", html(sheet.getValue(), false), "width", sheet.getValue().width()));
        }
        Files.writeString(index, Files.readString(PREVIEW.resolve("sheets.html")).replace("/*SHEETS*/null",
                new Gson().toJson(frames).replace("</", "<\\/")));
        String[] parts = browse(index, "--dump-dom", "--window-size=1400,4000").split(END);
        List<String> names = List.copyOf(sheets.keySet());
        assertEquals(names.size(), parts.length - 1, () -> String.join("", parts));
        for (int i = 0; i < names.size(); i++) {
            RENDERED.put(names.get(i), parts[i]);
        }
    }

    /** The text of a sheet, and its tags; without scripts and styles. */
    private static String text(String sheet) {
        String html = String.valueOf(RENDERED.get(sheet));
        assertTrue(html.contains("data-ready=\"true\""), html);
        assertFalse(html.contains("class=\"error\""), html);
        return html.replaceAll("(?s)<(script|style)>.*?</\\1>", "");
    }

    private static void assertContains(String sheet, String... words) {
        String text = text(sheet);
        for (String word : words) {
            assertTrue(text.contains(word), () -> word + " is missing in " + text);
        }
    }

    private static void assertLacks(String sheet, String... words) {
        String text = text(sheet);
        for (String word : words) {
            assertFalse(text.contains(word), () -> word + " must not be in " + text);
        }
    }

    @ParameterizedTest
    @EnumSource(Day.class)
    void pageTellsTheTruthAboutEachDay(Day day) {
        assertContains(day.name(), expected(day).toArray(String[]::new));
        assertLacks(day.name(), forbidden(day).toArray(String[]::new));
    }

    private static List<String> expected(Day day) {
        return switch (day) {
            case WELL -> List.of("76 %", "Charging", "full in 5 h 17 min", "664 W", "12.5 A", "No faults",
                    "Discharging Contactor", "closed", "Board answers", "Response time 18 ms", "Lowest, Cell 4",
                    "forced on", "As wired", "Charge Request = on: confirmed", "4.2 kWh", "1,284.5 kWh", "24,150.3 Ah",
                    "99.6 %", "Cleared: Humidity too high", "× 2", "2026-05-02 23:17",
                    "data-items=\"House_battery_state_of_charge House_battery_power\"");
            case UNKNOWN -> List.of("–", "Direction unknown", "No data from the board", "Faults are unknown",
                    "No answer known", "The voltages of the cells are unknown.", "not known whether it is forced");
            case ALARM -> List.of("18 %", "No current", "Battery cover open", "critical", "BMS Logic board offline",
                    "3 faults, 1 critical: Battery cover open, …", "Inhibit Charging = on: confirmed");
            case FAULTS -> List.of("16 faults, 1 critical: Analogue-to-digital converter error, …",
                    ">Charging current flows through the discharging contactor<", "bm-badge\">16<");
            case INITIALISING -> List.of("–", "Initialising, values follow", "Direction unknown", "Board answers");
            case MODBUS -> List.of("73 %", "Discharging", "empty in 2 h 31 min", "-30.2 A", "21.6 °C", "No faults",
                    "data-href=\"/settings/things/bmsmain:tcp:house\"", "Suggest Registers",
                    "data-items=\"House_battery_state_of_charge House_battery_current\"", ">A<");
            case CAN -> List.of("73 %", "-12,387 W", "-157.0 A", "78.9 V", "28.0 °C", "P14 CAN");
            case BANK ->
                List.of("House Bank", "Shed Battery", "Cellar Battery", "664 W", "No faults", "Details", "navigate|||");
        };
    }

    /** An unknown value must not look like zero, and unknown faults must not look like none. */
    private static List<String> forbidden(Day day) {
        return switch (day) {
            // the card reports that there are no faults, and nothing repeats it
            case WELL, BANK -> List.of("NULL", "UNDEF", "NaN", "undefined", "Suggest Registers", ">Faults<");
            case ALARM, FAULTS -> List.of("NULL", "UNDEF", "NaN", "undefined", "No faults");
            case UNKNOWN -> List.of("NULL", "UNDEF", "NaN", "undefined", ">0", "No faults", "No current", ">closed");
            case INITIALISING -> List.of("NULL", "UNDEF", "NaN", "undefined", ">0", "No faults", "No current",
                    ">closed", "Voltage<", "Faults are unknown");
            // values that the board cannot provide take no space
            case MODBUS -> List.of("NULL", "UNDEF", "NaN", "undefined", "–", ">Power<", ">Voltage<", ">Cells<", "today",
                    "Faults<", "IN1", "OUT1");
            case CAN -> List.of("NULL", "UNDEF", "NaN", "undefined", ">–<", "Suggest Registers", "Ambient", "OUT1");
        };
    }

    /** Numbers are formatted in the language of the user. */
    @Test
    void numbersAreWrittenAsInTheLanguage() {
        assertContains("german", "12,5 A", "53,1 V", "1.284,5 kWh", "3,305 V", "Antwortzeit 18 ms", "Lädt");
    }

    /** Items created without a unit use openHAB's default units. */
    @Test
    void unitsOfItemsAreTakenIntoAccount() {
        assertContains("units", "76 %", "Response time 18 ms", "full in 5 h 17 min", "24,150.3 Ah", "99.6 %");
    }

    private static Map<String, Map<String, Object>> otherUnits() {
        Map<String, Map<String, Object>> states = DashboardFixture.states(Day.WELL);
        item(states, "battery#state-of-charge", 0.764, "one");
        item(states, "link#response-time", 0.0184, "s");
        item(states, "energy#time-to-full", 317, "min");
        item(states, "energy#charge-in", 86_941_116, "C");
        item(states, "energy#coverage", 0.9962, "one");
        return states;
    }

    private static void item(Map<String, Map<String, Object>> states, String channel, double number, String unit) {
        states.put(DashboardFixture.name(channel),
                Map.of("state", number + " " + unit, "type", "Quantity", "numericState", number, "unit", unit));
    }

    static List<String> directions() {
        return DIRECTIONS;
    }

    /** The sign of the current is measured (mark V); the bits with the same meaning are not (marks C and N). */
    @ParameterizedTest
    @MethodSource("directions")
    void directionIsThatOfTheCurrent(String row) {
        String[] columns = row.split(" *\\| *");
        assertContains(row, ">" + columns[3] + "<");
        assertLacks(row, "-0.0 A");
        assertEquals(!columns[0].isEmpty(), text(row).contains(" A<"), row);
    }

    private static Map<String, Map<String, Object>> direction(String row) {
        String[] columns = row.split(" *\\| *");
        Map<String, Map<String, Object>> states = DashboardFixture.states(Day.WELL);
        states.put(DashboardFixture.name("battery#current"), Map.of("state", "UNDEF", "type", "UnDef"));
        if (!columns[0].isEmpty()) {
            item(states, "battery#current", Double.parseDouble(columns[0]), "A");
        }
        states.put(DashboardFixture.name("battery#charging"), Map.of("state", columns[1], "type", "OnOff"));
        states.put(DashboardFixture.name("battery#discharging"), Map.of("state", columns[2], "type", "OnOff"));
        return states;
    }

    /** A bank with a missing member names it. */
    @Test
    void bankNamesWhoIsMissing() {
        assertContains("missing", "Not there: Shed Battery");
        assertLacks("missing", "No data from the board");
    }

    private static Sheet bankWithoutAMember() {
        Map<String, Map<String, Object>> states = new TreeMap<>();
        DashboardFixture.states(Day.BANK).keySet()
                .forEach(item -> states.put(item, Map.of("state", "UNDEF", "type", "UnDef")));
        states.put(DashboardFixture.name("bank#missing"), Map.of("state", "Shed Battery", "type", "String"));
        RootUIComponent page = Objects
                .requireNonNull(DashboardFixture.overview(Day.BANK, "en").build(true, true, List.of()));
        return new Sheet(page, Map.of(), states, "en", TABLET);
    }

    static List<String> narrow() {
        return Stream.of(Day.values()).flatMap(day -> NARROW_LANGUAGES.stream().map(language -> day + " " + language))
                .flatMap(sheet -> Stream.of(sheet, sheet + " on a tablet")).toList();
    }

    /** In the narrowest layout no text exceeds its card or overlaps another. */
    @ParameterizedTest
    @MethodSource("narrow")
    void nothingIsCutOffWhereThereIsLittleRoom(String sheet) {
        String text = text(sheet);
        int at = text.indexOf(" data-cut=\"");
        assertTrue(at >= 0, text);
        assertEquals("", text.substring(at + 11, text.indexOf('"', at + 11)));
    }

    /** The result of "Create Equipment from Thing", with only the name of its group. */
    @Test
    void widgetsFindTheirItemsInAnEquipment() {
        assertContains("equipment", "76 %", "12.5 A", "53.1 V", "Charging", ">No faults<", "Last reading");
        // two temperatures: neither is "the" temperature
        assertLacks("equipment", "Ambient");
    }

    private static Sheet equipment() {
        List<Map<String, Object>> members = List.of(member("battery#state-of-charge", "Measurement", "StateOfCharge"),
                member("battery#current", "Measurement", "Current"),
                member("battery#voltage", "Measurement", "Voltage"),
                member("sensors#humidity", "Measurement", "Humidity"),
                member("sensors#external-temperature", "Measurement", "Temperature"),
                member("battery#max-cell-temperature", "Measurement", "Temperature"),
                member("faults#alarm", "Alarm", "Info"), member("link#last-update", "Status", "Timestamp"));
        RootUIComponent page = single(OverviewPage.BATTERY_CARD, "equipment", "House");
        page.getSlots().get("default").addAll(single(OverviewPage.FAULTS, "equipment", "House").getSlot("default"));
        return new Sheet(page, Map.of("House", members), DashboardFixture.states(Day.WELL), "en", TABLET);
    }

    /** An alarm without a linked Item provides no information about the board. */
    @Test
    void cardWithoutAnAlarmDoesNotSayThatTheBoardIsSilent() {
        assertContains("soc only", "76 %", "Faults are unknown");
        assertLacks("soc only", "No data from the board", "No faults");
    }

    private static Map<String, Object> member(String channel, String... tags) {
        return Map.of("name", DashboardFixture.name(channel), "tags", List.of(tags));
    }

    private static RootUIComponent single(String widget, String prop, String value) {
        RootUIComponent page = new RootUIComponent("single", "oh-layout-page");
        page.addConfig("label", "Single");
        UIComponent component = new UIComponent("widget:" + widget);
        component.addConfig(prop, value);
        page.addComponent("default", component);
        return page;
    }

    @Test
    void takesPictures() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("bmsmain.pictures"), "pictures are taken on request only");
        for (Day day : Day.values()) {
            if (day != Day.ALARM) {
                for (boolean dark : List.of(false, true)) {
                    for (Map.Entry<String, Integer> size : SIZES.entrySet()) {
                        picture(Sheet.of(day, "en", size.getValue()), dark,
                                "dashboard-" + day.name().toLowerCase(Locale.ROOT) + "-" + size.getKey() + "-"
                                        + (dark ? "dark" : "light") + ".png");
                    }
                }
            }
        }
        Sheet all = new Sheet(OverviewPage.ofAll(overviews(), DashboardFixture.texts("en")), Map.of(),
                DashboardFixture.states(Day.WELL), "en", DESKTOP);
        picture(all, false, "dashboard-overview-desktop-light.png");
    }

    private static List<OverviewPage> overviews() {
        List<OverviewPage> pages = new ArrayList<>(DashboardFixture.members("en"));
        pages.add(DashboardFixture.overview(Day.WELL, "en"));
        return pages;
    }

    private static void picture(Sheet sheet, boolean dark, String name) throws Exception {
        Path page = folder.resolve("page.html");
        Files.writeString(page, html(sheet, dark));
        if (sheet.width() < LEAST_WINDOW) {
            // a browser window has a minimum width, a frame has none
            Path frame = folder.resolve("frame.html");
            Files.writeString(frame, "<body style='margin:0'><iframe src='page.html' style='border:0;width:"
                    + sheet.width() + "px;height:" + HEIGHT + "px'></iframe>");
            page = frame;
        }
        Path file = IMAGES.resolve(name);
        browse(page, "--screenshot=" + file.toAbsolutePath(),
                "--window-size=" + Math.max(sheet.width(), LEAST_WINDOW) + "," + HEIGHT);
        shrink(file, sheet.width());
        assertTrue(Files.size(file) > 10_000, name);
    }

    /** Crops the window to the width of the page, and removes the empty end. */
    private static void shrink(Path file, int width) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        int background = image.getRGB(2, image.getHeight() - 1);
        int bottom = image.getHeight() - 1;
        while (bottom > 0 && isPlain(image, bottom, width, background)) {
            bottom--;
        }
        int height = Math.min(image.getHeight(), bottom + 17);
        ImageIO.write(withPalette(image.getSubimage(0, 0, width, height)), "png", file.toFile());
    }

    /** The same picture in 256 colours: the most frequent of similar ones. */
    private static BufferedImage withPalette(BufferedImage image) {
        Map<Integer, Map<Integer, Integer>> alike = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int colour = image.getRGB(x, y) & 0xFFFFFF;
                alike.computeIfAbsent(colour & 0xF0F0F0, key -> new HashMap<>()).merge(colour, 1, Integer::sum);
            }
        }
        int[] palette = alike.values().stream().sorted(Comparator.comparingInt(PicturesTest::pixels).reversed())
                .limit(256)
                .mapToInt(colours -> Collections.max(colours.entrySet(), Map.Entry.comparingByValue()).getKey())
                .toArray();
        BufferedImage small = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE));
        Map<Integer, Integer> nearest = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int index = nearest.computeIfAbsent(image.getRGB(x, y), colour -> IntStream.range(0, palette.length)
                        .boxed().min(Comparator.comparingInt(i -> distance(palette[i], colour))).orElse(0));
                small.getRaster().setSample(x, y, 0, index);
            }
        }
        return small;
    }

    private static int pixels(Map<Integer, Integer> colours) {
        return colours.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static int distance(int a, int b) {
        return IntStream.of(16, 8, 0).map(shift -> (a >> shift & 0xFF) - (b >> shift & 0xFF)).map(d -> d * d).sum();
    }

    private static boolean isPlain(BufferedImage image, int y, int width, int background) {
        return IntStream.range(0, width).allMatch(x -> image.getRGB(x, y) == background);
    }

    private static String browse(Path page, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("chromium", "--headless", "--no-sandbox", "--disable-gpu",
                "--hide-scrollbars", "--force-device-scale-factor=1", "--force-prefers-reduced-motion",
                "--disable-dev-shm-usage", "--user-data-dir=" + PROFILE));
        command.addAll(List.of(options));
        command.add(page.toUri().toString());
        Path out = folder.resolve("out.html");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            fail("chromium did not end");
        }
        return Files.readString(out);
    }

    private static String html(Sheet sheet, boolean dark) throws IOException {
        List<RootUIComponent> widgets = new ArrayList<>();
        try (Stream<Path> files = Files.list(DashboardFixture.WIDGETS)) {
            for (Path file : files.toList()) {
                try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                    RootUIComponent widget = WidgetProvider.read(reader);
                    WidgetProvider.translate(widget, DashboardFixture.texts(sheet.language()));
                    widgets.add(widget);
                }
            }
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("page", sheet.page());
        data.put("widgets", widgets);
        data.put("items", sheet.states());
        data.put("members", sheet.members());
        data.put("now", DashboardFixture.NOW);
        data.put("dark", dark);
        return Files.readString(PREVIEW.resolve("preview.html"))
                .replace("/*DATA*/null", new Gson().toJson(data).replace("</", "<\\/"))
                .replace("/*EXPRESSION*/", Files.readString(PREVIEW.resolve("expression.js")))
                .replace("/*RENDER*/", Files.readString(PREVIEW.resolve("render.js")));
    }
}
