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
 * Decides whether a board is online, in the same way for every connection type. A board goes online with its first
 * good reading and offline when none arrived for the lifetime of a value: a single lost answer changes nothing. The
 * values of a lost board are cleared.
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

    /** Number of recent requests from which the link quality is computed. */
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
    /** Ring buffer: whether each of the last requests got a good answer. */
    private final boolean[] outcomes = new boolean[QUALITY_REQUESTS];
    private int goodOutcomes;
    private boolean openedBefore;
    /** Whether the board answered or sent something since it last became unreachable. */
    private boolean heard;

    public BoardSupervisor(BoardSetup setup, BoardListener listener, Ticker ticker) {
        this.assembler = new BoardAssembler(setup);
        this.listener = listener;
        this.ticker = ticker;
        this.staleNanos = setup.lifetimeNanos(PollClass.FAST);
        this.longestSilence = staleNanos;
    }

    /** Sets the command queue that is notified when the board goes online or offline. */
    public void inform(CommandQueue commandQueue) {
        this.commandQueue = commandQueue;
    }

    /** Returns the assembler that takes the values read. */
    public BoardAssembler assembler() {
        return assembler;
    }

    /**
     * Sets a longer timeout for a board that sends less often than the setup expects. A shorter timeout than that of
     * the setup has no effect.
     *
     * @param nanos maximum silence before the board is lost, in nanoseconds
     */
    public void expectSilence(long nanos) {
        longestSilence = Math.max(staleNanos, nanos);
    }

    public boolean isOnline() {
        return state == State.ONLINE;
    }

    /** Called when the bus was opened or reopened. */
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

    /** Records a good answer of the board. */
    public void answered(long nowNanos, long responseNanos) {
        count(true);
        heard(nowNanos);
        assembler.put(Catalogue.RESPONSE_TIME, Math.rint(responseNanos / 10_000.0) / 100, nowNanos);
    }

    /** Records a good frame or answer of the board, such as a frame that it sent without a request. */
    public void heard(long nowNanos) {
        lastGood = nowNanos;
        heard = true;
        lastFailure = SILENT;
        // A member that joins an open bus gets no call of opened().
        openedBefore = true;
        assembler.put(Catalogue.LAST_UPDATE, ticker.now().toEpochMilli(), nowNanos);
    }

    /** Records that the board has no such value: a failed request, but no new failure cause. */
    public void refused() {
        count(false);
    }

    /** Records a request without a good answer. A single one can be chance. */
    public void failed(Failure failure) {
        count(false);
        lastFailure = failure;
    }

    /** Records an answer that contains no readings: the link works, but no value is known. */
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

    /** Called when the bus could not be opened, or several requests in a row failed. */
    public void onUnreachable(Failure failure) {
        lastFailure = failure;
        heard = false;
        CommandQueue informed = commandQueue;
        if (informed != null) {
            // Values stay valid until they expire, but a command must not wait until the board is back.
            informed.setReady(false);
        }
        if (state == State.UNKNOWN || state == State.OFFLINE && !failure.equals(reported)) {
            lose(ticker.nanos());
        }
    }

    /** Takes the board offline at once, because its data cannot be used. Known values are cleared. */
    public void withhold(Failure failure) {
        onUnreachable(failure);
        if (state == State.ONLINE) {
            lose(ticker.nanos());
        }
    }

    /** Called when the bus has ended: commands can no longer be executed. */
    public void ended() {
        CommandQueue informed = commandQueue;
        if (informed != null) {
            informed.end();
        }
    }

    /**
     * Reports the board online, with the values known now.
     *
     * @param busLoad bus load in percent; NaN while it is not known
     * @return the reported snapshot
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

    /** Returns the time (ticker) at which {@link #watch} must be called. */
    public long deadline() {
        return state == State.ONLINE ? lastGood + longestSilence : ticker.nanos() + Ticker.NEVER;
    }

    /** Takes the board offline when it was silent for too long. */
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
