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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Classifies bytes that were received from a line: answers, requests of another master, an echo, or garbage. Evaluates
 * all of them, whatever was requested, to find out why there is no answer.
 *
 * @param bytes number of received bytes
 * @param answers addresses from which intact RTU answers came, one entry for each answer
 * @param requests addresses to which another master sent intact RTU requests
 * @param echoes number of times that our own request came back
 * @param garbage bytes that belong to no intact RTU frame
 * @param repeated number of garbage bytes that are 0x00 or 0xFF, as an idle line with swapped wires gives them
 * @param tcpFrames number of intact Modbus TCP frames, if the bytes are nothing else
 * @param service the detected protocol other than Modbus, such as HTTP; empty when none is known
 * @param begin the first bytes in hexadecimal
 * @param alteration how a serial server altered an RTU answer, such as {@code LF -> CR LF}; empty when it did not, or
 *            that is unknown
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record FrameScan(int bytes, List<Integer> answers, Set<Integer> requests, int echoes, int garbage, int repeated,
        int tcpFrames, String service, String begin, String alteration) {

    private static final int SHORT_LENGTH = 8;
    private static final int EXCEPTION_LENGTH = 5;
    private static final int EXCEPTION_FLAG = 0x80;
    private static final int TCP_HEADER = 6;
    private static final int SHORTEST_TEXT = 4;
    private static final int BEGIN = 8;
    /** An alteration that a single damaged answer can resemble by chance. */
    public static final String SEVEN_BITS = "8 -> 7 bit";

    private static final int CR = '\r';
    private static final int LF = '\n';

    /**
     * Classifies received bytes.
     *
     * @param sent the frames that we sent meanwhile
     * @param heard the received bytes
     */
    public static FrameScan of(List<byte[]> sent, byte[] heard) {
        List<Integer> answers = new ArrayList<>();
        Set<Integer> requests = new TreeSet<>();
        int echoes = 0;
        int garbage = 0;
        int repeated = 0;
        int at = 0;
        while (at < heard.length) {
            int echo = echo(sent, heard, at);
            int length = echo > 0 ? echo : frame(heard, at);
            if (echo > 0) {
                echoes++;
            } else if (length == 0) {
                garbage++;
                repeated += heard[at] == 0 || heard[at] == -1 ? 1 : 0;
            } else if (isRequest(heard, at, length)) {
                requests.add(heard[at] & 0xFF);
            } else {
                answers.add(heard[at] & 0xFF);
            }
            at += Math.max(1, length);
        }
        return new FrameScan(heard.length, answers, requests, echoes, garbage, repeated, tcpFrames(heard),
                ForeignService.of(heard),
                HexFormat.ofDelimiter(" ").withUpperCase().formatHex(heard, 0, Math.min(BEGIN, heard.length)),
                garbage == 0 ? "" : alteration(heard));
    }

    private static String alteration(byte[] heard) {
        int length = heard.length;
        byte[] changed = new byte[length];
        int count = 0;
        boolean high = false;
        for (int i = 0; i < length; i++) {
            boolean isAdded = heard[i] == CR && i + 1 < length && heard[i + 1] == LF;
            if (!isAdded) {
                changed[count++] = heard[i];
            }
            high |= heard[i] < 0;
        }
        if (count < length && frame(Arrays.copyOf(changed, count), 0) == count) {
            return "LF -> CR LF";
        }
        if (length < EXCEPTION_LENGTH || length != (heard[2] & 0xFF) + EXCEPTION_LENGTH
                || heard[1] != ModbusRequest.READ_HOLDING && heard[1] != ModbusRequest.READ_INPUT) {
            return "";
        }
        byte[] swapped = heard.clone();
        swapped[length - 1] = heard[length - 2];
        swapped[length - 2] = heard[length - 1];
        return Crc16.matches(swapped, 0, length) ? "CRC high <-> low" : high ? "" : SEVEN_BITS;
    }

    private static int echo(List<byte[]> sent, byte[] heard, int at) {
        for (byte[] frame : sent) {
            if (at + frame.length <= heard.length
                    && Arrays.equals(frame, Arrays.copyOfRange(heard, at, at + frame.length))) {
                return frame.length;
            }
        }
        return 0;
    }

    /** Length of the intact RTU frame at this place, 0 when there is none. */
    private static int frame(byte[] heard, int at) {
        int unit = heard[at] & 0xFF;
        if (unit == 0 || unit > ModbusSettings.MAX_ADDRESS || at + EXCEPTION_LENGTH > heard.length) {
            return 0;
        }
        int function = heard[at + 1] & 0xFF;
        if ((function & EXCEPTION_FLAG) != 0) {
            return intact(heard, at, EXCEPTION_LENGTH);
        }
        if (function == 0 || function > ModbusRequest.WRITE_MULTIPLE) {
            return 0;
        }
        int asShort = intact(heard, at, SHORT_LENGTH);
        return asShort > 0 ? asShort : intact(heard, at, (heard[at + 2] & 0xFF) + EXCEPTION_LENGTH);
    }

    private static int intact(byte[] heard, int at, int length) {
        return at + length <= heard.length && Crc16.matches(heard, at, length) ? length : 0;
    }

    /** Answers to reads of registers have an odd length. */
    private static boolean isRequest(byte[] heard, int at, int length) {
        int function = heard[at + 1] & 0xFF;
        return length == SHORT_LENGTH
                && (function == ModbusRequest.READ_HOLDING || function == ModbusRequest.READ_INPUT);
    }

    private static int tcpFrames(byte[] heard) {
        int frames = 0;
        int at = 0;
        while (at + TCP_HEADER < heard.length) {
            int length = (heard[at + 4] & 0xFF) << 8 | heard[at + 5] & 0xFF;
            if (heard[at + 2] != 0 || heard[at + 3] != 0 || length < 3 || length > 254
                    || at + TCP_HEADER + length > heard.length) {
                return 0;
            }
            frames++;
            at += TCP_HEADER + length;
        }
        return at == heard.length ? frames : 0;
    }

    /** Whether nearly all bytes are those of a line with swapped wires. */
    public boolean isOneLevel() {
        return garbage >= SHORTEST_TEXT && repeated * 10 >= garbage * 8 && answers.isEmpty();
    }
}
