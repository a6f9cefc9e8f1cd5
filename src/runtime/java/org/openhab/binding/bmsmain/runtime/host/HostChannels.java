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

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ChannelEntry;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ChannelType;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.Group;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.GroupType;
import org.openhab.binding.bmsmain.runtime.host.Descriptors.ThingType;
import org.openhab.core.config.core.ConfigDescription;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelGroupUID;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.type.AutoUpdatePolicy;
import org.openhab.core.thing.type.ChannelGroupTypeUID;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes channels as the descriptors say.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostChannels {

    private final Logger logger = LoggerFactory.getLogger(HostChannels.class);
    private final HostDescriptors descriptors;

    HostChannels(HostDescriptors descriptors) {
        this.descriptors = descriptors;
    }

    /** The channels of a new thing; those whose type is unknown are left out. */
    List<Channel> of(ThingUID uid, ThingType type) {
        List<Channel> channels = new ArrayList<>();
        for (ChannelEntry entry : type.channels()) {
            addIfKnown(channels, new ChannelUID(uid, entry.id()), entry);
        }
        for (Group group : type.groups()) {
            GroupType groupType = descriptors.groupType(group.type());
            if (groupType == null) {
                logger.warn("No channel group type {}", group.type());
                continue;
            }
            for (ChannelEntry entry : groupType.channels()) {
                addIfKnown(channels, new ChannelUID(uid, group.id(), entry.id()), entry);
            }
        }
        return channels;
    }

    private void addIfKnown(List<Channel> channels, ChannelUID uid, ChannelEntry entry) {
        ChannelBuilder builder = builder(uid, entry);
        if (builder != null) {
            channels.add(builder.withProperties(entry.properties()).build());
        }
    }

    private @Nullable ChannelBuilder builder(ChannelUID uid, ChannelEntry entry) {
        ChannelType type = descriptors.channelType(entry.type());
        if (type == null) {
            logger.warn("No channel type {} for channel {}", entry.type(), uid);
            return null;
        }
        ChannelBuilder builder = builder(uid, type);
        if (!entry.label().isEmpty()) {
            builder.withLabel(entry.label());
        }
        if (!entry.description().isEmpty()) {
            builder.withDescription(entry.description());
        }
        AutoUpdatePolicy policy = entry.autoUpdatePolicy();
        return policy == null ? builder : builder.withAutoUpdatePolicy(policy);
    }

    /**
     * @throws IllegalArgumentException if there is no such type
     */
    ChannelBuilder builder(ChannelUID uid, ChannelTypeUID typeUid) {
        ChannelType type = descriptors.channelType(typeUid);
        if (type == null) {
            throw new IllegalArgumentException("No channel type " + typeUid);
        }
        return builder(uid, type);
    }

    private ChannelBuilder builder(ChannelUID uid, ChannelType type) {
        ChannelBuilder builder = ChannelBuilder.create(uid, type.itemType()).withType(type.uid()).withKind(type.kind())
                .withDefaultTags(type.tags()).withLabel(type.label()).withAutoUpdatePolicy(type.autoUpdatePolicy());
        if (!type.description().isEmpty()) {
            builder.withDescription(type.description());
        }
        ConfigDescription config = descriptors.config(type.config());
        if (config != null) {
            Configuration configuration = new Configuration();
            ConfigRules.complete(configuration, config);
            builder.withConfiguration(configuration);
        }
        return builder;
    }

    /**
     * @return builders for the channels of a group; those whose type is unknown are left out
     * @throws IllegalArgumentException if there is no such type
     */
    List<ChannelBuilder> builders(ChannelGroupUID uid, ChannelGroupTypeUID typeUid) {
        GroupType type = descriptors.groupType(typeUid);
        if (type == null) {
            throw new IllegalArgumentException("No channel group type " + typeUid);
        }
        List<ChannelBuilder> builders = new ArrayList<>();
        for (ChannelEntry entry : type.channels()) {
            ChannelBuilder builder = builder(new ChannelUID(uid, entry.id()), entry);
            if (builder != null) {
                builders.add(builder);
            }
        }
        return builders;
    }
}
