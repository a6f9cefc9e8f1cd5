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
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.openhab.binding.bmsmain.internal.ui.DashboardFixture.Day;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;

import com.google.gson.Gson;

/**
 * Renders the overview page in a browser and looks at what it says; {@code -Dbmsmain.pictures=true} also takes the
 * pictures of {@code docs/images}. Skipped where there is no Chromium, but not in CI.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class PicturesTest {

    private static final Path PREVIEW = Path.of("src/test/ui");
    private static final Path IMAGES = Path.of("docs/images");
    private static final int PHONE = 390;
    private static final int TABLET = 1024;

    /** Not in the temporary folder: helpers of the browser may write there a moment longer. */
    private static final Path PROFILE = Path.of(System.getProperty("bmsmain.build", "target"), "chromium")
            .toAbsolutePath();

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void browserIsThere() {
        Peers.need(Peers.onPath("chromium"), "chromium");
    }

    @ParameterizedTest
    @EnumSource(Day.class)
    void pageTellsTheTruthAboutEachDay(Day day) throws Exception {
        String text = visibleText(dump(day));
        assertFalse(text.contains("class=\"error\""), text);
        for (String word : expected(day)) {
            assertTrue(text.contains(word), word + " is missing in " + text);
        }
        for (String word : forbidden(day)) {
            assertFalse(text.contains(word), word + " must not be in " + text);
        }
    }

    private static List<String> expected(Day day) {
        return switch (day) {
            case WELL -> List.of("76 %", "Charging", "664 W", "12.5 A", "No faults", "Discharging Contactor", "closed",
                    "Board answers", "Lowest, Cell 4", "forced on", "As wired", "Charge Request = on: confirmed");
            case UNKNOWN -> List.of("–", "Direction unknown", "No data from the board", "Faults are unknown",
                    "No answer known", "The voltages of the cells are unknown.", "not known whether it is forced");
            case ALARM -> List.of("18 %", "No current", "Battery cover open", "critical", "BMS Logic board offline",
                    "Inhibit Charging = on: confirmed");
            case INITIALISING -> List.of("–", "Initialising, values follow", "Direction unknown", "Board answers");
        };
    }

    /** An unknown value never looks like zero, and unknown faults never look like none. */
    private static List<String> forbidden(Day day) {
        return switch (day) {
            case WELL -> List.of("NULL", "UNDEF", "NaN", "undefined");
            case ALARM -> List.of("NULL", "UNDEF", "NaN", "undefined", "No faults");
            case UNKNOWN, INITIALISING ->
                List.of("NULL", "UNDEF", "NaN", "undefined", ">0", "No faults", "No current", ">closed");
        };
    }

    /** What "Create Equipment from Thing" made, by nothing but the name of its group. */
    @Test
    void widgetsFindTheirItemsInAnEquipment() throws Exception {
        List<Map<String, Object>> members = List.of(member("battery#state-of-charge", "Measurement", "StateOfCharge"),
                member("battery#current", "Measurement", "Current"),
                member("battery#voltage", "Measurement", "Voltage"),
                member("sensors#humidity", "Measurement", "Humidity"),
                member("sensors#external-temperature", "Measurement", "Temperature"),
                member("battery#max-cell-temperature", "Measurement", "Temperature"),
                member("faults#alarm", "Alarm", "Info"), member("link#last-update", "Status", "Timestamp"));
        RootUIComponent page = single(OverviewPage.BATTERY_CARD, "equipment", "House");
        page.getSlots().get("default").addAll(single(OverviewPage.FAULTS, "equipment", "House").getSlot("default"));
        String text = visibleText(
                browse(page(page, Map.of("House", members), Day.WELL, false, TABLET, 0), "--dump-dom"));
        assertFalse(text.contains("class=\"error\""), text);
        for (String word : List.of("76 %", "12.5 A", "53.1 V", "Charging", ">No faults<", "Last reading")) {
            assertTrue(text.contains(word), word + " is missing in " + text);
        }
        // two temperatures: neither is "the" temperature
        assertFalse(text.contains("Ambient"), text);
    }

    /** An alarm that nobody linked says nothing about the board. */
    @Test
    void cardWithoutAnAlarmDoesNotSayThatTheBoardIsSilent() throws Exception {
        RootUIComponent page = single(OverviewPage.BATTERY_CARD, "soc",
                DashboardFixture.name("battery#state-of-charge"));
        String text = visibleText(browse(page(page, Map.of(), Day.WELL, false, TABLET, 0), "--dump-dom"));
        assertTrue(text.contains("76 %") && text.contains("Faults are unknown"), text);
        assertFalse(text.contains("No data from the board") || text.contains("No faults"), text);
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
            for (boolean dark : List.of(false, true)) {
                picture(day, dark, "phone", PHONE, 4000);
                picture(day, dark, "tablet", TABLET, 2400);
            }
        }
    }

    private void picture(Day day, boolean dark, String size, int width, int height) throws Exception {
        String name = "dashboard-" + day.name().toLowerCase(Locale.ROOT) + "-" + size + "-" + (dark ? "dark" : "light")
                + ".png";
        Path file = IMAGES.resolve(name);
        browse(page(day, dark, width, height), "--screenshot=" + file.toAbsolutePath(),
                "--window-size=" + Math.max(width, 500) + "," + height);
        crop(file, width);
        assertTrue(Files.size(file) > 10_000, name);
    }

    /** Cuts off what the window is wider than the page, and the empty end of the page. */
    private static void crop(Path file, int width) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        int background = image.getRGB(2, image.getHeight() - 1);
        int bottom = image.getHeight() - 1;
        while (bottom > 0 && isPlain(image, bottom, width, background)) {
            bottom--;
        }
        int height = Math.min(image.getHeight(), bottom + 17);
        ImageIO.write(image.getSubimage(0, 0, width, height), "png", file.toFile());
    }

    private static boolean isPlain(BufferedImage image, int y, int width, int background) {
        return IntStream.range(0, width).allMatch(x -> image.getRGB(x, y) == background);
    }

    private String dump(Day day) throws Exception {
        return browse(page(day, false, TABLET, 0), "--dump-dom", "--window-size=" + TABLET + ",1800");
    }

    /** What is between the tags, and the tags; without scripts and styles. */
    private static String visibleText(String html) {
        assertTrue(html.contains("data-ready=\"true\""), html);
        return html.replaceAll("(?s)<(script|style)>.*?</\\1>", "");
    }

    private String browse(Path page, String... options) throws Exception {
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

    private Path page(Day day, boolean dark, int width, int height) throws IOException {
        return page(DashboardFixture.page(true, "en"), Map.of(), day, dark, width, height);
    }

    private Path page(RootUIComponent shown, Map<String, List<Map<String, Object>>> members, Day day, boolean dark,
            int width, int height) throws IOException {
        List<RootUIComponent> widgets = new ArrayList<>();
        try (Stream<Path> files = Files.list(DashboardFixture.WIDGETS)) {
            for (Path file : files.toList()) {
                try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                    widgets.add(WidgetProvider.read(reader));
                }
            }
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("page", shown);
        data.put("widgets", widgets);
        data.put("items", DashboardFixture.states(day));
        data.put("members", members);
        data.put("now", DashboardFixture.NOW);
        data.put("dark", dark);
        String html = Files.readString(PREVIEW.resolve("preview.html"))
                .replace("/*DATA*/null", new Gson().toJson(data).replace("</", "<\\/"))
                .replace("/*EXPRESSION*/", Files.readString(PREVIEW.resolve("expression.js")))
                .replace("/*RENDER*/", Files.readString(PREVIEW.resolve("render.js")));
        Path page = folder.resolve("page.html");
        Files.writeString(page, html);
        if (width >= 500) {
            return page;
        }
        // a browser window has a least width, a frame has none
        Path frame = folder.resolve("frame.html");
        Files.writeString(frame, "<body style='margin:0'><iframe src='page.html' style='border:0;width:" + width
                + "px;height:" + height + "px'></iframe>");
        return frame;
    }
}
