/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * One end of a TCP connection.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SocketLine implements Line {

    private final Socket socket;
    private final InputStream in;

    SocketLine(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    @Override
    public int read(byte[] buffer, long nanos) throws IOException {
        try {
            socket.setSoTimeout((int) Math.max(1, nanos / 1_000_000));
            int count = in.read(buffer);
            if (count < 0) {
                throw new IOException("closed");
            }
            return count;
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        socket.getOutputStream().write(bytes, offset, length);
    }

    /** Closes the connection with a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // already closed
        }
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // already lost, nothing to close
        }
    }
}
