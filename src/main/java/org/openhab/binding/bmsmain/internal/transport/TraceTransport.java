/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.TraceSink.Event;

/**
 * A transport that passes its traffic to a {@link TraceTap}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TraceTransport implements ByteTransport {

    private final ByteTransport transport;
    private final TraceTap tap;

    private interface Opening {
        void run() throws LinkException;
    }

    /**
     * @param transport carries the bytes
     * @param tap receives the traffic
     */
    public TraceTransport(ByteTransport transport, TraceTap tap) {
        this.transport = transport;
        this.tap = tap;
    }

    @Override
    public void open() throws LinkException {
        opening(transport::open);
    }

    @Override
    public void open(long until) throws LinkException {
        opening(() -> transport.open(until));
    }

    private void opening(Opening opening) throws LinkException {
        tap.happened(Event.OPENING, "");
        try {
            opening.run();
        } catch (LinkException e) {
            tap.happened(Event.FAILED, (e.failure().cause().key() + " " + e.failure().detail()).strip());
            throw e;
        }
        tap.happened(Event.OPEN, "");
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
        int count;
        try {
            count = transport.read(buffer, offset, length, deadline);
        } catch (LinkException e) {
            tap.happened(Event.FAILED, (e.failure().cause().key() + " " + e.failure().detail()).strip());
            throw e;
        }
        if (count > 0) {
            tap.bytes(Event.RECEIVED, buffer, offset, count);
        }
        return count;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws LinkException {
        tap.bytes(Event.SENT, buffer, offset, length);
        try {
            transport.write(buffer, offset, length);
        } catch (LinkException e) {
            tap.happened(Event.FAILED, (e.failure().cause().key() + " " + e.failure().detail()).strip());
            throw e;
        }
    }

    @Override
    public void discardOnClose(boolean discard) {
        transport.discardOnClose(discard);
    }

    @Override
    public void beginTransaction(String whose) {
        tap.beginTransaction(whose);
        transport.beginTransaction(whose);
    }

    @Override
    public long wireNanos(int bytes) {
        return transport.wireNanos(bytes);
    }

    @Override
    public void close() {
        tap.happened(Event.CLOSED, "");
        transport.close();
    }
}
