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

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.thing.type.ChannelTypeUID;

/**
 * Channels that users add for registers.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RegisterChannelsTest {

    private static final ThingUID THING = new ThingUID(THING_TYPE_TCP, "battery");

    private final List<Channel> channels = new ArrayList<>();

    @Test
    void readsNumbersSwitchesAndTexts() throws Exception {
        add("pack-voltage", CHANNEL_TYPE_NUMBER, "address", "0x2104", "type", "REAL32", "unit", "V", "scale", "0.1");
        add("own#door", CHANNEL_TYPE_SWITCH, "table", "holding", "address", new BigDecimal("16"), "bit",
                new BigDecimal("3.0"));
        add("serial", CHANNEL_TYPE_TEXT, "address", 12.0, "length", new BigDecimal("8"));
        add("plain", CHANNEL_TYPE_NUMBER, "address", "7");
        channels.add(ChannelBuilder.create(new ChannelUID(THING, "battery#current"), "Number")
                .withType(new ChannelTypeUID(BINDING_ID, "current")).build());
        channels.add(ChannelBuilder.create(new ChannelUID(THING, "untyped"), "Number").build());
        RegisterChannels read = read();
        List<Point> points = read.points();
        assertEquals(4, points.size());
        assertPoint(points.get(0), 0, "pack-voltage", Kind.MEASUREMENT,
                RegisterLocation.of(Table.INPUT, 0x2104, WireType.REAL32, Location.NO_BIT, 0.1));
        assertPoint(points.get(1), 1, "own#door", Kind.FLAG,
                RegisterLocation.of(Table.HOLDING, 16, WireType.U16, 3, 1));
        assertPoint(points.get(2), 2, "serial", Kind.TEXT,
                new RegisterLocation(Table.INPUT, 12, WireType.CHARACTERS, Location.NO_BIT, 1, 8));
        assertPoint(points.get(3), 3, "plain", Kind.COUNT,
                RegisterLocation.of(Table.INPUT, 7, WireType.U16, Location.NO_BIT, 1));
        assertEquals("V", String.valueOf(read.unit(points.get(0))));
        assertNull(read.unit(points.get(3)));
    }

    private static void assertPoint(Point point, int place, String id, Kind kind, RegisterLocation register) {
        assertEquals(Catalogue.size() + place, point.index());
        assertEquals(id, point.id());
        assertEquals(kind, point.kind());
        assertEquals(register, point.register());
        assertTrue(point.isChannel());
    }

    /** As in the Thing: the address is rejected because of the value of the variable. */
    @Test
    void putsInEnvironmentVariables() {
        add("mine", CHANNEL_TYPE_NUMBER, "address", "${ENV:PATH}");
        ConfigurationException e = assertThrows(ConfigurationException.class, this::read);
        assertTrue(e.statusText().contains(System.getenv("PATH").replaceFirst(":.*", "")), e.statusText());
    }

    /** openHAB accepts any configuration of such a channel. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            register-number |                                       | address     | -
            register-number | address=99999999                      | address     | 99999999
            register-number | address=-1                            | address     | -1
            register-number | address=65535 type=U32                | address     | 65535
            register-number | address=1 table=coil                  | table       | coil
            register-number | address=1 type=float                  | type        | float
            register-number | address=1 type=CLOCK                  | type        | CLOCK
            register-number | address=1 scale=0                     | scale       | 0
            register-number | address=1 scale=x                     | scale       | x
            register-number | address=1 unit=furlongs               | unit        | furlongs
            register-switch | address=1 bit=16                      | bit         | 16
            register-switch | address=1 bit=32 type=U32             | bit         | 32
            register-switch | address=1 bit=x                       | bit         | x
            register-switch | address=1 bit=0 type=REAL32           | type        | REAL32
            register-text   | address=1 length=0                    | length      | 0
            register-text   | address=1 length=126                  | length      | 126
            register-text   | address=65535 length=2                | length      | 2
            register-text   | address=70000                         | address     | 70000
            """)
    void saysWhichChannelIsWrongAndWhy(String type, String parameters, String reason, String text) {
        List<Object> pairs = new ArrayList<>();
        for (String pair : String.valueOf(parameters).split(" ")) {
            if (pair.contains("=")) {
                pairs.addAll(List.of((Object[]) pair.split("=")));
            }
        }
        add("mine", type, pairs.toArray());
        ConfigurationException e = assertThrows(ConfigurationException.class, this::read);
        assertEquals("@text/offline.config.channel [\"mine\",\"@text/location." + reason + "\",\"" + text + "\"]",
                e.statusText());
    }

    /** Values that the binding itself publishes cannot be read from a second location. */
    @ParameterizedTest
    @ValueSource(strings = { "battery#voltage", "link#requests", "faults#alarm", "control#charge-request",
            "control#mine", "logic-1#status", "logic-1#mine", "logic-99999999999#cell-voltage-1" })
    void aChannelDoesNotTakeTheNameOfAnother(String id) {
        add(id, CHANNEL_TYPE_NUMBER, "address", "1");
        ConfigurationException e = assertThrows(ConfigurationException.class, this::read);
        assertEquals("@text/offline.config.channel [\"" + id + "\",\"@text/location.reserved\",\"" + id + "\"]",
                e.statusText());
    }

    /** openHAB allows them, and nothing depends on them. */
    @ParameterizedTest
    @ValueSource(strings = { "cell--x", "cell-voltage-99999999999", "battery#mine", "own#cell-voltage-0-0", "a_B-" })
    void otherNamesAreFree(String id) throws Exception {
        add(id, CHANNEL_TYPE_NUMBER, "address", "1");
        List<Point> points = new ArrayList<>(read().points());
        BoardSetup setup = BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90));
        new BoardAssembler(new BoardSetup(setup.relayFunctions(), setup.inputFunctions(), Map.of(), points,
                setup.lifetime(), setup.slowLifetime(), false));
        assertEquals(id, points.get(0).id());
    }

    private void add(String id, String type, Object... parameters) {
        Map<String, Object> configuration = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            configuration.put((String) parameters[i], parameters[i + 1]);
        }
        channels.add(ChannelBuilder.create(new ChannelUID(THING, id), "Number")
                .withType(new ChannelTypeUID(BINDING_ID, type)).withConfiguration(new Configuration(configuration))
                .build());
    }

    private RegisterChannels read() throws ConfigurationException {
        Thing thing = ThingBuilder.create(THING_TYPE_TCP, THING).withChannels(channels).build();
        return RegisterChannels.of(thing);
    }
}
