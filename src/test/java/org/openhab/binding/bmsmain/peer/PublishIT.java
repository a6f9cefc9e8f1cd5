/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.peer;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ProcessBuilder.Redirect;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.cli.Bms;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.peer.Mosquitto.Heard;
import org.openhab.binding.bmsmain.peer.Mosquitto.Subscriber;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * {@code bms publish} as a separate process, with a real broker, with TLS, and twins. The expectations follow the
 * documents of Homie 4.0.0 and of Home Assistant's MQTT discovery, independently of the code.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(90)
class PublishIT {

    private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
    private static final Set<String> STATES = Set.of("init", "ready", "disconnected", "sleeping", "lost", "alert");
    private static final Set<String> DEVICE_ATTRIBUTES = Set.of("$homie", "$name", "$state", "$nodes",
            "$implementation");
    private static final Set<String> NODE_ATTRIBUTES = Set.of("$name", "$type", "$properties");
    private static final Set<String> PROPERTY_ATTRIBUTES = Set.of("$name", "$datatype", "$format", "$settable",
            "$unit");
    /** Values that remain valid when the board is no longer read. */
    private static final Pattern LASTING = Pattern.compile("history/.*|energy/charge-(in|out)"
            + "|energy/(dis)?charged-energy|faults/(last-event|last-event-time|journal)|link/last-update");
    private static final String[] VOLTAGES = { "--register", "battery#voltage = input:0x2104:REAL32" };

    @TempDir
    private static Path folder = Path.of("");
    private static @Nullable Mosquitto shared;

    private final List<Process> collectors = new ArrayList<>();
    private int number;

    @BeforeAll
    static void startBroker() {
        shared = Mosquitto.start(folder, "user site-a\ntopic readwrite homie/battery/#\n");
    }

    @AfterAll
    static void stopBroker() {
        Mosquitto open = shared;
        if (open != null) {
            open.close();
        }
    }

    @AfterEach
    void stopCollectors() throws InterruptedException {
        for (Process collector : collectors) {
            collector.destroyForcibly();
            collector.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static Mosquitto broker() {
        return Objects.requireNonNull(shared);
    }

    private static List<String> toBroker(String user) {
        return List.of("--broker", "mqtts://localhost:" + broker().port(), "--ca", broker().file("ca.crt"),
                "--credentials", broker().file(user + ".cred"));
    }

    /** The log of the latest collector. */
    private Path log() {
        return folder.resolve("collector-" + number + ".log");
    }

    private Process collector(String id, String... arguments) throws IOException {
        number++;
        Path java = Path.of(String.valueOf(System.getProperty("java.home")), "bin/java");
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx48m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", String.valueOf(System.getProperty("java.class.path")),
                Bms.class.getName(), "publish", "--collector", id));
        command.addAll(toBroker("root"));
        command.addAll(Arrays.asList(arguments));
        Process collector = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(Redirect.to(log().toFile())).start();
        collectors.add(collector);
        return collector;
    }

    private static String tcp(Twin twin) {
        return "127.0.0.1:" + twin.port();
    }

    private static void awaitState(String device, String state) {
        try (Subscriber all = broker().subscribe("telegraf", "homie/" + device + "/$state")) {
            Wait.until(device + " is " + state, () -> state.equals(all.last("homie/" + device + "/$state")));
        }
    }

    private static TwinBoard frozen() {
        return new TwinBoard().frozen(true).set("battery#current", -12.5).set("battery#state-of-charge", 57)
                .set("battery#voltage", 51.2);
    }

    // Conventions

    @Test
    void topicsAreThoseOfHomieAndOfHomeAssistant() throws IOException {
        Path boards = folder.resolve("boards.yaml");
        try (Twin one = Twin.tcp(0, frozen()); Twin two = Twin.tcp(0, frozen().fault("bms-logic-offline"))) {
            Files.writeString(boards, "boards:\n  - name: truck-1\n    label: Truck 1\n    tcp: " + tcp(one)
                    + "\n    registers: ['battery#voltage = input:0x2104:REAL32']\n    bank: hall\n  - name: truck-2\n"
                    + "    tcp: " + tcp(two) + "\n    bank: hall\n");
            collector("collector-one", "--boards", boards.toString(), "--homie", "--homeassistant", "--allow-control",
                    "--control", "charge-request,interlock");
            for (String device : List.of("collector-one", "truck-1", "truck-2", "hall")) {
                awaitState(device, "ready");
            }
            Map<String, Heard> kept = broker().retained("#");
            Map<String, JsonObject> watched = new TreeMap<>();
            watched.put("truck-1", watch("--tcp", tcp(one), VOLTAGES));
            watched.put("truck-2", watch("--tcp", tcp(two)));
            Set<String> devices = Set.of("collector-one", "truck-1", "truck-2", "hall");
            Set<String> described = new TreeSet<>();
            for (String device : devices) {
                checkDevice(device, kept, described);
            }
            for (String topic : kept.keySet()) {
                if (devices.contains(topic.split("/")[1])) {
                    assertTrue(described.contains(topic), topic + " is in no description");
                }
            }
            watched.forEach((device, channels) -> compare(device, channels, kept));
            assertEquals("Truck 1", payload(kept, "homie/truck-1/$name"));
            assertEquals("true", payload(kept, "homie/truck-2/faults/bms-logic-offline"));
            assertEquals("-25", payload(kept, "homie/hall/battery/current"));
            assertTrue(payload(kept, "homie/hall/faults/alarm").startsWith("truck-2: "));
            for (String device : devices) {
                checkDiscovery(device, kept, described);
            }
            assertTrue(Files.readString(log()).startsWith("publishing 2 boards to localhost:"),
                    Files.readString(log()));
        }
    }

    private static String payload(Map<String, Heard> kept, String topic) {
        Heard heard = kept.get(topic);
        assertNotNull(heard, topic);
        return heard.payload();
    }

    /** Homie 4.0.0: device, node and property attributes, ids, data types, formats, payloads. */
    private static void checkDevice(String device, Map<String, Heard> kept, Set<String> described) {
        String base = "homie/" + device;
        assertTrue(ID.matcher(device).matches(), device);
        // $extensions is mandatory and empty, but no broker keeps an empty retained message.
        DEVICE_ATTRIBUTES.forEach(attribute -> described.add(base + "/" + attribute));
        DEVICE_ATTRIBUTES.forEach(attribute -> assertFalse(payload(kept, base + "/" + attribute).isEmpty(), attribute));
        assertEquals("4.0.0", payload(kept, base + "/$homie"));
        assertTrue(STATES.contains(payload(kept, base + "/$state")));
        for (String node : payload(kept, base + "/$nodes").split(",")) {
            String place = base + "/" + node;
            assertTrue(ID.matcher(node).matches(), node);
            NODE_ATTRIBUTES.forEach(attribute -> described.add(place + "/" + attribute));
            NODE_ATTRIBUTES
                    .forEach(attribute -> assertFalse(payload(kept, place + "/" + attribute).isEmpty(), attribute));
            for (String property : payload(kept, place + "/$properties").split(",")) {
                assertTrue(ID.matcher(property).matches(), property);
                checkProperty(place + "/" + property, kept);
                described.add(place + "/" + property);
                PROPERTY_ATTRIBUTES.forEach(attribute -> described.add(place + "/" + property + "/" + attribute));
            }
        }
    }

    private static void checkProperty(String place, Map<String, Heard> kept) {
        assertFalse(payload(kept, place + "/$name").isEmpty());
        String datatype = payload(kept, place + "/$datatype");
        Heard format = kept.get(place + "/$format");
        Heard settable = kept.get(place + "/$settable");
        assertEquals(place.contains("/control/") && !place.endsWith("/last-result"), settable != null, place);
        assertTrue(settable == null || "true".equals(settable.payload()), place);
        assertFalse(kept.containsKey(place + "/$retained"), "all are retained, which is the default");
        Heard value = kept.get(place);
        String payload = value == null ? null : value.payload();
        assertNotEquals("", payload, place);
        switch (datatype) {
            case "integer" -> assertTrue(payload == null || payload.matches("-?\\d{1,19}"), place + " " + payload);
            case "float" ->
                assertTrue(payload == null || payload.matches("-?\\d+(\\.\\d+)?([eE]-?\\d+)?"), place + " " + payload);
            case "boolean" -> assertTrue(payload == null || payload.matches("true|false"), place + " " + payload);
            case "enum" -> {
                List<String> words = List.of(Objects.requireNonNull(format).payload().split(","));
                assertEquals(words.size(), new HashSet<>(words).size());
                assertTrue(payload == null || words.contains(payload), place + " " + payload);
            }
            default -> assertEquals("string", datatype, place);
        }
        if (format != null && !"enum".equals(datatype)) {
            assertTrue(format.payload().matches("-?\\d+(\\.\\d+)?:-?\\d+(\\.\\d+)?"), place + " " + format.payload());
            if (payload != null) {
                String[] range = format.payload().split(":");
                BigDecimal number = new BigDecimal(payload);
                assertTrue(number.compareTo(new BigDecimal(range[0])) >= 0
                        && number.compareTo(new BigDecimal(range[1])) <= 0, place);
            }
        }
        if (value != null) {
            boolean isLasting = LASTING.matcher(place.replaceFirst("homie/[^/]+/", "")).matches();
            assertEquals(isLasting, value.life().isEmpty(), place + " lives for " + value.life());
            assertTrue(value.properties().startsWith("time:"), place + " has no time");
            Instant time = Instant.parse(value.properties().substring("time:".length()).strip());
            assertTrue(Math.abs(time.toEpochMilli() - System.currentTimeMillis()) < 120_000, place + " " + time);
        }
    }

    private static JsonObject watch(String option, String place, String... more) {
        List<String> command = new ArrayList<>(List.of("watch", option, place, "--once", "--format", "json"));
        command.addAll(Arrays.asList(more));
        StringWriter out = new StringWriter();
        assertEquals(0,
                Bms.execute(new PrintWriter(out, true), new PrintWriter(out, true), command.toArray(String[]::new)),
                out.toString());
        return JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonObject("channels");
    }

    /** Each channel has a property, with its unit, and the value that {@code bms watch} shows. */
    private static void compare(String device, JsonObject channels, Map<String, Heard> kept) {
        int compared = 0;
        for (Point point : Catalogue.channels()) {
            String topic = "homie/" + device + "/" + point.id().replace('#', '/');
            Heard unit = kept.get(topic + "/$unit");
            assertTrue(kept.containsKey(topic + "/$datatype"), topic);
            assertEquals(point.unit().symbol(), unit == null ? "" : unit.payload(), topic);
            JsonElement shown = channels.get(point.id());
            Heard value = kept.get(topic);
            if (!Set.of("energy", "history", "link").contains(point.group())
                    && point.origin() != Point.Origin.JOURNAL) {
                assertEquals(shown.isJsonNull(), value == null, topic);
                if (value != null) {
                    compared++;
                    assertShows(shown.getAsString(), value.payload(), topic);
                }
            }
        }
        assertTrue(compared > 100, compared + " values");
    }

    private static void assertShows(String shown, String payload, String topic) {
        switch (shown) {
            case "ON", "CLOSED" -> assertEquals("true", payload, topic);
            case "OFF", "OPEN" -> assertEquals("false", payload, topic);
            default -> {
                if (shown.matches("-?\\d+(\\.\\d+)?") && payload.matches("-?\\d+(\\.\\d+)?")) {
                    assertEquals(Double.parseDouble(shown), Double.parseDouble(payload), 0.051, topic);
                } else {
                    assertEquals(shown, payload, topic);
                }
            }
        }
    }

    private static final Set<String> MESSAGE_KEYS = Set.of("device", "origin", "components", "availability",
            "availability_mode", "qos");
    private static final Set<String> DEVICE_KEYS = Set.of("identifiers", "name", "manufacturer", "model", "sw_version",
            "hw_version", "via_device");
    private static final Set<String> COMMON_KEYS = Set.of("platform", "unique_id", "name", "state_topic",
            "value_template", "availability", "entity_category", "enabled_by_default", "device_class");
    private static final Map<String, Set<String>> OWN_KEYS = Map.of("sensor",
            Set.of("unit_of_measurement", "state_class", "suggested_display_precision", "expire_after", "options"),
            "binary_sensor", Set.of("payload_on", "payload_off", "expire_after"), "select",
            Set.of("command_topic", "options"));
    /** The units that Home Assistant accepts for a class of sensors, as far as used here. */
    private static final Map<String, Set<String>> UNITS = Map.of("voltage", Set.of("V", "mV"), "current",
            Set.of("A", "mA"), "power", Set.of("W", "kW"), "temperature", Set.of("°C"), "duration",
            Set.of("s", "ms", "min", "h"), "energy", Set.of("kWh", "Wh"), "energy_storage", Set.of("kWh", "Wh"),
            "battery", Set.of("%"), "humidity", Set.of("%"));
    private static final Set<String> BINARY_CLASSES = Set.of("problem", "connectivity", "battery_charging", "battery");

    /** Home Assistant, MQTT discovery: one message per device, and the fields of each platform. */
    private static void checkDiscovery(String device, Map<String, Heard> kept, Set<String> described) {
        String topic = "homeassistant/device/bmsmain-" + device + "/config";
        Heard heard = kept.get(topic);
        assertNotNull(heard, topic);
        assertEquals("", heard.life(), "Home Assistant reads it after its own restart");
        JsonObject message = JsonParser.parseString(heard.payload()).getAsJsonObject();
        assertEquals(MESSAGE_KEYS, message.keySet());
        JsonObject about = message.getAsJsonObject("device");
        assertTrue(DEVICE_KEYS.containsAll(about.keySet()), about.toString());
        assertEquals("bmsmain-" + device, about.getAsJsonArray("identifiers").get(0).getAsString());
        if (device.startsWith("truck")) {
            assertEquals("2.4.7", about.get("sw_version").getAsString());
            assertEquals("bmsmain-collector-one", about.get("via_device").getAsString());
        }
        assertTrue(message.getAsJsonObject("origin").has("name"));
        assertEquals("all", message.get("availability_mode").getAsString());
        for (JsonElement availability : message.getAsJsonArray("availability")) {
            assertEquals(Set.of("topic", "value_template"), availability.getAsJsonObject().keySet());
            assertTrue(described.contains(availability.getAsJsonObject().get("topic").getAsString()));
        }
        Set<String> unique = new HashSet<>();
        JsonObject entities = message.getAsJsonObject("components");
        for (String key : entities.keySet()) {
            JsonObject entity = entities.getAsJsonObject(key);
            String platform = entity.get("platform").getAsString();
            Set<String> allowed = new HashSet<>(COMMON_KEYS);
            allowed.addAll(Objects.requireNonNull(OWN_KEYS.get(platform), platform));
            assertTrue(allowed.containsAll(entity.keySet()), entity.toString());
            assertTrue(unique.add(entity.get("unique_id").getAsString()), key);
            assertTrue(described.contains(entity.get("state_topic").getAsString()), key);
            if (entity.has("device_class")) {
                checkClass(platform, entity);
            }
            if (entity.has("command_topic")) {
                assertEquals(entity.get("state_topic").getAsString() + "/set",
                        entity.get("command_topic").getAsString());
            }
        }
        if (device.startsWith("truck")) {
            assertEquals("total_increasing",
                    entities.getAsJsonObject("energy-charged-energy").get("state_class").getAsString());
            assertEquals("energy", entities.getAsJsonObject("energy-charged-energy").get("device_class").getAsString());
            assertEquals("measurement", entities.getAsJsonObject("battery-current").get("state_class").getAsString());
            assertEquals("battery",
                    entities.getAsJsonObject("battery-state-of-charge").get("device_class").getAsString());
            assertEquals(150, entities.getAsJsonObject("battery-current").get("expire_after").getAsInt());
            assertTrue(entities.has("control-interlock") && entities.has("control-charge-request"));
            assertTrue(entities.size() > 150);
        }
    }

    private static void checkClass(String platform, JsonObject entity) {
        String name = entity.get("device_class").getAsString();
        String stateClass = entity.has("state_class") ? entity.get("state_class").getAsString() : "";
        if ("binary_sensor".equals(platform)) {
            assertTrue(BINARY_CLASSES.contains(name), entity.toString());
        } else if ("timestamp".equals(name) || "enum".equals(name)) {
            // Home Assistant rejects a unit and a state class here.
            assertTrue(!entity.has("unit_of_measurement") && stateClass.isEmpty(), entity.toString());
            assertEquals("enum".equals(name), entity.has("options"));
        } else {
            Set<String> units = UNITS.get(name);
            assertNotNull(units, entity.toString());
            assertTrue(units.contains(entity.get("unit_of_measurement").getAsString()), entity.toString());
            // energy is total_increasing; stored energy is not
            assertEquals("energy".equals(name), "total_increasing".equals(stateClass), entity.toString());
        }
    }

    // Truth

    @Test
    void valuesAreFollowedAndTheUnknownIsEmptyAndTheLostAreLost() throws Exception {
        TwinBoard board = frozen();
        int port;
        String base = "homie/battery/";
        try (Subscriber telegraf = broker().subscribe("telegraf", "homie/battery/#", "homie/collector-two/#")) {
            Process collector;
            try (Twin twin = Twin.tcp(0, board)) {
                port = twin.port();
                collector = collector("collector-two", "--tcp", tcp(twin), "--repeat", "2", "--interval", "0.2",
                        VOLTAGES[0], VOLTAGES[1]);
                Wait.until("the board is there", () -> "ready".equals(telegraf.last(base + "$state")));
                assertEquals("-12.5", telegraf.last(base + "battery/current"));
                assertEquals("51.2", telegraf.last(base + "battery/voltage"));
                board.set("battery#current", 33.3);
                Wait.until("the current is followed", () -> "33.3".equals(telegraf.last(base + "battery/current")));
                Wait.until("the power is followed", () -> "1705".equals(telegraf.last(base + "battery/power")));
                board.set("input-signals#interlock", true);
                Wait.until("the bit is followed", () -> "true".equals(telegraf.last(base + "input-signals/interlock")));
                // A change of less than half of the last displayed digit is not published.
                int before = telegraf.payloads(base + "battery/current").size();
                board.set("battery#current", 33.33);
                board.set("battery#state-of-charge", 58);
                Wait.until("another value is followed",
                        () -> "58".equals(telegraf.last(base + "battery/state-of-charge")));
                List<String> told = telegraf.payloads(base + "battery/current");
                // The old value may be repeated.
                assertEquals(List.of(),
                        told.subList(before, told.size()).stream().filter(value -> !"33.3".equals(value)).toList());
                // An initialising board has no readings.
                board.initialising(true);
                Wait.until("the current is unknown", () -> "".equals(telegraf.last(base + "battery/current")));
                assertEquals("ready", telegraf.last(base + "$state"));
                assertNull(broker().retained(base + "battery/current").get(base + "battery/current"));
                board.initialising(false);
                Wait.until("the current is known", () -> "33.3".equals(telegraf.last(base + "battery/current")));
            }
            Wait.until("the board is lost", () -> "lost".equals(telegraf.last(base + "$state"))
                    && "".equals(telegraf.last(base + "battery/current")));
            List<String> order = telegraf.all().stream().filter(
                    heard -> heard.topic().equals(base + "$state") || heard.topic().equals(base + "battery/current"))
                    .map(Heard::payload).toList();
            assertEquals(List.of("lost", ""), order.subList(order.size() - 2, order.size()));
            assertEquals("ready", telegraf.last("homie/collector-two/$state"));
            try (Twin twin = Twin.tcp(port, board)) {
                Wait.until("the board is back", () -> "ready".equals(telegraf.last(base + "$state")));
                Wait.until("one board is online",
                        () -> "1".equals(telegraf.last("homie/collector-two/collector/boards-online")));
                collector.destroyForcibly();
                Wait.until("the collector is lost", () -> "lost".equals(telegraf.last("homie/collector-two/$state"))
                        && "lost".equals(telegraf.last(base + "$state")));
                Wait.until("the broker forgets what is true no longer",
                        () -> !broker().retained(base + "#").containsKey(base + "battery/current"));
                Map<String, Heard> kept = broker().retained(base + "+/+");
                assertFalse(kept.isEmpty());
                assertEquals(List.of(), kept.keySet().stream().filter(
                        topic -> !LASTING.matcher(topic.substring(base.length())).matches() && !topic.contains("$"))
                        .toList());
                assertTrue(kept.containsKey(base + "energy/charge-in") && kept.containsKey(base + "link/last-update"));
            }
        }
    }

    @Test
    void aLostBrokerIsOneLineInTheLogAndAllOfItAfterwards() throws Exception {
        Path state = Files.createDirectories(folder.resolve("state"));
        try (Twin twin = Twin.tcp(0, frozen())) {
            Process collector = collector("collector-three", "--name", "loser", "--tcp", tcp(twin), "--state",
                    state.toString());
            awaitState("loser", "ready");
            // Without permission nothing is written.
            broker().publish("root", "homie/loser/control/charge-request/set", "on");
            Map<String, Heard> before = broker().retained("homie/loser/#");
            assertFalse(before.containsKey("homie/loser/control/charge-request/$settable"));
            broker().kill();
            Files.deleteIfExists(Path.of(broker().file("mosquitto.db")));
            TimeUnit.MILLISECONDS.sleep(500);
            broker().begin();
            awaitState("loser", "ready");
            awaitState("collector-three", "ready");
            Set<String> after = broker().retained("homie/loser/#").keySet();
            assertTrue(before.size() > 500);
            assertEquals(Set.of(),
                    before.keySet().stream().filter(topic -> !after.contains(topic)).collect(Collectors.toSet()));
            assertEquals(0, twin.log().writes());
            List<String> lines = Files.readAllLines(log());
            assertEquals(3, lines.size(), lines.toString());
            assertEquals("broker localhost:" + broker().port()
                    + ": the connection was closed. Nothing is published until it is back.", lines.get(1));
            assertTrue(lines.get(2).matches("broker localhost:\\d+: back after \\d+ s"), lines.get(2));
            // On termination it reports its state, removes its values and stores its counters.
            collector.destroy();
            assertTrue(collector.waitFor(10, TimeUnit.SECONDS));
            Map<String, Heard> kept = broker().retained("homie/loser/#");
            assertEquals("disconnected", payload(kept, "homie/loser/$state"));
            assertFalse(kept.containsKey("homie/loser/battery/current"));
            assertTrue(kept.containsKey("homie/loser/energy/charge-out"));
            assertTrue(Files.readString(state.resolve("loser.properties")).contains("bmsmain-energy"));
        }
    }

    // Refusals

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --broker mqtts://localhost:PORT --ca other.crt --credentials root.cred  | its certificate is not signed by the given CA, or has expired
            --broker mqtts://127.0.0.2:PORT --ca ca.crt --credentials root.cred     | its certificate is not trusted, or is for another host
            --broker mqtts://localhost:PORT --ca ca.crt --credentials wrong.cred    | it refuses user or password
            --broker mqtts://localhost:PORT --ca ca.crt                             | it requires user and password, or a client certificate
            --broker mqtts://localhost:1 --ca ca.crt --credentials root.cred        | nothing listens on this port
            --broker mqtts://no-such-host.invalid:PORT --credentials root.cred      | the host name is unknown
            --broker mqtt://localhost:PORT --credentials root.cred                  | it closes the connection; does it require TLS (mqtts://)?
            """)
    void aBrokerThatDoesNotTakeUsIsToldPlainly(String arguments, String reason) throws IOException {
        Files.writeString(folder.resolve("wrong.cred"), "root\nnot-the-secret\n");
        StringWriter out = new StringWriter();
        List<String> command = new ArrayList<>(List.of("publish", "--tcp", "127.0.0.1:1"));
        for (String word : arguments.replace("PORT", Integer.toString(broker().port())).strip().split(" +")) {
            command.add(word.matches(".*\\.(crt|cred)") ? broker().file(word) : word);
        }
        int code = Bms.execute(new PrintWriter(out, true), new PrintWriter(out, true), command.toArray(String[]::new));
        String line = out.toString().strip();
        assertEquals(4, code, line);
        assertTrue(line.endsWith(": " + reason), line);
        assertEquals(1, line.lines().count(), line);
        assertFalse(line.contains("secret") || line.contains("pw-of"), line);
    }

    @Test
    void aClientCertificateLetsIn() throws IOException {
        broker().kill();
        broker().configure("require_certificate true\nuse_identity_as_username false");
        broker().begin();
        try {
            List<String> command = new ArrayList<>(List.of("publish", "--tcp", "127.0.0.1:1", "--for", "1"));
            command.addAll(toBroker("root"));
            StringWriter out = new StringWriter();
            assertEquals(4,
                    Bms.execute(new PrintWriter(out, true), new PrintWriter(out, true), command.toArray(String[]::new)),
                    out.toString());
            assertTrue(out.toString().contains("client certificate"), out.toString());
            command.addAll(List.of("--cert", broker().file("client.crt"), "--key", broker().file("client.key")));
            assertEquals(0,
                    Bms.execute(new PrintWriter(out, true), new PrintWriter(out, true), command.toArray(String[]::new)),
                    out.toString());
        } finally {
            broker().kill();
            broker().configure("require_certificate false");
            broker().begin();
        }
    }

    /**
     * The access list of the examples restricts each user to its own topics, and the log contains rejected messages.
     */
    @Test
    void theAccessListOfTheExamplesHolds() throws Exception {
        broker().publish("telegraf", "homie/forklift-1/battery/voltage", "99", "-r");
        broker().publish("openhab", "homie/forklift-1/battery/voltage", "99", "-r");
        assertEquals(Map.of(), broker().retained("homie/forklift-1/#"));
        Path boards = folder.resolve("acl.yaml");
        try (Twin twin = Twin.tcp(0, frozen())) {
            Files.writeString(boards, "boards:\n  - name: forklift-1\n    tcp: " + tcp(twin)
                    + "\n  - name: stranger\n    tcp: " + tcp(twin) + "\n");
            List<String> command = new ArrayList<>(
                    List.of("publish", "--collector", "collector-site-a", "--boards", boards.toString(), "--for", "2"));
            command.addAll(toBroker("site-a"));
            StringWriter out = new StringWriter();
            assertEquals(0,
                    Bms.execute(new PrintWriter(out, true), new PrintWriter(out, true), command.toArray(String[]::new)),
                    out.toString());
            assertEquals(Map.of(), broker().retained("homie/stranger/#"));
            assertEquals("disconnected", payload(broker().retained("homie/forklift-1/#"), "homie/forklift-1/$state"));
            assertTrue(
                    out.toString()
                            .contains("stranger: the broker rejects homie/stranger/$state: check its access list"),
                    out.toString());
        }
    }

    // Control

    @Test
    void aCommandIsWrittenOnceAndOldOnesNever() throws Exception {
        String control = "homie/battery/control/";
        try (Twin twin = Twin.tcp(0, frozen()); Subscriber openhab = broker().subscribe("openhab", control + "#")) {
            // Retained by the broker before the collector starts.
            broker().publish("root", control + "interlock/set", "on", "-r");
            Process collector = collector("collector-five", "--tcp", tcp(twin), "--allow-control", "--control",
                    "charge-request,interlock");
            Wait.until("the retained command is refused", () -> String.valueOf(openhab.last(control + "last-result"))
                    .equals("interlock = on: refused, the command is retained"));
            awaitState("battery", "ready");
            assertEquals(0, twin.log().writes());
            broker().publish("root", control + "interlock/set", "", "-r");

            broker().publish("root", control + "charge-request/set", "on");
            Wait.until("it is confirmed", () -> "on".equals(openhab.last(control + "charge-request")));
            Wait.until("it is told",
                    () -> "Charge Request = on: confirmed".equals(openhab.last(control + "last-result")));
            assertEquals(1, twin.log().writes());

            refuse(openhab, twin, control + "fuse-1/set", "on",
                    "fuse-1: refused, control of this signal is not allowed");
            refuse(openhab, twin, control + "interlock/set", "maybe",
                    "interlock = maybe: refused, the command is not on, off or physical");
            refuse(openhab, twin, control + "interlock/set", "off", "interlock = off: refused, the command is retained",
                    "-r");
            broker().publish("root", control + "interlock/set", "", "-r");
            refuse(openhab, twin, control + "interlock/set", "on",
                    "interlock = on: refused, the command is or may be older than 5 s", "-D", "publish",
                    "user-property", "time", Instant.now().minusSeconds(6).toString());
            // A collector that was suspended cannot determine how long a command has been waiting.
            signal(collector, "-STOP");
            broker().publish("root", control + "charge-request/set", "off");
            TimeUnit.MILLISECONDS.sleep(5500);
            signal(collector, "-CONT");
            Wait.until("the old command is refused",
                    () -> "charge-request = off: refused, the command is or may be older than 5 s"
                            .equals(openhab.last(control + "last-result")));
            assertEquals(1, twin.log().writes());
            // New commands are still accepted.
            Wait.until("a new one is carried out", () -> {
                try {
                    broker().publish("root", control + "charge-request/set", "physical", "-D", "publish",
                            "user-property", "time", Instant.now().toString());
                    TimeUnit.MILLISECONDS.sleep(500);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return "physical".equals(openhab.last(control + "charge-request"));
            });
        }
    }

    private static void signal(Process process, String signal) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor());
    }

    private static void refuse(Subscriber openhab, Twin twin, String topic, String payload, String result,
            String... more) throws IOException {
        broker().publish("root", topic, payload, more);
        Wait.until(result, () -> result.equals(openhab.last("homie/battery/control/last-result")));
        assertEquals(1, twin.log().writes());
    }
}
