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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The descriptors in {@code ESH-INF} as the tests see them: read with the JDK alone, so that they are compared with the
 * code and not with another reading of the code.
 * <p>
 * An absent text is an empty string.
 *
 * @param things thing types by id
 * @param groups channel group types by id
 * @param types channel types by id
 * @param configs parameters by the URI of their description
 * @param addon the texts of {@code addon.xml} by the name of their element
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record Descriptors(Map<String, ThingType> things, Map<String, Group> groups, Map<String, ChannelType> types,
        Map<String, Config> configs, Map<String, String> addon) {

    /** Where the descriptors are, seen from the project's directory. */
    static final Path FOLDER = Path.of("ESH-INF");

    /** A thing type; {@code groups} maps the ids of its channel groups to the ids of their types. */
    record ThingType(String id, String label, String description, List<String> extensible, String equipmentTag,
            Map<String, String> groups, Map<String, String> properties, String config) {
    }

    /** A channel group type. */
    record Group(String id, String label, String description, List<Channel> channels) {
    }

    /** A channel of a group; its texts and policy are empty where it takes those of its type. */
    record Channel(String id, String typeId, String label, String description, String autoUpdatePolicy) {
    }

    /** A channel type. */
    record ChannelType(String id, boolean advanced, String itemType, String unitHint, String label, String description,
            String category, List<String> tags, String pattern, boolean readOnly, Map<String, String> options,
            String autoUpdatePolicy, String config) {
    }

    /** A configuration description. */
    record Config(String uri, List<Text> groups, List<Parameter> parameters) {
    }

    /** A parameter group. */
    record Text(String id, String label, String description) {
    }

    /** A parameter. */
    record Parameter(String name, String type, String group, String label, String description, String defaultValue,
            String min, String max, Map<String, String> options, boolean required) {
    }

    /** Reads all descriptors. */
    static Descriptors load() {
        Descriptors all = new Descriptors(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(),
                new LinkedHashMap<>(), new LinkedHashMap<>());
        for (Element root : parse("thing")) {
            each(root, "thing-type").forEach(e -> all.things.put(e.getAttribute("id"), thingType(e)));
            each(root, "channel-group-type").forEach(e -> all.groups.put(e.getAttribute("id"), group(e)));
            each(root, "channel-type").forEach(e -> all.types.put(e.getAttribute("id"), channelType(e)));
        }
        for (Element root : parse("config")) {
            each(root, "config-description").forEach(e -> all.configs.put(e.getAttribute("uri"), config(e)));
        }
        for (Element root : parse("addon")) {
            List.of("name", "description").forEach(name -> all.addon.put(name, text(root, name)));
        }
        return all;
    }

    /** The thing types that are boards; a bank of them has fewer channels. */
    List<ThingType> boards() {
        return things.values().stream().filter(thing -> !"bank".equals(thing.id())).toList();
    }

    /** The type of a channel. */
    ChannelType type(Channel channel) {
        ChannelType type = types.get(channel.typeId());
        if (type == null) {
            throw new IllegalStateException("no channel type " + channel.typeId());
        }
        return type;
    }

    /** The English label that users see. */
    String label(Channel channel) {
        return channel.label().isEmpty() ? type(channel).label() : channel.label();
    }

    /** The English description that users see. */
    String description(Channel channel) {
        return channel.description().isEmpty() ? type(channel).description() : channel.description();
    }

    /** The channels of a thing type by {@code group#channel}. */
    Map<String, Channel> channelsOf(ThingType thing) {
        Map<String, Channel> channels = new LinkedHashMap<>();
        thing.groups().forEach((groupId, typeId) -> {
            Group group = groups.get(typeId);
            if (group == null) {
                throw new IllegalStateException("no channel group type " + typeId);
            }
            group.channels().forEach(channel -> channels.put(groupId + "#" + channel.id(), channel));
        });
        return channels;
    }

    private static ThingType thingType(Element e) {
        Map<String, String> groups = new LinkedHashMap<>();
        each(child(e, "channel-groups"), "channel-group")
                .forEach(g -> groups.put(g.getAttribute("id"), g.getAttribute("typeId")));
        Map<String, String> properties = new LinkedHashMap<>();
        each(child(e, "properties"), "property").forEach(p -> properties.put(p.getAttribute("name"), clean(p)));
        return new ThingType(e.getAttribute("id"), text(e, "label"), text(e, "description"),
                Stream.of(e.getAttribute("extensible").split(",\\s*")).filter(type -> !type.isEmpty()).toList(),
                text(e, "semantic-equipment-tag"), groups, properties,
                child(e, "config-description-ref").getAttribute("uri"));
    }

    private static Group group(Element e) {
        List<Channel> channels = each(child(e, "channels"), "channel").stream()
                .map(c -> new Channel(c.getAttribute("id"), c.getAttribute("typeId"), text(c, "label"),
                        text(c, "description"), text(c, "autoUpdatePolicy")))
                .toList();
        return new Group(e.getAttribute("id"), text(e, "label"), text(e, "description"), channels);
    }

    private static ChannelType channelType(Element e) {
        Element state = child(e, "state");
        List<String> tags = each(child(e, "tags"), "tag").stream().map(Descriptors::clean).toList();
        return new ChannelType(e.getAttribute("id"), Boolean.parseBoolean(e.getAttribute("advanced")),
                text(e, "item-type"), child(e, "item-type").getAttribute("unitHint"), text(e, "label"),
                text(e, "description"), text(e, "category"), tags, state.getAttribute("pattern"),
                Boolean.parseBoolean(state.getAttribute("readOnly")), options(state), text(e, "autoUpdatePolicy"),
                child(e, "config-description-ref").getAttribute("uri"));
    }

    private static Config config(Element e) {
        List<Text> groups = each(e, "parameter-group").stream()
                .map(g -> new Text(g.getAttribute("name"), text(g, "label"), text(g, "description"))).toList();
        List<Parameter> parameters = each(e, "parameter").stream()
                .map(p -> new Parameter(p.getAttribute("name"), p.getAttribute("type"), p.getAttribute("groupName"),
                        text(p, "label"), text(p, "description"), text(p, "default"), p.getAttribute("min"),
                        p.getAttribute("max"), options(p), Boolean.parseBoolean(p.getAttribute("required"))))
                .toList();
        return new Config(e.getAttribute("uri"), groups, parameters);
    }

    private static Map<String, String> options(Element parent) {
        Map<String, String> options = new LinkedHashMap<>();
        each(child(parent, "options"), "option").forEach(o -> options.put(o.getAttribute("value"), clean(o)));
        return options;
    }

    private static List<Element> parse(String folder) {
        List<Element> roots = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".xml")).sorted().toList()) {
                DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
                factory.setNamespaceAware(true);
                roots.add(factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SAXException | ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
        return roots;
    }

    /** The direct children of this name. */
    private static List<Element> each(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList children = parent.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            Node node = children.item(i);
            if (node instanceof Element element && name.equals(element.getLocalName())) {
                found.add(element);
            }
        }
        return found;
    }

    /** The first direct child of this name, or an empty element. */
    private static Element child(Element parent, String name) {
        List<Element> found = each(parent, name);
        return found.isEmpty() ? parent.getOwnerDocument().createElement("absent") : found.get(0);
    }

    private static String text(Element parent, String name) {
        return clean(child(parent, name));
    }

    /** The text of an element without the line breaks that only serve the XML's line length. */
    private static String clean(Element element) {
        return element.getTextContent().strip().replaceAll("\\s+", " ");
    }
}
