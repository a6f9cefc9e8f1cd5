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

import java.util.Arrays;
import java.util.HexFormat;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Frames as hexadecimal text. The checksum is computed bit by bit, according to the definition of the standard.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Frames {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

    private Frames() {
    }

    /** Bytes as written. */
    static byte[] hex(String text) {
        return text.isBlank() ? new byte[0] : HEX.parseHex(text.strip().replaceAll("\\s+", " "));
    }

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    /** An RTU frame: these bytes and their checksum, low byte first. */
    static byte[] rtu(String text) {
        byte[] body = hex(text);
        int crc = 0xFFFF;
        for (byte octet : body) {
            crc ^= octet & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
            }
        }
        byte[] frame = Arrays.copyOf(body, body.length + 2);
        frame[body.length] = (byte) crc;
        frame[body.length + 1] = (byte) (crc >> 8);
        return frame;
    }

    /** An RTU answer to a read, in which all registers have the same value. */
    static byte[] rtuAnswer(int unit, int function, int count, int value) {
        StringBuilder text = new StringBuilder(String.format("%02X %02X %02X", unit, function, 2 * count));
        for (int i = 0; i < count; i++) {
            text.append(String.format(" %02X %02X", value >> 8, value & 0xFF));
        }
        return rtu(text.toString());
    }

    /** A Modbus TCP frame: transaction, protocol 0, length, and these bytes from the unit on. */
    static byte[] tcp(int transaction, String text) {
        byte[] body = hex(text);
        return concat(hex(String.format("%02X %02X 00 00 %02X %02X", transaction >> 8, transaction & 0xFF,
                body.length >> 8, body.length & 0xFF)), body);
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
