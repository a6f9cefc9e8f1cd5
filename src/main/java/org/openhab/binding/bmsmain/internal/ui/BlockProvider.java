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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;
import org.openhab.core.ui.components.UIComponentProvider;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Provides the block library of this bundle to the Blockly editor. Its English texts are replaced by the texts
 * {@code blocks.<type>} and {@code blocks.<type>.tooltip}, those of a list by {@code blocks.<type>.<field>.<value>}, in
 * the language of the installation. Signals are named by their channel labels.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(immediate = true, service = UIComponentProvider.class)
public class BlockProvider extends BundledComponents {

    static final String NAMESPACE = "ui:blocks";
    static final String FOLDER = "/OH-INF/ui/blocks";

    private static final String BLOCKS = "blocks";
    private static final String MESSAGE = "message0";
    private static final String TOOLTIP = "tooltip";
    private static final String ARGUMENTS = "args0";
    private static final String OPTIONS = "options";

    @Activate
    public BlockProvider(@Reference TranslationProvider translations, @Reference LocaleProvider locales,
            BundleContext context) {
        super(NAMESPACE, context.getBundle(), FOLDER,
                library -> translate(library, new UiTexts(translations, locales, context.getBundle())));
    }

    /** Translates the texts of each block. */
    static void translate(RootUIComponent library, UiTexts texts) {
        for (UIComponent block : library.getSlot(BLOCKS)) {
            Map<String, Object> config = block.getConfig();
            if (config.get("type") instanceof String type) {
                String key = BLOCKS + "." + type;
                config.computeIfPresent(MESSAGE, (name, english) -> texts.text(key, english.toString()));
                config.computeIfPresent(TOOLTIP, (name, english) -> texts.text(key + ".tooltip", english.toString()));
                if (config.get(ARGUMENTS) instanceof List<?> arguments) {
                    config.put(ARGUMENTS, arguments.stream().map(argument -> argument(key, argument, texts)).toList());
                }
            }
        }
    }

    private static @Nullable Object argument(String key, @Nullable Object argument, UiTexts texts) {
        if (!(argument instanceof Map<?, ?> field) || !(field.get(OPTIONS) instanceof List<?> options)) {
            return argument;
        }
        String name = String.valueOf(field.get("name"));
        List<List<String>> translated = new ArrayList<>();
        for (Object option : options) {
            if (option instanceof List<?> pair && pair.size() == 2) {
                String value = String.valueOf(pair.get(1));
                translated.add(List.of(texts.text(optionKey(key, name, value), String.valueOf(pair.get(0))), value));
            }
        }
        Map<String, Object> words = new LinkedHashMap<>();
        field.forEach((property, old) -> words.put(String.valueOf(property), old));
        words.put(OPTIONS, translated);
        return words;
    }

    private static String optionKey(String key, String field, String value) {
        return "signal".equals(field) ? "channel-group-type.bmsmain.input-signals.channel." + value + ".label"
                : key + "." + field + "." + value;
    }
}
