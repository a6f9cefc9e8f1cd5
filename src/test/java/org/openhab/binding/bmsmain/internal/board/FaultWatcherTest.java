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

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which changes of faults cause events: each change once, and none that is due to the link or the initialisation only.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class FaultWatcherTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final long SECOND = 1_000_000_000L;

    private final FaultWatcher watcher = new FaultWatcher();
    private BoardAssembler assembler = new BoardAssembler(Setups.standard());
    private long now;

    /**
     * A sequence of steps, with the resulting events. A step is the next report of the board: {@code -} for no
     * fault, IDs separated by {@code +}, prefixed by {@code init} while it initialises; {@code lost} for a lost
     * link, {@code unknown} for a link without information about faults.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            none at connect                 | water, water                                |
            a clean connect                 | -, -                                        |
            raise and clear                 | -, water, water, -, -                       | RAISED:water CLEARED:water
            flicker: each change once       | -, water, -, water, -                       | RAISED:water CLEARED:water RAISED:water CLEARED:water
            one comes as another goes       | water, high-humidity                        | RAISED:high-humidity CLEARED:water
            several at once, by bit         | -, water+overcurrent                        | RAISED:overcurrent RAISED:water
            both words                      | -, water+insulation-fault                   | RAISED:water RAISED:insulation-fault
            unknown bits                    | -, unknown-error-1-18, unknown-error-2-31   | RAISED:unknown-error-1-18 RAISED:unknown-error-2-31 CLEARED:unknown-error-1-18
            unknown bits at connect         | unknown-error-1-18, -                       | CLEARED:unknown-error-1-18
            named before unknown            | -, unknown-error-1-31+water                 | RAISED:water RAISED:unknown-error-1-31
            a lost link clears nothing      | water, lost, water                          |
            what came meanwhile was found   | -, lost, water, -                           | CLEARED:water
            what went meanwhile as well     | water, lost, -, water                       | RAISED:water
            zeros of initialisation         | water, init -, init -, water                |
            cleared over initialisation     | water, init -, -                            | CLEARED:water
            raised over initialisation      | -, init water, init water, water            | RAISED:water
            connect while it initialises    | init -, init water, water+overcurrent       |
            lost while it initialises       | water, init -, lost, init -, -              |
            unknown for a while             | -, unknown, water, unknown, -               | RAISED:water CLEARED:water
            unknown, then the same          | water, unknown, water                       |
            starts again, words in pieces   | water, unknown, second -, init -, water     |
            """)
    void eventsOfAStory(String name, String story, @org.eclipse.jdt.annotation.Nullable String events) {
        StringBuilder seen = new StringBuilder();
        for (String step : story.split(", ")) {
            for (FaultEvent event : step(step)) {
                seen.append(seen.length() == 0 ? "" : " ").append(event.payload());
            }
        }
        assertEquals(events == null ? "" : events, seen.toString());
    }

    /** Over CAN, the first error word may be known and the second not. */
    @Test
    void halfOfTheFaultsIsComparedWhenTheOtherHalfIsUnknown() {
        tell(1, List.of());
        initialising(false);
        assertEquals(List.of(), compare());
        tell(1, List.of("water"));
        assertEquals(List.of("RAISED:water"), compare());
        // the other half is received for the first time: found, not raised
        tell(2, List.of("insulation-fault"));
        assertEquals(List.of(), compare());
        tell(2, List.of());
        assertEquals(List.of("CLEARED:insulation-fault"), compare());
    }

    /** The faults of a board that never reports whether it initialises are used. */
    @Test
    void withoutTheSignalForInitialisationFaultsAreCompared() {
        tell(1, List.of());
        assertEquals(List.of(), compare());
        tell(1, List.of("water"));
        assertEquals(List.of("RAISED:water"), compare());
    }

    /** Each fault of the catalogue has its own ID. */
    @Test
    void eachFaultHasItsEvent() {
        for (Point fault : Catalogue.FAULTS) {
            step("-");
            assertEquals(List.of("RAISED:" + fault.name()), payloads(step(fault.name())));
            assertEquals(List.of("CLEARED:" + fault.name()), payloads(step("-")));
        }
    }

    @Test
    void anEventHasTheTimeOfItsReading() {
        step("-");
        now = 7 * SECOND;
        assertEquals(List.of(new FaultEvent(NOON.plusSeconds(7), true, "water")), step("water"));
    }

    private List<FaultEvent> step(String step) {
        switch (step.split(" ")[0]) {
            case "lost":
                watcher.lost();
                assembler = new BoardAssembler(Setups.standard());
                return List.of();
            case "unknown":
                assembler = new BoardAssembler(Setups.standard());
                break;
            case "second":
                tell(2, List.of());
                break;
            default:
                boolean initialises = step.startsWith("init ");
                initialising(initialises);
                String list = initialises ? step.substring("init ".length()) : step;
                List<String> faults = "-".equals(list) ? List.of() : Arrays.asList(list.split("\\+"));
                tell(1, faults);
                tell(2, faults);
                break;
        }
        return watcher.compare(assembler.snapshot(now, NOON.plusNanos(now)));
    }

    private List<String> compare() {
        return payloads(watcher.compare(assembler.snapshot(now, NOON.plusNanos(now))));
    }

    private static List<String> payloads(List<FaultEvent> events) {
        return events.stream().map(FaultEvent::payload).toList();
    }

    private void initialising(boolean running) {
        assembler.put(Catalogue.INITIALISATION, running ? 1 : 0, now);
    }

    /** Reports one of the two error words, with the faults in it. */
    private void tell(int word, List<String> active) {
        Point errors = word == 1 ? Catalogue.ERRORS_1 : Catalogue.ERRORS_2;
        RegisterLocation place = errors.register();
        long bits = 0;
        for (Point fault : Catalogue.FAULTS) {
            RegisterLocation location = fault.register();
            if (place != null && location != null && location.address() == place.address()) {
                boolean set = active.contains(fault.name());
                assembler.put(fault, set ? 1 : 0, now);
                bits |= set ? 1L << location.bit() : 0;
            }
        }
        String unknown = "unknown-error-" + word + "-";
        for (String id : active) {
            if (id.startsWith(unknown)) {
                bits |= 1L << Integer.parseInt(id.substring(unknown.length()));
            }
        }
        assembler.put(errors, bits, now);
    }
}
