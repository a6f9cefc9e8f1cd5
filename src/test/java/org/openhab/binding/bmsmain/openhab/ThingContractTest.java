/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.openhab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;

/**
 * Assumptions of the binding about openHAB's things and identifiers. They must hold for the stubs and for openHAB's
 * own classes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ThingContractTest {

    private static final ThingTypeUID TYPE = new ThingTypeUID("bmsmain", "tcp");
    private static final ThingUID THING = new ThingUID(TYPE, "home");

    private static Channel channel(String id) {
        return ChannelBuilder.create(new ChannelUID(THING, id), "Number").build();
    }

    @Test
    void identifiersReadAsTheirParts() {
        assertEquals("bmsmain:tcp:home", THING.getAsString());
        assertEquals(THING, new ThingUID("bmsmain:tcp:home"));
        assertEquals(THING.hashCode(), new ThingUID("bmsmain:tcp:home").hashCode());
        assertEquals("home", THING.getId());
        assertEquals("bmsmain", THING.getBindingId());
    }

    @Test
    void channelsStandInGroupsOrNot() {
        ChannelUID grouped = new ChannelUID("bmsmain:tcp:home:battery#current");
        assertEquals(grouped, new ChannelUID(THING, "battery", "current"));
        assertEquals("battery#current", grouped.getId());
        assertEquals("battery", grouped.getGroupId());
        assertEquals("current", grouped.getIdWithoutGroup());
        assertEquals(THING, grouped.getThingUID());
        ChannelUID alone = new ChannelUID(THING, "tap");
        assertNull(alone.getGroupId());
        assertEquals("tap", alone.getIdWithoutGroup());
    }

    @ParameterizedTest
    @ValueSource(strings = { "bmsmain:tcp:", "bmsmain:tcp:a b", "bmsmain:tcp:a#b" })
    void badThingsAreRefused(String uid) {
        assertThrows(IllegalArgumentException.class, () -> new ThingUID(uid));
    }

    @ParameterizedTest
    @ValueSource(strings = { "bmsmain:tcp:home:a#b#c", "bmsmain:tcp:home:ä" })
    void badChannelsAreRefused(String uid) {
        assertThrows(IllegalArgumentException.class, () -> new ChannelUID(uid));
    }

    @Test
    void aThingIsBuiltFromItsParts() {
        Thing thing = ThingBuilder.create(TYPE, THING).withLabel("Home").withChannels(channel("a#x"), channel("a#y"))
                .withChannel(channel("b")).withConfiguration(new Configuration(Map.of("port", 502)))
                .withProperties(Map.of("vendor", "V")).build();
        assertEquals(ThingStatus.UNINITIALIZED, thing.getStatus());
        assertEquals("Home", thing.getLabel());
        assertEquals(List.of("a#x", "a#y", "b"),
                thing.getChannels().stream().map(channel -> channel.getUID().getId()).toList());
        assertNull(thing.getChannel("c"));

        Thing copy = ThingBuilder.create(thing).withoutChannel(new ChannelUID(THING, "b")).build();
        assertEquals(2, copy.getChannels().size());
        assertEquals(3, thing.getChannels().size());
        assertEquals(thing.getProperties(), copy.getProperties());
        assertEquals(thing.getConfiguration().getProperties(), copy.getConfiguration().getProperties());
    }

    @Test
    void aThingHasEachChannelOnceAndItsOwnOnly() {
        ThingBuilder builder = ThingBuilder.create(TYPE, THING).withChannel(channel("a"));
        assertThrows(IllegalArgumentException.class, () -> builder.withChannel(channel("a")));
        Channel foreign = ChannelBuilder.create(new ChannelUID("bmsmain:tcp:other:a"), "Number").build();
        assertThrows(IllegalArgumentException.class, () -> builder.withChannel(foreign));
    }
}
