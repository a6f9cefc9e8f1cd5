/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhab.binding.bmsmain.it.probe.ProbeHandler;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.osgi.framework.Bundle;

/**
 * The minimal openHAB of the demo and of the tests behaves like openHAB. The test uses a binding that follows
 * its instructions.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostIT {

    private static final String COMPONENT = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%1$s" immediate="true">
              <service%4$s><provide interface="%2$s"/></service>%3$s
              <implementation class="org.openhab.binding.bmsmain.it.probe.%1$s"/>
            </scr:component>
            """;
    private static final String REFERENCE = "<reference name=\"%1$s\" interface=\"%2$s\" bind=\"bind%1$s\"/>";

    private static final String THINGS = """
            <thing:thing-descriptions bindingId="probe" xmlns:thing="https://openhab.org/schemas/thing-description/v1.0.0">
              <thing-type id="thing" extensible="text">
                <label>Probe</label>
                <channel-groups><channel-group id="group" typeId="all"/></channel-groups>
                <properties><property name="vendor">V</property></properties>
                <config-description>
                  <parameter name="mode" type="text"><default>ok</default></parameter>
                  <parameter name="limit" type="integer" min="1" max="9"/>
                </config-description>
              </thing-type>
              <channel-group-type id="all"><label>All</label><channels>
                <channel id="starts" typeId="number"/>
                <channel id="thread" typeId="text"/>
                <channel id="echo" typeId="text"><label>Echo</label></channel>
                <channel id="event" typeId="event"/>
              </channels></channel-group-type>
              <channel-type id="number"><item-type>Number</item-type><label>Number</label></channel-type>
              <channel-type id="text"><item-type>String</item-type><label>@text/text</label>
                <tags><tag>Status</tag></tags></channel-type>
              <channel-type id="event"><kind>trigger</kind><label>Event</label></channel-type>
            </thing:thing-descriptions>
            """;

    @TempDir
    Path folder = Path.of("");

    private @NonNullByDefault({}) OsgiRuntime runtime;
    private @NonNullByDefault({}) Bundle probe;
    private @NonNullByDefault({}) HostClient host;

    private static String component(String name, String service, String scope, String... references) {
        return COMPONENT.formatted(name, service, String.join("", references), scope);
    }

    private Path jar() throws IOException, URISyntaxException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "probe");
        main.putValue("DynamicImport-Package", "*");
        main.putValue("Service-Component", "OSGI-INF/*.xml");
        Path file = folder.resolve("probe.jar");
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            String folder = "org/openhab/binding/bmsmain/it/probe/";
            Path classes = Path
                    .of(Objects.requireNonNull(ProbeHandler.class.getResource("ProbeHandler.class")).toURI());
            try (Stream<Path> files = Files.list(Objects.requireNonNull(classes.getParent()))) {
                for (Path each : files.toList()) {
                    entry(jar, folder + each.getFileName(), Files.readAllBytes(each));
                }
            }
            entry(jar, "OH-INF/thing/things.xml", THINGS);
            entry(jar, "OH-INF/i18n/probe.properties", "text = Text\nwhy = because {0}\n");
            entry(jar, "OH-INF/i18n/probe_de.properties", "why = weil {0}\n");
            entry(jar, "OSGI-INF/factory.xml",
                    component("ProbeFactory", "org.openhab.core.thing.binding.ThingHandlerFactory", "",
                            REFERENCE.formatted("Storage", "org.openhab.core.storage.StorageService")));
            entry(jar, "OSGI-INF/actions.xml",
                    component("ProbeActions", "org.openhab.binding.bmsmain.it.probe.ProbeActions",
                            " scope=\"prototype\"").replace(" immediate=\"true\"", ""));
            entry(jar, "OSGI-INF/console.xml",
                    component("ProbeConsole", "org.openhab.core.io.console.extensions.ConsoleCommandExtension", ""));
            entry(jar, "OSGI-INF/options.xml",
                    component("ProbeOptions", "org.openhab.core.config.core.ConfigOptionProvider", ""));
            entry(jar, "OSGI-INF/pages.xml",
                    component("ProbePages", "org.openhab.core.ui.components.UIComponentProvider", "",
                            REFERENCE.formatted("Things", "org.openhab.core.thing.ThingRegistry"),
                            REFERENCE.formatted("Links", "org.openhab.core.thing.link.ItemChannelLinkRegistry")));
        }
        return file;
    }

    private static void entry(JarOutputStream jar, String name, String text) throws IOException {
        entry(jar, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void entry(JarOutputStream jar, String name, byte[] bytes) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(bytes);
        jar.closeEntry();
    }

    @BeforeEach
    void start() throws Exception {
        runtime = OsgiRuntime.start(Kind.EQUINOX, Path.of(System.getProperty("bmsmain.build", "target")),
                Locale.ENGLISH, "info");
        probe = runtime.install(jar());
        probe.start();
        host = runtime.host();
    }

    @AfterEach
    void stop() {
        runtime.close();
    }

    private String thing(String id, Map<String, Object> config) {
        return host.addThing("probe:thing", id, config);
    }

    @Test
    void aThingIsMadeFromItsDescriptors() {
        String thing = thing("a", Map.of());
        assertEquals("ONLINE", host.status(thing).toString());
        assertEquals(Map.of("vendor", "V", "mode", "ok"), host.properties(thing));
        assertEquals(List.of("group#starts", "group#thread", "group#echo", "group#event"),
                List.copyOf(host.channels(thing).keySet()));
        assertEquals("Text", channel(thing, "group#thread").get("label"));
        assertEquals("Echo", channel(thing, "group#echo").get("label"));
        assertEquals(List.of("Status"), channel(thing, "group#echo").get("tags"));
        assertEquals("TRIGGER", channel(thing, "group#event").get("kind"));
        assertTrue(String.valueOf(host.states(thing).get("group#thread")).startsWith("OH-safeCall-"));
        assertThrows(IllegalArgumentException.class, () -> thing("a", Map.of()));
        assertThrows(IllegalArgumentException.class, () -> host.addThing("probe:other", "a", Map.of()));
    }

    private Map<String, Object> channel(String thing, String id) {
        return Objects.requireNonNull(host.channels(thing).get(id));
    }

    @Test
    void statusesTellWhatWentWrong() {
        assertEquals("UNINITIALIZED (HANDLER_INITIALIZING_ERROR): told so",
                host.status(thing("a", Map.of("mode", "throw"))).toString());
        assertEquals("HANDLER_REGISTERING_ERROR", host.status(thing("b", Map.of("mode", "none"))).detail());
        String pending = thing("c", Map.of("limit", 10));
        assertEquals("HANDLER_CONFIGURATION_PENDING", host.status(pending).detail());
        assertEquals("OFFLINE (COMMUNICATION_ERROR): because a",
                host.status(thing("d", Map.of("mode", "offline"))).toString());
        assertEquals("weil a", host.status("probe:thing:d", Locale.GERMAN).text());

        host.configure(pending, Map.of("limit", 9));
        assertEquals("ONLINE", host.status(pending).toString());
        assertThrows(IllegalArgumentException.class, () -> host.configure(pending, Map.of("limit", 0)));
        assertEquals("ONLINE", host.status(pending).toString());
        host.configure(pending, Map.of("mode", "offline"));
        assertEquals("OFFLINE", host.status(pending).status());
    }

    @Test
    void commandsAndLinksReachTheHandler() {
        String thing = thing("a", Map.of());
        host.command(thing, "group#echo", "hi");
        assertEquals("hifalse", host.states(thing).get("group#echo"));
        host.link(thing, "group#echo", "Echo");
        assertEquals("refreshed", host.states(thing).get("group#echo"));
        host.command(thing, "group#echo", "hi");
        assertEquals("hitrue", host.states(thing).get("group#echo"));
        assertThrows(IllegalArgumentException.class, () -> host.command(thing, "group#starts", "many"));
        assertThrows(IllegalArgumentException.class, () -> host.command(thing, "group#absent", "hi"));
        host.command(thing, "group#echo", "trigger");
        assertEquals(List.of("PRESSED"), host.triggers(thing, "group#event"));
    }

    @Test
    void wrongStatesAreFound() {
        String thing = thing("a", Map.of());
        for (String command : List.of("wrong-class", "wrong-channel", "wrong-trigger")) {
            host.command(thing, "group#echo", command);
        }
        assertEquals(Map.of("group#starts", "OnOffType ON", "group#absent", "OnOffType ON", "group#echo", "event X"),
                host.status(thing).strays());
        assertEquals("1", host.states(thing).get("group#starts"));
    }

    @Test
    void aHandlerChangesItsThing() {
        String thing = thing("a", Map.of());
        host.command(thing, "group#echo", "grow");
        assertEquals("new", host.states(thing).get("grown"));
        assertEquals("ONLINE", host.status(thing).toString());
        host.command(thing, "grown", "hi");
        assertEquals("hifalse", host.states(thing).get("grown"));
    }

    @Test
    void thingsAndStorageOutlastTheirBundle() throws Exception {
        String thing = thing("a", Map.of());
        for (int start = 2; start <= 4; start++) {
            runtime.update(probe, folder.resolve("probe.jar"));
            assertTrue(host.await(() -> "ONLINE".equals(host.status(thing).status()), Duration.ofSeconds(10)));
            assertEquals(Integer.toString(start), host.states(thing).get("group#starts"));
        }
        probe.stop();
        assertEquals("UNINITIALIZED (HANDLER_MISSING_ERROR)", host.status(thing).toString());
        assertEquals(0, runtime.services("org.openhab.core.thing.binding.ThingActions", "probe"));
        probe.start();
        assertEquals("5", host.states(thing).get("group#starts"));
        host.removeThing(thing);
        assertEquals(List.of(), host.things());
        assertEquals(List.of("UNINITIALIZED", "INITIALIZING", "UNKNOWN", "ONLINE", "REMOVING", "REMOVED"),
                host.events().stream().filter(event -> "status".equals(event.get("event")))
                        .map(event -> String.valueOf(event.get("status"))).distinct()
                        .sorted((a, b) -> Integer.compare(order(a), order(b))).toList());
    }

    private static int order(String status) {
        return List.of("UNINITIALIZED", "INITIALIZING", "UNKNOWN", "ONLINE", "REMOVING", "REMOVED").indexOf(status);
    }

    @Test
    void whatABindingOffersBesideThings() {
        String thing = thing("a", Map.of());
        assertEquals(Map.of("add", "Add", "describe", "Describe"), host.actions(thing));
        assertEquals(Map.of("result", 5), host.action(thing, "add", 2, 3));
        assertEquals(Map.of("thing", thing), host.action(thing, "describe"));
        assertThrows(IllegalArgumentException.class, () -> host.action(thing, "add", 1));

        assertEquals("a+b\n", host.console("probe a b"));
        assertEquals("Usage: probe say - says it\n", host.console("probe"));
        assertEquals(List.of("say ", "shout ", "sing "), host.complete("probe s"));
        assertEquals(List.of("say "), host.complete("probe sa"));
        assertThrows(IllegalArgumentException.class, () -> host.console("other"));

        assertEquals(Map.of("port", "one"), host.options("thing-type:probe:thing", "port"));
        assertEquals(Map.of(), host.options("thing-type:other:thing", "port"));

        List<Map<String, Object>> found = host.discover("probe:thing", Duration.ofSeconds(10));
        assertEquals(List.of("probe:thing:found"), found.stream().map(result -> result.get("thing")).toList());
        assertEquals(List.of("mode"), found.stream().map(result -> result.get("representationProperty")).toList());

        host.link(thing, "group#echo", "Echo");
        assertEquals("{page-a={component=oh-layout-page, config={}, slots={default=[{component=oh-label-card, "
                + "config={item=Echo}}]}}}", host.components("ui:page").toString());
        assertEquals(Map.of(), host.components("ui:widget"));
    }
}
