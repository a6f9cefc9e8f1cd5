/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.device;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.FaultWatcher;
import org.openhab.binding.bmsmain.internal.board.PollClass;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Decides whether a board is online, for every wire in the same way. A board is online when it was read, and stays so
 * until nothing good was read for as long as a value counts: a single lost answer changes nothing. A lost board takes
 * its values with it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BoardSupervisor {

    private enum State {
        UNKNOWN,
        ONLINE,
        OFFLINE
    }

    /** The quality of the link is that of so many requests. */
    private static final int QUALITY_REQUESTS = 100;
    private static final Failure SILENT = Failure.of(FailureCause.NO_ANSWER);

    private final BoardAssembler assembler;
    private final FaultWatcher faults = new FaultWatcher();
    private final BoardListener listener;
    private final Ticker ticker;
    private final long staleNanos;

    private State state = State.UNKNOWN;
    private long lastGood;
    private long longestSilence;
    private Failure lastFailure = SILENT;
    private @Nullable Failure reported;
    private @Nullable CommandQueue commandQueue;
    private long requests;
    private long failedRequests;
    private long reconnects;
    /** Whether the last requests got a good answer, in a ring. */
    private final boolean[] outcomes = new boolean[QUALITY_REQUESTS];
    private int goodOutcomes;
    private boolean openedBefore;
    /** Whether the board was heard since it was given up last. */
    private boolean heard;

    public BoardSupervisor(BoardSetup setup, BoardListener listener, Ticker ticker) {
        this.assembler = new BoardAssembler(setup);
        this.listener = listener;
        this.ticker = ticker;
        this.staleNanos = setup.lifetimeNanos(PollClass.FAST);
        this.longestSilence = staleNanos;
    }

    /** Lets a commander know whether the board is online. */
    public void inform(CommandQueue commandQueue) {
        this.commandQueue = commandQueue;
    }

    /** Where values that were read are put. */
    public BoardAssembler assembler() {
        return assembler;
    }

    /**
     * Gives a board more time that speaks more seldom than its values live by the setup. A shorter time has no effect.
     *
     * @param nanos how long it may be silent before it is lost
     */
    public void expectSilence(long nanos) {
        longestSilence = Math.max(staleNanos, nanos);
    }

    public boolean isOnline() {
        return state == State.ONLINE;
    }

    /** The bus was opened, for the first time or anew. */
    public void opened() {
        assembler.connected();
        if (openedBefore) {
            reconnects++;
        }
        CommandQueue informed = commandQueue;
        if (informed != null) {
            informed.interrupted();
        }
        openedBefore = true;
    }

    /** The board gave a good answer. */
    public void answered(long nowNanos, long responseNanos) {
        count(true);
        heard(nowNanos);
        assembler.put(Catalogue.RESPONSE_TIME, Math.rint(responseNanos / 10_000.0) / 100, nowNanos);
    }

    /** The board was heard without being asked. */
    public void heard(long nowNanos) {
        lastGood = nowNanos;
        heard = true;
        lastFailure = SILENT;
        // Who joins a bus that is open does not hear that it was opened.
        openedBefore = true;
        assembler.put(Catalogue.LAST_UPDATE, ticker.now().toEpochMilli(), nowNanos);
    }

    /** The board answered that it has no such value. That is an answer, but not a good one. */
    public void refused() {
        count(false);
    }

    /** A request got no good answer. It may have been bad luck. */
    public void failed(Failure failure) {
        count(false);
        lastFailure = failure;
    }

    /** The board answered, but with something that is no reading: the link works, and nothing is known. */
    public void discarded(Failure failure) {
        count(true);
        lastFailure = failure;
    }

    private void count(boolean good) {
        int place = (int) (requests % QUALITY_REQUESTS);
        goodOutcomes += (good ? 1 : 0) - (outcomes[place] ? 1 : 0);
        outcomes[place] = good;
        requests++;
        failedRequests += good ? 0 : 1;
    }

    /** The bus could not be opened, or several requests in a row failed. */
    public void onUnreachable(Failure failure) {
        lastFailure = failure;
        heard = false;
        CommandQueue informed = commandQueue;
        if (informed != null) {
            // Values still count for a while, but a command must not wait until the board is back.
            informed.setReady(false);
        }
        if (state == State.UNKNOWN || state == State.OFFLINE && !failure.equals(reported)) {
            lose(ticker.nanos());
        }
    }

    /** What the board says cannot be used, whatever was known of it before. */
    public void withhold(Failure failure) {
        onUnreachable(failure);
        if (state == State.ONLINE) {
            lose(ticker.nanos());
        }
    }

    /** The bus has ended: nobody is left who could carry out a command. */
    public void ended() {
        CommandQueue informed = commandQueue;
        if (informed != null) {
            informed.end();
        }
    }

    /**
     * Reports the board online, with what is known now.
     *
     * @param busLoad how busy the bus is in percent; NaN while that is not known
     * @return what was reported
     */
    public BoardSnapshot publish(double busLoad) {
        state = State.ONLINE;
        reported = null;
        long now = ticker.nanos();
        if (!Double.isNaN(busLoad)) {
            assembler.put(Catalogue.BUS_LOAD, busLoad, now);
        }
        return report(now, null);
    }

    /** The moment at which {@link #watch} has something to do. */
    public long deadline() {
        return state == State.ONLINE ? lastGood + longestSilence : ticker.nanos() + Ticker.NEVER;
    }

    /** Loses the board when it was silent for too long. */
    public void watch(long nowNanos) {
        if (state == State.ONLINE && nowNanos - lastGood >= longestSilence) {
            lose(nowNanos);
        }
    }

    private void lose(long nowNanos) {
        state = State.OFFLINE;
        reported = lastFailure;
        assembler.forgetBoard();
        assembler.forget(Catalogue.RESPONSE_TIME);
        assembler.forget(Catalogue.BUS_LOAD);
        assembler.forget(Catalogue.QUALITY);
        report(nowNanos, lastFailure);
    }

    private BoardSnapshot report(long nowNanos, @Nullable Failure failure) {
        assembler.put(Catalogue.ONLINE, failure == null ? 1 : 0, nowNanos);
        if (failure == null && requests > 0) {
            assembler.put(Catalogue.QUALITY, Math.rint(100.0 * goodOutcomes / Math.min(requests, QUALITY_REQUESTS)),
                    nowNanos);
        }
        assembler.put(Catalogue.REQUESTS, requests, nowNanos);
        assembler.put(Catalogue.FAILED_REQUESTS, failedRequests, nowNanos);
        assembler.put(Catalogue.RECONNECTS, reconnects, nowNanos);
        assembler.put(Catalogue.REJECTED_VALUES, assembler.rejectedValues(), nowNanos);
        CommandQueue informed = commandQueue;
        if (informed != null) {
            informed.setReady(failure == null && heard);
        }
        BoardSnapshot snapshot = assembler.snapshot(nowNanos, ticker.now());
        List<FaultEvent> events = List.of();
        if (failure == null) {
            events = faults.compare(snapshot);
        } else {
            faults.lost();
        }
        listener.report(new BoardReport(failure, snapshot, events));
        return snapshot;
    }
}
