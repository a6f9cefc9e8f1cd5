/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.canopen.CanHealth;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A way to listen and to ask on a CAN bus, whether it is our own or that of a Thing.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
interface CanProbe extends AutoCloseable {

    /** What came of a read. */
    enum Reply {
        /** The object. */
        DATA,
        /** The node has no such object, or does not give it. */
        ABORT,
        /** Nothing. */
        SILENCE
    }

    /** Whether the bus can be opened in other ways than it is configured. */
    boolean isFree();

    /**
     * Opens the bus, anew if it is open in another way. That of a Thing stays as it is.
     *
     * @return why that is impossible, or null
     */
    @Nullable
    Failure open(int kiloBits, boolean listenOnly);

    /**
     * Opens the bus for listening, with another baud rate of the serial port of the adapter.
     *
     * @return whether an adapter answers at that rate
     */
    boolean answersAt(int serialBaudRate);

    /**
     * Lets somebody listen for some time.
     *
     * @throws LinkException when the bus was lost meanwhile
     */
    void listen(CanTrafficAnalyzer hearing, long nanos) throws LinkException;

    /**
     * Reads an object of a node. Not to be called on a bus that is listened to only.
     *
     * @throws LinkException when the bus was lost meanwhile
     */
    Reply read(int node, int index, int subIndex) throws LinkException;

    /** How the adapter sees the bus. */
    CanHealth health();

    @Override
    void close();
}
