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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.descriptor.Descriptors.ChannelType;
import org.openhab.binding.bmsmain.descriptor.Descriptors.ThingType;

/**
 * The result of "Create Equipment from Thing": a Battery with few everyday points, tagged and with readable names.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SemanticModelTest {

    private static final Set<String> POINTS = Set.of("Measurement", "Status", "Alarm", "Control", "Setpoint", "Switch",
            "Calculation");
    /** The pairs of tags by which the widgets find their Items in an equipment; each must mean one channel only. */
    private static final Map<List<String>, String> FOUND_BY = Map.of(List.of("Measurement", "StateOfCharge"),
            "battery#state-of-charge", List.of("Measurement", "Power"), "battery#power",
            List.of("Measurement", "Current"), "battery#current", List.of("Measurement", "Voltage"), "battery#voltage",
            List.of("Measurement", "Temperature"), "sensors#external-temperature", List.of("Alarm", "Info"),
            "faults#alarm", List.of("Status", "Timestamp"), "link#last-update");

    private final Descriptors descriptors = Descriptors.load();

    @Test
    void everyThingIsABattery() {
        descriptors.things().values().forEach(thing -> assertEquals("Battery", thing.equipmentTag(), thing.id()));
    }

    @Test
    void everyChannelHasOnePointAndAtMostOnePropertyAndAnIcon() {
        descriptors.types().values().stream().filter(type -> !type.itemType().isEmpty()).forEach(type -> {
            long points = type.tags().stream().filter(POINTS::contains).count();
            if (!type.id().startsWith("register-")) {
                assertEquals(1, points, type.id() + " " + type.tags());
                assertFalse(type.category().isEmpty(), type.id());
            }
            assertTrue(type.tags().size() <= 2, type.id());
        });
    }

    /**
     * Numbers have a pattern, because Items would otherwise show all digits of a float; users' own channels have no
     * known unit.
     */
    @Test
    void numbersHaveADefaultStateDescription() {
        descriptors.types().values().stream()
                .filter(type -> type.itemType().startsWith("Number") && !type.id().startsWith("register-")
                        && !"logic-number".equals(type.id()))
                .forEach(type -> assertFalse(type.pattern().isEmpty(), type.id()));
    }

    @Test
    void everydayPointsAreFew() {
        for (ThingType thing : descriptors.things().values()) {
            List<String> everyday = new ArrayList<>();
            descriptors.channelsOf(thing).forEach((id, channel) -> {
                ChannelType type = descriptors.type(channel);
                if (!type.advanced() && !type.itemType().isEmpty()) {
                    everyday.add(id);
                }
            });
            assertTrue(everyday.size() <= 25, everyday::toString);
            assertTrue(everyday.contains("battery#state-of-charge"));
        }
    }

    @Test
    void widgetsFindOneChannelByItsTags() {
        for (ThingType thing : descriptors.things().values()) {
            Map<String, List<String>> found = new TreeMap<>();
            descriptors.channelsOf(thing).forEach((id, channel) -> FOUND_BY.forEach((tags, wanted) -> {
                if (descriptors.type(channel).tags().containsAll(tags)) {
                    found.computeIfAbsent(wanted, key -> new ArrayList<>()).add(id);
                }
            }));
            // A bank has no sensors and no link.
            FOUND_BY.values().stream().filter(descriptors.channelsOf(thing)::containsKey)
                    .forEach(wanted -> assertEquals(List.of(wanted), found.get(wanted),
                            thing.id() + ": widgets find " + wanted + " by its tags; give another channel other tags "
                                    + "in its line of the catalogue, such as .tag(\"Status\")"));
        }
    }
}
