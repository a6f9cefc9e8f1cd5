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
 * A {@link RegisterSearch} on the bus of a board, beside its normal polling: one read for each turn, and every other
 * member goes first. Nothing is written.
 * <p>
 * It ends when its time is over, when it is stopped, or when the board is gone: the bus cannot be opened, or the board
 * does not answer for a register that it has either. A device that is silent at registers that it lacks is none that is
 * gone. One that closes the connection because of the search is left alone after the third time. What was read up to
 * then can be looked at all the same.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class RegisterSearchTask implements BusMember<ModbusClient> {

    private static final String TURN = "search";
    /** The current, which each board has. */
    private static final int PROBE_ADDRESS = 0x2001;
    private static final int PROBE_COUNT = 2;
    private static final int MOST_FAILURES = 3;
    /** The bus rests this many times as long as an answer was waited for. */
    private static final int REST = 9;

    private final RegisterSearch search;
    private final int unit;
    private final long timeoutNanos;
    private final Ticker ticker;
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private volatile @Nullable Failure failure;

    // Used by the bus only.
    private int unanswered;
    private int lost;
    private long restsUntil;

    /**
     * How far it is.
     *
     * @param passes how often everything was read that was to be read
     * @param found number of registers that the board has, the public ones among them too
     * @param left number of registers that are still to be read in this pass
     * @param reads number of requests up to now
     * @param secondsLeft seconds until it ends by itself, 0 when it has ended
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
     * Begins a search. Returns at once.
     *
     * @param unit address of the board
     * @param timeout how long the board may take to begin an answer
     * @param withCells whether the window of the BMS Logic boards is read, too
     * @param duration how long to go on reading
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

    /** Waits until the search has ended, at most so long. @return whether it has */
    public boolean await(Duration time) throws InterruptedException {
        try {
            return end.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return end.isDone();
        }
    }

    /** How far it is now. Waits for a request that is on its way. */
    public State state() {
        boolean isDone = end.isDone();
        long left = isDone ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toSeconds(search.end() - ticker.nanos()));
        synchronized (search) {
            return new State(search.passes(), search.found(), search.left(), search.reads(), left, isDone, failure);
        }
    }

    /**
     * Looks for places in what was read up to now. Waits for a request that is on its way; takes processor time.
     *
     * @param order order of the words, or null when it is to be found in the public registers
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

    /** Asks whether the board is there at all, before more is asked for that it may not have. */
    private void probe(ModbusClient client) throws LinkException {
        try {
            read(client, PROBE_ADDRESS, PROBE_COUNT);
        } catch (ModbusException e) {
            // It is there.
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
