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

import java.time.Duration;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;

/**
 * Configuration of a board on a CAN bus.
 *
 * @param place port of the slcan adapter, or name of the CAN interface
 * @param serialBaudRate baud rate of the port of an slcan adapter
 * @param kiloBits bit rate in kbit/s for an slcan adapter; 0 for a CAN interface, which has its own
 * @param node node ID of the board
 * @param syncInterval interval at which this side sends SYNC; zero where the board or another device sends it
 * @param listenOnly whether sending is not allowed
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record CanConnectionParameters(String place, int serialBaudRate, int kiloBits, int node, Duration syncInterval,
        boolean listenOnly) {

    /** Parameters with the default baud rate of the adapter. */
    public CanConnectionParameters(String place, int kiloBits, int node, Duration syncInterval, boolean listenOnly) {
        this(place, CanLine.DEFAULT_SERIAL_BAUD_RATE, kiloBits, node, syncInterval, listenOnly);
    }

    /** Whether this side sets the bit rate. */
    boolean hasBitRate() {
        return kiloBits != 0;
    }
}
