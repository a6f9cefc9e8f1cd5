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
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.openhab.binding.bmsmain.cli.Bms;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinCan;
import org.openhab.binding.bmsmain.twin.VirtualWire;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * The output of {@code bms watch} for a board on CAN, simulated by python-can and by the twin.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class WatchOverCanIT {

    @TempDir
    Path folder = Path.of("");

    private final StringWriter errors = new StringWriter();

    private List<JsonObject> watch(String... arguments) {
        List<String> command = new ArrayList<>(List.of("watch", "--format", "json"));
        command.addAll(Arrays.asList(arguments));
        StringWriter out = new StringWriter();
        int code = Bms.execute(new PrintWriter(out, true), new PrintWriter(errors, true),
                command.toArray(String[]::new));
        assertEquals(0, code, errors.toString());
        return out.toString().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    }

    private static JsonObject channels(JsonObject state) {
        return state.getAsJsonObject("channels");
    }

    /** The bits of the board that are ON. */
    private static Set<String> on(JsonObject channels) {
        Set<String> names = new TreeSet<>();
        for (Point point : Catalogue.channels()) {
            JsonElement value = channels.get(point.id());
            if (point.kind().isBit() && point.origin() == Origin.WIRE && value.isJsonPrimitive()
                    && "ON".equals(value.getAsString())) {
                names.add(point.name());
            }
        }
        return names;
    }

    private static final Set<String> EXAMPLE = Set.of("charger-connected", "charging-contactor", "allow-charging",
            "discharging-contactor", "common-contactor", "ready-to-charge", "ready-to-discharge", "power-up",
            "journal-unacknowledged");

    /** The example of the protocol page: +9.0 A, 26 and 27 degrees, 5 %, 50.8 V, and the named bits. */
    private static void assertExample(JsonObject channels) {
        assertEquals(9.0, channels.get("battery#current").getAsDouble());
        assertEquals(26, channels.get("battery#min-cell-temperature").getAsDouble());
        assertEquals(27, channels.get("battery#max-cell-temperature").getAsDouble());
        assertEquals(5, channels.get("battery#state-of-charge").getAsDouble());
        assertEquals(50.8, channels.get("battery#voltage").getAsDouble());
        assertEquals(EXAMPLE, on(channels));
    }

    @Test
    void theExampleFramesOfPythonCan() {
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        List<String> board = List.of("1A0 02 5A 00 1A 1B 05 FC 01", "2A0 2C 00 C0 03 00 40 00 00", "720 05",
                // another node, a short frame, a long one
                "1A1 FF FF 7F FF FF FF FF FF", "1A0 FF FF FF", "2A0 FF");
        try (VirtualWire socat = Peers.socat(ours, theirs);
                Peer peer = Peers.pythonCan(board, theirs.toString(), "32")) {
            assertExample(channels(watch("--slcan", ours.toString(), "--once").get(0)));
        }
    }

    @Test
    void objectsOfPythonCanInOneFrameAndInSegments() {
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        // Input signals 1, 8, 14; 21; error bit 9. A humidity of 45.3 %.
        List<String> board = List.of("4000:0 0241", "4001:0 2000", "4020:0 00020000", "2005:1 33333542", "720 05");
        try (VirtualWire socat = Peers.socat(ours, theirs);
                Peer peer = Peers.pythonCan(board, theirs.toString(), "32")) {
            JsonObject channels = channels(
                    watch("--slcan", ours.toString(), "--once", "--register", "sensors#humidity = sdo:0x2005.1:REAL32")
                            .get(0));
            assertEquals(
                    Set.of("charger-connected", "charge-request", "interlock", "close-external-1", "bms-logic-offline"),
                    on(channels));
            assertEquals(45.3, channels.get("sensors#humidity").getAsDouble());
            assertTrue(channels.get("battery#current").isJsonNull());
        }
    }

    /** The peer prints every frame that it receives. */
    @Test
    void nothingIsSentWhereOneMayOnlyListen() throws IOException {
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        List<String> board = List.of("1A0 02 5A 00 1A 1B 05 FC 01", "2A0 2C 00 C0 03 00 40 00 00");
        try (VirtualWire socat = Peers.socat(ours, theirs);
                Peer peer = Peers.pythonCan(board, theirs.toString(), "32")) {
            List<JsonObject> states = watch("--slcan", ours.toString(), "--listen-only", "--for", "4");
            assertExample(channels(states.get(states.size() - 1)));
            assertFalse(peer.output().ready(), "a frame was sent");
            // Counter-check: without the option the peer receives requests.
            watch("--slcan", ours.toString(), "--for", "2");
            assertTrue(peer.output().readLine().startsWith("620 40"));
        }
    }

    @Test
    void theTwinShowsTheSameOverCanAndOverTcp() throws IOException {
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        // Values that both connections transmit exactly, and a bit in each object.
        TwinBoard board = new TwinBoard().frozen(true).set("battery#current", -12.5).set("battery#state-of-charge", 57)
                .set("battery#voltage", 51.2).set("battery#min-cell-temperature", -3)
                .set("battery#max-cell-temperature", 24).set("input-signals#close-external-1", true)
                .set("input-signals#fuse-2", true).fault("bms-logic-offline").fault("insulation-fault");
        try (VirtualWire socat = Peers.socat(ours, theirs);
                Twin tcp = Twin.tcp(0, board);
                TwinCan can = TwinCan.slcan(() -> SerialLine.open(theirs.toString(), 115_200), 250,
                        Duration.ofMillis(100), board)) {
            JsonObject overCan = channels(watch("--slcan", ours.toString(), "--once").get(0));
            JsonObject overTcp = channels(watch("--tcp", "127.0.0.1:" + tcp.port(), "--once", //
                    "--register", "battery#voltage = input:0x2104:REAL32", //
                    "--register", "battery#min-cell-temperature = input:0x2108:S16:0.1", //
                    "--register", "battery#max-cell-temperature = input:0x2109:S16:0.1").get(0));
            int carried = 0;
            List<String> wrong = new ArrayList<>();
            for (Point point : Catalogue.channels()) {
                if (point.origin() == Origin.LINK || point.origin() == Origin.COUNTED) {
                    continue;
                }
                boolean hasPlace = !point.canLocations().isEmpty();
                JsonElement shown = overCan.get(point.id());
                carried += hasPlace ? 1 : 0;
                if (hasPlace || !shown.isJsonNull()) {
                    if (!shown.equals(overTcp.get(point.id()))) {
                        wrong.add(point.id() + " is " + shown + " over CAN, " + overTcp.get(point.id()) + " over TCP");
                    }
                }
            }
            assertEquals(List.of(), wrong);
            assertTrue(carried > 80, carried + " channels");
        }
    }

    @Test
    void lostFramesForeignFramesAndTimeStampsDoNotMatter() throws IOException {
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        TwinBoard board = new TwinBoard().frozen(true).set("battery#current", -12.5);
        try (VirtualWire socat = Peers.socat(ours, theirs);
                TwinCan can = TwinCan.slcan(() -> SerialLine.open(theirs.toString(), 115_200), 500,
                        Duration.ofMillis(50), board)) {
            can.lose(0.5);
            can.foreign(1000);
            List<JsonObject> states = watch("--slcan", ours.toString(), "--bit-rate", "500", "--for", "5");
            assertTrue(states.size() > 20, states.size() + " states");
            List<JsonElement> currents = states.stream().map(state -> channels(state).get("battery#current"))
                    .dropWhile(JsonElement::isJsonNull).toList();
            // Every second frame is lost: the first value may be late, but once published it remains.
            assertTrue(currents.size() > states.size() / 2, currents::toString);
            currents.forEach(current -> assertEquals(-12.5, current.getAsDouble()));
        }
    }

    @Test
    void theTwinWithoutSyncFollowsOurs() throws IOException {
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        TwinBoard board = new TwinBoard(47, TwinBoard.WordOrder.LITTLE, java.time.Clock.systemUTC(), 1).frozen(true)
                .set("battery#current", 3.5);
        try (VirtualWire socat = Peers.socat(ours, theirs);
                TwinCan can = TwinCan.slcan(() -> SerialLine.open(theirs.toString(), 115_200), 125, Duration.ZERO,
                        board)) {
            String[] where = { "--slcan", ours.toString(), "--bit-rate", "125", "--node", "47", "--once" };
            assertTrue(channels(watch(where).get(0)).get("battery#current").isJsonNull());
            List<String> synced = new ArrayList<>(List.of(where));
            synced.addAll(List.of("--sync", "0.1"));
            assertEquals(3.5,
                    channels(watch(synced.toArray(String[]::new)).get(0)).get("battery#current").getAsDouble());
        }
    }

    /** SYNC is so rare that many heartbeats arrive before the first value. */
    @Test
    void onceWaitsForASlowSync() throws IOException {
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        TwinBoard board = new TwinBoard().frozen(true).set("battery#current", -12.5);
        try (VirtualWire socat = Peers.socat(ours, theirs);
                TwinCan can = TwinCan.slcan(() -> SerialLine.open(theirs.toString(), 115_200), 250,
                        Duration.ofSeconds(4), board)) {
            // The twin's initial SYNC is over.
            watch("--slcan", ours.toString(), "--for", "1.5");
            JsonObject channels = channels(watch("--slcan", ours.toString(), "--once").get(0));
            assertEquals(-12.5, channels.get("battery#current").getAsDouble());
            assertFalse(channels.get("faults#errors-2").isJsonNull());
        }
    }

    @Test
    void logsOfCandump() throws IOException {
        Path log = folder.resolve("candump.log");
        Files.write(log, List.of("(1700000000.000000) can0 1A0#025A001A1B05FC01", //
                "(1700000000.100000) can0 1A1#FFFFFFFFFFFFFFFF", //
                "(1700000000.200000) can0 2A0#2C00C00300400000", //
                "(1700000000.300000) can0 2A0#2C00C00300400000 R", //
                "(1700000000.400000) can0 1A0#R8", //
                "(1700000000.500000) can0 000001A0#0000000000000000", //
                "  can0  1A0   [8]  02 5B 00 1A 1B 05 FC 01", //
                " (2023-11-14 22:13:22.000000)  can0  RX - -  1A0   [8]  02 5C 00 1A 1B 05 FC 01   '.\\......'", //
                "01A0 02 5A 00 1A 1B 05 FC 01", //
                "no frame at all"));
        List<JsonObject> states = watch("--candump", log.toString());
        assertEquals(List.of(9.0, 9.0, 9.1, 9.2, 9.0),
                states.stream().map(state -> channels(state).get("battery#current").getAsDouble()).toList());
        assertTrue(channels(states.get(0)).get("faults#critical").isJsonNull());
        assertExample(channels(states.get(4)));
        assertEquals("2023-11-14T22:13:20Z", states.get(0).get("time").getAsString());
        assertTrue(errors.toString().contains("1 lines are not CAN frames"), errors.toString());
    }

    @Test
    void valuesOfALogBecomeOld() throws IOException {
        Path log = folder.resolve("candump.log");
        Files.write(log, List.of("(0.0) can0 1A0#025A001A1B05FC01", "(1.0) can0 2A0#2C00C00300400000",
                "(8.0) can0 2A0#2C00C00300400000"));
        List<JsonObject> states = watch("--candump", log.toString());
        assertEquals(3, states.size());
        assertTrue(channels(states.get(2)).get("battery#current").isJsonNull());
    }
}
