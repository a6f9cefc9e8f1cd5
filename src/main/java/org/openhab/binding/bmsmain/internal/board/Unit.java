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
 * The unit in which a {@link Point} is kept. It is the default unit of the channel as well.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum Unit {
    NONE(""),
    AMPERE("A"),
    VOLT("V"),
    WATT("W"),
    KILOWATT_HOUR("kWh"),
    CELSIUS("°C"),
    PERCENT("%"),
    AMPERE_HOUR("Ah"),
    SECOND("s"),
    MILLISECOND("ms");

    private final String symbol;

    Unit(String symbol) {
        this.symbol = symbol;
    }

    /** The symbol as openHAB prints and parses it; empty for a bare number. */
    public String symbol() {
        return symbol;
    }
}
