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
import org.openhab.binding.bmsmain.internal.bus.BusLoad;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Common part of the clients over a byte stream: everything but the transaction itself.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
abstract class StreamClient implements ModbusClient {

    protected final ByteTransport transport;
    protected final Ticker ticker;
    /** The frame to send. */
    protected final byte[] out = new byte[Framing.MAX_FRAME];
    /** The bytes received last. */
    protected final byte[] in = new byte[Framing.MAX_FRAME];

    /** What was learnt about the line and its devices. */
    protected final LinkProfile profile;
    /** Time of the last byte on the line, by the ticker. */
    protected long lastActivity;
    /**
     * Number of unsolicited bytes in one go that no line can send: it takes the fastest one 20 s. The session is given
     * up then, to save processor time.
     */
    private static final int FLOOD_BYTES = 256 * 1024;

    private final BusLoad load;
    private long lastRoundTrip;
    private boolean worked;
    private boolean flooded;

    StreamClient(ByteTransport transport, Ticker ticker, LinkProfile profile) {
        this.transport = transport;
        this.ticker = ticker;
        this.profile = profile;
        this.lastActivity = ticker.nanos();
        this.load = new BusLoad(ticker.nanos());
    }

    /**
     * Records that a request was answered, with data or an exception.
     *
     * @param pause silence on the line before the request, in nanoseconds
     */
    protected final void answered(ModbusRequest request, long pause, long begun, long now) {
        lastRoundTrip = now - begun;
        worked = true;
        busy(begun, now);
        profile.device(request.unit()).answered(request, pause, now);
        profile.answered(request.unit(), begun);
    }

    /** Records that a request was answered with the requested data. */
    protected final void gave(ModbusRequest request) {
        if (request.isRead()) {
            profile.device(request.unit()).gave(request.count());
        }
    }

    /** Records that the bus was in use. */
    protected final void busy(long begun, long now) {
        load.add(now - begun, now);
    }

    /** Waits until a moment of the ticker. */
    protected final void parkUntil(long nanos) {
        while (nanos - ticker.nanos() > 0) {
            ticker.parkUntil(nanos);
        }
    }

    /** Maximum time to wait for the answer to a wake-up read, in nanoseconds. */
    protected final long wakeNanos(DeviceProfile device) {
        return Math.max(device.wakeUp().waitNanos(), 2 * lastRoundTrip);
    }

    /** Waits until the far end is ready for requests. */
    protected final void awaitReadiness() throws LinkException {
        long now = ticker.nanos();
        long ready = profile.readyAt(now);
        if (ready != now) {
            listen(ready);
        }
    }

    /** Returns the failure of a request that got no answer, not even a byte. */
    protected final Failure silence(boolean network, long now) {
        return Failure.of(network && profile.mayBecomeReady(now) ? FailureCause.NO_ANSWER_YET : FailureCause.NO_ANSWER);
    }

    @Override
    public LinkProfile profile() {
        return profile;
    }

    /**
     * Whether this many unsolicited bytes are a flood. The connection is useless then, even if some of them were
     * valid answers.
     */
    protected final boolean isFlood(long unasked) {
        flooded |= unasked > FLOOD_BYTES;
        return flooded;
    }

    @Override
    public void beginTransaction(String whose) {
        transport.beginTransaction(whose);
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

    /** Called when bytes arrive without a request; they are in {@link #in}. */
    protected void heard(int count) {
        // Not used by default.
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
        return worked && !flooded;
    }

    @Override
    public void close() {
        transport.close();
    }
}
