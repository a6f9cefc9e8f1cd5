/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.security;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.openhab.binding.bmsmain.internal.transport.SerialTransport;

/**
 * Other users of the machine have no access to the native part of the serial library.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@EnabledOnOs(OS.LINUX)
class NativeLibraryIT {

    @Test
    void liesInAFolderThatOnlyThisUserCanEnter() throws IOException {
        SerialTransport.ports();
        List<Path> libraries;
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            // Libraries of bundles that other tests stopped remain mapped, but their files are gone.
            libraries = maps.filter(line -> line.contains("jSerialComm") && !line.endsWith(" (deleted)"))
                    .map(line -> line.replaceAll("^[^/]*", "")).distinct().map(Path::of).toList();
        }
        assertFalse(libraries.isEmpty());
        for (Path library : libraries) {
            Path folder = Path.of("/").resolve(library.subpath(0, 2));
            assertTrue(folder.toString().contains("bmsmain-serial-"), library.toString());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        }
    }
}
