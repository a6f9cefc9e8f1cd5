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
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A device on a bus. All methods are called by the bus thread.
 *
 * @param <S> type of the open bus
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface BusMember<S extends BusSession> {

    /** Returns the time (ticker) at which the member needs the bus next. */
    long due();

    /** Returns whether the member has a command to send, which has priority over other members. */
    default boolean isUrgent() {
        return false;
    }

    /** Whether the member has low priority: it is served when no other is due, or after it was due for one second. */
    default boolean givesWay() {
        return false;
    }

    /**
     * Performs one transaction on the bus and returns, so that other members are served.
     *
     * @throws LinkException when the transaction failed in a way that concerns the bus
     */
    void serve(S session) throws LinkException;

    /** Returns the time (ticker) at which {@link #watch(long)} must be called, whether the bus is open or not. */
    long deadline();

    /** Handles timeouts, such as values that expire. */
    default void watch(long nowNanos) {
    }

    /** Called when the bus could not be opened, or when the code of this member threw an exception. */
    void unavailable(Failure failure);

    /** Called when the bus was opened or reopened. */
    default void opened(S session) {
    }

    /** Called when a recording begins. The member reads everything once, so that the recording is complete. */
    default void renewed() {
    }

    /**
     * Called on the open bus after the member has left, or before the bus ends. The member can restore what it
     * changed on the device. Must be short, because the next user of the bus waits for it.
     *
     * @throws LinkException when that failed in a way that concerns the bus
     */
    default void onRemoved(S session) throws LinkException {
    }

    /** Called when the bus ends while the member is still on it: the member is not served any more. */
    default void ended() {
    }
}
