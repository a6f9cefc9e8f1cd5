/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.config.core;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jdt.annotation.Nullable;

/** Values by parameter name: texts, booleans, numbers as {@link BigDecimal}, and lists of them. */
public class Configuration {
    private final Map<String, Object> properties = new ConcurrentHashMap<>();

    public Configuration() {
    }

    public Configuration(final @Nullable Configuration configuration) {
        this(configuration == null ? null : configuration.properties);
    }

    public Configuration(@Nullable Map<String, Object> properties) {
        if (properties != null) {
            properties.forEach(this::put);
        }
    }

    private static Object normal(Object value) {
        if (value instanceof Number number) {
            BigDecimal decimal = new BigDecimal(number.toString());
            return decimal.scale() > 1 ? decimal.stripTrailingZeros() : decimal;
        }
        if (value instanceof Collection<?> several) {
            return several.stream().map(Configuration::normal).toList();
        }
        if (value instanceof String || value instanceof Boolean) {
            return value;
        }
        throw new IllegalArgumentException("Not a configuration value: " + value);
    }

    public Object get(String key) {
        return properties.get(key);
    }

    public Object put(String key, @Nullable Object value) {
        return value == null ? properties.remove(key) : properties.put(key, normal(value));
    }

    public Object remove(String key) {
        return properties.remove(key);
    }

    public Collection<Object> values() {
        return getProperties().values();
    }

    public Map<String, Object> getProperties() {
        return Collections.unmodifiableMap(new HashMap<>(properties));
    }

    public void setProperties(Map<String, Object> newProperties) {
        properties.clear();
        newProperties.forEach(this::put);
    }
}
