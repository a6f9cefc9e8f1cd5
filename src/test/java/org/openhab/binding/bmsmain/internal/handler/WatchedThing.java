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

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.THING_TYPE_CAN;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.THING_TYPE_TCP;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.ThingHandlerCallback;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;

/**
 * A Thing with a record of its notifications to openHAB.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class WatchedThing {
    final BoardHandler handler;
    final Map<String, String> states = new ConcurrentHashMap<>();
    final List<String> statuses = new CopyOnWriteArrayList<>();
    volatile int told;
    /** Number of events of its trigger channels. */
    final AtomicInteger triggered = new AtomicInteger();
    volatile boolean linked = true;
    /** Receives each channel and its state, before the profile. */
    volatile BiConsumer<String, String> observer = (channel, state) -> {
    };
    /** Receives each state, like a profile. */
    volatile Consumer<String> profile = channel -> {
    };

    /**
     * A board on Modbus TCP.
     *
     * @param port TCP port of the endpoint
     * @param address address of the board
     * @param refreshSeconds refresh interval
     */
    WatchedThing(HandlerServices services, int port, int address, double refreshSeconds) {
        this(services, THING_TYPE_TCP, "board-" + address, Map.of("host", "127.0.0.1", "port", port, "address", address,
                "refreshInterval", refreshSeconds, "wordOrder", "little"));
    }

    /** A board of any kind, with all channels. */
    WatchedThing(HandlerServices services, ThingTypeUID type, String name, Map<String, Object> parameters) {
        ThingUID uid = new ThingUID(type, name);
        List<Channel> channels = Catalogue.channels().stream()
                .map(point -> ChannelBuilder.create(new ChannelUID(uid, point.id()), "String").build()).toList();
        Thing thing = ThingBuilder.create(type, uid).withChannels(channels)
                .withConfiguration(new Configuration(parameters)).build();
        handler = THING_TYPE_CAN.equals(type) ? new CanHandler(thing, services)
                : new ModbusHandler(thing, THING_TYPE_TCP.equals(type) ? ConnectionType.TCP : ConnectionType.SERIAL,
                        services);
        handler.setCallback(Stubs.stub(ThingHandlerCallback.class, this::tell));
    }

    private @Nullable Object tell(String method, Object[] arguments) {
        if ("stateUpdated".equals(method)) {
            String channel = ((ChannelUID) arguments[0]).getId();
            told++;
            observer.accept(channel, arguments[1].toString());
            profile.accept(channel);
            states.put(channel, arguments[1].toString());
        } else if ("statusUpdated".equals(method)) {
            statuses.add(((ThingStatusInfo) arguments[1]).getStatus().toString());
        } else if ("channelTriggered".equals(method)) {
            triggered.incrementAndGet();
        }
        return "isChannelLinked".equals(method) ? linked : null;
    }

    WatchedThing begin() {
        handler.initialize();
        return this;
    }

    void change() {
        handler.thingUpdated(ThingBuilder.create(handler.getThing()).withLabel("Cellar").build());
    }
}
