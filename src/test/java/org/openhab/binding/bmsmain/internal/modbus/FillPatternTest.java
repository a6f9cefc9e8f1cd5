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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A restarting board, or a communication board without its controller, responds with registers that all contain one
 * word. None of these values is published. Earlier values keep their lifetime of 5 s, and everything is read again
 * as soon as the board responds with its own registers.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class FillPatternTest {

    /** -12.5 A, 21.5 degC, 40 %, signals, 55.5 %, 4 boards, limits, 280 Ah. */
    private static final Map<Integer, String> HEALTHY = Map.of(0x0000, "02 01 04 07 00 02 01 00 00 01", 0x1000,
            "01 03 10 24 00 30", 0x2000, "00 02 00 00 C1 48 00 00 41 AC 00 00 42 20 00 00 00 00 00 60 03 C0 00 01",
            0x200E, "00 00 00 00 00 01", 0x20F4, "00 04", 0x2100, "00 00 42 5E 00 04", 0x2185, "00 00 40 20", 0x218E,
            "99 9A 40 19 00 00 40 20 99 9A 40 19 00 00 40 20", 0x219F, "00 00 42 C8 00 00 43 48", 0x2410,
            "00 06 00 4D 00 00");
    private static final Map<Integer, String> CAPACITY = Map.of(0x2420,
            "00 00 43 8C 99 9A 42 69 33 33 42 33 00 00 43 0C 00 00 43 8C");

    private final LeapTicker ticker = new LeapTicker();
    private final ScriptedClient client = new ScriptedClient(ticker);
    private final List<BoardReport> reports = new ArrayList<>();
    private final Map<Integer, Integer> healthy = new HashMap<>();
    private ModbusBoard board = board(null, false);

    FillPatternTest() {
        for (int address : new int[] { 0, 1, 2, 3, 4, 0x1000, 0x1001, 0x1002 }) {
            client.registers.put(4 << 16 | address, 0);
        }
        for (int address = 0x2000; address < 0x2430; address++) {
            client.registers.put(4 << 16 | address, 0);
        }
        HEALTHY.forEach(client::input);
        CAPACITY.forEach(client::input);
        healthy.putAll(client.registers);
    }

    private ModbusBoard board(@Nullable WordOrder order, boolean network) {
        return new ModbusBoard(
                new ModbusSettings(32, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMillis(500), order),
                Setups.standard(), ReadPlan.of(32, Setups.POINTS, Setups.standard(),
                        network ? ReadPlan.NETWORK_HOLE : ReadPlan.SERIAL_HOLE),
                reports::add, ticker);
    }

    /** The pattern with any word: it is never published, before, within and after good responses. */
    @ParameterizedTest
    @ValueSource(ints = { 0x0000, 0xFFFF, 0x8000, 0x7FFF, 0x5555, 0xAAAA, 0xDEAD, 0xCCCC, 0xA5A5, 0x0001, 0x0100,
            0x3F80, 0x4242, 0x00FF })
    void isNeverShown(int word) {
        run(3);
        Map<Point, String> truth = values(snapshot());
        assertEquals("online", states());
        fill(word);
        run(10);
        assertEquals("online FILLED", states());
        assertEquals(String.format("%04X", word), detail());
        heal();
        run(2);
        assertEquals("online FILLED online", states());
        assertEquals(truth, values(snapshot()), "all of it, also what is read seldom");
        assertEquals("little", snapshot().text(Catalogue.WORD_ORDER));
        reports.forEach(report -> assertRight(truth, report.snapshot()));
    }

    /** At the first connect nothing is known, and all values must be read without the pattern. */
    @ParameterizedTest
    @ValueSource(ints = { 0x0000, 0xFFFF, 0x8000, 0x7FFF, 0x5555 })
    void isNeverShownAtTheFirstConnect(int word) {
        fill(word);
        run(20);
        assertEquals("FILLED", states());
        assertEquals(1, reports.size());
        heal();
        run(2);
        assertEquals("FILLED online", states());
        assertEquals(55.5, snapshot().number(Catalogue.STATE_OF_CHARGE));
        assertEquals("2.4.7", snapshot().text(Catalogue.FIRMWARE_VERSION));
        assertEquals("little", snapshot().text(Catalogue.WORD_ORDER), "the pattern said nothing about it");
    }

    /** The pattern begins and ends anywhere in a cycle, with both kinds of read plans. */
    @ParameterizedTest
    @CsvSource({ "0000,false", "0000,true", "FFFF,false", "FFFF,true", "8000,false", "5555,true" })
    void isNotShownWhereverItBeginsAndEnds(String pattern, boolean holes) throws Exception {
        int word = Integer.parseInt(pattern, 16);
        if (holes) {
            client.withoutInput(0x20F5, 0x20FF);
            client.withoutInput(0x2187, 0x218D);
            client.withoutInput(0x2196, 0x219E);
            healthy.keySet().retainAll(client.registers.keySet());
        }
        for (int begin = 0; begin < 12; begin++) {
            // For a block of one register, only other blocks reveal the pattern.
            for (int length = holes ? 3 : 1; length < 14; length++) {
                heal();
                reports.clear();
                board = board(null, false);
                run(3);
                Map<Point, String> truth = values(snapshot());
                ticker.pass(27 * LeapTicker.SECOND); // slow values are due
                serve(begin);
                fill(word);
                int from = client.requests.size();
                serve(length);
                heal();
                run(4);
                String what = begin + " good, then " + length + " filled: "
                        + client.requests.subList(from, from + length);
                for (BoardReport report : reports) {
                    assertRight(truth, report.snapshot(), what);
                }
                assertEquals(truth, values(snapshot()), begin + " " + length);
            }
        }
    }

    /** Two patterns with good responses between them. Each lasts at least two responses, and may end with any. */
    @ParameterizedTest
    @ValueSource(ints = { 0x0000, 0x7FFF })
    void isNotShownWhenItComesAgain(int word) {
        for (int first = 2; first < 14; first++) {
            for (int good = 1; good < 12; good++) {
                for (int second = 2; second < 6; second++) {
                    heal();
                    reports.clear();
                    board = board(null, false);
                    run(3);
                    Map<Point, String> truth = values(snapshot());
                    run(27); // slow values are due
                    int from = client.requests.size();
                    fill(word);
                    serve(first);
                    heal();
                    serve(good);
                    fill(0);
                    serve(second);
                    heal();
                    run(4);
                    String what = first + " filled, " + good + " good, " + second + " filled: "
                            + client.requests.subList(from, from + first + good + second);
                    reports.forEach(report -> assertRight(truth, report.snapshot(), what));
                }
            }
        }
    }

    /** The nightly restart of a communication board: two patterns, one after the other. */
    @Test
    void oneAfterTheOther() {
        run(6);
        Map<Point, String> truth = values(snapshot());
        fill(0xFFFF);
        run(1);
        fill(0);
        run(11);
        heal();
        client.input(0x0001, "05 00 00 02"); // firmware 2.5.0 since then
        run(2);
        reports.subList(0, reports.size() - 2).forEach(report -> assertRight(truth, report.snapshot()));
        assertEquals("2.5.0", snapshot().text(Catalogue.FIRMWARE_VERSION));
        assertTrue(snapshot().number(Catalogue.REJECTED_VALUES) >= 10);
        assertEquals(0, snapshot().number(Catalogue.FAILED_REQUESTS), "the link was in order");
    }

    /** Only the values that are read once were filled: they must not wait for the next connect. */
    @Test
    void whatIsReadOnceIsReadAgain() {
        client.input(0x0000, "FF FF FF FF FF FF FF FF FF FF");
        run(3);
        assertNull(snapshot().text(Catalogue.FIRMWARE_VERSION));
        assertEquals(55.5, snapshot().number(Catalogue.STATE_OF_CHARGE));
        heal();
        run(2);
        assertEquals("2.4.7", snapshot().text(Catalogue.FIRMWARE_VERSION));
        client.requests.clear();
        run(5);
        assertEquals(5 * 2, client.requests.size(), "and no more then");
    }

    /**
     * A capacity that was never set stays unknown, as do the values in the same block. Other values are not
     * affected for long.
     */
    @Test
    void oneBlockThatIsAlwaysFilledDoesNotKeepTheBoardAway() {
        client.input(0x2420, "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
        run(100);
        assertEquals("online", states());
        assertFalse(snapshot().isKnown(Catalogue.NOMINAL_CAPACITY));
        assertFalse(snapshot().isKnown(Catalogue.MAX_CHARGE_VOLTAGE));
        assertEquals(55.5, snapshot().number(Catalogue.STATE_OF_CHARGE));
        assertEquals(100, snapshot().number(Catalogue.CHARGE_CURRENT_LIMIT));
        client.requests.clear();
        run(30);
        assertEquals(30 * 2 + 3, client.requests.size(), "what it costs a board without such a block");
    }

    /** Zero everywhere is valid for a board at rest: no current, no signal, no fault. */
    @Test
    void aBoardAtRestIsNoPattern() {
        for (int address = 0x2000; address <= 0x2010; address++) {
            client.registers.put(4 << 16 | address, 0);
        }
        client.input(0x20F4, "00 00");
        client.input(0x2100, "00 00 00 00 00 01");
        run(3);
        assertEquals(0, snapshot().number(Catalogue.CURRENT));
        assertEquals(0, snapshot().number(Catalogue.STATE_OF_CHARGE));
        assertEquals(0, snapshot().number(Catalogue.EXTERNAL_TEMPERATURE));
        assertEquals(0, snapshot().number(Catalogue.ALARM));
        assertEquals(0, snapshot().number(Catalogue.REJECTED_VALUES));
        client.requests.clear();
        run(60);
        assertEquals(60 * 2 + 2 * 3, client.requests.size(), "it costs nothing");
        assertEquals("online", states());
    }

    /** The board comes to rest, and leaves it. */
    @Test
    void aBoardThatComesToRestIsShown() {
        run(3);
        for (int address = 0x2000; address <= 0x2010; address++) {
            client.registers.put(4 << 16 | address, 0);
        }
        client.requests.clear();
        run(1);
        assertEquals(0, snapshot().number(Catalogue.CURRENT));
        assertEquals(0, snapshot().number(Catalogue.CHARGER_CONNECTED));
        assertEquals(List.of("4:0x2000+17", "4:0x20F4+15", "4:0x2000+17"), client.requests, "asked twice, once");
        client.requests.clear();
        run(2);
        assertEquals(4, client.requests.size());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            one reserved bit of errors 1            | 0x2007 | 00 00 80 00                   | faults#errors-1 | 0x80000000
            the other one                           | 0x2007 | 00 01 40 00                   | faults#errors-1 | 0x40000001
            both of them                            | 0x2007 | 00 01 C0 00                   | faults#errors-1 | 0xC0000001
            a reserved bit of errors 2              | 0x200E | 00 00 80 00                   | faults#errors-2 | 0x80000000
            all but one of errors 2                 | 0x200E | FF FF FF F8                   | faults#errors-2 | 0xFFF8FFFF
            a reserved internal signal              | 0x2009 | 00 60 13 C0                   | battery#current | -12.5
            reserved outputs                        | 0x200B | 7F F0                         | battery#current | -12.5
            reserved input signals                  | 0x20F4 | 7F C4                         | battery#state-of-charge | 55.5
            all input signals                       | 0x2000 | FF FF                         | battery#current | -12.5
            no current                              | 0x2001 | 00 00 00 00                   | sensors#humidity | 40
            an absent temperature sensor            | 0x2003 | FF FF FF FF                   | battery#current | -12.5
            two absent sensors                      | 0x2003 | FF FF FF FF FF FF FF FF       | battery#current | -12.5
            no sensor at all                        | 0x2001 | 00 00 7F C0 00 00 7F C0 00 00 7F C0 | faults#errors-1 | 0
            nothing that a word of one kind says    | 0x2001 | 00 00 41 20 00 00 41 20 00 00 41 20 | battery#current | 10
            an empty battery                        | 0x2100 | 00 00 00 00                   | logic#board-count | 4
            more boards than there can be           | 0x2102 | 00 18                         | battery#state-of-charge | 55.5
            no hardware version                     | 0x0000 | 00 00                         | battery#current | -12.5
            current sensors that are absent         | 0x218E | FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF | battery#charge-current-limit | 100
            no clock                                | 0x1000 | FF FF FF FF FF FF             | battery#current | -12.5
            a clock that was never set              | 0x1000 | 00 00 00 00 00 00             | battery#current | -12.5
            """)
    void isNoPattern(String what, String address, String words, String shown, String value) {
        client.input(Integer.decode(address), words);
        run(3);
        double expected = value.startsWith("0x") ? Long.decode(value) : Double.parseDouble(value);
        assertEquals(expected, snapshot().number(Objects.requireNonNull(Catalogue.byId(shown))), what);
        client.requests.clear();
        run(60);
        assertEquals(60 * 2 + 2 * 3, client.requests.size(), "nothing is asked again: " + what);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a subnormal current               | 0x2001 | 00 4D 00 00             | battery#discharging
            a negative one                    | 0x2003 | 80 00 80 00             | battery#current
            all reserved bits of errors 2     | 0x200E | 00 00 FF FC             | battery#current
            errors 1 filled                   | 0x2007 | FF FF FF FF             | battery#current
            up to the half of errors 1        | 0x2003 | FF FF FF FF FF FF FF FF FF FF | battery#current
            all reserved internal signals     | 0x2009 | 00 60 F3 C0             | battery#current
            all reserved outputs              | 0x200B | FF F0                   | battery#current
            all reserved input signals        | 0x20F4 | FF C0                   | input-signals#fuse-2
            no BMS Logic board                | 0x2102 | 00 00                   | battery#state-of-charge
            no firmware version               | 0x0001 | 00 00 00 00             | hardwareVersion
            no capacity                       | 0x2420 | 00 00 00 00             | battery#max-charge-voltage
            a capacity that is no number      | 0x2420 | FF FF FF FF             | battery#max-charge-voltage
            a negative capacity               | 0x2420 | 00 00 C3 8C             | battery#max-charge-voltage
            limits filled                     | 0x219F | 7F FF 7F FF 7F FF 7F FF | sensors#current-sensor-voltage
            sensors filled with a number      | 0x218E | 3F 80 3F 80 3F 80 3F 80 3F 80 3F 80 3F 80 3F 80 | sensors#current-sensor-voltage
            state and time filled             | 0x2410 | 00 11 00 11 00 11       | battery#state
            filled with two words             | 0x2001 | DE AD BE EF DE AD BE EF DE AD BE EF DE AD BE EF DE AD BE EF | battery#discharging
            """)
    void isAPatternThatTakesTheWholeAnswer(String what, String address, String words, String lost) {
        run(2);
        Map<Point, String> truth = values(snapshot());
        long rejected = (long) snapshot().number(Catalogue.REJECTED_VALUES);
        client.input(Integer.decode(address), words);
        Point point = Objects.requireNonNull(Catalogue.byId(lost));
        // Fast values are valid for 5 s, slow ones for 90 s; values read once are read again with a new connection.
        if (point.equals(Catalogue.HARDWARE_VERSION)) {
            board = board(null, false);
        }
        run(130);
        assertFalse(snapshot().isKnown(point), what);
        assertTrue(snapshot().number(Catalogue.REJECTED_VALUES) > rejected);
        reports.forEach(report -> assertRight(truth, report.snapshot()));
        heal();
        run(31);
        assertEquals(truth, values(snapshot()));
    }

    /** The user configured the wrong word order: this is detected from the values, and must not count as a pattern. */
    @Test
    void aWrongWordOrderIsNoPattern() {
        board = board(WordOrder.BIG, false);
        run(3);
        assertEquals("online", states());
        assertFalse(snapshot().isKnown(Catalogue.STATE_OF_CHARGE), "and no trace of nothing either");
        assertEquals(4, snapshot().number(Catalogue.BOARD_COUNT));
    }

    /** While the board reports that it initialises, its zeros are valid. */
    @Test
    void aBoardThatInitialisesMayReportZeros() {
        board = board(WordOrder.LITTLE, false);
        for (int address = 0x2000; address < 0x2430; address++) {
            client.registers.put(4 << 16 | address, 0);
        }
        client.input(0x2009, "08 00 00 00");
        run(10);
        assertEquals("online", states());
        assertTrue(snapshot().isSet(Catalogue.INITIALISATION));
        assertFalse(snapshot().isKnown(Catalogue.BOARD_COUNT));
        assertEquals(0, snapshot().number(Catalogue.REJECTED_VALUES));
        heal();
        run(3);
        assertEquals(4, snapshot().number(Catalogue.BOARD_COUNT));
        assertEquals(280, snapshot().number(Catalogue.NOMINAL_CAPACITY));
    }

    private void fill(int word) {
        client.registers.replaceAll((address, old) -> word);
    }

    private void heal() {
        client.registers.putAll(healthy);
    }

    /** Does the work of the bus thread. */
    private void run(int seconds) {
        long until = ticker.nanos() + seconds * LeapTicker.SECOND;
        while (until - ticker.nanos() > 0) {
            long next = board.due() - board.deadline() < 0 ? board.due() : board.deadline();
            ticker.parkUntil(until - next < 0 ? until : next);
            step();
        }
        // Completes the current cycle.
        while (board.due() - ticker.nanos() <= 0) {
            step();
        }
    }

    private void step() {
        if (board.due() - ticker.nanos() <= 0) {
            try {
                board.serve(client);
            } catch (LinkException e) {
                throw new AssertionError(e);
            }
        }
        if (board.deadline() - ticker.nanos() <= 0) {
            board.watch(ticker.nanos());
        }
    }

    /** Executes this number of requests. */
    private void serve(int requests) {
        int end = client.requests.size() + requests;
        while (client.requests.size() < end) {
            ticker.parkUntil(board.due());
            step();
        }
    }

    private BoardSnapshot snapshot() {
        return reports.get(reports.size() - 1).snapshot();
    }

    private String states() {
        List<String> states = new ArrayList<>();
        for (BoardReport report : reports) {
            Failure failure = report.failure();
            String state = failure == null ? "online" : failure.cause().name();
            if (states.isEmpty() || !states.get(states.size() - 1).equals(state)) {
                states.add(state);
            }
        }
        return String.join(" ", states);
    }

    private String detail() {
        Failure failure = reports.get(reports.size() - 1).failure();
        return failure != null && failure.cause() == FailureCause.FILLED ? failure.detail() : "";
    }

    /** The published values of the board itself. */
    private static Map<Point, String> values(BoardSnapshot snapshot) {
        Map<Point, String> values = new HashMap<>();
        for (Point point : Catalogue.all()) {
            if (snapshot.isKnown(point) && point.origin() != Origin.LINK && point.origin() != Origin.JOURNAL) {
                values.put(point, snapshot.number(point) + " " + snapshot.text(point));
            }
        }
        return values;
    }

    private static void assertRight(Map<Point, String> truth, BoardSnapshot snapshot) {
        assertRight(truth, snapshot, "");
    }

    private static void assertRight(Map<Point, String> truth, BoardSnapshot snapshot, String what) {
        values(snapshot).forEach((point, value) -> assertEquals(truth.get(point), value, point.id() + " " + what));
    }
}
