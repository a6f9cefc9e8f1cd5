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
 * Settings of a board on a CAN bus.
 *
 * @param nodeId node ID of the board, 1..127
 * @param syncInterval interval at which the binding sends SYNC; zero if the board or another device does
 * @param sdoPolling whether the objects of the catalogue are read by SDO; never on a listen-only bus
 * @param commandQueue commands for the board; null if writing is not allowed
 * @param adaptsLifetime whether values sent less often than the configured lifetime stay valid for longer: three times
 *            their interval
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record CanSettings(int nodeId, Duration syncInterval, boolean sdoPolling, @Nullable CommandQueue commandQueue,
        boolean adaptsLifetime) {

    /** Node ID of the board as delivered (protocol, section 4). */
    public static final int DEFAULT_NODE = 32;
    /** Largest node ID of CANopen. */
    public static final int MAX_NODE = 127;
    public static final NumberParameter NODE = new NumberParameter("nodeId", "", 1, MAX_NODE, DEFAULT_NODE);
    /** In seconds; 0 for none. */
    public static final NumberParameter SYNC_INTERVAL = new NumberParameter("syncInterval", "seconds", 0.02, 10, 0);

    public CanSettings(int nodeId, Duration syncInterval, boolean sdoPolling, @Nullable CommandQueue commandQueue) {
        this(nodeId, syncInterval, sdoPolling, commandQueue, true);
    }

    /** Settings for a board without commands. */
    public CanSettings(int nodeId, Duration syncInterval, boolean sdoPolling) {
        this(nodeId, syncInterval, sdoPolling, null);
    }
}
