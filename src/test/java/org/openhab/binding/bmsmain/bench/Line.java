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

import java.io.IOException;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A bidirectional byte stream: one end of a serial line or of a TCP connection.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface Line extends AutoCloseable {

    /**
     * Waits for bytes.
     *
     * @param nanos maximum wait for the first byte, in nanoseconds
     * @return the number of bytes received; 0 on timeout
     * @throws IOException if the line is lost
     */
    int read(byte[] buffer, long nanos) throws IOException;

    /** Sends bytes at once. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    @Override
    void close();
}
