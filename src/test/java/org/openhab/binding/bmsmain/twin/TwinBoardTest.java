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

import static org.junit.jupiter.api.Assertions.*;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.twin.TwinBoard.SoftwareControl;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

/**
 * The simulated board behind the wire: register contents, derived values, and scripts.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class TwinBoardTest {

    private final LeapTicker ticker = new LeapTicker();
    private final Clock clock = ((InstantSource) ticker::now).withZone(ZoneOffset.UTC);
    private final TwinBoard board = new TwinBoard(32, WordOrder.LITTLE, clock, 1);

    @ParameterizedTest
    @CsvSource({ //
            "battery#current, -12.5, 0x2001, 0x0000 0xC148", //
            "sensors#external-temperature, 23, 0x2003, 0x0000 0x41B8", //
            "sensors#humidity, NaN, 0x2005, 0x0000 0x7FC0", //
            "faults#errors-1, 0x40000200, 0x2007, 0x0200 0x4000", //
            "faults#errors-2, 131072, 0x200E, 0x0000 0x0002", //
            "faults#overcurrent, ON, 0x2007, 0x0001", //
            "faults#spirit-offline, ON, 0x2007, 0x0000 0x2000", //
            "faults#precharge-error, ON, 0x200E, 0x0000 0x0002", //
            "outputs#out-3, ON, 0x200B, 0x0004", //
            "relays#relay-4, ON, 0x200C, 0x000B", //
            "input-signals#fuse-1, ON, 0x2000, 0xC400", //
            "input-signals#fuse-2, ON, 0x20F4, 0x0001", //
            "input-signals#close-external-1, ON, 0x20F4, 0x0020", //
            "internal-signals#heater-aux, ON, 0x200A, 0x0BD0", //
            "battery#charging, ON, 0x2009, 0x0078", //
            "logic#selected-board, 2, 0x2010, 0x0002", //
            "logic#board-count, 23, 0x2102, 0x0017", //
            "battery#state-of-charge, 50, 0x2100, 0x0000 0x4248", //
            "battery#voltage, 80, 0x2104, 0x0000 0x42A0", //
            "battery#min-cell-voltage, 3.301, 0x2106, 0x0CE5", //
            "battery#max-cell-voltage, 3.402, 0x2107, 0x0D4A", //
            "battery#min-cell-temperature, -5.5, 0x2108, 0xFFC9", //
            "battery#max-cell-temperature, 41.2, 0x2109, 0x019C", //
            "netmask, 255.255.0.0, 0x2181, 0xFFFF 0x0000", //
            "gateway, 10.0.0.1, 0x2183, 0x000A 0x0100", //
            "sensors#current-sensor-reference-calibrated, 2.5, 0x2185, 0x0000 0x4020", //
            "sensors#current-sensor-voltage, 2.5, 0x218E, 0x0000 0x4020", //
            "sensors#current-sensor-reference, 2, 0x2190, 0x0000 0x4000", //
            "sensors#aux-current-sensor-voltage, 2.5, 0x2192, 0x0000 0x4020", //
            "sensors#aux-current-sensor-reference, 2, 0x2194, 0x0000 0x4000", //
            "battery#charge-current-limit, 60, 0x219F, 0x0000 0x4270", //
            "battery#discharge-current-limit, 80, 0x21A1, 0x0000 0x42A0", //
            "battery#state, 6, 0x2410, 0x0006", //
            "battery#state-duration, 70000, 0x2411, 0x1170 0x0001", //
            "battery#nominal-capacity, 80, 0x2420, 0x0000 0x42A0", //
            "battery#max-charge-voltage, 80, 0x2422, 0x0000 0x42A0", //
            "battery#min-discharge-voltage, 80, 0x2424, 0x0000 0x42A0", //
            "battery#max-charge-current, 80, 0x2426, 0x0000 0x42A0", //
            "battery#max-discharge-current, 80, 0x2428, 0x0000 0x42A0", //
            "firmwareVersion, 1.2.3, 0x0001, 0x0203 0x0001", //
            "bootloaderVersion, 1.0.9, 0x0003, 0x0009 0x0001", //
            "hardwareVersion, 2.1, 0x0000, 0x0201", //
            "input:0x2150, 0xBEEF, 0x2150, 0xBEEF" })
    void scriptedValueStandsInItsRegisters(String id, String value, String address, String registers) {
        board.set(id, value);
        String[] expected = registers.split(" ");
        assertEquals(registers, hex(Integer.decode(address), expected.length));
    }

    @Test
    void wordOrderConcerns32BitValuesOnly() {
        TwinBoard big = new TwinBoard(32, WordOrder.BIG, clock, 1).set("battery#current", -12.5)
                .set("faults#errors-1", 0x40).set("firmwareVersion", "1.2.3");
        assertArrayEquals(new int[] { 0xC148, 0 }, big.readInput(0x2001, 2));
        assertArrayEquals(new int[] { 0, 0x40 }, big.readInput(0x2007, 2));
        assertArrayEquals(new int[] { 0x0203, 0x0001 }, big.readInput(0x0001, 2));
    }

    @Test
    void everyScriptableFlagShows() {
        for (String id : board.settable()) {
            if (!isFlag(id)) {
                continue;
            }
            board.clear("all");
            board.set(id, false);
            Set<Integer> before = setBits();
            board.set(id, true);
            assertNotEquals(before, setBits(), id);
        }
    }

    @Test
    void everyFaultHasABitOfItsOwn() {
        Set<Integer> seen = new TreeSet<>();
        for (String fault : board.faults()) {
            board.clear("all");
            board.fault(fault);
            int[] errors = read(0x2007, 9);
            long bits = errors[0] | (long) errors[1] << 16 | (long) errors[7] << 32 | (long) errors[8] << 48;
            assertEquals(1, Long.bitCount(bits), fault);
            assertTrue(seen.add(Long.numberOfTrailingZeros(bits)), fault);
        }
        assertEquals(38, seen.size());
    }

    @ParameterizedTest
    @CsvSource({ "inputs#in-1, ON", "battery#power, 5", "indicators#ds1, red", "link#requests, 1", "faults#alarm, OK",
            "battery#current, much", "battery#charging, 2", "battery#state, 6.5", "logic#board-count, -1",
            "faults#errors-1, 0x100000000", "firmwareVersion, 2.1", "input:zz, 5", "input:0x10000, 5",
            "input:0x2150, 65536", "internal-signals#all, 5", "input-signals#low, 5", "reserved, 5", "clock, 5",
            "nothing, 5" })
    void refusesWhatNoRegisterCarries(String id, String value) {
        String before = hex(0x2000, 0x12);
        assertThrows(IllegalArgumentException.class, () -> board.set(id, value));
        assertEquals(before, hex(0x2000, 0x12));
    }

    @Test
    void clearGivesTheValueBackToTheModel() {
        double model = board.number("sensors#humidity");
        board.set("sensors#humidity", 99).fault("water").set("input:0x2150", "7");
        assertEquals(99, board.number("sensors#humidity"));
        board.clear("sensors#humidity").clear("water").clear("input:0x2150");
        assertEquals(model, board.number("sensors#humidity"));
        assertFalse(board.flag("faults#water"));
        assertNull(board.readInput(0x2150, 1));
        assertThrows(IllegalArgumentException.class, () -> board.clear("nothing"));
        assertThrows(IllegalArgumentException.class, () -> board.fault("nothing"));
    }

    @Test
    void showsWhatWasSet() {
        assertEquals("ON", board.set("outputs#out-1", true).show("outputs#out-1"));
        assertEquals("-12.5", board.set("battery#current", -12.5).show("battery#current"));
        assertEquals("1.2.3", board.set("firmwareVersion", "1.2.3").show("firmwareVersion"));
        assertEquals("10.1.2.3", board.set("gateway", "10.1.2.3").show("gateway"));
    }

    @Test
    void holesReadAsZeroUnlessStrict() {
        assertArrayEquals(new int[] { 2, 0 }, board.readInput(0x2102, 2));
        assertNull(board.readInput(0x2103, 1));
        board.strictHoles(true);
        assertNull(board.readInput(0x2102, 2));
        assertArrayEquals(new int[] { 2 }, board.readInput(0x2102, 1));
        assertNotNull(board.readInput(0x2000, 0x12));
        assertNotNull(board.readInput(0x2011, 125));
        assertNull(board.readHolding(0x3FFF, 2));
        assertNull(board.readHolding(0x5100, 1));
    }

    @Test
    void selectedBoardShowsItsCells() {
        int[] first = read(0x2010, 16);
        board.write(0x4000, 2);
        int[] second = read(0x2010, 16);
        assertEquals(1, first[0]);
        assertEquals(2, second[0]);
        assertEquals(0b10100, first[1]);
        assertNotEquals(first[2], second[2]);
        assertEquals(3.3, first[2] / 1000.0, 0.2);
        assertArrayEquals(new int[] { 2 }, board.readHolding(0x4000, 1));
        board.fault("bms-logic-offline");
        assertEquals(0b10000, read(0x2011, 1)[0]);
    }

    @Test
    void initialisingBoardReportsZeros() {
        board.initialising(true);
        assertEquals(0, board.number("battery#current"));
        assertEquals(0, board.number("battery#state-of-charge"));
        assertEquals(0, board.number("logic#board-count"));
        assertEquals("0x0800 0x0000", hex(0x2009, 2));
        assertEquals(300, board.number("battery#nominal-capacity"));
        board.set("battery#current", 5);
        assertEquals(5, board.number("battery#current"));
        board.initialising(false).clear("battery#current");
        assertTrue(board.number("battery#current") < 0);
        assertTrue(board.flag("internal-signals#power-up"));
    }

    @Test
    void frozenBoardStandsStill() {
        board.frozen(true);
        String before = hex(0x2000, 0x12) + hex(0x1000, 3) + hex(0x2100, 10) + hex(0x2410, 3);
        ticker.pass(3600 * LeapTicker.SECOND);
        assertEquals(before, hex(0x2000, 0x12) + hex(0x1000, 3) + hex(0x2100, 10) + hex(0x2410, 3));
        board.frozen(false);
        ticker.pass(LeapTicker.SECOND);
        assertNotEquals(before, hex(0x2000, 0x12) + hex(0x1000, 3) + hex(0x2100, 10) + hex(0x2410, 3));
        assertEquals("0x1122 0x1326 0x0100", hex(0x1000, 3));
    }

    @Test
    void batteryGoesThroughTheWholeCycle() {
        assertEquals(2, board.number("battery#state"));
        double start = board.number("battery#state-of-charge");
        ticker.pass(60 * LeapTicker.SECOND);
        assertTrue(board.number("battery#state-of-charge") < start);
        assertTrue(board.flag("battery#discharging"));
        assertTrue(board.flag("internal-signals#discharging-contactor"));
        assertEquals(814, board.number("battery#state-duration"));

        leapUntil(6);
        assertEquals(20, board.number("battery#state-of-charge"), 0.1);
        assertEquals(0, board.number("battery#current"));
        assertFalse(board.flag("internal-signals#discharging-contactor"));

        leapUntil(1);
        ticker.pass(5 * LeapTicker.SECOND);
        assertEquals(60, board.number("battery#current"));
        assertTrue(board.flag("battery#charging"));
        assertTrue(board.flag("input-signals#charger-connected"));
        assertTrue(board.flag("relays#relay-3"));

        leapUntil(3);
        assertEquals(99.5, board.number("battery#state-of-charge"), 0.1);

        leapUntil(2);
        assertTrue(board.flag("internal-signals#precharging-contactor"));
        assertFalse(board.flag("internal-signals#discharging-contactor"));
        ticker.pass(5 * LeapTicker.SECOND);
        assertFalse(board.flag("internal-signals#precharging-contactor"));
        assertTrue(board.flag("internal-signals#discharging-contactor"));
    }

    @Test
    void valuesStayPlausibleForADay() {
        for (int minute = 0; minute < 24 * 60; minute++) {
            ticker.pass(60 * LeapTicker.SECOND);
            assertEquals(50, board.number("battery#state-of-charge"), 50);
            assertEquals(0, board.number("battery#current"), 100);
            assertEquals(81, board.number("battery#voltage"), 7);
            assertEquals(30, board.number("battery#max-cell-temperature"), 15);
            assertTrue(board.number("battery#min-cell-voltage") <= board.number("battery#max-cell-voltage"));
        }
    }

    @Test
    void speedAppliesToTheCharge() {
        TwinBoard fast = new TwinBoard(32, WordOrder.LITTLE, clock, 10);
        double start = board.number("battery#state-of-charge");
        ticker.pass(60 * LeapTicker.SECOND);
        double slowLoss = start - board.number("battery#state-of-charge");
        double fastLoss = start - fast.number("battery#state-of-charge");
        assertEquals(10, fastLoss / slowLoss, 0.01);
    }

    @Test
    void softwareControlMovesContactorsWithinTheProtections() {
        assertEquals(SoftwareControl.PHYSICAL, board.softwareControl("charge-request"));
        board.write(0x5104, 1);
        assertEquals(SoftwareControl.SET, board.softwareControl("inhibit-discharging"));
        assertTrue(board.flag("input-signals#inhibit-discharging"));
        assertFalse(board.flag("internal-signals#discharging-contactor"));
        assertEquals(0, board.number("battery#current"));
        board.write(0x5104, 2);
        assertEquals(SoftwareControl.PHYSICAL, board.softwareControl("inhibit-discharging"));
        assertTrue(board.flag("internal-signals#discharging-contactor"));
        board.write(0x510A, 0);
        assertEquals(SoftwareControl.CLEARED, board.softwareControl("discharge-request"));
        assertFalse(board.flag("internal-signals#discharging-contactor"));
        board.write(0x5108, 1);
        assertTrue(board.flag("internal-signals#charging-contactor"));
        board.fault("overvoltage");
        assertFalse(board.flag("internal-signals#charging-contactor"));
        assertEquals(0, board.number("battery#charge-current-limit"));
        board.write(0x5115, 1);
        assertTrue(board.flag("internal-signals#external-1"));
        board.write(0x5115, 65535);
        assertFalse(board.flag("internal-signals#external-1"));
    }

    @Test
    void temperatureDrivesHeaterAndCooler() {
        assertFalse(board.flag("internal-signals#heater"));
        assertTrue(board.set("battery#min-cell-temperature", 2).flag("internal-signals#heater"));
        assertTrue(board.flag("relays#relay-4"));
        assertTrue(board.set("battery#max-cell-temperature", 50).flag("internal-signals#cooler"));
    }

    private void leapUntil(int state) {
        Duration passed = Duration.ZERO;
        while (board.number("battery#state") != state) {
            ticker.pass(LeapTicker.SECOND);
            passed = passed.plusSeconds(1);
            assertTrue(passed.toHours() < 24, "state " + state + " never comes");
        }
    }

    private static boolean isFlag(String id) {
        return id.startsWith("input-signals#") || id.startsWith("internal-signals#")
                || id.startsWith("faults#") && !id.startsWith("faults#errors") || id.startsWith("relays#")
                || id.startsWith("outputs#") || id.endsWith("#charging") || id.endsWith("#discharging");
    }

    private Set<Integer> setBits() {
        Set<Integer> bits = new TreeSet<>();
        int[] registers = read(0x2000, 16);
        for (int i = 0; i < 16 * 16; i++) {
            // the measurements between the words of bits may change with a contactor
            int address = i / 16;
            if (address == 0 || address >= 7) {
                if ((registers[address] >> i % 16 & 1) != 0) {
                    bits.add(i);
                }
            }
        }
        int high = read(0x20F4, 1)[0];
        for (int bit = 0; bit < 16; bit++) {
            if ((high >> bit & 1) != 0) {
                bits.add(1000 + bit);
            }
        }
        return bits;
    }

    private int[] read(int address, int count) {
        int[] registers = board.readInput(address, count);
        assertNotNull(registers);
        return registers == null ? new int[count] : registers;
    }

    private String hex(int address, int count) {
        StringBuilder text = new StringBuilder();
        for (int register : read(address, count)) {
            text.append(text.length() == 0 ? "" : " ").append(String.format("0x%04X", register));
        }
        return text.toString();
    }
}
