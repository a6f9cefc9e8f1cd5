/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * Locations in the register map as users write them: {@code input|holding:address[.bit]:type[:scale]}. The type may be
 * omitted if a bit is given; it is U16 then.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class RegisterSyntax {

    private static final int LAST_ADDRESS = 0xFFFF;
    private static final int LAST_BIT = 31;

    private RegisterSyntax() {
    }

    /**
     * Parses a location.
     *
     * @throws LocationException when it is invalid, or does not fit the value
     */
    public static RegisterLocation parse(Point point, String text) throws LocationException {
        String[] parts = text.split(":", -1);
        if (parts.length < 2 || parts.length > 4) {
            throw new LocationException(Reason.SYNTAX, text);
        }
        Table table = table(parts[0]);
        int dot = parts[1].indexOf('.');
        int bit = dot < 0 ? Location.NO_BIT : LocationLine.number(parts[1].substring(dot + 1), LAST_BIT, Reason.BIT);
        LocationLine.checkBit(point, bit, text);
        if (bit == Location.NO_BIT && parts.length < 3) {
            throw new LocationException(Reason.TYPE, text);
        }
        WireType type = parts.length < 3 ? WireType.U16 : LocationLine.type(parts[2], bit);
        if (parts.length < 3 && bit > 15) {
            throw new LocationException(Reason.BIT, parts[1].substring(dot + 1));
        }
        if (parts.length == 4 && bit != Location.NO_BIT) {
            // A bit has no scale.
            throw new LocationException(Reason.SYNTAX, text);
        }
        double scale = parts.length < 4 ? 1 : LocationLine.scale(parts[3]);
        return place(table, dot < 0 ? parts[1] : parts[1].substring(0, dot), type, bit, scale);
    }

    /** Parses the name of a table, in any case. */
    public static Table table(String text) throws LocationException {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "input" -> Table.INPUT;
            case "holding" -> Table.HOLDING;
            default -> throw new LocationException(Reason.TABLE, text);
        };
    }

    /** Returns a location from parsed parts and an address as users write it. */
    public static RegisterLocation place(Table table, String address, WireType type, int bit, double scale)
            throws LocationException {
        int first = LocationLine.number(address, LAST_ADDRESS, Reason.ADDRESS);
        RegisterLocation location = RegisterLocation.of(table, first, type, bit, scale);
        if (location.end() > LAST_ADDRESS + 1) {
            throw new LocationException(Reason.ADDRESS, address);
        }
        return location;
    }
}
