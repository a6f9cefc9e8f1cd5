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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The small openHAB inside of the OSGi framework, for callers outside, who share only the JDK and this type with it.
 * Things, channels and types are named as openHAB names them: <code>bmsmain:tcp:home</code>,
 * <code>battery#current</code>, <code>bmsmain:tcp</code>.
 * <p>
 * A wrong argument, and a configuration that breaks its description, end in an {@link IllegalArgumentException}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface HostClient {

    /**
     * The status of a thing.
     *
     * @param status such as ONLINE
     * @param detail such as COMMUNICATION_ERROR
     * @param description as the handler wrote it, "" without one
     * @param text the description as users read it
     * @param strays states that fit no channel, by channel id: always a defect of the binding
     */
    record Status(String status, String detail, String description, String text, Map<String, String> strays) {

        @Override
        public String toString() {
            return status + ("NONE".equals(detail) ? "" : " (" + detail + ")") + (text.isEmpty() ? "" : ": " + text);
        }
    }

    /** The thing types by their id, with the channel types of their channels. */
    Map<String, Map<String, String>> thingTypes();

    /**
     * Makes a thing with the channels of its type and starts it.
     *
     * @param type the thing type
     * @param id the last part of the name of the thing
     * @param config its configuration; the rest is taken from the defaults
     * @param channels what a user adds, by channel id: a map with <code>type</code>, the channel type, and
     *            <code>config</code>, a map
     * @return the thing
     */
    String addThing(String type, String id, Map<String, Object> config, Map<String, Map<String, Object>> channels);

    default String addThing(String type, String id, Map<String, Object> config) {
        return addThing(type, id, config, Map.of());
    }

    void removeThing(String thing);

    List<String> things();

    /** The status, with its text in the language of the system. */
    Status status(String thing);

    /** The status, with its text in a language. */
    Status status(String thing, Locale locale);

    /** The states by channel id as openHAB writes them ("12.5 A", "ON"); "UNDEF" is unknown, "NULL" never set. */
    Map<String, String> states(String thing);

    /**
     * For each channel: type, kind, itemType, label, tags, autoUpdatePolicy, and, as long as its bundle runs, readOnly
     * and options.
     */
    Map<String, Map<String, Object>> channels(String thing);

    Map<String, String> properties(String thing);

    Map<String, Object> configuration(String thing);

    /** Changes values of the configuration, as the user interface does it. */
    void configure(String thing, Map<String, Object> values);

    /** Sends a command as text to a channel, such as "ON" or "REFRESH". */
    void command(String thing, String channel, String command);

    /** Sends a command to an item, as user interfaces and rules do: auto-update may change it at once. */
    void itemCommand(String item, String command);

    /** Sets the profile of the link of an item: it is given each state before the item, and may throw or block. */
    void profile(String item, Consumer<String> profile);

    /** Makes an item and links it to a channel. */
    void link(String thing, String channel, String item);

    /** Links every channel with a state to an item of its own. */
    default void linkAll(String thing) {
        states(thing).keySet()
                .forEach(channel -> link(thing, channel, (thing + "_" + channel).replaceAll("[^A-Za-z0-9_]", "_")));
    }

    void unlink(String thing, String channel);

    /** The state of an item, as {@link #states} writes it. */
    String itemState(String item);

    /** Gives an item a state, as a persistence service does that restores it. */
    void itemUpdate(String item, String state);

    /** Gives an item another label. As in openHAB, another item takes its place, which has no state. */
    void editItem(String item, String label);

    /** What happened so far, oldest first, without states; <code>event</code> is status or trigger. */
    List<Map<String, Object>> events();

    /** The payloads of the events that a trigger channel fired so far, oldest first. */
    default List<String> triggers(String thing, String channel) {
        return events().stream().filter(event -> "trigger".equals(event.get("event")))
                .filter(event -> thing.equals(event.get("thing")) && channel.equals(event.get("channel")))
                .map(event -> String.valueOf(event.get("payload"))).toList();
    }

    /** Hears of all events, also of states, on the threads they happen on. */
    void listen(Consumer<Map<String, Object>> listener);

    void unlisten(Consumer<Map<String, Object>> listener);

    /**
     * Waits for a condition. Not by events: some of what is waited for makes none.
     *
     * @param condition what is waited for
     * @param limit how long at most
     * @return whether it came true in time
     */
    default boolean await(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(20_000_000);
        }
        return true;
    }

    /**
     * @param uri a configuration description, such as <code>thing-type:bmsmain:serial</code>
     * @param parameter a parameter
     * @return the values that are offered at run time, with their labels
     */
    Map<String, String> options(String uri, String parameter);

    /** What a console command prints; the line is without <code>openhab:</code>. */
    String console(String line);

    /** What the console proposes for the last word of a line. */
    List<String> complete(String line);

    /** The actions of a thing by name, with their labels. */
    Map<String, String> actions(String thing);

    /** Runs an action; the answer holds its outputs by name, a single one as <code>result</code>. */
    Map<String, Object> action(String thing, String name, Object... arguments);

    /**
     * Searches for things.
     *
     * @param type the thing type
     * @param limit how long at most
     * @return what was found: thing, type, label, properties, representationProperty, ttl
     */
    List<Map<String, Object>> discover(String type, Duration limit);

    /** As above, where a user says. */
    List<Map<String, Object>> discover(String type, String input, Duration limit);

    /** The pages (<code>ui:page</code>) or widgets (<code>ui:widget</code>) that bundles bring, by their id. */
    Map<String, Map<String, Object>> components(String namespace);
}
