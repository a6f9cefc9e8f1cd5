/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A board on a CAN bus: the meaning of its frames, when it is online, and the frames sent to it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CanBoardTest {

    private static final int[] TPDO1 = { 0x02, 0x5A, 0x00, 0x1A, 0x1B, 0x05, 0xFC, 0x01 };
    private static final int[] TPDO2 = { 0x2C, 0x00, 0xC0, 0x03, 0x00, 0x40, 0x00, 0x00 };
    private static final Duration STALE = Duration.ofSeconds(5);

    private final TestTicker ticker = new TestTicker();
    private final TestAdapter bus = new TestAdapter(ticker);
    private final List<BoardReport> reports = new ArrayList<>();
    private final List<Long> reportedAt = new ArrayList<>();

    private CanBoard board(CanSettings settings, BoardSetup setup) {
        return new CanBoard(settings, setup, report -> {
            reports.add(report);
            reportedAt.add(ticker.millis());
        }, ticker);
    }

    private static BoardSetup setup() {
        return BoardSetup.standard(STALE, STALE);
    }

    private CanBoard board(int node, boolean sdoPolling, long syncMillis) {
        return board(new CanSettings(node, Duration.ofMillis(syncMillis), sdoPolling), setup());
    }

    private CanBoard listener() {
        return board(32, false, 0);
    }

    private CanSession session(boolean listenOnly) {
        return new CanSession(bus, listenOnly, 250_000, ticker);
    }

    /** Does the work of the bus thread until a time. */
    private void run(CanSession session, long untilMillis, CanBoard... boards) throws LinkException {
        long until = untilMillis * TestTicker.MILLI;
        while (ticker.nanos() < until) {
            long now = ticker.nanos();
            long earliest = until;
            boolean served = false;
            for (CanBoard board : boards) {
                if (!served && board.due() <= now) {
                    board.serve(session);
                    served = true;
                }
                earliest = Math.min(earliest, Math.min(board.due(), board.deadline()));
            }
            if (!served) {
                session.idle(Math.max(now, earliest));
            }
            for (CanBoard board : boards) {
                if (board.deadline() <= ticker.nanos()) {
                    board.watch(ticker.nanos());
                }
            }
        }
    }

    private BoardSnapshot last() {
        return reports.get(reports.size() - 1).snapshot();
    }

    private @Nullable FailureCause lastCause() {
        Failure failure = reports.get(reports.size() - 1).failure();
        return failure == null ? null : failure.cause();
    }

    private static Set<String> setBits(BoardSnapshot snapshot, String group) {
        Set<String> names = new TreeSet<>();
        for (Point point : Catalogue.all()) {
            if (point.kind().isBit() && point.origin() == Origin.WIRE && snapshot.isSet(point)
                    && (point.group().equals(group)
                            || "battery".equals(point.group()) && "internal-signals".equals(group))) {
                names.add(point.name());
            }
        }
        return names;
    }

    /** The machine was suspended or overloaded: the age of the buffered frames is unknown. */
    @Test
    void framesThatCameWhileTheThreadStoodStillAreDropped() throws LinkException {
        CanBoard board = listener();
        CanSession session = session(true);
        session.attach(board);
        for (int millis = 10; millis < 2_000; millis += 100) {
            bus.arrives(millis, 0x1A0, 0x02, 0x5A, 0x00, 0x1A, 0x1B, 0x05, 0xFC, 0x01);
        }
        run(session, 2_000, board);
        assertEquals(9, last().number(Catalogue.CURRENT));
        for (int millis = 2_100; millis < 3_000; millis += 100) {
            bus.arrives(millis, 0x1A0, 0x02, 0x64, 0x00, 0x1A, 0x1B, 0x05, 0xFC, 0x01);
        }
        ticker.pass(60_000);
        int before = reports.size();
        run(session, 62_500, board);
        reports.subList(before, reports.size())
                .forEach(report -> assertTrue(Double.isNaN(report.snapshot().number(Catalogue.CURRENT))));
        for (int millis = 62_600; millis < 64_500; millis += 100) {
            bus.arrives(millis, 0x1A0, 0x02, 0x6E, 0x00, 0x1A, 0x1B, 0x05, 0xFC, 0x01);
        }
        run(session, 64_500, board);
        assertEquals(11, last().number(Catalogue.CURRENT));
    }

    /** While a bus is idle, all its boards receive frames: an exception ends only the next turn of that board. */
    @Test
    void whatFailsForOneBoardIsNotFeltByTheOthers() throws LinkException {
        CanBoard good = listener();
        List<Integer> heard = new ArrayList<>();
        CanBoard bad = new CanBoard(new CanSettings(33, Duration.ZERO, false), setup(), report -> {
        }, new NodeListener() {
            @Override
            public void heard(int node, boolean isBoard) {
                heard.add(node);
                throw new IllegalStateException("for the test");
            }

            @Override
            public void taken(int node) {
                throw new IllegalStateException("for the test");
            }
        }, ticker);
        CanSession session = session(false);
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(20, 0x705, 5);
        bus.arrives(2_100, 0x705, 5);
        bus.arrives(2_101, 0x2A0, TPDO2);
        int failures = 0;
        while (ticker.nanos() < 3_000 * TestTicker.MILLI) {
            try {
                run(session, 3_000, good, bad);
            } catch (IllegalStateException e) {
                failures++;
                bad.unavailable(Failure.of(FailureCause.INTERNAL));
                assertTrue(failures < 10);
            }
        }
        assertEquals(List.of(5), heard);
        assertTrue(failures >= 2, "when a node is taken, and when one is heard");
        assertEquals(9.0, last().number(Catalogue.CURRENT));
        assertEquals(50.8, last().number(Catalogue.VOLTAGE));
    }

    /** The examples of the protocol page. */
    @Test
    void theExampleFrames() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(11, 0x2A0, TPDO2);
        run(session(false), 200, board);

        assertEquals(1, reports.size());
        BoardSnapshot snapshot = last();
        assertEquals(9.0, snapshot.number(Catalogue.CURRENT));
        assertEquals(26, snapshot.number(Catalogue.MIN_CELL_TEMPERATURE));
        assertEquals(27, snapshot.number(Catalogue.MAX_CELL_TEMPERATURE));
        assertEquals(5, snapshot.number(Catalogue.STATE_OF_CHARGE));
        assertEquals(50.8, snapshot.number(Catalogue.VOLTAGE));
        assertEquals(457.2, snapshot.number(Catalogue.POWER));
        assertEquals(Set.of("charger-connected"), setBits(snapshot, "input-signals"));
        assertEquals(Set.of("charging-contactor", "allow-charging", "discharging-contactor", "common-contactor",
                "ready-to-charge", "ready-to-discharge", "power-up"), setBits(snapshot, "internal-signals"));
        assertEquals(Set.of("journal-unacknowledged"), setBits(snapshot, "faults"));
        assertEquals(0x4000, snapshot.number(Catalogue.ERRORS_1));
        assertEquals(Boolean.FALSE, snapshot.flag(Catalogue.CHARGING));
        assertEquals(Boolean.TRUE, snapshot.flag(Catalogue.RELAY_1));
        assertFalse(snapshot.isKnown(Catalogue.HUMIDITY));
        assertFalse(snapshot.isKnown(Catalogue.OUT_1));
        assertFalse(snapshot.isKnown(Catalogue.ERRORS_2));
        assertFalse(snapshot.isKnown(Catalogue.ACTIVE_COUNT), "errors 2 were not heard");
        assertEquals(List.of(), bus.sent);
    }

    @Test
    void theThirdObject() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x2A0, TPDO2);
        // Errors 2 bits 5 and 13; input signals 8, 14 and 21.
        bus.arrives(11, 0x3A0, 0x20, 0x20, 0x00, 0x00, 0x41, 0x20);
        run(session(false), 200, board);
        assertEquals(Set.of("contactor-stuck", "general-error", "journal-unacknowledged"), setBits(last(), "faults"));
        assertEquals(Set.of("charge-request", "interlock", "close-external-1"), setBits(last(), "input-signals"));
        assertEquals(3, last().number(Catalogue.ACTIVE_COUNT));
    }

    @Test
    void negativeNumbers() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, 0x00, 0x83, 0xFF, 0xEC, 0xFF, 0x64, 0x00, 0x02);
        bus.arrives(10, 0x2A0, TPDO2);
        run(session(false), 200, board);
        assertEquals(-12.5, last().number(Catalogue.CURRENT));
        assertEquals(-20, last().number(Catalogue.MIN_CELL_TEMPERATURE));
        assertEquals(-1, last().number(Catalogue.MAX_CELL_TEMPERATURE));
        assertEquals(100, last().number(Catalogue.STATE_OF_CHARGE));
        assertEquals(51.2, last().number(Catalogue.VOLTAGE));
    }

    @Test
    void whatCannotBeIsRefused() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, 0x00, 0x00, 0x00, 0x80, 0x7F, 0xFF, 0x00, 0x02);
        bus.arrives(10, 0x2A0, TPDO2);
        run(session(false), 200, board);
        assertFalse(last().isKnown(Catalogue.STATE_OF_CHARGE), "255 %");
        assertFalse(last().isKnown(Catalogue.MIN_CELL_TEMPERATURE), "-128 degrees");
        assertFalse(last().isKnown(Catalogue.MAX_CELL_TEMPERATURE), "127 degrees");
        assertEquals(3, last().number(Catalogue.REJECTED_VALUES));
    }

    @Test
    void shortAndLongFramesAndThoseOfOthersChangeNothing() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(10, 0x2A0, TPDO2);
        bus.arrives(10, 0x3A0, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00);
        bus.arrives(300, 0x1A0);
        bus.arrives(300, 0x1A0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x10, 0xFF);
        bus.arrives(300, 0x2A0, 0xFF, 0xFF, 0xFF, 0xFF);
        bus.arrives(300, 0x3A0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        bus.arrives(300, 0x1A1, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00);
        bus.arrives(300, 0x2A1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        bus.arrives(300, 0x7FF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        bus.arrives(300, 0x720);
        bus.arrives(300, 0x720, 0x05, 0x00);
        bus.arrives(300, 0x720, 0x33);
        run(session(false), 1000, board);
        assertEquals(1, reports.size(), "nothing that follows is worth a report");
        assertEquals(9.0, last().number(Catalogue.CURRENT));
        assertEquals(Set.of("low-temperature-charging", "journal-unacknowledged"), setBits(last(), "faults"));
    }

    @Test
    void reportsAreCollectedAndNoValueWaitsForMoreThan100Milliseconds() throws LinkException {
        CanBoard board = listener();
        List<Long> arrivals = new ArrayList<>();
        for (long at = 1000; at < 3000; at += 7) {
            bus.arrives(at, 0x1A0, TPDO1);
            bus.arrives(at, 0x2A0, TPDO2);
            bus.arrives(at + 1, 0x111, 1, 2, 3);
            arrivals.add(at);
        }
        run(session(false), 3200, board);
        assertTrue(reports.size() <= 24, reports.size() + " reports in 2 s");
        for (long arrival : arrivals) {
            long shown = reportedAt.stream().filter(at -> at >= arrival).findFirst().orElse(Long.MAX_VALUE);
            assertTrue(shown - arrival <= 100, "arrived " + arrival + ", shown " + shown);
        }
    }

    @Test
    void aBoardThatFallsSilentIsLostWithItsValues() throws LinkException {
        CanBoard board = listener();
        CanSession session = session(false);
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(10, 0x2A0, TPDO2);
        run(session, 5000, board);
        assertNull(lastCause());
        run(session, 5020, board);
        assertEquals(FailureCause.NO_ANSWER, lastCause());
        assertFalse(last().isKnown(Catalogue.CURRENT));

        bus.arrives(6000, 0x1A0, TPDO1);
        bus.arrives(6000, 0x2A0, TPDO2);
        run(session, 6100, board);
        assertNull(lastCause());
        assertEquals(9.0, last().number(Catalogue.CURRENT));
    }

    @Test
    void aHeartbeatKeepsABoardOnlineButNotItsValues() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(10, 0x2A0, TPDO2);
        for (long at = 1000; at <= 9000; at += 1000) {
            bus.arrives(at, 0x720, 0x05);
        }
        run(session(false), 9500, board);
        assertNull(lastCause());
        assertFalse(last().isKnown(Catalogue.CURRENT));
    }

    @Test
    void singleLostFramesChangeNothing() throws LinkException {
        CanBoard board = listener();
        for (int i = 0; i < 100; i++) {
            if (i % 3 != 0) {
                bus.arrives(100 * i + 10, 0x1A0, TPDO1);
            }
            if (i % 4 != 0) {
                bus.arrives(100 * i + 11, 0x2A0, TPDO2);
            }
        }
        run(session(false), 10_000, board);
        assertTrue(reports.stream().allMatch(report -> report.snapshot().number(Catalogue.CURRENT) == 9.0));
    }

    /** Zeros of an initialising board are no readings, and the first frame may not reveal the initialisation. */
    @Test
    void measurementsWaitForTheWordThatTheBoardDoesNotInitialise() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, new int[8]);
        bus.arrives(110, 0x1A0, new int[8]);
        bus.arrives(120, 0x2A0, 0x00, 0x08, 0x00, 0x00, 0, 0, 0, 0);
        bus.arrives(2000, 0x1A0, TPDO1);
        bus.arrives(2001, 0x2A0, TPDO2);
        CanSession session = session(false);
        run(session, 1900, board);
        assertEquals(Boolean.TRUE, last().flag(Catalogue.INITIALISATION));
        run(session, 2200, board);
        assertEquals(List.of(Double.NaN, 9.0),
                reports.stream().map(report -> report.snapshot().number(Catalogue.CURRENT)).toList());
    }

    /**
     * The same for a measurement that the user configured as an object, which is read before the first frame of
     * the board.
     */
    @Test
    void measurementsThatAreReadWaitForTheWordToo() throws LinkException {
        BoardSetup setup = new BoardSetup(BoardSetup.DEFAULT_RELAY_FUNCTIONS, Arrays.asList(null, null, null, null),
                Map.of(Catalogue.HUMIDITY, new org.openhab.binding.bmsmain.internal.board.SdoLocation(0x2005, 1,
                        WireType.REAL32, Location.NO_BIT, 1)),
                List.of(), STALE, STALE, false);
        bus.others = frame -> {
            if (frame.id() == 0x620) {
                bus.arrives(ticker.millis() + 1, 0x5A0, 0x43, frame.at(1), frame.at(2), 1, 0, 0, 0, 0);
                bus.arrives(ticker.millis() + 300, 0x2A0, 0x00, 0x08, 0x00, 0x00, 0, 0, 0, 0);
            }
        };
        CanBoard board = board(new CanSettings(32, Duration.ZERO, false), setup);
        run(session(false), 900, board);
        assertEquals(Boolean.TRUE, last().flag(Catalogue.INITIALISATION));
        assertTrue(reports.stream().noneMatch(report -> report.snapshot().isKnown(Catalogue.HUMIDITY)),
                "zeros are no readings");
    }

    /** Values that are not measurements are published immediately. */
    @Test
    void whatIsNoMeasurementIsShownAtOnce() throws LinkException {
        answerSdo();
        run(session(false), 200, board(32, true, 0));
        assertEquals(Boolean.TRUE, last().flag(Catalogue.CHARGER_CONNECTED));
    }

    @Test
    void aBoardThatNeverTellsWhetherItInitialisesIsShownAfterASecond() throws LinkException {
        CanBoard board = listener();
        for (int i = 1; i <= 30; i++) {
            bus.arrives(100 * i, 0x1A0, TPDO1);
        }
        run(session(false), 3100, board);
        assertEquals(1100, reportedAt.get(0));
        assertTrue(reports.size() > 15);
    }

    @Test
    void aRestartForgetsWhatTheBoardSaidBefore() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(10, 0x2A0, TPDO2);
        bus.arrives(500, 0x720, 0x00);
        CanSession session = session(false);
        run(session, 499, board);
        assertTrue(last().isKnown(Catalogue.CURRENT));
        run(session, 600, board);
        assertNull(lastCause());
        assertFalse(last().isKnown(Catalogue.CURRENT));
        assertFalse(last().isKnown(Catalogue.INITIALISATION));
    }

    @Test
    void causesOfSilence() throws LinkException {
        CanBoard board = listener();
        CanSession session = session(false);
        run(session, 5100, board);
        assertEquals(FailureCause.NO_ANSWER, lastCause());
        bus.statistics.busError();
        run(session, 10_100, board);
        assertEquals(FailureCause.GARBAGE, lastCause());
        bus.arrives(11_000, 0x721, 0x05);
        run(session, 15_100, board);
        assertEquals(new Failure(FailureCause.WRONG_UNIT, "33"), reports.get(reports.size() - 1).failure());
        bus.state = CanAdapter.State.BUS_OFF;
        run(session, 20_100, board);
        assertEquals(FailureCause.BUS_OFF, lastCause());
        assertEquals(4, reports.size());
    }

    @Test
    void syncIsProducedOnAGridAtTheShortestInterval() throws LinkException {
        run(session(false), 1000, board(32, false, 200), board(33, false, 100), board(34, false, 0));
        assertEquals(10, bus.sent.size(), bus.sent.toString());
        assertEquals(List.of("0: 080", "100: 080", "200: 080"), bus.sent.subList(0, 3));
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void nothingIsSentWhereOneMayOnlyListen(boolean heard) throws LinkException {
        if (heard) {
            bus.arrives(10, 0x1A0, TPDO1);
            bus.arrives(10, 0x2A0, TPDO2);
        }
        CanSession session = session(true);
        run(session, 60_000, board(32, true, 100));
        assertEquals(List.of(), bus.sent);
        assertThrows(IllegalStateException.class, () -> session.sdo(32));
    }

    /** The simulated board responds to SDO requests of node 32. */
    private void answerSdo() {
        bus.others = frame -> {
            if (frame.id() == 0x620) {
                long now = ticker.millis() + 3;
                int index = (int) frame.number(1, 2);
                switch (index) {
                    case 0x4000 -> bus.arrives(now, 0x5A0, 0x4B, 0x00, 0x40, 0x00, 0x02, 0x41, 0x00, 0x00);
                    case 0x4001 -> bus.arrives(now, 0x5A0, 0x4B, 0x01, 0x40, 0x00, 0x20, 0x00, 0x00, 0x00);
                    case 0x4020 -> bus.arrives(now, 0x5A0, 0x43, 0x20, 0x40, 0x00, 0x00, 0x02, 0x00, 0x00);
                    default -> bus.arrives(now, 0x5A0, 0x80, index, index >> 8, 0, 0x00, 0x00, 0x02, 0x06);
                }
            }
        };
    }

    @Test
    void whatObjectsDoNotTellIsReadBySdo() throws LinkException {
        answerSdo();
        run(session(false), 3000, board(32, true, 0));
        assertNull(lastCause());
        assertEquals(Set.of("charger-connected", "charge-request", "interlock", "close-external-1"),
                setBits(last(), "input-signals"));
        assertEquals(Set.of("bms-logic-offline"), setBits(last(), "faults"));
        assertEquals(3, last().number(Catalogue.RESPONSE_TIME), 1);
        assertEquals(0, last().number(Catalogue.FAILED_REQUESTS));
        assertFalse(last().isKnown(Catalogue.CURRENT));
        assertTrue(bus.sent.size() <= 8, "slowly: " + bus.sent);
    }

    @Test
    void aProcessDataObjectIsNewerThanAnAnswer() throws LinkException {
        answerSdo();
        for (int i = 0; i < 30; i++) {
            bus.arrives(100 * i, 0x1A0, 0x01, 0x5A, 0x00, 0x1A, 0x1B, 0x05, 0xFC, 0x01);
            bus.arrives(100 * i, 0x2A0, TPDO2);
        }
        // The test adapter delivers frames in the order in which they were queued: responses come last.
        run(session(false), 4000, board(32, true, 0));
        assertEquals(Set.of("battery-cover", "charge-request", "interlock", "close-external-1"),
                setBits(last(), "input-signals"), "signals 0 to 7 from the object, the others from answers");
        assertEquals(Set.of("journal-unacknowledged"), setBits(last(), "faults"));
    }

    @Test
    void anObjectThatTheBoardDoesNotHaveIsLeftAlone() throws LinkException {
        bus.others = frame -> {
            if (frame.id() == 0x620) {
                bus.arrives(ticker.millis() + 1, 0x5A0, 0x80, frame.at(1), frame.at(2), 0, 0x00, 0x00, 0x02, 0x06);
            }
        };
        run(session(false), 60_000, board(32, true, 0));
        assertEquals(3, bus.sent.size(), bus.sent.toString());
        assertEquals(3, last().number(Catalogue.FAILED_REQUESTS));
    }

    @Test
    void answersOfAWrongLengthChangeNothing() throws LinkException {
        bus.others = frame -> {
            if (frame.id() == 0x620) {
                bus.arrives(ticker.millis() + 1, 0x5A0, 0x4F, frame.at(1), frame.at(2), 0, 0x02, 0, 0, 0);
            }
        };
        run(session(false), 3000, board(32, true, 0));
        assertNull(lastCause());
        assertEquals(Set.of(), setBits(last(), "input-signals"));
        assertFalse(last().isKnown(Catalogue.CHARGER_CONNECTED));
    }

    /** The node sends each object as four bytes, with or without a size; the upper bytes must be zero. */
    @ParameterizedTest
    @CsvSource({ "0x42, 0, 8, true", "0x43, 0, 8, true", "0x43, 1, 8, false", "0x42, 255, 8, false", "0x47, 0, 8, true",
            "0x47, 1, 8, false", "0x42, 0, 7, true", "0x42, 0, 6, true", "0x43, 0, 7, false" })
    void answersOfFourBytesAreRead(String command, int above, int length, boolean isRead) throws LinkException {
        bus.others = frame -> {
            if (frame.id() == 0x620 && frame.at(0) == 0x40) {
                int[] answer = { Integer.decode(command), frame.at(1), frame.at(2), 0, 0x08, 0x00, above, 0 };
                bus.arrives(ticker.millis() + 1, 0x5A0, Arrays.copyOf(answer, length));
            }
        };
        run(session(false), 3000, board(32, true, 0));
        // Bit 3 of each object.
        assertEquals(isRead ? Set.of("inhibit-charging", "balancing-request") : Set.of(),
                reports.isEmpty() ? Set.of() : setBits(last(), "input-signals"));
        assertEquals(isRead, !reports.isEmpty() && last().isKnown(Catalogue.CHARGER_CONNECTED));
    }

    /** Busy, or not in this state: the object is requested again in its turn, and not only after ten minutes. */
    @Test
    void anObjectThatIsNotGivenForAWhileIsAskedForAgain() throws LinkException {
        boolean[] busy = { true };
        bus.others = frame -> {
            if (frame.id() == 0x620 && busy[0]) {
                bus.arrives(ticker.millis() + 1, 0x5A0, 0x80, frame.at(1), frame.at(2), 0, 0x22, 0x00, 0x00, 0x08);
            } else if (frame.id() == 0x620) {
                bus.arrives(ticker.millis() + 1, 0x5A0, 0x43, frame.at(1), frame.at(2), 0, 0x02, 0, 0, 0);
            }
        };
        CanBoard board = board(32, true, 0);
        CanSession session = session(false);
        run(session, 10_000, board);
        assertNull(lastCause(), "it answers");
        assertFalse(last().isKnown(Catalogue.CHARGER_CONNECTED));
        busy[0] = false;
        run(session, 12_000, board);
        assertTrue(last().isSet(Catalogue.CHARGER_CONNECTED));
    }

    /**
     * An object that existed is soon requested again, with increasing pauses; one that never existed, after
     * ten minutes.
     */
    @Test
    void anObjectThatTheBoardHadIsAskedForAgainSoon() throws LinkException {
        boolean[] has = { true };
        bus.others = frame -> {
            if (frame.id() == 0x620 && has[0]) {
                bus.arrives(ticker.millis() + 1, 0x5A0, 0x43, frame.at(1), frame.at(2), 0, 0x02, 0, 0, 0);
            } else if (frame.id() == 0x620) {
                bus.arrives(ticker.millis() + 1, 0x5A0, 0x80, frame.at(1), frame.at(2), 0, 0x00, 0x00, 0x02, 0x06);
            }
        };
        CanBoard board = board(32, true, 0);
        CanSession session = session(false);
        run(session, 3_000, board);
        assertTrue(last().isSet(Catalogue.CHARGER_CONNECTED));
        has[0] = false;
        bus.sent.clear();
        run(session, 303_000, board);
        assertFalse(last().isKnown(Catalogue.CHARGER_CONNECTED));
        // Three objects at 0, 5, 15, 35, 75, 155 s.
        assertTrue(bus.sent.size() >= 15 && bus.sent.size() <= 21, bus.sent.size() + " requests");
        has[0] = true;
        run(session, 640_000, board);
        assertTrue(last().isSet(Catalogue.CHARGER_CONNECTED));
    }

    /** In captures of similar boards one object comes ten times less often than another: each has its own lifetime. */
    @Test
    void anObjectThatComesSeldomLivesLonger() throws LinkException {
        CanBoard board = listener();
        for (int i = 1; i <= 120; i++) {
            bus.arrives(1000L * i, 0x1A0, TPDO1);
            if (i % 10 == 1) {
                bus.arrives(1000L * i + 5, 0x2A0, TPDO2);
            }
        }
        CanSession session = session(false);
        run(session, 12_000, board);
        reports.clear();
        run(session, 120_000, board);
        assertTrue(reports.size() > 100);
        for (BoardReport report : reports) {
            assertTrue(report.snapshot().isKnown(Catalogue.CURRENT));
            assertTrue(report.snapshot().isKnown(Catalogue.ERRORS_1));
        }
        // The frequent object stops: its values expire after 5 s, those of the other one later.
        bus.arrives(121_000, 0x720, 0x05);
        bus.arrives(125_500, 0x720, 0x05);
        run(session, 126_000, board);
        assertFalse(last().isKnown(Catalogue.CURRENT));
        assertTrue(last().isKnown(Catalogue.ERRORS_1));
    }

    /** A lifetime configured by the user is used unchanged. */
    @Test
    void aLifetimeThatTheUserGaveIsKept() throws LinkException {
        CanBoard board = board(new CanSettings(32, Duration.ZERO, false, null, false), setup());
        for (int i = 0; i <= 4; i++) {
            bus.arrives(10 + 8000L * i, 0x1A0, TPDO1);
            bus.arrives(11 + 8000L * i, 0x2A0, TPDO2);
        }
        run(session(false), 32_000, board);
        assertEquals(4, reports.stream().filter(report -> report.failure() != null).count());
    }

    @Test
    void twoBoardsOnOneBus() throws LinkException {
        List<BoardReport> others = new ArrayList<>();
        CanBoard other = new CanBoard(new CanSettings(33, Duration.ZERO, false), setup(), others::add, ticker);
        CanBoard board = listener();
        for (int i = 0; i < 20; i++) {
            bus.arrives(100 * i, 0x1A0, TPDO1);
            bus.arrives(100 * i, 0x2A0, TPDO2);
            bus.arrives(100 * i, 0x1A1, 0x00, 0x9C, 0xFF, 0x0A, 0x0B, 0x50, 0x00, 0x02);
            bus.arrives(100 * i, 0x2A1, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        CanSession session = session(false);
        run(session, 2000, board, other);
        assertEquals(9.0, last().number(Catalogue.CURRENT));
        assertEquals(-10.0, others.get(others.size() - 1).snapshot().number(Catalogue.CURRENT));
        other.leave();
        int before = others.size();
        bus.arrives(2100, 0x1A1, 0x00, 0x9C, 0xFF, 0x0A, 0x0B, 0x50, 0x00, 0x02);
        bus.arrives(2200, 0x1A1, 0x00, 0x9C, 0xFF, 0x0A, 0x0B, 0x50, 0x00, 0x02);
        run(session, 2500, board);
        assertEquals(before, others.size());
    }

    /** An interrupted member has no turn on the bus to announce that it leaves. */
    @Test
    void whoHasLeftHearsNothingAndCostsNothing() throws LinkException {
        CanSession session = session(false);
        List<Integer> heard = new ArrayList<>();
        AtomicBoolean left = new AtomicBoolean();
        session.hear((frame, nanos) -> heard.add(frame.id()), left::get);
        bus.arrives(10, 0x123, 1);
        run(session, 50);
        left.set(true);
        run(session, 60);
        bus.arrives(70, 0x123, 1);
        run(session, 200);
        assertEquals(List.of(0x123), heard);
        assertFalse(bus.isWanted(0x123), "the adapter need not give it any more");
    }

    @Test
    void placesThatTheUserNamed() throws LinkException {
        Map<Point, Location> named = Map.of(Catalogue.MIN_CELL_VOLTAGE,
                new org.openhab.binding.bmsmain.internal.board.PdoLocation(0x4A0, false, 0, 1, WireType.U16,
                        Location.NO_BIT, 0.001),
                Catalogue.RELAY_1,
                new org.openhab.binding.bmsmain.internal.board.PdoLocation(0x4A0, false, 0, 0, WireType.U8, 7, 1),
                Catalogue.HUMIDITY, new org.openhab.binding.bmsmain.internal.board.SdoLocation(0x2005, 1,
                        WireType.REAL32, Location.NO_BIT, 1));
        BoardSetup setup = new BoardSetup(BoardSetup.DEFAULT_RELAY_FUNCTIONS, Arrays.asList(null, null, null, null),
                named, List.of(), STALE, STALE, false);
        bus.others = frame -> {
            if (frame.id() == 0x620) {
                // 45.3 as REAL32
                bus.arrives(ticker.millis() + 1, 0x5A0, 0x43, frame.at(1), frame.at(2), 1, 0x33, 0x33, 0x35, 0x42);
            }
        };
        CanBoard board = board(new CanSettings(32, Duration.ZERO, false), setup);
        CanSession session = session(false);
        run(session, 1000, board);
        bus.arrives(1000, 0x2A0, TPDO2);
        bus.arrives(1001, 0x4A0, 0x80, 0xE6, 0x0C);
        bus.arrives(1002, 0x4A0, 0x00, 0xFF);
        run(session, 1200, board);
        assertEquals(3.302, last().number(Catalogue.MIN_CELL_VOLTAGE));
        assertEquals(Boolean.FALSE, last().flag(Catalogue.RELAY_1), "one byte is enough for the relay");
        assertEquals(45.3, last().number(Catalogue.HUMIDITY));
        assertTrue(bus.sent.stream().allMatch(frame -> frame.endsWith("620 40 05 20 01 00 00 00 00")));
    }

    @Test
    void theLoadOfTheBusCountsAllFrames() throws LinkException {
        CanBoard board = listener();
        // 111 bits in each millisecond, of 250: 44.4 %.
        for (int i = 0; i < 25_000; i++) {
            bus.arrives(i, i % 100 == 0 ? 0x1A0 : 0x123, TPDO1);
        }
        run(session(false), 24_000, board);
        assertEquals(44.4, last().number(Catalogue.BUS_LOAD), 1);
    }

    @Test
    void aBusThatIsGoneSaysSo() throws LinkException {
        CanBoard board = listener();
        CanSession session = session(false);
        run(session, 100, board);
        bus.gone = LinkException.lost(FailureCause.INTERFACE_DOWN, "");
        LinkException e = assertThrows(LinkException.class, () -> run(session, 200, board));
        assertTrue(e.isSessionLost());
        board.unavailable(e.failure());
        assertEquals(FailureCause.INTERFACE_DOWN, lastCause());
    }

    /** The adapter is unplugged between a frame and its report. */
    @Test
    void aFrameThatWasHeardJustBeforeTheBusWasLostDoesNotKeepTheBoardOnline() throws LinkException {
        CanBoard board = listener();
        CanSession session = session(false);
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(10, 0x2A0, TPDO2);
        run(session, 200, board);
        assertNull(lastCause());

        bus.arrives(210, 0x1A0, TPDO1);
        session.idle(215 * TestTicker.MILLI);
        Failure unplugged = Failure.of(FailureCause.PORT_MISSING);
        board.unavailable(unplugged);
        ticker.parkUntil(5209 * TestTicker.MILLI);
        board.watch(ticker.nanos());
        assertNull(lastCause());
        ticker.parkUntil(5210 * TestTicker.MILLI);
        assertEquals(ticker.nanos(), board.deadline());
        board.watch(ticker.nanos());
        assertEquals(FailureCause.PORT_MISSING, lastCause());
        assertFalse(last().isKnown(Catalogue.CURRENT));
    }

    /** The session ended without a notification to the board, which happens after an unexpected exception. */
    @Test
    void aFrameWhoseReportNeverComesDoesNotKeepTheBoardOnline() throws LinkException {
        CanBoard board = listener();
        CanSession session = session(false);
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(10, 0x2A0, TPDO2);
        run(session, 200, board);
        bus.arrives(210, 0x1A0, TPDO1);
        session.idle(215 * TestTicker.MILLI);

        int turns = 0;
        while (ticker.millis() < 6000 && turns++ < 1000) {
            ticker.parkUntil(board.deadline());
            board.watch(ticker.nanos());
            if (lastCause() != null) {
                break;
            }
        }
        assertEquals(FailureCause.NO_ANSWER, lastCause());
        assertEquals(5210, reportedAt.get(reportedAt.size() - 1));
        assertTrue(turns < 10, turns + " turns of the thread");
    }

    @Test
    void measurementsAfterAReconnectWaitAgainForTheWordThatTheBoardDoesNotInitialise() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, TPDO1);
        run(session(false), 100, board);
        board.unavailable(Failure.of(FailureCause.PORT_MISSING));
        ticker.parkUntil(3000 * TestTicker.MILLI);
        CanSession session = session(false);
        board.opened(session);
        int before = reports.size();
        // It initialises: its zeros are no readings.
        bus.arrives(3010, 0x1A0, 0, 0, 0, 0, 0, 0, 0, 0);
        bus.arrives(3300, 0x2A0, 0x00, 0x08, 0, 0, 0, 0, 0, 0);
        run(session, 3500, board);
        assertTrue(reports.size() > before);
        for (BoardReport report : reports.subList(before, reports.size())) {
            assertFalse(report.snapshot().isKnown(Catalogue.VOLTAGE));
        }
    }

    /** The initialisation word was received, but the bus was lost before it was reported. */
    @Test
    void theWordOfABoardThatWasLostBeforeItsFirstReportDoesNotCount() throws LinkException {
        CanBoard board = listener();
        CanSession first = session(false);
        board.serve(first);
        bus.arrives(10, 0x2A0, TPDO2);
        first.idle(15 * TestTicker.MILLI);
        board.unavailable(Failure.of(FailureCause.PORT_MISSING));
        assertEquals(FailureCause.PORT_MISSING, lastCause());
        CanSession second = session(false);
        board.opened(second);
        bus.arrives(1010, 0x1A0, 0, 0, 0, 0, 0, 0, 0, 0);
        bus.arrives(1300, 0x2A0, 0x00, 0x08, 0, 0, 0, 0, 0, 0);
        run(second, 1500, board);
        assertNull(lastCause());
        for (BoardReport report : reports) {
            assertFalse(report.snapshot().isKnown(Catalogue.VOLTAGE));
        }
    }

    /** The heartbeat interval is longer than the lifetime of values. */
    @Test
    void aValueThatIsTooOldGoesWithoutWaitingForTheNextFrame() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(10, 0x2A0, TPDO2);
        bus.arrives(4000, 0x720, 0x05);
        bus.arrives(8000, 0x720, 0x05);
        CanSession session = session(false);
        run(session, 5005, board);
        assertTrue(last().isKnown(Catalogue.CURRENT));
        int before = reports.size();
        run(session, 5040, board);
        assertEquals(before + 1, reports.size());
        assertFalse(last().isKnown(Catalogue.CURRENT));
        assertNull(lastCause());
        run(session, 7900, board);
        assertEquals(before + 1, reports.size(), "nothing new");
    }

    /** The adapter was unplugged some time after the values stopped, but before the last heartbeat expired. */
    @Test
    void aValueThatIsTooOldGoesAlsoWhileTheAdapterIsAway() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(10, 0x2A0, TPDO2);
        bus.arrives(4000, 0x720, 0x05);
        run(session(false), 4200, board);
        board.unavailable(Failure.of(FailureCause.PORT_MISSING));
        ticker.parkUntil(board.deadline());
        assertEquals(5030, ticker.millis());
        board.watch(ticker.nanos());
        assertFalse(last().isKnown(Catalogue.CURRENT));
        assertNull(lastCause());
        ticker.parkUntil(board.deadline());
        board.watch(ticker.nanos());
        assertEquals(9000, ticker.millis());
        assertEquals(FailureCause.PORT_MISSING, lastCause());
    }

    /** Frames of others during the board's absence are not part of the bus load at its return. */
    @Test
    void theLoadOfTheBusIsThatOfNowAlsoAfterTheBoardWasAway() throws LinkException {
        CanBoard board = listener();
        CanSession session = session(false);
        // 111 bits each 10 ms at 250 kbit/s: 4.4 %.
        for (int i = 0; i < 60_000; i++) {
            bus.arrives(10 * i, 0x123, 1, 2, 3, 4, 5, 6, 7, 8);
        }
        bus.arrives(600_000, 0x1A0, TPDO1);
        bus.arrives(600_000, 0x2A0, TPDO2);
        for (int i = 0; i < 200; i++) {
            bus.arrives(600_100 + 100 * i, 0x1A0, TPDO1);
            bus.arrives(600_100 + 100 * i, 0x2A0, TPDO2);
        }
        run(session, 620_000, board);
        for (BoardReport report : reports) {
            double load = report.snapshot().number(Catalogue.BUS_LOAD);
            assertTrue(Double.isNaN(load) || load >= 0.5 && load <= 4.5, load + " %");
        }
        assertTrue(last().isKnown(Catalogue.BUS_LOAD));
    }

    /** Frames with the board's node ID other than heartbeats do not make the node ID wrong. */
    @Test
    void theNodeItselfIsNoStranger() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x720, 0x05, 0x05);
        run(session(false), 6000, board);
        assertEquals(FailureCause.NO_ANSWER, lastCause());
    }

    /** Only the board is missing: requests are not acknowledged, and the controller reports errors. */
    @Test
    void aControllerThatIsAloneOnTheBusIsNoDamagedBus() throws LinkException {
        CanBoard board = board(32, true, 0);
        bus.state = CanAdapter.State.PASSIVE;
        bus.statistics.unacknowledged();
        run(session(false), 6000, board);
        assertEquals(FailureCause.NO_ANSWER, lastCause());
    }

    @Test
    void aBoardThatHasStartedIsAskedAgainForWhatItRefused() throws LinkException {
        CanBoard board = board(32, true, 0);
        bus.others = frame -> {
            if (frame.id() == 0x620) {
                bus.arrives(ticker.millis() + 1, 0x5A0, 0x80, frame.at(1), frame.at(2), frame.at(3), 0, 0, 0x02, 0x06);
            }
        };
        CanSession session = session(false);
        run(session, 20_000, board);
        int refused = bus.sent.size();
        run(session, 40_000, board);
        assertEquals(refused, bus.sent.size());
        bus.others = frame -> {
        };
        bus.arrives(40_100, 0x720, 0x00);
        run(session, 45_000, board);
        assertTrue(bus.sent.size() > refused);
    }

    private CanBoard looking(List<String> found) {
        return new CanBoard(new CanSettings(32, Duration.ZERO, true), setup(), reports::add, new NodeListener() {
            @Override
            public void heard(int node, boolean isBoard) {
                found.add(ticker.millis() + ": " + node + (isBoard ? " board" : ""));
            }

            @Override
            public void taken(int node) {
                found.add(ticker.millis() + ": " + node + " taken");
            }
        }, ticker);
    }

    /**
     * A node is detected immediately by both of its objects and a heartbeat, by heartbeats alone at the second one;
     * never by requests.
     */
    @Test
    void tellsOfOtherNodesThatAreHeard() throws LinkException {
        List<String> found = new ArrayList<>();
        CanBoard board = looking(found);
        bus.arrives(10, 0x1A0, TPDO1);
        bus.arrives(11, 0x2A0, TPDO2);
        bus.arrives(12, 0x720, 0x05);
        // Node 33 sends what a board sends.
        bus.arrives(20, 0x1A1, TPDO1);
        bus.arrives(21, 0x2A1, TPDO2);
        bus.arrives(22, 0x721, 0x05);
        // Node 5 has a heartbeat, and objects of another shape.
        bus.arrives(100, 0x705, 0x05);
        bus.arrives(101, 0x185, 1, 2, 3, 4);
        bus.arrives(102, 0x285, 0, 0, 0, 0xFF, 0, 0, 0, 0);
        bus.arrives(1100, 0x705, 0x05);
        bus.arrives(2200, 0x705, 0x05);
        bus.arrives(3300, 0x705, 0x05);
        // Node 6 was one damaged frame; others are no nodes.
        bus.arrives(3400, 0x706, 0x05);
        bus.arrives(3401, 0x700, 0x05);
        bus.arrives(3402, 0x7E5, 0x05);
        bus.arrives(3403, 0x1A1, TPDO1);
        CanSession session = session(true);
        run(session, 4000, board);
        assertEquals(List.of("0: 32 taken", "22: 33 board", "2200: 5"), found);
        assertEquals(List.of(), bus.sent);

        bus.arrives(302_000, 0x721, 0x05);
        bus.arrives(302_200, 0x705, 0x05);
        run(session, 303_000, board);
        assertEquals(List.of("302000: 33 board", "302200: 5"), found.subList(3, found.size()));
    }

    @Test
    void aNodeOfWhichMoreIsHeardLaterIsToldOfAgain() throws LinkException {
        List<String> found = new ArrayList<>();
        CanBoard board = looking(found);
        for (int i = 0; i < 4; i++) {
            bus.arrives(100 + 1000 * i, 0x721, 0x7F);
        }
        bus.arrives(3200, 0x1A1, TPDO1);
        bus.arrives(3201, 0x2A1, TPDO2);
        run(session(false), 4000, board);
        assertEquals(List.of("0: 32 taken", "2100: 33", "3201: 33 board"), found);
    }

    @Test
    void aNodeThatIsABoardOfTheBusIsNotToldOf() throws LinkException {
        List<String> found = new ArrayList<>();
        CanBoard board = looking(found);
        CanBoard other = board(33, false, 0);
        for (int i = 0; i < 5; i++) {
            bus.arrives(100 + 1000 * i, 0x721, 0x05);
            bus.arrives(101 + 1000 * i, 0x1A1, TPDO1);
            bus.arrives(102 + 1000 * i, 0x2A1, TPDO2);
        }
        CanSession session = session(false);
        run(session, 3000, board, other);
        assertEquals(List.of("0: 32 taken", "0: 33 taken"), found);
        other.leave();
        run(session, 6000, board);
        assertEquals(List.of("3102: 33 board"), found.subList(2, found.size()));
    }

    // ---- the values of one frame ----

    /** 80 %, +9.0 A, 52.0 V. */
    private static final int[] FULL = { 0x02, 0x5A, 0x00, 0x19, 0x1A, 80, 0x08, 0x02 };
    /** 15 %, -40.0 A, 47.0 V. */
    private static final int[] EMPTY = { 0x02, 0x70, 0xFE, 0x19, 0x1A, 15, 0xD6, 0x01 };
    private static final int[] NO_FAULT = { 0x2C, 0x00, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00 };
    private static final int[] OVERCURRENT = { 0x2C, 0x00, 0xC0, 0x00, 0x01, 0x00, 0x00, 0x00 };
    private static final int[] ZERO = new int[8];

    private static int[] with(int[] frame, int place, int value) {
        int[] changed = frame.clone();
        changed[place] = value;
        return changed;
    }

    /** TPDO1 values of one report, as text. */
    private static String shown(BoardSnapshot snapshot) {
        return snapshot.number(Catalogue.STATE_OF_CHARGE) + " % " + snapshot.number(Catalogue.CURRENT) + " A "
                + snapshot.number(Catalogue.VOLTAGE) + " V";
    }

    private static final String SHOWS_FULL = "80.0 % 9.0 A 52.0 V";
    private static final String SHOWS_EMPTY = "15.0 % -40.0 A 47.0 V";
    private static final String SHOWS_NOTHING = "NaN % NaN A NaN V";

    private List<String> allShown() {
        return reports.stream().map(report -> shown(report.snapshot())).distinct().toList();
    }

    @Test
    void theValuesOfAFrameWaitTogether() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, FULL);
        bus.arrives(11, 0x2A0, NO_FAULT);
        bus.arrives(1000, 0x1A0, EMPTY);
        CanSession session = session(false);
        run(session, 1900, board);
        assertEquals(List.of(SHOWS_FULL), allShown());
        assertEquals(1, last().number(Catalogue.REJECTED_VALUES), "only the one that jumped is counted");
        bus.arrives(2000, 0x1A0, EMPTY);
        run(session, 2200, board);
        assertEquals(List.of(SHOWS_FULL, SHOWS_EMPTY), allShown());
    }

    /** Values of an unconfirmed frame are not published together with those of another. */
    @Test
    void theOtherObjectsWaitWithTheFirst() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, FULL);
        bus.arrives(11, 0x2A0, NO_FAULT);
        bus.arrives(1000, 0x1A0, EMPTY);
        bus.arrives(1001, 0x2A0, OVERCURRENT);
        bus.arrives(2000, 0x1A0, FULL);
        CanSession session = session(false);
        run(session, 2900, board);
        assertEquals(List.of(SHOWS_FULL), allShown());
        assertEquals(Boolean.FALSE, last().flag(Catalogue.OVERCURRENT));
        // The same, confirmed.
        bus.arrives(3000, 0x1A0, EMPTY);
        bus.arrives(3001, 0x2A0, OVERCURRENT);
        bus.arrives(4000, 0x1A0, EMPTY);
        run(session, 4900, board);
        assertTrue(reports.stream().allMatch(
                report -> SHOWS_EMPTY.equals(shown(report.snapshot())) == report.snapshot().isSet(Catalogue.OVERCURRENT)
                        || !report.snapshot().isKnown(Catalogue.OVERCURRENT)));
    }

    /** A sensor was present and is now absent: the frame waits once, then the other values continue without it. */
    @Test
    void aValueThatIsImpossibleForLongConcernsItselfAlone() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, FULL);
        bus.arrives(11, 0x2A0, NO_FAULT);
        bus.arrives(1000, 0x1A0, with(EMPTY, 3, 0x80));
        CanSession session = session(false);
        run(session, 1900, board);
        assertEquals(SHOWS_FULL, shown(last()));
        assertEquals(25, last().number(Catalogue.MIN_CELL_TEMPERATURE));
        for (int i = 2; i < 6; i++) {
            bus.arrives(1000 * i, 0x1A0, with(with(FULL, 1, i), 3, 0x80));
            bus.arrives(1000 * i, 0x2A0, NO_FAULT);
        }
        run(session, 5900, board);
        assertFalse(last().isKnown(Catalogue.MIN_CELL_TEMPERATURE));
        assertEquals(26, last().number(Catalogue.MAX_CELL_TEMPERATURE));
        assertEquals(0.5, last().number(Catalogue.CURRENT));
        bus.arrives(6000, 0x1A0, FULL);
        run(session, 6200, board);
        assertEquals(25, last().number(Catalogue.MIN_CELL_TEMPERATURE));
    }

    /** A value that is never confirmed does not hold back the other values of its frame forever. */
    @Test
    void aValueThatGoesOnJumpingConcernsItselfAlone() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, FULL);
        bus.arrives(11, 0x2A0, NO_FAULT);
        for (int i = 1; i < 20; i++) {
            // Temperatures of -60 to 122 degrees, none near the one before.
            bus.arrives(500 * i, 0x1A0, with(with(FULL, 1, i), 3, i * 37 % 180 - 58 & 0xFF));
            bus.arrives(500 * i, 0x2A0, NO_FAULT);
        }
        run(session(false), 10_000, board);
        assertEquals(1.9, last().number(Catalogue.CURRENT), 0.31);
        double least = last().number(Catalogue.MIN_CELL_TEMPERATURE);
        assertTrue(Double.isNaN(least) || least == 25, "least " + least);
    }

    @Test
    void aLeastTemperatureAboveTheGreatestMakesBothUnknown() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, with(with(FULL, 3, 100), 4, 20));
        bus.arrives(11, 0x2A0, NO_FAULT);
        run(session(false), 200, board);
        assertFalse(last().isKnown(Catalogue.MIN_CELL_TEMPERATURE));
        assertFalse(last().isKnown(Catalogue.MAX_CELL_TEMPERATURE));
        assertEquals(SHOWS_FULL, shown(last()));
    }

    // ---- a board without readings ----

    private static final int[][] WITHOUT_READINGS = { ZERO, { 0, 0, 0, 0x64, 0x9C, 0, 0, 0 },
            { 2, 0, 0, 0x19, 0x1A, 80, 0, 0 }, { 0, 0, 0, 0, 0, 80, 0, 0 } };

    /**
     * Its boot-up message is lost. In any order of its objects, no report contains 0 %, open contactors or no fault.
     */
    @ParameterizedTest
    @CsvSource({ "0, 0 1 2", "0, 1 2 0", "0, 2 1 0", "1, 1 0 2", "2, 1 0 2", "3, 2 0 1" })
    void aBoardThatStartsHasNoReadings(int which, String order) throws LinkException {
        int[][] real = { FULL, OVERCURRENT, { 1, 0, 0, 0, 0, 0, 0, 0 } };
        int[][] empty = { WITHOUT_READINGS[which], ZERO, ZERO };
        CanBoard board = listener();
        for (int i = 0; i < 150; i++) {
            int at = 100 * i;
            boolean starts = i >= 50 && i < 100;
            for (String each : order.split(" ")) {
                int object = Integer.parseInt(each);
                bus.arrives(at, 0x1A0 + 0x100 * object, (starts ? empty : real)[object]);
                // Far apart, so that each could be reported alone.
                at += 30;
            }
        }
        CanSession session = session(false);
        run(session, 5000, board);
        assertEquals(SHOWS_FULL, shown(last()));
        run(session, 5200, board);
        for (int i = 0; i < 24; i++) {
            assertNull(lastCause());
            assertEquals(SHOWS_NOTHING, shown(last()));
            assertFalse(last().isKnown(Catalogue.ERRORS_1));
            assertFalse(last().isKnown(Catalogue.ALARM));
            assertFalse(last().isKnown(Catalogue.CHARGING_CONTACTOR));
            assertFalse(last().isKnown(Catalogue.RELAY_1));
            run(session, 5200 + 200 * i, board);
        }
        run(session, 10_250, board);
        assertEquals(SHOWS_FULL, shown(last()), "at once");
        assertTrue(last().isSet(Catalogue.OVERCURRENT));
        run(session, 15_000, board);
        for (BoardReport report : reports) {
            BoardSnapshot snapshot = report.snapshot();
            assertTrue(List.of(SHOWS_FULL, SHOWS_NOTHING).contains(shown(snapshot)), shown(snapshot));
            assertNotEquals(Boolean.FALSE, snapshot.flag(Catalogue.OVERCURRENT));
            assertNotEquals(Boolean.FALSE, snapshot.flag(Catalogue.CHARGING_CONTACTOR));
            assertNotEquals(Boolean.FALSE, snapshot.flag(Catalogue.LOW_TEMPERATURE_CHARGING));
        }
    }

    /** 50 ms before the first object indicates that the board has no readings. */
    @Test
    void zerosOfTheSecondObjectWaitForTheFirst() throws LinkException {
        CanBoard board = listener();
        bus.arrives(10, 0x1A0, FULL);
        bus.arrives(12, 0x2A0, OVERCURRENT);
        bus.arrives(1000, 0x2A0, ZERO);
        CanSession session = session(false);
        run(session, 1049, board);
        assertEquals(Boolean.TRUE, last().flag(Catalogue.OVERCURRENT));
        bus.arrives(1050, 0x1A0, ZERO);
        run(session, 1200, board);
        assertFalse(last().isKnown(Catalogue.OVERCURRENT));
        // Zeros from before the first reading are not the state of the board at that time.
        bus.arrives(1300, 0x2A0, ZERO);
        bus.arrives(1350, 0x1A0, FULL);
        run(session, 2400, board);
        assertEquals(SHOWS_FULL, shown(last()));
        assertFalse(last().isKnown(Catalogue.OVERCURRENT));
    }

    /** For a board with open contactors and without faults, zeros are valid. */
    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 40, 90 })
    void zerosOfAHealthyBoardAreSignals(int millisBehind) throws LinkException {
        CanBoard board = listener();
        for (int i = 0; i < 10; i++) {
            bus.arrives(100 * i, 0x1A0, FULL);
            bus.arrives(100 * i + millisBehind, 0x2A0, ZERO);
            bus.arrives(100 * i + millisBehind, 0x3A0, ZERO);
        }
        run(session(false), 400, board);
        assertEquals(Boolean.FALSE, last().flag(Catalogue.OVERCURRENT));
        assertEquals(Boolean.FALSE, last().flag(Catalogue.INITIALISATION));
        assertEquals(0, last().number(Catalogue.ACTIVE_COUNT));
        assertEquals(SHOWS_FULL, shown(last()));
    }

    /** A board that has lost all BMS Logic boards measures nothing, but reports why. */
    @Test
    void faultsAreShownOfABoardWithoutReadings() throws LinkException {
        CanBoard board = listener();
        for (int i = 0; i < 10; i++) {
            bus.arrives(100 * i, 0x1A0, WITHOUT_READINGS[2]);
            bus.arrives(100 * i + 1, 0x2A0, with(NO_FAULT, 5, 2));
        }
        run(session(false), 1000, board);
        assertEquals(Boolean.TRUE, last().flag(Catalogue.BMS_LOGIC_OFFLINE));
        assertEquals(SHOWS_NOTHING, shown(last()));
    }

    /** Values read from it by SDO meanwhile are as empty as the others. */
    @Test
    void zerosThatAreReadFromABoardWithoutReadingsDoNotCount() throws LinkException {
        bus.others = frame -> {
            if (frame.id() == 0x620) {
                bus.arrives(ticker.millis() + 3, 0x5A0, frame.at(2) == 0x40 && frame.at(1) == 0x20 ? 0x43 : 0x4B,
                        frame.at(1), frame.at(2), 0, 0, 0, 0, 0);
            }
        };
        CanBoard board = board(32, true, 0);
        CanSession session = session(false);
        for (int i = 1; i < 40; i++) {
            bus.arrives(ticker.millis() + 1, 0x1A0, ZERO);
            run(session, 100 * i, board);
        }
        assertTrue(bus.sent.size() >= 3);
        assertFalse(last().isKnown(Catalogue.OVERCURRENT));
        assertFalse(last().isKnown(Catalogue.CHARGER_CONNECTED));
    }

    // ---- two boards with one node id ----

    /** Both respond to each SYNC; the second board is added later and removed again. */
    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void twoBoardsWithOneNodeId(boolean anyOrder) throws LinkException {
        CanBoard board = listener();
        Random random = new Random(4);
        for (int i = 0; i < 60; i++) {
            int at = 1000 * i;
            boolean both = i >= 10 && i < 30;
            boolean swapped = anyOrder && both && random.nextBoolean();
            bus.arrives(at + 1, 0x1A0, swapped ? EMPTY : FULL);
            if (both) {
                bus.arrives(at + 2, 0x1A0, swapped ? FULL : EMPTY);
            }
            bus.arrives(at + 3, 0x2A0, swapped ? OVERCURRENT : NO_FAULT);
            if (both) {
                bus.arrives(at + 4, 0x2A0, swapped ? NO_FAULT : OVERCURRENT);
            }
            bus.arrives(at + 500, 0x720, 0x05);
        }
        CanSession session = session(false);
        run(session, 9_900, board);
        assertEquals(List.of(SHOWS_FULL), allShown());
        run(session, 17_000, board);
        assertEquals(FailureCause.DUPLICATE_NODE_ID, lastCause());
        int noticed = reports.size();
        assertFalse(last().isKnown(Catalogue.CURRENT));
        run(session, 30_000, board);
        assertEquals(noticed, reports.size(), "told once");
        run(session, 45_000, board);
        assertNull(lastCause(), "alone again");
        assertEquals(SHOWS_FULL, shown(last()));
        for (BoardReport report : reports) {
            assertTrue(List.of(SHOWS_FULL, SHOWS_NOTHING).contains(shown(report.snapshot())));
            assertNotEquals(Boolean.TRUE, report.snapshot().flag(Catalogue.OVERCURRENT));
        }
    }

    /** The cell voltages of both boards are close, so only the doubt keeps that of the second one away. */
    @Test
    void aPdoThatTheUserNamedOfTwoBoards() throws LinkException {
        BoardSetup setup = new BoardSetup(BoardSetup.DEFAULT_RELAY_FUNCTIONS, Arrays.asList(null, null, null, null),
                Map.of(Catalogue.MIN_CELL_VOLTAGE, new org.openhab.binding.bmsmain.internal.board.PdoLocation(0x4A0,
                        false, 0, 0, WireType.U16, Location.NO_BIT, 0.001)),
                List.of(), STALE, STALE, false);
        CanBoard board = board(new CanSettings(32, Duration.ZERO, false), setup);
        for (int i = 0; i < 20; i++) {
            int at = 1000 * i;
            bus.arrives(at + 1, 0x1A0, FULL);
            if (i >= 10) {
                bus.arrives(at + 2, 0x1A0, EMPTY);
            }
            // 3.300 V and 3.290 V
            bus.arrives(at + 3, 0x4A0, 0xE4, 0x0C);
            if (i >= 10) {
                bus.arrives(at + 4, 0x4A0, 0xDA, 0x0C);
            }
        }
        CanSession session = session(false);
        run(session, 9_900, board);
        assertEquals(3.3, last().number(Catalogue.MIN_CELL_VOLTAGE));
        run(session, 19_000, board);
        assertEquals(FailureCause.DUPLICATE_NODE_ID, lastCause());
        for (BoardReport report : reports) {
            assertNotEquals(3.29, report.snapshot().number(Catalogue.MIN_CELL_VOLTAGE));
        }
    }

    /** No values of either are published if both were there from the start. */
    @Test
    void twoBoardsFromTheBeginning() throws LinkException {
        answerSdo();
        CanBoard board = board(32, true, 0);
        CanSession session = session(false);
        for (int i = 0; i < 5; i++) {
            run(session, 500 + 1000 * i, board);
            long at = ticker.millis();
            bus.arrives(at, 0x1A0, FULL);
            bus.arrives(at, 0x1A0, EMPTY);
            bus.arrives(at, 0x2A0, NO_FAULT);
            bus.arrives(at, 0x2A0, OVERCURRENT);
        }
        run(session, 6000, board);
        assertEquals(FailureCause.DUPLICATE_NODE_ID, lastCause());
        assertEquals(List.of(SHOWS_NOTHING), allShown());
    }

    /** A command would reach both boards. */
    @Test
    void nothingIsCommandedWhereTwoBoardsHear() throws LinkException {
        CommandQueue commands = new CommandQueue(ticker);
        CanBoard board = board(new CanSettings(32, Duration.ZERO, false, commands), setup());
        CanSession session = session(false);
        for (int i = 0; i < 10; i++) {
            bus.arrives(100 * i, 0x1A0, FULL);
            bus.arrives(100 * i + 2, 0x1A0, EMPTY);
        }
        run(session, 1000, board);
        List<ControlOutcome> outcomes = new ArrayList<>();
        commands.submit(Catalogue.CHARGE_REQUEST, SignalOverride.ON, outcomes::add);
        run(session, 1500, board);
        assertEquals(List.of(ControlOutcome.Result.LINK_DOWN), outcomes.stream().map(ControlOutcome::result).toList());
        assertEquals(List.of(), bus.sent);
    }

    /** Both fall silent: then the link is lost, and a board that returns starts without this history. */
    @Test
    void twoBoardsThatFallSilent() throws LinkException {
        CanBoard board = listener();
        for (int i = 0; i < 10; i++) {
            bus.arrives(100 * i, 0x1A0, FULL);
            bus.arrives(100 * i + 2, 0x1A0, EMPTY);
        }
        CanSession session = session(false);
        run(session, 5000, board);
        assertEquals(FailureCause.DUPLICATE_NODE_ID, lastCause());
        run(session, 12_000, board);
        assertEquals(FailureCause.NO_ANSWER, lastCause());
        bus.arrives(13_000, 0x1A0, FULL);
        bus.arrives(13_001, 0x2A0, NO_FAULT);
        run(session, 13_200, board);
        assertNull(lastCause());
        assertEquals(SHOWS_FULL, shown(last()));
    }

    // ---- frames of others ----

    /** Batteries and inverters use the identifiers of process data in other ways. */
    @Test
    void framesOfOtherProtocolsMakeNoNode() throws LinkException {
        List<String> found = new ArrayList<>();
        CanBoard board = looking(found);
        Random random = new Random(6);
        for (int i = 0; i < 600; i++) {
            for (int id : new int[] { 0x305, 0x351, 0x355, 0x359, 0x35C, 0x380, 0x381, 0x382 }) {
                bus.arrives(100 * i, id, 0x14, 0x02, 0x74, 0x0E, 0x74, 0x0E, 0xCC, 0x01);
            }
            // Zeros, constant data, and changing data.
            bus.arrives(100 * i, 0x190, ZERO);
            bus.arrives(100 * i, 0x290, ZERO);
            bus.arrives(100 * i, 0x1D0, TPDO1);
            bus.arrives(100 * i, 0x2D0, 0xFF, 0, 0, 0xFF, 0, 0, 0, 0);
            bus.arrives(100 * i, 0x191, random.ints(8, 0, 256).toArray());
            bus.arrives(100 * i, 0x291, random.ints(8, 0, 256).toArray());
        }
        run(session(true), 60_000, board);
        assertEquals(List.of("0: 32 taken"), found);
    }

    @Test
    void aBoardWithoutAHeartbeatIsToldOfWhenItsObjectsHaveBeenHeardRepeatedly() throws LinkException {
        List<String> found = new ArrayList<>();
        CanBoard board = looking(found);
        for (int i = 0; i < 5; i++) {
            bus.arrives(100 + 1000 * i, 0x1A1, TPDO1);
            bus.arrives(101 + 1000 * i, 0x2A1, TPDO2);
        }
        run(session(true), 6000, board);
        assertEquals(List.of("0: 32 taken", "1101: 33 board"), found);
    }
}
