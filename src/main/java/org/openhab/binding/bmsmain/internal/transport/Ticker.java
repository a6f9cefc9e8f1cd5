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
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Time source of the buses. Injected, so that tests can skip time instead of sleeping.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface Ticker {

    /** In nanoseconds from now: far enough to count as never, near enough to be compared by difference. */
    long NEVER = Long.MAX_VALUE / 4;

    /** Monotonic clock in nanoseconds; only differences have a meaning. */
    long nanos();

    /** Wall clock. It may jump. */
    Instant now();

    /**
     * Waits until a moment of {@link #nanos()}. May return earlier, for example when the thread is woken; callers must
     * check the clock again.
     */
    void parkUntil(long nanos);

    /** The clock of this machine. */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }

    /** The clock of this machine. */
    final class SystemTicker implements Ticker {
        private static final SystemTicker INSTANCE = new SystemTicker();

        private SystemTicker() {
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void parkUntil(long nanos) {
            long rest = nanos - System.nanoTime();
            if (rest > 0) {
                LockSupport.parkNanos(this, rest);
            }
        }
    }
}
