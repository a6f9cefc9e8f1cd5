/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.descriptor;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Points;
import org.xml.sax.SAXException;

/**
 * The generated files are up to date with the catalogue and the English texts.
 * {@code mvn test -Dtest=GeneratedFilesTest -Dbmsmain.write=true} regenerates them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class GeneratedFilesTest {

    private static final String COMMAND = "mvn test -Dtest=GeneratedFilesTest -Dbmsmain.write=true";

    @Test
    void filesAreThoseOfTheCatalogue() throws IOException {
        List<Path> different = new ArrayList<>();
        for (Map.Entry<Path, String> entry : new GeneratedFiles(Catalogue.all(), GeneratedFiles.englishTexts()).all()
                .entrySet()) {
            Path file = entry.getKey();
            if (Boolean.getBoolean("bmsmain.write")) {
                write(file, entry.getValue());
            }
            if (!entry.getValue().equals(Files.exists(file) ? Files.readString(file) : "")) {
                different.add(file);
            }
        }
        assertEquals(List.of(), different, "not what the catalogue and the texts say now; write them by: " + COMMAND);
    }

    private static void write(Path file, String content) throws IOException {
        if (content.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, content);
        }
    }

    @Test
    void channelsOfTheFirstReleaseNeedNoInstructions() {
        GeneratedFiles files = files(Points.since("battery#first", 1));
        assertEquals(1, files.version());
        assertEquals("", files.updateInstructions());
    }

    /**
     * By version, so that a Thing that is two versions behind gets all channels. Only a shared type needs texts of
     * the channel.
     */
    @Test
    void newChannelsAreAddedToThingsThatExist() throws IOException, SAXException {
        GeneratedFiles files = files(Points.since("battery#first", 1), Points.since("history#third", 3),
                Points.since("history#second", 2), Points.shared("battery#shared", "second", 2));
        assertEquals(3, files.version());
        String instructions = """
                		<instruction-set targetVersion="2">
                			<add-channel id="second" groupIds="history">
                				<type>bmsmain:second</type>
                			</add-channel>
                			<add-channel id="shared" groupIds="battery">
                				<type>bmsmain:second</type>
                				<label>Own &amp; Short</label>
                				<description>Own words.</description>
                			</add-channel>
                		</instruction-set>
                		<instruction-set targetVersion="3">
                			<add-channel id="third" groupIds="history">
                				<type>bmsmain:third</type>
                			</add-channel>
                		</instruction-set>
                """;
        String xml = files.updateInstructions();
        for (String thing : List.of("serial", "tcp", "can")) {
            assertTrue(
                    xml.contains("\t<thing-type uid=\"bmsmain:" + thing + "\">\n" + instructions + "\t</thing-type>"),
                    xml);
        }
        assertEquals(List.of(), DescriptorSchemaTest.faults(xml));
    }

    @Test
    void aThingTypeGetsItsGroupsAndItsVersion() {
        GeneratedFiles files = files(Points.since("battery#first", 1), Points.since("history#second", 2));
        assertEquals("""
                <label>By hand</label>
                <channel-groups>
                			<channel-group id="battery" typeId="battery"/>
                			<channel-group id="history" typeId="history"/>
                		</channel-groups>
                <property name="thingTypeVersion">2</property>
                """, files.thingType("""
                <label>By hand</label>
                <channel-groups>old</channel-groups>
                <property name="thingTypeVersion">1</property>
                """));
    }

    @Test
    void aSharedChannelTypeMustBeTheSameForAll() {
        GeneratedFiles files = files(Points.since("battery#second", 1), Points.shared("battery#shared", "second", 1));
        assertFalse(files.channelTypes().isEmpty());
        GeneratedFiles differing = files(Points.contact("battery#second"),
                Points.shared("battery#shared", "second", 1));
        assertTrue(assertThrows(IllegalStateException.class, differing::channelTypes).getMessage()
                .contains("battery#shared and battery#second share the channel type second"));
    }

    @Test
    void aMissingTextIsNamed() {
        GeneratedFiles files = files(Points.since("battery#unnamed", 1));
        assertEquals("ESH-INF/i18n/bmsmain.properties lacks the text channel-type.bmsmain.unnamed.label",
                assertThrows(IllegalStateException.class, files::channelTypes).getMessage());
    }

    private static GeneratedFiles files(Point... points) {
        Map<String, String> texts = new TreeMap<>();
        for (String type : List.of("first", "second", "third")) {
            texts.put("channel-type.bmsmain." + type + ".label", "Label");
            texts.put("channel-type.bmsmain." + type + ".description", "Words.");
        }
        texts.put("channel-group-type.bmsmain.battery.channel.shared.label", "Own & Short");
        texts.put("channel-group-type.bmsmain.battery.channel.shared.description", "Own words.");
        return new GeneratedFiles(List.of(points), texts);
    }
}
