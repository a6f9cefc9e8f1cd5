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
 * What was learnt about how to poll one device: the pause before a request, whether it must be woken, the maximum
 * number of registers per read, and whether it gives only even numbers of them. Outlives the connection, so that
 * nothing is lost again when a gateway hangs up. Used by the bus thread.
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

    /** Longest pause kept before a request, in milliseconds; 0 when the device needs none. */
    public long requestGapMillis() {
        return gap.longest() / NANOS_PER_MILLI;
    }

    /** The rest after which the device ignores a request. */
    WakeUp wakeUp() {
        return wakeUp;
    }

    /**
     * Rest after which the device ignores the first request, in milliseconds; 0 when it ignores none. A wake-up read
     * precedes that request.
     */
    public long wakeUpMillis() {
        return wakeUp.rest() / NANOS_PER_MILLI;
    }

    /** Maximum number of registers per read, 1..125. If the device refused longer reads, the most that it gave. */
    public int readLimit() {
        return hasReadLimit() ? Math.max(1, Math.min(longest, tooLong - 1)) : ModbusRequest.MAX_READ;
    }

    /** Whether the device gives fewer registers per read than the protocol allows. */
    public boolean hasReadLimit() {
        return tooLong <= ModbusRequest.MAX_READ;
    }

    /** Number of registers from which on reads are known to fail; 126 while unknown. */
    int tooLong() {
        return tooLong;
    }

    /** Whether the device gives only even numbers of registers. */
    public boolean givesOnlyEvenCounts() {
        return givesOnlyEvenCounts;
    }

    /** Whether the device possibly gives only even numbers of registers. */
    boolean mayGiveOnlyEvenCounts() {
        return longest > 0 && !hasGivenOddCount && !hasDeniedEvenCount;
    }

    /** Records that a read did not return the requested registers. */
    void denied(int count) {
        hasDeniedEvenCount |= count % 2 == 0;
    }

    /** Records a failed read whose registers were given in shorter reads: it was too long. */
    void foundTooLong(int count) {
        tooLong = Math.min(tooLong, count);
    }

    /** Records a successful read that failed with one register less. */
    void foundOnlyEvenCounts() {
        givesOnlyEvenCounts = true;
    }

    /** Whether the device answered anything since a moment. */
    boolean hasAnsweredSince(long nanos) {
        return hasAnswered && answeredAt - nanos > 0;
    }

    /**
     * Records an answer of the device, with data or an exception.
     *
     * @param pause silence on the line before the request, in nanoseconds
     */
    void answered(ModbusRequest request, long pause, long nanos) {
        gap.answered(request, pause);
        wakeUp.answered(nanos);
        answeredAt = nanos;
        hasAnswered = true;
    }

    /** Records that the device gave the requested registers. */
    void gave(int registers) {
        longest = Math.max(longest, registers);
        if (registers >= tooLong) {
            // The length was not the reason for the failure.
            tooLong = ModbusRequest.MAX_READ + 1;
        }
        if (registers % 2 != 0) {
            hasGivenOddCount = true;
            givesOnlyEvenCounts = false;
        }
    }

    /** Clears what was learnt: it may be another device. */
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
