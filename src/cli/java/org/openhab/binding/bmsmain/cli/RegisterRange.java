/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;

/**
 * Consecutive registers.
 *
 * @param table input or holding registers
 * @param first address of the first one
 * @param last address of the last one
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record RegisterRange(Table table, int first, int last) {

    private static final int LAST = 0xFFFF;

    /**
     * Parses a range such as 0x2000-0x20FF.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static RegisterRange parse(Table table, String text) {
        String[] parts = text.split("-", -1);
        try {
            int first = Integer.decode(parts[0].strip());
            int last = parts.length == 1 ? first : Integer.decode(parts[1].strip());
            if (parts.length <= 2 && first >= 0 && first <= last && last <= LAST) {
                return new RegisterRange(table, first, last);
            }
        } catch (NumberFormatException e) {
            // Reported below, with the text of the range.
        }
        throw new IllegalArgumentException("a range must be FROM-TO, such as 0x2000-0x20FF, not " + text);
    }
}
