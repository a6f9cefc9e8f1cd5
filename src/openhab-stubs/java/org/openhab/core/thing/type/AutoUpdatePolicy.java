/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.thing.type;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Whether openHAB shows a command as state before the binding has confirmed it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum AutoUpdatePolicy {
    /** It does not: the binding sends the state. */
    VETO,
    /** The binding does not care. */
    DEFAULT,
    /** It does: the binding will send no state. */
    RECOMMEND;

    /**
     * @param input a name in any case, or null
     * @return the policy, null for null
     * @throws IllegalArgumentException if there is none of that name
     */
    public static @Nullable AutoUpdatePolicy parse(@Nullable String input) {
        return input == null ? null : valueOf(input.toUpperCase(Locale.ROOT));
    }
}
