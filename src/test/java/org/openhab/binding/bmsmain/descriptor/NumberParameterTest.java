/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.descriptor;

import static org.junit.jupiter.api.Assertions.*;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Parameter;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.NumberParameter;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.config.BoardConfiguration;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;

/**
 * Numeric parameters have the same bounds in the descriptors as in the code.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class NumberParameterTest {

    private static final List<NumberParameter> OF_ALL = List.of(BoardConfiguration.STALE_AFTER,
            CommandQueue.CONTROL_TIMEOUT);
    private static final List<NumberParameter> OF_MODBUS = List.of(ModbusSettings.REFRESH, ModbusSettings.SLOW_REFRESH,
            ModbusSettings.RESPONSE_TIMEOUT, ModbusSettings.REQUEST_GAP);

    private static List<NumberParameter> of(String thing) {
        return switch (thing) {
            case "serial" -> List.of(ModbusSettings.ADDRESS, SerialSettings.STOP_BITS);
            case "tcp" -> List.of(ModbusSettings.TCP_ADDRESS, ModbusSettings.TCP_PORT);
            default -> List.of(CanSettings.NODE, CanSettings.SYNC_INTERVAL, CanLine.SERIAL_BAUD_RATE,
                    BoardSetup.NOMINAL_CAPACITY);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = { "serial", "tcp", "can" })
    void descriptorsHaveTheBoundsOfTheCode(String thing) {
        List<Parameter> parameters = Descriptors.load().configs().get("thing-type:bmsmain:" + thing).parameters();
        Set<String> known = new HashSet<>();
        List.of(of(thing), OF_ALL, "can".equals(thing) ? List.<NumberParameter> of() : OF_MODBUS)
                .forEach(numbers -> numbers.forEach(number -> {
                    Parameter parameter = parameters.stream().filter(each -> number.name().equals(each.name()))
                            .findFirst().orElseThrow(() -> new AssertionError(number.name()));
                    assertEquals(number.standard(), Double.parseDouble(parameter.defaultValue()), number.name());
                    if (parameter.options().isEmpty()) {
                        // SYNC has a value below its bounds, which means none.
                        assertEquals(Math.min(number.least(), number.standard()), Double.parseDouble(parameter.min()),
                                number.name());
                        assertEquals(number.greatest(), Double.parseDouble(parameter.max()), number.name());
                    }
                    known.add(number.name());
                }));
        parameters.stream().filter(parameter -> !parameter.min().isEmpty() || !parameter.max().isEmpty())
                .forEach(parameter -> assertTrue(known.contains(parameter.name()), parameter.name()));
    }

    @Test
    void rulesAreSaidInWords() {
        assertEquals("a number of seconds from 0.2 to 3600", ModbusSettings.REFRESH.rule());
        assertEquals("a number from 50 to 10000", ModbusSettings.RESPONSE_TIMEOUT.rule());
        assertEquals("a number of Ah from 0 to 100000", BoardSetup.NOMINAL_CAPACITY.rule());
    }
}
