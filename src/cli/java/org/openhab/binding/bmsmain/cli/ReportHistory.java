/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BatteryHistory;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.device.BoardReport;

/**
 * The extremes of the reports since the start of a command.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ReportHistory {

    private @Nullable BatteryHistory history;

    /**
     * Returns the state of a report, with the extremes so far.
     *
     * @param cause why the board is not online, as text; null when it is
     */
    ShownState see(BoardReport report, @Nullable String cause) {
        BoardSnapshot snapshot = report.snapshot();
        BatteryHistory known = history;
        BatteryHistory seen = known == null ? new BatteryHistory(snapshot.time()) : known;
        history = seen;
        seen.take(snapshot, report.events());
        return ShownState.of(new BoardReport(report.failure(), snapshot.with(seen::show), report.events()), cause);
    }
}
