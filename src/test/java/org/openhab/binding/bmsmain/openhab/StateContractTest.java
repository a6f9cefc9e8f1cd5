/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.openhab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import javax.measure.quantity.ElectricCurrent;
import javax.measure.quantity.Temperature;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.core.library.types.DateTimeType;
import org.openhab.core.library.types.DecimalType;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.library.types.QuantityType;
import org.openhab.core.library.types.StringType;
import org.openhab.core.library.unit.MetricPrefix;
import org.openhab.core.library.unit.SIUnits;
import org.openhab.core.library.unit.Units;
import org.openhab.core.types.TypeParser;
import org.openhab.core.types.UnDefType;

/**
 * Assumptions of the binding about openHAB's states. They must hold for the stubs and for openHAB's own classes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class StateContractTest {

    @ParameterizedTest
    @CsvSource({ "12.5 A", "-3 V", "76.4 %", "21.5 °C", "300 Ah", "754 s", "3.69 ms", "1.5 kWh", "0.001 mAh" })
    void quantitiesReadAsTheyAreWritten(String text) {
        assertEquals(text, new QuantityType<>(text).toString());
        assertEquals(text, QuantityType.valueOf(text).toFullString());
    }

    @ParameterizedTest
    @CsvSource({ "12.5A, 12.5 A", "1e2 V, 100 V", "5, 5", "-4.25°C, -4.25 °C" })
    void quantitiesAreReadInOtherWays(String text, String same) {
        assertEquals(new QuantityType<>(same), new QuantityType<>(text));
    }

    @ParameterizedTest
    @ValueSource(strings = { "A", "twelve A", "12 blurb", " 12 A", "+12 A" })
    void whatIsNoQuantityIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> new QuantityType<>(text));
    }

    @Test
    void quantitiesAreConverted() {
        QuantityType<ElectricCurrent> milli = new QuantityType<>(1500, MetricPrefix.MILLI(Units.AMPERE));
        assertEquals(new QuantityType<>("1.5 A"), milli.toUnit(Units.AMPERE));
        assertEquals(1.5, Objects.requireNonNull(milli.toUnit("A")).doubleValue());
        assertNull(milli.toUnit(Units.VOLT));
        QuantityType<Temperature> degrees = new QuantityType<>(20, SIUnits.CELSIUS);
        assertEquals(293.15, Objects.requireNonNull(degrees.toUnit("K")).doubleValue(), 1e-9);
    }

    @Test
    void equalAmountsAreEqual() {
        assertEquals(new QuantityType<>("1500 mA"), new QuantityType<>("1.5 A"));
        assertNotEquals(new QuantityType<>("1.5 V"), new QuantityType<>("1.5 A"));
        assertEquals(new DecimalType("1.50"), new DecimalType(1.5));
        assertEquals(new StringType("x"), new StringType("x"));
    }

    @Test
    void whatIsNotFiniteIsNoValue() {
        assertThrows(NumberFormatException.class, () -> new QuantityType<>(Double.NaN, Units.AMPERE));
        assertThrows(NumberFormatException.class, () -> new DecimalType(Double.POSITIVE_INFINITY));
    }

    @Test
    void patternsShowValueAndUnit() {
        assertEquals("12.5 A", new QuantityType<>("12.46 A").format("%.1f %unit%"));
        assertEquals("76 %", new QuantityType<>("76 %").format("%.0f %unit%"));
    }

    @Test
    void timesAreInstants() {
        DateTimeType time = new DateTimeType(Instant.parse("2026-03-04T05:06:07.008Z"));
        assertEquals(time, new DateTimeType(time.toFullString()));
        assertEquals(time, new DateTimeType("2026-03-04T06:06:07.008+0100"));
        assertTrue(time.toFullString().matches("2026-03-0\\dT\\d\\d:\\d6:07\\.008[+-]\\d{4}"), time::toFullString);
        assertThrows(IllegalArgumentException.class, () -> new DateTimeType("the day after tomorrow"));
    }

    @Test
    void commandsAreReadFromText() {
        assertEquals(OnOffType.ON, TypeParser.parseCommand(List.of(OnOffType.class), "ON"));
        assertNull(TypeParser.parseCommand(List.of(OnOffType.class), "maybe"));
        assertEquals(new DecimalType(3), TypeParser.parseCommand(List.of(DecimalType.class, QuantityType.class), "3"));
        assertEquals(new QuantityType<>("3 A"),
                TypeParser.parseCommand(List.of(DecimalType.class, QuantityType.class), "3 A"));
        assertEquals(UnDefType.UNDEF, TypeParser.parseState(List.of(UnDefType.class), "UNDEF"));
    }
}
