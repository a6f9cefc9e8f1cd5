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
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.THING_TYPE_TCP;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.bench.Page;
import org.openhab.binding.bmsmain.internal.board.BoardMemory;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.handler.StatePublisher.Resolution;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.TwinReadings;
import org.openhab.core.storage.Storage;
import org.slf4j.LoggerFactory;

/**
 * Number of events per hour and number of stores of counters and history: all channels of a twin that is read every
 * second, with and without invisible digits.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class EventsPerHourTest {

    private static final int SETTLED_SECONDS = 600;
    private static final int HOUR_SECONDS = 3600;

    private static final Page PAGE = new Page("events");

    private final Map<Object, Object> stored = new HashMap<>();
    private int writes;
    private int writtenBytes;
    private @Nullable BoardMemory memory;
    private final TwinReadings readings = new TwinReadings(time -> BoardSetup
            .standard(Duration.ofSeconds(5), Duration.ofSeconds(90)).with(Double.NaN, memory(time).counting()));

    /** Counts the events by channel. */
    private static final class Counts {
        private final Map<String, Integer> byChannel = new TreeMap<>();
        private final StatePublisher publisher;

        Counts(Resolution resolution) throws Exception {
            publisher = new StatePublisher((channel, state) -> byChannel.merge(channel, 1, Integer::sum),
                    snapshot -> "OK", RegisterChannels.of(Stubs.thing(THING_TYPE_TCP, Map.of())), List.of(),
                    Duration.ofSeconds(30), resolution);
        }

        int total() {
            return byChannel.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    private BoardMemory memory(Ticker time) {
        BoardMemory made = memory;
        if (made == null) {
            made = new BoardMemory(new RecordStore(storage(), "bmsmain:tcp:hour/"), time::nanos, time::now,
                    () -> ZoneOffset.UTC);
            memory = made;
        }
        return made;
    }

    @SuppressWarnings("unchecked")
    private Storage<String> storage() {
        return Stubs.stub(Storage.class, (name, arguments) -> {
            if (!"put".equals(name)) {
                return "get".equals(name) ? stored.get(arguments[0]) : null;
            }
            writes++;
            writtenBytes += arguments[1].toString().length();
            return stored.put(arguments[0], arguments[1]);
        });
    }

    @BeforeAll
    static void begin() {
        PAGE.head("battery", "events in an hour, `full`", "`display`", "records stored", "bytes of them");
    }

    @AfterAll
    static void publish() {
        PAGE.publish();
    }

    /**
     * The contactors of the quiet twin are open: only its temperatures and its humidity change. The busy one
     * drives, with a different current each second.
     */
    @ParameterizedTest
    @CsvSource({ "quiet, true, 0.3", "busy, false, 0.8" })
    void aChangeThatNobodySeesIsNoEvent(String name, boolean isOpen, double share) throws Exception {
        if (isOpen) {
            readings.board().set("input-signals#inhibit-discharging", true);
        }
        Counts full = new Counts(Resolution.FULL);
        Counts display = new Counts(Resolution.DISPLAY);
        read(SETTLED_SECONDS, full, display);
        full.byChannel.clear();
        display.byChannel.clear();
        writes = 0;
        writtenBytes = 0;
        read(HOUR_SECONDS, full, display);
        PAGE.row(name, Integer.toString(full.total()), Integer.toString(display.total()), Integer.toString(writes),
                Integer.toString(writtenBytes));
        LoggerFactory.getLogger(EventsPerHourTest.class).info("| {} | {} | {} |\n{}\n{}", name, full.total(),
                display.total(), full.byChannel, display.byChannel);
        assertTrue(display.total() <= share * full.total(), display.total() + " of " + full.total());
        // The energy is stored every five minutes, and the history at most as often.
        assertTrue(writes >= 12 && writes <= 24, writes + " records");
        display.byChannel
                .forEach((channel, count) -> assertTrue(count <= full.byChannel.getOrDefault(channel, 0), channel));
    }

    private void read(int count, Counts... all) {
        for (int i = 0; i < count; i++) {
            BoardSnapshot read = readings.next();
            memory(readings).take(read, List.of());
            BoardSnapshot snapshot = memory(readings).show(read);
            for (Counts counts : all) {
                counts.publisher.publish(snapshot, true);
            }
        }
    }
}
