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

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.modbus.Framing.Outcome;

/**
 * RTU frames in a byte stream.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RtuFramingTest {

    /** Read the current of unit 32: two input registers at 0x2001. */
    private static final ModbusRequest READ = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2001, 2);
    private static final String READ_FRAME = "20 04 20 01 00 02 2D 7A";
    /** -12.5 A, low word first. */
    private static final String ANSWER = "20 04 04 00 00 C1 48 9B 20";
    /** Force the charge request: 1 to 0x5108. */
    private static final ModbusRequest WRITE = ModbusRequest.writeSingle(32, 0x5108, 1);
    private static final String WRITE_FRAME = "20 06 51 08 00 01 DF 85";
    /** Set signal 3 and release signal 4: 1 and 2 to 0x5103. */
    private static final ModbusRequest WRITE_TWO = ModbusRequest.writeMultiple(32, 0x5103, 1, 2);

    /** Notifications about foreign frames. */
    private final List<String> others = new ArrayList<>();
    private final RtuFraming framing = new RtuFraming(new RtuFraming.Listener() {
        @Override
        public void request(int unit, int function, int address, int count) {
            others.add(String.format("request %d %d %04X %d", unit, function, address, count));
        }

        @Override
        public void answer(int unit, int function, int count, int content, boolean unasked) {
            others.add(String.format("answer %d %d %d%s", unit, function, count, unasked ? " unasked" : ""));
        }
    });
    private final byte[] out = new byte[Framing.MAX_FRAME];

    @Test
    void writesRequests() {
        assertEquals(READ_FRAME, begin(READ));
        assertEquals(WRITE_FRAME, begin(WRITE));
        assertEquals("20 10 51 03 00 02 04 00 01 00 02 3D 14", begin(WRITE_TWO));
        assertEquals("20 03 40 00 00 01 97 7B", begin(ModbusRequest.read(32, ModbusRequest.READ_HOLDING, 0x4000, 1)));
    }

    @Test
    void knowsHowLongAnswersAre() {
        assertEquals(9, framing.answerLength(READ));
        assertEquals(255, framing.answerLength(ModbusRequest.read(32, 4, 0, 125)));
        assertEquals(8, framing.answerLength(WRITE));
        assertEquals(8, framing.answerLength(WRITE_TWO));
    }

    @Test
    void takesTheAnswer() {
        begin(READ);
        assertEquals(Outcome.ANSWER, feed(ANSWER));
        RegisterView registers = framing.registers();
        assertEquals(2, registers.count());
        assertEquals(0x0000, registers.word(0));
        assertEquals(0xC148, registers.word(1));
        assertEquals(9, framing.received());
        assertThrows(IndexOutOfBoundsException.class, () -> registers.word(2));
        assertThrows(IndexOutOfBoundsException.class, () -> registers.word(-1));
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 4, 5, 8, 124, 125 })
    void takesAnswersOfEveryLengthByteByByte(int count) {
        begin(ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2000, count));
        byte[] answer = rtuAnswer(32, 4, count, 0xA55A);
        for (int i = 0; i < answer.length - 1; i++) {
            assertEquals(Outcome.INCOMPLETE, framing.feed(answer, i, 1), "byte " + i);
        }
        assertEquals(Outcome.ANSWER, framing.feed(answer, answer.length - 1, 1));
        assertEquals(count, framing.registers().count());
        assertEquals(0xA55A, framing.registers().word(count - 1));
    }

    /**
     * One response in 65536 begins with eight bytes with a valid checksum: it is not the request of another master,
     * and a board with constant values sends it repeatedly.
     */
    @Test
    void takesAnAnswerThatBeginsLikeARequest() {
        byte[] head = rtu("20 04 08 C1 48 12");
        byte[] answer = rtu(hex(head) + " 34 56 78");
        begin(ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2001, 4));
        for (int i = 0; i < answer.length - 1; i++) {
            assertEquals(Outcome.INCOMPLETE, framing.feed(answer, i, 1), "byte " + i);
        }
        assertEquals(Outcome.ANSWER, framing.feed(answer, answer.length - 1, 1));
        assertFalse(framing.sawOtherMaster());
        assertEquals(0xC148, framing.registers().word(0));
        // The request of another master that could be the beginning of our response is skipped like others.
        begin(ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2001, 4));
        assertEquals(Outcome.INCOMPLETE, framing.feed(head, 0, head.length));
        assertEquals(Outcome.ANSWER, framing.feed(answer, 0, answer.length));
        assertEquals(0xC148, framing.registers().word(0));
    }

    /** Noise of any length before the response has no effect, even if it looks like the head of a frame. */
    @ParameterizedTest
    @ValueSource(strings = { "00", "FF", "20", "20 04", "20 04 04", "20 04 FA", "20 84", "00 FF 20 04 04 00",
            "20 04 04 00 00 C1 48 9B 21", "20 06 51 08", "FF 04 F8 01 02 03" })
    void findsTheAnswerBehindNoise(String noise) {
        begin(READ);
        assertEquals(Outcome.INCOMPLETE, feed(noise));
        assertEquals(Outcome.ANSWER, feed(ANSWER));
        assertEquals(0xC148, framing.registers().word(1));
    }

    @Test
    void findsTheAnswerAtEveryOffsetOfRandomNoise() {
        Random random = new Random(42);
        for (int length = 0; length < 600; length++) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            begin(READ);
            byte[] stream = concat(noise, hex(ANSWER), hex("00 55"));
            Outcome outcome = Outcome.INCOMPLETE;
            for (int at = 0; at < stream.length && outcome == Outcome.INCOMPLETE;) {
                int part = Math.min(1 + random.nextInt(40), stream.length - at);
                outcome = framing.feed(stream, at, part);
                at += part;
            }
            assertEquals(Outcome.ANSWER, outcome, "behind " + length + " bytes");
            assertEquals(0xC148, framing.registers().word(1));
        }
    }

    @Test
    void findsTheAnswerBehindFiveThousandBytesOfBabble() {
        byte[] babble = new byte[5000];
        new Random(7).nextBytes(babble);
        begin(READ);
        for (int at = 0; at < babble.length; at += 250) {
            assertEquals(Outcome.INCOMPLETE, framing.feed(babble, at, 250));
        }
        assertEquals(5000, framing.received());
        assertEquals(Outcome.ANSWER, feed(ANSWER));
        // The same in one piece, as a gateway delivers it.
        begin(READ);
        assertEquals(Outcome.ANSWER, framing.feed(concat(babble, hex(ANSWER)), 0, 5009));
    }

    /** Frames that are similar to the response. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            another function                     | 20 03 04 00 00 C1 48
            one register less                    | 20 04 02 C1 48
            one register more                    | 20 04 06 00 00 C1 48 00 00
            no registers                         | 20 04 00
            an odd byte count                    | 20 04 03 00 00 C1
            a byte count that is too small       | 20 04 02 00 00 C1 48
            a byte count that is too large       | 20 04 06 00 00 C1 48
            an exception of another function     | 20 83 02
            a function that nobody has           | 20 44 04 00 00 C1 48
            a write of somebody to another unit  | 21 06 51 08 00 01
            """)
    void passesOverWhatIsNotTheAnswer(String what, String body) {
        begin(READ);
        assertEquals(Outcome.INCOMPLETE, framing.feed(rtu(body), 0, rtu(body).length), what);
        assertFalse(framing.sawOtherUnit(), what);
        assertEquals(Outcome.ANSWER, feed(ANSWER), what);
    }

    @Test
    void refusesEveryWrongBit() {
        byte[] answer = hex(ANSWER);
        for (int bit = 0; bit < 8 * answer.length; bit++) {
            begin(READ);
            byte[] spoilt = answer.clone();
            spoilt[bit / 8] ^= 1 << bit % 8;
            assertEquals(Outcome.INCOMPLETE, framing.feed(spoilt, 0, spoilt.length), "bit " + bit);
        }
    }

    @Test
    void takesTheExceptionToTheRequest() {
        begin(READ);
        assertEquals(Outcome.EXCEPTION, feed("20 84 02 92 CB"));
        assertEquals(2, framing.exceptionCode());
        begin(WRITE);
        byte[] busy = rtu("20 86 06");
        assertEquals(Outcome.EXCEPTION, framing.feed(busy, 0, busy.length));
        assertEquals(6, framing.exceptionCode());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an answer of unit 33    | 21 04 04 00 00 C1 48
            an exception of unit 33 | 21 84 02
            """)
    void noticesThatAnotherUnitAnswers(String what, String body) {
        begin(READ);
        assertEquals(Outcome.INCOMPLETE, framing.feed(rtu(body), 0, rtu(body).length), what);
        assertTrue(framing.sawOtherUnit());
        assertEquals(33, framing.otherUnit());
        begin(READ);
        assertFalse(framing.sawOtherUnit(), "told for one transaction only");
    }

    @Test
    void passesOverTheRequestOfAnotherMaster() {
        begin(READ);
        // Read 2 holding registers at 0x0010 of unit 5.
        assertEquals(Outcome.INCOMPLETE, framing.feed(rtu("05 03 00 10 00 02"), 0, 8));
        assertFalse(framing.sawOtherUnit(), "a request is no answer");
        assertEquals(List.of("request 5 3 0010 2"), others);
        assertEquals(Outcome.ANSWER, feed(ANSWER));
        assertFalse(framing.sawOtherMaster());
    }

    /** The response after another master's request to our unit may belong to that master, whatever it requested. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            as many registers | 20 04 24 10 00 02                      | request 32 4 2410 2
            fewer             | 20 04 24 10 00 01                      | request 32 4 2410 1
            others            | 20 03 40 00 00 02                      | request 32 3 4000 2
            a write           | 20 06 51 08 00 01                      | request 32 6 5108 1
            a longer one      | 20 10 51 00 00 02 04 00 01 00 02       | request 32 16 5100 2
            """)
    void refusesTheAnswerBehindTheRequestOfAnotherMaster(String what, String body, String told) {
        begin(READ);
        byte[] request = rtu(body);
        for (int i = 0; i < request.length; i++) {
            assertEquals(Outcome.INCOMPLETE, framing.feed(request, i, 1), what);
        }
        assertTrue(framing.sawOtherMaster());
        assertEquals(List.of(told), others);
        assertEquals(Outcome.BROKEN, feed(ANSWER), what);
        // Our request, repeated.
        begin(READ);
        assertFalse(framing.sawOtherMaster());
        assertEquals(Outcome.ANSWER, feed(ANSWER), what);
        // In one piece with its answer.
        begin(READ);
        assertEquals(Outcome.BROKEN, framing.feed(concat(request, hex(ANSWER)), 0, request.length + 9));
        // Half of it came before our request.
        begin(READ);
        assertEquals(Outcome.ANSWER, feed(ANSWER), what);
        framing.overhear(request, 5);
        begin(READ);
        assertEquals(Outcome.INCOMPLETE, framing.feed(request, 5, request.length - 5), what);
        assertEquals(Outcome.BROKEN, feed(ANSWER), what);
        // The other request does not exclude an exception response either.
        begin(READ);
        assertEquals(Outcome.BROKEN, framing.feed(concat(request, rtu("20 84 02")), 0, request.length + 5));
    }

    /** Bytes received before a request are not its response, even if the frame ends after the request. */
    @Test
    void takesNoAnswerThatBeganBeforeTheRequest() {
        byte[] answer = hex(ANSWER);
        framing.overhear(answer, answer.length);
        assertEquals(List.of("answer 32 4 2 unasked"), others);
        for (int before = 1; before < answer.length; before++) {
            others.clear();
            framing.overhear(answer, before);
            begin(READ);
            assertEquals(Outcome.INCOMPLETE, framing.feed(answer, before, answer.length - before), "after " + before);
            assertEquals(List.of("answer 32 4 2 unasked"), others);
            assertEquals(Outcome.ANSWER, feed(ANSWER));
        }
    }

    /** Another master may read the other type of registers of the same device. */
    @Test
    void tellsOfAnswersToTheOtherFunction() {
        begin(READ);
        assertEquals(Outcome.ANSWER, framing.feed(concat(rtu("20 03 04 00 00 C1 48"), hex(ANSWER)), 0, 18));
        assertEquals(List.of("answer 32 3 2"), others);
    }

    @Test
    void tellsOfAnswersBehindTheAnswer() {
        begin(READ);
        byte[] other = rtu("20 04 06 00 00 C1 48 00 00");
        assertEquals(Outcome.ANSWER, framing.feed(concat(hex(ANSWER), other), 0, 9 + other.length));
        assertEquals(0xC148, framing.registers().word(1));
        assertEquals(List.of(), others);
        begin(READ);
        assertEquals(List.of("answer 32 4 3 unasked"), others);
        assertEquals(Outcome.ANSWER, feed(ANSWER));
    }

    /** The request to write several registers is longer than its response. */
    @Test
    void takesTheEchoOfALongWriteForNoAnswer() {
        ModbusRequest write = ModbusRequest.writeMultiple(32, 0x5103, 1, 2);
        begin(write);
        byte[] echo = rtu("20 10 51 03 00 02 04 00 01 00 02");
        assertEquals(Outcome.INCOMPLETE, framing.feed(echo, 0, echo.length));
        byte[] answer = rtu("20 10 51 03 00 02");
        assertEquals(Outcome.ANSWER, framing.feed(answer, 0, answer.length));
        assertEquals(List.of(), others);
        // The response arrives twice, the second time after the next request.
        begin(READ);
        assertEquals(Outcome.INCOMPLETE, framing.feed(answer, 0, answer.length));
        assertEquals(Outcome.ANSWER, feed(ANSWER));
        assertEquals(List.of(), others);
    }

    @Test
    void passesOverTheEchoOfARead() {
        begin(READ);
        assertEquals(Outcome.INCOMPLETE, feed(READ_FRAME));
        assertFalse(framing.sawOtherMaster());
        assertEquals(Outcome.ANSWER, feed(ANSWER));
    }

    /** The response to a write of one register equals the request. */
    @Test
    void takesTheRepeatedWriteAsAnswerOnALineThatDoesNotHearItself() {
        begin(WRITE);
        assertEquals(Outcome.ANSWER, feed(WRITE_FRAME));
    }

    @Test
    void passesOverTheEchoOfAWriteOnALineThatIsKnownToHearItself() {
        begin(READ);
        feed(READ_FRAME + " " + ANSWER);
        begin(WRITE);
        assertEquals(Outcome.INCOMPLETE, feed(WRITE_FRAME), "the echo");
        assertEquals(Outcome.ANSWER, feed(WRITE_FRAME), "the answer");
        begin(WRITE);
        assertEquals(Outcome.ANSWER, feed(WRITE_FRAME + " " + WRITE_FRAME));
    }

    /** The response to a write repeats address and value, or address and count. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            another register | 20 06 51 09 00 01
            another value    | 20 06 51 08 00 00
            another unit     | 21 06 51 08 00 01
            another function | 20 10 51 08 00 01
            """)
    void comparesTheWholeAnswerToAWrite(String what, String body) {
        begin(WRITE);
        assertEquals(Outcome.INCOMPLETE, framing.feed(rtu(body), 0, 8), what);
        assertEquals(Outcome.ANSWER, feed(WRITE_FRAME), what);
    }

    @Test
    void takesTheAnswerToAWriteOfSeveralRegisters() {
        begin(WRITE_TWO);
        assertEquals(Outcome.INCOMPLETE, framing.feed(rtu("20 10 51 03 00 01"), 0, 8), "another count");
        assertEquals(Outcome.ANSWER, framing.feed(rtu("20 10 51 03 00 02"), 0, 8));
    }

    @Test
    void forgetsHalfAnAnswerWhenTheNextRequestBegins() {
        begin(READ);
        assertEquals(Outcome.INCOMPLETE, feed("20 04 04 00 00"));
        begin(READ);
        assertEquals(0, framing.received());
        assertEquals(Outcome.INCOMPLETE, feed("C1 48 9B 20"));
    }

    private String begin(ModbusRequest request) {
        int length = framing.begin(request, out);
        byte[] frame = new byte[length];
        System.arraycopy(out, 0, frame, 0, length);
        return hex(frame);
    }

    private Outcome feed(String text) {
        byte[] bytes = hex(text);
        return framing.feed(bytes, 0, bytes.length);
    }
}
