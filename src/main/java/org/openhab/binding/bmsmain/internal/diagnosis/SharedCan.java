/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanHealth;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSession;
import org.openhab.binding.bmsmain.internal.link.BusConflictException;
import org.openhab.binding.bmsmain.internal.link.BusMember;
import org.openhab.binding.bmsmain.internal.link.BusRegistry;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * A CAN bus that Things use. Their boards are heard and read meanwhile. What is done waits for the thread of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SharedCan implements CanAccess, BusMember<CanSession> {

    /** A bus that cannot be opened is tried again after 30 s at the latest. */
    private static final long LONGEST_WAIT_SECONDS = 45;
    private static final long LONGEST_READ_SECONDS = 6;
    private static final CanHealth UNKNOWN = new CanHealth(true, CanAdapter.State.ACTIVE, 0, 0, 0, 0);

    private final Ticker ticker;
    private final BusRegistry.Membership membership;
    private volatile @Nullable Job job;
    private volatile CanHealth lastHealth = UNKNOWN;

    /** Something to do on the bus. */
    private interface Task {
        void run(CanSession session) throws LinkException;
    }

    private static final class Job {
        private final Task task;
        private final long since;
        private final CompletableFuture<@Nullable Failure> result = new CompletableFuture<>();

        Job(Task task, long since) {
            this.task = task;
            this.since = since;
        }
    }

    /**
     * @throws BusConflictException when the bus is in use with other settings
     */
    SharedCan(CanLine line, BusRegistry registry, Ticker ticker) throws BusConflictException {
        this.ticker = ticker;
        this.membership = line.visit(registry, this);
    }

    private @Nullable Failure run(Task task) {
        Job mine = new Job(task, ticker.nanos());
        job = mine;
        membership.wake();
        Failure failure = Failure.of(FailureCause.NO_ANSWER);
        try {
            failure = mine.result.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Told by what is returned.
        } finally {
            job = null;
        }
        return failure;
    }

    @Override
    public boolean isFree() {
        return false;
    }

    @Override
    public @Nullable Failure open(int kiloBits, boolean listenOnly) {
        return run(session -> {
        });
    }

    @Override
    public @Nullable Failure listen(CanHearing hearing, long nanos) {
        AtomicBoolean gone = new AtomicBoolean();
        Failure failure = run(session -> session.hear(hearing, gone::get));
        if (failure != null) {
            gone.set(true);
            return failure;
        }
        long end = ticker.nanos() + nanos;
        while (end - ticker.nanos() > 0 && !Thread.currentThread().isInterrupted()) {
            ticker.parkUntil(end);
        }
        // Who is interrupted gets no turn in which he could say that he goes.
        gone.set(true);
        return run(session -> session.ignore(hearing));
    }

    @Override
    public Reply read(int node, int index, int subIndex) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        if (run(session -> session.read(node, index, subIndex, OwnCan.listener(reply::complete))) == null) {
            try {
                return reply.get(LONGEST_READ_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // The bus was lost, and with it whoever would answer.
            }
        }
        return Reply.SILENCE;
    }

    @Override
    public CanHealth health() {
        run(session -> lastHealth = session.health());
        return lastHealth;
    }

    @Override
    public void close() {
        membership.leave();
    }

    // ---- called by the thread of the bus ----

    @Override
    public long due() {
        Job waiting = job;
        return waiting == null ? ticker.nanos() + Ticker.NEVER : waiting.since;
    }

    @Override
    public void serve(CanSession session) throws LinkException {
        Job todo = job;
        job = null;
        if (todo != null) {
            try {
                todo.task.run(session);
                todo.result.complete(null);
            } catch (LinkException e) {
                todo.result.complete(e.failure());
                throw e;
            } finally {
                todo.result.complete(Failure.of(FailureCause.NO_ANSWER));
            }
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
        Job todo = job;
        job = null;
        if (todo != null) {
            todo.result.complete(failure);
        }
    }

    @Override
    public void opened(CanSession session) {
        // Each task takes the session that it is given.
    }
}
