/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A record that stores values over restarts as one line of text: name, version, {@code key=value} pairs and checksum.
 * <p>
 * The checksum is needed because a counter with one changed digit is still plausible.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RecordText {

    private static final String CHECKSUM = " crc=";

    private final String name;
    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * @param name name of the record, one word
     */
    RecordText(String name) {
        this.name = name;
    }

    RecordText put(String key, Object value) {
        values.put(key, String.valueOf(value));
        return this;
    }

    /**
     * Returns the line.
     *
     * @param version version of the format
     */
    String toLine(int version) {
        StringBuilder line = new StringBuilder(name).append(' ').append(version);
        values.forEach((key, value) -> line.append(' ').append(key).append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return line + CHECKSUM + checksum(line.toString());
    }

    /**
     * Parses a line.
     *
     * @param version the supported version
     * @throws BrokenRecordException if the line is damaged, of another kind or of another version
     */
    static RecordText parse(String name, int version, String line) throws BrokenRecordException {
        int end = line.lastIndexOf(CHECKSUM);
        if (end < 0) {
            throw new BrokenRecordException("it has no checksum, so it is truncated or not a record");
        }
        String body = line.substring(0, end);
        if (!checksum(body).equals(line.substring(end + CHECKSUM.length()).trim())) {
            throw new BrokenRecordException("its checksum does not match");
        }
        String[] words = body.split(" ");
        if (words.length < 2 || !words[0].equals(name)) {
            throw new BrokenRecordException("it is not a record of type " + name);
        }
        if (!words[1].equals(String.valueOf(version))) {
            throw new BrokenRecordException("its version is " + words[1] + ", this binding supports " + version);
        }
        RecordText record = new RecordText(name);
        for (int i = 2; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 0) {
                throw new BrokenRecordException("'" + words[i] + "' is not a value");
            }
            record.put(words[i].substring(0, equals),
                    URLDecoder.decode(words[i].substring(equals + 1), StandardCharsets.UTF_8));
        }
        return record;
    }

    /**
     * Returns the text of a key.
     *
     * @throws BrokenRecordException if it is missing
     */
    String text(String key) throws BrokenRecordException {
        String value = values.get(key);
        if (value == null) {
            throw new BrokenRecordException("the value '" + key + "' is missing");
        }
        return value;
    }

    /**
     * Returns a whole number of at least 0.
     *
     * @throws BrokenRecordException if it is missing or invalid
     */
    long count(String key) throws BrokenRecordException {
        String value = text(key);
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new BrokenRecordException("'" + key + "=" + value + "' is not a count");
    }

    /**
     * Returns a number, NaN for unknown.
     *
     * @throws BrokenRecordException if it is missing, infinite or invalid
     */
    double number(String key) throws BrokenRecordException {
        String value = text(key);
        try {
            double number = Double.parseDouble(value);
            if (!Double.isInfinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new BrokenRecordException("'" + key + "=" + value + "' is not a number");
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
