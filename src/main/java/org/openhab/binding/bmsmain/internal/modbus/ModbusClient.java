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
 * An open Modbus line or connection: one request at a time, and an answer only when it is certain that it belongs to
 * the request.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface ModbusClient extends BusSession {

    /**
     * Sends a request and waits for its answer.
     *
     * @param timeoutNanos how long the device may take to begin its answer; the time of the bytes on the wire comes on
     *            top
     * @return the registers that were read, valid until the next call; meaningless after a write
     * @throws ModbusException when the device refused
     * @throws LinkException when there was no answer that could be trusted
     */
    RegisterView transact(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException;

    /**
     * Notes for those who listen on the wire whose turn begins.
     *
     * @param whose address of the board, or a word for somebody else
     */
    void beginTransaction(String whose);

    /**
     * Listens without asking, and throws away what comes.
     *
     * @param untilNanos moment of the ticker until which to listen
     * @return number of bytes that came
     * @throws LinkException when the line or connection is gone
     */
    int listen(long untilNanos) throws LinkException;

    /** What was learnt about the line and the devices on it. */
    LinkProfile profile();

    /** How long the last good transaction took, from the first byte sent to the last one received. */
    long lastRoundTripNanos();

    /** Share of the time in which the bus was busy, in percent; NaN while that is not known. */
    double loadPercent();
}
