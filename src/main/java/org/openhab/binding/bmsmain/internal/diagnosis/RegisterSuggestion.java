/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import java.util.List;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;

/**
 * A suggested place for an undocumented value, with its evidence.
 *
 * @param quantity the quantity
 * @param place the best place, for {@link Quantity#CELLS} that of the first cell; null when none fits
 * @param order order of the two registers; null for a single register, or without a place
 * @param count number of consecutive values from that place on: 1, or the number of cells of a BMS Logic board
 * @param value last value of the place, in the unit of the quantity
 * @param isSure whether it is certain enough to be proposed; otherwise it is only shown
 * @param points points that the evidence scores
 * @param evidence what supports the place
 * @param advice what is missing, empty when it is sure
 * @param line the line for the parameter {@code registers}; null without a place, or without a channel for the value
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record RegisterSuggestion(Quantity quantity, @Nullable RegisterLocation place, @Nullable WordOrder order,
        int count, double value, boolean isSure, int points, List<Evidence> evidence, List<Evidence> advice,
        @Nullable String line) {

    private static final List<Quantity> WANTED = List.of(Quantity.PACK_VOLTAGE, Quantity.MIN_CELL_VOLTAGE,
            Quantity.MAX_CELL_VOLTAGE, Quantity.POWER);

    /** The target of the line, the part before the equals sign: a channel, or those of the cells. */
    public String target() {
        String text = line;
        return text == null ? quantity.id() : text.substring(0, text.indexOf('=')).strip();
    }

    /**
     * Whether the search is complete: voltage, cells and power are sure. Temperatures never are, because nothing on the
     * board confirms them.
     */
    public static boolean areAllSure(List<RegisterSuggestion> found) {
        return WANTED.stream().allMatch(wanted -> found.stream().anyMatch(one -> one.quantity == wanted && one.isSure));
    }

    /** The quantities that are searched. */
    public enum Quantity {
        PACK_VOLTAGE("battery#voltage"),
        MIN_CELL_VOLTAGE("battery#min-cell-voltage"),
        /** Has no channel; it confirms other quantities. */
        AVERAGE_CELL_VOLTAGE(null),
        MAX_CELL_VOLTAGE("battery#max-cell-voltage"),
        MIN_CELL_TEMPERATURE("battery#min-cell-temperature"),
        MAX_CELL_TEMPERATURE("battery#max-cell-temperature"),
        POWER("battery#power"),
        /** The cell voltages in the window of the BMS Logic boards. */
        CELLS(null),
        /** A list of cell voltages outside the window. Has no channel; it confirms other quantities. */
        CELL_LIST(null),
        /** A value that only rises. Has no channel. */
        COUNTER(null);

        private final @Nullable String channel;

        Quantity(@Nullable String channel) {
            this.channel = channel;
        }

        /** The channel of the quantity, or null. */
        public @Nullable String channel() {
            return channel;
        }

        /** Identifier of the quantity: its channel, or a name where it has none. */
        public String id() {
            String shown = channel;
            return shown == null ? name().toLowerCase(Locale.ROOT).replace('_', '-') : shown;
        }
    }

    /**
     * One reason for or against a place.
     *
     * @param kind the kind
     * @param arguments numbers and places for its text
     */
    public record Evidence(Kind kind, List<String> arguments) {

        Evidence(Kind kind, Object... arguments) {
            this(kind, List.of(arguments).stream().map(Evidence::text).toList());
        }

        private static String text(Object argument) {
            if (argument instanceof Double number) {
                return String.format(Locale.ROOT, Math.abs(number) >= 100 ? "%.0f" : "%.3g", number);
            }
            return String.valueOf(argument);
        }

        /** Key of its text. */
        public String key() {
            return "suggest.reason." + kind.key();
        }
    }

    /** The kinds of reasons. */
    public enum Kind {
        WITHIN_LIMITS,
        FOLLOWS_CURRENT,
        WHOLE_NUMBER,
        SUM_OF_CELLS,
        POWER_AGREES,
        VOLTAGE_TIMES_CURRENT,
        IN_ORDER,
        NEIGHBOURS,
        EXTREME_OF_CELLS,
        SHARE_OF_VOLTAGE,
        MOVES_TOGETHER,
        ONLY_RISES,
        ALL_BOARDS,

        MORE_CURRENT,
        MORE_READINGS,
        RIVAL,
        UNCONFIRMED,
        NO_VOLTAGE,
        WORD_ORDER,
        OTHER_BOARDS,
        NOT_FOUND;

        /** Part of the keys of texts. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
