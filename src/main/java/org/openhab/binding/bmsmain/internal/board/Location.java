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
 * Where a value stands on a wire: a Modbus register, a process data object or an object of CANopen's dictionary.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface Location {

    /** Marks a location that is a whole number, not one bit of it. */
    int NO_BIT = -1;

    /** How the value, or the word that holds the bit, is laid out. */
    WireType type();

    /** The bit, 0 = least significant, or {@link #NO_BIT}. */
    int bit();

    /** What the raw number is multiplied with to get the value in the point's unit. */
    double scale();
}
