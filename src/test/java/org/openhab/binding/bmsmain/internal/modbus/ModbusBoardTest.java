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
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Requests to a board, their times, and the published values: refresh 1 s, slow refresh 30 s, lifetimes 5 s and 90 s.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ModbusBoardTest {

    private static final List<String> ONCE = List.of("4:0x0000+5", "4:0x1000+3");
    private static final List<String> FAST = List.of("4:0x2000+17", "4:0x20F4+15");
    private static final List<String> SLOW = List.of("4:0x2185+30", "4:0x2410+3", "4:0x2420+10");

    private final LeapTicker ticker = new LeapTicker();
    private final ScriptedClient client = new ScriptedClient(ticker);
    private final List<BoardReport> reports = new ArrayList<>();
    private ModbusBoard board = board(WordOrder.LITTLE, Setups.standard());

    ModbusBoardTest() {
        for (int[] range : new int[][] { { 0x0000, 5 }, { 0x1000, 3 }, { 0x2000, 0xCA }, { 0x20F4, 0xB0 },
                { 0x2410, 0x1A } }) {
            for (int i = 0; i < range[1]; i++) {
                client.registers.put(4 << 16 | range[0] + i, 0);
            }
        }
        client.input(0x0000, "02 01 07 01 00 02 0A 63 00 01"); // hardware 2.1, firmware 2.7.1, boot loader 1.10.99
        client.input(0x1000, "11 22 12 26 56 34"); // 22 November 2026, 12:34:56
        client.input(0x2102, "00 02"); // two BMS Logic boards
        client.input(0x2410, "00 06"); // relaxed after discharging
        numbers(WordOrder.LITTLE);
    }

    /** -12.5 A, 45 %, 100 Ah. */
    private void numbers(WordOrder order) {
        boolean little = order == WordOrder.LITTLE;
        client.input(0x2001, little ? "00 00 C1 48" : "C1 48 00 00");
        client.input(0x2100, little ? "00 00 42 34" : "42 34 00 00");
        client.input(0x2420, little ? "00 00 42 C8" : "42 C8 00 00");
    }

    @Test
    void readsEverythingAtConnectAndShowsIt() {
        cycle();
        assertEquals(all(ONCE, FAST, SLOW), asked());
        assertEquals(1, reports.size());
        assertTrue(last().isOnline());
        assertEquals(-12.5, number("battery#current"));
        assertEquals(45, number("battery#state-of-charge"));
        assertEquals(100, number("battery#nominal-capacity"));
        assertEquals("relaxed-after-discharging", text("battery#state"));
        assertEquals("2.1", text("hardwareVersion"));
        assertEquals("2.7.1", text("firmwareVersion"));
        assertEquals("1.10.99", text("bootloaderVersion"));
        assertEquals("2026-11-22T12:34:56", text("deviceClock"));
        assertEquals("little", text("wordOrder"));
        assertEquals(0, number("faults#alarm"));
        assertEquals(7, number("link#requests"));
        assertEquals(0, number("link#failed-requests"));
        assertEquals(2.5, number("link#bus-load"));
    }

    /** Fast values are read each second, on a fixed schedule; slow ones every thirty seconds; versions only once. */
    @Test
    void readsFastAndSlowValuesInTheirIntervals() {
        cycle();
        asked();
        long first = board.due();
        for (int second = 1; second < 100; second++) {
            assertEquals(first + (second - 1) * LeapTicker.SECOND, board.due());
            ticker.parkUntil(board.due());
            cycle();
            assertEquals(second % 30 == 0 ? all(FAST, SLOW) : FAST, asked(), "second " + second);
        }
        assertEquals(100, reports.size());
    }

    @Test
    void aCycleThatTakesLongerThanTheIntervalIsFollowedByTheNext() {
        cycle();
        ticker.parkUntil(board.due());
        ticker.pass(2_500 * LeapTicker.MILLI);
        cycle();
        assertEquals(ticker.nanos(), board.due());
    }

    @Test
    void onlyOneTransactionIsMadeEachTurn() throws Exception {
        for (String request : all(ONCE, FAST, SLOW)) {
            assertEquals(List.of(), reports);
            board.serve(client);
            assertEquals(List.of(request), asked());
        }
        assertEquals(1, reports.size());
    }

    @Test
    void repeatsAFailedRequestOnceAtOnce() {
        cycle();
        asked();
        ticker.parkUntil(board.due());
        client.failures.add(FailureCause.NO_ANSWER);
        fail();
        assertTrue(board.due() - ticker.nanos() <= 0, "at once");
        cycle();
        assertEquals(List.of("4:0x2000+17", "4:0x2000+17", "4:0x20F4+15"), asked());
        assertTrue(last().isOnline());
        assertEquals(2, reports.size());
        assertEquals(1, number("link#failed-requests"));
    }

    /** After two failures the board pauses, so that other devices on the line get their turns. */
    @Test
    void aSecondFailureEndsTheCycleAndLetsTheBoardRest() {
        client.dead = FailureCause.NO_ANSWER;
        fail();
        fail();
        assertEquals(List.of("4:0x0000+5", "4:0x0000+5"), asked());
        assertEquals(1, reports.size());
        assertEquals(FailureCause.NO_ANSWER, cause());
        double nominal = 0.2;
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            double rest = (board.due() - ticker.nanos()) / 1e9;
            assertTrue(rest >= Math.max(0.2, nominal * 0.8) && rest <= Math.min(30, nominal * 1.2), "rests " + rest);
            nominal = Math.min(30, nominal * 2);
            ticker.parkUntil(board.due());
            fail();
            asked.addAll(asked());
            assertEquals(i + 1, asked.size(), "one request and no more");
        }
        // The board may lack the registers of the first request.
        assertEquals(all(all(ONCE, FAST, SLOW).subList(1, 7), all(ONCE, FAST, SLOW).subList(0, 4)), asked);
        assertEquals(1, reports.size(), "the cause is the same");
        client.dead = null;
        ticker.parkUntil(board.due());
        cycle();
        assertTrue(last().isOnline());
        assertEquals(all(all(ONCE, FAST, SLOW).subList(4, 7), all(ONCE, FAST, SLOW).subList(0, 4)), asked());
    }

    @Test
    void tellsEachChangeOfTheCauseOnceWhileItIsOffline() {
        client.dead = FailureCause.NO_ANSWER;
        for (int i = 0; i < 5; i++) {
            fail();
            ticker.parkUntil(board.due());
        }
        client.dead = FailureCause.WRONG_UNIT;
        for (int i = 0; i < 5; i++) {
            fail();
            ticker.parkUntil(board.due());
        }
        board.unavailable(Failure.of(FailureCause.PORT_MISSING));
        board.unavailable(Failure.of(FailureCause.PORT_MISSING));
        assertEquals("NO_ANSWER WRONG_UNIT PORT_MISSING", causes());
    }

    /** Two lost responses in a row do not mean that the board is lost; five seconds without a good one do. */
    @Test
    void isLostAfterFiveSecondsWithoutAGoodAnswer() {
        cycle();
        long lastGood = ticker.nanos();
        client.dead = FailureCause.NO_ANSWER;
        while (ticker.nanos() - lastGood < 3_500 * LeapTicker.MILLI) {
            ticker.parkUntil(board.due());
            fail();
            board.watch(ticker.nanos());
        }
        assertEquals("online", causes());
        assertEquals(lastGood + 5 * LeapTicker.SECOND, board.deadline());
        ticker.parkUntil(board.deadline());
        board.watch(ticker.nanos());
        assertEquals("online NO_ANSWER", causes());
        assertFalse(known("battery#current"));
        assertFalse(known("hardwareVersion"));
    }

    /** The machine was suspended, or the bus was busy with others: no request failed, but the values are old. */
    @Test
    void readsEverythingAgainWhenItsValuesBecameOldWithoutAFailure() throws Exception {
        cycle();
        ticker.parkUntil(board.due());
        board.serve(client);
        ticker.pass(3600 * LeapTicker.SECOND);
        board.watch(ticker.nanos());
        assertEquals("online NO_ANSWER", causes());
        asked();
        cycle();
        assertEquals(all(ONCE, FAST, SLOW), asked());
        assertEquals(100, number("battery#nominal-capacity"));
        assertEquals("2.7.1", text("firmwareVersion"));
    }

    @Test
    void readsTheVersionsAgainWhenTheBoardComesBack() {
        cycle();
        client.dead = FailureCause.NO_ANSWER;
        fail();
        fail();
        client.dead = null;
        client.input(0x0001, "08 01 00 02");
        asked();
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(all(ONCE, FAST, SLOW), asked());
        assertEquals("2.8.1", text("firmwareVersion"));
        assertEquals("online online", causes());
    }

    /** The connection is reopened before the second attempt: it may lead to another firmware. */
    @Test
    void readsTheVersionsAgainAfterTheLineWasOpenedAnew() {
        board.opened(client);
        cycle();
        ticker.parkUntil(board.due());
        client.failures.add(FailureCause.CONNECTION_LOST);
        fail();
        client.input(0x0001, "08 01 00 02");
        board.opened(client);
        asked();
        cycle();
        assertEquals(FAST, asked(), "the cycle is finished first");
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(all(ONCE, FAST, SLOW), asked());
        assertEquals("2.8.1", text("firmwareVersion"));
        assertEquals(1, number("link#reconnects"));
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(FAST, asked());
    }

    @Test
    void isAskedAtOnceWhenTheBusIsOpenAgain() {
        cycle();
        board.unavailable(Failure.of(FailureCause.PORT_MISSING));
        ticker.pass(20 * LeapTicker.SECOND);
        board.watch(ticker.nanos());
        board.opened(client);
        assertEquals(ticker.nanos(), board.due());
        asked();
        cycle();
        assertEquals(all(ONCE, FAST, SLOW), asked());
        assertEquals("online PORT_MISSING online", causes());
    }

    /** If a combined read across a hole is rejected, exact ranges are read from then on, also in later cycles. */
    @Test
    void readsExactRangesWhereAJoinedReadIsRefused() {
        client.withoutInput(0x20F5, 0x20FF);
        cycle();
        assertEquals(all(ONCE, FAST, List.of("4:0x20F4+1", "4:0x2100+3"), SLOW), asked());
        assertEquals(45, number("battery#state-of-charge"));
        assertEquals(1, number("link#failed-requests"));
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(List.of("4:0x2000+17", "4:0x20F4+1", "4:0x2100+3"), asked());
        assertEquals(1, number("link#failed-requests"));
    }

    @Test
    void leavesOutTheOneValueThatCannotBeReadAndTriesItAgainLater() {
        client.withoutInput(0x2102, 0x2102);
        cycle();
        assertEquals(all(ONCE, FAST, List.of("4:0x20F4+1", "4:0x2100+3", "4:0x2100+2", "4:0x2102+1"), SLOW), asked());
        assertFalse(known("logic#board-count"));
        assertEquals(45, number("battery#state-of-charge"));
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(List.of("4:0x2000+17", "4:0x20F4+1", "4:0x2100+2"), asked());
        // A firmware update is possible at run time.
        client.input(0x2102, "00 03");
        ticker.pass(600 * LeapTicker.SECOND);
        cycle();
        assertTrue(asked().containsAll(List.of("4:0x2102+1", "4:0x20F4+15")));
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(all(FAST, SLOW), asked(), "as a whole again");
        assertEquals(3, number("logic#board-count"));
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3 })
    void aPermanentRefusalSplitsTheBlock(int code) {
        client.refused.put("4:0x20F4+15", code);
        cycle();
        assertTrue(asked().contains("4:0x2100+3"));
    }

    /** A device without these registers may respond with this code too: if other reads succeed and it occurs twice. */
    @ParameterizedTest
    @ValueSource(ints = { 4, 6, 11 })
    void aRefusalThatMayBeTemporarySplitsTheBlockWhenItComesTwice(int code) {
        client.refused.put("4:0x20F4+15", code);
        cycle();
        List<String> first = asked();
        assertTrue(first.containsAll(List.of("4:0x20F4+15", "4:0x20F4+1", "4:0x2100+3")), first.toString());
        assertEquals(2, first.stream().filter("4:0x20F4+15"::equals).count());
        assertEquals(45, number("battery#state-of-charge"));
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(List.of("4:0x2000+17", "4:0x20F4+1", "4:0x2100+3"), asked());
    }

    /** Not ready, or a gateway without a path: the same block is requested again in the next cycle. */
    @ParameterizedTest
    @ValueSource(ints = { 5, 10 })
    void aTemporaryRefusalDoesNot(int code) {
        cycle();
        client.refused.put("4:0x20F4+15", code);
        for (int i = 1; i < 7; i++) {
            ticker.parkUntil(board.due());
            asked();
            cycle();
            assertEquals(FAST, asked());
            assertTrue(last().isOnline());
            assertEquals(i <= 5, known("battery#state-of-charge"), "values count for five seconds");
        }
        assertTrue(known("battery#current"));
    }

    @Test
    void aBoardThatRefusesEverythingIsOfflineWithTheException() {
        client.registers.clear();
        cycle();
        assertEquals(FailureCause.EXCEPTION, cause());
        Failure failure = last().failure();
        assertEquals("2", failure == null ? "" : failure.detail());
        assertTrue(board.due() - ticker.nanos() >= 200 * LeapTicker.MILLI);
        // Everything is tried again: it may have been a gateway without its board.
        numbers(WordOrder.LITTLE);
        asked();
        ticker.parkUntil(board.due());
        cycle();
        assertTrue(last().isOnline());
        assertEquals(-12.5, number("battery#current"));
    }

    /** A boot loader rejects everything for a moment, which does not mean that the firmware does. */
    @Test
    void aBoardThatRefusedEverythingIsReadInFewRequestsAfterwards() {
        cycle();
        Map<Integer, Integer> firmware = Map.copyOf(client.registers);
        client.registers.clear();
        ticker.parkUntil(board.due());
        do {
            board();
        } while (board.due() - ticker.nanos() <= 0);
        client.registers.putAll(firmware);
        ticker.parkUntil(board.due());
        asked();
        cycle();
        assertEquals(all(ONCE, FAST, SLOW), asked());
    }

    /** Another firmware, or another board, may have the registers that the former one rejected. */
    @Test
    void aBoardThatComesBackIsReadAsIfForTheFirstTime() {
        client.withoutInput(0x20F5, 0x20FF);
        cycle();
        client.dead = FailureCause.NO_ANSWER;
        while (last().isOnline()) {
            ticker.parkUntil(board.due());
            fail();
            board.watch(ticker.nanos());
        }
        client.dead = null;
        for (int address = 0x20F5; address <= 0x20FF; address++) {
            client.registers.put(4 << 16 | address, 0);
        }
        ticker.parkUntil(board.due());
        asked();
        cycle();
        assertEquals(all(ONCE, FAST, SLOW), asked());
    }

    @ParameterizedTest
    @EnumSource(WordOrder.class)
    void findsOutTheWordOrder(WordOrder order) {
        board = board(null, Setups.standard());
        numbers(order);
        cycle();
        assertEquals(order.id(), text("wordOrder"));
        assertEquals(-12.5, number("battery#current"));
        assertEquals(45, number("battery#state-of-charge"));
        assertEquals(100, number("battery#nominal-capacity"));
        assertEquals(2, number("logic#board-count"));
        assertEquals("2.7.1", text("firmwareVersion"));
        assertEquals(0, number("link#rejected-values"));
    }

    @ParameterizedTest
    @EnumSource(WordOrder.class)
    void takesTheWordOrderThatTheUserNames(WordOrder order) {
        board = board(order, Setups.standard());
        numbers(WordOrder.BIG);
        cycle();
        assertEquals(order.id(), text("wordOrder"));
        assertEquals(order == WordOrder.BIG, known("battery#current") && number("battery#current") == -12.5);
    }

    /** All zero: both orders agree, and no value indicates one. Then the first number decides. */
    @Test
    void waitsWithTheDecisionUntilAValueSpeaks() {
        board = board(null, Setups.standard());
        client.input(0x2001, "00 00 00 00");
        client.input(0x2100, "00 00 00 00");
        client.input(0x2420, "00 00 00 00");
        cycle();
        assertEquals("undecided", text("wordOrder"));
        assertEquals(0, number("battery#current"));
        assertTrue(last().isOnline());
        // The swapped words of 12.27 are equal: no decision, but a value on which both orders agree.
        client.input(0x2001, "41 44 41 44");
        ticker.parkUntil(board.due());
        cycle();
        assertEquals("undecided", text("wordOrder"));
        numbers(WordOrder.BIG);
        client.input(0x2001, "C1 48 00 00");
        ticker.parkUntil(board.due());
        cycle();
        assertEquals("big", text("wordOrder"));
        assertEquals(-12.5, number("battery#current"));
    }

    /** One value against two does not decide: no value on which the orders disagree is published. */
    @Test
    void showsNoValueOnWhichTheOrdersDisagreeWhileTheOrderIsNotDecided() {
        board = board(null, Setups.standard());
        client.input(0x2001, "C1 48 00 00"); // speaks for big
        client.input(0x2007, "02 00 00 00"); // bms-logic-offline, low word first; another bit otherwise
        client.input(0x2009, "08 00 00 00"); // initialisation, low word first
        cycle();
        assertEquals("undecided", text("wordOrder"));
        assertFalse(known("battery#current"));
        assertFalse(known("battery#state-of-charge"));
        assertFalse(known("battery#nominal-capacity"));
        assertFalse(known("faults#errors-1"));
        assertFalse(known("faults#bms-logic-offline"));
        assertFalse(known("faults#alarm"));
        assertEquals("2.1", text("hardwareVersion"));
        assertEquals(0, number("link#rejected-values"));
        // Further values decide.
        client.input(0x2001, "00 00 C1 48");
        client.input(0x2009, "00 00 00 00");
        ticker.parkUntil(board.due());
        cycle();
        assertEquals("little", text("wordOrder"));
        assertEquals(-12.5, number("battery#current"));
        assertEquals(1, number("faults#bms-logic-offline"));
    }

    /** Each value is counted, also with others in one response: one against three does not decide. */
    @Test
    void valuesThatDisagreeAreCountedOneByOne() {
        board = board(null, Setups.standard());
        client.input(0x2100, "00 00 00 00");
        client.input(0x2420, "00 00 00 00");
        client.input(0x2001, "00 00 C1 48"); // -12.5 A
        client.input(0x2003, "00 00 41 A0"); // 20 degC
        client.input(0x2005, "00 00 42 20"); // 40 %
        client.input(0x2007, "00 01 C0 00"); // has bits that no error has, low word first
        cycle();
        assertEquals("undecided", text("wordOrder"));
        assertFalse(known("battery#current"));
    }

    /** A starting board reports zeros; its initialisation flag is readable only if the word order is known. */
    @Test
    void showsNoZerosOfAStartingBoardWhileTheOrderIsNotDecided() {
        board = board(null, Setups.standard());
        client.input(0x2001, "00 00 00 00");
        client.input(0x2100, "00 00 00 00");
        client.input(0x2420, "00 00 00 00");
        client.input(0x2009, "08 00 00 00");
        cycle();
        assertEquals("undecided", text("wordOrder"));
        assertFalse(known("battery#current"));
        assertFalse(known("battery#state-of-charge"));
        assertFalse(known("faults#alarm"));
    }

    /**
     * One value that indicates the other order does not decide: an absent sensor on a board that otherwise
     * reports zeros.
     */
    @Test
    void oneValueAloneDoesNotDecide() {
        board = board(null, Setups.standard());
        client.input(0x2001, "00 00 00 00");
        client.input(0x2100, "00 00 00 00");
        client.input(0x2420, "00 00 00 00");
        client.input(0x2003, "C0 00 C4 79"); // -999 degC, low word first; -2.0 with the words swapped
        for (int i = 0; i < 10; i++) {
            cycle();
            assertEquals("undecided", text("wordOrder"));
            ticker.parkUntil(board.due());
        }
        numbers(WordOrder.LITTLE);
        client.input(0x2005, "00 00 42 20"); // 40 % humidity
        for (int i = 0; i < 30; i++) {
            cycle();
            ticker.parkUntil(board.due());
        }
        assertEquals("little", text("wordOrder"));
        assertEquals(45, number("battery#state-of-charge"));
    }

    /** A board starts during the connect: its slow values were zeros, and are read again when the order is decided. */
    @Test
    void showsNoZerosFromBeforeTheDecision() {
        board = board(null, Setups.standard());
        client.input(0x2001, "00 00 00 00");
        client.input(0x2100, "00 00 00 00");
        client.input(0x2420, "00 00 00 00");
        client.input(0x2410, "00 00");
        client.input(0x2009, "08 00 00 00");
        cycle();
        assertEquals("undecided", text("wordOrder"));
        numbers(WordOrder.LITTLE);
        client.input(0x2410, "00 06");
        client.input(0x2009, "00 00 00 00");
        ticker.parkUntil(board.due());
        asked();
        cycle();
        assertEquals(FAST, asked());
        assertEquals("little", text("wordOrder"));
        assertEquals(45, number("battery#state-of-charge"));
        assertFalse(known("battery#nominal-capacity"), "0 Ah of a board that initialised");
        assertFalse(known("battery#max-charge-voltage"));
        assertFalse(known("battery#state"));
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(all(FAST, SLOW), asked());
        assertEquals(100, number("battery#nominal-capacity"));
    }

    @Test
    void countsARefusedValueOnceWhileItFindsOutTheOrder() {
        board = board(null, Setups.standard());
        client.input(0x2102, "00 63"); // 99 BMS Logic boards
        client.input(0x1000, "FF FF FF FF FF FF"); // no date
        cycle();
        assertEquals("little", text("wordOrder"));
        assertEquals(2, number("link#rejected-values"));
    }

    @Test
    void keepsTheOrderOverAFailureAndFindsItOutAnewAfterALoss() {
        board = board(null, Setups.standard());
        cycle();
        assertEquals("little", text("wordOrder"));
        client.dead = FailureCause.NO_ANSWER;
        fail();
        fail();
        client.dead = null;
        client.input(0x2001, "00 00 00 00");
        client.input(0x2100, "00 00 00 00");
        client.input(0x2420, "00 00 00 00");
        ticker.parkUntil(board.due());
        cycle();
        assertEquals("little", text("wordOrder"), "nothing speaks against it");
        client.dead = FailureCause.NO_ANSWER;
        fail();
        fail();
        while (last().isOnline()) {
            ticker.parkUntil(board.deadline());
            board.watch(ticker.nanos());
        }
        client.dead = null;
        numbers(WordOrder.BIG);
        ticker.parkUntil(board.due());
        cycle();
        assertEquals("big", text("wordOrder"));
        assertEquals(45, number("battery#state-of-charge"), "no trace of the other order");
    }

    @Test
    void readsWhereTheUserSays() {
        board = board(WordOrder.LITTLE,
                Setups.locations(Map.of(Catalogue.VOLTAGE, RegisterLocation.input(0x2103, WireType.REAL32))));
        client.input(0x2103, "99 9A 42 51"); // 52.4 V
        cycle();
        assertTrue(asked().contains("4:0x20F4+18"));
        assertEquals(52.4, number("battery#voltage"));
        assertEquals(-655, number("battery#power"));
    }

    /** Measurements from before the start are discarded; slow values are read as soon as the board is ready. */
    @Test
    void readsSlowValuesAtOnceWhenTheBoardIsReady() {
        cycle();
        client.input(0x2009, "08 00 00 00");
        ticker.parkUntil(board.due());
        cycle();
        assertFalse(known("battery#current"));
        assertFalse(known("battery#nominal-capacity"));
        client.input(0x2009, "00 00 00 00");
        asked();
        ticker.parkUntil(board.due());
        cycle();
        assertEquals(all(FAST, SLOW), asked());
        assertEquals(-12.5, number("battery#current"));
        assertEquals(100, number("battery#nominal-capacity"));
    }

    /**
     * A request was lost because the board restarted, and its values since then are zeros. The initialisation word
     * is read once more before they are published.
     */
    @Test
    void looksAfterAFailureWhetherTheBoardInitialises() {
        cycle();
        for (int i = 0; i < 30; i++) {
            ticker.parkUntil(board.due());
            if (i < 29) {
                cycle();
            }
        }
        asked();
        board();
        board();
        client.failures.add(FailureCause.NO_ANSWER);
        fail();
        for (int address = 0x2000; address < 0x2430; address++) {
            client.registers.computeIfPresent(4 << 16 | address, (place, word) -> 0);
        }
        client.input(0x2009, "08 00 00 00");
        cycle();
        assertEquals(all(FAST, List.of(SLOW.get(0)), SLOW, List.of(FAST.get(0))), asked());
        assertFalse(known("battery#nominal-capacity"));
        assertFalse(known("battery#charge-current-limit"));
        assertFalse(known("battery#state"));
        assertFalse(known("logic#board-count"));
    }

    /** The same on a line shared by many boards, where time passes between two turns. */
    @Test
    void looksAfterAPauseWhetherTheBoardInitialises() {
        cycle();
        ticker.parkUntil(board.due());
        asked();
        board();
        ticker.pass(LeapTicker.SECOND);
        client.input(0x2009, "08 00 00 00");
        client.input(0x2102, "00 00");
        cycle();
        assertEquals(all(FAST, List.of(FAST.get(0))), asked());
        assertFalse(known("logic#board-count"));
        // If this read fails, the values read before it are not published either.
        client.input(0x2009, "00 00 00 00");
        client.input(0x2102, "00 02");
        for (int i = 0; i < 2; i++) {
            ticker.parkUntil(board.due());
            cycle();
        }
        ticker.parkUntil(board.due());
        board();
        ticker.pass(LeapTicker.SECOND);
        client.input(0x2102, "00 00");
        board();
        client.dead = FailureCause.NO_ANSWER;
        fail();
        fail();
        assertEquals(2, number("logic#board-count"));
    }

    /** The board responds to reads of other values, but no longer to those of the initialisation word. */
    @Test
    void valuesBecomeOldAlsoWhenTheLookFailsForEver() {
        cycle();
        // All reads that include its register.
        List.of("4:0x2000+17", "4:0x2000+12", "4:0x2005+7", "4:0x2009+3", "4:0x2009+2")
                .forEach(read -> client.refused.put(read, 4));
        for (int i = 0; i < 10; i++) {
            ticker.parkUntil(board.due());
            cycle();
        }
        assertTrue(last().isOnline());
        assertFalse(known("battery#state-of-charge"));
        assertFalse(known("battery#current"));
        client.refused.clear();
        for (int i = 0; i < 2; i++) {
            ticker.parkUntil(board.due());
            cycle();
        }
        assertEquals(45, number("battery#state-of-charge"));
    }

    /** A slow line shared by many boards: the first value of a cycle expires before the last one is read. */
    @Test
    void aValueGoesInTimeThoughTheCycleLasts() {
        cycle();
        long read = ticker.nanos();
        ticker.parkUntil(board.due());
        client.refused.put(FAST.get(0), 4);
        board();
        ticker.parkUntil(read + 4 * LeapTicker.SECOND);
        board();
        int shown = reports.size();
        board.watch(ticker.nanos());
        assertEquals(shown, reports.size());
        assertTrue(board.deadline() - read <= 6 * LeapTicker.SECOND, "the lifetime and one refresh");
        ticker.parkUntil(board.deadline());
        board.watch(ticker.nanos());
        assertEquals(shown + 1, reports.size());
        assertTrue(last().isOnline());
        assertFalse(known("battery#current"));
        assertEquals("2.1", text("hardwareVersion"));
        assertTrue(board.deadline() - ticker.nanos() > 0, "no circle");
    }

    @Test
    void aFailureInTheMiddleOfACycleShowsWhatWasReadBefore() {
        cycle();
        client.input(0x2001, "00 00 C1 50"); // -13 A
        ticker.parkUntil(board.due());
        board(); // the first block is answered
        client.dead = FailureCause.NO_ANSWER;
        fail();
        fail();
        assertEquals(-13, number("battery#current"));
        assertEquals(45, number("battery#state-of-charge"), "not yet old");
        assertTrue(last().isOnline());
    }

    private ModbusBoard board(@Nullable WordOrder order, BoardSetup setup) {
        ModbusSettings settings = new ModbusSettings(32, Duration.ofSeconds(1), Duration.ofSeconds(30),
                Duration.ofMillis(500), order);
        return new ModbusBoard(settings, setup, ReadPlan.of(32, Setups.POINTS, setup, ReadPlan.SERIAL_HOLE),
                reports::add, ticker);
    }

    private void board() {
        try {
            board.serve(client);
        } catch (LinkException e) {
            throw new AssertionError(e);
        }
    }

    /** Serves the board until it has reported. */
    private void cycle() {
        int before = reports.size();
        for (int i = 0; reports.size() == before; i++) {
            assertTrue(i < 60, "no end");
            board();
        }
    }

    private void fail() {
        assertThrows(LinkException.class, () -> board.serve(client));
    }

    private List<String> asked() {
        List<String> requests = List.copyOf(client.requests);
        client.requests.clear();
        return requests;
    }

    @SafeVarargs
    private static List<String> all(List<String>... parts) {
        List<String> all = new ArrayList<>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    private BoardReport last() {
        return reports.get(reports.size() - 1);
    }

    private @Nullable FailureCause cause() {
        Failure failure = last().failure();
        return failure == null ? null : failure.cause();
    }

    private String causes() {
        return String.join(" ", reports.stream().map(BoardReport::failure)
                .map(failure -> failure == null ? "online" : failure.cause().name()).toList());
    }

    private static Point point(String id) {
        Point point = Catalogue.byId(id);
        if (point == null) {
            throw new AssertionError("no point " + id);
        }
        return point;
    }

    private boolean known(String id) {
        return last().snapshot().isKnown(point(id));
    }

    private double number(String id) {
        return last().snapshot().number(point(id));
    }

    private @Nullable String text(String id) {
        return last().snapshot().text(point(id));
    }
}
