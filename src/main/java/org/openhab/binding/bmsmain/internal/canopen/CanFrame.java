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

import java.util.Arrays;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A data frame with an 11-bit identifier. Mutable, so that one object serves for all received frames.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanFrame {

    /** The largest identifier of 11 bits. */
    public static final int MAX_ID = 0x7FF;
    /** Identifier of SYNC (CiA 301). */
    static final int SYNC_ID = 0x080;
    /** Identifier of the heartbeat (CiA 301) without the node ID. */
    static final int HEARTBEAT_ID = 0x700;
    /** Largest node ID, and bit mask of the node ID in an identifier. */
    public static final int LAST_NODE = 0x7F;
    /** Maximum number of data bytes of a classic CAN frame. */
    public static final int MAX_LENGTH = 8;

    private final byte[] data = new byte[MAX_LENGTH];
    private int id;
    private int length;

    /**
     * Creates a frame.
     *
     * @param id 0..0x7FF
     * @param bytes at most 8
     */
    public static CanFrame of(int id, int... bytes) {
        CanFrame frame = new CanFrame();
        frame.begin(id, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            frame.put(i, bytes[i]);
        }
        return frame;
    }

    /** Sets the identifier and the length, and fills the data with zeros. */
    public void begin(int newId, int newLength) {
        if (newId < 0 || newId > MAX_ID || newLength < 0 || newLength > MAX_LENGTH) {
            throw new IllegalArgumentException("invalid frame: " + newId + ", " + newLength + " bytes");
        }
        id = newId;
        length = newLength;
        Arrays.fill(data, (byte) 0);
    }

    /** Copies another frame into this one. */
    public void set(CanFrame other) {
        id = other.id;
        length = other.length;
        System.arraycopy(other.data, 0, data, 0, MAX_LENGTH);
    }

    /** Whether all data bytes are zero. */
    public boolean isZero() {
        for (byte each : data) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    /** Sets a data byte. */
    public void put(int place, int value) {
        data[place] = (byte) value;
    }

    public int id() {
        return id;
    }

    /** Number of data bytes, 0..8. */
    public int length() {
        return length;
    }

    /** A data byte, 0..255. */
    public int at(int place) {
        return data[place] & 0xFF;
    }

    /** An unsigned little-endian number of 1 to 4 bytes. */
    public long number(int place, int bytes) {
        long number = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            number = number << 8 | data[place + i] & 0xFF;
        }
        return number;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%03X", id));
        for (int i = 0; i < length; i++) {
            text.append(String.format(Locale.ROOT, " %02X", at(i)));
        }
        return text.toString();
    }
}
