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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;

/**
 * The block library, compared with the requirements of Main UI's Blockly editor.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BlockFilesTest {

    private static final Path SOURCES = Path.of("examples/ui/blocks");
    private static final String LIBRARY = "bmsmain-blocks";
    /**
     * The properties that Blockly's {@code jsonInit} accepts; a null instead of a type would be a connector
     * without type.
     */
    private static final Set<String> BLOCK_FIELDS = Set.of("type", "message0", "args0", "inputsInline",
            "previousStatement", "nextStatement", "output", "colour", "tooltip");
    private static final Map<String, Set<String>> ARGUMENT_FIELDS = Map.of("input_value",
            Set.of("type", "name", "check"), "field_dropdown", Set.of("type", "name", "options"));
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)}}");
    /** The placeholders that the editor recognizes; any other form would remain in the code. */
    private static final Pattern FOUND = Pattern.compile("(field|input|utility):(\\w+)");

    private final Map<String, Object> library = source();
    private final List<Map<String, Object>> blocks = blocks();
    private final Map<String, String> utilities = utilities();

    @Test
    void jsonInTheJarIsWhatTheYamlSays() throws IOException {
        assertEquals(Set.of(LIBRARY), WidgetFilesTest.compare(SOURCES, DashboardFixture.BLOCKS));
    }

    @Test
    void isALibrary() {
        assertEquals(Set.of("uid", "tags", "component", "config", "slots"), library.keySet());
        assertEquals("BlockLibrary", library.get("component"));
        assertEquals(Set.of("name"), map(library.get("config")).keySet());
        assertEquals(Set.of("blocks", "utilities"), map(library.get("slots")).keySet());
    }

    @Test
    void blocksHaveWhatTheEditorKnows() {
        Set<String> types = new TreeSet<>();
        for (Map<String, Object> block : blocks) {
            Map<String, Object> config = map(block.get("config"));
            String type = String.valueOf(config.get("type"));
            assertTrue(types.add(type), type);
            Set<String> unknown = new TreeSet<>(config.keySet());
            unknown.removeAll(BLOCK_FIELDS);
            assertEquals(Set.of(), unknown, type);
            config.values().forEach(value -> assertNotNull(value, type));
            // a block is a statement or a value
            assertNotEquals(config.containsKey("output"), config.containsKey("previousStatement"), type);
            assertEquals(config.containsKey("previousStatement"), config.containsKey("nextStatement"), type);
            assertEquals(Set.of("toolbox", "code"), map(block.get("slots")).keySet(), type);
        }
        assertFalse(types.isEmpty());
    }

    @Test
    void messagesNameEachArgumentOnce() {
        for (Map<String, Object> block : blocks) {
            Map<String, Object> config = map(block.get("config"));
            List<Object> arguments = list(config.get("args0"));
            for (String message : List.of(String.valueOf(config.get("message0")),
                    String.valueOf(DashboardFixture.properties("de").get("blocks." + config.get("type"))))) {
                for (int i = 1; i <= arguments.size(); i++) {
                    assertEquals(2, message.split("%" + i, -1).length, message);
                }
                assertEquals(arguments.size() + 1, message.split("%", -1).length, message);
            }
            for (Object argument : arguments) {
                Set<String> fields = ARGUMENT_FIELDS.get(String.valueOf(map(argument).get("type")));
                assertEquals(fields, map(argument).keySet());
                for (Object option : list(map(argument).get("options"))) {
                    // YAML reads a bare on as true
                    list(option).forEach(part -> assertInstanceOf(String.class, part));
                    assertEquals(2, list(option).size());
                }
            }
        }
    }

    /**
     * A placeholder that the editor does not recognize would remain in the generated code, and the rule would not run.
     */
    @Test
    void templatesNameWhatIsThere() {
        Set<String> used = new TreeSet<>();
        for (Map<String, Object> block : blocks) {
            Map<String, Object> config = map(block.get("config"));
            Map<String, String> arguments = new LinkedHashMap<>();
            list(config.get("args0")).forEach(argument -> arguments.put(String.valueOf(map(argument).get("name")),
                    "input_value".equals(map(argument).get("type")) ? "input" : "field"));
            Set<String> unused = new TreeSet<>(arguments.keySet());
            Map<String, Object> code = map(list(map(block.get("slots")).get("code")).get(0));
            assertEquals("BlockCodeTemplate", code.get("component"));
            Matcher place = PLACEHOLDER.matcher(String.valueOf(map(code.get("config")).get("template")));
            while (place.find()) {
                Matcher found = FOUND.matcher(place.group(1));
                assertTrue(found.matches(), place.group());
                if ("utility".equals(found.group(1))) {
                    used.add(found.group(2));
                } else {
                    assertEquals(arguments.get(found.group(2)), found.group(1), place.group());
                    unused.remove(found.group(2));
                }
            }
            assertEquals(Set.of(), unused, config.toString());
            for (Object preset : list(map(block.get("slots")).get("toolbox"))) {
                Map<String, Object> told = map(map(preset).get("config"));
                assertEquals("PresetInput".equals(map(preset).get("component")) ? "input" : "field",
                        arguments.get(String.valueOf(told.get("name"))), told.toString());
            }
        }
        assertEquals(new TreeSet<>(utilities.keySet()), used);
    }

    @Test
    void functionsTakeTheNameThatTheEditorGives() {
        utilities.forEach((name, code) -> {
            assertTrue(code.startsWith("function {{name}}("), code);
            assertEquals(2, code.split("\\{\\{", -1).length, code);
            assertTrue(code.endsWith("}\n"), code);
        });
    }

    /** Unknown values are a word or NaN; 0 or OK instead would be wrong. */
    @Test
    void functionsKnowTheUnknown() {
        for (String name : List.of("batteryText", "batteryAlarm", "minutesSince")) {
            assertTrue(utilities.get(name).contains("state === 'NULL' || state === 'UNDEF' ? "), name);
        }
        assertTrue(utilities.get("batteryPercent").contains("quantity === null ? NaN"));
    }

    @Test
    void everySignalCanBeSet() {
        List<String> values = new ArrayList<>();
        for (Map<String, Object> block : blocks) {
            for (Object argument : list(map(block.get("config")).get("args0"))) {
                if ("signal".equals(map(argument).get("name"))) {
                    list(map(argument).get("options")).forEach(option -> values.add(list(option).get(1).toString()));
                }
            }
        }
        assertEquals(Catalogue.SIGNALS.stream().map(Point::name).toList(), values);
    }

    @Test
    void wordsAreThoseOfTheProperties() throws IOException {
        assertEquals(ofBlocks(DashboardFixture.properties("en")), words(read("en")));
        assertEquals(ofBlocks(DashboardFixture.properties("de")), words(read("de")));
    }

    private static Map<String, String> ofBlocks(Map<Object, Object> properties) {
        Map<String, String> texts = new TreeMap<>();
        properties.forEach((key, text) -> {
            if (key.toString().startsWith("blocks.")
                    || key.toString().matches("channel-group-type.bmsmain.input-signals.channel.*label")) {
                texts.put(key.toString(), text.toString());
            }
        });
        return texts;
    }

    private static RootUIComponent read(String language) throws IOException {
        try (Reader reader = Files.newBufferedReader(DashboardFixture.BLOCKS.resolve(LIBRARY + ".json"),
                StandardCharsets.UTF_8)) {
            RootUIComponent component = BundledComponents.read(reader);
            BlockProvider.translate(component, DashboardFixture.texts(language));
            return component;
        }
    }

    private static Map<String, String> words(RootUIComponent library) {
        Map<String, String> words = new TreeMap<>();
        for (UIComponent block : library.getSlot("blocks")) {
            Map<String, Object> config = block.getConfig();
            if (!"BlockType".equals(block.getComponent())) {
                continue;
            }
            String key = "blocks." + config.get("type");
            words.put(key, String.valueOf(config.get("message0")));
            words.put(key + ".tooltip", String.valueOf(config.get("tooltip")));
            for (Object argument : list(config.get("args0"))) {
                Object field = map(argument).get("name");
                for (Object option : list(map(argument).get("options"))) {
                    Object value = list(option).get(1);
                    words.put("signal".equals(field)
                            ? "channel-group-type.bmsmain.input-signals.channel." + value + ".label"
                            : key + "." + field + "." + value, list(option).get(0).toString());
                }
            }
        }
        return words;
    }

    private static Map<String, Object> source() {
        try {
            return WidgetFilesTest.yaml(SOURCES.resolve(LIBRARY + ".yaml"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Map<String, Object>> blocks() {
        List<Map<String, Object>> found = new ArrayList<>();
        for (Object block : list(map(library.get("slots")).get("blocks"))) {
            if (!"Separator".equals(map(block).get("component"))) {
                assertEquals("BlockType", map(block).get("component"));
                found.add(map(block));
            }
        }
        return found;
    }

    private Map<String, String> utilities() {
        Map<String, String> found = new TreeMap<>();
        for (Object utility : list(map(library.get("slots")).get("utilities"))) {
            assertEquals("UtilityFunction", map(utility).get("component"));
            Map<String, Object> config = map(map(utility).get("config"));
            found.put(String.valueOf(config.get("name")), String.valueOf(config.get("code")));
        }
        return found;
    }

    private static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> typed = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> typed.put(String.valueOf(key), element));
        }
        return typed;
    }

    private static List<Object> list(@Nullable Object value) {
        List<Object> typed = new ArrayList<>();
        if (value instanceof List<?> elements) {
            typed.addAll(elements);
        }
        return typed;
    }
}
