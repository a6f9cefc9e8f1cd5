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
import static org.openhab.binding.bmsmain.internal.transport.LeapTicker.MILLI;
import static org.openhab.binding.bmsmain.internal.transport.LeapTicker.SECOND;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.board.WireType;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Commands over Modbus, byte by byte: each is written once; boards may ignore it, reject it or respond late.
 * Without control there are no writes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ModbusControlTest {

    private static final int UNIT = 32;
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    /** Reaction of the board to a write. */
    private enum Manner {
        OBEYS,
        IGNORES,
        REFUSES,
        IS_SILENT,
        ANSWERS_LATE
    }

    private final LeapTicker ticker = new LeapTicker();
    private final ScriptedTransport wire = new ScriptedTransport(ticker, 0);
    private final ModbusClient client = new TcpClient(wire, ticker, new LinkProfile());
    private final CommandQueue commandQueue = new CommandQueue(ticker);
    private final List<BoardReport> reports = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private final Map<Integer, Integer> forced = new HashMap<>();
    private Manner manner = Manner.OBEYS;
    private int exception;
    private boolean mute;
    /** Another register that shows charge-request. */
    private int elsewhere;
    private int elsewhereBit;

    private ModbusBoard board(@Nullable CommandQueue commands) {
        wire.device(this::hear);
        ModbusSettings settings = new ModbusSettings(UNIT, Duration.ofSeconds(1), Duration.ofSeconds(30), TIMEOUT,
                WordOrder.LITTLE, commands);
        return new ModbusBoard(settings, Setups.standard(), true, reports::add, ticker);
    }

    /** A board whose registers are zero, except for forced signals and registers that are never zero. */
    private void hear(String request) {
        byte[] frame = Frames.hex(request);
        int transaction = number(frame, 0);
        int function = frame[7];
        int address = number(frame, 8);
        if (mute) {
            return;
        }
        if (function == ModbusRequest.READ_INPUT || function == ModbusRequest.READ_HOLDING) {
            int count = number(frame, 10);
            StringBuilder text = new StringBuilder(String.format("20 %02X %02X", function, 2 * count));
            for (int i = 0; i < count; i++) {
                int value = switch (address + i) {
                    case 0x0001, 0x2102 -> 1;
                    case 0x2421 -> 0x42C8;
                    default -> signals(address + i);
                };
                text.append(String.format(" %02X %02X", value >> 8, value & 0xFF));
            }
            wire.reply(5, Frames.tcp(transaction, text.toString()));
            return;
        }
        byte[] echo = Frames.tcp(transaction, request.substring(18));
        switch (manner) {
            case OBEYS:
                forced.put(address, number(frame, 10));
                wire.reply(5, echo);
                break;
            case IGNORES:
                wire.reply(5, echo);
                break;
            case REFUSES:
                wire.reply(5, Frames.tcp(transaction, String.format("20 86 %02X", exception)));
                break;
            case ANSWERS_LATE:
                forced.put(address, number(frame, 10));
                wire.reply(700, echo);
                break;
            default:
                break;
        }
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    /** Input signals 0 to 15 are in 0x2000, the others in 0x20F4 (protocol, section 2). */
    private int signals(int address) {
        int word = 0;
        for (Map.Entry<Integer, Integer> entry : forced.entrySet()) {
            int signal = entry.getKey() - 0x5100;
            if (entry.getValue() == 1 && address == (signal < 16 ? 0x2000 : 0x20F4)) {
                word |= 1 << signal % 16;
            }
        }
        if (elsewhere == address && forced.getOrDefault(0x5108, 0) == 1) {
            word |= 1 << elsewhereBit;
        }
        return word;
    }

    /** Does the work of the bus thread. */
    private void run(ModbusBoard board, long millis) {
        long until = ticker.nanos() + millis * MILLI;
        while (until - ticker.nanos() > 0) {
            if (board.due() - ticker.nanos() <= 0) {
                try {
                    board.serve(client);
                } catch (LinkException e) {
                    // A bus reopens the connection.
                    board.opened(client);
                }
            } else {
                ticker.parkUntil(until - board.due() < 0 ? until : board.due());
            }
            if (board.deadline() - ticker.nanos() <= 0) {
                board.watch(ticker.nanos());
            }
        }
    }

    private void submit(Point signal, SignalOverride force) {
        commandQueue.submit(signal, force,
                outcome -> outcomes.add(outcome.result() + (outcome.detail().isEmpty() ? "" : " " + outcome.detail())));
    }

    /** The requests that are not reads, from the unit on. */
    private List<String> writes() {
        return wire.sent.stream().map(frame -> frame.substring(18))
                .filter(frame -> !frame.startsWith("20 03") && !frame.startsWith("20 04")).toList();
    }

    @Test
    void withoutControlNothingButReadsLeavesTheBus() {
        ModbusBoard board = board(null);
        run(board, 120_000);
        mute = true;
        run(board, 30_000);
        mute = false;
        run(board, 120_000);
        assertTrue(wire.sent.size() > 200);
        assertEquals(List.of(), writes());
        assertFalse(board.isUrgent());
    }

    @Test
    void withControlNothingIsWrittenUncommanded() {
        ModbusBoard board = board(commandQueue);
        run(board, 60_000);
        mute = true;
        run(board, 30_000);
        mute = false;
        run(board, 60_000);
        assertEquals(List.of(), writes());
    }

    /** Every command of the table: register, value, function 6; written once and confirmed. */
    @ParameterizedTest
    @EnumSource
    void eachCommandIsWrittenOnceAndConfirmed(SignalOverride force) {
        ModbusBoard board = board(commandQueue);
        run(board, 3000);
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 22; n++) {
            Point signal = Catalogue.SIGNALS.get(n);
            submit(signal, force);
            run(board, 1500);
            // 0x5100 + n for signals 0 to 15, 0x5110 + m for signal 16 + m
            expected.add(String.format(Locale.ROOT, "20 06 51 %02X 00 %02X", n < 16 ? n : 0x10 + n - 16,
                    force == SignalOverride.PHYSICAL ? 2 : force == SignalOverride.ON ? 1 : 0));
            assertEquals(n + 1, outcomes.size());
            assertEquals("CONFIRMED", outcomes.get(n), signal.id());
            assertEquals(force == SignalOverride.ON, reports.get(reports.size() - 1).snapshot().isSet(signal),
                    "and the channel follows");
        }
        assertEquals(22, Catalogue.SIGNALS.size());
        run(board, 60_000);
        assertEquals(expected, writes());
    }

    @Test
    void aCommandGoesBeforeReads() {
        ModbusBoard board = board(commandQueue);
        run(board, 3000);
        // In the middle of a cycle.
        ticker.parkUntil(board.due());
        serve(board);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        int before = wire.sent.size();
        assertTrue(board.isUrgent());
        serve(board);
        assertTrue(wire.sent.get(before).endsWith("20 06 51 08 00 01"));
    }

    private void serve(ModbusBoard board) {
        assertDoesNotThrow(() -> board.serve(client));
    }

    @Test
    void aBoardThatIgnoresAWrite() {
        manner = Manner.IGNORES;
        ModbusBoard board = board(commandQueue);
        run(board, 3000);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        run(board, 1900);
        assertEquals(List.of(), outcomes);
        run(board, 300);
        assertEquals(List.of("NOT_CONFIRMED"), outcomes);
        run(board, 60_000);
        assertEquals(List.of("20 06 51 08 00 01"), writes());
        assertFalse(reports.get(reports.size() - 1).snapshot().isSet(Catalogue.SIGNALS.get(8)));
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 4, 5, 6, 8, 10, 11 })
    void aBoardThatRefusesAWrite(int code) {
        manner = Manner.REFUSES;
        exception = code;
        ModbusBoard board = board(commandQueue);
        run(board, 3000);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        run(board, 60_000);
        assertEquals(List.of("REFUSED " + code), outcomes);
        assertEquals(List.of("20 06 51 08 00 01"), writes());
        assertTrue(reports.get(reports.size() - 1).isOnline());
    }

    @ParameterizedTest
    @EnumSource(names = { "IS_SILENT", "ANSWERS_LATE" })
    void aBoardThatDoesNotAcknowledgeInTime(Manner late) {
        manner = late;
        ModbusBoard board = board(commandQueue);
        run(board, 3000);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        run(board, 60_000);
        assertEquals(List.of("NO_ANSWER"), outcomes);
        assertEquals(List.of("20 06 51 08 00 01"), writes());
    }

    /** The signal shows the state of the board, regardless of the command's outcome. */
    @Test
    void aLateAnswerLeavesTheSignalToBeRead() {
        manner = Manner.ANSWERS_LATE;
        ModbusBoard board = board(commandQueue);
        run(board, 3000);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        run(board, 5000);
        assertTrue(reports.get(reports.size() - 1).snapshot().isSet(Catalogue.SIGNALS.get(8)));
    }

    @Test
    void whileTheBoardIsOfflineNothingIsWritten() {
        ModbusBoard board = board(commandQueue);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        assertEquals(List.of("LINK_DOWN"), outcomes);
        run(board, 3000);
        mute = true;
        run(board, 20_000);
        assertFalse(reports.get(reports.size() - 1).isOnline());
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        assertEquals(List.of("LINK_DOWN", "LINK_DOWN"), outcomes);
        mute = false;
        run(board, 120_000);
        assertTrue(reports.get(reports.size() - 1).isOnline());
        assertEquals(List.of(), writes());
    }

    /** Values are still valid for some seconds; the rejection of a command does not wait for their end. */
    @Test
    void asSoonAsTheBusCannotBeOpenedCommandsAreRefused() {
        ModbusBoard board = board(commandQueue);
        run(board, 3000);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        board.unavailable(Failure.of(FailureCause.REFUSED));
        assertEquals(List.of("LINK_DOWN"), outcomes, "what waited");
        assertTrue(reports.get(reports.size() - 1).isOnline());
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        assertEquals(List.of("LINK_DOWN", "LINK_DOWN"), outcomes, "what comes now");
        run(board, 10_000);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        run(board, 1000);
        assertEquals("CONFIRMED", outcomes.get(2));
        assertEquals(1, writes().size());
    }

    /** The user configured another location of the signals; the default location is meaningless. */
    @ParameterizedTest(name = "{0} {1} bit {2}, words {3}")
    @CsvSource({ "0x2150, U16, 3, LITTLE", "0x2150, U32, 19, LITTLE", "0x2150, U32, 19, BIG" })
    void theSignalIsReadBackWhereItIsRead(String address, WireType type, int bit, WordOrder order) {
        int place = Integer.decode(address);
        int word = place + (type == WireType.U32 && order == WordOrder.LITTLE ? 1 : 0);
        elsewhere = word;
        elsewhereBit = bit % 16;
        Point signal = Catalogue.SIGNALS.get(8);
        wire.device(this::hear);
        ModbusBoard board = new ModbusBoard(
                new ModbusSettings(UNIT, Duration.ofSeconds(1), Duration.ofSeconds(30), TIMEOUT, order, commandQueue),
                Setups.locations(Map.of(signal, RegisterLocation.inputBit(place, type, bit))), true, reports::add,
                ticker);
        run(board, 3000);
        submit(signal, SignalOverride.ON);
        run(board, 3000);
        assertEquals(List.of("CONFIRMED"), outcomes);
        elsewhere = 0x2160;
        submit(signal, SignalOverride.ON);
        run(board, 3000);
        assertEquals(List.of("CONFIRMED", "NOT_CONFIRMED"), outcomes);
    }

    @Test
    void theEndOfTheBusIsAnOutcome() {
        ModbusBoard board = board(commandQueue);
        run(board, 3000);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        board.ended();
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        assertEquals(List.of("LINK_DOWN", "LINK_DOWN"), outcomes);
        assertEquals(List.of(), writes());
    }

    @ParameterizedTest(name = "signal {0} is controlled at {1}")
    @CsvSource({ "battery-cover, 0x5100", "charge-request, 0x5108", "fuse-1, 0x510F", "fuse-2, 0x5110",
            "close-external-1, 0x5115" })
    void controlRegisters(String name, String register) {
        Point signal = Catalogue.byId("input-signals#" + name);
        assertNotNull(signal);
        if (signal != null) {
            assertEquals(Integer.decode(register), ModbusPort.controlRegister(signal));
        }
    }

    @Test
    void aCommandThatTheBusIsTooBusyForIsNotSent() {
        ModbusBoard board = board(commandQueue);
        run(board, 3000);
        submit(Catalogue.SIGNALS.get(8), SignalOverride.ON);
        ticker.pass(2 * SECOND + 1);
        run(board, 1000);
        assertEquals(List.of("NOT_SENT"), outcomes);
        assertEquals(List.of(), writes());
    }
}
