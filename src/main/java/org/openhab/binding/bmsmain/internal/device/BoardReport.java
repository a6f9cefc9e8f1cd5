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

    /** So many fault events wait at most until somebody takes them; the oldest go first. */
    static final int MOST_EVENTS = 10_000;

    /** This report with the fault events of an earlier one, which was not delivered. */
    BoardReport after(BoardReport earlier) {
        return earlier.events.isEmpty() ? this : new BoardReport(failure, snapshot, join(earlier.events, events));
    }

    /** This report with the fault events of a later one, which was not delivered. */
    BoardReport before(BoardReport later) {
        return later.events.isEmpty() ? this : new BoardReport(failure, snapshot, join(events, later.events));
    }

    private static List<FaultEvent> join(List<FaultEvent> earlier, List<FaultEvent> later) {
        List<FaultEvent> all = new ArrayList<>(earlier);
        all.addAll(later);
        return List.copyOf(all.subList(Math.max(0, all.size() - MOST_EVENTS), all.size()));
    }

    /**
     * How much of what was reported before is void: 2 for a lost board, 1 for one that has started, 0 for one that goes
     * on.
     */
    int loss() {
        return failure != null ? 2 : snapshot.isSet(Catalogue.INITIALISATION) ? 1 : 0;
    }

    /** Whether the board answers. */
    public boolean isOnline() {
        return failure == null;
    }
}
