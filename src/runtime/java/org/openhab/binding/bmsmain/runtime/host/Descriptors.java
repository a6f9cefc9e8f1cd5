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
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.runtime.host.ConfigRules.Parameter;
import org.openhab.core.thing.type.AutoUpdatePolicy;
import org.openhab.core.thing.type.ChannelKind;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * The descriptors of running bundles from <code>OH-INF/thing</code> and <code>OH-INF/config</code>. Types are
 * identified as in openHAB, such as <code>bmsmain:tcp</code>.
 * <p>
 * Labels are returned as in the file, so they may be <code>@text/key</code>.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class Descriptors implements BundleTrackerCustomizer<@Nullable Bundle> {

    /** A thing type with all its channels, including those of its groups. */
    record ThingType(Bundle bundle, String label, List<ChannelEntry> channels, Map<String, String> properties,
            List<Parameter> config) {
    }

    /** A channel of a thing type; an empty label means that of the channel type. */
    record ChannelEntry(String id, String type, String label, @Nullable AutoUpdatePolicy autoUpdatePolicy) {
    }

    /**
     * A channel type.
     *
     * @param itemType the accepted item type, null for a trigger
     * @param options values of a state or of an event
     */
    record ChannelType(Bundle bundle, ChannelKind kind, @Nullable String itemType, String label, Set<String> tags,
            boolean readOnly, Set<String> options, @Nullable AutoUpdatePolicy autoUpdatePolicy,
            List<Parameter> config) {
    }

    final Map<String, ThingType> things = new ConcurrentHashMap<>();
    final Map<String, ChannelType> channels = new ConcurrentHashMap<>();
    private final Logger logger = LoggerFactory.getLogger(Descriptors.class);

    @Override
    public @Nullable Bundle addingBundle(@Nullable Bundle bundle, @Nullable BundleEvent event) {
        if (bundle == null || bundle.findEntries("/OH-INF/thing", "*.xml", true) == null) {
            return null;
        }
        try {
            Map<String, List<Parameter>> configs = new LinkedHashMap<>();
            for (Element root : roots(bundle, "/OH-INF/config")) {
                each(root, "config-description").forEach(e -> configs.put(e.getAttribute("uri"), parameters(e)));
            }
            List<Element> roots = roots(bundle, "/OH-INF/thing");
            Map<String, Element> groups = new LinkedHashMap<>();
            for (Element root : roots) {
                each(root, "channel-type").forEach(
                        e -> channels.put(uid(root, e.getAttribute("id")), channelType(bundle, e, config(e, configs))));
                each(root, "channel-group-type").forEach(e -> groups.put(e.getAttribute("id"), e));
            }
            for (Element root : roots) {
                each(root, "thing-type").forEach(e -> things.put(uid(root, e.getAttribute("id")),
                        thingType(bundle, root, e, groups, config(e, configs))));
            }
            return bundle;
        } catch (IOException | IllegalArgumentException e) {
            logger.error("Descriptors of {}", bundle.getSymbolicName(), e);
            return null;
        }
    }

    @Override
    public void modifiedBundle(@Nullable Bundle bundle, @Nullable BundleEvent event, @Nullable Bundle same) {
    }

    @Override
    public void removedBundle(@Nullable Bundle bundle, @Nullable BundleEvent event, @Nullable Bundle same) {
        things.values().removeIf(type -> type.bundle.equals(bundle));
        channels.values().removeIf(type -> type.bundle.equals(bundle));
    }

    /**
     * @throws IllegalArgumentException if there is no such type
     */
    ThingType thing(String uid) {
        ThingType type = things.get(uid);
        if (type == null) {
            throw new IllegalArgumentException("No thing type " + uid);
        }
        return type;
    }

    /**
     * @throws IllegalArgumentException if there is no such type
     */
    ChannelType channel(String uid) {
        ChannelType type = channels.get(uid);
        if (type == null) {
            throw new IllegalArgumentException("No channel type " + uid);
        }
        return type;
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
        return factory;
    }

    private static String uid(Element root, String id) {
        return root.getAttribute("bindingId") + ":" + id;
    }

    private static List<Parameter> config(Element e, Map<String, List<Parameter>> configs) {
        Element reference = child(e, "config-description-ref");
        return reference == null ? parameters(child(e, "config-description"))
                : configs.getOrDefault(reference.getAttribute("uri"), List.of());
    }

    private static List<Parameter> parameters(@Nullable Element description) {
        return each(description, "parameter").stream().map(e -> new Parameter(e.getAttribute("name"),
                ConfigRules.Type.valueOf(e.getAttribute("type").toUpperCase(Locale.ROOT)), isTrue(e, "required"),
                number(e, "min"), number(e, "max"), e.hasAttribute("pattern") ? e.getAttribute("pattern") : null,
                isTrue(e, "multiple"), child(e, "default") == null ? null : text(e, "default"), options(e),
                !"false".equals(text(e, "limitToOptions")))).toList();
    }

    private static @Nullable BigDecimal number(Element e, String attribute) {
        return e.hasAttribute(attribute) ? new BigDecimal(e.getAttribute(attribute)) : null;
    }

    private static Set<String> options(@Nullable Element e) {
        return each(child(e, "options"), "option").stream().map(option -> option.getAttribute("value"))
                .collect(Collectors.toSet());
    }

    private static ChannelType channelType(Bundle bundle, Element e, List<Parameter> config) {
        Element state = child(e, "state");
        return new ChannelType(bundle, "trigger".equals(text(e, "kind")) ? ChannelKind.TRIGGER : ChannelKind.STATE,
                child(e, "item-type") == null ? null : text(e, "item-type"), text(e, "label"),
                each(child(e, "tags"), "tag").stream().map(Element::getTextContent).collect(Collectors.toSet()),
                state != null && isTrue(state, "readOnly"), options(state == null ? child(e, "event") : state),
                policy(e), config);
    }

    private static ThingType thingType(Bundle bundle, Element root, Element e, Map<String, Element> groups,
            List<Parameter> config) {
        List<ChannelEntry> entries = new ArrayList<>(entries(root, e, ""));
        for (Element group : each(child(e, "channel-groups"), "channel-group")) {
            entries.addAll(entries(root, groups.get(group.getAttribute("typeId")), group.getAttribute("id") + "#"));
        }
        Map<String, String> properties = new LinkedHashMap<>();
        each(child(e, "properties"), "property").forEach(p -> properties.put(p.getAttribute("name"), clean(p)));
        return new ThingType(bundle, text(e, "label"), entries, properties, config);
    }

    private static List<ChannelEntry> entries(Element root, @Nullable Element holder, String prefix) {
        return each(child(holder, "channels"), "channel").stream()
                .map(e -> new ChannelEntry(prefix + e.getAttribute("id"), uid(root, e.getAttribute("typeId")),
                        text(e, "label"), policy(e)))
                .toList();
    }

    private static @Nullable AutoUpdatePolicy policy(Element e) {
        String own = text(e, "autoUpdatePolicy");
        return own.isEmpty() ? null : AutoUpdatePolicy.valueOf(own.toUpperCase(Locale.ROOT));
    }

    private static boolean isTrue(Element e, String attribute) {
        return Boolean.parseBoolean(e.getAttribute(attribute));
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
