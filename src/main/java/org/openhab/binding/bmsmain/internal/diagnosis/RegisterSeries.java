/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;

/**
 * Values of one place over time for one type and scale, and their dependence on time and current.
 * <p>
 * The dependence is the best fit of {@code value = level + drift * time + slope * current}. The level is the value at
 * the mid time and mid current of the whole search, so that values read at different times are comparable.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RegisterSeries {

    /** Relative precision of single precision numbers. */
    private static final double REAL_SHARE = 2e-7;
    private static final long MASK = 0xFFFF_FFFFL;

    final RegisterLocation place;
    final WordOrder order;
    final int size;
    final double[] seconds;
    final double[] values;
    final double[] currents;
    /** Smallest step of the value. */
    final double resolution;
    final double mean;
    /** Standard deviation. */
    final double spread;
    final double lowest;
    final double highest;

    double level;
    double drift;
    double slope;
    /** Standard deviation of the current about its trend. */
    double currentSwing;
    /** Standard deviation of the values about the fit. */
    double noise;
    /** Correlation with the current, both without their trends; 0 where neither moves. */
    double correlation;

    /** The current at a given time. */
    @FunctionalInterface
    interface CurrentAt {
        /** @return NaN when the current was not read near that time */
        double of(double seconds);
    }

    private RegisterSeries(RegisterLocation place, WordOrder order, int size, double[] seconds, double[] values,
            double[] currents) {
        this.place = place;
        this.order = order;
        this.size = size;
        this.seconds = seconds;
        this.values = values;
        this.currents = currents;
        double sum = 0;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            sum += values[i];
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        mean = sum / Math.max(1, size);
        double squares = 0;
        for (int i = 0; i < size; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        spread = Math.sqrt(squares / Math.max(1, size));
        lowest = low;
        highest = high;
        resolution = place.type() == WireType.REAL32 ? Math.abs(mean) * REAL_SHARE : place.scale();
    }

    /** Decodes the words of a place; NaN when they are no number. */
    static double decode(WireType type, double scale, WordOrder order, int word, int next) {
        if (type == WireType.U16) {
            return scaled(word, scale);
        } else if (type == WireType.S16) {
            return scaled((short) word, scale);
        }
        int bits = order == WordOrder.LITTLE ? next << 16 | word : word << 16 | next;
        if (type == WireType.REAL32) {
            float real = Float.intBitsToFloat(bits);
            return Float.isFinite(real) ? real * scale : Double.NaN;
        }
        return scaled(type == WireType.U32 ? bits & MASK : bits, scale);
    }

    /** Scales a raw number; division by a whole number gives the double closest to the intended decimal. */
    private static double scaled(long raw, double scale) {
        return scale < 1 ? raw / Math.rint(1 / scale) : raw * scale;
    }

    /**
     * Decodes all samples of a place.
     *
     * @param min lower limit of the value
     * @param max upper limit of the value
     * @return null when a sample is out of range or no number, or when there are fewer than two samples
     */
    static @Nullable RegisterSeries of(RegisterSamples.Track track, int address, WireType type, double scale,
            WordOrder order, double min, double max, CurrentAt currentAt) {
        boolean isPair = type.bytes() > 2;
        int most = track.size();
        double first = isPair && track.next(0) < 0 ? min : decode(type, scale, order, track.word(0), track.next(0));
        if (!(first >= min && first <= max)) {
            return null;
        }
        double[] seconds = new double[most];
        double[] values = new double[most];
        double[] currents = new double[most];
        int size = 0;
        for (int i = 0; i < most; i++) {
            if (isPair && track.next(i) < 0) {
                continue;
            }
            double value = decode(type, scale, order, track.word(i), track.next(i));
            if (!(value >= min && value <= max)) {
                return null;
            }
            double current = currentAt.of(track.seconds(i));
            if (!Double.isNaN(current)) {
                seconds[size] = track.seconds(i);
                values[size] = value;
                currents[size++] = current;
            }
        }
        if (size < 2) {
            return null;
        }
        return new RegisterSeries(RegisterLocation.of(Table.INPUT, address, type, Location.NO_BIT, scale), order, size,
                seconds, values, currents);
    }

    /** Fits the line; the level is the value at the given time and current. */
    RegisterSeries fit(double atSeconds, double atCurrent) {
        double meanTime = 0;
        double meanCurrent = 0;
        for (int i = 0; i < size; i++) {
            meanTime += seconds[i] / size;
            meanCurrent += currents[i] / size;
        }
        double tt = 0;
        double ti = 0;
        double tv = 0;
        double ii = 0;
        double iv = 0;
        double vv = 0;
        for (int i = 0; i < size; i++) {
            double t = seconds[i] - meanTime;
            double c = currents[i] - meanCurrent;
            double v = values[i] - mean;
            tt += t * t;
            ti += t * c;
            tv += t * v;
            ii += c * c;
            iv += c * v;
            vv += v * v;
        }
        double timeSquares = Math.max(tt, 1e-9);
        // Current and value without their trends
        double current = Math.max(0, ii - ti * ti / timeSquares);
        double both = iv - ti * tv / timeSquares;
        double value = Math.max(0, vv - tv * tv / timeSquares);
        currentSwing = Math.sqrt(current / size);
        slope = currentSwing > 1e-3 ? both / current : 0;
        drift = (tv - slope * ti) / timeSquares;
        double rest = Math.max(0, value - slope * both);
        noise = Math.sqrt(rest / Math.max(1, size - 3));
        correlation = value > 0 && current > 0 && currentSwing > 1e-3 ? both / Math.sqrt(value * current) : 0;
        level = mean + drift * (atSeconds - meanTime) + slope * (atCurrent - meanCurrent);
        return this;
    }

    /** Uncertainty of the level, from the rounding or truncation of the device and the noise. */
    double tolerance() {
        return 0.6 * resolution + 2.5 * noise / Math.sqrt(Math.max(1, size));
    }

    /** Value of the fit at a time and current. */
    double predict(double atSeconds, double atCurrent, double midSeconds, double midCurrent) {
        return level + drift * (atSeconds - midSeconds) + slope * (atCurrent - midCurrent);
    }

    double last() {
        return values[size - 1];
    }

    boolean overlaps(RegisterSeries other) {
        return place.address() < other.place.end() && other.place.address() < place.end();
    }

    /** Whether both have the same type and are adjacent; 16-bit values may each be the lower half of 32 bits. */
    boolean isNeighbour(RegisterSeries other) {
        int distance = Math.abs(place.address() - other.place.address());
        return distance >= place.registers() && distance <= 2 && hasSameType(other);
    }

    /** Whether this place lies between two places of the same type, adjacent to both. */
    boolean isBetween(RegisterSeries one, RegisterSeries other) {
        return isNeighbour(one) && isNeighbour(other)
                && 2 * place.address() == one.place.address() + other.place.address();
    }

    boolean hasSameType(RegisterSeries other) {
        return place.type() == other.place.type() && place.scale() == other.place.scale();
    }
}
