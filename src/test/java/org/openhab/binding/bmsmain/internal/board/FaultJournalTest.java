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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;

/**
 * Contents, text and restoring of the journal.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class FaultJournalTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final FaultJournal journal = new FaultJournal();

    private void add(int minute, boolean raised, String id) {
        journal.add(new FaultEvent(NOON.plusSeconds(60L * minute), raised, id));
    }

    @Test
    void tellsTheNewestFirst() {
        assertEquals("[]", journal.toJson(id -> id));
        add(0, true, "water");
        add(1, false, "water");
        assertEquals("[{\"time\":\"2026-11-22T12:01:00Z\",\"id\":\"water\",\"text\":\"Water!\",\"raised\":false,"
                + "\"count\":1},{\"time\":\"2026-11-22T12:00:00Z\",\"id\":\"water\",\"text\":\"Water!\","
                + "\"raised\":true,\"count\":1}]", journal.toJson(id -> "Water!"));
    }

    @Test
    void countsWhatHappensAgain() {
        add(0, true, "overcurrent");
        for (int i = 0; i < 100; i++) {
            add(i, true, "water");
            add(i, false, "water");
        }
        assertEquals("""
                2026-11-22T12:00:00Z RAISED:overcurrent 1
                2026-11-22T13:39:00Z RAISED:water 100
                2026-11-22T13:39:00Z CLEARED:water 100""", journal.toText());
    }

    @Test
    void keepsTwenty() {
        for (int i = 0; i < 25; i++) {
            add(i, true, "unknown-error-1-" + i);
        }
        assertEquals(20, journal.toText().lines().count());
        assertEquals("2026-11-22T12:05:00Z RAISED:unknown-error-1-5 1",
                journal.toText().lines().findFirst().orElse(""));
    }

    @Test
    void quotesText() {
        add(0, true, "water");
        String json = journal.toJson(id -> "a \"b\" \\ c\nd\u00e4");
        assertEquals("\"a \\\"b\\\" \\\\ c\\u000ad\u00e4\"",
                json.substring(json.indexOf("\"text\":") + 7, json.indexOf(",\"raised\"")));
    }

    @Test
    void comesBack() {
        add(0, true, "water");
        add(1, true, "water");
        add(2, false, "water");
        FaultJournal restored = new FaultJournal();
        assertEquals(0, restored.restore(journal.toText()));
        assertEquals(journal.toText(), restored.toText());
        assertEquals(0, restored.restore(""));
    }

    /** Lines of releases without a count, and damaged lines between valid ones. */
    @Test
    void takesOldLinesAndLeavesOutDamagedOnes() {
        assertEquals(3, journal.restore("""
                2026-11-22T12:00:00Z RAISED:water
                2026-11-22T12:01:00Z RAISED:water
                2026-13-22T12:02:00Z RAISED:water
                2026-11-22T12:03:00Z LOWERED:water 1
                2026-11-22T12:04:00Z RAISED:water 99999999999
                2026-11-22T12:05:00Z CLEARED:water 2"""));
        assertEquals("""
                2026-11-22T12:01:00Z RAISED:water 2
                2026-11-22T12:05:00Z CLEARED:water 2""", journal.toText());
    }
}
