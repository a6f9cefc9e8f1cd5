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

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.bus.BusTask;
import org.openhab.binding.bmsmain.internal.modbus.FrameScan;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A line that Things use. Each request is one turn on their bus, so that their boards are read meanwhile. What is asked
 * waits for the thread of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SharedProbe implements ModbusProbe {

    private static final String TURN = "diagnosis";

    private final ModbusLine line;
    private final BusRegistry registry;
    private final Ticker ticker;
    private final LineRecorder recorder = new LineRecorder();
    private final BusTask<ModbusClient> errands;

    /** Something to ask. Failures are what is looked for: the bus goes on, and its boards find out themselves. */
    private interface Task {
        ModbusReply run(ModbusClient client);
    }

    /**
     * @throws BusConflictException when the line is in use with other settings
     */
    SharedProbe(ModbusLine line, BusRegistry registry, Ticker ticker) throws BusConflictException {
        this.line = line;
        this.registry = registry;
        this.ticker = ticker;
        this.errands = new BusTask<>(member -> line.join(registry, member), ticker);
        registry.listen(line.name(), recorder);
    }

    private static ModbusReply failed(Failure failure) {
        return new ModbusReply(null, 0, failure, 0, FrameScan.of(List.of(), new byte[0]));
    }

    private ModbusReply run(Task task) {
        return errands.run(client -> {
            client.beginTransaction(TURN);
            return task.run(client);
        }, SharedProbe::failed);
    }

    @Override
    public @Nullable Failure open() {
        return run(client -> new ModbusReply(null, 0, null, 0, recorder.take())).failure();
    }

    @Override
    public ModbusReply ask(ModbusRequest request, long timeoutNanos) {
        return run(client -> ExclusiveProbe.ask(request, timeoutNanos, () -> client, LinkException::failure, recorder,
                ticker));
    }

    @Override
    public ModbusReply serve(Turn transaction) {
        return run(client -> ExclusiveProbe.serve(transaction, () -> client, LinkException::failure, recorder, ticker));
    }

    /** What is heard here are the others: there is nothing to find out. */
    @Override
    public FrameScan listen(long nanos) {
        return FrameScan.of(List.of(), new byte[0]);
    }

    @Override
    public void close() {
        registry.mute(line.name(), recorder);
        errands.close();
    }
}
