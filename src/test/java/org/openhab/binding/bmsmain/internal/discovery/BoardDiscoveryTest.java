/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.discovery;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.THING_TYPE_SERIAL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.handler.Stubs;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;
import org.openhab.core.config.discovery.DiscoveryListener;
import org.openhab.core.config.discovery.DiscoveryResult;
import org.openhab.core.config.discovery.ScanListener;
import org.openhab.core.thing.Thing;

/**
 * Start and end of a discovery scan.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(30)
class BoardDiscoveryTest {

    /** Reports the end of a scan and its result. */
    private static final class Listener implements ScanListener {
        private final CompletableFuture<String> end = new CompletableFuture<>();

        @Override
        public void onFinished() {
            end.complete("finished");
        }

        @Override
        public void onErrorOccurred(@Nullable Exception exception) {
            end.complete("aborted");
        }
    }

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void nameWithoutLinks() throws IOException {
        folder = folder.toRealPath();
    }

    @Test
    void asksForAPortInTheLanguageOfTheUser() throws Exception {
        BoardDiscovery discovery = new BoardDiscovery(Stubs.registry());
        for (String file : new String[] { "bmsmain.properties", "bmsmain_de.properties" }) {
            Properties texts = new Properties();
            texts.load(Files.newBufferedReader(Path.of("ESH-INF/i18n", file)));
            assertTrue(texts.containsKey(String.valueOf(discovery.getScanInputLabel()).replace("@text/", "")));
            assertTrue(texts.containsKey(String.valueOf(discovery.getScanInputDescription()).replace("@text/", "")));
        }
        assertTrue(discovery.isScanInputSupported());
        assertFalse(discovery.isBackgroundDiscoveryEnabled(), "a serial line is searched only when a user asks");
    }

    @Test
    void aPortThatAThingUsesIsLeftAlone() throws Exception {
        Listener listener = new Listener();
        BoardDiscovery discovery = new BoardDiscovery(
                Stubs.registry(Stubs.thing(THING_TYPE_SERIAL, Map.of("port", "/dev/no-such-port"))));
        discovery.startScan("/dev/no-such-port", listener);
        assertEquals("finished", listener.end.get(10, TimeUnit.SECONDS));
    }

    /** Both boards have address 32: with ttyUSB0 and ttyUSB1 they could be swapped after a restart. */
    @Test
    void proposesPortsUnderNamesThatStay() throws Exception {
        String house = link("usb-FTDI_House-if00-port0", "ttyUSB0");
        String shed = link("usb-FTDI_Shed-if00-port0", "ttyUSB1");
        List<DiscoveryResult> found = search(2, List.of());
        assertEquals(List.of(house, shed), found.stream().map(one -> one.getProperties().get("port")).toList());
        DiscoveryResult first = found.get(0);
        assertEquals("busAddress", first.getRepresentationProperty());
        assertEquals(house + "#32", first.getProperties().get("busAddress"));
        assertEquals("BMS Main 2.1 (" + house + ", 32)", first.getLabel());
        assertTrue(first.getThingUID().getId().endsWith("-by-id-usb-FTDI-House-if00-port0-32"),
                first.getThingUID().getId());
    }

    /** An older Thing, or a manually written one, identifies its battery differently. */
    @ParameterizedTest
    @ValueSource(strings = { "ttyUSB0", "serial/by-id/usb-FTDI_House-if00-port0", "rs485-house" })
    void aPortThatAThingNamesOtherwiseIsLeftAlone(String name) throws Exception {
        link("usb-FTDI_House-if00-port0", "ttyUSB0");
        Files.createSymbolicLink(folder.resolve("rs485-house"), folder.resolve("ttyUSB0"));
        String shed = link("usb-FTDI_Shed-if00-port0", "ttyUSB1");
        List<DiscoveryResult> found = search(1,
                List.of(Stubs.thing(THING_TYPE_SERIAL, Map.of("port", folder.resolve(name).toString()))));
        assertEquals(List.of(shed), found.stream().map(one -> one.getProperties().get("port")).toList());
    }

    /** openHAB stores the name of a variable in the Thing, and only the handler gets its value. */
    @Test
    void aPortThatAThingHasFromTheEnvironmentIsLeftAlone() throws Exception {
        Path port = Files.createFile(folder.resolve("ttyUSB0"));
        SimulatedWires wires = new SimulatedWires().with(SimulatedWires.board(32, WordOrder.LITTLE));
        String home = System.getenv("HOME");
        String viaHome = "${ENV:HOME}/" + Path.of(home).toRealPath().relativize(port);
        BoardDiscovery discovery = new BoardDiscovery(
                Stubs.registry(Stubs.thing(THING_TYPE_SERIAL, Map.of("port", viaHome))), () -> List.of(port.toString()),
                new PortNames(folder.resolve("serial")), wires, wires);
        List<String> asked = new ArrayList<>();
        discovery.addDiscoveryListener(Stubs.stub(DiscoveryListener.class, (name, arguments) -> asked.add(name)));
        Listener listener = new Listener();
        discovery.startScan(listener);
        assertEquals("finished", listener.end.get(10, TimeUnit.SECONDS));
        assertEquals(List.of(), asked);
    }

    /** Scans the ports ttyUSB0 and ttyUSB1, with a board behind each, and waits for the end and the results. */
    private List<DiscoveryResult> search(int expected, List<Thing> things) throws Exception {
        SimulatedWires wires = new SimulatedWires().with(SimulatedWires.board(32, WordOrder.LITTLE));
        BoardDiscovery discovery = new BoardDiscovery(Stubs.registry(things.toArray(Thing[]::new)),
                () -> List.of(folder.resolve("ttyUSB0").toString(), folder.resolve("ttyUSB1").toString()),
                new PortNames(folder.resolve("serial")), wires, wires);
        Map<String, DiscoveryResult> results = new ConcurrentSkipListMap<>();
        CountDownLatch arrived = new CountDownLatch(expected);
        discovery.addDiscoveryListener(Stubs.stub(DiscoveryListener.class, (name, arguments) -> {
            DiscoveryResult result = (DiscoveryResult) arguments[1];
            results.put(result.getThingUID().getAsString(), result);
            arrived.countDown();
            return null;
        }));
        Listener listener = new Listener();
        discovery.startScan(listener);
        assertEquals("finished", listener.end.get(10, TimeUnit.SECONDS));
        assertTrue(arrived.await(10, TimeUnit.SECONDS), results.toString());
        return List.copyOf(results.values());
    }

    /** A port with a permanent name. */
    private String link(String name, String port) throws IOException {
        Path link = Files.createDirectories(folder.resolve("serial/by-id")).resolve(name);
        return Files.createSymbolicLink(link, Files.createFile(folder.resolve(port))).toString();
    }

    @Test
    void anAbortedSearchEndsItsThread() throws Exception {
        Listener listener = new Listener();
        BoardDiscovery discovery = new BoardDiscovery(Stubs.registry());
        discovery.startScan("/dev/no-such-port", listener);
        discovery.abortScan();
        assertNotEquals("", listener.end.get(10, TimeUnit.SECONDS));
        long begun = System.nanoTime();
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("bmsmain-discovery"))) {
            assertTrue(System.nanoTime() - begun < 10_000_000_000L, "the search goes on");
            Thread.yield();
        }
    }
}
