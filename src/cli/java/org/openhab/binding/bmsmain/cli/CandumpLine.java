/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;

/**
 * A line of a log: a candump log file, candump screen output with or without time stamps, or plain {@code ID BYTES}
 * in hexadecimal.
 *
 * <pre>
 * (1436509052.249713) can0 1A0#025A001A1B05FC01 R
 *  (2026-11-22 10:00:00.123456)  can0  RX - -  1A0   [8]  02 5A 00 1A 1B 05 FC 01   '.Z......'
 * 01A0 02 5A 00 1A 1B 05 FC 01
 * </pre>
 *
 * The parser reads the line once from left to right: a line may contain anything, and be long.
 *
 * @param stamp time stamp of the line; null without one
 * @param channel the CAN interface; empty when the line has none
 * @param frame null for frames that are not evaluated: 29-bit identifiers, remote frames, CAN FD, errors
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record CandumpLine(@Nullable Instant stamp, String channel, @Nullable CanFrame frame) {

    private static final int EXTENDED_DIGITS = 8;
    private static final int STANDARD_DIGITS = 3;
    private static final int MOST_SECONDS_DIGITS = 11;
    private static final int MOST_LENGTH = 64;
    private static final int NANO_DIGITS = 9;

    /** Parses a line. @return null when it is no frame */
    static @Nullable CandumpLine parse(String line) {
        Words words = new Words(line);
        Instant stamp = null;
        if (words.isAt('(')) {
            stamp = stamp(words.behindParenthesis());
            if (stamp == null || !words.isAtSpace()) {
                return null;
            }
        }
        String first = words.next();
        if (stamp == null && isHex(first, STANDARD_DIGITS, EXTENDED_DIGITS)) {
            CandumpLine plain = bytes(words, null, "", first, -1);
            if (plain != null) {
                return plain;
            }
            words = new Words(line);
            words.next();
        }
        String second = words.next();
        int hash = second.indexOf('#');
        if (hash >= 0) {
            return ofFile(words, stamp, first, second.substring(0, hash), second.substring(hash + 1));
        }
        if ("RX".equals(second) || "TX".equals(second)) {
            // Two flag characters stand between direction and identifier.
            if (words.next().length() != 1 || words.next().length() != 1) {
                return null;
            }
            second = words.next();
        }
        int length = length(words.next());
        return !isId(second) || length < 0 ? null : bytes(words, stamp, first, second, length);
    }

    /** A line of a log file; a letter for the direction may follow. */
    private static @Nullable CandumpLine ofFile(Words words, @Nullable Instant stamp, String channel, String id,
            String data) {
        String direction = words.next();
        boolean known = direction.isEmpty() || "R".equals(direction) || "T".equals(direction);
        if (!isId(id) || !known || !words.next().isEmpty()) {
            return null;
        }
        if (data.startsWith("R")) {
            boolean remote = data.length() == 1 || data.length() == 2 && Character.digit(data.charAt(1), 10) >= 0;
            return remote ? new CandumpLine(stamp, channel, null) : null;
        }
        if (data.startsWith("#")) {
            return isHex(data.substring(1), 1, Integer.MAX_VALUE) ? new CandumpLine(stamp, channel, null) : null;
        }
        byte[] bytes = new byte[CanFrame.MAX_LENGTH];
        int count = 0;
        int at = 0;
        while (at < data.length()) {
            String octet = data.substring(at, Math.min(at + 2, data.length()));
            if (count == bytes.length || !isHex(octet, 2, 2)) {
                return null;
            }
            bytes[count++] = (byte) Integer.parseInt(octet, 16);
            at += at + 2 < data.length() && data.charAt(at + 2) == '.' ? 3 : 2;
        }
        return of(stamp, channel, id, bytes, count);
    }

    /**
     * Bytes as separate words; the bytes as characters may follow.
     *
     * @param length expected number of bytes; negative when the line has none, and then nothing else may follow
     */
    private static @Nullable CandumpLine bytes(Words words, @Nullable Instant stamp, String channel, String id,
            int length) {
        byte[] bytes = new byte[length < 0 ? CanFrame.MAX_LENGTH : MOST_LENGTH];
        int count = 0;
        String word = words.next();
        for (; isHex(word, 2, 2); word = words.next()) {
            if (count == bytes.length) {
                return null;
            }
            bytes[count++] = (byte) Integer.parseInt(word, 16);
        }
        boolean asCharacters = length >= 0 && word.startsWith("'");
        boolean other = length >= 0
                && ("ERRORFRAME".equals(word) || count == 0 && "remote".equals(word) && "request".equals(words.next()));
        if (!word.isEmpty() && !asCharacters && !other) {
            return null;
        }
        if (other || count > CanFrame.MAX_LENGTH) {
            return new CandumpLine(stamp, channel, null);
        }
        return length >= 0 && length != count ? null : of(stamp, channel, id, bytes, count);
    }

    private static CandumpLine of(@Nullable Instant stamp, String channel, String id, byte[] bytes, int count) {
        int number = id.length() == EXTENDED_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(id, 16);
        if (number > CanFrame.MAX_ID) {
            return new CandumpLine(stamp, channel, null);
        }
        CanFrame frame = new CanFrame();
        frame.begin(number, count);
        for (int i = 0; i < count; i++) {
            frame.put(i, bytes[i]);
        }
        return new CandumpLine(stamp, channel, frame);
    }

    /** Seconds since 1970 or since some start, or date and time of day. */
    private static @Nullable Instant stamp(String text) {
        int point = text.indexOf('.');
        if (point > 0 && point <= MOST_SECONDS_DIGITS && isDecimal(text.substring(0, point))
                && isDecimal(text.substring(point + 1))) {
            String nanos = (text.substring(point + 1) + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
            return Instant.ofEpochSecond(Long.parseLong(text.substring(0, point)), Long.parseLong(nanos));
        }
        if (text.length() > "2026-11-22 ".length() && text.charAt(10) == ' ') {
            try {
                return LocalDateTime.parse(text.replace(' ', 'T')).atZone(ZoneId.systemDefault()).toInstant();
            } catch (DateTimeException e) {
                return null;
            }
        }
        return null;
    }

    private static boolean isDecimal(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isId(String text) {
        return isHex(text, STANDARD_DIGITS, STANDARD_DIGITS) || isHex(text, EXTENDED_DIGITS, EXTENDED_DIGITS);
    }

    private static boolean isHex(String text, int least, int most) {
        return text.length() >= least && text.length() <= most
                && text.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
    }

    /** The number of bytes in brackets; negative when it is none. */
    private static int length(String text) {
        boolean brackets = text.startsWith("[") && text.endsWith("]") && text.length() >= 3 && text.length() <= 4;
        String digits = brackets ? text.substring(1, text.length() - 1) : "";
        return isDecimal(digits) ? Integer.parseInt(digits) : -1;
    }

    /** The words of a line, from left to right. */
    private static final class Words {
        private final String line;
        private int at;

        Words(String line) {
            this.line = line;
        }

        boolean isAtSpace() {
            return at < line.length() && Character.isWhitespace(line.charAt(at));
        }

        boolean isAt(char c) {
            while (isAtSpace()) {
                at++;
            }
            return at < line.length() && line.charAt(at) == c;
        }

        /** The text up to the next closing parenthesis; the following words begin behind it. */
        String behindParenthesis() {
            int end = line.indexOf(')', at);
            String inside = end < 0 ? "" : line.substring(at + 1, end);
            at = end < 0 ? line.length() : end + 1;
            return inside;
        }

        /** The next word; empty at the end. */
        String next() {
            while (isAtSpace()) {
                at++;
            }
            int begin = at;
            while (at < line.length() && !isAtSpace()) {
                at++;
            }
            return line.substring(begin, at);
        }
    }
}
