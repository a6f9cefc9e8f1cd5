/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.ui.components;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.common.registry.Identifiable;
import org.openhab.core.config.core.dto.ConfigDescriptionDTO;

/**
 * A whole page or widget, with an identifier, tags and the description of its properties.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class RootUIComponent extends UIComponent implements Identifiable<String> {

    String uid;
    Set<String> tags = new HashSet<>();
    ConfigDescriptionDTO props;

    /** With a random identifier. */
    public RootUIComponent() {
        this("");
    }

    public RootUIComponent(String name) {
        super(name);
        this.uid = UUID.randomUUID().toString();
        this.props = noProps();
    }

    public RootUIComponent(String uid, String name) {
        super(name);
        this.uid = uid;
        this.props = noProps();
    }

    private static ConfigDescriptionDTO noProps() {
        return new ConfigDescriptionDTO(null, new ArrayList<>(), new ArrayList<>());
    }

    @Override
    public String getUID() {
        return uid;
    }

    public void addTag(String tag) {
        tags.add(tag);
    }
}
