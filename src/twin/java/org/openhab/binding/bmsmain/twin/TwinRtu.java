/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.util.Arrays;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * RTU frames as the twin's server sees them: checksum, and finding a request in what arrived before a silence.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TwinRtu {

    /** The longest RTU frame. */
    static final int MAX_FRAME = 256;

    private TwinRtu() {
    }

    /** The Modbus CRC-16 of the first bytes of an array (reflected polynomial 0xA001, start value 0xFFFF). */
    static int crc(byte[] bytes, int from, int to) {
        int crc = 0xFFFF;
        for (int i = from; i < to; i++) {
            crc ^= bytes[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0xA001 : crc >>> 1;
            }
        }
        return crc;
    }

    /** Address, function and data with the checksum behind them, low byte first. */
    static byte[] seal(int unit, byte[] body) {
        byte[] frame = new byte[body.length + 3];
        frame[0] = (byte) unit;
        System.arraycopy(body, 0, frame, 1, body.length);
        int crc = crc(frame, 0, frame.length - 2);
        frame[frame.length - 2] = (byte) crc;
        frame[frame.length - 1] = (byte) (crc >> 8);
        return frame;
    }

    /**
     * Finds the request that ends where the line fell silent. Rubbish before it is passed over.
     *
     * @param bytes what arrived
     * @param length how many of them count
     * @return the whole frame, or null when there is none (yet)
     */
    static byte @Nullable [] request(byte[] bytes, int length) {
        for (int start = 0; start + 4 <= length; start++) {
            if (fits(bytes, start, length) && crc(bytes, start, length) == 0) {
                return Arrays.copyOfRange(bytes, start, length);
            }
        }
        return null;
    }

    private static boolean fits(byte[] bytes, int start, int end) {
        int length = end - start;
        switch (bytes[start + 1] & 0xFF) {
            case TwinModbus.READ_HOLDING:
            case TwinModbus.READ_INPUT:
            case TwinModbus.WRITE_ONE:
                return length == 8;
            case TwinModbus.WRITE_MANY:
                return length >= 11 && length == 9 + (bytes[start + 6] & 0xFF);
            default:
                // the length of an unknown function is unknown too: only a frame that stands alone is believed
                return start == 0 && length <= MAX_FRAME;
        }
    }
}
