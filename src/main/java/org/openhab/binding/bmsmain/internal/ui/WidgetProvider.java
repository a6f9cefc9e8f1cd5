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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.openhab.core.ui.components.UIComponent;
import org.openhab.core.ui.components.UIComponentProvider;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Provides the widgets of this bundle to the UI. Their English texts are constants of an {@code oh-context}; each is
 * replaced by the text {@code widget.<constant>} in the language of the installation. The constant {@code locale} is
 * replaced by the language tag for number formats.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(immediate = true, service = UIComponentProvider.class)
public class WidgetProvider extends BundledComponents {

    static final String NAMESPACE = "ui:widget";
    static final String FOLDER = "/OH-INF/ui/widgets";

    private static final String CONTEXT = "oh-context";
    private static final String CONSTANTS = "constants";
    /** Constant that is not a text. */
    static final String LOCALE = "locale";

    @Activate
    public WidgetProvider(@Reference TranslationProvider translations, @Reference LocaleProvider locales,
            BundleContext context) {
        super(NAMESPACE, context.getBundle(), FOLDER,
                widget -> translate(widget, new UiTexts(translations, locales, context.getBundle())));
    }

    /** Translates the constants of this component and its children. */
    static void translate(UIComponent component, UiTexts texts) {
        if (CONTEXT.equals(component.getComponent())) {
            Map<String, Object> config = component.getConfig();
            if (config != null && config.get(CONSTANTS) instanceof Map<?, ?> constants) {
                config.put(CONSTANTS, translated(constants, texts));
            }
        }
        Map<String, List<UIComponent>> slots = component.getSlots();
        if (slots != null) {
            slots.values().forEach(slot -> slot.forEach(child -> translate(child, texts)));
        }
    }

    private static Map<String, Object> translated(Map<?, ?> constants, UiTexts texts) {
        Map<String, Object> words = new LinkedHashMap<>();
        constants.forEach((name, english) -> words.put(String.valueOf(name),
                LOCALE.equals(name) ? texts.locale() : texts.text("widget." + name, String.valueOf(english))));
        return words;
    }
}
