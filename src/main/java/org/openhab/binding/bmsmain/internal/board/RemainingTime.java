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

import java.util.Arrays;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Remaining time until a battery is empty or full, from the current averaged over five minutes.
 * <p>
 * The times are unknown at rest, after the current changed its direction, and until one minute in the present
 * direction was measured. Hysteresis prevents flicker: a direction counts once the average has been at least 0.6 % of
 * the capacity per hour for 50 s. It ends when the average falls below 0.5 %, or the last minute is at rest or
 * clearly in the opposite direction.
 * <p>
 * Not thread-safe. Times are in nanoseconds of a ticker.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RemainingTime {

    private static final long BUCKET_NANOS = 10_000_000_000L;
    /** Five minutes. */
    private static final int BUCKETS = 30;
    /** The last minute. */
    private static final int RECENT_BUCKETS = 6;
    private static final double LEAST_MEASURED_SECONDS = 60;
    /** Shares of the nominal capacity per hour. */
    private static final double BEGIN_RATE = 0.006;
    private static final double END_RATE = 0.005;
    private static final double REST_RATE = END_RATE / 4;
    /** Time for which the average must have a direction before it counts. */
    private static final long HOLD_NANOS = 50_000_000_000L;
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double MINUTE = 60;
    private static final double TEN_SECONDS = 10;

    private final long[] numbers = new long[BUCKETS];
    private final double[] ampereSeconds = new double[BUCKETS];
    private final double[] seconds = new double[BUCKETS];
    private final double[] voltSeconds = new double[BUCKETS];
    private final double[] secondsWithVoltage = new double[BUCKETS];
    /** Positive while the battery clearly charges, negative while it clearly discharges, 0 otherwise. */
    private int direction;
    /** Direction that may start to count, and the time since which the average has it. */
    private int candidate;
    private long candidateSince;
    private double meanCurrent = Double.NaN;
    private double meanVoltage = Double.NaN;

    RemainingTime() {
        Arrays.fill(numbers, Long.MIN_VALUE);
    }

    /**
     * Adds a measurement between two readings.
     *
     * @param endNanos time of the second reading
     * @param length seconds between them
     * @param amperes mean current between them
     * @param volts mean voltage between them, NaN when unknown
     */
    void add(long endNanos, double length, double amperes, double volts) {
        long number = Math.floorDiv(endNanos, BUCKET_NANOS);
        int i = (int) Math.floorMod(number, (long) BUCKETS);
        if (numbers[i] != number) {
            numbers[i] = number;
            ampereSeconds[i] = 0;
            seconds[i] = 0;
            voltSeconds[i] = 0;
            secondsWithVoltage[i] = 0;
        }
        ampereSeconds[i] += amperes * length;
        seconds[i] += length;
        if (!Double.isNaN(volts)) {
            voltSeconds[i] += volts * length;
            secondsWithVoltage[i] += length;
        }
    }

    /**
     * Updates the averages and the direction.
     *
     * @param capacity nominal capacity in Ah, NaN when unknown
     */
    void judge(long nowNanos, double capacity) {
        long now = Math.floorDiv(nowNanos, BUCKET_NANOS);
        double charge = 0;
        double time = 0;
        double volts = 0;
        double voltTime = 0;
        double recentCharge = 0;
        double recentTime = 0;
        for (int i = 0; i < BUCKETS; i++) {
            long age = now - numbers[i];
            if (numbers[i] == Long.MIN_VALUE || age >= BUCKETS) {
                continue;
            }
            charge += ampereSeconds[i];
            time += seconds[i];
            volts += voltSeconds[i];
            voltTime += secondsWithVoltage[i];
            if (age <= RECENT_BUCKETS) {
                recentCharge += ampereSeconds[i];
                recentTime += seconds[i];
            }
        }
        meanVoltage = volts / voltTime;
        meanCurrent = charge / time;
        double recent = recentTime >= TEN_SECONDS ? recentCharge / recentTime : Double.NaN;
        // Without measurements or capacity the operands are NaN, and every comparison is false.
        int sign = sign(meanCurrent, capacity * END_RATE);
        int recently = sign(recent, capacity * END_RATE);
        boolean rests = sign(recent, capacity * REST_RATE) != sign;
        int shown = direction != 0 ? direction : sign;
        if (recently != 0 && recently == -shown) {
            // The average still covers the previous direction.
            direction = 0;
            candidate = 0;
            Arrays.fill(ampereSeconds, 0);
            Arrays.fill(seconds, 0);
        } else if (direction != 0) {
            direction = sign == direction && !rests ? direction : 0;
            candidate = 0;
        } else {
            begin(nowNanos, rests ? 0 : sign(meanCurrent, capacity * BEGIN_RATE), time);
        }
    }

    /** Tracks a new direction of the average; it counts when it has lasted long enough. */
    private void begin(long nowNanos, int sign, double measuredSeconds) {
        if (sign != candidate) {
            candidate = sign;
            candidateSince = nowNanos;
        }
        if (measuredSeconds >= LEAST_MEASURED_SECONDS && nowNanos - candidateSince >= HOLD_NANOS) {
            direction = candidate;
        }
    }

    private static int sign(double value, double least) {
        return value >= least ? 1 : value <= -least ? -1 : 0;
    }

    /** The voltage averaged over five minutes; NaN when it was not measured. */
    double meanVoltage() {
        return meanVoltage;
    }

    /**
     * Seconds until the battery is empty; NaN when it is not clearly discharging.
     *
     * @param remaining charge that can be taken out, Ah
     */
    double toEmpty(double remaining) {
        return direction < 0 ? shown(remaining / -meanCurrent) : Double.NaN;
    }

    /**
     * Seconds until the battery is full; NaN when it is not clearly charging.
     *
     * @param missing charge that is missing to full, Ah
     */
    double toFull(double missing) {
        return direction > 0 ? shown(missing / meanCurrent) : Double.NaN;
    }

    /** Rounds to one minute, or to ten seconds below ten minutes, which is about the accuracy of the value. */
    private static double shown(double hours) {
        double exact = hours * SECONDS_PER_HOUR;
        double step = exact < TEN_SECONDS * MINUTE ? TEN_SECONDS : MINUTE;
        return Math.rint(exact / step) * step;
    }
}
