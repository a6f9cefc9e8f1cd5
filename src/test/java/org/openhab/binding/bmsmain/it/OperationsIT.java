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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openhab.binding.bmsmain.it.OsgiIT.SOON;
import static org.openhab.binding.bmsmain.it.OsgiIT.TCP;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.SoftwareControl;
import org.osgi.framework.Bundle;

/**
 * User operations besides viewing values, through the installed JAR: fault events and their journal, commands,
 * actions in rules, the console.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class OperationsIT {

    private static Map<String, Object> config(Twin twin, boolean control) {
        return Map.of("host", "127.0.0.1", "port", twin.port(), "refreshInterval", 0.2, "staleAfter", 2, "allowControl",
                control);
    }

    private static void awaitTriggers(HostClient host, String thing, String... payloads) {
        assertTrue(host.await(() -> host.triggers(thing, "faults#event").size() >= payloads.length, SOON));
        assertEquals(List.of(payloads), host.triggers(thing, "faults#event"));
    }

    @Test
    void eachFaultChangeFiresOnceAndIsKeptOverUpdates() throws Exception {
        TwinBoard board = new TwinBoard().frozen(true).fault("high-humidity");
        try (Twin twin = Twin.tcp(0, board); OsgiRuntime runtime = OsgiIT.start(Kind.EQUINOX)) {
            Bundle bundle = OsgiIT.installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(TCP, "home", config(twin, false));
            OsgiIT.awaitOnline(host, thing);
            assertEquals("ON", host.states(thing).get("faults#high-humidity"));
            awaitTriggers(host, thing);

            board.fault("water");
            awaitTriggers(host, thing, "RAISED:water");
            assertTrue(host.await(() -> "RAISED:water".equals(host.states(thing).get("faults#last-event")), SOON));

            // a lost link does not clear a fault
            twin.pause();
            assertTrue(host.await(() -> "OFFLINE".equals(host.status(thing).status()), SOON));
            twin.resume();
            OsgiIT.awaitOnline(host, thing);
            awaitTriggers(host, thing, "RAISED:water");

            board.clear("water");
            awaitTriggers(host, thing, "RAISED:water", "CLEARED:water");

            runtime.update(bundle, OsgiIT.JAR);
            OsgiIT.awaitOnline(host, thing);
            awaitTriggers(host, thing, "RAISED:water", "CLEARED:water");
            String journal = String.valueOf(host.action(thing, "getJournal").get("result"));
            assertEquals(List.of("RAISED:water", "CLEARED:water"),
                    journal.lines().map(line -> line.substring(line.indexOf(' ') + 1)).toList());
            assertEquals(journal, host.console("bmsmain journal " + thing).strip());
            assertTrue(String.valueOf(host.action(thing, "getFaults").get("result")).startsWith("high-humidity "));
            assertEquals(0, twin.log().writes());
            OsgiIT.assertQuiet(runtime);
        }
    }

    /** The alarm of a healthy board may stay unchanged for weeks. */
    @Test
    void anItemThatWasEditedShowsItsStateAgain() throws Exception {
        try (Twin twin = Twin.tcp(0, new TwinBoard().frozen(true)); OsgiRuntime runtime = OsgiIT.start(Kind.EQUINOX)) {
            OsgiIT.installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(TCP, "home", config(twin, false));
            OsgiIT.awaitOnline(host, thing);
            host.link(thing, "faults#critical", "Critical");
            assertTrue(host.await(() -> "OFF".equals(host.itemState("Critical")), SOON));
            host.editItem("Critical");
            assertEquals("NULL", host.itemState("Critical"));
            assertTrue(host.await(() -> "OFF".equals(host.itemState("Critical")), SOON));
            OsgiIT.assertQuiet(runtime);
        }
    }

    @Test
    void nothingCanBeWrittenUnlessItIsAllowed() throws Exception {
        try (Twin twin = Twin.tcp(0, new TwinBoard().frozen(true)); OsgiRuntime runtime = OsgiIT.start(Kind.EQUINOX)) {
            OsgiIT.installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(TCP, "home", config(twin, false));
            OsgiIT.awaitOnline(host, thing);
            assertFalse(host.channels(thing).keySet().stream().anyMatch(channel -> channel.startsWith("control#")));
            assertThrows(IllegalArgumentException.class, () -> host.command(thing, "control#charge-request", "on"));
            String result = String.valueOf(host.action(thing, "setSignal", "charge-request", "on").get("result"));
            assertTrue(result.contains("not allowed"), result);
            assertEquals(0, twin.log().writes());
            OsgiIT.assertQuiet(runtime);
        }
    }

    @Test
    void eachCommandIsWrittenOnceAndConfirmed() throws Exception {
        TwinBoard board = new TwinBoard().frozen(true);
        try (Twin twin = Twin.tcp(0, board); OsgiRuntime runtime = OsgiIT.start(Kind.EQUINOX)) {
            Bundle bundle = OsgiIT.installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(TCP, "home", config(twin, true));
            OsgiIT.awaitOnlineWithControl(host, thing);

            host.command(thing, "control#charge-request", "on");
            assertTrue(host.await(() -> "on".equals(host.states(thing).get("control#charge-request")), SOON),
                    () -> String.valueOf(host.states(thing).get("control#last-result")));
            assertEquals(SoftwareControl.SET, board.softwareControl("charge-request"));
            assertEquals(1, twin.log().writes());

            String result = String.valueOf(host.action(thing, "setSignal", "charge-request", "physical").get("result"));
            assertTrue(result.contains("confirmed"), result);
            assertEquals(SoftwareControl.PHYSICAL, board.softwareControl("charge-request"));
            assertEquals(2, twin.log().writes());

            // neither an update nor a reconnect writes
            runtime.update(bundle, OsgiIT.JAR);
            OsgiIT.awaitOnlineWithControl(host, thing);
            twin.dropConnections();
            OsgiIT.awaitOnlineWithControl(host, thing);
            assertEquals(2, twin.log().writes());
            assertEquals(Map.of(), host.status(thing).strays());
            OsgiIT.assertQuiet(runtime);
        }
    }

    @Test
    void rulesAndConsoleReadTheBoard() throws Exception {
        TwinBoard board = new TwinBoard().frozen(true).set("input:0x2150", "812");
        try (Twin twin = Twin.tcp(0, board); OsgiRuntime runtime = OsgiIT.start(Kind.EQUINOX)) {
            OsgiIT.installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(TCP, "home", config(twin, false));
            OsgiIT.awaitOnline(host, thing);

            assertTrue(host.actions(thing).keySet().containsAll(
                    List.of("setSignal", "readRegister", "readObject", "getFaults", "getJournal", "diagnose")));
            String read = String.valueOf(host.action(thing, "readRegister", "input", "0x2150", 1).get("result"));
            assertTrue(read.contains("812"), read);
            assertEquals(read, host.console("bmsmain read " + thing + " input 0x2150").strip());

            assertEquals(thing + " ONLINE", host.console("bmsmain status").strip());
            assertTrue(host.console("bmsmain status " + thing).contains("battery#state-of-charge"));
            assertTrue(host.console("bmsmain").startsWith("Usage: "));
            assertEquals(List.of("status "), host.complete("bmsmain sta"));
            assertEquals(List.of(thing + " "), host.complete("bmsmain status bms"));
            OsgiIT.assertQuiet(runtime);
        }
    }

    @Test
    void diagnosesWhileTheBoardIsRead() throws Exception {
        try (Twin twin = Twin.tcp(0, new TwinBoard().frozen(true)); OsgiRuntime runtime = OsgiIT.start(Kind.EQUINOX)) {
            OsgiIT.installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(TCP, "home", config(twin, false));
            OsgiIT.awaitOnline(host, thing);
            assertEquals("127.0.0.1:" + twin.port() + "#32", host.properties(thing).get("busAddress"));

            String words = String.valueOf(host.action(thing, "diagnose").get("result"));
            assertTrue(words.contains("Reliability: 200 requests, 0 failed"), words);
            assertTrue(words.contains("The link to board 32 on 127.0.0.1:" + twin.port() + " is in order."), words);
            assertEquals("ONLINE", host.status(thing).status());
            twin.pause();
            String silent = host.console("bmsmain diagnose " + thing);
            assertTrue(silent.contains("accepts the connection, but board 32 does not answer."), silent);
            assertTrue(silent.contains("Check the address"), silent);
            twin.resume();
            OsgiIT.awaitOnline(host, thing);
            assertEquals(0, twin.log().writes());
            OsgiIT.assertQuiet(runtime);
        }
    }

    @Test
    void recordsABusThatIsInUse(@TempDir Path folder) throws Exception {
        System.setProperty("openhab.userdata", folder.toString());
        try (Twin twin = Twin.tcp(0, new TwinBoard()); OsgiRuntime runtime = OsgiIT.start(Kind.EQUINOX)) {
            OsgiIT.installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(TCP, "home", config(twin, false));
            OsgiIT.awaitOnline(host, thing);

            assertTrue(host.console("bmsmain trace " + thing + " off").contains("There is no recording."));
            String begun = host.console("bmsmain trace " + thing + " on").strip();
            Path file = Path.of(begun.substring("Recording to ".length()));
            assertTrue(file.startsWith(folder), begun);
            // The battery's values change, so there are events to wait for. Versions are read once per connect, and
            // once at the start of a recording.
            assertTrue(host.await(() -> text(file).contains(" 04 00 00 00 05"), SOON), () -> text(file));
            assertTrue(
                    host.await(() -> text(file).lines().filter(line -> line.contains(" turn 32")).count() > 20, SOON));
            assertEquals("Recorded in " + file, host.console("bmsmain trace " + thing + " off").strip());
            assertTrue(text(file).contains("option --interval\noption 0.2\n"), text(file));
            assertEquals("ONLINE", host.status(thing).status());
            OsgiIT.assertQuiet(runtime);
        } finally {
            System.clearProperty("openhab.userdata");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void discoversABoardOnAPortThatIsFree(@TempDir Path folder) throws Exception {
        Path port = folder.resolve("ttyTest");
        try (Twin twin = Twin.rtuTcp(0, new TwinBoard().frozen(true));
                SerialBridge bridge = SerialBridge.open(port, twin.port());
                OsgiRuntime runtime = OsgiIT.start(Kind.EQUINOX)) {
            OsgiIT.installAndStart(runtime);
            HostClient host = runtime.host();
            assertEquals(0, twin.log().requests(), "nothing is asked before a user starts the scan");

            List<Map<String, Object>> results = host.discover(OsgiIT.SERIAL, port.toString(), SOON);
            assertEquals(1, results.size(), results + ", " + Files.readString(runtime.log()));
            assertEquals("busAddress", results.get(0).get("representationProperty"));
            assertTrue(String.valueOf(results.get(0).get("properties")).contains(port + "#32"), results.toString());

            String thing = host.addThing(OsgiIT.SERIAL, "home", Map.of("port", port.toString()));
            OsgiIT.awaitOnline(host, thing);
            assertEquals(port + "#32", host.properties(thing).get("busAddress"));
            assertEquals(List.of(), host.discover(OsgiIT.SERIAL, port.toString(), SOON), "the port is in use");
            assertEquals("ONLINE", host.status(thing).status());
            assertEquals(0, twin.log().writes());
        }
    }
}
