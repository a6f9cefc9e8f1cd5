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
 * What an adapter has seen. Belongs to the thread of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanStatistics {

    /** Bits of a frame without data: standard and extended identifier, with the space to the next frame. */
    private static final int STANDARD_BITS = 47;
    private static final int EXTENDED_BITS = 67;

    private long received;
    private long skipped;
    private long damaged;
    private long refused;
    private long unacknowledged;
    private long busErrors;
    private long bits;

    /** A data frame with an 11-bit identifier arrived. */
    void received(int length) {
        received++;
        bits += STANDARD_BITS + 8L * length;
    }

    /** A frame of a kind that CANopen does not use here arrived. */
    void skipped(boolean extended, int length) {
        skipped++;
        bits += (extended ? EXTENDED_BITS : STANDARD_BITS) + 8L * length;
    }

    /** A line arrived that says nothing. */
    void damaged() {
        damaged++;
    }

    /** A frame could not be sent. */
    void refused() {
        refused++;
    }

    /** Nobody on the bus acknowledged a frame. */
    void unacknowledged() {
        unacknowledged++;
    }

    /** The controller told of errors on the bus. */
    void busError() {
        busErrors++;
    }

    /** Forgets everything. */
    void clear() {
        received = 0;
        skipped = 0;
        damaged = 0;
        refused = 0;
        unacknowledged = 0;
        busErrors = 0;
        bits = 0;
    }

    /** Data frames with 11-bit identifiers, whether anybody wanted them or not. */
    public long framesReceived() {
        return received;
    }

    /** Frames with 29-bit identifiers and remote frames. */
    public long framesSkipped() {
        return skipped;
    }

    /** Lines of an adapter that were no frames. */
    public long linesDamaged() {
        return damaged;
    }

    /** Frames that the adapter could not send. */
    public long framesRefused() {
        return refused;
    }

    /** How often the controller told that nobody acknowledged its frame. Not every adapter tells. */
    public long framesUnacknowledged() {
        return unacknowledged;
    }

    /** How often the controller told of errors on the bus. */
    public long busErrors() {
        return busErrors;
    }

    /** Bits of all frames that arrived, without stuff bits. */
    public long bits() {
        return bits;
    }
}
