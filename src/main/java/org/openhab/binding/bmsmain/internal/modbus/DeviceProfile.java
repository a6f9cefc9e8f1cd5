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
 * What was learnt about how one device can be asked: how long it must be left alone before a request, whether it
 * has to be woken, how many registers it gives at once, and whether it gives only even numbers of them. It outlives the
 * connection, so nothing is lost again when a gateway hangs up. Used by the thread of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class DeviceProfile {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RequestGap gap = new RequestGap();
    private final WakeUp wakeUp = new WakeUp();
    private long answeredAt;
    private boolean hasAnswered;
    private int longest;
    private int tooLong = ModbusRequest.MAX_READ + 1;
    private boolean hasGivenOddCount;
    private boolean hasDeniedEvenCount;
    private boolean givesOnlyEvenCounts;

    /** The pause before requests. */
    RequestGap gap() {
        return gap;
    }

    /** The longest pause that is kept before a request, in milliseconds; 0 when the device needs none. */
    public long requestGapMillis() {
        return gap.longest() / NANOS_PER_MILLI;
    }

    /** After how long a rest the device overlooks a request. */
    WakeUp wakeUp() {
        return wakeUp;
    }

    /**
     * The rest after which the device overlooks the first request, in milliseconds; 0 when it overlooks none. A read
     * that nobody needs goes before that request.
     */
    public long wakeUpMillis() {
        return wakeUp.rest() / NANOS_PER_MILLI;
    }

    /**
     * How many registers one read may ask for, 1..125. Where the device refused longer reads, the most that it gave.
     */
    public int readLimit() {
        return hasReadLimit() ? Math.max(1, Math.min(longest, tooLong - 1)) : ModbusRequest.MAX_READ;
    }

    /** Whether the device does not give as many registers as a read may ask for. */
    public boolean hasReadLimit() {
        return tooLong <= ModbusRequest.MAX_READ;
    }

    /** Number of registers from which on reads are known to fail; 126 while none is. */
    int tooLong() {
        return tooLong;
    }

    /** Whether the device gives only even numbers of registers. */
    public boolean givesOnlyEvenCounts() {
        return givesOnlyEvenCounts;
    }

    /** Whether it is possible that the device gives only even numbers of registers. */
    boolean mayGiveOnlyEvenCounts() {
        return longest > 0 && !hasGivenOddCount && !hasDeniedEvenCount;
    }

    /** A read was not answered by what it asked for. */
    void denied(int count) {
        hasDeniedEvenCount |= count % 2 == 0;
    }

    /** A read failed that is possible in shorter ones: it was too long. */
    void foundTooLong(int count) {
        tooLong = Math.min(tooLong, count);
    }

    /** A read was answered that failed with one register less. */
    void foundOnlyEvenCounts() {
        givesOnlyEvenCounts = true;
    }

    /** Whether the device answered anything since a moment. */
    boolean hasAnsweredSince(long nanos) {
        return hasAnswered && answeredAt - nanos > 0;
    }

    /**
     * The device answered a request, be it by a refusal.
     *
     * @param pause for how long the line had rested before the request
     */
    void answered(ModbusRequest request, long pause, long nanos) {
        gap.answered(request, pause);
        wakeUp.answered(nanos);
        answeredAt = nanos;
        hasAnswered = true;
    }

    /** The device gave the registers that a read asked for. */
    void gave(int registers) {
        longest = Math.max(longest, registers);
        if (registers >= tooLong) {
            // It did not fail for its length.
            tooLong = ModbusRequest.MAX_READ + 1;
        }
        if (registers % 2 != 0) {
            hasGivenOddCount = true;
            givesOnlyEvenCounts = false;
        }
    }

    /** Forgets what was learnt: it may be another device. */
    void forget() {
        gap.forget();
        wakeUp.forget();
        longest = 0;
        tooLong = ModbusRequest.MAX_READ + 1;
        hasGivenOddCount = false;
        hasDeniedEvenCount = false;
        givesOnlyEvenCounts = false;
    }
}
