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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.WireNumber;

/**
 * A value inside a frame or an object, and its decoding.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Field {

    private static final int LONGEST = 4;

    private final Point point;
    private final int bytes;
    private final WireNumber number;

    Field(Point point, Location location) {
        this.point = point;
        this.bytes = location.type().bytes();
        this.number = new WireNumber(location);
    }

    /** Up to four bytes as an unsigned little-endian number. */
    static long raw(byte[] data) {
        long raw = 0;
        for (int i = Math.min(data.length, LONGEST) - 1; i >= 0; i--) {
            raw = raw << 8 | data[i] & 0xFF;
        }
        return raw;
    }

    /**
     * Whether the bytes of an object hold the value. Simple firmware returns each object as four bytes. Bytes beyond
     * the value must then be zero; otherwise it is a different object.
     */
    boolean isIn(byte[] data) {
        for (int i = bytes; i < data.length; i++) {
            if (data[i] != 0) {
                return false;
            }
        }
        return data.length == bytes || data.length > bytes && data.length <= LONGEST;
    }

    Point point() {
        return point;
    }

    /** Bytes on the wire. */
    int bytes() {
        return bytes;
    }

    /**
     * Decodes the value.
     *
     * @param raw bytes of the value as an unsigned little-endian number
     * @return the value; NaN if the bytes are no number
     */
    double decode(long raw) {
        return number.of(raw);
    }
}
