/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.osgi.framework.Bundle;

/**
 * The texts of the binding in all its languages, as openHAB provides them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Languages {

    public static final List<String> ALL = List.of("en", "de", "es", "fr", "it", "ru");

    private static final Path FOLDER = Path.of("ESH-INF/i18n");
    /** Bundle, key, default and locale. */
    private static final int PLAIN = 4;

    private Languages() {
    }

    /** The texts of one file, unchanged. */
    public static Properties properties(String language) {
        Properties properties = new Properties();
        String file = "en".equals(language) ? "bmsmain.properties" : "bmsmain_" + language + ".properties";
        try (Reader reader = Files.newBufferedReader(FOLDER.resolve(file), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    /**
     * Returns texts as openHAB does: English if the language lacks the text. Formatting applies whenever the call
     * has a parameter for arguments, even without arguments.
     */
    public static TranslationProvider translations(String language) {
        Properties own = properties(language);
        Properties english = properties("en");
        return Stubs.stub(TranslationProvider.class, (name, arguments) -> {
            Object text = own.getOrDefault(arguments[1], english.getOrDefault(arguments[1], arguments[2]));
            return arguments.length == PLAIN ? text
                    : MessageFormat.format(String.valueOf(text), (Object[]) arguments[PLAIN]);
        });
    }

    public static LocaleProvider locale(String language) {
        return Stubs.stub(LocaleProvider.class, (name, arguments) -> Locale.forLanguageTag(language));
    }

    static BoardTexts texts(String language) {
        return new BoardTexts(translations(language), locale(language),
                Stubs.stub(Bundle.class, (name, arguments) -> null));
    }

    /** Text of a fault in the alarm. */
    public static String fault(Point fault, String language) {
        return texts(language).fault(new ActiveFault(fault, 1, 0));
    }
}
