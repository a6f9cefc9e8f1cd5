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

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.cli.Outcome.bms;
import static org.openhab.binding.bmsmain.cli.Outcome.registers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.twin.DeviceHabits;
import org.openhab.binding.bmsmain.twin.DeviceHabits.Refusal;
import org.openhab.binding.bmsmain.twin.HiddenMap;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * Commands that need real time: on a slow line, at many baud rates, with a battery whose current must change first.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class RealTimeIT {

    /** A line on which bytes arrive intact only at the same speed; the board is at 19200 baud and address 47. */
    @Test
    void findsATwinAt19200BaudAndAddress47() throws IOException {
        Peers.need(Files.isExecutable(Path.of("/usr/bin/python3")), "python3");
        Process bridge = new ProcessBuilder("/usr/bin/python3", "src/test/python/baud_bridge.py")
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader names = new BufferedReader(new InputStreamReader(bridge.getInputStream()))) {
            String[] ends = names.readLine().split(" ");
            TwinBoard board = new TwinBoard(47, WordOrder.LITTLE, Clock.systemDefaultZone(), 1);
            try (Twin twin = Twin.rtu(() -> SerialLine.open(ends[0], 19200), 19200, board)) {
                Outcome outcome = bms("scan", "--serial", ends[1], "--timeout", "40", "--format", "json");
                assertEquals(0, outcome.code(), outcome.err());
                JsonObject json = JsonParser.parseString(outcome.out()).getAsJsonObject();
                assertTrue(json.get("board").getAsBoolean());
                assertEquals("Thing bmsmain:serial:board47 \"BMS Main 2.1\" [ port=\"" + ends[1]
                        + "\", baudRate=19200, address=47 ]", json.get("things").getAsString());
                assertEquals(0, twin.log().writes());
                Outcome doctor = bms("doctor", "--serial", ends[1], "--format", "json", "--requests", "20", "--address",
                        "47");
                assertEquals(3, doctor.code(), doctor.out());
                assertTrue(doctor.out().contains("\"cause\":\"wrong-baud-rate\",\"detail\":\"19200\""), doctor.out());
                Outcome healthy = bms("doctor", "--serial", ends[1], "--baud", "19200", "--address", "47", "--requests",
                        "20", "--timeout", "3000");
                assertEquals(0, healthy.code(), healthy.out());
            }
        } finally {
            bridge.destroy();
        }
    }

    /** The twin's battery rests from time to time, so this may take longer than the current alone requires. */
    @Test
    void suggestsWhatIsHiddenAndReportsItWithoutPersonalData() throws IOException {
        TwinBoard board = new TwinBoard().hiddenMap(7);
        HiddenMap.Entry voltage = Objects.requireNonNull(board.hiddenMap()).entries().stream()
                .filter(entry -> entry.what() == HiddenMap.Quantity.PACK_VOLTAGE).findFirst().orElseThrow();
        try (Twin twin = Twin.tcp(0, board)) {
            Outcome outcome = registers(twin, "--suggest", "--for", "55s", "--format", "json");
            JsonObject first = outcome.json().get(0);
            assertEquals("battery#voltage", first.get("quantity").getAsString(), outcome.out());
            assertEquals(voltage.address(), first.get("address").getAsInt(), outcome.out());
            assertTrue(first.get("line").getAsString().startsWith("battery#voltage = input:"), outcome.out());
            assertEquals(0, outcome.code(), outcome.out());
            String line = first.get("line").getAsString();
            Outcome report = registers(twin, "--report", "--for", "2s", "--in-use", line);
            assertTrue(report.out().contains("- firmware 2.4.7, "), report.out());
            assertTrue(report.out().contains("`" + line + "` reads 7"), report.out());
            assertFalse(report.out().contains("127.0.0.1") || report.out().contains(Integer.toString(twin.port())),
                    report.out());
            assertEquals(0, twin.log().writes());
        }
    }

    /** A gateway with such a slow line that the longest responses exceed the default timeout. */
    @Test
    void aGatewayInFrontOfASlowLineIsFoundWithPatience() throws IOException {
        try (Twin twin = SlowLine.rtuOverTcp(1200)) {
            Outcome outcome = bms("scan", "--tcp", "127.0.0.1", "--port", Integer.toString(twin.port()), "--timeout",
                    "3000", "--format", "json");
            assertEquals(0, outcome.code(), outcome.err());
            JsonObject json = JsonParser.parseString(outcome.out()).getAsJsonObject();
            assertTrue(json.get("board").getAsBoolean());
            assertTrue(json.get("things").getAsString().contains("responseTimeout=3000"), outcome.out());
            Outcome doctor = bms("doctor", "--tcp", "127.0.0.1:" + twin.port(), "--framing", "rtu", "--requests", "5",
                    "--format", "json");
            JsonObject diagnosis = JsonParser.parseString(doctor.out()).getAsJsonObject();
            assertEquals("too-slow", diagnosis.get("cause").getAsString(), doctor.out());
            String millis = diagnosis.get("detail").getAsString();
            assertTrue(diagnosis.get("rule").getAsString().contains("responseTimeout to " + millis + " ms"),
                    doctor.out());
            assertEquals(0, bms("doctor", "--tcp", "127.0.0.1:" + twin.port(), "--framing", "rtu", "--requests", "5",
                    "--timeout", millis).code());
            assertEquals(0, twin.log().writes());
        }
    }

    /** The longest response takes a second; without the option it times out. */
    @ParameterizedTest
    @ValueSource(strings = { "rtu", "tcp" })
    void aGatewayInFrontOfASlowLineIsReadWithPatience(String framing) throws IOException {
        try (Twin twin = "rtu".equals(framing) ? SlowLine.rtuOverTcp(1200) : SlowLine.tcp(1200)) {
            Outcome outcome = bms("watch", "--tcp", "127.0.0.1:" + twin.port(), "--once", "--format", "json",
                    "--framing", framing, "--timeout", "3000");
            assertEquals(0, outcome.code(), outcome.err());
            JsonObject channels = outcome.json().get(0).getAsJsonObject("channels");
            assertEquals("-12.5", channels.get("battery#current").toString());
            assertEquals("0", channels.get("link#failed-requests").toString());
            Outcome dump = bms("registers", "--tcp", "127.0.0.1:" + twin.port(), "--framing", framing, "--timeout",
                    "3000", "--dump", "0x2000-0x203B");
            assertEquals(0, dump.code(), dump.err());
            Outcome hasty = bms("registers", "--tcp", "127.0.0.1:" + twin.port(), "--framing", framing, "--timeout",
                    "50", "--dump", "0x2000-0x203B");
            // Values that are read nevertheless are correct.
            assertTrue(hasty.code() == 3 || hasty.out().equals(dump.out()), hasty.out());
            assertEquals(0, twin.log().writes());
        }
    }

    @Test
    void whatIsNowhereIsTold() throws IOException {
        try (Twin twin = Twin.tcp(0, SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE))) {
            Outcome outcome = registers(twin, "--find", "123456.7", "--tolerance", "0.01");
            assertEquals(3, outcome.code());
            assertTrue(outcome.err().contains("The value was not found"), outcome.err());
            assertEquals(3, registers(twin, "--dump", "0x2000", "--address", "5").code());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Refusal.class, names = "SHORT_ANSWER", mode = EnumSource.Mode.EXCLUDE)
    void aHoleThatIsRefusedInAnyWayEndsNoSearch(Refusal hole) throws IOException {
        TwinBoard board = SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE).set("battery#state-of-charge", 55.5);
        try (Twin twin = Twin.tcp(0, board)) {
            twin.habits(
                    new DeviceHabits(0, 125, Refusal.EXCEPTION_3, hole, List.of(), 0, DeviceHabits.Header.STANDARD, 0));
            Outcome found = registers(twin, "--find", "55.5", "--range", "0x20F8-0x2110", "--timeout", "150");
            assertEquals(0, found.code(), found.err());
            assertTrue(found.out().contains("input:0x2100:REAL32 "), found.out());
            Outcome dump = registers(twin, "--dump", "0x20FC-0x2103", "--timeout", "150");
            assertEquals(0, dump.code(), dump.err());
            assertTrue(dump.out().contains("0x20FC to 0x20FF the board has no registers here"), dump.out());
            assertTrue(dump.out().contains("0x2103           the board has no registers here"), dump.out());
            assertEquals(0, twin.log().writes());
        }
    }

    /** A network whose servers accept each connection and close it: each host is tried several times. */
    @Test
    void aNetworkSeesAtMostTwentyConnectionsASecond() throws Exception {
        List<Long> accepted = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket server = new ServerSocket(0, 100)) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        Socket socket = server.accept();
                        accepted.add(System.nanoTime());
                        socket.close();
                    }
                } catch (IOException e) {
                    // the test is over
                }
            });
            thread.start();
            Outcome outcome = bms("scan", "--subnet", "127.0.0.0/29", "--port",
                    Integer.toString(server.getLocalPort()));
            assertEquals(3, outcome.code(), outcome.err());
            server.close();
            thread.join();
        }
        // Six hosts.
        assertTrue(accepted.size() >= 6, accepted.size() + " connections");
        for (int i = 0; i + 30 < accepted.size(); i++) {
            // Connections may queue until they are accepted, and then be accepted together.
            double seconds = (accepted.get(i + 30) - accepted.get(i)) / 1e9;
            assertTrue(seconds > 1, "31 connections within " + seconds + " s");
        }
    }
}
