/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;

/**
 * A queue of the reports of a board. If the consumer is slow or stopped, for instance by blocked output, the newest
 * state replaces the one before it. Of the replaced report only the fault events are kept.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Reports implements BoardListener {

    /** Some seconds at the highest poll rate. */
    static final int MOST_REPORTS = 16;
    /** Maximum number of fault events in a report; older ones are dropped. */
    static final int MOST_EVENTS = 1000;

    private final Deque<BoardReport> waiting = new ArrayDeque<>();

    @Override
    public synchronized void report(BoardReport report) {
        BoardReport last = waiting.size() < MOST_REPORTS ? null : waiting.pollLast();
        waiting.add(last == null ? report
                : new BoardReport(report.failure(), report.snapshot(), joined(last.events(), report.events())));
        notifyAll();
    }

    private static List<FaultEvent> joined(List<FaultEvent> older, List<FaultEvent> newer) {
        List<FaultEvent> events = new ArrayList<>(older);
        events.addAll(newer);
        return List.copyOf(events.subList(Math.max(0, events.size() - MOST_EVENTS), events.size()));
    }

    /**
     * Takes the oldest report.
     *
     * @param nanos how long to wait for one
     * @return null when none came
     */
    synchronized @Nullable BoardReport poll(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; waiting.isEmpty() && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return waiting.poll();
    }
}
