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

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjDoubleConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;

/**
 * Collects the values read from a board and creates {@link BoardSnapshot}s. It contains all rules about which values
 * may be shown, for every connection type: impossible values are refused, old values expire, measurements of an
 * initialising board are discarded, and relays, inputs, indicators and sums are derived.
 * <p>
 * Not thread-safe: used by the thread of one bus. Times are in nanoseconds of the bus's ticker.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BoardAssembler {

    private static final int CURRENT = Catalogue.CURRENT.index();
    private static final Pattern CELL = Pattern.compile("logic-(\\d{1,2})#cell-voltage-(\\d{1,3})");

    /** Time within which values belong to one moment: a CAN node answers one SYNC with several frames. */
    private static final long ONE_MOMENT_NANOS = 20_000_000;
    /** Practically infinite, but small enough for comparison by difference. */
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final BoardSetup setup;
    private final double[] numbers;
    private final @Nullable String[] texts;
    private final long[] readAt;
    private final boolean[] read;
    /** Lifetimes of values that arrive less often than the setup expects, in nanoseconds. */
    private final long[] lifetimes;
    /** Values held back until a second reading confirms them, and the time of their reading. */
    private final double[] held;
    private final long[] heldAt;
    /** Whether the last reading was impossible, while the one before is still shown. */
    private final boolean[] heldImpossible;
    /** Values that are not valid while the board initialises. */
    private final List<Point> measurements;
    /** Voltages of single cells, ordered by board and cell. */
    private final List<Cell> cells = new ArrayList<>();
    /** All values of the setup, at their index. */
    private final Point[] points;
    private final Draft draft;
    private @Nullable BoardSnapshot last;
    private long rejected;
    /** Number of interruptions of the current readings. Energy is not counted across an interruption. */
    private long line;
    /** Value of {@link #line} at the last reading of the current. */
    private long lineOfCurrent;

    public BoardAssembler(BoardSetup setup) {
        this.setup = setup;
        int size = setup.size();
        numbers = new double[size];
        Arrays.fill(numbers, Double.NaN);
        texts = new @Nullable String[size];
        readAt = new long[size];
        read = new boolean[size];
        lifetimes = new long[size];
        held = new double[size];
        Arrays.fill(held, Double.NaN);
        heldAt = new long[size];
        heldImpossible = new boolean[size];
        points = Stream.concat(Catalogue.all().stream(), setup.customPoints().stream()).toArray(Point[]::new);
        measurements = Stream.of(points).filter(BoardAssembler::isMeasurement).toList();
        draft = new Draft(size);
        for (Point point : setup.customPoints()) {
            Matcher matcher = CELL.matcher(point.id());
            if (matcher.matches()) {
                cells.add(
                        new Cell(point, Integer.parseInt(matcher.group(1)), matcher.group(1) + "/" + matcher.group(2)));
            }
        }
    }

    /**
     * The voltage of a cell.
     *
     * @param board number of its BMS Logic board
     * @param name board and cell, such as {@code 3/12}
     */
    private record Cell(Point point, int board, String name) {
    }

    private static boolean isMeasurement(Point point) {
        boolean fromBoard = point.origin() == Origin.WIRE || point.origin() == Origin.DERIVED;
        return fromBoard && !point.isReadingWhileInitialising();
    }

    /**
     * Takes a number that was read. A physically impossible number is counted as rejected and makes the value
     * unknown. A number that differs from the last one by more than is physically possible, or a changed fault that
     * needs confirmation, is counted as rejected and held back until a second reading confirms it.
     *
     * @param nanos time of the reading
     */
    public void put(Point point, double value, long nanos) {
        int index = point.index();
        if (!point.isPlausible(value) || follows(point, numbers[index], readAt[index], value, nanos)
                || follows(point, held[index], heldAt[index], value, nanos) && !Double.isNaN(held[index])) {
            accept(point, value, nanos);
        } else {
            rejected++;
            hold(point, value, nanos);
        }
    }

    /** Takes a number that needs no confirmation. */
    private void accept(Point point, double value, long nanos) {
        int index = point.index();
        if (!point.isPlausible(value)) {
            // Impossible measurements are expected while the board may be initialising, so they are not counted.
            rejected += mayInitialise() && isMeasurement(point) ? 0 : 1;
            take(index, Double.NaN, nanos);
            return;
        }
        if (value == 0 && point.equals(Catalogue.INITIALISATION) && read[index] && numbers[index] != 0) {
            forgetMeasurementsBefore(nanos);
        }
        take(index, value, nanos);
    }

    /** Result of {@link #putTogether}. */
    public enum Together {
        /** The values were accepted. */
        TAKEN,
        /** The values were accepted. At least one was a large change, which an earlier frame had announced. */
        CONFIRMED,
        /** A value changed too much or is impossible, so all values wait for the next frame. */
        WAITING
    }

    /**
     * Takes the numbers of one frame, all or none, so that a snapshot never mixes values of two moments. All wait for
     * the next frame while one of them changed more than is physically possible or suddenly became impossible. A
     * number that is impossible in two consecutive frames comes from an absent sensor and affects only itself.
     *
     * @param members the values of the frame
     * @param values their numbers, in the same order
     * @param count number of values
     * @param confirms whether a matching frame confirms the one that waits
     * @param nanos time of the reading
     */
    public Together putTogether(Point[] members, double[] values, int count, boolean confirms, long nanos) {
        boolean wait = false;
        boolean confirmed = false;
        for (int i = 0; i < count; i++) {
            int index = members[i].index();
            if (values[i] == numbers[index] || isPlausibleNext(members[i], values[i], nanos)) {
                continue;
            }
            boolean again = members[i].isPlausible(values[i])
                    ? !Double.isNaN(held[index]) && follows(members[i], held[index], heldAt[index], values[i], nanos)
                    : heldImpossible[index];
            wait |= !(again && confirms);
            confirmed |= again;
        }
        if (!wait) {
            for (int i = 0; i < count; i++) {
                int index = members[i].index();
                if (values[i] == numbers[index]) {
                    take(index, values[i], nanos);
                } else {
                    accept(members[i], values[i], nanos);
                }
            }
            return confirmed ? Together.CONFIRMED : Together.TAKEN;
        }
        for (int i = 0; i < count; i++) {
            breakOff(members[i].index());
            if (!isPlausibleNext(members[i], values[i], nanos)) {
                rejected++;
                hold(members[i], values[i], nanos);
            }
        }
        return Together.WAITING;
    }

    /**
     * Takes the numbers of one frame independently of each other.
     *
     * @return whether all were accepted
     */
    public boolean putEach(Point[] members, double[] values, int count, long nanos) {
        boolean all = true;
        for (int i = 0; i < count; i++) {
            int index = members[i].index();
            put(members[i], values[i], nanos);
            all &= Double.isNaN(held[index]);
        }
        return all;
    }

    /** Whether the number can follow the last one; an impossible number can only follow an unknown value. */
    private boolean isPlausibleNext(Point point, double value, long nanos) {
        int index = point.index();
        return point.isPlausible(value) ? follows(point, numbers[index], readAt[index], value, nanos)
                : Double.isNaN(numbers[index]);
    }

    private void hold(Point point, double value, long nanos) {
        int index = point.index();
        breakOff(index);
        heldImpossible[index] = !point.isPlausible(value);
        held[index] = heldImpossible[index] ? Double.NaN : value;
        heldAt[index] = nanos;
    }

    /** Discards measurements read while the board may have been initialising, even if not shown until now. */
    private void forgetMeasurementsBefore(long nanos) {
        for (Point point : measurements) {
            if (nanos - readAt[point.index()] > ONE_MOMENT_NANOS) {
                forget(point);
            }
        }
    }

    private void take(int index, double value, long nanos) {
        if (index == CURRENT) {
            countCurrent(nanos);
            line += Double.isNaN(value) ? 1 : 0;
            lineOfCurrent = line;
        }
        numbers[index] = value;
        readAt[index] = nanos;
        read[index] = true;
        held[index] = Double.NaN;
        heldImpossible[index] = false;
    }

    /** Whether the value can physically have changed like this; any value can follow an unknown one. */
    private boolean follows(Point point, double before, long beforeNanos, double value, long nanos) {
        if (value == before || Double.isNaN(before)) {
            return true;
        }
        if (point.isFault()) {
            return !setup.confirmFaults();
        }
        double seconds = Math.max(1, (nanos - beforeNanos) / 1e9);
        return Math.abs(value - before) <= point.fastestChange() * seconds;
    }

    /** Takes a text that was read, or null for invalid bytes, which are counted as rejected. */
    public void putText(Point point, @Nullable String value, long nanos) {
        int index = point.index();
        readAt[index] = nanos;
        read[index] = true;
        texts[index] = value;
        if (value == null) {
            rejected++;
        }
    }

    /** Records that a value was read but cannot be interpreted yet; it stays unknown until then. */
    public void putUnclear(Point point, long nanos) {
        take(point.index(), Double.NaN, nanos);
    }

    /**
     * Extends the lifetime of a value that its board sends rarely. A shorter time than that of the setup has no effect.
     *
     * @param nanos lifetime after the reading, in nanoseconds
     */
    public void live(Point point, long nanos) {
        lifetimes[point.index()] = nanos;
    }

    private long lifetimeNanos(Point point) {
        return Math.max(setup.lifetimeNanos(point.pollClass()), lifetimes[point.index()]);
    }

    /** Clears a value that the board reports as not available. */
    public void forget(Point point) {
        int index = point.index();
        breakOff(index);
        read[index] = false;
        numbers[index] = Double.NaN;
        held[index] = Double.NaN;
        heldImpossible[index] = false;
        texts[index] = null;
    }

    /** Clears all values read from the board; values of the link and counted values stay. */
    public void forgetBoard() {
        for (Point point : points) {
            if (point.origin() != Origin.LINK && point.origin() != Origin.COUNTED) {
                forget(point);
            }
        }
    }

    /** Records that the following readings use a new connection. */
    public void connected() {
        line++;
    }

    private void breakOff(int index) {
        line += index == CURRENT ? 1 : 0;
    }

    /**
     * Adds the last reading of the current to the energy meter before a new one replaces it. Snapshots can be rarer
     * than readings, and other values of the same reading, such as the voltage, are known by now.
     */
    private void countCurrent(long nowNanos) {
        Counting counting = setup.counting();
        if (counting == null || last == null || !isFresh(CURRENT, nowNanos)) {
            return;
        }
        int initialisation = Catalogue.INITIALISATION.index();
        if (read[initialisation] && !(numbers[initialisation] == 0 && isFresh(initialisation, nowNanos))) {
            return;
        }
        int voltage = Catalogue.VOLTAGE.index();
        counting.meter().reading(readAt[CURRENT], numbers[CURRENT],
                isFresh(voltage, nowNanos) ? numbers[voltage] : Double.NaN, lifetimeNanos(Catalogue.CURRENT),
                lineOfCurrent);
    }

    private boolean isFresh(int index, long nowNanos) {
        return read[index] && !Double.isNaN(numbers[index]) && nowNanos - readAt[index] <= lifetimeNanos(points[index]);
    }

    /** Returns the number taken last, regardless of its age; NaN when there is none. */
    public double number(Point point) {
        return numbers[point.index()];
    }

    private boolean mayInitialise() {
        int index = Catalogue.INITIALISATION.index();
        return read[index] && numbers[index] != 0;
    }

    /** Counts an answer that is rejected before its values are decoded. */
    public void reject() {
        rejected++;
    }

    /** Returns the number of rejected values and answers. */
    public long rejectedValues() {
        return rejected;
    }

    /** Returns the time at which the first of the values shown now expires; far in the future when there is none. */
    public long nextExpiry(long nowNanos) {
        long left = NEVER;
        for (Point point : points) {
            left = Math.min(left, nanosLeft(point, nowNanos));
        }
        return nowNanos + left;
    }

    private long nanosLeft(Point point, long nowNanos) {
        int index = point.index();
        long left = lifetimeNanos(point) - Math.max(0, nowNanos - readAt[index]);
        boolean counts = read[index] && point.origin() != Origin.LINK && left >= 0;
        return counts && left < NEVER ? left + 1 : NEVER;
    }

    /**
     * Returns a snapshot of the values that may be shown now.
     *
     * @param nowNanos the ticker's time
     * @param now the same moment on the wall clock
     */
    public BoardSnapshot snapshot(long nowNanos, Instant now) {
        draft.begin(nowNanos);
        for (Point point : points) {
            draft.take(point);
        }
        draft.dropMeasurementsOfInitialisingBoard();
        draft.dropCrossed(Catalogue.MIN_CELL_TEMPERATURE, Catalogue.MAX_CELL_TEMPERATURE);
        draft.dropCrossed(Catalogue.MIN_CELL_VOLTAGE, Catalogue.MAX_CELL_VOLTAGE);
        draft.derive();
        draft.count(now);
        BoardSnapshot snapshot = BoardSnapshot.of(now, draft.values, draft.ages, draft.words, last);
        last = snapshot;
        return snapshot;
    }

    /** A snapshot under construction. */
    private final class Draft implements ObjDoubleConsumer<Point> {
        private final double[] values;
        private final long[] ages;
        private final @Nullable String[] words;
        private long nowNanos;

        Draft(int size) {
            values = new double[size];
            ages = new long[size];
            words = new @Nullable String[size];
        }

        void begin(long now) {
            nowNanos = now;
            Arrays.fill(values, Double.NaN);
            Arrays.fill(ages, 0);
            Arrays.fill(words, null);
        }

        void take(Point point) {
            int index = point.index();
            if (!read[index]) {
                return;
            }
            long age = Math.max(0, nowNanos - readAt[index]);
            if (point.origin() == Origin.LINK || age <= lifetimeNanos(point)) {
                values[index] = numbers[index];
                words[index] = texts[index];
                ages[index] = age;
            }
        }

        /**
         * Removes the measurements of an initialising board. They are also cleared, so that they do not reappear when
         * the board is ready.
         */
        void dropMeasurementsOfInitialisingBoard() {
            if (!mayBeInitialising()) {
                return;
            }
            boolean initialises = value(Catalogue.INITIALISATION) == 1;
            for (Point point : measurements) {
                values[point.index()] = Double.NaN;
                if (initialises) {
                    forget(point);
                }
            }
        }

        /** Removes a minimum that is above its maximum, and that maximum: it is unknown which of them is wrong. */
        void dropCrossed(Point least, Point greatest) {
            if (value(least) > value(greatest)) {
                values[least.index()] = Double.NaN;
                values[greatest.index()] = Double.NaN;
            }
        }

        /** Returns whether the board reported its initialisation flag, other than as a recent 0. */
        private boolean mayBeInitialising() {
            int index = Catalogue.INITIALISATION.index();
            return read[index] && values[index] != 0;
        }

        /** Updates the energy meter with the values shown, and adds the counted values. */
        void count(Instant now) {
            Counting counting = setup.counting();
            if (counting == null) {
                return;
            }
            EnergyMeter meter = counting.meter();
            meter.clock(nowNanos, now, counting.zone().get());
            meter.reading(readAt[CURRENT], value(Catalogue.CURRENT), value(Catalogue.VOLTAGE),
                    lifetimeNanos(Catalogue.CURRENT), lineOfCurrent);
            meter.battery(value(Catalogue.STATE_OF_CHARGE), value(Catalogue.NOMINAL_CAPACITY));
            meter.show(this);
        }

        @Override
        public void accept(Point point, double value) {
            values[point.index()] = value;
        }

        void derive() {
            if (setup.nominalCapacity() > 0 && !Double.isNaN(value(Catalogue.STATE_OF_CHARGE))) {
                // The capacity configured by the user has priority over that of the board.
                accept(Catalogue.NOMINAL_CAPACITY, setup.nominalCapacity());
            }
            product(Catalogue.POWER, Catalogue.VOLTAGE, Catalogue.CURRENT);
            for (int i = 0; i < Catalogue.RELAYS.size(); i++) {
                copy(Catalogue.RELAYS.get(i), setup.relayFunctions().get(i));
                copy(Catalogue.INPUTS.get(i), setup.inputFunctions().get(i));
            }
            cells();
            faults();
            indicators();
        }

        /** Sets the cell extremes if every cell of every board is known: an unknown cell could be the weakest. */
        private void cells() {
            double boards = value(Catalogue.BOARD_COUNT);
            if (cells.isEmpty() || Double.isNaN(boards)) {
                return;
            }
            @Nullable
            Cell least = null;
            @Nullable
            Cell most = null;
            long oldest = 0;
            double sum = 0;
            int count = 0;
            for (Cell cell : cells) {
                if (cell.board > boards) {
                    continue;
                }
                double voltage = value(cell.point);
                if (Double.isNaN(voltage)) {
                    return;
                }
                sum += voltage;
                count++;
                least = least == null || voltage < value(least.point) ? cell : least;
                most = most == null || voltage > value(most.point) ? cell : most;
                oldest = Math.max(oldest, ages[cell.point.index()]);
            }
            if (least != null && most != null) {
                double min = value(least.point);
                double max = value(most.point);
                set(Catalogue.MIN_CELL_VOLTAGE, min, oldest);
                set(Catalogue.MAX_CELL_VOLTAGE, max, oldest);
                set(Catalogue.CELL_VOLTAGE_DIFFERENCE, Math.rint((max - min) * 10_000) / 10_000, oldest);
                set(Catalogue.AVERAGE_CELL_VOLTAGE, Math.rint(sum / count * 10_000) / 10_000, oldest);
                words[Catalogue.MIN_VOLTAGE_CELL.index()] = least.name;
                words[Catalogue.MAX_VOLTAGE_CELL.index()] = most.name;
            }
        }

        /** Whether the binding derives the value: the user may have configured a location for it. */
        private boolean isOurs(Point point) {
            return !setup.locations().containsKey(point);
        }

        private double value(Point point) {
            return values[point.index()];
        }

        private void set(Point point, double value, Point source) {
            set(point, value, ages[source.index()]);
        }

        private void set(Point point, double value, Point source, Point other) {
            set(point, value, Math.max(ages[source.index()], ages[other.index()]));
        }

        private void set(Point point, double value, long age) {
            if (isOurs(point)) {
                values[point.index()] = value;
                ages[point.index()] = age;
            }
        }

        private void product(Point target, Point a, Point b) {
            // Rounded to three decimals: digits below one milliwatt have no meaning.
            set(target, Math.rint(value(a) * value(b) * 1000) / 1000, a, b);
        }

        private void copy(Point target, @Nullable Point source) {
            if (source != null) {
                set(target, value(source), source);
            }
        }

        private void faults() {
            double errors1 = value(Catalogue.ERRORS_1);
            double errors2 = value(Catalogue.ERRORS_2);
            boolean anySet = false;
            boolean allKnown = !Double.isNaN(errors1) && !Double.isNaN(errors2);
            boolean critical = false;
            boolean criticalKnown = true;
            int named = 0;
            for (Point fault : Catalogue.FAULTS) {
                boolean isSet = value(fault) == 1;
                boolean isKnown = !Double.isNaN(value(fault));
                anySet |= isSet;
                allKnown &= isKnown;
                named += isSet ? 1 : 0;
                if (fault.isCritical()) {
                    critical |= isSet;
                    criticalKnown &= isKnown;
                }
            }
            int unnamed = Long.bitCount(ActiveFault.unnamedBits1(errors1))
                    + Long.bitCount(ActiveFault.unnamedBits2(errors2));
            anySet |= unnamed > 0;

            // Faults of an initialising board count, but their absence does not: it has not checked yet.
            boolean silenceCounts = allKnown && !mayBeInitialising();
            set(Catalogue.ALARM, anySet || silenceCounts ? (anySet ? 1 : 0) : Double.NaN, Catalogue.ERRORS_1,
                    Catalogue.ERRORS_2);
            set(Catalogue.ACTIVE_COUNT, allKnown && (anySet || silenceCounts) ? named + unnamed : Double.NaN,
                    Catalogue.ERRORS_1, Catalogue.ERRORS_2);
            set(Catalogue.CRITICAL, critical ? 1 : criticalKnown && silenceCounts ? 0 : Double.NaN, Catalogue.ERRORS_1);
        }

        private void indicators() {
            Point initialisation = Catalogue.INITIALISATION;
            Point offline = Catalogue.BMS_LOGIC_OFFLINE;
            // A board that answers is powered and runs its firmware; a silent one may be in any state.
            double answers = value(initialisation);
            set(Catalogue.DS1, Double.isNaN(answers) ? Double.NaN : Indicator.RED.ordinal(), initialisation);
            set(Catalogue.DS2, Double.isNaN(answers) ? Double.NaN : Indicator.BLINKING_GREEN.ordinal(), initialisation);
            set(Catalogue.DS3, logicLink(answers, value(offline)), initialisation, offline);
            set(Catalogue.DS4, choose(value(offline), Indicator.BLINKING_RED), offline);
            for (int i = 0; i < Catalogue.RELAY_INDICATORS.size(); i++) {
                Point relay = Catalogue.RELAYS.get(i);
                set(Catalogue.RELAY_INDICATORS.get(i), choose(value(relay), Indicator.GREEN), relay);
            }
        }

        private double logicLink(double initialising, double offline) {
            if (initialising == 1) {
                return Indicator.BLINKING_YELLOW_2HZ.ordinal();
            }
            // With a BMS Logic board offline the manual does not say what the indicator shows.
            return initialising == 0 && offline == 0 ? Indicator.BLINKING_YELLOW_25HZ.ordinal() : Double.NaN;
        }

        private double choose(double flag, Indicator whenSet) {
            return Double.isNaN(flag) ? Double.NaN : (flag == 1 ? whenSet : Indicator.OFF).ordinal();
        }
    }
}
