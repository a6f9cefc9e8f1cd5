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

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;

/**
 * The UI components in the installed JAR.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class DashboardIT {

    private static final Path BUILD = Path.of(System.getProperty("bmsmain.build", "target"));
    private static final Path JAR = Path
            .of(System.getProperty("bmsmain.jar", "target/org.openhab.binding.bmsmain-1.0.0.jar"));
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String PAGE = "bmsmain-tcp-home";
    private static final Set<String> WIDGETS = Set.of("bmsmain-battery-card", "bmsmain-front-panel", "bmsmain-cells",
            "bmsmain-faults", "bmsmain-control", "bmsmain-energy", "bmsmain-history");

    @ParameterizedTest
    @EnumSource
    void bringsWidgetsAndAPageThatComesAndGoesWithItsThing(Kind framework) throws Exception {
        try (Twin twin = Twin.tcp(0, new TwinBoard().frozen(true));
                OsgiRuntime runtime = OsgiRuntime.start(framework, BUILD, Locale.ENGLISH, "debug")) {
            runtime.install(JAR).start();
            HostClient host = runtime.host();
            assertTrue(host.await(() -> host.components("ui:widget").keySet().containsAll(WIDGETS), SOON),
                    () -> "widgets: " + host.components("ui:widget").keySet());
            assertTrue(host.await(() -> host.components("ui:blocks").keySet().equals(Set.of("bmsmain-blocks")), SOON),
                    () -> "blocks: " + host.components("ui:blocks").keySet());
            assertEquals(Map.of(), host.components("ui:page"));

            String thing = host.addThing("bmsmain:tcp", "home", Map.of("host", "127.0.0.1", "port", twin.port()));
            host.linkAll(thing);
            assertTrue(host.await(() -> host.components("ui:page").containsKey(PAGE), SOON),
                    () -> "pages: " + host.components("ui:page").keySet() + ", log: " + runtime.log());
            String page = String.valueOf(host.components("ui:page").get(PAGE));
            for (String widget : Set.of("bmsmain-battery-card", "bmsmain-front-panel", "bmsmain-faults")) {
                assertTrue(page.contains("widget:" + widget), page);
            }

            host.removeThing(thing);
            assertTrue(host.await(() -> host.components("ui:page").isEmpty(), SOON));
        }
    }
}
