/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.util.ArrayDeque;
import java.util.Deque;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A block of the plan that the device does not give as a whole: its missing parts, and when to retry them.
 * <p>
 * A block that was readable before, or is refused while the device may still be starting, is retried soon, with
 * growing pauses. A block that was never readable is retried at long intervals, in case the firmware was updated.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SplitRead {

    private static final long SECOND = 1_000_000_000L;
    /** Pause before the next retry of a block that the device never gave: firmware can be updated at run time. */
    private static final long LATER = 600 * SECOND;
    /** Time in which a block that was given before is requested in each cycle: its values stay valid that long. */
    private static final long AT_ONCE = 5 * SECOND;
    private static final long FIRST_KNOWN = SECOND;
    private static final long LONGEST_KNOWN = 15 * SECOND;
    private static final long FIRST_STARTING = 2 * SECOND;
    private static final long LONGEST_STARTING = 32 * SECOND;

    private final ReadBlock whole;
    private final Deque<ReadBlock> missing = new ArrayDeque<>();
    private final long since;
    private boolean costly;
    private long due;
    private long pause;
    private boolean asksWhole;

    /**
     * @param costly whether the device was silent instead of refusing, so that each attempt costs a timeout
     */
    SplitRead(ReadBlock whole, boolean costly, long nanos) {
        this.whole = whole;
        this.costly = costly;
        this.since = nanos;
        this.due = nanos + first();
    }

    private long first() {
        if (whole.isProven()) {
            pause = costly ? FIRST_KNOWN : 0;
        } else {
            pause = costly ? LATER : FIRST_STARTING;
        }
        return pause;
    }

    /** The block that was split. */
    ReadBlock whole() {
        return whole;
    }

    /** Whether an attempt costs a timeout. */
    boolean isCostly() {
        return costly;
    }

    /** Records that an attempt cost a timeout. */
    void costs() {
        if (!costly) {
            costly = true;
            due += first();
        }
    }

    /** The parts that are left out, in the order of their retries. */
    Iterable<ReadBlock> missing() {
        return missing;
    }

    /** Leaves a part out. */
    void leaveOut(ReadBlock part) {
        missing.add(part);
    }

    /** Whether the device gave the block as a whole before, so that it is expected to do so again. */
    boolean isKnown() {
        return whole.isProven();
    }

    /**
     * Returns the block to retry at a moment.
     *
     * @return null when none is due
     */
    @Nullable
    ReadBlock attempt(long nanos) {
        if (due - nanos > 0 || missing.isEmpty() && !isKnown()) {
            return null;
        }
        asksWhole = isKnown() && (missing.isEmpty() || !asksWhole);
        return asksWhole ? whole : missing.peek();
    }

    /** Records a failed attempt; the next part follows after a longer pause. */
    void failed(ReadBlock block, long nanos) {
        if (missing.remove(block)) {
            missing.add(block);
        }
        if (isKnown() && !missing.isEmpty()) {
            boolean young = !costly && nanos - since < AT_ONCE;
            pause = young ? 0 : Math.min(LONGEST_KNOWN, Math.max(FIRST_KNOWN, 2 * pause));
        } else if (isKnown()) {
            pause = Math.min(LATER, Math.max(FIRST_KNOWN, 2 * pause));
        } else {
            pause = costly || 2 * pause > LONGEST_STARTING ? LATER : 2 * pause;
        }
        due = nanos + pause;
    }

    /**
     * Records that a part was given.
     *
     * @return the block to request next, or null
     */
    @Nullable
    ReadBlock given(ReadBlock part) {
        missing.remove(part);
        if (!missing.isEmpty()) {
            return missing.peek();
        }
        return isKnown() || !costly ? whole : null;
    }

    /** Makes the next attempt due at once if it costs little: the device may have restarted. */
    void hurry(long nanos) {
        if (!costly) {
            due = nanos;
            pause = first();
        }
    }
}
