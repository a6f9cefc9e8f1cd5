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
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.fuzz.Fuzz;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.LocationLine.LineException;

/**
 * With arbitrary input from the adapter and arbitrary frames, no exception occurs, no impossible value is
 * published, and the next valid line is processed.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CanFuzzTest {

    @Test
    void slcanResynchronises() {
        SlcanCodec codec = new SlcanCodec();
        Fuzz.ofText("slcan.txt").run((input, random) -> {
            for (byte octet : input) {
                if (codec.feed(octet) == SlcanCodec.Event.FRAME) {
                    assertTrue(codec.id() <= CanFrame.MAX_ID && codec.dataLength() <= CanFrame.MAX_LENGTH);
                    codec.copyTo(new CanFrame());
                }
            }
            codec.feed((byte) '\r');
            codec.reset();
            SlcanCodec.Event last = SlcanCodec.Event.NONE;
            for (byte octet : "t7A0105\r".getBytes(StandardCharsets.US_ASCII)) {
                last = codec.feed(octet);
            }
            assertEquals(SlcanCodec.Event.FRAME, last);
            assertEquals(0x7A0, codec.id());
        });
    }

    @Test
    void framesNeverCarryTheImpossible() {
        BoardSetup setup = BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(5));
        PdoDecoder decoder = new PdoDecoder(32, setup);
        BoardAssembler assembler = new BoardAssembler(setup);
        int[] ids = { 0x1A0, 0x2A0, 0x3A0, 0x4A0, 0x7A0, 0x5A0, 0x080 };
        Fuzz.ofText("slcan.txt").run((input, random) -> {
            CanFrame frame = new CanFrame();
            int length = Math.min(input.length, random.nextInt(9));
            frame.begin(ids[random.nextInt(ids.length)], length);
            for (int i = 0; i < length; i++) {
                frame.put(i, input[i]);
            }
            decoder.decode(frame, assembler, 0);
            BoardSnapshot snapshot = assembler.snapshot(0, Instant.EPOCH);
            Catalogue.all().forEach(point -> {
                double value = snapshot.number(point);
                assertTrue(Double.isNaN(value) || point.isPlausible(value), () -> point + " = " + value);
            });
        });
    }

    @Test
    void linesAreReadOrRefusedWithAReason() {
        Fuzz.ofText("can-places.txt").run((input, random) -> {
            List<String> lines = new String(input, StandardCharsets.ISO_8859_1).lines().toList();
            try {
                LocationLine.parseAll(lines, CanSyntax::parse);
            } catch (LineException e) {
                assertTrue(e.line() >= 1 && e.line() <= lines.size(), "line " + e.line());
            }
        });
    }
}
