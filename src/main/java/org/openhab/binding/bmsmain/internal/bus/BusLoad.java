/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.bus;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Bus load: share of time in which the bus is busy, over windows of ten seconds.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BusLoad {

    private static final long WINDOW_NANOS = 10_000_000_000L;

    private long windowStart;
    private long busy;
    private double lastPercent = Double.NaN;

    public BusLoad(long nowNanos) {
        windowStart = nowNanos;
    }

    /** Adds a busy period that ends now. */
    public void add(long busyNanos, long nowNanos) {
        roll(nowNanos);
        busy += busyNanos;
    }

    /** Returns the load in the last full window in percent, 0..100; before that, the load so far. */
    public double percent(long nowNanos) {
        roll(nowNanos);
        return Double.isNaN(lastPercent) ? percent(busy, nowNanos - windowStart) : lastPercent;
    }

    private void roll(long nowNanos) {
        long elapsed = nowNanos - windowStart;
        if (elapsed >= WINDOW_NANOS) {
            lastPercent = percent(busy, elapsed);
            windowStart = nowNanos;
            busy = 0;
        }
    }

    private static double percent(long busyNanos, long elapsedNanos) {
        return elapsedNanos <= 0 ? Double.NaN : Math.min(100, Math.rint(1000.0 * busyNanos / elapsedNanos) / 10);
    }
}
