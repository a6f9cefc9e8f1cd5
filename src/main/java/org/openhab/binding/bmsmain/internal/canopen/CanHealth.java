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
 * How a bus is seen by its adapter, since it was opened.
 *
 * @param answers whether the adapter has shown that it is one
 * @param state how well the controller gets on with the bus
 * @param frames how many good frames arrived
 * @param damaged how many lines arrived that were no frames
 * @param unacknowledged how often the controller told that nobody acknowledged its frame
 * @param busErrors how often it told of other errors on the bus
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record CanHealth(boolean answers, CanAdapter.State state, long frames, long damaged, long unacknowledged,
        long busErrors) {

    /** Whether there are errors that cannot come from nobody being there to acknowledge. */
    public boolean isDisturbed() {
        return busErrors > 0 || damaged > 0 || state != CanAdapter.State.ACTIVE && unacknowledged == 0;
    }
}
