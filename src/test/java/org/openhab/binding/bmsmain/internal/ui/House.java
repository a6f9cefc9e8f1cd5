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

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.thing.Languages;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.ui.components.RootUIComponent;
import org.osgi.framework.Bundle;

/**
 * A house with one battery, all its Items, and what they may show.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class House {

    /** What a board may be doing. */
    enum Day {
        WELL,
        UNKNOWN,
        ALARM,
        INITIALISING
    }

    static final Path WIDGETS = Path.of("ESH-INF/ui/widgets");
    static final Path BLOCKS = Path.of("ESH-INF/ui/blocks");
    static final String NOW = "2026-05-04T14:32:10";

    private static final List<String> CONTROLS = List.of("charge-request", "discharge-request", "inhibit-charging",
            "inhibit-discharging");
    private static final int CELLS = 16;

    private House() {
    }

    static Thing thing() {
        Thing thing = ThingBuilder.create(new ThingTypeUID("bmsmain", "serial"), "house").withLabel("House Battery")
                .build();
        thing.getConfiguration().put("input1Function", "charger-connected");
        thing.getConfiguration().put("input2Function", "battery-cover");
        return thing;
    }

    /** An Item for each channel that a user may link, by the channel's id. */
    static Map<String, String> items() {
        Map<String, String> items = new TreeMap<>();
        Catalogue.channels().forEach(point -> items.put(point.id(), name(point.id())));
        items.put("faults#last-event", name("faults#last-event"));
        items.put("faults#last-event-time", name("faults#last-event-time"));
        CONTROLS.forEach(id -> items.put("control#" + id, name("control#" + id)));
        items.put("control#last-result", name("control#last-result"));
        for (int cell = 1; cell <= CELLS; cell++) {
            items.put("logic-1#cell-voltage-" + cell, name("logic-1#cell-voltage-" + cell));
        }
        return items;
    }

    static String name(String channel) {
        return "House_" + channel.replace('#', '_').replace('-', '_');
    }

    static UiTexts texts(String language) {
        return new UiTexts(Languages.translations(language), Languages.locale(language),
                fake(Bundle.class, (name, arguments) -> null));
    }

    static Properties properties(String language) {
        return Languages.properties(language);
    }

    static RootUIComponent page(boolean history, String language) {
        return Objects.requireNonNull(new OverviewPage(thing(), items(), history, texts(language)).build());
    }

    /** The states of the Items as the UI's event stream sends them. */
    static Map<String, Map<String, Object>> states(Day day) {
        Map<String, Map<String, Object>> states = new LinkedHashMap<>();
        items().forEach((channel, item) -> states.put(item, state("UNDEF")));
        put(states, "link#last-update", "2026-05-04T14:32:08.000+0200");
        put(states, "faults#last-event", day == Day.ALARM ? "RAISED:bms-logic-offline" : "CLEARED:high-humidity");
        put(states, "faults#last-event-time", "2026-05-04T14:29:51.000+0200");
        for (String id : CONTROLS) {
            put(states, "control#" + id,
                    day == Day.UNKNOWN ? "UNDEF" : "inhibit-charging".equals(id) ? "on" : "physical");
        }
        if (day == Day.UNKNOWN) {
            return states;
        }
        put(states, "control#last-result", "inhibit-charging = on: confirmed");
        for (int i = 1; i <= 8; i++) {
            put(states, "indicators#ds" + i, "off");
        }
        put(states, "indicators#ds1", "red");
        put(states, "indicators#ds2", "blinking-green");
        for (int i = 1; i <= 4; i++) {
            put(states, "relays#relay-" + i, "OFF");
            put(states, "outputs#out-" + i, i == 1 ? "ON" : "OFF");
        }
        put(states, "inputs#in-1", "CLOSED");
        put(states, "inputs#in-2", "OPEN");
        quantity(states, "link#response-time", 18.4, "ms", "%.1f");
        for (String id : CONTROLS) {
            put(states, "input-signals#" + id, "inhibit-charging".equals(id) ? "ON" : "OFF");
        }
        if (day == Day.INITIALISING) {
            put(states, "internal-signals#initialisation", "ON");
            put(states, "indicators#ds3", "blinking-yellow-2hz");
            return states;
        }
        boolean alarm = day == Day.ALARM;
        put(states, "internal-signals#initialisation", "OFF");
        put(states, "indicators#ds3", alarm ? "blinking-yellow-2hz" : "blinking-yellow-25hz");
        put(states, "indicators#ds4", alarm ? "blinking-red" : "off");
        put(states, "faults#critical", alarm ? "ON" : "OFF");
        put(states, "faults#alarm", alarm ? "Battery cover open, BMS Logic board offline, Humidity too high" : "OK");
        put(states, "battery#charging", alarm ? "OFF" : "ON");
        put(states, "battery#discharging", "OFF");
        quantity(states, "battery#state-of-charge", alarm ? 17.5 : 76.4, "%", "%.1f");
        quantity(states, "battery#current", alarm ? 0 : 12.5, "A", "%.1f");
        quantity(states, "battery#voltage", alarm ? 48.9 : 53.1, "V", "%.1f");
        quantity(states, "battery#power", alarm ? 0 : 664, "W", "%.0f");
        quantity(states, "sensors#external-temperature", 21.3, "°C", "%.1f");
        if (!alarm) {
            quantity(states, "battery#max-cell-temperature", 27, "°C", "%.1f");
            quantity(states, "battery#min-cell-temperature", 24, "°C", "%.1f");
            for (int cell = 1; cell <= CELLS; cell++) {
                double voltage = 3.312 + 0.004 * ((cell * 7) % 5) + (cell == 11 ? 0.021 : 0) - (cell == 4 ? 0.019 : 0);
                quantity(states, "logic-1#cell-voltage-" + cell, voltage, "V", "%.3f");
            }
            for (int relay : List.of(1, 2, 3)) {
                put(states, "relays#relay-" + relay, "ON");
            }
            put(states, "indicators#ds7", "green");
            put(states, "indicators#ds8", "green");
            put(states, "indicators#ds5", "green");
            put(states, "inputs#in-3", "OPEN");
        }
        return states;
    }

    private static void put(Map<String, Map<String, Object>> states, String channel, String state) {
        states.put(name(channel), state(state));
    }

    private static Map<String, Object> state(String state) {
        return new LinkedHashMap<>(Map.of("state", state, "type", "String"));
    }

    private static void quantity(Map<String, Map<String, Object>> states, String channel, double value, String unit,
            String pattern) {
        Map<String, Object> state = state(value + " " + unit);
        state.put("numericState", value);
        state.put("unit", unit);
        state.put("displayState", String.format(Locale.ROOT, pattern, value) + " " + unit);
        states.put(name(channel), state);
    }

    /** The answer of a fake to a call. */
    interface Answer {
        @Nullable
        Object to(String method, @Nullable Object[] arguments);
    }

    static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(House.class.getClassLoader(), new Class<?>[] { type },
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "toString" -> "fake " + type.getSimpleName();
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                    default -> answer.to(method.getName(), arguments == null ? new Object[0] : arguments);
                }));
    }
}
