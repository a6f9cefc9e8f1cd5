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
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Creates CAN lines with any settings, for exclusive use.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface CanLineFactory {

    /**
     * @param place port of the slcan adapter, or name of the CAN interface
     * @param serialBaudRate baud rate of the port of an slcan adapter; 0 for a CAN interface
     * @param kiloBits bit rate in kbit/s for an slcan adapter; 0 for a CAN interface
     * @param listenOnly whether sending is not allowed; an slcan adapter then does not acknowledge frames either
     */
    CanLine line(String place, int serialBaudRate, int kiloBits, boolean listenOnly);

    /** The ports and interfaces of this machine. */
    static CanLineFactory system(Ticker ticker) {
        return (place, serialBaudRate, kiloBits, listenOnly) -> kiloBits == 0
                ? CanLine.socketCan(place, listenOnly, ticker)
                : CanLine.slcan(place, serialBaudRate, kiloBits, listenOnly, ticker);
    }
}
