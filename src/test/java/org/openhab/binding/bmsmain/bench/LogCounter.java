/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Replaces the error stream, to which the test logger prints every line above debug.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class LogCounter extends OutputStream {

    /** Limit of the recorded bytes, so that the log of a long run does not look like heap growth. */
    private static final int MOST_BYTES = 1 << 20;

    private final PrintStream stream;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    /** @param stream receives all output as well */
    public LogCounter(PrintStream stream) {
        this.stream = stream;
    }

    @Override
    public synchronized void write(int octet) {
        stream.write(octet);
        if (text.size() < MOST_BYTES) {
            text.write(octet);
        }
    }

    /** Returns the lines of the binding's own loggers in the first mebibyte. */
    public synchronized List<String> lines() {
        return text.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("openhab.binding.bmsmain"))
                .toList();
    }
}
