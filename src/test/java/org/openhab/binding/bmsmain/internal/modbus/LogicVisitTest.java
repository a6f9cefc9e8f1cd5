/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Visits to the BMS Logic boards: select one, read the window, check that the selection is unchanged, restore the
 * former selection. Board n has the cell voltage n.1 V.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class LogicVisitTest {

    private final LeapTicker ticker = new LeapTicker();
    private final ScriptedClient client = new ScriptedClient(ticker);
    private final List<BoardReport> reports = new ArrayList<>();
    private final List<String> selected = new ArrayList<>();
    private final LogicWindow.Boards boards = window("cell-voltage-1 = window:0x2012:U16:0.001")
            .boards(Catalogue.size());
    private final ModbusSettings settings = new ModbusSettings(32, Duration.ofSeconds(1), Duration.ofSeconds(30),
            Duration.ofMillis(500), WordOrder.LITTLE);
    private final ModbusBoard board = new ModbusBoard(settings,
            Setups.customPoints(boards.points().toArray(Point[]::new)), false, reports::add, ticker);
    private final LogicScan scan = new LogicScan(board, settings, boards, ticker);

    @BeforeEach
    void connect() throws Exception {
        for (int address = 0; address < 0x2500; address++) {
            client.registers.put(4 << 16 | address, 0);
        }
        client.input(0x2102, "00 02");
        client.writes = (address, value) -> {
            selected.add(String.format("0x%04X=%d", address, value));
            select(value);
        };
        select(7);
        assertTrue(scan.due() - ticker.nanos() > 3600 * LeapTicker.SECOND, "not before the board is online");
        cycle();
        client.requests.clear();
    }

    private void select(int number) {
        client.registers.put(3 << 16 | 0x4000, number);
        client.registers.put(4 << 16 | 0x2010, number);
        client.registers.put(4 << 16 | 0x2011, number << 8 | 0x04);
        client.registers.put(4 << 16 | 0x2012, 1000 * number + 100);
    }

    @Test
    void visitsOneBoardAfterTheOtherAndRestoresTheSelection() throws Exception {
        visit();
        assertEquals(List.of("0x4000=1", "0x4000=7"), selected);
        assertEquals(List.of("3:0x4000+1", "6:0x4000+1", "4:0x2010+1", "4:0x2011+2", "4:0x2010+1", "3:0x4000+1",
                "6:0x4000+1"), client.requests);
        visit();
        visit();
        assertEquals(List.of("0x4000=1", "0x4000=7", "0x4000=2", "0x4000=7", "0x4000=1", "0x4000=7"), selected);
        cycle();
        assertEquals(1.1, number("logic-1#cell-voltage-1"));
        assertEquals(2.1, number("logic-2#cell-voltage-1"));
        assertEquals(1, number("logic-1#ready"));
        assertEquals(0, number("logic-1#temperature-sensor"));
        assertFalse(known("logic-3#cell-voltage-1"));
    }

    /** If the board is already selected, nothing is written and nothing is restored. */
    @Test
    void writesNothingWhereTheBoardIsSelectedAlready() throws Exception {
        select(1);
        visit();
        assertEquals(List.of(), selected);
        assertEquals(List.of("3:0x4000+1", "4:0x2010+1", "4:0x2011+2", "4:0x2010+1"), client.requests);
        cycle();
        assertEquals(1.1, number("logic-1#cell-voltage-1"));
        visit();
        assertEquals(List.of("0x4000=2", "0x4000=1"), selected);
    }

    /** The Thing is removed during a visit: the window is restored. */
    @Test
    void restoresTheSelectionWhenItLeaves() throws Exception {
        serve(2);
        scan.onRemoved(client);
        assertEquals(List.of("0x4000=1", "0x4000=7"), selected);
        scan.onRemoved(client);
        assertEquals(2, selected.size());
    }

    @Test
    void restoresNothingThatItDidNotMove() throws Exception {
        scan.onRemoved(client);
        serve(1);
        scan.onRemoved(client);
        serve(1);
        select(9);
        scan.onRemoved(client);
        assertEquals(List.of("0x4000=1"), selected);
    }

    @Test
    void aBoardThatIsGoneIsLeftAsItIs() throws Exception {
        serve(2);
        client.dead = FailureCause.NO_ANSWER;
        long begun = ticker.nanos();
        assertThrows(LinkException.class, () -> scan.onRemoved(client));
        assertTrue(ticker.nanos() - begun <= LeapTicker.SECOND);
    }

    /** Each board is visited once per slow refresh: two boards in thirty seconds. */
    @Test
    void restsBetweenVisits() throws Exception {
        visit();
        assertEquals(15, (scan.due() - ticker.nanos()) / 1e9, 0.01);
    }

    @Test
    void waitsUntilTheWindowShowsTheBoard() throws Exception {
        scan.serve(client);
        scan.serve(client);
        assertEquals(List.of("0x4000=1"), selected);
        assertEquals(0.3, (scan.due() - ticker.nanos()) / 1e9, 0.02);
    }

    /** Another master selects another board meanwhile: no values are used. */
    @Test
    void takesNothingOfAWindowThatWasMoved() throws Exception {
        serve(3);
        client.registers.put(4 << 16 | 0x2010, 9);
        finish();
        cycle();
        assertFalse(known("logic-1#cell-voltage-1"));
        assertEquals("0x4000=7", selected.get(selected.size() - 1));
    }

    /** Another master changed the selection, and may need it as it is now. */
    @Test
    void doesNotRestoreASelectionThatSomebodyElseMade() throws Exception {
        serve(3);
        select(9);
        finish();
        assertEquals(List.of("0x4000=1"), selected);
        // Its selection is the one to restore from now on.
        visit();
        assertEquals(List.of("0x4000=1", "0x4000=2", "0x4000=9"), selected);
    }

    /** A visit was aborted, and another master changed the selection since: the earlier selection is irrelevant. */
    @Test
    void forgetsTheRememberedSelectionWhenSomebodyElseSelects() throws Exception {
        serve(2);
        client.failures.add(FailureCause.NO_ANSWER);
        assertThrows(LinkException.class, () -> scan.serve(client));
        select(5);
        visit();
        assertEquals(List.of("0x4000=1", "0x4000=2", "0x4000=5"), selected);
    }

    /** The settling time starts with the board's acknowledgement of the selection, however slow the line is. */
    @Test
    void waitsFromTheAcknowledgementOn() throws Exception {
        serve(1);
        client.writes = (address, value) -> {
            ticker.pass(LeapTicker.SECOND);
            select(value);
        };
        serve(1);
        assertEquals(0.3, (scan.due() - ticker.nanos()) / 1e9, 0.001);
    }

    /** The board was lost during a visit: values read before are not published when it is back. */
    @Test
    void takesNothingFromBeforeALoss() throws Exception {
        serve(3);
        client.dead = FailureCause.NO_ANSWER;
        for (int i = 0; i < 2; i++) {
            ticker.parkUntil(board.due());
            assertThrows(LinkException.class, () -> board.serve(client));
        }
        ticker.parkUntil(board.deadline());
        board.watch(ticker.nanos());
        assertTrue(scan.due() - ticker.nanos() > 3600 * LeapTicker.SECOND);
        client.dead = null;
        ticker.parkUntil(board.due());
        cycle();
        finish();
        ticker.parkUntil(board.due());
        cycle();
        assertFalse(known("logic-1#cell-voltage-1"));
        assertEquals("0x4000=7", selected.get(selected.size() - 1), "restored all the same");
        visit();
        visit();
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(1.1, number("logic-1#cell-voltage-1"));
    }

    /** The same for a board that restarted without being lost. */
    @Test
    void takesNothingFromBeforeAnInitialisation() throws Exception {
        serve(3);
        client.input(0x2009, "08 00 00 00");
        ticker.parkUntil(board.due());
        cycle();
        client.input(0x2009, "00 00 00 00");
        ticker.parkUntil(board.due());
        cycle();
        finish();
        ticker.parkUntil(board.due());
        cycle();
        assertFalse(known("logic-1#cell-voltage-1"));
    }

    /** Two requests for one board: between them another master selects another board, and then ours again. */
    @Test
    void looksAtTheSelectionAroundEachRequest() throws Exception {
        LogicWindow.Boards wide = window("cell-voltage-1 = window:0x20C9:U16:0.001").boards(Catalogue.size());
        ModbusBoard polled = new ModbusBoard(settings, Setups.customPoints(wide.points().toArray(Point[]::new)), false,
                reports::add, ticker);
        cycle(polled);
        LogicScan walk = new LogicScan(polled, settings, wide, ticker);
        client.requests.clear();
        while (!client.requests.contains("4:0x2011+1")) {
            ticker.parkUntil(walk.due());
            walk.serve(client);
        }
        client.registers.put(4 << 16 | 0x2010, 9);
        client.registers.put(4 << 16 | 0x20C9, 9_100);
        walk.serve(client);
        client.registers.put(4 << 16 | 0x2010, 1);
        for (int i = 0; i < 4; i++) {
            ticker.parkUntil(walk.due());
            walk.serve(client);
        }
        cycle(polled);
        for (Point point : wide.points()) {
            assertFalse(reports.get(reports.size() - 1).snapshot().isKnown(point), point.id());
        }
        assertEquals(List.of("0x4000=1", "0x4000=7"), selected.subList(0, 2));
    }

    @Test
    void takesNothingOfAWindowThatShowsAnotherBoard() throws Exception {
        serve(2);
        client.registers.put(4 << 16 | 0x2010, 9);
        finish();
        assertFalse(client.requests.contains("4:0x2011+2"));
        assertEquals("0x4000=7", selected.get(selected.size() - 1));
    }

    @Test
    void restoresTheSelectionWhenTheWindowIsRefused() throws Exception {
        client.refused.put("4:0x2011+2", 2);
        visit();
        assertEquals(List.of("0x4000=1", "0x4000=7"), selected);
    }

    @Test
    void writesNothingWhereTheSelectionCannotBeRead() throws Exception {
        client.refused.put("3:0x4000+1", 2);
        scan.serve(client);
        assertEquals(List.of(), selected);
        assertTrue(scan.due() - ticker.nanos() >= 2 * LeapTicker.SECOND);
    }

    /** The former selection is remembered across a failure, and restored at the end of the next visit. */
    @Test
    void remembersTheSelectionOverAFailure() throws Exception {
        serve(2);
        client.failures.add(FailureCause.NO_ANSWER);
        assertThrows(LinkException.class, () -> scan.serve(client));
        assertEquals(List.of("0x4000=1"), selected);
        visit();
        assertEquals(List.of("0x4000=1", "0x4000=2", "0x4000=7"), selected);
    }

    /** Values of a delayed visit have their real age. */
    @Test
    void valuesAreAsOldAsTheirReading() throws Exception {
        serve(3);
        ticker.pass(4 * LeapTicker.SECOND);
        finish();
        cycle();
        assertTrue(known("logic-1#cell-voltage-1"));
        Point point = point("logic-1#cell-voltage-1");
        BoardReport last = reports.get(reports.size() - 1);
        Instant read = last.snapshot().time(point);
        assertTrue(read != null && Duration.between(read, last.snapshot().time()).toMillis() >= 4_000);
    }

    private static LogicWindow window(String line) {
        LogicWindow window = new LogicWindow();
        try {
            window.add(line);
        } catch (LocationException e) {
            throw new AssertionError(e);
        }
        return window;
    }

    private void serve(int times) throws LinkException {
        for (int i = 0; i < times; i++) {
            ticker.parkUntil(scan.due());
            scan.serve(client);
        }
    }

    private void visit() throws LinkException {
        serve(1);
        finish();
    }

    /** Serves until the scan rests between two visits. */
    private void finish() throws LinkException {
        for (int i = 0; scan.due() - ticker.nanos() < 2 * LeapTicker.SECOND; i++) {
            assertTrue(i < 20, "no end");
            serve(1);
        }
    }

    private void cycle() throws LinkException {
        cycle(board);
    }

    private void cycle(ModbusBoard polled) throws LinkException {
        int before = reports.size();
        while (reports.size() == before) {
            polled.serve(client);
        }
    }

    private Point point(String id) {
        return boards.points().stream().filter(point -> point.id().equals(id)).findAny().orElseThrow();
    }

    private boolean known(String id) {
        return reports.get(reports.size() - 1).snapshot().isKnown(point(id));
    }

    private double number(String id) {
        return reports.get(reports.size() - 1).snapshot().number(point(id));
    }
}
