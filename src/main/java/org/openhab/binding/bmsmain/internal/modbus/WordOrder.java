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
 * Which register of a 32-bit value comes first. Inside a register the high byte always comes first.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum WordOrder {
    /** Low word first: the likely reading of the vendor's "words are in the little endian". */
    LITTLE("little"),
    /** High word first. */
    BIG("big");

    /** Word order as configured by the user. */
    public enum Choice {
        /** The order is detected. */
        AUTO(null),
        LITTLE(WordOrder.LITTLE),
        BIG(WordOrder.BIG);

        private final @Nullable WordOrder order;

        Choice(@Nullable WordOrder order) {
            this.order = order;
        }

        /** The order; null where it is detected. */
        public @Nullable WordOrder order() {
            return order;
        }
    }

    private final String id;

    WordOrder(String id) {
        this.id = id;
    }

    /** The value in the configuration and in the Thing property. */
    public String id() {
        return id;
    }

    /** Joins two consecutive registers to 32 bits. */
    int join(int first, int second) {
        return this == LITTLE ? second << 16 | first : first << 16 | second;
    }
}
