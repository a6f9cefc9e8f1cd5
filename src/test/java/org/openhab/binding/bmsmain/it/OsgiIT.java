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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.HostClient.Status;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.osgi.framework.Bundle;

/**
 * The JAR as users install it, in openHAB's framework and in another one, against the twin.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class OsgiIT {

    static final Path BUILD = Path.of(System.getProperty("bmsmain.build", "target"));
    static final Path JAR = Path.of(System.getProperty("bmsmain.jar", "target/org.openhab.binding.bmsmain-1.0.0.jar"));

    static final String TCP = "bmsmain:tcp";
    static final String SERIAL = "bmsmain:serial";
    /** A board that was offline for long is polled at most every 30 s, with random jitter. */
    static final Duration SOON = Duration.ofSeconds(60);

    /** The public map has no registers for these, and power is derived from the voltage. */
    private static final Set<String> GAPS = Set.of("battery#voltage", "battery#power", "battery#min-cell-voltage",
            "battery#max-cell-voltage", "battery#min-cell-temperature", "battery#max-cell-temperature", "inputs#in-3",
            "inputs#in-4", "logic#cell-voltage-difference", "logic#average-cell-voltage", "logic#min-voltage-cell",
            "logic#max-voltage-cell");

    /** They belong to the journal, not to the board, and stay unchanged until a fault is raised or cleared. */
    private static final Set<String> JOURNAL = Set.of("faults#last-event", "faults#last-event-time", "faults#journal");

    /** Counters remain valid without a board. */
    private static final Set<String> TOTALS = Set.of("energy#charged-energy", "energy#discharged-energy",
            "energy#charge-in", "energy#charge-out", "energy#charged-energy-today", "energy#discharged-energy-today",
            "energy#equivalent-full-cycles", "energy#coverage");
    /** Without a voltage there is no energy, and a current that just began gives no time. */
    private static final Set<String> UNCOUNTED = Set.of("energy#charged-energy", "energy#discharged-energy",
            "energy#charged-energy-today", "energy#discharged-energy-today", "energy#remaining-energy",
            "energy#time-to-empty", "energy#time-to-full", "energy#charging-power", "energy#discharging-power");

    static OsgiRuntime start(Kind framework) throws Exception {
        return OsgiRuntime.start(framework, BUILD, Locale.ENGLISH, "debug");
    }

    /** A board with constant values. */
    private static TwinBoard board() {
        return new TwinBoard().frozen(true).set("battery#state-of-charge", 76.4);
    }

    static Bundle installAndStart(OsgiRuntime runtime) throws Exception {
        Bundle bundle = runtime.install(JAR);
        bundle.start();
        assertEquals(Bundle.ACTIVE, bundle.getState());
        return bundle;
    }

    static void awaitOnline(HostClient host, String thing) {
        assertTrue(
                host.await(() -> "ONLINE".equals(host.status(thing).status()) && isComplete(host.states(thing)), SOON),
                () -> host.status(thing).toString());
    }

    /** As above; forced signals are unknown until one is forced. */
    static void awaitOnlineWithControl(HostClient host, String thing) {
        assertTrue(
                host.await(() -> "ONLINE".equals(host.status(thing).status())
                        && !"NULL".equals(host.states(thing).get("logic#board-count")), SOON),
                () -> host.status(thing).toString());
    }

    private static boolean isComplete(Map<String, String> states) {
        return states.entrySet().stream()
                .noneMatch(entry -> "NULL".equals(entry.getValue()) && !JOURNAL.contains(entry.getKey()));
    }

    /** All values of the board are undefined when it cannot be read. */
    static void awaitUnknown(HostClient host, String thing) {
        assertTrue(host.await(() -> host.states(thing).entrySet().stream()
                .allMatch(entry -> entry.getKey().startsWith("link#") || entry.getKey().startsWith("history#")
                        || TOTALS.contains(entry.getKey()) || JOURNAL.contains(entry.getKey())
                        || "UNDEF".equals(entry.getValue())),
                SOON), () -> host.states(thing).toString());
    }

    /** Connection problems appear in the status; there are no log lines and no native errors. */
    static void assertQuiet(OsgiRuntime runtime) throws IOException {
        try (Stream<String> lines = Files.lines(runtime.log())) {
            assertEquals(List.of(), lines.filter(line -> line.contains(" INFO org.openhab.") || line.contains(" WARN ")
                    || line.contains(" ERROR ") || line.contains("UnsatisfiedLinkError")).toList());
        }
    }

    private static List<String> bindingThreads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("bmsmain-")).sorted().toList();
    }

    private static Map<String, Object> tcp(Twin twin) {
        return Map.of("host", "127.0.0.1", "port", twin.port(), "input1Function", "discharge-request", "input2Function",
                "charge-request");
    }

    @ParameterizedTest
    @EnumSource
    void showsEveryChannelOverTcp(Kind framework) throws Exception {
        TwinBoard board = board().fault("water");
        try (Twin twin = Twin.tcp(0, board); OsgiRuntime runtime = start(framework)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(TCP, "home", tcp(twin));
            awaitOnline(host, thing);

            Map<String, Map<String, Object>> channels = host.channels(thing);
            assertEquals(Objects.requireNonNull(host.thingTypes().get(TCP)).keySet(), channels.keySet());
            Map<String, String> states = host.states(thing);
            Set<String> expected = new TreeSet<>(channels.keySet());
            channels.forEach((channel, facts) -> {
                if ("TRIGGER".equals(facts.get("kind"))) {
                    expected.remove(channel);
                }
            });
            assertEquals(expected, new TreeSet<>(states.keySet()));
            assertTrue(isComplete(states), states::toString);
            Set<String> unknown = new TreeSet<>(states.keySet());
            unknown.removeIf(channel -> !"UNDEF".equals(states.get(channel)) || JOURNAL.contains(channel));
            Set<String> gaps = new TreeSet<>(GAPS);
            gaps.addAll(UNCOUNTED);
            unknown.removeIf(channel -> channel.startsWith("history#"));
            assertEquals(gaps, unknown);

            states.forEach((channel, state) -> check(board, channel, state,
                    Objects.requireNonNull(channels.get(channel)), unknown.contains(channel)));
            assertEquals("CLOSED", states.get("inputs#in-1"));
            assertEquals("OPEN", states.get("inputs#in-2"));
            assertEquals("ON", states.get("faults#water"));
            assertEquals("1", states.get("faults#active-count"));
            assertEquals(Map.of(), host.status(thing).strays());
            assertEquals(Map.of("vendor", "Movicom Electric", "modelId", "BMS Main 2.1", "thingTypeVersion", "2",
                    "firmwareVersion", "2.4.7", "hardwareVersion", "2.1", "bootloaderVersion", "1.1.3", "wordOrder",
                    "little"), without(host.properties(thing), "busAddress"));
            assertTrue(String.valueOf(host.properties(thing).get("busAddress")).endsWith("#32"));

            host.removeThing(thing);
            assertEquals(List.of(), host.things());
            // Leaving a bus does not wait for its thread.
            Wait.until("no thread of the binding", () -> bindingThreads().isEmpty());
            assertEquals(0, twin.log().writes());
            assertQuiet(runtime);
        }
    }

    private static Map<String, String> without(Map<String, String> map, String key) {
        Map<String, String> copy = new HashMap<>(map);
        copy.remove(key);
        return copy;
    }

    /** A state is among the options of its channel type, and equals the twin's value of the same name. */
    private static void check(TwinBoard board, String channel, String state, Map<String, Object> facts,
            boolean unknown) {
        List<?> options = (List<?>) Objects.requireNonNull(facts.get("options"));
        String itemType = String.valueOf(facts.get("itemType"));
        if (unknown || JOURNAL.contains(channel)) {
            return;
        }
        assertTrue(options.isEmpty() || options.contains(state), () -> channel + "=" + state + " " + options);
        if (board.settable().contains(channel)) {
            if (itemType.startsWith("Number")) {
                double number = Double.parseDouble(state.split(" ")[0]);
                assertEquals(board.number(channel), number, 1e-6 * Math.max(1, Math.abs(number)), channel);
            } else if ("Switch".equals(itemType)) {
                assertEquals(board.show(channel), state, channel);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void survivesFiveUpdatesWithAnOpenSerialPort(Kind framework, @TempDir Path folder) throws Exception {
        Path port = folder.resolve("rs485");
        try (Twin twin = Twin.rtuTcp(0, board());
                SerialBridge bridge = SerialBridge.open(port, twin.port());
                OsgiRuntime runtime = start(framework)) {
            Bundle bundle = installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(SERIAL, "home", Map.of("port", port.toString()));
            awaitOnline(host, thing);
            assertEquals(1, bridge.openHandles());

            for (int update = 1; update <= 5; update++) {
                runtime.update(bundle, JAR);
                awaitOnline(host, thing);
                assertTrue(host.await(() -> "76.4 %".equals(host.states(thing).get("battery#state-of-charge")), SOON));
                assertEquals(List.of("bmsmain-" + port), PlatformIT.busThreads(), "after update " + update);
                assertEquals(1, bridge.openHandles(), "after update " + update);
            }

            bundle.stop();
            assertEquals("UNINITIALIZED (HANDLER_MISSING_ERROR)", host.status(thing).toString());
            assertTrue(host.await(() -> bindingThreads().isEmpty(), SOON), () -> bindingThreads().toString());
            assertEquals(0, bridge.openHandles());
            awaitUnknown(host, thing);
            assertEquals(0, twin.log().writes());
            assertQuiet(runtime);
        }
    }

    @Test
    void tellsThatTheSerialPortIsGoneAndComesBackByItself(@TempDir Path folder) throws Exception {
        Path port = folder.resolve("rs485");
        try (Twin twin = Twin.rtuTcp(0, board()); OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String thing;
            try (SerialBridge bridge = SerialBridge.open(port, twin.port())) {
                thing = host.addThing(SERIAL, "home", Map.of("port", port.toString()));
                awaitOnline(host, thing);
            }
            assertTrue(host.await(() -> host.status(thing).description().contains("offline.port-missing"), SOON),
                    () -> host.status(thing).toString());
            Status english = host.status(thing);
            assertEquals("OFFLINE", english.status());
            assertEquals("COMMUNICATION_ERROR", english.detail());
            assertTrue(english.text().contains(port + " does not exist."), english.text());
            String german = host.status(thing, Locale.GERMAN).text();
            assertTrue(german.contains(port + " gibt es nicht"), german);
            awaitUnknown(host, thing);

            try (SerialBridge bridge = SerialBridge.open(port, twin.port())) {
                awaitOnline(host, thing);
                assertTrue(host.await(() -> "76.4 %".equals(host.states(thing).get("battery#state-of-charge")), SOON));
            }
            assertQuiet(runtime);
        }
    }

    @Test
    void tellsThatTheConnectionIsRefusedAndComesBackByItself() throws Exception {
        TwinBoard board = board();
        try (OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String thing;
            int port;
            try (Twin twin = Twin.tcp(0, board)) {
                port = twin.port();
                thing = host.addThing(TCP, "home", tcp(twin));
                awaitOnline(host, thing);
            }
            assertTrue(host.await(() -> host.status(thing).description().contains("offline.refused"), SOON),
                    () -> host.status(thing).toString());
            awaitUnknown(host, thing);
            try (Twin twin = Twin.tcp(port, board)) {
                awaitOnline(host, thing);
                assertTrue(host.await(() -> "76.4 %".equals(host.states(thing).get("battery#state-of-charge")), SOON));
            }
            assertQuiet(runtime);
        }
    }

    @Test
    void refusesWrongConfigurationWithAReason() throws Exception {
        try (Twin twin = Twin.tcp(0, board()); OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();

            // openHAB checks the rules in the descriptors before the handler starts
            Status pending = host.status(host.addThing(TCP, "range", Map.of("host", "x", "address", 256)));
            assertEquals("HANDLER_CONFIGURATION_PENDING", pending.detail());
            assertTrue(pending.text().contains("address"), pending.text());
            assertEquals("HANDLER_CONFIGURATION_PENDING",
                    host.status(host.addThing(TCP, "required", Map.of())).detail());
            assertEquals("HANDLER_CONFIGURATION_PENDING",
                    host.status(host.addThing(TCP, "option", Map.of("host", "x", "framing", "ascii"))).detail());

            // the handler checks all other rules
            Status lines = host.status(host.addThing(TCP, "lines",
                    Map.of("host", "x", "registers", List.of("battery#voltage = input:0x2104:REAL32", "nonsense"))));
            assertEquals("CONFIGURATION_ERROR", lines.detail());
            assertTrue(lines.text().contains("registers") && lines.text().contains("line 2"), lines.text());
            Status blank = host.status(host.addThing(TCP, "blank", Map.of("host", " ")));
            assertEquals("CONFIGURATION_ERROR", blank.detail());

            // an invalid change is rejected, and the Thing continues
            String thing = host.addThing(TCP, "home", tcp(twin));
            awaitOnline(host, thing);
            assertThrows(IllegalArgumentException.class, () -> host.configure(thing, Map.of("refreshInterval", 0)));
            assertEquals("ONLINE", host.status(thing).status());
            host.configure(thing, Map.of("input3Function", "interlock"));
            assertTrue(host.await(() -> "CLOSED".equals(host.states(thing).get("inputs#in-3")), SOON));

            // a second Thing cannot use the same bus with another framing
            Status conflict = host.status(host.addThing(TCP, "conflict",
                    Map.of("host", "127.0.0.1", "port", twin.port(), "address", 33, "framing", "rtu")));
            assertEquals("CONFIGURATION_ERROR", conflict.detail());
            assertTrue(conflict.text().contains("framing"), conflict.text());
            assertQuiet(runtime);
        }
    }

    @Test
    void showsRegistersThatTheUserNames() throws Exception {
        TwinBoard board = board().set("input:0x2150", "812").set("input:0x2151", "5");
        try (Twin twin = Twin.tcp(0, board); OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String thing = host.addThing(TCP, "home",
                    Map.of("host", "127.0.0.1", "port", twin.port(), "registers",
                            List.of("battery#voltage = input:0x2150:U16:0.1")),
                    Map.of("tap",
                            Map.of("type", "bmsmain:register-number", "config",
                                    Map.of("address", "0x2150", "scale", 0.1, "unit", "V")),
                            "lamp", Map.of("type", "bmsmain:register-switch", "config",
                                    Map.of("address", "0x2151", "bit", 2))));
            awaitOnline(host, thing);
            assertTrue(host.await(() -> "81.2 V".equals(host.states(thing).get("tap")), SOON),
                    () -> host.status(thing) + " " + host.states(thing));
            assertTrue(host.await(() -> "ON".equals(host.states(thing).get("lamp")), SOON));
            assertTrue(host.await(() -> "81.2 V".equals(host.states(thing).get("battery#voltage")), SOON));
            assertEquals(Map.of(), host.status(thing).strays());
            assertQuiet(runtime);
        }
    }
}
