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
 * How a Modbus TCP gateway departs from the standard header, learnt from answers that fit otherwise.
 * <p>
 * A departure that is seen once may be a corrupted answer: the connection is reopened. Seen again before a long run of
 * plain answers, it is a property of the gateway and is accepted from then on. A wrong transaction id must be seen
 * twice without a right one in between. Used by the bus thread.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class HeaderProfile {

    /** Departures of a header from the standard. */
    public enum Departure {
        /** Answers carry the unit id 0, 1 or 255 instead of the requested one. */
        UNIT_ID,
        /** Bytes that belong to no frame arrive at connect, or between or after answers. */
        EXTRA_BYTES,
        /** The length field does not match the length of the frame. */
        LENGTH_FIELD,
        /** The protocol id is not 0. */
        PROTOCOL_ID,
        /** Answers do not carry the transaction id of their request. */
        TRANSACTION_ID;

        /** The key in texts, such as {@code unit-id}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final int PROOF = 2;
    /** Number of consecutive plain answers after which earlier departures no longer count. */
    private static final int LONG_RUN = 100;

    /** The accepted departures in words; empty as long as none is known. */
    private String text = "";

    private final int[] seen = new int[Departure.values().length];
    private final Set<Departure> accepted = EnumSet.noneOf(Departure.class);
    private final BitSet askedUnits = new BitSet();
    private int plainAnswers;

    /** The departures in technical words, such as {@code unit-id length-field}; empty when none is known. */
    public String text() {
        return text;
    }

    /** Whether transaction ids do not show which request an answer belongs to. */
    boolean ignoresTransactionIds() {
        return accepted.contains(Departure.TRANSACTION_ID);
    }

    /** Records that a unit is polled. Such a unit never stands in for another. */
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

    /** Records the departures of an answer, or of bytes in its place. */
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

    /** Records an answer with the transaction id of its request. */
    void matched() {
        seen[Departure.TRANSACTION_ID.ordinal()] = 0;
    }

    /** Records an answer that conforms to the standard. */
    void plain() {
        matched();
        plainAnswers++;
        if (plainAnswers == LONG_RUN) {
            Arrays.fill(seen, 0);
        }
    }
}
