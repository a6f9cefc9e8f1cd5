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
 * Where a value that the public map lacks seems to stand, and why.
 *
 * @param quantity which value
 * @param place the best place: of {@link Quantity#CELLS} that of the first cell; null when none fits
 * @param order order of the two registers; null where the place is one register, or there is none
 * @param count number of values in a row from that place on: 1, or the number of cells of a BMS Logic board
 * @param value what the place read last, in the unit of the quantity
 * @param isSure whether it is certain enough to be proposed. A place that is not is only shown
 * @param points how many points the evidence counts
 * @param evidence what speaks for the place
 * @param advice what is missing, empty when it is sure
 * @param line the line for the parameter {@code registers}; null when there is no place, or no channel for the value
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record RegisterSuggestion(Quantity quantity, @Nullable RegisterLocation place, @Nullable WordOrder order,
        int count, double value, boolean isSure, int points, List<Evidence> evidence, List<Evidence> advice,
        @Nullable String line) {

    private static final List<Quantity> WANTED = List.of(Quantity.PACK_VOLTAGE, Quantity.MIN_CELL_VOLTAGE,
            Quantity.MAX_CELL_VOLTAGE, Quantity.POWER);

    /** What the line is for, as {@link RegisterSuggestion#line} begins: a channel, or those of the cells. */
    public String target() {
        String text = line;
        return text == null ? quantity.id() : text.substring(0, text.indexOf('=')).strip();
    }

    /**
     * Whether nothing is left to search for: voltage, cells and power are sure. Temperatures never are, because nothing
     * on the board confirms them.
     */
    public static boolean areAllSure(List<RegisterSuggestion> found) {
        return WANTED.stream().allMatch(wanted -> found.stream().anyMatch(one -> one.quantity == wanted && one.isSure));
    }

    /** The values that are looked for. */
    public enum Quantity {
        PACK_VOLTAGE("battery#voltage"),
        MIN_CELL_VOLTAGE("battery#min-cell-voltage"),
        /** Has no channel; it confirms others. */
        AVERAGE_CELL_VOLTAGE(null),
        MAX_CELL_VOLTAGE("battery#max-cell-voltage"),
        MIN_CELL_TEMPERATURE("battery#min-cell-temperature"),
        MAX_CELL_TEMPERATURE("battery#max-cell-temperature"),
        POWER("battery#power"),
        /** The cell voltages in the window of the BMS Logic boards. */
        CELLS(null),
        /** A list of cell voltages outside the window. Has no channel; it confirms others. */
        CELL_LIST(null),
        /** Something that only rises. Has no channel. */
        COUNTER(null);

        private final @Nullable String channel;

        Quantity(@Nullable String channel) {
            this.channel = channel;
        }

        /** The channel that shows it, or null. */
        public @Nullable String channel() {
            return channel;
        }

        /** A word for it: its channel, or what it is where it has none. */
        public String id() {
            String shown = channel;
            return shown == null ? name().toLowerCase(Locale.ROOT).replace('_', '-') : shown;
        }
    }

    /**
     * One reason.
     *
     * @param kind which
     * @param arguments figures and places for its text
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

        /** The key of its text. */
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

        /** The word for it in the keys of texts. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
