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
     * Opens it. It can be opened again after it was closed.
     *
     * @throws LinkException when it cannot be opened, with the cause
     */
    void open() throws LinkException;

    /**
     * Opens it, and gives up at a moment of the ticker where opening can take long.
     *
     * @throws LinkException when it cannot be opened, with the cause
     */
    default void open(long until) throws LinkException {
        open();
    }

    /**
     * Reads what is there, and waits for the first byte if nothing is.
     *
     * @param deadline moment of the ticker until which to wait; one in the past takes what is there without waiting
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
     * Says what becomes of bytes that were written and have not arrived, when it is closed. A network delivers them
     * later if it can; what must not come after its end is thrown away. Holds until it is told otherwise, or opened
     * anew.
     */
    default void discardOnClose(boolean discard) {
    }

    /**
     * Notes for those who listen on the wire that the turn of one board begins.
     *
     * @param whose address of the board, or a word for somebody else
     */
    default void beginTransaction(String whose) {
    }

    /** How long so many bytes need on the wire, in nanoseconds; 0 where the wire has no fixed pace. */
    long wireNanos(int bytes);

    /** Closes it. Does nothing when it is closed. */
    @Override
    void close();
}
