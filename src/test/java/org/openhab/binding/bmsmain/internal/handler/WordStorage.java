/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.storage.Storage;

/**
 * A string storage with the lifetime of a test.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class WordStorage implements Storage<String> {

    private final Map<String, @Nullable String> words = new HashMap<>();

    @Override
    public @Nullable String put(String key, @Nullable String value) {
        return words.put(key, value);
    }

    @Override
    public @Nullable String remove(String key) {
        return words.remove(key);
    }

    @Override
    public boolean containsKey(String key) {
        return words.containsKey(key);
    }

    @Override
    public @Nullable String get(String key) {
        return words.get(key);
    }

    @Override
    public Collection<String> getKeys() {
        return words.keySet();
    }

    @Override
    public Collection<@Nullable String> getValues() {
        return words.values();
    }
}
