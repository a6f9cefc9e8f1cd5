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

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.bus.BusTask;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanHealth;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSession;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A CAN bus that Things use. Their boards are heard and read meanwhile. What is done waits for the thread of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SharedCanProbe implements CanProbe {

    private static final long LOOK_MILLIS = 300;
    private static final int LONGEST_READ_LOOKS = 20;
    private static final CanHealth UNKNOWN = new CanHealth(true, CanAdapter.State.ACTIVE, 0, 0, 0, 0);

    private final Ticker ticker;
    private final BusTask<CanSession> errands;
    private CanHealth lastHealth = UNKNOWN;
    /** What is looked at; another is there after the bus was lost. */
    private volatile @Nullable CanSession used;

    /** Something to do on the bus. */
    private interface Task {
        void run(CanSession session) throws LinkException;
    }

    /**
     * @throws BusConflictException when the bus is in use with other settings
     */
    SharedCanProbe(CanLine line, BusRegistry registry, Ticker ticker) throws BusConflictException {
        this.ticker = ticker;
        this.errands = new BusTask<>(member -> line.visit(registry, member), ticker);
    }

    /**
     * @throws LinkException when the bus is lost, or was and is another now
     */
    private void run(Task task) throws LinkException {
        Failure failure = errands.run(session -> {
            CanSession known = used;
            if (known != null && !known.equals(session)) {
                return Optional.of(Failure.of(FailureCause.CONNECTION_LOST));
            }
            used = session;
            task.run(session);
            return Optional.<Failure> empty();
        }, Optional::of).orElse(null);
        if (failure != null) {
            throw new LinkException(failure, true);
        }
    }

    @Override
    public boolean isFree() {
        return false;
    }

    @Override
    public @Nullable Failure open(int kiloBits, boolean listenOnly) {
        used = null;
        try {
            run(session -> {
            });
            return null;
        } catch (LinkException e) {
            return e.failure();
        }
    }

    @Override
    public boolean answersAt(int serialBaudRate) {
        return false;
    }

    @Override
    public void listen(CanTrafficAnalyzer hearing, long nanos) throws LinkException {
        AtomicBoolean gone = new AtomicBoolean();
        try {
            run(session -> session.hear(hearing, gone::get));
            long end = ticker.nanos() + nanos;
            while (end - ticker.nanos() > 0 && !Thread.currentThread().isInterrupted()) {
                ticker.parkUntil(end);
            }
        } finally {
            // Who is interrupted gets no turn in which he could say that he goes.
            gone.set(true);
        }
        run(session -> session.ignore(hearing));
    }

    @Override
    public Reply read(int node, int index, int subIndex) throws LinkException {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        run(session -> session.read(node, index, subIndex, ExclusiveCanProbe.listener(reply::complete)));
        for (int i = 0; i < LONGEST_READ_LOOKS; i++) {
            try {
                return reply.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // The bus may have been lost, and with it whoever would answer.
                run(session -> {
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (ExecutionException e) {
                break;
            }
        }
        return Reply.SILENCE;
    }

    @Override
    public CanHealth health() {
        lastHealth = errands.run(CanSession::health, failure -> lastHealth);
        return lastHealth;
    }

    @Override
    public void close() {
        errands.close();
    }
}
