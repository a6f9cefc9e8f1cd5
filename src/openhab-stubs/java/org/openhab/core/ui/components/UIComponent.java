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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A component of a page or widget: its type, its settings, and the components in its slots. Fields are
 * named as in JSON.
 */
public class UIComponent {
    private String component;
    private Map<String, Object> config;
    private Map<String, List<UIComponent>> slots;

    public UIComponent() {
    }

    public UIComponent(String componentType) {
        component = componentType;
        config = new HashMap<>();
    }

    public String getComponent() {
        return component;
    }

    public Map<String, Object> getConfig() {
        return config;
    }

    public void setConfig(Map<String, Object> config) {
        this.config = config;
    }

    public void addConfig(String key, Object value) {
        config.put(key, value);
    }

    public Map<String, List<UIComponent>> getSlots() {
        return slots;
    }

    public List<UIComponent> getSlot(String slotName) {
        return slots.get(slotName);
    }

    public void addComponent(String slotName, UIComponent subComponent) {
        if (slots == null) {
            slots = new HashMap<>();
        }
        slots.putIfAbsent(slotName, new ArrayList<>());
        getSlot(slotName).add(subComponent);
    }
}
