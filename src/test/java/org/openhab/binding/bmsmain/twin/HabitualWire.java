/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.util.Arrays;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A transport in virtual time with a twin with habits at its far end.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class HabitualWire implements ByteTransport {

    /** Framing and transport. */
    public enum Framing {
        RTU,
        RTU_OVER_TCP,
        TCP
    }

    private static final long MILLI = 1_000_000;
    private static final int BITS = 10;
    private static final int HEADER = 7;

    private final Framing framing;
    private final long characterNanos;
    private final long turnNanos;
    private final TwinBoard board;
    private final HabitualServer server;
    private final Ticker ticker;

    private byte[] arriving = {};
    private int taken;
    /** Time at which the first byte of the pending data arrives. */
    private long arrivesAt;
    private boolean closing;
    private long connectedAt;

    /** Number of requests sent. */
    int requests;
    /** Requests without a response, or with a shorter one than requested. */
    int lost;
    /** Requests rejected with an exception. */
    int refused;
    /** Requests that only woke the device. */
    int woken;
    int connects;

    /**
     * @param baud baud rate of a serial line
     * @param turnMillis time from a request to the response
     */
    public HabitualWire(Framing framing, int baud, int turnMillis, TwinBoard board, DeviceHabits habits,
            Ticker ticker) {
        this.framing = framing;
        this.characterNanos = framing == Framing.RTU ? BITS * 1_000_000_000L / baud : 0;
        this.turnNanos = turnMillis * MILLI;
        this.board = board;
        this.server = new HabitualServer(new TwinModbus(new TwinLog()));
        this.ticker = ticker;
        server.habits(habits);
    }

    @Override
    public void open() {
        connects++;
        connectedAt = ticker.nanos();
        arriving = new byte[0];
        taken = 0;
        closing = false;
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
        long next = arrivesAt + (taken + 1) * characterNanos;
        if ((taken < arriving.length || closing) && next - deadline <= 0) {
            ticker.parkUntil(next);
        } else {
            ticker.parkUntil(deadline);
            return 0;
        }
        if (closing) {
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
        long there = characterNanos == 0 ? arriving.length
                : Math.min(arriving.length, (ticker.nanos() - arrivesAt) / characterNanos);
        int count = (int) Math.min(length, there - taken);
        System.arraycopy(arriving, taken, buffer, offset, count);
        taken += count;
        return count;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws LinkException {
        if (closing && arrivesAt - ticker.nanos() <= 0) {
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
        requests++;
        byte[] sent = Arrays.copyOfRange(buffer, offset, offset + length);
        long begun = ticker.nanos();
        boolean isTcp = framing == Framing.TCP;
        byte[] request = isTcp ? Arrays.copyOfRange(sent, HEADER, length) : Arrays.copyOfRange(sent, 1, length - 2);
        int unit = sent[isTcp ? HEADER - 1 : 0] & 0xFF;
        boolean isBusy = taken < arriving.length;
        boolean isIntact = isTcp ? sent[5] == request.length + 1 : TwinRtu.request(sent, length) != null;
        if (unit != board.address() || isBusy || !isIntact) {
            throw new IllegalStateException("No device answers that: " + Arrays.toString(sent));
        }
        long from = begun + length * characterNanos + turnNanos;
        int overslept = server.overslept();
        byte @Nullable [] body = server.serve(board, request, connectedAt, begun);
        if (body == null) {
            lost++;
            closing = framing != Framing.RTU;
            arrivesAt = from;
        } else if (server.overslept() != overslept) {
            woken++;
        } else if (body.length == 0) {
            lost++;
        } else {
            count(request, body);
            arriving = isTcp ? server.frame(Arrays.copyOf(sent, HEADER), body) : TwinRtu.seal(unit, body);
            taken = 0;
            arrivesAt = from;
            server.answered(board, from + arriving.length * characterNanos);
        }
    }

    private void count(byte[] request, byte[] body) {
        if ((body[0] & 0x80) != 0) {
            refused++;
        } else if ((body[1] & 0xFF) != 2 * (request[4] & 0xFF)) {
            lost++;
        }
    }

    @Override
    public long wireNanos(int bytes) {
        return bytes * characterNanos;
    }

    @Override
    public void close() {
        closing = false;
        arriving = new byte[0];
        taken = 0;
    }
}
