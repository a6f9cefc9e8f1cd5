/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.EnergyMeter;

/**
 * The remaining time of the twin's battery, which is discharged, rests, is charged and rests; and the energy that
 * the twin itself counts.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class TwinTimeLeftTest {

    /** Mean current of the twin's load in amperes. */
    private static final double MEAN_LOAD = 42;
    private static final int STEADY_SECONDS = 360;
    private static final int CYCLE_SECONDS = 16 * 3600;

    private final TwinReadings readings = new TwinReadings(
            BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90)).with(Double.NaN,
                    new Counting(new EnergyMeter(), () -> ZoneOffset.UTC)));

    @Test
    void timeToEmptyIsRightOnceTheCurrentIsSteady() {
        double worst = 0;
        for (int second = 0; second < 3 * 3600; second++) {
            BoardSnapshot read = readings.next();
            double shown = read.number(Catalogue.TIME_TO_EMPTY);
            if (second > STEADY_SECONDS) {
                double truth = readings.board().number("battery#state-of-charge") / 100 * BatteryModel.NOMINAL_CAPACITY
                        / MEAN_LOAD * 3600;
                worst = Math.max(worst, Math.abs(shown - truth) / truth);
                assertEquals(truth, shown, truth / 10, "second " + second);
            }
            assertFalse(read.isKnown(Catalogue.TIME_TO_FULL));
        }
        assertTrue(worst > 0);
    }

    @Test
    void timeToEmptyEndsAtRestAndStaysUnknown() {
        read(STEADY_SECONDS);
        assertTrue(readings.next().isKnown(Catalogue.TIME_TO_EMPTY));
        readings.board().set("input-signals#inhibit-discharging", true);
        read(90);
        for (int second = 0; second < 3600; second++) {
            BoardSnapshot read = readings.next();
            assertFalse(read.isKnown(Catalogue.TIME_TO_EMPTY), "second " + second);
            assertFalse(read.isKnown(Catalogue.TIME_TO_FULL), "second " + second);
        }
    }

    /** Discharged, charged and discharged again: each remaining time appears once and disappears once. */
    @Test
    void nothingFlickersAtTheTurningPoints() {
        List<String> changes = new ArrayList<>();
        String before = "";
        for (int second = 0; second < CYCLE_SECONDS; second++) {
            BoardSnapshot read = readings.next();
            String known = read.isKnown(Catalogue.TIME_TO_EMPTY) ? "empty"
                    : read.isKnown(Catalogue.TIME_TO_FULL) ? "full" : "-";
            if (!known.equals(before)) {
                changes.add(known);
                before = known;
            }
        }
        assertEquals(List.of("-", "empty", "-", "full", "-", "empty"), changes.subList(0, 6), changes.toString());
        assertTrue(changes.size() <= 9, changes.toString());
    }

    /** The twin integrates its own current; the binding integrates the readings. */
    @Test
    void energyIsThatOfTheTwin() {
        read(2 * 3600);
        BoardSnapshot read = readings.next();
        double[] flowed = readings.board().flowed();
        assertEquals(flowed[1], read.number(Catalogue.DISCHARGED_ENERGY), flowed[1] * 0.0005 + 0.001);
        assertEquals(flowed[3], read.number(Catalogue.CHARGE_OUT), flowed[3] * 0.0005 + 0.01);
        assertEquals(0, read.number(Catalogue.CHARGE_IN));
    }

    /** The board's extremes are those of the cells in its window. */
    @Test
    void theHighestCellIsTheHighestCell() {
        for (int second = 0; second < 600; second++) {
            readings.next();
            TwinBoard board = readings.board();
            int highest = 0;
            int lowest = Integer.MAX_VALUE;
            for (int logicBoard = 1; logicBoard <= 2; logicBoard++) {
                board.set("logic#selected-board", logicBoard);
                int[] cells = board.readInput(0x2012, 12);
                assertNotNull(cells);
                for (int cell : cells) {
                    highest = Math.max(highest, cell);
                    lowest = Math.min(lowest, cell);
                }
            }
            assertEquals(highest, Math.round(board.number("battery#max-cell-voltage") * 1000), "second " + second);
            assertEquals(lowest, Math.round(board.number("battery#min-cell-voltage") * 1000), "second " + second);
        }
    }

    private void read(int seconds) {
        for (int second = 0; second < seconds; second++) {
            readings.next();
        }
    }
}
