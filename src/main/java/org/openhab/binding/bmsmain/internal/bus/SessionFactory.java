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
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.TraceTap;

/**
 * Opens a bus.
 *
 * @param <S> type of the open bus
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface SessionFactory<S extends BusSession> {

    /**
     * Opens the bus. Called by the bus thread; may block as long as opening takes.
     *
     * @throws LinkException when it cannot be opened, with the cause
     */
    S open() throws LinkException;

    /**
     * Opens the bus, but gives up at the given ticker time where opening can take long: the members of the bus are
     * not watched meanwhile.
     *
     * @throws LinkException when it cannot be opened, with the cause
     */
    default S open(long until) throws LinkException {
        return open();
    }

    /**
     * Returns a session without learned state on the bus that stays open, so that a recording that begins now
     * is complete.
     *
     * @return the given session when its kind has no learned state
     */
    default S renew(S session) {
        return session;
    }

    /**
     * Returns the device that the name of a bus resolves to now. Names with the same device share one bus.
     *
     * @param name name of the bus, as configured for a member
     */
    default String device(String name) {
        return name;
    }

    /** Returns the tap for tracing the bus, or null. */
    default @Nullable TraceTap tap() {
        return null;
    }
}
