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

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which values may be published: limits, ages, initialisation, and derived values.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BoardAssemblerTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    /** Close to the end of the range, so that comparisons of times without a difference fail. */
    private static final long START = Long.MAX_VALUE - 2 * SECOND;

    private long now = START;
    private BoardAssembler assembler = new BoardAssembler(Setups.standard());

    /** The extreme valid value, and the first invalid one. */
    @ParameterizedTest(name = "{0}: {1}..{2}")
    @CsvSource(delimiter = '|', textBlock = """
            battery#state-of-charge                     |      0 |    100
            battery#voltage                             |      0 |   2000
            battery#current                             | -10000 |  10000
            battery#state                               |      0 |    255
            battery#state-duration                      |      0 |    1e9
            battery#min-cell-voltage                    |      0 |      6
            battery#max-cell-voltage                    |      0 |      6
            battery#min-cell-temperature                |    -60 |    125
            battery#max-cell-temperature                |    -60 |    125
            battery#charge-current-limit                |      0 |  10000
            battery#discharge-current-limit             |      0 |  10000
            battery#nominal-capacity                    |4.9E-324| 100000
            battery#max-charge-voltage                  |      0 |   2000
            battery#min-discharge-voltage               |      0 |   2000
            battery#max-charge-current                  |      0 |  10000
            battery#max-discharge-current               |      0 |  10000
            sensors#humidity                            |      0 |    100
            sensors#external-temperature                |    -60 |    125
            sensors#current-sensor-voltage              |     -1 |      6
            sensors#current-sensor-reference            |     -1 |      6
            sensors#current-sensor-reference-calibrated |     -1 |      6
            sensors#aux-current-sensor-voltage          |     -1 |      6
            sensors#aux-current-sensor-reference        |     -1 |      6
            logic#board-count                           |      1 |     23
            logic#selected-board                        |      0 |    247
            """)
    void refusesWhatPhysicallyCannotBe(String id, double min, double max) {
        for (double value : new double[] { min, max }) {
            assembler = new BoardAssembler(Setups.standard());
            put(id, value);
            assertEquals(value, number(id));
            assertEquals(0, assembler.rejectedValues());
        }
        for (double value : new double[] { Math.nextDown(min), Math.nextUp(max), Double.NaN, Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY }) {
            assembler = new BoardAssembler(Setups.standard());
            put(id, value);
            assertUnknown(id);
            assertEquals(1, assembler.rejectedValues(), () -> id + " " + value);
        }
    }

    @Test
    void aRefusedValueTakesTheGoodOneBeforeWithIt() {
        put("battery#state-of-charge", 55);
        put("battery#state-of-charge", 101);
        assertUnknown("battery#state-of-charge");
        put("battery#state-of-charge", Double.NaN);
        assertEquals(2, assembler.rejectedValues());
        put("battery#state-of-charge", 55);
        assertEquals(55, number("battery#state-of-charge"));
        assertEquals(2, assembler.rejectedValues());
    }

    @Test
    void countsBytesThatMakeNoWords() {
        assembler.putText(Catalogue.DEVICE_CLOCK, null, now);
        assertNull(snapshot().text(Catalogue.DEVICE_CLOCK));
        assertEquals(1, assembler.rejectedValues());
    }

    @Test
    void nothingIsKnownBeforeItWasRead() {
        BoardSnapshot snapshot = snapshot();
        for (Point point : Catalogue.all()) {
            assertFalse(snapshot.isKnown(point), point.id());
            assertNull(snapshot.text(point), point.id());
            assertNull(snapshot.flag(point), point.id());
            assertNull(snapshot.time(point), point.id());
            assertFalse(snapshot.isSet(point), point.id());
        }
    }

    /**
     * A value is valid for the lifetime of its poll class, to the nanosecond; versions as long as the board is there.
     */
    @ParameterizedTest(name = "{0} counts for {1} s")
    @CsvSource({ "battery#current, 5", "input-signals#fuse-1, 5", "battery#nominal-capacity, 90", "battery#state, 90" })
    void aValueGoesWhenItIsOld(String id, long seconds) {
        put(id, 1);
        now += seconds * SECOND;
        assertEquals(1, number(id));
        now++;
        assertUnknown(id);
    }

    @Test
    void versionsDoNotAge() {
        assembler.putText(Catalogue.FIRMWARE_VERSION, "2.7.1", now);
        now += 1_000_000 * SECOND;
        assertEquals("2.7.1", snapshot().text(Catalogue.FIRMWARE_VERSION));
    }

    @Test
    void theNumbersOfTheLinkDoNotAge() {
        assembler.put(Catalogue.REQUESTS, 17, now);
        now += 1_000_000 * SECOND;
        assertEquals(17, number("link#requests"));
    }

    @Test
    void forgetsTheBoardButNotTheLink() {
        put("battery#current", 1);
        assembler.putText(Catalogue.FIRMWARE_VERSION, "2.7.1", now);
        assembler.put(Catalogue.REQUESTS, 17, now);
        assembler.forgetBoard();
        assertUnknown("battery#current");
        assertNull(snapshot().text(Catalogue.FIRMWARE_VERSION));
        assertEquals(17, number("link#requests"));
    }

    @Test
    void forgetsCustomValuesWithTheBoard() {
        Point custom = Point.custom(Catalogue.size(), "my-register", Kind.COUNT,
                RegisterLocation.input(0x3000, WireType.U16));
        assembler = new BoardAssembler(Setups.customPoints(custom));
        assembler.put(custom, 42, now);
        assertEquals(42, snapshot().number(custom));
        assembler.forgetBoard();
        assertFalse(snapshot().isKnown(custom));
    }

    /** While the board initialises it may report zeros: it calibrates the current sensor and searches the boards. */
    @Test
    void measurementsOfAnInitialisingBoardAreNone() {
        for (Point point : Catalogue.all()) {
            if (point.origin() == Point.Origin.WIRE && point.kind() != Kind.TEXT) {
                assembler.put(point, 0, now);
            }
        }
        put("internal-signals#initialisation", 1);
        BoardSnapshot snapshot = snapshot();
        for (Point point : Catalogue.channels()) {
            switch (point.group()) {
                case "battery", "sensors", "logic" -> assertFalse(snapshot.isKnown(point), point.id());
                case "input-signals", "internal-signals", "outputs", "relays" ->
                    assertTrue(snapshot.isKnown(point), point.id());
                default -> {
                    // covered by other tests
                }
            }
        }
        assertFalse(snapshot.isKnown(Catalogue.ALARM), "that it reports no fault says nothing");
        assertFalse(snapshot.isKnown(Catalogue.ACTIVE_COUNT));
        assertFalse(snapshot.isKnown(Catalogue.CRITICAL));
    }

    @Test
    void measurementsCountWhenInitialisationIsOver() {
        put("battery#current", 3);
        put("internal-signals#initialisation", 0);
        assertEquals(3, number("battery#current"));
    }

    @Test
    void aFaultOfAnInitialisingBoardCounts() {
        faults(1L << 5, 0);
        put("internal-signals#initialisation", 1);
        assertEquals(1, number("faults#alarm"));
        assertEquals(1, number("faults#active-count"));
        assertEquals(1, number("faults#critical"));
    }

    @Test
    void customNumbersOfAnInitialisingBoardAreNoneButBitsAndWordsAre() {
        Point number = custom(0, Kind.COUNT, WireType.U16);
        Point bit = custom(1, Kind.FLAG, WireType.U16);
        Point words = custom(2, Kind.TEXT, WireType.CHARACTERS);
        assembler = new BoardAssembler(Setups.customPoints(number, bit, words));
        assembler.put(number, 42, now);
        assembler.put(bit, 1, now);
        assembler.putText(words, "A7", now);
        put("internal-signals#initialisation", 1);
        BoardSnapshot snapshot = snapshot();
        assertFalse(snapshot.isKnown(number));
        assertTrue(snapshot.isSet(bit));
        assertEquals("A7", snapshot.text(words));
    }

    /** If the user configures that the board itself provides a sum, its reading is a measurement like others. */
    @Test
    void powerThatIsReadFromAnInitialisingBoardIsNone() {
        assembler = new BoardAssembler(
                Setups.locations(Map.of(Catalogue.POWER, RegisterLocation.input(0x2106, WireType.REAL32))));
        assembler.put(Catalogue.POWER, 0, now);
        put("internal-signals#initialisation", 1);
        assertUnknown("battery#power");
    }

    /** The word was received, but it is unclear which of its bits are set: zeros of the board may be due to a start. */
    @Test
    void measurementsAreNoneWhileItIsUnclearWhetherTheBoardInitialises() {
        faults(0, 0);
        put("battery#current", 0);
        assembler.putUnclear(Catalogue.INITIALISATION, now);
        assertUnknown("battery#current");
        assertUnknown("faults#alarm");
        assertUnknown("internal-signals#initialisation");
        assertEquals(0, assembler.rejectedValues());
    }

    @Test
    void measurementsAreNoneWhenTheWordThatTheBoardInitialisesIsOld() {
        put("internal-signals#initialisation", 1);
        now += 6 * SECOND;
        put("battery#current", 0);
        assertUnknown("battery#current");
    }

    /**
     * Values received before the end of the initialisation may have been read during it: on CAN, and while the word
     * order was unknown, nothing else indicates this.
     */
    @ParameterizedTest
    @ValueSource(doubles = { 1, Double.NaN })
    void whatWasReadBeforeTheWordThatTheBoardIsReadyDoesNotComeUp(double before) {
        put("battery#nominal-capacity", 0);
        if (before == 1) {
            put("internal-signals#initialisation", 1);
        } else {
            assembler.putUnclear(Catalogue.INITIALISATION, now);
        }
        now += SECOND;
        put("battery#state-of-charge", 0);
        put("input-signals#fuse-1", 1);
        now += 20_000_001;
        put("battery#current", 3);
        now += 20_000_000;
        put("internal-signals#initialisation", 0);
        assertUnknown("battery#nominal-capacity");
        assertUnknown("battery#state-of-charge");
        assertEquals(1, number("input-signals#fuse-1"));
        assertEquals(3, number("battery#current"), "of the same moment as the word");
        put("battery#state-of-charge", 55);
        assertEquals(55, number("battery#state-of-charge"));
    }

    @Test
    void measurementsCountWhereTheBoardDoesNotTellWhetherItInitialises() {
        assembler.putUnclear(Catalogue.INITIALISATION, now);
        assembler.forget(Catalogue.INITIALISATION);
        put("battery#current", 3);
        assertEquals(3, number("battery#current"));
    }

    @ParameterizedTest(name = "{0} V * {1} A = {2} W")
    @CsvSource({ "52.4, -12.5, -655", "50.8, 9.0, 457.2", "400.1, 0.1, 40.01", "48.123, 1.111, 53.465", "0, 100, 0" })
    void powerIsVoltageTimesCurrent(double voltage, double current, double power) {
        put("battery#voltage", voltage);
        put("battery#current", current);
        assertEquals(power, number("battery#power"));
    }

    @Test
    void powerIsUnknownWithoutVoltageOrCurrent() {
        put("battery#current", 10);
        assertUnknown("battery#power");
        put("battery#voltage", 50);
        assertEquals(500, number("battery#power"));
        now += 3 * SECOND;
        put("battery#current", 10);
        now += 3 * SECOND;
        assertUnknown("battery#power");
    }

    @Test
    void readsPowerWhereTheUserSaysThatItStands() {
        assembler = new BoardAssembler(
                Setups.locations(Map.of(Catalogue.POWER, RegisterLocation.input(0x2106, WireType.REAL32))));
        put("battery#voltage", 50);
        put("battery#current", 10);
        assembler.put(Catalogue.POWER, 498.5, now);
        assertEquals(498.5, number("battery#power"));
    }

    /** By the manual: relay 1 discharging contactor, 2 allow charging, 3 charging contactor, 4 heater. */
    @ParameterizedTest(name = "{0} drives relay {1} and indicator {2}")
    @CsvSource({ "discharging-contactor, 1, ds7", "allow-charging, 2, ds8", "charging-contactor, 3, ds5",
            "heater, 4, ds6" })
    void aRelayAndItsIndicatorShowTheFunctionByTheManual(String function, int relay, String indicator) {
        put("internal-signals#" + function, 1);
        assertEquals(1, number("relays#relay-" + relay));
        assertEquals("green", text("indicators#" + indicator));
        put("internal-signals#" + function, 0);
        assertEquals(0, number("relays#relay-" + relay));
        assertEquals("off", text("indicators#" + indicator));
        assembler.forget(point("internal-signals#" + function));
        assertUnknown("relays#relay-" + relay);
        assertUnknown("indicators#" + indicator);
    }

    @Test
    void aRelayFollowsTheFunctionThatTheInstallerGaveIt() {
        assembler = new BoardAssembler(
                Setups.functions(Arrays.asList(Catalogue.COOLER, null, Catalogue.MAIN_CONTACTOR, Catalogue.COOLER),
                        Setups.noFunctions()));
        put("internal-signals#cooler", 1);
        put("internal-signals#main-contactor", 0);
        put("internal-signals#allow-charging", 1);
        assertEquals(1, number("relays#relay-1"));
        assertUnknown("relays#relay-2");
        assertUnknown("indicators#ds8");
        assertEquals(0, number("relays#relay-3"));
        assertEquals(1, number("relays#relay-4"));
    }

    @Test
    void anInputFollowsTheSignalThatTheInstallerAssignedAndIsUnknownWithoutOne() {
        List<@Nullable Point> inputs = Arrays.asList(Catalogue.CHARGER_CONNECTED, null, Catalogue.FUSE_3,
                Catalogue.INTERLOCK);
        assembler = new BoardAssembler(Setups.functions(BoardSetup.DEFAULT_RELAY_FUNCTIONS, inputs));
        put("input-signals#charger-connected", 1);
        put("input-signals#fuse-3", 0);
        assertEquals(1, number("inputs#in-1"));
        assertUnknown("inputs#in-2");
        assertEquals(0, number("inputs#in-3"));
        assertUnknown("inputs#in-4");
    }

    @Test
    void readsARelayWhereTheUserSaysThatTheBoardTellsIt() {
        assembler = new BoardAssembler(
                Setups.locations(Map.of(Catalogue.RELAY_1, RegisterLocation.inputBit(0x200C, WireType.U16, 0))));
        put("internal-signals#discharging-contactor", 1);
        assembler.put(Catalogue.RELAY_1, 0, now);
        assertEquals(0, number("relays#relay-1"));
        assertEquals("off", text("indicators#ds7"));
    }

    /** DS1 power and DS2 operation: both are on for a board that responds. */
    @Test
    void aBoardThatAnswersIsPoweredAndRunsItsFirmware() {
        assertUnknown("indicators#ds1");
        assertUnknown("indicators#ds2");
        put("internal-signals#initialisation", 0);
        assertEquals("red", text("indicators#ds1"));
        assertEquals("blinking-green", text("indicators#ds2"));
    }

    /** DS3 communication and DS4 errors, according to the manual's tables; empty if those do not define it. */
    @ParameterizedTest(name = "initialisation {0}, BMS Logic offline {1}: DS3 {2}, DS4 {3}")
    @CsvSource({ "1, 0, blinking-yellow-2hz, off", "1, 1, blinking-yellow-2hz, blinking-red",
            "0, 0, blinking-yellow-25hz, off", "0, 1, , blinking-red", "0, , , ", "1, , blinking-yellow-2hz, ",
            ", 0, , off", ", , ," })
    void showsTheLinkToTheLogicBoards(@Nullable Integer initialisation, @Nullable Integer offline, @Nullable String ds3,
            @Nullable String ds4) {
        if (initialisation != null) {
            put("internal-signals#initialisation", initialisation);
        }
        if (offline != null) {
            put("faults#bms-logic-offline", offline);
        }
        assertEquals(ds3, text("indicators#ds3"));
        assertEquals(ds4, text("indicators#ds4"));
    }

    /** The words errors 1 and 2, then alarm (0 = none), number of active faults, and critical. */
    @ParameterizedTest(name = "{0} {1}: alarm {2}, {3} active, critical {4}")
    @CsvSource({ //
            "00000000, 00000000, 0, 0, 0", //
            "00000001, 00000000, 1, 1, 0", // overcurrent
            "00000020, 00000000, 1, 1, 1", // battery cover open
            "00000400, 00000000, 1, 1, 1", // critical error
            "00001000, 00000000, 1, 1, 1", // cell count mismatch
            "00080000, 00000000, 1, 1, 1", // ADC error
            "00000000, 00020000, 1, 1, 0", // precharge error
            "00040000, 00000000, 1, 1, 0", // bit 18 of errors 1 has no public meaning
            "02000000, 000000C0, 1, 3, 0", // neither have bit 25, and bits 6 and 7 of errors 2
            "80000000, 80000000, 1, 2, 0", // nor the highest bits
            "FFFFFFFF, FFFFFFFF, 1, 64, 1" })
    void sumsUpTheFaults(String errors1, String errors2, int alarm, int active, int critical) {
        faults(Long.parseLong(errors1, 16), Long.parseLong(errors2, 16));
        assertEquals(alarm, number("faults#alarm"));
        assertEquals(active, number("faults#active-count"));
        assertEquals(critical, number("faults#critical"));
    }

    /** Half of the faults are not read: the other half does not prove that all is well. */
    @ParameterizedTest
    @ValueSource(ints = { 1, 2 })
    void isNotWellWhileAWordIsUnknown(int known) {
        put("internal-signals#initialisation", 0);
        faultWord(known, 0);
        assertUnknown("faults#alarm");
        assertUnknown("faults#active-count");
        assertUnknown("faults#critical");
    }

    @Test
    void aFaultIsAnAlarmEvenWhileTheOtherWordIsUnknown() {
        faultWord(1, 1 << 19);
        assertEquals(1, number("faults#alarm"));
        assertEquals(1, number("faults#critical"));
        assertUnknown("faults#active-count");
    }

    private void faults(long errors1, long errors2) {
        faultWord(1, errors1);
        faultWord(2, errors2);
    }

    /** Sets the word and its bits, as both connections do. */
    private void faultWord(int word, long bits) {
        Point errors = word == 1 ? Catalogue.ERRORS_1 : Catalogue.ERRORS_2;
        RegisterLocation place = errors.register();
        assembler.put(errors, bits, now);
        for (Point fault : Catalogue.FAULTS) {
            RegisterLocation location = fault.register();
            if (location != null && place != null && location.address() == place.address()) {
                assembler.put(fault, bits >> location.bit() & 1, now);
            }
        }
    }

    private Point custom(int number, Kind kind, WireType type) {
        return Point.custom(Catalogue.size() + number, "custom-" + number, kind, RegisterLocation.input(0x3000, type));
    }

    private static Point point(String id) {
        Point point = Catalogue.byId(id);
        return point != null ? point : fail("no point " + id);
    }

    private void put(String id, double value) {
        assembler.put(point(id), value, now);
    }

    private BoardSnapshot snapshot() {
        return assembler.snapshot(now, NOW);
    }

    private double number(String id) {
        return snapshot().number(point(id));
    }

    private @Nullable String text(String id) {
        return snapshot().text(point(id));
    }

    private void assertUnknown(String id) {
        assertFalse(snapshot().isKnown(point(id)), id);
        assertTrue(Double.isNaN(number(id)), id);
    }
}
