/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.time.Duration;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.BmsMainBindingConstants;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;

/**
 * A board that is ready to be put on its bus.
 *
 * @param wire kind of the bus
 * @param place port or host, as shown to users
 * @param address address of the board on it
 * @param linkInterval how often the numbers of the link are shown
 * @param conflictKey key of the text for a bus that is in use with other settings
 * @param commandQueue takes commands for the board; null when nothing may be written to it
 * @param scanned values of BMS Logic boards, behind those of the register channels; empty when they are not scanned
 * @param busJoiner puts it there
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record BoardConnection(ConnectionType wire, String place, int address, Duration linkInterval, String conflictKey,
        @Nullable CommandQueue commandQueue, List<Point> scanned, BusJoiner busJoiner) {

    /** Puts a board on its bus. */
    interface BusJoiner {
        BusRegistry.Membership join(BusRegistry registry, BoardListener listener) throws BusConflictException;
    }

    /** The bus and the address on it, by which openHAB knows a board again. */
    String busAddress() {
        return BmsMainBindingConstants.busAddress(place, address);
    }
}
