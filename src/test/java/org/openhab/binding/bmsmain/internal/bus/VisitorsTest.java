/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Visitors of a bus without membership: each gets an outcome, whatever happens to the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(20)
class VisitorsTest {

    private static final String NO_ANSWER = FailureCause.NO_ANSWER.key();

    private final BusRegistry registry = new BusRegistry(Ticker.system());
    private final Port port = new Port();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void anErrandIsRunByTheThreadOfTheBus() throws Exception {
        try (BusTask<Session> errands = errands()) {
            assertEquals("bmsmain-port", ask(errands, session -> Thread.currentThread().getName()));
            assertEquals("second", ask(errands, session -> "second"));
        }
        assertEquals(0, registry.names().size());
    }

    @Test
    void anErrandHearsWhyTheBusCannotBeOpened() throws Exception {
        port.failure = FailureCause.PORT_BUSY;
        try (BusTask<Session> errands = errands()) {
            assertEquals(FailureCause.PORT_BUSY.key(), ask(errands, session -> "done"));
        }
    }

    @Test
    void anErrandThatFailsLetsTheBusBeOpenedAnew() throws Exception {
        try (BusTask<Session> errands = errands()) {
            assertEquals(FailureCause.CONNECTION_LOST.key(), ask(errands, session -> {
                throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
            }));
            assertEquals("done", ask(errands, session -> "done"));
            assertEquals(2, port.opened);
        }
    }

    @Test
    void aBugInAnErrandIsNoReasonToWait() throws Exception {
        try (BusTask<Session> errands = errands()) {
            assertEquals(NO_ANSWER, ask(errands, session -> {
                throw new IllegalStateException("a bug, for the test");
            }));
        }
    }

    @Test
    void anErrandThatWaitsEndsWithTheBus() throws Exception {
        try (BusTask<Session> first = errands(); BusTask<Session> second = errands()) {
            CountDownLatch held = new CountDownLatch(1);
            CompletableFuture<String> holds = CompletableFuture.supplyAsync(() -> ask(first, session -> {
                held.countDown();
                return session.holdUntilClosed();
            }));
            assertTrue(held.await(5, TimeUnit.SECONDS));
            CompletableFuture<String> waits = CompletableFuture.supplyAsync(() -> ask(second, session -> "done"));
            registry.close();
            assertEquals("held", holds.get(5, TimeUnit.SECONDS));
            assertEquals(NO_ANSWER, waits.get(5, TimeUnit.SECONDS));
            assertEquals(NO_ANSWER, ask(first, session -> "done"), "the bus is gone");
        }
    }

    @Test
    void aGuestWithoutAnAnswerEndsWithTheBus() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<String> result = BusTask.<Session, String> once(this::join,
                (session, answer) -> asked.countDown(), failure -> failure.cause().key(), Ticker.system());
        assertTrue(asked.await(5, TimeUnit.SECONDS));
        assertFalse(result.isDone());
        registry.close();
        assertEquals(NO_ANSWER, result.get(2, TimeUnit.SECONDS));
    }

    private BusRegistry.Membership join(BusMember<Session> member) throws BusConflictException {
        return registry.join("port", "9600 baud", port, member);
    }

    private BusTask<Session> errands() throws BusConflictException {
        return new BusTask<>(this::join, Ticker.system());
    }

    private static String ask(BusTask<Session> errands, BusTask.Transaction<Session, String> errand) {
        return errands.run(errand, failure -> failure.cause().key());
    }

    /** A port that can be opened or not. */
    private static final class Port implements SessionFactory<Session> {
        volatile @Nullable FailureCause failure;
        volatile int opened;

        @Override
        public Session open() throws LinkException {
            FailureCause cause = failure;
            if (cause != null) {
                throw LinkException.lost(cause, "");
            }
            opened++;
            return new Session();
        }
    }

    /** An open port. */
    private static final class Session implements BusSession {
        private final CountDownLatch closed = new CountDownLatch(1);

        String holdUntilClosed() {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "held";
        }

        @Override
        public void idle(long untilNanos) {
            Ticker.system().parkUntil(untilNanos);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
