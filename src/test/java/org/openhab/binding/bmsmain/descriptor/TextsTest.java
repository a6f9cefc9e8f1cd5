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
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Channel;
import org.openhab.binding.bmsmain.descriptor.Descriptors.ThingType;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;

/**
 * The texts in both languages: complete, within openHAB's limits, and in a form that openHAB displays unchanged.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class TextsTest {

    private static final String ENGLISH = "bmsmain.properties";
    private static final String GERMAN = "bmsmain_de.properties";
    private static final int LONGEST_LABEL = 25;
    private static final String REFERENCE = "@text/";

    /**
     * Texts that openHAB or the binding formats with arguments; in these, and only in these, an apostrophe is doubled.
     */
    private static final Pattern FORMATTED = Pattern
            .compile("(offline|location|control|action|read|fault|alarm|logic|diagnosis|discovery|suggest|trace)\\..*");

    /** Texts of dashboards, blocks and rule templates, which have tests of their own. */
    private static final Pattern DASHBOARDS = Pattern.compile("(widget|page|blocks|rule-template)\\..*");

    private final Descriptors descriptors = Descriptors.load();
    private final Map<String, String> english = read(ENGLISH);
    private final Map<String, String> german = read(GERMAN);

    @Test
    void bothLanguagesHaveTheSameKeys() {
        assertEquals(english.keySet(), german.keySet());
    }

    @Test
    void everyTextOfTheDescriptorsHasItsKeyAndTheSameEnglishWords() {
        Map<String, String> expected = textsOfDescriptors();
        List<String> wrong = new ArrayList<>();
        expected.forEach((key, text) -> {
            String actual = english.get(key);
            if (!text.equals(actual)) {
                wrong.add(key + " = " + text + " but is " + actual);
            }
        });
        assertEquals(List.of(), wrong);
    }

    @Test
    void noTextIsLeftOver() {
        Set<String> left = new TreeSet<>(english.keySet());
        left.removeAll(textsOfDescriptors().keySet());
        left.removeAll(referencedKeys());
        left.removeIf(key -> FORMATTED.matcher(key).matches() || DASHBOARDS.matcher(key).matches());
        assertEquals(Set.of(), left);
    }

    @Test
    void everyFaultHasWordsInBothLanguages() {
        Set<String> expected = new TreeSet<>(Set.of("fault.unknown"));
        for (Point fault : Catalogue.FAULTS) {
            expected.add("fault." + fault.name());
        }
        Set<String> actual = new TreeSet<>(english.keySet());
        actual.removeIf(key -> !key.startsWith("fault."));
        assertEquals(expected, actual);
    }

    @Test
    void everyReasonOfASuggestionHasWords() {
        Set<String> expected = new TreeSet<>();
        for (RegisterSuggestion.Kind kind : RegisterSuggestion.Kind.values()) {
            expected.add("suggest.reason." + kind.key());
        }
        Set<String> actual = new TreeSet<>(english.keySet());
        actual.removeIf(key -> !key.startsWith("suggest.reason."));
        assertEquals(expected, actual);
    }

    /** If connections need different hints, each has its own text; otherwise one text serves all. */
    @Test
    void everyFailureHasATextForEachWire() {
        List<String> missing = new ArrayList<>();
        for (FailureCause cause : FailureCause.values()) {
            String key = "offline." + cause.key();
            for (ConnectionType wire : ConnectionType.values()) {
                if (english.containsKey(key) == english.containsKey(key + "." + wire.key())) {
                    missing.add(key + " or " + key + "." + wire.key());
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @ParameterizedTest
    @ValueSource(strings = { ENGLISH, GERMAN })
    void labelsAreShort(String file) {
        List<String> tooLong = new ArrayList<>();
        read(file).forEach((key, text) -> {
            if (key.endsWith(".label") && text.length() > LONGEST_LABEL) {
                tooLong.add(key + " = " + text);
            }
        });
        assertEquals(List.of(), tooLong);
    }

    /** openHAB derives names of Items from labels, so two channels of one Thing must not have the same label. */
    @ParameterizedTest
    @ValueSource(strings = { ENGLISH, GERMAN })
    void labelsAreDistinctWithinAThing(String file) {
        Map<String, String> texts = read(file);
        List<String> twice = new ArrayList<>();
        for (ThingType thing : descriptors.things().values()) {
            Map<String, String> seen = new LinkedHashMap<>();
            descriptors.channelsOf(thing).forEach((id, channel) -> {
                String label = texts.get(labelKey(id, channel));
                String other = seen.put(String.valueOf(label), id);
                if (other != null) {
                    twice.add(label + ": " + other + " and " + id);
                }
            });
        }
        assertEquals(List.of(), twice);
    }

    @ParameterizedTest
    @ValueSource(strings = { ENGLISH, GERMAN })
    void descriptionsAreSentences(String file) {
        List<String> wrong = new ArrayList<>();
        read(file).forEach((key, text) -> {
            if (key.endsWith(".description") && !text.endsWith(".")) {
                wrong.add(key + " = " + text);
            }
        });
        assertEquals(List.of(), wrong);
    }

    @ParameterizedTest
    @ValueSource(strings = { ENGLISH, GERMAN })
    void apostrophesAreDoubledWhereTextsAreFormattedAndOnlyThere(String file) {
        List<String> wrong = new ArrayList<>();
        read(file).forEach((key, text) -> {
            String rest = text.replace("''", "");
            boolean formatted = FORMATTED.matcher(key).matches();
            if (formatted ? rest.contains("'") : text.contains("''")) {
                wrong.add(key + " = " + text);
            }
        });
        assertEquals(List.of(), wrong);
    }

    @ParameterizedTest
    @ValueSource(strings = { ENGLISH, GERMAN })
    void formattedTextsTakeTheirArguments(String file) {
        read(file).forEach((key, text) -> {
            if (FORMATTED.matcher(key).matches()) {
                String shown = MessageFormat.format(text, "A", "B", "C");
                assertFalse(shown.contains("{"), key + " = " + shown);
            }
        });
    }

    /** Both languages must use the same arguments; otherwise information is missing in one of them. */
    @Test
    void bothLanguagesUseTheSameArguments() {
        List<String> wrong = new ArrayList<>();
        english.forEach((key, text) -> {
            String other = german.getOrDefault(key, "");
            for (String argument : List.of("{0}", "{1}", "{2}")) {
                if (text.contains(argument) != other.contains(argument)) {
                    wrong.add(key + " " + argument);
                }
            }
        });
        assertEquals(List.of(), wrong);
    }

    /** An unescaped colon would end a key: IDs of rule templates and widgets contain one. */
    @ParameterizedTest
    @ValueSource(strings = { ENGLISH, GERMAN })
    void linesAreWellFormed(String file) {
        Pattern line = Pattern.compile("([A-Za-z0-9._-]|\\\\:)+ = \\S.*");
        List<String> wrong = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (String text : lines(file)) {
            if (text.isBlank() || text.startsWith("#")) {
                continue;
            }
            if (!line.matcher(text).matches() || text.endsWith(" ")) {
                wrong.add(text);
            }
            keys.add(text.substring(0, text.indexOf(" = ")));
        }
        assertEquals(List.of(), wrong);
        assertEquals(keys.size(), new TreeSet<>(keys).size(), "a key stands twice in " + file);
    }

    /** All texts that openHAB looks up for the descriptors, by the key that it infers. */
    private Map<String, String> textsOfDescriptors() {
        Map<String, String> texts = new TreeMap<>();
        descriptors.addon().forEach((name, text) -> texts.put("addon.bmsmain." + name, text));
        descriptors.things().values().forEach(thing -> {
            String key = "thing-type.bmsmain." + thing.id();
            texts.put(key + ".label", thing.label());
            texts.put(key + ".description", thing.description());
        });
        descriptors.groups().values().forEach(group -> {
            String key = "channel-group-type.bmsmain." + group.id();
            texts.put(key + ".label", group.label());
            texts.put(key + ".description", group.description());
            group.channels().forEach(channel -> {
                String channelKey = key + ".channel." + channel.id();
                if (!channel.label().isEmpty()) {
                    texts.put(channelKey + ".label", channel.label());
                }
                if (!channel.description().isEmpty()) {
                    texts.put(channelKey + ".description", channel.description());
                }
            });
        });
        descriptors.types().values().forEach(type -> {
            String key = "channel-type.bmsmain." + type.id();
            texts.put(key + ".label", type.label());
            texts.put(key + ".description", type.description());
            type.options().forEach((value, text) -> texts.put(key + ".state.option." + value, text));
        });
        return texts;
    }

    /** The keys that parameters name; all their texts are references, except options that need no translation. */
    private Set<String> referencedKeys() {
        Set<String> keys = new TreeSet<>(Set.of("discovery.port.label", "discovery.port.description"));
        descriptors.configs().values().forEach(config -> {
            config.groups().forEach(group -> {
                keys.add(reference(group.label()));
                keys.add(reference(group.description()));
            });
            config.parameters().forEach(parameter -> {
                keys.add(reference(parameter.label()));
                keys.add(reference(parameter.description()));
                parameter.options().forEach((value, text) -> {
                    if (!text.equals(value)) {
                        keys.add(reference(text));
                    }
                });
            });
        });
        return keys;
    }

    @Test
    void everyReferenceOfAParameterLeadsToAText() {
        Set<String> missing = referencedKeys();
        missing.removeAll(english.keySet());
        assertEquals(Set.of(), missing);
    }

    private static String reference(String text) {
        assertTrue(text.startsWith(REFERENCE), "no reference: " + text);
        return text.substring(REFERENCE.length());
    }

    private String labelKey(String id, Channel channel) {
        String group = id.substring(0, id.indexOf('#'));
        return channel.label().isEmpty() ? "channel-type.bmsmain." + channel.typeId() + ".label"
                : "channel-group-type.bmsmain." + group + ".channel." + channel.id() + ".label";
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(path(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> read(String file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(path(file), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> texts = new TreeMap<>();
        properties.forEach((key, text) -> texts.put(key.toString(), text.toString()));
        return texts;
    }

    private static Path path(String file) {
        return Descriptors.FOLDER.resolve("i18n").resolve(file);
    }
}
