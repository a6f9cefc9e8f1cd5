/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.util.function.BooleanSupplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusMember;
import org.openhab.binding.bmsmain.internal.bus.BusSession;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.TraceSink.Event;

/**
 * Replays a recording to a board. The code of the board is the same as on a real bus; only the transport and the clock
 * are replaced.
 *
 * @param <S> type of an open bus session
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Replay<S extends BusSession> {

    private static final long LONGEST_PAUSE = 3_600_000_000_000L;

    private final ReplayTransport wire;
    private final Opener<S> opener;
    private final BusMember<S> board;
    private final String traceName;
    private @Nullable S session;

    /** Opens the bus on the transport of the recording. */
    interface Opener<S> {
        S open() throws LinkException;
    }

    /**
     * @param traceName name of the board's turns in the recording; empty for a bus without turns
     */
    Replay(ReplayTransport wire, Opener<S> opener, BusMember<S> board, String traceName) {
        this.wire = wire;
        this.opener = opener;
        this.board = board;
        this.traceName = traceName;
    }

    /** Replays the recording from start to end, while the condition holds. */
    void run(BooleanSupplier wanted) {
        try {
            events(wanted);
        } catch (ReplayTransport.EndException e) {
            // The recording was cut: the response to the last request is unknown.
        }
    }

    private void events(BooleanSupplier wanted) {
        Trace.Entry entry = wire.peek();
        while (entry != null && wanted.getAsBoolean()) {
            pass(entry.nanos());
            switch (entry.event()) {
                case OPENING:
                    open();
                    break;
                case TURN:
                    wire.skip();
                    if (traceName.equals(entry.detail())) {
                        serve();
                    } else {
                        skipTurn();
                    }
                    break;
                case SENT:
                case RECEIVED:
                    listen(entry);
                    break;
                default:
                    wire.skip();
            }
            watch();
            entry = wire.peek();
        }
    }

    /** Advances the clock to an event, and serves what is due before. */
    private void pass(long nanos) {
        // A pause can have any length in the file. Beyond an hour nothing new happens.
        long until = Math.min(nanos, wire.nanos() + LONGEST_PAUSE);
        @Nullable
        S open = session;
        while (board.deadline() - until < 0 || traceName.isEmpty() && open != null && board.due() - until < 0) {
            boolean due = traceName.isEmpty() && open != null && board.due() - board.deadline() < 0;
            wire.advance(due ? board.due() : board.deadline());
            if (due && open != null) {
                serve();
            }
            watch();
            open = session;
        }
        wire.advance(nanos);
    }

    private void open() {
        try {
            S opened = opener.open();
            session = opened;
            board.opened(opened);
        } catch (LinkException e) {
            session = null;
            board.unavailable(e.failure());
        }
        if (traceName.isEmpty() && session != null) {
            serve();
        }
    }

    private void serve() {
        @Nullable
        S open = session;
        if (open != null) {
            try {
                board.serve(open);
            } catch (LinkException e) {
                if (e.isSessionLost()) {
                    open.close();
                    session = null;
                }
            }
        }
    }

    /** A bus that only listens receives its bytes without a request. */
    private void listen(Trace.Entry entry) {
        @Nullable
        S open = session;
        if (!traceName.isEmpty() || open == null) {
            wire.skip();
            return;
        }
        try {
            open.idle(entry.nanos());
        } catch (LinkException e) {
            open.close();
            session = null;
        }
        if (wire.peek() == entry && entry.event() == Event.SENT) {
            wire.skip();
        }
    }

    /** Skips the turn of another board. */
    private void skipTurn() {
        Trace.Entry entry = wire.peek();
        while (entry != null && (entry.event() == Event.SENT || entry.event() == Event.RECEIVED)) {
            wire.skip();
            entry = wire.peek();
        }
    }

    private void watch() {
        if (board.deadline() - wire.nanos() <= 0) {
            board.watch(wire.nanos());
        }
    }
}
