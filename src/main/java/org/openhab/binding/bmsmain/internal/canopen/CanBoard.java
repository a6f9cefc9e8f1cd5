/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.PollClass;
import org.openhab.binding.bmsmain.internal.bus.BusMember;
import org.openhab.binding.bmsmain.internal.canopen.SdoPlan.SdoObject;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardSupervisor;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.CommandQueue.Command;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to one board on a CAN bus, and reads by SDO the values that the board does not send by itself.
 * <p>
 * Received values are collected for a short time and reported at most ten times per second. A board is online as long
 * as it sends heartbeats, PDOs or SDO responses.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanBoard implements BusMember<CanSession>, CanSession.Device {

    private static final long MILLI = 1_000_000;
    /** The PDOs that follow one SYNC arrive within this time and are published together. */
    private static final long GATHER = 20 * MILLI;
    /** Shortest time between two reports. Together with {@link #GATHER}, no value is delayed by more than 100 ms. */
    private static final long REPORT_INTERVAL = 90 * MILLI;
    /** Maximum time for which measurements are withheld until the board has sent its initialisation flag. */
    private static final long AWAIT_INITIALISATION = 1_000 * MILLI;
    /** Each object is read four times within the lifetime of its values, within these limits. */
    private static final int READS_PER_LIFETIME = 4;
    private static final long SHORTEST_POLL = 250 * MILLI;
    private static final long LONGEST_POLL = 10_000 * MILLI;

    private final Logger logger = LoggerFactory.getLogger(CanBoard.class);

    private final CanSettings settings;
    private final BoardSetup setup;
    private final PdoDecoder decoder;
    private final DuplicateNodeDetector duplicates;
    private final List<SdoObject> objects;
    private final BoardSupervisor supervisor;
    private final @Nullable NodeListener nodes;
    private final Period heartbeats = new Period();
    private final Period answers = new Period();
    private final Ticker ticker;
    private final long staleNanos;
    private final long pollNanos;

    private volatile boolean left;
    private @Nullable CanSession session;
    private long attachDue;
    private long silentSince;
    private long causeDue;
    /** Time at which the first of the published values becomes stale. */
    private long expiryDue;

    private boolean arrived;
    private long arrivedAt;
    private long reportDue;
    private long lastReport;
    private boolean awaitsInitialisation;
    private long awaitsUntil;
    private boolean readingsShown;

    private int nextObject;
    private long pollDue;
    private boolean polling;
    /** Error in the binding's own code outside of a turn. The next turn throws it, so that the bus backs off. */
    private @Nullable Throwable broken;

    public CanBoard(CanSettings settings, BoardSetup setup, BoardListener listener, Ticker ticker) {
        this(settings, setup, listener, null, ticker);
    }

    /** @param nodes receives other nodes on the bus, or null */
    public CanBoard(CanSettings settings, BoardSetup setup, BoardListener listener, @Nullable NodeListener nodes,
            Ticker ticker) {
        this.settings = settings;
        this.setup = setup;
        this.nodes = nodes;
        this.decoder = new PdoDecoder(settings.nodeId(), setup, settings.adaptsLifetime());
        this.duplicates = new DuplicateNodeDetector(settings.nodeId(), setup);
        this.objects = new SdoPlan(setup, settings.sdoPolling()).objects();
        this.supervisor = new BoardSupervisor(setup, listener, ticker);
        this.ticker = ticker;
        CommandQueue commands = settings.commandQueue();
        if (commands != null) {
            supervisor.inform(commands);
        }
        this.staleNanos = setup.lifetimeNanos(PollClass.FAST);
        long interval = Math.max(SHORTEST_POLL, Math.min(LONGEST_POLL, staleNanos / READS_PER_LIFETIME));
        this.pollNanos = interval / Math.max(1, objects.size());
        this.attachDue = ticker.nanos();
        this.lastReport = attachDue - REPORT_INTERVAL;
    }

    /** Removes the board from the bus; may be called by any thread. */
    void leave() {
        left = true;
    }

    @Override
    public boolean hasLeft() {
        return left;
    }

    @Override
    public int nodeId() {
        return settings.nodeId();
    }

    @Override
    public boolean looksForNodes() {
        return nodes != null;
    }

    @Override
    public void nodeHeard(int node, boolean isBoard) {
        NodeListener listener = nodes;
        if (listener != null && !left) {
            guard(() -> listener.heard(node, isBoard));
        }
    }

    @Override
    public void nodeTaken(int node) {
        NodeListener listener = nodes;
        if (listener != null && !left) {
            guard(() -> listener.taken(node));
        }
    }

    @Override
    public long syncIntervalNanos() {
        return settings.syncInterval().toNanos();
    }

    @Override
    public void want(boolean[] wanted) {
        decoder.want(wanted);
        wanted[CanFrame.HEARTBEAT_ID + settings.nodeId()] = true;
        wanted[SdoClient.ANSWER_ID + settings.nodeId()] = true;
    }

    @Override
    public long due() {
        if (broken != null) {
            return silentSince;
        }
        if (session == null) {
            return attachDue;
        }
        long due = polls() && !polling ? pollDue : ticker.nanos() + Ticker.NEVER;
        due = arrived && reportDue - due < 0 ? reportDue : due;
        CommandQueue commands = settings.commandQueue();
        return commands != null && commands.due() - due < 0 ? commands.due() : due;
    }

    @Override
    public boolean isUrgent() {
        CommandQueue commands = settings.commandQueue();
        return commands != null && commands.isUrgent();
    }

    @Override
    public void serve(CanSession open) throws LinkException {
        Throwable failed = broken;
        if (failed != null) {
            broken = null;
            throw new IllegalStateException(failed);
        }
        long now = ticker.nanos();
        CommandQueue commands = settings.commandQueue();
        if (!open.equals(session)) {
            attach(open, now);
        } else if (commands != null && (commands.isUrgent() || commands.due() - now <= 0)) {
            commands.step(new CanPort(open.sdo(settings.nodeId()), setup, this::heardSince, ticker));
        } else if (arrived && reportDue - now <= 0) {
            report(open, now);
        } else if (polls() && !polling && pollDue - now <= 0) {
            poll(open, now);
        }
    }

    /** Value of the signal in a PDO received since the board acknowledged the command; NaN if there was none. */
    private double heardSince(Command command) {
        long now = ticker.nanos();
        boolean heard = decoder.hasGiven(command.signal(), now, now - command.writtenAt());
        return heard ? supervisor.assembler().number(command.signal()) : Double.NaN;
    }

    @Override
    public void opened(CanSession open) {
        supervisor.opened();
        detach();
        attachDue = ticker.nanos();
    }

    @Override
    public void ended() {
        supervisor.ended();
    }

    @Override
    public void unavailable(Failure failure) {
        detach();
        supervisor.onUnreachable(failure);
    }

    /**
     * Values received before the connection was lost stay valid until they are stale, but they are not reported as new.
     * The board may have restarted meanwhile, so its next measurements wait again for the initialisation flag.
     */
    private void detach() {
        session = null;
        polling = false;
        awaitsInitialisation = false;
        awaitsUntil = 0;
        decoder.forget();
        duplicates.reset();
        if (arrived) {
            arrived = false;
            supervisor.heard(arrivedAt);
        }
    }

    private void attach(CanSession open, long now) throws LinkException {
        open.attach(this);
        session = open;
        polling = false;
        pollDue = now;
        silentSince = now;
        causeDue = now + staleNanos;
    }

    private boolean polls() {
        CanSession open = session;
        return open != null && !open.isListenOnly() && !objects.isEmpty();
    }

    @Override
    public boolean accept(CanFrame frame, long now) {
        try {
            return broken == null && hear(frame, now);
        } catch (RuntimeException | Error e) {
            broken = e;
            return true;
        }
    }

    private void guard(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            broken = e;
        }
    }

    private boolean hear(CanFrame frame, long now) {
        boolean wasDuplicate = duplicates.isDuplicate();
        duplicates.hear(frame, now);
        if (duplicates.isDuplicate()) {
            silentSince = now;
            if (!wasDuplicate) {
                withhold();
            }
            return true;
        }
        if (frame.id() == CanFrame.HEARTBEAT_ID + settings.nodeId()) {
            return heartbeat(frame, now);
        }
        if (frame.id() == CanFrame.SYNC_ID) {
            decoder.hearSync(now);
        }
        decoder.setWary(duplicates.isDoubtful(now));
        switch (decoder.decode(frame, supervisor.assembler(), now)) {
            case NONE:
                return false;
            case TAKEN:
                measured(now);
                return true;
            case EMPTY:
                logger.debug("node {} has no readings", settings.nodeId());
                if (supervisor.isOnline()) {
                    started(now);
                } else {
                    measured(now);
                }
                return true;
            default:
                heard(now);
                return true;
        }
    }

    /** Two boards have the node ID: their values cannot be told apart, and a command would reach both. */
    private void withhold() {
        logger.debug("two boards use node ID {}", settings.nodeId());
        forget();
        arrived = false;
        supervisor.withhold(Failure.of(FailureCause.DUPLICATE_NODE_ID));
    }

    /** Measurements were received. They are withheld while the board's initialisation state is unknown. */
    private void measured(long now) {
        if (decoder.hasGiven(Catalogue.INITIALISATION, now, staleNanos)) {
            if (awaitsInitialisation) {
                awaitsInitialisation = false;
                reportDue = now + GATHER;
            }
        } else if (!awaitsInitialisation && awaitsUntil == 0) {
            awaitsInitialisation = true;
            awaitsUntil = now + AWAIT_INITIALISATION;
        }
        heard(now);
        if (awaitsInitialisation) {
            reportDue = awaitsUntil;
        }
    }

    private boolean heartbeat(CanFrame frame, long now) {
        if (!NodeFinder.isHeartbeat(frame)) {
            return false;
        }
        boolean hasStarted = (frame.at(0) & NodeFinder.STATE_MASK) == NodeFinder.BOOT_UP;
        if (hasStarted) {
            logger.debug("node {} has started", settings.nodeId());
            forget();
            started(now);
        } else {
            heard(now);
        }
        heartbeats.hear(now);
        return true;
    }

    private void started(long now) {
        awaitsInitialisation = false;
        awaitsUntil = 0;
        objects.forEach(SdoObject::allow);
        heard(now);
        reportDue = now;
    }

    /** Discards the values that the board sent before a restart. */
    private void forget() {
        supervisor.assembler().forgetBoard();
        decoder.forget();
        awaitsInitialisation = false;
        awaitsUntil = 0;
    }

    private void heard(long now) {
        arrivedAt = now;
        silentSince = now;
        if (!arrived) {
            arrived = true;
            reportDue = Math.max(now + GATHER - lastReport, REPORT_INTERVAL) + lastReport;
        }
    }

    private void report(CanSession open, long now) {
        if (decoder.hasReadings() && !readingsShown && duplicates.isDoubtful(now)) {
            // The first readings wait until it is clear that a single board sends them.
            reportDue = now + REPORT_INTERVAL;
            return;
        }
        readingsShown = decoder.hasReadings();
        arrived = false;
        awaitsInitialisation = false;
        lastReport = now;
        supervisor.heard(arrivedAt);
        if (settings.adaptsLifetime()) {
            supervisor.expectSilence(
                    shorter(decoder.shortestPeriodLifetime(), shorter(heartbeats.lifetime(), answers.lifetime())));
        }
        publish(open, now);
    }

    /** The shorter of two times; 0 means none. */
    private static long shorter(long a, long b) {
        return a == 0 || b > 0 && b < a ? b : a;
    }

    private void publish(@Nullable CanSession open, long now) {
        supervisor.publish(open == null ? Double.NaN : open.loadPercent());
        // Values that arrived together become stale together.
        expiryDue = supervisor.assembler().nextExpiry(now) + GATHER;
    }

    @Override
    public long deadline() {
        if (!supervisor.isOnline()) {
            return session == null ? supervisor.deadline() : causeDue;
        }
        long lost = supervisor.deadline();
        // A pending report covers the expiry as well.
        return arrived || expiryDue - lost > 0 ? lost : expiryDue;
    }

    @Override
    public void watch(long now) {
        CanSession open = session;
        causeDue = now + staleNanos;
        if (duplicates.isDuplicate()) {
            if (now - silentSince < staleNanos) {
                return;
            }
            duplicates.reset();
        }
        if (arrived && now - arrivedAt < staleNanos) {
            // The board was received, and a report is about to follow.
            supervisor.heard(arrivedAt);
            return;
        }
        // The bus thread did not serve the board in time, and the pending values are stale.
        arrived = false;
        if (supervisor.isOnline() && supervisor.deadline() - now > 0) {
            // The board is online, but no longer sends this value.
            publish(open, now);
            return;
        }
        if (open != null) {
            supervisor.onUnreachable(open.whySilent(now, Math.max(staleNanos, now - silentSince)));
        }
        if (supervisor.isOnline()) {
            supervisor.watch(now);
            if (!supervisor.isOnline()) {
                forget();
            }
        }
    }

    private void poll(CanSession open, long now) {
        pollDue = now + pollNanos;
        SdoObject object = objects.get(nextObject);
        nextObject = (nextObject + 1) % objects.size();
        if (object.isRefused(now)) {
            return;
        }
        polling = true;
        open.sdo(settings.nodeId()).upload(object.index(), object.subIndex(), new SdoListener() {
            @Override
            public void done(byte[] data, long roundTripNanos) {
                polling = false;
                guard(() -> answered(object, data, roundTripNanos));
            }

            @Override
            public void aborted(int abortCode) {
                polling = false;
                guard(() -> refused(object, abortCode));
            }
        }, now);
    }

    private void answered(SdoObject object, byte[] data, long roundTripNanos) {
        if (duplicates.isDuplicate()) {
            return;
        }
        long now = ticker.nanos();
        supervisor.answered(now, roundTripNanos);
        object.answer();
        answers.hear(now);
        long raw = Field.raw(data);
        for (Field field : object.fields()) {
            // A PDO is at least as recent. Zeros of a board without readings do not mean that no bit is set.
            if (field.isIn(data) && !decoder.hasGiven(field.point(), now, staleNanos)
                    && !(decoder.isEmpty() && raw == 0)) {
                supervisor.assembler().put(field.point(), field.decode(raw), now);
            }
        }
        if (object.holdsMeasurements()) {
            measured(now);
        } else {
            heard(now);
        }
    }

    private void refused(SdoObject object, int abortCode) {
        if (duplicates.isDuplicate()) {
            return;
        }
        long now = ticker.nanos();
        if (abortCode == SdoAbort.TIMED_OUT) {
            CanSession open = session;
            supervisor
                    .failed(open == null ? Failure.of(FailureCause.NO_ANSWER) : open.whySilent(now, now - silentSince));
            return;
        }
        logger.debug("node {} aborts reading {}: {}", settings.nodeId(), Integer.toHexString(object.index()),
                SdoAbort.words(abortCode));
        supervisor.refused();
        if (SdoAbort.isPermanent(abortCode)) {
            object.refuse(now);
            object.fields().forEach(field -> {
                if (!decoder.hasGiven(field.point(), now, staleNanos)) {
                    supervisor.assembler().forget(field.point());
                }
            });
        }
        heard(now);
    }
}
