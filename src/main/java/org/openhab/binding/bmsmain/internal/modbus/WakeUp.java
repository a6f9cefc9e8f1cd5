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
 * Learns the rest after which a device ignores the first request, from the requests that it ignores.
 * <p>
 * Some devices switch off their receiver or processor after a second or so without requests. The request that wakes
 * them is lost. The evidence is a request that was sent after a rest and lost, and is answered when repeated after a
 * shorter one: three in a row, with no request answered after such a rest. From then on a wake-up read is sent before
 * the first request after such a rest. Its answer is awaited no longer than a device takes that is awake.
 * <p>
 * If the rest between two attempts is long enough for the device to fall asleep again, nothing would ever be answered.
 * So after two losses every second attempt also starts with a wake-up read, on a serial line only. On a network
 * silence has other reasons, and a gateway could get the next request while it waits for the first answer.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class WakeUp {

    private static final long MILLI = 1_000_000;
    /** Minimum rest, in nanoseconds; shorter ones occur between the requests of a cycle. */
    private static final long SHORTEST_REST = 300 * MILLI;
    private static final long FIRST_WAIT = 100 * MILLI;
    private static final long LONGEST_WAIT = 400 * MILLI;
    private static final int EVIDENCE = 3;
    /** Number of consecutive answers after such a rest which show that the device does not sleep any more. */
    private static final int DISPROOF = 3;

    private boolean isKnown;
    /** Time of the last request to the device or answer from it. */
    private long lastAt;
    private boolean wasAsked;
    /** The rest before the current request. */
    private long rest;
    /** Shortest rest before the requests lost since the last answer; 0 when it was not the reason, or none was. */
    private long lostRest;
    private int losses;
    /** Shortest rest after which a request was ignored; 0 when none was. */
    private long overlooked;
    private int evidence;
    private int awake;
    private long wait = FIRST_WAIT;

    /**
     * Whether a wake-up read must precede a request at this moment.
     *
     * @param mayTry whether to try it without evidence, because the line is a serial one
     */
    boolean isDue(long nanos, boolean mayTry) {
        long now = wasAsked ? nanos - lastAt : 0;
        return isKnown ? now >= threshold() : mayTry && losses > 1 && losses % 2 == 0 && now >= SHORTEST_REST;
    }

    /** Maximum time to wait for the answer to the wake-up read, in nanoseconds. */
    long waitNanos() {
        return wait;
    }

    /** Rest after which a request is ignored, in nanoseconds; 0 while unknown. */
    long rest() {
        return isKnown ? overlooked : 0;
    }

    private long threshold() {
        return overlooked / 4 * 3;
    }

    /** Records the start of a request. */
    void begins(long nanos) {
        rest = wasAsked ? nanos - lastAt : 0;
        wasAsked = true;
        lastAt = nanos;
    }

    /** Records that a request got no answer, not even a byte. */
    void lost() {
        losses++;
        if (rest < SHORTEST_REST) {
            if (isKnown && lostRest > 0) {
                // The request was sent too soon after the wake-up read.
                wait = Math.min(LONGEST_WAIT, 2 * wait);
            }
            lostRest = 0;
        } else {
            lostRest = lostRest == 0 ? rest : Math.min(lostRest, rest);
        }
    }

    /** Records that the device ignored the wake-up read, as expected. */
    void woken() {
        lostRest = lostRest == 0 ? rest : Math.min(lostRest, rest);
    }

    /** Records an answer of the device. */
    void answered(long nanos) {
        lastAt = nanos;
        losses = 0;
        if (lostRest > 0 && rest < lostRest / 10 * 9) {
            overlooked = overlooked == 0 ? lostRest : Math.min(overlooked, lostRest);
            evidence++;
            isKnown |= evidence >= EVIDENCE;
            awake = 0;
        } else if (overlooked > 0 && rest >= overlooked) {
            evidence = 0;
            awake++;
            if (!isKnown || awake >= DISPROOF) {
                forget();
            }
        }
        lostRest = 0;
    }

    /** Clears what was learnt: it may be another device. */
    void forget() {
        isKnown = false;
        overlooked = 0;
        evidence = 0;
        awake = 0;
        losses = 0;
        lostRest = 0;
        wait = FIRST_WAIT;
    }
}
