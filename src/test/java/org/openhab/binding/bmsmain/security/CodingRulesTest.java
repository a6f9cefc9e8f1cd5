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

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.ProductOnly;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/**
 * Operations that the add-on must never use, and build inputs that must be fixed.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CodingRulesTest {

    private static final JavaClasses ADDON = new ClassFileImporter().withImportOption(new ProductOnly())
            .importPackages("org.openhab.binding.bmsmain.internal..");
    private static final Pattern SECRET = Pattern
            .compile("(?i)(password|passwd|secret|api[-_]?key|token)\\s*=\\s*\"[^\"]+\"|BEGIN [A-Z ]*PRIVATE KEY");

    @Test
    void addonListensOnNoSocket() {
        noClasses().should().dependOnClassesThat().belongToAnyOf(ServerSocket.class, ServerSocketChannel.class,
                DatagramSocket.class, MulticastSocket.class, DatagramChannel.class).check(ADDON);
    }

    @Test
    void addonParsesNoXmlAndRunsNoProgram() {
        noClasses().should().dependOnClassesThat()
                .resideInAnyPackage("javax.xml..", "org.xml.sax..", "org.w3c.dom..", "org.yaml..").check(ADDON);
        noClasses().should().dependOnClassesThat().belongToAnyOf(ProcessBuilder.class, Process.class).check(ADDON);
    }

    @Test
    void addonReadsNoSerializedObjects() {
        noClasses().should().dependOnClassesThat().belongToAnyOf(java.io.ObjectInputStream.class).check(ADDON);
    }

    /** With a version range, or a version that changes over time, builds would not be reproducible. */
    @Test
    void dependenciesArePinned() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> loose = Pattern.compile("<version>([^<]*)</version>").matcher(pom).results()
                .map(match -> match.group(1)).filter(version -> !version.startsWith("[21,"))
                .filter(version -> version.matches(".*(SNAPSHOT|LATEST|RELEASE|[\\[\\](),]).*")).toList();
        assertEquals(List.of(), loose);
        long dependencies = count(pom, "<dependency>");
        long versions = Pattern.compile("<dependency>(?:(?!</dependency>).)*<version>", Pattern.DOTALL).matcher(pom)
                .results().count();
        assertEquals(dependencies, versions, "a dependency without a version");
    }

    @Test
    void noSecretIsInTheSources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<Path> suspicious = files.filter(file -> file.toString().matches(".*\\.(java|py|c|xml|properties)"))
                    .filter(CodingRulesTest::holdsSecret).toList();
            assertEquals(List.of(), suspicious);
        }
    }

    private static boolean holdsSecret(Path file) {
        try {
            return SECRET.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long count(String text, String part) {
        return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
    }
}
