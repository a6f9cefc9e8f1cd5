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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.registry.RegistryChangeListener;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;

/**
 * The things as bindings see them. They are made and removed through the facade only.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostThingRegistry implements ThingRegistry {

    final List<RegistryChangeListener<Thing>> listeners = new CopyOnWriteArrayList<>();
    private final HostThings things;

    HostThingRegistry(HostThings things) {
        this.things = things;
    }

    @Override
    public void addRegistryChangeListener(RegistryChangeListener<Thing> listener) {
        listeners.add(listener);
    }

    @Override
    public void removeRegistryChangeListener(RegistryChangeListener<Thing> listener) {
        listeners.remove(listener);
    }

    @Override
    public Collection<Thing> getAll() {
        return things.all().stream().map(host -> host.thing).toList();
    }

    @Override
    public Stream<Thing> stream() {
        return getAll().stream();
    }

    @Override
    public @Nullable Thing get(ThingUID uid) {
        return things.find(uid);
    }

    @Override
    public @Nullable Channel getChannel(ChannelUID channelUID) {
        Thing thing = get(channelUID.getThingUID());
        return thing == null ? null : thing.getChannel(channelUID);
    }

    @Override
    public void updateConfiguration(ThingUID thingUID, Map<String, Object> configurationParameters) {
        things.configure(thingUID, configurationParameters);
    }

    @Override
    public Thing add(Thing element) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Thing update(Thing element) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Thing remove(ThingUID thingUID) {
        Thing thing = get(thingUID);
        if (thing != null) {
            things.remove(thingUID);
        }
        return thing;
    }

    @Override
    public @Nullable Thing forceRemove(ThingUID thingUID) {
        return remove(thingUID);
    }

    @Override
    public @Nullable Thing createThingOfType(ThingTypeUID thingTypeUID, @Nullable ThingUID thingUID,
            @Nullable ThingUID bridgeUID, @Nullable String label, Configuration configuration) {
        return null;
    }
}
