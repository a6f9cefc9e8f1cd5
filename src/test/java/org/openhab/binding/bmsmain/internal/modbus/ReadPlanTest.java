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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Points;
import org.openhab.binding.bmsmain.internal.board.PollClass;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;

/**
 * The requests in which the board is read. A request is written as function, first register and number of registers.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ReadPlanTest {

    private static final long SECOND = LeapTicker.SECOND;

    /** These tests have registers of their own, so that additions to the catalogue do not affect them. */
    private static final List<Point> POINTS = Points.map("""
            ONCE 0x0000 VERSION2
            ONCE 0x0001 VERSION4
            ONCE 0x0003 VERSION4
            ONCE 0x1000 CLOCK
            FAST 0x2000 U16*16
            FAST 0x2001 REAL32
            FAST 0x2003 REAL32
            FAST 0x2005 REAL32
            FAST 0x2007 U32*28
            FAST 0x2009 U32*28
            FAST 0x200B U16*4
            FAST 0x200E U32*10
            FAST 0x2010 U16
            FAST 0x20F4 U16*6
            FAST 0x2100 REAL32 test#charge
            FAST 0x2102 U16 test#count
            SLOW 0x2185 REAL32
            SLOW 0x218E REAL32
            SLOW 0x2190 REAL32
            SLOW 0x2192 REAL32
            SLOW 0x2194 REAL32
            SLOW 0x219F REAL32
            SLOW 0x21A1 REAL32
            SLOW 0x2410 U16
            SLOW 0x2411 U32
            SLOW 0x2420 REAL32
            SLOW 0x2422 REAL32
            SLOW 0x2424 REAL32
            SLOW 0x2426 REAL32
            SLOW 0x2428 REAL32
            FAST - - test#volts
            FAST - - test#watts
            FAST - - test#low
            FAST - - test#high
            FAST - BIT test#flag-1
            FAST - BIT test#flag-2
            SLOW - - test#slow-1
            SLOW - - test#slow-2
            """);

    /** A device without a limit of registers. */
    private final DeviceProfile device = new DeviceProfile();

    @BeforeEach
    void odd() {
        device.gave(1);
    }

    /** Two requests for the fast values: the register map has a hole of 227 registers between them. */
    @Test
    void readsThePublicMapOverASerialLine() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        assertEquals("4:0x0000+5 4:0x1000+3", requests(plan, PollClass.ONCE));
        assertEquals("4:0x2000+17 4:0x20F4+15", requests(plan, PollClass.FAST));
        assertEquals("4:0x2185+30 4:0x2410+3 4:0x2420+10", requests(plan, PollClass.SLOW));
    }

    @Test
    void readsThePublicMapOverANetworkInFewerRequests() {
        ReadPlan plan = plan(ReadPlan.NETWORK_HOLE);
        assertEquals("4:0x0000+5 4:0x1000+3", requests(plan, PollClass.ONCE));
        assertEquals("4:0x2000+17 4:0x20F4+15", requests(plan, PollClass.FAST));
        assertEquals("4:0x2185+30 4:0x2410+26", requests(plan, PollClass.SLOW));
    }

    @Test
    void readsEveryValueOnce() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        List<String> read = new ArrayList<>();
        for (ReadBlock block : plan.all()) {
            for (RegisterMapping mapping : block.mappings()) {
                read.add(mapping.point().id());
                assertTrue(mapping.location().address() >= block.request().address(), mapping.point().id());
                assertTrue(mapping.location().end() <= block.request().address() + block.request().count(),
                        mapping.point().id());
            }
        }
        List<String> readable = POINTS.stream().filter(point -> point.register() != null).map(Point::id).sorted()
                .toList();
        assertEquals(readable, read.stream().sorted().toList());
    }

    /** Configuration lines of the user, and the resulting fast requests. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # joined; the neighbour has 17 registers, so one more is read along
            test#volts = input:0x2103:REAL32                                           | 4:0x2000+17 4:0x20F4+18
            # joined over a hole of twelve registers, but not over one of thirteen
            test#volts = input:0x210F:U16                                              | 4:0x2000+17 4:0x20F4+28
            test#volts = input:0x2110:U16                                              | 4:0x2000+17 4:0x20F4+15 4:0x2110+1
            # inside of what is read anyway
            test#volts = input:0x2100:U16:0.1                                          | 4:0x2000+17 4:0x20F4+15
            test#flag-1 = input:0x200C.0; test#flag-2 = input:0x200C.1                | 4:0x2000+17 4:0x20F4+15
            # the other table
            test#volts = holding:0x2103:REAL32                                         | 4:0x2000+17 4:0x20F4+15 3:0x2103+2
            # another place for a value of the catalogue takes the old one out
            test#count = input:0x0100:U16                                            | 4:0x0100+1 4:0x2000+17 4:0x20F4+14
            # three neighbours of one register
            test#volts = holding:1:U16; test#low = holding:21:U16; test#high = holding:41:U16 | 4:0x2000+17 4:0x20F4+15 3:0x0001+1 3:0x0015+2 3:0x0029+1
            # no room behind the last register
            test#volts = holding:65520:U16; test#watts = holding:65535:U16          | 4:0x2000+17 4:0x20F4+15 3:0xFFF0+1 3:0xFFFF+1
            """)
    void joinsLinesOfTheUser(String lines, String requests) throws Exception {
        assertEquals(requests, requests(plan(ReadPlan.SERIAL_HOLE, lines.split(";")), PollClass.FAST));
    }

    /** 0x20F4..0x2171 are 126 registers: one more than a response can carry. */
    @ParameterizedTest
    @CsvSource({ "0x216F, 4:0x2000+17 4:0x20F4+125", "0x2170, 4:0x2000+17 4:0x20F4+17 4:0x2170+2" })
    void neverReadsMoreThanAnAnswerCanCarry(String address, String requests) throws Exception {
        ReadPlan plan = plan(ReadPlan.NETWORK_HOLE, "test#volts = input:0x2103:REAL32",
                "test#low = input:" + address + ":REAL32");
        assertEquals(requests.replace("0x20F4+17", "0x20F4+18"), requests(plan, PollClass.FAST));
    }

    @Test
    void readsCustomChannelsWithWhatIsFast() {
        Point words = Point.custom(Catalogue.size(), "serial-number", Kind.TEXT,
                new RegisterLocation(Table.HOLDING, 0x3000, WireType.CHARACTERS, Location.NO_BIT, 1, 125));
        Point number = Point.custom(Catalogue.size() + 1, "number", Kind.COUNT,
                RegisterLocation.input(0x2012, WireType.U16));
        ReadPlan plan = ReadPlan.of(32, POINTS, Setups.customPoints(words, number), ReadPlan.SERIAL_HOLE);
        assertEquals("4:0x2000+19 4:0x20F4+15 3:0x3000+125", requests(plan, PollClass.FAST));
    }

    /** In the order of a cycle: once, fast, slow, and fast again, with and without slow values. */
    @Test
    void neighboursDifferInLength() throws Exception {
        List<List<String>> setups = List.of(List.of(), List.of("test#volts = input:0x2103:REAL32"),
                List.of("test#volts = holding:0:U16", "test#watts = holding:100:U16"),
                List.of("test#slow-1 = holding:0:U16", "test#slow-2 = holding:100:U16"));
        for (List<String> lines : setups) {
            for (int hole : new int[] { ReadPlan.SERIAL_HOLE, ReadPlan.NETWORK_HOLE }) {
                ReadPlan plan = plan(hole, lines.toArray(String[]::new));
                List<ReadBlock> cycle = new ArrayList<>(plan.of(PollClass.ONCE));
                cycle.addAll(plan.of(PollClass.FAST));
                cycle.addAll(plan.of(PollClass.SLOW));
                cycle.addAll(plan.of(PollClass.FAST));
                cycle.addAll(plan.of(PollClass.FAST));
                for (int i = 1; i < cycle.size(); i++) {
                    assertNotEquals(cycle.get(i - 1).request().count(), cycle.get(i).request().count(),
                            cycle.get(i - 1) + " and " + cycle.get(i));
                }
            }
        }
    }

    /** After a rejection, exact ranges are read, then halves, then nothing. */
    @Test
    void readsWhatWasRefusedInSmallerParts() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        refuse(plan, PollClass.FAST, 1, "4:0x20F4+1 4:0x2100+3");
        assertEquals("4:0x2000+17 4:0x20F4+1 4:0x2100+3", requests(plan, PollClass.FAST));
        refuse(plan, PollClass.FAST, 2, "4:0x2100+2 4:0x2102+1");
        refuse(plan, PollClass.FAST, 2, "");
        assertEquals("4:0x2000+17 4:0x20F4+1 4:0x2102+1", requests(plan, PollClass.FAST));
    }

    @Test
    void readsTheExactRangeWhereTheRegisterReadAlongWasRefused() throws Exception {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE, "test#volts = input:0x2103:REAL32");
        refuse(plan, PollClass.FAST, 1, "4:0x20F4+1 4:0x2100+5");
        plan = plan(ReadPlan.SERIAL_HOLE, "test#volts = holding:1:U16", "test#watts = holding:21:U16");
        assertEquals("4:0x2000+17 4:0x20F4+15 3:0x0001+1 3:0x0015+2", requests(plan, PollClass.FAST));
        refuse(plan, PollClass.FAST, 3, "3:0x0015+1");
    }

    @Test
    void keepsViewsOfTheSameRegisterTogether() throws Exception {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        // 0x2000-0x2010 without holes but for 0x200C and 0x200D, then in halves.
        refuse(plan, PollClass.FAST, 0, "4:0x2000+12 4:0x200E+3");
        refuse(plan, PollClass.FAST, 0, "4:0x2000+5 4:0x2005+7");
        refuse(plan, PollClass.FAST, 1, "4:0x2005+4 4:0x2009+3");
        refuse(plan, PollClass.FAST, 1, "4:0x2005+2 4:0x2007+2");
        ReadBlock errors = plan.of(PollClass.FAST).get(2);
        assertEquals("4:0x2007+2", requests(List.of(errors)));
        assertEquals(29, errors.mappings().size(), "errors 1 and its 28 named bits");
    }

    /**
     * A block that was never answered is requested again while the device may be starting, and later in case of
     * new firmware.
     */
    @Test
    void asksAgainForWhatWasLeftOut() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        refuse(plan, PollClass.SLOW, 1, "4:0x2410+1 4:0x2411+2");
        refuse(plan, PollClass.SLOW, 1, "");
        assertEquals("4:0x2185+30 4:0x2411+2 4:0x2420+10", requests(plan, PollClass.SLOW));
        assertEquals("0x2410", plan.missing());
        assertEquals(List.of(2L, 6L, 14L, 30L, 62L, 662L, 1262L), attempts(plan, 1300));
        ReadBlock state = plan.attempts(2000 * SECOND).get(0);
        assertEquals("4:0x2410+1", requests(List.of(state)));
        // As soon as a part is answered again, the whole block may be.
        ReadBlock whole = plan.givenAgain(state);
        assertEquals("4:0x2185+30 4:0x2411+2 4:0x2420+10 4:0x2410+1", requests(plan, PollClass.SLOW));
        assertEquals("4:0x2410+3", requests(whole == null ? List.of() : List.of(whole)));
        assertNull(whole == null ? state : plan.givenAgain(whole));
        assertEquals("4:0x2185+30 4:0x2410+3 4:0x2420+10", requests(plan, PollClass.SLOW));
        assertEquals("", plan.missing());
        assertEquals(List.of(), plan.attempts(4000 * SECOND));
    }

    /** A block without a response costs a timeout each time, so it is rarely requested. */
    @Test
    void asksSeldomForWhatTheDeviceIsSilentAbout() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        ReadBlock block = plan.of(PollClass.SLOW).get(1);
        plan.split(plan.split(block, true, device, 0).get(0), true, device, 0);
        assertEquals(List.of(600L, 1200L), attempts(plan, 1300));
    }

    /** A block that was answered before is soon complete after the device answers it again. */
    @Test
    void asksSoonForWhatWasGivenBefore() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        ReadBlock block = plan.of(PollClass.FAST).get(1);
        plan.given(block, device, 0);
        plan.split(plan.split(block, false, device, 0).get(1), false, device, 0)
                .forEach(part -> plan.split(part, false, device, 0));
        assertEquals("4:0x2000+17 4:0x20F4+1", requests(plan, PollClass.FAST));
        assertEquals("0x2100-0x2101, 0x2102", plan.missing());
        assertTrue(plan.isMissing(Points.byId(POINTS, "test#charge")));
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 8L, 12L, 20L, 35L, 50L, 65L), attempts(plan, 70));
        ReadBlock whole = plan.attempts(100 * SECOND).get(0);
        if (!block.equals(whole)) {
            plan.notGivenAgain(whole, 100 * SECOND);
            whole = plan.attempts(200 * SECOND).get(0);
        }
        assertSame(block, whole, "the whole and its parts in turn");
        assertNull(plan.givenAgain(block));
        assertEquals("4:0x2000+17 4:0x20F4+15", requests(plan, PollClass.FAST));
        assertFalse(plan.isMissing(Points.byId(POINTS, "test#charge")));
    }

    /** The seconds at which a block that is never answered is requested again, in cycles of one second. */
    private static List<Long> attempts(ReadPlan plan, long seconds) {
        List<Long> moments = new ArrayList<>();
        for (long second = 0; second <= seconds; second++) {
            long now = second * SECOND;
            List<ReadBlock> attempts = plan.attempts(now);
            if (!attempts.isEmpty()) {
                moments.add(second);
                attempts.forEach(block -> plan.notGivenAgain(block, now));
            }
        }
        return moments;
    }

    /** A missing response for one hole excludes all holes that are not known to be answered. */
    @Test
    void avoidsHolesThatAreNotKnownToBeGiven() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        plan.given(plan.of(PollClass.FAST).get(0), device, 0);
        plan.split(plan.of(PollClass.FAST).get(1), true, device, 0);
        plan.avoidHoles(device, 0);
        assertEquals("4:0x2000+17 4:0x20F4+1 4:0x2100+3", requests(plan, PollClass.FAST));
        assertEquals("4:0x2185+2 4:0x218E+8 4:0x219F+4 4:0x2410+3 4:0x2420+10", requests(plan, PollClass.SLOW));
        assertEquals(List.of(), plan.attempts(10_000 * SECOND), "nothing is missing");
        plan.forgetRefusals();
        assertEquals("4:0x2000+17 4:0x20F4+1 4:0x2100+3", requests(plan, PollClass.FAST), "it was no refusal");
        plan.reset();
        assertEquals("4:0x2000+17 4:0x20F4+15", requests(plan, PollClass.FAST));
    }

    /** If both halves of a long block are answered, no block of that length is requested any more. */
    @Test
    void learnsHowManyRegistersTheDeviceGives() {
        ReadPlan plan = plan(ReadPlan.NETWORK_HOLE);
        List<ReadBlock> ranges = plan.split(plan.of(PollClass.FAST).get(0), true, device, 0);
        List<ReadBlock> halves = plan.split(ranges.get(0), true, device, 0);
        for (ReadBlock given : List.of(ranges.get(1), halves.get(0))) {
            device.gave(given.request().count());
            assertFalse(plan.given(given, device, 0));
            assertFalse(device.hasReadLimit());
        }
        device.gave(7);
        assertTrue(plan.given(halves.get(1), device, 0));
        assertEquals(12, device.tooLong());
        assertEquals(7, device.readLimit());
        assertEquals("4:0x2000+5 4:0x2005+7 4:0x200E+3 4:0x20F4+1 4:0x2100+3", requests(plan, PollClass.FAST));
        assertEquals("4:0x2185+2 4:0x218E+6 4:0x2194+2 4:0x219F+4 4:0x2410+3 4:0x2420+6 4:0x2426+4",
                requests(plan, PollClass.SLOW));
        device.gave(12);
        assertFalse(device.hasReadLimit(), "it was not the length");
    }

    /**
     * One register is added at the end, or at the beginning if there is none at the end; from then on to all requests.
     */
    @Test
    void learnsThatTheDeviceGivesEvenNumbersOnly() {
        ReadPlan plan = plan(ReadPlan.SERIAL_HOLE);
        DeviceProfile even = new DeviceProfile();
        even.gave(30);
        List<ReadBlock> behind = plan.split(plan.of(PollClass.FAST).get(0), true, even, 0);
        assertEquals("4:0x2000+18", requests(behind));
        List<ReadBlock> before = plan.split(behind.get(0), true, even, 0);
        assertEquals("4:0x1FFF+18", requests(before));
        assertTrue(plan.given(before.get(0), even, 0));
        assertTrue(even.givesOnlyEvenCounts());
        assertEquals("4:0x1FFF+18 4:0x20F4+16", requests(plan, PollClass.FAST));
        assertEquals("4:0x0000+6 4:0x1000+4", requests(plan, PollClass.ONCE));
        ReadBlock versions = plan.of(PollClass.ONCE).get(0);
        // There is no register before the first one, so its parts are requested with their neighbours.
        assertEquals("4:0x0000+4 4:0x0003+2", requests(plan.split(versions, true, even, 0)));
        even.gave(3);
        assertFalse(even.givesOnlyEvenCounts());
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

    private void refuse(ReadPlan plan, PollClass pollClass, int place, String parts) {
        assertEquals(parts, requests(plan.split(plan.of(pollClass).get(place), false, device, 0)));
    }

    private static ReadPlan plan(int hole, String... lines) throws LocationException {
        Map<Point, Location> locations = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.strip().split(" = ");
            Point point = Points.byId(POINTS, parts[0]);
            locations.put(point, RegisterSyntax.parse(point, parts[1].strip()));
        }
        return ReadPlan.of(32, POINTS, Setups.locations(locations), hole);
    }

    private static ReadPlan plan(int hole) {
        return ReadPlan.of(32, POINTS, Setups.standard(), hole);
    }

    private static String requests(ReadPlan plan, PollClass pollClass) {
        return requests(plan.of(pollClass));
    }

    private static String requests(List<ReadBlock> blocks) {
        return blocks.stream().map(ReadBlock::request)
                .map(request -> String.format("%d:0x%04X+%d", request.function(), request.address(), request.count()))
                .collect(Collectors.joining(" "));
    }
}
