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
 * RTU frames of the twin's server: checksum, and extraction of the request from the received bytes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TwinRtu {

    /** Maximum length of an RTU frame in bytes. */
    static final int MAX_FRAME = 256;

    private TwinRtu() {
    }

    /**
     * The Modbus CRC-16 of a range of an array (reflected polynomial 0xA001, start value 0xFFFF).
     *
     * @param to end of the range, exclusive
     */
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

    /** Returns address, function and data, followed by the checksum, low byte first. */
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
     * Finds the request at the end of the bytes received before a silence. Invalid bytes before it are skipped.
     *
     * @param bytes the received bytes
     * @param length number of valid bytes
     * @return the whole frame, or null if there is none (yet)
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
                // the length of an unknown function is unknown, so the frame must start at the first byte
                return start == 0 && length <= MAX_FRAME;
        }
    }
}
