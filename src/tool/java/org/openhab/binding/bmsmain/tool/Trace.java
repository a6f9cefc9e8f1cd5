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

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.link.TraceFile;
import org.openhab.binding.bmsmain.internal.link.TraceSink.Event;

/**
 * A recording that was read from a file; {@link TraceFile} describes the format.
 *
 * @param time wall clock at the moment 0
 * @param options arguments that say how the board was read, as {@code bms watch} takes them
 * @param entries what happened, in its order
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record Trace(Instant time, List<String> options, List<Entry> entries) {

    /** Name of the lines in the head that hold an argument. */
    static final String OPTION = "option ";

    private static final String TIME = "time ";

    /**
     * One event.
     *
     * @param line number of its line in the file
     * @param nanos since the moment 0
     */
    record Entry(int line, Event event, long nanos, String detail, byte[] bytes) {
    }

    /** The file is no recording. The message is fit for a user. */
    static final class FormatException extends Exception {
        private static final long serialVersionUID = 1L;

        FormatException(int line, String message) {
            super("line " + line + ": " + message);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException when it cannot be read
     * @throws FormatException when it is no recording
     */
    static Trace read(Path path) throws IOException, FormatException {
        Instant time = Instant.EPOCH;
        List<String> options = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            int number = 1;
            String line = reader.readLine();
            if (!TraceFile.HEAD.equals(line)) {
                throw new FormatException(number, "a recording begins with " + TraceFile.HEAD);
            }
            for (line = next(reader, ++number); line != null && !line.isEmpty(); line = next(reader, ++number)) {
                if (line.startsWith(OPTION)) {
                    options.add(line.substring(OPTION.length()));
                } else if (line.startsWith(TIME)) {
                    time = time(number, line.substring(TIME.length()));
                }
            }
            for (line = next(reader, ++number); line != null; line = next(reader, ++number)) {
                Entry entry = entry(number, line);
                if (entry == null) {
                    break;
                }
                entries.add(entry);
            }
        } catch (MalformedInputException e) {
            throw new FormatException(1, "this is no text file");
        }
        return new Trace(time, options, entries);
    }

    private static @Nullable String next(BufferedReader reader, int number) throws IOException {
        return reader.readLine();
    }

    private static Instant time(int number, String text) throws FormatException {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new FormatException(number, "no time: " + text);
        }
    }

    /** One line; null where the recording ended because the file was full. */
    private static @Nullable Entry entry(int number, String line) throws FormatException {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2 || !parts[0].matches("\\d{1,9}\\.\\d{9}")) {
            throw new FormatException(number, "a line begins with seconds and a word: " + line);
        }
        long nanos = Long.parseLong(parts[0].replace(".", ""));
        String rest = parts.length < 3 ? "" : parts[2];
        switch (parts[1]) {
            case TraceFile.FULL:
                return null;
            case TraceFile.SENT:
                return new Entry(number, Event.SENT, nanos, "", bytes(number, rest));
            case TraceFile.RECEIVED:
                return new Entry(number, Event.RECEIVED, nanos, "", bytes(number, rest));
            default:
                try {
                    return new Entry(number, Event.valueOf(parts[1].toUpperCase(Locale.ROOT)), nanos, rest,
                            new byte[0]);
                } catch (IllegalArgumentException e) {
                    throw new FormatException(number, "unknown word: " + parts[1]);
                }
        }
    }

    private static byte[] bytes(int number, String text) throws FormatException {
        try {
            return HexFormat.ofDelimiter(" ").parseHex(text.strip());
        } catch (IllegalArgumentException e) {
            throw new FormatException(number, "no bytes: " + text);
        }
    }
}
