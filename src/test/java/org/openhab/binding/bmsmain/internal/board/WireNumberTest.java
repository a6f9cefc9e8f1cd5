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

import static org.junit.jupiter.api.Assertions.*;

import java.math.BigDecimal;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conversion of the bits on a wire to the published number.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class WireNumberTest {

    private static double number(WireType type, int bit, double scale, long raw) {
        return new WireNumber(new SdoLocation(0, 0, type, bit, scale)).of(raw);
    }

    @ParameterizedTest(name = "{0} {1} * {2} = {3}")
    @CsvSource({ "U8, 0xFF, 1, 255", "U8, 0x1234, 1, 52", "S8, 0xFF, 1, -1", "S8, 0x0180, 1, -128",
            "U16, 0xFFFF, 1, 65535", "U16, 0x1FFFF, 1, 65535", "S16, 0xFFFF, 0.1, -0.1", "U16, 508, 0.1, 50.8",
            "U16, 51, 0.1, 5.1", "U32, 0xFFFFFFFF, 1, 4294967295", "S32, 0xFFFFFFFF, 1, -1",
            "U32, 4294967295, 0.001, 4294967.295", "U16, 3, 1e-30, 3e-30", "U16, 7, -12345678.9, -86419752.3",
            "REAL32, 0x4144CCCD, 1, 12.3", "REAL32, 0x4144CCCD, 0.1, 1.23", "REAL32, 0xC1480000, 1, -12.5",
            "REAL32, 0x00000000, 1, 0", "REAL32, 0x7F7FFFFF, 1, 3.4028235E38", "REAL32, 0x322BCC77, 1, 1e-8",
            "REAL32, 0x7FC00000, 1, NaN", "REAL32, 0x7F800000, 1, NaN", "REAL32, 0xFF800000, 1, NaN" })
    void decodes(WireType type, String raw, double scale, double expected) {
        assertEquals(expected, number(type, Location.NO_BIT, scale, Long.decode(raw)));
    }

    @Test
    void takesABit() {
        assertEquals(1, number(WireType.U32, 31, 1, 0x8000_0000L));
        assertEquals(0, number(WireType.U32, 30, 1, 0x8000_0000L));
        assertEquals(1, number(WireType.U8, 0, 1, 0xFF));
    }

    /**
     * A value computed by a board has arbitrary bits: the result is the shortest decimal, whichever algorithm finds it.
     */
    @Test
    void aRealIsTheShortestDecimal() {
        Random random = new Random(20261126);
        WireNumber real = new WireNumber(new SdoLocation(0, 0, WireType.REAL32, Location.NO_BIT, 1));
        for (int i = 0; i < 200_000; i++) {
            float single = i % 2 == 0 ? (float) (random.nextInt(200_000) / 1000.0)
                    : Float.intBitsToFloat(random.nextInt());
            if (!Float.isFinite(single)) {
                continue;
            }
            double value = real.of(Float.floatToIntBits(single));
            assertEquals(single, (float) value, "the same single precision number");
            BigDecimal written = new BigDecimal(Float.toString(single)).stripTrailingZeros();
            if (value != written.doubleValue()) {
                // The JDK's text is not always the shortest.
                assertTrue(i % 2 != 0 && BigDecimal.valueOf(value).precision() < written.precision(),
                        () -> value + " is not shorter than " + written);
            }
        }
    }

    /** The cache of the previous value must not mix up values. */
    @Test
    void twoRealsInTurn() {
        WireNumber real = new WireNumber(new SdoLocation(0, 0, WireType.REAL32, Location.NO_BIT, 1));
        for (int i = 0; i < 3; i++) {
            assertEquals(0, real.of(0));
            assertEquals(12.3, real.of(0x4144CCCD));
            assertEquals(12.3, real.of(0x4144CCCD));
        }
    }
}
