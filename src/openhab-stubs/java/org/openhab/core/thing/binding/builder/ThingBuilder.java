/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.thing.binding.builder;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.ThingHandler;

/** Builds a thing. It contains its own channels only, and their IDs are unique. */
@NonNullByDefault
public class ThingBuilder {
    private final ThingUID uid;
    private final ThingTypeUID type;
    private final Map<ChannelUID, Channel> channels = new LinkedHashMap<>();
    private @Nullable String label;
    private Configuration configuration = new Configuration();
    private Map<String, String> properties = Map.of();

    private ThingBuilder(ThingTypeUID thingTypeUID, ThingUID thingUID) {
        type = thingTypeUID;
        uid = thingUID;
    }

    public static ThingBuilder create(ThingTypeUID thingTypeUID, String thingId) {
        return create(thingTypeUID, new ThingUID(thingTypeUID, thingId));
    }

    public static ThingBuilder create(ThingTypeUID thingTypeUID, ThingUID thingUID) {
        return new ThingBuilder(thingTypeUID, thingUID);
    }

    public static ThingBuilder create(Thing thing) {
        return create(thing.getThingTypeUID(), thing.getUID()).withLabel(thing.getLabel())
                .withChannels(thing.getChannels()).withConfiguration(thing.getConfiguration())
                .withProperties(thing.getProperties());
    }

    public Thing build() {
        return new BuiltThing(this);
    }

    public ThingBuilder withLabel(@Nullable String label) {
        this.label = label;
        return this;
    }

    public ThingBuilder withChannel(Channel channel) {
        ChannelUID id = channel.getUID();
        if (!id.getThingUID().equals(uid) || channels.putIfAbsent(id, channel) != null) {
            throw new IllegalArgumentException("Channel " + id + " is of another thing, or there twice");
        }
        return this;
    }

    public ThingBuilder withChannels(Channel... channels) {
        return withChannels(List.of(channels));
    }

    public ThingBuilder withChannels(List<Channel> channels) {
        this.channels.clear();
        channels.forEach(this::withChannel);
        return this;
    }

    public ThingBuilder withoutChannel(ChannelUID channelUID) {
        channels.remove(channelUID);
        return this;
    }

    public ThingBuilder withoutChannels(List<Channel> channels) {
        channels.forEach(channel -> withoutChannel(channel.getUID()));
        return this;
    }

    public ThingBuilder withConfiguration(Configuration configuration) {
        this.configuration = configuration;
        return this;
    }

    public ThingBuilder withProperties(Map<String, String> properties) {
        this.properties = properties;
        return this;
    }

    private static class BuiltThing implements Thing {
        private final ThingTypeUID type;
        private final ThingUID uid;
        private final Map<ChannelUID, Channel> channels;
        private final Configuration configuration;
        private final Map<String, String> properties;
        private volatile @Nullable String label;
        private volatile ThingStatusInfo status = new ThingStatusInfo(ThingStatus.UNINITIALIZED, ThingStatusDetail.NONE,
                null);
        private volatile @Nullable ThingHandler handler;

        BuiltThing(ThingBuilder from) {
            type = from.type;
            uid = from.uid;
            channels = new LinkedHashMap<>(from.channels);
            configuration = from.configuration;
            properties = new HashMap<>(from.properties);
            label = from.label;
        }

        @Override
        public @Nullable String getLabel() {
            return label;
        }

        @Override
        public void setLabel(@Nullable String label) {
            this.label = label;
        }

        @Override
        public List<Channel> getChannels() {
            return List.copyOf(channels.values());
        }

        @Override
        public @Nullable Channel getChannel(String channelId) {
            return getChannel(new ChannelUID(uid, channelId));
        }

        @Override
        public @Nullable Channel getChannel(ChannelUID channelUID) {
            return channels.get(channelUID);
        }

        @Override
        public ThingStatus getStatus() {
            return status.getStatus();
        }

        @Override
        public ThingStatusInfo getStatusInfo() {
            return status;
        }

        @Override
        public void setStatusInfo(ThingStatusInfo status) {
            this.status = status;
        }

        @Override
        public void setHandler(@Nullable ThingHandler thingHandler) {
            handler = thingHandler;
        }

        @Override
        public @Nullable ThingHandler getHandler() {
            return handler;
        }

        @Override
        public Configuration getConfiguration() {
            return configuration;
        }

        @Override
        public ThingUID getUID() {
            return uid;
        }

        @Override
        public ThingTypeUID getThingTypeUID() {
            return type;
        }

        @Override
        public synchronized Map<String, String> getProperties() {
            return Map.copyOf(properties);
        }

        @Override
        public synchronized @Nullable String setProperty(String name, @Nullable String value) {
            return value == null ? properties.remove(name) : properties.put(name, value);
        }
    }
}
