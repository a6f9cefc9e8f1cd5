/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * What is known about other masters on a line.
 * <p>
 * A second master on RS-485, or a serial server that sends each answer to all of its clients, causes answers to
 * requests of others. If such an answer has the same length as ours, its frame does not tell them apart. So for some
 * minutes after a foreign frame, requests vary their length, and unusual values are confirmed by further readings.
 * <p>
 * Belongs to a line and not to a session.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ForeignTraffic {

    /** Time after the last foreign frame during which others are expected, in nanoseconds. */
    private static final long GUARD_NANOS = 600_000_000_000L;

    private long lastNanos;
    private boolean guarding;
    private long lastAnswerNanos;
    private int intrusions;

    /** Records a request of another master: the answer after it is known to be foreign. */
    void heard(long nowNanos) {
        guarding = true;
        lastNanos = nowNanos;
    }

    /** Records an answer to another master without its request: others may have been taken for ours. */
    void heardAnswer(long nowNanos) {
        if (intrusions == 0 || nowNanos - lastAnswerNanos > GUARD_NANOS) {
            intrusions++;
        }
        lastAnswerNanos = nowNanos;
        heard(nowNanos);
    }

    /**
     * Number of times that foreign answers began after a time without them. Values read before may come from one
     * of them.
     */
    int intrusions() {
        return intrusions;
    }

    /** Whether foreign answers are to be expected. */
    boolean isGuarding(long nowNanos) {
        if (guarding && nowNanos - lastNanos > GUARD_NANOS) {
            guarding = false;
        }
        return guarding;
    }

    /** The same, as of the last check. */
    boolean isGuarding() {
        return guarding;
    }
}
