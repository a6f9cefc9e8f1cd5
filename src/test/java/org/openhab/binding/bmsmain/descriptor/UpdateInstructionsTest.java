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

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import javax.xml.parsers.DocumentBuilderFactory;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.descriptor.Descriptors.Channel;
import org.openhab.binding.bmsmain.descriptor.Descriptors.ThingType;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A Thing created by an earlier release gets the channels added later, with the types and texts of the descriptors.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class UpdateInstructionsTest {

    private static final Path FILE = Path.of("ESH-INF", "update", "channels.xml");
    /** Channels added with version 2 besides the completely new groups; later versions are in the catalogue. */
    private static final Set<String> ADDED = Set.of("faults#journal", "logic#average-cell-voltage", "link#online",
            "link#quality");
    private static final Set<String> NEW_GROUPS = Set.of("energy", "history");
    private static final Set<String> CHANGED = Set.of("internal-signals#low-soc", "internal-signals#initialisation");

    private final Descriptors descriptors = Descriptors.load();

    @Test
    void everyThingGetsWhatIsNew() throws Exception {
        NodeList types = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(FILE.toFile())
                .getElementsByTagName("thing-type");
        Map<String, Element> instructions = new TreeMap<>();
        for (int i = 0; i < types.getLength(); i++) {
            Element type = (Element) types.item(i);
            instructions.put(type.getAttribute("uid"), type);
        }
        assertEquals(descriptors.boards().stream().map(thing -> "bmsmain:" + thing.id())
                .collect(Collectors.toCollection(TreeSet::new)), instructions.keySet());
        for (ThingType thing : descriptors.boards()) {
            int newest = Catalogue.channels().stream().mapToInt(point -> point.style().since()).max().orElseThrow();
            assertEquals(Integer.toString(Math.max(2, newest)), thing.properties().get("thingTypeVersion"), thing.id());
            @Nullable
            Element type = instructions.get("bmsmain:" + thing.id());
            if (type != null) {
                assertUpdates(thing, type);
            }
        }
    }

    private void assertUpdates(ThingType thing, Element type) {
        Map<String, Channel> channels = descriptors.channelsOf(thing);
        Set<String> expected = new TreeSet<>(ADDED);
        channels.keySet().stream().filter(id -> NEW_GROUPS.contains(id.substring(0, id.indexOf('#'))))
                .forEach(expected::add);
        Catalogue.channels().stream().filter(point -> point.style().since() > 2 && channels.containsKey(point.id()))
                .forEach(point -> expected.add(point.id()));
        Set<String> added = new TreeSet<>();
        NodeList adds = type.getElementsByTagName("add-channel");
        for (int i = 0; i < adds.getLength(); i++) {
            added.add(assertFits(channels, (Element) adds.item(i)));
        }
        assertEquals(expected, added, thing.id());
        NodeList updates = type.getElementsByTagName("update-channel");
        Set<String> updated = new TreeSet<>();
        for (int i = 0; i < updates.getLength(); i++) {
            updated.add(assertFits(channels, (Element) updates.item(i)));
        }
        Set<String> retyped = new TreeSet<>(CHANGED);
        Catalogue.channels().stream().filter(point -> point.style().retyped() > 2)
                .forEach(point -> retyped.add(point.id()));
        assertEquals(retyped, updated, thing.id());
    }

    private static String assertFits(Map<String, Channel> channels, Element instruction) {
        String id = instruction.getAttribute("groupIds") + "#" + instruction.getAttribute("id");
        Channel channel = channels.get(id);
        assertNotNull(channel, id);
        if (channel != null) {
            assertEquals("bmsmain:" + channel.typeId(), text(instruction, "type"), id);
            assertEquals(channel.label(), text(instruction, "label"), id);
            assertEquals(channel.description(), text(instruction, "description"), id);
        }
        return id;
    }

    private static String text(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : String.valueOf(found.item(0).getTextContent());
    }
}
