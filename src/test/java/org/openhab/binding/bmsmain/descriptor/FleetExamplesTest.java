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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.cli.Bms;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.peer.Peers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * The files of {@code examples/fleet}, as far as they can be loaded here. {@code PublishIT} loads those of the
 * broker in a real mosquitto. The files for Telegraf, Grafana, openHAB's MQTT binding and a container engine are
 * not loaded: these programs are not available here.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class FleetExamplesTest {

    private static final Path FLEET = Path.of("examples", "fleet");
    private static final Set<String> DEVICES = Set.of("forklift-1", "forklift-2", "shed-a", "shed-b", "boat", "shed");

    private static String text(String name) throws IOException {
        return Files.readString(FLEET.resolve(name));
    }

    /** A channel in the notation of the topics, such as {@code battery/current}. */
    private static boolean isChannel(String path) {
        return Catalogue.byId(path.replace('/', '#')) != null || "bank/missing".equals(path);
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** No board is opened, because there is no broker at this address. */
    private static void assertArgumentsAreGood(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        for (String argument : arguments) {
            String known = argument.replace("/etc/bms/boards.yaml", FLEET.resolve("boards.yaml").toString());
            if (!known.matches("--ca|--credentials|/etc/bms/ca.crt|.*/mqtt")) {
                command.add(known.matches("mqtts://broker.example:8883") ? "mqtt://127.0.0.1:" + Peers.freePort()
                        : known.matches("\\$\\{STATE_DIRECTORY\\}|/var/lib/bms")
                                ? Files.createTempDirectory("bmsmain").toString()
                                : known);
            }
        }
        StringWriter out = new StringWriter();
        assertEquals(4,
                Bms.execute(new PrintWriter(out, true), new PrintWriter(out, true), command.toArray(String[]::new)),
                out.toString());
        assertTrue(out.toString().contains("nothing listens on this port"), out.toString());
    }

    @Test
    void theServiceStartsTheBoardsOfTheExample() throws IOException {
        String unit = text("bms-publish.service");
        for (String line : unit.lines().toList()) {
            assertTrue(line.isEmpty() || line.matches("#.*|\\[(Unit|Service|Install)]|[A-Z][A-Za-z]+=.*"), line);
        }
        for (String line : List.of("Restart=always", "DynamicUser=yes", "SupplementaryGroups=dialout",
                "RestartPreventExitStatus=2", "SuccessExitStatus=143", "NoNewPrivileges=yes", "StateDirectory=bms")) {
            assertTrue(unit.lines().anyMatch(line::equals), line);
        }
        List<String> command = List.of(all("(?m)^ExecStart=(.*)$", unit).get(0).split(" "));
        assertEquals("/opt/bms/bms", command.get(0));
        assertArgumentsAreGood(command.subList(1, command.size()));
    }

    @Test
    void systemdTakesTheService() throws Exception {
        Peers.need(Peers.onPath("systemd-analyze"), "systemd-analyze");
        Path unit = Files.createTempDirectory("bmsmain").resolve("bms-publish.service");
        // The tool is not installed here.
        Files.writeString(unit, text("bms-publish.service").replace("/opt/bms/bms", "/bin/true"));
        Process analyze = new ProcessBuilder("systemd-analyze", "verify", "--man=no", unit.toString())
                .redirectErrorStream(true).start();
        String said = new String(analyze.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        analyze.waitFor();
        assertEquals(List.of(), said.lines().filter(line -> line.contains("bms-publish")).toList());
    }

    @Test
    void theContainerStartsTheBoardsOfTheExample() throws IOException {
        String recipe = text("Containerfile");
        String user = all("(?m)^USER (.*)$", recipe).get(0);
        assertFalse(user.startsWith("0") || user.startsWith("root"), user);
        List<String> entry = new ArrayList<>();
        for (JsonElement word : JsonParser.parseString(all("(?m)^ENTRYPOINT (.*)$", recipe).get(0)).getAsJsonArray()) {
            entry.add(word.getAsString());
        }
        Set<String> copied = new TreeSet<>(all("(?m)^COPY --from=build /build/target/(\\S+) /opt/bms/", recipe));
        Set<String> used = new TreeSet<>();
        for (String part : entry.get(entry.indexOf("-cp") + 1).split(":")) {
            used.add(part.replace("/opt/bms/", "").replace("/*", ""));
        }
        assertEquals(copied, used);
        String launcher = Files.readString(Path.of("bms"));
        used.forEach(part -> assertTrue(launcher.contains("$home/target/" + part), part));
        int main = entry.indexOf("org.openhab.binding.bmsmain.cli.Bms");
        List<String> arguments = new ArrayList<>(entry.subList(main + 1, entry.size()));
        arguments.addAll(List.of("--broker", "mqtts://broker.example:8883"));
        assertArgumentsAreGood(arguments);
    }

    /** Only the collector of a device may write its topics. */
    @Test
    void theAccessListNamesTheBoardsOfTheExample() throws IOException {
        String acl = text("fleet.acl");
        Set<String> written = new HashSet<>(all("topic write homie/([a-z0-9-]+)/#", acl));
        Set<String> expected = new HashSet<>(DEVICES);
        expected.add("collector-site-a");
        assertEquals(expected, written);
        assertEquals(expected, new HashSet<>(all("topic write homeassistant/device/bmsmain-([a-z0-9-]+)/config", acl)));
        assertEquals(DEVICES, boardsAndBanks());
    }

    private static Set<String> boardsAndBanks() throws IOException {
        return new HashSet<>(all("- name: ([a-z0-9-]+)", text("boards.yaml")));
    }

    @Test
    void telegrafReadsChannelsThatAreThere() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        Peers.need(Files.isExecutable(python), "python3");
        Process parser = new ProcessBuilder(python.toString(), "-c",
                "import json,sys,tomllib; print(json.dumps(tomllib.load(open(sys.argv[1], 'rb'))))",
                FLEET.resolve("telegraf.conf").toString()).start();
        JsonObject config;
        try (BufferedReader out = parser.inputReader(StandardCharsets.UTF_8)) {
            config = JsonParser.parseReader(out).getAsJsonObject();
        }
        Set<String> clients = new HashSet<>();
        for (JsonElement each : config.getAsJsonObject("inputs").getAsJsonArray("mqtt_consumer")) {
            JsonObject input = each.getAsJsonObject();
            assertTrue(clients.add(input.get("client_id").getAsString()));
            assertEquals("telegraf", input.get("username").getAsString());
            for (JsonElement topic : input.getAsJsonArray("topics")) {
                String path = topic.getAsString().replaceFirst("^homie/\\+/", "");
                assertTrue("$state".equals(path) || isChannel(path), path);
                Point point = Catalogue.byId(path.replace('/', '#'));
                assertEquals(point != null && point.kind().isNumber() ? "float" : "string",
                        input.get("data_type").getAsString(), path);
                JsonObject parsing = input.getAsJsonArray("topic_parsing").get(0).getAsJsonObject();
                assertEquals(topic.getAsString().split("/").length,
                        parsing.get("topic").getAsString().split("/").length);
            }
        }
        assertTrue(config.getAsJsonObject("outputs").has("influxdb_v2"));
    }

    /** The dashboard queries the data that Telegraf stores. */
    @Test
    void grafanaAsksForWhatTelegrafStores() throws IOException {
        JsonObject dashboard = JsonParser.parseString(text("grafana.json")).getAsJsonObject();
        String telegraf = text("telegraf.conf");
        String bucket = all("bucket = \"(\\w+)\"", telegraf).get(0);
        Set<Integer> ids = new HashSet<>();
        Set<String> asked = new TreeSet<>();
        JsonArray panels = dashboard.getAsJsonArray("panels");
        for (JsonElement each : panels) {
            JsonObject panel = each.getAsJsonObject();
            assertTrue(ids.add(panel.get("id").getAsInt()));
            JsonObject place = panel.getAsJsonObject("gridPos");
            assertTrue(place.get("x").getAsInt() + place.get("w").getAsInt() <= 24);
            for (JsonElement target : panel.getAsJsonArray("targets")) {
                String query = target.getAsJsonObject().get("query").getAsString();
                assertEquals(Set.of(bucket), new HashSet<>(all("from\\(bucket: \"(\\w+)\"\\)", query)));
                Matcher filter = Pattern.compile("_measurement == \"(\\w+)\"(?:[^|]*)").matcher(query);
                while (filter.find()) {
                    String measurement = filter.group(1);
                    List<String> channels = all("r\\.channel == \"([a-z-]+)\"", filter.group());
                    channels.forEach(channel -> asked.add("homie/+/" + measurement + "/" + channel));
                    assertEquals("state".equals(measurement), channels.isEmpty(), query);
                }
            }
        }
        asked.forEach(topic -> assertTrue(telegraf.contains("\"" + topic + "\""), topic));
        assertTrue(asked.size() >= 6, asked.toString());
        assertEquals("Fleet, worst first", panels.get(0).getAsJsonObject().get("title").getAsString());
        assertEquals("table", panels.get(0).getAsJsonObject().get("type").getAsString());
    }

    @Test
    void openhabLinksChannelsThatAreThere() throws IOException {
        String things = text("openhab/fleet.things");
        List<String> known = all("Thing mqtt:homie300:fleet:([a-z0-9-]+) \"", things);
        assertEquals(known, all("deviceid=\"([a-z0-9-]+)\"", things));
        assertTrue(DEVICES.containsAll(known));
        int links = 0;
        for (String line : text("openhab/fleet.items").lines().filter(line -> line.contains("channel=")).toList()) {
            Matcher item = Pattern.compile("(\\w+(?::\\w+)?) \\w+ \"[^\"]+\" <\\w+> \\(Fleet\\) \\{ "
                    + "channel=\"mqtt:homie300:fleet:([a-z0-9-]+):([a-z-]+)#([a-z-]+)\" }").matcher(line);
            assertTrue(item.matches(), line);
            assertTrue(known.contains(item.group(2)), line);
            assertTrue(isChannel(item.group(3) + "/" + item.group(4)), line);
            Point point = Catalogue.byId(item.group(3) + "#" + item.group(4));
            assertEquals(point == null || !point.kind().isNumber(), "String".equals(item.group(1)), line);
            links++;
        }
        assertTrue(links >= 5);
    }

    /** The page names each file of the folder. */
    @Test
    void thePageNamesEachFile() throws IOException {
        String page = Files.readString(Path.of("docs", "fleet.md"));
        try (var files = Files.walk(FLEET)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertTrue(page.contains(FLEET.relativize(file).toString()), file + " is not in docs/fleet.md");
            }
        }
        for (String option : Arrays.asList("--allow-control", "--credentials", "--state", "--repeat", "--boards")) {
            assertTrue(page.contains(option), option);
        }
    }
}
