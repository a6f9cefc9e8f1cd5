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

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.THING_TYPE_TCP;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.handler.StatePublisher.Resolution;
import org.openhab.core.library.types.DateTimeType;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;

/**
 * From snapshots to channel states: only changes, and no unknown values.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class StatePublisherTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final BoardAssembler assembler = new BoardAssembler(Setups.standard());
    private final Map<String, State> states = new TreeMap<>();
    private final List<String> sent = new ArrayList<>();
    private StatePublisher publisher = publisher(Resolution.DISPLAY);
    private Instant now = NOON;
    private long nanos;

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            battery#state-of-charge            | 45      | 45 %
            battery#current                    | -12.5   | -12.5 A
            battery#current                    | 0       | 0 A
            battery#voltage                    | 400     | 400 V
            battery#nominal-capacity           | 280.5   | 280.5 Ah
            battery#state-duration             | 86400   | 86400 s
            battery#state                      | 6       | relaxed-after-discharging
            battery#state                      | 3       | state-3
            battery#state                      | 77      | state-77
            battery#charging                   | 1       | ON
            sensors#external-temperature       | 21.5    | 21.5 °C
            sensors#humidity                   | 40      | 40 %
            internal-signals#heater            | 0       | OFF
            input-signals#fuse-1               | 1       | ON
            outputs#out-1                      | 1       | ON
            faults#errors-1                    | 4294967295 | 4294967295
            logic#board-count                  | 2       | 2
            link#requests                      | 1000000 | 1000000
            link#response-time                 | 12.35   | 12.35 ms
            link#bus-load                      | 2.5     | 2.5 %
            """)
    void showsValuesWithTheirUnits(String id, double value, String state) {
        put(id, value);
        publish(true);
        assertEquals(state, String.valueOf(states.get(id)));
    }

    @Test
    void showsContactsAsOpenAndClosed() {
        BoardAssembler installed = new BoardAssembler(Setups.functions(Setups.noFunctions(),
                List.of(Catalogue.FUSE_1, Catalogue.FUSE_2, Catalogue.FUSE_3, Catalogue.INTERLOCK)));
        installed.put(Catalogue.FUSE_1, 1, 0);
        installed.put(Catalogue.FUSE_2, 0, 0);
        publisher.publish(installed.snapshot(0, now), true);
        assertEquals("CLOSED", String.valueOf(states.get("inputs#in-1")));
        assertEquals("OPEN", String.valueOf(states.get("inputs#in-2")));
        assertEquals(UnDefType.UNDEF, states.get("inputs#in-3"));
    }

    @Test
    void showsTheTimeOfTheLastReading() {
        put("link#last-update", NOON.toEpochMilli());
        publish(true);
        assertEquals(new DateTimeType(NOON), states.get("link#last-update"));
    }

    /** Every channel gets a state immediately, except the time of the last reading: its restored state remains true. */
    @Test
    void whatIsUnknownIsUndefined() {
        publish(false);
        publish(true);
        long journal = Catalogue.channels().stream().filter(point -> point.origin() == Point.Origin.JOURNAL).count();
        assertEquals(Catalogue.channels().size() - journal - 1, states.size());
        assertFalse(states.containsKey("link#last-update"));
        assertTrue(states.values().stream().allMatch(state -> state == UnDefType.UNDEF));
    }

    @Test
    void sendsOnlyWhatChanged() {
        put("battery#current", 10);
        put("battery#voltage", 50);
        publish(true);
        assertEquals(List.of(), changes(), "the same again");
        put("battery#current", 10.5);
        assertEquals(List.of("battery#current", "battery#power"), changes());
        assertEquals("525 W", String.valueOf(states.get("battery#power")));
        assembler.forget(Catalogue.VOLTAGE);
        assertEquals(List.of("battery#voltage", "battery#power"), changes());
        assertEquals(UnDefType.UNDEF, states.get("battery#voltage"));
        assertEquals(List.of(), changes());
    }

    @Test
    void saysWhichFaultsAreActive() {
        put("faults#errors-1", 0);
        put("faults#errors-2", 0);
        Catalogue.FAULTS.forEach(fault -> assembler.put(fault, 0, nanos));
        publish(true);
        assertEquals("OK", String.valueOf(states.get("faults#alarm")));
        put("faults#errors-1", 0x200);
        put("faults#bms-logic-offline", 1);
        publish(true);
        assertEquals("bms-logic-offline", String.valueOf(states.get("faults#alarm")));
        put("faults#errors-1", 0x201);
        put("faults#overcurrent", 1);
        assertTrue(changes().contains("faults#alarm"), "the number of alarms is one as before, the words are not");
        assertEquals("overcurrent, bms-logic-offline", String.valueOf(states.get("faults#alarm")));
    }

    /** The link statistics change with every request; they cause events only in the slow interval. */
    @Test
    void sendsTheNumbersOfTheLinkInTheSlowInterval() {
        put("link#requests", 1);
        publish(true);
        for (int second = 1; second < 30; second++) {
            now = now.plusSeconds(1);
            put("link#requests", 1 + second);
            assertEquals(List.of(), changes(), "second " + second);
        }
        now = now.plusSeconds(1);
        put("link#requests", 31);
        assertEquals(List.of("link#requests"), changes());
    }

    /** Rules use it as a sign of life, so it does not depend on the slow interval. */
    @Test
    void theTimeOfTheLastReadingMovesEachFiveSeconds() {
        List<Integer> moved = new ArrayList<>();
        publish(true);
        for (int second = 1; second <= 40; second++) {
            now = now.plusSeconds(1);
            put("link#last-update", now.toEpochMilli());
            put("link#requests", second);
            if (changes().contains("link#last-update")) {
                moved.add(second);
            }
        }
        assertEquals(List.of(5, 10, 15, 20, 25, 30, 35, 40), moved);
    }

    /** Before the first event the state is undefined, which differs from an Item that was never updated. */
    @Test
    void aJournalWithoutEventsHasNoNewest() {
        publisher.publishJournal(null, "[]");
        assertEquals(UnDefType.UNDEF, states.get("faults#last-event"));
        assertEquals(UnDefType.UNDEF, states.get("faults#last-event-time"));
        states.clear();
        publisher.refresh("faults#last-event");
        assertEquals(UnDefType.UNDEF, states.get("faults#last-event"));
    }

    @Test
    void sendsTheNumbersOfTheLinkWhenTheBoardComesOrGoes() {
        put("link#requests", 1);
        publish(true);
        put("link#requests", 2);
        sent.clear();
        publish(false);
        assertEquals(List.of("link#requests"), sent);
        put("link#requests", 3);
        sent.clear();
        publish(true);
        assertEquals(List.of("link#requests"), sent);
    }

    @Test
    void aWallClockThatIsSetBackDoesNotHoldTheNumbersOfTheLink() {
        put("link#requests", 1);
        publish(true);
        now = now.minusSeconds(86_400);
        put("link#requests", 2);
        assertEquals(List.of("link#requests"), changes());
        put("link#requests", 3);
        assertEquals(List.of(), changes());
        now = now.plusSeconds(30);
        assertEquals(List.of("link#requests"), changes());
    }

    @Test
    void sendsAStateAgainWhenAsked() {
        put("battery#current", 10);
        publish(true);
        sent.clear();
        publisher.refresh("battery#current");
        publisher.refresh("battery#nonsense");
        assertEquals(List.of("battery#current"), sent);
        assertEquals("10 A", String.valueOf(states.get("battery#current")));
        publisher.refresh("battery#voltage");
        assertEquals(UnDefType.UNDEF, states.get("battery#voltage"));
    }

    @Test
    void takesTheValuesOfTheBoardAwayAtTheEnd() {
        put("battery#current", 10);
        put("link#requests", 1);
        put("link#response-time", 12);
        publish(true);
        publisher.withdraw();
        assertEquals(UnDefType.UNDEF, states.get("link#response-time"));
        assertEquals(UnDefType.UNDEF, states.get("battery#current"));
        assertEquals("1", String.valueOf(states.get("link#requests")));
        states.clear();
        publisher.refresh("battery#current");
        assertEquals(Map.of("battery#current", UnDefType.UNDEF), states);
    }

    /** An Item that requests its state before the first report may show a restored one. */
    @Test
    void beforeTheFirstReportNothingIsKnownButWhatLasts() {
        Catalogue.channels().forEach(point -> publisher.refresh(point.id()));
        assertTrue(states.values().stream().allMatch(state -> state == UnDefType.UNDEF));
        for (String id : List.of("link#last-update", "faults#last-event", "faults#last-event-time", "faults#journal",
                "energy#charged-energy", "energy#discharged-energy", "energy#charge-in", "energy#charge-out")) {
            assertFalse(states.containsKey(id), id);
        }
        long history = Catalogue.channels().stream().filter(point -> "history".equals(point.group())).count();
        assertEquals(Catalogue.channels().size() - 8 - history, states.size());
    }

    /** An Item shows a command until another state is sent. */
    @Test
    void aCommandIsAnsweredWithWhatIsKnownOrThatNothingIs() {
        publisher.deny("battery#current");
        publisher.deny("link#last-update");
        publisher.deny("faults#last-event");
        publisher.deny("faults#event");
        assertEquals(Map.of("battery#current", UnDefType.UNDEF, "link#last-update", UnDefType.UNDEF,
                "faults#last-event", UnDefType.UNDEF), states);
        put("battery#current", 10);
        publish(true);
        publisher.publishJournal(new FaultEvent(NOON, true, "overcurrent"), "[]");
        states.clear();
        publisher.deny("battery#current");
        publisher.deny("faults#last-event");
        assertEquals("10 A", String.valueOf(states.get("battery#current")));
        assertEquals("RAISED:overcurrent", String.valueOf(states.get("faults#last-event")));
    }

    /** A state that openHAB did not accept is sent again: it may be the last one for weeks. */
    @Test
    void whatWasNotTakenIsSentAgain() {
        put("battery#current", 10);
        put("input-signals#fuse-1", 1);
        publish(true);
        assertEquals(List.of(), changes());
        publisher.repeat("battery#current");
        publisher.repeat("input-signals#fuse-1");
        assertEquals(List.of("battery#current", "input-signals#fuse-1"), changes().stream().sorted().toList());
        assertEquals(List.of(), changes());
    }

    @Test
    void aPublisherThatNeverSentAnythingHasNothingToTakeAway() {
        publisher.withdraw();
        assertEquals(List.of(), sent);
    }

    @Test
    void showsTheNewestEventAndKeepsItOverALoss() {
        FaultEvent event = new FaultEvent(NOON, true, "overcurrent");
        publisher.publishJournal(event, "[]");
        assertEquals("RAISED:overcurrent", String.valueOf(states.get("faults#last-event")));
        assertEquals(new DateTimeType(NOON), states.get("faults#last-event-time"));
        publish(true);
        publisher.withdraw();
        assertEquals("RAISED:overcurrent", String.valueOf(states.get("faults#last-event")));
        sent.clear();
        publisher.refresh("faults#last-event");
        assertTrue(sent.contains("faults#last-event"));
    }

    /** The state sent is the exact reading; the next reading is compared with the last state sent. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            battery#state-of-charge      | 38.245193 38.250374 38.29 38.3 38.34 38.4      | 38.245193 38.3 38.4
            battery#state-of-charge      | 45.4 45.35 45.4                                | 45.4 45.35 45.4
            battery#state-of-charge      | 99.9 99.93 99.96 100 99.98 99.94               | 99.9 99.96 100 99.94
            battery#state-of-charge      | 0.08 0.05 0 0.04 0.05                          | 0.08 0 0.05
            battery#current              | 0.09 0.05 0 -0.04 0 -0.05                      | 0.09 0 -0.05
            battery#current              | -12.5 -12.54 -12.58 -12.62 -12.66              | -12.5 -12.58 -12.66
            battery#voltage              | 50.04 50.08 50.1                               | 50.04 50.1
            battery#min-cell-voltage     | 3.301 3.3014 3.3016 3.302                      | 3.301 3.3016
            sensors#external-temperature | 21.5 21.52 21.48 21.551                        | 21.5 21.551
            sensors#current-sensor-voltage | 2.5 2.50004 2.50005                          | 2.5 2.50005
            battery#nominal-capacity     | 280.5 280.51 280.55                            | 280.5 280.55
            """)
    void sendsWhatCanBeSeen(String id, String read, String shown) {
        assertEquals(List.of(shown.split(" ")), sentOf(id, read));
    }

    @Test
    void sendsEverythingToThoseWhoWantIt() {
        publisher = publisher(Resolution.FULL);
        assertEquals(List.of("38.245193", "38.250374", "38.250375"),
                sentOf("battery#state-of-charge", "38.245193 38.250374 38.250375"));
    }

    private List<String> sentOf(String id, String read) {
        List<String> numbers = new ArrayList<>();
        for (String value : read.split(" ")) {
            nanos += 1_000_000_000L;
            put(id, Double.parseDouble(value));
            if (changes().contains(id)) {
                numbers.add(String.valueOf(states.get(id)).split(" ")[0]);
            }
        }
        return numbers;
    }

    /** An Item that requests its state gets the present reading, which becomes the reference. */
    @Test
    void comparesWithWhatAnItemWasToldLast() {
        put("battery#current", 10);
        publish(true);
        put("battery#current", 10.04);
        assertEquals(List.of(), changes());
        publisher.refresh("battery#current");
        assertEquals("10.04 A", String.valueOf(states.get("battery#current")));
        put("battery#current", 10.08);
        assertEquals(List.of(), changes());
        put("battery#current", 10.09);
        assertEquals(List.of("battery#current"), changes());
    }

    /** Power is computed from exact readings, not from the states sent. */
    @Test
    void computesWithWhatWasRead() {
        put("battery#current", 10);
        put("battery#voltage", 400);
        publish(true);
        put("battery#current", 10.04);
        assertEquals(List.of("battery#power"), changes());
        assertEquals("4016 W", String.valueOf(states.get("battery#power")));
    }

    private StatePublisher publisher(Resolution resolution) {
        return new StatePublisher((channelId, state) -> {
            states.put(channelId, state);
            sent.add(channelId);
        }, snapshot -> ActiveFault.alarm(snapshot, ActiveFault::id, "OK"), noChannels(), List.of(),
                Duration.ofSeconds(30), resolution);
    }

    private void put(String id, double value) {
        @Nullable
        Point point = Catalogue.byId(id);
        if (point == null) {
            throw new AssertionError("no point " + id);
        }
        assembler.put(point, value, nanos);
    }

    private void publish(boolean online) {
        publisher.publish(assembler.snapshot(nanos, now), online);
    }

    private List<String> changes() {
        sent.clear();
        publish(true);
        return List.copyOf(sent);
    }

    private static RegisterChannels noChannels() {
        try {
            return RegisterChannels.of(Stubs.thing(THING_TYPE_TCP, Map.of()));
        } catch (ConfigurationException e) {
            throw new AssertionError(e);
        }
    }
}
