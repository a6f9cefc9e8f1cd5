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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map.Entry;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.bench.FaultKind.Exchange;
import org.openhab.binding.bmsmain.bench.FaultKind.Transport;

/**
 * A proxy between a reader and a server. It forwards requests unchanged and corrupts some of the responses. It
 * records the time of each request, so that the valid values for the response are known.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class FaultProxy implements FaultSource {

    private static final long ABANDON_NANOS = 100_000_000;
    private static final long SERVER_NANOS = 2_000_000_000;
    private static final int REQUEST = 8;
    private static final int MBAP = 7;

    private final Transport transport;
    private final FaultKind kind;
    private final Random random;
    private final int timeoutMillis;
    private final long byteNanos;
    private final long turnNanos;
    private final @Nullable ServerSocket listener;
    private final Pty serverPty;
    private final int serverPort;

    private final Set<Line> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentSkipListMap<Long, Integer> requests = new ConcurrentSkipListMap<>();
    private final Set<Integer> asked = ConcurrentHashMap.newKeySet();
    private final List<Long> faults = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private volatile boolean faulty;
    private volatile int connectionsToHang;
    private int untilFault = 10;
    /**
     * End of the period in which all responses are corrupted, by {@link System#nanoTime}; and the number of
     * that period.
     */
    private long spoilsUntil = System.nanoTime();
    private final long habits;
    private volatile long shownAt = Long.MAX_VALUE;
    private volatile long answeredAt = System.nanoTime() - SERVER_NANOS;

    /**
     * @param link path of the adapter for a serial line; null for a network
     * @param baud baud rate of the wire; 0 for no pace
     * @param serverPty device of the server of a serial line
     * @param serverPort port of the Modbus TCP server
     */
    FaultProxy(Transport transport, FaultKind kind, Random random, int timeoutMillis, @Nullable Path link, int baud,
            Pty serverPty, int serverPort) throws IOException {
        this.transport = transport;
        this.kind = kind;
        this.random = random;
        this.habits = random.nextLong();
        this.timeoutMillis = timeoutMillis;
        this.serverPty = serverPty;
        this.serverPort = serverPort;
        this.byteNanos = baud == 0 ? 0 : PacedOutput.byteNanos(baud);
        this.turnNanos = baud == 0 ? 0 : baud > 19200 ? 1_750_000 : (long) (3.5 * 11 * 1e9 / baud);
        if (link != null) {
            listener = null;
            Pty first = plug(link);
            start("bench-proxy", () -> serveSerial(first, link));
        } else {
            ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            listener = socket;
            start("bench-proxy", () -> accept(socket));
        }
    }

    /** Port for the reader, on a network. */
    int port() {
        ServerSocket socket = listener;
        return socket == null ? 0 : socket.getLocalPort();
    }

    @Override
    public void setFaulty(boolean faulty) {
        this.faulty = faulty;
    }

    @Override
    public List<Long> faults() {
        return faults;
    }

    /** Time at which the first recognizable foreign frame was sent, in microseconds of the wall clock. */
    long shownAt() {
        return shownAt;
    }

    /** Number of requests received. */
    int requests() {
        return requests.size();
    }

    /** Time of the last request before the given time, both in microseconds of the wall clock. */
    long lastRequestBefore(long micros) {
        Entry<Long, Integer> entry = requests.floorEntry(micros);
        return entry == null ? micros : entry.getKey();
    }

    /** The wall clock in microseconds. */
    static long nowMicros() {
        return micros(Instant.now());
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private Pty plug(Path at) {
        Pty pty = new Pty().linkedAs(at);
        open.add(pty);
        return pty;
    }

    private void serveSerial(Pty first, Path at) {
        Pty.sleepExactly();
        Pty pty = first;
        while (!closed) {
            Session session = new Session(pty, serverPty, false);
            session.run();
            if (closed) {
                return;
            }
            if (session.unplugMillis > 0) {
                try {
                    Files.deleteIfExists(at);
                } catch (IOException e) {
                    // The reader then finds a link to a missing device.
                }
                // A second adapter takes the released number.
                Pty taken = session.otherNumber ? new Pty() : null;
                LockSupport.parkNanos(session.unplugMillis * 1_000_000L);
                if (closed) {
                    return;
                }
                pty = plug(at);
                if (taken != null) {
                    taken.close();
                }
            }
        }
    }

    private void accept(ServerSocket socket) {
        while (!closed) {
            try {
                Socket accepted = socket.accept();
                SocketLine client = new SocketLine(accepted);
                open.add(client);
                boolean mute = connectionsToHang > 0;
                if (mute) {
                    connectionsToHang--;
                }
                start("bench-connection", () -> serveConnection(client, mute));
            } catch (IOException e) {
                // Closed: the loop condition ends the loop.
            }
        }
    }

    private void serveConnection(SocketLine client, boolean mute) {
        Pty.sleepExactly();
        try (SocketLine line = client) {
            if (transport.isRtu()) {
                new Session(line, serverPty, mute).run();
            } else {
                try (SocketLine server = new SocketLine(new Socket(InetAddress.getLoopbackAddress(), serverPort))) {
                    open.add(server);
                    new Session(line, server, mute).run();
                    open.remove(server);
                }
            }
        } catch (IOException e) {
            // The server is gone, so this connection ends.
        } finally {
            open.remove(client);
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether the next response is to be corrupted. */
    private synchronized boolean isFaultDue() {
        if (kind.isHabit()) {
            return true;
        }
        if (!faulty) {
            return spoilsUntil - System.nanoTime() > 0;
        }
        if (kind.isPermanent()) {
            return true;
        }
        untilFault--;
        if (untilFault > 0) {
            return spoilsUntil - System.nanoTime() > 0;
        }
        untilFault = 4 + random.nextInt(8);
        return true;
    }

    @Override
    public void close() {
        closed = true;
        ServerSocket socket = listener;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // already closed
            }
        }
        open.forEach(Line::close);
    }

    private record Late(long due, byte[] bytes) {
    }

    /** One opening of the port, or one connection. */
    private final class Session {
        private final Line client;
        private final Line server;
        private final PacedOutput output;
        private final Deque<Late> late = new ArrayDeque<>();
        private final byte[] pending = new byte[512];
        private int length;
        private long heardAt = System.nanoTime();
        private boolean mute;
        private boolean ended;
        private long pauseMillis;
        private int unplugMillis;
        private boolean otherNumber;
        private @Nullable Held held;

        private record Held(byte[] bytes) {
        }

        Session(Line client, Line server, boolean mute) {
            this.client = client;
            this.server = server;
            this.mute = mute;
            this.output = new PacedOutput(client, byteNanos);
        }

        void run() {
            byte[] chunk = new byte[512];
            try {
                while (!closed && !ended) {
                    Late first = late.peek();
                    long wait = first == null ? 20_000_000 : Math.max(0, first.due - System.nanoTime());
                    int count = client.read(chunk, wait);
                    if (mute) {
                        continue;
                    }
                    sendLate();
                    if (count > 0) {
                        take(chunk, count);
                    }
                }
            } catch (IOException e) {
                // The reader closed the connection.
            }
            client.close();
            open.remove(client);
        }

        private void take(byte[] chunk, int count) throws IOException {
            long now = System.nanoTime();
            if (now - heardAt > ABANDON_NANOS || length + count > pending.length) {
                // An incomplete request is discarded: this begins a new one.
                length = 0;
            }
            heardAt = now;
            System.arraycopy(chunk, 0, pending, length, count);
            length += count;
            while (!ended && !mute && length >= REQUEST) {
                int size = transport.isRtu() ? REQUEST : MBAP - 1 + (pending[5] & 0xFF);
                if (length < size) {
                    return;
                }
                byte[] request = Arrays.copyOf(pending, size);
                System.arraycopy(pending, size, pending, 0, length - size);
                length -= size;
                exchange(request);
            }
        }

        private void exchange(byte[] request) throws IOException {
            pauseMillis = (System.nanoTime() - answeredAt) / 1_000_000;
            requests.put(nowMicros(), 0);
            long heard = System.nanoTime() + request.length * byteNanos + turnNanos;
            Held waiting = held;
            held = null;
            if (waiting != null) {
                output.send(waiting.bytes, waiting.bytes.length, System.nanoTime());
            }
            while (heard - System.nanoTime() > 0) {
                LockSupport.parkNanos(heard - System.nanoTime());
            }
            byte[] answer;
            synchronized (server) {
                answer = ask(request);
            }
            if (answer.length == 0) {
                return;
            }
            Spoilt exchange = new Spoilt(request, answer);
            asked.add(question(exchange.address(), exchange.count()));
            if (isFaultDue()) {
                if (spoilsUntil - System.nanoTime() <= 0) {
                    faults.add(nowMicros());
                }
                kind.apply(exchange);
            } else {
                pass(answer);
            }
        }

        private static int question(int address, int count) {
            return address << 8 | count;
        }

        /** Correct responses queue behind late ones. */
        private void pass(byte[] bytes) throws IOException {
            Late last = late.peekLast();
            if (last == null) {
                output.send(bytes, bytes.length, System.nanoTime());
                answeredAt = System.nanoTime();
            } else {
                late.add(new Late(last.due, bytes));
            }
        }

        private void sendLate() throws IOException {
            for (Late first = late.peek(); first != null && first.due - System.nanoTime() <= 0; first = late.peek()) {
                late.poll();
                output.send(first.bytes, first.bytes.length, first.due);
            }
        }

        private byte[] ask(byte[] request) throws IOException {
            byte[] buffer = new byte[512];
            if (transport.isRtu()) {
                while (server.read(buffer, 0) > 0) {
                    // A response that was not awaited.
                }
            }
            server.write(request, 0, request.length);
            byte[] answer = new byte[512];
            int received = 0;
            long end = System.nanoTime() + SERVER_NANOS;
            while (received < answerLength(answer, received) && System.nanoTime() - end < 0 && !closed) {
                int count = server.read(buffer, 50_000_000);
                System.arraycopy(buffer, 0, answer, received, count);
                received += count;
            }
            return Arrays.copyOf(answer, received);
        }

        private int answerLength(byte[] answer, int received) {
            if (transport.isRtu()) {
                return received < 3 ? 5 : answer[1] < 0 ? 5 : 5 + (answer[2] & 0xFF);
            }
            return received < MBAP ? MBAP + 1 : MBAP - 1 + (answer[5] & 0xFF);
        }

        /** An exchange that is to be corrupted. */
        private final class Spoilt implements Exchange {
            private final byte[] request;
            private final byte[] answer;

            Spoilt(byte[] request, byte[] answer) {
                this.request = request;
                this.answer = answer;
            }

            @Override
            public Transport transport() {
                return transport;
            }

            @Override
            public Random random() {
                return random;
            }

            @Override
            public int timeoutMillis() {
                return timeoutMillis;
            }

            @Override
            public byte[] request() {
                return request.clone();
            }

            @Override
            public byte[] answer() {
                return answer.clone();
            }

            @Override
            public int place() {
                // TCP protects the data itself; only the gateway's header may be wrong.
                return random.nextInt(transport.isRtu() ? answer.length : MBAP + 1);
            }

            @Override
            public boolean wasAsked(int address, int count) {
                return asked.contains(question(address, count));
            }

            @Override
            public Random habit() {
                return new Random(habits);
            }

            @Override
            public Random episode() {
                return new Random(habits + faults.size());
            }

            @Override
            public int faults() {
                return faults.size();
            }

            @Override
            public long pauseMillis() {
                return pauseMillis;
            }

            @Override
            public byte[] other(int address, int count) throws IOException {
                synchronized (server) {
                    return ask(asking(address, count));
                }
            }

            @Override
            public void spoilFor(int millis) {
                if (spoilsUntil - System.nanoTime() <= 0) {
                    spoilsUntil = System.nanoTime() + millis * 1_000_000L;
                }
            }

            @Override
            public void show() {
                shownAt = Math.min(shownAt, nowMicros());
            }

            @Override
            public int unit() {
                return answer[transport.isRtu() ? 0 : MBAP - 1] & 0xFF;
            }

            @Override
            public byte[] pdu() {
                return transport.isRtu() ? Arrays.copyOfRange(answer, 1, answer.length - 2)
                        : Arrays.copyOfRange(answer, MBAP, answer.length);
            }

            @Override
            public byte[] sealed(int unit, byte[] pdu) {
                return transport.isRtu() ? Frames.rtu(unit, pdu) : Frames.mbap(answer, unit, pdu);
            }

            @Override
            public void send(byte[]... parts) throws IOException {
                for (byte[] part : parts) {
                    pass(part);
                }
            }

            @Override
            public void sendByteByByte() throws IOException {
                for (byte part : answer) {
                    client.write(new byte[] { part }, 0, 1);
                    LockSupport.parkNanos(50_000);
                }
            }

            @Override
            public void sendAfter(int millis, byte[] bytes) {
                late.add(new Late(System.nanoTime() + millis * 1_000_000L, bytes));
            }

            @Override
            public void holdUntilNext(byte[] bytes) {
                held = new Held(bytes);
            }

            @Override
            public void disconnect(boolean reset) {
                if (reset && client instanceof SocketLine socket) {
                    socket.reset();
                }
                ended = true;
            }

            @Override
            public void fallSilent() {
                mute = true;
            }

            @Override
            public void hangNextConnections(int count) {
                connectionsToHang = count;
            }

            @Override
            public void unplug(int millis, boolean toOtherNumber) {
                unplugMillis = millis;
                otherNumber = toOtherNumber;
                ended = true;
            }
        }
    }
}
