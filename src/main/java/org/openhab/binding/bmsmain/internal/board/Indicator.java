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

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * State of an indicator LED of the board (installation manual, section 2.4). No bus provides it; it is derived from
 * other values.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum Indicator {
    OFF,
    RED,
    GREEN,
    BLINKING_GREEN,
    BLINKING_RED,
    BLINKING_YELLOW_2HZ,
    BLINKING_YELLOW_25HZ;

    /** The options of an indicator channel, in the order of the constants. */
    public static final List<String> IDS = Stream.of(values()).map(Indicator::id).toList();

    /** The option on the channel, such as {@code blinking-yellow-2hz}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
