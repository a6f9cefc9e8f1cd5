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
 * A second master on RS-485, or a serial server that gives each answer to all of its clients, brings answers that
 * nobody asked for here. One that is as long as ours cannot be told from it by its frame. So for some minutes after a
 * foreign frame was heard, requests vary their length, and what is unusual is confirmed by further readings.
 * <p>
 * It belongs to a line and not to a session.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ForeignTraffic {

    /** For so long after the last foreign frame others are expected. */
    private static final long GUARD_NANOS = 600_000_000_000L;

    private long lastNanos;
    private boolean guarding;
    private long lastAnswerNanos;
    private int intrusions;

    /** A request of another master was heard: the answer behind it is known to be foreign. */
    void heard(long nowNanos) {
        guarding = true;
        lastNanos = nowNanos;
    }

    /** An answer to another master was heard without its request: others may have been taken for ours. */
    void heardAnswer(long nowNanos) {
        if (intrusions == 0 || nowNanos - lastAnswerNanos > GUARD_NANOS) {
            intrusions++;
        }
        lastAnswerNanos = nowNanos;
        heard(nowNanos);
    }

    /**
     * How often foreign answers were heard after a time without them. What was read before such a moment may have been
     * one of them.
     */
    int intrusions() {
        return intrusions;
    }

    /** Whether answers to others are to be expected. */
    boolean isGuarding(long nowNanos) {
        if (guarding && nowNanos - lastNanos > GUARD_NANOS) {
            guarding = false;
        }
        return guarding;
    }

    /** The same, as of the last time that it was looked at. */
    boolean isGuarding() {
        return guarding;
    }
}
