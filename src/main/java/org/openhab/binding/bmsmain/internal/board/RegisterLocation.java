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

/**
 * A location in the Modbus register map.
 *
 * @param table input registers (function code 4) or holding registers (function code 3)
 * @param address address of the first register, 0..65535
 * @param type data type; a bit is taken from a word of type U16 or U32
 * @param bit bit in that word, or {@link Location#NO_BIT}
 * @param scale factor from the raw number to the unit
 * @param registers number of registers, at least 1
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record RegisterLocation(Table table, int address, WireType type, int bit, double scale,
        int registers) implements Location {

    /** The two tables that hold registers. */
    public enum Table {
        INPUT(4),
        HOLDING(3);

        private final int readFunction;

        Table(int readFunction) {
            this.readFunction = readFunction;
        }

        /** Function code that reads this table. */
        public int readFunction() {
            return readFunction;
        }
    }

    /** A whole input register value. */
    public static RegisterLocation input(int address, WireType type) {
        return of(Table.INPUT, address, type, NO_BIT, 1);
    }

    /** One bit of an input register value. */
    public static RegisterLocation inputBit(int address, WireType type, int bit) {
        return of(Table.INPUT, address, type, bit, 1);
    }

    /** A location whose length follows from its type. */
    public static RegisterLocation of(Table table, int address, WireType type, int bit, double scale) {
        return new RegisterLocation(table, address, type, bit, scale, Math.max(1, (type.bytes() + 1) / 2));
    }

    /** Address after the last register of the value. */
    public int end() {
        return address + registers;
    }

    @Override
    public String toString() {
        String place = String.format(Locale.ROOT, "%s:0x%04X", table.name().toLowerCase(Locale.ROOT), address);
        if (bit != NO_BIT) {
            return place + "." + bit + (type == WireType.U16 ? "" : ":" + type);
        }
        return place + ":" + type + (scale == 1 ? "" : ":" + scale);
    }
}
