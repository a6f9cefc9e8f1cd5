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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openhab.binding.bmsmain.cli.Outcome.registers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;

import com.google.gson.JsonParser;

/**
 * Inspecting registers, and searching for values in them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(90)
class RegistersTest {

    /** Stores a voltage as REAL32 at an address in the unpublished part of the map. */
    private static String hide(TwinBoard board, int address, float volts, WordOrder order) {
        int bits = Float.floatToIntBits(volts);
        int low = bits & 0xFFFF;
        int high = bits >>> 16;
        board.set(String.format(Locale.ROOT, "input:0x%04X", address), order == WordOrder.LITTLE ? low : high);
        board.set(String.format(Locale.ROOT, "input:0x%04X", address + 1), order == WordOrder.LITTLE ? high : low);
        return String.format(Locale.ROOT, "battery#voltage = input:0x%04X:REAL32", address);
    }

    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4 })
    void findsAVoltageHiddenAtARandomAddress(long seed) throws IOException {
        Random random = new Random(seed);
        WordOrder order = random.nextBoolean() ? WordOrder.LITTLE : WordOrder.BIG;
        TwinBoard board = SimulatedWires.board(32, TwinBoard.WordOrder.valueOf(order.name())).strictHoles(false);
        int address = 0x2120 + random.nextInt(0x50);
        float volts = 60 + 20 * random.nextFloat();
        String line = hide(board, address, volts, order);
        String meter = String.format(Locale.ROOT, "%.1f", volts);
        try (Twin twin = Twin.tcp(0, board)) {
            Outcome outcome = registers(twin, "--find", meter, "--format", "json");
            assertEquals(0, outcome.code(), outcome.err());
            List<String> lines = outcome.json().stream()
                    .filter(guess -> !guess.get("wordOrder").isJsonNull()
                            && order.id().equals(guess.get("wordOrder").getAsString()))
                    .map(guess -> guess.get("line").getAsString()).toList();
            assertTrue(lines.contains(line), outcome.out());
            // The proposed configuration line reads the value.
            StringWriter shown = new StringWriter();
            assertEquals(0, Bms.execute(new PrintWriter(shown, true), new PrintWriter(new StringWriter()), "watch",
                    "--tcp", "127.0.0.1:" + twin.port(), "--once", "--format", "json", "--register", line));
            assertEquals(volts, JsonParser.parseString(shown.toString()).getAsJsonObject().getAsJsonObject("channels")
                    .get("battery#voltage").getAsFloat());
            assertEquals(0, twin.log().writes());
        }
    }

    @Test
    void aScaledRegisterIsFoundToo() throws IOException {
        TwinBoard board = SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE).set("input:0x2150", 527);
        try (Twin twin = Twin.tcp(0, board)) {
            Outcome outcome = registers(twin, "--find", "52.7", "--tolerance", "0", "--channel",
                    "battery#max-charge-voltage", "--range", "0x2140-0x2160");
            assertTrue(outcome.out().contains("battery#max-charge-voltage = input:0x2150:U16:0.1"), outcome.out());
        }
    }

    @Test
    void aSecondReadingNarrowsTheSearch() throws IOException {
        TwinBoard board = SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE);
        for (int i = 0; i < 5; i++) {
            hide(board, 0x2120 + 2 * i, 52.5f, WordOrder.LITTLE);
        }
        InputStream before = System.in;
        try (Twin twin = Twin.tcp(0, board)) {
            assertTrue(registers(twin, "--find", "52.5").out().lines().count() >= 5);
            System.setIn(new ByteArrayInputStream("54.1\n".getBytes(StandardCharsets.US_ASCII)) {
                @Override
                public synchronized int read(byte @org.eclipse.jdt.annotation.Nullable [] bytes, int offset,
                        int length) {
                    hide(board, 0x2124, 54.1f, WordOrder.LITTLE);
                    return super.read(bytes, offset, length);
                }
            });
            Outcome outcome = registers(twin, "--find", "52.5", "--changed", "--word-order", "little");
            assertEquals(0, outcome.code(), outcome.err());
            assertEquals(1, outcome.out().lines().count(), outcome.out());
            assertTrue(outcome.out().startsWith("battery#voltage = input:0x2124:REAL32 "), outcome.out());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void holesAreMarked() throws IOException {
        TwinBoard board = SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE).strictHoles(true)
                .set("battery#state-of-charge", 45);
        try (Twin twin = Twin.tcp(0, board)) {
            Outcome table = registers(twin, "--dump", "0x20F0-0x2110");
            assertEquals(0, table.code(), table.err());
            assertTrue(table.out().contains("0x20F0 to 0x20F3 the board has no registers here"), table.out());
            assertTrue(table.out().contains("0x20F4"), table.out());
            Outcome json = registers(twin, "--dump", "0x2100-0x2101", "--format", "json");
            assertEquals(45, json.json().get(0).get("real32little").getAsDouble());
            assertFalse(json.json().get(1).has("real32little"));
            Outcome nothing = registers(twin, "--dump", "0x9000");
            assertEquals(3, nothing.code());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "--dump 1 --find 2", "--dump x", "--dump 5-1", "--dump 0-65536", "--dump 1-2-3",
            "--find x", "--find 1 --tolerance -1", "--find 1 --channel nothing", "--find 1 --range y",
            "--find 1 --table coils", "--find 1 --interval 1", "--find 1 --baud 600" })
    void badArgumentsAreExitCode2(String line) throws IOException {
        try (Twin twin = Twin.tcp(0, SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE))) {
            Outcome outcome = registers(twin, line.isEmpty() ? new String[0] : line.split(" "));
            assertEquals(2, outcome.code(), outcome.err());
            assertFalse(outcome.err().contains("Exception"), outcome.err());
        }
    }
}
