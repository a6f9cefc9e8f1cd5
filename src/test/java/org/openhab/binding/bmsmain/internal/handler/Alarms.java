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

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;

/**
 * Timers that expire when a test advances the time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Alarms extends ScheduledThreadPoolExecutor {

    private final LeapTicker ticker;
    private final List<Timer> timers = new CopyOnWriteArrayList<>();

    Alarms(LeapTicker ticker) {
        super(1);
        this.ticker = ticker;
    }

    @Override
    public ScheduledFuture<?> schedule(@Nullable Runnable command, long delay, @Nullable TimeUnit unit) {
        if (command == null || unit == null) {
            throw new IllegalArgumentException();
        }
        Timer timer = new Timer(command, ticker.nanos() + unit.toNanos(delay));
        timers.add(timer);
        return timer;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(@Nullable Callable<V> callable, long delay, @Nullable TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    /** Number of pending timers. */
    int waiting() {
        timers.removeIf(Timer::isDone);
        return timers.size();
    }

    /** Advances the time; timers expire in their order. */
    void pass(long nanos) {
        long until = ticker.nanos() + nanos;
        while (ring(until)) {
            // One after the other: each may set new ones.
        }
        ticker.parkUntil(until);
    }

    /** Expires the next timer if it is due within the given time. @return whether there was one */
    boolean ring(long until) {
        Timer next = null;
        for (Timer timer : timers) {
            if (!timer.isDone() && timer.at - until <= 0 && (next == null || timer.at - next.at < 0)) {
                next = timer;
            }
        }
        if (next == null) {
            return false;
        }
        ticker.parkUntil(next.at);
        next.run();
        return true;
    }

    private static final class Timer extends FutureTask<@Nullable Void> implements ScheduledFuture<@Nullable Void> {
        private final long at;

        Timer(Runnable command, long at) {
            super(command, null);
            this.at = at;
        }

        @Override
        public long getDelay(@Nullable TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(@Nullable Delayed other) {
            throw new UnsupportedOperationException();
        }
    }
}
