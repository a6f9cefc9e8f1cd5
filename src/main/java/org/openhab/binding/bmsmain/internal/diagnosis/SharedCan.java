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
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanHealth;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSession;
import org.openhab.binding.bmsmain.internal.link.BusConflictException;
import org.openhab.binding.bmsmain.internal.link.BusRegistry;
import org.openhab.binding.bmsmain.internal.link.Errands;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * A CAN bus that Things use. Their boards are heard and read meanwhile. What is done waits for the thread of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SharedCan implements CanAccess {

    private static final long LONGEST_READ_SECONDS = 6;
    private static final CanHealth UNKNOWN = new CanHealth(true, CanAdapter.State.ACTIVE, 0, 0, 0, 0);

    private final Ticker ticker;
    private final Errands<CanSession> errands;
    private CanHealth lastHealth = UNKNOWN;

    /** Something to do on the bus. */
    private interface Task {
        void run(CanSession session) throws LinkException;
    }

    /**
     * @throws BusConflictException when the bus is in use with other settings
     */
    SharedCan(CanLine line, BusRegistry registry, Ticker ticker) throws BusConflictException {
        this.ticker = ticker;
        this.errands = new Errands<>(member -> line.visit(registry, member), ticker);
    }

    /** @return why it was not done, or null */
    private @Nullable Failure run(Task task) {
        return errands.run(session -> {
            task.run(session);
            return Optional.<Failure> empty();
        }, Optional::of).orElse(null);
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
    public boolean answersAt(int serialBaudRate) {
        return false;
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
        lastHealth = errands.run(CanSession::health, failure -> lastHealth);
        return lastHealth;
    }

    @Override
    public void close() {
        errands.close();
    }
}
