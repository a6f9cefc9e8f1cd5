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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusMember;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.modbus.RegisterView;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Runs a {@link RegisterSearch} on the bus of a board, beside its normal polling: one read per turn, and all other
 * members have priority. Never writes.
 * <p>
 * It ends when its time is over, when it is stopped, or when the board is lost: the bus cannot be opened, or the board
 * does not respond to a read of a register that every board has either. A device that does not respond to reads of
 * missing registers does not count as lost. If the device closes the connection three times, the search ends. The
 * samples read until then remain available.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class RegisterSearchTask implements BusMember<ModbusClient> {

    private static final String TURN = "search";
    /** The current, which every board has. */
    private static final int PROBE_ADDRESS = 0x2001;
    private static final int PROBE_COUNT = 2;
    private static final int MOST_FAILURES = 3;
    /** Pause as a multiple of the time spent waiting for a response that did not arrive. */
    private static final int REST = 9;

    private final RegisterSearch search;
    private final int unit;
    private final long timeoutNanos;
    private final Ticker ticker;
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private volatile @Nullable Failure failure;

    // Used by the bus thread only.
    private int unanswered;
    private int lost;
    private long restsUntil;

    /**
     * Progress of the search.
     *
     * @param passes number of completed passes
     * @param found number of registers found, including the public ones
     * @param left number of registers left to read in this pass
     * @param reads number of requests so far
     * @param secondsLeft seconds until the search ends by itself, 0 when it has ended
     * @param isDone whether it has ended
     * @param failure why it ended early, or null
     */
    public record State(int passes, int found, int left, int reads, long secondsLeft, boolean isDone,
            @Nullable Failure failure) {
    }

    RegisterSearchTask(RegisterSearch search, int unit, Duration timeout, Ticker ticker) {
        this.search = search;
        this.unit = unit;
        this.timeoutNanos = timeout.toNanos();
        this.ticker = ticker;
        this.restsUntil = ticker.nanos();
    }

    /**
     * Starts a search. Returns at once.
     *
     * @param unit address of the board
     * @param timeout maximum time until the first byte of a response
     * @param withCells whether to read the window of the BMS Logic boards as well
     * @param duration duration of the search
     * @throws BusConflictException when the bus is in use with other settings
     */
    public static RegisterSearchTask begin(ModbusLine line, BusRegistry registry, int unit, Duration timeout,
            boolean withCells, Duration duration, Ticker ticker) throws BusConflictException {
        RegisterSearchTask task = new RegisterSearchTask(
                new RegisterSearch(withCells, ModbusRequest.MAX_READ, duration, ticker), unit, timeout, ticker);
        BusRegistry.Membership membership = line.join(registry, task);
        task.end.whenComplete((done, failed) -> membership.leave());
        return task;
    }

    /** Ends the search. May be called by any thread, and returns at once. */
    public void stop() {
        finish(null);
    }

    /** Waits until the search has ended, for at most the given time. @return whether it has ended */
    public boolean await(Duration time) throws InterruptedException {
        try {
            return end.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return end.isDone();
        }
    }

    /** Current progress. Waits for a pending request. */
    public State state() {
        boolean isDone = end.isDone();
        long left = isDone ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toSeconds(search.end() - ticker.nanos()));
        synchronized (search) {
            return new State(search.passes(), search.found(), search.left(), search.reads(), left, isDone, failure);
        }
    }

    /**
     * Evaluates the samples so far. Waits for a pending request; needs processor time.
     *
     * @param order order of the words, or null to detect it from the public registers
     */
    public List<RegisterSuggestion> suggest(@Nullable WordOrder order) {
        RegisterSamples samples;
        synchronized (search) {
            samples = search.samples().copy();
        }
        return RegisterSuggester.suggest(samples, order);
    }

    private void finish(@Nullable Failure reason) {
        if (!end.isDone()) {
            failure = reason;
            end.complete(true);
        }
    }

    @Override
    public boolean givesWay() {
        return true;
    }

    @Override
    public long due() {
        if (end.isDone()) {
            return ticker.nanos() + Ticker.NEVER;
        }
        long due = search.due();
        return restsUntil - due > 0 ? restsUntil : due;
    }

    @Override
    public void serve(ModbusClient client) throws LinkException {
        client.beginTransaction(TURN);
        long begun = ticker.nanos();
        try {
            synchronized (search) {
                if (unanswered == 0) {
                    search.step((address, count) -> read(client, address, count));
                } else {
                    probe(client);
                }
            }
            unanswered = 0;
        } catch (LinkException e) {
            unanswered++;
            lost += e.isSessionLost() ? 1 : 0;
            long now = ticker.nanos();
            restsUntil = now + REST * (now - begun);
            if (unanswered >= MOST_FAILURES || lost >= MOST_FAILURES) {
                finish(e.failure());
            }
            throw e;
        }
        watch(ticker.nanos());
    }

    private int[] read(ModbusClient client, int address, int count) throws ModbusException, LinkException {
        RegisterView view = client.transact(ModbusRequest.read(unit, ModbusRequest.READ_INPUT, address, count),
                timeoutNanos);
        int[] words = new int[view.count()];
        for (int i = 0; i < words.length; i++) {
            words[i] = view.word(i);
        }
        return words;
    }

    /** Checks whether the board responds at all, before further registers are requested that it may not have. */
    private void probe(ModbusClient client) throws LinkException {
        try {
            read(client, PROBE_ADDRESS, PROBE_COUNT);
        } catch (ModbusException e) {
            // A refusal is a response, too.
        }
    }

    @Override
    public long deadline() {
        return end.isDone() ? ticker.nanos() + Ticker.NEVER : search.end();
    }

    @Override
    public void watch(long nowNanos) {
        if (search.isDone()) {
            finish(null);
        }
    }

    @Override
    public void unavailable(Failure reason) {
        finish(reason);
    }

    @Override
    public void ended() {
        finish(null);
    }
}
