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
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Alarm;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Bank;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Connection;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Member;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.ParallelLimit;

/**
 * The values of a bank, compared with manually computed ones.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BankCalculatorTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final long SECOND = 1_000_000_000L;
    private static final List<String> NAMES = List.of("Left", "Middle", "Right");

    /** The values of the catalogue, and some that are not in it yet. */
    private final List<Point> points = new ArrayList<>(Catalogue.all());
    private final Map<String, Point> byId = new HashMap<>();
    private final double[][] values;
    private final @Nullable String[][] words;

    BankCalculatorTest() {
        for (String name : List.of("charged-energy", "discharged-energy", "charged-energy-today",
                "discharged-energy-today", "charge-in", "charge-out", "equivalent-full-cycles", "remaining-charge",
                "remaining-energy", "coverage", "time-to-empty", "time-to-full", "charging-power",
                "discharging-power")) {
            String id = "energy#" + name;
            if (Catalogue.byId(id) == null) {
                points.add(Point.scanned(points.size(), id, Kind.MEASUREMENT, Unit.NONE));
            }
        }
        points.forEach(point -> byId.put(point.id(), point));
        values = new double[NAMES.size()][points.size()];
        words = new @Nullable String[NAMES.size()][points.size()];
        for (double[] own : values) {
            Arrays.fill(own, Double.NaN);
        }
    }

    private Point point(String id) {
        Point point = byId.get(id);
        assertNotNull(point, id);
        return point;
    }

    private void set(String id, String list) {
        String[] numbers = list.split(" ");
        for (int i = 0; i < numbers.length; i++) {
            values[i][point(id).index()] = Double.parseDouble(numbers[i]);
        }
    }

    private List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            members.add(new Member(NAMES.get(i),
                    BoardSnapshot.of(NOON, values[i], new long[points.size()], words[i], null)));
        }
        return members;
    }

    private BankCalculator bank(Connection connection) {
        return new BankCalculator(connection, ParallelLimit.LOWEST_TIMES_NUMBER, points);
    }

    private void setTypical() {
        set("battery#state-of-charge", "80 50 20");
        set("battery#current", "10 -5 20");
        set("battery#voltage", "50 51 52");
        set("battery#nominal-capacity", "100 200 100");
    }

    /** Values of three members, and the result for a bank in parallel and in series. */
    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(delimiter = '|', textBlock = """
            battery#current                 | 10 -5 20       | 25     | 8.3333
            battery#voltage                 | 50 51 52       | 51     | 153
            battery#power                   | 500 -255 1040  | 1285   | 1285
            battery#charging                | 0 1 0          | 1      | 1
            battery#charging                | 0 0 0          | 0      | 0
            battery#state                   | 3 3 3          | 3      | 3
            battery#state                   | 3 2 3          | NaN    | NaN
            battery#min-cell-voltage        | 3.3 3.1 3.2    | 3.1    | 3.1
            battery#max-cell-voltage        | 3.3 3.4 3.2    | 3.4    | 3.4
            battery#min-cell-temperature    | 10 -5 20       | -5     | -5
            battery#max-cell-temperature    | 10 -5 20       | 20     | 20
            battery#charge-current-limit    | 100 50 70      | 150    | 50
            battery#discharge-current-limit | 100 0 70       | 0      | 0
            battery#nominal-capacity        | 100 200 100    | 400    | 100
            battery#max-charge-voltage      | 58 57 56       | 56     | 171
            battery#min-discharge-voltage   | 40 41 42       | 42     | 123
            battery#max-charge-current      | 100 50 70      | 150    | 50
            battery#max-discharge-current   | 100 50 70      | 150    | 50
            energy#charged-energy           | 1 2 3.5        | 6.5    | 6.5
            energy#discharged-energy-today  | 0.1 0.2 0.3    | 0.6    | 0.6
            energy#charge-in                | 30 60 30       | 120    | 40
            energy#charge-out               | 30 60 30       | 120    | 40
            energy#coverage                 | 99 98 100      | 98     | 98
            faults#alarm                    | 0 0 1          | 1      | 1
            faults#alarm                    | 0 NaN 1        | 1      | 1
            faults#alarm                    | 0 NaN 0        | NaN    | NaN
            faults#water                    | 0 1 0          | 1      | 1
            faults#critical                 | 0 0 0          | 0      | 0
            faults#active-count             | 0 2 1          | 3      | 3
            faults#errors-1                 | 3 0 5          | 7      | 7
            """)
    void combines(String id, String own, double parallel, double series) {
        set(id, own);
        assertEquals(parallel, bank(Connection.PARALLEL).combine(0, NOON, members()).snapshot().number(point(id)));
        assertEquals(series, bank(Connection.SERIES).combine(0, NOON, members()).snapshot().number(point(id)));
        // A lost member makes it unknown, but does not hide a fault.
        List<Member> lost = new ArrayList<>(members());
        lost.set(0, new Member("Left", null));
        boolean shown = (id.startsWith("faults") || "battery#charging".equals(id)) && parallel == 1
                && !id.endsWith("count");
        assertEquals(shown ? 1 : Double.NaN,
                bank(Connection.PARALLEL).combine(0, NOON, lost).snapshot().number(point(id)));
    }

    @Test
    void weighsTheStateOfChargeByCapacity() {
        setTypical();
        // (80 % of 100 Ah + 50 % of 200 Ah + 20 % of 100 Ah) of 400 Ah
        Bank bank = bank(Connection.PARALLEL).combine(0, NOON, members());
        assertEquals(50, bank.snapshot().number(Catalogue.STATE_OF_CHARGE));
        assertEquals(List.of(), bank.missing());
    }

    /** The duration is that of the last member to enter the state; with different states it is undefined. */
    @Test
    void tellsHowLongAllAreInTheirState() {
        set("battery#state-duration", "100 30 700");
        set("battery#state", "3 3 3");
        assertEquals(30,
                bank(Connection.PARALLEL).combine(0, NOON, members()).snapshot().number(Catalogue.STATE_DURATION));
        set("battery#state", "3 2 3");
        assertEquals(Double.NaN,
                bank(Connection.SERIES).combine(0, NOON, members()).snapshot().number(Catalogue.STATE_DURATION));
    }

    @Test
    void sumsLimitsWhereTheUserSaysSo() {
        set("battery#charge-current-limit", "100 50 70");
        BankCalculator sum = new BankCalculator(Connection.PARALLEL, ParallelLimit.SUM, points);
        assertEquals(220, sum.combine(0, NOON, members()).snapshot().number(Catalogue.CHARGE_CURRENT_LIMIT));
    }

    @Test
    void countsChargesAndCycles() {
        setTypical();
        set("energy#charge-out", "1000 3000 1000");
        set("energy#remaining-charge", "80 100 20");
        set("energy#remaining-energy", "4 5.1 1.04");
        BoardSnapshot parallel = bank(Connection.PARALLEL).combine(0, NOON, members()).snapshot();
        assertEquals(12.5, parallel.number(point("energy#equivalent-full-cycles")));
        assertEquals(200, parallel.number(point("energy#remaining-charge")));
        assertEquals(10.14, parallel.number(point("energy#remaining-energy")));
        BoardSnapshot series = bank(Connection.SERIES).combine(0, NOON, members()).snapshot();
        assertEquals(16.67, series.number(point("energy#equivalent-full-cycles")));
        assertEquals(20, series.number(point("energy#remaining-charge")), "the right one is empty first");
        assertEquals(1 + 1.02 + 1.04, series.number(point("energy#remaining-energy")), 1e-9);
    }

    @Test
    void tellsThePowersOfTheBank() {
        set("battery#power", "500 -255 -1040");
        BoardSnapshot snapshot = bank(Connection.PARALLEL).combine(0, NOON, members()).snapshot();
        assertEquals(0, snapshot.number(point("energy#charging-power")));
        assertEquals(795, snapshot.number(point("energy#discharging-power")));
    }

    /** 400 Ah at 50 % and -40 A: five hours; in series 100 Ah at 20 % and -40 A: half an hour. */
    @ParameterizedTest
    @CsvSource({ "PARALLEL, -10 -10 -20, 18000, NaN", "PARALLEL, -40 0 0, 18000, NaN", "PARALLEL, 20 10 10, NaN, 18000",
            "SERIES, -40 -40 -40, 1800, NaN", "SERIES, 40 40 40, NaN, 1800", "PARALLEL, 1 -1 0, NaN, NaN" })
    void tellsTimes(Connection connection, String currents, double empty, double full) {
        setTypical();
        set("battery#current", currents);
        BankCalculator bank = bank(connection);
        for (int i = 0; i < 60; i++) {
            bank.combine(i * 2 * SECOND, NOON, members());
        }
        BoardSnapshot snapshot = bank.combine(120 * SECOND, NOON, members()).snapshot();
        assertEquals(empty, snapshot.number(point("energy#time-to-empty")));
        assertEquals(full, snapshot.number(point("energy#time-to-full")));
    }

    @Test
    void namesWhoIsMissing() {
        setTypical();
        List<Member> members = new ArrayList<>(members());
        members.set(1, new Member("Middle", null));
        Bank bank = bank(Connection.PARALLEL).combine(0, NOON, members);
        assertEquals(List.of("Middle"), bank.missing());
        for (Point point : points) {
            boolean measured = "battery".equals(point.group()) || "energy".equals(point.group());
            assertEquals(!measured || Double.isNaN(bank.snapshot().number(point)), true, point.id());
        }
        set("battery#nominal-capacity", "NaN 200 100");
        set("battery#voltage", "50 51 NaN");
        assertEquals(List.of("Left", "Right"), bank(Connection.PARALLEL).combine(0, NOON, members()).missing());
        set("battery#voltage", "NaN NaN NaN");
        set("battery#nominal-capacity", "100 200 100");
        assertEquals(List.of(), bank(Connection.PARALLEL).combine(0, NOON, members()).missing(),
                "a bus without voltages lacks nothing that a member could give");
    }

    @Test
    void namesTheMembersAtTheExtremes() {
        set("battery#min-cell-voltage", "3.3 3.1 3.2");
        set("battery#max-cell-voltage", "3.4 3.2 3.5");
        set("battery#max-cell-temperature", "30 20 25");
        for (int i = 0; i < words.length; i++) {
            words[i][Catalogue.MIN_VOLTAGE_CELL.index()] = i + "/7";
            words[i][Catalogue.MAX_VOLTAGE_CELL.index()] = i + "/9";
        }
        Bank bank = bank(Connection.SERIES).combine(0, NOON, members());
        assertEquals(Map.of(Catalogue.MIN_CELL_VOLTAGE, "Middle", Catalogue.MAX_CELL_VOLTAGE, "Right",
                Catalogue.MAX_CELL_TEMPERATURE, "Left"), bank.extremes());
        assertEquals("Middle 1/7", bank.snapshot().text(Catalogue.MIN_VOLTAGE_CELL));
        assertEquals("Right 2/9", bank.snapshot().text(Catalogue.MAX_VOLTAGE_CELL));
        assertEquals(0.4, bank.snapshot().number(Catalogue.CELL_VOLTAGE_DIFFERENCE));
    }

    @Test
    void namesTheWorstFault() {
        assertNull(bank(Connection.PARALLEL).combine(0, NOON, members()).worst());
        set("faults#water", "1 1 0");
        assertEquals("Left water", worst());
        set("faults#overcurrent", "0 1 1");
        assertEquals("Middle overcurrent", worst());
        set("faults#adc-error", "0 0 1");
        assertEquals("Right adc-error", worst());
    }

    private String worst() {
        Alarm worst = bank(Connection.PARALLEL).combine(0, NOON, members()).worst();
        assertNotNull(worst);
        return worst.member() + " " + worst.fault().id();
    }

    @Test
    void knowsNothingWithoutMembers() {
        BoardSnapshot snapshot = bank(Connection.SERIES).combine(0, NOON, List.of()).snapshot();
        points.forEach(point -> assertEquals(Double.NaN, snapshot.number(point), point.id()));
    }
}
