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

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import javax.measure.Unit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.modbus.RegisterSyntax;
import org.openhab.core.library.types.QuantityType;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.type.ChannelTypeUID;

/**
 * The channels that users added to a Thing to read additional registers. openHAB does not validate the configuration of
 * such channels, so it is validated here.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RegisterChannels {

    private static final int LAST_ADDRESS = 0xFFFF;
    private static final int MAX_REGISTERS = 125;
    private static final int LAST_BIT = 31;
    private static final Set<String> TYPES = Set.of(CHANNEL_TYPE_NUMBER, CHANNEL_TYPE_SWITCH, CHANNEL_TYPE_TEXT);
    private static final Pattern RESERVED = Pattern.compile("(" + GROUP_CONTROL + "|logic-\\d+)#.*");

    private final List<Point> points = new ArrayList<>();
    private final Map<Point, Unit<?>> units = new HashMap<>();

    private RegisterChannels() {
    }

    /**
     * Reads the channels of a Thing.
     *
     * @throws ConfigurationException naming the first invalid channel
     */
    static RegisterChannels of(Thing thing) throws ConfigurationException {
        RegisterChannels channels = new RegisterChannels();
        for (Channel channel : thing.getChannels()) {
            ChannelTypeUID type = channel.getChannelTypeUID();
            if (type != null && BINDING_ID.equals(type.getBindingId())) {
                channels.add(channel, type.getId());
            }
        }
        return channels;
    }

    private void add(Channel channel, String type) throws ConfigurationException {
        String id = channel.getUID().getId();
        ConfigReader reader = ConfigReader.ofStored(channel.getConfiguration());
        try {
            if (TYPES.contains(type) && isReserved(id)) {
                throw new LocationException(Reason.RESERVED, id);
            }
            switch (type) {
                case CHANNEL_TYPE_NUMBER:
                    addNumber(id, reader);
                    break;
                case CHANNEL_TYPE_SWITCH:
                    addSwitch(id, reader);
                    break;
                case CHANNEL_TYPE_TEXT:
                    addText(id, reader);
                    break;
                default:
                    // A channel of the thing type.
                    break;
            }
        } catch (LocationException e) {
            throw ConfigurationException.of("channel", id, e);
        }
    }

    /** Whether the channel ID belongs to the binding, or to a group whose channels the binding adds and removes. */
    private static boolean isReserved(String id) {
        return Catalogue.byId(id) != null || RESERVED.matcher(id).matches();
    }

    private void addNumber(String id, ConfigReader reader) throws LocationException {
        WireType type = LocationLine.type(reader.text("type", WireType.U16.name()), Location.NO_BIT);
        double scale = LocationLine.scale(reader.text("scale", "1"));
        RegisterLocation place = RegisterSyntax.place(table(reader), address(reader), type, Location.NO_BIT, scale);
        String unitText = reader.text("unit", "");
        Unit<?> unit = unitText.isEmpty() ? null : unit(unitText);
        Point point = add(id, unit == null ? Kind.COUNT : Kind.MEASUREMENT, place);
        if (unit != null) {
            units.put(point, unit);
        }
    }

    private void addSwitch(String id, ConfigReader reader) throws LocationException {
        int bit = LocationLine.number(integerText(reader.text("bit", "0")), LAST_BIT, Reason.BIT);
        WireType type = LocationLine.type(reader.text("type", WireType.U16.name()), bit);
        add(id, Kind.FLAG, RegisterSyntax.place(table(reader), address(reader), type, bit, 1));
    }

    private void addText(String id, ConfigReader reader) throws LocationException {
        int length = LocationLine.number(integerText(reader.text("length", "1")), MAX_REGISTERS, Reason.LENGTH);
        int address = LocationLine.number(address(reader), LAST_ADDRESS, Reason.ADDRESS);
        if (length == 0 || address + length > LAST_ADDRESS + 1) {
            throw new LocationException(Reason.LENGTH, Integer.toString(length));
        }
        add(id, Kind.TEXT,
                new RegisterLocation(table(reader), address, WireType.CHARACTERS, Location.NO_BIT, 1, length));
    }

    private Point add(String id, Kind kind, RegisterLocation place) {
        Point point = Point.custom(Catalogue.size() + points.size(), id, kind, place);
        points.add(point);
        return point;
    }

    private static Table table(ConfigReader reader) throws LocationException {
        return RegisterSyntax.table(reader.text("table", "input"));
    }

    private static String address(ConfigReader reader) {
        return integerText(reader.text("address", ""));
    }

    /** openHAB stores an integer as 5 or 5.0, depending on where it was entered. */
    private static String integerText(String text) {
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static Unit<?> unit(String text) throws LocationException {
        try {
            return new QuantityType<>("1 " + text).getUnit();
        } catch (IllegalArgumentException e) {
            throw new LocationException(Reason.UNIT, text);
        }
    }

    /** The values that the channels show. */
    List<Point> points() {
        return points;
    }

    /** The user-defined unit of a value, or null. */
    @Nullable
    Unit<?> unit(Point point) {
        return units.get(point);
    }
}
