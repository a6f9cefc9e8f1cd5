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

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Detects which faults were raised and cleared between two snapshots. Each change is reported once.
 * <p>
 * Faults present at connect are not reported as changes; the same applies after a lost link. Nothing is compared while
 * the board initialises, because it has not checked for faults yet; afterwards the faults are compared with those
 * before. A fault that was unknown for a while, without loss of the link, is compared with its last known state.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class FaultWatcher {

    private static final int WORD_BITS = 32;
    private static final long WORD_MASK = 0xFFFF_FFFFL;

    private Faults base = Faults.UNKNOWN;
    /** Whether the initialisation flag was known since the link came up. */
    private boolean initialisationTold;

    /**
     * The faults at one moment.
     *
     * @param named bit n is set when entry n of {@link Catalogue#FAULTS} is active
     * @param namedKnown the valid bits of {@code named}
     * @param unnamed set bits without a name, errors 1 in the lower half
     * @param unnamedKnown the valid bits of {@code unnamed}
     */
    private record Faults(long named, long namedKnown, long unnamed, long unnamedKnown) {

        static final Faults UNKNOWN = new Faults(0, 0, 0, 0);

        /** Returns these faults; unknown ones are taken from the older faults. */
        Faults orElse(Faults older) {
            return new Faults(named | older.named & ~namedKnown, namedKnown | older.namedKnown,
                    unnamed | older.unnamed & ~unnamedKnown, unnamedKnown | older.unnamedKnown);
        }
    }

    /** Clears the faults, because the link was lost. */
    public void lost() {
        base = Faults.UNKNOWN;
        initialisationTold = false;
    }

    /**
     * Compares a snapshot with the previous one.
     *
     * @return the changes, raised faults first; usually empty
     */
    public List<FaultEvent> compare(BoardSnapshot snapshot) {
        boolean told = snapshot.isKnown(Catalogue.INITIALISATION);
        if (snapshot.isSet(Catalogue.INITIALISATION) || initialisationTold && !told) {
            // The board is or may be initialising: after a restart its faults can arrive before that flag.
            return List.of();
        }
        initialisationTold = told;
        Faults now = faults(snapshot);
        Faults before = base;
        base = now.orElse(before);
        long namedBoth = now.namedKnown & before.namedKnown;
        long unnamedBoth = now.unnamedKnown & before.unnamedKnown;
        if (((now.named ^ before.named) & namedBoth) == 0 && ((now.unnamed ^ before.unnamed) & unnamedBoth) == 0) {
            return List.of();
        }
        List<FaultEvent> events = new ArrayList<>();
        add(events, snapshot, true, now.named & ~before.named & namedBoth, now.unnamed & ~before.unnamed & unnamedBoth);
        add(events, snapshot, false, before.named & ~now.named & namedBoth,
                before.unnamed & ~now.unnamed & unnamedBoth);
        return events;
    }

    private static Faults faults(BoardSnapshot snapshot) {
        long named = 0;
        long namedKnown = 0;
        for (int i = 0; i < Catalogue.FAULTS.size(); i++) {
            double value = snapshot.number(Catalogue.FAULTS.get(i));
            named |= value == 1 ? 1L << i : 0;
            namedKnown |= Double.isNaN(value) ? 0 : 1L << i;
        }
        double errors1 = snapshot.number(Catalogue.ERRORS_1);
        double errors2 = snapshot.number(Catalogue.ERRORS_2);
        return new Faults(named, namedKnown,
                ActiveFault.unnamedBits1(errors1) | ActiveFault.unnamedBits2(errors2) << WORD_BITS,
                (Double.isNaN(errors1) ? 0 : WORD_MASK) | (Double.isNaN(errors2) ? 0 : WORD_MASK << WORD_BITS));
    }

    private static void add(List<FaultEvent> events, BoardSnapshot snapshot, boolean raised, long namedBits,
            long unnamedBits) {
        for (int i = 0; i < Catalogue.FAULTS.size(); i++) {
            if ((namedBits >>> i & 1) != 0) {
                events.add(new FaultEvent(snapshot.time(), raised, Catalogue.FAULTS.get(i).name()));
            }
        }
        for (int i = 0; i < Long.SIZE; i++) {
            if ((unnamedBits >>> i & 1) != 0) {
                String id = new ActiveFault(null, 1 + i / WORD_BITS, i % WORD_BITS).id();
                events.add(new FaultEvent(snapshot.time(), raised, id));
            }
        }
    }
}
