/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Time that stands still until the test advances it. Waiting threads really block. It starts two seconds before the
 * end of the range of {@code long}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ManualTicker implements Ticker {

    private static final long START = Long.MAX_VALUE - 2 * LeapTicker.SECOND;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    /** Maximum time a test waits for a thread that does not come to rest, because it is blocked elsewhere. */
    private static final long PATIENCE = 2 * LeapTicker.SECOND;

    /** Threads that rest now. */
    private final Set<Thread> resting = ConcurrentHashMap.newKeySet();
    /** Number of rests of each thread. */
    private final Map<Thread, Integer> rests = new ConcurrentHashMap<>();
    private final AtomicLong nanos = new AtomicLong(START);

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return NOON.plusNanos(nanos.get() - START);
    }

    @Override
    public void parkUntil(long until) {
        Thread current = Thread.currentThread();
        if (rests.merge(current, 1, Integer::sum) == 1) {
            // A wake-up before this time was not possible, so the thread checks its work once more.
            return;
        }
        resting.add(current);
        if (until - nanos.get() > 0) {
            LockSupport.park(this);
        }
        resting.remove(current);
    }

    /** Wakes all threads, so that they read the clock. */
    public void wake() {
        rests.keySet().forEach(LockSupport::unpark);
    }

    /** Advances the time to simulate a long operation of a thread; does not wait for other threads. */
    public void leap(long duration) {
        nanos.addAndGet(duration);
    }

    /** Advances the time, and returns when all threads have read the clock and rest again. */
    public synchronized void pass(long duration) {
        await(Map.of());
        Map<Thread, Integer> before = Map.copyOf(rests);
        nanos.addAndGet(duration);
        wake();
        await(before);
    }

    private void await(Map<Thread, Integer> before) {
        long begun = System.nanoTime();
        while (!rests.keySet().stream().allMatch(thread -> hasRested(thread, before))
                && System.nanoTime() - begun < PATIENCE) {
            Thread.yield();
        }
    }

    private boolean hasRested(Thread thread, Map<Thread, Integer> before) {
        return !thread.isAlive()
                || resting.contains(thread) && rests.getOrDefault(thread, 0) > before.getOrDefault(thread, 0);
    }
}
