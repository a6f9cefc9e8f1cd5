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
 * Which channels of a Thing can ever show a value: those that its wire carries, those whose place the user named, and
 * what follows from them. A channel that is none of these is no news when it shows none, and takes no room on a page.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class KnowableChannels implements Predicate<String> {

    private static final String NO_FUNCTION = "none";
    private static final String CELL = "cell-voltage-";

    /** What values are made of. What is not named here and stands on no wire is always made. */
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

    /**
     * @param reader the configuration of the Thing
     */
    KnowableChannels(Thing thing, ConfigReader reader) {
        if (!BOARD_TYPES.contains(thing.getThingTypeUID())) {
            // A bank knows whatever all its members know.
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

    /** The internal signal that drives a relay, by its name; {@code none} where there is none. */
    static String relayFunction(ConfigReader reader, int relay) {
        Point standard = BoardSetup.DEFAULT_RELAY_FUNCTIONS.get(relay - 1);
        return reader.text("relay" + relay + "Function", standard == null ? NO_FUNCTION : standard.name());
    }

    /** The input signal that an input feeds, by its name; {@code none} where there is none. */
    static String inputFunction(ConfigReader reader, int input) {
        return reader.text("input" + input + "Function", NO_FUNCTION);
    }

    /** Whether a channel can show a value; those that are not in the catalogue are the user's own. */
    @Override
    public boolean test(String channel) {
        Point point = Catalogue.byId(channel);
        return point == null || !unknowable.contains(point);
    }
}
