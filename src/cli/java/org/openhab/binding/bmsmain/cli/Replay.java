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
 * Lets a board experience a recording: the code is the one that runs on a real wire, only the wire and the time are
 * those of the recording.
 *
 * @param <S> what an open bus of the board's kind is
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

    /** Opens the bus on the wire of the recording. */
    interface Opener<S> {
        S open() throws LinkException;
    }

    /**
     * @param traceName the word of the recording for a turn of this board; empty where the bus knows no turns
     */
    Replay(ReplayTransport wire, Opener<S> opener, BusMember<S> board, String traceName) {
        this.wire = wire;
        this.opener = opener;
        this.board = board;
        this.traceName = traceName;
    }

    /** Goes through the recording from its begin to its end, as long as somebody wants to see it. */
    void run(BooleanSupplier wanted) {
        try {
            events(wanted);
        } catch (ReplayTransport.EndException e) {
            // It was cut: what would have come of the last request is not known.
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

    /** Lets the time pass up to an event, and the board notice what depends on time alone. */
    private void pass(long nanos) {
        // A pause can be as long as a file says. After an hour, nothing more happens in it than happened before.
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

    /** A bus that is listened to gets its bytes without asking. */
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

    /** The turn of another board: its answers are not ours. */
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
