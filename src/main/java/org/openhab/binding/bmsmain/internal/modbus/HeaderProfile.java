/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * How a Modbus TCP gateway departs from the header of the standard, learnt from answers that fit in all else.
 * <p>
 * A departure that is seen once may be a spoilt answer: the connection is made anew. Seen again with no plain answer
 * between, it is a habit of the gateway, and is accepted from then on. Used by the thread of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class HeaderProfile {

    /** Where a header departs from the standard. */
    public enum Departure {
        /** Answers carry the unit id 0, 1 or 255 in place of that of the request. */
        UNIT_ID,
        /** Bytes that belong to no frame come at connect, between answers or behind them. */
        EXTRA_BYTES,
        /** The length field does not tell the length of the frame. */
        LENGTH_FIELD,
        /** The protocol id is not 0. */
        PROTOCOL_ID,
        /** Answers do not carry the transaction id of their request. */
        TRANSACTION_ID;

        /** The word in the keys of texts, such as {@code unit-id}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final int PROOF = 2;
    /** So many plain answers in a row make earlier departures bad luck. */
    private static final int LONG_RUN = 100;

    /** The departures in words; empty as long as none is known. */
    private String text = "";

    private final int[] seen = new int[Departure.values().length];
    private final Set<Departure> accepted = EnumSet.noneOf(Departure.class);
    private final BitSet askedUnits = new BitSet();
    private int plainAnswers;

    /** The departures in technical words, such as {@code unit-id length-field}; empty when none is known. */
    public String text() {
        return text;
    }

    /** Whether transaction ids tell nothing about which request an answer belongs to. */
    boolean ignoresTransactionIds() {
        return accepted.contains(Departure.TRANSACTION_ID);
    }

    /** A unit is asked. One that is never stands in for another. */
    void asks(int unit) {
        askedUnits.set(unit);
    }

    boolean asksOf(int unit) {
        return askedUnits.get(unit);
    }

    boolean acceptsAll(Set<Departure> departures) {
        return accepted.containsAll(departures);
    }

    boolean accepts(Departure departure) {
        return accepted.contains(departure);
    }

    /** An answer, or what came in its place, departed from the standard in these ways. */
    void departed(Set<Departure> departures) {
        plainAnswers = 0;
        for (Departure each : departures) {
            seen[each.ordinal()]++;
            if (seen[each.ordinal()] >= PROOF) {
                accepted.add(each);
                text = accepted.stream().map(Departure::key).collect(Collectors.joining(" "));
            }
        }
    }

    /** An answer carried the transaction id of its request. */
    void matched() {
        seen[Departure.TRANSACTION_ID.ordinal()] = 0;
    }

    /** An answer was as the standard has it. */
    void plain() {
        matched();
        plainAnswers++;
        if (plainAnswers == LONG_RUN) {
            Arrays.fill(seen, 0);
        }
    }
}
