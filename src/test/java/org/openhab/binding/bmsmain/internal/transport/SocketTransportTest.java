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

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A TCP connection over the loopback interface.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(20)
class SocketTransportTest {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final Ticker ticker = Ticker.system();
    private final byte[] buffer = new byte[16];
    private ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final SocketTransport transport = new SocketTransport("127.0.0.1", server.getLocalPort(), CONNECT_TIMEOUT,
            ticker);

    SocketTransportTest() throws IOException {
        // The server must be open before the transport knows its port.
    }

    private Socket peer = new Socket();

    @BeforeEach
    void connect() throws Exception {
        transport.open();
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        transport.close();
        peer.close();
        server.close();
    }

    @Test
    void carriesBytesBothWays() throws Exception {
        transport.write(new byte[] { 9, 1, 2, 3, 9 }, 1, 3);
        assertArrayEquals(new byte[] { 1, 2, 3 }, peer.getInputStream().readNBytes(3));
        peer.getOutputStream().write(new byte[] { 4, 5 });
        assertEquals(2, transport.read(buffer, 3, 10, in(5_000)));
        assertEquals(4, buffer[3]);
        assertEquals(5, buffer[4]);
        assertEquals(0, transport.wireNanos(100), "a network has no pace");
    }

    @Test
    void readsNoMoreThanThereIsRoom() throws Exception {
        peer.getOutputStream().write(new byte[] { 1, 2, 3, 4, 5 });
        assertEquals(2, transport.read(buffer, 0, 2, in(5_000)));
        assertEquals(3, transport.read(buffer, 2, 10, in(5_000)));
    }

    @Test
    void waitsUntilTheDeadlineAndNoLonger() throws Exception {
        long begun = ticker.nanos();
        long deadline = in(30);
        int count = 0;
        while (deadline - ticker.nanos() > 0) {
            count += transport.read(buffer, 0, 10, deadline);
        }
        assertEquals(0, count);
        assertTrue(ticker.nanos() - begun >= 30_000_000);
    }

    @Test
    void aDeadlineInThePastTakesWhatIsThere() throws Exception {
        assertEquals(0, transport.read(buffer, 0, 10, in(-1)));
        peer.getOutputStream().write(7);
        assertEquals(1, transport.read(buffer, 0, 1, in(5_000)));
        peer.getOutputStream().write(new byte[] { 8, 9 });
        int count = 0;
        while (count == 0) {
            count = transport.read(buffer, 0, 10, in(-1));
        }
        assertEquals(8, buffer[0]);
    }

    @Test
    void aConnectionThatThePeerClosesIsLost() throws Exception {
        peer.close();
        assertCause(FailureCause.CONNECTION_LOST, () -> transport.read(buffer, 0, 10, in(5_000)));
    }

    @Test
    void aConnectionThatThePeerResetsIsLost() throws Exception {
        peer.setSoLinger(true, 0);
        peer.close();
        assertCause(FailureCause.CONNECTION_LOST, () -> transport.read(buffer, 0, 10, in(5_000)));
    }

    @Test
    void aWaitEndsWhenAnotherThreadCloses() throws Exception {
        Thread closer = new Thread(transport::close);
        closer.start();
        assertCause(FailureCause.CONNECTION_LOST, () -> {
            transport.read(buffer, 0, 10, in(10_000));
            transport.read(buffer, 0, 10, in(10_000));
        });
        closer.join();
    }

    @Test
    void aClosedTransportIsLostAndCanBeOpenedAgain() throws Exception {
        transport.close();
        transport.close();
        assertCause(FailureCause.CONNECTION_LOST, () -> transport.write(buffer, 0, 1));
        assertCause(FailureCause.CONNECTION_LOST, () -> transport.read(buffer, 0, 1, in(-1)));
        transport.open();
        try (Socket second = server.accept()) {
            transport.write(new byte[] { 42 }, 0, 1);
            assertEquals(42, second.getInputStream().read());
        }
    }

    @Test
    void openingAgainClosesTheOldConnection() throws Exception {
        transport.open();
        try (Socket second = server.accept()) {
            assertEquals(-1, peer.getInputStream().read());
        }
    }

    /** Data written without a response must not arrive after the connection was abandoned. */
    @Test
    void aConnectionIsResetWhereWhatIsOnTheWayMustNotArrive() throws Exception {
        transport.discardOnClose(true);
        transport.write(new byte[] { 1 }, 0, 1);
        assertEquals(1, peer.getInputStream().read());
        transport.close();
        assertThrows(SocketException.class, () -> peer.getInputStream().read());
    }

    @Test
    void aConnectionThatOwesNothingEndsInOrder() throws Exception {
        transport.discardOnClose(true);
        transport.discardOnClose(false);
        transport.write(new byte[] { 1 }, 0, 1);
        assertEquals(1, peer.getInputStream().read());
        transport.close();
        assertEquals(-1, peer.getInputStream().read());
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        server.close();
        assertCause(FailureCause.REFUSED, transport::open);
    }

    @Test
    void saysThatTheHostIsUnknown() {
        // The top level domain "invalid" is reserved for this purpose (RFC 2606).
        SocketTransport unknown = new SocketTransport("no-such-board.invalid", 502, CONNECT_TIMEOUT, ticker);
        assertCause(FailureCause.HOST_UNKNOWN, unknown::open);
        SocketTransport nonsense = new SocketTransport("not a host name", 502, CONNECT_TIMEOUT, ticker);
        assertCause(FailureCause.HOST_UNKNOWN, nonsense::open);
    }

    /** Without a network, a name lookup can take longer than the lifetime of values. */
    @Test
    void doesNotWaitForASlowLookup() throws Exception {
        CountDownLatch network = new CountDownLatch(1);
        AtomicInteger lookups = new AtomicInteger();
        SocketTransport slow = new SocketTransport("board", server.getLocalPort(), Duration.ofMillis(50), ticker,
                host -> {
                    lookups.incrementAndGet();
                    try {
                        network.await();
                    } catch (InterruptedException e) {
                        throw new UnknownHostException(host);
                    }
                    return InetAddress.getLoopbackAddress();
                });
        assertCause(FailureCause.HOST_UNKNOWN, slow::open);
        assertCause(FailureCause.HOST_UNKNOWN, slow::open);
        long begun = ticker.nanos();
        assertCause(FailureCause.HOST_UNKNOWN, () -> slow.open(in(1)));
        assertTrue(ticker.nanos() - begun < 40_000_000, "no longer than it may");
        assertEquals(1, lookups.get(), "one thread is enough");
        network.countDown();
        for (boolean open = false; !open;) {
            try {
                slow.open();
                open = true;
            } catch (LinkException e) {
                assertEquals(FailureCause.HOST_UNKNOWN, e.failure().cause());
            }
        }
        server.accept().close();
        slow.close();
    }

    private interface Attempt {
        void run() throws LinkException;
    }

    private static void assertCause(FailureCause cause, Attempt attempt) {
        LinkException e = assertThrows(LinkException.class, attempt::run);
        assertEquals(cause, e.failure().cause());
        assertTrue(e.isSessionLost());
    }

    private long in(long millis) {
        return ticker.nanos() + millis * 1_000_000;
    }
}
