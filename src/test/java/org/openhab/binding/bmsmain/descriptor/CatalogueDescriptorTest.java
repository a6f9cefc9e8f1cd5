/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.descriptor;

import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Channel;
import org.openhab.binding.bmsmain.descriptor.Descriptors.ChannelType;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Config;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Parameter;
import org.openhab.binding.bmsmain.descriptor.Descriptors.ThingType;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Unit;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * The descriptors generated from the catalogue have the semantics that openHAB requires, and match the
 * hand-written ones.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CatalogueDescriptorTest {

    private static final Set<String> POINT_TAGS = Set.of("Alarm", "Calculation", "Control", "Forecast", "Measurement",
            "Setpoint", "Status", "Switch");

    /** Item type of a unit, and whether openHAB would choose another unit without a unit hint. */
    private static final Map<Unit, String> ITEM_TYPES = Map.of(Unit.AMPERE, "Number:ElectricCurrent", Unit.VOLT,
            "Number:ElectricPotential", Unit.WATT, "Number:Power", Unit.CELSIUS, "Number:Temperature", Unit.PERCENT,
            "Number:Dimensionless", Unit.AMPERE_HOUR, "Number:ElectricCharge", Unit.SECOND, "Number:Time",
            Unit.MILLISECOND, "Number:Time", Unit.KILOWATT_HOUR, "Number:Energy");
    private static final Set<Unit> HINTED = Set.of(Unit.PERCENT, Unit.AMPERE_HOUR, Unit.MILLISECOND);

    private static final Descriptors DESCRIPTORS = Descriptors.load();

    static Stream<ThingType> things() {
        return DESCRIPTORS.things().values().stream();
    }

    static Stream<ThingType> boards() {
        return DESCRIPTORS.boards().stream();
    }

    static Stream<Point> points() {
        return Catalogue.channels().stream();
    }

    @ParameterizedTest
    @MethodSource("points")
    void itemTypeAndUnitFit(Point point) {
        ChannelType type = typeOf(point);
        if (point.kind() == Kind.MEASUREMENT) {
            assertEquals(ITEM_TYPES.get(point.unit()), type.itemType());
        }
        assertEquals(HINTED.contains(point.unit()) ? point.unit().symbol() : "", type.unitHint());
        assertEquals(point.unit() != Unit.NONE, type.pattern().contains("%unit%"), type.pattern());
    }

    @ParameterizedTest
    @MethodSource("points")
    void everyChannelIsReadOnlyWithAnIconAndTags(Point point) {
        ChannelType type = typeOf(point);
        assertTrue(type.readOnly());
        assertFalse(type.category().isEmpty());
        assertEquals(1, type.tags().stream().filter(POINT_TAGS::contains).count(), "one tag of a point");
        assertTrue(type.tags().size() <= 2, "at most one tag of a property");
    }

    /** Otherwise a command to a read-only Item, such as "all off" to its group, would change its state. */
    @Test
    void noItemShowsACommandBeforeTheBoardDoes() {
        DESCRIPTORS.types().values().stream().filter(type -> !type.itemType().isEmpty())
                .forEach(type -> assertEquals("veto", type.autoUpdatePolicy(), type.id()));
        DESCRIPTORS.groups().values().forEach(group -> group.channels()
                .forEach(channel -> assertEquals("", channel.autoUpdatePolicy(), group.id() + "#" + channel.id())));
    }

    @ParameterizedTest
    @MethodSource("things")
    void aboutTwentyChannelsShowFirst(ThingType thing) {
        long plain = DESCRIPTORS.channelsOf(thing).values().stream().filter(c -> !DESCRIPTORS.type(c).advanced())
                .count();
        assertTrue(plain >= 15 && plain <= 25, plain + " channels are not advanced");
    }

    @ParameterizedTest
    @MethodSource("boards")
    void everyBoardIsABatteryThatUsersCanExtendByRegisters(ThingType thing) {
        assertEquals("Battery", thing.equipmentTag());
        // CAN has no registers.
        assertEquals(
                "can".equals(thing.id()) ? List.of() : List.of("register-number", "register-switch", "register-text"),
                thing.extensible());
        assertTrue(DESCRIPTORS.types().keySet().containsAll(thing.extensible()));
        assertEquals(Set.of("vendor", "modelId", "thingTypeVersion"), thing.properties().keySet());
    }

    /** A bank has those groups of a board whose channels it can compute completely, so widgets and rules fit both. */
    @Test
    void aBankHasGroupsOfABoardAndItsOwn() {
        ThingType bank = things().filter(thing -> "bank".equals(thing.id())).findFirst().orElseThrow();
        assertEquals(Map.of("battery", "battery", "energy", "energy", "faults", "faults", "bank", "bank"),
                bank.groups());
        assertEquals(List.of(), bank.extensible());
    }

    @Test
    void noChannelTypeIsLeftOver() {
        Set<String> used = DESCRIPTORS.groups().values().stream().flatMap(g -> g.channels().stream())
                .map(Channel::typeId).collect(Collectors.toCollection(TreeSet::new));
        things().forEach(thing -> used.addAll(thing.extensible()));
        // The handler adds these channels to a Thing that permits control.
        used.addAll(Set.of("control-signal", "control-result", "logic-voltage", "logic-temperature", "logic-number",
                "logic-flag"));
        assertEquals(used, new TreeSet<>(DESCRIPTORS.types().keySet()));
    }

    /** A relay can have every function except those that concern only the firmware. */
    @ParameterizedTest
    @MethodSource("boards")
    void relaysOfferInternalSignals(ThingType thing) {
        Set<String> signals = namesOf("internal-signals");
        signals.removeAll(Set.of("initialisation", "cell-analysis", "service-reset"));
        signals.add("none");
        List<String> manual = List.of("discharging-contactor", "allow-charging", "charging-contactor", "heater");
        for (int relay = 1; relay <= 4; relay++) {
            Parameter parameter = parameter(thing, "relay" + relay + "Function");
            assertEquals(signals, new TreeSet<>(parameter.options().keySet()));
            assertEquals(manual.get(relay - 1), parameter.defaultValue());
        }
    }

    @ParameterizedTest
    @MethodSource("boards")
    void inputsOfferInputSignals(ThingType thing) {
        Set<String> signals = namesOf("input-signals");
        signals.add("none");
        for (int input = 1; input <= 4; input++) {
            Parameter parameter = parameter(thing, "input" + input + "Function");
            assertEquals(signals, new TreeSet<>(parameter.options().keySet()));
            assertEquals("none", parameter.defaultValue());
        }
    }

    @Test
    void registerChannelsOfferTheTypesOfTheWire() {
        Set<String> numbers = Stream.of(WireType.values()).filter(WireType::isNumber).map(WireType::name)
                .collect(Collectors.toCollection(TreeSet::new));
        for (Parameter parameter : config("channel-type:bmsmain:register-number").parameters()) {
            if ("type".equals(parameter.name())) {
                assertEquals(numbers, new TreeSet<>(parameter.options().keySet()));
            }
        }
    }

    /** openHAB does not start a Thing with a single invalid channel. */
    @Test
    void registerChannelsRequireNothing() {
        for (String type : List.of("register-number", "register-switch", "register-text")) {
            config("channel-type:bmsmain:" + type).parameters()
                    .forEach(parameter -> assertFalse(parameter.required(), type + " " + parameter.name()));
        }
    }

    @ParameterizedTest
    @MethodSource("things")
    void parametersBelongToGroups(ThingType thing) {
        Config config = config(thing.config());
        Set<String> groups = config.groups().stream().map(Descriptors.Text::id).collect(Collectors.toSet());
        config.parameters().forEach(p -> assertTrue(groups.contains(p.group()), p.name()));
        config.parameters().stream().filter(p -> !p.options().isEmpty() && !p.defaultValue().isEmpty())
                .forEach(p -> assertTrue(p.options().containsKey(p.defaultValue()), p.name()));
    }

    private static Set<String> namesOf(String group) {
        return points().filter(point -> group.equals(point.group())).map(Point::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Parameter parameter(ThingType thing, String name) {
        return config(thing.config()).parameters().stream().filter(p -> name.equals(p.name())).findFirst()
                .orElseThrow(() -> new AssertionError("no parameter " + name));
    }

    private static Config config(String uri) {
        Config config = DESCRIPTORS.configs().get(uri);
        if (config == null) {
            throw new AssertionError("no configuration description " + uri);
        }
        return config;
    }

    private static ChannelType typeOf(Point point) {
        ThingType thing = boards().findFirst().orElseThrow();
        Channel channel = DESCRIPTORS.channelsOf(thing).get(point.id());
        if (channel == null) {
            throw new AssertionError("no channel " + point.id());
        }
        return DESCRIPTORS.type(channel);
    }
}
