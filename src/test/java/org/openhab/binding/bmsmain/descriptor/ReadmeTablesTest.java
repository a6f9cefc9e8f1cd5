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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Channel;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Config;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Parameter;
import org.openhab.binding.bmsmain.descriptor.Descriptors.ThingType;
import org.openhab.binding.bmsmain.internal.board.Catalogue;

/**
 * The tables of the README say what the catalogue and the descriptors say.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ReadmeTablesTest {

    private static final Path README = Path.of("README.md");

    private final Descriptors descriptors = Descriptors.load();

    @Test
    void parameterTableIsThatOfTheDescriptors() throws IOException {
        for (String parameter : parameterNames().keySet()) {
            assertTrue(section("parameters").contains("| `" + parameter + "` |"),
                    "README.md lacks a line for the parameter " + parameter);
        }
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
    @ValueSource(strings = { "README.md", "docs/wiring.md", "docs/architecture.md", "docs/dashboards.md",
            "docs/commissioning.md", "docs/registers.md", "CHANGELOG.md" })
    void namedChannelsExist(String file) throws IOException {
        Pattern channel = Pattern.compile("(?<![.\\w])([a-z]+(?:-[a-z]+)*#[a-z0-9]+(?:-[a-z0-9]+)*)\\b");
        Map<String, Channel> channels = new TreeMap<>();
        descriptors.things().values().forEach(thing -> channels.putAll(descriptors.channelsOf(thing)));
        Set<String> unknown = new TreeSet<>();
        Matcher matcher = channel.matcher(Files.readString(Path.of(file)));
        while (matcher.find()) {
            String id = matcher.group(1);
            if (!"group#channel".equals(id) && !channels.containsKey(id) && !isControl(id)) {
                unknown.add(id);
            }
        }
        assertEquals(Set.of(), unknown);
    }

    /** The channels of the group for commands are made for each input signal, and are in no descriptor. */
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
        Matcher matcher = item.matcher(Files.readString(README));
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

    /** What stands between the marks of a section. */
    private static String section(String name) throws IOException {
        String text = Files.readString(README);
        String begin = "<!-- " + name + ":begin -->";
        int from = text.indexOf(begin);
        int to = text.indexOf("<!-- " + name + ":end -->");
        assertTrue(from >= 0 && to > from, "README.md lacks the marks of the section " + name);
        return text.substring(from + begin.length(), to).strip();
    }
}
