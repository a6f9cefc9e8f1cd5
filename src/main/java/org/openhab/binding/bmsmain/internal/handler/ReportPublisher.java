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

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardMemory;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.config.StatusText;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.device.Mailbox;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.core.thing.Thing;
import org.openhab.core.types.State;

/**
 * Publishes the reports of a board in openHAB: Thing status, properties, channels, states and fault events. Used on the
 * mailbox thread only, except {@link #close()}, {@link #mute()} and {@link #points()}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ReportPublisher {

    /** Excludes the clock: as a property it would not advance, and each connect would cause a write to disk. */
    private static final List<Point> PROPERTIES = Catalogue.properties().stream()
            .filter(point -> point != Catalogue.DEVICE_CLOCK).toList();

    private final MailboxHandler handler;
    private final BoardConnection connection;
    private final BoardMemory memory;
    private final MailboxHandler.Updates updates;
    private final StatePublisher states;
    private final BoardChannels channels;
    private volatile boolean closed;
    private boolean withdraws;
    private boolean online;
    private boolean initialises;
    private int logicBoards;
    private @Nullable Failure shownFailure;

    /** @param registerChannels user-defined channels */
    ReportPublisher(MailboxHandler handler, BoardConnection connection, RegisterChannels registerChannels,
            Mailbox mailbox, BoardMemory memory) {
        this.handler = handler;
        this.connection = connection;
        this.memory = memory;
        this.updates = handler.new Updates(mailbox);
        this.channels = new BoardChannels(handler);
        this.states = new StatePublisher(this::show, handler.services().texts()::alarm, registerChannels,
                connection.scanned(), connection.linkInterval(), connection.resolution());
    }

    /** All values that the channels show: those of the catalogue and the user-defined ones. */
    List<Point> points() {
        return states.points();
    }

    /** No value of the board is sent after this call. */
    void close() {
        closed = true;
    }

    /** No state is sent after this call. */
    void mute() {
        updates.mute();
    }

    void showJournal() {
        updates.showJournal(states);
    }

    /** Publishes the counters. Returns whether the Thing is still in use. */
    boolean showCounters() {
        if (closed) {
            return false;
        }
        memory.tick();
        states.republish(memory::show);
        return true;
    }

    /** Sends the state of one channel again, because its Item may show a command. */
    void refresh(String channelId, boolean isCommanded) {
        if (isCommanded) {
            states.deny(channelId);
        } else {
            states.refresh(channelId);
        }
    }

    /**
     * Sets all values of the board to UNDEF, after {@link #close()}.
     *
     * @param control commands of users; null if control is not allowed
     */
    void withdraw(@Nullable SignalControl control) {
        withdraws = true;
        if (control != null) {
            control.unknown();
        }
        states.withdraw();
        withdraws = false;
    }

    /** Sends the state of a channel. */
    void show(String channelId, State state) {
        if (closed && !withdraws
                || LogicChannels.isNamed(channelId) && handler.getThing().getChannel(channelId) == null) {
            // The session is closed, or the channel does not exist: absent BMS Logic boards have no channels.
            return;
        }
        if (!updates.state(channelId, state)) {
            states.repeat(channelId);
        }
    }

    /**
     * Publishes a report.
     *
     * @param control commands of users; null if control is not allowed
     */
    void publish(BoardReport report, @Nullable SignalControl control) {
        // Before any call that can block: fault events are reported only once.
        updates.keep(report.events());
        if (!closed) {
            memory.take(report.snapshot(), report.events());
            showBoard(report, control);
        }
        updates.tell(report.events(), states);
    }

    private void showBoard(BoardReport report, @Nullable SignalControl control) {
        BoardSnapshot snapshot = report.snapshot();
        Failure failure = report.failure();
        // Update the status first: rules triggered by a value must see the current Thing status.
        if (failure == null) {
            online = online || updates.online();
            showProperties(snapshot);
        } else {
            if (online || !failure.equals(shownFailure)) {
                updates.offline(StatusText.of(PortHolders.explain(failure, connection.place()), connection.wire(),
                        connection.place(), connection.address()));
            }
            online = false;
        }
        shownFailure = failure;
        updates.attempt("its channels", () -> showLogicBoards(snapshot));
        states.publish(memory.show(snapshot), failure == null);
        boolean started = snapshot.isSet(Catalogue.INITIALISATION);
        if (control != null && (failure != null || started && !initialises)) {
            control.unknown();
        }
        initialises = started;
    }

    private void showProperties(BoardSnapshot snapshot) {
        Thing thing = handler.getThing();
        Map<String, String> changed = new HashMap<>();
        Map<String, String> present = thing.getProperties();
        for (Point point : PROPERTIES) {
            String text = snapshot.text(point);
            if (text != null && !text.equals(present.get(point.id()))) {
                changed.put(point.id(), text);
            }
        }
        if (!changed.isEmpty()) {
            updates.properties(changed);
        }
    }

    /** Adds the channels of a BMS Logic board when it is detected for the first time. */
    private void showLogicBoards(BoardSnapshot snapshot) {
        double count = snapshot.number(Catalogue.BOARD_COUNT);
        if (!connection.scanned().isEmpty() && count > logicBoards) {
            channels.showLogic(connection.scanned(), (int) count);
            logicBoards = (int) count;
        }
    }
}
