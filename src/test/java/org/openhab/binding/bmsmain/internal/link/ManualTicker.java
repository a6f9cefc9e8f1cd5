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

    private final Set<Thread> resting = ConcurrentHashMap.newKeySet();
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
        resting.add(current);
        if (until - nanos > 0) {
            LockSupport.park(this);
        }
        resting.remove(current);
    }

    /** Lets time leap, and everybody look at the clock. */
    public synchronized void pass(long duration) {
        nanos += duration;
        resting.forEach(LockSupport::unpark);
    }
}
