/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.peer.Peers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * The finished add-on: the content of the JAR, and its requirements on openHAB.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class AddonJarIT {

    private static final Path JAR = Path.of(System.getProperty("bmsmain.jar", ""));
    private static final String SERIAL = "lib/jSerialComm-2.11.4.jar";

    /** Packages that may be missing in a base installation of openHAB; the binding works without them. */
    private static final Set<String> OPTIONAL = Set.of("com.sun.jna", "org.openhab.core.config.discovery.usbserial",
            "org.openhab.core.io.transport.serial", "org.openhab.core.ui.components");

    private final JarFile jar = open();

    private static JarFile open() {
        try {
            return new JarFile(JAR.toFile());
        } catch (IOException e) {
            throw new IllegalStateException(JAR.toString(), e);
        }
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    /** openHAB's add-on store derives the ID of the add-on from the file name. */
    @Test
    void nameTellsTheIdOfTheAddon() throws IOException {
        assertTrue(String.valueOf(JAR.getFileName())
                .matches("org\\.openhab\\.binding\\.bmsmain-\\d+\\.\\d+\\.\\d+\\.jar"));
        assertEquals("org.openhab.binding.bmsmain", header("Bundle-SymbolicName"));
        assertEquals("org.openhab.binding.bmsmain-" + header("Bundle-Version") + ".jar",
                String.valueOf(JAR.getFileName()));
    }

    @Test
    void holdsOurClassesAndNobodyElses() {
        List<String> foreign = names().stream().filter(name -> name.endsWith(".class"))
                .filter(name -> !name.startsWith("org/openhab/binding/bmsmain/internal/")).toList();
        assertEquals(List.of(), foreign);
    }

    /** Publishing to a broker belongs to the tool only: the JAR contains no class, library or text of it. */
    @Test
    void holdsNothingOfThePublisher() throws IOException {
        List<String> words = List.of("hivemq", "io/netty", "io/reactivex", "snakeyaml", "bmsmain/cli", "homie",
                "homeassistant");
        List<String> found = new ArrayList<>();
        // Maven adds a description of the whole project to each JAR, which names the dependencies of the tool.
        for (String name : names().stream().filter(name -> !name.startsWith("META-INF/maven/")).toList()) {
            String content = name.endsWith(".jar") ? "" : new String(bytes(name), StandardCharsets.ISO_8859_1);
            words.stream().filter(word -> (name + "\n" + content).toLowerCase(Locale.ROOT).contains(word))
                    .forEach(word -> found.add(name + ": " + word));
        }
        assertEquals(List.of(), found);
        assertEquals(List.of(SERIAL), names().stream().filter(name -> name.endsWith(".jar")).toList());
    }

    @Test
    void holdsAllDescriptorsAsOpenhabLooksForThem() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("ESH-INF"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                expected.put("OH-INF/" + Path.of("ESH-INF").relativize(file).toString().replace('\\', '/'),
                        Files.readString(file));
            }
        }
        Map<String, String> actual = new TreeMap<>();
        for (String name : names()) {
            if (name.startsWith("OH-INF/")) {
                actual.put(name, text(name));
            }
        }
        assertEquals(expected, actual);
    }

    /** jSerialComm stays in one piece: it is sealed and loads its native libraries from its own JAR. */
    @Test
    void nestsJSerialCommInOnePiece() throws IOException {
        assertEquals(".," + SERIAL, header("Bundle-ClassPath"));
        assertArrayEquals(Files.readAllBytes(JAR.resolveSibling("lib").resolve("jSerialComm.jar")), bytes(SERIAL));
    }

    @Test
    void exportsNothing() throws IOException {
        assertNull(jar.getManifest().getMainAttributes().getValue("Export-Package"));
        assertNull(jar.getManifest().getMainAttributes().getValue("DynamicImport-Package"));
    }

    /** openHAB's packages carry the platform's version: a range would tie the JAR to one minor release. */
    @Test
    void importsOpenhabOfAnyVersion() throws IOException {
        Map<String, String> imports = imports();
        List<String> ranged = imports.keySet().stream()
                .filter(name -> name.startsWith("org.openhab.") || OPTIONAL.contains(name))
                .filter(name -> imports.getOrDefault(name, "").contains("version=")).toList();
        assertEquals(List.of(), ranged);
        assertTrue(imports.containsKey("org.openhab.core.thing"));
    }

    @Test
    void importsAsOptionalWhatABaseInstallationMayLack() throws IOException {
        Map<String, String> imports = imports();
        Set<String> optional = new TreeSet<>(imports.keySet());
        optional.removeIf(name -> !imports.getOrDefault(name, "").contains("resolution:=optional"));
        optional.removeIf(name -> name.startsWith("com.sun.jna."));
        assertEquals(new TreeSet<>(OPTIONAL), optional);
    }

    @Test
    void importsNothingThatNoOpenhabHas() throws IOException {
        List<String> expected = List.of("org.openhab.core.", "org.slf4j", "org.osgi.", "javax.measure",
                "com.google.gson", "com.sun.jna", "tech.units.indriya");
        List<String> unexpected = new ArrayList<>(imports().keySet());
        unexpected.removeIf(name -> expected.stream().anyMatch(name::startsWith));
        assertEquals(List.of(), unexpected);
    }

    /** Every component of the bundle is declared, and its class exists. */
    @Test
    void declaresItsComponents() throws IOException {
        Set<String> declared = Arrays.stream(header("Service-Component").split(",")).map(String::trim)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> present = names().stream().filter(name -> name.matches("OSGI-INF/.*\\.xml"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(declared, present);
        for (String component : declared) {
            String implementation = text(component).replaceFirst("(?s).*<implementation class=\"([^\"]+)\".*", "$1");
            assertNotNull(jar.getEntry(implementation.replace('.', '/') + ".class"), implementation);
        }
    }

    @Test
    void carriesItsLicence() throws IOException {
        assertEquals(Files.readString(Path.of("LICENSE")), text("META-INF/LICENSE"));
        assertTrue(header("Bundle-License").startsWith("EPL-2.0"));
    }

    /** The JAR redistributes jSerialComm, whose licence must be included. */
    @Test
    void carriesTheLicenceOfWhatItNests() throws IOException {
        String notice = text("META-INF/NOTICE");
        assertEquals(Files.readString(Path.of("NOTICE")), notice);
        assertTrue(notice.contains("jSerialComm") && notice.contains("Apache License 2.0")
                && notice.contains("LGPL-3.0") && notice.contains("https://github.com/Fazecast/jSerialComm"), notice);
        assertTrue(notice.contains("META-INF/Apache-2.0.txt"));
        String licence = text("META-INF/Apache-2.0.txt");
        assertTrue(licence.contains("Version 2.0, January 2004") && licence.contains("4. Redistribution"));
    }

    /** The bill of materials names the third-party content of the JAR. Maven does not write it offline. */
    @Test
    void billOfMaterialsNamesWhatShips() throws IOException {
        Path file = JAR.resolveSibling("bom.json");
        assumeFalse(JAR.getParent().endsWith("target-openhab"), "that build makes no bill of materials");
        Peers.need(Files.exists(file), "the bill of materials, which Maven makes only when online,");
        JsonObject bom = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        List<String> components = new ArrayList<>();
        for (JsonElement component : bom.getAsJsonArray("components")) {
            components.add(component.getAsJsonObject().get("purl").getAsString());
        }
        assertEquals(List.of("pkg:maven/com.fazecast/jSerialComm@2.11.4?type=jar"), components);
    }

    /** The classes run on the Java version that openHAB requires, and on the JDK that builds them. */
    @Test
    void needsJava17() throws IOException {
        assertTrue(header("Require-Capability").contains("(version=17)"));
    }

    private List<String> names() {
        return jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
    }

    private String header(String name) throws IOException {
        Attributes attributes = jar.getManifest().getMainAttributes();
        return String.valueOf(attributes.getValue(name));
    }

    /** Name and attributes of each imported package. */
    private Map<String, String> imports() throws IOException {
        Map<String, String> imports = new TreeMap<>();
        for (String clause : header("Import-Package").split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
            int end = clause.indexOf(';');
            imports.put(end < 0 ? clause : clause.substring(0, end), end < 0 ? "" : clause.substring(end));
        }
        return imports;
    }

    private byte[] bytes(String name) throws IOException {
        try (InputStream stream = jar.getInputStream(new ZipEntry(name))) {
            return stream.readAllBytes();
        }
    }

    private String text(String name) throws IOException {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }
}
