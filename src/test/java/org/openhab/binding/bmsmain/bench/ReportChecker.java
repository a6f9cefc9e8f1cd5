/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares each report with the reference values, and measures the time until good values return after a fault.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
abstract class ReportChecker implements BoardListener {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReportChecker.class);
    private static final long LONGEST_RUN = 120_000_000_000L;

    private final String name;
    private final FaultSource source;
    private final List<Long> goodTimes = new ArrayList<>();
    private final List<Point> checked;
    private int wrong;
    private int unseen;
    private int compared;
    private int good;
    private @Nullable BoardSnapshot last;

    /**
     * @param name name of the run, for the log
     * @param checked values that must be unknown while a board is offline
     */
    ReportChecker(String name, FaultSource source, List<Point> checked) {
        this.name = name;
        this.source = source;
        this.checked = checked;
    }

    /** Compares the values in the report of a board that is online. */
    abstract void compare(BoardSnapshot snapshot);

    /**
     * Returns the time of the oldest value required for a good report, in microseconds of the wall clock.
     *
     * @return {@link Long#MIN_VALUE} if a required value is missing
     */
    abstract long goodAt(BoardSnapshot snapshot);

    /** Counts correct values. */
    void right(int count) {
        compared += count;
    }

    /** Counts values that never existed. */
    void wrong(List<Point> points) {
        compared += points.size();
        wrong += points.size();
        LOGGER.warn("WRONG after {}: {}", name, points);
    }

    /** Counts values that never existed but cannot be distinguished from good ones. */
    void unseen(int count) {
        compared += count;
        unseen += count;
    }

    @Override
    public synchronized void report(BoardReport report) {
        BoardSnapshot snapshot = report.snapshot();
        last = snapshot;
        if (report.isOnline()) {
            good++;
            goodTimes.add(goodAt(snapshot));
            compare(snapshot);
            for (Point relay : Catalogue.RELAYS) {
                Point function = ReferenceRegisters.function(relay);
                if (function != null && Double.compare(snapshot.number(relay), snapshot.number(function)) != 0) {
                    wrong(List.of(relay));
                }
            }
        } else if (checked.stream().anyMatch(snapshot::isKnown)) {
            wrong(checked.stream().filter(snapshot::isKnown).toList());
        }
    }

    /** Runs until good values, then faults, then good values again. @return whether all phases completed */
    boolean drive(int faults) {
        long end = System.nanoTime() + LONGEST_RUN;
        if (!await(end, () -> goodReports() >= 3)) {
            return false;
        }
        source.setFaulty(true);
        boolean done = await(end, () -> source.faults().size() >= faults);
        source.setFaulty(false);
        long after = FaultProxy.nowMicros() + 2000;
        return done && await(end, () -> goodSince(after));
    }

    private interface Condition {
        boolean holds();
    }

    private static boolean await(long end, Condition condition) {
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(5_000_000);
        }
        return true;
    }

    private synchronized int goodReports() {
        return good;
    }

    private synchronized boolean goodSince(long micros) {
        // With a device whose habits are learnt slowly, nothing may have been compared yet.
        return compared > 0 && !goodTimes.isEmpty() && goodTimes.get(goodTimes.size() - 1) > micros;
    }

    /** The latest report, or null. */
    synchronized @Nullable BoardSnapshot last() {
        return last;
    }

    /**
     * Returns the result of the run.
     *
     * @param asked requests or sets
     * @param lost requests or sets that were not published
     * @param recovered result of {@link #drive}
     */
    synchronized FaultResult result(String wire, String kind, int asked, long lost, boolean recovered) {
        List<Double> back = new ArrayList<>();
        for (long fault : source.faults()) {
            goodTimes.stream().filter(time -> time > fault).findFirst()
                    .ifPresent(time -> back.add((time - fault) / 1000.0));
        }
        Collections.sort(back);
        return new FaultResult(wire, kind, asked, source.faults().size(), wrong, unseen, compared, lost,
                back.isEmpty() ? Double.NaN : back.get(back.size() / 2),
                back.isEmpty() ? Double.NaN : back.get(back.size() - 1), recovered);
    }
}
