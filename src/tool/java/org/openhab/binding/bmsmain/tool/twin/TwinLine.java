/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.tool.twin;

import java.io.Closeable;
import java.io.IOException;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A line of bytes in both directions: a serial port, or a socket that carries the same bytes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface TwinLine extends Closeable {

    /** Opens the line, for the first time or after it was lost. */
    @FunctionalInterface
    interface Opener {

        /**
         * Opens the line.
         *
         * @throws IOException when it cannot be opened; the message is fit for a user
         */
        TwinLine open() throws IOException;
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
}
