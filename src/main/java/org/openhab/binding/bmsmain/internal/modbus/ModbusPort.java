/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.CommandQueue.Command;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Commands over Modbus: a signal is forced by one write to its control register, and read back where signals are read
 * (protocol, section 3). The only other write of the binding is the selection of {@link LogicScan}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ModbusPort implements CommandQueue.Port {

    /** Control register of input signal 0; those of signals 1 to 15 follow. */
    private static final int FIRST_CONTROL = 0x5100;
    /** Control register of input signal 16; the others follow. */
    private static final int SECOND_CONTROL = 0x5110;
    private static final int FIRST_SIGNALS = 16;

    private final ModbusClient client;
    private final int unit;
    private final long timeoutNanos;
    private final ReadPlan plan;
    private final @Nullable WordOrder order;

    /**
     * @param plan contains the registers of the signals
     * @param order the word order, or null while it is not known
     */
    ModbusPort(ModbusClient client, ModbusSettings settings, ReadPlan plan, @Nullable WordOrder order) {
        this.client = client;
        this.unit = settings.unit();
        this.timeoutNanos = settings.responseTimeout().toNanos();
        this.plan = plan;
        this.order = order;
    }

    /** The holding register that controls a signal. */
    static int controlRegister(Point signal) {
        int number = Catalogue.SIGNALS.indexOf(signal);
        return number < FIRST_SIGNALS ? FIRST_CONTROL + number : SECOND_CONTROL + number - FIRST_SIGNALS;
    }

    @Override
    public void write(Command command) throws LinkException {
        if (!command.mayBeWritten()) {
            return;
        }
        try {
            client.transact(
                    ModbusRequest.writeSingle(unit, controlRegister(command.signal()), command.force().registerValue()),
                    timeoutNanos);
            command.written();
        } catch (ModbusException e) {
            command.refused(Integer.toString(e.code()));
        } catch (LinkException e) {
            command.unanswered();
            throw e;
        }
    }

    @Override
    public void read(Command command) throws LinkException {
        RegisterMapping mapping = plan.mapping(command.signal());
        if (mapping == null) {
            command.unread();
            return;
        }
        RegisterLocation place = mapping.location();
        try {
            RegisterView registers = client.transact(
                    ModbusRequest.read(unit, place.table().readFunction(), place.address(), place.registers()),
                    timeoutNanos);
            command.read(mapping.number(registers, 0, order));
        } catch (ModbusException e) {
            command.unread();
        } catch (LinkException e) {
            command.unread();
            throw e;
        }
    }
}
