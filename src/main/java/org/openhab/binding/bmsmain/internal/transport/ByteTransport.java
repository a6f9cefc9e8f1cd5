/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A stream of bytes to and from a device: a serial port or a TCP connection. One thread uses it; {@link #close()} may
 * be called by another to end a wait.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface ByteTransport extends AutoCloseable {

    /**
     * Opens the transport. It can be opened again after it was closed.
     *
     * @throws LinkException when it cannot be opened, with the cause
     */
    void open() throws LinkException;

    /**
     * Opens the transport. If opening can take long, gives up at a moment of the ticker.
     *
     * @throws LinkException when it cannot be opened, with the cause
     */
    default void open(long until) throws LinkException {
        open();
    }

    /**
     * Reads the available bytes, or waits for the first one.
     *
     * @param deadline moment of the ticker until which to wait; one in the past takes available bytes without waiting
     * @return number of bytes, 0 when none came in time
     * @throws LinkException when the port or connection is gone
     */
    int read(byte[] buffer, int offset, int length, long deadline) throws LinkException;

    /**
     * Writes all bytes.
     *
     * @throws LinkException when the port or connection is gone
     */
    void write(byte[] buffer, int offset, int length) throws LinkException;

    /**
     * Sets whether written bytes that have not arrived are discarded on close. Otherwise a network delivers them later
     * if it can. Applies until the next call or the next open.
     */
    default void discardOnClose(boolean discard) {
    }

    /**
     * Marks the start of a board's turn in recordings of the wire.
     *
     * @param whose address of the board, or a word for another user of the wire
     */
    default void beginTransaction(String whose) {
    }

    /** Time that this many bytes need on the wire, in nanoseconds; 0 if the wire has no fixed rate. */
    long wireNanos(int bytes);

    /** Closes the transport. Has no effect when it is closed. */
    @Override
    void close();
}
