/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The small openHAB inside of the OSGi framework, for callers outside. Things, channels and types are named as openHAB
 * names them: <code>bmsmain:tcp:home</code>, <code>battery#current</code>, <code>bmsmain:tcp</code>.
 * <p>
 * A wrong argument, and a configuration that breaks its description, end in an {@link IllegalArgumentException}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class HostClient {

    /**
     * The status of a thing.
     *
     * @param status such as ONLINE
     * @param detail such as COMMUNICATION_ERROR
     * @param description as the handler wrote it, "" without one
     * @param text the description as users read it
     * @param strays states that fit no channel, by channel id: always a defect of the binding
     */
    public record Status(String status, String detail, String description, String text, Map<String, String> strays) {

        @Override
        public String toString() {
            return status + ("NONE".equals(detail) ? "" : " (" + detail + ")") + (text.isEmpty() ? "" : ": " + text);
        }
    }

    private static final long LOOK_NANOS = 20_000_000;

    private final Function<Map<String, Object>, Map<String, Object>> facade;

    HostClient(Function<Map<String, Object>, Map<String, Object>> facade) {
        this.facade = facade;
    }

    private Map<String, Object> call(String operation, Object... arguments) {
        Map<String, Object> request = new HashMap<>();
        request.put("op", operation);
        for (int i = 0; i < arguments.length; i += 2) {
            request.put(arguments[i].toString(), arguments[i + 1]);
        }
        return facade.apply(request);
    }

    @SuppressWarnings("unchecked")
    private static <T> T as(Map<String, Object> answer, String name) {
        Object value = answer.get(name);
        if (value == null) {
            throw new IllegalStateException("No " + name + " in " + answer);
        }
        return (T) value;
    }

    @SuppressWarnings("unchecked")
    private static <V> Map<String, V> typed(Map<String, Object> answer) {
        return (Map<String, V>) (Map<String, ?>) answer;
    }

    /**
     * @return the thing types by their id, with the channel types of their channels
     */
    public Map<String, Map<String, String>> thingTypes() {
        Map<String, Map<String, String>> types = new LinkedHashMap<>();
        call("descriptors").forEach((id, type) -> types.put(id, as(map(type), "channels")));
        return types;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object answer) {
        return (Map<String, Object>) answer;
    }

    /**
     * Makes a thing with the channels of its type and starts it.
     *
     * @param type the thing type
     * @param id the last part of the name of the thing
     * @param config its configuration; the rest is taken from the defaults
     * @return the thing
     */
    public String addThing(String type, String id, Map<String, Object> config) {
        return addThing(type, id, config, Map.of());
    }

    /**
     * As above, with channels that a user adds.
     *
     * @param channels by channel id: a map with <code>type</code>, the channel type, and <code>config</code>, a map
     */
    public String addThing(String type, String id, Map<String, Object> config,
            Map<String, Map<String, Object>> channels) {
        return as(call("addThing", "type", type, "id", id, "config", config, "channels", channels), "thing");
    }

    public void removeThing(String thing) {
        call("removeThing", "thing", thing);
    }

    public List<String> things() {
        return as(call("things"), "things");
    }

    /** The status, with its text in the language of the system. */
    public Status status(String thing) {
        return status(call("status", "thing", thing));
    }

    /** The status, with its text in a language. */
    public Status status(String thing, Locale locale) {
        return status(call("status", "thing", thing, "locale", locale.toLanguageTag()));
    }

    private static Status status(Map<String, Object> answer) {
        return new Status(as(answer, "status"), as(answer, "detail"), as(answer, "description"), as(answer, "text"),
                as(answer, "strays"));
    }

    /**
     * @param thing a thing
     * @return the states by channel id as openHAB writes them ("12.5 A", "ON"); "UNDEF" is unknown, "NULL" never set
     */
    public Map<String, String> states(String thing) {
        return typed(call("states", "thing", thing));
    }

    /**
     * @param thing a thing
     * @return for each channel: type, kind, itemType, label, description, tags, autoUpdatePolicy, config, advanced,
     *         readOnly, unitHint, pattern, options
     */
    public Map<String, Map<String, Object>> channels(String thing) {
        return typed(call("channels", "thing", thing));
    }

    public Map<String, String> properties(String thing) {
        return typed(call("properties", "thing", thing));
    }

    public Map<String, Object> configuration(String thing) {
        return call("configuration", "thing", thing);
    }

    /** Changes values of the configuration, as the user interface does it. */
    public void configure(String thing, Map<String, Object> values) {
        call("configure", "thing", thing, "config", values);
    }

    /**
     * @param thing a thing
     * @param channel its channel
     * @param command a command as text, such as "ON" or "REFRESH"
     */
    public void command(String thing, String channel, String command) {
        call("command", "channel", thing + ":" + channel, "command", command);
    }

    /** Sends a command to an item, as user interfaces and rules do: auto-update may change it at once. */
    public void itemCommand(String item, String command) {
        call("itemCommand", "item", item, "command", command);
    }

    /** Sets the profile of the link of an item: it is given each state before the item, and may throw or block. */
    public void profile(String item, Consumer<Map<String, Object>> profile) {
        call("profile", "item", item, "consumer", profile);
    }

    /** Makes an item and links it to a channel. */
    public void link(String thing, String channel, String item) {
        call("link", "channel", thing + ":" + channel, "item", item);
    }

    /** Links every channel with a state to an item of its own. */
    public void linkAll(String thing) {
        states(thing).keySet()
                .forEach(channel -> link(thing, channel, (thing + "_" + channel).replaceAll("[^A-Za-z0-9_]", "_")));
    }

    public void unlink(String thing, String channel) {
        call("unlink", "channel", thing + ":" + channel);
    }

    /** The state of an item, as {@link #states} writes it. */
    public String itemState(String item) {
        return as(call("itemState", "item", item), "state");
    }

    /** Gives an item a state, as a persistence service does that restores it. */
    public void itemUpdate(String item, String state) {
        call("itemUpdate", "item", item, "state", state);
    }

    /** Gives an item another label. */
    public void editItem(String item, String label) {
        call("editItem", "item", item, "label", label);
    }

    /**
     * @return what happened so far, oldest first, without states; <code>event</code> is status, trigger, thing or
     *         removed
     */
    public List<Map<String, Object>> events() {
        return as(call("events"), "events");
    }

    /** The payloads of the events that a trigger channel fired so far, oldest first. */
    public List<String> triggers(String thing, String channel) {
        return events().stream().filter(event -> "trigger".equals(event.get("event")))
                .filter(event -> thing.equals(event.get("thing")) && channel.equals(event.get("channel")))
                .map(event -> String.valueOf(event.get("payload"))).toList();
    }

    /** Hears of all events, also of states, on the threads they happen on. */
    public void listen(Consumer<Map<String, Object>> listener) {
        call("listen", "consumer", listener);
    }

    public void unlisten(Consumer<Map<String, Object>> listener) {
        call("unlisten", "consumer", listener);
    }

    /**
     * Waits for a condition. Not by events: some of what is waited for makes none.
     *
     * @param condition what is waited for
     * @param limit how long at most
     * @return whether it came true in time
     */
    public boolean await(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /** The text <code>@text/key ["argument"]</code> in a language, from a bundle. */
    public String text(String bundle, String text, Locale locale) {
        return as(call("text", "bundle", bundle, "text", text, "locale", locale.toLanguageTag()), "text");
    }

    /** The languages that a bundle has texts in. */
    public List<String> languages(String bundle) {
        return as(call("languages", "bundle", bundle), "languages");
    }

    /**
     * @param uri a configuration description, such as <code>thing-type:bmsmain:serial</code>
     * @param parameter a parameter
     * @return the values that are offered at run time, with their labels
     */
    public Map<String, String> options(String uri, String parameter) {
        return typed(call("options", "uri", uri, "parameter", parameter));
    }

    /**
     * @param line a console command with its arguments, without <code>openhab:</code>
     * @return what it prints
     */
    public String console(String line) {
        return as(call("console", "line", line), "output");
    }

    /** What the console proposes for the last word of a line. */
    public List<String> complete(String line) {
        return as(call("complete", "line", line), "candidates");
    }

    /** The actions of a thing by name, with their labels. */
    public Map<String, String> actions(String thing) {
        return typed(call("actions", "thing", thing));
    }

    /** Runs an action; the answer holds its outputs by name, a single one as <code>result</code>. */
    public Map<String, Object> action(String thing, String name, Object... arguments) {
        return call("action", "thing", thing, "action", name, "arguments", List.of(arguments));
    }

    /**
     * Searches for things.
     *
     * @param type the thing type
     * @param limit how long at most
     * @return what was found: thing, type, label, properties, representationProperty, ttl
     */
    public List<Map<String, Object>> discover(String type, Duration limit) {
        return as(call("discover", "type", type, "seconds", limit.toSeconds()), "results");
    }

    /**
     * Searches for things where a user says.
     *
     * @param type the thing type
     * @param input what the user types
     * @param limit how long at most
     * @return what was found, as without input
     */
    public List<Map<String, Object>> discover(String type, String input, Duration limit) {
        return as(call("discover", "type", type, "input", input, "seconds", limit.toSeconds()), "results");
    }

    /** The pages (<code>ui:page</code>) or widgets (<code>ui:widget</code>) that bundles bring, by their id. */
    public Map<String, Map<String, Object>> components(String namespace) {
        return typed(call("components", "namespace", namespace));
    }
}
