/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.device;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;

/**
 * How a command ended.
 *
 * @param signal the signal that was to be forced
 * @param force what it was to be forced to
 * @param result how it ended
 * @param detail the number of an exception or abort; empty otherwise
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record ControlOutcome(Point signal, SignalOverride force, Result result, String detail) {

    /** The ways in which a command ends. Each has a text under {@code control.<key>}. */
    public enum Result {
        /** Written, acknowledged, and seen on the signal; back to physical: written and acknowledged. */
        CONFIRMED,
        /** Written and acknowledged, but the signal did not follow within two seconds. */
        NOT_CONFIRMED,
        /** The board refused the write. Nothing changed. */
        REFUSED,
        /** Written, but not acknowledged. It is not known whether the board took it. */
        NO_ANSWER,
        /** Not written: the board is offline. */
        LINK_DOWN,
        /** Not written: the bus was too busy for two seconds. */
        NOT_SENT,
        /** Not written: control is not allowed for this Thing. */
        NOT_ALLOWED;

        /** The word in the keys of texts. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
