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

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Time that stands still until a test lets it leap. Threads that rest do so for real. It begins two seconds before the
 * end of the range of {@code long}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ManualTicker implements Ticker {

    private static final long START = Long.MAX_VALUE - 2 * LeapTicker.SECOND;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    /** How long a test waits for a thread that does not come to rest, because it is held elsewhere. */
    private static final long PATIENCE = 50 * LeapTicker.MILLI;

    /** Who ever rested, and until when; absent while awake. */
    private final Map<Thread, Long> resting = new ConcurrentHashMap<>();
    private final Set<Thread> known = ConcurrentHashMap.newKeySet();
    private volatile long nanos = START;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return NOON.plusNanos(nanos - START);
    }

    @Override
    public void parkUntil(long until) {
        Thread current = Thread.currentThread();
        known.add(current);
        resting.put(current, until);
        if (until - nanos > 0) {
            LockSupport.park(this);
        }
        resting.remove(current);
    }

    /** Lets time leap, and returns when everybody who had to look at the clock has done so and rests again. */
    public synchronized void pass(long duration) {
        awaitRest();
        nanos += duration;
        resting.keySet().forEach(LockSupport::unpark);
        awaitRest();
    }

    private void awaitRest() {
        long begun = System.nanoTime();
        while (!known.stream().allMatch(this::rests) && System.nanoTime() - begun < PATIENCE) {
            Thread.yield();
        }
    }

    private boolean rests(Thread thread) {
        Long until = resting.get(thread);
        return !thread.isAlive() || until != null && until - nanos > 0;
    }
}
