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

import java.math.BigDecimal;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A number that the user configures, for a Thing or on the command line.
 *
 * @param name name in the Thing configuration
 * @param unit name of the unit, in English; empty for none
 * @param least lowest allowed value
 * @param greatest highest allowed value
 * @param standard default value
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record NumberParameter(String name, String unit, double least, double greatest, double standard) {

    public boolean allows(double value) {
        return value >= least && value <= greatest;
    }

    /** The allowed values in English, such as "a number of seconds from 0.2 to 3600". */
    public String rule() {
        return "a number " + (unit.isEmpty() ? "" : "of " + unit + " ") + "from " + plain(least) + " to "
                + plain(greatest);
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
