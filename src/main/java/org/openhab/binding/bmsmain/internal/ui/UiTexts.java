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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.osgi.framework.Bundle;

/**
 * Texts of dashboards in the language of the installation.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class UiTexts {

    private static final Object[] NO_ARGUMENTS = {};

    private final TranslationProvider translations;
    private final LocaleProvider locales;
    private final Bundle bundle;

    UiTexts(TranslationProvider translations, LocaleProvider locales, Bundle bundle) {
        this.translations = translations;
        this.locales = locales;
        this.bundle = bundle;
    }

    /** Language tag for number formats, as used by browsers. */
    String locale() {
        return locales.getLocale().toLanguageTag();
    }

    /**
     * @param key key in the binding's properties files
     * @param english text if there is no translation
     */
    String text(String key, String english) {
        String text = translations.getText(bundle, key, english, locales.getLocale());
        return text == null ? english : text;
    }

    /** Returns a text with doubled apostrophes, which is formatted wherever it is shown. */
    String formatted(String key, String english) {
        String text = translations.getText(bundle, key, english, locales.getLocale(), NO_ARGUMENTS);
        return text == null ? english : text;
    }
}
