/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A bidirectional byte stream: a serial port, or a socket that carries the same bytes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface TwinLine extends Closeable {

    /** Pause between two attempts to reopen a lost line, in nanoseconds. */
    long REOPEN_NANOS = 200_000_000;

    /** Opens the line, initially or after it was lost. */
    @FunctionalInterface
    interface Opener {

        /**
         * Opens the line.
         *
         * @throws IOException if the line cannot be opened; the message is suitable for users
         */
        TwinLine open() throws IOException;

        /**
         * Reopens a lost line. Retries until it succeeds or is no longer wanted.
         *
         * @param lost the lost line; returned if no new line is wanted any more
         * @param wanted whether to continue
         */
        default TwinLine reopen(TwinLine lost, BooleanSupplier wanted) {
            while (wanted.getAsBoolean()) {
                LockSupport.parkNanos(REOPEN_NANOS);
                try {
                    return open();
                } catch (IOException e) {
                    // not available yet
                }
            }
            return lost;
        }
    }

    /**
     * Waits for bytes.
     *
     * @param buffer receives the bytes, from index 0
     * @param nanos maximum wait for the first byte, in nanoseconds
     * @return the number of bytes received; 0 on timeout; negative if the line is lost
     * @throws IOException if the line is lost
     */
    int read(byte[] buffer, long nanos) throws IOException;

    /**
     * Sends bytes.
     *
     * @throws IOException if the line is lost
     */
    void write(byte[] bytes) throws IOException;

    /** Closes a resource that may be closed or lost already. */
    static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            // already lost, nothing to close
        }
    }
}
