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

import java.io.IOException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.SerialTransport;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A serial port for the twin. It opens the port with the binding's serial code; the protocol on it is
 * the twin's own.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SerialLine implements TwinLine {

    private static final long POLL_NANOS = 500_000;

    private final ByteTransport transport;
    private final Ticker ticker;

    private SerialLine(ByteTransport transport, Ticker ticker) {
        this.transport = transport;
        this.ticker = ticker;
    }

    /**
     * Opens a port with 8 data bits, no parity and 1 stop bit.
     *
     * @param port path or name of the port
     * @param baud baud rate
     * @throws IOException if the port cannot be opened; the message is suitable for users
     */
    public static TwinLine open(String port, int baud) throws IOException {
        Ticker ticker = Ticker.system();
        ByteTransport transport = new SerialTransport(new SerialSettings(port, baud, Parity.NONE, 1), ticker,
                POLL_NANOS);
        try {
            transport.open();
        } catch (LinkException e) {
            throw new IOException(port + " cannot be opened: " + e.failure().cause().key(), e);
        }
        return new SerialLine(transport, ticker);
    }

    @Override
    public int read(byte[] buffer, long nanos) throws IOException {
        try {
            return transport.read(buffer, 0, buffer.length, ticker.nanos() + nanos);
        } catch (LinkException e) {
            throw new IOException("The port is no longer available", e);
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        try {
            transport.write(bytes, 0, bytes.length);
        } catch (LinkException e) {
            throw new IOException("The port is no longer available", e);
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
