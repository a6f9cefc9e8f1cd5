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

import java.util.HashSet;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.common.registry.Identifiable;

/** A complete page or widget. Fields are named as in JSON. */
@NonNullByDefault
public class RootUIComponent extends UIComponent implements Identifiable<String> {
    private String uid = "";
    private final Set<String> tags = new HashSet<>();

    public RootUIComponent() {
    }

    public RootUIComponent(String uid, String name) {
        super(name);
        this.uid = uid;
    }

    @Override
    public String getUID() {
        return uid;
    }

    public void addTag(String tag) {
        tags.add(tag);
    }
}
