/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.link;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;

/**
 * The state of a board and of the way to it.
 *
 * @param failure null when the board is online; otherwise why it is not
 * @param snapshot what is known; when the board is not online, only what concerns the link
 * @param events faults that came or went since the report before
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record BoardReport(@Nullable Failure failure, BoardSnapshot snapshot, List<FaultEvent> events) {

    /** Whether the board answers. */
    public boolean isOnline() {
        return failure == null;
    }
}
