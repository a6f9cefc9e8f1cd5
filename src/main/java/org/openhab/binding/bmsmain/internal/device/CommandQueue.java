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
 * Carries out commands, for every wire in the same way: each is written once, read back until the signal shows it, and
 * ends with one outcome. Nothing is ever written again, nothing waits for a link that is down, and nothing is written
 * behind its outcome.
 * <p>
 * A board that may not be controlled has no commander, and without one no write can be made.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CommandQueue {

    /** After how many seconds a forced signal is given back; 0 = never. */
    public static final NumberParameter CONTROL_TIMEOUT = new NumberParameter("controlTimeout", "seconds", 0, 86_400,
            0);

    /** Within this time a command is on the wire, and within this time after it the signal must show it. */
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
     * Does the work on a wire. It answers by calling the command, at once or later, on the thread of the bus.
     */
    public interface Port {
        /**
         * Writes once, unless the command, asked right before, may not be written any more; ends in
         * {@link Command#written}, {@link Command#refused} or {@link Command#unanswered}.
         */
        void write(Command command) throws LinkException;

        /** Reads the signal; ends in {@link Command#read} or {@link Command#unread}. */
        void read(Command command) throws LinkException;
    }

    /**
     * A command on its way. What comes for it after its outcome changes nothing, also not for the next one.
     */
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

        /** Whether there is no outcome yet, and it is not too late to be written. */
        public boolean isWanted() {
            if (state == State.WAITING && ticker.nanos() - submitted > PATIENCE_NANOS) {
                end(Result.NOT_SENT, "");
            }
            return listener.get() != null;
        }

        /** To be asked right before it is written: from then on it is taken for written. */
        public boolean mayBeWritten() {
            if (!isWanted()) {
                return false;
            }
            state = State.WRITING;
            // Whoever gives the outcome meanwhile does so before this look, or sees that it may have been written.
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

        /** When the board acknowledged the write. */
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
         * @param value 0 or 1; NaN when it is not clear what was read
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

        /** Nobody will hear of it any more. */
        private void interrupt() {
            Consumer<ControlOutcome> heard = listener.getAndSet(null);
            if (heard != null) {
                // The state is looked at behind that, see mayBeWritten.
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
     * Takes a command. May be called by any thread; the bus has to be woken afterwards.
     *
     * @param listener hears the outcome, on this thread or that of the bus; must not block
     */
    public void submit(Point signal, SignalOverride force, Consumer<ControlOutcome> listener) {
        Command command = new Command(signal, force, listener, ticker);
        waiting.add(command);
        // Looked at after the command is in the queue: it is either taken back here or refused when the link goes down.
        if ((ended || !ready) && waiting.remove(command)) {
            command.interrupt();
        }
    }

    /** The command that has no outcome yet. */
    private @Nullable Command current() {
        Command command = active;
        return command != null && command.isWanted() ? command : null;
    }

    /** Whether a command waits to be written. */
    public boolean isUrgent() {
        return !waiting.isEmpty() && current() == null;
    }

    /** The moment at which {@link #step} has something to do. */
    public long due() {
        Command command = current();
        Command next = waiting.peek();
        if (command == null && next != null) {
            // A moment that stays: seen from a clock that was read before, "now" would never have come.
            return next.submitted;
        }
        return command != null && command.state == State.CONFIRMING ? command.nextRead : ticker.nanos() + Ticker.NEVER;
    }

    /**
     * Does what is due: at most one write or read.
     *
     * @return whether anything was
     */
    public boolean step(Port port) throws LinkException {
        Command command = current();
        if (command == null) {
            Command next = waiting.poll();
            active = next;
            if (ended) {
                // It was in neither place when the end looked.
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
     * Ends: what is on the wire or waits is given its outcome, and whatever comes is refused. May be called by any
     * thread.
     */
    public void end() {
        ended = true;
        interrupted();
    }

    /** Says whether the board is online. When it is not, what waits is refused. */
    public void setReady(boolean online) {
        ready = online;
        if (!online) {
            interrupted();
        }
    }

    /** The connection was lost or opened anew: what was under way is not carried over. */
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
