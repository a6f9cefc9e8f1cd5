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

    /** What was learnt about the line and its devices. */
    protected final LinkProfile profile;
    /** When a byte was on the line last. */
    protected long lastActivity;
    /**
     * More bytes than this that nobody asked for, in one go, come from no line: it is 20 s of the fastest one. Whatever
     * sends them is left alone, so that it costs no processor.
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
     * Notes that a request was answered, be it by a refusal.
     *
     * @param pause for how long the line had rested before it
     */
    protected final void answered(ModbusRequest request, long pause, long begun, long now) {
        lastRoundTrip = now - begun;
        worked = true;
        busy(begun, now);
        profile.device(request.unit()).answered(request, pause, now);
        profile.answered(request.unit(), begun);
    }

    /** Notes that a request was answered by what it asked for. */
    protected final void gave(ModbusRequest request) {
        if (request.isRead()) {
            profile.device(request.unit()).gave(request.count());
        }
    }

    /** Notes that the bus was in use. */
    protected final void busy(long begun, long now) {
        load.add(now - begun, now);
    }

    /** Rests until a moment. */
    protected final void parkUntil(long nanos) {
        while (nanos - ticker.nanos() > 0) {
            ticker.parkUntil(nanos);
        }
    }

    /** How long to wait for the answer to a read that wakes a device, in nanoseconds. */
    protected final long wakeNanos(DeviceProfile device) {
        return Math.max(device.wakeUp().waitNanos(), 2 * lastRoundTrip);
    }

    /** Asks nobody before the far end is ready. */
    protected final void awaitReadiness() throws LinkException {
        long now = ticker.nanos();
        long ready = profile.readyAt(now);
        if (ready != now) {
            listen(ready);
        }
    }

    /** Why a request failed to which not a byte came. */
    protected final Failure silence(boolean network, long now) {
        return Failure.of(network && profile.mayBecomeReady(now) ? FailureCause.NO_ANSWER_YET : FailureCause.NO_ANSWER);
    }

    @Override
    public LinkProfile profile() {
        return profile;
    }

    /**
     * Whether so many bytes that nobody asked for are a flood. The connection is of no use then, even if some of them
     * were right answers.
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
        return worked && !flooded;
    }

    @Override
    public void close() {
        transport.close();
    }
}
