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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The unit in which a {@link Point} is stored, and the default unit of its channel.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum Unit {
    NONE("", 0),
    AMPERE("A", 1),
    VOLT("V", 1),
    WATT("W", 0),
    KILOWATT_HOUR("kWh", 3),
    CELSIUS("°C", 1),
    PERCENT("%", 1),
    AMPERE_HOUR("Ah", 1),
    SECOND("s", 0),
    MILLISECOND("ms", 1);

    private final String symbol;
    private final int decimals;

    Unit(String symbol, int decimals) {
        this.symbol = symbol;
        this.decimals = decimals;
    }

    /** The symbol as openHAB prints and parses it; empty for a bare number. */
    public String symbol() {
        return symbol;
    }

    /** Default number of decimals of a channel with this unit. */
    int decimals() {
        return decimals;
    }
}
