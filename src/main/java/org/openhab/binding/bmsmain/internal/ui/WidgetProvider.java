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

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.common.registry.AbstractProvider;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponent;
import org.openhab.core.ui.components.UIComponentProvider;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;

/**
 * Gives the widgets of this bundle to the UI. Their English words are constants of an {@code oh-context}; each is
 * replaced by the text {@code widget.<constant>} in the language of the installation.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(immediate = true, service = UIComponentProvider.class)
public class WidgetProvider extends AbstractProvider<RootUIComponent> implements UIComponentProvider {

    static final String NAMESPACE = "ui:widget";
    static final String FOLDER = "/OH-INF/ui/widgets";

    private static final String CONTEXT = "oh-context";
    private static final String CONSTANTS = "constants";

    private final Logger logger = LoggerFactory.getLogger(WidgetProvider.class);
    private final List<RootUIComponent> widgets;

    @Activate
    public WidgetProvider(@Reference TranslationProvider translations, @Reference LocaleProvider locales,
            BundleContext context) {
        UiTexts texts = new UiTexts(translations, locales, context.getBundle());
        List<RootUIComponent> found = new ArrayList<>();
        Enumeration<URL> files = context.getBundle().findEntries(FOLDER, "*.json", false);
        if (files != null) {
            for (URL file : Collections.list(files)) {
                try (Reader reader = new InputStreamReader(file.openStream(), StandardCharsets.UTF_8)) {
                    RootUIComponent widget = read(reader);
                    translate(widget, texts);
                    found.add(widget);
                } catch (IOException | JsonParseException e) {
                    logger.debug("Widget {} cannot be read", file, e);
                }
            }
        }
        widgets = List.copyOf(found);
    }

    /**
     * @throws JsonParseException if the text is no widget
     */
    static RootUIComponent read(Reader json) {
        return new Gson().fromJson(json, RootUIComponent.class);
    }

    /** Replaces the constants of this component and of those below it. */
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
                texts.text("widget." + name, String.valueOf(english))));
        return words;
    }

    @Override
    public Collection<RootUIComponent> getAll() {
        return widgets;
    }

    @Override
    public String getNamespace() {
        return NAMESPACE;
    }
}
