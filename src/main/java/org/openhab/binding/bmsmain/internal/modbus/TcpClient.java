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
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * Modbus TCP. Any failure but a Modbus exception ends the connection: the stream may hold a late answer, and a new one
 * is
 * cheap.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TcpClient implements ModbusClient {

    private final ByteTransport transport;
    private final Ticker ticker;
    private final Framing framing = new TcpFraming();
    private final BusLoad load;
    private final byte[] out = new byte[Framing.MAX_FRAME];
    private final byte[] in = new byte[Framing.MAX_FRAME];
    private long lastRoundTrip;

    TcpClient(ByteTransport transport, Ticker ticker) {
        this.transport = transport;
        this.ticker = ticker;
        this.load = new BusLoad(ticker.nanos());
    }

    @Override
    public RegisterView transact(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException {
        int length = framing.begin(request, out);
        long begun = ticker.nanos();
        long deadline = begun + timeoutNanos;
        transport.write(out, 0, length);
        while (true) {
            int count = transport.read(in, 0, in.length, deadline);
            long now = ticker.nanos();
            switch (count == 0 ? Framing.Outcome.INCOMPLETE : framing.feed(in, 0, count)) {
                case ANSWER:
                    done(begun, now);
                    return framing.registers();
                case EXCEPTION:
                    done(begun, now);
                    throw new ModbusException(framing.exceptionCode());
                case BROKEN:
                    throw new LinkException(broken(), true);
                default:
                    if (deadline - now <= 0) {
                        throw LinkException
                                .lost(framing.received() == 0 ? FailureCause.NO_ANSWER : FailureCause.GARBAGE, "");
                    }
            }
        }
    }

    private Failure broken() {
        return framing.sawOtherUnit() ? new Failure(FailureCause.WRONG_UNIT, Integer.toString(framing.otherUnit()))
                : Failure.of(FailureCause.GARBAGE);
    }

    private void done(long begun, long now) {
        lastRoundTrip = now - begun;
        load.add(lastRoundTrip, now);
    }

    @Override
    public void turn(String whose) {
        transport.turn(whose);
    }

    @Override
    public int listen(long untilNanos) throws LinkException {
        int heard = 0;
        while (untilNanos - ticker.nanos() > 0) {
            heard += transport.read(in, 0, in.length, untilNanos);
        }
        return heard;
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
    public void close() {
        transport.close();
    }
}
