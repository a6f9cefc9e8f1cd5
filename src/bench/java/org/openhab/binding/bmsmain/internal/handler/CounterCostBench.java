/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.bench.Page;
import org.openhab.binding.bmsmain.internal.board.BatteryHistory;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.EnergyMeter;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.builder.ThingBuilder;

/**
 * Cost of counters and history per refresh, from the decoded values to the channels. The battery discharges, and
 * all measurements change with each refresh.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CounterCostBench {

    private static final int WARM_UP_ROUNDS = 10;
    private static final int ROUNDS = 21;
    private static final int REFRESHES = 10_000;
    private static final long SECOND = 1_000_000_000;
    private static final Duration LIFETIME = Duration.ofSeconds(5);
    private static final Duration LINK_INTERVAL = Duration.ofSeconds(30);
    private static final Instant BEGIN = Instant.parse("2026-05-04T10:00:00Z");

    /** The path from a board's values to its channels. */
    private static final class Way {
        private final List<Point> points = Catalogue.all().stream()
                .filter(point -> point.origin() == Origin.WIRE && point.kind() == Kind.MEASUREMENT).toList();
        private final @Nullable EnergyMeter meter;
        private final BatteryHistory history = new BatteryHistory(BEGIN);
        private final BoardAssembler assembler;
        private final StatePublisher publisher;
        private long seconds;
        private long states;

        Way(@Nullable EnergyMeter meter) {
            this.meter = meter;
            BoardSetup setup = BoardSetup.standard(LIFETIME, LIFETIME);
            assembler = new BoardAssembler(
                    meter == null ? setup : setup.with(Double.NaN, new Counting(meter, () -> ZoneOffset.UTC)));
            try {
                publisher = new StatePublisher((channel, state) -> states++, snapshot -> "OK",
                        RegisterChannels.of(ThingBuilder.create(new ThingTypeUID("bmsmain", "tcp"), "bench").build()),
                        List.of(), LINK_INTERVAL, StatePublisher.Resolution.DISPLAY);
            } catch (ConfigurationException e) {
                throw new IllegalStateException(e);
            }
        }

        void refresh() {
            seconds++;
            long now = seconds * SECOND;
            double step = seconds % 20 / 10.0;
            for (Point point : points) {
                assembler.put(point, value(point, step), now);
            }
            assembler.put(Catalogue.INITIALISATION, 0, now);
            BoardSnapshot snapshot = assembler.snapshot(now, BEGIN.plusSeconds(seconds));
            EnergyMeter counts = meter;
            if (counts != null) {
                history.take(snapshot, List.of());
                snapshot = snapshot.with((numbers, texts) -> {
                    counts.show(numbers);
                    history.show(numbers, texts);
                });
            }
            publisher.publish(snapshot, true);
        }

        /** Returns a valid value of the point for this step. */
        private static double value(Point point, double step) {
            return switch (point.unit()) {
                case AMPERE -> point == Catalogue.CURRENT ? -40 - step : 100 + step;
                case VOLT -> point.isPlausible(50) ? 50 + step : 3 + step / 100;
                default -> 20 + step;
            };
        }
    }

    @Test
    void countersAndHistoryInARefresh() {
        Way without = new Way(null);
        Way with = new Way(new EnergyMeter());
        double[] before = new double[ROUNDS];
        double[] after = new double[ROUNDS];
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            double one = microseconds(without);
            double other = microseconds(with);
            if (round >= 0) {
                before[round] = one;
                after[round] = other;
            }
        }
        Arrays.sort(before);
        Arrays.sort(after);
        Page page = new Page("counters");
        page.text("CPU time of one thread, median of " + ROUNDS + " rounds of " + REFRESHES + " refreshes, in turn.");
        page.head("a refresh, from decoded values to channels", "us CPU");
        page.row("without counters and history", Page.number(before[ROUNDS / 2], 1));
        page.row("with all of them", Page.number(after[ROUNDS / 2], 1));
        page.publish();
        assertTrue(with.states > 0 && without.states > 0);
    }

    /** CPU time of a refresh in microseconds; other programs on the machine do not affect it. */
    private static double microseconds(Way way) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begun = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < REFRESHES; i++) {
            way.refresh();
        }
        return (threads.getCurrentThreadCpuTime() - begun) / 1000.0 / REFRESHES;
    }
}
