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

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Data type of a value in registers or frames.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum WireType {
    U8(1),
    S8(1),
    U16(2),
    S16(2),
    U32(4),
    S32(4),
    /** IEEE 754 single precision. */
    REAL32(4),
    /** Bytes patch, minor, major, reserved: a version, lowest part first. */
    VERSION4(4),
    /** Bytes minor, major: a version, lowest part first. */
    VERSION2(2),
    /** Six BCD bytes: day, month, year, hours, minutes, seconds. */
    CLOCK(6),
    /** Characters, first one in the low byte of the first register; the location gives the length. */
    CHARACTERS(0);

    private final int bytes;

    WireType(int bytes) {
        this.bytes = bytes;
    }

    /** Size in bytes; 0 where the location gives it. */
    public int bytes() {
        return bytes;
    }

    /** Whether the value is a number to which a scale can be applied. */
    public boolean isNumber() {
        return ordinal() <= REAL32.ordinal();
    }

    /**
     * Finds a numeric type by its name, ignoring case.
     *
     * @return null when there is no such type
     */
    public static @Nullable WireType numberByName(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (WireType type : values()) {
            if (type.isNumber() && type.name().equals(upper)) {
                return type;
            }
        }
        return null;
    }
}
