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
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.modbus.RegisterView;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A line that nobody else uses. For one thread.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ExclusiveProbe implements ModbusProbe {

    private final ModbusLine line;
    private final Ticker ticker;
    private final LineRecorder recorder = new LineRecorder();
    private @Nullable ModbusClient client;

    ExclusiveProbe(ModbusLine line, Ticker ticker) {
        this.line = line;
        this.ticker = ticker;
        line.tap().add(recorder);
    }

    @Override
    public @Nullable Failure open() {
        try {
            client();
            return null;
        } catch (LinkException e) {
            return e.failure();
        }
    }

    private ModbusClient client() throws LinkException {
        ModbusClient open = client;
        if (open == null) {
            open = line.open();
            client = open;
        }
        return open;
    }

    private Failure failed(LinkException e) {
        if (e.isSessionLost()) {
            drop();
        }
        return e.failure();
    }

    private void drop() {
        ModbusClient open = client;
        client = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public ModbusReply ask(ModbusRequest request, long timeoutNanos) {
        return ask(request, timeoutNanos, this::client, this::failed, recorder, ticker);
    }

    /** Gives a client that is open. */
    interface Clients {
        ModbusClient get() throws LinkException;
    }

    /** Deals with a failure. */
    interface Failures {
        Failure of(LinkException e);
    }

    static ModbusReply ask(ModbusRequest request, long timeoutNanos, Clients clients, Failures failures,
            LineRecorder recorder, Ticker ticker) {
        recorder.take();
        long begun = ticker.nanos();
        try {
            ModbusClient open = clients.get();
            RegisterView registers = open.transact(request, timeoutNanos).copy();
            return new ModbusReply(registers, 0, null, open.lastRoundTripNanos(), recorder.take());
        } catch (ModbusException e) {
            return new ModbusReply(null, e.code(), null, ticker.nanos() - begun, recorder.take());
        } catch (LinkException e) {
            return new ModbusReply(null, 0, failures.of(e), ticker.nanos() - begun, recorder.take());
        }
    }

    @Override
    public ModbusReply serve(Turn transaction) {
        return serve(transaction, this::client, this::failed, recorder, ticker);
    }

    static ModbusReply serve(Turn transaction, Clients clients, Failures failures, LineRecorder recorder,
            Ticker ticker) {
        recorder.take();
        long begun = ticker.nanos();
        Failure failure = null;
        try {
            transaction.take(clients.get());
        } catch (LinkException e) {
            failure = failures.of(e);
        }
        return new ModbusReply(null, 0, failure, ticker.nanos() - begun, recorder.take());
    }

    @Override
    public FrameScan listen(long nanos) {
        recorder.take();
        try {
            client().listen(ticker.nanos() + nanos);
        } catch (LinkException e) {
            // What was heard until then counts; whoever asks next is told.
            failed(e);
        }
        return recorder.take();
    }

    @Override
    public void close() {
        drop();
        line.tap().remove(recorder);
    }
}
