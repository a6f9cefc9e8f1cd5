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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import javax.xml.parsers.DocumentBuilderFactory;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * Checks the catalogue for openHAB's add-on store against the rules of its fields.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class StoreCatalogueTest {

    private static final Path BUILD = Path.of(System.getProperty("bmsmain.build", "target"));
    private static final Set<String> FIELDS = Set.of("uid", "id", "type", "title", "description", "version", "author",
            "maturity", "compatible_versions", "content_type", "url", "link", "image_url", "connection", "keywords",
            "logger_packages");
    private final JsonArray entries = read();

    private static JsonArray read() {
        try {
            return JsonParser.parseString(Files.readString(BUILD.resolve("addons.json"))).getAsJsonArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(JsonObject entry, String field) {
        return entry.get(field).getAsString();
    }

    @Test
    void everyEntryHasTheFieldsOfTheStoreAndNoOther() {
        for (JsonElement element : entries) {
            assertEquals(new TreeSet<>(FIELDS), new TreeSet<>(element.getAsJsonObject().keySet()));
        }
    }

    @Test
    void entriesAreSeenByDefault() {
        for (JsonElement element : entries) {
            JsonObject entry = element.getAsJsonObject();
            assertEquals("stable", text(entry, "maturity"));
            assertEquals("binding", text(entry, "type"));
            assertEquals("local", text(entry, "connection"));
            assertTrue(text(entry, "compatible_versions").matches("[\\[(]\\d+\\.\\d+\\.\\d+;\\d+\\.\\d+\\.\\d+[\\])]"));
            assertTrue(text(entry, "version").matches("\\d+\\.\\d+\\.\\d+"), text(entry, "version"));
        }
    }

    /**
     * Two entries with one bundle would be indistinguishable: the second installs nothing, and its removal removes
     * the first.
     */
    @Test
    void thereIsOneEntryWithTheJar() {
        assertEquals(1, entries.size());
        JsonObject entry = entries.get(0).getAsJsonObject();
        assertEquals("bmsmain", text(entry, "uid"));
        // The store selects the installer by the suffix of the address, and derives the bundle's ID from the file name.
        assertEquals("application/vnd.openhab.bundle", text(entry, "content_type"));
        assertTrue(text(entry, "url").endsWith("/org.openhab.binding.bmsmain-" + text(entry, "version") + ".jar"));
        for (String address : List.of("url", "link", "image_url")) {
            assertTrue(text(entry, address).startsWith("https://"), address);
            assertFalse(text(entry, address).contains("${"), address);
        }
    }

    /** The store renders HTML; Markdown would be shown as plain text. */
    @Test
    void descriptionIsHtml() throws Exception {
        for (JsonElement element : entries) {
            String html = text(element.getAsJsonObject(), "description");
            assertTrue(html.startsWith("<p>"), html);
            assertFalse(html.contains("**") || html.contains("`") || html.contains("]("), html);
            DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new ByteArrayInputStream(("<div>" + html + "</div>").getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void loggersOfTheAddonAreNamed() {
        for (JsonElement element : entries) {
            assertEquals("[\"org.openhab.binding.bmsmain\"]",
                    element.getAsJsonObject().get("logger_packages").toString());
        }
    }
}
