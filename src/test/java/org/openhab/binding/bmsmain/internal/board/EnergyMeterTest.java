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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.stream.DoubleStream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Counted energy and charge, compared with integrals in closed form, over gaps, restarts, days and years.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class EnergyMeterTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long LIFETIME = 5 * SECOND;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final double OHM = 0.05;
    private static final double REST_VOLTAGE = 48;
    private static final double HALF_PERIOD = 300;

    private EnergyMeter meter = new EnergyMeter();
    private ZoneId zone = ZoneOffset.UTC;
    private Instant wall = NOON;
    private long nanos = -77 * SECOND;
    private long connection = 1;

    private void pass(double seconds) {
        long step = Math.round(seconds * SECOND);
        nanos += step;
        wall = wall.plusNanos(step);
    }

    private void read(double amperes, double volts) {
        meter.clock(nanos, wall, zone);
        meter.reading(nanos, amperes, volts, LIFETIME, connection);
    }

    private void run(double seconds, double step, double amperes, double volts) {
        for (double t = 0; t < seconds - step / 2; t += step) {
            pass(step);
            read(amperes, volts);
        }
    }

    private void restart() throws BrokenRecordException {
        meter = new EnergyMeter(EnergyRecord.parse(meter.record().toText()));
        nanos = 5_000 * SECOND;
    }

    /** A current with integrals in closed form; seconds, amperes. */
    enum Wave {
        CONSTANT {
            @Override
            double at(double t) {
                return -13.7;
            }

            @Override
            double charge(double t) {
                return -13.7 * t;
            }

            @Override
            double square(double t) {
                return 13.7 * 13.7 * t;
            }

            @Override
            double[] zeros(double from, double to) {
                return new double[0];
            }
        },
        RAMP {
            @Override
            double at(double t) {
                return t * 0.02 - 100;
            }

            @Override
            double charge(double t) {
                return t * t * 0.01 - 100 * t;
            }

            @Override
            double square(double t) {
                return Math.pow(at(t), 3) / (3 * 0.02);
            }

            @Override
            double[] zeros(double from, double to) {
                return from < 5000 && to > 5000 ? new double[] { 5000 } : new double[0];
            }
        },
        SINE {
            private static final double OMEGA = Math.PI / HALF_PERIOD;

            @Override
            double at(double t) {
                return 20 * Math.sin(OMEGA * t);
            }

            @Override
            double charge(double t) {
                return -20 / OMEGA * Math.cos(OMEGA * t);
            }

            @Override
            double square(double t) {
                return 400 * (t / 2 - Math.sin(2 * OMEGA * t) / (4 * OMEGA));
            }

            @Override
            double[] zeros(double from, double to) {
                double zero = Math.ceil(from / HALF_PERIOD) * HALF_PERIOD;
                return zero > from && zero < to ? new double[] { zero } : new double[0];
            }
        };

        abstract double at(double t);

        abstract double charge(double t);

        abstract double square(double t);

        abstract double[] zeros(double from, double to);
    }

    /** Results of an ideal meter: Ah in, Ah out, Wh in, Wh out, covered seconds. */
    private static final class Truth {
        private final double[] sums = new double[5];

        void add(Wave wave, double from, double to) {
            double[] ends = DoubleStream.concat(DoubleStream.of(wave.zeros(from, to)), DoubleStream.of(to)).toArray();
            double begin = from;
            for (double end : ends) {
                double charge = wave.charge(end) - wave.charge(begin);
                double energy = REST_VOLTAGE * charge + OHM * (wave.square(end) - wave.square(begin));
                add(charge, energy);
                begin = end;
            }
            sums[4] += to - from;
        }

        void add(double charge, double energy) {
            int out = charge > 0 ? 0 : 1;
            sums[out] += Math.abs(charge) / 3600;
            sums[2 + out] += Math.abs(energy) / 3600;
        }
    }

    private void assertCounted(Truth truth, double totalSeconds) {
        EnergyRecord record = meter.record();
        double[] counted = { record.chargeIn() / 1e6, record.chargeOut() / 1e6, record.chargedEnergy() / 1e6,
                record.dischargedEnergy() / 1e6 };
        for (int i = 0; i < counted.length; i++) {
            assertEquals(truth.sums[i], counted[i], truth.sums[i] * 0.0005 + 1e-6, "sum " + i);
        }
        assertEquals(truth.sums[4], record.measuredNanos() / 1e9, 0.001);
        assertEquals(100 * truth.sums[4] / totalSeconds, meter.coverage(), 0.011);
    }

    @ParameterizedTest
    @EnumSource(Wave.class)
    void countsUndisturbed(Wave wave) {
        Random random = new Random(12);
        Truth truth = new Truth();
        double t = 0;
        read(wave.at(t), REST_VOLTAGE + OHM * wave.at(t));
        while (t < 20_000) {
            double step = Math.rint((0.2 + random.nextDouble() * 4.8) * 1e3) / 1e3;
            pass(step);
            truth.add(wave, t, t + step);
            t += step;
            read(wave.at(t), REST_VOLTAGE + OHM * wave.at(t));
        }
        assertCounted(truth, t);
        assertEquals(100, meter.coverage());
        assertEquals(100, meter.energyCoverage());
    }

    /** Gaps, restarts, spikes, initialisation, reconnects, late readings: nothing is counted across any of them. */
    @ParameterizedTest
    @EnumSource(Wave.class)
    void countsOnlyWhatWasMeasured(Wave wave) throws BrokenRecordException {
        Random random = new Random(34);
        Truth truth = new Truth();
        double t = 0;
        boolean good = true;
        long goodNanos = nanos;
        read(wave.at(t), REST_VOLTAGE + OHM * wave.at(t));
        while (t < 40_000) {
            double step = Math.rint((0.2 + random.nextDouble() * 4.8) * 1e3) / 1e3;
            int event = random.nextInt(60);
            boolean reads = true;
            if (event == 0) {
                step += 5;
                good = false;
            }
            pass(step);
            if (event == 1) {
                read(Double.NaN, Double.NaN);
                reads = false;
            } else if (event == 2) {
                // A spike is rejected: the value before it is published again.
                meter.interrupt();
                meter.clock(nanos, wall, zone);
                meter.reading(goodNanos, 99, REST_VOLTAGE, LIFETIME, connection);
                reads = false;
            } else if (event == 3) {
                connection++;
                good = false;
            } else if (event == 4) {
                meter.clock(nanos, wall, zone);
                restart();
                wall = wall.plusSeconds(17);
                nanos += 17 * SECOND;
                goodNanos = nanos;
                step += 17;
                good = false;
            }
            if (reads && good) {
                truth.add(wave, t, t + step);
            }
            t += step;
            if (reads) {
                read(wave.at(t), REST_VOLTAGE + OHM * wave.at(t));
                goodNanos = nanos;
            }
            good = reads;
        }
        meter.clock(nanos, wall, zone);
        assertCounted(truth, t);
        assertTrue(meter.coverage() < 95);
    }

    @Test
    void countsARandomWalk() {
        Random random = new Random(56);
        Truth truth = new Truth();
        double current = 5;
        double t = 0;
        read(current, REST_VOLTAGE + OHM * current);
        for (int i = 0; i < 20_000; i++) {
            double step = 0.2 + random.nextInt(4800) / 1000.0;
            double next = current + random.nextGaussian() * 3 - current * 0.01;
            pass(step);
            t += step;
            read(next, REST_VOLTAGE + OHM * next);
            double zero = current * next < 0 ? current / (current - next) : 1;
            addLine(truth, current, current + (next - current) * zero, step * zero);
            addLine(truth, current + (next - current) * zero, next, step * (1 - zero));
            truth.sums[4] += step;
            current = next;
        }
        assertCounted(truth, t);
    }

    private static void addLine(Truth truth, double a, double b, double seconds) {
        double square = (a * a + a * b + b * b) / 3;
        truth.add((a + b) / 2 * seconds, (REST_VOLTAGE * (a + b) / 2 + OHM * square) * seconds);
    }

    /** Small irregular steps and a restart per day: the sum over ten years matches the consumption. */
    @Test
    void doesNotDriftInTenYears() throws BrokenRecordException {
        double amperes = 0.123456789;
        int perDay = 24 * 60;
        int days = 3653;
        long dayDischarged = 0;
        for (int day = 0; day < days; day++) {
            for (int i = 0; i <= perDay; i++) {
                double sign = i < perDay / 2 ? 1 : -1;
                if (i == perDay / 2) {
                    // The current changes abruptly and not linearly.
                    meter.clock(nanos, wall, zone);
                    meter.reading(nanos, -amperes, 50, 60 * SECOND, ++connection);
                } else {
                    meter.clock(nanos, wall, zone);
                    meter.reading(nanos, sign * amperes, 50, 60 * SECOND, connection);
                }
                if (i < perDay) {
                    pass(60);
                }
            }
            dayDischarged = Math.max(dayDischarged, meter.record().today().discharged());
            restart();
        }
        EnergyRecord record = meter.record();
        double out = amperes * 12 * days;
        double in = out * (perDay / 2 - 1) / (perDay / 2);
        // A restart drops less than a millionth of an ampere hour.
        assertEquals(out, record.chargeOut() / 1e6, days * 1e-6);
        assertEquals(in, record.chargeIn() / 1e6, days * 1e-6);
        assertEquals(50 * out, record.dischargedEnergy() / 1e6, days * 1e-6);
        assertEquals(days * 86_400L * SECOND, record.elapsedNanos());
        assertEquals((perDay - 1) * 60L * days * SECOND, record.measuredNanos());
        assertEquals(amperes * 50 * 12, dayDischarged / 1e6, 0.01);
    }

    @Test
    void neverCountsDownwardsOrTwice() {
        run(60, 1, 36, 100);
        double charged = meter.chargedEnergy();
        // The same reading is passed repeatedly.
        for (int i = 0; i < 4; i++) {
            wall = wall.plusSeconds(1);
            nanos += SECOND;
            meter.clock(nanos, wall, zone);
            meter.reading(nanos - (i + 1) * SECOND, 36, 100, LIFETIME, connection);
        }
        assertEquals(charged, meter.chargedEnergy());
        pass(0.5);
        read(36, 100);
        assertEquals(charged + 0.0045, meter.chargedEnergy(), 0.001, "across the repetitions, once");
    }

    @Test
    void countsChargeWithoutVoltage() {
        run(3600, 1, -10, Double.NaN);
        assertEquals(9.99, meter.chargeOut(), 0.011);
        assertEquals(Double.NaN, meter.dischargedEnergy());
        assertEquals(Double.NaN, meter.dischargedEnergyToday());
        assertEquals(Double.NaN, meter.dischargingPower());
        run(3600, 1, -10, 50);
        assertEquals(0.5, meter.dischargedEnergy(), 0.0011);
        assertEquals(50, meter.energyCoverage(), 0.1);
    }

    @Test
    void tellsPowersAndCharges() {
        read(-10, 50);
        meter.battery(40, 200);
        assertEquals(500, meter.dischargingPower());
        assertEquals(0, meter.chargingPower());
        assertEquals(80, meter.remainingCharge());
        assertEquals(Double.NaN, meter.remainingEnergy(), "no mean voltage yet");
        run(7200, 5, -10, 50);
        meter.battery(40, 200);
        assertEquals(4, meter.remainingEnergy());
        assertEquals(0.1, meter.equivalentFullCycles());
        meter.battery(40, Double.NaN);
        assertEquals(Double.NaN, meter.equivalentFullCycles());
        assertEquals(Double.NaN, meter.remainingCharge());
        read(10, 50);
        assertEquals(500, meter.chargingPower());
        read(Double.NaN, 50);
        assertEquals(Double.NaN, meter.chargingPower());
    }

    /**
     * A constant 3.6 kW for a period: each second is a watt hour. Expected: how many of them belong to the last day.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            within a day            | UTC              | 2026-11-22T12:00:00Z | 2026-11-22T12:10:00Z | 600
            over midnight           | UTC              | 2026-11-22T23:50:00Z | 2026-11-23T00:05:00Z | 300
            the zone decides        | Europe/Berlin    | 2026-11-22T22:50:00Z | 2026-11-22T23:05:00Z | 300
            ends at midnight        | UTC              | 2026-11-22T23:50:00Z | 2026-11-23T00:00:00Z | 0
            a day of 25 hours       | Europe/Berlin    | 2026-10-24T21:00:00Z | 2026-10-25T22:59:00Z | 89940
            after 25 hours          | Europe/Berlin    | 2026-10-24T21:00:00Z | 2026-10-25T23:01:00Z | 60
            a day of 23 hours       | Europe/Berlin    | 2026-03-28T22:00:00Z | 2026-03-29T21:59:00Z | 82740
            after 23 hours          | Europe/Berlin    | 2026-03-28T22:00:00Z | 2026-03-29T22:01:00Z | 60
            midnight does not exist | Asia/Beirut      | 2026-03-28T21:50:00Z | 2026-03-28T22:05:00Z | 300
            midnight happens twice  | America/Havana   | 2026-11-01T03:50:00Z | 2026-11-01T05:05:00Z | 3900
            a half-hour zone        | Asia/Kolkata     | 2026-11-22T18:20:00Z | 2026-11-22T18:35:00Z | 300
            two days                | UTC              | 2026-11-22T22:00:00Z | 2026-11-24T00:00:10Z | 10
            """)
    void dayBegins(String name, String place, String from, String to, double expected) {
        zone = ZoneId.of(place);
        // No reading is exactly at midnight.
        wall = Instant.parse(from).minusMillis(2700);
        Instant end = Instant.parse(to);
        while (wall.isBefore(end)) {
            read(36, 100);
            pass(Math.min(4.9, Duration.between(wall, end).toMillis() / 1000.0));
        }
        read(36, 100);
        EnergyRecord record = meter.record();
        double whole = Duration.between(Instant.parse(from), end).toSeconds() + 2.7;
        assertEquals(whole * 1e6, record.chargedEnergy(), 2);
        assertEquals(Math.min(expected, whole) * 1e6 + (expected == whole - 2.7 ? 2.7e6 : 0), record.today().charged(),
                3);
    }

    /**
     * Jumps of the wall clock at one watt hour per second. Dates are local times to which the clock is set, numbers
     * are elapsed seconds; in brackets the expected counter of today.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            forward in a day           | 22T12:00 100 22T13:00 100 [200]
            back in a day              | 22T12:00 100 22T11:00 100 [200]
            forward over midnight      | 22T12:00 100 23T00:10 50 [50]
            back over midnight         | 22T23:59 120 [60] 22T23:55 60 [120] 240 [60] 60 [120]
            a wrong date for a while   | 22T12:00 100 29T12:00 30 [30] 22T12:01 10 [110]
            starts in the past         | 01T00:00 40 [40] 22T12:00 10 [10]
            back to the past and again | 22T12:00 100 01T00:00 40 [40] 22T12:05 10 [110]
            """)
    void clockJumps(String name, String story) {
        double passed = 0;
        read(36, 100);
        for (String word : story.split(" ")) {
            if (word.contains("T")) {
                wall = OffsetDateTime.parse("2026-11-" + word + ":00Z").toInstant();
                if (passed == 0) {
                    meter = new EnergyMeter();
                    read(36, 100);
                }
            } else if (word.startsWith("[")) {
                double shown = meter.chargedEnergyToday() * 1000;
                // A jump is between two readings: that second belongs to the day after the jump.
                assertEquals(Double.parseDouble(word.substring(1, word.length() - 1)), shown, 1.01, word);
            } else {
                double seconds = Double.parseDouble(word);
                run(seconds, 1, 36, 100);
                passed += seconds;
            }
        }
        assertEquals(passed / 1000, meter.chargedEnergy(), 0.0011, "no jump changes the total");
    }

    @Test
    void beginsTheDayWithoutReadings() {
        wall = Instant.parse("2026-11-22T23:59:00Z");
        run(10, 1, 36, 100);
        pass(120);
        meter.clock(nanos, wall, zone);
        assertEquals(0, meter.chargedEnergyToday());
        assertEquals(LocalDate.parse("2026-11-23"), meter.record().today().date());
    }

    @Test
    void goesOnAfterARestart() throws BrokenRecordException {
        read(36, 100);
        run(100, 1, 36, 100);
        EnergyRecord stored = meter.record();
        // Energy counted after the record was written is lost with the process, and is not counted twice.
        run(200, 1, 36, 100);
        meter = new EnergyMeter(EnergyRecord.parse(stored.toText()));
        nanos = 0;
        pass(100);
        read(36, 100);
        assertEquals(0.1, meter.chargedEnergy());
        assertEquals(0.1, meter.chargedEnergyToday());
        assertEquals(25, meter.coverage(), "100 s of 400 s");
        run(100, 1, 36, 100);
        assertEquals(0.2, meter.chargedEnergy());
        assertEquals(40, meter.coverage());
    }

    /** On a machine without a real-time clock, the time is set from the network after the start of openHAB. */
    @ParameterizedTest(name = "{0} s behind")
    @CsvSource({ "-3000000000", "-500", "-60" })
    void clockIsSetAfterTheStart(long jump) throws BrokenRecordException {
        read(36, 100);
        run(1000, 1, 36, 100);
        Instant end = wall;
        restart();
        wall = end.plusSeconds(500 + jump);
        read(36, 100);
        run(100, 1, 36, 100);
        wall = end.plusSeconds(600);
        read(36, 100);
        assertEquals(Math.floor(1_100 * 10_000 / 1_600.0) / 100, meter.coverage());
        assertEquals(1.1, meter.chargedEnergyToday(), 0.0011);
    }

    @Test
    void wrongClockDoesNotRuinCoverage() throws BrokenRecordException {
        run(1000, 1, 36, 100);
        restart();
        wall = wall.minusSeconds(86_400);
        read(36, 100);
        assertEquals(99.9, meter.coverage(), 0.1, "a stop of less than nothing is nothing");
    }

    @Test
    void takesOverAndResets() {
        run(100, 1, 36, 100);
        meter.setCounters(1234.5, Double.NaN, 10, 20);
        assertEquals(1234.5, meter.chargedEnergy());
        assertEquals(0, meter.dischargedEnergy());
        assertEquals(10, meter.chargeIn());
        assertEquals(20, meter.chargeOut());
        assertEquals(0.099, meter.chargedEnergyToday());
        assertEquals(Double.NaN, meter.coverage());
        run(101, 1, 36, 100);
        assertEquals(1234.6, meter.chargedEnergy());
        assertEquals(99, meter.coverage(), 0.1);
        meter.resetCounters();
        assertEquals(0, meter.chargedEnergy());
        assertEquals(0, meter.chargedEnergyToday());
        assertEquals(0, meter.chargeOut());
        assertEquals(wall, meter.record().begin());
        assertThrows(IllegalArgumentException.class, () -> meter.setCounters(-1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> meter.setCounters(0, 2e9, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> meter.setCounters(0, 0, Double.POSITIVE_INFINITY, 0));
        assertEquals(0, meter.chargedEnergy(), "a refused value changes nothing");
    }
}
