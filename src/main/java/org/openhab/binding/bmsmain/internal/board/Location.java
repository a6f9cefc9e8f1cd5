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
 * Location of a value: a Modbus register, a PDO or an object of the CANopen object dictionary.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface Location {

    /** Marks a location of a whole number instead of one bit. */
    int NO_BIT = -1;

    /** Data type of the value, or of the word that contains the bit. */
    WireType type();

    /** Bit number, 0 = least significant, or {@link #NO_BIT}. */
    int bit();

    /** Factor from the raw number to the unit of the point. */
    double scale();
}
