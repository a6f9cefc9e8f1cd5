/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.thing;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.thing.BmsMainBindingConstants.THING_TYPE_SERIAL;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openhab.core.config.discovery.ScanListener;

/**
 * How a search begins and ends.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(30)
class BoardDiscoveryTest {

    /** Tells when a search has ended, and how. */
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
