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

import static org.junit.jupiter.api.Assertions.*;

import java.time.Instant;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;

/**
 * A snapshot: immutable values with their times.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BoardSnapshotTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final long SECOND = 1_000_000_000L;

    private final BoardAssembler assembler = new BoardAssembler(Setups.standard());

    @Test
    void saysWhenEachValueWasRead() {
        assembler.put(Catalogue.CURRENT, 10, 1 * SECOND);
        assembler.put(Catalogue.VOLTAGE, 50, 3 * SECOND);
        BoardSnapshot snapshot = assembler.snapshot(5 * SECOND, NOON);
        assertEquals(NOON, snapshot.time());
        assertEquals(NOON.minusSeconds(4), snapshot.time(Catalogue.CURRENT));
        assertEquals(NOON.minusSeconds(2), snapshot.time(Catalogue.VOLTAGE));
        assertEquals(NOON.minusSeconds(4), snapshot.time(Catalogue.POWER), "as old as its oldest source");
        assertNull(snapshot.time(Catalogue.STATE_OF_CHARGE));
    }

    @Test
    void doesNotChangeAnyMore() {
        assembler.put(Catalogue.CURRENT, 10, 0);
        BoardSnapshot snapshot = assembler.snapshot(0, NOON);
        assembler.put(Catalogue.CURRENT, 11, 0);
        assembler.forgetBoard();
        assertEquals(10, snapshot.number(Catalogue.CURRENT));
    }

    /** Unchanged values are shared with the previous snapshot, which must not change through them. */
    @Test
    void doesNotChangeWithLaterOnes() {
        for (Point point : Catalogue.all()) {
            if (point.origin() == Point.Origin.WIRE && point.kind() != Kind.TEXT) {
                assembler.put(point, 0, 0);
            }
        }
        assembler.putText(Catalogue.FIRMWARE_VERSION, "2.7.1", 0);
        BoardSnapshot first = assembler.snapshot(0, NOON);
        BoardSnapshot second = assembler.snapshot(2 * SECOND, NOON.plusSeconds(2));
        assembler.put(Catalogue.CURRENT, 11, 3 * SECOND);
        assembler.putText(Catalogue.FIRMWARE_VERSION, "2.8.1", 3 * SECOND);
        BoardSnapshot third = assembler.snapshot(4 * SECOND, NOON.plusSeconds(4));
        assembler.forgetBoard();
        BoardSnapshot fourth = assembler.snapshot(4 * SECOND, NOON.plusSeconds(4));
        for (BoardSnapshot snapshot : List.of(first, second)) {
            assertEquals(0, snapshot.number(Catalogue.CURRENT));
            assertEquals("2.7.1", snapshot.text(Catalogue.FIRMWARE_VERSION));
            assertEquals(NOON, snapshot.time(Catalogue.CURRENT));
        }
        assertEquals(11, third.number(Catalogue.CURRENT));
        assertEquals(0, third.number(Catalogue.VOLTAGE));
        assertEquals("2.8.1", third.text(Catalogue.FIRMWARE_VERSION));
        assertEquals(NOON.plusSeconds(3), third.time(Catalogue.CURRENT));
        assertEquals(NOON, third.time(Catalogue.VOLTAGE));
        for (Point point : Catalogue.all()) {
            assertFalse(fourth.isKnown(point), point.id());
        }
    }

    @Test
    void showsABitAsFlagAndNumber() {
        assembler.put(Catalogue.HEATER, 1, 0);
        assembler.put(Catalogue.COOLER, 0, 0);
        BoardSnapshot snapshot = assembler.snapshot(0, NOON);
        assertEquals(Boolean.TRUE, snapshot.flag(Catalogue.HEATER));
        assertEquals(Boolean.FALSE, snapshot.flag(Catalogue.COOLER));
        assertNull(snapshot.flag(Catalogue.EXTERNAL_1));
        assertTrue(snapshot.isSet(Catalogue.HEATER));
        assertFalse(snapshot.isSet(Catalogue.COOLER));
    }

    @Test
    void showsAChoiceAsWordAndNumber() {
        assembler.put(Catalogue.STATE, 6, 0);
        BoardSnapshot snapshot = assembler.snapshot(0, NOON);
        assertEquals("relaxed-after-discharging", snapshot.text(Catalogue.STATE));
        assertEquals(6, snapshot.number(Catalogue.STATE));
        assertNull(snapshot.text(Catalogue.DS1));
    }
}
