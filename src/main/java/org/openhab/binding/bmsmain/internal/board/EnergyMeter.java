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
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.function.ObjDoubleConsumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Counts energy and charge of a battery, and derives other values from them.
 * <p>
 * The current is interpolated linearly between two good readings of one connection (trapezoid rule), using their
 * timestamps. Nothing is counted across a reading that is missing, refused or held back, across a lost link, or
 * across a gap longer than the lifetime of the value; {@link #coverage()} gives the measured share of time. When the
 * current changes its sign between two readings, each part counts in its own direction. Energy needs the voltage at
 * both readings; charge does not. Positive current charges the battery (protocol, section 2).
 * <p>
 * The wall clock only determines the day of a moment and how long openHAB was stopped. A jump of it changes no total.
 * Each amount of energy belongs to exactly one day. If the clock returns to the previous day, that day is continued;
 * while the clock is not set, the last day is continued.
 * <p>
 * One thread adds readings, another reads and stores: all methods are synchronized. A reading allocates no memory.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class EnergyMeter {

    /** Maximum preset of a counter in kWh and Ah: far above any battery, far below the range of the counters. */
    private static final double GREATEST_COUNTER = 1e9;
    private static final double MICRO = 1e6;
    private static final double MICRO_PER_KILO = 1e9;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_HOUR = 3.6e12;
    private static final long SECOND_NANOS = 1_000_000_000L;
    /** Time after which a wall clock that was wrong at machine start is assumed to be correct. */
    private static final long CLOCK_SETTLES_NANOS = 900 * SECOND_NANOS;
    /** Maximum plausible time for which openHAB was stopped; a longer one means a wrong clock. */
    private static final long LONGEST_STOP_NANOS = 2 * 366 * 86_400L * SECOND_NANOS;
    /** Maximum seconds since 1970 whose nanoseconds fit into a long. */
    private static final long LAST_SECOND = 9_000_000_000L;
    /** 2020-01-01, in nanoseconds since 1970. An earlier wall clock was not set yet, so it gives no date. */
    private static final long CLOCK_IS_SET = 1_577_836_800L * SECOND_NANOS;
    private static final int COVERAGE_STEPS = 10_000;

    private final Counter chargedEnergy = new Counter();
    private final Counter dischargedEnergy = new Counter();
    private final Counter chargeIn = new Counter();
    private final Counter chargeOut = new Counter();
    private final RemainingTime remainingTime = new RemainingTime();

    private long elapsedNanos;
    private long offlineNanos;
    private long measuredNanos;
    private long energyNanos;
    private Instant begin = Instant.EPOCH;
    /** Wall clock at the end of the previous run; null for counters that began in this run. */
    private @Nullable Instant resumedFrom;

    private boolean running;
    private long startNanos;
    private long nowNanos;
    private Instant now = Instant.EPOCH;
    private @Nullable ZoneId zone;

    private EnergyRecord.Day previous = EnergyRecord.Day.NONE;
    private LocalDate date = EnergyRecord.Day.NONE.date();
    private long chargedOfDay;
    private long dischargedOfDay;
    /** Begin and end of {@link #date}, in nanoseconds since 1970; an empty range until they are known. */
    private long dayBegin;
    private long dayEnd;

    /** Whether any reading was taken yet. */
    private boolean anyRead;
    /** Whether counting continues from the last reading to the next one. */
    private boolean continues;
    private long readConnection;
    private long readNanos;
    private double readCurrent;
    private double readVoltage;

    private double current = Double.NaN;
    private double voltage = Double.NaN;
    private double stateOfCharge = Double.NaN;
    private double capacity = Double.NaN;

    /** A counter in millionths. Fractions of a millionth are carried over, so nothing is lost. */
    private static final class Counter {
        private long total;
        private double carry;

        /** Adds an amount of at least 0 and returns the whole millionths that were added to the total. */
        long add(double millionths) {
            double sum = carry + millionths;
            long whole = (long) sum;
            carry = sum - whole;
            total += whole;
            return whole;
        }

        void set(double millionths) {
            total = Math.round(millionths);
            carry = 0;
        }
    }

    /** Creates a meter whose counters begin now, at zero. */
    public EnergyMeter() {
    }

    /** Creates a meter that continues stored counters. */
    public EnergyMeter(EnergyRecord stored) {
        chargedEnergy.total = stored.chargedEnergy();
        dischargedEnergy.total = stored.dischargedEnergy();
        chargeIn.total = stored.chargeIn();
        chargeOut.total = stored.chargeOut();
        elapsedNanos = stored.elapsedNanos();
        measuredNanos = stored.measuredNanos();
        energyNanos = stored.energyNanos();
        begin = stored.begin();
        resumedFrom = stored.saved();
        now = stored.saved();
        date = stored.today().date();
        chargedOfDay = stored.today().charged();
        dischargedOfDay = stored.today().discharged();
        previous = stored.previous();
    }

    /**
     * Sets the time. Call this before the readings of a moment, and regularly when there are none.
     *
     * @param nanos the ticker's time
     * @param wall the same moment on the wall clock
     * @param timeZone time zone of the days
     */
    public synchronized void clock(long nanos, Instant wall, ZoneId timeZone) {
        if (running) {
            elapsedNanos += Math.max(0, nanos - nowNanos);
        } else {
            running = true;
            startNanos = nanos;
        }
        nowNanos = nanos;
        now = wall;
        if (nanos - startNanos <= CLOCK_SETTLES_NANOS) {
            settle();
        }
        if (!timeZone.equals(zone)) {
            zone = timeZone;
            dayEnd = dayBegin;
        }
        selectDay(sinceEpoch(wall));
    }

    /** Sets the begin, or the time for which openHAB was stopped, by the wall clock, which may still be corrected. */
    private void settle() {
        Instant from = resumedFrom;
        if (from == null) {
            begin = now.minusNanos(elapsedNanos);
            return;
        }
        long stopped = sinceEpoch(now) - sinceEpoch(from) - (nowNanos - startNanos);
        offlineNanos = Math.min(Math.max(0, stopped), LONGEST_STOP_NANOS);
    }

    private static long sinceEpoch(Instant wall) {
        long seconds = Math.min(Math.max(0, wall.getEpochSecond()), LAST_SECOND);
        return seconds * SECOND_NANOS + wall.getNano();
    }

    /** Switches the daily counters to the day of the given time. */
    private void selectDay(long wall) {
        ZoneId place = zone;
        if (place == null || wall < CLOCK_IS_SET || wall >= dayBegin && wall < dayEnd) {
            return;
        }
        LocalDate day = Instant.ofEpochSecond(wall / SECOND_NANOS, wall % SECOND_NANOS).atZone(place).toLocalDate();
        dayBegin = sinceEpoch(day.atStartOfDay(place).toInstant());
        dayEnd = sinceEpoch(day.plusDays(1).atStartOfDay(place).toInstant());
        if (day.equals(date)) {
            return;
        }
        EnergyRecord.Day left = new EnergyRecord.Day(date, chargedOfDay, dischargedOfDay);
        boolean returns = day.equals(previous.date());
        chargedOfDay = returns ? previous.charged() : 0;
        dischargedOfDay = returns ? previous.discharged() : 0;
        date = day;
        previous = left;
    }

    /**
     * Adds a reading of the current. A value that was added before is ignored.
     *
     * @param nanos time of the reading, at most the time of {@link #clock}
     * @param amperes current, positive into the battery; NaN when unknown
     * @param volts voltage of the battery, NaN when unknown
     * @param lifetimeNanos maximum time from the previous reading to this one for counting, in nanoseconds
     * @param connection number of the connection over which it was read
     */
    public synchronized void reading(long nanos, double amperes, double volts, long lifetimeNanos, long connection) {
        current = amperes;
        voltage = volts;
        if (Double.isNaN(amperes)) {
            continues = false;
            return;
        }
        boolean same = anyRead && connection == readConnection;
        long distance = nanos - readNanos;
        if (same && distance <= 0) {
            return;
        }
        if (same && continues && distance <= lifetimeNanos) {
            count(nanos, distance, amperes, volts);
        }
        anyRead = true;
        continues = true;
        readConnection = connection;
        readNanos = nanos;
        readCurrent = amperes;
        readVoltage = volts;
    }

    /** Interrupts counting: a value of the current was refused or held back, or the link was lost. */
    public synchronized void interrupt() {
        continues = false;
    }

    /**
     * Sets the inputs for remaining charge and times. Call this after the reading of the current.
     *
     * @param percent state of charge, NaN when unknown
     * @param ampereHours nominal capacity, NaN when unknown
     */
    public synchronized void battery(double percent, double ampereHours) {
        stateOfCharge = percent;
        capacity = ampereHours > 0 ? ampereHours : Double.NaN;
        remainingTime.judge(nowNanos, capacity);
    }

    /** Counts from the last reading to this one, separately for each day. */
    private void count(long nanos, long distance, double amperes, double volts) {
        measuredNanos += distance;
        boolean hasEnergy = !Double.isNaN(readVoltage) && !Double.isNaN(volts);
        energyNanos += hasEnergy ? distance : 0;
        remainingTime.add(nanos, distance / NANOS_PER_SECOND, (readCurrent + amperes) / 2, (readVoltage + volts) / 2);

        long wallNow = sinceEpoch(now);
        long end = wallNow - (nowNanos - nanos);
        long begun = end - distance;
        long from = begun;
        selectDay(from);
        while (dayEnd < end && dayEnd > from) {
            countLine(share(from, begun, distance), share(dayEnd, begun, distance), distance, amperes, volts);
            from = dayEnd;
            selectDay(from);
        }
        countLine(share(from, begun, distance), 1, distance, amperes, volts);
        selectDay(wallNow);
    }

    private static double share(long moment, long begun, long distance) {
        return (double) (moment - begun) / distance;
    }

    /** Counts a part of the interval between the readings, separately for each direction of the current. */
    private void countLine(double from, double to, long distance, double amperes, double volts) {
        double zero = readCurrent * amperes < 0 ? readCurrent / (readCurrent - amperes) : 0;
        if (zero > from && zero < to) {
            countPiece(from, zero, distance, amperes, volts);
            countPiece(zero, to, distance, amperes, volts);
        } else {
            countPiece(from, to, distance, amperes, volts);
        }
    }

    /** Counts a part of the interval in which the current has one direction. */
    private void countPiece(double from, double to, long distance, double amperes, double volts) {
        double hours = (to - from) * distance / NANOS_PER_HOUR;
        double i0 = readCurrent + (amperes - readCurrent) * from;
        double di = (amperes - readCurrent) * (to - from);
        double charge = (i0 + di / 2) * hours * MICRO;
        double v0 = readVoltage + (volts - readVoltage) * from;
        double dv = (volts - readVoltage) * (to - from);
        // The integral of the product of two straight lines
        double energy = (i0 * v0 + (i0 * dv + v0 * di) / 2 + di * dv / 3) * hours * MICRO;
        double known = Double.isNaN(energy) ? 0 : Math.abs(energy);
        if (charge > 0) {
            chargeIn.add(charge);
            chargedOfDay += chargedEnergy.add(known);
        } else if (charge < 0) {
            chargeOut.add(-charge);
            dischargedOfDay += dischargedEnergy.add(known);
        }
    }

    /** Sets all counters to zero, including those of today; coverage restarts. */
    public synchronized void resetCounters() {
        chargedOfDay = 0;
        dischargedOfDay = 0;
        previous = EnergyRecord.Day.NONE;
        setCounters(0, 0, 0, 0);
        energyNanos = 0;
    }

    /**
     * Presets the counters, for example with those of another meter. Coverage restarts; the counters of today stay.
     * NaN leaves a counter unchanged.
     *
     * @param charged energy into the battery, kWh
     * @param discharged energy out of the battery, kWh
     * @param in charge into the battery, Ah
     * @param out charge out of the battery, Ah
     * @throws IllegalArgumentException if one of them is negative or above 1e9
     */
    public synchronized void setCounters(double charged, double discharged, double in, double out) {
        check(charged);
        check(discharged);
        check(in);
        check(out);
        set(chargedEnergy, charged * MICRO_PER_KILO);
        set(dischargedEnergy, discharged * MICRO_PER_KILO);
        set(chargeIn, in * MICRO);
        set(chargeOut, out * MICRO);
        elapsedNanos = 0;
        offlineNanos = 0;
        measuredNanos = 0;
        energyNanos = 0;
        resumedFrom = null;
        begin = now;
        // The time since the last reading is before the counters began.
        continues = false;
    }

    private static void check(double value) {
        if (value < 0 || value > GREATEST_COUNTER) {
            throw new IllegalArgumentException("A counter must be 0 to 1000000000 kWh or Ah, not " + value);
        }
    }

    private static void set(Counter counter, double millionths) {
        if (!Double.isNaN(millionths)) {
            counter.set(millionths);
        }
    }

    /** Returns the counters for storage. */
    public synchronized EnergyRecord record() {
        // The first reading can be slightly older than the counters.
        long elapsed = Math.max(elapsedNanos + offlineNanos, measuredNanos);
        return new EnergyRecord(begin, now, chargedEnergy.total, dischargedEnergy.total, chargeIn.total,
                chargeOut.total, elapsed, measuredNanos, energyNanos,
                new EnergyRecord.Day(date, chargedOfDay, dischargedOfDay), previous);
    }

    /** Passes all values of the group {@code energy} to the sink; NaN for unknown ones. */
    public synchronized void show(ObjDoubleConsumer<Point> sink) {
        sink.accept(Catalogue.CHARGED_ENERGY, chargedEnergy());
        sink.accept(Catalogue.DISCHARGED_ENERGY, dischargedEnergy());
        sink.accept(Catalogue.CHARGED_ENERGY_TODAY, chargedEnergyToday());
        sink.accept(Catalogue.DISCHARGED_ENERGY_TODAY, dischargedEnergyToday());
        sink.accept(Catalogue.CHARGE_IN, chargeIn());
        sink.accept(Catalogue.CHARGE_OUT, chargeOut());
        sink.accept(Catalogue.EQUIVALENT_FULL_CYCLES, equivalentFullCycles());
        sink.accept(Catalogue.REMAINING_CHARGE, remainingCharge());
        sink.accept(Catalogue.REMAINING_ENERGY, remainingEnergy());
        sink.accept(Catalogue.TIME_TO_EMPTY, timeToEmpty());
        sink.accept(Catalogue.TIME_TO_FULL, timeToFull());
        sink.accept(Catalogue.CHARGING_POWER, chargingPower());
        sink.accept(Catalogue.DISCHARGING_POWER, dischargingPower());
        sink.accept(Catalogue.COVERAGE, coverage());
    }

    /** Energy into the battery in kWh, rounded down to 1 Wh; NaN if the voltage was never known. */
    public synchronized double chargedEnergy() {
        return energy(chargedEnergy.total);
    }

    /** Energy out of the battery in kWh, rounded down to 1 Wh; NaN if the voltage was never known. */
    public synchronized double dischargedEnergy() {
        return energy(dischargedEnergy.total);
    }

    /** Energy into the battery since midnight in kWh, rounded down to 1 Wh; NaN without a voltage or a date. */
    public synchronized double chargedEnergyToday() {
        return energyToday(chargedOfDay);
    }

    /** Energy out of the battery since midnight in kWh, rounded down to 1 Wh; NaN without a voltage or a date. */
    public synchronized double dischargedEnergyToday() {
        return energyToday(dischargedOfDay);
    }

    private double energy(long microwattHours) {
        boolean known = energyNanos > 0 || chargedEnergy.total > 0 || dischargedEnergy.total > 0
                || !Double.isNaN(voltage);
        return known ? microwattHours / 1_000_000 / 1000.0 : Double.NaN;
    }

    private double energyToday(long microwattHours) {
        // While the current is known but the voltage is not, a zero of today was not measured.
        boolean unmeasured = Double.isNaN(voltage) && !Double.isNaN(current) && chargedOfDay == 0
                && dischargedOfDay == 0;
        boolean dayIsKnown = !date.equals(EnergyRecord.Day.NONE.date());
        return unmeasured || !dayIsKnown ? Double.NaN : energy(microwattHours);
    }

    /** Charge into the battery in Ah, rounded down to 10 mAh; NaN if the current was never known. */
    public synchronized double chargeIn() {
        return charge(chargeIn.total);
    }

    /** Charge out of the battery in Ah, rounded down to 10 mAh; NaN if the current was never known. */
    public synchronized double chargeOut() {
        return charge(chargeOut.total);
    }

    private double charge(long microampereHours) {
        boolean known = measuredNanos > 0 || chargeIn.total > 0 || chargeOut.total > 0 || !Double.isNaN(current);
        return known ? microampereHours / 10_000 / 100.0 : Double.NaN;
    }

    /** Charge out of the battery divided by its nominal capacity, to 0.01; NaN when the capacity is unknown. */
    public synchronized double equivalentFullCycles() {
        return rounded(chargeOut.total / MICRO / capacity, 100);
    }

    /** State of charge times nominal capacity in Ah, to 0.01; NaN when either is unknown. */
    public synchronized double remainingCharge() {
        return rounded(exactRemainingCharge(), 100);
    }

    /** Remaining charge times the voltage averaged over five minutes, in kWh, to 0.01; NaN when either is unknown. */
    public synchronized double remainingEnergy() {
        return rounded(exactRemainingCharge() * remainingTime.meanVoltage() / 1000, 100);
    }

    private double exactRemainingCharge() {
        return stateOfCharge / 100 * capacity;
    }

    /** Seconds until the battery is empty at the average current of five minutes; NaN if not clearly discharging. */
    public synchronized double timeToEmpty() {
        return Double.isNaN(current) ? Double.NaN : remainingTime.toEmpty(exactRemainingCharge());
    }

    /** Seconds until the battery is full at the average current of five minutes; NaN if not clearly charging. */
    public synchronized double timeToFull() {
        return Double.isNaN(current) ? Double.NaN : remainingTime.toFull(capacity - exactRemainingCharge());
    }

    /** Power into the battery in W, 0 while it discharges; NaN when unknown. */
    public synchronized double chargingPower() {
        return rounded(Math.max(0, current * voltage), 1000);
    }

    /** Power out of the battery in W, 0 while it charges; NaN when unknown. */
    public synchronized double dischargingPower() {
        return rounded(Math.max(0, -current * voltage), 1000);
    }

    /**
     * Share of the time since the counters began in which the current was measured, in %, rounded down to 0.01; NaN
     * when no time has passed.
     */
    public synchronized double coverage() {
        long all = elapsedNanos + offlineNanos;
        return all == 0 ? Double.NaN
                : Math.min(COVERAGE_STEPS, measuredNanos / Math.max(1, all / COVERAGE_STEPS)) / 100.0;
    }

    /**
     * Share of the measured time with a known voltage, so that energy was counted, in %; NaN if nothing was measured.
     */
    public synchronized double energyCoverage() {
        return measuredNanos == 0 ? Double.NaN : rounded(100.0 * energyNanos / measuredNanos, 100);
    }

    private static double rounded(double value, double steps) {
        return Math.rint(value * steps) / steps;
    }
}
