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
 * A board on its bus, from one start of its Thing to the end. The bus reports to it; what openHAB is told is told by
 * the mailbox.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BoardSession implements BoardListener {

    private static final String COUNTERS = "counters";
    /** Also when nothing is read, the day ends. */
    private static final long COUNTERS_SECONDS = 60;
    /** A bus that is in use with other settings is asked for again after this time. */
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
     * Signals that are to be given back.
     *
     * @param board where they are forced: the bus and the address on it
     * @param since the moments from which their times run
     */
    record Forced(String board, Map<Point, Long> since) {
        static final Forced NOTHING = new Forced("", Map.of());
    }

    /**
     * @param controlTimeout after which a forced signal is given back; zero = never
     * @param timers what signals are given back by
     * @param scheduler runs what is done from time to time
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

    /** What is known about the board now, also when Items do not show it yet; null before the first report. */
    @Nullable
    BoardSnapshot snapshot() {
        BoardReport report = newest;
        return report == null ? null : memory.show(report.snapshot());
    }

    /** Whether the board answered, by its newest report. */
    boolean isOnline() {
        BoardReport report = newest;
        return report != null && report.isOnline();
    }

    /** All values that the channels show. */
    List<Point> points() {
        return publisher.points();
    }

    /** Takes commands of users; null when nothing may be written to the board. */
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

    /** Whether commands to a channel go to the board. */
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

    /** Shows what is known of a channel, whose Item may show something else. For the mailbox. */
    void refresh(ChannelUID channel, boolean isCommanded) {
        SignalControl controls = control;
        if (controls != null && GROUP_CONTROL.equals(channel.getGroupId())) {
            controls.refresh(channel.getId());
        } else {
            publisher.refresh(channel.getId(), isCommanded);
        }
    }

    /**
     * Begins to read the board. The time of what was forced runs on, if it is this board that it was forced on.
     *
     * @throws ConfigurationException when the bus is in use with other settings; it is asked for again
     */
    void begin(Forced before) throws ConfigurationException {
        SignalControl controls = control;
        if (controls != null && before.board.equals(connection.busAddress())) {
            controls.takeOver(before.since);
        }
        mailbox.post("journal", () -> {
            publisher.showJournal();
            if (controls != null) {
                // These channels may have been added just now, and be linked since they were there before.
                controls.reset();
            }
        });
        if (!join()) {
            throw new ConfigurationException(connection.conflictKey(), connection.place());
        }
    }

    /** Shows what was counted, also when nothing was read since. */
    void showCounters() {
        mailbox.post(COUNTERS, () -> {
            if (publisher.showCounters()) {
                services.boards().changed(thing);
            }
        });
    }

    /**
     * Joins the bus. While it is in use with other settings this is tried again: whoever uses it may be removed, or
     * given the same settings.
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
     * Leaves the bus. After this no value of the board is shown.
     *
     * @return what is to be given back, should the Thing begin anew
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

    /** Takes all values of the board away. For the mailbox. */
    void withdraw() {
        publisher.withdraw(control);
    }

    /** After this, nothing is shown any more. */
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
