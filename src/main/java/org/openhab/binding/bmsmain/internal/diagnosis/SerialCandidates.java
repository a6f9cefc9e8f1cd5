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

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;

/**
 * Possible line settings of a board, the likely ones first.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SerialCandidates {

    /** The factory default, then rates that installers choose, then slow ones. */
    static final List<Integer> BAUD_RATES = List.of(9600, 19200, 115200, 38400, 57600, 4800, 2400, 1200, 600);

    private SerialCandidates() {
    }

    /** All settings except the given ones: other rates first, then the same rate with a parity. */
    static List<SerialSettings> others(SerialSettings given) {
        List<SerialSettings> others = new ArrayList<>();
        for (int rate : BAUD_RATES) {
            if (rate != given.baudRate()) {
                others.add(new SerialSettings(given.port(), rate, given.parity(), given.stopBits()));
            }
        }
        for (Parity parity : Parity.values()) {
            if (parity != given.parity()) {
                others.add(new SerialSettings(given.port(), given.baudRate(), parity, given.stopBits()));
            }
        }
        return others;
    }
}
