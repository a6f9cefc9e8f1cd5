/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.release;

import static org.junit.jupiter.api.Assertions.*;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;

/**
 * The second download: a KAR that starts its feature and contains the same JAR.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class KarIT {

    private static final Path JAR = Path.of(System.getProperty("bmsmain.jar", ""));
    private static final Path KAR = Path.of(System.getProperty("bmsmain.kar", ""));

    @Test
    void karStartsItsFeatureAndHoldsTheJar() throws Exception {
        try (JarFile kar = new JarFile(KAR.toFile())) {
            Attributes manifest = kar.getManifest().getMainAttributes();
            assertEquals("true", manifest.getValue("Karaf-Feature-Start"));
            String repository = manifest.getValue("Karaf-Feature-Repos");
            assertEquals("mvn:org.bmsmain/org.openhab.binding.bmsmain/1.0.0/xml/features", repository);
            String folder = "repository/org/bmsmain/org.openhab.binding.bmsmain/1.0.0/org.openhab.binding.bmsmain-1.0.0";
            assertNotNull(kar.getEntry(folder + "-features.xml"));
            ZipEntry bundle = Objects.requireNonNull(kar.getEntry(folder + ".jar"));
            try (InputStream in = kar.getInputStream(bundle)) {
                assertArrayEquals(Files.readAllBytes(JAR), in.readAllBytes());
            }
        }
    }
}
