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
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Modbus TCP. After most failures the connection is closed: the stream may hold a late answer, and a new one is cheap.
 * A Modbus exception, and a late answer or one of another length to a read, do not close it. Silence does not close it
 * while the far end may not be ready yet, once after a read that the device may not support, and where a new
 * connection would be useless for some time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TcpClient extends StreamClient {

    /** Number of consecutive silent reads that end the connection if the device may not support the last one. */
    private static final int MAX_SILENT_READS = 2;
    /** The same where a new connection would be useless for some time. */
    private static final int MAX_SILENT_READS_BEFORE_WAIT = 3;

    private static final String RTU = "rtu";

    private final TcpFraming framing;
    private int silentReads;
    /** The last read that was answered. */
    private @Nullable ModbusRequest lastRead;

    TcpClient(ByteTransport transport, Ticker ticker, LinkProfile profile) {
        super(transport, ticker, profile);
        this.framing = new TcpFraming(profile.header());
    }

    @Override
    public RegisterView transact(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException {
        awaitReadiness();
        wake(request);
        parkUntil(lastActivity + profile.device(request.unit()).gap().before(request));
        int length = framing.begin(request, out);
        long begun = ticker.nanos();
        long pause = begun - lastActivity;
        lastActivity = begun;
        long deadline = begun + profile.timeout(timeoutNanos);
        profile.device(request.unit()).wakeUp().begins(begun);
        // If it ends without an answer, a write must not reach the board after later ones.
        transport.discardOnClose(!request.isRead());
        transport.write(out, 0, length);
        while (true) {
            int count = transport.read(in, 0, in.length, deadline);
            long now = ticker.nanos();
            if (count > 0) {
                lastActivity = now;
                silentReads = 0;
                profile.received(in, count);
                if (now - deadline > STALLED_NANOS) {
                    throw LinkException.lost(FailureCause.NO_ANSWER, "");
                }
            }
            switch (count == 0 ? Framing.Outcome.INCOMPLETE : framing.feed(in, 0, count)) {
                case ANSWER:
                    answered(request, pause, begun, now);
                    gave(request);
                    lastRead = request.isRead() ? request : lastRead;
                    return framing.registers();
                case EXCEPTION:
                    answered(request, pause, begun, now);
                    throw new ModbusException(framing.exceptionCode());
                case WRONG_LENGTH:
                    // The stream is in order, but the answer does not match the request.
                    answered(request, pause, begun, now);
                    throw new LinkException(Failure.of(FailureCause.GARBAGE), !request.isRead());
                case BROKEN:
                    throw new LinkException(broken(request), true);
                default:
                    if (isFlood(framing.received())) {
                        throw LinkException.lost(FailureCause.GARBAGE, "");
                    }
                    if (deadline - now <= 0) {
                        throw unanswered(request, timeoutNanos, pause, now);
                    }
            }
        }
    }

    /** Sends a read that the device may ignore, to wake it up. */
    private void wake(ModbusRequest request) throws LinkException {
        DeviceProfile device = profile.device(request.unit());
        ModbusRequest read = request.isRead() ? request : lastRead;
        if (!device.wakeUp().isDue(ticker.nanos(), false) || read == null || read.unit() != request.unit()) {
            return;
        }
        int length = framing.begin(read, out);
        long begun = ticker.nanos();
        long deadline = begun + wakeNanos(device);
        device.wakeUp().begins(begun);
        lastActivity = begun;
        transport.write(out, 0, length);
        for (long now = begun; deadline - now > 0; now = ticker.nanos()) {
            int count = transport.read(in, 0, in.length, deadline);
            if (count > 0) {
                lastActivity = ticker.nanos();
                profile.received(in, count);
                switch (framing.feed(in, 0, count)) {
                    case BROKEN:
                        throw new LinkException(broken(read), true);
                    case INCOMPLETE:
                        break;
                    default:
                        // The device was awake.
                        device.wakeUp().answered(lastActivity);
                        return;
                }
            }
        }
        device.wakeUp().woken();
    }

    private LinkException unanswered(ModbusRequest request, long timeoutNanos, long pause, long now) {
        if (framing.received() == 0) {
            return silent(request, pause, now);
        }
        if (framing.sawLateAnswer() && request.isRead()) {
            profile.answeredLate(timeoutNanos);
            return new LinkException(Failure.of(FailureCause.NO_ANSWER_YET), false);
        }
        return new LinkException(broken(request), true);
    }

    private LinkException silent(ModbusRequest request, long pause, long now) {
        profile.device(request.unit()).gap().lost(request, pause);
        profile.device(request.unit()).wakeUp().lost();
        profile.silent(request.unit());
        silentReads++;
        int most = profile.connectWaitNanos() > 0 ? MAX_SILENT_READS_BEFORE_WAIT
                : request.isTentative() ? MAX_SILENT_READS : 1;
        boolean kept = request.isRead() && (profile.mayBecomeReady(now) || silentReads < most);
        return new LinkException(silence(true, now), !kept);
    }

    private Failure broken(ModbusRequest request) {
        if (framing.sawOtherUnit()) {
            return new Failure(FailureCause.WRONG_UNIT, Integer.toString(framing.otherUnit()));
        }
        if (framing.isRtu(request)) {
            return new Failure(FailureCause.WRONG_FRAMING, RTU);
        }
        return Failure.of(profile.isTelnet() ? FailureCause.TELNET : FailureCause.GARBAGE);
    }
}
