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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * An open connection to a board whose registers a test sets. A read takes 10 ms.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ScriptedClient implements ModbusClient {

    /** The requests, as function, first register and count. */
    final List<String> requests = new ArrayList<>();
    /** Input and holding registers, by function and address. A read of a missing register is rejected. */
    final Map<Integer, Integer> registers = new TreeMap<>();
    /** Outcomes of the next requests; empty = they are answered. */
    final Deque<FailureCause> failures = new ArrayDeque<>();
    /** Requests that are rejected with a code, regardless of the registers. */
    final Map<String, Integer> refused = new TreeMap<>();
    @Nullable
    FailureCause dead;
    /** Handles writes of one register, with address and value; null = registers of function 6 must be set. */
    @Nullable
    BiConsumer<Integer, Integer> writes;

    private final LeapTicker ticker;
    private final LinkProfile profile = new LinkProfile();

    ScriptedClient(LeapTicker ticker) {
        this.ticker = ticker;
    }

    /** Sets input registers. */
    void input(int address, String words) {
        byte[] bytes = Frames.hex(words);
        for (int i = 0; i < bytes.length; i += 2) {
            registers.put(4 << 16 | address + i / 2, (bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF);
        }
    }

    /** Removes input registers. */
    void withoutInput(int first, int last) {
        for (int address = first; address <= last; address++) {
            registers.remove(4 << 16 | address);
        }
    }

    @Override
    public RegisterView transact(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException {
        String text = String.format("%d:0x%04X+%d", request.function(), request.address(), request.count());
        requests.add(text);
        FailureCause failure = dead != null ? dead : failures.poll();
        if (failure != null) {
            ticker.pass(timeoutNanos);
            throw new LinkException(Failure.of(failure), false);
        }
        ticker.pass(10 * LeapTicker.MILLI);
        DeviceProfile device = profile.device(request.unit());
        device.answered(request, 0, ticker.nanos());
        Integer code = refused.get(text);
        if (code != null) {
            throw new ModbusException(code);
        }
        BiConsumer<Integer, Integer> writer = writes;
        if (writer != null && request.function() == ModbusRequest.WRITE_SINGLE) {
            byte[] pdu = new byte[request.pduLength()];
            request.copyPdu(pdu, 0);
            writer.accept(request.address(), (pdu[3] & 0xFF) << 8 | pdu[4] & 0xFF);
            return new RegisterView();
        }
        byte[] bytes = new byte[2 * request.count()];
        for (int i = 0; i < request.count(); i++) {
            Integer word = registers.get(request.function() << 16 | request.address() + i);
            if (word == null) {
                throw new ModbusException(ModbusException.ILLEGAL_DATA_ADDRESS);
            }
            bytes[2 * i] = (byte) (word >> 8);
            bytes[2 * i + 1] = (byte) (int) word;
        }
        RegisterView view = new RegisterView();
        view.set(bytes, 0, request.count());
        device.gave(request.count());
        return view;
    }

    @Override
    public LinkProfile profile() {
        return profile;
    }

    @Override
    public void beginTransaction(String whose) {
        // no listener
    }

    @Override
    public int listen(long untilNanos) {
        ticker.parkUntil(untilNanos);
        return 0;
    }

    @Override
    public long lastRoundTripNanos() {
        return 10 * LeapTicker.MILLI;
    }

    @Override
    public double loadPercent() {
        return 2.5;
    }

    @Override
    public void idle(long untilNanos) {
        ticker.parkUntil(untilNanos);
    }

    @Override
    public void close() {
        // nothing to close
    }
}
