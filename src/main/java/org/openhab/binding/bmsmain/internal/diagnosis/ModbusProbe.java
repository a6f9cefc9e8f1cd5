/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.modbus.FrameScan;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A way to ask on a line, whether it is our own or that of a Thing.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
interface ModbusProbe extends AutoCloseable {

    int BATTERY_REGISTER = 0x2100;
    int BATTERY_REGISTERS = 3;

    /** Opens the line, unless it is open. @return why that is impossible, or null */
    @Nullable
    Failure open();

    /** Asks once. A line that was lost is opened again. */
    ModbusReply ask(ModbusRequest request, long timeoutNanos);

    /** Asks for the registers of the battery, which every board has: whoever answers can be a board. */
    default ModbusReply askBoard(int address, long timeoutNanos) {
        return ask(battery(address), timeoutNanos);
    }

    /** The request for the registers of the battery. */
    static ModbusRequest battery(int address) {
        return ModbusRequest.read(address, ModbusRequest.READ_INPUT, BATTERY_REGISTER, BATTERY_REGISTERS);
    }

    /** Something that needs the open line for one turn. */
    interface Turn {
        void take(ModbusClient client) throws LinkException;
    }

    /** Gives one turn. @return why it did not work, if it did not, and what was heard meanwhile */
    ModbusReply serve(Turn transaction);

    /** Listens without asking, where nobody else asks. */
    FrameScan listen(long nanos);

    @Override
    void close();
}
