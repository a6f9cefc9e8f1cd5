/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.config;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.core.config.core.ConfigOptionProvider;
import org.openhab.core.config.core.ParameterOption;

/**
 * Which parameters get the serial ports as options.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SerialPortOptionProviderTest {

    @TempDir
    private Path folder = Path.of("");

    private @Nullable ConfigOptionProvider openhab;

    private @Nullable Collection<ParameterOption> options(Supplier<List<String>> ports, String uri, String parameter) {
        return new SerialPortOptionProvider(ports, new PortNames(folder), openhab).getParameterOptions(URI.create(uri),
                parameter, "serial-port", null);
    }

    /** The options that openHAB shows: all lists concatenated, including duplicates. */
    private List<String> shown() {
        List<String> names = new ArrayList<>();
        ConfigOptionProvider other = openhab;
        if (other != null) {
            names(other.getParameterOptions(URI.create("any"), "port", "serial-port", null), names);
        }
        names(options(() -> List.of("/dev/ttyUSB7", "/dev/ttyS0"), "thing-type:bmsmain:serial", "port"), names);
        return names;
    }

    private static void names(@Nullable Collection<ParameterOption> options, List<String> names) {
        assertNotNull(options);
        if (options != null) {
            options.forEach(option -> names.add(option.getValue()));
        }
    }

    /** openHAB lists numbered ports, and names of adapters if its USB discovery is enabled. */
    private static ConfigOptionProvider listing(String... names) {
        return (uri, parameter, context, locale) -> "serial-port".equals(context)
                ? Stream.of(names).map(name -> new ParameterOption(name, name)).toList()
                : null;
    }

    @Test
    void aPortIsListedOnceWhoeverListsIt() throws IOException {
        Path link = Files.createDirectories(folder.resolve("by-id")).resolve("usb-FTDI");
        String adapter = Files.createSymbolicLink(link, Path.of("/dev/ttyUSB7")).toString();
        assertEquals(List.of(adapter, "/dev/ttyUSB7", "/dev/ttyS0"), shown());
        openhab = listing("/dev/ttyS0", "/dev/ttyUSB7");
        assertEquals(List.of("/dev/ttyS0", "/dev/ttyUSB7", adapter), shown());
        openhab = listing("/dev/ttyUSB7", adapter);
        assertEquals(List.of("/dev/ttyUSB7", adapter, "/dev/ttyS0"), shown());
        openhab = listing();
        assertEquals(List.of(adapter, "/dev/ttyUSB7", "/dev/ttyS0"), shown());
    }

    @ParameterizedTest
    @CsvSource({ "thing-type:bmsmain:serial, port, true", "thing-type:bmsmain:can, port, true",
            "thing-type:bmsmain:tcp, port, false", "thing-type:bmsmain:serial, baudRate, false",
            "thing-type:modbus:serial, port, false" })
    void offersPortsWhereAPortIsAskedFor(String uri, String parameter, boolean offered) {
        Collection<ParameterOption> options = options(() -> List.of("/dev/ttyUSB7"), uri, parameter);
        assertEquals(offered,
                options != null && options.stream().anyMatch(option -> "/dev/ttyUSB7".equals(option.getValue())));
        assertEquals(offered, options != null);
    }
}
