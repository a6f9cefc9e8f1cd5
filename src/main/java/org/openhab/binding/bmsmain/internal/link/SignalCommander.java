/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.link;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalForce;
import org.openhab.binding.bmsmain.internal.link.ControlOutcome.Result;

/**
 * Carries out commands, for every wire in the same way: each is written once, read back until the signal shows it, and
 * ends with an outcome. Nothing is ever written again, and nothing waits for a link that is down.
 * <p>
 * A board that may not be controlled has no commander, and without one no write can be made.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SignalCommander {

    /** Within this time a command is on the wire, and within this time after it the signal must show it. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    private static final long READ_PAUSE_NANOS = 100_000_000L;

    private final Ticker ticker;
    private final Queue<Command> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean ready;
    private volatile boolean ended;
    private @Nullable Command active;
    private State state = State.IDLE;
    private long deadline;
    private long nextRead;

    private record Command(Point signal, SignalForce force, Consumer<ControlOutcome> listener, long submitted) {
    }

    private enum State {
        IDLE,
        WRITING,
        CONFIRMING,
        READING
    }

    /**
     * Does the work on a wire. It answers by calling the commander, at once or later, on the thread of the bus.
     */
    public interface Port {
        /** Writes once; ends in {@link #written}, {@link #refused} or {@link #unanswered}. */
        void write(Point signal, SignalForce force) throws LinkException;

        /** Reads the signal; ends in {@link #read} or {@link #unread}. */
        void read(Point signal) throws LinkException;
    }

    public SignalCommander(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Takes a command. May be called by any thread; the bus has to be woken afterwards.
     *
     * @param listener hears the outcome, on this thread or that of the bus; must not block
     */
    public void submit(Point signal, SignalForce force, Consumer<ControlOutcome> listener) {
        Command command = new Command(signal, force, listener, ticker.nanos());
        waiting.add(command);
        // Looked at after the command is in the queue: it is either taken back here or refused when the link goes down.
        if (!ready && waiting.remove(command)) {
            listener.accept(new ControlOutcome(signal, force, Result.LINK_DOWN, ""));
        }
    }

    /** Whether a command waits to be written. */
    public boolean isUrgent() {
        return state == State.IDLE && !waiting.isEmpty();
    }

    /** The moment at which {@link #step} has something to do. */
    public long due() {
        Command next = waiting.peek();
        if (state == State.IDLE && next != null) {
            // A moment that stays: seen from a clock that was read before, "now" would never have come.
            return next.submitted;
        }
        return state == State.CONFIRMING ? nextRead : ticker.nanos() + Ticker.NEVER;
    }

    /**
     * Does what is due: at most one write or read.
     *
     * @return whether anything was
     */
    public boolean step(Port port) throws LinkException {
        long now = ticker.nanos();
        Command command = active;
        if (state == State.IDLE) {
            Command next = waiting.poll();
            if (next == null) {
                return false;
            }
            active = next;
            if (now - next.submitted > PATIENCE_NANOS) {
                finish(Result.NOT_SENT, "");
                return false;
            }
            state = State.WRITING;
            port.write(next.signal, next.force);
            return true;
        }
        if (state == State.CONFIRMING && command != null && nextRead - now <= 0) {
            state = State.READING;
            port.read(command.signal);
            return true;
        }
        return false;
    }

    /** The board acknowledged the write. */
    public void written() {
        if (state == State.WRITING) {
            long now = ticker.nanos();
            state = State.CONFIRMING;
            deadline = now + PATIENCE_NANOS;
            nextRead = now;
        }
    }

    /** The board refused the write. */
    public void refused(String detail) {
        if (state == State.WRITING) {
            finish(Result.REFUSED, detail);
        }
    }

    /** The write was not acknowledged. */
    public void unanswered() {
        if (state == State.WRITING) {
            finish(Result.NO_ANSWER, "");
        }
    }

    /** The signal was read. */
    public void read(boolean signal) {
        Command command = active;
        if (state == State.READING && command != null) {
            if (command.force.isShownBy(signal)) {
                finish(Result.CONFIRMED, "");
            } else {
                unread();
            }
        }
    }

    /** The signal could not be read. */
    public void unread() {
        if (state == State.READING) {
            long now = ticker.nanos();
            if (deadline - now <= 0) {
                finish(Result.NOT_CONFIRMED, "");
            } else {
                state = State.CONFIRMING;
                nextRead = now + READ_PAUSE_NANOS;
            }
        }
    }

    /**
     * Ends: what waits is refused, and so is whatever comes. May be called by any thread. A command that is on the wire
     * has no outcome any more.
     */
    public void end() {
        ended = true;
        ready = false;
        refuseWaiting();
    }

    /** Says whether the board is online. When it is not, what waits is refused. */
    public void setReady(boolean online) {
        ready = online && !ended;
        if (!online) {
            interrupted();
        }
    }

    /** The connection was lost or opened anew: what was under way is not carried over. */
    public void interrupted() {
        if (state == State.WRITING) {
            finish(Result.NO_ANSWER, "");
        } else if (state != State.IDLE) {
            finish(Result.NOT_CONFIRMED, "");
        }
        refuseWaiting();
    }

    private void refuseWaiting() {
        Command command = waiting.poll();
        while (command != null) {
            command.listener.accept(new ControlOutcome(command.signal, command.force, Result.LINK_DOWN, ""));
            command = waiting.poll();
        }
    }

    private void finish(Result result, String detail) {
        Command command = active;
        active = null;
        state = State.IDLE;
        if (command != null) {
            command.listener.accept(new ControlOutcome(command.signal, command.force, result, detail));
        }
    }
}
