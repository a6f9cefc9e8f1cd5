/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;

/**
 * A line {@code group#channel = location}, in which the user configures where a catalogue value is read. The syntax
 * of the location depends on the connection type.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class LocationLine {

    /** Maximum length of a scale. The time to parse a number grows with the square of its digits. */
    private static final int LONGEST_SCALE = 40;

    private LocationLine() {
    }

    /** Parses the part after the equals sign. */
    public interface PlaceSyntax {
        /**
         * @param point the value of the location
         * @throws LocationException when the text is not a location, or it does not fit the value
         */
        Location parse(Point point, String text) throws LocationException;
    }

    /** The wrong line and the reason. */
    public static final class LineException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int line;
        private final LocationException reason;

        LineException(int line, LocationException reason) {
            super("line " + line + ": " + reason.getMessage(), reason);
            this.line = line;
            this.reason = reason;
        }

        /** Line number, starting at 1. */
        public int line() {
            return line;
        }

        public LocationException reason() {
            return reason;
        }
    }

    /**
     * Parses all lines. Blank lines are skipped.
     *
     * @throws LineException at the first invalid line
     */
    public static Map<Point, Location> parseAll(List<String> lines, PlaceSyntax syntax) throws LineException {
        Map<Point, Location> locations = new LinkedHashMap<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                int equals = line.indexOf('=');
                if (equals < 0) {
                    throw new LocationException(Reason.NO_EQUALS, line.strip());
                }
                Point point = point(line.substring(0, equals).strip());
                Location location = syntax.parse(point, line.substring(equals + 1).strip());
                if (locations.put(point, location) != null) {
                    throw new LocationException(Reason.DUPLICATE, point.id());
                }
            } catch (LocationException e) {
                throw new LineException(number, e);
            }
        }
        return locations;
    }

    private static Point point(String id) throws LocationException {
        @Nullable
        Point point = Catalogue.byId(id);
        if (point == null || !point.isChannel()) {
            throw new LocationException(Reason.UNKNOWN_CHANNEL, id);
        }
        boolean readable = point.kind() == Kind.CHOICE ? point.origin() == Origin.WIRE
                : isOfBoard(point) && point.kind() != Kind.TEXT;
        if (!readable) {
            throw new LocationException(Reason.NOT_READABLE, id);
        }
        return point;
    }

    /**
     * Parses an address or number: decimal, or hexadecimal after 0x.
     *
     * @param max highest allowed number; the lowest is 0
     * @throws LocationException with the given reason when it is invalid
     */
    public static int number(String text, int max, Reason reason) throws LocationException {
        String word = text.strip();
        boolean hex = word.startsWith("0x") || word.startsWith("0X");
        // A leading zero does not mean octal: manuals write addresses with a fixed width.
        int radix = hex ? 16 : 10;
        int begin = hex ? 2 : 0;
        // Stops when the number exceeds the maximum: a line can have a million digits.
        long number = 0;
        for (int i = begin; i < word.length() && number >= 0; i++) {
            int digit = word.charAt(i) < 0x80 ? Character.digit(word.charAt(i), radix) : -1;
            number = digit < 0 ? -1 : number * radix + digit;
            number = number > max ? -1 : number;
        }
        if (word.length() > begin && number >= 0) {
            return (int) number;
        }
        throw new LocationException(reason, text);
    }

    /**
     * Parses the type of a number, or of the word that contains a bit.
     *
     * @param bit the bit, or {@link Location#NO_BIT}
     * @throws LocationException when there is no such type or it does not have the bit
     */
    public static WireType type(String text, int bit) throws LocationException {
        WireType type = WireType.numberByName(text.strip());
        if (type == null || bit != Location.NO_BIT && type == WireType.REAL32) {
            throw new LocationException(Reason.TYPE, text);
        }
        if (bit >= 8 * type.bytes()) {
            throw new LocationException(Reason.BIT, Integer.toString(bit));
        }
        return type;
    }

    /** Parses a scale: any number except zero. */
    public static double scale(String text) throws LocationException {
        try {
            String word = text.strip();
            double scale = word.length() > LONGEST_SCALE ? 0 : new BigDecimal(word).doubleValue();
            if (scale != 0 && !Double.isInfinite(scale)) {
                return scale;
            }
        } catch (NumberFormatException e) {
            // Reported below, with the given text.
        }
        throw new LocationException(Reason.SCALE, text);
    }

    /** Checks that a switch or contact has a bit, and no other value has one. */
    public static void checkBit(Point point, int bit, String text) throws LocationException {
        if (point.kind().isBit() && bit == Location.NO_BIT) {
            throw new LocationException(Reason.BIT_MISSING, text);
        }
        if (!point.kind().isBit() && bit != Location.NO_BIT) {
            throw new LocationException(Reason.BIT_UNEXPECTED, text);
        }
    }

    /** Whether a board can provide the value; values of the binding itself cannot be configured. */
    private static boolean isOfBoard(Point point) {
        return point.origin() == Origin.WIRE || point.origin() == Origin.DERIVED;
    }
}
