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

import static org.junit.jupiter.api.Assertions.*;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.handler.Languages;
import org.openhab.binding.bmsmain.internal.ui.DashboardFixture.Day;
import org.openhab.core.ui.components.UIComponent;

/**
 * The properties that a page passes to its widgets.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class OverviewPageTest {

    static List<String> languages() {
        return Languages.ALL;
    }

    /** Faults in the alarm are recognized by their text: with one letter more, a critical one would look harmless. */
    @ParameterizedTest
    @MethodSource("languages")
    void faultsAreCalledAsInTheAlarm(String language) {
        Map<String, String> expected = new TreeMap<>();
        Catalogue.FAULTS.forEach(fault -> expected.put(fault.name(), Languages.fault(fault, language)));
        Map<String, Object> props = props(OverviewPage.FAULTS, language);
        assertEquals(expected, props.get("faultTexts"));
        assertEquals(
                Catalogue.FAULTS.stream().filter(Point::isCritical).map(fault -> expected.get(fault.name())).toList(),
                props.get("criticalTexts"));
        expected.values().forEach(words -> assertFalse(words.contains("''") || words.contains(", "), words));
    }

    private static Map<String, Object> props(String widget, String language) {
        return all(DashboardFixture.page(Day.WELL, language))
                .filter(component -> component.getComponent().equals("widget:" + widget)).findFirst().orElseThrow()
                .getConfig();
    }

    private static Stream<UIComponent> all(UIComponent component) {
        Map<String, List<UIComponent>> slots = Objects.requireNonNullElse(component.getSlots(), Map.of());
        return Stream.concat(Stream.of(component),
                slots.values().stream().flatMap(Collection::stream).flatMap(OverviewPageTest::all));
    }
}
