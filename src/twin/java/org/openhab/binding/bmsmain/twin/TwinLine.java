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
 * A line of bytes in both directions: a serial port, or a socket that carries the same bytes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface TwinLine extends Closeable {

    /** Pause between two attempts to open a line that was lost. */
    long REOPEN_NANOS = 200_000_000;

    /** Opens the line, for the first time or after it was lost. */
    @FunctionalInterface
    interface Opener {

        /**
         * Opens the line.
         *
         * @throws IOException when it cannot be opened; the message is fit for a user
         */
        TwinLine open() throws IOException;

        /**
         * Opens the line again, as often as it takes.
         *
         * @param lost the line as it was, which is returned when it is not wanted any more
         * @param wanted whether to go on
         */
        default TwinLine reopen(TwinLine lost, BooleanSupplier wanted) {
            while (wanted.getAsBoolean()) {
                LockSupport.parkNanos(REOPEN_NANOS);
                try {
                    return open();
                } catch (IOException e) {
                    // not there yet
                }
            }
            return lost;
        }
    }

    /**
     * Waits for bytes.
     *
     * @param buffer receives them from its beginning
     * @param nanos how long to wait for the first byte
     * @return how many arrived; 0 when none did in time; negative when the line is gone
     * @throws IOException when the line is gone
     */
    int read(byte[] buffer, long nanos) throws IOException;

    /**
     * Sends bytes.
     *
     * @throws IOException when the line is gone
     */
    void write(byte[] bytes) throws IOException;

    /** Closes what may be closed or gone already. */
    static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            // it is gone, which is what was wanted
        }
    }
}
