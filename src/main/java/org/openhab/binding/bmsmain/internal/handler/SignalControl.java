/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.GROUP_CONTROL;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.library.types.StringType;
import org.openhab.core.types.UnDefType;

/**
 * Controls the signals of a Thing: processes user commands, publishes the outcome, and releases forced signals after
 * a timeout.
 * <p>
 * Exists only for a Thing whose configuration allows control. When the Thing is changed, the next instance takes over
 * the signals that must still be released.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SignalControl {

    static final String LAST_RESULT = GROUP_CONTROL + "#last-result";

    /**
     * Retry interval for a signal that could not be released because the link was down. Also the minimum time before a
     * release after a restart.
     */
    private static final Duration GIVE_BACK_AGAIN = Duration.ofSeconds(5);

    private final CommandQueue commandQueue;
    private final Runnable wake;
    private final StatePublisher.Sink sink;
    private final Executor mailbox;
    private final BoardTexts texts;
    private final Duration timeout;
    private final ScheduledExecutorService scheduler;
    private final Ticker ticker;
    private final Map<Point, ScheduledFuture<?>> timers = new HashMap<>();
    /** Signals that must be released, with the start times of their timeouts. */
    private final Map<Point, Long> forced = new HashMap<>();
    /** User commands in progress. */
    private final List<Command> underWay = new ArrayList<>();
    /** Overrides confirmed since the board is online. Mailbox thread only, as is {@link #lastResult}. */
    private final Map<Point, SignalOverride> confirmed = new HashMap<>();
    private @Nullable String lastResult;
    private volatile boolean closed;

    private record Command(Point signal, SignalOverride force) {
    }

    /**
     * @param wake wakes the bus to process commands
     * @param sink receives the channel states; called on the mailbox thread only
     * @param mailbox runs tasks sequentially, never on the thread of the bus
     * @param timeout time after which a forced signal is released; zero = never
     */
    SignalControl(CommandQueue commandQueue, Runnable wake, StatePublisher.Sink sink, Executor mailbox,
            BoardTexts texts, Duration timeout, ScheduledExecutorService scheduler, Ticker ticker) {
        this.commandQueue = commandQueue;
        this.wake = wake;
        this.sink = sink;
        this.mailbox = mailbox;
        this.texts = texts;
        this.timeout = timeout;
        this.scheduler = scheduler;
        this.ticker = ticker;
    }

    /**
     * Takes over signals of the previous instance. Time runs from the command, with the current timeout.
     *
     * @param left what {@link #close()} returned
     */
    synchronized void takeOver(Map<Point, Long> left) {
        if (timeout.isZero()) {
            return;
        }
        forced.putAll(left);
        left.forEach((signal, since) -> {
            Duration rest = timeout.minusNanos(ticker.nanos() - since);
            startTimer(signal, rest.compareTo(GIVE_BACK_AGAIN) > 0 ? rest : GIVE_BACK_AGAIN);
        });
    }

    /** ID of the channel that controls a signal. */
    static String channelOf(Point signal) {
        return GROUP_CONTROL + "#" + signal.name();
    }

    /** The signal with this name, or null. */
    public static @Nullable Point signalOf(String name) {
        return Catalogue.byId("input-signals#" + name);
    }

    /**
     * Forces a signal.
     *
     * @param listener receives the outcome on the thread of the bus, possibly before the channels show it; must
     *            not block
     */
    void force(Point signal, SignalOverride force, Consumer<ControlOutcome> listener) {
        begin(new Command(signal, force));
        submit(signal, force, outcome -> {
            end(outcome);
            mailbox.execute(() -> show(outcome));
            listener.accept(outcome);
        });
    }

    private synchronized void begin(Command command) {
        underWay.add(command);
    }

    /**
     * Updates the timer according to the override that the board has, or may have. A command that did not reach the
     * board changes nothing: a pending release stays pending.
     */
    private synchronized void end(ControlOutcome outcome) {
        Point signal = outcome.signal();
        underWay.remove(new Command(signal, outcome.force()));
        Result result = outcome.result();
        boolean taken = result == Result.CONFIRMED || result == Result.NOT_CONFIRMED;
        if (outcome.force() == SignalOverride.PHYSICAL) {
            if (taken) {
                stopTimer(signal);
                forced.remove(signal);
            }
        } else if ((taken || result == Result.NO_ANSWER) && !timeout.isZero()) {
            forced.put(signal, ticker.nanos());
            startTimer(signal, timeout);
        }
    }

    private void submit(Point signal, SignalOverride force, Consumer<ControlOutcome> listener) {
        commandQueue.submit(signal, force, listener);
        wake.run();
    }

    private void show(ControlOutcome outcome) {
        if (closed) {
            return;
        }
        if (outcome.result() == Result.CONFIRMED) {
            confirmed.put(outcome.signal(), outcome.force());
            showSignal(outcome.signal());
        } else if (outcome.result() == Result.NOT_CONFIRMED || outcome.result() == Result.NO_ANSWER) {
            // The board may have executed the command: the earlier confirmation is no longer valid.
            confirmed.remove(outcome.signal());
            showSignal(outcome.signal());
        }
        showResult(texts.outcome(outcome));
    }

    /** Rejects an unknown command. */
    void refuse(Point signal, String command) {
        mailbox.execute(() -> {
            if (!closed) {
                showResult(texts.unknownForce(signal, command));
            }
        });
    }

    private void showResult(@Nullable String words) {
        lastResult = words;
        sink.state(LAST_RESULT, words == null ? UnDefType.UNDEF : new StringType(words));
    }

    /** Clears the result and all overrides: no command was sent yet. For the mailbox thread. */
    void reset() {
        unknown();
        showResult(null);
    }

    /** Sets all overrides to unknown: no command was sent yet, or the link is down. For the mailbox thread. */
    void unknown() {
        confirmed.clear();
        Catalogue.SIGNALS.forEach(this::showSignal);
    }

    private void showSignal(Point signal) {
        SignalOverride force = confirmed.get(signal);
        sink.state(channelOf(signal), force == null ? UnDefType.UNDEF : new StringType(force.id()));
    }

    /** Sends the state of one channel again. Must be called on the mailbox thread. */
    void refresh(String channelId) {
        if (closed) {
            return;
        }
        if (LAST_RESULT.equals(channelId)) {
            showResult(lastResult);
        }
        Catalogue.SIGNALS.stream().filter(signal -> channelOf(signal).equals(channelId)).forEach(this::showSignal);
    }

    private synchronized void startTimer(Point signal, Duration delay) {
        stopTimer(signal);
        if (!closed) {
            timers.put(signal, scheduler.schedule(() -> giveBack(signal), delay.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void stopTimer(Point signal) {
        ScheduledFuture<?> timer = timers.remove(signal);
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Releases a signal after its timeout. Until the board acknowledges or refuses the release, it stays pending. */
    private void giveBack(Point signal) {
        if (!isDue(signal)) {
            return;
        }
        submit(signal, SignalOverride.PHYSICAL, outcome -> {
            givenBack(outcome);
            mailbox.execute(() -> show(outcome));
        });
    }

    private synchronized void givenBack(ControlOutcome outcome) {
        Result result = outcome.result();
        if (result == Result.LINK_DOWN || result == Result.NOT_SENT || result == Result.NO_ANSWER) {
            startTimer(outcome.signal(), GIVE_BACK_AGAIN);
        } else {
            forced.remove(outcome.signal());
        }
    }

    /** Whether the signal must be released now. A newer command in progress takes precedence. */
    private synchronized boolean isDue(Point signal) {
        timers.remove(signal);
        if (underWay.stream().anyMatch(command -> command.signal.equals(signal))) {
            startTimer(signal, GIVE_BACK_AGAIN);
            return false;
        }
        return !closed;
    }

    /**
     * Stops all timers and rejects pending commands. Afterwards only {@link #unknown()} sends states.
     *
     * @return signals that must still be released, with the start times of their timeouts
     */
    Map<Point, Long> close() {
        commandQueue.end();
        synchronized (this) {
            if (!timeout.isZero()) {
                // The outcome of these commands is still pending: the board may have executed them.
                underWay.stream().filter(command -> command.force != SignalOverride.PHYSICAL)
                        .forEach(command -> forced.put(command.signal, ticker.nanos()));
            }
            closed = true;
            timers.values().forEach(timer -> timer.cancel(false));
            timers.clear();
            return Map.copyOf(forced);
        }
    }
}
