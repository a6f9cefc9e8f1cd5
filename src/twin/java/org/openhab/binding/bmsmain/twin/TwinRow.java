/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The input registers of the simulated board, one per line: name, first address, type.
 * <p>
 * Addresses and types are those of section 2 of the protocol page. For values without a published address the twin
 * uses addresses of its own, so that the binding's {@code registers} lines can be tried. These rows are marked
 * "invented" and do not describe a real board:
 *
 * <pre>
 * battery#voltage = input:0x2104:REAL32
 * battery#min-cell-voltage = input:0x2106:U16:0.001
 * battery#max-cell-voltage = input:0x2107:U16:0.001
 * battery#min-cell-temperature = input:0x2108:S16:0.1
 * battery#max-cell-temperature = input:0x2109:S16:0.1
 * </pre>
 *
 * The layout of the window of the selected BMS Logic board (0x2011-0x20C9) is also invented: twelve cell voltages
 * in mV from 0x2012 and two temperatures in 0.1 degC from 0x201E.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
enum TwinRow {

    HARDWARE_VERSION("hardwareVersion", 0x0000, Type.BYTES_2),
    FIRMWARE_VERSION("firmwareVersion", 0x0001, Type.BYTES_4),
    BOOTLOADER_VERSION("bootloaderVersion", 0x0003, Type.BYTES_4),
    CLOCK("clock", 0x1000, Type.BCD_CLOCK),
    INPUT_SIGNALS_LOW("input-signals#low", 0x2000, Type.U16),
    CURRENT("battery#current", 0x2001, Type.REAL32),
    EXTERNAL_TEMPERATURE("sensors#external-temperature", 0x2003, Type.REAL32),
    HUMIDITY("sensors#humidity", 0x2005, Type.REAL32),
    ERRORS_1("faults#errors-1", 0x2007, Type.U32),
    INTERNAL_SIGNALS("internal-signals#all", 0x2009, Type.U32),
    OUTPUTS("outputs#all", 0x200B, Type.U16),
    RELAYS("relays#all", 0x200C, Type.U16),
    /** The page leaves open whether the relays are at 0x200C or here; the twin uses 0x200C. */
    RELAYS_OR_NOTHING("reserved", 0x200D, Type.U16),
    ERRORS_2("faults#errors-2", 0x200E, Type.U32),
    SELECTED_BOARD("logic#selected-board", 0x2010, Type.U16),
    BOARD_WINDOW("logic#window", 0x2011, Type.WINDOW),
    INPUT_SIGNALS_HIGH("input-signals#high", 0x20F4, Type.U16),
    STATE_OF_CHARGE("battery#state-of-charge", 0x2100, Type.REAL32),
    BOARD_COUNT("logic#board-count", 0x2102, Type.U16),
    /** Invented. */
    VOLTAGE("battery#voltage", 0x2104, Type.REAL32),
    /** Invented. */
    MIN_CELL_VOLTAGE("battery#min-cell-voltage", 0x2106, Type.U16_MILLI),
    /** Invented. */
    MAX_CELL_VOLTAGE("battery#max-cell-voltage", 0x2107, Type.U16_MILLI),
    /** Invented. */
    MIN_CELL_TEMPERATURE("battery#min-cell-temperature", 0x2108, Type.S16_TENTH),
    /** Invented. */
    MAX_CELL_TEMPERATURE("battery#max-cell-temperature", 0x2109, Type.S16_TENTH),
    NETMASK("netmask", 0x2181, Type.BYTES_4),
    GATEWAY("gateway", 0x2183, Type.BYTES_4),
    SENSOR_REFERENCE_CALIBRATED("sensors#current-sensor-reference-calibrated", 0x2185, Type.REAL32),
    SENSOR_VOLTAGE("sensors#current-sensor-voltage", 0x218E, Type.REAL32),
    SENSOR_REFERENCE("sensors#current-sensor-reference", 0x2190, Type.REAL32),
    AUX_SENSOR_VOLTAGE("sensors#aux-current-sensor-voltage", 0x2192, Type.REAL32),
    AUX_SENSOR_REFERENCE("sensors#aux-current-sensor-reference", 0x2194, Type.REAL32),
    CHARGE_CURRENT_LIMIT("battery#charge-current-limit", 0x219F, Type.REAL32),
    DISCHARGE_CURRENT_LIMIT("battery#discharge-current-limit", 0x21A1, Type.REAL32),
    STATE("battery#state", 0x2410, Type.U16),
    STATE_DURATION("battery#state-duration", 0x2411, Type.U32),
    NOMINAL_CAPACITY("battery#nominal-capacity", 0x2420, Type.REAL32),
    MAX_CHARGE_VOLTAGE("battery#max-charge-voltage", 0x2422, Type.REAL32),
    MIN_DISCHARGE_VOLTAGE("battery#min-discharge-voltage", 0x2424, Type.REAL32),
    MAX_CHARGE_CURRENT("battery#max-charge-current", 0x2426, Type.REAL32),
    MAX_DISCHARGE_CURRENT("battery#max-discharge-current", 0x2428, Type.REAL32);

    /** Encoding of a value in its registers. */
    enum Type {
        U16(1),
        /** Thousandths in an unsigned register. */
        U16_MILLI(1),
        /** Tenths in a signed register. */
        S16_TENTH(1),
        U32(2),
        REAL32(2),
        /** U8[2]: byte 0 in the low byte. */
        BYTES_2(1),
        /** U8[4]: bytes 0 and 1 in the low and high byte of the first register. */
        BYTES_4(2),
        /** U8[6] in BCD: day, month, year, hours, minutes, seconds. */
        BCD_CLOCK(3),
        /** Status and data of the selected BMS Logic board. */
        WINDOW(0x20C9 - 0x2011 + 1);

        private final int registers;

        Type(int registers) {
            this.registers = registers;
        }

        int registers() {
            return registers;
        }

        /** True when the type is a number. */
        boolean isNumber() {
            return this == U16 || this == U16_MILLI || this == S16_TENTH || this == U32 || this == REAL32;
        }
    }

    private static final NavigableMap<Integer, TwinRow> BY_ADDRESS = new TreeMap<>();
    static {
        for (TwinRow row : values()) {
            BY_ADDRESS.put(row.address, row);
        }
    }

    private final String id;
    private final int address;
    private final Type type;

    TwinRow(String id, int address, Type type) {
        this.id = id;
        this.address = address;
        this.type = type;
    }

    /** Channel or property of the row; a name of the twin's own if several channels share the row. */
    String id() {
        return id;
    }

    int address() {
        return address;
    }

    Type type() {
        return type;
    }

    /** True when the row is a single number that can be scripted by its ID. Rows of bits are scripted bit by bit. */
    boolean isScriptable() {
        switch (this) {
            case INPUT_SIGNALS_LOW:
            case INPUT_SIGNALS_HIGH:
            case INTERNAL_SIGNALS:
            case OUTPUTS:
            case RELAYS:
            case RELAYS_OR_NOTHING:
                return false;
            default:
                return type.isNumber();
        }
    }

    /** True when the address is invented; a {@link HiddenMap} replaces it. */
    boolean isInvented() {
        switch (this) {
            case VOLTAGE:
            case MIN_CELL_VOLTAGE:
            case MAX_CELL_VOLTAGE:
            case MIN_CELL_TEMPERATURE:
            case MAX_CELL_TEMPERATURE:
                return true;
            default:
                return false;
        }
    }

    /** Returns the row that contains a register. @return null in a hole of the map */
    static @Nullable TwinRow at(int register) {
        Map.Entry<Integer, TwinRow> entry = BY_ADDRESS.floorEntry(register);
        if (entry == null) {
            return null;
        }
        TwinRow row = entry.getValue();
        return register < row.address + row.type.registers() ? row : null;
    }

    /** Returns the row with this ID. @return null when no register carries it */
    static @Nullable TwinRow of(String id) {
        for (TwinRow row : values()) {
            if (row.id.equals(id)) {
                return row;
            }
        }
        return null;
    }
}
