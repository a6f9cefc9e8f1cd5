/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.ui;

import static java.util.Map.entry;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;
import static org.openhab.binding.bmsmain.internal.board.Catalogue.*;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.core.thing.Thing;

/**
 * Determines the channels of a Thing that can have a value: those provided by the connection type, those with a
 * user-defined location, and values derived from them. All other channels are omitted from the pages.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class KnowableChannels implements Predicate<String> {

    private static final String NO_FUNCTION = "none";
    private static final String CELL = "cell-voltage-";

    /** Sources of derived values. Derived values that are not listed here are always available. */
    private static final Map<Point, List<Point>> PARTS = Map.ofEntries(entry(POWER, List.of(VOLTAGE, CURRENT)),
            entry(CHARGED_ENERGY, List.of(VOLTAGE, CURRENT)), entry(DISCHARGED_ENERGY, List.of(VOLTAGE, CURRENT)),
            entry(CHARGED_ENERGY_TODAY, List.of(VOLTAGE, CURRENT)),
            entry(DISCHARGED_ENERGY_TODAY, List.of(VOLTAGE, CURRENT)), entry(CHARGING_POWER, List.of(VOLTAGE, CURRENT)),
            entry(DISCHARGING_POWER, List.of(VOLTAGE, CURRENT)),
            entry(EQUIVALENT_FULL_CYCLES, List.of(NOMINAL_CAPACITY)),
            entry(REMAINING_CHARGE, List.of(NOMINAL_CAPACITY)),
            entry(REMAINING_ENERGY, List.of(NOMINAL_CAPACITY, VOLTAGE)),
            entry(TIME_TO_EMPTY, List.of(NOMINAL_CAPACITY)), entry(TIME_TO_FULL, List.of(NOMINAL_CAPACITY)));

    private final Set<Point> unknowable = new HashSet<>();

    /** @param reader reader of the Thing's configuration */
    KnowableChannels(Thing thing, ConfigReader reader) {
        if (!BOARD_TYPES.contains(thing.getThingTypeUID())) {
            // A bank itself excludes nothing; its page excludes what a member cannot provide.
            return;
        }
        boolean isCan = THING_TYPE_CAN.equals(thing.getThingTypeUID());
        Set<String> named = new HashSet<>();
        for (String line : reader.lines("registers")) {
            named.add(line.substring(0, Math.max(line.indexOf('='), 0)).strip());
        }
        if (!List.of("0", "0.0").contains(reader.text("nominalCapacity", "0"))) {
            named.add(NOMINAL_CAPACITY.id());
        }
        if (named.stream().anyMatch(target -> target.contains(CELL))) {
            List.of(MIN_CELL_VOLTAGE, MAX_CELL_VOLTAGE).forEach(extreme -> named.add(extreme.id()));
        }
        for (Point point : Catalogue.channels()) {
            boolean onWire = isCan ? !point.canLocations().isEmpty() : point.register() != null;
            if (point.origin() == Origin.WIRE && !onWire && !named.contains(point.id())) {
                unknowable.add(point);
            }
        }
        for (int i = 0; i < RELAYS.size(); i++) {
            if (NO_FUNCTION.equals(relayFunction(reader, i + 1))) {
                unknowable.add(RELAYS.get(i));
                unknowable.add(RELAY_INDICATORS.get(i));
            }
            if (NO_FUNCTION.equals(inputFunction(reader, i + 1))) {
                unknowable.add(INPUTS.get(i));
            }
        }
        PARTS.forEach((whole, parts) -> {
            if (!named.contains(whole.id()) && parts.stream().anyMatch(unknowable::contains)) {
                unknowable.add(whole);
            }
        });
    }

    /** Name of the internal signal that drives a relay; {@code none} if there is none. */
    static String relayFunction(ConfigReader reader, int relay) {
        Point standard = BoardSetup.DEFAULT_RELAY_FUNCTIONS.get(relay - 1);
        return reader.text("relay" + relay + "Function", standard == null ? NO_FUNCTION : standard.name());
    }

    /** Name of the input signal that an input feeds; {@code none} if there is none. */
    static String inputFunction(ConfigReader reader, int input) {
        return reader.text("input" + input + "Function", NO_FUNCTION);
    }

    /** Whether a channel can have a value. Channels that are not in the catalogue are user-defined and always can. */
    @Override
    public boolean test(String channel) {
        Point point = Catalogue.byId(channel);
        return point == null || !unknowable.contains(point);
    }
}
