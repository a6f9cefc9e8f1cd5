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
import org.openhab.binding.bmsmain.internal.link.BusLoad;
import org.openhab.binding.bmsmain.internal.link.ByteTransport;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * What clients over a stream of bytes have in common: all but the transaction itself.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
abstract class StreamClient implements ModbusClient {

    /** What carries the bytes. */
    protected final ByteTransport transport;
    protected final Ticker ticker;
    /** The frame that is sent. */
    protected final byte[] out = new byte[Framing.MAX_FRAME];
    /** The bytes that came last. */
    protected final byte[] in = new byte[Framing.MAX_FRAME];

    private final BusLoad load;
    private long lastRoundTrip;
    private boolean worked;

    StreamClient(ByteTransport transport, Ticker ticker) {
        this.transport = transport;
        this.ticker = ticker;
        this.load = new BusLoad(ticker.nanos());
    }

    /** Notes that a transaction was answered. */
    protected final void answered(long begun, long now) {
        lastRoundTrip = now - begun;
        worked = true;
        busy(begun, now);
    }

    /** Notes that the bus was in use. */
    protected final void busy(long begun, long now) {
        load.add(now - begun, now);
    }

    @Override
    public void turn(String whose) {
        transport.turn(whose);
    }

    @Override
    public int listen(long untilNanos) throws LinkException {
        int heard = 0;
        while (untilNanos - ticker.nanos() > 0) {
            int count = transport.read(in, 0, in.length, untilNanos);
            if (count > 0) {
                heard(count);
            }
            heard += count;
        }
        return heard;
    }

    /** Something came while nothing was asked; it lies in {@link #in}. */
    protected void heard(int count) {
        // Of no interest.
    }

    @Override
    public long lastRoundTripNanos() {
        return lastRoundTrip;
    }

    @Override
    public double loadPercent() {
        return load.percent(ticker.nanos());
    }

    @Override
    public void idle(long untilNanos) {
        ticker.parkUntil(untilNanos);
    }

    @Override
    public boolean hasWorked() {
        return worked;
    }

    @Override
    public void close() {
        transport.close();
    }
}
