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

/**
 * The bus is in use with other settings. All members of a bus share them, for example the baud rate.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class BusConflictException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Object settingsInUse;

    public BusConflictException(String name, Object settingsInUse) {
        super(name + " is in use with " + settingsInUse);
        this.settingsInUse = settingsInUse;
    }

    /** Returns the settings with which the bus is in use. */
    public Object settingsInUse() {
        return settingsInUse;
    }
}
