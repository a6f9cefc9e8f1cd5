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

        /** The reason in English. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, kind.text, arguments.toArray());
        }
    }

    /** The kinds of reasons. */
    public enum Kind {
        WITHIN_LIMITS("is within the voltage limits of the board, %s to %s V"),
        FOLLOWS_CURRENT("follows the current like %s mOhm (correlation %s over %s readings)"),
        WHOLE_NUMBER("is %s times the average cell voltage at %s"),
        SUM_OF_CELLS("is the sum of the %s cell voltages from %s on"),
        POWER_AGREES("times the current is the power at %s"),
        VOLTAGE_TIMES_CURRENT("is voltage times current (factor %s over %s readings)"),
        IN_ORDER("lowest, average and highest are in order: %s, %s, %s V"),
        NEIGHBOURS("stands beside %s, with the same type"),
        EXTREME_OF_CELLS("agrees with the cell list at %s"),
        SHARE_OF_VOLTAGE("pack voltage is %s times this value"),
        MOVES_TOGETHER("moves slowly like %s"),
        ONLY_RISES("only rises, by %s a second"),
        ALL_BOARDS("was compared for %s of %s BMS Logic boards"),

        MORE_CURRENT("let the current change by more than %s A and ask again"),
        MORE_READINGS("only %s readings; let the search run longer"),
        RIVAL("%s reads something else and fits as well"),
        UNCONFIRMED("nothing else on the board confirms it; compare it with a meter"),
        NO_VOLTAGE("the place of the pack voltage must be sure first"),
        WORD_ORDER("the order of the words is not known yet"),
        OTHER_BOARDS("the cells of %s of %s BMS Logic boards were seen; let all be visited"),
        NOT_FOUND("no register fits");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }
}
