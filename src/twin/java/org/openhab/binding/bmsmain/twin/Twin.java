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

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Serves one or more simulated boards over Modbus TCP, Modbus RTU, or RTU frames over TCP.
 * <p>
 * Requests to an address without a board get no response, as on a real line. Several connections are served at the
 * same time. Invalid data on a TCP connection closes that connection only. All threads are daemons.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Twin implements AutoCloseable {

    /** Silence in the middle of a frame after which the incomplete frame is discarded, in nanoseconds. */
    private static final long ABANDON_NANOS = 50_000_000;
    private static final long LONGEST_GOODBYE_MILLIS = 1_000;
    private static final long IDLE_NANOS = 100_000_000;
    private static final int MBAP_HEADER = 7;
    private static final int MAX_MBAP_LENGTH = 254;

    private final Map<Integer, TwinBoard> boards = new TreeMap<>();
    private final TwinLog log = new TwinLog();
    private final TwinModbus modbus = new TwinModbus(log);
    private final HabitualServer server = new HabitualServer(modbus);
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final @Nullable ServerSocket listener;
    private volatile @Nullable Thread acceptor;
    private volatile boolean closed;
    private volatile boolean paused;
    private volatile long delayNanos;
    private volatile UnaryOperator<byte[]> tamper = UnaryOperator.identity();

    private Twin(@Nullable ServerSocket listener, TwinBoard... boards) {
        this.listener = listener;
        for (TwinBoard board : boards) {
            if (this.boards.put(board.address(), board) != null) {
                throw new IllegalArgumentException("Two boards have the address " + board.address());
            }
        }
    }

    /**
     * Serves Modbus TCP on the loopback interface.
     *
     * @param port TCP port, 0 for any free one
     * @param boards boards with different addresses
     * @throws IOException if the port cannot be opened
     */
    public static Twin tcp(int port, TwinBoard... boards) throws IOException {
        return tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), boards);
    }

    /** Serves Modbus TCP on any interface. */
    public static Twin tcp(InetSocketAddress endpoint, TwinBoard... boards) throws IOException {
        Twin twin = new Twin(listen(endpoint), boards);
        twin.start("tcp", () -> twin.accept(twin::serveTcp));
        return twin;
    }

    /**
     * Serves RTU frames over TCP on the loopback interface, like a serial device server.
     *
     * @param port TCP port, 0 for any free one
     * @param boards boards with different addresses
     * @throws IOException if the port cannot be opened
     */
    public static Twin rtuTcp(int port, TwinBoard... boards) throws IOException {
        return rtuTcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), boards);
    }

    /** Serves RTU frames over TCP on any interface. */
    public static Twin rtuTcp(InetSocketAddress endpoint, TwinBoard... boards) throws IOException {
        Twin twin = new Twin(listen(endpoint), boards);
        twin.start("rtu-tcp", () -> twin.accept(socket -> twin.serveRtu(new SocketLine(socket), 0)));
        return twin;
    }

    /**
     * Serves Modbus RTU on a line. A lost line is reopened until that succeeds.
     *
     * @param opener opens the line
     * @param baud baud rate; it determines the silence around frames
     * @param boards boards with different addresses
     * @throws IOException if the line cannot be opened now
     */
    public static Twin rtu(TwinLine.Opener opener, int baud, TwinBoard... boards) throws IOException {
        Twin twin = new Twin(null, boards);
        TwinLine first = opener.open();
        twin.start("rtu", () -> twin.attend(first, opener, silenceNanos(baud)));
        return twin;
    }

    /** Returns the TCP port. @throws IllegalStateException when the twin serves a line */
    public int port() {
        ServerSocket socket = listener;
        if (socket == null) {
            throw new IllegalStateException("A serial line has no port number");
        }
        return socket.getLocalPort();
    }

    /** Returns the log of the requests from clients. */
    public TwinLog log() {
        return log;
    }

    /** From now on requests are executed and logged, but not answered. */
    public void pause() {
        paused = true;
    }

    /** Ends {@link #pause}. */
    public void resume() {
        paused = false;
    }

    /** Sets the delay of each response. */
    public void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /**
     * Sets a function that changes each response before it is sent. It receives the whole frame, including checksum
     * or header. An empty result is not sent.
     */
    public void tamper(UnaryOperator<byte[]> change) {
        tamper = change;
    }

    /** Sets the deviations of the device, or of a gateway, from the documents. */
    public void habits(DeviceHabits habits) {
        server.habits(habits);
    }

    /** Resets every connection, as a restarting device does. New connections are accepted. */
    public void dropConnections() {
        for (Closeable connection : open) {
            if (connection instanceof Socket) {
                cut((Socket) connection);
            }
        }
    }

    /** Stops serving and resets every connection. The port is free afterwards. */
    @Override
    public void close() {
        closed = true;
        dropConnections();
        for (Closeable line : open) {
            TwinLine.closeQuietly(line);
        }
        ServerSocket socket = listener;
        if (socket != null) {
            TwinLine.closeQuietly(socket);
            awaitAcceptor();
        }
    }

    /** Waits for the acceptor thread: the operating system keeps the port until its accept call returns. */
    private void awaitAcceptor() {
        Thread waiting = acceptor;
        if (waiting != null) {
            try {
                waiting.join(LONGEST_GOODBYE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- TCP ----

    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private static ServerSocket listen(InetSocketAddress endpoint) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(endpoint);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException(endpoint.getHostString() + ":" + endpoint.getPort() + ": " + e.getMessage(), e);
        }
    }

    private void accept(Service service) {
        ServerSocket server = listener;
        acceptor = Thread.currentThread();
        while (server != null && !closed) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                start("connection", () -> attend(socket, service));
            } catch (IOException e) {
                // the server is closed, or a connection was lost before it was accepted: the loop's condition decides
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private void attend(Socket socket, Service service) {
        try (socket) {
            if (closed) {
                return;
            }
            socket.setTcpNoDelay(true);
            service.serve(socket);
        } catch (IOException e) {
            // the client closed the connection or was cut off
        } finally {
            open.remove(socket);
        }
    }

    private void serveTcp(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        byte[] header = new byte[MBAP_HEADER];
        long connectedAt = System.nanoTime();
        while (!closed) {
            in.readFully(header);
            long begunAt = System.nanoTime();
            int protocol = (header[2] & 0xFF) << 8 | header[3] & 0xFF;
            int length = (header[4] & 0xFF) << 8 | header[5] & 0xFF;
            if (protocol != 0 || length < 2 || length > MAX_MBAP_LENGTH) {
                return;
            }
            byte[] request = new byte[length - 1];
            in.readFully(request);
            TwinBoard board = boards.get(header[6] & 0xFF);
            if (board == null) {
                continue;
            }
            byte[] body = server.serve(board, request, connectedAt, begunAt);
            if (body == null) {
                return;
            }
            byte[] answer = body.length == 0 ? body : outgoing(server.frame(header, body));
            if (answer.length > 0) {
                out.write(answer);
                server.answered(board, System.nanoTime());
            }
        }
    }

    private static void cut(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // already lost, nothing to close
        }
    }

    // ---- RTU ----

    /** Silence of 3.5 characters of 11 bits; 1.75 ms above 19200 Bd. */
    private static long silenceNanos(int baud) {
        return baud > 19200 ? 1_750_000 : (long) (3.5 * 11 * 1e9 / baud);
    }

    private void attend(TwinLine first, TwinLine.Opener opener, long silence) {
        TwinLine line = first;
        while (!closed) {
            open.add(line);
            try (TwinLine current = line) {
                serveRtu(current, silence);
            } catch (IOException e) {
                // lost: opened again below
            } finally {
                open.remove(line);
            }
            line = opener.reopen(line, () -> !closed);
        }
        TwinLine.closeQuietly(line);
    }

    private void serveRtu(TwinLine line, long silence) throws IOException {
        byte[] chunk = new byte[TwinRtu.MAX_FRAME];
        byte[] pending = new byte[2 * TwinRtu.MAX_FRAME];
        int length = 0;
        long connectedAt = System.nanoTime();
        long firstByte = connectedAt;
        long lastByte = connectedAt;
        while (!closed) {
            int arrived = line.read(chunk, length == 0 ? IDLE_NANOS : Math.max(silence, 1_000_000));
            if (arrived < 0) {
                return;
            }
            if (arrived > 0) {
                if (length + arrived > pending.length) {
                    length = 0;
                }
                lastByte = System.nanoTime();
                firstByte = length == 0 ? lastByte : firstByte;
                System.arraycopy(chunk, 0, pending, length, arrived);
                length += arrived;
            }
            long quiet = System.nanoTime() - lastByte;
            if (length == 0 || quiet < silence) {
                continue;
            }
            byte[] request = TwinRtu.request(pending, length);
            if (request != null) {
                length = 0;
                if (!answerRtu(line, request, connectedAt, firstByte)) {
                    return;
                }
            } else if (quiet > ABANDON_NANOS) {
                length = 0;
            }
        }
    }

    /** @return whether the line stays open */
    private boolean answerRtu(TwinLine line, byte[] frame, long connectedAt, long begunAt) throws IOException {
        byte[] request = new byte[frame.length - 3];
        System.arraycopy(frame, 1, request, 0, request.length);
        int unit = frame[0] & 0xFF;
        if (unit == 0) {
            // a broadcast reaches every board, and none of them responds
            boards.values().forEach(board -> modbus.serve(board, request));
            return true;
        }
        TwinBoard board = boards.get(unit);
        if (board == null) {
            return true;
        }
        byte[] body = server.serve(board, request, connectedAt, begunAt);
        if (body == null) {
            // RTU over TCP: close the connection. A serial line has none to close.
            return listener == null;
        }
        byte[] answer = body.length == 0 ? body : outgoing(TwinRtu.seal(unit, body));
        if (answer.length > 0) {
            line.write(answer);
            server.answered(board, System.nanoTime());
        }
        return true;
    }

    /** RTU frames over a socket: the same bytes, in the segments that TCP delivers. */
    private record SocketLine(Socket socket) implements TwinLine {

        @Override
        public int read(byte[] buffer, long nanos) throws IOException {
            socket.setSoTimeout((int) Math.max(1, nanos / 1_000_000));
            InputStream in = socket.getInputStream();
            try {
                return in.read(buffer);
            } catch (SocketTimeoutException e) {
                return 0;
            }
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    // ---- common ----

    private byte[] outgoing(byte[] answer) {
        long until = System.nanoTime() + delayNanos;
        for (long left = delayNanos; left > 0 && !closed; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return paused ? new byte[0] : tamper.apply(answer);
    }

    private void start(String what, Runnable task) {
        Thread thread = new Thread(task, "bms-twin-" + what);
        thread.setDaemon(true);
        thread.start();
    }
}
