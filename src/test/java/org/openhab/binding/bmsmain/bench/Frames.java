/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Builds valid frames according to the standard, independently of the code under test.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Frames {

    private Frames() {
    }

    /** An RTU frame. */
    static byte[] rtu(int unit, byte[] pdu) {
        byte[] frame = new byte[pdu.length + 3];
        frame[0] = (byte) unit;
        System.arraycopy(pdu, 0, frame, 1, pdu.length);
        int crc = 0xFFFF;
        for (int i = 0; i < frame.length - 2; i++) {
            crc ^= frame[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xA001;
            }
        }
        frame[frame.length - 2] = (byte) crc;
        frame[frame.length - 1] = (byte) (crc >> 8);
        return frame;
    }

    /** A Modbus TCP frame with the transaction number of another one. */
    static byte[] mbap(byte[] transactionOf, int unit, byte[] pdu) {
        byte[] frame = new byte[7 + pdu.length];
        frame[0] = transactionOf[0];
        frame[1] = transactionOf[1];
        frame[4] = (byte) (pdu.length + 1 >> 8);
        frame[5] = (byte) (pdu.length + 1);
        frame[6] = (byte) unit;
        System.arraycopy(pdu, 0, frame, 7, pdu.length);
        return frame;
    }
}
