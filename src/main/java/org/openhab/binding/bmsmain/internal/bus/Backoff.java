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

import java.util.function.DoubleSupplier;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Exponential back-off between attempts: 0.2 s at first, doubled up to 30 s, without a limit on attempts. Each delay
 * varies by ±20 %, so that many Things that lost the same gateway do not reconnect in step.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Backoff {

    public static final long FIRST_NANOS = 200_000_000L;
    public static final long LONGEST_NANOS = 30_000_000_000L;

    private static final double SPREAD = 0.2;

    private final DoubleSupplier random;
    private long nominal = FIRST_NANOS;

    /**
     * @param random numbers from 0 (inclusive) to 1 (exclusive)
     */
    public Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /** Returns the next delay in nanoseconds, between 0.2 s and 30 s. */
    public long next() {
        long spread = (long) (nominal * (1 - SPREAD + 2 * SPREAD * random.getAsDouble()));
        nominal = Math.min(LONGEST_NANOS, nominal * 2);
        return Math.max(FIRST_NANOS, Math.min(LONGEST_NANOS, spread));
    }

    /** Restarts at the shortest delay. Call this after a success. */
    public void reset() {
        nominal = FIRST_NANOS;
    }
}
