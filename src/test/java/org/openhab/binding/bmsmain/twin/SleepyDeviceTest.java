/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.twin.DeviceHabits.Header;
import org.openhab.binding.bmsmain.twin.DeviceHabits.Refusal;
import org.openhab.binding.bmsmain.twin.DeviceHabitsTest.Run;
import org.openhab.binding.bmsmain.twin.HabitualWire.Framing;

/**
 * Devices that ignore the first request after an idle time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SleepyDeviceTest {

    private static DeviceHabits sleepsAfter(int millis) {
        return new DeviceHabits(0, 125, Refusal.EXCEPTION_3, null, List.of(), 0, Header.STANDARD, millis);
    }

    @ParameterizedTest
    @EnumSource
    void isWokenAndLosesNothingAfterThat(Framing framing) {
        BoardSnapshot truth = DeviceHabitsTest.truth(framing);
        // With 500 ms and less the device sleeps again when a lost request is repeated after the timeout.
        for (int millis : framing == Framing.RTU ? new int[] { 350, 500, 700, 800, 900, 950 }
                : new int[] { 600, 700, 800, 900, 950 }) {
            Run run = new Run(framing, millis, sleepsAfter(millis), truth);
            assertTrue(run.isGood(), millis + " ms: " + run);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatDoesNotSleepIsNotWoken(Framing framing) {
        Run run = new Run(framing, 1, sleepsAfter(3000), DeviceHabitsTest.truth(framing));
        assertTrue(run.isGood(), run.toString());
        assertEquals(1, run.woken(), "the first request of all finds it asleep");
    }
}
