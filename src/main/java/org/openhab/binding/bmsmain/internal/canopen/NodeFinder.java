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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Finds the nodes on a CAN bus by listening, and detects which of them send the PDOs of a BMS Main (protocol,
 * section 4).
 * <p>
 * Other protocols use the identifiers of PDOs as well. A heartbeat proves a node. A BMS Main is identified by TPDO1 and
 * TPDO2 of the known shape: once for a node with a heartbeat, otherwise repeatedly. Other content on these two
 * identifiers counts against it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class NodeFinder {

    private static final int FIRST_OBJECT = 0x180;
    private static final int SECOND_OBJECT = 0x280;
    /** Minimum number of each PDO from a node without a heartbeat. */
    private static final int REPEATEDLY = 2;
    /** One frame out of this number may be damaged: slcan has no checksum. */
    private static final int DAMAGED_SHARE = 8;
    /** Counters are halved above this value, so that old frames lose weight. */
    private static final int MOST_COUNTED = 1000;
    static final int BOOT_UP = 0x00;
    private static final int STOPPED = 0x04;
    private static final int OPERATIONAL = 0x05;
    private static final int PRE_OPERATIONAL = 0x7F;
    /** Mask of the state. The bit above it toggles with node guarding, the predecessor of the heartbeat. */
    static final int STATE_MASK = 0x7F;

    private final boolean[] heartbeat = new boolean[CanFrame.LAST_NODE + 1];
    private final int[] first = new int[CanFrame.LAST_NODE + 1];
    private final int[] second = new int[CanFrame.LAST_NODE + 1];
    private final int[] odd = new int[CanFrame.LAST_NODE + 1];

    /** Marks the identifiers that reveal nodes. */
    static void want(boolean[] wanted) {
        for (int node = 1; node <= CanFrame.LAST_NODE; node++) {
            wanted[FIRST_OBJECT + node] = true;
            wanted[SECOND_OBJECT + node] = true;
            wanted[CanFrame.HEARTBEAT_ID + node] = true;
        }
    }

    /**
     * Processes a frame.
     *
     * @return the node that the frame reveals by a heartbeat, or by a PDO of a BMS Main; 0 if none
     */
    public int hear(CanFrame frame) {
        int node = frame.id() & CanFrame.LAST_NODE;
        if (node == 0) {
            return 0;
        }
        switch (frame.id() & ~CanFrame.LAST_NODE) {
            case FIRST_OBJECT:
                count(node, first, BoardShape.isFirst(frame), BoardShape.isFirstOrEmpty(frame));
                return isBoard(node) ? node : 0;
            case SECOND_OBJECT:
                // A board without signals or errors sends zeros, but other devices do as well.
                count(node, second, BoardShape.isSecond(frame) && (heartbeat[node] || !frame.isZero()),
                        BoardShape.isSecond(frame));
                return isBoard(node) ? node : 0;
            case CanFrame.HEARTBEAT_ID:
                heartbeat[node] |= isHeartbeat(frame);
                return isHeartbeat(frame) ? node : 0;
            default:
                return 0;
        }
    }

    private void count(int node, int[] times, boolean isOne, boolean canBe) {
        times[node] += isOne ? 1 : 0;
        odd[node] += canBe ? 0 : 1;
        if (times[node] + odd[node] > MOST_COUNTED) {
            first[node] /= 2;
            second[node] /= 2;
            odd[node] /= 2;
        }
    }

    /** Whether a frame with a heartbeat identifier is a heartbeat, and not another kind of node monitoring. */
    static boolean isHeartbeat(CanFrame frame) {
        if (frame.length() != 1) {
            return false;
        }
        int state = frame.at(0) & STATE_MASK;
        return state == BOOT_UP || state == STOPPED || state == OPERATIONAL || state == PRE_OPERATIONAL;
    }

    /** Whether a node with this ID was detected. */
    public boolean isHeard(int node) {
        return heartbeat[node] || isBoard(node);
    }

    /** Whether the node sends both PDOs that identify a BMS Main. */
    public boolean isBoard(int node) {
        int times = heartbeat[node] ? 1 : REPEATEDLY;
        return first[node] >= times && second[node] >= times && odd[node] * DAMAGED_SHARE <= first[node] + second[node];
    }
}
