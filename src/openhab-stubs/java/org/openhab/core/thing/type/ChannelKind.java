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
 * Whether a channel has a state or fires events.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum ChannelKind {
    STATE,
    TRIGGER;

    /**
     * @param input a name in any case, or null
     * @return the kind, {@link #STATE} for null
     * @throws IllegalArgumentException if there is none of that name
     */
    public static ChannelKind parse(@Nullable String input) {
        return input == null ? STATE : valueOf(input.toUpperCase(Locale.ROOT));
    }
}
