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
import java.time.LocalDate;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The counters of an {@link EnergyMeter} at one moment, as stored over restarts.
 * <p>
 * Energy is in microwatt hours and charge in microampere hours. They are whole numbers, so that years of small
 * additions lose nothing. All are at least 0.
 *
 * @param begin when the counters began, by the wall clock
 * @param saved when this record was made, by the wall clock; the time until the next run counts as not measured
 * @param chargedEnergy energy into the battery, µWh
 * @param dischargedEnergy energy out of the battery, µWh
 * @param chargeIn charge into the battery, µAh
 * @param chargeOut charge out of the battery, µAh
 * @param elapsedNanos time since the counters began
 * @param measuredNanos part of the elapsed time in which the current was measured
 * @param energyNanos part of the measured time in which the voltage was known as well
 * @param today the day that is being counted
 * @param previous the day that was counted before; it is continued when the clock returns to it
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record EnergyRecord(Instant begin, Instant saved, long chargedEnergy, long dischargedEnergy, long chargeIn,
        long chargeOut, long elapsedNanos, long measuredNanos, long energyNanos, Day today, Day previous) {

    private static final String NAME = "bmsmain-energy";
    private static final int VERSION = 1;

    /**
     * The energy of one day.
     *
     * @param date the day in openHAB's time zone
     * @param charged energy into the battery, µWh
     * @param discharged energy out of the battery, µWh
     */
    public record Day(LocalDate date, long charged, long discharged) {

        static final Day NONE = new Day(LocalDate.EPOCH, 0, 0);
    }

    /** The record as one line of text. */
    public String toText() {
        return new RecordText(NAME).put("begin", begin).put("saved", saved).put("chargedEnergy", chargedEnergy)
                .put("dischargedEnergy", dischargedEnergy).put("chargeIn", chargeIn).put("chargeOut", chargeOut)
                .put("elapsed", elapsedNanos).put("measured", measuredNanos).put("energyMeasured", energyNanos)
                .put("today", today.date).put("todayCharged", today.charged).put("todayDischarged", today.discharged)
                .put("previous", previous.date).put("previousCharged", previous.charged)
                .put("previousDischarged", previous.discharged).toLine(VERSION);
    }

    /**
     * Parses the output of {@link #toText()}.
     *
     * @throws BrokenRecordException if it is damaged; its message gives the reason
     */
    public static EnergyRecord parse(String text) throws BrokenRecordException {
        RecordText record = RecordText.parse(NAME, VERSION, text);
        long elapsed = record.count("elapsed");
        long measured = record.count("measured");
        long energy = record.count("energyMeasured");
        if (measured > elapsed || energy > measured) {
            throw new BrokenRecordException("the measured time is longer than the elapsed time");
        }
        try {
            return new EnergyRecord(Instant.parse(record.text("begin")), Instant.parse(record.text("saved")),
                    record.count("chargedEnergy"), record.count("dischargedEnergy"), record.count("chargeIn"),
                    record.count("chargeOut"), elapsed, measured, energy, day(record, "today"),
                    day(record, "previous"));
        } catch (DateTimeException e) {
            throw new BrokenRecordException("it contains an invalid time: " + e.getMessage());
        }
    }

    private static Day day(RecordText record, String key) throws BrokenRecordException {
        return new Day(LocalDate.parse(record.text(key)), record.count(key + "Charged"),
                record.count(key + "Discharged"));
    }
}
