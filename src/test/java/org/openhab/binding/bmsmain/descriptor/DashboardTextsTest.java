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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Languages with translations only for texts shown on a phone: dashboards, thing types and parameters. They must
 * have no additional keys, and none of these may be missing.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class DashboardTextsTest {

    private static final Pattern NEEDED = Pattern
            .compile("(widget|page|fault|alarm|logic)\\..*|(thing-type\\.bmsmain\\.\\w+|config\\.[\\w-]+)\\.label");
    private static final Pattern FORMATTED = Pattern.compile("(offline|control|fault|alarm|logic)\\..*");
    private static final Pattern ARGUMENT = Pattern.compile("\\{\\d}");
    private static final int LONGEST_LABEL = 25;

    private final Map<String, String> english = read("");

    @ParameterizedTest
    @ValueSource(strings = { "fr", "es", "it", "ru" })
    void keysAreEnglishOnesAndAllOfTheDashboardAreThere(String language) {
        Map<String, String> texts = read("_" + language);
        Set<String> unknown = new TreeSet<>(texts.keySet());
        unknown.removeAll(english.keySet());
        assertEquals(Set.of(), unknown);
        Set<String> missing = new TreeSet<>(english.keySet());
        missing.removeIf(key -> !NEEDED.matcher(key).matches());
        missing.removeAll(texts.keySet());
        assertEquals(Set.of(), missing);
    }

    @ParameterizedTest
    @ValueSource(strings = { "fr", "es", "it", "ru" })
    void textsAreWrittenSoThatOpenhabShowsThem(String language) {
        read("_" + language).forEach((key, text) -> {
            boolean formatted = FORMATTED.matcher(key).matches();
            String single = formatted ? text.replace("''", "") : text;
            assertFalse(formatted ? single.contains("'") : text.contains("''"), key + " = " + text);
            assertEquals(arguments(english.getOrDefault(key, "")), arguments(text), key);
            assertFalse(key.endsWith(".label") && text.length() > LONGEST_LABEL, key + " = " + text);
            assertFalse(text.isBlank(), key);
        });
    }

    /** The dashboards recognize by this text that there is no fault. */
    @ParameterizedTest
    @ValueSource(strings = { "", "_de", "_fr", "_es", "_it", "_ru" })
    void noFaultIsOkInEveryLanguage(String language) {
        assertEquals("OK", read(language).get("alarm.ok"));
    }

    private static Set<String> arguments(String text) {
        Set<String> arguments = new TreeSet<>();
        Matcher matcher = ARGUMENT.matcher(text);
        while (matcher.find()) {
            arguments.add(matcher.group());
        }
        return arguments;
    }

    private static Map<String, String> read(String language) {
        Path file = Descriptors.FOLDER.resolve("i18n").resolve("bmsmain" + language + ".properties");
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Map<String, String> texts = new TreeMap<>();
        properties.forEach((key, text) -> texts.put(key.toString(), text.toString()));
        return texts;
    }
}
