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
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A fault that a board reports: a fault with a name, or a set bit without one.
 *
 * @param point its line in the catalogue, or null for a bit without a public meaning
 * @param word 1 or 2: errors 1 or errors 2
 * @param bit bit in that word, 0..31
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record ActiveFault(@Nullable Point point, int word, int bit) {

    private static final Comparator<ActiveFault> ORDER = Comparator
            .comparing((ActiveFault fault) -> !fault.isCritical()).thenComparingInt(ActiveFault::word)
            .thenComparingInt(ActiveFault::bit);

    private static final long NAMED_1 = namedBits(Catalogue.ERRORS_1);
    private static final long NAMED_2 = namedBits(Catalogue.ERRORS_2);

    /** The fault's id, such as {@code bms-logic-offline} or {@code unknown-error-1-18}. */
    public String id() {
        Point named = point;
        return named != null ? named.name() : "unknown-error-" + word + "-" + bit;
    }

    /** Whether the vendor's table calls the fault critical. */
    public boolean isCritical() {
        Point named = point;
        return named != null && named.isCritical();
    }

    /** The active faults, critical ones first, then by word and bit. Set bits without a public meaning are included. */
    public static List<ActiveFault> of(BoardSnapshot snapshot) {
        List<ActiveFault> faults = new ArrayList<>();
        for (Point point : Catalogue.FAULTS) {
            RegisterLocation place = point.register();
            if (place != null && snapshot.isSet(point)) {
                faults.add(new ActiveFault(point, wordOf(place), place.bit()));
            }
        }
        addUnnamed(faults, unnamedBits1(snapshot.number(Catalogue.ERRORS_1)), 1);
        addUnnamed(faults, unnamedBits2(snapshot.number(Catalogue.ERRORS_2)), 2);
        faults.sort(ORDER);
        return faults;
    }

    /**
     * The text of the alarm.
     *
     * @param label gives the text of a fault
     * @param none text for a board without faults
     * @return null when it is unknown whether there is a fault
     */
    public static @Nullable String alarm(BoardSnapshot snapshot, Function<ActiveFault, String> label, String none) {
        if (!snapshot.isKnown(Catalogue.ALARM)) {
            return null;
        }
        List<ActiveFault> faults = of(snapshot);
        return faults.isEmpty() ? none : faults.stream().map(label).collect(Collectors.joining(", "));
    }

    /** The set bits of an errors 1 word that have no name; none for an unknown word. */
    static long unnamedBits1(double errors1) {
        return Double.isNaN(errors1) ? 0 : (long) errors1 & ~NAMED_1;
    }

    /** The set bits of an errors 2 word that have no name; none for an unknown word. */
    static long unnamedBits2(double errors2) {
        return Double.isNaN(errors2) ? 0 : (long) errors2 & ~NAMED_2;
    }

    private static void addUnnamed(List<ActiveFault> faults, long unnamed, int word) {
        for (int bit = 0; bit < 32; bit++) {
            if ((unnamed >> bit & 1) != 0) {
                faults.add(new ActiveFault(null, word, bit));
            }
        }
    }

    private static long namedBits(Point word) {
        long bits = 0;
        RegisterLocation place = word.register();
        for (Point point : Catalogue.FAULTS) {
            RegisterLocation location = point.register();
            if (location != null && place != null && location.address() == place.address()) {
                bits |= 1L << location.bit();
            }
        }
        return bits;
    }

    private static int wordOf(RegisterLocation place) {
        RegisterLocation first = Catalogue.ERRORS_1.register();
        return first != null && first.address() == place.address() ? 1 : 2;
    }
}
