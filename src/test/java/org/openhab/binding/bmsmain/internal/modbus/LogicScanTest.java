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
import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

/**
 * The scan of the twin's BMS Logic boards: writes, reads, and the resulting configuration line.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class LogicScanTest {

    private static final int UNIT = 32;
    private static final long SECOND = 1_000_000_000L;

    private final TwinBoard twin = SimulatedWires.board(UNIT, WordOrder.LITTLE);
    private final SimulatedWires wires = new SimulatedWires().with(twin);
    private final List<BoardReport> reports = new ArrayList<>();
    private final LogicWindow window = new LogicWindow();
    private @Nullable ModbusClient client;
    private @Nullable ModbusBoard board;
    private @Nullable LogicScan scan;

    @BeforeEach
    void open() throws Exception {
        window.add("cell-voltage-{1..12} = window:0x2011+1*{i}:U16:0.001");
        LogicWindow.Boards boards = window.boards(Catalogue.size());
        ModbusSettings settings = new ModbusSettings(UNIT, Duration.ofSeconds(1), Duration.ofSeconds(6),
                Duration.ofMillis(500), null);
        BoardSetup setup = Setups.customPoints(boards.points().toArray(new Point[0]));
        client = wires.serial(new SerialSettings("line", 9600, Parity.NONE, 1)).open();
        ModbusBoard polled = new ModbusBoard(settings, setup, false, reports::add, wires);
        board = polled;
        scan = new LogicScan(polled, settings, boards, wires);
    }

    /** Does the work of the bus thread with a board and a scan. */
    private void run(double seconds) {
        long until = wires.nanos() + (long) (seconds * SECOND);
        ModbusBoard polled = board;
        LogicScan guest = scan;
        ModbusClient open = client;
        if (polled == null || guest == null || open == null) {
            throw new AssertionError();
        }
        while (until - wires.nanos() > 0) {
            try {
                if (polled.due() - wires.nanos() <= 0) {
                    polled.serve(open);
                } else if (guest.due() - wires.nanos() <= 0) {
                    guest.serve(open);
                } else {
                    wires.parkUntil(Math.min(until, Math.min(polled.due(), guest.due())));
                }
            } catch (LinkException e) {
                // A bus reopens a lost line.
                polled.opened(open);
                guest.opened(open);
            }
            if (polled.deadline() - wires.nanos() <= 0) {
                polled.watch(wires.nanos());
            }
        }
    }

    private List<Integer> selections() {
        return wires.log().latest().stream().filter(request -> request.isWrite()).map(request -> {
            assertEquals(6, request.function());
            assertEquals(0x4000, request.address());
            return request.written().get(0);
        }).toList();
    }

    private BoardSnapshot snapshot() {
        return reports.get(reports.size() - 1).snapshot();
    }

    private double value(String id) {
        for (Point point : windowPoints()) {
            if (point.id().equals(id)) {
                return snapshot().number(point);
            }
        }
        throw new AssertionError(id);
    }

    private List<Point> windowPoints() {
        return window.boards(Catalogue.size()).points();
    }

    /** Two boards, twelve cells each; one write to select the second, one to restore the first. */
    @Test
    void eachBoardIsSelectedOnceReadAndTheFormerOneRestored() {
        run(20);
        List<Integer> selections = selections();
        assertTrue(selections.size() >= 4, selections.toString());
        for (int i = 0; i + 1 < selections.size(); i += 2) {
            assertEquals(2, selections.get(i), "the one that is not selected already");
            assertEquals(1, selections.get(i + 1), "the one before again");
        }
        for (int logic = 1; logic <= 2; logic++) {
            assertEquals(1, value("logic-" + logic + "#ready"));
            assertEquals(1, value("logic-" + logic + "#temperature-sensor"));
            for (int cell = 1; cell <= 12; cell++) {
                double voltage = value("logic-" + logic + "#cell-voltage-" + cell);
                assertTrue(voltage > 2.8 && voltage < 3.7, "board " + logic + " cell " + cell + " " + voltage);
            }
        }
        assertTrue(Double.isNaN(value("logic-3#ready")), "a board that does not exist");
        assertEquals(twin.number("battery#min-cell-voltage"), snapshot().number(Catalogue.MIN_CELL_VOLTAGE), 0.001);
        assertEquals(twin.number("battery#max-cell-voltage"), snapshot().number(Catalogue.MAX_CELL_VOLTAGE), 0.001);
        assertNotNull(snapshot().text(Catalogue.MIN_VOLTAGE_CELL));
    }

    @Test
    void untilAllBoardsWereVisitedTheExtremesAreUnknown() {
        run(3);
        assertFalse(Double.isNaN(value("logic-1#cell-voltage-1")));
        assertTrue(Double.isNaN(value("logic-2#cell-voltage-1")));
        assertTrue(Double.isNaN(snapshot().number(Catalogue.MIN_CELL_VOLTAGE)));
    }

    /** The window shows another board than the selected one: none of its values are used. */
    @Test
    void dataOfAnotherBoardIsNotTaken() {
        twin.set("input:0x2010", "2");
        run(20);
        assertTrue(Double.isNaN(value("logic-1#cell-voltage-1")), "selected, but another one shows");
        assertFalse(Double.isNaN(value("logic-2#cell-voltage-1")), "the one that shows");
        assertTrue(Double.isNaN(snapshot().number(Catalogue.MIN_CELL_VOLTAGE)));
    }

    /** A select without a response is not repeated; the former selection is remembered. */
    @Test
    void anUnansweredSelectIsNotRepeated() {
        int[] lost = new int[1];
        wires.answers((number, answer) -> {
            if (answer[1] == 6 && lost[0] == 0) {
                lost[0]++;
                return new byte[0];
            }
            return answer;
        });
        run(5.5);
        assertEquals(1, lost[0]);
        assertEquals(List.of(2), selections(), "once, and then the pause between two visits");
        run(20);
        List<Integer> selections = selections();
        assertEquals(List.of(2, 1, 2, 1), selections.subList(0, 4));
        assertFalse(Double.isNaN(value("logic-1#cell-voltage-1")));
        assertFalse(Double.isNaN(value("logic-2#cell-voltage-1")));
    }

    /** While the board initialises or is missing, nothing is selected. */
    @Test
    void anInitialisingOrSilentBoardIsNotScanned() {
        twin.initialising(true);
        run(20);
        assertEquals(List.of(), selections());
        wires.answers((number, answer) -> new byte[0]);
        twin.initialising(false);
        run(20);
        assertEquals(List.of(), selections());
    }
}
