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

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TimeZoneProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.osgi.framework.Bundle;

/**
 * The texts of the bundles in <code>OH-INF/i18n</code>. A key is looked up for language and country, then for the
 * language, then in the files without a locale.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostTexts implements TranslationProvider, LocaleProvider, TimeZoneProvider {

    private static final String KEY = "@text/";

    private final Locale locale;

    /** Files by suffix ("", "_de"), for each bundle and modification time. */
    private final Map<String, Map<String, Properties>> loaded = new ConcurrentHashMap<>();

    HostTexts(Locale locale) {
        this.locale = locale;
    }

    @Override
    public Locale getLocale() {
        return locale;
    }

    @Override
    public ZoneId getTimeZone() {
        return ZoneId.systemDefault();
    }

    @Override
    public @Nullable String getText(@Nullable Bundle bundle, @Nullable String key, @Nullable String defaultText,
            @Nullable Locale locale) {
        if (bundle == null || key == null) {
            return defaultText;
        }
        Locale language = locale == null ? this.locale : locale;
        Map<String, Properties> files = loaded.computeIfAbsent(bundle.getBundleId() + "/" + bundle.getLastModified(),
                id -> load(bundle));
        for (String suffix : List.of("_" + language.getLanguage() + "_" + language.getCountry(),
                "_" + language.getLanguage(), "")) {
            Properties file = files == null ? null : files.get(suffix);
            String text = file == null ? null : file.getProperty(key);
            if (text != null) {
                return text;
            }
        }
        return defaultText;
    }

    @Override
    public @Nullable String getText(@Nullable Bundle bundle, @Nullable String key, @Nullable String defaultText,
            @Nullable Locale locale, @Nullable Object @Nullable... arguments) {
        String text = getText(bundle, key, defaultText, locale);
        try {
            return text == null ? null : MessageFormat.format(text, arguments);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static Map<String, Properties> load(Bundle bundle) {
        Map<String, Properties> files = new HashMap<>();
        Enumeration<URL> urls = bundle.findEntries("/OH-INF/i18n", "*.properties", true);
        for (URL url : urls == null ? List.<URL> of() : Collections.list(urls)) {
            String name = url.getPath().replaceFirst(".*/", "").replaceFirst("\\.properties$", "");
            String suffix = name.contains("_") ? name.substring(name.indexOf('_')) : "";
            try (Reader reader = new InputStreamReader(url.openStream(), StandardCharsets.UTF_8)) {
                Properties file = new Properties();
                file.load(reader);
                files.put(suffix, file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /**
     * Translates <code>@text/key ["a", "b"]</code> as openHAB does for a status. Brackets and quotes are removed,
     * commas separate arguments, empty arguments are dropped, and an argument may itself be <code>@text/key</code>.
     * Other text and unknown keys are returned unchanged.
     *
     * @param bundle the bundle with the texts
     * @param text the text
     * @param locale the language, null for the system language
     * @return the translation
     */
    String resolve(Bundle bundle, String text, @Nullable Locale locale) {
        if (!text.startsWith(KEY)) {
            return text;
        }
        String[] parts = text.split("\\s+", 2);
        Object[] arguments = parts.length == 1 ? new Object[0]
                : Stream.of(parts[1].replaceAll("[\\[\\]\"]", "").split(",")).map(String::trim)
                        .filter(argument -> !argument.isEmpty()).map(argument -> resolve(bundle, argument, locale))
                        .toArray();
        String translated = getText(bundle, parts[0].substring(KEY.length()), null, locale, arguments);
        return translated == null ? parts[0] : translated;
    }
}
