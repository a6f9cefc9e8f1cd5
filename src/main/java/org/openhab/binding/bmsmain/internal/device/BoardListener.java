/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.device;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Receives the reports of a board. Called by the bus thread; must not block.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface BoardListener {

    /** Called when values were read, the board was lost, or the cause of its absence changed. */
    void report(BoardReport report);
}
