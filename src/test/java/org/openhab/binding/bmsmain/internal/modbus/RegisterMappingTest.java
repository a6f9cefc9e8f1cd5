/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.modbus.Frames.hex;

import java.time.Instant;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * Conversion of registers to values in both word orders, and detection of the word order from values.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RegisterMappingTest {

    /** Type, bit (-1 = a number), scale, registers as on the wire, value with the low and with the high word first. */
    @ParameterizedTest(name = "{0}.{1} * {2} of {3}")
    @CsvSource(delimiter = '|', textBlock = """
            U8     | -1 | 1     | 12 FE       | 254         | 254
            S8     | -1 | 1     | 12 FE       | -2          | -2
            U16    | -1 | 1     | FF FE       | 65534       | 65534
            S16    | -1 | 1     | FF FE       | -2          | -2
            S16    | -1 | 0.1   | 00 33       | 5.1         | 5.1
            S16    | -1 | 0.1   | FF CD       | -5.1        | -5.1
            U16    | -1 | 0.01  | 13 8F       | 50.07       | 50.07
            U16    | -1 | -1    | 00 05       | -5          | -5
            U32    | -1 | 1     | 00 01 00 02 | 131073      | 65538
            U32    | -1 | 1     | FF FE FF FF | 4294967294  | 4294901759
            S32    | -1 | 1     | FF FE FF FF | -2          | -65537
            S32    | -1 | 0.001 | CF C7 FF FF | -12.345     | -808976.385
            REAL32 | -1 | 1     | CC CD 41 44 | 12.3        | NaN
            REAL32 | -1 | 1     | 42 00 41 00 | 8.016113    | 32.063477
            REAL32 | -1 | 0.1   | CC CD 41 44 | 1.23        | NaN
            REAL32 | -1 | 1     | 00 00 C1 48 | -12.5       | NaN
            REAL32 | -1 | 1     | 00 00 80 00 | 0           | NaN
            REAL32 | -1 | 1     | 00 00 7F C0 | NaN         | NaN
            REAL32 | -1 | 1     | 00 00 7F 80 | NaN         | NaN
            REAL32 | -1 | 1     | 00 00 FF 80 | NaN         | NaN
            U16    |  0 | 1     | 00 01       | 1           | 1
            U16    | 15 | 1     | 80 00       | 1           | 1
            U16    | 14 | 1     | 80 00       | 0           | 0
            U8     |  7 | 1     | 00 80       | 1           | 1
            U32    |  0 | 1     | 00 01 00 00 | 1           | 0
            U32    | 31 | 1     | 00 00 80 00 | 1           | 0
            U32    | 16 | 1     | 00 00 00 01 | 1           | 0
            """)
    void decodes(WireType type, int bit, double scale, String registers, double little, double big) {
        RegisterLocation place = RegisterLocation.of(Table.INPUT, 0x2000, type, bit, scale);
        Point point = Point.custom(Catalogue.size(), "custom", bit < 0 ? Kind.COUNT : Kind.FLAG, place);
        assertEquals(little, decode(point, place, registers, WordOrder.LITTLE).number(point));
        if (!Double.isNaN(big)) {
            assertEquals(big, decode(point, place, registers, WordOrder.BIG).number(point));
        }
    }

    @Test
    void singlePrecisionShowsItsShortestDecimalEachTime() {
        RegisterLocation place = RegisterLocation.input(0x2001, WireType.REAL32);
        RegisterMapping mapping = new RegisterMapping(Catalogue.CURRENT, place, true);
        BoardAssembler assembler = new BoardAssembler(Setups.standard());
        for (String registers : new String[] { "CC CD 41 44", "CC CD 41 44", "99 9A 41 45", "CC CD 41 44" }) {
            mapping.decode(view(registers), 0, WordOrder.LITTLE, assembler, 0);
            double expected = registers.startsWith("99") ? 12.35 : 12.3;
            assertEquals(expected, assembler.snapshot(0, Instant.EPOCH).number(Catalogue.CURRENT), 1e-9);
        }
    }

    /** While the word order is unknown, only values on which both orders agree are valid. */
    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            battery#current                 | 00 00 00 00 | 0
            battery#current                 | 41 44 41 44 | 12.2659
            battery#current                 | 00 00 C1 48 | NaN
            faults#errors-1                 | 00 00 00 00 | 0
            faults#errors-1                 | 02 00 00 00 | NaN
            faults#bms-logic-offline        | 02 00 00 00 | NaN
            faults#bms-logic-offline        | 00 00 02 00 | NaN
            faults#bms-logic-offline        | 02 00 02 00 | 1
            faults#overcurrent              | 02 00 00 00 | 0
            logic#board-count               | 00 05       | 5
            input-signals#charger-connected | 00 02       | 1
            """)
    void showsNoValueOnWhichTheOrdersDisagree(String id, String registers, double value) {
        Point point = point(id);
        BoardSnapshot snapshot = decode(point, register(point), registers, null);
        assertEquals(value, snapshot.number(point), 1e-4);
        assertEquals(0, rejected, "not a wrong value, only an unclear one");
    }

    private double rejected;

    /** 1 = only low word first is plausible, -1 = only high word first, 0 = undecided. */
    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            battery#state-of-charge | 00 00 42 34 | 1
            battery#state-of-charge | 42 34 00 00 | -1
            battery#state-of-charge | 00 00 00 00 | 0
            battery#state-of-charge | 42 34 42 34 | 0
            battery#state-of-charge | FF FF FF FF | 0
            battery#current         | 00 00 C1 48 | 1
            battery#state-duration  | 86 A0 00 01 | 1
            battery#state-duration  | 00 01 86 A0 | -1
            battery#state-duration  | 00 10 00 00 | 0
            faults#errors-1         | 40 00 00 00 | 1
            faults#errors-1         | 02 00 00 00 | 0
            faults#errors-2         | 00 00 00 20 | -1
            faults#overcurrent      | 40 00 00 00 | 0
            logic#board-count       | 00 05       | 0
            firmwareVersion         | 00 00 42 34 | 0
            """)
    void saysWhichOrderMakesSense(String id, String registers, int evidence) {
        Point point = point(id);
        assertEquals(evidence, new RegisterMapping(point, register(point), true).evidence(view(registers), 0));
    }

    @Test
    void aPlaceThatTheUserNamedSaysNothingAboutTheOrder() {
        RegisterLocation place = RegisterLocation.input(0x3000, WireType.REAL32);
        assertEquals(0, new RegisterMapping(Catalogue.STATE_OF_CHARGE, place, false).evidence(view("00 00 42 34"), 0));
    }

    /** Byte 0 is the low byte of the first register, whatever the word order. */
    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(delimiter = '|', textBlock = """
            hardwareVersion   | 02 01                | 2.1
            hardwareVersion   | FF 00                | 255.0
            firmwareVersion   | 07 01 00 02          | 2.7.1
            bootloaderVersion | 0A 63 00 01          | 1.10.99
            deviceClock       | 11 22 12 26 56 34    | 2026-11-22T12:34:56
            deviceClock       | 02 29 23 24 59 59    | 2024-02-29T23:59:59
            deviceClock       | 02 29 23 26 59 59    |
            deviceClock       | 13 22 12 26 56 34    |
            deviceClock       | 11 1A 12 26 56 34    |
            deviceClock       | 11 22 24 26 00 00    |
            deviceClock       | 00 00 00 00 00 00    |
            """)
    void readsVersionsAndTheClock(String id, String registers, @Nullable String text) {
        Point point = point(id);
        for (WordOrder order : WordOrder.values()) {
            assertEquals(text, decode(point, register(point), registers, order).text(point));
            assertEquals(text == null ? 1 : 0, rejected);
        }
        assertEquals(text, decode(point, register(point), registers, null).text(point));
    }

    /** First character in the low byte of the first register; a zero ends the text. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            4D 42 20 53 32 41 00 00 | BMS A2
            42 41 00 43 00 00 00 00 | ABC
            42 41 20 20 20 20 20 20 | AB
            00 FC 00 00 00 00 00 00 | ü
            00 00 00 00 00 00 00 00 | ''
            42 41 07 43 00 00 00 00 |
            """)
    void readsCharacters(String registers, @Nullable String text) {
        RegisterLocation place = new RegisterLocation(Table.HOLDING, 0x3000, WireType.CHARACTERS, Location.NO_BIT, 1,
                4);
        Point point = Point.custom(Catalogue.size(), "serial-number", Kind.TEXT, place);
        assertEquals(text, decode(point, place, registers, null).text(point));
    }

    private BoardSnapshot decode(Point point, RegisterLocation place, String registers, @Nullable WordOrder order) {
        BoardAssembler assembler = new BoardAssembler(
                point.index() < Catalogue.size() ? Setups.standard() : Setups.customPoints(point));
        // The value is not at the beginning of the response.
        new RegisterMapping(point, place, true).decode(view("DE AD " + registers), 1, order, assembler, 0);
        rejected = assembler.rejectedValues();
        return assembler.snapshot(0, Instant.EPOCH);
    }

    private static RegisterView view(String registers) {
        byte[] bytes = hex(registers);
        RegisterView view = new RegisterView();
        view.set(bytes, 0, bytes.length / 2);
        return view;
    }

    private static Point point(String id) {
        Point point = Catalogue.byId(id);
        return point != null ? point : fail("no point " + id);
    }

    private static RegisterLocation register(Point point) {
        RegisterLocation register = point.register();
        return register != null ? register : fail("no register: " + point);
    }
}
