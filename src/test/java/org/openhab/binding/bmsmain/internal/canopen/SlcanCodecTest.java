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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.canopen.SlcanCodec.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ASCII protocol of slcan adapters, from the lines that they send. In the texts, {@code |} stands for CR and
 * {@code ~} for BEL.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SlcanCodecTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(SlcanCodecTest.class);

    private static final String EXAMPLE = "t1A08025A001A1B05FC01";

    private final SlcanCodec codec = new SlcanCodec();
    private final CanFrame frame = new CanFrame();

    private List<String> read(String text) {
        List<String> events = new ArrayList<>();
        for (byte b : text.replace('|', '\r').replace('~', '\u0007').getBytes(StandardCharsets.ISO_8859_1)) {
            Event event = codec.feed(b);
            if (event == Event.FRAME) {
                codec.copyTo(frame);
                events.add(frame.toString());
            } else if (event != Event.NONE) {
                events.add(event.toString());
            }
        }
        return events;
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = { //
            "t1A08025A001A1B05FC01|; 1A0 02 5A 00 1A 1B 05 FC 01", // TPDO 1 of the example
            "t1A08025A001A1B05FC011F3C|; 1A0 02 5A 00 1A 1B 05 FC 01", // the same with a time stamp
            "t1a08025a001a1b05fc01|; 1A0 02 5A 00 1A 1B 05 FC 01", // lower case
            "t0800|; 080", // SYNC
            "t0800ABCD|; 080", // SYNC with a time stamp
            "t7201051234|; 720 05", // heartbeat with a time stamp
            "t7FF0|; 7FF", // the largest identifier
            "t1A08025A001A1B05FC0100BC614E|; 1A0 02 5A 00 1A 1B 05 FC 01", // a time stamp of eight digits
            "t080012345678|; 080", //
            "T000001A0205FF12345678|; SKIPPED", //
            "r1A0812345678|; SKIPPED", //
            "C|; ECHO", // commands of ours that come back
            "S5|; ECHO", //
            "Z0|; ECHO", //
            "M1|; ECHO", //
            "F|; ECHO", //
            "V|; ECHO", //
            "T000001A0205FF|; SKIPPED", // 29 bits
            "T000001A0205FF0123|; SKIPPED", //
            "r1A08|; SKIPPED", // remote frame: a length, but no data
            "R000001A08|; SKIPPED", //
            "|; OK", //
            "z|; OK", // a frame was sent
            "Z|; OK", //
            "~; BELL", //
            "F84|; STATUS", //
            "V1013|; INFO", //
            "NA123|; INFO" })
    void linesOfAdapters(String line, String event) {
        assertEquals(List.of(event), read(line));
    }

    @ParameterizedTest
    @ValueSource(strings = { //
            "t1A08025A001A1B05FC|", // one byte short
            "t1A08025A001A1B05FC010|", // half a byte too long
            "t1A08025A001A1B05FC01000|", // no time stamp has three digits
            "t1A08025A001A1B05FC01000000|", // nor six
            "t1A08025A001A1B05FC010000000000|", // nor ten
            "S55|", //
            "CC|", //
            "M|", //
            "t1A09025A001A1B05FC0102|", // nine bytes
            "t8000|", // no identifier of 11 bits
            "t1G00|", // no digit
            "t1A0|", // no length
            "t|", //
            "t1A08025At1A08025A001A1B05FC01|", // a line broke off and the next one follows
            "T1A0205FF|", // too short for 29 bits
            "r1A082|", //
            "F8|", //
            "F8X|", //
            "zz|", //
            "hello|", //
            "\u00FF\u00FE|" })
    void whatIsNoLine(String line) {
        assertEquals(List.of("DAMAGED"), read(line));
        assertEquals(List.of("1A0 02 5A 00 1A 1B 05 FC 01"), read(EXAMPLE + "|"));
    }

    @Test
    void theBellEndsALine() {
        assertEquals(List.of("BELL", "080"), read("t1A08~t0800|"));
    }

    @Test
    void linesMayEndInCrLf() {
        assertEquals(List.of("080", "080", "OK"), read("t0800|\nt0800|\n|"));
    }

    @Test
    void linesMayEndInLf() {
        assertEquals(List.of("080", "080", "OK", "OK", "080", "BELL"), read("t0800\nt0800\n\n|t0800\n~"));
    }

    /** Bytes received at a wrong baud rate are not a response, whatever they end with. */
    @Test
    void bytesThatNoAdapterWritesMakeALineDamaged() {
        assertEquals(List.of("DAMAGED", "DAMAGED", "DAMAGED", "OK"), read("\u00F8\u0080~V10\u00811|\u0001||"));
    }

    @Test
    void whateverIsReadableIsText() {
        assertEquals(List.of("DAMAGED"), read("a1b2c3d example/canable-fw|"));
        assertTrue(codec.isText());
        assertEquals("a1b2c3d example/canable-fw", codec.info());
        assertEquals(List.of("DAMAGED"), read("+Board: Multiboard, Firmware: 2429224, Clock: 160|"));
        assertTrue(codec.isText());
        assertEquals(List.of("DAMAGED"), read("a1b2\u00FFc3d|"));
        assertFalse(codec.isText());
        assertEquals(List.of("OK"), read("|"));
        assertFalse(codec.isText());
    }

    @Test
    void aLineThatLostDigitsOfALongStampIsNotBelieved() {
        assertEquals(List.of("1A0 02 5A 00 1A 1B 05 FC 01"), read(EXAMPLE + "00BC614E|"));
        // Two or four data bytes are lost: the rest looks like a line with a short timestamp, or without one.
        assertEquals(List.of("DAMAGED"), read("t1A08025A1B05FC0100BC614E|"));
        assertEquals(List.of("DAMAGED"), read("t1A0802FC0100BC614E|"));
        assertEquals(List.of("DAMAGED"), read(EXAMPLE + "|"));
        assertEquals(List.of("1A0 02 5A 00 1A 1B 05 FC 01"), read(EXAMPLE + "00BC614E|"));
    }

    /** Irregular lines of two kinds are not counted together. */
    @Test
    void onlyLinesOfOneKindChangeTheWays() {
        assertEquals(List.of("080", "DAMAGED", "DAMAGED", "DAMAGED", "DAMAGED", "080", "DAMAGED"),
                read("t0800|t08001234|t080012345678|t08001234|t08001234|t08001234|t0800|"));
    }

    @Test
    void aStampedLineThatLostTwoBytesIsNotBelieved() {
        assertEquals(List.of("1A0 02 5A 00 1A 1B 05 FC 01"), read(EXAMPLE + "1F3C|"));
        // Without 00 1A the rest has the length of a line without a timestamp.
        assertEquals(List.of("DAMAGED"), read("t1A08025A1B05FC011F3C|"));
        assertEquals(List.of("1A0 02 5A 00 1A 1B 05 FC 01"), read(EXAMPLE + "1F3C|"));
    }

    @Test
    void anAdapterMayChangeItsWays() {
        assertEquals(List.of("080", "DAMAGED", "DAMAGED", "080", "080"),
                read("t0800|t08001234|t08001235|t08001236|t08001237|"));
    }

    @Test
    void aLineWithoutEndCostsNothing() {
        for (int i = 0; i < 1_000_000; i++) {
            assertEquals(Event.NONE, codec.feed((byte) 't'));
        }
        assertEquals(List.of("DAMAGED", "080"), read("|t0800|"));
    }

    /**
     * Random bytes, truncated and concatenated lines: no exception is thrown, and the codec is synchronized after each.
     */
    @Test
    void fuzzedInput() {
        long seed = System.nanoTime();
        LOGGER.info("fuzzedInput: seed {}", seed);
        Random random = new Random(seed);
        String[] lines = { EXAMPLE + "|", "t2808" + "2C00C00300400000|", "t72010512AB|", "T1234567880011223344556677|",
                "r1A08|", "~", "|", "z|", "F00|", "V1013|" };
        byte[] bytes = new byte[40];
        for (int i = 0; i < 1_000_000; i++) {
            int length = fuzz(random, lines, bytes);
            for (int k = 0; k < length; k++) {
                if (codec.feed(bytes[k]) == Event.FRAME) {
                    codec.copyTo(frame);
                    assertTrue(frame.id() <= CanFrame.MAX_ID && frame.length() <= CanFrame.MAX_LENGTH);
                }
            }
            if (i % 10 == 0) {
                assertInStep(i);
            }
        }
    }

    private static int fuzz(Random random, String[] lines, byte[] bytes) {
        int kind = random.nextInt(4);
        int length = 0;
        if (kind == 0) {
            length = random.nextInt(bytes.length);
            for (int k = 0; k < length; k++) {
                bytes[k] = (byte) random.nextInt(256);
            }
            return length;
        }
        byte[] line = lines[random.nextInt(lines.length)].replace('|', '\r').replace('~', '\u0007')
                .getBytes(StandardCharsets.ISO_8859_1);
        int from = kind == 1 ? random.nextInt(line.length) : 0;
        int to = kind == 2 ? random.nextInt(line.length + 1) : line.length;
        for (int k = from; k < to; k++) {
            boolean flip = kind == 3 && random.nextInt(10) == 0;
            bytes[length++] = flip ? (byte) random.nextInt(256) : line[k];
        }
        return length;
    }

    /** The incomplete line may be corrupted; the kind of the lines may have to be learnt again. */
    private void assertInStep(int round) {
        read("|");
        String found = "";
        for (int i = 0; i < 3 && found.isEmpty(); i++) {
            List<String> events = read(EXAMPLE + "|");
            found = "DAMAGED".equals(events.get(0)) ? "" : events.get(0);
        }
        assertEquals("1A0 02 5A 00 1A 1B 05 FC 01", found, "after input " + round);
    }
}
