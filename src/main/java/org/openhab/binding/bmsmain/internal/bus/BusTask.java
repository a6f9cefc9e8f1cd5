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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A place on a bus for somebody who asks from a thread of his own, and waits. Each errand is one turn on the bus, so
 * that its boards are read meanwhile. For one thread at a time, which must not be that of the bus.
 *
 * @param <S> what an open bus of its kind is
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BusTask<S extends BusSession> implements AutoCloseable {

    /** A bus that cannot be opened is tried again after 30 s at the latest. */
    private static final long LONGEST_WAIT_SECONDS = 45;

    private final Ticker ticker;
    private final BusRegistry.Membership membership;
    private final AtomicReference<@Nullable Job<S, ?>> job = new AtomicReference<>();
    private volatile boolean ended;

    /**
     * Something to do on the bus.
     *
     * @param <S> what an open bus of its kind is
     * @param <R> what comes of it
     */
    public interface Transaction<S, R> {
        /**
         * Called by the thread of the bus.
         *
         * @throws LinkException when it failed in a way that concerns the bus
         */
        R run(S session) throws LinkException;
    }

    /**
     * The way to a bus.
     *
     * @param <S> what an open bus of its kind is
     */
    public interface BusJoiner<S extends BusSession> {
        /**
         * @throws BusConflictException when the bus is in use with other settings
         */
        BusRegistry.Membership join(BusMember<S> member) throws BusConflictException;
    }

    private static final class Job<S, R> {
        private final Transaction<S, R> transaction;
        private final Function<Failure, R> without;
        private final long since;
        private final CompletableFuture<R> result = new CompletableFuture<>();

        Job(Transaction<S, R> transaction, Function<Failure, R> without, long since) {
            this.transaction = transaction;
            this.without = without;
            this.since = since;
        }

        void run(S session) throws LinkException {
            try {
                result.complete(transaction.run(session));
            } catch (LinkException e) {
                fail(e.failure());
                throw e;
            } finally {
                fail(Failure.of(FailureCause.NO_ANSWER));
            }
        }

        /** Ends without a result, unless there is one. */
        void fail(Failure failure) {
            result.complete(without.apply(failure));
        }
    }

    /** What the bus sees. */
    private final class Member implements BusMember<S> {

        @Override
        public long due() {
            Job<S, ?> waiting = job.get();
            return waiting == null ? ticker.nanos() + Ticker.NEVER : waiting.since;
        }

        /** In one step: a job that comes meanwhile must not be lost. */
        private @Nullable Job<S, ?> take() {
            return job.getAndSet(null);
        }

        @Override
        public void serve(S session) throws LinkException {
            Job<S, ?> todo = take();
            if (todo != null) {
                todo.run(session);
            }
        }

        @Override
        public long deadline() {
            return ticker.nanos() + Ticker.NEVER;
        }

        @Override
        public void watch(long nowNanos) {
            // Nothing depends on time alone.
        }

        @Override
        public void unavailable(Failure failure) {
            Job<S, ?> todo = take();
            if (todo != null) {
                todo.fail(failure);
            }
        }

        @Override
        public void opened(S session) {
            // Each errand takes the session that it is given.
        }

        @Override
        public void ended() {
            ended = true;
            unavailable(Failure.of(FailureCause.NO_ANSWER));
        }
    }

    /**
     * @param joiner lets the bus be joined, until {@link #close()}
     * @throws BusConflictException when the bus is in use with other settings
     */
    public BusTask(BusJoiner<S> joiner, Ticker ticker) throws BusConflictException {
        this.ticker = ticker;
        this.membership = joiner.join(new Member());
    }

    /**
     * Waits until the thread of the bus has run an errand.
     *
     * @param <R> what comes of it
     * @param without the result when it was not run, or failed
     */
    public <R> R run(Transaction<S, R> transaction, Function<Failure, R> without) {
        Job<S, R> mine = new Job<>(transaction, without, ticker.nanos());
        job.set(mine);
        membership.wake();
        if (ended) {
            // Looked at after the job is there to be seen: it is either ended here or by the bus.
            mine.fail(Failure.of(FailureCause.NO_ANSWER));
        }
        try {
            return mine.result.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Told by what is returned.
        } finally {
            job.compareAndSet(mine, null);
        }
        return without.apply(Failure.of(FailureCause.NO_ANSWER));
    }

    /** Leaves the bus. */
    @Override
    public void close() {
        membership.leave();
    }
}
