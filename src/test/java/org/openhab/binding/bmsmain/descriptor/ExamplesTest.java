/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.descriptor;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Channel;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Config;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Parameter;
import org.openhab.binding.bmsmain.descriptor.Descriptors.ThingType;
import org.openhab.binding.bmsmain.internal.handler.Startable;
import org.openhab.binding.bmsmain.internal.handler.Startable.OwnChannel;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Checks every file under {@code examples} against the descriptors: channels, item types, parameters, names
 * and brackets.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("examples");
    private static final Pattern CHANNEL = Pattern.compile("bmsmain:(\\w+):(\\w+):([a-z0-9-]+#[A-Za-z0-9-]+)");
    private static final Pattern THING = Pattern
            .compile("Thing bmsmain:(\\w+):(\\w+) \"[^\"]+\"(?: @ \"[^\"]+\")? \\[([^\\]]*)](?: \\{([^}]*)})?");
    private static final Pattern OWN_CHANNEL = Pattern.compile("Type ([a-z-]+) : (\\w+) \"[^\"]+\" \\[([^\\]]*)]");
    private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern VALUE = Pattern
            .compile("(\\w+)\\s*=\\s*(\"[^\"]*\"(?:\\s*,\\s*\"[^\"]*\")*|[^,\\s]+)");
    private static final Pattern ITEM = Pattern.compile("([A-Z]\\w*(?::[A-Z]\\w+)?) +([A-Z]\\w*) +\"[^\"]+\" +<[a-z]+>"
            + "(?: +\\(\\w+\\))?(?: +\\[\"\\w+\"(?:, \"\\w+\")*])?(?: +\\{ ([^}]*) })?");
    private static final Pattern NAME = Pattern.compile("\\b((?:House|Shed|Battery)_\\w+)\\b");
    private static final Map<String, Set<String>> YAML_FIELDS = Map
            .of("things", Set.of("label", "location", "config"), "items",
                    Set.of("type", "dimension", "label", "icon", "unit", "format", "groups", "tags", "channel",
                            "metadata"),
                    "rules", Set.of("label", "triggers", "conditions", "actions"), "widgets",
                    Set.of("component", "config", "slots"), "pages", Set.of("component", "config", "slots"));

    private final Descriptors descriptors = Descriptors.load();

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            // The fleet examples do not belong to this binding; FleetExamplesTest checks them.
            return files.filter(Files::isRegularFile).filter(file -> !file.startsWith(EXAMPLES.resolve("fleet")))
                    .sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void fits(Path file) throws IOException {
        assertEquals(List.of(), problems(file, Files.readString(file)));
    }

    /** Verifies that the check above detects errors. */
    @ParameterizedTest
    @MethodSource("files")
    void aWrongChannelIsFound(Path file) throws IOException {
        String text = Files.readString(file);
        Matcher channel = CHANNEL.matcher(text);
        while (channel.find()) {
            String wrong = text.substring(0, channel.end()) + "x" + text.substring(channel.end());
            assertNotEquals(List.of(), problems(file, wrong), channel.group());
        }
    }

    @Test
    void aWrongTypeParameterOrNameIsFound() throws IOException {
        Map<String, String> mistakes = Map.of("items/bmsmain.items", "Number:Power ", "things/bmsmain.things",
                "baudRate", "sitemaps/bmsmain.sitemap", "House_Soc", "rules/bmsmain.rules", "Battery_Low",
                "yaml/bmsmain.yaml", "dimension", "persistence/rrd4j.persist", "House_Power",
                "automation/js/bmsmain.js", "House_Alarm");
        for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
            Path file = EXAMPLES.resolve(mistake.getKey());
            String wrong = Files.readString(file).replaceFirst(mistake.getValue(), mistake.getValue().strip() + "x ");
            assertNotEquals(List.of(), problems(file, wrong), mistake.getKey());
        }
    }

    /** Readers copy these, too. */
    @Test
    void thingsOfTheDocsCouldWork() throws IOException {
        List<String> problems = new ArrayList<>();
        Matcher code = JAVA.matcher(
                Files.readString(Path.of("docs", "configuration.md")) + Files.readString(Path.of("docs", "rules.md")));
        int blocks = 0;
        while (code.find()) {
            if (code.group(1).startsWith("Thing ")) {
                things(code.group(1), problems);
                blocks++;
            }
        }
        assertEquals(List.of(), problems);
        assertTrue(blocks >= 3, "the Things of the docs are not found");
    }

    /** All parameters are valid, and yet such a Thing could never be ONLINE. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Thing bmsmain:can:boat "Boat" [ ]                                       | can-port
            Thing bmsmain:can:boat "Boat" [ adapter="slcan", interface="can0" ]     | can-port
            Thing bmsmain:can:boat "Boat" [ port="a", listenOnly=true, allowControl=true ] | listen-only
            Thing bmsmain:serial:house "House" [ address=32 ]                       | port
            Thing bmsmain:tcp:shed "Shed" [ host="a", boardScan=true ]              | board-scan
            Thing bmsmain:tcp:shed "Shed" [ host="a", registers="battery#volts = input:1:U16", "battery#power = input:2:U16" ] | registers
            Thing bmsmain:tcp:shed "Shed" [ host="a" ] { Channels: Type register-number : x "X" [ type="U16" ] } | channel
            """)
    void aThingThatCouldNotWorkIsFound(String text, String key) {
        List<String> problems = new ArrayList<>();
        things(text, problems);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("@text/offline.config." + key + " ")
                || problems.get(0).endsWith("@text/offline.config." + key), problems.toString());
    }

    private List<String> problems(Path file, String text) throws IOException {
        List<String> problems = new ArrayList<>();
        String name = file.toString();
        Matcher channel = CHANNEL.matcher(text);
        while (channel.find()) {
            if (!"event".equals(channel.group(3).replace("faults#", ""))
                    && itemType(channel.group(1), channel.group(3)).isEmpty()) {
                problems.add("no channel " + channel.group());
            }
        }
        if (name.endsWith(".things")) {
            things(text, problems);
        } else if (name.endsWith(".items")) {
            items(text, problems);
        } else if (name.endsWith(".yaml") && name.contains("/yaml/")) {
            yaml(text, problems);
        }
        if (!name.endsWith(".md") && !name.endsWith(".items") && !name.contains("/ui/")) {
            names(text, problems);
        }
        if (name.matches(".*\\.(js|rules|sitemap|persist|things)")) {
            brackets(text, problems);
        }
        return problems;
    }

    /** The item type of a channel, or an empty text if there is none. */
    private String itemType(String type, String id) {
        ThingType thing = descriptors.things().get(type);
        if (thing == null) {
            return "";
        }
        Map<String, Channel> channels = descriptors.channelsOf(thing);
        if (id.startsWith("control#")) {
            String signal = id.substring("control#".length());
            return "last-result".equals(signal) || channels.containsKey("input-signals#" + signal) ? "String" : "";
        }
        Channel channel = channels.get(id);
        return channel == null ? "" : descriptors.type(channel).itemType();
    }

    private void things(String text, List<String> problems) {
        String code = text.replaceAll("(?m)^//.*$", "");
        Matcher thing = THING.matcher(code);
        int count = 0;
        while (thing.find()) {
            count++;
            List<OwnChannel> channels = new ArrayList<>();
            Matcher channel = OWN_CHANNEL.matcher(Objects.requireNonNullElse(thing.group(4), ""));
            while (channel.find()) {
                channels.add(new OwnChannel(channel.group(1), channel.group(2), values(channel.group(3), problems)));
            }
            parameters(thing.group(1), values(thing.group(3), problems), channels, problems);
        }
        if (count != code.split("Thing ", -1).length - 1) {
            problems.add("a Thing is not understood");
        }
    }

    private static Map<String, Object> values(String text, List<String> problems) {
        Map<String, Object> values = new LinkedHashMap<>();
        Matcher value = VALUE.matcher(text);
        while (value.find()) {
            List<String> parts = Stream.of(value.group(2).split("\"\\s*,\\s*\"")).map(part -> part.replace("\"", ""))
                    .toList();
            values.put(value.group(1), parts.size() == 1 ? parts.get(0) : parts);
        }
        if (!VALUE.matcher(text).replaceAll("").matches("[\\s,]*")) {
            problems.add("not understood: " + text);
        }
        return values;
    }

    private void parameters(String type, Map<String, Object> values, List<OwnChannel> channels, List<String> problems) {
        ThingType thing = descriptors.things().get(type);
        if (thing == null) {
            problems.add("no thing type " + type);
            return;
        }
        Config config = Objects.requireNonNull(descriptors.configs().get(thing.config()));
        Map<String, Parameter> parameters = new TreeMap<>();
        config.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
        values.forEach((name, value) -> {
            Parameter parameter = parameters.get(name);
            if (parameter == null) {
                problems.add("no parameter " + name + " of " + type);
            } else if (!parameter.options().isEmpty() && !"port".equals(name)
                    && !parameter.options().containsKey(value.toString())) {
                problems.add(name + " cannot be " + value);
            } else if (parameter.type().matches("integer|decimal") && !value.toString().matches("[0-9.]+")) {
                problems.add(name + " is no number: " + value);
            }
        });
        String problem = Startable.problem(type, values, channels);
        if (problem != null) {
            problems.add(type + ": " + problem);
        }
    }

    private void items(String text, List<String> problems) {
        for (String line : text.lines().filter(line -> !line.isBlank() && !line.startsWith("//")).toList()) {
            Matcher item = ITEM.matcher(line.strip());
            if (!item.matches()) {
                problems.add("not understood: " + line);
                continue;
            }
            Matcher channel = CHANNEL.matcher(Objects.requireNonNullElse(item.group(3), ""));
            if (channel.find()) {
                type(item.group(2), item.group(1), itemType(channel.group(1), channel.group(3)), problems);
            }
        }
    }

    private static void type(String item, String type, String wanted, List<String> problems) {
        if (!type.equals(wanted)) {
            problems.add(item + " is " + type + " but its channel is " + wanted);
        }
    }

    private void yaml(String text, List<String> problems) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Map<String, Object> root = new Yaml(new SafeConstructor(options)).load(text);
        root.forEach((kind, elements) -> {
            if ("version".equals(kind)) {
                return;
            }
            Set<String> fields = YAML_FIELDS.get(kind);
            if (fields == null) {
                problems.add("no element " + kind);
                return;
            }
            map(elements).forEach((id, element) -> {
                Map<String, Object> values = map(element);
                Set<String> unknown = new TreeSet<>(values.keySet());
                unknown.removeAll(fields);
                if (!unknown.isEmpty()) {
                    problems.add(kind + " " + id + " has unknown " + unknown);
                }
                switch (kind) {
                    case "things" -> parameters(id.split(":")[1], map(values.get("config")), List.of(), problems);
                    case "items" -> yamlItem(id, values, problems);
                    case "rules" -> yamlRule(values, problems);
                    default -> assertNotNull(values.get("component"));
                }
            });
        });
    }

    private void yamlItem(String id, Map<String, Object> values, List<String> problems) {
        Matcher channel = CHANNEL.matcher(String.valueOf(values.get("channel")));
        if (channel.matches()) {
            Object dimension = values.get("dimension");
            type(id, values.get("type") + (dimension == null ? "" : ":" + dimension),
                    itemType(channel.group(1), channel.group(3)), problems);
        }
    }

    private static void yamlRule(Map<String, Object> values, List<String> problems) {
        for (String kind : List.of("triggers", "conditions", "actions")) {
            if (values.get(kind) instanceof List<?> modules) {
                modules.forEach(module -> {
                    Set<String> unknown = new TreeSet<>(map(module).keySet());
                    unknown.removeAll(Set.of("id", "type", "config", "inputs"));
                    if (!unknown.isEmpty()) {
                        problems.add("a module has unknown " + unknown);
                    }
                    Object blocks = map(map(module).get("config")).get("blockSource");
                    if (blocks != null) {
                        wellFormed(blocks.toString(), problems);
                    }
                });
            }
        }
    }

    private static void wellFormed(String xml, List<String> problems) {
        try {
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        } catch (SAXException | IOException | ParserConfigurationException e) {
            problems.add("blocks are not well-formed: " + e.getMessage());
        }
    }

    /** Every Item that a file names is defined in the example Items. */
    private static void names(String text, List<String> problems) throws IOException {
        Set<String> defined = new TreeSet<>();
        for (String line : Files.readAllLines(EXAMPLES.resolve("items/bmsmain.items"))) {
            Matcher item = ITEM.matcher(line.strip());
            if (item.matches()) {
                defined.add(item.group(2));
            }
        }
        Matcher yamlItem = Pattern.compile("(?m)^  (Shed_\\w+):$").matcher(text);
        while (yamlItem.find()) {
            defined.add(yamlItem.group(1));
        }
        Matcher name = NAME.matcher(text);
        while (name.find()) {
            if (!defined.contains(name.group(1))) {
                problems.add("no Item " + name.group(1));
            }
        }
    }

    /** Brackets and quotes must close; a rule must have its parts. */
    private static void brackets(String text, List<String> problems) {
        List<Character> open = new ArrayList<>();
        boolean quoted = false;
        for (char c : text.replaceAll("(?m)//.*$", "").toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && "([{".indexOf(c) >= 0) {
                open.add(")]}".charAt("([{".indexOf(c)));
            } else if (!quoted && ")]}".indexOf(c) >= 0 && (open.isEmpty() || open.remove(open.size() - 1) != c)) {
                problems.add("wrong " + c);
                return;
            }
        }
        if (quoted || !open.isEmpty()) {
            problems.add("not closed: " + open);
        }
        long rules = text.lines().filter(line -> line.startsWith("rule ")).count();
        for (String word : List.of("when", "then", "end")) {
            if (rules > 0 && text.lines().filter(word::equals).count() != rules) {
                problems.add("a rule lacks " + word);
            }
        }
    }

    private static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> typed = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> typed.put(String.valueOf(key), element));
        }
        return typed;
    }
}
