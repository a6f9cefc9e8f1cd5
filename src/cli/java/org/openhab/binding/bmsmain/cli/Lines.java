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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The lines of a text that others wrote, one at a time, whatever is in it: a line is bounded, and NUL ends it, as they
 * stand in a file for what was lost when the power failed.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Lines implements Closeable {

    /** Longest line, in bytes; the longest of a recording has some thousand. */
    static final int LONGEST = 64 * 1024;
    /** More NUL in a row are not what a lost block leaves: the text ends there. */
    private static final int MOST_NULS = 16 << 20;
    private static final int BUFFER = 64 * 1024;

    /** A line is longer than {@link #LONGEST}. The message is fit for a user. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException(long number) {
            super("line " + number + " is longer than " + LONGEST + " bytes");
        }
    }

    private final InputStream in;
    private final Charset charset;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;
    private boolean whole;
    private boolean afterReturn;

    Lines(InputStream in, Charset charset) {
        this.in = new BufferedInputStream(in, BUFFER);
        this.charset = charset;
    }

    /** @throws IOException when the file cannot be read */
    static Lines of(Path file, Charset charset) throws IOException {
        return new Lines(Files.newInputStream(file), charset);
    }

    /** The lines of standard input. */
    static Lines ofInput() {
        return new Lines(Objects.requireNonNull(System.in), Charset.defaultCharset());
    }

    /**
     * The next line without its end; null after the last.
     *
     * @throws TooLongException when there is no end in sight
     */
    @Nullable
    String next() throws IOException {
        line.reset();
        int c = in.read();
        if (afterReturn && c == '\n') {
            c = in.read();
        }
        for (int nuls = 0; c == 0; c = in.read()) {
            if (++nuls > MOST_NULS) {
                return null;
            }
        }
        if (c < 0) {
            return null;
        }
        number++;
        for (; c > 0 && c != '\n' && c != '\r'; c = in.read()) {
            if (line.size() == LONGEST) {
                throw new TooLongException(number);
            }
            line.write(c);
        }
        whole = c > 0;
        afterReturn = c == '\r';
        return line.toString(charset);
    }

    /** The number of the line, the first is 1. */
    long number() {
        return number;
    }

    /** Whether the line has an end of its own: it is cut where the text ends with it, or NUL follow. */
    boolean isWhole() {
        return whole;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
