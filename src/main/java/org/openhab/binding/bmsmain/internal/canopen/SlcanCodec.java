/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Parser for the output of an slcan adapter (ASCII protocol of Lawicel). Lines end with CR, in some firmware with CR LF
 * or LF; the bell character is a refusal. A state machine over bytes without input or output of its own.
 * <p>
 * A line must match the frame format completely to be accepted as a frame. After garbage, the parser resynchronizes at
 * the next CR or bell. Memory use is constant.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SlcanCodec {

    /** Result of processing a byte. */
    enum Event {
        /** No complete line yet. */
        NONE,
        /** A data frame with an 11-bit identifier. */
        FRAME,
        /** A frame with a 29-bit identifier, or a remote frame. */
        SKIPPED,
        /** Acknowledgement: an empty line, or the z or Z after a frame that was sent. */
        OK,
        /** Refusal: the bell. */
        BELL,
        /** Status flags. */
        STATUS,
        /** Version or serial number of the adapter. */
        INFO,
        /** A command that the adapter echoes before its answer. */
        ECHO,
        /** An invalid line. */
        DAMAGED
    }

    /** T, eight digits, length, sixteen digits, eight digits of a timestamp. */
    private static final int LONGEST_LINE = 34;
    private static final int STANDARD_DIGITS = 3;
    private static final int EXTENDED_DIGITS = 8;
    /** Milliseconds in the Lawicel format, or microseconds of newer firmware. */
    private static final int SHORT_STAMP_DIGITS = 4;
    private static final int LONG_STAMP_DIGITS = 8;
    private static final int UNKNOWN = -1;
    private static final int BELL = 7;
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7E;
    /** Number of consecutive lines with another timestamp format that shows that the adapter has changed its format. */
    private static final int CHANGE_OF_WAYS = 3;
    private static final byte[] DIGITS = digits();

    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private boolean tooLong;
    /** Whether the line contains bytes that no adapter sends, such as those of another baud rate. */
    private boolean garbage;
    private boolean text;
    private boolean afterReturn;

    /** Number of timestamp digits of this adapter: 0, 4 or 8. */
    private int stampDigits = UNKNOWN;
    private int otherDigits = UNKNOWN;
    private int against;

    private int id;
    private int dataLength;
    private int dataAt;
    private boolean extended;
    private int status;

    private static byte[] digits() {
        byte[] values = new byte[256];
        java.util.Arrays.fill(values, (byte) -1);
        for (int i = 0; i < 16; i++) {
            values[Character.forDigit(i, 16)] = (byte) i;
            values[Character.toUpperCase(Character.forDigit(i, 16))] = (byte) i;
        }
        return values;
    }

    /** Discards a partial line and the learnt timestamp format. */
    void reset() {
        beginLine();
        afterReturn = false;
        stampDigits = UNKNOWN;
        against = 0;
    }

    private void beginLine() {
        length = 0;
        tooLong = false;
        garbage = false;
    }

    /** Processes the next byte. */
    Event feed(byte b) {
        boolean secondOfTwo = b == '\n' && afterReturn;
        afterReturn = b == '\r';
        if (secondOfTwo) {
            return Event.NONE;
        }
        if (b == '\r' || b == '\n') {
            text = length > 0 && !garbage;
            infoLength = length;
            Event event = tooLong || garbage ? Event.DAMAGED : complete();
            beginLine();
            return event;
        }
        if (b == BELL) {
            Event event = garbage ? Event.DAMAGED : Event.BELL;
            beginLine();
            return event;
        }
        garbage |= b < FIRST_PRINTABLE || b > LAST_PRINTABLE;
        if (length == LONGEST_LINE) {
            tooLong = true;
        } else {
            line[length++] = b;
        }
        return Event.NONE;
    }

    /** Identifier of the {@link Event#FRAME}. */
    int id() {
        return id;
    }

    /** Number of data bytes of the {@link Event#FRAME} or {@link Event#SKIPPED}; 0 for a remote frame. */
    int dataLength() {
        return dataLength;
    }

    /** Whether the {@link Event#SKIPPED} frame has a 29-bit identifier. */
    boolean isExtended() {
        return extended;
    }

    /** Flags of the {@link Event#STATUS}. */
    int status() {
        return status;
    }

    /**
     * Whether the last complete line is printable text, whatever its content: each firmware has its own version format.
     * {@link #info()} returns the line.
     */
    boolean isText() {
        return text;
    }

    /** Text of the {@link Event#INFO}, possibly truncated; valid until the next byte. */
    String info() {
        return new String(line, 0, infoLength, java.nio.charset.StandardCharsets.US_ASCII);
    }

    private int infoLength;

    /** Copies the {@link Event#FRAME}; valid until the next byte. */
    void copyTo(CanFrame frame) {
        frame.begin(id, dataLength);
        for (int i = 0; i < dataLength; i++) {
            frame.put(i, digit(dataAt + 2 * i) << 4 | digit(dataAt + 2 * i + 1));
        }
    }

    private Event complete() {
        if (length == 0) {
            return Event.OK;
        }
        switch (line[0]) {
            case 't':
                return frame(STANDARD_DIGITS, true) ? Event.FRAME : Event.DAMAGED;
            case 'T':
                return frame(EXTENDED_DIGITS, true) ? Event.SKIPPED : Event.DAMAGED;
            case 'r':
                return frame(STANDARD_DIGITS, false) ? Event.SKIPPED : Event.DAMAGED;
            case 'R':
                return frame(EXTENDED_DIGITS, false) ? Event.SKIPPED : Event.DAMAGED;
            case 'z':
                return length == 1 ? Event.OK : Event.DAMAGED;
            case 'F':
                if (length == 3 && areDigits(1, 3)) {
                    status = digit(1) << 4 | digit(2);
                    return Event.STATUS;
                }
                return echo(0);
            case 'Z':
                return length == 1 ? Event.OK : echo(1);
            case 'M':
            case 'S':
                return echo(1);
            case 'C':
            case 'L':
            case 'O':
                return echo(0);
            case 'V':
            case 'N':
                return length == 1 ? Event.ECHO : Event.INFO;
            default:
                return Event.DAMAGED;
        }
    }

    /** An echoed command with this number of digits. Adapters do not send such lines on their own. */
    private Event echo(int digits) {
        return length == 1 + digits && areDigits(1, length) ? Event.ECHO : Event.DAMAGED;
    }

    private boolean frame(int idDigits, boolean hasData) {
        int lengthAt = 1 + idDigits;
        if (length <= lengthAt || !areDigits(1, length)) {
            return false;
        }
        int announced = digit(lengthAt);
        if (announced > CanFrame.MAX_LENGTH) {
            return false;
        }
        int end = lengthAt + 1 + (hasData ? 2 * announced : 0);
        int stamp = length - end;
        if (stamp != 0 && stamp != SHORT_STAMP_DIGITS && stamp != LONG_STAMP_DIGITS) {
            return false;
        }
        if (idDigits == STANDARD_DIGITS) {
            id = digit(1) << 8 | digit(2) << 4 | digit(3);
            if (id > CanFrame.MAX_ID) {
                return false;
            }
        }
        extended = idDigits == EXTENDED_DIGITS;
        dataLength = hasData ? announced : 0;
        dataAt = lengthAt + 1;
        return isUsual(stamp);
    }

    /**
     * An adapter sends all lines with timestamps of the same length, or without. A line that lost data bytes in transit
     * looks like one with a shorter timestamp. So the format is learnt, and other lines are rejected.
     */
    private boolean isUsual(int stamp) {
        if (stamp == stampDigits || stampDigits == UNKNOWN) {
            stampDigits = stamp;
            against = 0;
            return true;
        }
        against = stamp == otherDigits ? against + 1 : 1;
        otherDigits = stamp;
        if (against < CHANGE_OF_WAYS) {
            return false;
        }
        stampDigits = stamp;
        against = 0;
        return true;
    }

    private boolean areDigits(int from, int to) {
        for (int i = from; i < to; i++) {
            if (DIGITS[line[i] & 0xFF] < 0) {
                return false;
            }
        }
        return true;
    }

    private int digit(int place) {
        return DIGITS[line[place] & 0xFF];
    }
}
