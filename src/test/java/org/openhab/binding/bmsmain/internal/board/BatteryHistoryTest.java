/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contents of a history.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BatteryHistoryTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final BatteryHistory history = new BatteryHistory(NOON);
    private final double[] values = new double[Catalogue.size()];
    private final @Nullable String[] words = new @Nullable String[Catalogue.size()];
    private int minute;

    BatteryHistoryTest() {
        Arrays.fill(values, Double.NaN);
    }

    private void set(Point point, double value) {
        values[point.index()] = value;
    }

    private void take(FaultEvent... events) {
        minute++;
        history.take(BoardSnapshot.of(now(), values, new long[values.length], words, null), List.of(events));
    }

    private Instant now() {
        return NOON.plusSeconds(60L * minute);
    }

    @Test
    void knowsNothingAtFirst() {
        take();
        assertEquals(Double.NaN, history.deepestDischarge());
        assertNull(history.deepestDischargeTime());
        assertEquals(Double.NaN, history.highestVoltage());
        assertEquals(Double.NaN, history.largestDischargingCurrent());
        assertNull(history.lowestCell());
        assertNull(history.lastFullCharge());
        assertEquals(0, history.fullCharges());
        assertFalse(history.takeChanged());
    }

    @Test
    void remembersExtremes() throws BrokenRecordException {
        double[][] rows = { { 80, 50, 10, 20, 25, 3.3, 3.4 }, { 30, 46, -60, 18, 24, 3.1, 3.2 },
                { 60, 52, 40, 21, 31, 3.4, 3.6 }, { 50, 49, 0, 20, 25, 3.3, 3.4 } };
        Point[] points = { Catalogue.STATE_OF_CHARGE, Catalogue.VOLTAGE, Catalogue.CURRENT,
                Catalogue.MIN_CELL_TEMPERATURE, Catalogue.MAX_CELL_TEMPERATURE, Catalogue.MIN_CELL_VOLTAGE,
                Catalogue.MAX_CELL_VOLTAGE };
        for (double[] row : rows) {
            for (int i = 0; i < points.length; i++) {
                set(points[i], row[i]);
            }
            words[Catalogue.MIN_VOLTAGE_CELL.index()] = "1/" + (minute + 1);
            words[Catalogue.MAX_VOLTAGE_CELL.index()] = "2/" + (minute + 1);
            take();
        }
        // A value that becomes unknown again changes nothing.
        Arrays.fill(values, Double.NaN);
        take();
        for (BatteryHistory seen : List.of(history, BatteryHistory.parse(history.toText()))) {
            assertEquals(70, seen.deepestDischarge());
            assertEquals(NOON.plusSeconds(120), seen.deepestDischargeTime());
            assertEquals(52, seen.highestVoltage());
            assertEquals(46, seen.lowestVoltage());
            assertEquals(40, seen.largestChargingCurrent());
            assertEquals(60, seen.largestDischargingCurrent());
            assertEquals(31, seen.hottest());
            assertEquals(18, seen.coldest());
            assertEquals(3.1, seen.lowestCellVoltage());
            assertEquals("1/2", seen.lowestCell());
            assertEquals(3.6, seen.highestCellVoltage());
            assertEquals("2/3", seen.highestCell());
            assertEquals(NOON, seen.begin());
        }
        history.reset(now());
        assertEquals(Double.NaN, history.deepestDischarge());
        assertEquals(now(), history.begin());
    }

    /** A sequence of states of charge, the number of full charges, and the minute of the last one. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            full when it begins           | 100 100            | 0 | 0
            becomes full                  | 90 99.5            | 1 | 2
            almost full                   | 90 99.4 90         | 0 | 0
            kept full                     | 90 100 98 100 96 100 | 1 | 2
            used and full again           | 90 100 95 100      | 2 | 4
            full at first, then a cycle   | 100 94 100         | 1 | 3
            almost full at first          | 97 100             | 1 | 2
            unknown in between            | 90 NaN 100 NaN 100 | 1 | 3
            restarts in between           | 90 R 100 R 98 R 100 R 90 R 100 | 2 | 6
            """)
    void countsFullCharges(String name, String charges, int count, int last) throws BrokenRecordException {
        BatteryHistory seen = history;
        for (String charge : charges.split(" ")) {
            if ("R".equals(charge)) {
                seen = BatteryHistory.parse(seen.toText());
            } else {
                set(Catalogue.STATE_OF_CHARGE, Double.parseDouble(charge));
                minute++;
                seen.take(BoardSnapshot.of(now(), values, new long[values.length], words, null), List.of());
            }
        }
        assertEquals(count, seen.fullCharges());
        assertEquals(last == 0 ? null : NOON.plusSeconds(60L * (last)), seen.lastFullCharge());
    }

    @Test
    void countsFaultsThatCame() {
        take(new FaultEvent(NOON, true, "water"), new FaultEvent(NOON, false, "overcurrent"));
        take(new FaultEvent(NOON, true, "water"));
        assertEquals(2, history.faults());
        assertTrue(history.takeChanged());
        assertFalse(history.takeChanged());
    }

    @Test
    void refusesABrokenRecord() {
        String text = history.toText();
        assertThrows(BrokenRecordException.class, () -> BatteryHistory.parse(text.replace("faults=0", "faults=9")));
        assertThrows(BrokenRecordException.class, () -> BatteryHistory.parse(new EnergyMeter().record().toText()));
    }
}
