/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.thing;

import static org.junit.jupiter.api.Assertions.*;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Pace;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.builder.ThingBuilder;

import com.sun.management.ThreadMXBean;

/**
 * What a refresh costs behind the wire: making a snapshot, and publishing it, with nothing changed and all changed.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class PublishCostBench {

    private static final int WARM_UP = 20_000;
    private static final int REFRESHES = 20_000;
    private static final long REFRESH_NANOS = 1_000_000_000L;
    private static final Duration HOUR = Duration.ofHours(1);

    private final BoardSetup setup = BoardSetup.standard(HOUR, HOUR);
    private final BoardAssembler assembler = new BoardAssembler(setup);
    private long states;

    private interface Work {
        void run(int i);
    }

    @Test
    void snapshotAndPublish() throws ConfigurationException {
        RegisterChannels channels = RegisterChannels
                .of(ThingBuilder.create(new ThingTypeUID("bmsmain", "tcp"), "bench").build());
        Publisher publisher = new Publisher((channel, state) -> states++, snapshot -> "OK", channels, List.of(), HOUR);
        BoardSnapshot even = snapshot(0);
        BoardSnapshot odd = snapshot(1);
        System.out.println(
                String.format(Locale.ROOT, "| %-28s | %10s | %10s | %10s |", "per refresh", "us", "bytes", "states"));
        measure("put, snapshot, all changed", this::snapshot);
        measure("put, snapshot, usual changes", this::quietSnapshot);
        assertEquals(0, measure("publish, nothing changed", i -> publisher.publish(even, true)),
                "states though nothing changed");
        measure("publish, all changed", i -> publisher.publish(i % 2 == 0 ? odd : even, true));
    }

    private BoardSnapshot snapshot(int i) {
        for (Point point : Catalogue.all()) {
            if (point.origin() == Origin.WIRE && point != Catalogue.INITIALISATION) {
                assembler.put(point, i % 2, 0);
            }
        }
        return assembler.snapshot(0, Instant.EPOCH);
    }

    /** A battery at work: its current, its temperature and the numbers of the link change. */
    private BoardSnapshot quietSnapshot(int i) {
        long now = i * REFRESH_NANOS;
        for (Point point : Catalogue.all()) {
            if (point.origin() == Origin.WIRE && point.pace() == Pace.FAST && point.kind() != Kind.TEXT) {
                assembler.put(point, 0, now);
            }
        }
        assembler.put(Catalogue.CURRENT, i % 10, now);
        assembler.put(Catalogue.EXTERNAL_TEMPERATURE, i / 10 % 5, now);
        assembler.put(Catalogue.REQUESTS, i, now);
        assembler.put(Catalogue.RESPONSE_TIME, i % 7, now);
        assembler.put(Catalogue.LAST_UPDATE, i, now);
        return assembler.snapshot(now, Instant.EPOCH);
    }

    private double measure(String name, Work work) {
        ThreadMXBean threads = Objects.requireNonNull(ManagementFactory.getPlatformMXBean(ThreadMXBean.class));
        for (int i = 0; i < WARM_UP; i++) {
            work.run(i);
        }
        long id = Thread.currentThread().getId();
        long statesBefore = states;
        long bytes = threads.getThreadAllocatedBytes(id);
        long cpu = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < REFRESHES; i++) {
            work.run(i);
        }
        double nanos = threads.getCurrentThreadCpuTime() - cpu;
        double sent = (double) (states - statesBefore) / REFRESHES;
        System.out.println(String.format(Locale.ROOT, "| %-28s | %10.1f | %10.0f | %10.1f |", name,
                nanos / 1e3 / REFRESHES, (double) (threads.getThreadAllocatedBytes(id) - bytes) / REFRESHES, sent));
        return sent;
    }
}
