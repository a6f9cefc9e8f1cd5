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

import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.BmsMainBindingConstants;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.handler.Stubs.Recorder;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.thing.type.ChannelTypeUID;

/**
 * Whether a Thing can be started: its handler reads the configuration as at a start, without opening a bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Startable {

    /** A channel that a user added. */
    public record OwnChannel(String type, String id, Map<String, Object> parameters) {
    }

    private Startable() {
    }

    /** Returns the error that prevents a Thing from starting, as in its status; null without one. */
    public static @Nullable String problem(String type, Map<String, Object> parameters, List<OwnChannel> channels) {
        ThingBuilder builder = ThingBuilder.create(new ThingTypeUID(BmsMainBindingConstants.BINDING_ID, type), "any")
                .withConfiguration(new Configuration(parameters));
        Thing plain = builder.build();
        for (OwnChannel channel : channels) {
            builder.withChannel(ChannelBuilder.create(new ChannelUID(plain.getUID(), channel.id))
                    .withType(new ChannelTypeUID(BmsMainBindingConstants.BINDING_ID, channel.type))
                    .withConfiguration(new Configuration(channel.parameters)).build());
        }
        Ticker ticker = Ticker.system();
        try (BusRegistry registry = new BusRegistry(ticker)) {
            HandlerServices services = new HandlerServices(registry, ticker, Stubs.texts(), Stubs.storage(),
                    Stubs.ZONE);
            Thing thing = builder.build();
            if ("bank".equals(type)) {
                return problem(new BankHandler(thing, services));
            }
            BoardHandler handler = switch (type) {
                case "serial" -> new ModbusHandler(thing, ConnectionType.SERIAL, services);
                case "tcp" -> new ModbusHandler(thing, ConnectionType.TCP, services);
                default -> new CanHandler(thing, services);
            };
            ConfigReader reader = new ConfigReader(thing.getConfiguration());
            handler.boardConnection(reader, RegisterChannels.of(thing),
                    reader.flag("allowControl") ? new CommandQueue(ticker) : null, Stubs.counting());
            return null;
        } catch (ConfigurationException e) {
            return e.statusText();
        }
    }

    /** A bank has no bus, so it is really started. */
    private static @Nullable String problem(BankHandler bank) {
        Recorder recorder = new Recorder();
        bank.setCallback(recorder.callback());
        bank.initialize();
        bank.dispose();
        String wrong = "OFFLINE/CONFIGURATION_ERROR ";
        return recorder.statuses.stream().filter(status -> status.startsWith(wrong))
                .map(status -> status.substring(wrong.length())).findFirst().orElse(null);
    }
}
