/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import java.time.Instant;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Virtual time: advances only during waits, and by one nanosecond with each reading of the clock.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TestTicker implements Ticker {

    static final long MILLI = 1_000_000;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private long nanos;

    @Override
    public long nanos() {
        return nanos++;
    }

    long millis() {
        return nanos / MILLI;
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public void parkUntil(long until) {
        nanos = Math.max(nanos, until);
    }

    void pass(long millis) {
        nanos += millis * MILLI;
    }
}
