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
 * Access to the minimal openHAB inside the OSGi framework for callers outside, which share only the JDK and this
 * type with it. Things, channels and types are identified as in openHAB: <code>bmsmain:tcp:home</code>,
 * <code>battery#current</code>, <code>bmsmain:tcp</code>.
 * <p>
 * Invalid arguments, and configurations that violate their description, throw an {@link IllegalArgumentException}.
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
     * @param description as set by the handler, "" without one
     * @param text the description as shown to users
     * @param strays states and events that do not fit their channel, by channel ID: always a defect of the binding
     */
    record Status(String status, String detail, String description, String text, Map<String, String> strays) {

        @Override
        public String toString() {
            return status + ("NONE".equals(detail) ? "" : " (" + detail + ")") + (text.isEmpty() ? "" : ": " + text);
        }
    }

    /** The thing types by ID, with the channel types of their channels. */
    Map<String, Map<String, String>> thingTypes();

    /**
     * Creates a thing with the channels of its type and starts it.
     *
     * @param type the thing type
     * @param id the last segment of the thing UID
     * @param config the configuration; missing parameters get their defaults
     * @param channels channels that a user adds, by channel ID: a map with <code>type</code>, the channel type, and
     *            <code>config</code>, a map
     * @return the thing
     */
    String addThing(String type, String id, Map<String, Object> config, Map<String, Map<String, Object>> channels);

    default String addThing(String type, String id, Map<String, Object> config) {
        return addThing(type, id, config, Map.of());
    }

    void removeThing(String thing);

    List<String> things();

    /** The status, with its text in the system language. */
    Status status(String thing);

    /** The status, with its text in the given language. */
    Status status(String thing, Locale locale);

    /** The states by channel ID in openHAB's notation ("12.5 A", "ON"); "UNDEF" is unknown, "NULL" never set. */
    Map<String, String> states(String thing);

    /**
     * Returns for each channel: type, kind, itemType, label, tags, autoUpdatePolicy, and, while its bundle runs,
     * readOnly and options.
     */
    Map<String, Map<String, Object>> channels(String thing);

    Map<String, String> properties(String thing);

    Map<String, Object> configuration(String thing);

    /** Changes configuration values, as the user interface does. */
    void configure(String thing, Map<String, Object> values);

    /** Sends a command as text to a channel, such as "ON" or "REFRESH". */
    void command(String thing, String channel, String command);

    /**
     * Sends a command to an item, as user interfaces and rules do. Auto-update may change the item's
     * state immediately.
     */
    void itemCommand(String item, String command);

    /** Sets the profile of an item's link. It receives each state before the item, and may throw or block. */
    void profile(String item, Consumer<String> profile);

    /** Creates an item and links it to a channel. */
    void link(String thing, String channel, String item);

    /** Links every channel with a state to an item of its own. */
    default void linkAll(String thing) {
        states(thing).keySet()
                .forEach(channel -> link(thing, channel, (thing + "_" + channel).replaceAll("[^A-Za-z0-9_]", "_")));
    }

    void unlink(String thing, String channel);

    /** The state of an item, as {@link #states} writes it. */
    String itemState(String item);

    /** Sets the state of an item, as a persistence service does on restore. */
    void itemUpdate(String item, String state);

    /** Simulates a change of an item's label. As in openHAB, a new item without a state replaces the old one. */
    void editItem(String item);

    /** All events so far except states, oldest first; <code>event</code> is status or trigger. */
    List<Map<String, Object>> events();

    /** The payloads of the events that a trigger channel fired so far, oldest first. */
    default List<String> triggers(String thing, String channel) {
        return events().stream().filter(event -> "trigger".equals(event.get("event")))
                .filter(event -> thing.equals(event.get("thing")) && channel.equals(event.get("channel")))
                .map(event -> String.valueOf(event.get("payload"))).toList();
    }

    /** Registers a listener for all events, including states. It runs on the thread that causes the event. */
    void listen(Consumer<Map<String, Object>> listener);

    void unlisten(Consumer<Map<String, Object>> listener);

    /**
     * Waits for a condition by polling, because some conditions cause no event.
     *
     * @param condition the condition
     * @param limit the maximum time
     * @return whether the condition became true in time
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
     * @return the options provided at run time, with their labels
     */
    Map<String, String> options(String uri, String parameter);

    /** Returns the output of a console command; the line is without <code>openhab:</code>. */
    String console(String line);

    /** Returns the console's completions for the last word of a line. */
    List<String> complete(String line);

    /** The actions of a thing by name, with their labels. */
    Map<String, String> actions(String thing);

    /** Runs an action and returns its outputs by name; a single output is named <code>result</code>. */
    Map<String, Object> action(String thing, String name, Object... arguments);

    /**
     * Searches for things.
     *
     * @param type the thing type
     * @param limit the maximum time
     * @return the results: thing, type, label, properties, representationProperty, ttl
     */
    List<Map<String, Object>> discover(String type, Duration limit);

    /** As above, with the input of a user. */
    List<Map<String, Object>> discover(String type, String input, Duration limit);

    /** The pages (<code>ui:page</code>) or widgets (<code>ui:widget</code>) that bundles provide, by ID. */
    Map<String, Map<String, Object>> components(String namespace);
}
