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

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;

/**
 * The journal of fault events in openHAB's storage.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class FaultJournalTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456Z");
    private static final String KEY = "bmsmain:tcp:home";

    private final WordStorage storage = new WordStorage();

    private static FaultEvent event(int second) {
        return new FaultEvent(NOON.plusSeconds(second), second % 2 == 0, "water");
    }

    private static List<FaultEvent> events(int from, int to) {
        List<FaultEvent> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            events.add(event(i));
        }
        return events;
    }

    @Test
    void beginsEmpty() {
        FaultJournal journal = new FaultJournal(storage, KEY);
        assertEquals(List.of(), journal.events());
        assertNull(journal.last());
    }

    @Test
    void isKeptOverARestart() {
        new FaultJournal(storage, KEY).add(events(0, 3));
        FaultJournal journal = new FaultJournal(storage, KEY);
        assertEquals(events(0, 3), journal.events());
        assertEquals(event(2), journal.last());
        assertEquals(List.of(), new FaultJournal(storage, "bmsmain:tcp:other").events());
    }

    @Test
    void keepsTheLast200() {
        FaultJournal journal = new FaultJournal(storage, KEY);
        journal.add(events(0, 150));
        journal.add(events(150, 200));
        assertEquals(events(0, 200), journal.events());
        journal.add(events(200, 201));
        assertEquals(events(1, 201), journal.events());
        journal.add(events(201, 700));
        assertEquals(events(500, 700), journal.events());
        assertEquals(events(500, 700), new FaultJournal(storage, KEY).events());
    }

    @Test
    void aLongerJournalOnDiskIsCut() {
        StringBuilder stored = new StringBuilder();
        events(0, 203).forEach(event -> stored.append(event.time()).append(' ').append(event.payload()).append('\n'));
        storage.put(KEY, stored.toString());
        assertEquals(events(3, 203), new FaultJournal(storage, KEY).events());
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "nonsense", "2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z RAISED",
            "yesterday RAISED:water", " RAISED:water", "RAISED:water", "2026-11-22T12:00:00Z  ",
            "2026-11-22T12:00:00Z WHATEVER:water", "2026-11-22T12:00:00Z RAISED:" })
    void aDamagedLineIsPassedOver(String damaged) {
        storage.put(KEY, "2026-11-22T12:00:00Z RAISED:water\n" + damaged + "\n2026-11-22T12:00:01Z CLEARED:water");
        assertEquals(List.of("RAISED:water", "CLEARED:water"),
                new FaultJournal(storage, KEY).events().stream().map(FaultEvent::payload).toList());
    }

    @Test
    void goesWithItsThing() {
        FaultJournal journal = new FaultJournal(storage, KEY);
        journal.add(events(0, 3));
        journal.remove();
        assertEquals(List.of(), journal.events());
        assertNull(journal.last());
        assertFalse(storage.containsKey(KEY));
    }

    /** The board continues to report between the removal of a Thing and its disposal. */
    @Test
    void aRemovedJournalTakesNothing() {
        FaultJournal journal = new FaultJournal(storage, KEY);
        journal.add(events(0, 3));
        journal.remove();
        journal.add(events(3, 4));
        assertEquals(List.of(), journal.events());
        assertEquals(List.of(), new FaultJournal(storage, KEY).events());
    }
}
