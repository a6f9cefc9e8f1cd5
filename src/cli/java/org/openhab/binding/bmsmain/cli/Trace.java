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

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.TraceFile;
import org.openhab.binding.bmsmain.internal.transport.TraceSink.Event;

/**
 * A recording, read from its file during the replay; {@link TraceFile} describes the format. If the file was cut by a
 * full disk or a power failure, the recording ends before the first incomplete line.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Trace implements Closeable {

    /** Prefix of the header lines that hold an argument. */
    static final String OPTION = "option ";

    private static final String TIME = "time ";
    private static final Instant FIRST_TIME = Instant.EPOCH;
    private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59Z");
    private static final int MOST_HEAD_LINES = 1000;
    private static final int LONGEST_QUOTE = 100;

    private final Lines lines;
    private final List<Option> options = new ArrayList<>();
    private Instant time = Instant.EPOCH;
    private boolean cut;
    private boolean over;

    /**
     * One event.
     *
     * @param line number of its line in the file
     * @param nanos time since the start of the recording, in nanoseconds
     */
    record Entry(long line, Event event, long nanos, String detail, byte[] bytes) {
    }

    /** An argument, or the value of the previous one, from a line of the header. */
    record Option(long line, String text) {
    }

    /** The file is not a valid recording. The message is fit for a user. */
    static final class FormatException extends Exception {
        private static final long serialVersionUID = 1L;

        FormatException(long line, String message) {
            super("line " + line + ": " + message);
        }

        FormatException(long line, String message, String quote) {
            this(line, message + (quote.length() <= LONGEST_QUOTE ? quote : quote.substring(0, LONGEST_QUOTE) + "..."));
        }
    }

    private Trace(Lines lines) {
        this.lines = lines;
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws IOException when it cannot be read
     * @throws FormatException when it is no recording
     */
    static Trace open(Path path) throws IOException, FormatException {
        Trace trace = new Trace(Lines.of(path, StandardCharsets.UTF_8));
        try {
            trace.readHead();
            return trace;
        } catch (Lines.TooLongException e) {
            trace.close();
            throw new FormatException(1, "a recording must begin with " + TraceFile.HEAD);
        } catch (IOException | FormatException e) {
            trace.close();
            throw e;
        }
    }

    private void readHead() throws IOException, FormatException {
        if (!TraceFile.HEAD.equals(lines.next())) {
            throw new FormatException(1, "a recording must begin with " + TraceFile.HEAD);
        }
        String line = lines.next();
        for (; line != null && !line.isEmpty(); line = lines.next()) {
            if (lines.number() > MOST_HEAD_LINES) {
                throw new FormatException(lines.number(), "the header is too long");
            } else if (line.startsWith(OPTION)) {
                options.add(new Option(lines.number(), line.substring(OPTION.length())));
            } else if (line.startsWith(TIME)) {
                time = time(lines.number(), line.substring(TIME.length()));
            }
        }
        if (line == null) {
            throw new FormatException(lines.number(), "the recording ends within its header");
        }
    }

    /** Wall clock time at the start of the recording. */
    Instant time() {
        return time;
    }

    /** Arguments with which the board was read, as for {@code bms watch}; not validated. */
    List<Option> options() {
        return options;
    }

    /** Whether the end of the recording is missing. */
    boolean isCut() {
        return cut;
    }

    /**
     * Returns the next event.
     *
     * @return null at the end
     * @throws IOException when the file cannot be read
     * @throws FormatException when the line is invalid
     */
    @Nullable
    Entry next() throws IOException, FormatException {
        String line;
        try {
            line = over ? null : lines.next();
        } catch (Lines.TooLongException e) {
            throw new FormatException(lines.number(), "too long for a line of a recording");
        }
        Entry entry = null;
        if (line != null && !lines.isWhole()) {
            cut = true;
        } else if (line != null) {
            entry = entry(lines.number(), line);
        }
        over = entry == null;
        return entry;
    }

    private static Instant time(long number, String text) throws FormatException {
        try {
            Instant time = Instant.parse(text);
            if (!time.isBefore(FIRST_TIME) && !time.isAfter(LAST_TIME)) {
                return time;
            }
        } catch (DateTimeParseException e) {
            // Reported below, with the invalid text.
        }
        throw new FormatException(number, "invalid time: ", text);
    }

    /** Parses a line; null where the recording ended because the file was full. */
    private static @Nullable Entry entry(long number, String line) throws FormatException {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2 || !parts[0].matches("\\d{1,9}\\.\\d{9}")) {
            throw new FormatException(number, "a line must begin with seconds and a word: ", line);
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
                    throw new FormatException(number, "unknown word: ", parts[1]);
                }
        }
    }

    private static byte[] bytes(long number, String text) throws FormatException {
        try {
            return HexFormat.ofDelimiter(" ").parseHex(text.strip());
        } catch (IllegalArgumentException e) {
            throw new FormatException(number, "invalid bytes: ", text);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
