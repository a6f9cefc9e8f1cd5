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
 * Outcome of a command.
 *
 * @param signal the signal to override
 * @param force the requested override
 * @param result how the command ended
 * @param detail number of the Modbus exception or SDO abort; empty otherwise
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record ControlOutcome(Point signal, SignalOverride force, Result result, String detail) {

    /** The ways in which a command ends. Each has a text under {@code control.<key>}. */
    public enum Result {
        /** Written, acknowledged, and read back; for a return to the physical input any value read back confirms. */
        CONFIRMED,
        /** Written and acknowledged, but the signal did not follow within two seconds. */
        NOT_CONFIRMED,
        /** The board refused the write. Nothing changed. */
        REFUSED,
        /** Written, but not acknowledged. It is unknown whether the board accepted it. */
        NO_ANSWER,
        /** Not written: the board is offline. */
        LINK_DOWN,
        /** Not written: the bus was too busy for two seconds. */
        NOT_SENT,
        /** Not written: control is not allowed for this Thing. */
        NOT_ALLOWED;

        /** Returns the suffix of the text keys. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
