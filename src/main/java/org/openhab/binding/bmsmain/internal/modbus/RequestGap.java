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

import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Learns the pause that a device needs before a request, from the requests that it ignores.
 * <p>
 * Some devices ignore a request that comes within 20 to 200 ms of their last answer. The evidence is a request that
 * was sent soon after an answer and lost, and is answered when repeated after a longer pause. A single loss proves
 * nothing: only three in a row, with no request answered that soon in between, make the pause grow until it works.
 * <p>
 * A device may need the pause after every answer, after those to certain requests only, or after writes only. Each
 * case is learnt separately, so that nothing else becomes slower.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RequestGap {

    /** Maximum pause, in nanoseconds. */
    static final long LONGEST = 500_000_000L;

    /** First pause that is tried, in nanoseconds; each further one is twice as long. */
    private static final long FIRST = 30_000_000L;
    /** Margin in nanoseconds: a request counts as sent soon if its pause exceeded the kept one by less than this. */
    private static final long SOON = 50_000_000L;
    /** Minimum difference in nanoseconds by which the pause of a retry must be longer to prove anything. */
    private static final long LONGER = 10_000_000L;
    private static final int EVIDENCE = 3;
    /** Number of consecutive answers to requests that were sent soon, after which a loss must have another reason. */
    private static final int QUICK = 3;
    /** After a write a longer pause costs nothing, and writes are too rare to collect evidence. */
    private static final int EVIDENCE_BEHIND_WRITE = 1;

    private Step always = new Step(EVIDENCE);
    private Step behindWrites = new Step(EVIDENCE_BEHIND_WRITE);
    /** After answers to certain requests. Empty as long as nothing is lost. */
    private final Map<Long, Step> behind = new HashMap<>();

    private long fixed;
    /** The request that was answered last; null before the first answer. */
    private @Nullable ModbusRequest previous;
    /** Pause after {@link #previous}, in nanoseconds. */
    private long gap;

    private @Nullable ModbusRequest lost;
    private @Nullable ModbusRequest lostBehind;
    private int soonLosses;
    private int allSoonLosses;
    private long lostPause;
    /** Whether nothing was answered since the last loss. */
    private boolean silent;
    /** Number of consecutive answers to requests that were sent soon; not counted beyond {@link #QUICK}. */
    private int quick;

    /** One pause: searched, kept, and dropped when it is not the reason for the losses. */
    private static final class Step {
        /** Number of answered requests after which a pause counts as found. */
        private static final int PROOF = 3;
        /** Number of requests without a loss after which earlier losses no longer count. */
        private static final int LONG_RUN = 50;
        private static final int MOST_LOSSES = 4;
        private static final int MOST_EVIDENCE = 12;
        /**
         * Above this, in nanoseconds, twice the needed pause is too long: the search goes on between the last
         * two pauses.
         */
        private static final long LONG = 150_000_000L;
        /** The search ends when the pause is known to within this fraction of it. */
        private static final int PART = 8;

        private int needed;
        private int evidence;
        private long nanos;
        private long found;
        /** Longest pause that was too short, during the search. */
        private long tooShort;
        /** Shortest pause that works; 0 while none is known. */
        private long works;
        private int good;
        private int losses;

        Step(int needed) {
            this.needed = needed;
        }

        void lost(int times) {
            good = 0;
            evidence += times;
            if (nanos == 0) {
                nanos = evidence >= needed ? FIRST : 0;
            } else if (found == 0) {
                tooShort = nanos;
                nanos = works > 0 ? between() : Math.min(LONGEST, 2 * nanos);
            } else {
                lostAlthoughFound();
            }
        }

        private void lostAlthoughFound() {
            losses++;
            if (losses > MOST_LOSSES) {
                // It does not help, so it is not the reason. If it is one after all, this shows again.
                needed = Math.min(MOST_EVIDENCE, 2 * needed);
                nanos = 0;
                found = 0;
                tooShort = 0;
                works = 0;
                evidence = 0;
                losses = 0;
            } else {
                // The right pause lies between half of the found one and the found one, which may be barely enough.
                nanos = Math.min(LONGEST, Math.min(2 * found, nanos + nanos / 4));
            }
        }

        void passed() {
            evidence = 0;
            if (nanos > 0) {
                good++;
                if (good >= PROOF && found == 0) {
                    works = nanos;
                    nanos = between();
                    found = nanos == works ? works : 0;
                    good = found == 0 ? 0 : good;
                }
                if (good >= LONG_RUN) {
                    losses = 0;
                }
            }
        }

        /**
         * A pause between the one that is too short and the one that works, or the latter if it is known well enough.
         */
        private long between() {
            return works > LONG && works - tooShort > works / PART ? (works + tooShort) / 2 : works;
        }

        boolean isSuspected() {
            return evidence > 0 || nanos > 0;
        }
    }

    /** Uses this fixed pause in nanoseconds and stops learning; 0 = learn. */
    void fix(long nanos) {
        fixed = nanos;
    }

    /** Clears what was learnt: it may be another device. */
    void forget() {
        always = new Step(EVIDENCE);
        behindWrites = new Step(EVIDENCE_BEHIND_WRITE);
        behind.clear();
        gap = 0;
        lost = null;
        soonLosses = 0;
        silent = false;
        quick = 0;
    }

    /**
     * Minimum silence before a request, in nanoseconds. A lost request that may have come too soon is delayed for
     * longer than the learnt pause: the next attempt shows whether the pause was the reason.
     */
    long before(ModbusRequest request) {
        if (fixed > 0) {
            return fixed;
        }
        return isKeptBack(request) ? LONGEST : gap;
    }

    /**
     * Minimum silence before a probe, in nanoseconds. Where a request is kept back and the timeout is short, the probe
     * would come too soon as well, and the next attempt would never be made.
     */
    long beforeProbe(ModbusRequest probe) {
        ModbusRequest suspect = silent ? lost : null;
        return before(suspect == null ? probe : suspect);
    }

    /** Number of lost requests that may have come too soon. */
    int allSoonLosses() {
        return allSoonLosses;
    }

    /** Whether the request was lost and may have come too soon, so that its next attempt shows more. */
    boolean isKeptBack(ModbusRequest request) {
        return fixed == 0 && soonLosses > 0 && isSame(lost, request)
                && (soonLosses > 1 || quick < QUICK || isSuspected());
    }

    private boolean isSuspected() {
        ModbusRequest before = lostBehind;
        Step step = before == null || behind.isEmpty() ? null : behind.get(key(before));
        return always.isSuspected() || step != null && step.isSuspected();
    }

    /** Longest pause in use, in nanoseconds; 0 = none. */
    long longest() {
        long longest = Math.max(fixed, Math.max(always.nanos, behindWrites.nanos));
        for (Step step : behind.values()) {
            longest = Math.max(longest, step.nanos);
        }
        return longest;
    }

    /**
     * Records that a request got no answer, not even a byte.
     *
     * @param pause silence on the line before the request, in nanoseconds
     */
    void lost(ModbusRequest request, long pause) {
        silent = true;
        if (!isSame(lost, request)) {
            lost = request;
            lostBehind = previous;
            soonLosses = 0;
        }
        if (previous != null && pause < LONGEST) {
            soonLosses++;
            allSoonLosses++;
            lostPause = pause;
        } else {
            // Whatever the reason is, it is not the pause.
            soonLosses = 0;
            if (always.nanos >= LONGEST) {
                always.lost(1);
            }
        }
    }

    /**
     * Records that a request was answered.
     *
     * @param pause silence on the line before the request, in nanoseconds
     */
    void answered(ModbusRequest request, long pause) {
        ModbusRequest last = previous;
        if (last != null && fixed == 0) {
            learn(request, last, pause);
        }
        silent = false;
        previous = request;
        gap = gapBehind(request);
    }

    private void learn(ModbusRequest request, ModbusRequest last, long pause) {
        ModbusRequest before = lostBehind;
        if (soonLosses > 0 && pause > lostPause + LONGER && before != null
                && (isSame(lost, request) || !before.isRead())) {
            confirmed(before);
            lost = null;
            soonLosses = 0;
        } else if (pause < gap + SOON) {
            quick = Math.min(QUICK, quick + 1);
            always.passed();
            if (!last.isRead()) {
                behindWrites.passed();
            } else if (!behind.isEmpty()) {
                Step step = behind.get(key(last));
                if (step != null) {
                    step.passed();
                }
            }
        }
    }

    private void confirmed(ModbusRequest before) {
        quick = 0;
        if (!before.isRead()) {
            behindWrites.lost(soonLosses);
            return;
        }
        always.lost(soonLosses);
        if (always.nanos == 0) {
            Step known = behind.get(key(before));
            Step step = known == null ? new Step(EVIDENCE) : known;
            behind.put(key(before), step);
            step.lost(soonLosses);
        }
    }

    private long gapBehind(ModbusRequest request) {
        if (!request.isRead()) {
            return Math.max(always.nanos, behindWrites.nanos);
        }
        Step step = behind.isEmpty() ? null : behind.get(key(request));
        return step == null ? always.nanos : Math.max(always.nanos, step.nanos);
    }

    private static long key(ModbusRequest request) {
        return (long) request.function() << 32 | (long) request.address() << 16 | request.count();
    }

    private static boolean isSame(@Nullable ModbusRequest one, ModbusRequest other) {
        return one != null && key(one) == key(other);
    }
}
