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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinCan;
import org.openhab.binding.bmsmain.twin.VirtualWire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Things together with other Things, other programs, and hardware that users connect.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(180)
class PlatformIT {

    private static final Duration MEASURED = Duration.ofSeconds(4);

    private final Logger logger = LoggerFactory.getLogger(PlatformIT.class);

    private static TwinBoard board(int address) {
        return new TwinBoard(address, TwinBoard.WordOrder.LITTLE, Clock.systemUTC(), 1).frozen(true)
                .set("battery#state-of-charge", 76.4);
    }

    private static Map<String, Object> tcp(Twin twin, int address) {
        return Map.of("host", "127.0.0.1", "port", twin.port(), "address", address, "refreshInterval", 0.2,
                "staleAfter", 2);
    }

    /** Number of requests to a board, as counted by the bus. */
    private static int requests(HostClient host, String thing) throws InterruptedException {
        int before = number(host, thing, "link#requests");
        Thread.sleep(MEASURED.toMillis());
        return number(host, thing, "link#requests") - before;
    }

    /** A number from the console output. */
    private static int number(HostClient host, String thing, String channel) {
        String shown = host.console("bmsmain status " + thing).lines().filter(line -> line.contains(channel)).findAny()
                .orElseThrow();
        return Integer.parseInt(shown.strip().split("\\s+")[1]);
    }

    /** A script as profile of a link runs inside the state update. */
    @ParameterizedTest
    @ValueSource(strings = { "throws", "blocks" })
    void aProfileOfOneThingIsNotFeltByItsNeighbour(String how) throws Exception {
        TwinBoard bad = board(33);
        CountDownLatch gate = new CountDownLatch(1);
        try (Twin twin = Twin.tcp(0, board(32), bad); OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String good = host.addThing(TCP, "good", tcp(twin, 32));
            awaitOnline(host, good);
            int alone = requests(host, good);
            String thing = host.addThing(TCP, "bad", tcp(twin, 33));
            awaitOnline(host, thing);
            host.link(thing, "battery#current", "Current");
            CountDownLatch met = new CountDownLatch(1);
            host.profile("Current", state -> {
                met.countDown();
                if ("throws".equals(how)) {
                    throw new IllegalStateException("a profile, for the test");
                }
                await(gate);
            });
            bad.set("battery#current", 7);
            assertTrue(met.await(30, TimeUnit.SECONDS));
            int beside = requests(host, good);
            logger.info("requests in {} s: alone {}, beside a Thing whose profile {} {}", MEASURED.toSeconds(), alone,
                    how, beside);
            assertTrue(beside * 2 > alone, alone + " before, now " + beside);
            assertEquals(0, number(host, good, "link#reconnects"), "nothing was opened anew");

            // Events during the block are delivered afterwards, or immediately if the others are not blocked.
            bad.fault("water");
            Thread.sleep(1_000);
            bad.clear("water");
            Thread.sleep(1_000);
            gate.countDown();
            List<String> events = List.of("RAISED:water", "CLEARED:water");
            assertTrue(host.await(() -> events.equals(host.triggers(thing, "faults#event")), SOON),
                    () -> host.triggers(thing, "faults#event").toString());
            if ("blocks".equals(how)) {
                assertTrue(host.await(() -> "7 A".equals(host.itemState("Current")), SOON));
            }
            assertEquals("ONLINE", host.status(thing).status());
            host.removeThing(thing);
            host.removeThing(good);
        } finally {
            gate.countDown();
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aProfileCanRemoveItsThing() throws Exception {
        try (Twin twin = Twin.tcp(0, board(32), board(33)); OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String good = host.addThing(TCP, "good", tcp(twin, 32));
            String thing = host.addThing(TCP, "bad", tcp(twin, 33));
            awaitOnline(host, good);
            awaitOnline(host, thing);
            host.link(thing, "battery#current", "Current");
            AtomicReference<Long> took = new AtomicReference<>();
            host.profile("Current", state -> {
                long begun = System.nanoTime();
                host.removeThing(thing);
                took.set(System.nanoTime() - begun);
            });
            host.command(thing, "battery#current", "REFRESH");
            Wait.until("removed", () -> took.get() != null);
            logger.info("a profile removes its Thing in {} ms", took.get() / 1_000_000);
            assertEquals(List.of(good), host.things());
            assertTrue(requests(host, good) > 0);
            host.removeThing(good);
            Wait.until("no thread of the binding", () -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("bmsmain-")));
        }
    }

    /** Commands that are valid for the type of an Item but differ from its state. */
    private static List<String> commands(String itemType, String state) {
        return switch (itemType.replaceFirst(":.*", "")) {
            case "Switch" ->
                "ON".equals(state) ? List.of("OFF") : "OFF".equals(state) ? List.of("ON") : List.of("ON", "OFF");
            case "Number" -> List.of("4711");
            case "String" -> List.of("nonsense");
            case "DateTime" -> List.of("1999-12-31T23:59:59.000+0000");
            default -> List.of();
        };
    }

    /** "All off" for a group reaches every Item in it. */
    @Test
    void aCommandLeavesEveryItemOfEveryThingAtWhatTheBoardSays(@TempDir Path folder) throws Exception {
        TwinBoard first = board(32).fault("water").set("input:0x2150", "812");
        try (Twin tcp = Twin.tcp(0, first);
                Twin rtu = Twin.rtuTcp(0, board(32).fault("high-humidity"));
                SerialBridge bridge = SerialBridge.open(folder.resolve("rs485"), rtu.port());
                VirtualWire socat = Peers.socat(folder.resolve("can"), folder.resolve("bus"));
                TwinCan can = TwinCan.slcan(() -> SerialLine.open(folder.resolve("bus").toString(), 115_200), 250,
                        Duration.ofMillis(100), board(32).fault("water"));
                OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            Map<String, Object> network = new HashMap<>(tcp(tcp, 32));
            network.put("allowControl", true);
            network.put("boardScan", true);
            Map<String, Map<String, Object>> registers = Map.of("tap",
                    Map.of("type", "bmsmain:register-number", "config", Map.of("address", "0x2150")), "lamp",
                    Map.of("type", "bmsmain:register-switch", "config", Map.of("address", "0x2150", "bit", 2)), "words",
                    Map.of("type", "bmsmain:register-text", "config", Map.of("address", "0x2150", "length", 1)));
            List<String> things = List.of(host.addThing(TCP, "net", network, registers),
                    host.addThing(SERIAL, "line", Map.of("port", folder.resolve("rs485").toString()), registers),
                    host.addThing("bmsmain:can", "can",
                            Map.of("port", folder.resolve("can").toString(), "allowControl", true)));
            things.forEach(thing -> assertTrue(host.await(() -> "ONLINE".equals(host.status(thing).status()), SOON),
                    () -> host.status(thing).toString()));
            assertTrue(
                    host.await(() -> !"NULL".equals(host.states(things.get(0)).getOrDefault("logic-1#ready", "NULL")),
                            SOON),
                    "channels of the boards");
            int commanded = 0;
            for (String thing : things) {
                commanded += commandAll(host, thing);
                assertEquals(Map.of(), host.status(thing).strays());
            }
            logger.info("{} channels of {} Things were commanded", commanded, things.size());
            assertEquals(0, rtu.log().writes());
            assertQuiet(runtime);
        }
    }

    private static int commandAll(HostClient host, String thing) {
        host.linkAll(thing);
        Map<String, String> items = new TreeMap<>();
        Map<String, List<String>> told = new ConcurrentHashMap<>();
        host.channels(thing).forEach((channel, facts) -> {
            boolean isControl = channel.startsWith("control#") && !channel.endsWith("last-result");
            if (!"TRIGGER".equals(facts.get("kind"))) {
                assertEquals(!isControl, facts.get("readOnly"), channel);
                assertEquals("VETO", facts.get("autoUpdatePolicy"), channel);
                if (!isControl) {
                    items.put(channel, (thing + "_" + channel).replaceAll("[^A-Za-z0-9_]", "_"));
                }
            }
        });
        Consumer<Map<String, Object>> listener = event -> {
            if ("state".equals(event.get("event")) && thing.equals(event.get("thing"))) {
                told.computeIfAbsent(String.valueOf(event.get("channel")), any -> new ArrayList<>())
                        .add(String.valueOf(event.get("state")));
            }
        };
        assertTrue(host.await(
                () -> items.entrySet().stream().allMatch(
                        entry -> host.itemState(entry.getValue()).equals(host.states(thing).get(entry.getKey()))),
                SOON));
        int commanded = 0;
        host.listen(listener);
        for (Map.Entry<String, String> entry : items.entrySet()) {
            String channel = entry.getKey();
            String item = entry.getValue();
            String type = String.valueOf(host.channels(thing).get(channel).get("itemType"));
            for (String command : commands(type, host.itemState(item))) {
                told.remove(channel);
                host.itemCommand(item, command);
                assertNotEquals(command, host.itemState(item).replace(" ", ""), channel);
                assertTrue(host.await(() -> told.containsKey(channel), SOON), () -> "no answer: " + channel);
                assertTrue(host.await(() -> host.itemState(item).equals(host.states(thing).get(channel)), SOON),
                        () -> channel + " is " + host.itemState(item));
                commanded++;
            }
        }
        host.unlisten(listener);
        return commanded;
    }

    /** An adapter has a device name with a number, and a link that identifies it. */
    @Test
    void aPortAndALinkToItAreOneBus(@TempDir Path folder) throws Exception {
        Path link = folder.resolve("by-id");
        try (Twin twin = Twin.rtuTcp(0, board(32), board(33));
                SerialBridge bridge = SerialBridge.open(link, twin.port());
                OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            Path device = link.toRealPath();
            String first = host.addThing(SERIAL, "first", Map.of("port", device.toString()));
            String second = host.addThing(SERIAL, "second", Map.of("port", link.toString(), "address", 33));
            awaitOnline(host, first);
            awaitOnline(host, second);
            assertEquals(1, bridge.openHandles());
            assertEquals(List.of("bmsmain-" + device), busThreads());
            String other = host.addThing(SERIAL, "other",
                    Map.of("port", link.toString(), "address", 34, "baudRate", 19200));
            assertEquals("CONFIGURATION_ERROR", host.status(other).detail());
            host.removeThing(other);
            host.removeThing(first);
            Wait.until("the second is read on", () -> "ONLINE".equals(host.status(second).status()));
            assertEquals(1, bridge.openHandles());
            host.removeThing(second);
            Wait.until("the port is closed", () -> openHandles(bridge) == 0);
            assertQuiet(runtime);
        }
    }

    private static long openHandles(SerialBridge bridge) {
        try {
            return bridge.openHandles();
        } catch (IOException e) {
            return -1;
        }
    }

    /** The threads of the buses. */
    static List<String> busThreads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("bmsmain-") && !"bmsmain-delivery".equals(name)).sorted().toList();
    }

    /** Many programs do not lock what they have open. */
    @Test
    void aPortThatAnotherProgramHasOpenIsLeftAloneAndNamed(@TempDir Path folder) throws Exception {
        Path port = folder.resolve("rs485");
        try (Twin twin = Twin.rtuTcp(0, board(32));
                SerialBridge bridge = SerialBridge.open(port, twin.port());
                OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            Process other = new ProcessBuilder("/bin/sh", "-c", "exec sleep 100 < " + port).start();
            try {
                Wait.until("held", () -> other.info().command().orElse("").endsWith("sleep"));
                assertEquals(List.of(), host.discover(SERIAL, port.toString(), SOON));
                assertEquals(0, twin.log().requests(), "nothing was asked");
                // If the user configures the port, it is used; if no data arrives, the other process is named.
                String thing = host.addThing(SERIAL, "home", Map.of("port", port.toString()));
                awaitOnline(host, thing);
                twin.pause();
                assertTrue(host.await(() -> host.status(thing).description().contains("offline.port-held"), SOON),
                        () -> host.status(thing).toString());
                String text = host.status(thing).text();
                assertTrue(text.contains("sleep (" + other.pid() + ")"), text);
                String words = host.console("bmsmain diagnose " + thing);
                assertTrue(words.contains("is also open in another program: sleep (" + other.pid() + ")"), words);
                assertTrue(words.contains("is used by another program"), words);
                twin.resume();
                awaitOnline(host, thing);
                host.removeThing(thing);
            } finally {
                other.destroy();
                other.waitFor(10, TimeUnit.SECONDS);
            }
            assertEquals(1, host.discover(SERIAL, port.toString(), SOON).size(), "now it is free");
            assertQuiet(runtime);
        }
    }
}
