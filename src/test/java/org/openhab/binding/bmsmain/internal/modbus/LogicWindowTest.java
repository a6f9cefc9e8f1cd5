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

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.PollClass;
import org.openhab.binding.bmsmain.internal.modbus.LogicWindow.BoardSlot;

/**
 * Configuration lines for the values of BMS Logic boards.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class LogicWindowTest {

    private static final int FIRST_INDEX = 500;

    private static Map<String, String> places(int board, String... lines) throws LocationException {
        LogicWindow window = new LogicWindow();
        for (String line : lines) {
            window.add(line);
        }
        Map<String, String> places = new TreeMap<>();
        for (BoardSlot mapping : window.boards(FIRST_INDEX).slotsOf(board)) {
            assertNull(places.put(mapping.point().id(), mapping.place().toString()));
        }
        return places;
    }

    @Test
    void withoutLinesThePublicValuesAreRead() throws LocationException {
        assertEquals(Map.of("logic-23#status", "input:0x2011:U16", "logic-23#ready", "input:0x2011.2",
                "logic-23#temperature-sensor", "input:0x2011.4"), places(23));
        assertEquals(Map.of(), places(0));
        assertEquals(Map.of(), places(24));
    }

    /** A line, and the resulting location of the value for board 3. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            cell-voltage-{1..18} = window:0x2014+2*{i}:REAL32    | cell-voltage-1  | input:0x2016:REAL32
            cell-voltage-{1..18} = window:0x2014+2*{i}:REAL32    | cell-voltage-18 | input:0x2038:REAL32
            cell-voltage-{1..12}=window:0x2011+1*{i}:U16:0.001   | cell-voltage-12 | input:0x201D:U16:0.001
            logic-{board}#cell-voltage-{1..2} = window:8210+1*{i}:U16 | cell-voltage-2 | input:0x2014:U16
            logic-3#cell-voltage-1 = window:0x2012:U16           | cell-voltage-1  | input:0x2012:U16
            temperature-{0..1} = window:0x2020+1*{i}:S16:0.1     | temperature-0   | input:0x2020:S16:0.1
            balancing-{1..4} = window:0x2030+1*{i}.7             | balancing-4     | input:0x2034.7
            alarm = window:0x2030.31:U32                         | alarm           | input:0x2030.31:U32
            first = window:0x2011:U16                            | first           | input:0x2011:U16
            last = window:0x20C9:U16                             | last            | input:0x20C9:U16
            last = window:0x20C8:REAL32                          | last            | input:0x20C8:REAL32
            """)
    void placesOfALine(String line, String name, String place) throws LocationException {
        assertTrue(LogicWindow.isWindowLine(line));
        assertEquals(place, places(3, line).get("logic-3#" + name));
    }

    @Test
    void aLineForAllBoardsIsForEachOfThem() throws LocationException {
        LogicWindow window = new LogicWindow();
        window.add("cell-voltage-{1..2} = window:0x2012+2*{i}:REAL32");
        window.add("logic-{board}#temperature-1 = window:0x2020:S16:0.1");
        List<Point> points = window.boards(FIRST_INDEX).points();
        assertEquals(23 * (3 + 3), points.size());
        for (int i = 0; i < points.size(); i++) {
            assertEquals(FIRST_INDEX + i, points.get(i).index());
            assertEquals(PollClass.SCANNED, points.get(i).pollClass());
        }
    }

    @Test
    void aLineForOneBoardWinsOverOneForAll() throws LocationException {
        String[] lines = { "cell-voltage-{1..2} = window:0x2012+2*{i}:REAL32",
                "logic-3#cell-voltage-2 = window:0x2080:REAL32" };
        assertEquals("input:0x2080:REAL32", places(3, lines).get("logic-3#cell-voltage-2"));
        assertEquals("input:0x2014:REAL32", places(3, lines).get("logic-3#cell-voltage-1"));
        assertEquals("input:0x2016:REAL32", places(4, lines).get("logic-4#cell-voltage-2"));
    }

    /** A voltage below 0.1 V is not a cell; other voltages and temperatures have limits too. */
    @Test
    void valuesHaveTheLimitsOfTheirUnits() throws LocationException {
        LogicWindow window = new LogicWindow();
        window.add("cell-voltage-1 = window:0x2012:REAL32");
        window.add("cell-temperature-1 = window:0x2014:REAL32");
        window.add("counter = window:0x2016:REAL32");
        for (Point point : window.boards(FIRST_INDEX).points()) {
            switch (point.name()) {
                case "cell-voltage-1":
                    assertTrue(point.isPlausible(3.3) && !point.isPlausible(0) && !point.isPlausible(6.1));
                    break;
                case "cell-temperature-1":
                    assertTrue(point.isPlausible(-60) && !point.isPlausible(-61) && !point.isPlausible(126));
                    break;
                default:
                    assertTrue(point.isPlausible(1e9));
                    break;
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            window:0x2012:U16                               | NO_EQUALS
            = window:0x2012:U16                             | UNKNOWN_CHANNEL
            Cell = window:0x2012:U16                        | UNKNOWN_CHANNEL
            battery#voltage = window:0x2012:U16             | UNKNOWN_CHANNEL
            logic-0#cell-voltage-1 = window:0x2012:U16      | UNKNOWN_CHANNEL
            logic-24#cell-voltage-1 = window:0x2012:U16     | UNKNOWN_CHANNEL
            cell-{1..65} = window:0x2012:U16                | SYNTAX
            cell-{5..3} = window:0x2012+1*{i}:U16           | SYNTAX
            a = window:                                     | SYNTAX
            a = window:0x2012:U16:1:1                       | SYNTAX
            a = window:0x2012+2*{j}:U16                     | SYNTAX
            a = window:0x2012.2:U16:0.1                     | SYNTAX
            cell--x = window:0x2012:U16                     | NAME
            cell- = window:0x2012:U16                       | NAME
            cell-{1..2}- = window:0x2012:U16                | UNKNOWN_CHANNEL
            cell-voltage--{1..2} = window:0x2012:U16        | NAME
            cell-voltage-99999999999 = window:0x2012:REAL32 | NAME
            cell-voltage-1000 = window:0x2012:REAL32        | NAME
            cell-voltage-0-0 = window:0x2012:REAL32         | NAME
            cell-voltage-01 = window:0x2012:REAL32          | NAME
            cell-voltage-1-{1..2} = window:0x2012:REAL32    | NAME
            cell-voltage-{0..2} = window:0x2012:REAL32      | NAME
            cell-voltage-1a = window:0x2012:REAL32          | NAME
            abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz = window:0x2012:U16 | NAME
            logic-99999999999#a = window:0x2012:U16         | UNKNOWN_CHANNEL
            logic-3#logic-3#a = window:0x2012:U16           | UNKNOWN_CHANNEL
            a = window:0x2012                               | TYPE
            a = window:0x2012:U64                           | TYPE
            a = window:0x2012.3:REAL32                      | TYPE
            a = window:0x2012.16                            | BIT
            a = window:0x2012.16:U16                        | BIT
            a = window:0x2012.32:U32                        | BIT
            a = window:0x2012:U16:0                         | SCALE
            a = window:0x2012:U16:much                      | SCALE
            a = window:here:U16                             | ADDRESS
            a = window:0x2010:U16                           | ADDRESS
            a = window:0x20CA:U16                           | ADDRESS
            a = window:0x20C9:REAL32                        | ADDRESS
            cell-{1..64} = window:0x2050+2*{i}:REAL32       | ADDRESS
            status = window:0x2012:U16                      | DUPLICATE
            """)
    void aLineThatCannotBeUsed(String line, Reason reason) {
        assertTrue(LogicWindow.isWindowLine(line));
        assertEquals(reason, assertThrows(LocationException.class, () -> new LogicWindow().add(line)).reason());
    }

    @Test
    void aValueThatIsNamedTwiceCannotBeUsed() throws LocationException {
        LogicWindow window = new LogicWindow();
        window.add("cell-voltage-{1..4} = window:0x2012+2*{i}:REAL32");
        assertEquals(Reason.DUPLICATE, assertThrows(LocationException.class,
                () -> window.add("logic-{board}#cell-voltage-4 = window:0x2080:REAL32")).reason());
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "battery#voltage = input:0x2104:REAL32", "window = input:0x2104:REAL32",
            "a = windows:1" })
    void otherLinesAreNotForTheWindow(String line) {
        assertFalse(LogicWindow.isWindowLine(line));
    }
}
