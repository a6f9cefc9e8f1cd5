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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.bus.BusTask;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Reads some registers once, between the turns of the members of a line.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SingleRead {

    /**
     * Result of the read: the registers, the code of an exception, or the reason why there was no answer.
     *
     * @param registers the registers, each 0..65535; empty when there are none
     * @param exception code of the Modbus exception, 0 when there was none
     * @param failure why there was no answer, or null
     */
    public record Result(int[] registers, int exception, @Nullable Failure failure) {
    }

    private SingleRead() {
    }

    /**
     * Reads registers once.
     *
     * @param unit address of the board
     * @param count number of registers, 1..125, none beyond 65535
     * @param timeout maximum time until the board begins its answer
     * @return the result, completed on the bus thread
     * @throws IllegalArgumentException when there are no such registers
     */
    public static CompletableFuture<Result> of(ModbusLine line, BusRegistry registry, int unit, Table table,
            int address, int count, Duration timeout, Ticker ticker) throws BusConflictException {
        ModbusRequest request = ModbusRequest.read(unit, table.readFunction(), address, count);
        return BusTask.<ModbusClient, Result> once(member -> line.join(registry, member),
                (client, answer) -> answer.complete(read(client, request, timeout)),
                failure -> new Result(new int[0], 0, failure), ticker);
    }

    private static Result read(ModbusClient client, ModbusRequest request, Duration timeout) throws LinkException {
        client.beginTransaction("read");
        try {
            RegisterView view = client.transact(request, timeout.toNanos());
            int[] registers = new int[view.count()];
            for (int i = 0; i < registers.length; i++) {
                registers[i] = view.word(i);
            }
            return new Result(registers, 0, null);
        } catch (ModbusException e) {
            return new Result(new int[0], e.code(), null);
        }
    }
}
