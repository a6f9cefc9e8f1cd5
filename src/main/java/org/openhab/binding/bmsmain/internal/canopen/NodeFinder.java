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
 * Tells by listening which nodes there are on a CAN bus, and which of them send what a BMS Main sends (protocol,
 * section 4).
 * <p>
 * Other protocols use the identifiers of process data as well. A node is proved by its heartbeat; a BMS Main by TPDO1
 * and TPDO2 of the known shape, once where it has a heartbeat, otherwise repeatedly, and by nothing else on these two
 * identifiers.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class NodeFinder {

    private static final int FIRST_OBJECT = 0x180;
    private static final int SECOND_OBJECT = 0x280;
    /** How often each object of a node without a heartbeat must be heard. */
    private static final int REPEATEDLY = 2;
    /** One frame in so many may be damaged: slcan has no checksum. */
    private static final int DAMAGED_SHARE = 8;
    /** From here on what was heard long ago counts less. */
    private static final int MOST_COUNTED = 1000;
    static final int BOOT_UP = 0x00;
    private static final int STOPPED = 0x04;
    private static final int OPERATIONAL = 0x05;
    private static final int PRE_OPERATIONAL = 0x7F;
    /** The bit above the state, which toggles where nodes are guarded in the old way. */
    static final int STATE_MASK = 0x7F;

    private final boolean[] heartbeat = new boolean[CanFrame.LAST_NODE + 1];
    private final int[] first = new int[CanFrame.LAST_NODE + 1];
    private final int[] second = new int[CanFrame.LAST_NODE + 1];
    private final int[] odd = new int[CanFrame.LAST_NODE + 1];

    /** Marks the identifiers that tell of nodes. */
    static void want(boolean[] wanted) {
        for (int node = 1; node <= CanFrame.LAST_NODE; node++) {
            wanted[FIRST_OBJECT + node] = true;
            wanted[SECOND_OBJECT + node] = true;
            wanted[CanFrame.HEARTBEAT_ID + node] = true;
        }
    }

    /**
     * Hears a frame.
     *
     * @return the node that it tells of: by its heartbeat, or by a process data object of a BMS Main; 0 when it tells
     *         of none
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
                // A board that has nothing to tell sends zeros, and so do other devices.
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

    /** Whether a frame of an identifier of heartbeats is one: a node may be guarded in other ways. */
    static boolean isHeartbeat(CanFrame frame) {
        if (frame.length() != 1) {
            return false;
        }
        int state = frame.at(0) & STATE_MASK;
        return state == BOOT_UP || state == STOPPED || state == OPERATIONAL || state == PRE_OPERATIONAL;
    }

    /** Whether there is a node of this id. */
    public boolean isHeard(int node) {
        return heartbeat[node] || isBoard(node);
    }

    /** Whether the node sends both objects that a BMS Main is known by. */
    public boolean isBoard(int node) {
        int times = heartbeat[node] ? 1 : REPEATEDLY;
        return first[node] >= times && second[node] >= times && odd[node] * DAMAGED_SHARE <= first[node] + second[node];
    }
}
