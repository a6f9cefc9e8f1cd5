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
 * Detects in which order a board sends the words of its 32-bit values, unless the user configured it: the order that
 * makes the known values plausible. The vendor's page says "little endian" without an example (protocol, section 1).
 * <p>
 * One cycle decides: an earlier one may have read a board that was not ready.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class WordOrderDetector {

    /** Minimum ratio, to be exceeded, of the values for an order to the values for the other order. */
    private static final int CLEAR_MAJORITY = 3;
    /** Minimum number of values for an order: a single one may be that of an absent sensor. */
    private static final int LEAST_MAJORITY = 2;

    private final boolean automatic;
    private @Nullable WordOrder order;
    private boolean judging;
    private int forLittle;
    private int forBig;

    /**
     * @param told the order that the user configured, or null
     */
    WordOrderDetector(@Nullable WordOrder told) {
        this.automatic = told == null;
        this.order = told;
    }

    /** The order that was detected or configured, or null. During a new detection, the former one. */
    @Nullable
    WordOrder order() {
        return order;
    }

    /** The order for decoding; null during detection. */
    @Nullable
    WordOrder certain() {
        return judging ? null : order;
    }

    /** Whether answers are needed as evidence. */
    boolean isJudging() {
        return judging;
    }

    /** Starts a new detection, unless the order is configured: it may be another board than before. */
    void reset() {
        judging = automatic;
    }

    /** Starts a cycle. */
    void begin() {
        forLittle = 0;
        forBig = 0;
    }

    /**
     * Adds the evidence of a value.
     *
     * @param evidence 1 for low word first, -1 for high word first, 0 for none
     */
    void hear(int evidence) {
        forLittle += Math.max(0, evidence);
        forBig += Math.max(0, -evidence);
    }

    /**
     * Ends the detection if the values of the cycle are clear, or if there was an order before; otherwise the next
     * cycle may.
     *
     * @return the order if the detection ended now, else null
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
