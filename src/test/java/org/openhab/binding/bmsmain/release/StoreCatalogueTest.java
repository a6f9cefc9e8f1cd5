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
import java.util.Map;
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
 * The catalogue for openHAB's add-on store against the rules of its fields.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class StoreCatalogueTest {

    private static final Path BUILD = Path.of(System.getProperty("bmsmain.build", "target"));
    private static final Set<String> FIELDS = Set.of("uid", "id", "type", "title", "description", "version", "author",
            "maturity", "compatible_versions", "content_type", "url", "link", "image_url", "connection", "keywords",
            "logger_packages");
    /** The store installs by the ending of the address; the content type must fit to it. */
    private static final Map<String, String> ENDINGS = Map.of("application/vnd.openhab.bundle", ".jar",
            "application/vnd.openhab.feature;type=karfile", ".kar");

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

    @Test
    void addressesEndAsTheirKindWants() {
        Set<String> kinds = new TreeSet<>();
        for (JsonElement element : entries) {
            JsonObject entry = element.getAsJsonObject();
            String kind = text(entry, "content_type");
            kinds.add(kind);
            String ending = ENDINGS.get(kind);
            assertNotNull(ending, kind);
            assertTrue(text(entry, "url").endsWith(ending), text(entry, "url"));
            for (String address : List.of("url", "link", "image_url")) {
                assertTrue(text(entry, address).startsWith("https://"), address);
                assertFalse(text(entry, address).contains("${"), address);
            }
        }
        assertEquals(new TreeSet<>(ENDINGS.keySet()), kinds);
    }

    /** The store takes the bundle's id from the name of the JAR, and the feature's name from the name of the KAR. */
    @Test
    void fileNamesTellTheIdAndTheFeature() throws Exception {
        String feature = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(BUILD.resolve("kar/feature.xml").toFile()).getElementsByTagName("feature").item(0)
                .getAttributes().getNamedItem("name").getNodeValue();
        for (JsonElement element : entries) {
            String url = text(element.getAsJsonObject(), "url");
            String file = url.substring(url.lastIndexOf('/') + 1);
            if (file.endsWith(".kar")) {
                assertEquals(feature + ".kar", file);
            } else {
                assertEquals("org.openhab.binding.bmsmain-" + text(element.getAsJsonObject(), "version") + ".jar",
                        file);
            }
        }
    }

    /** The store renders HTML; Markdown would show as it is typed. */
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

    @Test
    void uidsAreDistinct() {
        Set<String> uids = new TreeSet<>();
        entries.forEach(element -> assertTrue(uids.add(text(element.getAsJsonObject(), "uid"))));
        assertEquals(Set.of("bmsmain", "bmsmain-kar"), uids);
    }
}
