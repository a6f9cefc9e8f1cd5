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

import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.internal.ui.DashboardFixture.Day;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;

/**
 * The simulated days of the house for the pictures: only values that a board and the binding can provide.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HouseTest {

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            WELL         | relays#relay-3              | ON
            WELL         | relays#relay-4              | OFF
            WELL         | indicators#ds3              | blinking-yellow-25hz
            WELL         | indicators#ds5              | green
            WELL         | inputs#in-2                 | CLOSED
            WELL         | inputs#in-3                 | UNDEF
            WELL         | faults#alarm                | OK
            WELL         | battery#power               | 663.75 W
            WELL         | battery#min-cell-voltage    | 3.305 V
            WELL         | control#inhibit-discharging | UNDEF
            WELL         | control#last-result         | Charge Request = on: confirmed
            ALARM        | faults#alarm                | Battery cover open, Humidity too high, BMS Logic board offline
            ALARM        | faults#critical             | ON
            ALARM        | indicators#ds3              | UNDEF
            ALARM        | indicators#ds4              | blinking-red
            ALARM        | relays#relay-1              | OFF
            ALARM        | battery#min-cell-voltage    | UNDEF
            ALARM        | control#last-result         | Inhibit Charging = on: confirmed
            INITIALISING | indicators#ds1              | red
            INITIALISING | indicators#ds3              | blinking-yellow-2hz
            INITIALISING | faults#alarm                | UNDEF
            INITIALISING | battery#charging            | UNDEF
            UNKNOWN      | indicators#ds1              | UNDEF
            UNKNOWN      | faults#alarm                | UNDEF
            UNKNOWN      | link#response-time          | UNDEF
            """)
    void showsWhatTheProductShows(Day day, String channel, String state) {
        assertEquals(state, String.valueOf(DashboardFixture.shown(day).getOrDefault(channel, UnDefType.UNDEF)));
    }

    /** A picture with impossible values would make readers distrust their own. */
    @ParameterizedTest
    @EnumSource(Day.class)
    void doesNotContradictItself(Day day) {
        Map<String, State> shown = DashboardFixture.shown(day);
        if ("ON".equals(shown(shown, "battery#charging"))) {
            assertEquals("ON", shown(shown, "internal-signals#charging-contactor"));
            assertNotEquals("ON", shown(shown, "input-signals#inhibit-charging"));
        }
        shown.forEach((channel, state) -> {
            if (channel.startsWith("control#") && "on".equals(state.toString())) {
                assertEquals("ON", shown(shown, channel.replace("control#", "input-signals#")), "forced, not followed");
            }
        });
        for (int relay = 1; relay <= 4; relay++) {
            String indicator = "indicators#ds" + new int[] { 7, 8, 5, 6 }[relay - 1];
            assertEquals(switch (shown(shown, "relays#relay-" + relay)) {
                case "ON" -> "green";
                case "OFF" -> "off";
                default -> "UNDEF";
            }, shown(shown, indicator), indicator);
        }
    }

    private static String shown(Map<String, State> states, String channel) {
        return String.valueOf(states.get(channel));
    }
}
