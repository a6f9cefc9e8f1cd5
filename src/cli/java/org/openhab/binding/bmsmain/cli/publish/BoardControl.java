/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.cli.publish.BrokerConnection.Incoming;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Executes commands for a board, reports their results, and releases forced signals after a timeout. The command queue
 * of the board writes them, as in openHAB: each command is written once, and has one result.
 * <p>
 * A command is refused if it was retained, may have been delayed by more than five seconds, names a signal that is not
 * allowed, or has an unknown payload. For one thread, which also receives the results.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BoardControl {

    private static final Duration GIVE_BACK_AGAIN = Duration.ofSeconds(5);
    private static final String SET = "/set";
    private static final int LONGEST_WORD = 40;

    /** Receives the results of commands. */
    interface Sink {
        /** @param payload {@code on}, {@code off} or {@code physical}; empty when unknown */
        void signal(Point signal, String payload);

        void result(String words);
    }

    private final String prefix;
    private final Set<Point> allowed;
    private final CommandQueue queue;
    private final Runnable wake;
    private final Duration timeout;
    private final Words words;
    private final Sink sink;
    private final Consumer<String> log;
    private final ScheduledExecutorService thread;
    private final Ticker ticker;
    private final Map<Point, ScheduledFuture<?>> timers = new HashMap<>();

    /**
     * @param prefix prefix of the topics of the signals
     * @param allowed signals that may be forced
     * @param wake makes the bus check the queue
     * @param timeout time after which a forced signal is released; zero = never
     */
    BoardControl(String prefix, Set<Point> allowed, CommandQueue queue, Runnable wake, Duration timeout, Words words,
            Sink sink, Consumer<String> log, ScheduledExecutorService thread, Ticker ticker) {
        this.prefix = prefix;
        this.allowed = Set.copyOf(allowed);
        this.queue = queue;
        this.wake = wake;
        this.timeout = timeout;
        this.words = words;
        this.sink = sink;
        this.log = log;
        this.thread = thread;
        this.ticker = ticker;
    }

    /** Executes a command, or reports why it is refused. */
    void take(Incoming command) {
        String topic = command.topic();
        if (!topic.startsWith(prefix) || !topic.endsWith(SET)) {
            return;
        }
        String name = topic.substring(prefix.length(), topic.length() - SET.length());
        Point signal = Catalogue.byId("input-signals#" + name);
        if (signal == null || !allowed.contains(signal)) {
            tell(brief(name) + ": refused, control of this signal is not allowed");
            return;
        }
        SignalOverride force = SignalOverride.byId(command.payload());
        String what = name + " = " + brief(command.payload());
        if (command.payload().isEmpty()) {
            // The deletion of a retained command is no command.
            return;
        } else if (command.isRetained()) {
            tell(what + ": refused, the command is retained");
        } else if (isOld(command)) {
            tell(what + ": refused, the command is or may be older than 5 s");
        } else if (force == null) {
            tell(what + ": refused, the command is not on, off or physical");
        } else {
            submit(signal, force);
        }
    }

    private static String brief(String word) {
        return word.length() <= LONGEST_WORD ? word : word.substring(0, LONGEST_WORD) + "...";
    }

    private boolean isOld(Incoming command) {
        Instant given = command.given();
        return !command.isFresh() || given != null && Math
                .abs(Duration.between(given, ticker.now()).toMillis()) > BrokerConnection.COMMAND_AGE_NANOS / 1_000_000;
    }

    private void submit(Point signal, SignalOverride force) {
        queue.submit(signal, force, outcome -> thread.execute(() -> ended(outcome)));
        wake.run();
    }

    private void ended(ControlOutcome outcome) {
        Point signal = outcome.signal();
        Result result = outcome.result();
        boolean taken = result == Result.CONFIRMED || result == Result.NOT_CONFIRMED;
        boolean maybe = taken || result == Result.NO_ANSWER;
        if (outcome.force() == SignalOverride.PHYSICAL) {
            if (taken || result == Result.REFUSED) {
                stopTimer(signal);
            } else if (timers.containsKey(signal)) {
                // Retried until the board accepts it.
                startTimer(signal, GIVE_BACK_AGAIN);
            }
        } else if (maybe && !timeout.isZero()) {
            startTimer(signal, timeout);
        }
        if (result == Result.CONFIRMED) {
            sink.signal(signal, outcome.force().id());
        } else if (maybe) {
            sink.signal(signal, "");
        }
        tell(words.outcome(outcome));
    }

    private void tell(String result) {
        sink.result(result);
        log.accept(result);
    }

    private void startTimer(Point signal, Duration delay) {
        stopTimer(signal);
        timers.put(signal, thread.schedule(() -> submit(signal, SignalOverride.PHYSICAL), delay.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    private void stopTimer(Point signal) {
        ScheduledFuture<?> timer = timers.remove(signal);
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Publishes all signals as unknown: the board was lost, or has started. */
    void unknown() {
        allowed.forEach(signal -> sink.signal(signal, ""));
    }

    /** Ends writing. */
    void close() {
        timers.values().forEach(timer -> timer.cancel(false));
        timers.clear();
        queue.end();
    }
}
