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

import java.util.Arrays;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Modbus RTU frames in a stream of bytes: unit, function, data, checksum.
 * <p>
 * The answer is looked for at every position, so noise before it costs nothing. A frame counts only when unit,
 * function,
 * length and checksum fit the request. Frames of other units, of other lengths (late answers), requests of another
 * master
 * and the echo of our own request (two-wire adapters that hear themselves) are recognised and passed over.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RtuFraming implements Framing {

    private static final int EXCEPTION_FLAG = 0x80;
    private static final int EXCEPTION_LENGTH = 5;
    private static final int SHORT_LENGTH = 8;
    private static final int NO_CANDIDATE = -1;
    private static final int UNDECIDED = 0;

    private final byte[] buffer = new byte[2 * MAX_FRAME];
    private final byte[] sent = new byte[MAX_FRAME];
    private final RegisterView registers = new RegisterView();

    private @Nullable ModbusRequest request;
    private int sentLength;
    private int start;
    private int end;
    private int received;
    /** Where in the buffer the last intact frame ended; before its beginning when that frame was dropped. */
    private int lastFrameEnd;
    private int exceptionCode;
    private int otherUnit;
    private boolean sawOtherUnit;
    private boolean sawOtherMaster;
    private boolean hearsItself;
    private boolean echoPassed;

    @Override
    public int begin(ModbusRequest request, byte[] out) {
        this.request = request;
        start = 0;
        end = 0;
        received = 0;
        lastFrameEnd = 0;
        sawOtherUnit = false;
        sawOtherMaster = false;
        echoPassed = false;
        out[0] = (byte) request.unit();
        request.copyPdu(out, 1);
        Crc16.append(out, 1 + request.pduLength());
        sentLength = request.pduLength() + 3;
        System.arraycopy(out, 0, sent, 0, sentLength);
        return sentLength;
    }

    @Override
    public int answerLength(ModbusRequest request) {
        return request.answerPduLength() + 3;
    }

    @Override
    public Outcome feed(byte[] bytes, int offset, int length) {
        received += length;
        int from = offset;
        int left = length;
        while (true) {
            int room = buffer.length - end;
            int part = Math.min(room, left);
            System.arraycopy(bytes, from, buffer, end, part);
            end += part;
            from += part;
            left -= part;
            Outcome outcome = scan();
            if (outcome != Outcome.INCOMPLETE || left == 0) {
                return outcome;
            }
            makeRoom();
        }
    }

    /** Drops what cannot be part of an answer any more. A frame that began in the older half would be complete. */
    private void makeRoom() {
        start = Math.max(start, end - MAX_FRAME);
        System.arraycopy(buffer, start, buffer, 0, end - start);
        lastFrameEnd -= start;
        end -= start;
        start = 0;
    }

    private Outcome scan() {
        ModbusRequest asked = request;
        if (asked == null) {
            return Outcome.INCOMPLETE;
        }
        int firstUndecided = end;
        int at = start;
        while (at < end) {
            int length = frameAt(at, end - at);
            if (length > 0) {
                Outcome outcome = judge(asked, at, length);
                if (outcome != Outcome.INCOMPLETE) {
                    return outcome;
                }
                at += length;
                lastFrameEnd = at;
            } else {
                if (length == UNDECIDED) {
                    // It may be noise that looks like the head of a frame: the answer may still come behind it.
                    firstUndecided = Math.min(firstUndecided, at);
                }
                at++;
            }
        }
        start = firstUndecided;
        return Outcome.INCOMPLETE;
    }

    /** Length of an intact frame at this position, {@link #UNDECIDED} when there are too few bytes to know, or none. */
    private int frameAt(int at, int available) {
        if (available < 2) {
            return UNDECIDED;
        }
        int function = buffer[at + 1] & 0xFF;
        if (isReadFunction(function)) {
            return readFrameAt(at, available);
        }
        if (function == ModbusRequest.WRITE_SINGLE || function == ModbusRequest.WRITE_MULTIPLE) {
            return intact(at, available, SHORT_LENGTH);
        }
        return (function & EXCEPTION_FLAG) != 0 ? intact(at, available, EXCEPTION_LENGTH) : NO_CANDIDATE;
    }

    private static boolean isReadFunction(int function) {
        return function == ModbusRequest.READ_HOLDING || function == ModbusRequest.READ_INPUT;
    }

    /** An answer to a read, or a request to read: both have the same function code. */
    private int readFrameAt(int at, int available) {
        if (available < 3) {
            return UNDECIDED;
        }
        int asRequest = intact(at, available, SHORT_LENGTH);
        if (asRequest > 0 && !beginsLikeTheAnswer(at)) {
            return asRequest;
        }
        int byteCount = buffer[at + 2] & 0xFF;
        int asAnswer = byteCount == 0 || byteCount % 2 != 0 || byteCount > 2 * ModbusRequest.MAX_READ ? NO_CANDIDATE
                : intact(at, available, byteCount + 5);
        return asAnswer == NO_CANDIDATE ? asRequest : asAnswer;
    }

    /**
     * Whether this is the head of the answer that we wait for. In one of 65536 answers the first eight bytes have a
     * right checksum too.
     */
    private boolean beginsLikeTheAnswer(int at) {
        ModbusRequest asked = request;
        return asked != null && (buffer[at] & 0xFF) == asked.unit() && (buffer[at + 1] & 0xFF) == asked.function()
                && (buffer[at + 2] & 0xFF) == 2 * asked.count() && !isSent(at, SHORT_LENGTH);
    }

    private int intact(int at, int available, int length) {
        if (available < length) {
            return UNDECIDED;
        }
        return Crc16.matches(buffer, at, length) ? length : NO_CANDIDATE;
    }

    private Outcome judge(ModbusRequest asked, int at, int length) {
        if (isEcho(at, length)) {
            return Outcome.INCOMPLETE;
        }
        int unit = buffer[at] & 0xFF;
        int function = buffer[at + 1] & 0xFF;
        if (length == SHORT_LENGTH && isReadFunction(function)) {
            // Answers to reads have an odd length: this is a request, and not ours.
            sawOtherMaster = true;
            return Outcome.INCOMPLETE;
        }
        if (unit != asked.unit()) {
            sawOtherUnit = true;
            otherUnit = unit;
            return Outcome.INCOMPLETE;
        }
        if (function == (asked.function() | EXCEPTION_FLAG)) {
            exceptionCode = buffer[at + 2] & 0xFF;
            return Outcome.EXCEPTION;
        }
        if (function != asked.function()) {
            return Outcome.INCOMPLETE;
        }
        if (!asked.isRead()) {
            return asked.isEchoed(buffer, at + 1) ? Outcome.ANSWER : Outcome.INCOMPLETE;
        }
        if (length == asked.count() * 2 + 5 && (buffer[at + 2] & 0xFF) == asked.count() * 2) {
            registers.set(buffer, at + 3, asked.count());
            return Outcome.ANSWER;
        }
        return Outcome.INCOMPLETE;
    }

    /**
     * Whether the frame is our own request, heard by an adapter that does not mute its receiver. The answer to a write
     * of
     * one register equals the request, so there only a line known to hear itself tells the two apart.
     */
    private boolean isEcho(int at, int length) {
        ModbusRequest asked = request;
        if (asked == null || echoPassed || !isSent(at, length)) {
            return false;
        }
        if (asked.isRead()) {
            hearsItself = true;
        }
        echoPassed = hearsItself;
        return hearsItself;
    }

    private boolean isSent(int at, int length) {
        return length == sentLength && Arrays.equals(buffer, at, at + length, sent, 0, length);
    }

    @Override
    public int received() {
        return received;
    }

    /** Bytes received since {@link #begin} that are not part of, or before, an intact frame. */
    int pending() {
        return end - lastFrameEnd;
    }

    @Override
    public boolean sawOtherUnit() {
        return sawOtherUnit;
    }

    @Override
    public int otherUnit() {
        return otherUnit;
    }

    /** Whether a request that is not ours was heard: a second master on the line. */
    boolean sawOtherMaster() {
        return sawOtherMaster;
    }

    @Override
    public RegisterView registers() {
        return registers;
    }

    @Override
    public int exceptionCode() {
        return exceptionCode;
    }
}
