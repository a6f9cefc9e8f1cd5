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
 * Receives the traffic of a wire. Called by the thread that uses the wire, so it must be quick and must not throw.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface TraceSink {

    /** Kinds of events. */
    enum Event {
        /** An attempt to open the wire began. */
        OPENING,
        /** The wire is open. */
        OPEN,
        /** The attempt failed. */
        FAILED,
        /** The turn of one board on the bus began. */
        TURN,
        /** Bytes were sent. */
        SENT,
        /** Bytes were received. */
        RECEIVED,
        /** The wire was closed. */
        CLOSED
    }

    /**
     * Called for an event without bytes.
     *
     * @param nanos time by the ticker
     * @param detail for {@link Event#FAILED} the cause and its detail, for {@link Event#TURN} whose turn;
     *            otherwise empty
     */
    void happened(Event event, long nanos, String detail);

    /**
     * Called for bytes that were sent or received.
     *
     * @param event {@link Event#SENT} or {@link Event#RECEIVED}
     * @param nanos time by the ticker, before sending or after receiving
     */
    void bytes(Event event, long nanos, byte[] bytes, int offset, int length);

    /** Called when the bus ends. No more events follow. */
    default void ended() {
    }
}
