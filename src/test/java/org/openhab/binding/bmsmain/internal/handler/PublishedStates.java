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

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.config.BoardConfiguration;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.modbus.LogicWindow;
import org.openhab.binding.bmsmain.internal.modbus.RegisterSyntax;
import org.openhab.core.library.types.DateTimeType;
import org.openhab.core.library.types.StringType;
import org.openhab.core.thing.Thing;
import org.openhab.core.types.State;

/**
 * The channel states of a Thing for the values sent by its board. The product itself computes all derived values,
 * with the configured functions of relays and inputs.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class PublishedStates {

    private final BoardTexts texts = Languages.texts("en");
    private final Map<String, Point> points = new HashMap<>();
    private final Map<String, State> states = new TreeMap<>();
    private final BoardAssembler assembler;
    private final StatePublisher publisher;
    private final Instant now;

    public PublishedStates(Thing thing, Instant now) {
        this.now = now;
        Duration lifetime = Duration.ofSeconds(5);
        try {
            ConfigReader reader = new ConfigReader(thing.getConfiguration());
            LogicWindow window = BoardConfiguration.window(reader, reader.flag("allowControl"));
            List<Point> scanned = window == null ? List.of() : window.boards(Catalogue.size()).points();
            assembler = new BoardAssembler(
                    BoardConfiguration.setup(reader, RegisterSyntax::parse, scanned, lifetime, lifetime));
            publisher = new StatePublisher(states::put, texts::alarm, RegisterChannels.of(thing), scanned, lifetime,
                    StatePublisher.Resolution.DISPLAY);
            Catalogue.all().forEach(point -> points.put(point.id(), point));
            scanned.forEach(point -> points.put(point.id(), point));
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(e.statusText(), e);
        }
    }

    /** Adds a value that was read. */
    public PublishedStates read(String id, double value) {
        assembler.put(Objects.requireNonNull(points.get(id), id), value, 0);
        return this;
    }

    /** All signals and outputs were read; these are set. */
    public PublishedStates set(String... ids) {
        List<String> set = List.of(ids);
        Catalogue.all().stream()
                .filter(point -> Set.of("input-signals", "internal-signals", "outputs").contains(point.group()))
                .forEach(point -> read(point.id(), set.contains(point.id()) ? 1 : 0));
        return this;
    }

    /** Both error words were read; these faults are active. */
    public PublishedStates faults(String... names) {
        List<String> active = List.of(names);
        long[] words = new long[2];
        for (Point fault : Catalogue.FAULTS) {
            boolean isActive = active.contains(fault.name());
            read(fault.id(), isActive ? 1 : 0);
            RegisterLocation place = Objects.requireNonNull(fault.register());
            RegisterLocation first = Objects.requireNonNull(Catalogue.ERRORS_1.register());
            words[place.address() == first.address() ? 0 : 1] |= (isActive ? 1L : 0) << place.bit();
        }
        return read(Catalogue.ERRORS_1.id(), words[0]).read(Catalogue.ERRORS_2.id(), words[1]);
    }

    /** Sets the newest entry of the journal. */
    public PublishedStates event(Instant time, boolean raised, String fault) {
        FaultEvent event = new FaultEvent(time, raised, fault);
        states.put("faults#last-event", new StringType(event.payload()));
        states.put("faults#last-event-time", new DateTimeType(time));
        return this;
    }

    /** Sets the journal from events, oldest first. */
    public PublishedStates journal(FaultEvent... events) {
        var journal = new org.openhab.binding.bmsmain.internal.board.FaultJournal();
        Stream.of(events).forEach(journal::add);
        publisher.publishJournal(events.length == 0 ? null : events[events.length - 1], journal.toJson(texts::fault));
        return this;
    }

    /** Adds a command that the board confirmed. */
    public PublishedStates confirmed(String signal, SignalOverride force) {
        Point point = Objects.requireNonNull(SignalControl.signalOf(signal), signal);
        states.put(SignalControl.channelOf(point), new StringType(force.id()));
        states.put(SignalControl.LAST_RESULT,
                new StringType(texts.outcome(new ControlOutcome(point, force, ControlOutcome.Result.CONFIRMED, ""))));
        return this;
    }

    /** Returns the states of all channels that received one. */
    public Map<String, State> states(boolean online) {
        publisher.publish(assembler.snapshot(0, now), online);
        return states;
    }
}
