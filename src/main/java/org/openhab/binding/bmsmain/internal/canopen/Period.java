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
 * How often a frame of one identifier comes, learnt by hearing it. In captures of siblings of the board some objects
 * come ten times more seldom than others (protocol, section 4), and SYNC itself may come each 10 s.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Period {

    /** After a longer time than two of the slowest SYNC the sender was away, or the frames were lost. */
    private static final long LONGEST_GAP = 25_000_000_000L;
    /** What a frame said counts until three more should have come. */
    private static final int MISSED = 3;
    private static final long LONGEST_LIFETIME = 36_000_000_000L;
    /** The same while only one was heard, and the next may be that of the slowest SYNC. */
    private static final long FIRST_LIFETIME = 12_000_000_000L;

    private boolean isHeard;
    private long heardAt;
    private long longestGap;

    /** A frame was heard. */
    void hear(long nanos) {
        long gap = nanos - heardAt;
        if (isHeard && gap <= LONGEST_GAP) {
            // One that comes irregularly is judged by its long gaps, and one that comes faster now not for long.
            longestGap = Math.max(gap, longestGap - (longestGap >> 2));
        }
        isHeard = true;
        heardAt = nanos;
    }

    /** How long counts what such a frame says, in nanoseconds, as far as its period tells; 0 while it is not known. */
    long lifetime() {
        return Math.min(MISSED * longestGap, LONGEST_LIFETIME);
    }

    /** The same for what comes with this frame; 0 only while none was heard. */
    long lifetimeOfWhatFollows() {
        return isHeard && longestGap == 0 ? FIRST_LIFETIME : lifetime();
    }
}
