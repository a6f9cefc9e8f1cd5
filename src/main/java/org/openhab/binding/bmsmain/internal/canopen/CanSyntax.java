/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.PdoLocation;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SdoLocation;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * Locations on CAN as users write them: {@code sdo:index.sub[.bit]:type[:scale]} for an object of the dictionary, and
 * {@code pdo:cobid:byte[.bit]:type[:scale]} for a position in a frame. The COB-ID includes the node ID.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanSyntax {

    private static final int LAST_INDEX = 0xFFFF;
    private static final int LAST_SUB_INDEX = 0xFF;
    private static final int LAST_BIT = 31;

    private CanSyntax() {
    }

    /**
     * Parses a location.
     *
     * @throws LocationException when the text is invalid, or the location does not fit the value
     */
    public static Location parse(Point point, String text) throws LocationException {
        String[] parts = text.split(":", -1);
        return switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
            case "sdo" -> sdo(point, text, parts);
            case "pdo" -> pdo(point, text, parts);
            default -> throw new LocationException(Reason.CAN_SYNTAX, text);
        };
    }

    private static Location sdo(Point point, String text, String[] parts) throws LocationException {
        checkParts(text, parts, 3);
        String[] numbers = parts[1].split("\\.", -1);
        if (numbers.length < 2 || numbers.length > 3) {
            throw new LocationException(Reason.OBJECT, parts[1]);
        }
        int index = LocationLine.number(numbers[0], LAST_INDEX, Reason.OBJECT);
        int subIndex = LocationLine.number(numbers[1], LAST_SUB_INDEX, Reason.OBJECT);
        int bit = numbers.length < 3 ? Location.NO_BIT : LocationLine.number(numbers[2], LAST_BIT, Reason.BIT);
        LocationLine.checkBit(point, bit, text);
        return new SdoLocation(index, subIndex, LocationLine.type(parts[2], bit), bit, scale(parts, 3));
    }

    private static Location pdo(Point point, String text, String[] parts) throws LocationException {
        checkParts(text, parts, 4);
        int cobId = LocationLine.number(parts[1], CanFrame.MAX_ID, Reason.COB_ID);
        String[] numbers = parts[2].split("\\.", -1);
        if (numbers.length > 2) {
            throw new LocationException(Reason.BYTE, parts[2]);
        }
        int offset = LocationLine.number(numbers[0], CanFrame.MAX_LENGTH - 1, Reason.BYTE);
        int bit = numbers.length < 2 ? Location.NO_BIT : LocationLine.number(numbers[1], LAST_BIT, Reason.BIT);
        LocationLine.checkBit(point, bit, text);
        WireType type = LocationLine.type(parts[3], bit);
        if (offset + type.bytes() > CanFrame.MAX_LENGTH) {
            throw new LocationException(Reason.BYTE, parts[2]);
        }
        return new PdoLocation(cobId, false, 0, offset, type, bit, scale(parts, 4));
    }

    private static void checkParts(String text, String[] parts, int least) throws LocationException {
        if (parts.length < least || parts.length > least + 1) {
            throw new LocationException(Reason.CAN_SYNTAX, text);
        }
    }

    private static double scale(String[] parts, int place) throws LocationException {
        return parts.length > place ? LocationLine.scale(parts[place]) : 1;
    }
}
