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

import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.modbus.RegisterView;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Registers in a row, some of which the device may not have.
 *
 * @param table input or holding registers
 * @param first address of the first one
 * @param last address of the last one
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record RegisterRange(Table table, int first, int last) {

    /** Half of what a request may ask for: a damaged answer costs less. */
    private static final int BLOCK = 60;
    private static final int ATTEMPTS = 3;
    private static final int LAST = 0xFFFF;

    /**
     * Reads a range as users write it, such as 0x2000-0x20FF.
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
            // Told below, with the text that was meant to be a range.
        }
        throw new IllegalArgumentException("a range is FROM-TO, such as 0x2000-0x20FF, not " + text);
    }

    /**
     * Reads all registers that the device has.
     *
     * @return their values by address; what the device refuses is not in it
     * @throws LinkException when the device does not answer
     */
    TreeMap<Integer, Integer> read(ModbusClient client, int unit, long timeoutNanos) throws LinkException {
        TreeMap<Integer, Integer> values = new TreeMap<>();
        for (int address = first; address <= last; address += BLOCK) {
            read(client, unit, address, Math.min(BLOCK, last - address + 1), timeoutNanos, values);
        }
        return values;
    }

    private void read(ModbusClient client, int unit, int address, int count, long timeoutNanos,
            TreeMap<Integer, Integer> values) throws LinkException {
        for (int attempt = 1;; attempt++) {
            try {
                RegisterView registers = client.transact(ModbusRequest.read(unit, table.readFunction(), address, count),
                        timeoutNanos);
                for (int i = 0; i < count; i++) {
                    values.put(address + i, registers.word(i));
                }
                return;
            } catch (ModbusException e) {
                if (count > 1) {
                    read(client, unit, address, count / 2, timeoutNanos, values);
                    read(client, unit, address + count / 2, count - count / 2, timeoutNanos, values);
                }
                return;
            } catch (LinkException e) {
                if (attempt == ATTEMPTS || e.isSessionLost()) {
                    throw e;
                }
            }
        }
    }
}
