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
import static org.openhab.binding.bmsmain.internal.modbus.Frames.*;

import java.util.Arrays;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.modbus.Framing.Outcome;

/**
 * Modbus TCP frames in a byte stream. The first transaction has the ID 1.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class TcpFramingTest {

    private static final ModbusRequest READ = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2001, 2);
    private static final ModbusRequest WRITE = ModbusRequest.writeSingle(32, 0x5108, 1);
    /** -12.5 A, low word first: unit, function, byte count, registers. */
    private static final String ANSWER = "20 04 04 00 00 C1 48";

    private final TcpFraming framing = new TcpFraming();
    private final byte[] out = new byte[Framing.MAX_FRAME];

    @Test
    void writesRequestsWithANewIdEach() {
        assertEquals("00 01 00 00 00 06 20 04 20 01 00 02", begin(READ));
        assertEquals("00 02 00 00 00 06 20 06 51 08 00 01", begin(WRITE));
        assertEquals("00 03 00 00 00 0B 20 10 51 03 00 02 04 00 01 00 02",
                begin(ModbusRequest.writeMultiple(32, 0x5103, 1, 2)));
    }

    @Test
    void countsIdsAround() {
        for (int i = 0; i < 0xFFFF; i++) {
            begin(READ);
        }
        assertTrue(begin(READ).startsWith("00 00 "));
        // Late by two, across the overflow of the counter.
        assertTrue(begin(READ).startsWith("00 01 "));
        assertEquals(Outcome.INCOMPLETE, feed(tcp(0xFFFF, ANSWER)));
        assertEquals(Outcome.ANSWER, feed(tcp(1, ANSWER)));
    }

    @Test
    void takesTheAnswer() {
        begin(READ);
        assertEquals(13, framing.answerLength(READ));
        assertEquals(Outcome.ANSWER, feed(tcp(1, ANSWER)));
        assertEquals(2, framing.registers().count());
        assertEquals(0xC148, framing.registers().word(1));
    }

    @Test
    void takesTheAnswerByteByByte() {
        begin(READ);
        byte[] answer = tcp(1, ANSWER);
        for (int i = 0; i < answer.length - 1; i++) {
            assertEquals(Outcome.INCOMPLETE, framing.feed(answer, i, 1), "byte " + i);
        }
        assertEquals(Outcome.ANSWER, framing.feed(answer, answer.length - 1, 1));
        assertEquals(0xC148, framing.registers().word(1));
    }

    @Test
    void takesTheLongestAnswer() {
        ModbusRequest longest = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0, 125);
        begin(longest);
        StringBuilder text = new StringBuilder("20 04 FA");
        for (int i = 0; i < 125; i++) {
            text.append(String.format(" 00 %02X", i));
        }
        byte[] answer = tcp(1, text.toString());
        assertEquals(259, answer.length);
        assertEquals(Outcome.ANSWER, feed(answer));
        assertEquals(124, framing.registers().word(124));
    }

    @Test
    void takesExceptions() {
        begin(READ);
        assertEquals(Outcome.EXCEPTION, feed(tcp(1, "20 84 02")));
        assertEquals(2, framing.exceptionCode());
    }

    /** Late responses to older requests are skipped, whatever their content. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            as long as the answer | 20 04 04 11 11 22 22
            shorter               | 20 04 02 11 11
            an exception          | 20 84 02
            another unit          | 21 04 04 11 11 22 22
            """)
    void passesOverOlderAnswers(String what, String older) {
        begin(READ);
        begin(READ);
        begin(READ);
        assertEquals(Outcome.INCOMPLETE, feed(tcp(1, older)), what);
        // Two frames in one segment.
        assertEquals(Outcome.ANSWER, feed(concat(tcp(2, older), tcp(3, ANSWER))), what);
        assertEquals(0xC148, framing.registers().word(1));
    }

    @Test
    void keepsTheStreamInStepOverHalfALateAnswer() {
        begin(READ);
        byte[] late = tcp(1, ANSWER);
        assertEquals(Outcome.INCOMPLETE, framing.feed(late, 0, 6));
        begin(READ);
        assertEquals(Outcome.INCOMPLETE, framing.feed(late, 6, late.length - 6));
        assertEquals(Outcome.ANSWER, feed(tcp(2, ANSWER)));
    }

    @Test
    void passesOverAnOlderAnswerThatComesAfterTheAnswer() {
        begin(READ);
        begin(READ);
        assertEquals(Outcome.ANSWER, feed(concat(tcp(2, ANSWER), tcp(1, "20 04 04 11 11 22 22"))));
        assertEquals(0xC148, framing.registers().word(1));
        begin(READ);
        assertEquals(Outcome.ANSWER, feed(tcp(3, "20 04 04 33 33 44 44")));
        assertEquals(0x4444, framing.registers().word(1));
    }

    /** A stream that lost its frame boundaries cannot be resynchronized. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a transaction that was never begun   | 00 02 00 00 00 07 20 04 04 00 00 C1 48
            protocol id 5                        | 00 01 00 05 00 07 20 04 04 00 00 C1 48
            length field 65535                   | 00 01 00 00 FF FF 20 04 04 00 00 C1 48
            length field 2                       | 00 01 00 00 00 02 20 04 04 00 00 C1 48
            length field 255                     | 00 01 00 00 00 FF 20 04 04 00 00 C1 48
            another function                     | 00 01 00 00 00 07 20 03 04 00 00 C1 48
            exception of another function        | 00 01 00 00 00 03 20 83 02
            exception of a wrong length          | 00 01 00 00 00 04 20 84 02 00
            a wrong byte count                   | 00 01 00 00 00 07 20 04 02 00 00 C1 48
            garbage                              | 13 37 AA 55 AA 55 AA 55 AA 55
            """)
    void refusesEverythingElse(String what, String text) {
        begin(READ);
        assertEquals(Outcome.BROKEN, feed(hex(text)), what);
        assertFalse(framing.sawOtherUnit());
    }

    /** A complete frame, but not the requested one: the device does not support so many registers, or none there. */
    @ParameterizedTest
    @ValueSource(strings = { "20 04 02 00 00", "20 04 00", "20 04 08 00 00 C1 48 00 00 C1 48" })
    void anAnswerOfAnotherLengthLeavesTheStreamInStep(String body) {
        begin(READ);
        assertEquals(Outcome.WRONG_LENGTH, feed(tcp(1, body)));
        begin(READ);
        assertEquals(Outcome.ANSWER, feed(tcp(2, ANSWER)));
    }

    @Test
    void refusesAnotherUnitAndSaysWhich() {
        begin(READ);
        assertEquals(Outcome.BROKEN, feed(tcp(1, "21 04 04 00 00 C1 48")));
        assertTrue(framing.sawOtherUnit());
        assertEquals(33, framing.otherUnit());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            the echo         | 20 06 51 08 00 01 | ANSWER
            another register | 20 06 51 09 00 01 | BROKEN
            another value    | 20 06 51 08 00 00 | BROKEN
            exception 3      | 20 86 03          | EXCEPTION
            """)
    void comparesTheWholeAnswerToAWrite(String what, String body, Outcome outcome) {
        begin(WRITE);
        assertEquals(outcome, feed(tcp(1, body)), what);
    }

    private String begin(ModbusRequest request) {
        return hex(Arrays.copyOf(out, framing.begin(request, out)));
    }

    private Outcome feed(byte[] bytes) {
        return framing.feed(bytes, 0, bytes.length);
    }
}
