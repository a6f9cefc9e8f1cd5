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
 * How long a battery lasts, or takes to be full, from the current averaged over five minutes.
 * <p>
 * The times are unknown at rest, after the current turned, and until a minute of the present direction was measured. A
 * direction must show clearly and for a while before it counts (0.6 % of the capacity per hour), and ends at less than
 * it begins with: below 0.5 %, or when the last minute rests or clearly says the opposite. So nothing flickers near the
 * limits.
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
    /** So long the average has a direction before it counts. */
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
    /** The direction that may begin, and since when the average has it. */
    private int candidate;
    private long candidateSince;
    private double meanCurrent = Double.NaN;
    private double meanVoltage = Double.NaN;

    RemainingTime() {
        Arrays.fill(numbers, Long.MIN_VALUE);
    }

    /**
     * Takes what was measured between two readings.
     *
     * @param endNanos when the second was read
     * @param length seconds between them
     * @param amperes the mean current between them
     * @param volts the mean voltage between them, NaN when unknown
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
     * Decides what the averages mean.
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
        // Nothing measured or no capacity: NaN, and every comparison with it is false.
        int sign = sign(meanCurrent, capacity * END_RATE);
        int recently = sign(recent, capacity * END_RATE);
        boolean rests = sign(recent, capacity * REST_RATE) != sign;
        int shown = direction != 0 ? direction : sign;
        if (recently != 0 && recently == -shown) {
            // The average would tell of the direction before.
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

    /** Takes a direction that the average has; it counts when it had it long enough. */
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

    /** The voltage averaged over five minutes; NaN when none of it was measured. */
    double meanVoltage() {
        return meanVoltage;
    }

    /**
     * Seconds until the battery is empty; NaN when that means nothing.
     *
     * @param remaining charge that can be taken out, Ah
     */
    double toEmpty(double remaining) {
        return direction < 0 ? shown(remaining / -meanCurrent) : Double.NaN;
    }

    /**
     * Seconds until the battery is full; NaN when that means nothing.
     *
     * @param missing charge that is missing to full, Ah
     */
    double toFull(double missing) {
        return direction > 0 ? shown(missing / meanCurrent) : Double.NaN;
    }

    /** As exact as it is known: to the minute, below ten minutes to ten seconds. */
    private static double shown(double hours) {
        double exact = hours * SECONDS_PER_HOUR;
        double step = exact < TEN_SECONDS * MINUTE ? TEN_SECONDS : MINUTE;
        return Math.rint(exact / step) * step;
    }
}
