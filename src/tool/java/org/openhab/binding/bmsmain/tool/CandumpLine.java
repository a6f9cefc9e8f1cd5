/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.tool;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;

/**
 * A line of a log: candump's log files, candump's screen with and without time stamps, and plain {@code ID BYTES} in
 * hexadecimal.
 *
 * @param time when the frame was received; null when the line does not say so
 * @param frame null for frames of a kind that is not looked at: 29-bit identifiers, remote frames, CAN FD, errors
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record CandumpLine(@Nullable Instant time, @Nullable CanFrame frame) {

    /** Seconds since 1970 or since some beginning, or date and time of the day. */
    private static final String STAMP = "(?:\\((?:(?<seconds>\\d{1,11}\\.\\d+)|(?<date>\\d{4}-\\d\\d-\\d\\d) "
            + "(?<clock>\\d\\d:\\d\\d:\\d\\d\\.\\d+))\\)\\s+)?";
    /** {@code (1436509052.249713) can0 1A0#025A001A1B05FC01}, where a letter for the direction may follow. */
    private static final Pattern FILE = Pattern.compile("\\s*" + STAMP + "\\S+\\s+(?<id>[0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})"
            + "#(?<data>(?:[0-9A-Fa-f]{2}\\.?){0,8}|R\\d?|#[0-9A-Fa-f]+)(?:\\s+[RT])?\\s*");
    /** {@code can0  1A0   [8]  02 5A 00 1A 1B 05 FC 01}, where the bytes as characters may follow. */
    private static final Pattern SCREEN = Pattern.compile("\\s*" + STAMP
            + "\\S+\\s+(?:(?:RX|TX)\\s+\\S\\s+\\S\\s+)?(?<id>[0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})\\s+\\[(?<length>\\d{1,2})\\]"
            + "(?<data>(?:\\s+[0-9A-Fa-f]{2})*|\\s+remote request|\\s+ERRORFRAME.*)(?:\\s+'.*')?\\s*");
    /** {@code 01A0 02 5A 00 1A 1B 05 FC 01}. */
    private static final Pattern PLAIN = Pattern
            .compile("\\s*(?<id>[0-9A-Fa-f]{3,8})(?<data>(?:\\s+[0-9A-Fa-f]{2}){0,8})\\s*");
    private static final int EXTENDED_DIGITS = 8;

    /** Reads a line. @return null when it is no frame */
    static @Nullable CandumpLine parse(String line) {
        Matcher match = PLAIN.matcher(line);
        if (match.matches()) {
            return of(null, match.group("id"), match.group("data"), -1);
        }
        match = FILE.matcher(line);
        if (match.matches()) {
            return of(time(match), match.group("id"), match.group("data"), -1);
        }
        match = SCREEN.matcher(line);
        if (match.matches()) {
            return of(time(match), match.group("id"), match.group("data"), Integer.parseInt(match.group("length")));
        }
        return null;
    }

    private static @Nullable CandumpLine of(@Nullable Instant time, String id, String data, int length) {
        String digits = data.replaceAll("[\\s.]", "");
        int number = (int) Long.parseLong(id, 16);
        boolean other = id.length() == EXTENDED_DIGITS || number > CanFrame.MAX_ID || !digits.matches("[0-9A-Fa-f]*");
        if (other || digits.length() > 2 * CanFrame.MAX_LENGTH) {
            return new CandumpLine(time, null);
        }
        byte[] bytes = HexFormat.of().parseHex(digits);
        if (length >= 0 && length != bytes.length) {
            return null;
        }
        CanFrame frame = new CanFrame();
        frame.begin(number, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            frame.put(i, bytes[i]);
        }
        return new CandumpLine(time, frame);
    }

    private static @Nullable Instant time(Matcher match) {
        String seconds = match.group("seconds");
        String date = match.group("date");
        if (seconds != null) {
            int point = seconds.indexOf('.');
            String nanos = (seconds.substring(point + 1) + "000000000").substring(0, 9);
            return Instant.ofEpochSecond(Long.parseLong(seconds.substring(0, point)), Long.parseLong(nanos));
        }
        if (date == null) {
            return null;
        }
        try {
            return LocalDateTime.parse(date + "T" + match.group("clock")).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
