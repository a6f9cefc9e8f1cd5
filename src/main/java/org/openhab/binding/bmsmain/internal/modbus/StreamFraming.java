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
import org.eclipse.jdt.annotation.Nullable;

/**
 * Common part of the framings: the received bytes and what was found in them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
abstract class StreamFraming implements Framing {

    protected static final int EXCEPTION_FLAG = 0x80;

    /** Bytes that were received. */
    protected final byte[] buffer = new byte[2 * MAX_FRAME];
    /** Start of the bytes that were not scanned yet or may belong to an incomplete frame. */
    protected int start;
    /** End of the bytes in the buffer. */
    protected int end;

    private final RegisterView registers = new RegisterView();
    /** The last request. */
    protected @Nullable ModbusRequest request;
    private int received;
    private int exceptionCode;
    private int otherUnit;
    private boolean sawOtherUnit;

    /** Sets the current request and clears the results of the one before. */
    protected final void expect(ModbusRequest asked) {
        request = asked;
        received = 0;
        sawOtherUnit = false;
    }

    /** Scans bytes that arrived without a request. */
    void overhear(byte[] bytes, int length) {
        // Nothing to do where a frame shows which request it answers.
    }

    /** Whether another master sent a request to the same unit meanwhile. */
    boolean sawOtherMaster() {
        return false;
    }

    /** Whether all received bytes are one answer to the request, of the right length but with a wrong checksum. */
    boolean isSpoiltAnswer() {
        return false;
    }

    /** Whether the unit sent an exception response for another function than the requested one. */
    boolean sawOtherRefusal() {
        return false;
    }

    /** Searches for an answer in the bytes from {@link #start} to {@link #end}. */
    protected abstract Outcome scan(ModbusRequest asked);

    /** Moves the bytes that still matter to the beginning of the buffer. */
    protected void makeRoom() {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
    }

    /** @return whether the frame comes from another unit than the requested one */
    protected final boolean isFromOther(ModbusRequest asked, int unit) {
        boolean other = unit != asked.unit();
        if (other) {
            sawOtherUnit = true;
            otherUnit = unit;
        }
        return other;
    }

    /** Records an exception response. */
    protected final Outcome exception(int code) {
        exceptionCode = code;
        return Outcome.EXCEPTION;
    }

    /** Records the registers of the answer. */
    protected final Outcome found(ModbusRequest asked, int at) {
        registers.set(buffer, at, asked.count());
        return Outcome.ANSWER;
    }

    @Override
    public final Outcome feed(byte[] bytes, int offset, int length) {
        ModbusRequest asked = request;
        if (asked == null) {
            throw new IllegalStateException("no request is active");
        }
        received += length;
        int from = offset;
        int left = length;
        while (true) {
            int part = Math.min(buffer.length - end, left);
            System.arraycopy(bytes, from, buffer, end, part);
            end += part;
            from += part;
            left -= part;
            Outcome outcome = scan(asked);
            if (outcome != Outcome.INCOMPLETE || left == 0) {
                return outcome;
            }
            makeRoom();
        }
    }

    @Override
    public final int received() {
        return received;
    }

    /** Number of received bytes that may belong to the answer. */
    int pending() {
        return end - start;
    }

    /** Whether nothing was received, except perhaps our own request. */
    boolean heardNothing() {
        return received == 0;
    }

    @Override
    public final boolean sawOtherUnit() {
        return sawOtherUnit;
    }

    @Override
    public final int otherUnit() {
        return otherUnit;
    }

    @Override
    public final RegisterView registers() {
        return registers;
    }

    @Override
    public final int exceptionCode() {
        return exceptionCode;
    }
}
