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
 * Reads lines of a text of unknown origin one at a time. The length of a line is limited. NUL ends a line, because file
 * systems fill data lost in a power failure with NUL.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Lines implements Closeable {

    /** Maximum length of a line in bytes; the longest line of a recording has some thousand. */
    static final int LONGEST = 64 * 1024;
    /** Maximum number of consecutive NULs, more than a lost block leaves; after more the text ends. */
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
     * Returns the next line without its line end; null after the last.
     *
     * @throws TooLongException when the line is too long
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

    /** Number of the line returned last; the first is 1. */
    long number() {
        return number;
    }

    /** Whether the line has a line end: otherwise it was cut by the end of the text or by NUL. */
    boolean isWhole() {
        return whole;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
