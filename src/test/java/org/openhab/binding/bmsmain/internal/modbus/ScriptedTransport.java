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

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A transport in virtual time; the test simulates the device at its far end.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ScriptedTransport implements ByteTransport {

    /** The device: receives a request and sets the response and its time with {@link #reply}. */
    interface Device {
        void heard(String request);
    }

    private record Arrival(long at, byte[] bytes) {
    }

    /** Sent requests, as {@code time in milliseconds: bytes}. */
    final List<String> sent = new ArrayList<>();
    /** Times at which requests were sent, and at which their last byte was transmitted. */
    final List<Double> sentAt = new ArrayList<>();
    int reads;
    boolean lost;
    boolean closed;
    /** Whether a close at this time would discard data in transit. */
    boolean discards;

    private final LeapTicker ticker;
    private final long characterNanos;
    private final List<Arrival> arrivals = new ArrayList<>();
    private @Nullable Device device;
    private long requestEnd;
    private long busyUntil;

    /** @param characterNanos time of a byte on the wire; 0 = a network */
    ScriptedTransport(LeapTicker ticker, long characterNanos) {
        this.ticker = ticker;
        this.characterNanos = characterNanos;
        this.requestEnd = ticker.nanos();
        this.busyUntil = requestEnd;
    }

    void device(Device device) {
        this.device = device;
    }

    /**
     * Lets the device respond. It does one thing at a time: further requests wait.
     *
     * @param millis time from the end of the request, or of the previous response, to the first byte
     * @param bytes the response, sent at the pace of the wire
     */
    void reply(double millis, byte[] bytes) {
        long from = busyUntil - requestEnd > 0 ? busyUntil : requestEnd;
        long begin = from + (long) (millis * LeapTicker.MILLI);
        busyUntil = begin + bytes.length * characterNanos;
        come(begin, bytes);
    }

    /** Lets bytes arrive at a time, independently of requests. */
    void unasked(double millis, byte[] bytes) {
        come(ticker.nanos() + (long) (millis * LeapTicker.MILLI), bytes);
    }

    private void come(long begin, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (characterNanos > 0) {
                arrive(begin + (i + 1) * characterNanos, new byte[] { bytes[i] });
            }
        }
        if (characterNanos == 0) {
            arrive(begin, bytes);
        }
    }

    private void arrive(long at, byte[] bytes) {
        int place = arrivals.size();
        while (place > 0 && arrivals.get(place - 1).at - at > 0) {
            place--;
        }
        arrivals.add(place, new Arrival(at, bytes));
    }

    @Override
    public void open() {
        closed = false;
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
        reads++;
        if (lost) {
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
        if (arrivals.isEmpty() || arrivals.get(0).at - ticker.nanos() > 0) {
            boolean inTime = !arrivals.isEmpty() && arrivals.get(0).at - deadline <= 0;
            ticker.parkUntil(inTime ? arrivals.get(0).at : deadline);
            if (!inTime) {
                return 0;
            }
        }
        int count = 0;
        while (!arrivals.isEmpty() && arrivals.get(0).at - ticker.nanos() <= 0
                && count + arrivals.get(0).bytes.length <= length) {
            byte[] bytes = arrivals.remove(0).bytes;
            System.arraycopy(bytes, 0, buffer, offset + count, bytes.length);
            count += bytes.length;
        }
        return count;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws LinkException {
        if (lost) {
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
        byte[] bytes = new byte[length];
        System.arraycopy(buffer, offset, bytes, 0, length);
        String text = Frames.hex(bytes);
        sent.add(text);
        sentAt.add(ticker.millis());
        requestEnd = ticker.nanos() + length * characterNanos;
        Device listener = device;
        if (listener != null) {
            listener.heard(text);
        }
    }

    @Override
    public void discardOnClose(boolean discard) {
        discards = discard;
    }

    @Override
    public long wireNanos(int bytes) {
        return bytes * characterNanos;
    }

    @Override
    public void close() {
        closed = true;
    }
}
