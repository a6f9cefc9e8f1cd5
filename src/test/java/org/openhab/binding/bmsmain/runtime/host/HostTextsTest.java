/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;

/**
 * Translation of keys and status texts, as in openHAB.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostTextsTest {

    @TempDir
    Path folder = Path.of("");

    private final HostTexts texts = new HostTexts(Locale.ENGLISH);
    private final Bundle bundle = (Bundle) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] { Bundle.class }, (proxy, method, arguments) -> switch (method.getName()) {
                case "findEntries" -> Collections.enumeration(files());
                case "getBundleId", "getLastModified" -> 1L;
                default -> null;
            });

    private List<URL> files() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(Path::toUri).map(uri -> {
                try {
                    return uri.toURL();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("x.properties"), """
                plain = Plain
                two = {0} and {1}
                quoted = it''s {0}
                only = English
                """);
        Files.writeString(folder.resolve("x_de.properties"), "plain = Schlicht\ntwo = {0} und {1}\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "@text/plain | Plain", "@text/two [\"a\", \"b\"] | a and b",
            "@text/two [\"a, b\", \"c\"] | a and b", "@text/two [\"\", \"b\"] | b and {1}",
            "@text/two [\"a[0]\", \"b\"] | a0 and b", "@text/quoted [\"me\"] | it's me",
            "@text/two [\"@text/plain\", \"b\"] | Plain and b", "@text/unknown | @text/unknown",
            "@text/two [\"{1}\", \"b\"] | {1} and b", "as it is @text/plain | as it is @text/plain" })
    void aStatusTextIsResolved(String text, String expected) {
        assertEquals(expected, texts.resolve(bundle, text, null));
    }

    @Test
    void theLanguageIsTakenWhereThereIsOne() {
        assertEquals("a und b", texts.resolve(bundle, "@text/two [\"a\", \"b\"]", Locale.GERMANY));
        assertEquals("Schlicht", texts.getText(bundle, "plain", null, Locale.GERMAN));
        assertEquals("English", texts.getText(bundle, "only", null, Locale.GERMAN));
        assertEquals("Plain", texts.getText(bundle, "plain", null, Locale.FRENCH));
        assertEquals("default", texts.getText(bundle, "unknown", "default", Locale.FRENCH));
        assertNull(texts.getText(bundle, "unknown", null, null));
    }
}
