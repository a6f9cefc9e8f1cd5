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
import org.openhab.binding.bmsmain.internal.modbus.ForwardingClient;
import org.openhab.binding.bmsmain.internal.modbus.FrameScan;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.RegisterView;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Measures the requests by which the binding reads a board: how many are answered, and after what time. It waits longer
 * than the binding does, to tell a late response from a missing one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ReadMeter {

    private static final long MILLI = 1_000_000;
    /** Bytes of request and response on RTU, without the registers. */
    private static final int FRAME_BYTES = 13;
    /** Number of missing responses after which the binding's own timeout is used. */
    private static final int MOST_PATIENT = 2;
    private static final int STEP = 100;

    private final ModbusProbe line;
    private final long characterNanos;
    private final long timeoutNanos;
    private final long patienceNanos;

    private int asked;
    private int answered;
    private int late;
    private int missing;
    private int damaged;
    private int closed;
    private String alteration = "";
    private boolean sawOtherMaster;
    private boolean sawTelnet;
    private long longestWait;
    private long longest;
    private long total;

    /**
     * @param characterNanos time of a byte on the wire, which does not count as waiting; 0 on a network
     * @param timeoutNanos how long the binding waits for a response
     * @param patienceNanos how long this meter waits
     */
    ReadMeter(ModbusProbe line, long characterNanos, long timeoutNanos, long patienceNanos) {
        this.line = line;
        this.characterNanos = characterNanos;
        this.timeoutNanos = timeoutNanos;
        this.patienceNanos = Math.max(timeoutNanos, patienceNanos);
    }

    /** Makes a board send its next request. @return why there was no response, or null */
    @Nullable
    Failure serve(ModbusBoard board) {
        int before = asked;
        ModbusProbe.Reply reply = line.serve(client -> {
            try {
                board.serve(new Measured(client));
            } finally {
                sawOtherMaster |= client.profile().isShared();
            }
            return null;
        });
        sawOtherMaster |= !reply.heard().requests().isEmpty();
        Failure failure = reply.failure();
        if (failure != null) {
            // A connection that cannot be established counts as a missing response.
            asked += asked == before ? 1 : 0;
            damaged += reply.heard().garbage() > 0 ? 1 : 0;
            missing += reply.heard().garbage() > 0 ? 0 : 1;
            closed += failure.cause() == FailureCause.CONNECTION_LOST ? 1 : 0;
            String seen = reply.heard().alteration();
            alteration = alteration.isEmpty() && !FrameScan.SEVEN_BITS.equals(seen) ? seen : alteration;
        }
        return failure;
    }

    /** Counts a response with its response time, also for a request that was sent elsewhere. */
    void answered(ModbusRequest request, long nanos) {
        long wait = nanos - characterNanos * (FRAME_BYTES + 2 * request.count());
        answered++;
        total += nanos;
        longest = Math.max(longest, nanos);
        longestWait = Math.max(longestWait, wait);
        late += wait > timeoutNanos ? 1 : 0;
    }

    /** Number of requests. */
    int asked() {
        return asked;
    }

    /** Number of responses after the binding's timeout. */
    int late() {
        return late;
    }

    /** Number of requests without any response. */
    int missing() {
        return missing;
    }

    /** Number of requests for which only invalid bytes were received. */
    int damaged() {
        return damaged;
    }

    /** Number of requests without response because the connection was closed. */
    int closed() {
        return closed;
    }

    /** How a serial server alters the responses; empty when unknown. */
    String alteration() {
        return alteration;
    }

    boolean sawOtherMaster() {
        return sawOtherMaster;
    }

    /** Whether the remote end negotiated telnet options. */
    boolean sawTelnet() {
        return sawTelnet;
    }

    /** Time of the slowest response, in milliseconds; 0 when there was none. */
    double longestMillis() {
        return longest / (double) MILLI;
    }

    /** Estimated time for a number of further requests, in seconds. */
    long secondsFor(int requests) {
        return answered == 0 ? 0 : total / answered * requests / (1000 * MILLI);
    }

    /** Recommended responseTimeout in milliseconds: 1.5 times the slowest response, rounded up. */
    long rightTimeout() {
        long millis = longestWait * 3 / 2 / MILLI;
        return Math.min((long) ModbusSettings.RESPONSE_TIMEOUT.greatest(), (millis + STEP - 1) / STEP * STEP);
    }

    /** Wraps the client of the line to measure the requests of the board. */
    private final class Measured extends ForwardingClient {
        private final ModbusClient client;

        Measured(ModbusClient client) {
            this.client = client;
        }

        @Override
        public RegisterView transact(ModbusRequest request, long nanos) throws ModbusException, LinkException {
            asked++;
            sawTelnet |= client.profile().isTelnet();
            try {
                RegisterView registers = client.transact(request, missing < MOST_PATIENT ? patienceNanos : nanos);
                answered(request, client.lastRoundTripNanos());
                return registers;
            } catch (ModbusException e) {
                answered(request, client.lastRoundTripNanos());
                throw e;
            }
        }

        @Override
        protected ModbusClient client() {
            return client;
        }
    }
}
