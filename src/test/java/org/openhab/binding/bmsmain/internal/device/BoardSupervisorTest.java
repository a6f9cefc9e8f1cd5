/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.device;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;

/**
 * When a board is online, and which values are known while it is offline. Values are valid for five seconds.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BoardSupervisorTest {

    private static final Failure SILENT = Failure.of(FailureCause.NO_ANSWER);
    private static final Failure REFUSED = Failure.of(FailureCause.REFUSED);
    private static final long ROUND_TRIP = 12_345_678;

    private final LeapTicker ticker = new LeapTicker();
    private final List<BoardReport> reports = new ArrayList<>();
    private final BoardSupervisor supervisor = new BoardSupervisor(Setups.standard(), reports::add, ticker);

    @Test
    void isOnlineWhenItWasRead() {
        supervisor.opened();
        read(10);
        assertFalse(supervisor.isOnline());
        supervisor.publish(Double.NaN);
        assertTrue(supervisor.isOnline());
        BoardReport report = last();
        assertTrue(report.isOnline());
        assertNull(report.failure());
        assertEquals(10, report.snapshot().number(Catalogue.CURRENT));
        assertEquals(12.35, report.snapshot().number(Catalogue.RESPONSE_TIME), "milliseconds, two decimals");
        assertEquals(ticker.now().toEpochMilli(), report.snapshot().number(Catalogue.LAST_UPDATE));
        assertFalse(report.snapshot().isKnown(Catalogue.BUS_LOAD));
        supervisor.publish(12.5);
        assertEquals(12.5, last().snapshot().number(Catalogue.BUS_LOAD));
    }

    /** A report that only removes old values is not a sign of life. */
    @Test
    void aCommandDoesNotWaitForABoardThatWasGivenUp() {
        CommandQueue commandQueue = new CommandQueue(ticker);
        supervisor.inform(commandQueue);
        online();
        supervisor.onUnreachable(SILENT);
        supervisor.publish(Double.NaN);
        List<Result> results = new ArrayList<>();
        commandQueue.submit(Catalogue.CHARGE_REQUEST, SignalOverride.ON, outcome -> results.add(outcome.result()));
        assertEquals(List.of(Result.LINK_DOWN), results);
        online();
        commandQueue.submit(Catalogue.CHARGE_REQUEST, SignalOverride.ON, outcome -> results.add(outcome.result()));
        assertEquals(1, results.size(), "it waits for its turn");
    }

    @Test
    void oneFailedRequestChangesNothing() {
        online();
        ticker.pass(LeapTicker.SECOND);
        supervisor.failed(SILENT);
        supervisor.onUnreachable(SILENT);
        supervisor.watch(ticker.nanos());
        assertTrue(supervisor.isOnline());
        assertEquals(1, reports.size());
    }

    @Test
    void isLostWhenItWasSilentForAsLongAsAValueCountsAndNotBefore() {
        online();
        long read = ticker.nanos();
        assertEquals(read + 5 * LeapTicker.SECOND, supervisor.deadline());
        supervisor.failed(SILENT);
        ticker.pass(5 * LeapTicker.SECOND - 1);
        supervisor.watch(ticker.nanos());
        assertTrue(supervisor.isOnline());
        ticker.pass(1);
        supervisor.watch(ticker.nanos());
        assertFalse(supervisor.isOnline());
        BoardReport report = last();
        assertEquals(SILENT, report.failure());
        assertKnowsNothingOfTheBoard(report.snapshot());
        assertEquals(1, report.snapshot().number(Catalogue.FAILED_REQUESTS));
        assertEquals(2, report.snapshot().number(Catalogue.REQUESTS));
        assertEquals(ticker.now().minusSeconds(5).toEpochMilli(), report.snapshot().number(Catalogue.LAST_UPDATE));
        assertFalse(report.snapshot().isKnown(Catalogue.RESPONSE_TIME));
        assertFalse(report.snapshot().isKnown(Catalogue.BUS_LOAD));
    }

    @Test
    void aLostBoardIsNotWatched() {
        online();
        lose();
        int before = reports.size();
        ticker.pass(1_000 * LeapTicker.SECOND);
        supervisor.watch(ticker.nanos());
        assertEquals(before, reports.size());
        assertTrue(supervisor.deadline() - ticker.nanos() > 3600 * LeapTicker.SECOND, "never");
    }

    @Test
    void aBoardThatWasNeverReadIsOfflineWithTheFirstCause() {
        assertTrue(supervisor.deadline() - ticker.nanos() > 3600 * LeapTicker.SECOND, "never");
        supervisor.failed(SILENT);
        assertEquals(List.of(), reports);
        supervisor.onUnreachable(SILENT);
        assertEquals(SILENT, last().failure());
        assertKnowsNothingOfTheBoard(last().snapshot());
    }

    @Test
    void eachChangeOfTheCauseIsToldOnce() {
        supervisor.onUnreachable(SILENT);
        supervisor.onUnreachable(SILENT);
        supervisor.onUnreachable(REFUSED);
        supervisor.onUnreachable(REFUSED);
        supervisor.onUnreachable(SILENT);
        supervisor.onUnreachable(new Failure(FailureCause.WRONG_UNIT, "5"));
        supervisor.onUnreachable(new Failure(FailureCause.WRONG_UNIT, "6"));
        assertEquals("NO_ANSWER REFUSED NO_ANSWER WRONG_UNIT WRONG_UNIT", causes());
    }

    @Test
    void theCauseOfALossIsTheLatestFailure() {
        online();
        supervisor.failed(SILENT);
        supervisor.onUnreachable(REFUSED);
        ticker.pass(5 * LeapTicker.SECOND);
        supervisor.watch(ticker.nanos());
        assertEquals(REFUSED, last().failure());
    }

    @Test
    void anOldFailureIsNotTheCauseOfALoss() {
        supervisor.onUnreachable(REFUSED);
        online();
        lose();
        assertEquals(SILENT, last().failure());
    }

    @Test
    void aRefusedRequestIsNoSignOfLife() {
        online();
        ticker.pass(5 * LeapTicker.SECOND);
        supervisor.refused();
        supervisor.watch(ticker.nanos());
        assertFalse(supervisor.isOnline());
    }

    @Test
    void comesBackWithoutValuesFromBefore() {
        online();
        lose();
        ticker.pass(LeapTicker.SECOND);
        supervisor.answered(ticker.nanos(), ROUND_TRIP);
        supervisor.assembler().put(Catalogue.VOLTAGE, 50, ticker.nanos());
        supervisor.publish(Double.NaN);
        assertTrue(last().isOnline());
        assertEquals(50, last().snapshot().number(Catalogue.VOLTAGE));
        assertFalse(last().snapshot().isKnown(Catalogue.CURRENT));
    }

    @Test
    void countsReconnects() {
        supervisor.opened();
        online();
        assertEquals(0, last().snapshot().number(Catalogue.RECONNECTS));
        supervisor.opened();
        supervisor.opened();
        online();
        assertEquals(2, last().snapshot().number(Catalogue.RECONNECTS));
    }

    @Test
    void countsReconnectsOfABoardThatJoinedAnOpenBus() {
        online();
        supervisor.opened();
        online();
        assertEquals(1, last().snapshot().number(Catalogue.RECONNECTS));
    }

    @Test
    void countsRefusedValues() {
        supervisor.assembler().put(Catalogue.STATE_OF_CHARGE, 101, ticker.nanos());
        online();
        assertEquals(1, last().snapshot().number(Catalogue.REJECTED_VALUES));
        lose();
        assertEquals(1, last().snapshot().number(Catalogue.REJECTED_VALUES));
    }

    private void read(double current) {
        supervisor.answered(ticker.nanos(), ROUND_TRIP);
        supervisor.assembler().put(Catalogue.CURRENT, current, ticker.nanos());
    }

    private void online() {
        read(10);
        supervisor.publish(Double.NaN);
    }

    private void lose() {
        ticker.pass(5 * LeapTicker.SECOND);
        supervisor.watch(ticker.nanos());
    }

    private BoardReport last() {
        return reports.get(reports.size() - 1);
    }

    private String causes() {
        return String.join(" ", reports.stream().map(BoardReport::failure)
                .map(failure -> failure == null ? "online" : failure.cause().name()).toList());
    }

    private static void assertKnowsNothingOfTheBoard(BoardSnapshot snapshot) {
        for (var point : Catalogue.channels()) {
            if (!"link".equals(point.group())) {
                assertFalse(snapshot.isKnown(point), point.id());
            }
        }
    }
}
