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
 * Modbus TCP frames: a header with transaction id, protocol id 0, length and unit, then function and data.
 * <p>
 * Every request has a new transaction id. Answers to older requests are passed over; anything else that does not fit
 * breaks the stream, because there is no way to find the next frame in it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TcpFraming extends StreamFraming {

    private static final int HEADER = 7;
    private static final int MIN_LENGTH_FIELD = 3;
    private static final int MAX_LENGTH_FIELD = 254;
    /** How far back an answer may be late. Far fewer requests can be under way. */
    private static final int OLDER = 1000;

    private int transaction;

    @Override
    public int begin(ModbusRequest request, byte[] out) {
        expect(request);
        transaction = transaction + 1 & 0xFFFF;
        // Bytes of an older answer may be half received; they stay.
        makeRoom();
        int length = request.pduLength() + 1;
        out[0] = (byte) (transaction >> 8);
        out[1] = (byte) transaction;
        out[2] = 0;
        out[3] = 0;
        out[4] = (byte) (length >> 8);
        out[5] = (byte) length;
        out[6] = (byte) request.unit();
        request.copyPdu(out, HEADER);
        return HEADER + request.pduLength();
    }

    @Override
    public int answerLength(ModbusRequest request) {
        return HEADER + request.answerPduLength();
    }

    @Override
    int pending() {
        return end - start;
    }

    @Override
    void overhear(byte[] bytes, int length) {
        // Frames tell which request they answer.
    }

    @Override
    boolean sawOtherMaster() {
        return false;
    }

    @Override
    protected Outcome scan(ModbusRequest asked) {
        while (end - start >= HEADER + 1) {
            int lengthField = word(start + 4);
            if (word(start + 2) != 0 || lengthField < MIN_LENGTH_FIELD || lengthField > MAX_LENGTH_FIELD) {
                return Outcome.BROKEN;
            }
            int age = transaction - word(start) & 0xFFFF;
            if (age > OLDER) {
                return Outcome.BROKEN;
            }
            int frame = lengthField + 6;
            if (end - start < frame) {
                return Outcome.INCOMPLETE;
            }
            int at = start;
            start += frame;
            if (age == 0) {
                return judge(asked, at, frame);
            }
        }
        return Outcome.INCOMPLETE;
    }

    private Outcome judge(ModbusRequest asked, int at, int frame) {
        if (isFromOther(asked, buffer[at + 6] & 0xFF)) {
            return Outcome.BROKEN;
        }
        int function = buffer[at + HEADER] & 0xFF;
        if (function == (asked.function() | EXCEPTION_FLAG) && frame == HEADER + 2) {
            return exception(buffer[at + HEADER + 1] & 0xFF);
        }
        if (function != asked.function() || frame != answerLength(asked)) {
            return Outcome.BROKEN;
        }
        if (!asked.isRead()) {
            return asked.isEchoed(buffer, at + HEADER) ? Outcome.ANSWER : Outcome.BROKEN;
        }
        if ((buffer[at + HEADER + 1] & 0xFF) != 2 * asked.count()) {
            return Outcome.BROKEN;
        }
        return found(asked, at + HEADER + 2);
    }

    private int word(int at) {
        return (buffer[at] & 0xFF) << 8 | buffer[at + 1] & 0xFF;
    }
}
