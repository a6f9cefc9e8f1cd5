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

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A location in a CANopen transmit PDO (CiA 301). Numbers are little endian.
 *
 * @param cobId COB-ID of the frame; where {@code nodeRelative}, the node ID is added to it
 * @param nodeRelative whether the COB-ID is 0x180, 0x280, 0x380 or 0x480 + node ID (predefined connection set)
 * @param length required data length of the frame; 0 = any length that contains the value
 * @param offset first byte of the value, 0..7
 * @param type data type
 * @param bit bit in that word, or {@link Location#NO_BIT}
 * @param scale factor from the raw number to the unit
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record PdoLocation(int cobId, boolean nodeRelative, int length, int offset, WireType type, int bit,
        double scale) implements Location {

    /** COB-IDs of the predefined connection set, without the node ID. */
    private static final int[] TPDO = { 0x180, 0x280, 0x380, 0x480 };

    /** A whole number in TPDO 1..4 of the board. */
    public static PdoLocation tpdo(int number, int length, int offset, WireType type, double scale) {
        return new PdoLocation(TPDO[number - 1], true, length, offset, type, NO_BIT, scale);
    }

    /** A bit in TPDO 1..4 of the board. */
    public static PdoLocation tpdoBit(int number, int length, int offset, WireType type, int bit) {
        return new PdoLocation(TPDO[number - 1], true, length, offset, type, bit, 1);
    }

    /** COB-ID on the bus for a board with this node ID. */
    public int cobIdFor(int nodeId) {
        return nodeRelative ? cobId + nodeId : cobId;
    }

    @Override
    public String toString() {
        String frame = nodeRelative ? String.format(Locale.ROOT, "TPDO%d", (cobId >> 8))
                : String.format(Locale.ROOT, "0x%03X", cobId);
        return frame + " byte " + offset + (bit == NO_BIT ? "" : " bit " + bit);
    }
}
