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
 * After how long a rest a device overlooks the first request, learnt from the requests that it overlooks.
 * <p>
 * Some devices switch their receiver or processor off when nobody asks for a second or so. What wakes them is lost. The
 * evidence is a request that was sent after a rest and lost, and is answered when it is sent again after a shorter one:
 * three in a row, with no request answered after such a rest. From then on a short read that nobody needs goes before
 * the first request after such a rest, and is not waited for longer than a device takes that is awake.
 * <p>
 * Where the rest between two attempts is long enough for the device to fall asleep again, nothing would ever be
 * answered. So every second attempt after two losses is made in that way too, on a serial line. Over a network silence
 * has other reasons, and a gateway could be asked again while it waits for the first answer.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class WakeUp {

    private static final long MILLI = 1_000_000;
    /** A shorter rest is one between requests of a cycle. */
    private static final long SHORTEST_REST = 300 * MILLI;
    private static final long FIRST_WAIT = 100 * MILLI;
    private static final long LONGEST_WAIT = 400 * MILLI;
    private static final int EVIDENCE = 3;
    /** So many requests in a row answered after such a rest show that the device does not sleep any more. */
    private static final int DISPROOF = 3;

    private boolean isKnown;
    /** When the device was asked or answered last. */
    private long lastAt;
    private boolean wasAsked;
    /** The rest before the request that is under way. */
    private long rest;
    /** The rest before the requests that were lost since the last answer; 0 when none was, or it was not the rest. */
    private long lostRest;
    private int losses;
    /** The shortest rest after which a request was overlooked; 0 when none was. */
    private long overlooked;
    private int evidence;
    private int awake;
    private long wait = FIRST_WAIT;

    /**
     * Whether a read must go before a request that is made at this moment.
     *
     * @param mayTry whether it may be tried without evidence, because the line is a serial one
     */
    boolean isDue(long nanos, boolean mayTry) {
        long now = wasAsked ? nanos - lastAt : 0;
        return isKnown ? now >= threshold() : mayTry && losses > 1 && losses % 2 == 0 && now >= SHORTEST_REST;
    }

    /** How long to wait for the answer to that read, in nanoseconds. */
    long waitNanos() {
        return wait;
    }

    /** The rest after which a request is overlooked, in nanoseconds; 0 while none is. */
    long rest() {
        return isKnown ? overlooked : 0;
    }

    private long threshold() {
        return overlooked / 4 * 3;
    }

    /** A request begins. */
    void begins(long nanos) {
        rest = wasAsked ? nanos - lastAt : 0;
        wasAsked = true;
        lastAt = nanos;
    }

    /** Not a byte came in answer to a request. */
    void lost() {
        losses++;
        if (rest < SHORTEST_REST) {
            if (isKnown && lostRest > 0) {
                // It was sent too soon after the read that wakes.
                wait = Math.min(LONGEST_WAIT, 2 * wait);
            }
            lostRest = 0;
        } else {
            lostRest = lostRest == 0 ? rest : Math.min(lostRest, rest);
        }
    }

    /** The read that wakes was overlooked, as it should be. */
    void woken() {
        lostRest = lostRest == 0 ? rest : Math.min(lostRest, rest);
    }

    /** The device answered. */
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

    /** Forgets what was learnt: it may be another device. */
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
