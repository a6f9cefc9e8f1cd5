/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.bus;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * An open bus: what its members work with between two opens. Used by the thread of the bus; {@link #close()} may be
 * called by another to end a wait.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface BusSession extends AutoCloseable {

    /**
     * A thread that stood still for longer, as on a machine that sleeps or has too much to do, finds answers and frames
     * in its buffers that may be of any age.
     */
    long STALLED_NANOS = 500_000_000L;

    /**
     * Called when no member wants the bus. Returns at the given moment of the ticker or earlier. A bus on which devices
     * speak unasked listens here.
     *
     * @throws LinkException when the bus turned out to be gone
     */
    void idle(long untilNanos) throws LinkException;

    /**
     * Whether anything good was heard since the bus was opened. Then it is opened anew at once when it is lost;
     * otherwise it may be lost for the same reason again.
     */
    default boolean hasWorked() {
        return true;
    }

    @Override
    void close();
}
