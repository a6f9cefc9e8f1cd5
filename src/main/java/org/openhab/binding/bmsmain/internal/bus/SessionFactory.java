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
 * @param <S> what an open bus of this kind is
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface SessionFactory<S extends BusSession> {

    /**
     * Opens the bus, on the bus's own thread; may block for as long as opening takes.
     *
     * @throws LinkException when it cannot be opened, with the cause
     */
    S open() throws LinkException;

    /**
     * The same, given up at a moment of the ticker where opening can take long: nobody looks after the members of the
     * bus meanwhile.
     *
     * @throws LinkException when it cannot be opened, with the cause
     */
    default S open(long until) throws LinkException {
        return open();
    }

    /**
     * A session that knows nothing of what was before, on the bus that stays open. Makes what is recorded from now on
     * complete in itself.
     *
     * @return the given session when its kind knows nothing of what was before anyway
     */
    default S renew(S session) {
        return session;
    }

    /**
     * What the name of a bus leads to now. Buses of the same device are one, whatever their names are.
     *
     * @param name as its members call it
     */
    default String device(String name) {
        return name;
    }

    /** Where one can listen to the bus, or null. */
    default @Nullable TraceTap tap() {
        return null;
    }
}
