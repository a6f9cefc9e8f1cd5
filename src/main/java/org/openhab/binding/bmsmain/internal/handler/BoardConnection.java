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
import org.openhab.binding.bmsmain.internal.handler.StatePublisher.Resolution;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;

/**
 * A configured board that can join its bus.
 *
 * @param wire kind of the bus
 * @param place port or host, as shown to users
 * @param address address of the board on the bus
 * @param linkInterval update interval of the link statistics
 * @param resolution smallest change of a number that is sent
 * @param conflictKey text key for a bus that is in use with other settings
 * @param commandQueue commands for the board; null if writing is not allowed
 * @param scanned values of BMS Logic boards, indexed after those of the register channels; empty if not scanned
 * @param busJoiner adds the board to the bus
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record BoardConnection(ConnectionType wire, String place, int address, Duration linkInterval, Resolution resolution,
        String conflictKey, @Nullable CommandQueue commandQueue, List<Point> scanned, BusJoiner busJoiner) {

    /** Adds a board to its bus. */
    interface BusJoiner {
        BusRegistry.Membership join(BusRegistry registry, BoardListener listener) throws BusConflictException;
    }

    /** Bus and address, used by openHAB as the representation property of a board. */
    String busAddress() {
        return BmsMainBindingConstants.busAddress(place, address);
    }
}
