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
import java.util.List;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.common.registry.AbstractProvider;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponentProvider;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;

/**
 * Provides the UI components in a folder of this bundle, one per JSON file.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
abstract class BundledComponents extends AbstractProvider<RootUIComponent> implements UIComponentProvider {

    private final Logger logger = LoggerFactory.getLogger(BundledComponents.class);
    private final String namespace;
    private final List<RootUIComponent> components;

    /** @param translation translates a component into the language of the installation */
    BundledComponents(String namespace, Bundle bundle, String folder, Consumer<RootUIComponent> translation) {
        this.namespace = namespace;
        List<RootUIComponent> found = new ArrayList<>();
        Enumeration<URL> files = bundle.findEntries(folder, "*.json", false);
        if (files != null) {
            for (URL file : Collections.list(files)) {
                try (Reader reader = new InputStreamReader(file.openStream(), StandardCharsets.UTF_8)) {
                    RootUIComponent component = read(reader);
                    translation.accept(component);
                    found.add(component);
                } catch (IOException | JsonParseException e) {
                    logger.debug("{} cannot be read", file, e);
                }
            }
        }
        components = List.copyOf(found);
    }

    /** @throws JsonParseException if the text is no component */
    static RootUIComponent read(Reader json) {
        return new Gson().fromJson(json, RootUIComponent.class);
    }

    @Override
    public Collection<RootUIComponent> getAll() {
        return components;
    }

    @Override
    public String getNamespace() {
        return namespace;
    }
}
