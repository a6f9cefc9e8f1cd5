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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Evidence;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Kind;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion.Quantity;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;

/**
 * Finds the places of undocumented values by the physics of a battery. The registers must have been read while the
 * current changed.
 * <p>
 * The pack voltage is within the limits of the board and follows the current like a small resistance. The average cell
 * voltage is an integer fraction of it, the cell voltages add up to it, and it gives the power when multiplied by the
 * current. The lowest and the highest cell voltage also follow the current, are adjacent, and agree with the list of
 * cells. Each of these reasons scores points. A place is sure when the points suffice and no place with another value
 * scores similarly. Ambiguous places are never sure, because a wrong value must not be shown.
 * <p>
 * Pure arithmetic; thread-safe as long as each thread has its own samples.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class RegisterSuggester {

    /** Minimum number of samples for any conclusion about the dependence on the current. */
    private static final int LEAST_READINGS = 5;
    /** Number of samples from which a correlation is no longer likely to be chance. */
    private static final int ENOUGH_READINGS = 7;
    private static final double FOLLOWS = 0.8;
    private static final double FOLLOWS_CLOSELY = 0.96;
    /** Minimum ratio of the swing caused by the current to the noise of the fit over the root of the sample count. */
    private static final double CLEAR = 8;
    /** Points from which a place is sure, and required lead over a place with another value. */
    private static final int SURE = 6;
    private static final int AHEAD = 2;

    private static final double MIN_CELL = 1.0;
    private static final double MAX_CELL = 5.0;
    private static final double CELLS_APART = 0.35;
    private static final int LEAST_CELLS = 4;
    private static final int MOST_CELLS = 414;
    private static final double COLDEST = -40;
    private static final double HOTTEST = 90;
    private static final double TEMPERATURES_APART = 15;
    private static final double NEAR_OUTSIDE = 15;
    private static final double POWER_FACTOR = 0.015;
    private static final double EXACT_FACTOR = 0.003;
    private static final int MOST_COUNTERS = 8;
    /** Maximum age of a reading of the current for other registers, in seconds. */
    private static final double CURRENT_AGE = 3;
    private static final double LEAST_CHANGE = 5;

    private static final double[] SCALES = { 1, 0.1, 0.01, 0.001 };
    private static final double[] CELL_SCALES = { 0.001, 0.01 };
    private static final double[] TEMPERATURE_SCALES = { 0.1, 0.01, 1 };
    private static final double[] POWER_SCALES = { 1, 0.1, 0.01, 10, 1000 };
    private static final int[] POWERS_OF_TEN = { -3, -2, -1, 0, 1, 2, 3 };

    /** Public registers: these are not searched, and a place that equals one of them is a copy. */
    private static final int[][] PUBLIC = { { 0x2000, 0x2011 }, { 0x20F4, 0x20F4 }, { 0x2100, 0x2102 },
            { 0x2181, 0x21A2 }, { 0x2410, 0x2412 }, { 0x2420, 0x2429 } };
    private static final List<Point> COPIED = List.of(Catalogue.CURRENT, Catalogue.EXTERNAL_TEMPERATURE,
            Catalogue.HUMIDITY, Catalogue.STATE_OF_CHARGE, Catalogue.CURRENT_SENSOR_VOLTAGE,
            Catalogue.CURRENT_SENSOR_REFERENCE, Catalogue.CURRENT_SENSOR_REFERENCE_CALIBRATED,
            Catalogue.AUX_CURRENT_SENSOR_VOLTAGE, Catalogue.AUX_CURRENT_SENSOR_REFERENCE,
            Catalogue.CHARGE_CURRENT_LIMIT, Catalogue.DISCHARGE_CURRENT_LIMIT, Catalogue.NOMINAL_CAPACITY,
            Catalogue.MAX_CHARGE_VOLTAGE, Catalogue.MIN_DISCHARGE_VOLTAGE, Catalogue.MAX_CHARGE_CURRENT,
            Catalogue.MAX_DISCHARGE_CURRENT);

    private final RegisterSamples samples;
    private final @Nullable WordOrder toldOrder;

    private WordOrder order = WordOrder.LITTLE;
    private double[] currentSeconds = {};
    private double[] currents = {};
    private double midSeconds;
    private double midCurrent;
    private double minVoltage = Double.NaN;
    private double maxVoltage = Double.NaN;
    private double maxCurrent = Double.NaN;
    private final List<Known> known = new ArrayList<>();

    private final List<Voltage> voltages = new ArrayList<>();
    private final List<RegisterSeries> cells = new ArrayList<>();
    private final List<RegisterSeries> powers = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();

    /** A public value over time. */
    private record Known(double[] seconds, double[] values) {
    }

    /** A candidate for the pack voltage. */
    private static final class Voltage {
        private final RegisterSeries series;
        private final List<Evidence> evidence = new ArrayList<>();
        private int points;
        private boolean isConfirmed;
        private int cellCount;
        private @Nullable RegisterSeries average;
        private @Nullable RegisterSeries power;
        private @Nullable Run list;

        Voltage(RegisterSeries series) {
            this.series = series;
        }

        void add(int more, Evidence reason) {
            points += more;
            evidence.add(reason);
        }
    }

    /** Consecutive values that look like cell voltages. */
    private record Run(int board, int stride, List<RegisterSeries> members) {

        RegisterSeries first() {
            return members.get(0);
        }

        double sum(ToDoubleFunction<RegisterSeries> of) {
            return members.stream().mapToDouble(of).sum();
        }

        /** A part of the run. */
        Run part(int from, int length) {
            return new Run(board, stride, members.subList(from, from + length));
        }

        boolean contains(RegisterSeries series) {
            return members.stream().anyMatch(series::overlaps);
        }
    }

    private RegisterSuggester(RegisterSamples samples, @Nullable WordOrder order) {
        this.samples = samples;
        this.toldOrder = order;
    }

    /**
     * Evaluates samples.
     *
     * @param samples the samples, see {@link RegisterSearch}; not changed
     * @param order order of the words, or null to detect it from the public registers
     * @return one suggestion for each quantity that has a channel, in the order of {@link Quantity}, with or without a
     *         place; other quantities only when a place was found
     */
    public static List<RegisterSuggestion> suggest(RegisterSamples samples, @Nullable WordOrder order) {
        return new RegisterSuggester(samples, order).evaluate();
    }

    private List<RegisterSuggestion> evaluate() {
        WordOrder found = toldOrder == null ? orderOfPublic() : toldOrder;
        if (found == null) {
            return nothing(new Evidence(Kind.WORD_ORDER));
        }
        order = found;
        readPublic();
        int readings = Math.min(currents.length, readings());
        if (readings < LEAST_READINGS) {
            return nothing(new Evidence(Kind.MORE_READINGS, readings));
        }
        collect();
        List<RegisterSuggestion> all = new ArrayList<>();
        Voltage voltage = bestVoltage();
        RegisterSuggestion pack = voltage == null ? none(Quantity.PACK_VOLTAGE, moreCurrent(null)) : suggest(voltage);
        all.add(pack);
        suggestCells(all, voltage, pack.isSure());
        suggestTemperatures(all);
        suggestPower(all, voltage, pack.isSure());
        suggestWindow(all, voltage, pack.isSure());
        suggestCounters(all);
        all.sort(Comparator.comparing(RegisterSuggestion::quantity));
        return all;
    }

    /** Largest number of samples of any register that is not public. */
    private int readings() {
        int most = 0;
        for (int address : samples.addresses(0)) {
            RegisterSamples.Track track = samples.track(0, address);
            most = track == null || isPublic(address, 1) ? most : Math.max(most, track.size());
        }
        return most;
    }

    private static List<RegisterSuggestion> nothing(Evidence advice) {
        List<RegisterSuggestion> all = new ArrayList<>();
        for (Quantity quantity : Quantity.values()) {
            if (quantity.channel() != null) {
                all.add(none(quantity, advice));
            }
        }
        return all;
    }

    private static RegisterSuggestion none(Quantity quantity, Evidence... advice) {
        return new RegisterSuggestion(quantity, null, null, 0, Double.NaN, false, 0, List.of(), List.of(advice), null);
    }

    private static RegisterSuggestion suggestion(Quantity quantity, RegisterSeries series, boolean isSure, int points,
            List<Evidence> evidence, List<Evidence> advice) {
        String channel = quantity.channel();
        return new RegisterSuggestion(quantity, series.place, series.place.registers() == 1 ? null : series.order, 1,
                series.last(), isSure, points, List.copyOf(evidence), isSure ? List.of() : List.copyOf(advice),
                channel == null ? null : channel + " = " + series.place);
    }

    // ---- public values ----

    /** The word order in which the public values are plausible; null when ambiguous. */
    private @Nullable WordOrder orderOfPublic() {
        int little = plausible(WordOrder.LITTLE);
        int big = plausible(WordOrder.BIG);
        return little >= 2 && little > 3 * big ? WordOrder.LITTLE : big >= 2 && big > 3 * little ? WordOrder.BIG : null;
    }

    private int plausible(WordOrder trial) {
        int count = 0;
        for (Point point : COPIED) {
            RegisterSamples.Track track = trackOf(point);
            if (track != null && track.size() > 0 && track.next(0) >= 0) {
                double value = RegisterSeries.decode(WireType.REAL32, 1, trial, track.word(0), track.next(0));
                // Zero is the same in both orders; words in the wrong order give tiny or huge numbers.
                count += Math.abs(value) >= 1e-3 && Math.abs(value) <= 1e5 && point.isPlausible(value) ? 1 : 0;
            }
        }
        return count;
    }

    private RegisterSamples.@Nullable Track trackOf(Point point) {
        RegisterLocation register = point.register();
        return register == null ? null : samples.track(0, register.address());
    }

    private @Nullable Known knownOf(Point point) {
        RegisterSamples.Track track = trackOf(point);
        if (track == null) {
            return null;
        }
        double[] seconds = new double[track.size()];
        double[] values = new double[track.size()];
        int size = 0;
        for (int i = 0; i < track.size(); i++) {
            double value = track.next(i) < 0 ? Double.NaN
                    : RegisterSeries.decode(WireType.REAL32, 1, order, track.word(i), track.next(i));
            if (point.isPlausible(value)) {
                seconds[size] = track.seconds(i);
                values[size++] = value;
            }
        }
        return size == 0 ? null : new Known(Arrays.copyOf(seconds, size), Arrays.copyOf(values, size));
    }

    private double lastOf(Point point) {
        Known values = knownOf(point);
        return values == null ? Double.NaN : values.values[values.values.length - 1];
    }

    private void readPublic() {
        for (Point point : COPIED) {
            Known values = knownOf(point);
            if (values != null) {
                known.add(values);
                double last = values.values[values.values.length - 1];
                if (point == Catalogue.CURRENT) {
                    currentSeconds = values.seconds;
                    currents = values.values;
                } else if (point == Catalogue.MAX_CHARGE_VOLTAGE) {
                    maxVoltage = last;
                } else if (point == Catalogue.MIN_DISCHARGE_VOLTAGE) {
                    minVoltage = last;
                } else if (point == Catalogue.MAX_DISCHARGE_CURRENT) {
                    maxCurrent = last;
                }
            }
        }
        for (int i = 0; i < currents.length; i++) {
            midCurrent += currents[i] / currents.length;
            midSeconds += currentSeconds[i] / currents.length;
        }
        if (!(maxCurrent > 1 && maxCurrent < 1e4)) {
            double most = 0;
            for (double current : currents) {
                most = Math.max(most, Math.abs(current));
            }
            maxCurrent = 2 * most;
        }
    }

    private boolean hasLimits() {
        return minVoltage > 1 && maxVoltage > minVoltage && maxVoltage < 6 * minVoltage;
    }

    private double currentAt(double seconds) {
        return interpolate(currentSeconds, currents, seconds, CURRENT_AGE);
    }

    private static double interpolate(double[] times, double[] values, double at, double age) {
        int index = Arrays.binarySearch(times, at);
        if (index >= 0) {
            return values[index];
        }
        int after = -index - 1;
        boolean hasBefore = after > 0 && at - times[after - 1] <= age;
        boolean hasAfter = after < times.length && times[after] - at <= age;
        if (hasBefore && hasAfter) {
            double share = (at - times[after - 1]) / (times[after] - times[after - 1]);
            return values[after - 1] + share * (values[after] - values[after - 1]);
        }
        return hasBefore ? values[after - 1] : hasAfter ? values[after] : Double.NaN;
    }

    private static boolean isPublic(int address, int registers) {
        for (int[] range : PUBLIC) {
            if (address <= range[1] && range[0] < address + registers) {
                return true;
            }
        }
        return false;
    }

    /** Whether a place equals a public value, apart from a power of ten. */
    private boolean isCopy(RegisterSeries series) {
        for (Known values : known) {
            double typical = 0;
            for (double value : values.values) {
                typical = Math.max(typical, Math.abs(value));
            }
            double most = Math.max(Math.abs(series.lowest), Math.abs(series.highest));
            for (int power : POWERS_OF_TEN) {
                double factor = Math.pow(10, power);
                if (most > 0 && typical * factor > most / 3 && typical * factor < most * 3
                        && equals(series, values, factor)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean equals(RegisterSeries series, Known values, double factor) {
        double squares = 0;
        double sum = 0;
        double sumSquares = 0;
        for (int i = 0; i < series.size; i++) {
            double other = factor * interpolate(values.seconds, values.values, series.seconds[i], 600);
            double off = series.values[i] - other;
            squares += off * off;
            sum += other;
            sumSquares += other * other;
        }
        int n = series.size;
        double spread = Math.sqrt(Math.max(0, sumSquares / n - sum / n * sum / n));
        return Math.sqrt(squares / n) <= 0.7 * series.resolution + 0.2 * spread + 1e-6 * Math.abs(series.mean);
    }

    // ---- candidates ----

    private void collect() {
        double low = hasLimits() ? 0.9 * minVoltage : 5;
        double high = hasLimits() ? 1.05 * maxVoltage : 1500;
        changing(0).forEach((address, track) -> {
            readings(track, address, SCALES, low, high).forEach(this::addVoltage);
            powers.addAll(powerReadings(track, address));
        });
        cells.addAll(followers(0));
        runs.addAll(runs(0));
        // A cell of a list is not the pack voltage.
        voltages.removeIf(voltage -> isInRun(voltage.series));
    }

    /** Registers of a board (0 = outside the window) that changed and have enough samples. */
    private Map<Integer, RegisterSamples.Track> changing(int board) {
        Map<Integer, RegisterSamples.Track> all = new TreeMap<>();
        for (int address : samples.addresses(board)) {
            RegisterSamples.Track track = samples.track(board, address);
            if (track != null && track.size() >= LEAST_READINGS && !track.isConstant()) {
                all.put(address, track);
            }
        }
        return all;
    }

    /** The unsigned interpretations of a place, in all types and scales. */
    private List<RegisterSeries> readings(RegisterSamples.Track track, int address, double[] scales, double low,
            double high) {
        List<RegisterSeries> all = new ArrayList<>();
        if (isPublic(address, 1)) {
            return all;
        }
        add(all, track, address, WireType.REAL32, 1, low, high);
        for (double scale : scales) {
            add(all, track, address, WireType.U16, scale, low, high);
            if (65_536 * scale <= high) {
                // Smaller numbers fit into the lower word alone.
                add(all, track, address, WireType.U32, scale, Math.max(low, 32_768 * scale), high);
            }
        }
        return all;
    }

    private void add(List<RegisterSeries> all, RegisterSamples.Track track, int address, WireType type, double scale,
            double low, double high) {
        if (isPublic(address, type.bytes() / 2)) {
            return;
        }
        RegisterSeries series = RegisterSeries.of(track, address, type, scale, order, low, high, this::currentAt);
        if (series != null && series.size >= LEAST_READINGS) {
            all.add(series.fit(midSeconds, midCurrent));
        }
    }

    private void addVoltage(RegisterSeries series) {
        double sag = series.slope * maxCurrent / series.mean;
        double span = series.seconds[series.size - 1] - series.seconds[0];
        if (series.correlation < FOLLOWS || sag < 1e-3 || sag > 0.4
                || Math.abs(series.drift) * span > 0.05 * series.mean || isNegative(series) || isCopy(series)) {
            return;
        }
        Voltage voltage = new Voltage(series);
        if (hasLimits()) {
            voltage.add(1, new Evidence(Kind.WITHIN_LIMITS, minVoltage, maxVoltage));
        }
        voltage.add(isClose(series) ? 3 : 1, follows(series));
        voltages.add(voltage);
    }

    /** Whether it is a signed number read without its sign that is zero without current, such as a power. */
    private boolean isNegative(RegisterSeries series) {
        double zero = series.level - series.slope * midCurrent;
        double wrapped = 65_536 * series.place.scale();
        return series.place.type() != WireType.REAL32
                && Math.abs(zero - wrapped) < 0.05 * Math.abs(series.mean - wrapped) + 2 * series.tolerance();
    }

    private static Evidence follows(RegisterSeries series) {
        return new Evidence(Kind.FOLLOWS_CURRENT, 1000 * series.slope, series.correlation, series.size);
    }

    /** Whether a place follows the current so closely that chance is ruled out. */
    private static boolean isClose(RegisterSeries series) {
        return series.size >= ENOUGH_READINGS && series.correlation >= FOLLOWS_CLOSELY && isClear(series);
    }

    private static boolean isClear(RegisterSeries series) {
        double swing = series.slope * series.currentSwing;
        return swing >= CLEAR * series.noise / Math.sqrt(series.size) && swing >= series.resolution;
    }

    /** Candidates for a cell voltage among the registers of a board: they follow the current. */
    private List<RegisterSeries> followers(int board) {
        List<RegisterSeries> all = new ArrayList<>();
        for (RegisterSeries series : cellReadings(board)) {
            if (series.correlation >= FOLLOWS && series.slope * series.currentSwing >= 0.5 * series.resolution
                    && !isCopy(series)) {
                all.add(series);
            }
        }
        return all;
    }

    private List<RegisterSeries> cellReadings(int board) {
        List<RegisterSeries> all = new ArrayList<>();
        changing(board)
                .forEach((address, track) -> all.addAll(readings(track, address, CELL_SCALES, MIN_CELL, MAX_CELL)));
        return all;
    }

    /** Runs of values that look like the cells of one battery. */
    private List<Run> runs(int board) {
        List<RegisterSeries> readings = cellReadings(board);
        readings.removeIf(series -> series.place.type() == WireType.U32 || series.correlation < 0.5);
        List<Run> all = new ArrayList<>();
        for (int stride = 1; stride <= 2; stride++) {
            List<RegisterSeries> used = new ArrayList<>();
            for (RegisterSeries start : readings) {
                if (stride < start.place.registers() || used.contains(start)) {
                    continue;
                }
                List<RegisterSeries> row = new ArrayList<>(List.of(start));
                RegisterSeries next = next(readings, start, stride);
                while (next != null) {
                    row.add(next);
                    next = next(readings, next, stride);
                }
                if (row.size() >= LEAST_CELLS) {
                    used.addAll(row);
                    all.add(new Run(board, stride, row));
                }
            }
        }
        return all;
    }

    private static @Nullable RegisterSeries next(List<RegisterSeries> readings, RegisterSeries of, int stride) {
        for (RegisterSeries series : readings) {
            if (series.place.address() == of.place.address() + stride && series.hasSameType(of)
                    && Math.abs(series.level - of.level) < CELLS_APART) {
                return series;
            }
        }
        return null;
    }

    // ---- pack voltage ----

    private @Nullable Voltage bestVoltage() {
        for (Voltage voltage : voltages) {
            confirmByCells(voltage);
            confirmByPower(voltage);
        }
        voltages.sort(Comparator.comparingInt((Voltage voltage) -> -voltage.points)
                .thenComparingDouble(voltage -> -voltage.series.correlation));
        return voltages.isEmpty() ? null : voltages.get(0);
    }

    private void confirmByCells(Voltage voltage) {
        RegisterSeries pack = voltage.series;
        for (Run run : runs) {
            List<Run> parts = parts(run, pack, 1);
            if (!parts.isEmpty() && voltage.list == null) {
                Run list = parts.get(0);
                // Several fitting parts of the same run are ambiguous.
                voltage.list = parts.size() == 1 ? list : null;
                voltage.cellCount = list.members.size();
                voltage.isConfirmed = true;
                voltage.add(3, new Evidence(Kind.SUM_OF_CELLS, voltage.cellCount, list.first().place));
            }
        }
        double closest = Double.POSITIVE_INFINITY;
        for (RegisterSeries cell : cells) {
            int number = (int) Math.round(pack.level / cell.level);
            if (number < 2 || number > MOST_CELLS || cell.overlaps(pack) || isInRun(cell)) {
                continue;
            }
            double off = Math.abs(pack.level / number - cell.level);
            double allowed = cell.tolerance() + pack.tolerance() / number;
            if (off <= allowed && off < closest && slopesAgree(pack, cell, number, 0.8, 1.25)
                    && (voltage.cellCount == 0 || voltage.cellCount == number)) {
                closest = off;
                voltage.average = cell;
            }
        }
        RegisterSeries average = voltage.average;
        if (average != null) {
            int number = (int) Math.round(pack.level / average.level);
            // With many cells any voltage is nearly an integer multiple of another one.
            double chance = 2 * number * (average.tolerance() + pack.tolerance() / number) / average.level;
            boolean isSelf = number == 10 || number == 100;
            if (!isSelf && chance < 0.3) {
                voltage.cellCount = number;
                voltage.isConfirmed |= chance < 0.1;
                voltage.add(chance < 0.1 ? 2 : 1, new Evidence(Kind.WHOLE_NUMBER, number, average.place));
            } else if (voltage.cellCount == 0) {
                voltage.average = null;
            }
        }
    }

    private boolean isInRun(RegisterSeries series) {
        for (Run run : runs) {
            if (run.contains(series)) {
                return true;
            }
        }
        return false;
    }

    private static boolean slopesAgree(RegisterSeries pack, RegisterSeries cell, int number, double least,
            double most) {
        double ratio = cell.slope * number / pack.slope;
        return ratio >= least && ratio <= most;
    }

    /** The parts of a run whose sum, times the number of boards, equals the pack voltage. */
    private static List<Run> parts(Run run, RegisterSeries pack, int boards) {
        List<Run> parts = new ArrayList<>();
        double mean = run.sum(series -> series.level) / run.members.size();
        int number = (int) Math.round(pack.level / mean);
        if (number % boards != 0 || number / boards < Math.min(LEAST_CELLS, number)) {
            return parts;
        }
        int length = number / boards;
        for (int from = 0; from + length <= run.members.size(); from++) {
            Run part = run.part(from, length);
            double off = Math.abs(boards * part.sum(series -> series.level) - pack.level);
            double slope = boards * part.sum(series -> series.slope) / pack.slope;
            double allowed = pack.tolerance() + boards * part.sum(RegisterSeries::tolerance);
            if (off <= allowed && slope > 0.7 && slope < 1.4) {
                parts.add(part);
            }
        }
        return parts;
    }

    private void confirmByPower(Voltage voltage) {
        RegisterSeries best = null;
        double bestNoise = Double.POSITIVE_INFINITY;
        for (RegisterSeries series : powers) {
            double off = powerOff(series, voltage.series);
            if (off < bestNoise && !series.overlaps(voltage.series)) {
                bestNoise = off;
                best = series;
            }
        }
        if (best != null) {
            // A slightly wrong voltage fits nearly as well.
            boolean exact = Math.abs(powerFactor(best, voltage.series) - 1) < EXACT_FACTOR;
            voltage.power = best;
            voltage.isConfirmed |= exact;
            voltage.add(exact ? 2 : 1, new Evidence(Kind.POWER_AGREES, best.place));
        }
    }

    private List<RegisterSeries> powerReadings(RegisterSamples.Track track, int address) {
        List<RegisterSeries> all = new ArrayList<>();
        if (!isPublic(address, 1)) {
            for (double scale : POWER_SCALES) {
                add(all, track, address, scale == 1000 ? WireType.REAL32 : WireType.S16, scale, -1e7, 1e7);
                if (scale <= 1) {
                    add(all, track, address, scale == 1 ? WireType.REAL32 : WireType.S32, scale, -1e7, 1e7);
                }
            }
            add(all, track, address, WireType.S32, 1, -1e7, 1e7);
            all.removeIf(series -> Math.abs(series.correlation) < FOLLOWS_CLOSELY || isCopy(series));
        }
        return all;
    }

    /** Relative deviation of a place from voltage times current; infinite when it does not fit. */
    private double powerOff(RegisterSeries series, RegisterSeries pack) {
        double[] expected = expected(series, pack);
        double mean = Arrays.stream(expected).average().orElse(0);
        double swing = 0;
        double squares = 0;
        for (int i = 0; i < series.size; i++) {
            swing += (expected[i] - mean) * (expected[i] - mean) / series.size;
            squares += (series.values[i] - expected[i]) * (series.values[i] - expected[i]) / series.size;
        }
        swing = Math.sqrt(swing);
        double off = Math.sqrt(squares);
        boolean fits = series.size >= LEAST_READINGS && swing > 4 * series.resolution
                && Math.abs(powerFactor(series, pack) - 1) < 2 * POWER_FACTOR && off < 0.08 * swing + series.resolution
                && Math.abs(series.mean - mean) < 0.03 * Math.max(swing, Math.abs(mean)) + series.resolution;
        return fits ? off / swing : Double.POSITIVE_INFINITY;
    }

    /** The factor by which voltage times current best fits a place. */
    private double powerFactor(RegisterSeries series, RegisterSeries pack) {
        double[] expected = expected(series, pack);
        double squares = 0;
        double both = 0;
        for (int i = 0; i < series.size; i++) {
            squares += expected[i] * expected[i];
            both += expected[i] * series.values[i];
        }
        return squares > 0 ? both / squares : 0;
    }

    /** Voltage times current at the sample times of a place. */
    private double[] expected(RegisterSeries series, RegisterSeries pack) {
        double[] expected = new double[series.size];
        for (int i = 0; i < series.size; i++) {
            expected[i] = series.currents[i]
                    * pack.predict(series.seconds[i], series.currents[i], midSeconds, midCurrent);
        }
        return expected;
    }

    /** Whether two places hold the same voltage within their tolerances. */
    private static boolean isSame(RegisterSeries one, RegisterSeries other) {
        return Math.abs(one.level - other.level) <= 1.5 * (one.tolerance() + other.tolerance());
    }

    private RegisterSuggestion suggest(Voltage best) {
        RegisterSeries series = best.series;
        List<Evidence> advice = new ArrayList<>();
        boolean follows = isClose(series);
        if (series.size < ENOUGH_READINGS) {
            advice.add(new Evidence(Kind.MORE_READINGS, series.size));
        } else if (!follows) {
            advice.add(moreCurrent(series));
        }
        for (Voltage other : voltages) {
            if (!other.equals(best) && other.points > best.points - AHEAD && !isSame(other.series, series)) {
                advice.add(new Evidence(Kind.RIVAL, other.series.place));
                break;
            }
        }
        if (!best.isConfirmed || best.points < SURE || mayBeCell(series)) {
            advice.add(new Evidence(Kind.UNCONFIRMED));
        }
        return suggestion(Quantity.PACK_VOLTAGE, series, follows && advice.isEmpty(), best.points, best.evidence,
                advice);
    }

    /** Whether the value may be a cell voltage, read with a scale that is 10 or 100 times too large. */
    private static boolean mayBeCell(RegisterSeries series) {
        double digits = series.place.scale() / 0.001;
        boolean isTens = series.place.type() != WireType.REAL32 && (digits == 10 || Math.abs(digits - 100) < 1e-9);
        return isTens && series.mean / digits >= MIN_CELL && series.mean / digits <= MAX_CELL;
    }

    /** Required change of the current, so that the voltage changes by many of its steps. */
    private Evidence moreCurrent(@Nullable RegisterSeries series) {
        double amperes = Math.max(LEAST_CHANGE, 0.1 * maxCurrent);
        if (series != null && series.slope > 0) {
            amperes = Math.max(amperes, Math.min(maxCurrent, 10 * series.resolution / series.slope));
        }
        return new Evidence(Kind.MORE_CURRENT, String.format(Locale.ROOT, "%.0f", amperes));
    }

    // ---- cells outside the window ----

    private void suggestCells(List<RegisterSuggestion> all, @Nullable Voltage voltage, boolean isSure) {
        if (voltage == null || voltage.cellCount == 0) {
            Evidence advice = voltage == null ? moreCurrent(null) : new Evidence(Kind.NOT_FOUND);
            List<RegisterSeries> alone = voltage == null ? List.of() : aloneLike(voltage, 0);
            if (alone.size() >= 2 && voltage != null) {
                suggestExtremes(all, voltage, false, alone);
            } else {
                all.add(none(Quantity.MIN_CELL_VOLTAGE, advice));
                all.add(none(Quantity.MAX_CELL_VOLTAGE, advice));
            }
            return;
        }
        Run list = voltage.list;
        if (list != null) {
            List<Evidence> evidence = List.of(new Evidence(Kind.SUM_OF_CELLS, voltage.cellCount, voltage.series.place));
            RegisterSeries first = list.first();
            all.add(new RegisterSuggestion(Quantity.CELL_LIST, first.place,
                    first.place.registers() == 1 ? null : first.order, list.members.size(), first.last(), isSure, 3,
                    evidence, isSure ? List.of() : List.of(new Evidence(Kind.NO_VOLTAGE)), null));
        }
        suggestExtremes(all, voltage, isSure, aloneLike(voltage, voltage.cellCount));
    }

    /** Cells outside lists that follow the current like a cell of this battery. */
    private List<RegisterSeries> aloneLike(Voltage voltage, int count) {
        List<RegisterSeries> alone = new ArrayList<>();
        RegisterSeries pack = voltage.series;
        for (RegisterSeries cell : cells) {
            int number = count == 0 ? (int) Math.round(pack.level / cell.level) : count;
            double share = cell.level * number / pack.level;
            if (!cell.overlaps(pack) && !isInCells(voltage, cell) && share > 0.85 && share < 1.15
                    && slopesAgree(pack, cell, number, 0.6, 1.6)) {
                alone.add(cell);
            }
        }
        // Of two interpretations of the same register, the one with the better correlation is right.
        alone.removeIf(cell -> alone.stream().anyMatch(
                other -> !other.equals(cell) && other.overlaps(cell) && other.correlation > cell.correlation));
        alone.sort(Comparator.comparingDouble(cell -> cell.level));
        return alone;
    }

    private boolean isInCells(Voltage voltage, RegisterSeries cell) {
        Run list = voltage.list;
        return list == null ? isInRun(cell) : list.contains(cell);
    }

    private void suggestExtremes(List<RegisterSuggestion> all, Voltage voltage, boolean packSure,
            List<RegisterSeries> alone) {
        RegisterSeries pack = voltage.series;
        Run list = voltage.list;
        double average = voltage.cellCount == 0 ? Double.NaN : pack.level / voltage.cellCount;
        double lowest = list == null ? Double.NaN
                : list.members.stream().mapToDouble(series -> series.level).min().orElse(Double.NaN);
        double highest = list == null ? Double.NaN
                : list.members.stream().mapToDouble(series -> series.level).max().orElse(Double.NaN);
        Trio best = null;
        for (RegisterSeries low : alone) {
            for (RegisterSeries high : alone) {
                if (!low.equals(high) && low.level <= high.level && !low.overlaps(high)) {
                    Trio trio = trio(low, high, alone, average, pack, voltage.cellCount, list, lowest, highest);
                    if (trio != null && (best == null || trio.isBetter(best))) {
                        best = trio;
                    }
                }
            }
        }
        if (best == null) {
            all.add(none(Quantity.MIN_CELL_VOLTAGE, new Evidence(Kind.NOT_FOUND)));
            all.add(none(Quantity.MAX_CELL_VOLTAGE, new Evidence(Kind.NOT_FOUND)));
            return;
        }
        List<Evidence> advice = new ArrayList<>();
        if (!packSure) {
            advice.add(new Evidence(Kind.NO_VOLTAGE));
        }
        Trio found = best;
        RegisterSeries middle = found.middle;
        boolean proven = found.areNeighbours && (found.matchesList || middle != null && found.isWide);
        if (!proven) {
            advice.add(new Evidence(Kind.UNCONFIRMED));
        }
        for (RegisterSeries cell : alone) {
            // A place below the lowest or above the highest cell contradicts. A place with the same value may be the
            // right one instead, unless lowest, average and highest are adjacent.
            boolean isOther = !cell.equals(found.low) && !cell.equals(found.high) && !cell.equals(middle);
            if (cell.level < found.low.level - cell.tolerance() - found.low.tolerance()
                    || cell.level > found.high.level + cell.tolerance() + found.high.tolerance()
                    || isOther && !found.isWide && (isSame(cell, found.low) || isSame(cell, found.high))) {
                advice.add(new Evidence(Kind.RIVAL, cell.place));
                break;
            }
        }
        boolean isSure = advice.isEmpty() && isUsable(found.low) && isUsable(found.high);
        if (advice.isEmpty() && !isSure) {
            advice.add(moreCurrent(found.low));
        }
        all.add(suggestion(Quantity.MIN_CELL_VOLTAGE, found.low, isSure, found.points, found.evidence(found.high),
                advice));
        all.add(suggestion(Quantity.MAX_CELL_VOLTAGE, found.high, isSure, found.points, found.evidence(found.low),
                advice));
        RegisterSeries single = middle != null ? middle : voltage.average;
        if (single != null && !single.equals(found.low) && !single.equals(found.high)) {
            boolean certain = isSure && middle != null
                    && (middle.isNeighbour(found.low) || middle.isNeighbour(found.high)) && found.isWide;
            all.add(suggestion(Quantity.AVERAGE_CELL_VOLTAGE, single, certain, found.points,
                    List.of(follows(single), new Evidence(Kind.SHARE_OF_VOLTAGE, voltage.cellCount)),
                    List.of(new Evidence(Kind.UNCONFIRMED))));
        }
    }

    private static boolean isUsable(RegisterSeries cell) {
        return cell.size >= ENOUGH_READINGS && cell.correlation >= 0.9;
    }

    /** A lowest and a highest cell voltage, and optionally an average one, that may belong together. */
    private record Trio(RegisterSeries low, RegisterSeries high, @Nullable RegisterSeries middle, boolean areNeighbours,
            boolean matchesList, boolean isWide, int points, double off, @Nullable Run list) {

        boolean isBetter(Trio other) {
            return points != other.points ? points > other.points : off < other.off;
        }

        List<Evidence> evidence(RegisterSeries partner) {
            List<Evidence> evidence = new ArrayList<>();
            evidence.add(follows(partner.equals(low) ? high : low));
            RegisterSeries average = middle;
            if (average != null) {
                evidence.add(new Evidence(Kind.IN_ORDER, low.level, average.level, high.level));
            }
            if (areNeighbours) {
                evidence.add(new Evidence(Kind.NEIGHBOURS, partner.place));
            }
            Run cells = list;
            if (matchesList && cells != null) {
                evidence.add(new Evidence(Kind.EXTREME_OF_CELLS, cells.first().place));
            }
            return evidence;
        }
    }

    private static @Nullable Trio trio(RegisterSeries low, RegisterSeries high, List<RegisterSeries> alone,
            double average, RegisterSeries pack, int count, @Nullable Run list, double lowest, double highest) {
        double lowTolerance = low.tolerance();
        double highTolerance = high.tolerance();
        double packTolerance = count == 0 ? 0 : pack.tolerance() / count;
        // The average must lie between both.
        if (low.level > average + lowTolerance + packTolerance
                || high.level < average - highTolerance - packTolerance) {
            return null;
        }
        int points = 1;
        double off = 0;
        boolean neighbours = low.isNeighbour(high) || alone.stream().anyMatch(between -> between.isBetween(low, high));
        points += neighbours ? 3 : low.hasSameType(high) ? 1 : 0;
        boolean matches = false;
        if (list != null) {
            double listTolerance = list.first().tolerance();
            double lowOff = Math.abs(low.level - lowest);
            double highOff = Math.abs(high.level - highest);
            off = lowOff + highOff;
            matches = lowOff <= lowTolerance + listTolerance && highOff <= highTolerance + listTolerance;
            // For cells with equal voltages the average would agree with the list as well.
            matches &= average - low.level > 2 * (lowTolerance + packTolerance)
                    && high.level - average > 2 * (highTolerance + packTolerance);
            points += matches ? 4 : 0;
        } else {
            // Without other evidence the widest pair ranks first.
            off = low.level - high.level;
        }
        RegisterSeries middle = null;
        double closest = Double.POSITIVE_INFINITY;
        for (RegisterSeries cell : alone) {
            double distance = Math.abs(cell.level - average);
            boolean beside = cell.isNeighbour(low) || cell.isNeighbour(high);
            double rank = distance + (beside ? 0 : 1);
            if (!cell.equals(low) && !cell.equals(high) && !cell.overlaps(low) && !cell.overlaps(high)
                    && distance <= cell.tolerance() + packTolerance && rank < closest) {
                closest = rank;
                middle = cell;
            }
        }
        boolean wide = false;
        if (middle != null) {
            boolean beside = neighbours && (middle.isNeighbour(low) || middle.isNeighbour(high));
            points += beside ? 2 : 1;
            wide = beside && middle.level - low.level > lowTolerance + middle.tolerance()
                    && high.level - middle.level > highTolerance + middle.tolerance();
            points += wide ? 1 : 0;
        }
        return new Trio(low, high, middle, neighbours, matches, wide, points, off, list);
    }

    // ---- temperatures ----

    private void suggestTemperatures(List<RegisterSuggestion> all) {
        List<RegisterSeries> found = temperatures();
        RegisterSeries bestLow = null;
        RegisterSeries bestHigh = null;
        int bestPoints = 0;
        double bestOff = Double.POSITIVE_INFINITY;
        double outside = lastOf(Catalogue.EXTERNAL_TEMPERATURE);
        for (RegisterSeries low : found) {
            for (RegisterSeries high : found) {
                if (low.equals(high) || low.overlaps(high) || low.level > high.level
                        || high.level - low.level > TEMPERATURES_APART || !movesAlike(low, high)) {
                    continue;
                }
                int points = 1 + (low.isNeighbour(high) ? 3 : low.hasSameType(high) ? 1 : 0);
                double off = Math.abs(low.drift - high.drift) / (Math.abs(low.drift) + Math.abs(high.drift));
                if (!Double.isNaN(outside)) {
                    // A battery is usually close to the ambient temperature.
                    double away = Math.max(Math.abs(low.level - outside), Math.abs(high.level - outside));
                    points += away < NEAR_OUTSIDE ? 2 : 0;
                    off += away / NEAR_OUTSIDE;
                }
                if (points > bestPoints || points == bestPoints && off < bestOff) {
                    bestPoints = points;
                    bestOff = off;
                    bestLow = low;
                    bestHigh = high;
                }
            }
        }
        if (bestLow == null || bestHigh == null) {
            all.add(none(Quantity.MIN_CELL_TEMPERATURE, new Evidence(Kind.NOT_FOUND)));
            all.add(none(Quantity.MAX_CELL_TEMPERATURE, new Evidence(Kind.NOT_FOUND)));
            return;
        }
        // Any two sensors that warm up look like the coldest and the hottest one: this is never sure.
        List<Evidence> advice = List.of(new Evidence(Kind.UNCONFIRMED));
        boolean neighbours = bestLow.isNeighbour(bestHigh);
        all.add(suggestion(Quantity.MIN_CELL_TEMPERATURE, bestLow, false, bestPoints,
                likeTemperature(bestHigh, neighbours), advice));
        all.add(suggestion(Quantity.MAX_CELL_TEMPERATURE, bestHigh, false, bestPoints,
                likeTemperature(bestLow, neighbours), advice));
    }

    private static List<Evidence> likeTemperature(RegisterSeries partner, boolean neighbours) {
        Evidence moves = new Evidence(Kind.MOVES_TOGETHER, partner.place);
        return neighbours ? List.of(moves, new Evidence(Kind.NEIGHBOURS, partner.place)) : List.of(moves);
    }

    private static boolean movesAlike(RegisterSeries one, RegisterSeries other) {
        double ratio = one.drift / other.drift;
        return ratio > 0.4 && ratio < 2.5;
    }

    /** Places that change slowly and steadily, like the temperature of a mass that warms up. */
    private List<RegisterSeries> temperatures() {
        List<RegisterSeries> all = new ArrayList<>();
        changing(0).forEach((address, track) -> {
            // add() skips public registers.
            add(all, track, address, WireType.REAL32, 1, COLDEST, HOTTEST);
            for (double scale : TEMPERATURE_SCALES) {
                add(all, track, address, WireType.S16, scale, COLDEST, HOTTEST);
            }
        });
        all.removeIf(series -> !isSlow(series) || isCopy(series));
        return all;
    }

    private static boolean isSlow(RegisterSeries series) {
        double span = series.seconds[series.size - 1] - series.seconds[0];
        double change = Math.abs(series.drift) * span;
        // A cell changes by less than a degree in ten seconds; the change must exceed rounding and noise.
        return series.highest - series.lowest >= Math.max(1.5 * series.resolution, 0.02) && change < 0.1 * span
                && series.highest - series.lowest < 2 * change + 2 * series.noise
                && series.noise <= Math.max(0.7 * series.resolution, 0.25 * change);
    }

    // ---- power ----

    private void suggestPower(List<RegisterSuggestion> all, @Nullable Voltage voltage, boolean packSure) {
        RegisterSeries power = voltage == null ? null : voltage.power;
        if (power == null || voltage == null) {
            all.add(none(Quantity.POWER,
                    voltage == null ? moreCurrent(null) : new Evidence(packSure ? Kind.NOT_FOUND : Kind.NO_VOLTAGE)));
            return;
        }
        double off = powerOff(power, voltage.series);
        List<Evidence> advice = new ArrayList<>();
        if (!packSure) {
            advice.add(new Evidence(Kind.NO_VOLTAGE));
        }
        if (power.size < ENOUGH_READINGS) {
            advice.add(new Evidence(Kind.MORE_READINGS, power.size));
        }
        all.add(suggestion(Quantity.POWER, power, advice.isEmpty() && off < 0.05, 3,
                List.of(new Evidence(Kind.VOLTAGE_TIMES_CURRENT, powerFactor(power, voltage.series), power.size)),
                advice));
    }

    // ---- the window of the BMS Logic boards ----

    private void suggestWindow(List<RegisterSuggestion> all, @Nullable Voltage voltage, boolean packSure) {
        RegisterSamples.Track count = trackOf(Catalogue.BOARD_COUNT);
        int boards = count == null || count.size() == 0 ? 0 : count.word(count.size() - 1);
        if (voltage == null || boards < 1) {
            return;
        }
        List<List<Run>> seen = new ArrayList<>();
        for (int board = 1; board <= boards; board++) {
            List<Run> here = runs(board);
            if (!here.isEmpty()) {
                seen.add(here);
            }
        }
        if (seen.isEmpty()) {
            return;
        }
        List<Run> fitting = new ArrayList<>();
        for (Run run : seen.get(0)) {
            for (int length = run.members.size(); length >= 1; length--) {
                for (int from = 0; from + length <= run.members.size(); from++) {
                    Run part = run.part(from, length);
                    if (addsUp(part, seen, boards, voltage.series)) {
                        fitting.add(part);
                    }
                }
            }
        }
        if (fitting.isEmpty()) {
            return;
        }
        Run cellRun = Collections.max(fitting, Comparator.comparingInt(run -> run.members.size()));
        RegisterSeries first = cellRun.first();
        int length = cellRun.members.size();
        boolean allSeen = seen.size() == boards;
        List<Evidence> advice = new ArrayList<>();
        if (!allSeen) {
            advice.add(new Evidence(Kind.OTHER_BOARDS, seen.size(), boards));
        }
        if (!packSure) {
            advice.add(new Evidence(Kind.NO_VOLTAGE));
        }
        if (fitting.size() > 1) {
            advice.add(new Evidence(Kind.RIVAL,
                    fitting.get(0).equals(cellRun) ? fitting.get(1).first().place : fitting.get(0).first().place));
        }
        RegisterLocation place = first.place;
        String line = String.format(Locale.ROOT, "cell-voltage-{1..%d} = window:0x%04X+%d*{i}:%s%s", length,
                place.address() - cellRun.stride, cellRun.stride, place.type(),
                place.scale() == 1 ? "" : ":" + place.scale());
        all.add(new RegisterSuggestion(Quantity.CELLS, place, place.registers() == 1 ? null : first.order, length,
                first.last(), advice.isEmpty(), 3 + seen.size(),
                List.of(new Evidence(Kind.SUM_OF_CELLS, length * boards, place),
                        new Evidence(Kind.ALL_BOARDS, seen.size(), boards)),
                advice, line));
    }

    /** Whether the cells at the same places of all boards seen add up to their share of the pack voltage. */
    private static boolean addsUp(Run part, List<List<Run>> seen, int boards, RegisterSeries pack) {
        double sum = 0;
        double slope = 0;
        double allowed = pack.tolerance();
        for (List<Run> ofBoard : seen) {
            Run same = null;
            for (Run run : ofBoard) {
                if (run.stride == part.stride && run.first().hasSameType(part.first())) {
                    for (int from = 0; from + part.members.size() <= run.members.size(); from++) {
                        if (run.members.get(from).place.address() == part.first().place.address()) {
                            same = run.part(from, part.members.size());
                        }
                    }
                }
            }
            if (same == null) {
                return false;
            }
            sum += same.sum(series -> series.level);
            slope += same.sum(series -> series.slope);
            allowed += same.sum(RegisterSeries::tolerance);
        }
        double factor = (double) boards / seen.size();
        double ratio = factor * slope / pack.slope;
        // Boards not seen may differ slightly.
        double share = seen.size() == boards ? 0 : 0.01 * pack.level;
        return Math.abs(factor * sum - pack.level) <= factor * allowed + share && ratio > 0.7 && ratio < 1.4;
    }

    // ---- counters ----

    private void suggestCounters(List<RegisterSuggestion> all) {
        int count = 0;
        for (Map.Entry<Integer, RegisterSamples.Track> entry : changing(0).entrySet()) {
            int address = entry.getKey();
            RegisterSeries counter = isPublic(address, 1) ? null
                    : RegisterSeries.of(entry.getValue(), address, WireType.U16, 1, order, 0, 65_535, this::currentAt);
            // The lower word of a 32-bit number, or a 16-bit number.
            if (counter != null && count < MOST_COUNTERS && risesOnly(counter)) {
                count++;
                double rate = (counter.last() - counter.values[0])
                        / (counter.seconds[counter.size - 1] - counter.seconds[0]);
                all.add(suggestion(Quantity.COUNTER, counter, false, 1, List.of(new Evidence(Kind.ONLY_RISES, rate)),
                        List.of(new Evidence(Kind.UNCONFIRMED))));
            }
        }
    }

    private static boolean risesOnly(RegisterSeries series) {
        int rises = 0;
        for (int i = 1; i < series.size; i++) {
            double step = series.values[i] - series.values[i - 1];
            if (step < 0) {
                return false;
            }
            rises += step > 0 ? 1 : 0;
        }
        series.fit(0, 0);
        return rises >= LEAST_READINGS - 1 && series.noise <= Math.max(1, 0.1 * series.spread);
    }
}
