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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.NumberParameter;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Executes commands, in the same way for every connection type: each is written once, read back until the signal
 * confirms it, and ends with exactly one outcome. A command is never written a second time, never waits for a link
 * that is down, and is never written after its outcome was reported.
 * <p>
 * A board that may not be controlled has no command queue; without one no write is possible.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CommandQueue {

    /** Seconds after which a forced signal returns to its physical input; 0 = never. */
    public static final NumberParameter CONTROL_TIMEOUT = new NumberParameter("controlTimeout", "seconds", 0, 86_400,
            0);

    /** Maximum time until a command is written, and maximum time after the write until the signal must confirm it. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    private static final long READ_PAUSE_NANOS = 100_000_000L;

    private final Ticker ticker;
    private final Queue<Command> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean ready;
    private volatile boolean ended;
    private volatile @Nullable Command active;

    private enum State {
        WAITING,
        WRITING,
        CONFIRMING,
        READING
    }

    /**
     * Writes and reads on one connection type. Reports the result through the methods of the command, at once or
     * later, on the bus thread.
     */
    public interface Port {
        /**
         * Writes the command once, if {@link Command#mayBeWritten} is true right before the write. Ends with
         * {@link Command#written}, {@link Command#refused} or {@link Command#unanswered}.
         */
        void write(Command command) throws LinkException;

        /** Reads the signal. Ends with {@link Command#read} or {@link Command#unread}. */
        void read(Command command) throws LinkException;
    }

    /** A command and its state. Events after its outcome have no effect, neither on it nor on the next command. */
    public static final class Command {
        private final Point signal;
        private final SignalOverride force;
        private final AtomicReference<@Nullable Consumer<ControlOutcome>> listener;
        private final Ticker ticker;
        private final long submitted;
        private volatile State state = State.WAITING;
        private long written;
        private long nextRead;

        private Command(Point signal, SignalOverride force, Consumer<ControlOutcome> listener, Ticker ticker) {
            this.signal = signal;
            this.force = force;
            this.listener = new AtomicReference<>(listener);
            this.ticker = ticker;
            this.submitted = ticker.nanos();
        }

        public Point signal() {
            return signal;
        }

        public SignalOverride force() {
            return force;
        }

        /** Returns whether the command has no outcome yet. Ends a command that waited too long to be written. */
        public boolean isWanted() {
            if (state == State.WAITING && ticker.nanos() - submitted > PATIENCE_NANOS) {
                end(Result.NOT_SENT, "");
            }
            return listener.get() != null;
        }

        /** Marks the command as being written and returns whether it may be. Call this right before the write. */
        public boolean mayBeWritten() {
            if (!isWanted()) {
                return false;
            }
            state = State.WRITING;
            // A concurrent interrupt either removes the listener before this check or sees the state WRITING.
            return listener.get() != null;
        }

        /** The board acknowledged the write. */
        public void written() {
            if (state == State.WRITING) {
                written = ticker.nanos();
                nextRead = written;
                state = State.CONFIRMING;
            }
        }

        /** Returns the time (ticker) at which the board acknowledged the write. */
        public long writtenAt() {
            return written;
        }

        /** The board refused the write. */
        public void refused(String detail) {
            if (state == State.WRITING) {
                end(Result.REFUSED, detail);
            }
        }

        /** The write was not acknowledged. */
        public void unanswered() {
            if (state == State.WRITING) {
                end(Result.NO_ANSWER, "");
            }
        }

        /**
         * The signal was read.
         *
         * @param value 0 or 1; NaN when the value is ambiguous
         */
        public void read(double value) {
            if (state == State.READING && !Double.isNaN(value) && force.isShownBy(value == 1)) {
                end(Result.CONFIRMED, "");
            } else {
                unread();
            }
        }

        /** The signal could not be read. */
        public void unread() {
            if (state == State.READING) {
                long now = ticker.nanos();
                if (now - written >= PATIENCE_NANOS) {
                    end(Result.NOT_CONFIRMED, "");
                } else {
                    state = State.CONFIRMING;
                    nextRead = now + READ_PAUSE_NANOS;
                }
            }
        }

        /** Ends the command early, with the outcome that fits its state. */
        private void interrupt() {
            Consumer<ControlOutcome> heard = listener.getAndSet(null);
            if (heard != null) {
                // The state is read after the listener was removed, see mayBeWritten.
                tell(heard, switch (state) {
                    case WAITING -> Result.LINK_DOWN;
                    case WRITING -> Result.NO_ANSWER;
                    default -> Result.NOT_CONFIRMED;
                }, "");
            }
        }

        private void end(Result result, String detail) {
            Consumer<ControlOutcome> heard = listener.getAndSet(null);
            if (heard != null) {
                tell(heard, result, detail);
            }
        }

        private void tell(Consumer<ControlOutcome> heard, Result result, String detail) {
            heard.accept(new ControlOutcome(signal, force, result, detail));
        }
    }

    public CommandQueue(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Adds a command. May be called by any thread; the bus must be woken afterwards.
     *
     * @param listener receives the outcome, on this thread or the bus thread; must not block
     */
    public void submit(Point signal, SignalOverride force, Consumer<ControlOutcome> listener) {
        Command command = new Command(signal, force, listener, ticker);
        waiting.add(command);
        // Checked after the command was queued: it is either removed here or refused when the link goes down.
        if ((ended || !ready) && waiting.remove(command)) {
            command.interrupt();
        }
    }

    /** Returns the active command, or null if it has an outcome. */
    private @Nullable Command current() {
        Command command = active;
        return command != null && command.isWanted() ? command : null;
    }

    /** Returns whether a command waits to be written and no other is active. */
    public boolean isUrgent() {
        return !waiting.isEmpty() && current() == null;
    }

    /** Returns the time (ticker) at which {@link #step} must be called. */
    public long due() {
        Command command = current();
        Command next = waiting.peek();
        if (command == null && next != null) {
            // A fixed time: "now" would always be later than the time that the caller read before.
            return next.submitted;
        }
        return command != null && command.state == State.CONFIRMING ? command.nextRead : ticker.nanos() + Ticker.NEVER;
    }

    /**
     * Performs the step that is due: at most one write or read.
     *
     * @return whether one was due
     */
    public boolean step(Port port) throws LinkException {
        Command command = current();
        if (command == null) {
            Command next = waiting.poll();
            active = next;
            if (ended) {
                // The command was neither queued nor active when end() ran.
                interrupted();
            } else if (next != null && next.isWanted()) {
                port.write(next);
                return true;
            }
        } else if (command.state == State.CONFIRMING && command.nextRead - ticker.nanos() <= 0) {
            command.state = State.READING;
            port.read(command);
            return true;
        }
        return false;
    }

    /**
     * Ends the queue: the active and the waiting commands get their outcome, and later ones are refused. May be
     * called by any thread.
     */
    public void end() {
        ended = true;
        interrupted();
    }

    /** Sets whether the board can take commands. If not, the active and the waiting commands end. */
    public void setReady(boolean online) {
        ready = online;
        if (!online) {
            interrupted();
        }
    }

    /** Ends the active and the waiting commands, because the connection was lost or reopened. */
    public void interrupted() {
        Command command = active;
        if (command != null) {
            command.interrupt();
        }
        refuseWaiting();
    }

    private void refuseWaiting() {
        Command command = waiting.poll();
        while (command != null) {
            command.interrupt();
            command = waiting.poll();
        }
    }
}
