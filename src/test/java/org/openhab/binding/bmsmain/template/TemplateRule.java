/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.template;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.library.types.StringType;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A rule created from a template as in openHAB: parameters are substituted in the modules, triggers fire like the
 * core's, and the script runs.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TemplateRule {

    static final Path FOLDER = Path.of("ESH-INF/automation/templates");

    /** An Item as seen by the script. */
    public static final class FakeItem {

        private State state = UnDefType.NULL;
        private @Nullable Supplier<State> source;
        private @Nullable Consumer<String> target;

        public State getState() {
            Supplier<State> real = source;
            return real == null ? state : real.get();
        }

        private void send(String value) {
            Consumer<String> real = target;
            if (real == null) {
                state = new StringType(value);
            } else {
                real.accept(value);
            }
        }
    }

    /** Replaces Java's runtime information. */
    public static final class FakeManagement {

        private final long started;

        FakeManagement(Instant started) {
            this.started = started.toEpochMilli();
        }

        public FakeManagement getRuntimeMXBean() {
            return this;
        }

        public long getStartTime() {
            return started;
        }
    }

    private final Map<String, Object> template;
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, FakeItem> items = new HashMap<>();
    private final List<String> sent = new ArrayList<>();
    private final Map<String, State> seen = new HashMap<>();
    private ZonedDateTime now = ZonedDateTime.of(2026, 5, 4, 12, 0, 0, 0, ZoneOffset.UTC);
    private Instant started = now.toInstant();

    /** Parameters with the context item become Items of the same name; all others have their defaults. */
    public TemplateRule(String id) {
        template = load(FOLDER.resolve(id + ".yaml"));
        for (Map<String, Object> parameter : list(template, "configDescriptions")) {
            String name = text(parameter, "name");
            if ("item".equals(parameter.get("context"))) {
                String item = "Item_" + name;
                items.put(item, new FakeItem());
                parameters.put(name, item);
            } else {
                // openHAB passes numbers as fractions
                String value = text(parameter, "defaultValue");
                parameters.put(name,
                        "DECIMAL".equals(parameter.get("type")) && !value.contains(".") ? value + ".0" : value);
            }
        }
    }

    /** Connects the Item of a parameter with an external state. {@link #look()} detects its changes. */
    public TemplateRule connect(String parameter, Supplier<State> source, Consumer<String> target) {
        FakeItem item = item(parameter);
        item.source = source;
        item.target = target;
        seen.put(parameter, source.get());
        return this;
    }

    /** Runs the rule if the external state of a trigger Item has changed. */
    public TemplateRule look() {
        seen.entrySet().forEach(entry -> {
            State state = item(entry.getKey()).getState();
            if (!state.equals(entry.getValue())) {
                entry.setValue(state);
                if (waitsFor(entry.getKey())) {
                    run(Map.of());
                }
            }
        });
        return this;
    }

    /** Whether the rule has triggers other than times. */
    public boolean waitsForItems() {
        return list(template, "triggers").stream().anyMatch(trigger -> text(trigger, "type").startsWith("core."));
    }

    /** Whether the rule runs every minute. */
    public boolean waitsForMinutes() {
        return hasTrigger("timer.GenericCronTrigger", "cronExpression", "0 * * ? * * *");
    }

    private boolean waitsFor(String parameter) {
        return hasTrigger("core.ItemStateChangeTrigger", "itemName", "Item_" + parameter);
    }

    /** Runs the rule if it is triggered by an event of a channel. */
    public TemplateRule event(String channel, String payload) {
        for (Map<String, Object> trigger : list(template, "triggers")) {
            if ("core.ChannelEventTrigger".equals(trigger.get("type"))) {
                String glob = fill(text(map(trigger, "configuration"), "channelUID"));
                if (channel.matches(glob.replace("*", ".*"))) {
                    run(Map.of("triggeringChannel", channel, "receivedEvent", payload));
                }
            }
        }
        return this;
    }

    /** Simulates a start of openHAB at a time. Items without an external state lose their states. */
    public TemplateRule restart(Instant moment) {
        started = moment;
        items.values().forEach(item -> item.state = UnDefType.NULL);
        return this;
    }

    /** Sets the clock and runs the rule if it is triggered every minute. */
    public TemplateRule minute(Instant moment) {
        now = moment.atZone(ZoneOffset.UTC);
        if (waitsForMinutes()) {
            run(Map.of());
        }
        return this;
    }

    public TemplateRule with(String parameter, String value) {
        assertTrue(parameters.containsKey(parameter), parameter);
        parameters.put(parameter, value);
        return this;
    }

    /** Sets an Item and runs the rule if its change is a trigger. */
    TemplateRule change(String parameter, State state) {
        FakeItem item = item(parameter);
        if (!item.state.equals(state)) {
            item.state = state;
            if (waitsFor(parameter)) {
                run(Map.of());
            }
        }
        return this;
    }

    /** Sets the time of day and runs the rule if it has a trigger for this time or for every minute. */
    public TemplateRule clock(String time) {
        now = now.with(LocalTime.parse(time));
        if (waitsForMinutes() || hasTrigger("timer.TimeOfDayTrigger", "time", time)) {
            run(Map.of());
        }
        return this;
    }

    /** Runs the rule if it is triggered at this time of day. */
    public TemplateRule time(String time) {
        if (hasTrigger("timer.TimeOfDayTrigger", "time", time)) {
            run(Map.of());
        }
        return this;
    }

    ZonedDateTime now() {
        return now;
    }

    /** Returns the commands since the last call, such as {@code target=ON}. */
    public List<String> sent() {
        List<String> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    private FakeItem item(String parameter) {
        return Objects.requireNonNull(items.get("Item_" + parameter), parameter);
    }

    private boolean hasTrigger(String type, String key, String value) {
        return list(template, "triggers").stream().anyMatch(trigger -> type.equals(trigger.get("type"))
                && value.equals(fill(text(map(trigger, "configuration"), key))));
    }

    private void run(Map<String, String> implicit) {
        assertEquals(List.of(), list(template, "conditions"));
        for (Map<String, Object> action : list(template, "actions")) {
            assertEquals("script.ScriptAction", action.get("type"));
            Map<String, Object> configuration = map(action, "configuration");
            assertEquals("application/vnd.openhab.dsl.rule", configuration.get("type"));
            Map<String, Object> globals = new HashMap<>(items);
            globals.put("now", now);
            globals.put("java.lang.management.ManagementFactory", new FakeManagement(started));
            globals.putAll(implicit);
            Function<List<@Nullable Object>, @Nullable Object> send = arguments -> {
                FakeItem item = items.get(String.valueOf(arguments.get(0)));
                assertNotNull(item, "no Item " + arguments.get(0));
                String value = String.valueOf(arguments.get(1));
                sent.add(String.valueOf(arguments.get(0)).substring("Item_".length()) + "=" + value);
                item.send(value);
                return null;
            };
            new DslScript(fill(text(configuration, "script")), globals, Map.of("sendCommand", send, "postUpdate", send))
                    .run();
        }
    }

    /** Like openHAB's ReferenceResolver, except that unknown names fail here instead of causing a warning. */
    private String fill(String text) {
        String filled = text;
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            filled = filled.replace("{{" + parameter.getKey() + "}}", parameter.getValue());
        }
        assertFalse(filled.contains("{{"), filled);
        return filled;
    }

    static Map<String, Object> load(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return new Yaml(new SafeConstructor(options)).load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Object> map(Map<String, Object> parent, String key) {
        Map<String, Object> typed = new LinkedHashMap<>();
        if (parent.get(key) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> typed.put(String.valueOf(name), value));
        }
        return typed;
    }

    static List<Map<String, Object>> list(Map<String, Object> parent, String key) {
        List<Map<String, Object>> typed = new ArrayList<>();
        if (parent.get(key) instanceof List<?> list) {
            list.forEach(element -> typed.add(map(Map.of("it", element), "it")));
        }
        return typed;
    }

    static String text(Map<String, Object> parent, String key) {
        return Objects.requireNonNull(parent.get(key), key).toString();
    }
}
