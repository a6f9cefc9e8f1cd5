/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Result of one kind of fault on one wire.
 *
 * @param wire name of the wire
 * @param kind name of the fault
 * @param asked number of requests; on a wire without requests, number of sets of frames sent
 * @param faults number of corrupted responses or sets
 * @param wrong number of published values that never existed
 * @param unseen number of wrong values that are not detectable: on slcan, which has no checksum, a digit that
 *            became another digit; with a second master whose requests are not visible, values before its first
 *            recognizable response
 * @param compared number of compared values
 * @param lost number of responses or sets that were not published, including the corrupted ones
 * @param recovery median time from a fault to the next good values, in milliseconds
 * @param longestRecovery maximum of these times
 * @param recovered whether good values were published again at the end
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record FaultResult(String wire, String kind, int asked, int faults, int wrong, int unseen, int compared, long lost,
        double recovery, double longestRecovery, boolean recovered) {

    /** Number of losses beyond the corrupted responses or sets. */
    long collateral() {
        return Math.max(0, lost - faults);
    }

    /** Combines two results; the recovery time is the mean of their medians. */
    FaultResult plus(FaultResult other) {
        return new FaultResult(wire, kind, asked + other.asked, faults + other.faults, wrong + other.wrong,
                unseen + other.unseen, compared + other.compared, lost + other.lost,
                (faults * recovery + other.faults * other.recovery) / (faults + other.faults),
                Math.max(longestRecovery, other.longestRecovery), recovered && other.recovered);
    }

    static String head() {
        return String.format(Locale.ROOT, "| %-12s | %-22s | %6s | %6s | %5s | %6s | %6s | %10s | %10s | %8s | %8s |",
                "wire", "fault", "asked", "spoilt", "wrong", "unseen", "lost", "collateral", "compared", "back ms",
                "max ms");
    }

    /** Text for the table with a column for each wire. */
    String cell() {
        return String.format(Locale.ROOT, "%d / %d / %d, back %.0f%s", wrong, Math.min(lost, faults), collateral(),
                recovery, unseen == 0 ? "" : ", unseen " + unseen);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "| %-12s | %-22s | %6d | %6d | %5d | %6d | %6d | %10d | %10d | %8.0f | %8.0f |%s", wire, kind, asked,
                faults, wrong, unseen, lost, collateral(), compared, recovery, longestRecovery,
                recovered ? "" : " NOT RECOVERED");
    }
}
