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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Virtual time: advances only when a thread waits, and then immediately. It starts two seconds before the end of
 * the range of {@code long}, so that comparisons of times without a difference fail.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class LeapTicker implements Ticker {

    public static final long MILLI = 1_000_000;
    public static final long SECOND = 1_000 * MILLI;

    private static final long START = Long.MAX_VALUE - 2 * SECOND;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final long start;
    private long nanos;

    public LeapTicker() {
        this(START);
    }

    /** @param start initial time */
    public LeapTicker(long start) {
        this.start = start;
        this.nanos = start;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    /** Time since the start in milliseconds. */
    public double millis() {
        return (nanos - start) / (double) MILLI;
    }

    @Override
    public Instant now() {
        return NOON.plusNanos(nanos - start);
    }

    @Override
    public void parkUntil(long until) {
        if (until - nanos > 0) {
            nanos = until;
        }
    }

    /** Advances the time. */
    public void pass(long duration) {
        nanos += duration;
    }
}
