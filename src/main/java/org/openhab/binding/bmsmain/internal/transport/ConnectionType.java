/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Kinds of connection to a board. What to check when nothing answers depends on it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum ConnectionType {
    /** RS-485 at header P14, pins 1 and 4. */
    SERIAL,
    /** Ethernet, or the vendor's Wi-Fi module, or a gateway. */
    TCP,
    /** CAN at header P14, pins 2 and 5. */
    CAN;

    /** The key in texts. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
