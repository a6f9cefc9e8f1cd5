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
import java.math.BigInteger;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Converts the bits at a {@link Location} to a number in the unit of its point. Not thread-safe.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class WireNumber {

    private static final int MASK_8 = 0xFF;
    private static final int MASK_16 = 0xFFFF;
    private static final long MASK_32 = 0xFFFF_FFFFL;
    /** Maximum number of decimals: powers of ten up to 10^22 are exact as double. */
    private static final int MOST_DECIMALS = 22;
    /** Values of the board have fewer decimals; they are converted without text. */
    private static final int FEW_DECIMALS = 7;
    /** From here on, a single precision number can be more exact than its shortest decimal. */
    private static final float EXACT_BELOW = 1 << 24;
    private static final BigInteger LARGEST_FACTOR = BigInteger.valueOf(1L << 20);

    private final WireType type;
    private final int bit;
    private final BigDecimal scale;
    private final boolean isExact;
    private final double factor;
    private final double divisor;

    private int lastBits;
    private double lastReal;
    private boolean hasLast;

    public WireNumber(Location location) {
        this.type = location.type();
        this.bit = location.bit();
        this.scale = BigDecimal.valueOf(location.scale()).stripTrailingZeros();
        int decimals = Math.max(0, scale.scale());
        BigInteger digits = scale.setScale(decimals).unscaledValue();
        this.isExact = decimals <= MOST_DECIMALS && digits.abs().compareTo(LARGEST_FACTOR) <= 0;
        this.factor = digits.doubleValue();
        this.divisor = Math.pow(10, Math.min(decimals, MOST_DECIMALS));
    }

    /**
     * Converts raw bits to the number.
     *
     * @param raw the bits, unsigned; bits above the width of the type are ignored
     * @return 0 or 1 for a bit; NaN when the bits are not a number
     */
    public double of(long raw) {
        if (bit != Location.NO_BIT) {
            return raw >>> bit & 1;
        }
        return switch (type) {
            case U8 -> scaled(raw & MASK_8);
            case S8 -> scaled((byte) raw);
            case U16 -> scaled(raw & MASK_16);
            case S16 -> scaled((short) raw);
            case S32 -> scaled((int) raw);
            case REAL32 -> real((int) raw);
            default -> scaled(raw & MASK_32);
        };
    }

    /** Product and quotient of exact numbers give the double nearest to the decimal result: 508 * 0.1 is 50.8. */
    private double scaled(long raw) {
        return isExact ? raw * factor / divisor : BigDecimal.valueOf(raw).multiply(scale).doubleValue();
    }

    /** Returns the shortest decimal, scaled, so that 12.3 does not show as 12.300000190734863. */
    private double real(int bits) {
        if (!hasLast || bits != lastBits) {
            lastReal = decimal(Float.intBitsToFloat(bits));
            lastBits = bits;
            hasLast = true;
        }
        return lastReal;
    }

    private double decimal(float single) {
        if (!Float.isFinite(single)) {
            return Double.NaN;
        }
        if (scale.equals(BigDecimal.ONE) && Math.abs(single) < EXACT_BELOW) {
            double power = 1;
            for (int decimals = 0; decimals <= FEW_DECIMALS; decimals++) {
                // The quotient of exact numbers is the double nearest to this decimal.
                double value = Math.rint(single * power) / power;
                if ((float) value == single) {
                    // Adding 0 turns -0.0 into 0.0.
                    return value + 0;
                }
                power *= 10;
            }
        }
        return new BigDecimal(Float.toString(single)).multiply(scale).doubleValue();
    }
}
