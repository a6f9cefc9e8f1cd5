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

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A fault was raised or cleared.
 *
 * @param time when it was detected
 * @param raised true if it was raised, false if it was cleared
 * @param faultId ID of the fault, such as {@code bms-logic-offline} or {@code unknown-error-1-18}
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record FaultEvent(Instant time, boolean raised, String faultId) {

    private static final Pattern PAYLOAD = Pattern.compile("(RAISED|CLEARED):(\\S+)");

    /**
     * Parses a stored event.
     *
     * @param time in ISO 8601, UTC
     * @param payload see {@link #payload()}
     * @return null when time or payload is invalid
     */
    public static @Nullable FaultEvent parse(String time, String payload) {
        Matcher parts = PAYLOAD.matcher(payload);
        try {
            return !parts.matches() ? null
                    : new FaultEvent(Instant.parse(time), "RAISED".equals(parts.group(1)),
                            String.valueOf(parts.group(2)));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Payload of the trigger channel: {@code RAISED:<fault-id>} or {@code CLEARED:<fault-id>}. */
    public String payload() {
        return (raised ? "RAISED:" : "CLEARED:") + faultId;
    }
}
