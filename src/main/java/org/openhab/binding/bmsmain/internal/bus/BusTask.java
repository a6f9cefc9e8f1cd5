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
 * Runs single requests on a bus for a caller without a Thing on it. Each request is one transaction, so boards are
 * still read in between. A request always completes, whatever happens to the bus. {@link #run} blocks; it must not be
 * called on the bus thread, and by one thread at a time only. {@link #once} does not block.
 *
 * @param <S> type of the open bus
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BusTask<S extends BusSession> implements AutoCloseable {

    /** Maximum wait of {@link #run}. A bus that cannot be opened is retried after 30 s at the latest. */
    private static final long LONGEST_WAIT_SECONDS = 45;
    /** Timeout of {@link #once}. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final Ticker ticker;
    private final BusRegistry.Membership membership;
    private final AtomicReference<@Nullable Job<S, ?>> waiting = new AtomicReference<>();
    /** The job that was served last; its answer may come later. */
    private volatile @Nullable Job<S, ?> asked;
    private volatile boolean ended;

    /**
     * A blocking transaction on the bus.
     *
     * @param <S> type of the open bus
     * @param <R> type of the result
     */
    public interface Transaction<S, R> {
        /**
         * Called by the bus thread.
         *
         * @throws LinkException when it failed in a way that concerns the bus
         */
        R run(S session) throws LinkException;
    }

    /**
     * A request whose answer can come later.
     *
     * @param <S> type of the open bus
     * @param <R> type of the answer
     */
    public interface Request<S, R> {
        /**
         * Called by the bus thread.
         *
         * @param answer completed with the answer, at once or later
         * @throws LinkException when it failed in a way that concerns the bus
         */
        void ask(S session, CompletableFuture<R> answer) throws LinkException;
    }

    /**
     * Joins a bus.
     *
     * @param <S> type of the open bus
     */
    public interface BusJoiner<S extends BusSession> {
        /**
         * @throws BusConflictException when the bus is in use with other settings
         */
        BusRegistry.Membership join(BusMember<S> member) throws BusConflictException;
    }

    private static final class Job<S, R> {
        private final Request<S, R> request;
        private final Function<Failure, R> without;
        private final long since;
        private final long end;
        private final CompletableFuture<R> result = new CompletableFuture<>();

        /** @param patience timeout in nanoseconds */
        Job(Request<S, R> request, Function<Failure, R> without, long since, long patience) {
            this.request = request;
            this.without = without;
            this.since = since;
            this.end = since + patience;
        }

        void run(S session) throws LinkException {
            try {
                request.ask(session, result);
            } catch (LinkException e) {
                fail(e.failure());
                throw e;
            }
        }

        /** Completes with a failure, unless there is a result already. */
        void fail(Failure failure) {
            result.complete(without.apply(failure));
        }
    }

    /** The member that represents this task on the bus. */
    private final class Member implements BusMember<S> {

        @Override
        public long due() {
            Job<S, ?> job = waiting.get();
            return job == null ? ticker.nanos() + Ticker.NEVER : job.since;
        }

        @Override
        public void serve(S session) throws LinkException {
            // Atomic: a job that is added meanwhile must not be lost.
            Job<S, ?> job = waiting.getAndSet(null);
            asked = job;
            if (job != null) {
                job.run(session);
            }
        }

        private @Nullable Job<S, ?> current() {
            Job<S, ?> job = waiting.get();
            return job == null ? asked : job;
        }

        @Override
        public long deadline() {
            Job<S, ?> job = current();
            return job == null || job.result.isDone() ? ticker.nanos() + Ticker.NEVER : job.end;
        }

        @Override
        public void watch(long nowNanos) {
            Job<S, ?> job = current();
            if (job != null && job.end - nowNanos <= 0) {
                unavailable(Failure.of(FailureCause.NO_ANSWER));
            }
        }

        @Override
        public void unavailable(Failure failure) {
            Job<S, ?> next = waiting.getAndSet(null);
            Job<S, ?> before = asked;
            asked = null;
            if (next != null) {
                next.fail(failure);
            }
            if (before != null) {
                before.fail(failure);
            }
        }

        @Override
        public void ended() {
            ended = true;
            unavailable(Failure.of(FailureCause.NO_ANSWER));
        }
    }

    /**
     * @param joiner joins the bus; {@link #close()} leaves it
     * @throws BusConflictException when the bus is in use with other settings
     */
    public BusTask(BusJoiner<S> joiner, Ticker ticker) throws BusConflictException {
        this(joiner, ticker, null);
    }

    private BusTask(BusJoiner<S> joiner, Ticker ticker, @Nullable Job<S, ?> first) throws BusConflictException {
        this.ticker = ticker;
        this.waiting.set(first);
        this.membership = joiner.join(new Member());
    }

    /**
     * Sends one request, and leaves the bus after the answer or after five seconds.
     *
     * @param <S> type of the open bus
     * @param <R> type of the answer
     * @param without gives the result when there is no answer
     * @return the result, completed on the bus thread
     * @throws BusConflictException when the bus is in use with other settings
     */
    public static <S extends BusSession, R> CompletableFuture<R> once(BusJoiner<S> joiner, Request<S, R> request,
            Function<Failure, R> without, Ticker ticker) throws BusConflictException {
        Job<S, R> job = new Job<>(request, without, ticker.nanos(), PATIENCE_NANOS);
        BusTask<S> task = new BusTask<>(joiner, ticker, job);
        return job.result.whenComplete((done, failed) -> task.close());
    }

    /**
     * Waits until the bus thread has run a transaction.
     *
     * @param <R> type of the result
     * @param without gives the result when the transaction was not run, or failed
     */
    public <R> R run(Transaction<S, R> transaction, Function<Failure, R> without) {
        Job<S, R> mine = new Job<>((session, answer) -> {
            try {
                answer.complete(transaction.run(session));
            } catch (RuntimeException | Error e) {
                answer.complete(without.apply(Failure.of(FailureCause.NO_ANSWER)));
                throw e;
            }
        }, without, ticker.nanos(), Ticker.NEVER);
        waiting.set(mine);
        membership.wake();
        if (ended) {
            // Checked after the job was stored, so either this thread or the ending bus completes it.
            mine.fail(Failure.of(FailureCause.NO_ANSWER));
        }
        try {
            return mine.result.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The return value below reports it.
        } finally {
            waiting.compareAndSet(mine, null);
        }
        return without.apply(Failure.of(FailureCause.NO_ANSWER));
    }

    /** Leaves the bus. */
    @Override
    public void close() {
        membership.leave();
    }
}
