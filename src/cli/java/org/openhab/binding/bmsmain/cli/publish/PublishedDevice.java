/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Publishes the topics of one device, and keeps track of what was published.
 * <p>
 * All messages are retained, because a Homie controller treats a property that is not retained as an event. So that no
 * outdated value is read, momentary values expire at the broker after {@link #LIVES} times the repeat interval; lasting
 * values do not expire. An unknown value is published as an empty message, which deletes the retained one.
 * <p>
 * For one thread.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class PublishedDevice {

    static final String READY = "ready";
    static final String LOST = "lost";
    static final String INIT = "init";
    static final String DISCONNECTED = "disconnected";

    /** Expiry as a multiple of the repeat interval: a repetition may be late, and one may be lost. */
    static final double LIVES = 2.5;
    /** Minimum interval for values of the link and times, which change with each read and are no news. */
    private static final Duration RESTLESS_INTERVAL = Duration.ofSeconds(30);

    private final Description description;
    private final boolean homie;
    private final Words words;
    private final Ticker ticker;
    private final long repeatNanos;
    private final long lifeSeconds;
    private final Consumer<Message> sink;
    private final List<Property> properties;
    private final @Nullable String[] told;
    private final double[] numbers;
    private final long[] toldAt;
    /** The payloads of properties that are in no snapshot. */
    private final @Nullable String[] own;
    private final @Nullable Instant[] ownTimes;
    private final boolean controlled;
    private @Nullable BoardSnapshot snapshot;
    private String state = INIT;
    private @Nullable String stateTold;
    private long stateToldAt;
    private @Nullable Message discovery;
    private boolean discoveryTold;
    private boolean open;

    /**
     * @param homie whether the attributes of Homie are published, so that its controllers find the device
     * @param repeat interval at which each value is repeated
     * @param sink receives the messages while there is a connection
     */
    PublishedDevice(Description description, boolean homie, Duration repeat, Words words, Consumer<Message> sink,
            Ticker ticker) {
        this.description = description;
        this.homie = homie;
        this.words = words;
        this.ticker = ticker;
        this.repeatNanos = repeat.toNanos();
        this.lifeSeconds = lifeSeconds(repeat);
        this.sink = sink;
        this.properties = description.properties();
        int size = properties.size();
        told = new @Nullable String[size];
        numbers = new double[size];
        toldAt = new long[size];
        own = new @Nullable String[size];
        ownTimes = new @Nullable Instant[size];
        controlled = properties.stream().anyMatch(Property::isSettable);
    }

    /** Expiry of momentary values at the broker, in seconds. */
    static long lifeSeconds(Duration repeat) {
        return Math.round(Math.ceil(repeat.toMillis() * LIVES / 1000));
    }

    Description description() {
        return description;
    }

    /** The connection was made; the broker may have no values, or outdated ones. */
    void connected() {
        open = true;
        Arrays.fill(told, null);
        stateTold = null;
        discoveryTold = false;
        tellState(INIT);
        if (homie) {
            description.homie().forEach((topic, text) -> sink.accept(new Message(topic, text)));
        }
        tellDiscovery();
        for (int i = 0; i < properties.size(); i++) {
            tell(i, phase(i));
        }
        tellState(state);
    }

    /** Spreads the repetitions of the values over time. */
    private long phase(int index) {
        return ticker.nanos() - repeatNanos / 2 * index / Math.max(1, properties.size());
    }

    /** Publishes the discovery message of Home Assistant, if it has changed. */
    void discovery(Message message) {
        Message before = discovery;
        discovery = message;
        discoveryTold &= before != null && before.payload().equals(message.payload());
        tellDiscovery();
    }

    private void tellDiscovery() {
        Message message = discovery;
        if (open && message != null && !discoveryTold) {
            discoveryTold = true;
            sink.accept(message);
        }
    }

    /**
     * Publishes the changed values of a snapshot.
     *
     * @param online whether the board is read
     */
    void update(BoardSnapshot known, boolean online) {
        snapshot = known;
        String next = online ? READY : LOST;
        boolean turned = !next.equals(state);
        state = next;
        // Consumers act on values: "lost" must precede the deleted values, and "ready" must follow the new ones.
        if (turned && !online) {
            tellState(next);
        }
        for (int i = 0; i < properties.size(); i++) {
            if (properties.get(i).point() != null && isNews(i, known, turned)) {
                tell(i, ticker.nanos());
            }
        }
        tellState(next);
    }

    /** Publishes the state "ready". For a device without snapshots. */
    void ready() {
        state = READY;
        tellState(READY);
    }

    /** Publishes a value that is in no snapshot. @param time time of the value */
    void say(String path, String payload, Instant time) {
        for (int i = 0; i < properties.size(); i++) {
            if (properties.get(i).path().equals(path) && !payload.equals(own[i])) {
                own[i] = payload;
                ownTimes[i] = time;
                tell(i, ticker.nanos());
            }
        }
    }

    /** Repeats values that are due. Must be called every second. */
    void tick() {
        if (!open) {
            return;
        }
        long now = ticker.nanos();
        for (int i = 0; i < properties.size(); i++) {
            String last = told[i];
            if (!properties.get(i).isLasting() && last != null && !last.isEmpty() && now - toldAt[i] >= repeatNanos) {
                tell(i, now);
            }
        }
        if (READY.equals(state) && now - stateToldAt >= repeatNanos) {
            stateTold = null;
            tellState(state);
        }
    }

    /** Repeats a property, so that an acknowledgement follows. */
    void nudge(String path) {
        for (int i = 0; i < properties.size(); i++) {
            if (properties.get(i).path().equals(path)) {
                tell(i, ticker.nanos());
            }
        }
    }

    /** Publishes that the device is not read any more, and deletes values that are outdated then. */
    void withdraw() {
        state = DISCONNECTED;
        tellState(state);
        for (int i = 0; i < properties.size(); i++) {
            String last = told[i];
            if (!properties.get(i).isLasting() && last != null && !last.isEmpty()) {
                told[i] = "";
                sink.accept(new Message(description.topic(properties.get(i)), ""));
            }
        }
        open = false;
    }

    private void tellState(String value) {
        if (open && !value.equals(stateTold)) {
            stateTold = value;
            stateToldAt = ticker.nanos();
            // The state expires as well: if the collector and the broker end together, no last will is published.
            sink.accept(
                    new Message(description.stateTopic(), value, READY.equals(value) ? lifeSeconds : 0, ticker.now()));
        }
    }

    private boolean isNews(int index, BoardSnapshot known, boolean turned) {
        Property property = properties.get(index);
        Point point = Objects.requireNonNull(property.point());
        String last = told[index];
        if (!open || own[index] != null) {
            return false;
        }
        String payload = property.payload(known, words);
        if (last == null) {
            return true;
        } else if (payload.equals(last)) {
            return false;
        } else if (payload.isEmpty() || last.isEmpty()) {
            return true;
        } else if (property.isRestless() && !turned && !(controlled && Property.LAST_UPDATE.equals(property.path()))
                && ticker.nanos() - toldAt[index] < RESTLESS_INTERVAL.toNanos()) {
            return false;
        }
        return !property.isStepped() || point.isVisibleChange(numbers[index], known.number(point));
    }

    private void tell(int index, long at) {
        if (!open) {
            return;
        }
        Property property = properties.get(index);
        Point point = property.point();
        BoardSnapshot known = snapshot;
        String payload = own[index];
        Instant time = ownTimes[index];
        if (payload == null && point != null && known != null) {
            payload = property.payload(known, words);
            Instant read = known.time(point);
            time = read == null ? known.time() : read;
            numbers[index] = known.number(point);
        }
        String text = payload == null ? "" : payload;
        told[index] = text;
        toldAt[index] = at;
        if (property.isLasting() && text.isEmpty()) {
            // Keep the retained value until a new one is known.
            return;
        }
        sink.accept(new Message(description.topic(property), text,
                property.isLasting() || text.isEmpty() ? 0 : lifeSeconds, time));
    }
}
