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
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class NodeFinder {

    /** Largest node id. */
    public static final int LAST_NODE = 127;

    private static final int FIRST_OBJECT = 0x180;
    private static final int SECOND_OBJECT = 0x280;
    private static final int THIRD_OBJECT = 0x380;
    private static final int CHARGE_AT = 5;
    private static final int FULL_CHARGE = 100;
    private static final int ERRORS_AT = 4;
    private static final int NUMBER_BYTES = 4;
    /** Internal signals 28 to 31, and bits 30 and 31 of the errors, are not used. */
    private static final long UNUSED_SIGNALS = 0xF000_0000L;
    private static final long UNUSED_ERRORS = 0xC000_0000L;
    static final int BOOT_UP = 0x00;
    private static final int STOPPED = 0x04;
    private static final int OPERATIONAL = 0x05;
    private static final int PRE_OPERATIONAL = 0x7F;
    /** The bit above the state, which toggles where nodes are guarded in the old way. */
    static final int STATE_MASK = 0x7F;

    private final boolean[] heard = new boolean[LAST_NODE + 1];
    private final boolean[] first = new boolean[LAST_NODE + 1];
    private final boolean[] second = new boolean[LAST_NODE + 1];

    /** Marks the identifiers that tell of nodes. */
    static void want(boolean[] wanted) {
        for (int node = 1; node <= LAST_NODE; node++) {
            wanted[FIRST_OBJECT + node] = true;
            wanted[SECOND_OBJECT + node] = true;
            wanted[CanSession.HEARTBEAT_ID + node] = true;
        }
    }

    /**
     * Hears a frame.
     *
     * @return the node that it tells of: by its heartbeat, or by a process data object that may be one of a BMS Main; 0
     *         when it tells of none
     */
    public int hear(CanFrame frame) {
        int node = frame.id() & LAST_NODE;
        if (node == 0) {
            return 0;
        }
        switch (frame.id() & ~LAST_NODE) {
            case FIRST_OBJECT:
                if (!isFull(frame) || frame.at(CHARGE_AT) > FULL_CHARGE) {
                    return 0;
                }
                first[node] = true;
                break;
            case SECOND_OBJECT:
                if (!isFull(frame) || (frame.number(0, NUMBER_BYTES) & UNUSED_SIGNALS) != 0
                        || (frame.number(ERRORS_AT, NUMBER_BYTES) & UNUSED_ERRORS) != 0) {
                    return 0;
                }
                second[node] = true;
                break;
            case THIRD_OBJECT:
                break;
            case CanSession.HEARTBEAT_ID:
                if (!isHeartbeat(frame)) {
                    return 0;
                }
                break;
            default:
                return 0;
        }
        heard[node] = true;
        return node;
    }

    private static boolean isFull(CanFrame frame) {
        return frame.length() == CanFrame.MAX_LENGTH;
    }

    /** Whether a frame of an identifier of heartbeats is one: a node may be guarded in other ways. */
    static boolean isHeartbeat(CanFrame frame) {
        if (frame.length() != 1) {
            return false;
        }
        int state = frame.at(0) & STATE_MASK;
        return state == BOOT_UP || state == STOPPED || state == OPERATIONAL || state == PRE_OPERATIONAL;
    }

    /** Whether anything was heard of the node. */
    public boolean isHeard(int node) {
        return heard[node];
    }

    /** Whether the node sends both objects that a BMS Main is known by. */
    public boolean isBoard(int node) {
        return first[node] && second[node];
    }
}
