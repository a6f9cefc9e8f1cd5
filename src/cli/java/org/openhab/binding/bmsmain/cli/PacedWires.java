/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.time.Duration;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusLineFactory;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SocketTransport;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Creates lines whose TCP connections start at a minimum interval, counted over all lines. This spares switches,
 * firewalls and devices that limit connections.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class PacedWires implements ModbusLineFactory {

    private final Ticker ticker;
    private final long pauseNanos;
    private long nextAt;

    /** @param pauseNanos minimum time between the starts of two connections, in nanoseconds */
    PacedWires(Ticker ticker, long pauseNanos) {
        this.ticker = ticker;
        this.pauseNanos = pauseNanos;
        this.nextAt = ticker.nanos();
    }

    @Override
    public ModbusLine serial(SerialSettings settings) {
        return ModbusLine.serial(settings, ticker);
    }

    @Override
    public ModbusLine tcp(String host, int port, TcpMode mode, Duration connectTimeout) {
        return ModbusLine.tcp(host, port, mode, new Paced(new SocketTransport(host, port, connectTimeout, ticker)),
                ticker);
    }

    /** Waits until the next connection may begin. */
    private void await() {
        long at;
        synchronized (this) {
            long now = ticker.nanos();
            at = nextAt - now > 0 ? nextAt : now;
            nextAt = at + pauseNanos;
        }
        while (at - ticker.nanos() > 0) {
            ticker.parkUntil(at);
        }
    }

    /** A transport that waits for its turn before it connects. */
    private final class Paced implements ByteTransport {
        private final ByteTransport carrier;

        Paced(ByteTransport carrier) {
            this.carrier = carrier;
        }

        @Override
        public void open() throws LinkException {
            await();
            carrier.open();
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
            return carrier.read(buffer, offset, length, deadline);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws LinkException {
            carrier.write(buffer, offset, length);
        }

        @Override
        public void discardOnClose(boolean discard) {
            carrier.discardOnClose(discard);
        }

        @Override
        public long wireNanos(int bytes) {
            return carrier.wireNanos(bytes);
        }

        @Override
        public void close() {
            carrier.close();
        }
    }
}
