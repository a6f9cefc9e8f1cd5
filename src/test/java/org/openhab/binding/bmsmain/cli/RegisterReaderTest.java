/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.twin.DeviceHabits;
import org.openhab.binding.bmsmain.twin.DeviceHabits.Header;
import org.openhab.binding.bmsmain.twin.DeviceHabits.Refusal;
import org.openhab.binding.bmsmain.twin.HabitualWire;
import org.openhab.binding.bmsmain.twin.HabitualWire.Framing;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

/**
 * Reads the whole map of a device that lacks some of its registers, in virtual time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class RegisterReaderTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:34:56Z"), ZoneOffset.UTC);
    private static final RegisterRange WHOLE_MAP = new RegisterRange(Table.INPUT, 0x2000, 0x24FF);

    private final LeapTicker ticker = new LeapTicker();

    private RegisterReader reader(Framing framing, DeviceHabits habits, RegisterRange range) {
        TwinBoard board = new TwinBoard(32, WordOrder.LITTLE, CLOCK, 1).frozen(true);
        HabitualWire wire = new HabitualWire(framing, 9600, 5, board, habits, ticker);
        ModbusLine line = switch (framing) {
            case RTU -> ModbusLine.serial(new SerialSettings("line", 9600, Parity.NONE, 1), wire, ticker);
            case RTU_OVER_TCP -> ModbusLine.tcp("gateway", 502, TcpMode.RTU, wire, ticker);
            case TCP -> ModbusLine.tcp("gateway", 502, TcpMode.TCP, wire, ticker);
        };
        ModbusSettings settings = new ModbusSettings(32, Duration.ofSeconds(1), Duration.ofSeconds(10),
                Duration.ofMillis(500), null);
        return new RegisterReader(line, settings, range, ticker,
                new ProgressLine(new PrintWriter(new StringWriter()), false));
    }

    private static DeviceHabits habits(int limit, Refusal tooLong, Refusal hole, int quietMillis) {
        return new DeviceHabits(0, limit, tooLong, hole, List.of(), quietMillis, Header.STANDARD, 0);
    }

    static Stream<Arguments> devices() {
        return Stream.of(Framing.values())
                .flatMap(framing -> Stream
                        .of(habits(125, Refusal.EXCEPTION_3, Refusal.SILENCE, 0),
                                habits(125, Refusal.EXCEPTION_3, Refusal.CLOSE, 0),
                                habits(125, Refusal.EXCEPTION_3, Refusal.EXCEPTION_2, 0),
                                habits(125, Refusal.EXCEPTION_3, Refusal.EXCEPTION_4, 0),
                                habits(125, Refusal.EXCEPTION_3, Refusal.EXCEPTION_6, 0),
                                habits(125, Refusal.EXCEPTION_3, Refusal.EXCEPTION_11, 0),
                                habits(10, Refusal.SILENCE, Refusal.SILENCE, 0),
                                habits(9, Refusal.CLOSE, Refusal.EXCEPTION_2, 0),
                                habits(8, Refusal.SHORT_ANSWER, Refusal.SILENCE, 0),
                                habits(125, Refusal.EXCEPTION_3, Refusal.SILENCE, 5000))
                        .filter(habits -> framing != Framing.RTU || habits.quietMillis() == 0)
                        .map(habits -> Arguments.of(framing, habits)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("devices")
    void whatThereIsIsReadWithinAMinuteAndSome(Framing framing, DeviceHabits habits) throws LinkException {
        TreeMap<Integer, Integer> whole;
        try (RegisterReader reader = reader(framing, DeviceHabits.NONE, WHOLE_MAP)) {
            whole = reader.read();
        }
        double begun = ticker.millis();
        TreeMap<Integer, Integer> expected = new TreeMap<>(whole);
        expected.keySet().removeIf(address -> !habits.publishes(address));
        try (RegisterReader reader = reader(framing, habits, WHOLE_MAP)) {
            assertEquals(expected, reader.read());
            double seconds = (ticker.millis() - begun) / 1000;
            assertTrue(seconds < 80, "took " + seconds + " s");
            for (int address : expected.keySet()) {
                assertTrue(!reader.isHole(address), "hole at " + address);
            }
            assertEquals(expected, reader.readAgain());
        }
    }

    @Test
    void aDeviceThatHasEverythingCostsOneReadForSixtyRegisters() throws LinkException {
        try (RegisterReader reader = reader(Framing.TCP, DeviceHabits.NONE,
                new RegisterRange(Table.INPUT, 0x2000, 0x20C7))) {
            assertEquals(0xC8, reader.read().size());
            assertEquals(0, reader.unexamined());
            assertTrue(ticker.millis() < 4 * 45, "took " + ticker.millis() + " ms");
        }
    }
}
