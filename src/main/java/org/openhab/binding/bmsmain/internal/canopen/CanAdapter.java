/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Access to a CAN bus. Returns data frames with 11-bit identifiers; all other frames are skipped and counted. Used by
 * one thread; another thread may call {@link #close()} to end a wait.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface CanAdapter extends AutoCloseable {

    /** Fault confinement of the controller, best first. */
    enum State {
        /** Takes full part in the bus. */
        ACTIVE,
        /** One error counter has reached 96. */
        WARNING,
        /** One error counter has reached 128: errors of other nodes are no longer signalled. */
        PASSIVE,
        /** Too many errors while sending: the controller has left the bus. */
        BUS_OFF
    }

    /**
     * Opens the adapter and joins the bus. A closed adapter can be opened again.
     *
     * @throws LinkException when the adapter cannot be opened, with the cause
     */
    void open() throws LinkException;

    /**
     * Sets the identifiers that {@link #receive} must return. Other frames may be returned as well.
     *
     * @param wanted for each of the 2048 identifiers, whether it is wanted
     * @throws LinkException when the adapter is gone
     */
    void listenTo(boolean[] wanted) throws LinkException;

    /**
     * Returns the next frame, and waits for one if there is none.
     *
     * @param frame receives the frame
     * @param deadline time of the ticker until which to wait
     * @return false on a timeout
     * @throws LinkException when the adapter or the interface is gone
     */
    boolean receive(CanFrame frame, long deadline) throws LinkException;

    /**
     * Sends a frame. A frame that cannot be sent because the controller is busy or bus-off is counted; this is no
     * reason to reopen the adapter.
     *
     * @throws LinkException when the adapter or the interface is gone
     */
    void send(CanFrame frame) throws LinkException;

    /** Whether the device has responded like a CAN adapter. */
    default boolean answers() {
        return true;
    }

    /** Fault confinement state of the controller, if known. */
    State state();

    /** Statistics since {@link #open()}. */
    CanStatistics statistics();

    /** Leaves the bus. Has no effect on a closed adapter. */
    @Override
    void close();
}
