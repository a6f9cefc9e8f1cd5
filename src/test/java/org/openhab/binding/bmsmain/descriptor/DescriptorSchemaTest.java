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

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The structure of the descriptors follows openHAB's schemas of 5.2: elements, their order and number, attributes,
 * and the format of IDs and numbers. openHAB reads an invalid descriptor without a message and omits the parts that
 * it did not understand. The schemas themselves are available on openHAB's web site only; the static analysis uses
 * them if it can access the site.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class DescriptorSchemaTest {

    private static final String ID = "[A-Za-z0-9_-]+";
    private static final String TYPE_ID = "[A-Za-z0-9_.-]+";
    private static final String URI = ID + "(:" + ID + "){1,2}";
    private static final String NUMBER = "[+-]?[0-9]+(\\.[0-9]+)?";
    private static final String FLAG = "true|false";
    private static final String ANY = "(?s).*";
    private static final String WORDS = "(?s).*\\S.*";
    private static final String CONFIG = "(config-description |config-description-ref )?";

    /** Permitted units of configuration parameters, as far as the binding needs them. */
    private static final String UNITS = "A|V|W|Cel|%|s|ms|min|h|d|Hz";

    /** An element: its children as a pattern of names, each followed by a space, its attributes and its text. */
    private record Rule(String children, Map<String, String> attributes, String text) {
    }

    private static final Rule TEXT = text(WORDS);

    /** By name of the element. An attribute with "!" is required. */
    private static final Map<String, Rule> RULES = Map.ofEntries(
            // openHAB 5.0 and 5.1 reject a file with <keywords>; the add-on is then missing from Things > +.
            entry("addon", node("type name description (connection )?(countries )?(service-id )?" + CONFIG, "id!", ID)),
            entry("type", text("binding")), entry("name", TEXT), entry("connection", text("none|local|hybrid|cloud")),
            entry("countries", text("[a-z]{2}(,[a-z]{2})*")), entry("service-id", TEXT),

            entry("thing-descriptions",
                    node("((thing-type|bridge-type|channel-type|channel-group-type) )+", "bindingId!", "bmsmain")),
            entry("thing-type",
                    node("label (description )?(category )?(semantic-equipment-tag )?(channels |channel-groups )?"
                            + "(properties )?(representation-property )?" + CONFIG, "id!", ID, "listed", FLAG,
                            "extensible", TYPE_ID + "(, ?" + TYPE_ID + ")*")),
            entry("channel-type",
                    node("(item-type )?(kind )?label (description )?(category )?(tags )?(state )?(command )?(event )?"
                            + "(autoUpdatePolicy )?" + CONFIG, "id!", ID, "advanced", FLAG, "system", FLAG)),
            entry("channel-group-type", node("label (description )?(category )?(channels )?", "id!", ID)),
            entry("channels", node("(channel )+")),
            entry("channel",
                    node("(label )?(description )?(properties )?(autoUpdatePolicy )?", "id!", ID, "typeId!", TYPE_ID)),
            entry("channel-groups", node("(channel-group )+")),
            entry("channel-group", node("(label )?(description )?", "id!", ID, "typeId!", ID)),
            entry("item-type",
                    new Rule("", Map.of("unitHint", WORDS),
                            "Call|Color|Contact|DateTime|Dimmer|Image|Location|"
                                    + "Number(:[A-Z][A-Za-z]+)?|Player|Rollershutter|String|Switch")),
            entry("kind", text("state|trigger")), entry("tags", node("tag (tag )?")),
            entry("tag", text("[A-Z][A-Za-z0-9]+")), entry("semantic-equipment-tag", text("[A-Z][A-Za-z0-9]+")),
            entry("category", text("[A-Z][A-Za-z]+")), entry("autoUpdatePolicy", text("veto|default|recommend")),
            entry("state",
                    node("(options )?", "min", NUMBER, "max", NUMBER, "step", NUMBER, "pattern", WORDS, "readOnly",
                            FLAG)),
            entry("event", node("(options )?")), entry("command", node("(options )?")),
            entry("options", node("(option )+")), entry("option", new Rule("", Map.of("value!", ANY), WORDS)),
            entry("properties", node("(property )+")),
            entry("property", new Rule("", Map.of("name!", "[a-z][A-Za-z0-9]*"), ANY)),
            entry("representation-property", text("[a-z][A-Za-z0-9]*")),

            // These names have another meaning in update instructions, so they have a prefix here.
            entry("update update-descriptions", node("(thing-type )+")),
            entry("update thing-type", node("(instruction-set )+", "uid!", "bmsmain:" + ID)),
            entry("update instruction-set", node("((add|update)-channel )+", "targetVersion!", "[1-9][0-9]*")),
            entry("update add-channel",
                    node("type (label )?(description )?(tags )?", "id!", ID, "groupIds", ID + "(," + ID + ")*")),
            entry("update update-channel",
                    node("type (label )?(description )?(tags )?", "id!", ID, "groupIds", ID + "(," + ID + ")*")),
            entry("update tags", node("(tag )+")), entry("update tag", TEXT),
            entry("update type", text("bmsmain:" + ID)), entry("update label", TEXT), entry("update description", TEXT),

            entry("config-descriptions", node("(config-description )+")),
            entry("config-description", node("(parameter-group )*(parameter )*", "uri", URI)),
            entry("config-description-ref", node("", "uri!", URI)),
            entry("parameter-group", node(anyOrder("label", "description", "context", "advanced"), "name!", ID)),
            entry("parameter", node(
                    anyOrder("context", "default", "label", "description", "options", "limitToOptions", "filter",
                            "advanced", "verify", "multipleLimit", "unitLabel"),
                    "name!", "[a-z][A-Za-z0-9]*", "type!", "text|integer|decimal|boolean", "groupName", ID, "min",
                    NUMBER, "max", NUMBER, "step", NUMBER, "pattern", WORDS, "required", FLAG, "readOnly", FLAG,
                    "multiple", FLAG, "unit", UNITS)),
            entry("context", text(ID)), entry("default", TEXT), entry("limitToOptions", text(FLAG)),
            entry("advanced", text(FLAG)), entry("verify", text(FLAG)), entry("multipleLimit", text(NUMBER)),
            entry("unitLabel", TEXT), entry("label", TEXT), entry("description", TEXT));

    private static final Map<String, String> NAMESPACES = Map.of("addon", "addon/v1.0.0", "thing",
            "thing-description/v1.0.0", "config", "config-description/v1.0.0", "update", "update-description/v1.0.0");
    private static final Map<String, String> ROOTS = Map.of("addon", "addon", "thing", "thing-descriptions", "config",
            "config-descriptions", "update", "update-descriptions");

    static Stream<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("addon", "config", "thing", "update")) {
            Path path = Path.of("ESH-INF", folder);
            // Instructions exist only if a channel was added after the first release.
            if (Files.exists(path)) {
                try (Stream<Path> found = Files.list(path)) {
                    found.forEach(files::add);
                }
            }
        }
        return files.stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("files")
    void isWhatTheSchemaAsksFor(Path file) throws IOException, SAXException {
        Element root = parse(Files.readString(file)).getDocumentElement();
        String folder = String.valueOf(file.getParent().getFileName());
        assertEquals(ROOTS.get(folder), root.getLocalName());
        assertEquals("https://openhab.org/schemas/" + NAMESPACES.get(folder), root.getNamespaceURI());
        assertEquals(List.of(), faults(root));
    }

    @ParameterizedTest
    @MethodSource("files")
    void isIndentedWithTabs(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> wrong = lines.stream().filter(line -> line.matches("\\t* +.*|.*\\s")).toList();
        assertEquals(List.of(), wrong, "lines with leading spaces or with blanks at the end");
        assertTrue(Files.readString(file).endsWith(">\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = { //
            "<channel-type id='a b'><label>A</label></channel-type>", // an id with a blank
            "<channel-type id='a'><state/><label>A</label></channel-type>", // a wrong order
            "<channel-type id='a'><label>A</label><state readonly='true'/></channel-type>", // an unknown attribute
            "<channel-type id='a'><label>A</label><state min='low'/></channel-type>", // a word for a number
            "<channel-type id='a'><label>A</label><unit>V</unit></channel-type>", // an unknown element
            "<channel-type><label>A</label></channel-type>", // no id
            "<channel-type id='a'><label> </label></channel-type>", // an empty label
            "<channel-type id='a'>words<label>A</label></channel-type>", // words between elements
            "<channel-type id='a'><label>A</label><state><options/></state></channel-type>", // options without one
            "<parameter name='a' type='text'><label>A</label><label>B</label></parameter>", // one element twice
            "<parameter name='a' type='number'/>", // an unknown type
            "<thing-type id='a'><label>A</label><channels><channel id='b' typeId='b'/></channels>"
                    + "<channel-groups><channel-group id='c' typeId='c'/></channel-groups></thing-type>" })
    void findsFaults(String xml) throws IOException, SAXException {
        assertNotEquals(List.of(), faults(parse(xml).getDocumentElement()));
    }

    @Test
    void acceptsTheElementsOfAParameterInAnyOrder() throws IOException, SAXException {
        assertEquals(List.of(), faults(parse("<parameter name='a' type='text'><advanced>true</advanced>"
                + "<default>x</default><label>A</label></parameter>").getDocumentElement()));
    }

    static List<String> faults(String xml) throws SAXException, IOException {
        return faults(parse(xml).getDocumentElement());
    }

    private static List<String> faults(Element element) {
        String name = element.getLocalName();
        @Nullable
        Rule rule = RULES
                .get("update-descriptions".equals(element.getOwnerDocument().getDocumentElement().getLocalName())
                        ? "update " + name
                        : name);
        if (rule == null) {
            return List.of(name + ": unknown");
        }
        List<String> faults = new ArrayList<>();
        StringBuilder children = new StringBuilder();
        StringBuilder text = new StringBuilder();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                children.append(child.getLocalName()).append(' ');
                faults.addAll(faults(child).stream().map(fault -> name + "/" + fault).toList());
            } else if (node.getNodeType() == Node.TEXT_NODE) {
                text.append(node.getNodeValue());
            }
        }
        if (!Pattern.matches(rule.children, children)) {
            faults.add(name + ": elements " + children);
        }
        if (!Pattern.matches(rule.text, text)) {
            faults.add(name + ": text " + text);
        }
        Map<String, String> open = new TreeMap<>(rule.attributes);
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Attr attribute = (Attr) element.getAttributes().item(i);
            if (attribute.getNamespaceURI() == null) {
                @Nullable
                String optional = open.remove(attribute.getName());
                @Nullable
                String required = open.remove(attribute.getName() + "!");
                String form = optional != null ? optional : required != null ? required : "";
                if (!Pattern.matches(form, attribute.getValue())) {
                    faults.add(name + ": attribute " + attribute);
                }
            }
        }
        open.keySet().stream().filter(key -> key.endsWith("!")).forEach(key -> faults.add(name + ": misses " + key));
        return faults;
    }

    private static Rule text(String form) {
        return new Rule("", Map.of(), form);
    }

    private static Rule node(String children, String... attributes) {
        Map<String, String> forms = new TreeMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            forms.put(attributes[i], attributes[i + 1]);
        }
        return new Rule(children, forms, "\\s*");
    }

    /** Each of the names at most once, in any order. */
    private static String anyOrder(String... names) {
        String one = String.join("|", names);
        return "((" + one + ") (?!(.* )?\\2 ))*";
    }

    private static Document parse(String xml) throws IOException, SAXException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}
