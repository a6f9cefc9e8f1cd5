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

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Standard output or standard error of a command. Lines are sanitised, because texts of a recording, a log or a device
 * may contain terminal control sequences. Control sequences of the program itself are written by {@link #print}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Output extends PrintWriter {

    /** Longer complaints are shortened to their beginning and end. */
    private static final int LONGEST_COMPLAINT = 1000;
    private static final int BEGINNING = 700;
    private static final int END = 200;
    private static final char REPLACEMENT = '?';

    private final @Nullable Channel channel;
    private final int longest;

    /** A stream of this process that keeps the reason of a write failure, which {@link System#out} hides. */
    private static final class Channel extends FilterOutputStream {
        private String problem = "";

        Channel(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte @Nullable [] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                problem = String.valueOf(e.getMessage());
                throw e;
            }
        }
    }

    private Output(Writer out, @Nullable Channel channel, int longest) {
        super(out, true);
        this.channel = channel;
        this.longest = longest;
    }

    private static Output of(FileDescriptor descriptor, int longest) {
        Channel channel = new Channel(new FileOutputStream(descriptor));
        return new Output(new OutputStreamWriter(channel, StandardCharsets.UTF_8), channel, longest);
    }

    /** Standard output of this process, in UTF-8. */
    static Output standard() {
        return of(FileDescriptor.out, Integer.MAX_VALUE);
    }

    /** Standard error of this process, in UTF-8. */
    static Output error() {
        return of(FileDescriptor.err, LONGEST_COMPLAINT);
    }

    /** Wraps another destination for the output of a command. */
    static Output to(PrintWriter out) {
        return out instanceof Output output ? output : new Output(out, null, Integer.MAX_VALUE);
    }

    /** Wraps another destination for complaints. */
    static Output complaintsTo(PrintWriter err) {
        return err instanceof Output output ? output : new Output(err, null, LONGEST_COMPLAINT);
    }

    @Override
    public void println(@Nullable String line) {
        super.println(cut(clean(String.valueOf(line)), longest));
    }

    @Override
    public void println(@Nullable Object line) {
        println(String.valueOf(line));
    }

    /** Why writing failed; empty when unknown. */
    String problem() {
        Channel known = channel;
        return known == null ? "" : known.problem;
    }

    /** Whether the reader at the other end of a pipe has left, such as {@code head}. */
    boolean isLeft() {
        return channel != null && checkError()
                && (isPipe() || problem().toLowerCase(Locale.ROOT).contains("broken pipe"));
    }

    /** Checks the descriptor, because error messages of the system depend on its language. */
    private static boolean isPipe() {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return file.startsWith("pipe:") || file.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Replaces control characters and invisible characters of a text. */
    static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                StringBuilder clean = new StringBuilder(text);
                for (int k = i; k < text.length(); k++) {
                    clean.setCharAt(k, isPlain(text.charAt(k)) ? text.charAt(k) : REPLACEMENT);
                }
                return clean.toString();
            }
        }
        return text;
    }

    private static boolean isPlain(char c) {
        if (c >= ' ' && c < 0x7F || c == '\n' || c == '\t') {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Shortens a text that is too long to its beginning and end. */
    static String cut(String text, int longest) {
        return text.length() <= longest ? text
                : text.substring(0, BEGINNING) + " ... " + text.substring(text.length() - END);
    }
}
