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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.tool.demo.HostClient;
import org.openhab.binding.bmsmain.tool.demo.OsgiRuntime;
import org.openhab.binding.bmsmain.tool.demo.OsgiRuntime.Kind;
import org.osgi.framework.Bundle;

/**
 * The JAR as users install it, in an OSGi framework.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class OsgiIT {

    private static final Path BUILD = Path.of(System.getProperty("bmsmain.build", "target"));
    private static final Path JAR = Path
            .of(System.getProperty("bmsmain.jar", "target/org.openhab.binding.bmsmain-1.0.0.jar"));

    @ParameterizedTest
    @EnumSource
    void resolvesAndOffersItsThingTypes(Kind framework) throws Exception {
        try (OsgiRuntime runtime = OsgiRuntime.start(framework, BUILD, Locale.ENGLISH, "debug")) {
            Bundle bundle = runtime.install(JAR);
            bundle.start();
            assertEquals(Bundle.ACTIVE, bundle.getState());
            HostClient host = runtime.host();
            assertTrue(host.thingTypes().keySet().containsAll(List.of("bmsmain:serial", "bmsmain:tcp")));
            String thing = host.addThing("bmsmain:tcp", "none", Map.of("host", "127.0.0.1", "port", 1));
            assertTrue(100 < host.states(thing).size());
            assertEquals("Number:ElectricCurrent",
                    Objects.requireNonNull(host.channels(thing).get("battery#current")).get("itemType"));
            assertEquals(BigDecimal.valueOf(32), host.configuration(thing).get("address"));
        }
    }
}
