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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * The syntax of register locations in the configuration.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RegisterSyntaxTest {

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
            battery#voltage  | input:0x2104:REAL32    | INPUT   | 0x2104 | REAL32 | -1 | 1
            battery#voltage  | Holding:8452:u16:0.1   | HOLDING | 0x2104 | U16    | -1 | 0.1
            battery#voltage  | input : 8452 : s32 : 2 | INPUT   | 0x2104 | S32    | -1 | 2
            battery#voltage  | input:0xFFFF:U8        | INPUT   | 0xFFFF | U8     | -1 | 1
            battery#voltage  | input:0xFFFE:REAL32    | INPUT   | 0xFFFE | REAL32 | -1 | 1
            relays#relay-1   | input:0x200C.0         | INPUT   | 0x200C | U16    |  0 | 1
            relays#relay-1   | input:0x200C.15        | INPUT   | 0x200C | U16    | 15 | 1
            inputs#in-1      | holding:1.31:U32       | HOLDING | 0x0001 | U32    | 31 | 1
            faults#critical  | input:3.7:U8           | INPUT   | 0x0003 | U8     |  7 | 1
            """)
    void readsAPlace(String id, String text, Table table, String address, WireType type, int bit, double scale)
            throws Exception {
        RegisterLocation place = RegisterSyntax.parse(point(id), text);
        assertEquals(RegisterLocation.of(table, Integer.decode(address), type, bit, scale), place);
        assertEquals(type == WireType.U32 || type == WireType.S32 || type == WireType.REAL32 ? 2 : 1,
                place.registers());
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            battery#voltage | ''                      | SYNTAX
            battery#voltage | 0x2104                  | SYNTAX
            battery#voltage | input:1:U16:1:1         | SYNTAX
            battery#voltage | coil:1:U16              | TABLE
            battery#voltage | :1:U16                  | TABLE
            battery#voltage | input::U16              | ADDRESS
            battery#voltage | input:65536:U16         | ADDRESS
            battery#voltage | input:0xFFFF:REAL32     | ADDRESS
            battery#voltage | input:0xFFFF:U32        | ADDRESS
            battery#voltage | input:1                 | TYPE
            battery#voltage | input:1:                | TYPE
            battery#voltage | input:1:float           | TYPE
            battery#voltage | input:1:U16:            | SCALE
            battery#voltage | input:1:U16:0           | SCALE
            battery#voltage | input:1.0               | BIT_UNEXPECTED
            battery#state   | input:1.0               | BIT_UNEXPECTED
            relays#relay-1  | input:0x200C            | BIT_MISSING
            relays#relay-1  | input:0x200C:U16        | BIT_MISSING
            relays#relay-1  | input:0x200C.16         | BIT
            relays#relay-1  | input:0x200C.32:U32     | BIT
            relays#relay-1  | input:0x200C.8:U8       | BIT
            relays#relay-1  | input:0x200C.:U16       | BIT
            relays#relay-1  | input:0x200C.x          | BIT
            relays#relay-1  | input:0x200C.0:REAL32   | TYPE
            relays#relay-1  | input:0x200C.0:U16:2    | SYNTAX
            """)
    void saysWhatIsWrong(String id, String text, Reason reason) {
        assertEquals(reason,
                assertThrows(LocationException.class, () -> RegisterSyntax.parse(point(id), text)).reason());
    }

    private static Point point(String id) {
        Point point = Catalogue.byId(id);
        return point != null ? point : fail("no point " + id);
    }
}
