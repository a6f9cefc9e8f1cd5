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

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.thing.ThingUID;

/**
 * What a caller outside of the framework asks for: an operation and its arguments.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record HostRequest(Map<String, Object> arguments) {

    boolean has(String name) {
        return arguments.containsKey(name);
    }

    /**
     * @throws IllegalArgumentException if there is no such argument
     */
    String text(String name) {
        Object value = arguments.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Argument " + name + " is missing");
        }
        return value.toString();
    }

    /** A map, empty without the argument. */
    @SuppressWarnings("unchecked")
    Map<String, Object> map(String name) {
        return arguments.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** The arguments in a map, none without it. */
    HostRequest part(String name) {
        return new HostRequest(map(name));
    }

    /** A list, empty without the argument. */
    List<?> list(String name) {
        return arguments.get(name) instanceof List<?> list ? list : List.of();
    }

    /** The language, null for that of the system. */
    @Nullable
    Locale locale() {
        return has("locale") ? Locale.forLanguageTag(text("locale")) : null;
    }

    ThingUID thing() {
        return new ThingUID(text("thing"));
    }
}
