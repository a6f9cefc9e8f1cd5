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

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.modbus.FrameScan;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.modbus.RegisterView;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceSink;

/**
 * A line on which the diagnosis sends requests, with a record of all traffic. For one thread.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ModbusProbe implements AutoCloseable {

    private static final int BATTERY_REGISTER = 0x2100;
    private static final int BATTERY_REGISTERS = 3;
    private static final String TURN = "diagnosis";

    private final BusProbe<ModbusClient> bus;
    private final boolean shared;
    private final Ticker ticker;
    private final Recorder recorder;
    private final Runnable mute;

    /** An action that needs the open line for one turn. */
    interface Turn {
        /** @return the response, or null */
        @Nullable
        RegisterView take(ModbusClient client) throws ModbusException, LinkException;
    }

    /**
     * Result of one turn.
     *
     * @param registers the response, or null
     * @param exception code of the Modbus exception response, 0 if there was none
     * @param failure why there is no response, or null
     * @param nanos response time; 0 when there is no response
     * @param heard everything that was received meanwhile
     */
    record Reply(@Nullable RegisterView registers, int exception, @Nullable Failure failure, long nanos,
            FrameScan heard) {

        private static final int GATEWAY_PATH = 10;
        private static final int GATEWAY_TARGET = 11;

        /** Whether the device understood the request, even if it refused it. */
        boolean isUnderstood() {
            return registers != null || exception != 0;
        }

        /** Whether a gateway responds in place of a device that it cannot reach. */
        boolean isOfGateway() {
            return exception == GATEWAY_PATH || exception == GATEWAY_TARGET;
        }

        boolean failedWith(FailureCause cause) {
            Failure why = failure;
            return why != null && why.cause() == cause;
        }
    }

    /** Records the traffic until it is evaluated. */
    private static final class Recorder implements TraceSink {

        /** Enough to detect a babbling device. */
        private static final int MOST_BYTES = 16_384;
        private static final int MOST_FRAMES = 64;

        private final List<byte[]> sent = new ArrayList<>();
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        @Override
        public void happened(Event event, long nanos, String detail) {
            // Only bytes are recorded.
        }

        @Override
        public synchronized void bytes(Event event, long nanos, byte[] bytes, int offset, int length) {
            if (event == Event.SENT) {
                if (sent.size() < MOST_FRAMES) {
                    sent.add(Arrays.copyOfRange(bytes, offset, offset + length));
                }
            } else if (heard.size() < MOST_BYTES) {
                heard.write(bytes, offset, length);
            }
        }

        /** Returns and clears what was received since the last call. */
        synchronized FrameScan take() {
            FrameScan scan = FrameScan.of(sent, heard.toByteArray());
            sent.clear();
            heard.reset();
            return scan;
        }
    }

    private ModbusProbe(BusProbe<ModbusClient> bus, boolean shared, Recorder recorder, Runnable mute, Ticker ticker) {
        this.bus = bus;
        this.shared = shared;
        this.recorder = recorder;
        this.mute = mute;
        this.ticker = ticker;
    }

    /** A line that no other program on this machine uses. */
    static ModbusProbe exclusive(ModbusLine line, Ticker ticker) {
        Recorder recorder = new Recorder();
        line.tap().add(recorder);
        return new ModbusProbe(new ExclusiveProbe<>(line::open), false, recorder, () -> line.tap().remove(recorder),
                ticker);
    }

    /**
     * A line that Things use, whose boards are still polled. Each request waits for the bus thread.
     *
     * @throws BusConflictException when the line is in use with other settings
     */
    static ModbusProbe shared(ModbusLine line, BusRegistry registry, Ticker ticker) throws BusConflictException {
        Recorder recorder = new Recorder();
        BusProbe<ModbusClient> bus = new SharedProbe<>(member -> line.join(registry, member), ticker);
        registry.listen(line.name(), recorder);
        return new ModbusProbe(bus, true, recorder, () -> registry.mute(line.name(), recorder), ticker);
    }

    /** Opens the line, unless it is open. @return why that is impossible, or null */
    @Nullable
    Failure open() {
        return bus.open();
    }

    /** Sends one request. A line that was lost is opened again. */
    Reply ask(ModbusRequest request, long timeoutNanos) {
        return serve(client -> client.transact(request, timeoutNanos).copy());
    }

    /** Requests the battery registers, which every board has: any device that responds may be a board. */
    Reply askBoard(int address, long timeoutNanos) {
        return ask(battery(address), timeoutNanos);
    }

    /** The request for the registers of the battery. */
    static ModbusRequest battery(int address) {
        return ModbusRequest.read(address, ModbusRequest.READ_INPUT, BATTERY_REGISTER, BATTERY_REGISTERS);
    }

    /** Runs one turn. Failures are returned in the reply, so that they do not close a shared bus. */
    Reply serve(Turn turn) {
        return bus.run(client -> served(client, turn),
                failure -> new Reply(null, 0, failure, 0, FrameScan.of(List.of(), new byte[0])));
    }

    private Reply served(ModbusClient client, Turn turn) {
        if (shared) {
            client.beginTransaction(TURN);
        }
        recorder.take();
        long begun = ticker.nanos();
        try {
            RegisterView registers = turn.take(client);
            return new Reply(registers, 0, null, client.lastRoundTripNanos(), recorder.take());
        } catch (ModbusException e) {
            return new Reply(null, e.code(), null, ticker.nanos() - begun, recorder.take());
        } catch (LinkException e) {
            if (e.isSessionLost()) {
                bus.lost();
            }
            return new Reply(null, 0, e.failure(), 0, recorder.take());
        }
    }

    /** Listens without sending. Only for a line in exclusive use. */
    FrameScan listen(long nanos) {
        recorder.take();
        // Bytes received before a failure count; the next request reports the failure.
        bus.run(client -> client.listen(ticker.nanos() + nanos), failure -> 0);
        return recorder.take();
    }

    @Override
    public void close() {
        mute.run();
        bus.close();
    }
}
