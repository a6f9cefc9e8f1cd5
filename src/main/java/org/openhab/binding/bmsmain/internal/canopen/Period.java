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
 * Measures the period of the frames with one identifier. In captures of siblings of the board, some PDOs are ten times
 * less frequent than others (protocol, section 4), and SYNC itself may be sent every 10 s.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Period {

    /** After a gap longer than two of the slowest SYNC intervals, the sender was absent, or frames were lost. */
    private static final long LONGEST_GAP = 25_000_000_000L;
    /** Number of missed frames after which values are stale. */
    private static final int MISSED = 3;
    private static final long LONGEST_LIFETIME = 36_000_000_000L;
    /** Lifetime while only one frame was received, and the next one may follow the slowest SYNC. */
    private static final long FIRST_LIFETIME = 12_000_000_000L;

    private boolean isHeard;
    private long heardAt;
    private long longestGap;

    /** Processes a received frame. */
    void hear(long nanos) {
        long gap = nanos - heardAt;
        if (isHeard && gap <= LONGEST_GAP) {
            // The longest gap determines the period. It decays, so the period adapts when frames become more frequent.
            longestGap = Math.max(gap, longestGap - (longestGap >> 2));
        }
        isHeard = true;
        heardAt = nanos;
    }

    /** Lifetime of the values of such a frame in nanoseconds, derived from its period; 0 if unknown. */
    long lifetime() {
        return Math.min(MISSED * longestGap, LONGEST_LIFETIME);
    }

    /** Lifetime of the values that follow this frame; 0 only if no frame was received. */
    long lifetimeOfWhatFollows() {
        return isHeard && longestGap == 0 ? FIRST_LIFETIME : lifetime();
    }
}
