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

import java.time.Duration;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.NumberParameter;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;

/**
 * How a board is heard on a CAN bus.
 *
 * @param nodeId node id of the board, 1..127
 * @param syncInterval how often we send SYNC; zero where the board or another device does
 * @param sdoPolling whether the objects of the catalogue are read by SDO; never on a bus that is listened to only
 * @param commandQueue takes commands for the board; null when nothing may be written to it
 * @param adaptsLifetime whether values that the board sends more seldom than they live by the setup live longer: three
 *            of the intervals in which they are heard
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record CanSettings(int nodeId, Duration syncInterval, boolean sdoPolling, @Nullable CommandQueue commandQueue,
        boolean adaptsLifetime) {

    /** Node id of the board as delivered (protocol, section 4). */
    public static final int DEFAULT_NODE = 32;
    /** Largest node id of CANopen. */
    public static final int MAX_NODE = 127;
    public static final NumberParameter NODE = new NumberParameter("nodeId", "", 1, MAX_NODE, DEFAULT_NODE);
    /** In seconds; 0 for none. */
    public static final NumberParameter SYNC_INTERVAL = new NumberParameter("syncInterval", "seconds", 0.02, 10, 0);

    public CanSettings(int nodeId, Duration syncInterval, boolean sdoPolling, @Nullable CommandQueue commandQueue) {
        this(nodeId, syncInterval, sdoPolling, commandQueue, true);
    }

    /** Settings for a board to which nothing may be written. */
    public CanSettings(int nodeId, Duration syncInterval, boolean sdoPolling) {
        this(nodeId, syncInterval, sdoPolling, null);
    }
}
