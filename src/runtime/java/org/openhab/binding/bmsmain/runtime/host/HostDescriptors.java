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

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ChannelType;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.GroupType;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ThingType;
import org.openhab.core.config.core.ConfigDescription;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.type.ChannelGroupTypeUID;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The descriptors of all bundles; they come and go with them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostDescriptors implements BundleTrackerCustomizer<@Nullable Descriptors> {

    private final Logger logger = LoggerFactory.getLogger(HostDescriptors.class);
    private final Map<Bundle, Descriptors> descriptors = new ConcurrentHashMap<>();

    @Override
    public @Nullable Descriptors addingBundle(@Nullable Bundle bundle, @Nullable BundleEvent event) {
        if (bundle == null || bundle.findEntries("/OH-INF/thing", "*.xml", true) == null) {
            return null;
        }
        try {
            Descriptors all = new Descriptors(bundle);
            descriptors.put(bundle, all);
            return all;
        } catch (IOException | IllegalArgumentException e) {
            logger.error("Descriptors of {}", bundle.getSymbolicName(), e);
            return null;
        }
    }

    @Override
    public void modifiedBundle(@Nullable Bundle bundle, @Nullable BundleEvent event, @Nullable Descriptors of) {
    }

    @Override
    public void removedBundle(@Nullable Bundle bundle, @Nullable BundleEvent event, @Nullable Descriptors of) {
        if (bundle != null) {
            descriptors.remove(bundle);
        }
    }

    List<Descriptors> all() {
        return List.copyOf(descriptors.values());
    }

    @Nullable
    ThingType thingType(ThingTypeUID uid) {
        return find(all -> all.things.get(uid));
    }

    @Nullable
    ChannelType channelType(@Nullable ChannelTypeUID uid) {
        return uid == null ? null : find(all -> all.channels.get(uid));
    }

    @Nullable
    GroupType groupType(ChannelGroupTypeUID uid) {
        return find(all -> all.groups.get(uid));
    }

    @Nullable
    ConfigDescription config(@Nullable URI uri) {
        return uri == null ? null : find(all -> all.configs.get(uri));
    }

    /** The description of the configuration of a thing type, null without one. */
    @Nullable
    ConfigDescription config(ThingTypeUID uid) {
        ThingType type = thingType(uid);
        return type == null ? null : config(type.config());
    }

    /** The description of the configuration of a channel type, null without one. */
    @Nullable
    ConfigDescription config(@Nullable ChannelTypeUID uid) {
        ChannelType type = channelType(uid);
        return type == null ? null : config(type.config());
    }

    /**
     * @return the bundle that describes a thing type
     * @throws IllegalArgumentException if there is no such type
     */
    Bundle bundleOf(ThingTypeUID type) {
        Bundle bundle = find(all -> all.things.containsKey(type) ? all.bundle : null);
        if (bundle == null) {
            throw new IllegalArgumentException("No thing type " + type);
        }
        return bundle;
    }

    private interface Query<T> {

        @Nullable
        T of(Descriptors descriptors);
    }

    private <T> @Nullable T find(Query<T> query) {
        for (Descriptors all : descriptors.values()) {
            T found = query.of(all);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
