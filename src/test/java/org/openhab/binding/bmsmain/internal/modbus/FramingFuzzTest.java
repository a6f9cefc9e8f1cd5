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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.fuzz.Fuzz;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.LocationLine.LineException;
import org.openhab.binding.bmsmain.internal.modbus.Framing.Outcome;

/**
 * With arbitrary input, the parsers of frames and lines report an error and process the next valid frame.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class FramingFuzzTest {

    private static final ModbusRequest REQUEST = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2000, 3);
    private static final byte[] DATA = { 6, 1, 2, 3, 4, 5, 6 };

    @Test
    void rtuResynchronises() {
        RtuFraming framing = new RtuFraming();
        Fuzz.ofHex("rtu.hex").run((input, random) -> {
            framing.begin(REQUEST, new byte[Framing.MAX_FRAME]);
            Outcome outcome = feedInPieces(framing, input, random);
            if (outcome == Outcome.ANSWER) {
                assertEquals(REQUEST.count(), framing.registers().count());
            }
            assertNotEquals(Outcome.BROKEN, outcome, "a serial line cannot be given up");
            // As the client does after each failure: it waits for silence and repeats the request.
            framing.begin(REQUEST, new byte[Framing.MAX_FRAME]);
            byte[] answer = Arrays.copyOf(new byte[] { 32, 4, DATA[0], 1, 2, 3, 4, 5, 6 }, 11);
            Crc16.append(answer, 9);
            assertEquals(Outcome.ANSWER, feedInPieces(framing, answer, random));
            assertEquals(0x0506, framing.registers().word(2));
        });
    }

    @Test
    void rtuFindsTheAnswerBehindNoise() {
        RtuFraming framing = new RtuFraming();
        Fuzz.ofHex("rtu.hex").run((input, random) -> {
            framing.begin(REQUEST, new byte[Framing.MAX_FRAME]);
            Outcome outcome = feedInPieces(framing, input, random);
            byte[] answer = Arrays.copyOf(new byte[] { 32, 4, DATA[0], 1, 2, 3, 4, 5, 6 }, 11);
            Crc16.append(answer, 9);
            if (outcome == Outcome.INCOMPLETE) {
                outcome = feedInPieces(framing, answer, random);
                assertEquals(framing.sawOtherMaster() ? Outcome.BROKEN : Outcome.ANSWER, outcome);
            }
        });
    }

    @Test
    void tcpBelievesOnlyItsOwnTransaction() {
        Fuzz.ofHex("mbap.hex").run((input, random) -> {
            TcpFraming framing = new TcpFraming();
            byte[] out = new byte[Framing.MAX_FRAME];
            framing.begin(REQUEST, out);
            Outcome outcome = feedInPieces(framing, input, random);
            if (outcome == Outcome.ANSWER) {
                assertEquals(REQUEST.count(), framing.registers().count());
                assertTrue(contains(input, new byte[] { out[0], out[1], 0, 0, 0, 9, 32, 4, 6 }),
                        "an answer that nobody gave");
            }
        });
    }

    @Test
    void linesAreReadOrRefusedWithAReason() {
        Fuzz.ofText("registers.txt").run((input, random) -> {
            List<String> lines = new String(input, StandardCharsets.ISO_8859_1).lines().toList();
            try {
                LocationLine.parseAll(lines, RegisterSyntax::parse);
            } catch (LineException e) {
                assertTrue(e.line() >= 1 && e.line() <= lines.size(), "line " + e.line());
                assertNotNull(e.reason().reason());
            }
        });
    }

    private static Outcome feedInPieces(Framing framing, byte[] bytes, Random random) {
        Outcome outcome = Outcome.INCOMPLETE;
        for (int at = 0; at < bytes.length && outcome == Outcome.INCOMPLETE;) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
            outcome = framing.feed(bytes, at, length);
            at += length;
        }
        return outcome;
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
