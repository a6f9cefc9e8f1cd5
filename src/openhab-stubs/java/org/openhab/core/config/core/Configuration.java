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

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The values of a thing, a channel or a service by parameter name. Numbers are {@code BigDecimal}, several values are
 * a list.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
public class Configuration {

    private final Map<String, Object> properties;

    public Configuration() {
        this(Map.of());
    }

    public Configuration(final @Nullable Configuration configuration) {
        this(configuration == null ? Map.of() : configuration.getProperties());
    }

    /**
     * @param properties the values, which are brought into their normal form
     * @throws IllegalArgumentException if a value is none that a configuration can hold
     */
    public Configuration(@Nullable Map<String, Object> properties) {
        this.properties = Collections
                .synchronizedMap(ConfigUtil.normalizeTypes(properties == null ? Map.of() : properties));
    }

    /**
     * @param configurationClass a class with a public constructor without parameters, or a record
     * @return an object of it, filled by {@link ConfigParser#configurationAs(Map, Class)}
     */
    public <T> T as(Class<T> configurationClass) {
        return ConfigParser.configurationAs(getProperties(), configurationClass);
    }

    public Object get(String key) {
        return properties.get(key);
    }

    public Object put(String key, @Nullable Object value) {
        return properties.put(key, value == null ? null : ConfigUtil.normalizeType(value));
    }

    public Object remove(String key) {
        return properties.remove(key);
    }

    public Collection<Object> values() {
        return getProperties().values();
    }

    /**
     * @return an unmodifiable copy
     */
    public Map<String, Object> getProperties() {
        synchronized (properties) {
            return Collections.unmodifiableMap(new HashMap<>(properties));
        }
    }

    public void setProperties(Map<String, Object> newProperties) {
        synchronized (properties) {
            properties.clear();
            newProperties.forEach(this::put);
        }
    }

    @Override
    public int hashCode() {
        return properties.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object obj) {
        return obj instanceof Configuration other && properties.equals(other.properties);
    }

    @Override
    public String toString() {
        return "Configuration" + properties;
    }
}
