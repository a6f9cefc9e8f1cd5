/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import static org.junit.jupiter.api.Assertions.*;

import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardMemory;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.transport.ManualTicker;
import org.openhab.core.storage.Storage;

/**
 * Counters and history after restarts, kills and damage of the stored data.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BoardMemoryTest {

    private static final String THING = "bmsmain:serial:house";
    private static final long SECOND = 1_000_000_000L;

    private final ManualTicker ticker = new ManualTicker();
    private final Map<Object, Object> stored = new HashMap<>();
    private int puts;
    /** Storage operations that fail now. */
    private String failing = "";
    private BoardMemory memory = recall();
    private BoardAssembler assembler = assembler();

    @SuppressWarnings("unchecked")
    private Storage<String> storage() {
        return Stubs.stub(Storage.class, (name, arguments) -> {
            if (failing.equals(name)) {
                throw new IllegalStateException("No space left on device");
            }
            puts += "put".equals(name) ? 1 : 0;
            return switch (name) {
                case "put" -> stored.put(arguments[0], arguments[1]);
                case "get" -> stored.get(arguments[0]);
                case "remove" -> stored.remove(arguments[0]);
                default -> null;
            };
        });
    }

    private BoardMemory recall() {
        return new BoardMemory(new RecordStore(storage(), THING + "/"), ticker::nanos, ticker::now,
                () -> ZoneOffset.UTC);
    }

    private BoardAssembler assembler() {
        return new BoardAssembler(Setups.standard().with(Double.NaN, memory.counting()));
    }

    private void start() {
        memory = recall();
        assembler = assembler();
    }

    /** One ampere hour in 100 s. */
    private BoardSnapshot run(int seconds) {
        BoardSnapshot snapshot = read();
        for (int i = 0; i < seconds; i++) {
            ticker.leap(SECOND);
            snapshot = read();
        }
        return snapshot;
    }

    private BoardSnapshot read() {
        assembler.put(Catalogue.INITIALISATION, 0, ticker.nanos());
        assembler.put(Catalogue.CURRENT, 36, ticker.nanos());
        assembler.put(Catalogue.VOLTAGE, 50, ticker.nanos());
        BoardSnapshot snapshot = assembler.snapshot(ticker.nanos(), ticker.now());
        memory.take(snapshot, List.of());
        return memory.show(snapshot);
    }

    @Test
    void goesOnAfterARestart() {
        run(100);
        memory.save();
        start();
        assertEquals(1, run(0).number(Catalogue.CHARGE_IN));
        assertEquals(2, run(100).number(Catalogue.CHARGE_IN));
        assertEquals(0.1, run(0).number(Catalogue.CHARGED_ENERGY));
        assertEquals(50, run(0).number(Catalogue.HIGHEST_VOLTAGE));
        assertEquals(36, run(0).number(Catalogue.LARGEST_CHARGING_CURRENT));
    }

    /** After a kill, only the last stored values exist. */
    @ParameterizedTest
    @ValueSource(ints = { 1, 299, 300, 301, 599, 600, 601, 3599, 3600, 7777 })
    void aKillLosesAtMostFiveMinutesAndNothingIsCountedTwice(int seconds) {
        double counted = run(seconds).number(Catalogue.CHARGE_IN);
        start();
        double kept = run(0).number(Catalogue.CHARGE_IN);
        assertTrue(kept <= counted && counted - kept <= 3, kept + " of " + counted);
        assertEquals(kept + 1, run(100).number(Catalogue.CHARGE_IN), 0.011);
    }

    @Test
    void whatCannotBeWrittenIsWrittenFiveMinutesLater() {
        failing = "put";
        assertEquals(4, run(400).number(Catalogue.CHARGE_IN));
        assertEquals(Map.of(), stored);
        failing = "";
        run(300);
        start();
        assertEquals(6, run(0).number(Catalogue.CHARGE_IN));
        assertEquals(50, run(0).number(Catalogue.HIGHEST_VOLTAGE));
    }

    /** The record may exist: it is not overwritten, and the next start reads it. */
    @Test
    void whatCannotBeReadIsLeftAsItIs() {
        run(100);
        memory.save();
        Map<Object, Object> before = Map.copyOf(stored);
        failing = "get";
        start();
        failing = "";
        assertEquals(1, run(100).number(Catalogue.CHARGE_IN));
        memory.save();
        assertEquals(before, stored);
        start();
        assertEquals(1, run(0).number(Catalogue.CHARGE_IN));
    }

    @Test
    void aRecordThatCannotBeRemovedDoesNotKeepTheThing() {
        run(100);
        failing = "remove";
        memory.remove();
        memory.save();
    }

    @Test
    void isWrittenOnceInFiveMinutesAtMost() {
        run(3600);
        // The history changes once.
        assertEquals(12 + 1, puts);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "nonsense", "bmsmain-energy 1 begin=x", "bmsmain-energy 9 crc=00000000" })
    void aBrokenRecordIsKeptAsideAndCountingBeginsAnew(String text) {
        for (String name : List.of(BoardMemory.ENERGY, BoardMemory.HISTORY)) {
            stored.clear();
            stored.put(THING + "/" + name, text);
            start();
            assertEquals(text, stored.get(THING + "/" + name + RecordStore.BROKEN));
            assertEquals(1, run(100).number(Catalogue.CHARGE_IN));
            memory.save();
            start();
            assertEquals(1, run(0).number(Catalogue.CHARGE_IN), "and is read again");
            assertEquals(text, stored.get(THING + "/" + name + RecordStore.BROKEN), "and stays");
        }
    }

    /** A truncated record, or one with a changed digit, is detected. */
    @Test
    void aDamagedDigitIsFoundOut() {
        run(100);
        memory.save();
        @Nullable
        Object record = stored.get(THING + "/" + BoardMemory.ENERGY);
        assertNotNull(record);
        String damaged = String.valueOf(record).replace("chargeIn=1", "chargeIn=9");
        assertNotEquals(record, damaged);
        stored.put(THING + "/" + BoardMemory.ENERGY, damaged);
        start();
        assertEquals(0, run(0).number(Catalogue.CHARGE_IN));
    }

    @Test
    void nothingStaysBehindOfARemovedThing() {
        stored.put(THING + "/" + BoardMemory.ENERGY, "damaged");
        start();
        run(400);
        memory.remove();
        run(400);
        memory.save();
        assertEquals(Map.of(), stored);
    }

    @Test
    void countersCanBeSetAndAreStoredAtOnce() {
        run(100);
        memory.meter().setCounters(120, 95.5, 2400, 1900);
        memory.save();
        start();
        BoardSnapshot snapshot = run(0);
        assertEquals(120, snapshot.number(Catalogue.CHARGED_ENERGY));
        assertEquals(95.5, snapshot.number(Catalogue.DISCHARGED_ENERGY));
        assertEquals(2400, snapshot.number(Catalogue.CHARGE_IN));
        assertEquals(1900, snapshot.number(Catalogue.CHARGE_OUT));
    }

    @Test
    void theHistoryCountsFaultsAndBeginsAnew() {
        BoardSnapshot snapshot = run(1);
        memory.take(snapshot, List.of(new FaultEvent(ticker.now(), true, "overvoltage"),
                new FaultEvent(ticker.now(), false, "overvoltage")));
        assertEquals(1, memory.show(snapshot).number(Catalogue.FAULT_COUNT));
        memory.resetHistory();
        assertEquals(0, memory.show(snapshot).number(Catalogue.FAULT_COUNT));
        assertTrue(Double.isNaN(memory.show(snapshot).number(Catalogue.HIGHEST_VOLTAGE)));
        assertEquals(ticker.now().toEpochMilli(), memory.show(snapshot).number(Catalogue.HISTORY_BEGIN));
    }

    /** A day ends even if nothing is read. */
    @Test
    void theCountersOfTodayEndWithTheDay() {
        BoardSnapshot last = run(100);
        assertEquals(0.05, last.number(Catalogue.CHARGED_ENERGY_TODAY), 1e-9);
        ticker.leap(86_400 * SECOND);
        memory.tick();
        assertEquals(0, memory.show(last).number(Catalogue.CHARGED_ENERGY_TODAY));
        assertEquals(0.05, memory.show(last).number(Catalogue.CHARGED_ENERGY), 1e-9);
    }
}
