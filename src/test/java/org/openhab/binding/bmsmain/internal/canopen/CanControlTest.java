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
import java.util.Locale;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.PdoLocation;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SdoLocation;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Commands over CANopen, frame by frame. Without control there is no SDO download.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CanControlTest {

    private static final Duration STALE = Duration.ofSeconds(5);
    private static final Point CHARGE_REQUEST = Catalogue.SIGNALS.get(8);

    /** Reaction of the board to a download. */
    private enum Manner {
        OBEYS,
        IGNORES,
        REFUSES,
        IS_SILENT,
        ANSWERS_LATE
    }

    private final TestTicker ticker = new TestTicker();
    private final TestAdapter bus = new TestAdapter(ticker);
    private final List<BoardReport> reports = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private final CommandQueue commandQueue = new CommandQueue(ticker);
    private final CanSession session = new CanSession(bus, false, 250_000, ticker);
    private Manner manner = Manner.OBEYS;
    private int abortCode;
    private int signals;
    private int shown;
    private long silentFrom = Long.MAX_VALUE;

    private CanBoard board(@Nullable CommandQueue commands) {
        bus.others = this::hear;
        return new CanBoard(new CanSettings(32, Duration.ZERO, true, commands), BoardSetup.standard(STALE, STALE),
                reports::add, ticker);
    }

    /** The SDO server of node 32: control at 0x5100:(n + 1), signals at 0x4000 and 0x4001. */
    private void hear(CanFrame frame) {
        if (frame.id() != 0x620 || ticker.millis() >= silentFrom) {
            return;
        }
        int index = (int) frame.number(1, 2);
        int sub = frame.at(3);
        if (frame.at(0) == 0x40) {
            int word = index == 0x4000 ? signals & 0xFFFF : index == 0x4001 ? signals >> 16 : 0;
            int command = index == 0x4020 ? 0x43 : 0x4B;
            answer(1, command, index, sub, word & 0xFF, word >> 8, 0, 0);
            return;
        }
        boolean obeys = manner == Manner.OBEYS || manner == Manner.ANSWERS_LATE;
        if (obeys) {
            int bit = 1 << sub - 1;
            signals = frame.at(4) == 1 ? signals | bit : signals & ~bit;
        }
        switch (manner) {
            case REFUSES:
                answer(1, 0x80, index, sub, abortCode, abortCode >> 8, abortCode >> 16, abortCode >> 24);
                break;
            case IS_SILENT:
                break;
            default:
                answer(manner == Manner.ANSWERS_LATE ? 700 : 1, 0x60, index, sub, 0, 0, 0, 0);
                break;
        }
    }

    private void answer(long millis, int command, int index, int sub, int a, int b, int c, int d) {
        bus.arrives(ticker.millis() + millis, 0x5A0, command, index & 0xFF, index >> 8, sub, a & 0xFF, b & 0xFF,
                c & 0xFF, d & 0xFF);
    }

    /** Does the work of the bus thread for some time. */
    private void run(CanBoard board, long millis) throws LinkException {
        long until = ticker.nanos() + millis * TestTicker.MILLI;
        while (ticker.nanos() < until) {
            long now = ticker.nanos();
            if (board.due() <= now) {
                board.serve(session);
            } else {
                session.idle(Math.min(until, Math.min(board.due(), board.deadline())));
            }
            if (board.deadline() <= ticker.nanos()) {
                board.watch(ticker.nanos());
            }
        }
    }

    private void submit(Point signal, SignalOverride force) {
        commandQueue.submit(signal, force,
                outcome -> outcomes.add(outcome.result() + (outcome.detail().isEmpty() ? "" : " " + outcome.detail())));
    }

    /** Frames sent to the board that do not belong to uploads. */
    private List<String> downloads() {
        return bus.sent.stream().map(line -> line.substring(line.indexOf(' ') + 1))
                .filter(frame -> !frame.startsWith("620 40")).toList();
    }

    @Test
    void withoutControlNothingButUploadsLeavesTheBus() throws LinkException {
        CanBoard board = board(null);
        run(board, 60_000);
        silentFrom = ticker.millis();
        run(board, 20_000);
        silentFrom = Long.MAX_VALUE;
        run(board, 60_000);
        assertTrue(bus.sent.size() > 100);
        assertEquals(List.of(), downloads());
    }

    @Test
    void withControlNothingIsWrittenUncommanded() throws LinkException {
        CanBoard board = board(commandQueue);
        run(board, 60_000);
        board.opened(session);
        run(board, 60_000);
        assertEquals(List.of(), downloads());
    }

    /** Every command of the table: object, sub-index, two bytes; written once and confirmed. */
    @ParameterizedTest
    @EnumSource
    void eachCommandIsWrittenOnceAndConfirmed(SignalOverride force) throws LinkException {
        CanBoard board = board(commandQueue);
        run(board, 3000);
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 22; n++) {
            submit(Catalogue.SIGNALS.get(n), force);
            run(board, 1000);
            // 0x5100:(n + 1), U16
            expected.add(String.format(Locale.ROOT, "620 2B 00 51 %02X %02X 00 00 00", n + 1,
                    force == SignalOverride.PHYSICAL ? 2 : force == SignalOverride.ON ? 1 : 0));
            assertEquals(n + 1, outcomes.size(), Catalogue.SIGNALS.get(n).id());
            assertEquals("CONFIRMED", outcomes.get(n), Catalogue.SIGNALS.get(n).id());
        }
        run(board, 30_000);
        assertEquals(expected, downloads());
        assertEquals(force == SignalOverride.ON, reports.get(reports.size() - 1).snapshot().isSet(CHARGE_REQUEST));
    }

    @Test
    void aBoardThatIgnoresADownload() throws LinkException {
        manner = Manner.IGNORES;
        CanBoard board = board(commandQueue);
        run(board, 3000);
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 1900);
        assertEquals(List.of(), outcomes);
        run(board, 400);
        assertEquals(List.of("NOT_CONFIRMED"), outcomes);
        run(board, 30_000);
        assertEquals(List.of("620 2B 00 51 09 01 00 00 00"), downloads());
    }

    @ParameterizedTest
    @CsvSource({ "0x06020000", "0x06090011", "0x06010002", "0x06090030", "0x08000000", "0x08000022" })
    void aBoardThatRefusesADownload(String code) throws LinkException {
        manner = Manner.REFUSES;
        abortCode = Integer.decode(code);
        CanBoard board = board(commandQueue);
        run(board, 3000);
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 30_000);
        assertEquals(1, outcomes.size());
        assertTrue(outcomes.get(0).startsWith("REFUSED 0x") && outcomes.get(0).contains(code.substring(3)),
                outcomes.get(0));
        assertEquals(List.of("620 2B 00 51 09 01 00 00 00"), downloads());
    }

    @ParameterizedTest
    @EnumSource(names = { "IS_SILENT", "ANSWERS_LATE" })
    void aBoardThatDoesNotAcknowledgeInTime(Manner late) throws LinkException {
        manner = late;
        CanBoard board = board(commandQueue);
        run(board, 3000);
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 30_000);
        assertEquals(List.of("NO_ANSWER"), outcomes);
        assertEquals(List.of("620 2B 00 51 09 01 00 00 00"), downloads());
    }

    @Test
    void whileTheBoardIsOfflineNothingIsWritten() throws LinkException {
        CanBoard board = board(commandQueue);
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 3000);
        silentFrom = ticker.millis();
        run(board, 20_000);
        assertFalse(reports.get(reports.size() - 1).isOnline());
        submit(CHARGE_REQUEST, SignalOverride.ON);
        assertEquals(List.of("LINK_DOWN", "LINK_DOWN"), outcomes);
        silentFrom = Long.MAX_VALUE;
        run(board, 20_000);
        assertTrue(reports.get(reports.size() - 1).isOnline());
        assertEquals(List.of(), downloads());
    }

    /** It waits for the upload of an object that gets no response. */
    @Test
    void aCommandThatWaitsOnTheBusIsNotSentBehindItsOutcome() throws LinkException {
        CanBoard board = board(commandQueue);
        run(board, 3000);
        silentFrom = ticker.millis();
        session.read(32, 0x1008, 0, nobody());
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 100);
        assertEquals(List.of(), downloads());
        // Control is switched off, or the Thing is removed.
        commandQueue.setReady(false);
        assertEquals(List.of("LINK_DOWN"), outcomes);
        silentFrom = Long.MAX_VALUE;
        run(board, 30_000);
        assertEquals(List.of(), downloads());
    }

    /** A large object is uploaded in segments, each within its timeout. */
    @Test
    void aCommandThatWaitsOnTheBusForMoreThanTwoSecondsIsNotSent() throws LinkException {
        CanBoard board = board(commandQueue);
        run(board, 3000);
        bus.others = frame -> {
            if (frame.id() == 0x620 && frame.at(1) == 0x08) {
                answer(1, 0x40, 0x1008, 0, 0, 0, 0, 0);
            } else if (frame.at(0) == 0x60 || frame.at(0) == 0x70) {
                answer(400, frame.at(0) == 0x60 ? 0x0E : 0x1E, 0, 0, 0, 0, 0, 0);
            } else {
                hear(frame);
            }
        };
        session.read(32, 0x1008, 0, nobody());
        run(board, 100);
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 1900);
        assertEquals(List.of(), outcomes);
        run(board, 300);
        assertEquals(List.of("NOT_SENT"), outcomes);
        run(board, 30_000);
        assertEquals(List.of(), downloads().stream().filter(frame -> frame.startsWith("620 2")).toList());
    }

    /** The link to the board was lost while its acknowledgement was pending, and was back before it arrived. */
    @Test
    void theAcknowledgementOfAnInterruptedCommandIsNotThatOfTheNext() throws LinkException {
        CanBoard board = board(commandQueue);
        run(board, 3000);
        manner = Manner.IS_SILENT;
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 50);
        commandQueue.setReady(false);
        commandQueue.setReady(true);
        submit(CHARGE_REQUEST, SignalOverride.PHYSICAL);
        run(board, 50);
        answer(1, 0x60, 0x5100, 9, 0, 0, 0, 0);
        run(board, 20);
        assertEquals(List.of("NO_ANSWER"), outcomes);
        run(board, 600);
        assertEquals(List.of("NO_ANSWER", "NO_ANSWER"), outcomes);
        assertEquals(2, downloads().size());
    }

    private static SdoListener nobody() {
        return new SdoListener() {
            @Override
            public void done(byte[] data, long roundTripNanos) {
                // ignored
            }

            @Override
            public void aborted(int abortCode) {
                // ignored
            }
        };
    }

    private static BoardSetup setup(Location place) {
        return new BoardSetup(BoardSetup.DEFAULT_RELAY_FUNCTIONS, Arrays.asList(null, null, null, null),
                Map.of(CHARGE_REQUEST, place), List.of(), STALE, STALE, false);
    }

    private CanBoard boardThatShows(Location place) {
        CanBoard board = new CanBoard(new CanSettings(32, Duration.ZERO, true, commandQueue), setup(place),
                reports::add, ticker);
        bus.others = frame -> {
            if (frame.id() == 0x620 && frame.at(0) == 0x40 && frame.at(1) == 0x50) {
                answer(1, 0x4B, 0x2150, 0, (shown & 1) << 3, 0, 0, 0);
            } else {
                hear(frame);
            }
            if (frame.at(0) == 0x2B && shown == 1) {
                bus.arrives(ticker.millis() + 30, 0x4A0, 0x04);
            }
        };
        return board;
    }

    /** The user configured another location of the signals; the default location is meaningless. */
    @Test
    void theSignalIsReadBackWhereItIsRead() throws LinkException {
        CanBoard board = boardThatShows(new SdoLocation(0x2150, 0, WireType.U16, 3, 1));
        run(board, 3000);
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 3000);
        assertEquals(List.of("NOT_CONFIRMED"), outcomes);
        shown = 1;
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 3000);
        assertEquals(List.of("NOT_CONFIRMED", "CONFIRMED"), outcomes);
    }

    /** Unsolicited frames of the board confirm a command; those before the acknowledgement do not. */
    @Test
    void theSignalIsHeardBackWhereItIsHeard() throws LinkException {
        CanBoard board = boardThatShows(new PdoLocation(0x4A0, false, 0, 0, WireType.U8, 2, 1));
        run(board, 3000);
        bus.arrives(ticker.millis() + 10, 0x4A0, 0x04);
        run(board, 100);
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 3000);
        assertEquals(List.of("NOT_CONFIRMED"), outcomes);
        shown = 1;
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 300);
        assertEquals(List.of("NOT_CONFIRMED", "CONFIRMED"), outcomes);
    }

    @Test
    void theEndOfTheBusIsAnOutcome() throws LinkException {
        manner = Manner.IS_SILENT;
        CanBoard board = board(commandQueue);
        run(board, 3000);
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 100);
        board.ended();
        submit(CHARGE_REQUEST, SignalOverride.OFF);
        assertEquals(List.of("NO_ANSWER", "LINK_DOWN"), outcomes);
    }

    @Test
    void nothingIsCarriedOverAReconnect() throws LinkException {
        manner = Manner.IS_SILENT;
        CanBoard board = board(commandQueue);
        run(board, 3000);
        submit(CHARGE_REQUEST, SignalOverride.ON);
        run(board, 100);
        submit(CHARGE_REQUEST, SignalOverride.OFF);
        board.opened(session);
        assertEquals(List.of("NO_ANSWER", "LINK_DOWN"), outcomes);
        run(board, 30_000);
        assertEquals(List.of("620 2B 00 51 09 01 00 00 00"), downloads());
    }
}
