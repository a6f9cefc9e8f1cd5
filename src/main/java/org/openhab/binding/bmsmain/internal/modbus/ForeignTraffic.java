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
 * foreign frame was heard, requests vary their length and boards confirm what is unusual.
 * <p>
 * It belongs to a line and not to a session.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ForeignTraffic {

    /** For so long after the last foreign frame others are expected. */
    private static final long GUARD_NANOS = 600_000_000_000L;
    /** One answer that cannot be ours may be that of a device that was just being switched off. */
    private static final int SUSPICIONS = 2;

    private long frames;
    private long answers;
    private int suspicions;
    private long lastNanos;
    private boolean guarding;
    private int intrusions;

    /** A request of another master was heard. */
    void heardRequest(long nowNanos) {
        frames++;
        guard(nowNanos);
    }

    /**
     * An answer to another master was heard.
     *
     * @param ours whether it comes from a board that is asked here too: then such answers may have been taken for ours
     */
    void heardAnswer(boolean ours, long nowNanos) {
        frames++;
        answers++;
        if (ours && !isGuarding(nowNanos)) {
            intrusions++;
        }
        guard(nowNanos);
    }

    /** An answer was as long as ours, and what it said was not that of the block that was asked for. */
    void suspect(long nowNanos) {
        suspicions++;
        if (suspicions >= SUSPICIONS) {
            heardAnswer(true, nowNanos);
        } else {
            if (!isGuarding(nowNanos)) {
                intrusions++;
            }
            guard(nowNanos);
        }
    }

    private void guard(long nowNanos) {
        guarding = true;
        lastNanos = nowNanos;
    }

    /** Whether answers to others are to be expected. */
    boolean isGuarding(long nowNanos) {
        if (guarding && nowNanos - lastNanos > GUARD_NANOS) {
            guarding = false;
            suspicions = 0;
        }
        return guarding;
    }

    /**
     * How often it was found out, after a time without foreign frames, that answers of a board that is asked here reach
     * us though others asked. What was taken before such a moment may have been one of them.
     */
    int intrusions() {
        return intrusions;
    }

    /** How many frames of others were heard. */
    public long frames() {
        return frames;
    }

    /** How many of them were answers. */
    public long answers() {
        return answers;
    }
}
