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
 * Kind of a value, which determines how it is shown.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum Kind {
    /** A physical quantity with a unit. */
    MEASUREMENT,
    /** A number without a unit. */
    COUNT,
    /** A bit, shown as ON or OFF. */
    FLAG,
    /** A bit for the position of a dry contact, shown as CLOSED (1) or OPEN (0). */
    CONTACT,
    /** One of a list of options. */
    CHOICE,
    /** A raw word of bits, shown as a number. */
    BITS,
    /** Text. */
    TEXT,
    /** A point in time, stored as milliseconds since 1970-01-01T00:00Z. */
    TIME;

    /** Whether the value is one bit. */
    public boolean isBit() {
        return this == FLAG || this == CONTACT;
    }

    /** Whether the value is shown as a number. */
    public boolean isNumber() {
        return this == MEASUREMENT || this == COUNT || this == BITS;
    }
}
