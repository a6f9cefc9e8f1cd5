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

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.LocationLine.LineException;
import org.openhab.binding.bmsmain.internal.board.LocationLine.PlaceSyntax;

/**
 * Lines in which users specify the location of a value. Here the location is U16 at the number after the equals sign.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class LocationLineTest {

    private static final PlaceSyntax NUMBER = (point, text) -> RegisterLocation
            .input(LocationLine.number(text, 0xFFFF, Reason.ADDRESS), WireType.U16);

    @Test
    void readsLinesInTheirOrderAndPassesOverEmptyOnes() throws Exception {
        Map<Point, Location> locations = LocationLine.parseAll(
                Arrays.asList("battery#voltage = 0x2104", "", "  ", "relays#relay-1=12", "battery#state=  7  "),
                NUMBER);
        assertEquals(List.of(Catalogue.VOLTAGE, Catalogue.RELAY_1, Catalogue.STATE), List.copyOf(locations.keySet()));
        assertEquals(RegisterLocation.input(0x2104, WireType.U16), locations.get(Catalogue.VOLTAGE));
        assertEquals(RegisterLocation.input(12, WireType.U16), locations.get(Catalogue.RELAY_1));
        assertEquals(RegisterLocation.input(7, WireType.U16), locations.get(Catalogue.STATE));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            battery#voltage                    | NO_EQUALS       | battery#voltage
            battery#nonsense = 1               | UNKNOWN_CHANNEL | battery#nonsense
            = 1                                | UNKNOWN_CHANNEL | ''
            firmwareVersion = 1                | UNKNOWN_CHANNEL | firmwareVersion
            Battery#Voltage = 1                | UNKNOWN_CHANNEL | Battery#Voltage
            faults#alarm = 1                   | NOT_READABLE    | faults#alarm
            link#requests = 1                  | NOT_READABLE    | link#requests
            link#last-update = 1               | NOT_READABLE    | link#last-update
            indicators#ds1 = 1                 | NOT_READABLE    | indicators#ds1
            battery#voltage =                  | ADDRESS         | ''
            battery#voltage = abc              | ADDRESS         | abc
            """)
    void saysWhichLineIsWrongAndWhy(String line, Reason reason, String text) {
        LineException e = assertThrows(LineException.class,
                () -> LocationLine.parseAll(List.of("battery#current = 1", "", line), NUMBER));
        assertEquals(3, e.line());
        assertEquals(reason, e.reason().reason());
        assertEquals(text, e.reason().text());
    }

    @Test
    void refusesAChannelThatIsNamedTwice() {
        LineException e = assertThrows(LineException.class,
                () -> LocationLine.parseAll(List.of("battery#voltage = 1", "battery#voltage = 2"), NUMBER));
        assertEquals(2, e.line());
        assertEquals(Reason.DUPLICATE, e.reason().reason());
        assertEquals("battery#voltage", e.reason().text());
    }

    /** Decimal, or hexadecimal after 0x; leading zeros have no effect. */
    @ParameterizedTest
    @CsvSource({ "0, 0", "65535, 65535", "0x2104, 8452", "0XfFfF, 65535", "' 12 ', 12", "010, 10", "0089, 89" })
    void readsNumbers(String text, int number) throws Exception {
        assertEquals(number, LocationLine.number(text, 0xFFFF, Reason.ADDRESS));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "-1", "-0", "+1", "65536", "0x10000", "99999999999", "0x", "2104h", "#2104", "1.5",
            "1e3", "0x-1", "1 2", "\u0661" })
    void refusesNumbers(String text) {
        LocationException e = assertThrows(LocationException.class,
                () -> LocationLine.number(text, 0xFFFF, Reason.ADDRESS));
        assertEquals(Reason.ADDRESS, e.reason());
        assertEquals(text, e.text());
    }

    @ParameterizedTest
    @CsvSource({ "1, 1", "0.1, 0.1", "-1, -1", "' 1e-3 ', 0.001", "1000, 1000" })
    void readsScales(String text, double scale) throws Exception {
        assertEquals(scale, LocationLine.scale(text));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "0", "0.0", "x", "NaN", "Infinity", "1e400", "0,1", "1f", "0x1p3" })
    void refusesScales(String text) {
        assertEquals(Reason.SCALE, assertThrows(LocationException.class, () -> LocationLine.scale(text)).reason());
    }

    /** Such a line took half a minute, and its text was included in the status of the Thing. */
    @Test
    void numbersOfAMillionDigitsAreRefusedAtOnce() {
        String digits = "9".repeat(1_000_000);
        for (String text : List.of(digits, "0x" + digits, "1" + digits + "x")) {
            LocationException e = assertTimeoutPreemptively(Duration.ofSeconds(5),
                    () -> assertThrows(LocationException.class,
                            () -> LocationLine.number(text, 0xFFFF, Reason.ADDRESS)));
            assertTrue(e.text().length() < 200 && String.valueOf(e.getMessage()).length() < 300, e.text());
        }
        for (String text : List.of(digits, "0." + digits, "1e" + digits)) {
            LocationException e = assertTimeoutPreemptively(Duration.ofSeconds(5),
                    () -> assertThrows(LocationException.class, () -> LocationLine.scale(text)));
            assertTrue(e.text().length() < 200, e.text());
        }
    }

    @Test
    void aMillionZerosBeforeANumberMeanNothing() {
        assertEquals(7, assertTimeoutPreemptively(Duration.ofSeconds(5),
                () -> LocationLine.number("0".repeat(1_000_000) + "7", 0xFFFF, Reason.ADDRESS)));
    }

    /** Type and bit; -1 = a whole number. */
    @ParameterizedTest
    @CsvSource({ "U8, 7, U8", "s8, -1, S8", "u16, 15, U16", "S16, -1, S16", "U32, 31, U32", "S32, 0, S32",
            "real32, -1, REAL32" })
    void readsTypes(String text, int bit, WireType type) throws Exception {
        assertEquals(type, LocationLine.type(text, bit));
    }

    @ParameterizedTest
    @CsvSource({ "REAL64, -1, TYPE", "'', -1, TYPE", "VERSION4, -1, TYPE", "CLOCK, -1, TYPE", "CHARACTERS, -1, TYPE",
            "REAL32, 0, TYPE", "U8, 8, BIT", "U16, 16, BIT", "S16, 31, BIT" })
    void refusesTypes(String text, int bit, Reason reason) {
        assertEquals(reason, assertThrows(LocationException.class, () -> LocationLine.type(text, bit)).reason());
    }
}
