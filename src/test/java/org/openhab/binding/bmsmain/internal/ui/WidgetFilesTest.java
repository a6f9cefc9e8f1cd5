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

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/**
 * The widgets: written as YAML under {@code examples}, included as JSON in the JAR, with the same content.
 * {@code mvn test -Dtest='WidgetFilesTest,BlockFilesTest' -Dbmsmain.write=true} regenerates the JSON, including
 * that of the blocks.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class WidgetFilesTest {

    private static final Path SOURCES = Path.of("examples/ui/widgets");
    private static final Set<String> EXPECTED = Set.of(OverviewPage.BATTERY_CARD, OverviewPage.FRONT_PANEL,
            OverviewPage.CELLS, OverviewPage.FAULTS, OverviewPage.CONTROL, OverviewPage.ENERGY, OverviewPage.HISTORY);
    private static final Gson GSON = new GsonBuilder().setFormattingStyle(FormattingStyle.PRETTY.withIndent("\t"))
            .disableHtmlEscaping().create();

    @Test
    void jsonInTheJarIsWhatTheYamlSays() throws IOException {
        assertEquals(new TreeSet<>(EXPECTED), compare(SOURCES, DashboardFixture.WIDGETS));
    }

    /** Compares each YAML file with the JSON file of the same name, which is rewritten on request. @return the names */
    static Set<String> compare(Path sources, Path folder) throws IOException {
        Set<String> seen = new TreeSet<>();
        for (Path source : files(sources, ".yaml")) {
            String id = source.getFileName().toString().replace(".yaml", "");
            seen.add(id);
            Map<String, Object> component = yaml(source);
            assertEquals(id, component.get("uid"));
            Path json = folder.resolve(id + ".json");
            if (Boolean.getBoolean("bmsmain.write")) {
                Files.createDirectories(folder);
                Files.writeString(json, GSON.toJson(component) + "\n");
            }
            assertEquals(GSON.toJson(component) + "\n", Files.readString(json), json.toString());
        }
        assertEquals(seen.size(), files(folder, ".json").size());
        return seen;
    }

    /** Main UI ignores an unknown field; here it is an error. */
    @Test
    void widgetsHaveOnlyFieldsThatOpenhabReads() throws IOException {
        for (Path source : files(SOURCES, ".yaml")) {
            Map<String, Object> widget = yaml(source);
            assertEquals(Set.of("uid", "tags", "props", "component", "config", "slots"), widget.keySet(),
                    source.toString());
            for (Object parameter : (List<?>) ((Map<?, ?>) widget.get("props")).get("parameters")) {
                Set<Object> keys = new TreeSet<>(((Map<?, ?>) parameter).keySet());
                keys.removeAll(Set.of("name", "type", "context", "label", "description", "multiple"));
                assertEquals(Set.of(), keys, source + " " + parameter);
            }
        }
    }

    @Test
    void everyPropIsDeclaredAndUsed() throws IOException {
        Pattern use = Pattern.compile("props\\.(\\w+)");
        for (Path source : files(SOURCES, ".yaml")) {
            Map<String, Object> widget = yaml(source);
            Set<String> declared = new TreeSet<>();
            for (Object parameter : (List<?>) ((Map<?, ?>) widget.get("props")).get("parameters")) {
                declared.add(String.valueOf(((Map<?, ?>) parameter).get("name")));
            }
            String text = Files.readString(source);
            Set<String> used = new TreeSet<>();
            Matcher matcher = use.matcher(text);
            while (matcher.find()) {
                used.add(matcher.group(1));
            }
            Matcher byKey = Pattern.compile("fn\\.item\\('(\\w+)'").matcher(text);
            while (byKey.find()) {
                used.add(byKey.group(1));
            }
            assertEquals(declared, used, source.toString());
        }
    }

    /** A widget must not load anything: an installation may have no internet access, and its use is private. */
    @Test
    void widgetsNeedNoResourceFromOutside() throws IOException {
        for (Path source : files(SOURCES, ".yaml")) {
            String text = Files.readString(source);
            assertFalse(text.contains("http"), source.toString());
            assertFalse(text.contains("url("), source.toString());
            assertFalse(text.contains("@import"), source.toString());
        }
    }

    @Test
    void everyWordOfAWidgetIsATextOfTheBinding() throws IOException {
        Map<String, String> words = words();
        Map<String, String> texts = new TreeMap<>();
        DashboardFixture.properties("en").forEach((key, text) -> {
            if (key.toString().startsWith("widget.")) {
                texts.put(key.toString().substring("widget.".length()), text.toString());
            }
        });
        assertEquals(words, texts);
    }

    @Test
    void wordsAreTranslatedWhenAWidgetIsLoaded() throws IOException {
        for (Path file : files(DashboardFixture.WIDGETS, ".json")) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                RootUIComponent widget = WidgetProvider.read(reader);
                WidgetProvider.translate(widget, DashboardFixture.texts("de"));
                String text = GSON.toJson(widget);
                for (Map.Entry<String, String> word : wordsOf(widget).entrySet()) {
                    assertEquals(DashboardFixture.properties("de").get("widget." + word.getKey()), word.getValue());
                }
                assertTrue(text.contains("const."), text);
            }
        }
    }

    /** A key must have the same text in all widgets, because they share the translations. */
    private static Map<String, String> words() throws IOException {
        Map<String, String> words = new TreeMap<>();
        for (Path file : files(DashboardFixture.WIDGETS, ".json")) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                wordsOf(WidgetProvider.read(reader)).forEach((name, word) -> {
                    String other = words.put(name, word);
                    assertTrue(other == null || other.equals(word), name + ": " + word + " and " + other);
                });
            }
        }
        return words;
    }

    private static Map<String, String> wordsOf(UIComponent component) {
        Map<String, String> words = new LinkedHashMap<>();
        if (component.getConfig() != null && component.getConfig().get("constants") instanceof Map<?, ?> constants) {
            constants.forEach((name, word) -> words.put(name.toString(), word.toString()));
            words.remove(WidgetProvider.LOCALE);
        }
        Map<String, List<UIComponent>> slots = component.getSlots();
        if (slots != null) {
            slots.values().forEach(slot -> slot.forEach(child -> words.putAll(wordsOf(child))));
        }
        return words;
    }

    static Map<String, Object> yaml(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return new Yaml(new SafeConstructor(options)).load(reader);
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return new ArrayList<>(all.filter(file -> file.toString().endsWith(ending)).sorted().toList());
        }
    }
}
