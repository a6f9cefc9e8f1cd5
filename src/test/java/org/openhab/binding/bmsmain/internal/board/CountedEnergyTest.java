/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;

/**
 * Which readings the assembler passes to the meter: each one that may be published, and nothing across one that
 * may not.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CountedEnergyTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    /** One ampere hour in 100 s. */
    private static final double CURRENT = 36;
    private static final double VOLTAGE = 50;

    private final EnergyMeter meter = new EnergyMeter();
    private BoardAssembler assembler = assembler(Double.NaN);
    private long now;

    @BeforeEach
    void theBoardIsReady() {
        assembler.put(Catalogue.INITIALISATION, 0, now);
        read(CURRENT);
    }

    private BoardAssembler assembler(double capacity) {
        return new BoardAssembler(Setups.standard().with(capacity, new Counting(meter, () -> ZoneOffset.UTC)));
    }

    private BoardSnapshot snapshot() {
        return assembler.snapshot(now, NOON.plusNanos(now));
    }

    /** A refresh over Modbus. */
    private BoardSnapshot read(double amperes) {
        put(amperes);
        return snapshot();
    }

    private void put(double amperes) {
        assembler.put(Catalogue.INITIALISATION, 0, now);
        assembler.put(Catalogue.CURRENT, amperes, now);
        assembler.put(Catalogue.VOLTAGE, VOLTAGE, now);
    }

    private BoardSnapshot readFor(int seconds) {
        BoardSnapshot last = snapshot();
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            last = read(CURRENT);
        }
        return last;
    }

    @Test
    void countsBothDirections() {
        BoardSnapshot charged = readFor(100);
        assertEquals(1, charged.number(Catalogue.CHARGE_IN), 1e-9);
        assertEquals(0.05, charged.number(Catalogue.CHARGED_ENERGY), 1e-9);
        assertEquals(0.05, charged.number(Catalogue.CHARGED_ENERGY_TODAY), 1e-9);
        assertEquals(0, charged.number(Catalogue.CHARGE_OUT));
        assertEquals(0, charged.number(Catalogue.DISCHARGED_ENERGY));
        assertEquals(1800, charged.number(Catalogue.CHARGING_POWER));
        assertEquals(0, charged.number(Catalogue.DISCHARGING_POWER));
        assertEquals(100, charged.number(Catalogue.COVERAGE));
        BoardSnapshot turned = read(-CURRENT);
        assertEquals(0, turned.number(Catalogue.CHARGING_POWER));
        assertEquals(1800, turned.number(Catalogue.DISCHARGING_POWER));
    }

    @Test
    void aLostAnswerIsBridgedAndALongGapIsNot() {
        now += 4 * SECOND;
        assertEquals(0.04, read(CURRENT).number(Catalogue.CHARGE_IN));
        now += 6 * SECOND;
        BoardSnapshot late = read(CURRENT);
        assertEquals(0.04, late.number(Catalogue.CHARGE_IN));
        assertEquals(40, late.number(Catalogue.COVERAGE));
    }

    @Test
    void nothingIsCountedAcrossARefusedValue() {
        now += SECOND;
        read(CURRENT);
        now += SECOND;
        read(9_000);
        now += SECOND;
        assertEquals(0.01, read(CURRENT).number(Catalogue.CHARGE_IN), "a jump that is not confirmed");
        now += SECOND;
        read(20_000);
        now += SECOND;
        assertEquals(0.01, read(CURRENT).number(Catalogue.CHARGE_IN), "a current that cannot be");
        now += SECOND;
        assertEquals(0.02, read(CURRENT).number(Catalogue.CHARGE_IN), "goes on");
    }

    /** Over CAN all values of a frame wait if one of them suddenly differs greatly from the last. */
    @Test
    void nothingIsCountedAcrossAFrameThatWaits() {
        Point[] members = { Catalogue.CURRENT, Catalogue.VOLTAGE };
        for (double volts : new double[] { VOLTAGE, 900, VOLTAGE }) {
            now += SECOND;
            assembler.putTogether(members, new double[] { CURRENT, volts }, 2, true, now);
        }
        assertEquals(0.01, snapshot().number(Catalogue.CHARGE_IN));
    }

    @Test
    void nothingIsCountedAcrossAnotherConnection() {
        readFor(1);
        now += SECOND;
        put(CURRENT);
        assembler.connected();
        now += SECOND;
        assertEquals(0.02, read(CURRENT).number(Catalogue.CHARGE_IN));
    }

    /** Even if no snapshot is taken between the loss and the next reading. */
    @Test
    void nothingIsCountedAcrossALostBoard() {
        readFor(1);
        assembler.forgetBoard();
        now += SECOND;
        assertEquals(0.01, read(CURRENT).number(Catalogue.CHARGE_IN));
    }

    @Test
    void nothingIsCountedWhileTheBoardInitialises() {
        readFor(1);
        now += SECOND;
        assembler.put(Catalogue.INITIALISATION, 1, now);
        assembler.put(Catalogue.CURRENT, CURRENT, now);
        assertTrue(Double.isNaN(snapshot().number(Catalogue.CHARGING_POWER)));
        now += SECOND;
        BoardSnapshot ready = read(CURRENT);
        assertEquals(0.01, ready.number(Catalogue.CHARGE_IN));
        assertEquals(1800, ready.number(Catalogue.CHARGING_POWER));
    }

    @Test
    void whatWasCountedStaysWhenTheLinkIsLost() {
        assembler.put(Catalogue.STATE_OF_CHARGE, 50, now);
        assembler.put(Catalogue.NOMINAL_CAPACITY, 100, now);
        assertEquals(50, snapshot().number(Catalogue.REMAINING_CHARGE));
        readFor(4);
        assembler.forgetBoard();
        now += SECOND;
        BoardSnapshot lost = snapshot();
        assertEquals(0.04, lost.number(Catalogue.CHARGE_IN));
        assertEquals(0.002, lost.number(Catalogue.CHARGED_ENERGY));
        assertEquals(80, lost.number(Catalogue.COVERAGE));
        for (Point point : List.of(Catalogue.CHARGING_POWER, Catalogue.DISCHARGING_POWER, Catalogue.REMAINING_CHARGE,
                Catalogue.REMAINING_ENERGY, Catalogue.TIME_TO_EMPTY, Catalogue.TIME_TO_FULL,
                Catalogue.EQUIVALENT_FULL_CYCLES)) {
            assertFalse(lost.isKnown(point), point.id());
        }
    }

    /** With SYNC every 20 ms there are more readings than reports, and each of them is counted. */
    @Test
    void countsEachReadingBetweenTwoSnapshots() {
        long end = now + 10 * SECOND;
        for (int i = 1; now < end; i++) {
            now += SECOND / 50;
            put(i % 5 == 0 ? 0 : i % 5 == 1 ? 0 : 90);
            if (i % 5 == 0) {
                snapshot();
            }
        }
        // Of five steps two have 90 A at both ends or none, two are slopes: 90 * (1 + 1 + 1) of 5 steps.
        assertEquals(54 * 10 / 3600.0, snapshot().number(Catalogue.CHARGE_IN), 0.01);
    }

    @Test
    void withoutAVoltageOnlyChargeIsKnown() {
        assembler = assembler(Double.NaN);
        for (int i = 0; i <= 100; i++) {
            assembler.put(Catalogue.CURRENT, -CURRENT, now);
            snapshot();
            now += SECOND;
        }
        BoardSnapshot snapshot = snapshot();
        assertEquals(1, snapshot.number(Catalogue.CHARGE_OUT), 0.011);
        assertFalse(snapshot.isKnown(Catalogue.DISCHARGING_POWER));
    }

    @Test
    void takesTheCapacityThatTheUserSays() {
        assembler = assembler(280);
        read(CURRENT);
        assertFalse(snapshot().isKnown(Catalogue.NOMINAL_CAPACITY), "nothing is read");
        assembler.put(Catalogue.STATE_OF_CHARGE, 25, now);
        assertEquals(280, snapshot().number(Catalogue.NOMINAL_CAPACITY));
        assertEquals(70, snapshot().number(Catalogue.REMAINING_CHARGE));
    }

    /** A battery at rest changes no value, so it causes no events. */
    @Test
    void aBatteryAtRestChangesNothing() {
        read(0);
        readAtRest();
        BoardSnapshot before = readAtRest();
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            BoardSnapshot next = readAtRest();
            for (Point point : Catalogue.channels()) {
                if (Double.compare(before.number(point), next.number(point)) != 0) {
                    changed.add(point.id());
                }
            }
            before = next;
        }
        assertEquals(List.of(), changed);
    }

    private BoardSnapshot readAtRest() {
        now += SECOND;
        return read(0);
    }

    /** Without a meter the counters are unknown, as in the tools that only display a board. */
    @Test
    void withoutAMeterNothingIsCounted() {
        assembler = new BoardAssembler(Setups.standard());
        readFor(2);
        assertTrue(Catalogue.channels().stream().filter(point -> "energy".equals(point.group()))
                .noneMatch(snapshot()::isKnown));
    }
}
