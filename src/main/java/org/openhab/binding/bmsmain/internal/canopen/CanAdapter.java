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
 * A way to a CAN bus. Gives data frames with 11-bit identifiers; everything else on the bus is skipped and counted. One
 * thread uses it; {@link #close()} may be called by another to end a wait.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface CanAdapter extends AutoCloseable {

    /** Fault confinement of the controller, best first. */
    enum State {
        /** Takes part in everything. */
        ACTIVE,
        /** One error counter has reached 96. */
        WARNING,
        /** One error counter has reached 128: errors of others are no longer signalled. */
        PASSIVE,
        /** Too many errors while sending: the controller has left the bus. */
        BUS_OFF
    }

    /**
     * Opens it and joins the bus. It can be opened again after it was closed.
     *
     * @throws LinkException when it cannot be opened, with the cause
     */
    void open() throws LinkException;

    /**
     * Names the identifiers that {@link #receive} gives from now on. Others may still be given.
     *
     * @param wanted for each of the 2048 identifiers whether it is
     * @throws LinkException when the adapter is gone
     */
    void listenTo(boolean[] wanted) throws LinkException;

    /**
     * Gives the next frame, and waits for one if there is none.
     *
     * @param frame takes the frame
     * @param deadline moment of the ticker until which to wait
     * @return false when none came in time
     * @throws LinkException when the adapter or the interface is gone
     */
    boolean receive(CanFrame frame, long deadline) throws LinkException;

    /**
     * Sends a frame. That it could not be sent because the controller is busy or has left the bus is counted, and is no
     * reason to open the adapter anew.
     *
     * @throws LinkException when the adapter or the interface is gone
     */
    void send(CanFrame frame) throws LinkException;

    /** Whether the adapter has shown that it is one. */
    default boolean answers() {
        return true;
    }

    /** How well the controller gets on with the bus, as far as it is known. */
    State state();

    /** What was seen since {@link #open()}. */
    CanStatistics statistics();

    /** Leaves the bus. Does nothing when it is closed. */
    @Override
    void close();
}
