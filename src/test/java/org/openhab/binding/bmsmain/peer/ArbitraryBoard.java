/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.peer;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Arbitrary registers of a board and their expected values, according to the protocol page and not to the catalogue.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ArbitraryBoard {

    private static final int INPUT_SIGNALS = 0x2000;
    private static final int INPUT_SIGNALS_2 = 0x20F4;
    private static final int ERRORS_1 = 0x2007;
    private static final int INTERNAL_SIGNALS = 0x2009;
    private static final int OUTPUTS = 0x200B;
    private static final int ERRORS_2 = 0x200E;

    private static final List<String> INPUT_NAMES = List.of("battery-cover", "charger-connected", "power-request",
            "inhibit-charging", "inhibit-discharging", "charging-contactor-feedback", "discharging-contactor-feedback",
            "insulation-status", "charge-request", "precharge-request", "discharge-request",
            "precharge-contactor-feedback", "common-contactor-feedback", "main-contactor-feedback", "interlock",
            "fuse-1", "fuse-2", "fuse-3", "circuit-breaker", "balancing-request", "close-main-contactor",
            "close-external-1");
    private static final List<String> INTERNAL_NAMES = List.of("low-soc", "high-charging-current", "charging-contactor",
            "allow-charging", "", "discharging-contactor", "", "voltage-too-high", "heater", "cooler", "hyg-shutdown",
            "initialisation", "precharging-contactor", "combilift-shutdown", "cell-analysis", "balancing-1",
            "balancing-2", "discharging-aux-contactor", "power-down-acknowledged", "crown-ews", "main-contactor",
            "service-reset", "common-contactor", "ready-to-charge", "ready-to-discharge", "power-up", "external-1",
            "heater-aux");

    private final boolean lowWordFirst;
    private final Random random;
    private final Map<Integer, Integer> input = new TreeMap<>();
    private final Map<String, Object> expected = new LinkedHashMap<>();
    private final Map<String, String> properties = new LinkedHashMap<>();

    ArbitraryBoard(boolean lowWordFirst, long seed) {
        this.lowWordFirst = lowWordFirst;
        this.random = new Random(seed);
        versions();
        real("battery#current", 0x2001, -2000, 2000);
        real("sensors#external-temperature", 0x2003, -60, 125);
        real("sensors#humidity", 0x2005, 0, 100);
        real("battery#state-of-charge", 0x2100, 0.5, 100);
        real("sensors#current-sensor-reference-calibrated", 0x2185, 0, 5);
        real("sensors#current-sensor-voltage", 0x218E, 0, 5);
        real("sensors#current-sensor-reference", 0x2190, 0, 5);
        real("sensors#aux-current-sensor-voltage", 0x2192, 0, 5);
        real("sensors#aux-current-sensor-reference", 0x2194, 0, 5);
        real("battery#charge-current-limit", 0x219F, 0, 1000);
        real("battery#discharge-current-limit", 0x21A1, 0, 1000);
        real("battery#nominal-capacity", 0x2420, 1, 1000);
        real("battery#max-charge-voltage", 0x2422, 1, 800);
        real("battery#min-discharge-voltage", 0x2424, 1, 800);
        real("battery#max-charge-current", 0x2426, 1, 1000);
        real("battery#max-discharge-current", 0x2428, 1, 1000);
        int duration = random.nextInt(10_000_000);
        put32(0x2411, duration);
        expected.put("battery#state-duration", (double) duration);
        input.put(0x2410, 6);
        expected.put("battery#state", "relaxed-after-discharging");
        word("logic#board-count", 0x2102, 1 + random.nextInt(23));
        word("logic#selected-board", 0x2010, random.nextInt(24));
        signals();
        faults();
    }

    /** The commands that set the registers of a server. */
    List<String> registers() {
        List<String> lines = new ArrayList<>();
        input.forEach((address, value) -> lines.add("i " + address + " " + value));
        return lines;
    }

    /** The expected channel values: numbers as Double, flags as Boolean, words as String. */
    Map<String, Object> expected() {
        return expected;
    }

    /** The expected properties. */
    Map<String, String> properties() {
        return properties;
    }

    private void versions() {
        int[] parts = random.ints(8, 0, 256).toArray();
        input.put(0x0000, parts[1] << 8 | parts[0]);
        input.put(0x0001, parts[3] << 8 | parts[2]);
        input.put(0x0002, parts[4]);
        input.put(0x0003, parts[6] << 8 | parts[5]);
        input.put(0x0004, parts[7]);
        input.put(0x1000, 0x1224);
        input.put(0x1001, 0x2326);
        input.put(0x1002, 0x5859);
        properties.put("hardwareVersion", parts[1] + "." + parts[0]);
        properties.put("firmwareVersion", parts[4] + "." + parts[3] + "." + parts[2]);
        properties.put("bootloaderVersion", parts[7] + "." + parts[6] + "." + parts[5]);
        properties.put("deviceClock", "2026-12-24T23:59:58");
        properties.put("wordOrder", lowWordFirst ? "little" : "big");
    }

    private void signals() {
        int word0 = random.nextInt(0x10000);
        int word1 = random.nextInt(0x40);
        input.put(INPUT_SIGNALS, word0);
        input.put(INPUT_SIGNALS_2, word1);
        for (int i = 0; i < INPUT_NAMES.size(); i++) {
            flag("input-signals#" + INPUT_NAMES.get(i), (i < 16 ? word0 >> i : word1 >> i - 16) & 1);
        }
        int internal = random.nextInt(0x1000_0000) & ~(1 << 11);
        put32(INTERNAL_SIGNALS, internal);
        for (int i = 0; i < INTERNAL_NAMES.size(); i++) {
            if (!INTERNAL_NAMES.get(i).isEmpty()) {
                flag("internal-signals#" + INTERNAL_NAMES.get(i), internal >> i & 1);
            }
        }
        flag("battery#charging", internal >> 4 & 1);
        flag("battery#discharging", internal >> 6 & 1);
        flag("relays#relay-1", internal >> 5 & 1);
        flag("relays#relay-2", internal >> 3 & 1);
        flag("relays#relay-3", internal >> 2 & 1);
        flag("relays#relay-4", internal >> 8 & 1);
        int outputs = random.nextInt(16);
        input.put(OUTPUTS, outputs);
        for (int i = 0; i < 4; i++) {
            flag("outputs#out-" + (i + 1), outputs >> i & 1);
        }
    }

    private void faults() {
        int errors1 = random.nextInt(0x4000_0000);
        int errors2 = random.nextInt(0x4_0000);
        put32(ERRORS_1, errors1);
        put32(ERRORS_2, errors2);
        expected.put("faults#errors-1", (double) errors1);
        expected.put("faults#errors-2", (double) errors2);
        flag("faults#overcurrent", errors1 & 1);
        flag("faults#bms-logic-offline", errors1 >> 9 & 1);
        flag("faults#spirit-offline", errors1 >> 29 & 1);
        flag("faults#low-temperature-charging", errors2 & 1);
        flag("faults#precharge-error", errors2 >> 17 & 1);
        expected.put("faults#active-count", (double) Integer.bitCount(errors1) + Integer.bitCount(errors2));
    }

    private void real(String channel, int address, double least, double most) {
        float value = Math.round((least + (most - least) * random.nextDouble()) * 1000) / 1000f;
        put32(address, Float.floatToIntBits(value));
        expected.put(channel, new BigDecimal(Float.toString(value)).doubleValue());
    }

    private void word(String channel, int address, int value) {
        input.put(address, value);
        expected.put(channel, (double) value);
    }

    private void flag(String channel, int bit) {
        expected.put(channel, bit == 1);
    }

    private void put32(int address, int value) {
        input.put(lowWordFirst ? address : address + 1, value & 0xFFFF);
        input.put(lowWordFirst ? address + 1 : address, value >>> 16);
    }
}
