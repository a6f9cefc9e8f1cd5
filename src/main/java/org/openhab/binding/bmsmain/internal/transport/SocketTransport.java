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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A TCP connection.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SocketTransport implements ByteTransport {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final String host;
    private final int port;
    private final Duration connectTimeout;
    private final Ticker ticker;
    private final Resolver resolver;
    private volatile @Nullable Connection connection;

    private @Nullable FutureTask<InetAddress> lookup;
    private boolean discards;

    /** Finds the address of a host. */
    interface Resolver {
        InetAddress resolve(String host) throws UnknownHostException;
    }

    private record Connection(Socket socket, InputStream in, OutputStream out) {
    }

    /** @param connectTimeout timeout for resolving the host, and again for the connect */
    public SocketTransport(String host, int port, Duration connectTimeout, Ticker ticker) {
        this(host, port, connectTimeout, ticker, InetAddress::getByName);
    }

    SocketTransport(String host, int port, Duration connectTimeout, Ticker ticker, Resolver resolver) {
        this.resolver = resolver;
        this.host = host;
        this.port = port;
        this.connectTimeout = connectTimeout;
        this.ticker = ticker;
    }

    @Override
    public void open() throws LinkException {
        open(ticker.nanos() + Ticker.NEVER);
    }

    @Override
    public void open(long until) throws LinkException {
        close();
        InetSocketAddress address = new InetSocketAddress(findHost(until), port);
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, patienceMillis(until));
            discards = false;
            connection = new Connection(socket, socket.getInputStream(), socket.getOutputStream());
        } catch (SocketTimeoutException e) {
            closeQuietly(socket);
            throw LinkException.lost(FailureCause.TIMED_OUT, "");
        } catch (ConnectException e) {
            closeQuietly(socket);
            throw LinkException.lost(FailureCause.REFUSED, "");
        } catch (IOException e) {
            closeQuietly(socket);
            throw LinkException.lost(FailureCause.TIMED_OUT, "");
        }
    }

    /**
     * Resolves the host on every open: a board behind DHCP may have moved. Without a network this can take much
     * longer than values are valid, and it cannot be interrupted. So another thread does it, and later attempts wait
     * for that lookup.
     */
    private InetAddress findHost(long until) throws LinkException {
        FutureTask<InetAddress> task = lookup;
        if (task == null) {
            task = new FutureTask<>(() -> resolver.resolve(host));
            lookup = task;
            Thread thread = new Thread(task, Thread.currentThread().getName() + "-lookup");
            thread.setDaemon(true);
            thread.start();
        }
        try {
            InetAddress found = task.get(patienceMillis(until), TimeUnit.MILLISECONDS);
            lookup = null;
            return found;
        } catch (TimeoutException e) {
            throw LinkException.lost(FailureCause.HOST_UNKNOWN, "");
        } catch (ExecutionException e) {
            lookup = null;
            throw LinkException.lost(FailureCause.HOST_UNKNOWN, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LinkException.lost(FailureCause.HOST_UNKNOWN, "");
        }
    }

    /** Timeout for a step of opening, in milliseconds; never 0, which would mean none. */
    private int patienceMillis(long until) {
        return (int) Math.max(1, Math.min(connectTimeout.toMillis(), (until - ticker.nanos()) / NANOS_PER_MILLI));
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
        Connection open = openConnection();
        try {
            long rest = deadline - ticker.nanos();
            if (rest <= 0) {
                int available = open.in.available();
                return available == 0 ? 0 : open.in.read(buffer, offset, Math.min(available, length));
            }
            open.socket.setSoTimeout((int) Math.max(1, Math.min(Integer.MAX_VALUE, rest / NANOS_PER_MILLI)));
            int count = open.in.read(buffer, offset, length);
            if (count < 0) {
                throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
            }
            return count;
        } catch (SocketTimeoutException e) {
            return 0;
        } catch (IOException e) {
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws LinkException {
        Connection open = openConnection();
        try {
            open.out.write(buffer, offset, length);
        } catch (IOException e) {
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
    }

    /** With a linger time of zero, any close resets the connection, and the system drops the data that it holds. */
    @Override
    public void discardOnClose(boolean discard) {
        Connection open = connection;
        if (open != null && discard != discards) {
            try {
                open.socket.setSoLinger(discard, 0);
                discards = discard;
            } catch (IOException e) {
                // A lost connection delivers nothing.
            }
        }
    }

    @Override
    public long wireNanos(int bytes) {
        return 0;
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            closeQuietly(open.socket);
        }
    }

    private Connection openConnection() throws LinkException {
        Connection open = connection;
        if (open == null) {
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
        return open;
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to close.
        }
    }
}
