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

import java.math.BigDecimal;
import java.math.BigInteger;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * A value inside of a frame or an object, and how it is decoded.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Field {

    /** Whole numbers up to here are exact as double; powers of ten up to 10^22 are. */
    private static final int MOST_DECIMALS = 22;
    private static final BigInteger LARGEST_FACTOR = BigInteger.valueOf(1L << 20);

    private final Point point;
    private final WireType type;
    private final int bit;
    private final BigDecimal scale;
    private final boolean isExact;
    private final double factor;
    private final double divisor;

    private int lastBits;
    private double lastReal;
    private boolean hasLast;

    Field(Point point, Location location) {
        this.point = point;
        this.type = location.type();
        this.bit = location.bit();
        this.scale = BigDecimal.valueOf(location.scale()).stripTrailingZeros();
        int decimals = Math.max(0, scale.scale());
        BigInteger digits = scale.setScale(decimals).unscaledValue();
        this.isExact = decimals <= MOST_DECIMALS && digits.abs().compareTo(LARGEST_FACTOR) <= 0;
        this.factor = digits.doubleValue();
        this.divisor = Math.pow(10, Math.min(decimals, MOST_DECIMALS));
    }

    /** Up to four bytes as a number without sign, first byte lowest. */
    static long raw(byte[] data) {
        long raw = 0;
        for (int i = Math.min(data.length, 4) - 1; i >= 0; i--) {
            raw = raw << 8 | data[i] & 0xFF;
        }
        return raw;
    }

    Point point() {
        return point;
    }

    /** Bytes on the wire. */
    int bytes() {
        return type.bytes();
    }

    /**
     * The value.
     *
     * @param raw its bytes as a number without sign, first byte lowest
     * @return NaN when the bytes are no number
     */
    double decode(long raw) {
        if (bit != Location.NO_BIT) {
            return raw >>> bit & 1;
        }
        return switch (type) {
            case S8 -> scaled((byte) raw);
            case S16 -> scaled((short) raw);
            case S32 -> scaled((int) raw);
            case REAL32 -> real((int) raw);
            default -> scaled(raw);
        };
    }

    /**
     * Product and quotient of exact numbers give the double next to the decimal result: 508 * 0.1 is 50.8, not its
     * neighbour.
     */
    private double scaled(long raw) {
        return isExact ? raw * factor / divisor : BigDecimal.valueOf(raw).multiply(scale).doubleValue();
    }

    /** The shortest decimal that is this single precision number. */
    private double real(int bits) {
        if (!hasLast || bits != lastBits) {
            float single = Float.intBitsToFloat(bits);
            lastReal = Float.isFinite(single) ? new BigDecimal(Float.toString(single)).multiply(scale).doubleValue()
                    : Double.NaN;
            lastBits = bits;
            hasLast = true;
        }
        return lastReal;
    }
}
