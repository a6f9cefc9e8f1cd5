/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;

/**
 * A possible place of a value.
 *
 * @param location place, type and scale, as in the parameter {@code registers}
 * @param order order of the words; little for a single register, where it is irrelevant
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record RegisterGuess(RegisterLocation location, WordOrder order) {

    private static final double[] SCALES = { 1, 0.1, 0.01, 0.001 };
    private static final long MASK = 0xFFFF_FFFFL;

    /** All places with a value within the tolerance, the most common types first. */
    static List<RegisterGuess> all(Table table, Map<Integer, Integer> registers, double value, double tolerance) {
        List<RegisterGuess> guesses = new ArrayList<>();
        for (int address : registers.keySet()) {
            for (WordOrder order : WordOrder.values()) {
                add(guesses, table, address, WireType.REAL32, 1, order);
                for (double scale : SCALES) {
                    add(guesses, table, address, WireType.U32, scale, order);
                    add(guesses, table, address, WireType.S32, scale, order);
                }
            }
            for (double scale : SCALES) {
                add(guesses, table, address, WireType.U16, scale, WordOrder.LITTLE);
                add(guesses, table, address, WireType.S16, scale, WordOrder.LITTLE);
            }
        }
        guesses.removeIf(guess -> !guess.reads(registers, value, tolerance));
        guesses.sort(Comparator.comparingInt(RegisterGuess::strangeness)
                .thenComparingDouble(guess -> Math.abs(guess.value(registers) - value)));
        return guesses;
    }

    private static void add(List<RegisterGuess> guesses, Table table, int address, WireType type, double scale,
            WordOrder order) {
        guesses.add(new RegisterGuess(RegisterLocation.of(table, address, type, Location.NO_BIT, scale), order));
    }

    /** Rank of the type: the board stores measured values as REAL32; a scaled 32-bit integer would be unusual. */
    private int strangeness() {
        return switch (location.type()) {
            case REAL32 -> 0;
            case U16, S16 -> 1;
            default -> 2;
        };
    }

    /** Whether the value of the place is within the tolerance. */
    boolean reads(Map<Integer, Integer> registers, double value, double tolerance) {
        return Math.abs(value(registers) - value) <= tolerance;
    }

    /** Value of the place; NaN when its registers were not read. */
    double value(Map<Integer, Integer> registers) {
        Integer first = registers.get(location.address());
        if (first == null) {
            return Double.NaN;
        }
        if (location.registers() == 1) {
            return location.scale() * (location.type() == WireType.S16 ? first.shortValue() : first);
        }
        Integer second = registers.get(location.address() + 1);
        if (second == null) {
            return Double.NaN;
        }
        int bits = order == WordOrder.LITTLE ? second << 16 | first : first << 16 | second;
        return switch (location.type()) {
            case REAL32 -> Float.intBitsToFloat(bits);
            case S32 -> location.scale() * bits;
            default -> location.scale() * (bits & MASK);
        };
    }

    /** The line for the parameter {@code registers}. */
    String line(String channel) {
        return channel + " = " + location;
    }

    /** Further parameter that the line requires; empty for none. */
    String condition() {
        return location.registers() == 1 ? "" : "wordOrder=" + order.id();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
