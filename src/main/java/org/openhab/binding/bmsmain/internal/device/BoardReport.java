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

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.transport.Failure;

/**
 * The state of a board and of the connection to it.
 *
 * @param failure null when the board is online; otherwise the reason why it is not
 * @param snapshot known values; only those of the link when the board is not online
 * @param events faults that were raised or cleared since the previous report
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record BoardReport(@Nullable Failure failure, BoardSnapshot snapshot, List<FaultEvent> events) {

    /** Maximum number of undelivered fault events; the oldest are dropped first. */
    static final int MOST_EVENTS = 10_000;

    /** Returns this report with the fault events of an earlier one, which was not delivered. */
    BoardReport after(BoardReport earlier) {
        return earlier.events.isEmpty() ? this : new BoardReport(failure, snapshot, join(earlier.events, events));
    }

    /** Returns this report with the fault events of a later one, which was not delivered. */
    BoardReport before(BoardReport later) {
        return later.events.isEmpty() ? this : new BoardReport(failure, snapshot, join(events, later.events));
    }

    private static List<FaultEvent> join(List<FaultEvent> earlier, List<FaultEvent> later) {
        List<FaultEvent> all = new ArrayList<>(earlier);
        all.addAll(later);
        return List.copyOf(all.subList(Math.max(0, all.size() - MOST_EVENTS), all.size()));
    }

    /**
     * Returns how much this report invalidates of earlier reports: 2 for a lost board, 1 for an initialising board,
     * otherwise 0.
     */
    int loss() {
        return failure != null ? 2 : snapshot.isSet(Catalogue.INITIALISATION) ? 1 : 0;
    }

    /** Returns whether the board is online. */
    public boolean isOnline() {
        return failure == null;
    }
}
