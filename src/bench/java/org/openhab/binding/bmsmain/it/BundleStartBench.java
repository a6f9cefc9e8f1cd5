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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.bench.Page;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.osgi.framework.Bundle;

/**
 * Time from the start of the add-on's bundle until it can create Things, and until a Thing is online.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BundleStartBench {

    private static final int STARTS = 7;
    private static final String FACTORY = "org.openhab.core.thing.binding.ThingHandlerFactory";

    private static final Page PAGE = new Page("start");

    @BeforeAll
    static void begin() {
        PAGE.head("framework", "until the factory", "first start", "until ONLINE", "JAR");
    }

    @AfterAll
    static void publish() {
        PAGE.publish();
    }

    @ParameterizedTest
    @EnumSource
    void startUp(Kind framework) throws Exception {
        Path jar = OsgiIT.JAR;
        double[] ready = new double[STARTS];
        double[] online = new double[STARTS];
        try (Twin twin = Twin.tcp(0, new TwinBoard().frozen(true))) {
            for (int i = 0; i < STARTS; i++) {
                try (OsgiRuntime runtime = OsgiIT.start(framework)) {
                    Bundle bundle = runtime.install(jar);
                    long begun = System.nanoTime();
                    bundle.start();
                    Wait.until("the handler factory is there",
                            () -> runtime.services(FACTORY, bundle.getSymbolicName()) == 1);
                    ready[i] = (System.nanoTime() - begun) / 1e6;
                    HostClient host = runtime.host();
                    begun = System.nanoTime();
                    String thing = host.addThing(OsgiIT.TCP, "bench", Map.of("host", "127.0.0.1", "port", twin.port()));
                    Wait.until("online", () -> "ONLINE".equals(host.status(thing).status()));
                    online[i] = (System.nanoTime() - begun) / 1e6;
                }
            }
        }
        double first = ready[0];
        Arrays.sort(ready);
        Arrays.sort(online);
        PAGE.row(framework.toString(), Page.number(ready[STARTS / 2], 0) + " ms", Page.number(first, 0) + " ms",
                Page.number(online[STARTS / 2], 0) + " ms", Files.size(jar) / 1000 + " kB");
        assertTrue(ready[STARTS / 2] > 0);
    }
}
