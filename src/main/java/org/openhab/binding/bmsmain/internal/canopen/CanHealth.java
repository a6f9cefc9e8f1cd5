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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Health of a bus as reported by its adapter, since the adapter was opened.
 *
 * @param answers whether the device has responded like a CAN adapter
 * @param state fault confinement state of the controller
 * @param frames number of valid frames received
 * @param damaged number of invalid lines or frames received
 * @param unacknowledged how often the controller reported a missing acknowledgement
 * @param busErrors how often the controller reported other bus errors
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record CanHealth(boolean answers, CanAdapter.State state, long frames, long damaged, long unacknowledged,
        long busErrors) {

    /** Whether there are errors that a missing second node on the bus does not explain. */
    public boolean isDisturbed() {
        return busErrors > 0 || damaged > 0 || state != CanAdapter.State.ACTIVE && unacknowledged == 0;
    }
}
