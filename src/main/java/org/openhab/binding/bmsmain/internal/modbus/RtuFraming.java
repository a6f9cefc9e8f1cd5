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
 * The answer is searched for at every position, so noise before it does no harm. A frame counts only if unit,
 * function, length and checksum fit the request. The following are recognised and skipped: frames of other units,
 * frames of other lengths (late answers), requests of another master, and the echo of our own request (two-wire
 * adapters that receive what they send).
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RtuFraming extends StreamFraming {

    /** Receives frames that are not ours. */
    interface Listener {

        /** Called for a request of another master. */
        void request(int unit, int function, int address, int count);

        /**
         * Called for an answer to a read, other than the expected one.
         *
         * @param content checksum of the registers
         * @param unasked whether the frame began before our request, or when there was none
         */
        void answer(int unit, int function, int count, int content, boolean unasked);
    }

    /** Placeholder while no request is under way. */
    private static final ModbusRequest NOTHING = ModbusRequest.read(0, ModbusRequest.READ_INPUT, 0, 1);
    private static final int NEVER = Integer.MAX_VALUE / 2;
    private static final int EXCEPTION_LENGTH = 5;
    private static final int SHORT_LENGTH = 8;
    /** Number of bytes before the registers in a request with function 16. */
    private static final int WRITE_HEAD = 7;
    private static final int CRC = 2;
    private static final int NO_CANDIDATE = -1;
    private static final int UNDECIDED = 0;

    private final byte[] sent = new byte[MAX_FRAME];

    private final byte[] written = new byte[SHORT_LENGTH];
    private final Listener listener;

    private int sentLength;
    /** Position in the buffer from which bytes can be an answer to our request. */
    private int askedFrom = NEVER;
    /** Position in the buffer where the last intact frame ended; negative when that frame was dropped. */
    private int lastFrameEnd;
    private boolean sawOtherMaster;
    private boolean sawOtherRefusal;
    private boolean hearsItself;
    private boolean echoPassed;

    RtuFraming() {
        this(new Listener() {
            @Override
            public void request(int unit, int function, int address, int count) {
                // Not used.
            }

            @Override
            public void answer(int unit, int function, int count, int content, boolean unasked) {
                // Not used.
            }
        });
    }

    /** @param listener receives frames of others */
    RtuFraming(Listener listener) {
        this.listener = listener;
    }

    @Override
    public int begin(ModbusRequest request, byte[] out) {
        hearOut();
        makeRoom();
        expect(request);
        askedFrom = end;
        lastFrameEnd = end;
        sawOtherMaster = false;
        sawOtherRefusal = false;
        echoPassed = false;
        out[0] = (byte) request.unit();
        request.copyPdu(out, 1);
        Crc16.append(out, 1 + request.pduLength());
        sentLength = request.pduLength() + 3;
        System.arraycopy(out, 0, sent, 0, sentLength);
        if (!request.isRead()) {
            System.arraycopy(out, 0, written, 0, SHORT_LENGTH);
        }
        return sentLength;
    }

    /** Scans the bytes left after the last answer. */
    private void hearOut() {
        askedFrom = NEVER;
        if (start < end) {
            expect(NOTHING);
            scan(NOTHING);
        }
    }

    @Override
    void overhear(byte[] bytes, int length) {
        if (askedFrom != NEVER) {
            hearOut();
        }
        expect(NOTHING);
        feed(bytes, 0, length);
    }

    @Override
    public int answerLength(ModbusRequest request) {
        return request.answerPduLength() + 3;
    }

    /** Drops bytes that can no longer be part of an answer. A frame that began in the older half would be complete. */
    @Override
    protected void makeRoom() {
        start = Math.max(start, end - MAX_FRAME);
        lastFrameEnd -= start;
        askedFrom = askedFrom == NEVER ? NEVER : Math.max(0, askedFrom - start);
        super.makeRoom();
    }

    @Override
    protected Outcome scan(ModbusRequest asked) {
        int firstUndecided = end;
        int at = start;
        while (at < end) {
            int length = frameAt(asked, at, end - at);
            if (length > 0) {
                Outcome outcome = detector(asked, at, length);
                at += length;
                if (outcome != Outcome.INCOMPLETE) {
                    start = at;
                    return outcome;
                }
                lastFrameEnd = at;
            } else {
                if (length == UNDECIDED) {
                    // It may be noise that looks like the head of a frame: the answer may still follow.
                    firstUndecided = Math.min(firstUndecided, at);
                }
                at++;
            }
        }
        start = firstUndecided;
        return Outcome.INCOMPLETE;
    }

    /** Length of an intact frame here, {@link #UNDECIDED} when more bytes are needed, or {@link #NO_CANDIDATE}. */
    private int frameAt(ModbusRequest asked, int at, int available) {
        if (available < 2) {
            return UNDECIDED;
        }
        int function = buffer[at + 1] & 0xFF;
        if (isReadFunction(function)) {
            return readFrameAt(asked, at, available);
        }
        if (function == ModbusRequest.WRITE_SINGLE) {
            return intact(at, available, SHORT_LENGTH);
        }
        if (function == ModbusRequest.WRITE_MULTIPLE) {
            int asAnswer = intact(at, available, SHORT_LENGTH);
            return asAnswer == NO_CANDIDATE ? writeFrameAt(at, available) : asAnswer;
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
        if (asRequest > 0 && (word(at + 4) < 1 || word(at + 4) > ModbusRequest.MAX_READ)) {
            asRequest = NO_CANDIDATE;
        }
        if (asRequest > 0 && !beginsLikeTheAnswer(asked, at)) {
            return asRequest;
        }
        int byteCount = buffer[at + 2] & 0xFF;
        int asAnswer = byteCount == 0 || byteCount % 2 != 0 || byteCount > 2 * ModbusRequest.MAX_READ ? NO_CANDIDATE
                : intact(at, available, byteCount + 5);
        return asAnswer == NO_CANDIDATE ? asRequest : asAnswer;
    }

    /** A request to write several registers. */
    private int writeFrameAt(int at, int available) {
        int count = word(at + 4);
        int byteCount = buffer[at + WRITE_HEAD - 1] & 0xFF;
        return count < 1 || count > ModbusRequest.MAX_WRITE || byteCount != 2 * count ? NO_CANDIDATE
                : intact(at, available, WRITE_HEAD + byteCount + CRC);
    }

    private int word(int at) {
        return (buffer[at] & 0xFF) << 8 | buffer[at + 1] & 0xFF;
    }

    /**
     * Whether the expected answer begins here. In one of 65536 answers the first eight bytes have a valid
     * checksum too.
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

    private Outcome detector(ModbusRequest asked, int at, int length) {
        boolean unasked = at < askedFrom;
        if (!unasked && isEcho(asked, at, length)) {
            return Outcome.INCOMPLETE;
        }
        int function = buffer[at + 1] & 0xFF;
        int unit = buffer[at] & 0xFF;
        if (isRequest(asked, length, function)) {
            if (!isOwn(at, length)) {
                sawOtherMaster |= unit == asked.unit();
                listener.request(unit, function, word(at + 2),
                        function == ModbusRequest.WRITE_SINGLE ? 1 : word(at + 4));
            }
            return Outcome.INCOMPLETE;
        }
        if (unasked || isFromOther(asked, unit)) {
            tellAnswer(at, length, unasked);
            return Outcome.INCOMPLETE;
        }
        if (sawOtherMaster && asked.isRead()
                && (function == asked.function() || function == (asked.function() | EXCEPTION_FLAG))) {
            // The other master asked first, or is answered first: the answer may belong to either request.
            tellAnswer(at, length, false);
            return Outcome.BROKEN;
        }
        if (function == (asked.function() | EXCEPTION_FLAG)) {
            return exception(buffer[at + 2] & 0xFF);
        }
        if (function != asked.function()) {
            sawOtherRefusal |= length == EXCEPTION_LENGTH;
            tellAnswer(at, length, false);
            return Outcome.INCOMPLETE;
        }
        if (!asked.isRead()) {
            return asked.isEchoed(buffer, at + 1) ? Outcome.ANSWER : Outcome.INCOMPLETE;
        }
        if (length == asked.count() * 2 + 5 && (buffer[at + 2] & 0xFF) == asked.count() * 2) {
            return found(asked, at + 3);
        }
        tellAnswer(at, length, false);
        return Outcome.INCOMPLETE;
    }

    /**
     * Answers to reads have an odd length, so an even one is a request. The answer to a write looks like the request
     * or its head; during a write it is taken for the answer.
     */
    private static boolean isRequest(ModbusRequest asked, int length, int function) {
        return length > SHORT_LENGTH && function == ModbusRequest.WRITE_MULTIPLE
                || length == SHORT_LENGTH && (isReadFunction(function) || asked.isRead());
    }

    /** Whether the frame is our last request, or the answer to our last write. */
    private boolean isOwn(int at, int length) {
        return isSent(at, length) || !isReadFunction(buffer[at + 1] & 0xFF)
                && Arrays.equals(buffer, at, at + SHORT_LENGTH - CRC, written, 0, SHORT_LENGTH - CRC);
    }

    private void tellAnswer(int at, int length, boolean unasked) {
        int function = buffer[at + 1] & 0xFF;
        if (isReadFunction(function) && length > EXCEPTION_LENGTH) {
            int bytes = length - EXCEPTION_LENGTH;
            listener.answer(buffer[at] & 0xFF, function, bytes / 2, Crc16.of(buffer, at + 3, bytes), unasked);
        }
    }

    /**
     * Whether the frame is our own request, echoed by an adapter that does not mute its receiver. The answer to a
     * write of one register equals the request; only on a line that is known to echo can the two be told apart.
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

    @Override
    boolean isSpoiltAnswer() {
        ModbusRequest asked = request;
        return asked != null && asked.isRead() && lastFrameEnd >= 0 && pending() == answerLength(asked)
                && beginsLikeTheAnswer(asked, lastFrameEnd);
    }

    @Override
    boolean sawOtherRefusal() {
        return sawOtherRefusal;
    }

    /** Whether nothing was received since {@link #begin}, except our own request. */
    @Override
    boolean heardNothing() {
        return received() == 0 || echoPassed && received() == sentLength;
    }

    /** Whether another master sent a request to the same unit. */
    @Override
    boolean sawOtherMaster() {
        return sawOtherMaster;
    }
}
