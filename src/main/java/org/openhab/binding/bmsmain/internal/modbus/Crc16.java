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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The checksum of Modbus RTU: CRC-16 with polynomial 0xA001 (reflected), start value 0xFFFF, low byte first.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Crc16 {

    private static final int POLYNOMIAL = 0xA001;
    private static final int[] TABLE = table();

    private Crc16() {
    }

    /** Returns the checksum of these bytes. */
    static int of(byte[] bytes, int offset, int length) {
        int crc = 0xFFFF;
        for (int i = offset; i < offset + length; i++) {
            crc = crc >> 8 ^ TABLE[(crc ^ bytes[i]) & 0xFF];
        }
        return crc;
    }

    /** Whether a frame with its checksum in the last two bytes is intact. */
    static boolean matches(byte[] bytes, int offset, int frameLength) {
        int crc = of(bytes, offset, frameLength - 2);
        int at = offset + frameLength - 2;
        return (bytes[at] & 0xFF) == (crc & 0xFF) && (bytes[at + 1] & 0xFF) == crc >> 8;
    }

    /** Appends the checksum of the first {@code length} bytes. */
    static void append(byte[] bytes, int length) {
        int crc = of(bytes, 0, length);
        bytes[length] = (byte) crc;
        bytes[length + 1] = (byte) (crc >> 8);
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
            }
            table[i] = crc;
        }
        return table;
    }
}
