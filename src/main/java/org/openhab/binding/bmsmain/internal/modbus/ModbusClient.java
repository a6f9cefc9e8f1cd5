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
import org.openhab.binding.bmsmain.internal.bus.BusSession;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * An open Modbus line or connection. Sends one request at a time, and returns an answer only if it certainly belongs
 * to the request.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface ModbusClient extends BusSession {

    /**
     * Sends a request and waits for its answer.
     *
     * @param timeoutNanos maximum time until the device begins its answer, in nanoseconds; the time of the bytes on
     *            the wire is added
     * @return the registers that were read, valid until the next call; meaningless after a write
     * @throws ModbusException when the device refused
     * @throws LinkException when there was no answer that could be trusted
     */
    RegisterView transact(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException;

    /**
     * Marks the start of a turn in recordings of the wire.
     *
     * @param whose address of the board, or a word for another user of the wire
     */
    void beginTransaction(String whose);

    /**
     * Listens without a request, and drops the received bytes.
     *
     * @param untilNanos moment of the ticker until which to listen
     * @return number of received bytes
     * @throws LinkException when the line or connection is gone
     */
    int listen(long untilNanos) throws LinkException;

    /** What was learnt about the line and the devices on it. */
    LinkProfile profile();

    /** Duration of the last good transaction in nanoseconds, from the first byte sent to the last one received. */
    long lastRoundTripNanos();

    /** Share of the time in which the bus was busy, in percent; NaN while that is not known. */
    double loadPercent();
}
