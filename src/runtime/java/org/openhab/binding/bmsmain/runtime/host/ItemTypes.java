/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import java.util.List;
import java.util.Map;

import javax.measure.Unit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.library.types.DateTimeType;
import org.openhab.core.library.types.DecimalType;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.library.types.OpenClosedType;
import org.openhab.core.library.types.QuantityType;
import org.openhab.core.library.types.StringType;
import org.openhab.core.library.unit.SIUnits;
import org.openhab.core.library.unit.Units;
import org.openhab.core.types.Command;
import org.openhab.core.types.State;
import org.openhab.core.types.TypeParser;
import org.openhab.core.types.UnDefType;

/**
 * States and commands that an item accepts, by item type.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ItemTypes {
    private static final Map<String, List<Class<? extends State>>> STATES = Map.of("Switch", List.of(OnOffType.class),
            "Contact", List.of(OpenClosedType.class), "String", List.of(StringType.class, DateTimeType.class), "Number",
            List.of(DecimalType.class, QuantityType.class), "DateTime", List.of(DateTimeType.class));
    private static final Map<String, List<Class<? extends Command>>> COMMANDS = Map.of("Switch",
            List.of(OnOffType.class), "String", List.of(StringType.class), "Number",
            List.of(DecimalType.class, QuantityType.class), "DateTime", List.of(DateTimeType.class));
    private static final Map<String, Unit<?>> UNITS = Map.of("ElectricCurrent", Units.AMPERE, "ElectricPotential",
            Units.VOLT, "Power", Units.WATT, "Energy", Units.KILOWATT_HOUR, "ElectricCharge", Units.AMPERE_HOUR,
            "Temperature", SIUnits.CELSIUS, "Time", Units.SECOND, "Dimensionless", Units.ONE);

    private ItemTypes() {
    }

    private static String base(String itemType) {
        return itemType.replaceFirst(":.*", "");
    }

    /** Whether an item accepts a state: the class matches, and with a dimension also the unit. */
    static boolean accepts(String itemType, State state) {
        if (state instanceof UnDefType) {
            return true;
        }
        Unit<?> unit = UNITS.get(itemType.replaceFirst(".*:", ""));
        return STATES.getOrDefault(base(itemType), List.of()).stream().anyMatch(type -> type.isInstance(state))
                && (unit == null || !(state instanceof QuantityType<?> quantity)
                        || quantity.getUnit().isCompatible(unit));
    }

    /** Parses a command, or returns null if an item of that type does not accept the text. */
    static @Nullable Command command(String itemType, String text) {
        return TypeParser.parseCommand(COMMANDS.getOrDefault(base(itemType), List.of()), text);
    }

    /** Parses a state, or returns null if an item of that type does not accept the text. */
    static @Nullable State state(String itemType, String text) {
        return TypeParser.parseState(STATES.getOrDefault(base(itemType), List.of()), text);
    }
}
