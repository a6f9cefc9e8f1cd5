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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Finds out in which order a board sends the words of its 32-bit values, if the user has not told: the order that makes
 * the known ones plausible. The vendor's page says "little endian" without an example (protocol, section 1).
 * <p>
 * One cycle decides: what an earlier one read may be that of a board that was not ready.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class WordOrderDetector {

    /** How many values must speak for an order, against each one that speaks for the other. */
    private static final int CLEAR_MAJORITY = 3;
    /** An order for which a single value speaks may be that of an absent sensor. */
    private static final int LEAST_MAJORITY = 2;

    private final boolean automatic;
    private @Nullable WordOrder order;
    private boolean judging;
    private int forLittle;
    private int forBig;

    /**
     * @param told the order that the user told, or null
     */
    WordOrderDetector(@Nullable WordOrder told) {
        this.automatic = told == null;
        this.order = told;
    }

    /** The order as far as it was found or told, or null. While it is judged anew, that of before. */
    @Nullable
    WordOrder order() {
        return order;
    }

    /** The order to decode with; null while it is judged. */
    @Nullable
    WordOrder certain() {
        return judging ? null : order;
    }

    /** Whether answers are to be heard as evidence. */
    boolean isJudging() {
        return judging;
    }

    /** Doubts the order, because it may be another board than before. */
    void reset() {
        judging = automatic;
    }

    /** Begins a cycle. */
    void begin() {
        forLittle = 0;
        forBig = 0;
    }

    /**
     * Hears what a value says.
     *
     * @param evidence 1 when it speaks for the low word first, -1 for the high word, 0 for none
     */
    void hear(int evidence) {
        forLittle += Math.max(0, evidence);
        forBig += Math.max(0, -evidence);
    }

    /**
     * Ends the search when the values of the cycle speak clearly, or when there was an order before; otherwise the next
     * cycle may.
     *
     * @return the order if the search ended now, else null
     */
    @Nullable
    WordOrder decide() {
        if (!judging) {
            return null;
        }
        WordOrder decided = isClear(forLittle, forBig) ? WordOrder.LITTLE
                : isClear(forBig, forLittle) ? WordOrder.BIG : order;
        order = decided;
        judging = decided == null;
        return decided;
    }

    private static boolean isClear(int one, int other) {
        return one >= LEAST_MAJORITY && one > other * CLEAR_MAJORITY;
    }
}
