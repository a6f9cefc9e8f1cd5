/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import javax.measure.Unit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.core.library.types.DateTimeType;
import org.openhab.core.library.types.DecimalType;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.library.types.OpenClosedType;
import org.openhab.core.library.types.QuantityType;
import org.openhab.core.library.types.StringType;
import org.openhab.core.library.unit.MetricPrefix;
import org.openhab.core.library.unit.SIUnits;
import org.openhab.core.library.unit.Units;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;

/**
 * Converts snapshots into channel states, and sends only changes.
 * <p>
 * Link statistics change with every request. They are sent when the board comes online or goes offline, and otherwise
 * at the slow interval. The time of the last reading is sent every five seconds, so that an idle battery causes few
 * events. Changes of a number below its resolution are not sent, unless the user selects full resolution.
 * <p>
 * Not thread-safe.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class StatePublisher {

    /** Receives the state of a channel. */
    interface Sink {
        void state(String channelId, State state);
    }

    /** Smallest change of a number that is sent. */
    enum Resolution {
        /** Half of the last digit that the channel shows. */
        DISPLAY,
        /** Any change. */
        FULL
    }

    /** Interval of the time of the last reading while there are readings: rules use it as a sign of life. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    /** Channels whose states stay true without a link. */
    static final Set<String> LASTING = Catalogue.LASTING.stream().filter(Point::isChannel).map(Point::id)
            .collect(Collectors.toUnmodifiableSet());

    /** Link values that are invalid after the link has ended. */
    private static final Set<Point> OF_THE_MOMENT = Set.of(Catalogue.ONLINE, Catalogue.RESPONSE_TIME, Catalogue.QUALITY,
            Catalogue.BUS_LOAD);

    /** Placeholder text that differs from every value. */
    private static final String UNSENT = "\0";

    private final Sink sink;
    private final Function<BoardSnapshot, @Nullable String> alarmText;
    private final RegisterChannels registerChannels;
    private final Duration linkInterval;
    private final Resolution resolution;
    private final List<Point> points;
    private final double[] lastNumbers;
    private final @Nullable String[] lastTexts;
    private final boolean[] sent;

    private @Nullable BoardSnapshot lastSnapshot;
    private @Nullable FaultEvent lastEvent;
    private @Nullable String lastJournal;
    private Instant lastLink = Instant.MIN;
    private Instant lastSign = Instant.MIN;
    private boolean lastOnline;

    /** @param scanned values of BMS Logic boards, indexed after those of the register channels */
    StatePublisher(Sink sink, Function<BoardSnapshot, @Nullable String> alarmText, RegisterChannels registerChannels,
            List<Point> scanned, Duration linkInterval, Resolution resolution) {
        this.sink = sink;
        this.alarmText = alarmText;
        this.registerChannels = registerChannels;
        this.linkInterval = linkInterval;
        this.resolution = resolution;
        this.points = new ArrayList<>(
                Catalogue.channels().stream().filter(point -> point.origin() != Origin.JOURNAL).toList());
        points.addAll(registerChannels.points());
        points.addAll(scanned);
        int size = Catalogue.size() + registerChannels.points().size() + scanned.size();
        lastNumbers = new double[size];
        lastTexts = new @Nullable String[size];
        sent = new boolean[size];
        Arrays.fill(lastNumbers, Double.NaN);
    }

    /** Sends the changes since the last call. */
    void publish(BoardSnapshot snapshot, boolean online) {
        lastSnapshot = snapshot;
        // A wall clock that was set back must not suppress the link values for that time.
        boolean link = online != lastOnline || isDue(snapshot.time(), lastLink, linkInterval);
        if (link) {
            lastLink = snapshot.time();
        }
        boolean alive = link || isDue(snapshot.time(), lastSign, SIGN_OF_LIFE);
        if (alive) {
            lastSign = snapshot.time();
        }
        lastOnline = online;
        for (Point point : points) {
            if (point == Catalogue.LAST_UPDATE ? alive : link || !isSlow(point)) {
                sendIfChanged(point, snapshot);
            }
        }
    }

    private static boolean isDue(Instant now, Instant last, Duration interval) {
        return now.isBefore(last) || !now.minus(interval).isBefore(last);
    }

    /**
     * Publishes the journal.
     *
     * @param newest newest entry; null if the journal is empty
     * @param json the journal as JSON
     */
    void publishJournal(@Nullable FaultEvent newest, String json) {
        lastEvent = newest;
        lastJournal = json;
        sendEvent();
        sink.state(Catalogue.JOURNAL.id(), new StringType(json));
    }

    private void sendEvent() {
        FaultEvent event = lastEvent;
        sink.state(Catalogue.LAST_EVENT.id(), event == null ? UnDefType.UNDEF : new StringType(event.payload()));
        sink.state(Catalogue.LAST_EVENT_TIME.id(), event == null ? UnDefType.UNDEF : new DateTimeType(event.time()));
    }

    /** Publishes the last snapshot again, with updated counters. */
    void republish(UnaryOperator<BoardSnapshot> counters) {
        BoardSnapshot snapshot = lastSnapshot;
        if (snapshot != null) {
            publish(counters.apply(snapshot), lastOnline);
        }
    }

    /** Sends the state of one channel again: UNDEF without a snapshot, even if an Item shows a restored value. */
    void refresh(String channelId) {
        if (!send(channelId) && isShown(channelId) && !LASTING.contains(channelId)) {
            sink.state(channelId, UnDefType.UNDEF);
        }
    }

    /** Responds to a command to a read-only channel: its Item may show the command instead of the actual state. */
    void deny(String channelId) {
        if (!send(channelId) && isShown(channelId)) {
            sink.state(channelId, UnDefType.UNDEF);
        }
    }

    private boolean isShown(String channelId) {
        return LASTING.contains(channelId) || points.stream().anyMatch(point -> point.id().equals(channelId));
    }

    /** @return whether a state was sent */
    private boolean send(String channelId) {
        String journal = lastJournal;
        if (journal != null
                && (channelId.equals(Catalogue.LAST_EVENT.id()) || channelId.equals(Catalogue.LAST_EVENT_TIME.id()))) {
            sendEvent();
            return true;
        }
        if (journal != null && channelId.equals(Catalogue.JOURNAL.id())) {
            sink.state(channelId, new StringType(journal));
            return true;
        }
        BoardSnapshot snapshot = lastSnapshot;
        for (Point point : points) {
            if (snapshot != null && point.id().equals(channelId) && !isKept(point, snapshot)) {
                lastNumbers[point.index()] = snapshot.number(point);
                sink.state(channelId, state(point, snapshot, text(point, snapshot)));
                return true;
            }
        }
        return false;
    }

    /** Marks a state that could not be sent: it is sent with the next snapshot, even if unchanged. */
    void repeat(String channelId) {
        for (Point point : points) {
            if (point.id().equals(channelId)) {
                lastTexts[point.index()] = UNSENT;
            }
        }
    }

    List<Point> points() {
        return List.copyOf(points);
    }

    /** Sets all values of the board to UNDEF. Counters and the time of the last reading stay valid. */
    void withdraw() {
        lastSnapshot = null;
        for (Point point : points) {
            boolean goes = point.origin() == Origin.LINK ? OF_THE_MOMENT.contains(point)
                    : !Catalogue.LASTING.contains(point);
            if (goes && sent[point.index()]) {
                sink.state(point.id(), UnDefType.UNDEF);
            }
        }
    }

    /** Whether an Item keeps its restored state: the time of the last reading stays valid without new readings. */
    private static boolean isKept(Point point, BoardSnapshot snapshot) {
        return point.equals(Catalogue.LAST_UPDATE) && !snapshot.isKnown(point);
    }

    /** Whether a value is sent at the slow interval, because it changes with every reading. */
    private boolean isSlow(Point point) {
        // During the deepest discharge so far, this is the current time.
        return point.origin() == Origin.LINK
                || point == Catalogue.DEEPEST_DISCHARGE_TIME && resolution == Resolution.DISPLAY;
    }

    private void sendIfChanged(Point point, BoardSnapshot snapshot) {
        if (isKept(point, snapshot)) {
            return;
        }
        int index = point.index();
        double number = snapshot.number(point);
        String text = text(point, snapshot);
        if (sent[index] && !differs(point, number) && Objects.equals(text, lastTexts[index])) {
            return;
        }
        sent[index] = true;
        lastNumbers[index] = number;
        lastTexts[index] = text;
        sink.state(point.id(), state(point, snapshot, text));
    }

    /**
     * Whether a change of a number is sent. Rules compare with zero and with range limits, such as a full battery, so
     * these values are always sent.
     */
    private boolean differs(Point point, double number) {
        double last = lastNumbers[point.index()];
        return Double.compare(number, last) != 0 && (resolution == Resolution.FULL
                || point.isVisibleChange(last, number) || number == 0 || point.isLimit(number));
    }

    private @Nullable String text(Point point, BoardSnapshot snapshot) {
        if (point == Catalogue.ALARM) {
            return alarmText.apply(snapshot);
        }
        return point.kind() == Kind.TEXT || point.kind() == Kind.CHOICE ? snapshot.text(point) : null;
    }

    private State state(Point point, BoardSnapshot snapshot, @Nullable String text) {
        if (!snapshot.isKnown(point)) {
            return UnDefType.UNDEF;
        }
        double number = snapshot.number(point);
        return switch (point.kind()) {
            case MEASUREMENT -> new QuantityType<>(decimal(number), unit(point));
            case COUNT, BITS -> new DecimalType(decimal(number));
            case FLAG -> OnOffType.from(number != 0);
            case CONTACT -> number != 0 ? OpenClosedType.CLOSED : OpenClosedType.OPEN;
            case CHOICE, TEXT -> text == null ? UnDefType.UNDEF : new StringType(text);
            case TIME -> new DateTimeType(Instant.ofEpochMilli((long) number));
        };
    }

    private static BigDecimal decimal(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros();
    }

    private Unit<?> unit(Point point) {
        Unit<?> custom = registerChannels.unit(point);
        if (custom != null) {
            return custom;
        }
        return switch (point.unit()) {
            case AMPERE -> Units.AMPERE;
            case VOLT -> Units.VOLT;
            case WATT -> Units.WATT;
            case KILOWATT_HOUR -> Units.KILOWATT_HOUR;
            case CELSIUS -> SIUnits.CELSIUS;
            case PERCENT -> Units.PERCENT;
            case AMPERE_HOUR -> Units.AMPERE_HOUR;
            case SECOND -> Units.SECOND;
            case MILLISECOND -> MetricPrefix.MILLI(Units.SECOND);
            case NONE -> Units.ONE;
        };
    }
}
