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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Responses to another master can be as long as ours. After the first one that is recognized, all earlier values
 * are discarded, and a value that does not follow from the previous reading is published only after further
 * readings confirm it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SecondMasterTest {

    private static final Map<Integer, String> HEALTHY = Map.of(0x0000, "02 01 04 07 00 02 01 00 00 01", 0x1000,
            "01 03 10 24 00 30", 0x2000, "00 02 00 00 C1 48 00 00 41 AC 00 00 42 20 00 00 00 00 00 60 03 C0 00 01",
            0x200E, "00 00 00 00 00 01", 0x20F4, "00 04", 0x2100, "00 00 42 5E 00 04", 0x2185, "00 00 40 20", 0x218E,
            "99 9A 40 19 00 00 40 20 99 9A 40 19 00 00 40 20", 0x219F, "00 00 42 C8 00 00 43 48", 0x2410,
            "00 06 00 4D 00 00");
    private static final String CURRENT = "00 00 C1 48";
    /** -12.75 A, as usual after -12.5 A. */
    private static final String NEAR = "00 00 C1 4C";
    /** 50 A, and 55.5 A. */
    private static final String FAR = "00 00 42 48";
    private static final String FARTHER = "00 00 42 5E";

    private final LeapTicker ticker = new LeapTicker();
    private final ScriptedClient client = new ScriptedClient(ticker);
    private final List<BoardReport> reports = new ArrayList<>();
    private final ModbusBoard board = new ModbusBoard(
            new ModbusSettings(32, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMillis(500),
                    WordOrder.LITTLE),
            Setups.standard(), ReadPlan.of(32, Setups.POINTS, Setups.standard(), ReadPlan.NETWORK_HOLE), reports::add,
            ticker);

    @BeforeEach
    void readABoard() throws LinkException {
        for (int address : new int[] { 0, 1, 2, 3, 4, 0x1000, 0x1001, 0x1002 }) {
            client.registers.put(4 << 16 | address, 0);
        }
        for (int address = 0x2000; address < 0x2430; address++) {
            client.registers.put(4 << 16 | address, 0);
        }
        HEALTHY.forEach(client::input);
        client.input(0x2420, "00 00 43 8C 99 9A 42 69 33 33 42 33 00 00 43 0C 00 00 43 8C");
        cycle();
        cycle();
        assertEquals(-12.5, current());
    }

    @Test
    void believesAJumpAtOnceWhileNoForeignFrameWasHeard() throws LinkException {
        int usual = cycle();
        client.input(0x2001, FAR);
        assertEquals(usual, cycle());
        assertEquals(50, current());
    }

    @Test
    void forgetsWhatWasReadBeforeTheFirstForeignAnswer() throws LinkException {
        hearForeignAnswer();
        serveOnce();
        assertTrue(Double.isNaN(current()), "nobody knows whose it was");
        cycle();
        assertEquals(-12.5, current(), "confirmed within the cycle");
        reports.clear();
        hearForeignAnswer();
        cycle();
        reports.forEach(report -> assertFalse(Double.isNaN(report.snapshot().number(Catalogue.CURRENT)), "only once"));
    }

    /** A received request shows which master the following response belongs to. */
    @Test
    void keepsWhatWasReadWhenOnlyARequestWasHeard() throws LinkException {
        client.profile().foreign().heard(ticker.nanos());
        serveOnce();
        assertEquals(-12.5, current());
    }

    @Test
    void costsNothingMoreWhileValuesMoveAsUsual() throws LinkException {
        int usual = cycle();
        distrust();
        client.input(0x2001, NEAR);
        assertEquals(usual, cycle());
        assertEquals(-12.75, current());
    }

    @Test
    void showsAJumpWhenThreeReadingsAgree() throws LinkException {
        distrust();
        int usual = cycle();
        client.input(0x2001, FAR);
        assertEquals(usual + 2, cycle());
        assertEquals(50, current());
    }

    @Test
    void doesNotShowAnAnswerToAnother() throws LinkException {
        distrust();
        reports.clear();
        client.input(0x2001, FAR);
        serveOnce();
        client.input(0x2001, CURRENT);
        cycle();
        assertFalse(reports.isEmpty());
        reports.forEach(report -> assertEquals(-12.5, report.snapshot().number(Catalogue.CURRENT)));
    }

    /** The clock advances between readings, and is confirmed like other values. */
    @Test
    void aClockIsConfirmedAsWell() throws LinkException {
        client.input(0x1000, "01 03 10 24 31 00");
        distrust();
        assertEquals("2024-01-03T10:00:31", clock());
        ticker.pass(3600 * 1000 * LeapTicker.MILLI);
        hearForeignAnswer();
        reports.clear();
        for (int i = 0; i < 400; i++) {
            client.input(0x1000, i % 2 == 0 ? "01 03 11 24 31 00" : "09 12 25 10 59 59");
            serveOnce();
        }
        reports.forEach(report -> assertNull(report.snapshot().text(Catalogue.DEVICE_CLOCK)));
    }

    /** Two alternating sources: it is unknown which of them is the board. */
    @Test
    void showsNothingNewThatIsNotConfirmed() throws LinkException {
        distrust();
        reports.clear();
        for (int i = 0; i < 3; i++) {
            client.input(0x2001, FAR);
            serveOnce();
            client.input(0x2001, FARTHER);
            serveOnce();
        }
        client.input(0x2001, CURRENT);
        cycle();
        reports.forEach(report -> assertEquals(-12.5, report.snapshot().number(Catalogue.CURRENT)));
    }

    /** Two boards respond alternately, whatever is requested. */
    @Test
    void aBoardOfWhichNothingIsConfirmedGoesOfflineAndComesBack() throws LinkException {
        hearForeignAnswer();
        Map<Integer, Integer> one = new HashMap<>(client.registers);
        Map<Integer, Integer> other = new HashMap<>(one);
        other.replaceAll((place, word) -> word ^ 0x0101);
        reports.clear();
        for (int i = 0; i < 400; i++) {
            client.registers.putAll(i % 2 == 0 ? other : one);
            serveOnce();
            board.watch(ticker.nanos());
        }
        BoardReport last = reports.get(reports.size() - 1);
        assertFalse(last.isOnline());
        assertEquals(FailureCause.SECOND_MASTER, Objects.requireNonNull(last.failure()).cause());
        reports.forEach(report -> assertTrue(Double.isNaN(report.snapshot().number(Catalogue.CURRENT))));
        client.registers.putAll(one);
        cycle();
        assertTrue(reports.get(reports.size() - 1).isOnline());
        assertEquals(-12.5, current());
    }

    private void hearForeignAnswer() {
        client.profile().foreign().heardAnswer(ticker.nanos());
    }

    /** A foreign response was received, and all values need confirmation. */
    private void distrust() throws LinkException {
        hearForeignAnswer();
        cycle();
        cycle();
        assertEquals(-12.5, current());
    }

    /** @return the number of requests */
    private int cycle() throws LinkException {
        int before = client.requests.size();
        ticker.parkUntil(board.due());
        while (board.due() - ticker.nanos() <= 0) {
            serveOnce();
        }
        return client.requests.size() - before;
    }

    private void serveOnce() throws LinkException {
        ticker.parkUntil(board.due());
        board.serve(client);
    }

    private @Nullable String clock() {
        return reports.get(reports.size() - 1).snapshot().text(Catalogue.DEVICE_CLOCK);
    }

    private double current() {
        BoardSnapshot snapshot = reports.get(reports.size() - 1).snapshot();
        return snapshot.number(Catalogue.CURRENT);
    }
}
