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

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.GROUP_CONTROL;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardMemory;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.Mailbox;
import org.openhab.core.thing.ChannelUID;

/**
 * A board on its bus, from the initialization of its Thing to its disposal. The bus reports to the session; updates of
 * openHAB run on the mailbox thread.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BoardSession implements BoardListener {

    private static final String COUNTERS = "counters";
    /** Update interval of the counters, so that daily counters roll over even if nothing is read. */
    private static final long COUNTERS_SECONDS = 60;
    /** Retry interval for a bus that is in use with other settings. */
    private static final long CONFLICT_SECONDS = 2;

    private final BoardConnection connection;
    private final HandlerServices services;
    private final String thing;
    private final Mailbox mailbox;
    private final BoardMemory memory;
    private final ReportPublisher publisher;
    private final @Nullable SignalControl control;
    private final ScheduledExecutorService scheduler;
    private volatile BusRegistry.@Nullable Membership membership;
    private volatile @Nullable BoardReport newest;
    private @Nullable Future<?> retry;
    private @Nullable Future<?> counters;
    private boolean closed;

    /**
     * Forced signals that must be released.
     *
     * @param board bus and address of the board
     * @param since start times of their timeouts
     */
    record Forced(String board, Map<Point, Long> since) {
        static final Forced NOTHING = new Forced("", Map.of());
    }

    /**
     * @param controlTimeout time after which a forced signal is released; zero = never
     * @param timers runs the timers that release signals
     * @param scheduler runs periodic tasks and retries
     */
    BoardSession(MailboxHandler handler, BoardConnection connection, RegisterChannels channels, Duration controlTimeout,
            Mailbox mailbox, BoardMemory memory, ScheduledExecutorService timers, ScheduledExecutorService scheduler) {
        this.connection = connection;
        this.services = handler.services();
        this.thing = handler.getThing().getUID().toString();
        this.mailbox = mailbox;
        this.memory = memory;
        this.scheduler = scheduler;
        this.publisher = new ReportPublisher(handler, connection, channels, mailbox, memory);
        CommandQueue commandQueue = connection.commandQueue();
        this.control = commandQueue == null ? null
                : new SignalControl(commandQueue, this::wake, publisher::show, task -> mailbox.post(new Object(), task),
                        services.texts(), controlTimeout, timers, services.ticker());
        mailbox.deliverTo(report -> publisher.publish(report, control));
    }

    BoardConnection connection() {
        return connection;
    }

    /** The current snapshot, which Items may not show yet; null before the first report. */
    @Nullable
    BoardSnapshot snapshot() {
        BoardReport report = newest;
        return report == null ? null : memory.show(report.snapshot());
    }

    /** Whether the board is online according to its latest report. */
    boolean isOnline() {
        BoardReport report = newest;
        return report != null && report.isOnline();
    }

    /** All values that the channels show. */
    List<Point> points() {
        return publisher.points();
    }

    /** Commands of users; null if writing is not allowed. */
    @Nullable
    SignalControl control() {
        return control;
    }

    private void wake() {
        BusRegistry.Membership joined = membership;
        if (joined != null) {
            joined.wake();
        }
    }

    /** Whether commands to a channel are sent to the board. */
    boolean controls(ChannelUID channel) {
        return control != null && GROUP_CONTROL.equals(channel.getGroupId())
                && SignalControl.signalOf(channel.getIdWithoutGroup()) != null;
    }

    void control(String signalName, String command) {
        SignalControl controls = control;
        Point signal = SignalControl.signalOf(signalName);
        if (controls == null || signal == null) {
            return;
        }
        SignalOverride force = SignalOverride.byId(command);
        if (force == null) {
            controls.refuse(signal, command);
        } else {
            controls.force(signal, force, outcome -> {
            });
        }
    }

    /** Sends the current state of a channel, whose Item may show something else. For the mailbox thread. */
    void refresh(ChannelUID channel, boolean isCommanded) {
        SignalControl controls = control;
        if (controls != null && GROUP_CONTROL.equals(channel.getGroupId())) {
            controls.refresh(channel.getId());
        } else {
            publisher.refresh(channel.getId(), isCommanded);
        }
    }

    /**
     * Starts reading the board. Timeouts of forced signals continue if they belong to this board.
     *
     * @throws ConfigurationException when the bus is in use with other settings; joining is retried
     */
    void begin(Forced before) throws ConfigurationException {
        SignalControl controls = control;
        if (controls != null && before.board.equals(connection.busAddress())) {
            controls.takeOver(before.since);
        }
        mailbox.post("journal", () -> {
            publisher.showJournal();
            if (controls != null) {
                // Channels that were just added may still be linked from an earlier time.
                controls.reset();
            }
        });
        if (!join()) {
            throw new ConfigurationException(connection.conflictKey(), connection.place());
        }
    }

    /** Updates the counters, even if nothing was read since. */
    void showCounters() {
        mailbox.post(COUNTERS, () -> {
            if (publisher.showCounters()) {
                services.boards().changed(thing);
            }
        });
    }

    /**
     * Joins the bus. If the bus is in use with other settings, joining is retried: its user may be removed, or get the
     * same settings.
     */
    private synchronized boolean join() {
        if (closed) {
            return false;
        }
        if (counters == null) {
            counters = scheduler.scheduleWithFixedDelay(this::showCounters, COUNTERS_SECONDS, COUNTERS_SECONDS,
                    TimeUnit.SECONDS);
        }
        try {
            membership = connection.busJoiner().join(services.registry(), this);
            return true;
        } catch (BusConflictException e) {
            retry = scheduler.schedule(this::join, CONFLICT_SECONDS, TimeUnit.SECONDS);
            return false;
        }
    }

    /**
     * Leaves the bus. No value of the board is shown afterwards.
     *
     * @return forced signals that must be released if the Thing starts again
     */
    Forced close() {
        Future<?> waiting;
        Future<?> counting;
        BusRegistry.Membership joined;
        publisher.close();
        synchronized (this) {
            closed = true;
            waiting = retry;
            counting = counters;
            joined = membership;
        }
        if (waiting != null) {
            waiting.cancel(false);
        }
        if (counting != null) {
            counting.cancel(false);
        }
        if (joined != null) {
            joined.leave();
        }
        SignalControl controls = control;
        return controls == null ? Forced.NOTHING : new Forced(connection.busAddress(), controls.close());
    }

    /** Sets all values of the board to UNDEF. For the mailbox thread. */
    void withdraw() {
        publisher.withdraw(control);
    }

    /** No state is sent after this call. */
    void mute() {
        publisher.mute();
    }

    @Override
    public void report(BoardReport report) {
        newest = report;
        mailbox.report(report);
        services.boards().changed(thing);
    }
}
