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

import static org.junit.jupiter.api.Assertions.*;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler.Together;

/**
 * Values that need a second reading before they are published: physically impossible jumps, and faults if the user
 * configures it. Also the weakest cell.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class PlausibilityTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Set<String> LIMITED = Set.of("battery#state-of-charge", "battery#voltage", "battery#current",
            "battery#min-cell-voltage", "battery#max-cell-voltage", "battery#min-cell-temperature",
            "battery#max-cell-temperature", "sensors#humidity", "sensors#external-temperature");

    /** Close to the end of the range, so that comparisons of times without a difference fail. */
    private long now = Long.MAX_VALUE - 2 * SECOND;
    private BoardAssembler assembler = new BoardAssembler(Setups.standard());

    /** Each limit: the largest possible step, and the smallest impossible one. */
    @ParameterizedTest(name = "{0}: {2} in a second")
    @CsvSource(delimiter = '|', textBlock = """
            battery#state-of-charge      |   50 |    5
            battery#voltage              |  500 |  200
            battery#current              |    0 | 2000
            battery#min-cell-voltage     |    1 |    2
            battery#max-cell-voltage     |    1 |    2
            battery#min-cell-temperature |   20 |    5
            battery#max-cell-temperature |   20 |    5
            sensors#humidity             |   40 |   20
            sensors#external-temperature |   20 |    5
            """)
    void eachLimit(String id, double from, double perSecond) {
        for (int direction : new int[] { 1, -1 }) {
            for (int seconds : new int[] { 0, 1, 2 }) {
                double step = direction * perSecond * Math.max(1, seconds);
                if (!point(id).isPlausible(from + step * 1.01)) {
                    continue;
                }
                assembler = new BoardAssembler(Setups.standard());
                put(id, from);
                now += seconds * SECOND;
                put(id, from + step);
                assertEquals(from + step, number(id));
                assertEquals(0, assembler.rejectedValues());

                assembler = new BoardAssembler(Setups.standard());
                put(id, from);
                now += seconds * SECOND;
                put(id, from + step * 1.01);
                assertEquals(from, number(id), "held back");
                assertEquals(1, assembler.rejectedValues());
                put(id, from + step * 1.01);
                assertEquals(from + step * 1.01, number(id), "confirmed");
                assertEquals(1, assembler.rejectedValues());
            }
        }
    }

    /** The table above is complete: other values may change by any amount. */
    @Test
    void whatElseMayTakeAnyStep() {
        Set<String> limited = new TreeSet<>();
        for (Point point : Setups.POINTS) {
            if (point.fastestChange() < Double.POSITIVE_INFINITY) {
                limited.add(point.id());
            }
        }
        assertEquals(new TreeSet<>(LIMITED), limited);
    }

    @Test
    void aSpikeIsNeverShown() {
        put("battery#state-of-charge", 55);
        now += SECOND;
        put("battery#state-of-charge", 95);
        assertEquals(55, number("battery#state-of-charge"));
        now += SECOND;
        put("battery#state-of-charge", 55);
        assertEquals(55, number("battery#state-of-charge"));
        now += SECOND;
        // the spike before does not confirm this one
        put("battery#state-of-charge", 95);
        assertEquals(55, number("battery#state-of-charge"));
        assertEquals(2, assembler.rejectedValues());
    }

    @Test
    void aSecondReadingMayDifferAsMuchAsPhysicsAllows() {
        put("battery#state-of-charge", 10);
        now += SECOND;
        put("battery#state-of-charge", 80);
        now += SECOND;
        put("battery#state-of-charge", 84);
        assertEquals(84, number("battery#state-of-charge"));
        assertEquals(1, assembler.rejectedValues());
    }

    @Test
    void twoSpikesThatDisagreeConfirmNothing() {
        put("battery#state-of-charge", 10);
        now += SECOND;
        put("battery#state-of-charge", 80);
        now += SECOND;
        put("battery#state-of-charge", 40);
        assertEquals(10, number("battery#state-of-charge"));
        assertEquals(2, assembler.rejectedValues());
    }

    /** A rejected value does not extend the lifetime of the old one. */
    @Test
    void whileAJumpIsHeldBackTheOldValueAges() {
        put("battery#state-of-charge", 10);
        now += 4 * SECOND;
        put("battery#state-of-charge", 80);
        now += 2 * SECOND;
        assertTrue(Double.isNaN(number("battery#state-of-charge")));
    }

    @Test
    void anImpossibleNumberEndsTheWaitForASecondReading() {
        put("battery#state-of-charge", 10);
        put("battery#state-of-charge", 80);
        put("battery#state-of-charge", 101);
        assertTrue(Double.isNaN(number("battery#state-of-charge")));
        put("battery#state-of-charge", 12);
        assertEquals(12, number("battery#state-of-charge"));
    }

    /**
     * Zeros of an initialising board are not the reference for the first reading afterwards, which is therefore
     * no jump.
     */
    @Test
    void afterInitialisationTheFirstReadingIsShownAtOnce() {
        put("battery#state-of-charge", 55);
        put("internal-signals#initialisation", 1);
        put("battery#state-of-charge", 54);
        assertTrue(Double.isNaN(number("battery#state-of-charge")));
        put("battery#state-of-charge", 0);
        assertTrue(Double.isNaN(number("battery#state-of-charge")));
        now += SECOND;
        put("internal-signals#initialisation", 0);
        assertTrue(Double.isNaN(number("battery#state-of-charge")), "nothing read before comes up again");
        put("battery#state-of-charge", 90);
        assertEquals(90, number("battery#state-of-charge"));
    }

    @Test
    void afterALostLinkTheFirstReadingIsShownAtOnce() {
        put("battery#state-of-charge", 10);
        put("battery#state-of-charge", 80);
        assembler.forgetBoard();
        put("battery#state-of-charge", 40);
        assertEquals(40, number("battery#state-of-charge"));
    }

    @Test
    void withoutConfirmationAFaultIsShownAtOnce() {
        put("faults#water", 0);
        put("faults#water", 1);
        assertEquals(1, number("faults#water"));
        assertEquals(0, assembler.rejectedValues());
    }

    @Test
    void withConfirmationAFaultNeedsASecondReading() {
        assembler = confirming();
        put("faults#water", 0);
        put("faults#water", 1);
        assertEquals(0, number("faults#water"));
        assertEquals(1, assembler.rejectedValues());
        put("faults#water", 1);
        assertEquals(1, number("faults#water"));
        put("faults#water", 0);
        assertEquals(1, number("faults#water"), "nor does it go at once");
        put("faults#water", 0);
        assertEquals(0, number("faults#water"));
        assertEquals(2, assembler.rejectedValues());
    }

    @Test
    void withConfirmationAFaultThatFlickersIsNeverShown() {
        assembler = confirming();
        FaultWatcher watcher = new FaultWatcher();
        put("faults#water", 0);
        assertEquals(List.of(), watcher.compare(assembler.snapshot(now, NOON)));
        for (int i = 0; i < 5; i++) {
            put("faults#water", 1);
            assertEquals(0, number("faults#water"));
            assertEquals(List.of(), watcher.compare(assembler.snapshot(now, NOON)));
            put("faults#water", 0);
            assertEquals(0, number("faults#water"));
            assertEquals(List.of(), watcher.compare(assembler.snapshot(now, NOON)));
        }
        assertEquals(5, assembler.rejectedValues());
    }

    @Test
    void withConfirmationWhatIsFoundAtConnectIsShownAtOnce() {
        assembler = confirming();
        put("faults#water", 1);
        assertEquals(1, number("faults#water"));
    }

    @Test
    void confirmationIsForFaultsOnly() {
        assembler = confirming();
        put("input-signals#interlock", 0);
        put("input-signals#interlock", 1);
        assertEquals(1, number("input-signals#interlock"));
    }

    // ---- cells ----

    private static List<Point> cells(int boards, int perBoard) {
        List<Point> cells = new ArrayList<>();
        for (int board = 1; board <= boards; board++) {
            for (int cell = 1; cell <= perBoard; cell++) {
                cells.add(Point.scanned(Catalogue.size() + cells.size(), "logic-" + board + "#cell-voltage-" + cell,
                        Kind.MEASUREMENT, Unit.VOLT));
            }
        }
        return cells;
    }

    private void assertExtremes(double min, @Nullable String minCell, double max, @Nullable String maxCell,
            double difference) {
        BoardSnapshot snapshot = assembler.snapshot(now, NOON);
        assertEquals(min, snapshot.number(Catalogue.MIN_CELL_VOLTAGE));
        assertEquals(minCell, snapshot.text(Catalogue.MIN_VOLTAGE_CELL));
        assertEquals(max, snapshot.number(Catalogue.MAX_CELL_VOLTAGE));
        assertEquals(maxCell, snapshot.text(Catalogue.MAX_VOLTAGE_CELL));
        assertEquals(difference, snapshot.number(Catalogue.CELL_VOLTAGE_DIFFERENCE));
    }

    private void assertNoExtremes() {
        assertExtremes(Double.NaN, null, Double.NaN, null, Double.NaN);
    }

    @Test
    void theExtremesAreKnownWhenEveryCellIs() {
        List<Point> cells = cells(3, 2);
        assembler = new BoardAssembler(Setups.customPoints(cells.toArray(new Point[0])));
        double[] voltages = { 3.31, 3.2875, 3.4012, 3.3 };
        for (int i = 0; i < voltages.length; i++) {
            assertNoExtremes();
            assembler.put(cells.get(i), voltages[i], now);
        }
        assertNoExtremes();
        assembler.put(Catalogue.BOARD_COUNT, 2, now);
        // the third board does not exist, so that its cells are not missed
        assertExtremes(3.2875, "1/2", 3.4012, "2/1", 0.1137);

        // below 0.1 V there is no cell, or a broken wire: then the weakest cell is unknown
        assembler.put(cells.get(0), 0, now);
        assertNoExtremes();
        assembler.put(cells.get(0), 3.31, now);
        assembler.put(Catalogue.BOARD_COUNT, 3, now);
        assertNoExtremes();
    }

    @Test
    void aCellThatWasNotVisitedForLongIsUnknown() {
        List<Point> cells = cells(1, 2);
        assembler = new BoardAssembler(Setups.customPoints(cells.toArray(new Point[0])));
        assembler.put(cells.get(0), 3.3, now);
        assembler.put(cells.get(1), 3.4, now + SECOND);
        now += 150 * SECOND;
        assembler.put(Catalogue.BOARD_COUNT, 1, now);
        assertExtremes(3.3, "1/1", 3.4, "1/2", 0.1);
        assertEquals(NOON.minusSeconds(150), assembler.snapshot(now, NOON).time(Catalogue.MAX_CELL_VOLTAGE),
                "as old as the oldest cell: it could be the strongest by now");
        now++;
        assertNoExtremes();
    }

    @Test
    void amongEqualCellsTheFirstCounts() {
        List<Point> cells = cells(1, 3);
        assembler = new BoardAssembler(Setups.customPoints(cells.toArray(new Point[0])));
        cells.forEach(cell -> assembler.put(cell, 3.3, now));
        assembler.put(Catalogue.BOARD_COUNT, 1, now);
        assertExtremes(3.3, "1/1", 3.3, "1/1", 0);
    }

    @Test
    void withoutCellsTheExtremesAreUnknown() {
        assembler.put(Catalogue.BOARD_COUNT, 2, now);
        assertNoExtremes();
    }

    private static BoardAssembler confirming() {
        return new BoardAssembler(new BoardSetup(BoardSetup.DEFAULT_RELAY_FUNCTIONS, Setups.noFunctions(), Map.of(),
                List.of(), Setups.LIFETIME, Setups.SLOW_LIFETIME, true));
    }

    private static Point point(String id) {
        Point point = Catalogue.byId(id);
        if (point == null) {
            throw new AssertionError(id);
        }
        return point;
    }

    private void put(String id, double value) {
        assembler.put(point(id), value, now);
    }

    private double number(String id) {
        return assembler.snapshot(now, NOON).number(point(id));
    }

    // ---- values of one frame ----

    private static final Point[] FRAME = { Catalogue.STATE_OF_CHARGE, Catalogue.CURRENT,
            Catalogue.MIN_CELL_TEMPERATURE };

    private Together together(boolean confirms, double... values) {
        return assembler.putTogether(FRAME, values, values.length, confirms, now);
    }

    private String frame() {
        return number(FRAME[0].id()) + " " + number(FRAME[1].id()) + " " + number(FRAME[2].id());
    }

    /** A sequence of two frames: the decision about the second, and the published values. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            it follows                    | 81 10 20   |              | TAKEN     | 81.0 10.0 20.0
            one jumps                     | 15 -40 20  |              | WAITING   | 80.0 9.0 20.0
            one jumps, and is confirmed   | 15 -40 20  | 15 -41 20    | CONFIRMED | 15.0 -41.0 20.0
            another jumps then            | 15 -40 20  | 60 -41 20    | WAITING   | 80.0 9.0 20.0
            it was one damaged frame      | 15 -40 20  | 80 8 20      | TAKEN     | 80.0 8.0 20.0
            one cannot be                 | 80 7 -99   |              | WAITING   | 80.0 9.0 20.0
            one still cannot be           | 80 7 -99   | 80 6 -99     | CONFIRMED | 80.0 6.0 NaN
            it was once that it could not | 80 7 -99   | 80 6 20      | TAKEN     | 80.0 6.0 20.0
            """)
    void theValuesOfAFrameAreTakenTogether(String what, String first, @Nullable String second, Together expected,
            String shown) {
        assertEquals(Together.TAKEN, together(true, 80, 9, 20));
        Together became = together(true, numbers(first));
        if (second != null) {
            now += SECOND;
            became = together(true, numbers(second));
        }
        assertEquals(expected, became);
        assertEquals(shown, frame());
    }

    private static double[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void anAbsentSensorNeverHeldUpItsFrame() {
        assertEquals(Together.TAKEN, together(true, 80, 9, -99));
        assertEquals(Together.TAKEN, together(true, 80, 8, -99));
        assertEquals("80.0 8.0 NaN", frame());
        assertEquals(2, assembler.rejectedValues());
    }

    /** While the sender is in doubt, no jump is confirmed. */
    @Test
    void nothingIsConfirmedInDoubt() {
        together(true, 80, 9, 20);
        for (int i = 0; i < 5; i++) {
            assertEquals(Together.WAITING, together(false, 15, -40, 20));
        }
        assertEquals("80.0 9.0 20.0", frame());
        assertEquals(Together.CONFIRMED, together(true, 15, -40, 20));
    }

    @Test
    void aLeastValueAboveTheGreatestMakesBothUnknown() {
        put("battery#min-cell-temperature", 21);
        put("battery#max-cell-temperature", 20);
        put("battery#min-cell-voltage", 3.3);
        put("battery#max-cell-voltage", 3.2);
        BoardSnapshot snapshot = assembler.snapshot(now, NOON);
        for (String id : LIMITED) {
            assertFalse(snapshot.isKnown(point(id)), id);
        }
        put("battery#max-cell-temperature", 21);
        put("battery#max-cell-voltage", 3.3);
        assertEquals(21, number("battery#min-cell-temperature"));
        assertEquals(3.3, number("battery#min-cell-voltage"));
    }
}
