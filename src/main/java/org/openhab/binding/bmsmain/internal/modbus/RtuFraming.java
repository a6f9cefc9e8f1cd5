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

/**
 * Modbus RTU frames in a stream of bytes: unit, function, data, checksum.
 * <p>
 * The answer is looked for at every position, so noise before it costs nothing. A frame counts only when unit,
 * function, length and checksum fit the request. Frames of other units, of other lengths (late answers), requests of
 * another master and the echo of our own request (two-wire adapters that hear themselves) are recognised and passed
 * over.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RtuFraming extends StreamFraming {

    private static final int EXCEPTION_LENGTH = 5;
    private static final int SHORT_LENGTH = 8;
    private static final int NO_CANDIDATE = -1;
    private static final int UNDECIDED = 0;

    private final byte[] sent = new byte[MAX_FRAME];

    private int sentLength;
    /** Where in the buffer the last intact frame ended; before its beginning when that frame was dropped. */
    private int lastFrameEnd;
    private boolean sawOtherMaster;
    private boolean hearsItself;
    private boolean echoPassed;

    @Override
    public int begin(ModbusRequest request, byte[] out) {
        expect(request);
        start = 0;
        end = 0;
        lastFrameEnd = 0;
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

    /** Drops what cannot be part of an answer any more. A frame that began in the older half would be complete. */
    @Override
    protected void makeRoom() {
        start = Math.max(start, end - MAX_FRAME);
        lastFrameEnd -= start;
        super.makeRoom();
    }

    @Override
    protected Outcome scan(ModbusRequest asked) {
        int firstUndecided = end;
        int at = start;
        while (at < end) {
            int length = frameAt(asked, at, end - at);
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
    private int frameAt(ModbusRequest asked, int at, int available) {
        if (available < 2) {
            return UNDECIDED;
        }
        int function = buffer[at + 1] & 0xFF;
        if (isReadFunction(function)) {
            return readFrameAt(asked, at, available);
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
    private int readFrameAt(ModbusRequest asked, int at, int available) {
        if (available < 3) {
            return UNDECIDED;
        }
        int asRequest = intact(at, available, SHORT_LENGTH);
        if (asRequest > 0 && !beginsLikeTheAnswer(asked, at)) {
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
    private boolean beginsLikeTheAnswer(ModbusRequest asked, int at) {
        return (buffer[at] & 0xFF) == asked.unit() && (buffer[at + 1] & 0xFF) == asked.function()
                && (buffer[at + 2] & 0xFF) == 2 * asked.count() && !isSent(at, SHORT_LENGTH);
    }

    private int intact(int at, int available, int length) {
        if (available < length) {
            return UNDECIDED;
        }
        return Crc16.matches(buffer, at, length) ? length : NO_CANDIDATE;
    }

    private Outcome judge(ModbusRequest asked, int at, int length) {
        if (isEcho(asked, at, length)) {
            return Outcome.INCOMPLETE;
        }
        int function = buffer[at + 1] & 0xFF;
        if (length == SHORT_LENGTH && isReadFunction(function)) {
            // Answers to reads have an odd length: this is a request, and not ours.
            sawOtherMaster = true;
            return Outcome.INCOMPLETE;
        }
        if (isFromOther(asked, buffer[at] & 0xFF)) {
            return Outcome.INCOMPLETE;
        }
        if (function == (asked.function() | EXCEPTION_FLAG)) {
            return exception(buffer[at + 2] & 0xFF);
        }
        if (function != asked.function()) {
            return Outcome.INCOMPLETE;
        }
        if (!asked.isRead()) {
            return asked.isEchoed(buffer, at + 1) ? Outcome.ANSWER : Outcome.INCOMPLETE;
        }
        if (length == asked.count() * 2 + 5 && (buffer[at + 2] & 0xFF) == asked.count() * 2) {
            return found(asked, at + 3);
        }
        return Outcome.INCOMPLETE;
    }

    /**
     * Whether the frame is our own request, heard by an adapter that does not mute its receiver. The answer to a write
     * of one register equals the request, so there only a line known to hear itself tells the two apart.
     */
    private boolean isEcho(ModbusRequest asked, int at, int length) {
        if (echoPassed || !isSent(at, length)) {
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

    /** Bytes received since {@link #begin} that are not part of, or before, an intact frame. */
    @Override
    int pending() {
        return end - lastFrameEnd;
    }

    /** Whether nothing was received since {@link #begin}, or our own request only. */
    @Override
    boolean heardNothing() {
        return received() == 0 || echoPassed && received() == sentLength;
    }

    /** Whether a request that is not ours was heard: a second master on the line. */
    boolean sawOtherMaster() {
        return sawOtherMaster;
    }
}
