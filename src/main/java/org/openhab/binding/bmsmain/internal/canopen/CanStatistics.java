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
 * Counters of an adapter. Used on the thread of the bus only.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanStatistics {

    /** Bits of a frame without data, standard and extended identifier, including the interframe space. */
    private static final int STANDARD_BITS = 47;
    private static final int EXTENDED_BITS = 67;

    private long received;
    private long skipped;
    private long damaged;
    private long refused;
    private long unacknowledged;
    private long busErrors;
    private long bits;

    /** Counts a received data frame with an 11-bit identifier. */
    void received(int length) {
        received++;
        bits += STANDARD_BITS + 8L * length;
    }

    /** Counts a received frame of a kind that CANopen does not use here. */
    void skipped(boolean extended, int length) {
        skipped++;
        bits += (extended ? EXTENDED_BITS : STANDARD_BITS) + 8L * length;
    }

    /** Counts invalid input: a line that is no frame, or a frame of the wrong size. */
    void damaged() {
        damaged++;
    }

    /** Counts a frame that could not be sent, or with slcan any refused line. */
    void refused() {
        refused++;
    }

    /** Counts a frame that no node acknowledged. */
    void unacknowledged() {
        unacknowledged++;
    }

    /** Counts a bus error reported by the controller. */
    void busError() {
        busErrors++;
    }

    void clear() {
        received = 0;
        skipped = 0;
        damaged = 0;
        refused = 0;
        unacknowledged = 0;
        busErrors = 0;
        bits = 0;
    }

    /** Number of received data frames with 11-bit identifiers, wanted or not. */
    public long framesReceived() {
        return received;
    }

    /** Number of received frames with 29-bit identifiers and of remote frames. */
    public long framesSkipped() {
        return skipped;
    }

    /** Number of invalid lines or frames. */
    public long linesDamaged() {
        return damaged;
    }

    /** Number of frames that the adapter could not send; with slcan, of all refused lines. */
    public long framesRefused() {
        return refused;
    }

    /** Number of missing acknowledgements reported by the controller. Not every adapter reports them. */
    public long framesUnacknowledged() {
        return unacknowledged;
    }

    /** Number of bus errors reported by the controller. */
    public long busErrors() {
        return busErrors;
    }

    /** Number of bits of all received frames, without stuff bits. */
    public long bits() {
        return bits;
    }
}
