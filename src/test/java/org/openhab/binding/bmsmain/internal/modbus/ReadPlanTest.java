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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.Pace;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * In which requests the board is read. A request is written as function, first register and number of registers.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ReadPlanTest {

    /** Two requests for what is fast: the register map has a hole of 227 registers between them. */
    @Test
    void readsThePublicMapOverASerialLine() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        assertEquals("4:0x0000+5 4:0x1000+3", requests(plan, Pace.ONCE));
        assertEquals("4:0x2000+17 4:0x20F4+15", requests(plan, Pace.FAST));
        assertEquals("4:0x2185+30 4:0x2410+3 4:0x2420+10", requests(plan, Pace.SLOW));
    }

    @Test
    void readsThePublicMapOverANetworkInFewerRequests() {
        ReadPlan plan = plan(ReadPlan.NETWORK_HOLE);
        assertEquals("4:0x0000+5 4:0x1000+3", requests(plan, Pace.ONCE));
        assertEquals("4:0x2000+17 4:0x20F4+15", requests(plan, Pace.FAST));
        assertEquals("4:0x2185+30 4:0x2410+26", requests(plan, Pace.SLOW));
    }

    @Test
    void readsEveryValueOfTheCatalogueOnce() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        List<String> read = new ArrayList<>();
        for (Block block : plan.all()) {
            for (Slot slot : block.slots()) {
                read.add(slot.point().id());
                assertTrue(slot.location().address() >= block.request().address(), slot.point().id());
                assertTrue(slot.location().end() <= block.request().address() + block.request().count(),
                        slot.point().id());
            }
        }
        List<String> readable = Catalogue.all().stream().filter(point -> point.register() != null).map(Point::id)
                .sorted().toList();
        assertEquals(readable, read.stream().sorted().toList());
    }

    /** Lines of the user, and what is read fast then. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # joined; the neighbour has 17 registers, so one more is read along
            battery#voltage = input:0x2103:REAL32                                           | 4:0x2000+17 4:0x20F4+18
            # joined over a hole of twelve registers, but not over one of thirteen
            battery#voltage = input:0x210F:U16                                              | 4:0x2000+17 4:0x20F4+28
            battery#voltage = input:0x2110:U16                                              | 4:0x2000+17 4:0x20F4+15 4:0x2110+1
            # inside of what is read anyway
            battery#voltage = input:0x2100:U16:0.1                                          | 4:0x2000+17 4:0x20F4+15
            relays#relay-1 = input:0x200C.0; relays#relay-2 = input:0x200C.1                | 4:0x2000+17 4:0x20F4+15
            # the other table
            battery#voltage = holding:0x2103:REAL32                                         | 4:0x2000+17 4:0x20F4+15 3:0x2103+2
            # another place for a value of the catalogue takes the old one out
            logic#board-count = input:0x0100:U16                                            | 4:0x0100+1 4:0x2000+17 4:0x20F4+14
            # three neighbours of one register
            battery#voltage = holding:1:U16; battery#min-cell-voltage = holding:21:U16; battery#max-cell-voltage = holding:41:U16 | 4:0x2000+17 4:0x20F4+15 3:0x0001+1 3:0x0015+2 3:0x0029+1
            # no room behind the last register
            battery#voltage = holding:65520:U16; battery#power = holding:65535:U16          | 4:0x2000+17 4:0x20F4+15 3:0xFFF0+1 3:0xFFFF+1
            """)
    void joinsLinesOfTheUser(String lines, String requests) throws Exception {
        assertEquals(requests, requests(plan(ReadPlan.SERIAL_HOLE, lines.split(";")), Pace.FAST));
    }

    /** 0x20F4..0x2172 are 127 registers: one more than an answer can carry. */
    @ParameterizedTest
    @CsvSource({ "0x216F, 4:0x2000+17 4:0x20F4+125", "0x2170, 4:0x2000+17 4:0x20F4+17 4:0x2170+2" })
    void neverReadsMoreThanAnAnswerCanCarry(String address, String requests) throws Exception {
        ReadPlan plan = plan(ReadPlan.NETWORK_HOLE, "battery#voltage = input:0x2103:REAL32",
                "battery#min-cell-voltage = input:" + address + ":REAL32");
        assertEquals(requests.replace("0x20F4+17", "0x20F4+18"), requests(plan, Pace.FAST));
    }

    @Test
    void readsCustomChannelsWithWhatIsFast() {
        Point words = Point.custom(Catalogue.size(), "serial-number", Kind.TEXT,
                new RegisterLocation(Table.HOLDING, 0x3000, WireType.CHARACTERS, Location.NO_BIT, 1, 125));
        Point number = Point.custom(Catalogue.size() + 1, "number", Kind.COUNT,
                RegisterLocation.input(0x2012, WireType.U16));
        ReadPlan plan = ReadPlan.of(32, Setups.customPoints(words, number), ReadPlan.SERIAL_HOLE);
        assertEquals("4:0x2000+19 4:0x20F4+15 3:0x3000+125", requests(plan, Pace.FAST));
    }

    /** In the order of a cycle: once, fast, slow, and fast again, with and without what is slow. */
    @Test
    void neighboursDifferInLength() throws Exception {
        List<List<String>> setups = List.of(List.of(), List.of("battery#voltage = input:0x2103:REAL32"),
                List.of("battery#voltage = holding:0:U16", "battery#power = holding:100:U16"),
                List.of("battery#nominal-capacity = holding:0:U16", "battery#max-charge-voltage = holding:100:U16"));
        for (List<String> lines : setups) {
            for (int hole : new int[] { ReadPlan.SERIAL_HOLE, ReadPlan.NETWORK_HOLE }) {
                ReadPlan plan = plan(hole, lines.toArray(String[]::new));
                List<Block> cycle = new ArrayList<>(plan.of(Pace.ONCE));
                cycle.addAll(plan.of(Pace.FAST));
                cycle.addAll(plan.of(Pace.SLOW));
                cycle.addAll(plan.of(Pace.FAST));
                cycle.addAll(plan.of(Pace.FAST));
                for (int i = 1; i < cycle.size(); i++) {
                    assertNotEquals(cycle.get(i - 1).request().count(), cycle.get(i).request().count(),
                            cycle.get(i - 1) + " and " + cycle.get(i));
                }
            }
        }
    }

    /** What is refused is read in exact ranges, then value by value, then not at all. */
    @Test
    void readsWhatWasRefusedInSmallerParts() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        refuse(plan, Pace.FAST, 1, "4:0x20F4+1 4:0x2100+3");
        assertEquals("4:0x2000+17 4:0x20F4+1 4:0x2100+3", requests(plan, Pace.FAST));
        refuse(plan, Pace.FAST, 2, "4:0x2100+2 4:0x2102+1");
        refuse(plan, Pace.FAST, 2, "");
        assertEquals("4:0x2000+17 4:0x20F4+1 4:0x2102+1", requests(plan, Pace.FAST));
    }

    @Test
    void readsTheExactRangeWhereTheRegisterReadAlongWasRefused() throws Exception {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE, "battery#voltage = input:0x2103:REAL32");
        refuse(plan, Pace.FAST, 1, "4:0x20F4+1 4:0x2100+5");
        plan = plan(ReadPlan.SERIAL_HOLE, "battery#voltage = holding:1:U16", "battery#power = holding:21:U16");
        assertEquals("4:0x2000+17 4:0x20F4+15 3:0x0001+1 3:0x0015+2", requests(plan, Pace.FAST));
        refuse(plan, Pace.FAST, 3, "3:0x0015+1");
    }

    @Test
    void keepsViewsOfTheSameRegisterTogether() throws Exception {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        // 0x2000-0x2010 without holes but for 0x200C and 0x200D, then value by value.
        refuse(plan, Pace.FAST, 0, "4:0x2000+12 4:0x200E+3");
        refuse(plan, Pace.FAST, 0, "4:0x2000+1 4:0x2001+2 4:0x2003+2 4:0x2005+2 4:0x2007+2 4:0x2009+2 4:0x200B+1");
        Block errors = plan.of(Pace.FAST).get(4);
        assertEquals(29, errors.slots().size(), "errors 1 and its 28 named bits");
    }

    @Test
    void takesBackWhatWasLeftOut() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        refuse(plan, Pace.SLOW, 1, "4:0x2410+1 4:0x2411+2");
        Block state = plan.of(Pace.SLOW).get(1);
        refuse(plan, Pace.SLOW, 1, "");
        assertEquals("4:0x2185+30 4:0x2411+2 4:0x2420+10", requests(plan, Pace.SLOW));
        plan.restore(state);
        assertEquals("4:0x2185+30 4:0x2411+2 4:0x2420+10 4:0x2410+1", requests(plan, Pace.SLOW));
    }

    @Test
    void aRequestCannotLeaveTheMap() {
        assertThrows(IllegalArgumentException.class, () -> ModbusRequest.read(1, 4, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> ModbusRequest.read(1, 4, 0, 126));
        assertThrows(IllegalArgumentException.class, () -> ModbusRequest.read(1, 4, 0xFFFF, 2));
        assertThrows(IllegalArgumentException.class, () -> ModbusRequest.read(1, 4, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> ModbusRequest.writeMultiple(1, 0));
        assertThrows(IllegalArgumentException.class, () -> ModbusRequest.writeMultiple(1, 0, new int[124]));
        assertEquals(1, ModbusRequest.read(1, 4, 0xFFFF, 1).count());
    }

    private static void refuse(ReadPlan plan, Pace pace, int place, String parts) {
        assertEquals(parts, requests(plan.refused(plan.of(pace).get(place))));
    }

    private static ReadPlan plan(int hole) {
        return ReadPlan.of(32, Setups.standard(), hole);
    }

    private static ReadPlan plan(int hole, String... lines) throws Exception {
        Map<Point, Location> locations = new LinkedHashMap<>(
                LocationLine.parseAll(List.of(lines), RegisterSyntax::parse));
        BoardSetup setup = Setups.locations(locations);
        return ReadPlan.of(32, setup, hole);
    }

    private static String requests(ReadPlan plan, Pace pace) {
        return requests(plan.of(pace));
    }

    private static String requests(List<Block> blocks) {
        return blocks.stream().map(Block::request)
                .map(request -> String.format("%d:0x%04X+%d", request.function(), request.address(), request.count()))
                .collect(Collectors.joining(" "));
    }
}
