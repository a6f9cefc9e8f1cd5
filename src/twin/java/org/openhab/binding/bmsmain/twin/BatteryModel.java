/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Physical model behind the simulated board: a lithium iron phosphate battery with 24 cells and 300 Ah. A driving
 * load discharges it; it rests, is charged with constant current and then constant voltage, rests, and the cycle
 * starts again.
 * <p>
 * The model does not depend on registers. Time passes only in {@link #advance}, so a fixed clock gives reproducible
 * values. The figures are plausible for a small industrial truck; none of them is a fact about a real board.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BatteryModel {

    /** What the truck does with the battery at the moment. */
    enum Phase {
        DISCHARGING,
        RESTING_AFTER_DISCHARGING,
        CHARGING,
        RESTING_AFTER_CHARGING
    }

    static final int CELLS = 24;
    static final double NOMINAL_CAPACITY = 300;
    static final double MAX_CHARGE_CURRENT = 100;
    static final double MAX_DISCHARGE_CURRENT = 200;
    static final double MAX_CELL_VOLTAGE = 3.65;
    static final double MIN_CELL_VOLTAGE = 2.8;

    private static final double CHARGER_CURRENT = 60;
    private static final double CELL_RESISTANCE = 0.0006;
    private static final double REST_SECONDS = 20;
    private static final double PRECHARGE_SECONDS = 3;
    private static final double CHARGE_AGAIN_BELOW = 20;
    private static final double CHARGED = 99.5;
    /** Maximum number of integration steps per call. Up to this many seconds, a step takes at most one second. */
    private static final int MAX_STEPS = 86_400;

    /** Open-circuit voltage of one cell at 0, 10, ... 100 % state of charge, in volts. */
    private static final double[] OPEN_CIRCUIT = { 2.90, 3.20, 3.24, 3.26, 3.28, 3.29, 3.30, 3.31, 3.325, 3.34, 3.45 };

    private final double speed;

    private Phase phase = Phase.DISCHARGING;
    private double secondsInPhase = 754;
    private double seconds;
    private double stateOfCharge = 76.4;
    private double cellTemperature = 24.5;
    private double current;

    /** @param speed factor by which charging, discharging and warming are faster than in a real battery */
    BatteryModel(double speed) {
        this.speed = speed;
        this.current = load();
    }

    Phase phase() {
        return phase;
    }

    double secondsInPhase() {
        return secondsInPhase;
    }

    /** State of charge in percent, 0..100. */
    double stateOfCharge() {
        return stateOfCharge;
    }

    void stateOfCharge(double percent) {
        stateOfCharge = Math.max(0, Math.min(100, percent));
    }

    /** Battery current in amperes, positive while charging. */
    double current() {
        return current;
    }

    /** True for the first seconds of driving, while the load's capacitors are charged through a resistor. */
    boolean precharging() {
        return phase == Phase.DISCHARGING && secondsInPhase < PRECHARGE_SECONDS;
    }

    /** Voltage of one cell in volts. @param cell 0..23 */
    double cellVoltage(int cell) {
        double position = stateOfCharge / 10;
        int below = Math.min(OPEN_CIRCUIT.length - 2, (int) position);
        double rest = OPEN_CIRCUIT[below] + (OPEN_CIRCUIT[below + 1] - OPEN_CIRCUIT[below]) * (position - below);
        return rest + current * CELL_RESISTANCE + 0.0008 * ((cell * 7) % 11 - 5);
    }

    /** Temperature of one cell in degrees Celsius. @param cell 0..23 */
    double cellTemperature(int cell) {
        return cellTemperature + 0.15 * ((cell * 5) % 13 - 6);
    }

    /** Temperature outside the battery in degrees Celsius. */
    double externalTemperature() {
        return 21.5 + 0.8 * Math.sin(seconds / 120);
    }

    /** Relative humidity inside the battery in percent. */
    double humidity() {
        return 41 + 2 * Math.sin(seconds / 90);
    }

    /**
     * Advances the model in time.
     *
     * @param elapsed seconds, not negative
     * @param chargingContactor whether the charging contactor is closed during that time
     * @param dischargingContactor whether the discharging contactor is closed during that time
     */
    void advance(double elapsed, boolean chargingContactor, boolean dischargingContactor) {
        int steps = (int) Math.max(1, Math.min(MAX_STEPS, Math.ceil(elapsed)));
        for (int step = 0; step < steps; step++) {
            step(elapsed / steps, chargingContactor, dischargingContactor);
        }
    }

    private void step(double elapsed, boolean chargingContactor, boolean dischargingContactor) {
        seconds += elapsed;
        secondsInPhase += elapsed;
        boolean closed = phase == Phase.CHARGING ? chargingContactor : dischargingContactor;
        current = closed ? load() : 0;
        double hours = elapsed * speed / 3600;
        stateOfCharge(stateOfCharge + current * hours / NOMINAL_CAPACITY * 100);
        double warm = externalTemperature() + 3 + 8 * Math.pow(current / CHARGER_CURRENT, 2);
        cellTemperature += (warm - cellTemperature) * Math.min(1, hours * 6);
        Phase next = next();
        if (next != phase) {
            phase = next;
            secondsInPhase = 0;
            current = 0;
        }
    }

    private Phase next() {
        switch (phase) {
            case DISCHARGING:
                return stateOfCharge <= CHARGE_AGAIN_BELOW ? Phase.RESTING_AFTER_DISCHARGING : phase;
            case RESTING_AFTER_DISCHARGING:
                return secondsInPhase >= REST_SECONDS ? Phase.CHARGING : phase;
            case CHARGING:
                return stateOfCharge >= CHARGED ? Phase.RESTING_AFTER_CHARGING : phase;
            default:
                return secondsInPhase >= REST_SECONDS ? Phase.DISCHARGING : phase;
        }
    }

    /** Returns the current that the charger or the truck would draw through closed contactors. */
    private double load() {
        switch (phase) {
            case DISCHARGING:
                return precharging() ? 0 : -(42 + 18 * Math.sin(seconds / 7) + 9 * Math.sin(seconds / 2.3));
            case CHARGING:
                return CHARGER_CURRENT * Math.min(1, Math.max(0.1, (100 - stateOfCharge) / 10));
            default:
                return 0;
        }
    }
}
