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
 * A device on a bus. All methods are called by the thread of the bus.
 *
 * @param <S> what an open bus of its kind is
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface BusMember<S extends BusSession> {

    /** The moment of the ticker at which the member wants the bus next. */
    long due();

    /** Whether the member has something that goes before what others want: a command. */
    default boolean isUrgent() {
        return false;
    }

    /**
     * Whether the member lets all others go first: it is served when nobody else wants the bus, or when it has wanted
     * it for a second.
     */
    default boolean givesWay() {
        return false;
    }

    /**
     * Uses the bus for one transaction and returns, so that others get their turn.
     *
     * @throws LinkException when the transaction failed in a way that concerns the bus
     */
    void serve(S session) throws LinkException;

    /** The moment of the ticker at which {@link #watch(long)} is to be called, whether the bus is open or not. */
    long deadline();

    /** Looks after what depends on time alone. */
    default void watch(long nowNanos) {
    }

    /** The bus could not be opened. */
    void unavailable(Failure failure);

    /** The bus was opened, for the first time or anew. */
    default void opened(S session) {
    }

    /** A recording of the bus begins: everything is to be read once, so that the recording is complete in itself. */
    default void renewed() {
    }

    /**
     * The member has left the open bus, or the bus is about to end: the last turn, in which it can put back what it
     * changed. Must be short, because whoever comes next waits for it.
     *
     * @throws LinkException when that failed in a way that concerns the bus
     */
    default void onRemoved(S session) throws LinkException {
    }

    /** The bus has ended with the member still on it: it will not be served any more. */
    default void ended() {
    }
}
