/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.it;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.it.OsgiIT.*;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.HostClient.Status;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinCan;
import org.openhab.binding.bmsmain.twin.VirtualWire;

/**
 * The JAR that users install, in an OSGi framework, with boards on CAN behind an slcan adapter.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(120)
class CanIT {

    private static final String CAN = "bmsmain:can";
    private static final Duration SYNC = Duration.ofMillis(100);

    @TempDir
    Path folder = Path.of("");

    private Path ours() {
        return folder.resolve("can");
    }

    private Path theirs() {
        return folder.resolve("bus");
    }

    private TwinCan bus(TwinBoard... boards) throws IOException {
        return TwinCan.slcan(() -> SerialLine.open(theirs().toString(), 115_200), 250, SYNC, boards);
    }

    private static TwinBoard board(int node, double current) {
        return new TwinBoard(node, TwinBoard.WordOrder.LITTLE, Clock.systemUTC(), 1).frozen(true).set("battery#current",
                current);
    }

    private static void awaitState(HostClient host, String thing, String channel, String state) {
        assertTrue(host.await(() -> state.equals(host.states(thing).get(channel)), SOON),
                () -> channel + " is " + host.states(thing).get(channel) + ", " + host.status(thing));
    }

    private static void awaitOffline(HostClient host, String thing, String key) {
        assertTrue(host.await(() -> host.status(thing).description().contains(key), SOON),
                () -> host.status(thing).toString());
        awaitUnknown(host, thing);
    }

    @ParameterizedTest
    @EnumSource
    void showsEveryChannelThatCanCarries(Kind framework) throws Exception {
        TwinBoard board = board(32, -12.5).set("battery#voltage", 51.2).fault("water");
        try (VirtualWire socat = Peers.socat(ours(), theirs());
                TwinCan bus = bus(board);
                OsgiRuntime runtime = start(framework)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(CAN, "home", Map.of("port", ours().toString(), "input1Function", "interlock"));
            awaitState(host, thing, "battery#current", "-12.5 A");
            awaitState(host, thing, "battery#power", "-640 W");
            awaitState(host, thing, "faults#water", "ON");
            awaitState(host, thing, "faults#active-count", "1");
            awaitState(host, thing, "inputs#in-1", "CLOSED");
            assertEquals(Objects.requireNonNull(host.thingTypes().get(CAN)).keySet(), host.channels(thing).keySet());

            // SDO reads the values missing in the PDOs a moment later, so all values with a CAN location are known.
            host.await(() -> surprises(host, thing).isEmpty(), SOON);
            assertEquals(Set.of(), surprises(host, thing));
            assertEquals("UNDEF", host.states(thing).get("sensors#humidity"));

            host.removeThing(thing);
            assertTrue(bus.heard().stream().allMatch(frame -> frame.startsWith("620 40")), bus.heard().toString());
            assertQuiet(runtime);
        }
    }

    /** Values that are unknown although CAN provides them, or known although it does not. */
    private static Set<String> surprises(HostClient host, String thing) {
        Map<String, String> states = host.states(thing);
        Set<String> surprises = new TreeSet<>();
        for (Point point : Catalogue.channels()) {
            boolean onCan = !point.canLocations().isEmpty();
            if (point.origin() == Origin.WIRE && onCan == "UNDEF".equals(states.get(point.id()))) {
                surprises.add(point.id() + " is " + states.get(point.id()));
            }
        }
        return surprises;
    }

    @Test
    void twoNodesOnOneAdapterComeBackAfterItWasUnplugged() throws Exception {
        TwinBoard one = board(32, 7);
        TwinBoard other = board(33, -9);
        try (OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String first;
            String second;
            try (VirtualWire socat = Peers.socat(ours(), theirs()); TwinCan bus = bus(one, other)) {
                first = host.addThing(CAN, "first", Map.of("port", ours().toString()));
                second = host.addThing(CAN, "second", Map.of("port", ours().toString(), "nodeId", 33));
                awaitState(host, first, "battery#current", "7 A");
                awaitState(host, second, "battery#current", "-9 A");
                one.set("battery#current", 8);
                awaitState(host, first, "battery#current", "8 A");
                assertEquals("-9 A", host.states(second).get("battery#current"));

                // Removing one Thing does not affect the other.
                host.removeThing(first);
                assertEquals("ONLINE", host.status(second).status());
                first = host.addThing(CAN, "first", Map.of("port", ours().toString()));
                awaitState(host, first, "battery#current", "8 A");
            }
            awaitOffline(host, first, "offline.port-missing");
            awaitOffline(host, second, "offline.port-missing");
            try (VirtualWire socat = Peers.socat(ours(), theirs()); TwinCan bus = bus(one, other)) {
                awaitState(host, first, "battery#current", "8 A");
                awaitState(host, second, "battery#current", "-9 A");
                assertEquals("ONLINE", host.status(first).status());
                assertEquals("ONLINE", host.status(second).status());
            }
            assertQuiet(runtime);
        }
    }

    @Test
    void tellsWhyNothingIsHeard() throws Exception {
        try (VirtualWire socat = Peers.socat(ours(), theirs());
                TwinCan bus = bus(board(33, 1));
                OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(CAN, "home", Map.of("port", ours().toString()));
            assertTrue(host.await(() -> host.status(thing).description().contains("offline.wrong-unit"), SOON),
                    () -> host.status(thing).toString());
            assertTrue(host.status(thing).text().contains("Address 33"), () -> host.status(thing).toString());

            host.configure(thing, Map.of("bitRate", 500));
            assertTrue(host.await(() -> host.status(thing).description().contains("offline.garbage.can"), SOON),
                    () -> host.status(thing).toString());

            // The machine lacks CAN or this interface.
            String socketCan = host.addThing(CAN, "socketcan", Map.of("adapter", "socketcan", "interface", "bmsnone0"));
            assertTrue(
                    host.await(() -> host.status(socketCan).description().matches(".*offline.(no-can|port-missing).*"),
                            SOON),
                    () -> host.status(socketCan).toString());
            assertQuiet(runtime);
        }
    }

    @Test
    void refusesWrongConfigurationWithAReason() throws Exception {
        try (VirtualWire socat = Peers.socat(ours(), theirs());
                TwinCan bus = bus(board(32, 1));
                OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            assertEquals("HANDLER_CONFIGURATION_PENDING",
                    host.status(host.addThing(CAN, "node", Map.of("port", "x", "nodeId", 128))).detail());
            wrong(host, "port", Map.of(), "port");
            wrong(host, "sync", Map.of("port", "x", "syncInterval", 0.001), "syncInterval");
            wrong(host, "listening-sync", Map.of("port", "x", "syncInterval", 1, "listenOnly", true), "syncInterval");
            wrong(host, "listening-control", Map.of("port", "x", "allowControl", true, "listenOnly", true),
                    "allowControl");
            wrong(host, "listening-objects", Map.of("port", "x", "listenOnly", true, "registers",
                    List.of("sensors#humidity = sdo:0x2005.1:REAL32")), "registers");
            wrong(host, "line", Map.of("port", "x", "registers", List.of("sensors#humidity = input:0x2005:REAL32")),
                    "line 1");

            String thing = host.addThing(CAN, "home", Map.of("port", ours().toString()));
            awaitState(host, thing, "battery#current", "1 A");
            wrong(host, "bit-rate", Map.of("port", ours().toString(), "bitRate", 125), "bitRate");
            wrong(host, "serial-rate", Map.of("port", ours().toString(), "serialBaudRate", 57_600), "serialBaudRate");
            assertEquals("HANDLER_CONFIGURATION_PENDING",
                    host.status(host.addThing(CAN, "no-rate", Map.of("port", ours().toString(), "serialBaudRate", 100)))
                            .detail());
            Status modbus = host.status(host.addThing("bmsmain:serial", "modbus", Map.of("port", ours().toString())));
            assertEquals("CONFIGURATION_ERROR", modbus.detail());
            assertEquals("ONLINE", host.status(thing).status());
            assertQuiet(runtime);
        }
    }

    private static void wrong(HostClient host, String id, Map<String, Object> config, String word) {
        Status status = host.status(host.addThing(CAN, id, config));
        assertEquals("CONFIGURATION_ERROR", status.detail(), status.toString());
        assertTrue(status.text().contains(word), status.text());
    }

    @Test
    void forcesASignalOnceAndReadsObjects() throws Exception {
        TwinBoard board = board(32, 1);
        try (VirtualWire socat = Peers.socat(ours(), theirs());
                TwinCan bus = bus(board);
                OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(CAN, "home", Map.of("port", ours().toString(), "allowControl", true));
            awaitState(host, thing, "battery#current", "1 A");
            host.command(thing, "control#charge-request", "on");
            awaitState(host, thing, "control#charge-request", "on");
            assertEquals(TwinBoard.SoftwareControl.SET, board.softwareControl("charge-request"));
            assertEquals(List.of("620 2B 00 51 09 01 00 00 00"),
                    bus.heard().stream().filter(frame -> !frame.startsWith("620 40")).toList());
            Object name = host.action(thing, "readObject", "0x1008", 0).values().iterator().next();
            assertTrue(String.valueOf(name).contains("42 4D 53 20 4D 61 69 6E"), String.valueOf(name));
            assertQuiet(runtime);
        }
    }

    /** A scan only listens: it sends no frame. */
    @Test
    void proposesTheNodesThatAreHeardAndAreNoThings() throws Exception {
        try (VirtualWire socat = Peers.socat(ours(), theirs());
                TwinCan bus = bus(board(32, 1), board(33, 2));
                OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            assertEquals(List.of(), host.discover(CAN, SOON), "without an adapter there is nothing to listen to");
            String thing = host.addThing(CAN, "home", Map.of("port", ours().toString(), "listenOnly", true));
            awaitState(host, thing, "battery#current", "1 A");
            Wait.until("node 33 is proposed", () -> !host.discover(CAN, SOON).isEmpty());
            Map<String, Object> found = host.discover(CAN, SOON).get(0);
            assertEquals("busAddress", found.get("representationProperty"));
            assertEquals("BMS Main 2.1 (" + ours() + ", node 33)", found.get("label"));
            String properties = String.valueOf(found.get("properties"));
            for (String property : List.of("port=" + ours(), "listenOnly=true", "nodeId=33",
                    "busAddress=" + ours() + "#33")) {
                assertTrue(properties.contains(property), properties);
            }
            assertEquals(List.of(), bus.heard());

            // The discovered Thing works, and is not proposed again.
            host.addThing(CAN, "found", Map.of("port", ours().toString(), "listenOnly", true, "nodeId", 33));
            awaitState(host, "bmsmain:can:found", "battery#current", "2 A");
            Wait.until("node 33 is not proposed any more", () -> host.discover(CAN, SOON).isEmpty());
            assertEquals(List.of(), bus.heard());
            assertQuiet(runtime);
        }
    }

    /** Uses the bus of the Thing, which stays online; the examination sends only reads. */
    @Test
    void examinesALinkThatIsInUse() throws Exception {
        try (VirtualWire socat = Peers.socat(ours(), theirs());
                TwinCan bus = bus(board(32, 1));
                OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(CAN, "home", Map.of("port", ours().toString()));
            awaitState(host, thing, "battery#current", "1 A");
            String healthy = host.console("bmsmain diagnose " + thing);
            assertTrue(healthy.contains("The link to board 32 on " + ours() + " is in order."), healthy);
            assertTrue(healthy.contains("200 requests, 0 failed."), healthy);
            assertEquals("ONLINE", host.status(thing).status());

            String wrong = host.addThing(CAN, "wrong", Map.of("port", ours().toString(), "nodeId", 47));
            String found = host.console("bmsmain diagnose " + wrong);
            assertTrue(found.contains("The board on " + ours() + " has node ID 32, not 47."), found);
            assertTrue(bus.heard().stream().allMatch(frame -> frame.matches("6(20|2F) 40.*")), bus.heard().toString());
            assertQuiet(runtime);
        }
    }
}
