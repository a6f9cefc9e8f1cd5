/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.peer;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.SoftwareControl;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;
import org.openhab.binding.bmsmain.twin.VirtualWire;

/**
 * mbpoll, a Modbus master based on libmodbus, reads and writes the device twin.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
public class MbpollReadsTwinIT {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:34:56Z"), ZoneOffset.UTC);

    @TempDir
    Path directory = Path.of("");

    @BeforeAll
    static void needMbpoll() {
        Peers.need(Peers.onPath("mbpoll"), "mbpoll");
    }

    private static TwinBoard board(WordOrder order) {
        return new TwinBoard(32, order, CLOCK, 1).frozen(true).set("battery#current", -12.5)
                .set("sensors#external-temperature", -7.25).set("sensors#humidity", 55.5)
                .set("battery#state-duration", 70_000).fault("bms-logic-offline").fault("spirit-offline");
    }

    private interface Mbpoll {
        String run(String... arguments) throws IOException, InterruptedException;

        default List<String> values(String... arguments) throws IOException, InterruptedException {
            return run(arguments).lines().filter(line -> line.startsWith("["))
                    .map(line -> line.substring(line.indexOf('\t') + 1).strip()).toList();
        }
    }

    private static Mbpoll tcp(Twin twin) {
        return arguments -> call(List.of("-m", "tcp", "-p", Integer.toString(twin.port())), "127.0.0.1", arguments);
    }

    private static Mbpoll rtu(String port, int baud) {
        return arguments -> call(List.of("-m", "rtu", "-b", Integer.toString(baud), "-P", "none", "-s", "1"), port,
                arguments);
    }

    private static String call(List<String> how, String where, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mbpoll", "-a", "32", "-0", "-1", "-o", "5"));
        command.addAll(how);
        int values = Arrays.asList(arguments).indexOf("=");
        command.addAll(Arrays.asList(arguments).subList(0, values < 0 ? arguments.length : values));
        command.add(where);
        if (values >= 0) {
            command.addAll(Arrays.asList(arguments).subList(values + 1, arguments.length));
        }
        return run(command.toArray(String[]::new));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @ParameterizedTest
    @EnumSource
    void overTcp(WordOrder order) throws IOException, InterruptedException {
        TwinBoard board = board(order);
        try (Twin twin = Twin.tcp(0, board)) {
            readsAndWrites(tcp(twin), board, order);
        }
    }

    @ParameterizedTest
    @EnumSource
    void overRtu(WordOrder order) throws IOException, InterruptedException {
        TwinBoard board = board(order);
        Path ours = directory.resolve("ours");
        Path theirs = directory.resolve("theirs");
        try (VirtualWire socat = Peers.socat(ours, theirs);
                Twin twin = Twin.rtu(() -> SerialLine.open(ours.toString(), 19200), 19200, board)) {
            readsAndWrites(rtu(theirs.toString(), 19200), board, order);
            assertTrue(twin.log().requests() > 5);
        }
    }

    @Test
    void twinComesBackWithItsSerialPort() throws IOException, InterruptedException {
        Path ours = directory.resolve("ours");
        Path theirs = directory.resolve("theirs");
        VirtualWire wire = Peers.socat(ours, theirs);
        try (Twin twin = Twin.rtu(() -> SerialLine.open(ours.toString(), 19200), 19200, board(WordOrder.LITTLE))) {
            Mbpoll mbpoll = rtu(theirs.toString(), 19200);
            assertEquals(List.of("0x0001"), mbpoll.values("-t", "4:hex", "-r", "0x4000"));
            wire.close();
            wire = Peers.socat(ours, theirs);
            Wait.until("the twin answers again", () -> {
                try {
                    return List.of("0x0001").equals(mbpoll.values("-t", "4:hex", "-r", "0x4000"));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        } finally {
            wire.close();
        }
    }

    private static void readsAndWrites(Mbpoll mbpoll, TwinBoard board, WordOrder order)
            throws IOException, InterruptedException {
        String[] floats = order == WordOrder.BIG ? new String[] { "-B", "-t", "3:float" }
                : new String[] { "-t", "3:float" };
        assertEquals(List.of("-12.5", "-7.25", "55.5"), mbpoll.values(with(floats, "-r", "0x2001", "-c", "3")));
        String[] longs = order == WordOrder.BIG ? new String[] { "-B", "-t", "3:int" } : new String[] { "-t", "3:int" };
        assertEquals(List.of("70000"), mbpoll.values(with(longs, "-r", "0x2411", "-c", "1")));
        assertEquals(List.of("0x20000200"), List.of(String.format("0x%08X",
                Integer.parseInt(mbpoll.values(with(longs, "-r", "0x2007", "-c", "1")).get(0)))));
        assertEquals(List.of("0x1122", "0x1226", "0x5634"), mbpoll.values("-t", "3:hex", "-r", "0x1000", "-c", "3"));
        assertEquals(125, mbpoll.values("-t", "3", "-r", "0x2000", "-c", "125").size());

        assertEquals(List.of("0x0001"), mbpoll.values("-t", "4:hex", "-r", "0x4000"));
        assertTrue(mbpoll.run("-t", "4", "-r", "0x4000", "=", "2").contains("Written 1 references"));
        assertEquals(List.of("0x0002"), mbpoll.values("-t", "4:hex", "-r", "0x4000"));
        assertTrue(mbpoll.run("-t", "4", "-r", "0x5103", "=", "1", "0").contains("Written 2 references"));
        assertEquals(SoftwareControl.SET, board.softwareControl("inhibit-charging"));
        assertEquals(SoftwareControl.CLEARED, board.softwareControl("inhibit-discharging"));

        assertTrue(mbpoll.run("-t", "4", "-r", "0x4000", "=", "3").contains("Illegal data value"));
        assertTrue(mbpoll.run("-t", "3", "-r", "0x3000").contains("Illegal data address"));
        assertTrue(mbpoll.run("-t", "1", "-r", "0x0").contains("Illegal function"));
    }

    @Test
    void anotherAddressStaysSilent() throws IOException, InterruptedException {
        try (Twin twin = Twin.tcp(0, board(WordOrder.LITTLE))) {
            String output = run("mbpoll", "-m", "tcp", "-p", Integer.toString(twin.port()), "-a", "31", "-0", "-1",
                    "-o", "0.2", "-t", "3", "-r", "0x2000", "127.0.0.1");
            assertTrue(output.contains("timed out"), output);
        }
    }

    private static String[] with(String[] first, String... more) {
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
