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
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.cli.Bms;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Channel;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Config;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Parameter;
import org.openhab.binding.bmsmain.descriptor.Descriptors.ThingType;
import org.openhab.binding.bmsmain.internal.action.BoardActions;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.core.automation.annotation.RuleAction;

import picocli.CommandLine;

/**
 * The README and the docs agree with the catalogue, the descriptors and the tool, and their links are valid.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ReadmeTablesTest {

    private static final Path README = Path.of("README.md");
    private static final Path CONFIGURATION = Path.of("docs", "configuration.md");
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern EVERYDAY = Pattern
            .compile("(?m)^\\| ([^|`]+) \\| `([a-z-]+#[a-z0-9-]+)` \\| ([^|]*)\\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern PARAMETER_LINE = Pattern.compile("(?m)^\\| `(\\w+)` \\|");
    private static final Pattern TOOL = Pattern.compile("\\./bms ([a-z]+)((?: [^`\n|#]*)?)");
    private static final Pattern OPTION = Pattern.compile("(?<= |\\[)--[a-z-]+");
    private static final Path CONSOLE = Path.of("src", "main", "java", "org", "openhab", "binding", "bmsmain",
            "internal", "console", "BoardConsole.java");
    private static final Pattern ACTION_LINE = Pattern.compile("(?m)^\\| `(\\w+)\\([^)]*\\)` \\|");
    private static final Pattern CONSOLE_WORD = Pattern.compile("openhab:bmsmain ([a-z]+)");
    private static final Pattern MAVEN_TEST = Pattern.compile("-Dtest='?([A-Za-z,]+)");
    private static final Pattern MAVEN_PROFILE = Pattern.compile("mvn[^`\n]* ?-P([a-z]+)");

    private final Descriptors descriptors = Descriptors.load();

    @Test
    void parameterTableIsThatOfTheDescriptors() throws IOException {
        for (String parameter : parameterNames().keySet()) {
            assertTrue(section("parameters").contains("| `" + parameter + "` |"),
                    CONFIGURATION + " lacks a line for the parameter " + parameter);
        }
    }

    @Test
    void parameterTableNamesNoOtherParameter() throws IOException {
        Matcher line = PARAMETER_LINE.matcher(section("parameters"));
        while (line.find()) {
            assertTrue("port".equals(line.group(1)) || parameterNames().containsKey(line.group(1)), line.group(1));
        }
    }

    /** The README covers the first day; longer explanations belong to the docs. */
    @Test
    void readmeIsShort() throws IOException {
        int lines = Files.readAllLines(README).size();
        assertTrue(lines <= 300, "README.md has " + lines + " lines");
    }

    @Test
    void firstCommandsStandNearTheTop() throws IOException {
        List<String> top = Files.readAllLines(README).subList(0, 20);
        assertTrue(top.stream().anyMatch(line -> line.startsWith("./bms demo ")));
        assertTrue(top.stream().anyMatch(line -> line.startsWith("mvn verify ")));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToFilesAndHeadings(Path page) throws IOException {
        assertEquals(List.of(), deadLinks(page, Files.readString(page)));
    }

    @ParameterizedTest
    @ValueSource(strings = { "[a](docs/none.md)", "[a](#none)", "[a](docs/wiring.md#none)",
            "![a](docs/images/none.png)", "[a](docs/commissioning.md#finding-the-board)" })
    void deadLinkIsFound(String text) throws IOException {
        assertEquals(1, deadLinks(README, text).size());
        assertEquals(List.of(),
                deadLinks(README, "[a](docs/wiring.md#jumpers-p21-and-p22) [b](https://example.org/x#y)"));
    }

    /** Labels and units are those of the UI; the availability per connection follows the catalogue. */
    @Test
    void everydayChannelsAreThoseOfTheCatalogue() throws IOException {
        GeneratedFiles texts = new GeneratedFiles(Catalogue.all(), GeneratedFiles.englishTexts());
        Matcher row = EVERYDAY.matcher(Files.readString(README));
        int rows = 0;
        while (row.find()) {
            String id = row.group(2);
            Point point = Catalogue.byId(id);
            assertNotNull(point, id);
            if (point != null) {
                assertEquals(texts.label(point), row.group(1), id);
                assertEquals(point.unit().symbol(), row.group(3).strip(), id);
                if (point.register() != null || !point.canLocations().isEmpty()) {
                    assertEquals(point.register() != null, "yes".equals(row.group(4)), id + " over Modbus");
                    assertEquals(point.canLocations().isEmpty(), "no".equals(row.group(5)), id + " over CAN");
                }
            }
            rows++;
        }
        assertTrue(rows >= 20, rows + " rows");
    }

    /** Each action of a rule is described, and no other. */
    @Test
    void actionsAreThoseOfTheCode() throws IOException {
        Set<String> described = new TreeSet<>();
        Matcher line = ACTION_LINE.matcher(Files.readString(Path.of("docs", "rules.md")));
        while (line.find()) {
            described.add(line.group(1));
        }
        Set<String> actions = new TreeSet<>();
        for (Method method : BoardActions.class.getMethods()) {
            if (method.isAnnotationPresent(RuleAction.class)) {
                actions.add(method.getName());
            }
        }
        assertEquals(actions, described);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsExist(Path page) throws IOException {
        assertEquals(List.of(), unknownCommands(Files.readString(page)));
    }

    @ParameterizedTest
    @ValueSource(strings = { "./bms find", "./bms watch --tpc x", "mvn test -Dtest=NoSuchTest", "mvn verify -Pnone",
            "openhab:bmsmain tell" })
    void unknownCommandIsFound(String text) throws IOException {
        assertEquals(1, unknownCommands(text).size());
    }

    @Test
    void parameterTableGivesTheDefaults() throws IOException {
        String section = section("parameters");
        parameterNames().forEach((name, defaultValue) -> {
            if (!defaultValue.isEmpty()) {
                String line = section.lines().filter(l -> l.startsWith("| `" + name + "` |")).findFirst().orElse("");
                assertTrue(line.contains("| `" + defaultValue + "` |"), name + " has the default " + defaultValue);
            }
        });
    }

    /** Every channel that the text or an example names, as {@code group#channel}. */
    @ParameterizedTest
    @MethodSource("pages")
    void namedChannelsExist(Path page) throws IOException {
        Pattern channel = Pattern.compile("(?<![.\\w])([a-z]+(?:-[a-z]+)*#[a-z0-9]+(?:-[a-z0-9]+)*)\\b");
        Map<String, Channel> channels = new TreeMap<>();
        descriptors.things().values().forEach(thing -> channels.putAll(descriptors.channelsOf(thing)));
        Set<String> unknown = new TreeSet<>();
        Matcher matcher = channel.matcher(Files.readString(page));
        while (matcher.find()) {
            String id = matcher.group(1);
            if (!"group#channel".equals(id) && !channels.containsKey(id) && !isControl(id)) {
                unknown.add(id);
            }
        }
        assertEquals(Set.of(), unknown);
    }

    /** Channels of the control group are created for each input signal and are not in the descriptors. */
    private static boolean isControl(String id) {
        return "control#last-result".equals(id)
                || id.startsWith("control#") && Catalogue.byId(id.replace("control#", "input-signals#")) != null;
    }

    /** The item types of the example are those of the channels that they are linked to. */
    @Test
    void exampleItemsFitTheirChannels() throws IOException {
        Pattern item = Pattern
                .compile("(?m)^(\\S+)\\s+Battery_\\S+ .*channel=\"bmsmain:serial:house:([a-z-]+#[a-z0-9-]+)\"");
        Map<String, Channel> channels = descriptors.channelsOf(descriptors.boards().get(0));
        Matcher matcher = item.matcher(Files.readString(CONFIGURATION));
        int items = 0;
        while (matcher.find()) {
            Channel channel = channels.get(matcher.group(2));
            assertNotNull(channel, matcher.group(2));
            if (channel != null) {
                assertEquals(descriptors.type(channel).itemType(), matcher.group(1), matcher.group(2));
            }
            items++;
        }
        assertTrue(items >= 10, items + " items");
    }

    /** The pages for users and developers. */
    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(
                List.of(README, Path.of("CONTRIBUTING.md"), Path.of("CHANGELOG.md"), Path.of("examples", "README.md")));
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    /** The links that lead to no file, or to no heading of a page. */
    private static List<String> deadLinks(Path page, String text) throws IOException {
        List<String> dead = new ArrayList<>();
        Matcher link = LINK.matcher(CODE_BLOCK.matcher(text).replaceAll(""));
        while (link.find()) {
            String target = link.group(1);
            if (target.contains("://")) {
                continue;
            }
            int hash = target.indexOf('#');
            String file = hash < 0 ? target : target.substring(0, hash);
            Path path = file.isEmpty() ? page : page.resolveSibling(file).normalize();
            if (!Files.exists(path)
                    || hash >= 0 && !anchors(Files.readString(path)).contains(target.substring(hash + 1))) {
                dead.add(page + ": " + target);
            }
        }
        return dead;
    }

    /** The anchors that GitHub makes of the headings of a page. */
    private static Set<String> anchors(String text) {
        Set<String> anchors = new TreeSet<>();
        Matcher heading = HEADING.matcher(CODE_BLOCK.matcher(text).replaceAll(""));
        while (heading.find()) {
            anchors.add(heading.group(1).strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }

    /** Returns the commands and options of the tool, and the tests and profiles of Maven, that do not exist. */
    private static List<String> unknownCommands(String text) throws IOException {
        List<String> unknown = new ArrayList<>();
        Map<String, CommandLine> commands = new CommandLine(new Bms()).getSubcommands();
        Matcher tool = TOOL.matcher(text);
        while (tool.find()) {
            CommandLine command = commands.get(tool.group(1));
            if (command == null) {
                unknown.add(tool.group());
                continue;
            }
            Matcher option = OPTION.matcher(tool.group(2));
            while (option.find()) {
                if (command.getCommandSpec().findOption(option.group()) == null) {
                    unknown.add(tool.group(1) + " " + option.group());
                }
            }
        }
        String console = Files.readString(CONSOLE);
        Matcher word = CONSOLE_WORD.matcher(text);
        while (word.find()) {
            if (!console.contains('"' + word.group(1) + '"')) {
                unknown.add(word.group());
            }
        }
        String build = Files.readString(Path.of("pom.xml"));
        Matcher profile = MAVEN_PROFILE.matcher(text);
        while (profile.find()) {
            if (!build.contains("<id>" + profile.group(1) + "</id>")) {
                unknown.add("-P" + profile.group(1));
            }
        }
        Matcher test = MAVEN_TEST.matcher(text);
        while (test.find()) {
            for (String name : test.group(1).split(",")) {
                if (!"none".equals(name) && !testExists(name)) {
                    unknown.add("-Dtest=" + name);
                }
            }
        }
        return unknown;
    }

    private static boolean testExists(String name) throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src"))) {
            return sources.anyMatch(source -> source.endsWith(name + ".java"));
        }
    }

    /** The names and defaults of all parameters of all thing types; the two kinds of port have one line each. */
    private Map<String, String> parameterNames() {
        Map<String, String> names = new TreeMap<>();
        for (ThingType thing : descriptors.things().values()) {
            Config config = descriptors.configs().get(thing.config());
            assertNotNull(config);
            if (config != null) {
                for (Parameter parameter : config.parameters()) {
                    if (!"port".equals(parameter.name())) {
                        names.put(parameter.name(), parameter.defaultValue());
                    }
                }
            }
        }
        return names;
    }

    /** The text between the marks of a section. */
    private static String section(String name) throws IOException {
        String text = Files.readString(CONFIGURATION);
        String begin = "<!-- " + name + ":begin -->";
        int from = text.indexOf(begin);
        int to = text.indexOf("<!-- " + name + ":end -->");
        assertTrue(from >= 0 && to > from, CONFIGURATION + " lacks the marks of the section " + name);
        return text.substring(from + begin.length(), to).strip();
    }
}
