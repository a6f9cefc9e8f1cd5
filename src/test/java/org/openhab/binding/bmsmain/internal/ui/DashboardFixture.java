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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.handler.Languages;
import org.openhab.binding.bmsmain.internal.handler.PublishedStates;
import org.openhab.core.library.types.DateTimeType;
import org.openhab.core.library.types.QuantityType;
import org.openhab.core.library.types.StringType;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;
import org.openhab.core.ui.components.RootUIComponent;
import org.osgi.framework.Bundle;

/**
 * A house with one battery, all its Items, and their possible states.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class DashboardFixture {

    /** The scenarios: state of the board, known values, and linked Items. */
    enum Day {
        /** A board with all locations configured, and all Items. */
        WELL("serial", true),
        UNKNOWN("serial", true),
        ALARM("serial", true),
        FAULTS("serial", true),
        /** Only the public registers, and the Items that openHAB selects by default. */
        MODBUS("tcp", false),
        CAN("can", false),
        INITIALISING("tcp", false),
        /** Two batteries as a bank, and their own cards. */
        BANK("bank", false);

        private final String type;
        private final boolean whole;

        Day(String type, boolean whole) {
            this.type = type;
            this.whole = whole;
        }
    }

    static final Path WIDGETS = Path.of("ESH-INF/ui/widgets");
    static final Path BLOCKS = Path.of("ESH-INF/ui/blocks");
    static final String NOW = "2026-05-04T14:32:10";

    private static final List<String> CONTROLS = List.of("charge-request", "discharge-request", "inhibit-charging",
            "inhibit-discharging");
    private static final List<String> BANK_GROUPS = List.of("battery", "energy", "faults");
    private static final int CELLS = 16;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(DateTimeType.DATE_PATTERN_WITH_TZ_AND_MS)
            .withZone(ZoneOffset.ofHours(2));

    private DashboardFixture() {
    }

    static Thing thing(Day day) {
        Thing thing = ThingBuilder.create(new ThingTypeUID("bmsmain", day.type), "house").withLabel("House Battery")
                .build();
        if (day == Day.BANK) {
            thing.setLabel("House Bank");
            thing.getConfiguration().put("members", List.of("bmsmain:can:shed", "bmsmain:can:cellar"));
        }
        if (!day.whole) {
            return thing;
        }
        thing.getConfiguration().put("port", "/dev/ttyUSB0");
        thing.getConfiguration().put("input1Function", "charger-connected");
        thing.getConfiguration().put("input2Function", "interlock");
        thing.getConfiguration().put("allowControl", true);
        thing.getConfiguration().put("boardScan", true);
        thing.getConfiguration().put("registers",
                List.of("battery#voltage = input:0x2104:REAL32", "battery#min-cell-temperature = input:0x2112:S16:0.1",
                        "battery#max-cell-temperature = input:0x2113:S16:0.1",
                        "cell-voltage-{1.." + CELLS + "} = window:0x2014+2*{i}:REAL32"));
        return thing;
    }

    /** A member of the bank. */
    private static Thing member(String id, String label) {
        Thing thing = ThingBuilder.create(new ThingTypeUID("bmsmain", "can"), id).withLabel(label).build();
        thing.getConfiguration().put("nominalCapacity", 280);
        return thing;
    }

    /** An Item for each linkable channel, by channel ID. */
    static Map<String, String> items(Day day) {
        Map<String, String> items = new TreeMap<>();
        Catalogue.channels().stream().filter(point -> day.whole || !point.style().advanced())
                .filter(point -> day != Day.BANK || BANK_GROUPS.contains(point.group()))
                .forEach(point -> items.put(point.id(), name(point.id())));
        if (day == Day.BANK) {
            items.put("bank#missing", name("bank#missing"));
        }
        if (day.whole) {
            CONTROLS.forEach(id -> items.put("control#" + id, name("control#" + id)));
            items.put("control#last-result", name("control#last-result"));
            for (int cell = 1; cell <= CELLS; cell++) {
                items.put("logic-1#cell-voltage-" + cell, name("logic-1#cell-voltage-" + cell));
            }
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

    static OverviewPage overview(Day day, String language) {
        return new OverviewPage(thing(day), items(day), texts(language));
    }

    /** The pages of the members of the bank. */
    static List<OverviewPage> members(String language) {
        return List.of(new OverviewPage(member("shed", "Shed Battery"), items(Day.CAN), texts(language)),
                new OverviewPage(member("cellar", "Cellar Battery"), items(Day.CAN), texts(language)));
    }

    static RootUIComponent page(Day day, String language) {
        return Objects.requireNonNull(overview(day, language).build(true, true, members(language)));
    }

    /** The states of the Items in the format of the UI's event stream. */
    static Map<String, Map<String, Object>> states(Day day) {
        Map<String, State> shown = shown(day);
        Map<String, Map<String, Object>> states = new LinkedHashMap<>();
        items(day == Day.BANK ? Day.WELL : day).forEach(
                (channel, item) -> states.put(item, json(channel, shown.getOrDefault(channel, UnDefType.UNDEF))));
        if (day == Day.BANK) {
            states.put(name("bank#missing"), json("bank#missing", new StringType("")));
        }
        return states;
    }

    /** The states that the product publishes for the board's data. */
    static Map<String, State> shown(Day day) {
        PublishedStates shown = new PublishedStates(thing(day == Day.BANK ? Day.WELL : day), at("14:32:10"));
        boolean alarm = day == Day.ALARM || day == Day.FAULTS;
        shown.event(at(day == Day.UNKNOWN ? "14:12:37" : "14:29:51"), alarm,
                alarm ? "bms-logic-offline" : "high-humidity");
        shown.journal(new FaultEvent(Instant.parse("2026-05-02T21:17:05Z"), true, "battery-cover-open"),
                new FaultEvent(Instant.parse("2026-05-02T21:20:44Z"), false, "battery-cover-open"),
                new FaultEvent(at("13:58:02"), true, "high-humidity"),
                new FaultEvent(at("14:02:31"), false, "high-humidity"),
                new FaultEvent(at("14:08:00"), true, "high-humidity"),
                new FaultEvent(at("14:12:37"), false, "high-humidity"));
        if (day == Day.UNKNOWN) {
            shown.read("link#last-update", at("14:25:41").toEpochMilli());
            return shown.states(false);
        }
        shown.read("link#last-update", at("14:32:08").toEpochMilli()).read("link#response-time", 18.4);
        switch (day) {
            case INITIALISING -> shown.set("internal-signals#initialisation", "outputs#out-1").faults();
            case ALARM -> alarm(shown, "battery-cover-open", "bms-logic-offline", "high-humidity");
            case FAULTS -> alarm(shown, "adc-error", "overcurrent", "undervoltage", "high-humidity", "water",
                    "journal-unacknowledged", "short-circuit", "contactor-overheated", "current-sensor-fault",
                    "charging-contactor-cycle-limit", "current-sensor-module-offline", "temperature-sensor-shorted",
                    "low-temperature-charging", "sd-card-read-write", "charging-through-discharging-contactor",
                    "contactor-stuck");
            case MODBUS -> dayOne(shown).read("sensors#external-temperature", 21.6).read("sensors#humidity", 44);
            case CAN -> dayOne(shown).read("battery#current", -157).read("battery#voltage", 78.9)
                    .read("battery#min-cell-temperature", 27).read("battery#max-cell-temperature", 28)
                    .read("energy#charged-energy-today", 0).read("energy#discharged-energy-today", 5.27);
            default -> well(shown);
        }
        return shown.states(true);
    }

    private static PublishedStates dayOne(PublishedStates shown) {
        shown.set("internal-signals#allow-charging", "internal-signals#discharging-contactor").faults();
        shown.read("battery#charging", 0).read("battery#discharging", 1).read("battery#state-of-charge", 73);
        return shown.read("battery#current", -30.2).read("energy#time-to-empty", 9_060);
    }

    private static void well(PublishedStates shown) {
        shown.set("input-signals#charger-connected", "input-signals#interlock", "input-signals#charge-request",
                "internal-signals#allow-charging", "internal-signals#charging-contactor",
                "internal-signals#discharging-contactor", "outputs#out-1").faults();
        shown.read("battery#charging", 1).read("battery#discharging", 0);
        shown.read("battery#state-of-charge", 76.4).read("battery#current", 12.5).read("battery#voltage", 53.1);
        shown.read("battery#min-cell-temperature", 24).read("battery#max-cell-temperature", 27);
        shown.read("sensors#external-temperature", 21.3).read("sensors#humidity", 41);
        shown.read("energy#charged-energy-today", 4.236).read("energy#discharged-energy-today", 3.107)
                .read("energy#charged-energy", 1284.519).read("energy#discharged-energy", 1198.204)
                .read("energy#charge-in", 24_150.31).read("energy#charge-out", 23_877.05)
                .read("energy#equivalent-full-cycles", 85.28).read("energy#remaining-charge", 213.92)
                .read("energy#remaining-energy", 11.36).read("energy#coverage", 99.62)
                .read("energy#time-to-full", 19_020);
        shown.read("logic#board-count", 1);
        for (int cell = 1; cell <= CELLS; cell++) {
            double voltage = 3.312 + 0.004 * ((cell * 7) % 5) + (cell == 11 ? 0.021 : 0) - (cell == 4 ? 0.019 : 0);
            shown.read("logic-1#cell-voltage-" + cell, Math.rint(voltage * 1000) / 1000);
        }
        shown.confirmed("inhibit-charging", SignalOverride.PHYSICAL)
                .confirmed("discharge-request", SignalOverride.PHYSICAL).confirmed("charge-request", SignalOverride.ON);
    }

    private static void alarm(PublishedStates shown, String... faults) {
        shown.set("input-signals#charger-connected", "input-signals#interlock", "input-signals#inhibit-charging",
                "internal-signals#low-soc", "outputs#out-1").faults(faults);
        shown.read("battery#charging", 0).read("battery#discharging", 0);
        shown.read("battery#state-of-charge", 17.5).read("battery#current", 0).read("battery#voltage", 48.9);
        shown.read("sensors#external-temperature", 21.3).read("sensors#humidity", 86);
        shown.confirmed("charge-request", SignalOverride.PHYSICAL).confirmed("inhibit-charging", SignalOverride.ON);
    }

    private static Instant at(String time) {
        return Instant.parse("2026-05-04T" + time + "+02:00");
    }

    private static Map<String, Object> json(String channel, State state) {
        Map<String, Object> json = new LinkedHashMap<>(Map.of("state", state.toString(), "type", "String"));
        if (state instanceof DateTimeType time) {
            json.put("state", TIME.format(time.getInstant()));
        } else if (state instanceof QuantityType<?> quantity) {
            double value = quantity.doubleValue();
            String unit = state.toString().replaceFirst(".* ", "");
            String pattern = channel.contains("cell-voltage") ? "%.3f"
                    : "battery#power".equals(channel) ? "%.0f" : "%.1f";
            json.put("numericState", value);
            json.put("unit", unit);
            json.put("displayState", String.format(Locale.ROOT, pattern, value) + " " + unit);
        }
        return json;
    }

    /** The result of a call to a fake. */
    interface Answer {
        @Nullable
        Object to(String method, @Nullable Object[] arguments);
    }

    static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(DashboardFixture.class.getClassLoader(), new Class<?>[] { type },
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "toString" -> "fake " + type.getSimpleName();
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                    default -> answer.to(method.getName(), arguments == null ? new Object[0] : arguments);
                }));
    }
}
