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

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The bit numbers of the simulated board: input signals, internal signals and errors.
 * <p>
 * Written from sections 5, 6 and 7 of the protocol page, and deliberately not from the binding's own catalogue. The
 * twin is a second implementation of the same text, so a mistake in one of the two shows as a difference.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TwinSignals {

    /** Input signals 0-21; the position in the list is the bit number (registers 0x2000 and 0x20F4). */
    static final List<String> INPUT = List.of("battery-cover", "charger-connected", "power-request", "inhibit-charging",
            "inhibit-discharging", "charging-contactor-feedback", "discharging-contactor-feedback", "insulation-status",
            "charge-request", "precharge-request", "discharge-request", "precharge-contactor-feedback",
            "common-contactor-feedback", "main-contactor-feedback", "interlock", "fuse-1", "fuse-2", "fuse-3",
            "circuit-breaker", "balancing-request", "close-main-contactor", "close-external-1");

    /** Internal signals 0-27; the position in the list is the bit number (registers 0x2009-0x200A). */
    static final List<String> INTERNAL = List.of("low-soc", "high-charging-current", "charging-contactor",
            "allow-charging", "charging", "discharging-contactor", "discharging", "voltage-too-high", "heater",
            "cooler", "hyg-shutdown", "initialisation", "precharging-contactor", "combilift-shutdown", "cell-analysis",
            "balancing-1", "balancing-2", "discharging-aux-contactor", "power-down-acknowledged", "crown-ews",
            "main-contactor", "service-reset", "common-contactor", "ready-to-charge", "ready-to-discharge", "power-up",
            "external-1", "heater-aux");

    /** Errors 1 (registers 0x2007-0x2008); an empty name is an unpublished bit. */
    private static final List<String> ERRORS_1 = List.of("overcurrent", "undervoltage", "overvoltage",
            "low-temperature-discharging", "high-temperature-discharging", "battery-cover-open", "high-humidity",
            "water", "bms-logic-overheated", "bms-logic-offline", "critical-error", "crown-truck",
            "cell-count-mismatch", "hyg-offline", "journal-unacknowledged", "combilift-offline", "short-circuit",
            "contactor-overheated", "", "adc-error", "current-sensor-fault", "charging-contactor-cycle-limit",
            "discharging-contactor-cycle-limit", "current-sensor-module-offline", "current-sensor-module-fault", "",
            "watchdog-restart", "no-temperature-sensors", "temperature-sensor-shorted", "spirit-offline");

    /** Errors 2 (registers 0x200E-0x200F); an empty name is an unpublished bit. */
    private static final List<String> ERRORS_2 = List.of("low-temperature-charging", "high-temperature-charging",
            "sd-card-mount", "sd-card-read-write", "charging-through-discharging-contactor", "contactor-stuck", "", "",
            "insulation-fault", "", "", "", "contactor-feedback-error", "general-error", "", "", "", "precharge-error");

    /** Bit number of each fault: 0-31 are errors 1, 32-63 are errors 2. */
    static final Map<String, Integer> FAULTS = faults();

    private TwinSignals() {
    }

    /** Returns the bit number of an existing input signal. */
    static int input(String name) {
        return INPUT.indexOf(name);
    }

    /** Returns the channel of an internal signal. Two of these channels are in the battery group. */
    static String internalId(int bit) {
        return (bit == 4 || bit == 6 ? "battery#" : "internal-signals#") + INTERNAL.get(bit);
    }

    private static Map<String, Integer> faults() {
        Map<String, Integer> bits = new LinkedHashMap<>();
        int base = 0;
        for (List<String> register : Arrays.asList(ERRORS_1, ERRORS_2)) {
            for (int bit = 0; bit < register.size(); bit++) {
                if (!register.get(bit).isEmpty()) {
                    bits.put(register.get(bit), base + bit);
                }
            }
            base += 32;
        }
        return bits;
    }
}
