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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A guest on a bus who asks once, between the turns of those who live there, and leaves.
 *
 * @param <S> what an open bus of its kind is
 * @param <R> what comes of the question
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class OneShotRequest<S extends BusSession, R> implements BusMember<S> {

    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final Ticker ticker;
    private final long begun;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private volatile boolean asked;

    protected OneShotRequest(Ticker ticker) {
        this.ticker = ticker;
        this.begun = ticker.nanos();
    }

    /** Asks. The answer is given to {@link #answered}, at once or later. */
    protected abstract void ask(S session) throws LinkException;

    /** The result when there is no answer. */
    protected abstract R without(Failure failure);

    protected final void answered(R answer) {
        result.complete(answer);
    }

    /**
     * What came of the question, on the thread of the bus.
     *
     * @param membership the place on the bus, which is given up then
     */
    protected final CompletableFuture<R> result(BusRegistry.Membership membership) {
        return result.whenComplete((done, failed) -> membership.leave());
    }

    @Override
    public long due() {
        return asked ? ticker.nanos() + Ticker.NEVER : begun;
    }

    @Override
    public void serve(S session) throws LinkException {
        asked = true;
        try {
            ask(session);
        } catch (LinkException e) {
            unavailable(e.failure());
            throw e;
        }
    }

    @Override
    public long deadline() {
        return result.isDone() ? ticker.nanos() + Ticker.NEVER : begun + PATIENCE_NANOS;
    }

    @Override
    public void watch(long nowNanos) {
        unavailable(Failure.of(FailureCause.NO_ANSWER));
    }

    @Override
    public void unavailable(Failure failure) {
        asked = true;
        answered(without(failure));
    }

    @Override
    public void opened(S session) {
        // The bus is what was waited for.
    }

    @Override
    public void ended() {
        unavailable(Failure.of(FailureCause.NO_ANSWER));
    }
}
