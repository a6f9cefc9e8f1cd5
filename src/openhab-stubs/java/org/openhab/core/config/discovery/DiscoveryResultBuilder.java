/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.config.discovery;

import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;

/** Builds a discovery result. */
@NonNullByDefault
public class DiscoveryResultBuilder {
    private final ThingUID thingUID;
    private final Map<String, Object> properties = new HashMap<>();
    private @Nullable String representationProperty;
    private String label = "";
    private long ttl = -1;

    private DiscoveryResultBuilder(ThingUID thingUID) {
        this.thingUID = thingUID;
    }

    public static DiscoveryResultBuilder create(ThingUID thingUID) {
        return new DiscoveryResultBuilder(thingUID);
    }

    public DiscoveryResultBuilder withProperties(@Nullable Map<String, Object> properties) {
        if (properties != null) {
            this.properties.putAll(properties);
        }
        return this;
    }

    public DiscoveryResultBuilder withProperty(String key, Object value) {
        properties.put(key, value);
        return this;
    }

    public DiscoveryResultBuilder withRepresentationProperty(@Nullable String representationProperty) {
        this.representationProperty = representationProperty;
        return this;
    }

    public DiscoveryResultBuilder withLabel(@Nullable String label) {
        this.label = label == null ? "" : label;
        return this;
    }

    public DiscoveryResultBuilder withTTL(long ttl) {
        this.ttl = ttl;
        return this;
    }

    public DiscoveryResult build() {
        return new Result(thingUID, Map.copyOf(properties), representationProperty, label, ttl);
    }

    private record Result(ThingUID getThingUID, Map<String, Object> getProperties,
            @Nullable String getRepresentationProperty, String getLabel,
            long getTimeToLive) implements DiscoveryResult {

        @Override
        public ThingTypeUID getThingTypeUID() {
            String[] segments = getThingUID.getAsString().split(":");
            return new ThingTypeUID(segments[0], segments[1]);
        }
    }
}
