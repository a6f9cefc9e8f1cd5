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

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Cost of publishing a snapshot to the channels.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@State(Scope.Thread)
public class PublishCosts {

    private static final Duration HOUR = Duration.ofHours(1);

    private final BoardAssembler assembler = new BoardAssembler(BoardSetup.standard(HOUR, HOUR));
    private final BoardSnapshot even = snapshot(0);
    private final BoardSnapshot odd = snapshot(1);
    private final StatePublisher publisher;
    private long states;
    private int beginTransaction;

    /** Counts the published states. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Published {
        public long states;
        public long refreshes;
    }

    public PublishCosts() {
        try {
            RegisterChannels channels = RegisterChannels
                    .of(ThingBuilder.create(new ThingTypeUID("bmsmain", "tcp"), "bench").build());
            publisher = new StatePublisher((channel, state) -> states++, snapshot -> "OK", channels, List.of(), HOUR,
                    StatePublisher.Resolution.DISPLAY);
        } catch (ConfigurationException e) {
            throw new IllegalStateException(e);
        }
        publisher.publish(even, true);
    }

    private BoardSnapshot snapshot(int i) {
        for (Point point : Catalogue.all()) {
            if (point.origin() == Origin.WIRE && point != Catalogue.INITIALISATION) {
                assembler.put(point, i, 0);
            }
        }
        return assembler.snapshot(0, Instant.EPOCH);
    }

    private void publish(BoardSnapshot snapshot, Published published) {
        long before = states;
        publisher.publish(snapshot, true);
        published.states += states - before;
        published.refreshes++;
    }

    @Benchmark
    public void publishNothingChanged(Published published) {
        publish(even, published);
    }

    @Benchmark
    public void publishAllChanged(Published published) {
        beginTransaction = 1 - beginTransaction;
        publish(beginTransaction == 0 ? even : odd, published);
    }
}
