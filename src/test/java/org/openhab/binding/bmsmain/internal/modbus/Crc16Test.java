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

import static org.junit.jupiter.api.Assertions.*;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checksum, compared with published test vectors.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class Crc16Test {

    /** The check value of CRC-16/MODBUS in catalogues of checksums. */
    @Test
    void hasTheCheckValueOfTheCatalogues() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertEquals(0x4B37, Crc16.of(digits, 0, digits.length));
        assertEquals(0x4B37, Crc16.of(Frames.concat(new byte[7], digits, new byte[3]), 7, 9));
        assertEquals(0xFFFF, Crc16.of(digits, 4, 0));
    }

    /** Frames with their checksums: unit 2 function 7 from the standard, the others from common tutorials. */
    @ParameterizedTest
    @ValueSource(strings = { "02 07 41 12", "01 03 00 00 00 0A C5 CD", "11 03 00 6B 00 03 76 87",
            "11 03 06 AE 41 56 52 43 40 49 AD" })
    void matchesKnownFrames(String text) {
        byte[] frame = Frames.hex(text);
        assertTrue(Crc16.matches(frame, 0, frame.length));
        byte[] appended = Arrays.copyOf(Arrays.copyOf(frame, frame.length - 2), frame.length);
        Crc16.append(appended, frame.length - 2);
        assertArrayEquals(frame, appended);
        for (int bit = 0; bit < 8 * frame.length; bit++) {
            byte[] spoilt = frame.clone();
            spoilt[bit / 8] ^= 1 << bit % 8;
            assertFalse(Crc16.matches(spoilt, 0, spoilt.length), "bit " + bit);
        }
    }
}
