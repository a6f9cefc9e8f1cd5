/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;

/**
 * Compares the catalogue with the vendor's tables. They are repeated here by number and name, as in the documentation.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CatalogueTest {

    @Test
    void everyPointHasItsOwnIdAndStandsAtItsIndex() {
        Set<String> ids = new HashSet<>();
        for (Point point : Catalogue.all()) {
            assertTrue(ids.add(point.id()), point.id());
            assertSame(point, Catalogue.all().get(point.index()), point.id());
            assertSame(point, Catalogue.byId(point.id()), point.id());
        }
        assertNull(Catalogue.byId("battery#nonsense"));
        assertEquals(Catalogue.size(), Catalogue.channels().size() + Catalogue.properties().size());
    }

    /** Numbers in registers of their own: address, layout, poll class, and limits. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            hardwareVersion                             | 0x0000 | VERSION2 | ONCE | V
            firmwareVersion                             | 0x0001 | VERSION4 | ONCE | V
            bootloaderVersion                           | 0x0003 | VERSION4 | ONCE | V
            deviceClock                                 | 0x1000 | CLOCK    | ONCE | V
            battery#current                             | 0x2001 | REAL32   | FAST | V
            sensors#external-temperature                | 0x2003 | REAL32   | FAST | V
            sensors#humidity                            | 0x2005 | REAL32   | FAST | V
            faults#errors-1                             | 0x2007 | U32      | FAST | V
            faults#errors-2                             | 0x200E | U32      | FAST | V
            logic#selected-board                        | 0x2010 | U16      | FAST | V
            battery#state-of-charge                     | 0x2100 | REAL32   | FAST | V
            logic#board-count                           | 0x2102 | U16      | FAST | V
            sensors#current-sensor-reference-calibrated | 0x2185 | REAL32   | SLOW | V
            sensors#current-sensor-voltage              | 0x218E | REAL32   | SLOW | V
            sensors#current-sensor-reference            | 0x2190 | REAL32   | SLOW | V
            sensors#aux-current-sensor-voltage          | 0x2192 | REAL32   | SLOW | V
            sensors#aux-current-sensor-reference        | 0x2194 | REAL32   | SLOW | V
            battery#charge-current-limit                | 0x219F | REAL32   | SLOW | V
            battery#discharge-current-limit             | 0x21A1 | REAL32   | SLOW | V
            battery#state                               | 0x2410 | U16      | SLOW | V
            battery#state-duration                      | 0x2411 | U32      | SLOW | V
            battery#nominal-capacity                    | 0x2420 | REAL32   | SLOW | V
            battery#max-charge-voltage                  | 0x2422 | REAL32   | SLOW | V
            battery#min-discharge-voltage               | 0x2424 | REAL32   | SLOW | V
            battery#max-charge-current                  | 0x2426 | REAL32   | SLOW | V
            battery#max-discharge-current               | 0x2428 | REAL32   | SLOW | V
            """)
    void readsNumbersWhereTheVendorsTableHasThem(String id, String address, WireType type, PollClass pollClass,
            Confidence confidence) {
        Point point = point(id);
        assertEquals(RegisterLocation.input(Integer.decode(address), type), point.register());
        assertEquals(pollClass, point.pollClass());
        assertEquals(confidence, point.confidence());
        assertEquals(Origin.WIRE, point.origin());
    }

    /** Input signals (protocol, section 5): 0-15 in register 0x2000, 16-31 in 0x20F4. */
    @ParameterizedTest(name = "input signal {0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
             0 | battery-cover                  | V
             1 | charger-connected              | V
             2 | power-request                  | N
             3 | inhibit-charging               | N
             4 | inhibit-discharging            | N
             5 | charging-contactor-feedback    | V
             6 | discharging-contactor-feedback | N
             7 | insulation-status              | N
             8 | charge-request                 | V
             9 | precharge-request              | I
            10 | discharge-request              | I
            11 | precharge-contactor-feedback   | I
            12 | common-contactor-feedback      | V
            13 | main-contactor-feedback        | I
            14 | interlock                      | I
            15 | fuse-1                         | I
            16 | fuse-2                         | V
            17 | fuse-3                         | V
            18 | circuit-breaker                | V
            19 | balancing-request              | V
            20 | close-main-contactor           | V
            21 | close-external-1               | V
            """)
    void hasEveryInputSignal(int number, String name, Confidence confidence) {
        Point point = point("input-signals#" + name);
        int register = number < 16 ? 0x2000 : 0x20F4;
        assertEquals(RegisterLocation.inputBit(register, WireType.U16, number % 16), point.register());
        assertEquals(confidence, point.confidence());
        assertEquals(Kind.FLAG, point.kind());
        assertEquals(PollClass.FAST, point.pollClass());
        // TPDO1 byte 0 carries signals 0-7, TPDO3 bytes 4-5 carry 8-23.
        assertEquals(number < 8 ? PdoLocation.tpdoBit(1, 8, 0, WireType.U8, number)
                : PdoLocation.tpdoBit(3, 0, 4, WireType.U16, number - 8), point.canLocations().get(0));
    }

    @Test
    void hasNoInputSignalBeside() {
        assertEquals(22, count("input-signals"));
    }

    /** Internal signals (protocol, section 6): bits of the double word at 0x2009. */
    @ParameterizedTest(name = "internal signal {0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
             0 | internal-signals#low-soc                   | N
             1 | internal-signals#high-charging-current     | N
             2 | internal-signals#charging-contactor        | C
             3 | internal-signals#allow-charging            | V
             4 | battery#charging                           | C
             5 | internal-signals#discharging-contactor     | C
             6 | battery#discharging                        | N
             7 | internal-signals#voltage-too-high          | N
             8 | internal-signals#heater                    | N
             9 | internal-signals#cooler                    | N
            10 | internal-signals#hyg-shutdown              | N
            11 | internal-signals#initialisation            | C
            12 | internal-signals#precharging-contactor     | C
            13 | internal-signals#combilift-shutdown        | C
            14 | internal-signals#cell-analysis             | N
            15 | internal-signals#balancing-1               | V
            16 | internal-signals#balancing-2               | V
            17 | internal-signals#discharging-aux-contactor | N
            18 | internal-signals#power-down-acknowledged   | N
            19 | internal-signals#crown-ews                 | C
            20 | internal-signals#main-contactor            | C
            21 | internal-signals#service-reset             | C
            22 | internal-signals#common-contactor          | C
            23 | internal-signals#ready-to-charge           | C
            24 | internal-signals#ready-to-discharge        | C
            25 | internal-signals#power-up                  | V
            26 | internal-signals#external-1                | V
            27 | internal-signals#heater-aux                | V
            """)
    void hasEveryInternalSignal(int bit, String id, Confidence confidence) {
        Point point = point(id);
        assertEquals(RegisterLocation.inputBit(0x2009, WireType.U32, bit), point.register());
        assertEquals(confidence, point.confidence());
        assertEquals(Kind.FLAG, point.kind());
        assertEquals(PollClass.FAST, point.pollClass());
        assertEquals(List.of(PdoLocation.tpdoBit(2, 8, 0, WireType.U32, bit)), point.canLocations());
        // The current sensor, which is calibrated meanwhile, determines whether current flows; the firmware
        // determines all others.
        assertEquals(bit != 4 && bit != 6, point.isReadingWhileInitialising());
    }

    @Test
    void hasNoInternalSignalBeside() {
        assertEquals(26, count("internal-signals"));
    }

    /** Faults (protocol, section 7): errors 1 at 0x2007, errors 2 at 0x200E; the last column is "critical". */
    @ParameterizedTest(name = "errors {0} bit {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            1 |  0 | overcurrent                            | C | false
            1 |  1 | undervoltage                           | C | false
            1 |  2 | overvoltage                            | C | false
            1 |  3 | low-temperature-discharging            | C | false
            1 |  4 | high-temperature-discharging           | C | false
            1 |  5 | battery-cover-open                     | V | true
            1 |  6 | high-humidity                          | N | false
            1 |  7 | water                                  | N | false
            1 |  8 | bms-logic-overheated                   | V | false
            1 |  9 | bms-logic-offline                      | N | false
            1 | 10 | critical-error                         | C | true
            1 | 11 | crown-truck                            | C | false
            1 | 12 | cell-count-mismatch                    | V | true
            1 | 13 | hyg-offline                            | C | false
            1 | 14 | journal-unacknowledged                 | C | false
            1 | 15 | combilift-offline                      | C | false
            1 | 16 | short-circuit                          | C | false
            1 | 17 | contactor-overheated                   | C | false
            1 | 19 | adc-error                              | V | true
            1 | 20 | current-sensor-fault                   | C | false
            1 | 21 | charging-contactor-cycle-limit         | V | false
            1 | 22 | discharging-contactor-cycle-limit      | C | false
            1 | 23 | current-sensor-module-offline          | C | false
            1 | 24 | current-sensor-module-fault            | C | false
            1 | 26 | watchdog-restart                       | C | false
            1 | 27 | no-temperature-sensors                 | C | false
            1 | 28 | temperature-sensor-shorted             | C | false
            1 | 29 | spirit-offline                         | C | false
            2 |  0 | low-temperature-charging               | V | false
            2 |  1 | high-temperature-charging              | C | false
            2 |  2 | sd-card-mount                          | C | false
            2 |  3 | sd-card-read-write                     | C | false
            2 |  4 | charging-through-discharging-contactor | C | false
            2 |  5 | contactor-stuck                        | C | false
            2 |  8 | insulation-fault                       | C | false
            2 | 12 | contactor-feedback-error               | C | false
            2 | 13 | general-error                          | V | false
            2 | 17 | precharge-error                        | V | false
            """)
    void hasEveryFault(int word, int bit, String name, Confidence confidence, boolean critical) {
        Point point = point("faults#" + name);
        assertEquals(RegisterLocation.inputBit(word == 1 ? 0x2007 : 0x200E, WireType.U32, bit), point.register());
        assertEquals(confidence, point.confidence());
        assertEquals(critical, point.isCritical());
        assertEquals(PollClass.FAST, point.pollClass());
        assertTrue(Catalogue.FAULTS.contains(point));
        assertEquals(PdoLocation.tpdoBit(word == 1 ? 2 : 3, word == 1 ? 8 : 0, word == 1 ? 4 : 0, WireType.U32, bit),
                point.canLocations().get(0));
    }

    @Test
    void hasNoFaultBesideAndListsThemByWordAndBit() {
        assertEquals(28 + 10, Catalogue.FAULTS.size());
        List<Integer> places = new ArrayList<>();
        for (Point fault : Catalogue.FAULTS) {
            places.add(register(fault).address() << 8 | register(fault).bit());
        }
        assertEquals(new ArrayList<>(new TreeSet<>(places)), places);
    }

    /** Bits that the vendor declares unused reveal the word order: 30-31 of errors 1, 18-31 of errors 2. */
    @Test
    void knowsTheUnusedBitsOfTheFaultWords() {
        assertEquals(0xC000_0000L, Catalogue.ERRORS_1.unusedBits());
        assertEquals(0xFFFC_0000L, Catalogue.ERRORS_2.unusedBits());
    }

    /** Discrete outputs: bits 0-3 of 0x200B. */
    @Test
    void readsTheOutputs() {
        for (int i = 0; i < 4; i++) {
            Point output = point("outputs#out-" + (i + 1));
            assertEquals(RegisterLocation.inputBit(0x200B, WireType.U16, i), output.register());
            assertEquals(Confidence.I, output.confidence());
        }
    }

    /** Unpublished values are channels without a location, which the user may configure. */
    @ParameterizedTest
    @CsvSource({ "battery#voltage", "battery#min-cell-voltage", "battery#max-cell-voltage",
            "battery#min-cell-temperature", "battery#max-cell-temperature" })
    void leavesGapsOfThePublicMapWithoutARegister(String id) {
        assertNull(point(id).register());
        assertEquals(Confidence.GAP, point(id).confidence());
    }

    /** TPDO1: current S16 0.1 A in bytes 1-2, temperatures S8 in 3 and 4, SOC U8 in 5, voltage U16 0.1 V in 6-7. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            battery#current              | 1 | S16 | 0.1
            battery#min-cell-temperature | 3 | S8  | 1
            battery#max-cell-temperature | 4 | S8  | 1
            battery#state-of-charge      | 5 | U8  | 1
            battery#voltage              | 6 | U16 | 0.1
            """)
    void knowsTheMeasurementsOfTpdo1(String id, int offset, WireType type, double scale) {
        assertEquals(List.of(PdoLocation.tpdo(1, 8, offset, type, scale)), point(id).canLocations());
    }

    /**
     * The first two versions read only within the public map, and nothing of the selected BMS Logic board, whose
     * layout is unpublished.
     */
    @Test
    void readsOnlyPublicRegisters() {
        for (Point point : Catalogue.all()) {
            RegisterLocation place = point.register();
            if (place != null && point.style().since() <= 2) {
                assertEquals(Table.INPUT, place.table(), point.id());
                assertTrue(place.address() <= 0x2010 || place.address() >= 0x20F4, point.id());
                assertTrue(place.end() <= 0x242A, point.id());
            }
        }
    }

    @Test
    void listsRelaysInputsAndIndicatorsInTheirOrder() {
        assertEquals("relays#relay-1 relays#relay-2 relays#relay-3 relays#relay-4", ids(Catalogue.RELAYS));
        assertEquals("inputs#in-1 inputs#in-2 inputs#in-3 inputs#in-4", ids(Catalogue.INPUTS));
        assertEquals(8, count("indicators"));
        for (int i = 1; i <= 8; i++) {
            assertEquals(List.of("off", "red", "green", "blinking-green", "blinking-red", "blinking-yellow-2hz",
                    "blinking-yellow-25hz"), point("indicators#ds" + i).options());
        }
    }

    /** 6 = relaxed after discharging; the other numbers have no public name and stay numbers. */
    @ParameterizedTest
    @CsvSource({ "0, state-0", "5, state-5", "6, relaxed-after-discharging", "7, state-7", "255, state-255" })
    void namesTheBatteryState(int number, String word) {
        assertEquals(word, Catalogue.STATE.option(number));
    }

    private static Point point(String id) {
        Point point = Catalogue.byId(id);
        if (point == null) {
            return fail("no point " + id);
        }
        return point;
    }

    private static RegisterLocation register(Point point) {
        RegisterLocation register = point.register();
        if (register == null) {
            return fail("no register: " + point);
        }
        return register;
    }

    private static long count(String group) {
        return Catalogue.all().stream().filter(point -> group.equals(point.group())).count();
    }

    private static String ids(List<Point> points) {
        return points.stream().map(Point::id).collect(Collectors.joining(" "));
    }
}
