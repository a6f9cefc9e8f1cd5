/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.board.Location.NO_BIT;

import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.LocationLine.LineException;
import org.openhab.binding.bmsmain.internal.board.PdoLocation;
import org.openhab.binding.bmsmain.internal.board.SdoLocation;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * The syntax of CAN locations in the configuration.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CanSyntaxTest {

    @Test
    void placesAreRead() throws LineException {
        assertEquals(
                Map.of(Catalogue.HUMIDITY, new SdoLocation(0x2005, 1, WireType.REAL32, NO_BIT, 1),
                        Catalogue.MIN_CELL_VOLTAGE, new PdoLocation(0x4A0, false, 0, 2, WireType.U16, NO_BIT, 0.001),
                        Catalogue.RELAY_1, new PdoLocation(0x4A0, false, 0, 6, WireType.U8, 3, 1), Catalogue.OUT_1,
                        new SdoLocation(0x200B, 0, WireType.U16, 0, 1)),
                LocationLine.parseAll(List.of("sensors#humidity = sdo:0x2005.1:REAL32", "",
                        "battery#min-cell-voltage=pdo:0x4A0:2:u16:0.001", "relays#relay-1 = PDO:1184:6.3:U8",
                        "outputs#out-1 = sdo:0x200B.0.0:U16"), CanSyntax::parse));
    }

    @ParameterizedTest
    @CsvSource({ "sensors#humidity = input:0x2005:REAL32, CAN_SYNTAX", //
            "sensors#humidity = sdo:0x2005.1, CAN_SYNTAX", //
            "sensors#humidity = sdo:0x2005.1:REAL32:1:1, CAN_SYNTAX", //
            "sensors#humidity = sdo:0x2005:REAL32, OBJECT", //
            "sensors#humidity = sdo:0x12005.1:REAL32, OBJECT", //
            "sensors#humidity = sdo:0x2005.256:REAL32, OBJECT", //
            "sensors#humidity = sdo:0x2005.1:REAL64, TYPE", //
            "sensors#humidity = sdo:0x2005.1:U16:0, SCALE", //
            "sensors#humidity = sdo:0x2005.1.2:U16, BIT_UNEXPECTED", //
            "outputs#out-1 = sdo:0x200B.0:U16, BIT_MISSING", //
            "outputs#out-1 = sdo:0x200B.0.16:U16, BIT", //
            "sensors#humidity = pdo:0x800:0:U16, COB_ID", //
            "sensors#humidity = pdo:0x4A0:7:U16, BYTE", //
            "sensors#humidity = pdo:0x4A0:8:U8, BYTE", //
            "sensors#humidity = pdo:0x4A0:0, CAN_SYNTAX", //
            "outputs#out-1 = pdo:0x4A0:0.8:U8, BIT", //
            "outputs#out-1 = pdo:0x4A0:0.1.2:U8, BYTE", //
            "sensors#humidity = pdo:010000:0:U8, COB_ID" })
    void wrongPlaces(String line, String reason) {
        LineException e = assertThrows(LineException.class,
                () -> LocationLine.parseAll(List.of("", line), CanSyntax::parse));
        assertEquals(2, e.line());
        assertEquals(reason, e.reason().reason().name());
    }
}
