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
 * A place in a transmit process data object of CANopen (CiA 301). Numbers are little endian.
 *
 * @param cobId identifier of the frame; where {@code nodeRelative}, the node id is added to it
 * @param nodeRelative whether the identifier is one of the predefined set (0x180, 0x280, 0x380 + node)
 * @param length data length that a frame must have to be taken; 0 = any that holds the value
 * @param offset first byte of the value, 0..7
 * @param type layout
 * @param bit the bit of that word, or {@link Location#NO_BIT}
 * @param scale factor from raw to unit
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record PdoLocation(int cobId, boolean nodeRelative, int length, int offset, WireType type, int bit,
        double scale) implements Location {

    /** Identifiers of the predefined connection set, without the node id. */
    private static final int[] TPDO = { 0x180, 0x280, 0x380, 0x480 };

    /** A whole number in TPDO 1..4 of the board. */
    public static PdoLocation tpdo(int number, int length, int offset, WireType type, double scale) {
        return new PdoLocation(TPDO[number - 1], true, length, offset, type, NO_BIT, scale);
    }

    /** A bit in TPDO 1..4 of the board. */
    public static PdoLocation tpdoBit(int number, int length, int offset, WireType type, int bit) {
        return new PdoLocation(TPDO[number - 1], true, length, offset, type, bit, 1);
    }

    /** The identifier on the bus for a board of this node id. */
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
