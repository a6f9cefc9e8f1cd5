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
import org.openhab.binding.bmsmain.internal.link.ByteTransport;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * Modbus TCP. Any failure but a Modbus exception ends the connection: the stream may hold a late answer, and a new one
 * is cheap.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TcpClient extends StreamClient {

    private final Framing framing = new TcpFraming();

    TcpClient(ByteTransport transport, Ticker ticker) {
        super(transport, ticker);
    }

    @Override
    public RegisterView transact(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException {
        int length = framing.begin(request, out);
        long begun = ticker.nanos();
        long deadline = begun + timeoutNanos;
        // Where it ends without an answer, a write must not reach the board after those that follow.
        transport.discardOnClose(!request.isRead());
        transport.write(out, 0, length);
        while (true) {
            int count = transport.read(in, 0, in.length, deadline);
            long now = ticker.nanos();
            switch (count == 0 ? Framing.Outcome.INCOMPLETE : framing.feed(in, 0, count)) {
                case ANSWER:
                    answered(begun, now);
                    return framing.registers();
                case EXCEPTION:
                    answered(begun, now);
                    throw new ModbusException(framing.exceptionCode());
                case BROKEN:
                    throw new LinkException(broken(), true);
                default:
                    if (isFlood(framing.received())) {
                        throw LinkException.lost(FailureCause.GARBAGE, "");
                    }
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
}
