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

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ObjDoubleConsumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Extremes of a battery, its full charges and its faults since the history began, from the values shown.
 * <p>
 * A full charge counts when the state of charge reaches 99.5 %. The next one counts only after it was at 95 % or
 * less, so that a battery that is kept full does not count repeatedly. A battery that is already full when the
 * history begins does not count.
 * <p>
 * Not thread-safe.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BatteryHistory {

    private static final String NAME = "bmsmain-history";
    private static final int VERSION = 1;
    private static final double DIGITS = 1e6;
    private static final double FULL = 99.5;
    private static final double NO_LONGER_FULL = 95;
    private static final String UNKNOWN = "-";

    private final Extreme lowestCharge = new Extreme("lowestCharge", -1);
    private final Extreme highestVoltage = new Extreme("highestVoltage", 1);
    private final Extreme lowestVoltage = new Extreme("lowestVoltage", -1);
    private final Extreme chargingCurrent = new Extreme("chargingCurrent", 1);
    private final Extreme dischargingCurrent = new Extreme("dischargingCurrent", -1);
    private final Extreme hottest = new Extreme("hottest", 1);
    private final Extreme coldest = new Extreme("coldest", -1);
    private final Extreme lowestCell = new Extreme("lowestCell", -1);
    private final Extreme highestCell = new Extreme("highestCell", 1);
    private final List<Extreme> extremes = List.of(lowestCharge, highestVoltage, lowestVoltage, chargingCurrent,
            dischargingCurrent, hottest, coldest, lowestCell, highestCell);

    private Instant begin;
    private FullState full = FullState.UNKNOWN;
    private @Nullable Instant lastFull;
    private long fullCharges;
    private long faults;
    private boolean changed;

    private enum FullState {
        UNKNOWN,
        FULL,
        NOT_FULL
    }

    /** An extreme value, the time of its reading, and the name of what it belongs to. */
    private static final class Extreme {
        private final String key;
        private final int sign;
        private double value = Double.NaN;
        private @Nullable Instant time;
        private @Nullable String name;

        /**
         * @param sign 1 for a maximum, -1 for a minimum
         */
        Extreme(String key, int sign) {
            this.key = key;
            this.sign = sign;
        }

        boolean isExceededBy(double seen) {
            return sign * seen > sign * value || Double.isNaN(value) && !Double.isNaN(seen);
        }

        boolean see(double seen, BoardSnapshot snapshot, Point point, @Nullable String of) {
            if (!isExceededBy(seen)) {
                return false;
            }
            value = seen;
            time = snapshot.time(point);
            name = of;
            return true;
        }

        void write(RecordText record) {
            record.put(key, value).put(key + "Time", text(time)).put(key + "Name", text(name));
        }

        void read(RecordText record) throws BrokenRecordException {
            value = record.number(key);
            time = instant(record.text(key + "Time"));
            String of = record.text(key + "Name");
            name = of.equals(UNKNOWN) ? null : of;
        }

        void clear() {
            value = Double.NaN;
            time = null;
            name = null;
        }
    }

    /** Creates a history that begins now. */
    public BatteryHistory(Instant now) {
        begin = now;
    }

    /**
     * Restores a stored history.
     *
     * @param text output of {@link #toText()}
     * @throws BrokenRecordException if it is damaged; its message gives the reason
     */
    public static BatteryHistory parse(String text) throws BrokenRecordException {
        RecordText record = RecordText.parse(NAME, VERSION, text);
        try {
            BatteryHistory history = new BatteryHistory(Instant.parse(record.text("begin")));
            for (Extreme extreme : history.extremes) {
                extreme.read(record);
            }
            history.full = FullState.valueOf(record.text("full"));
            history.lastFull = instant(record.text("lastFull"));
            history.fullCharges = record.count("fullCharges");
            history.faults = record.count("faults");
            return history;
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new BrokenRecordException("it contains an invalid value: " + e.getMessage());
        }
    }

    /** Returns the history as one line of text. */
    public String toText() {
        RecordText record = new RecordText(NAME).put("begin", begin);
        extremes.forEach(extreme -> extreme.write(record));
        return record.put("full", full).put("lastFull", text(lastFull)).put("fullCharges", fullCharges)
                .put("faults", faults).toLine(VERSION);
    }

    private static String text(@Nullable Object value) {
        return value == null ? UNKNOWN : value.toString();
    }

    private static @Nullable Instant instant(String text) {
        return text.equals(UNKNOWN) ? null : Instant.parse(text);
    }

    /**
     * Updates the history with the values shown now.
     *
     * @param events faults that were raised or cleared since the previous snapshot
     */
    public void take(BoardSnapshot snapshot, List<FaultEvent> events) {
        see(lowestCharge, snapshot, Catalogue.STATE_OF_CHARGE, null);
        see(highestVoltage, snapshot, Catalogue.VOLTAGE, null);
        see(lowestVoltage, snapshot, Catalogue.VOLTAGE, null);
        double current = snapshot.number(Catalogue.CURRENT);
        if (current > 0) {
            see(chargingCurrent, snapshot, Catalogue.CURRENT, null);
        } else if (current < 0) {
            see(dischargingCurrent, snapshot, Catalogue.CURRENT, null);
        }
        see(hottest, snapshot, Catalogue.MAX_CELL_TEMPERATURE, null);
        see(coldest, snapshot, Catalogue.MIN_CELL_TEMPERATURE, null);
        see(lowestCell, snapshot, Catalogue.MIN_CELL_VOLTAGE, snapshot.text(Catalogue.MIN_VOLTAGE_CELL));
        see(highestCell, snapshot, Catalogue.MAX_CELL_VOLTAGE, snapshot.text(Catalogue.MAX_VOLTAGE_CELL));
        seeCharge(snapshot);
        for (FaultEvent event : events) {
            faults += event.raised() ? 1 : 0;
            changed |= event.raised();
        }
    }

    private void see(Extreme extreme, BoardSnapshot snapshot, Point point, @Nullable String name) {
        changed |= extreme.see(snapshot.number(point), snapshot, point, name);
    }

    private void seeCharge(BoardSnapshot snapshot) {
        double percent = snapshot.number(Catalogue.STATE_OF_CHARGE);
        FullState before = full;
        if (percent >= FULL) {
            full = FullState.FULL;
        } else if (percent <= NO_LONGER_FULL || percent < FULL && before == FullState.UNKNOWN) {
            full = FullState.NOT_FULL;
        }
        changed |= full != before;
        if (full == FullState.FULL && before == FullState.NOT_FULL) {
            lastFull = snapshot.time(Catalogue.STATE_OF_CHARGE);
            fullCharges++;
        }
    }

    /** Clears the history and lets it begin now. */
    public void reset(Instant now) {
        begin = now;
        extremes.forEach(Extreme::clear);
        lastFull = null;
        fullCharges = 0;
        faults = 0;
        changed = true;
    }

    /** Returns whether the history changed since the last call, so that it must be stored. */
    public boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Passes all values of the group {@code history} to the sinks; NaN and null for unknown ones. */
    public void show(ObjDoubleConsumer<Point> numbers, BiConsumer<Point, @Nullable String> texts) {
        numbers.accept(Catalogue.HISTORY_BEGIN, begin.toEpochMilli());
        numbers.accept(Catalogue.DEEPEST_DISCHARGE, deepestDischarge());
        numbers.accept(Catalogue.DEEPEST_DISCHARGE_TIME, millis(deepestDischargeTime()));
        numbers.accept(Catalogue.HIGHEST_VOLTAGE, highestVoltage());
        numbers.accept(Catalogue.LOWEST_VOLTAGE, lowestVoltage());
        numbers.accept(Catalogue.LARGEST_CHARGING_CURRENT, largestChargingCurrent());
        numbers.accept(Catalogue.LARGEST_DISCHARGING_CURRENT, largestDischargingCurrent());
        numbers.accept(Catalogue.HIGHEST_TEMPERATURE, hottest());
        numbers.accept(Catalogue.LOWEST_TEMPERATURE, coldest());
        numbers.accept(Catalogue.LOWEST_CELL_VOLTAGE, lowestCellVoltage());
        texts.accept(Catalogue.LOWEST_CELL, lowestCell());
        numbers.accept(Catalogue.HIGHEST_CELL_VOLTAGE, highestCellVoltage());
        texts.accept(Catalogue.HIGHEST_CELL, highestCell());
        numbers.accept(Catalogue.LAST_FULL_CHARGE, millis(lastFullCharge()));
        numbers.accept(Catalogue.FULL_CHARGES, fullCharges());
        numbers.accept(Catalogue.FAULT_COUNT, faults());
    }

    private static double millis(@Nullable Instant time) {
        return time == null ? Double.NaN : time.toEpochMilli();
    }

    /** When the history began. */
    public Instant begin() {
        return begin;
    }

    /** The deepest discharge: 100 % minus the lowest state of charge; NaN when unknown. */
    public double deepestDischarge() {
        // removes the rounding error of the subtraction
        return Math.rint((100 - lowestCharge.value) * DIGITS) / DIGITS;
    }

    /** When the discharge was deepest; null when unknown. */
    public @Nullable Instant deepestDischargeTime() {
        return lowestCharge.time;
    }

    /** The highest voltage of the battery in V; NaN when unknown. */
    public double highestVoltage() {
        return highestVoltage.value;
    }

    /** The lowest voltage of the battery in V; NaN when unknown. */
    public double lowestVoltage() {
        return lowestVoltage.value;
    }

    /** The largest charging current in A, at least 0; NaN if the battery never charged. */
    public double largestChargingCurrent() {
        return chargingCurrent.value;
    }

    /** The largest discharging current in A, at least 0; NaN if the battery never discharged. */
    public double largestDischargingCurrent() {
        return -dischargingCurrent.value;
    }

    /** The highest temperature of a cell in degC; NaN when unknown. */
    public double hottest() {
        return hottest.value;
    }

    /** The lowest temperature of a cell in degC; NaN when unknown. */
    public double coldest() {
        return coldest.value;
    }

    /** The lowest voltage of a cell in V; NaN when unknown. */
    public double lowestCellVoltage() {
        return lowestCell.value;
    }

    /** The cell with the lowest voltage, such as {@code 3/12}; null when unknown. */
    public @Nullable String lowestCell() {
        return lowestCell.name;
    }

    /** The highest voltage of a cell in V; NaN when unknown. */
    public double highestCellVoltage() {
        return highestCell.value;
    }

    /** The cell with the highest voltage, such as {@code 3/12}; null when unknown. */
    public @Nullable String highestCell() {
        return highestCell.name;
    }

    /** When the battery last became full; null if it never did. */
    public @Nullable Instant lastFullCharge() {
        return lastFull;
    }

    /** How often the battery became full. */
    public long fullCharges() {
        return fullCharges;
    }

    /** How often a fault was raised. */
    public long faults() {
        return faults;
    }
}
