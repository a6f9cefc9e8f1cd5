/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntUnaryOperator;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Boards at all addresses of one TCP endpoint. Their 32-bit values are small numbers, their words are 1 or 0.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BoardServer implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicIntegerArray requests = new AtomicIntegerArray(256);
    private volatile int connections;
    private volatile IntUnaryOperator registers = BoardServer::register;

    BoardServer() {
        try {
            server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                connections++;
                socket.setTcpNoDelay(true);
                answer(socket);
            } catch (IOException e) {
                // The next connection.
            }
        }
    }

    private void answer(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] request = new byte[12];
        while (true) {
            in.readFully(request);
            requests.incrementAndGet(request[6] & 0xFF);
            int bytes = 2 * (request[11] & 0xFF);
            byte[] answer = new byte[9 + bytes];
            System.arraycopy(request, 0, answer, 0, 8);
            answer[4] = (byte) (bytes + 3 >> 8);
            answer[5] = (byte) (bytes + 3);
            answer[8] = (byte) bytes;
            int first = (request[8] & 0xFF) << 8 | request[9] & 0xFF;
            for (int i = 0; i < bytes / 2; i++) {
                word(answer, 9 + 2 * i, registers.applyAsInt(first + i));
            }
            socket.getOutputStream().write(answer);
        }
    }

    private static void word(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    /** A board with one BMS Logic board, whose measurements are all 2.0: a register full of zeros is no reading. */
    static int register(int address) {
        boolean isMeasurement = address >= 0x2001 && address <= 0x2006 || address >= 0x2100 && address <= 0x2101
                || address >= 0x2185 && address <= 0x21A2 || address >= 0x2420;
        if (isMeasurement) {
            boolean isFirstOfTwo = address < 0x2100 || address >= 0x2185 && address < 0x218E
                    || address >= 0x219F && address < 0x2400 ? address % 2 == 1 : address % 2 == 0;
            return isFirstOfTwo ? 0 : 0x4000;
        }
        return address == 0x2102 || address <= 3 ? 1 : 0;
    }

    int port() {
        return server.getLocalPort();
    }

    /** Number of requests to a board. */
    int requestsOf(int address) {
        return requests.get(address);
    }

    int connections() {
        return connections;
    }

    /** Sets the registers of all boards as a function of the address. */
    void hold(IntUnaryOperator words) {
        registers = words;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
