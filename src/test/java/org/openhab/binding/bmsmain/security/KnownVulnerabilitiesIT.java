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
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.peer.Peers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * What ships is not older than the versions in which known vulnerabilities were mended. Works without a network, and
 * therefore knows only what was known when its list was written.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class KnownVulnerabilitiesIT {

    private static final Path BUILD = Path.of(System.getProperty("bmsmain.build", "target"));
    private static final Path LIST = Path.of("src/test/resources/security/safe-versions.txt");

    @Test
    void whatShipsIsNotKnownToBeVulnerable() throws IOException {
        assumeFalse(BUILD.endsWith("target-openhab"), "that build makes no bill of materials");
        Peers.need(Files.exists(BUILD.resolve("bom.json")),
                "the bill of materials, which Maven makes only when online,");
        Map<String, String> lowest = lowestVersions();
        Map<String, String> shipped = shipped();
        assertFalse(shipped.isEmpty(), "nothing in the bill of materials");
        shipped.forEach((component, version) -> {
            String least = lowest.get(component);
            assertNotNull(least, component + " ships, and nobody has looked for its vulnerabilities: see " + LIST);
            assertTrue(isAtLeast(version, least), component + " " + version + " is older than " + least);
        });
        assertEquals(shipped.keySet(), lowest.keySet(), "lines in " + LIST + " of what does not ship");
    }

    @ParameterizedTest
    @CsvSource({ "2.2.2, 2.3.0, false", "2.3.0, 2.3.0, true", "2.11.4, 2.3.0, true", "1.10, 2.3.0, false",
            "2.3, 2.3.0, true", "2.3, 2.3.1, false", "3, 2.3.0, true" })
    void versionsAreComparedNumberByNumber(String version, String least, boolean expected) {
        assertEquals(expected, isAtLeast(version, least));
    }

    private static Map<String, String> lowestVersions() throws IOException {
        Map<String, String> versions = new HashMap<>();
        for (String line : Files.readAllLines(LIST)) {
            if (!line.startsWith("#")) {
                String[] words = line.split(" ", 3);
                assertTrue(words.length == 3 && words[2].contains("CVE-"), line);
                versions.put(words[0], words[1]);
            }
        }
        return versions;
    }

    private static Map<String, String> shipped() throws IOException {
        Map<String, String> versions = new HashMap<>();
        for (JsonElement element : JsonParser.parseString(Files.readString(BUILD.resolve("bom.json"))).getAsJsonObject()
                .getAsJsonArray("components")) {
            JsonObject component = element.getAsJsonObject();
            versions.put(component.get("group").getAsString() + ":" + component.get("name").getAsString(),
                    component.get("version").getAsString());
        }
        return versions;
    }

    private static boolean isAtLeast(String version, String least) {
        int[] numbers = numbers(version);
        int[] leastNumbers = numbers(least);
        int length = Math.max(numbers.length, leastNumbers.length);
        return Arrays.compare(Arrays.copyOf(numbers, length), Arrays.copyOf(leastNumbers, length)) >= 0;
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }
}
