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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When a time to empty or to full is published, its accuracy, and its stability.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RemainingTimeTest {

    private static final long SECOND = 1_000_000_000L;
    private static final double CAPACITY = 100;

    private final EnergyMeter meter = new EnergyMeter();
    private final Random random = new Random(78);
    private double percent = 50;
    private double amperes;
    private int second;
    private int emptyChanges;
    private int fullChanges;

    /** Advances by seconds; the state of charge follows the current. */
    private void run(int seconds, DoubleUnaryOperator current) {
        for (int i = 0; i < seconds; i++) {
            boolean empty = Double.isNaN(meter.timeToEmpty());
            boolean full = Double.isNaN(meter.timeToFull());
            amperes = current.applyAsDouble(i);
            percent += amperes / 36 / CAPACITY;
            meter.clock(second * SECOND, Instant.ofEpochSecond(1_800_000_000L + second), ZoneOffset.UTC);
            meter.reading(second * SECOND, amperes, 50, 5 * SECOND, 1);
            meter.battery(percent, CAPACITY);
            second++;
            emptyChanges += empty == Double.isNaN(meter.timeToEmpty()) ? 0 : 1;
            fullChanges += full == Double.isNaN(meter.timeToFull()) ? 0 : 1;
            assertTrue(Double.isNaN(meter.timeToEmpty()) || Double.isNaN(meter.timeToFull()));
        }
    }

    private double noise() {
        return random.nextGaussian();
    }

    @ParameterizedTest
    @ValueSource(doubles = { 0.7, 5, 50, 200 })
    void isRightOnceTheCurrentIsSteady(double current) {
        run(59, t -> -current);
        assertEquals(Double.NaN, meter.timeToEmpty(), "not before a minute");
        run(301, t -> -current);
        double hours = percent / 100 * CAPACITY / current;
        assertEquals(hours * 3600, meter.timeToEmpty(), hours * 360);
        assertEquals(Double.NaN, meter.timeToFull());
        run(400, t -> current);
        hours = (100 - percent) / 100 * CAPACITY / current;
        assertEquals(hours * 3600, meter.timeToFull(), hours * 360);
        assertEquals(Double.NaN, meter.timeToEmpty());
        assertEquals(2, emptyChanges);
        assertEquals(1, fullChanges);
    }

    @Test
    void followsAStepOfTheCurrentInFiveMinutes() {
        run(600, t -> -10);
        run(301, t -> -40);
        assertEquals(percent / 40 * 3600, meter.timeToEmpty(), percent / 40 * 360);
    }

    @ParameterizedTest
    @ValueSource(doubles = { 0, 0.1, -0.1, 0.49, -0.49 })
    void isUnknownAtRest(double current) {
        run(3600, t -> current + noise() * 0.05);
        assertEquals(0, emptyChanges);
        assertEquals(0, fullChanges);
    }

    @Test
    void endsAtRest() {
        run(600, t -> -10);
        run(75, t -> 0);
        assertEquals(Double.NaN, meter.timeToEmpty(), "soon, and not when the average has forgotten");
        run(600, t -> 0);
        assertEquals(Double.NaN, meter.timeToEmpty());
        assertEquals(2, emptyChanges);
    }

    /** A day of solar power: each direction appears and disappears once, despite noise around zero. */
    @Test
    void doesNotFlickerAtTurningPoints() {
        run(24 * 3600, t -> 20 * Math.sin(2 * Math.PI * t / (24 * 3600)) + 2 * noise());
        assertTrue(fullChanges <= 2, "to full: " + fullChanges);
        assertTrue(emptyChanges <= 2, "to empty: " + emptyChanges);
        assertTrue(fullChanges > 0 && emptyChanges > 0);
    }

    @Test
    void doesNotFlickerNearTheLimit() {
        run(6 * 3600, t -> -0.55 + 0.3 * noise());
        assertTrue(emptyChanges <= 1, "changes: " + emptyChanges);
    }

    /** A converter that alternates around zero every few seconds has no direction, or a constant one. */
    @Test
    void doesNotFlickerWithASwingingCurrent() {
        run(3600, t -> Math.floor(t / 10) % 2 == 0 ? 20 : -20);
        int before = emptyChanges + fullChanges;
        assertEquals(0, before);
        run(3600, t -> Math.floor(t / 10) % 2 == 0 ? 10 : -20);
        assertEquals(1, emptyChanges);
        assertEquals(0, fullChanges);
    }

    @Test
    void isUnknownWithoutCurrentChargeOrCapacity() {
        run(600, t -> -10);
        meter.battery(Double.NaN, CAPACITY);
        assertEquals(Double.NaN, meter.timeToEmpty());
        meter.battery(50, Double.NaN);
        assertEquals(Double.NaN, meter.timeToEmpty());
    }
}
