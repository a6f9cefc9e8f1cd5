/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import java.time.Instant;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A fault came or went.
 *
 * @param time when it was seen
 * @param raised whether it came
 * @param faultId id of the fault, such as {@code bms-logic-offline} or {@code unknown-error-1-18}
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record FaultEvent(Instant time, boolean raised, String faultId) {

    /** What the trigger channel sends: {@code RAISED:<fault-id>} or {@code CLEARED:<fault-id>}. */
    public String payload() {
        return (raised ? "RAISED:" : "CLEARED:") + faultId;
    }
}
