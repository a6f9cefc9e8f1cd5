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
 * An open bus, as its members use it from opening to closing. Used by the bus thread; another thread may call
 * {@link #close()} to end a wait.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface BusSession extends AutoCloseable {

    /**
     * Maximum pause of the bus thread in nanoseconds. After a longer pause (system sleep, overload) the age of the
     * responses and frames in its buffers is unknown.
     */
    long STALLED_NANOS = 500_000_000L;

    /**
     * Called when no member is due. Returns at the given ticker time or earlier. A bus whose devices send without a
     * request receives here.
     *
     * @throws LinkException when the bus turned out to be gone
     */
    void idle(long untilNanos) throws LinkException;

    /**
     * Returns whether any good data was received since the bus was opened. If so, a lost bus is reopened at once;
     * otherwise it may be lost again for the same reason, so it is reopened with back-off.
     */
    default boolean hasWorked() {
        return true;
    }

    @Override
    void close();
}
