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
 * A block of the plan that the device does not give as a whole, what is missing of it, and when that is asked for
 * again.
 * <p>
 * What was readable before, or is refused while the device may still be starting, is asked for again soon, with growing
 * pauses. What was never readable is tried again as if the firmware had been updated.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SplitRead {

    private static final long SECOND = 1_000_000_000L;
    /** What the device never gave is tried again after this time: firmware can be updated while we run. */
    private static final long LATER = 600 * SECOND;
    /** For so long what was given before is asked for in each cycle, because a value counts for as long. */
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
     * @param costly whether the device did not refuse but was silent, so that each attempt costs a time-out
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

    /** Whether an attempt costs a time-out. */
    boolean isCostly() {
        return costly;
    }

    /** An attempt turned out to cost a time-out. */
    void costs() {
        if (!costly) {
            costly = true;
            due += first();
        }
    }

    /** What is left out of the block, in the order in which it is asked for again. */
    Iterable<ReadBlock> missing() {
        return missing;
    }

    /** Leaves a part out. */
    void leaveOut(ReadBlock part) {
        missing.add(part);
    }

    /** Whether the device gave the block as a whole before: then it is expected to do so again. */
    boolean isKnown() {
        return whole.isProven();
    }

    /**
     * What is to be asked for again at a moment.
     *
     * @return null when nothing is
     */
    @Nullable
    ReadBlock attempt(long nanos) {
        if (due - nanos > 0 || missing.isEmpty() && !isKnown()) {
            return null;
        }
        asksWhole = isKnown() && (missing.isEmpty() || !asksWhole);
        return asksWhole ? whole : missing.peek();
    }

    /** The attempt failed; the next part has its turn after a longer pause. */
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
     * A part was given.
     *
     * @return what to ask for next, or null
     */
    @Nullable
    ReadBlock given(ReadBlock part) {
        missing.remove(part);
        if (!missing.isEmpty()) {
            return missing.peek();
        }
        return isKnown() || !costly ? whole : null;
    }

    /** Lets the next attempt be made at once, where that costs little: the device may have started anew. */
    void hurry(long nanos) {
        if (!costly) {
            due = nanos;
            pause = first();
        }
    }
}
