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
 * The topics of one device: what they say, and what others were told.
 * <p>
 * All messages are retained, because a Homie controller takes a property that is not for an event. So that none is read
 * when it is true no longer, the broker forgets a value of the moment after {@link #LIVES} times the time in which all
 * values are repeated; what stays true it keeps. Unknown is an empty message: it takes the value away.
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

    /** A repetition may be late, and one may be lost. */
    static final double LIVES = 2.5;
    /** Numbers of the link, and times, change with each reading and are no news. */
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
    /** The payloads of the properties that no snapshot has. */
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
     * @param repeat time after which each value is said again
     * @param sink takes the messages while there is a connection
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

    /** How long a value of the moment lives at the broker. */
    static long lifeSeconds(Duration repeat) {
        return Math.round(Math.ceil(repeat.toMillis() * LIVES / 1000));
    }

    Description description() {
        return description;
    }

    /** A connection was made: the broker may know nothing, or what was true earlier. */
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

    /** The repetitions of the values are spread over the time. */
    private long phase(int index) {
        return ticker.nanos() - repeatNanos / 2 * index / Math.max(1, properties.size());
    }

    /** Says how Home Assistant finds the device; only when that has changed. */
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
     * What is known now.
     *
     * @param online whether the board is read
     */
    void update(BoardSnapshot known, boolean online) {
        snapshot = known;
        String next = online ? READY : LOST;
        boolean turned = !next.equals(state);
        state = next;
        // A consumer that acts on a value must find the board lost before the value goes, and there when it comes.
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

    /** All is said that there is to say. For a device without snapshots. */
    void ready() {
        state = READY;
        tellState(READY);
    }

    /** Says a value that is in no snapshot. @param time when it was so */
    void say(String path, String payload, Instant time) {
        for (int i = 0; i < properties.size(); i++) {
            if (properties.get(i).path().equals(path) && !payload.equals(own[i])) {
                own[i] = payload;
                ownTimes[i] = time;
                tell(i, ticker.nanos());
            }
        }
    }

    /** Says what has not been said for long. To be called each second. */
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

    /** Says a property again, so that something is on its way. */
    void nudge(String path) {
        for (int i = 0; i < properties.size(); i++) {
            if (properties.get(i).path().equals(path)) {
                tell(i, ticker.nanos());
            }
        }
    }

    /** Nobody reads the device any more: takes away what is true no longer. */
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
            // A collector that ends together with the broker leaves no will.
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
            // What stays true is what it was, until more is known.
            return;
        }
        sink.accept(new Message(description.topic(property), text,
                property.isLasting() || text.isEmpty() ? 0 : lifeSeconds, time));
    }
}
