/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.config.core.ConfigDescription;
import org.openhab.core.config.core.ConfigDescriptionBuilder;
import org.openhab.core.config.core.ConfigDescriptionParameter;
import org.openhab.core.config.core.ConfigDescriptionParameter.Type;
import org.openhab.core.config.core.ConfigDescriptionParameterBuilder;
import org.openhab.core.config.core.ParameterOption;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.type.AutoUpdatePolicy;
import org.openhab.core.thing.type.ChannelGroupTypeUID;
import org.openhab.core.thing.type.ChannelKind;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.osgi.framework.Bundle;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * What a bundle says about its things in <code>OH-INF/thing</code> and <code>OH-INF/config</code>.
 * <p>
 * Labels and descriptions are as they stand in the file, so they may be <code>@text/key</code>.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class Descriptors {

    /**
     * A thing type.
     *
     * @param groups its channel groups
     * @param channels its channels outside of groups
     * @param config the description of its configuration, or null
     */
    record ThingType(ThingTypeUID uid, String label, String description, String category, String equipmentTag,
            List<String> extensible, List<Group> groups, List<ChannelEntry> channels, Map<String, String> properties,
            String representationProperty, @Nullable URI config) {
    }

    /** A channel group of a thing type. */
    record Group(String id, ChannelGroupTypeUID type) {
    }

    /** A channel group type. */
    record GroupType(ChannelGroupTypeUID uid, String label, String description, List<ChannelEntry> channels) {
    }

    /** A channel of a thing type or of a group; empty texts are those of its type. */
    record ChannelEntry(String id, ChannelTypeUID type, String label, String description,
            Map<String, String> properties, @Nullable AutoUpdatePolicy autoUpdatePolicy) {
    }

    /**
     * A channel type.
     *
     * @param itemType the accepted item type, null for a trigger
     * @param options values of a state or of an event, with their labels
     */
    record ChannelType(ChannelTypeUID uid, ChannelKind kind, @Nullable String itemType, String unitHint, String label,
            String description, String category, Set<String> tags, boolean advanced, boolean readOnly, String pattern,
            Map<String, String> options, @Nullable AutoUpdatePolicy autoUpdatePolicy, @Nullable URI config) {
    }

    final Bundle bundle;
    final Map<ThingTypeUID, ThingType> things = new LinkedHashMap<>();
    final Map<ChannelGroupTypeUID, GroupType> groups = new LinkedHashMap<>();
    final Map<ChannelTypeUID, ChannelType> channels = new LinkedHashMap<>();
    final Map<URI, ConfigDescription> configs = new LinkedHashMap<>();

    /**
     * @param bundle the bundle to read
     * @throws IOException if a file cannot be read or is no valid XML; document types are refused
     */
    Descriptors(Bundle bundle) throws IOException {
        this.bundle = bundle;
        for (Element root : roots(bundle, "/OH-INF/config")) {
            each(root, "config-description").forEach(this::config);
        }
        for (Element root : roots(bundle, "/OH-INF/thing")) {
            String binding = root.getAttribute("bindingId");
            each(root, "channel-type").forEach(e -> channelType(binding, e));
            each(root, "channel-group-type").forEach(e -> groupType(binding, e));
            each(root, "thing-type").forEach(e -> thingType(binding, e));
        }
    }

    private static List<Element> roots(Bundle bundle, String folder) throws IOException {
        List<Element> roots = new ArrayList<>();
        Enumeration<URL> files = bundle.findEntries(folder, "*.xml", true);
        for (URL file : files == null ? List.<URL> of() : Collections.list(files)) {
            try (InputStream in = file.openStream()) {
                roots.add(secureFactory().newDocumentBuilder().parse(in).getDocumentElement());
            } catch (SAXException | ParserConfigurationException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        }
        return roots;
    }

    private static DocumentBuilderFactory secureFactory() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setXIncludeAware(false);
        factory.setExpandEntityReferences(false);
        return factory;
    }

    private void config(Element e) {
        config(URI.create(e.getAttribute("uri")), e);
    }

    private URI config(URI uri, Element e) {
        ConfigDescriptionBuilder description = ConfigDescriptionBuilder.create(uri);
        each(e, "parameter").forEach(parameter -> description.withParameter(parameter(parameter)));
        configs.put(uri, description.build());
        return uri;
    }

    private static ConfigDescriptionParameter parameter(Element e) {
        Type type = Type.valueOf(e.getAttribute("type").toUpperCase(Locale.ROOT));
        ConfigDescriptionParameterBuilder builder = ConfigDescriptionParameterBuilder
                .create(e.getAttribute("name"), type).withRequired(bool(e.getAttribute("required")))
                .withReadOnly(bool(e.getAttribute("readOnly"))).withMultiple(bool(e.getAttribute("multiple")))
                .withAdvanced(bool(text(e, "advanced"))).withVerify(bool(text(e, "verify")))
                .withLimitToOptions(!"false".equals(text(e, "limitToOptions"))).withLabel(text(e, "label"))
                .withDescription(text(e, "description"));
        if (e.hasAttribute("min")) {
            builder.withMinimum(new BigDecimal(e.getAttribute("min")));
        }
        if (e.hasAttribute("max")) {
            builder.withMaximum(new BigDecimal(e.getAttribute("max")));
        }
        if (e.hasAttribute("step")) {
            builder.withStepSize(new BigDecimal(e.getAttribute("step")));
        }
        if (e.hasAttribute("pattern")) {
            builder.withPattern(e.getAttribute("pattern"));
        }
        if (e.hasAttribute("groupName")) {
            builder.withGroupName(e.getAttribute("groupName"));
        }
        if (e.hasAttribute("unit")) {
            builder.withUnit(e.getAttribute("unit"));
        }
        if (child(e, "default") != null) {
            builder.withDefault(text(e, "default"));
        }
        if (child(e, "context") != null) {
            builder.withContext(text(e, "context"));
        }
        if (child(e, "multipleLimit") != null) {
            builder.withMultipleLimit(Integer.valueOf(text(e, "multipleLimit")));
        }
        builder.withOptions(each(child(e, "options"), "option").stream()
                .map(option -> new ParameterOption(option.getAttribute("value"), clean(option))).toList());
        return builder.build();
    }

    private void channelType(String binding, Element e) {
        ChannelTypeUID uid = new ChannelTypeUID(binding, e.getAttribute("id"));
        Set<String> tags = new LinkedHashSet<>();
        each(child(e, "tags"), "tag").forEach(tag -> tags.add(clean(tag)));
        Element state = child(e, "state");
        Map<String, String> options = new LinkedHashMap<>();
        for (Element holder : new @Nullable Element[] { child(state, "options"),
                child(child(e, "event"), "options") }) {
            each(holder, "option").forEach(option -> options.put(option.getAttribute("value"), clean(option)));
        }
        Element itemType = child(e, "item-type");
        channels.put(uid, new ChannelType(uid, ChannelKind.parse(child(e, "kind") == null ? null : text(e, "kind")),
                itemType == null ? null : clean(itemType), itemType == null ? "" : itemType.getAttribute("unitHint"),
                text(e, "label"), text(e, "description"), text(e, "category"), tags, bool(e.getAttribute("advanced")),
                state != null && bool(state.getAttribute("readOnly")),
                state == null ? "" : state.getAttribute("pattern"), options, policy(e),
                configOf("channel-type", uid.getAsString(), e)));
    }

    private void groupType(String binding, Element e) {
        ChannelGroupTypeUID uid = new ChannelGroupTypeUID(binding, e.getAttribute("id"));
        groups.put(uid,
                new GroupType(uid, text(e, "label"), text(e, "description"), channels(binding, child(e, "channels"))));
    }

    private void thingType(String binding, Element e) {
        ThingTypeUID uid = new ThingTypeUID(binding, e.getAttribute("id"));
        List<Group> ofGroups = each(child(e, "channel-groups"), "channel-group").stream()
                .map(g -> new Group(g.getAttribute("id"), new ChannelGroupTypeUID(binding, g.getAttribute("typeId"))))
                .toList();
        List<String> extensible = e.getAttribute("extensible").isBlank() ? List.of()
                : List.of(e.getAttribute("extensible").split("\\s*,\\s*"));
        things.put(uid, new ThingType(uid, text(e, "label"), text(e, "description"), text(e, "category"),
                text(e, "semantic-equipment-tag"), extensible, ofGroups, channels(binding, child(e, "channels")),
                properties(e), text(e, "representation-property"), configOf("thing-type", uid.getAsString(), e)));
    }

    private static List<ChannelEntry> channels(String binding, @Nullable Element channels) {
        return each(channels, "channel").stream()
                .map(c -> new ChannelEntry(c.getAttribute("id"), channelTypeUid(binding, c.getAttribute("typeId")),
                        text(c, "label"), text(c, "description"), properties(c), policy(c)))
                .toList();
    }

    private static ChannelTypeUID channelTypeUid(String binding, String typeId) {
        return typeId.startsWith("system.") ? new ChannelTypeUID("system", typeId.substring("system.".length()))
                : new ChannelTypeUID(binding, typeId);
    }

    private static Map<String, String> properties(Element e) {
        Map<String, String> properties = new LinkedHashMap<>();
        each(child(e, "properties"), "property").forEach(p -> properties.put(p.getAttribute("name"), clean(p)));
        return properties;
    }

    private @Nullable URI configOf(String scheme, String uid, Element e) {
        Element reference = child(e, "config-description-ref");
        if (reference != null) {
            return URI.create(reference.getAttribute("uri"));
        }
        Element inside = child(e, "config-description");
        return inside == null ? null : config(URI.create(scheme + ":" + uid), inside);
    }

    private static @Nullable AutoUpdatePolicy policy(Element e) {
        Element own = child(e, "autoUpdatePolicy");
        return AutoUpdatePolicy.parse(own == null ? null : clean(own));
    }

    private static boolean bool(String text) {
        return Boolean.parseBoolean(text);
    }

    private static List<Element> each(@Nullable Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && name.equals(element.getTagName())) {
                children.add(element);
            }
        }
        return children;
    }

    private static @Nullable Element child(@Nullable Element parent, String name) {
        List<Element> children = each(parent, name);
        return children.isEmpty() ? null : children.get(0);
    }

    private static String text(Element parent, String name) {
        Element element = child(parent, name);
        return element == null ? "" : clean(element);
    }

    private static String clean(Element element) {
        return element.getTextContent().strip().replaceAll("\\s+", " ");
    }
}
