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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusLoad;
import org.openhab.binding.bmsmain.internal.bus.BusSession;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * An open CAN bus. Dispatches received frames to the boards, produces SYNC for the boards that request it, and runs the
 * SDO transfers of each node one at a time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanSession implements BusSession {

    private static final long MILLI = 1_000_000;
    /** Maximum time after which the thread checks for boards that joined or left, or that have a request. */
    private static final long LONGEST_REST = 100 * MILLI;
    /** A node that does not look like a BMS Main is reported when it is received again after this time. */
    private static final long SECOND_HEARING = 2_000 * MILLI;
    /** Interval at which a node is reported again while it is present. */
    private static final long TELL_AGAIN = 300_000 * MILLI;
    private static final long SDO_TIMEOUT = 500 * MILLI;
    /** Maximum time for which frames of unknown age are dropped. */
    private static final long LONGEST_CATCH_UP = 1_000 * MILLI;

    private final CanAdapter adapter;
    private final boolean listenOnly;
    private final int bitRate;
    private final Ticker ticker;
    private final BusLoad load;
    private final List<Device> boards = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Map<Integer, SdoClient> clients = new HashMap<>();
    private final CanFrame frame = new CanFrame();
    private final CanFrame sync = CanFrame.of(CanFrame.SYNC_ID);
    private final NodeFinder finder = new NodeFinder();
    private final Map<Integer, UnknownNode> unknownNodes = new HashMap<>();

    private long ownSyncInterval;
    private long syncInterval;
    private long syncDue;
    private int unknownNode;
    private long unknownNodeAt;
    private long lastBits;
    private boolean heard;
    /** Time by which the thread should have checked for frames again. */
    private long lookDue;
    private @Nullable LinkException lost;

    /** A board on the bus. All methods are called on the thread of the bus. */
    interface Device {

        int nodeId();

        /** Whether it has left the bus. */
        boolean hasLeft();

        /** Marks the identifiers that the board needs. */
        void want(boolean[] wanted);

        /** Requested SYNC interval in nanoseconds; 0 for none. */
        long syncIntervalNanos();

        /** @return whether the frame concerns this board */
        boolean accept(CanFrame frame, long nanos);

        /** Whether {@link #nodeHeard} is to be called for other nodes. */
        boolean looksForNodes();

        /** Another node was received, which may be a BMS Main. */
        void nodeHeard(int node, boolean isBoard);

        /** A node ID now belongs to a board of the bus. */
        void nodeTaken(int node);
    }

    private record Subscription(FrameListener listener, BooleanSupplier hasLeft) {
    }

    /** A node that belongs to no configured board of the bus. */
    private static final class UnknownNode {
        private final long firstHeard;
        private boolean isTold;
        private boolean isBoard;
        private long toldAt;

        UnknownNode(long firstHeard) {
            this.firstHeard = firstHeard;
        }
    }

    /**
     * @param adapter open adapter
     * @param listenOnly whether nothing may be sent
     * @param bitRate bits per second; 0 if unknown
     */
    CanSession(CanAdapter adapter, boolean listenOnly, int bitRate, Ticker ticker) {
        this.adapter = adapter;
        this.listenOnly = listenOnly;
        this.bitRate = bitRate;
        this.ticker = ticker;
        this.load = new BusLoad(ticker.nanos());
        this.lookDue = ticker.nanos() + LONGEST_REST;
    }

    /** Receives all frames of the adapter. */
    public interface FrameListener {
        /** Called on the thread of the bus; must not block. */
        void heard(CanFrame frame, long nanos);
    }

    /**
     * Subscribes a listener to all frames. Must be called on the thread of the bus.
     *
     * @throws LinkException when the adapter is gone
     */
    public void hear(FrameListener listener) throws LinkException {
        hear(listener, () -> false);
    }

    /**
     * Subscribes a listener to all frames until {@code hasLeft} returns true, for listeners that may leave without
     * another turn on the bus. Must be called on the thread of the bus.
     *
     * @param hasLeft whether the listener has left; called on the thread of the bus
     * @throws LinkException when the adapter is gone
     */
    public void hear(FrameListener listener, BooleanSupplier hasLeft) throws LinkException {
        subscriptions.add(new Subscription(listener, hasLeft));
        boardsChanged();
    }

    /**
     * Ends {@link #hear}. Must be called on the thread of the bus.
     *
     * @throws LinkException when the adapter is gone
     */
    public void ignore(FrameListener listener) throws LinkException {
        subscriptions.removeIf(subscription -> subscription.listener.equals(listener));
        boardsChanged();
    }

    /**
     * Reads an object of a node. Must be called on the thread of the bus, which also calls the listener.
     *
     * @throws IllegalStateException when nothing may be sent
     */
    public void read(int nodeId, int index, int subIndex, SdoListener listener) {
        sdo(nodeId).upload(index, subIndex, listener, ticker.nanos());
    }

    /**
     * Sends SYNC at this interval, unless a board requests a shorter one. Must be called on the thread of the bus.
     *
     * @param interval zero for none
     * @throws LinkException when the adapter is gone
     */
    public void callEvery(Duration interval) throws LinkException {
        ownSyncInterval = interval.toNanos();
        boardsChanged();
    }

    /** Health of the bus as reported by the adapter. Must be called on the thread of the bus. */
    public CanHealth health() {
        CanStatistics seen = adapter.statistics();
        return new CanHealth(adapter.answers(), adapter.state(), seen.framesReceived() + seen.framesSkipped(),
                seen.linesDamaged(), seen.framesUnacknowledged(), seen.busErrors());
    }

    /** Adds a board to the bus. */
    void attach(Device board) throws LinkException {
        if (!boards.contains(board)) {
            boards.add(board);
            boardsChanged();
            unknownNodes.remove(board.nodeId());
            boards.forEach(each -> each.nodeTaken(board.nodeId()));
        }
    }

    private void boardsChanged() throws LinkException {
        boolean[] wanted = new boolean[CanFrame.MAX_ID + 1];
        long shortest = listenOnly ? 0 : ownSyncInterval;
        for (Device board : boards) {
            board.want(wanted);
            long interval = listenOnly ? 0 : board.syncIntervalNanos();
            shortest = shortest == 0 || interval > 0 && interval < shortest ? interval : shortest;
        }
        // The heartbeats of other nodes show that the bus works, and which nodes exist.
        for (int node = 1; node <= CanFrame.LAST_NODE; node++) {
            wanted[CanFrame.HEARTBEAT_ID + node] = true;
        }
        clients.keySet().forEach(node -> wanted[SdoClient.ANSWER_ID + node] = true);
        if (boards.stream().anyMatch(Device::looksForNodes)) {
            NodeFinder.want(wanted);
        }
        if (!subscriptions.isEmpty()) {
            Arrays.fill(wanted, true);
        }
        adapter.listenTo(wanted);
        if (shortest != syncInterval) {
            syncInterval = shortest;
            syncDue = ticker.nanos();
        }
    }

    /** Whether nothing may be sent. */
    boolean isListenOnly() {
        return listenOnly;
    }

    /**
     * The SDO client of a node.
     *
     * @throws IllegalStateException when nothing may be sent
     */
    SdoClient sdo(int nodeId) {
        if (listenOnly) {
            throw new IllegalStateException("the bus is listen-only");
        }
        SdoClient client = clients.get(nodeId);
        if (client == null) {
            client = new SdoClient(nodeId, SDO_TIMEOUT, this::send);
            clients.put(nodeId, client);
            hearAnswers();
        }
        return client;
    }

    private void hearAnswers() {
        try {
            boardsChanged();
        } catch (LinkException e) {
            // Thrown later by checkLost() on the thread of the bus.
            lost = e;
        }
    }

    private void send(CanFrame request) {
        try {
            adapter.send(request);
        } catch (LinkException e) {
            // Thrown later by checkLost() on the thread of the bus.
            lost = e;
        }
    }

    private void checkLost() throws LinkException {
        LinkException e = lost;
        if (e != null) {
            lost = null;
            throw e;
        }
    }

    @Override
    public void idle(long untilNanos) throws LinkException {
        if (boards.removeIf(Device::hasLeft)
                | subscriptions.removeIf(subscription -> subscription.hasLeft.getAsBoolean())) {
            boardsChanged();
        }
        addLoad();
        long end = earlier(untilNanos, ticker.nanos() + LONGEST_REST);
        while (true) {
            long now = ticker.nanos();
            long deadline = earlier(end, produceSync(now));
            for (SdoClient client : clients.values()) {
                client.tick(now);
                deadline = earlier(deadline, client.deadline(now));
            }
            checkLost();
            boolean received = adapter.receive(frame, deadline);
            long then = ticker.nanos();
            boolean stalled = catchUp(then);
            if (received && !stalled) {
                heard = true;
                if (dispatch(then)) {
                    return;
                }
            } else if (end - then <= 0) {
                return;
            }
        }
    }

    /**
     * Drops the frames in the buffers of the adapter and the system after this thread stalled, for example because the
     * machine slept or was overloaded. Otherwise old values would be published as new.
     *
     * @return whether the thread stalled
     */
    private boolean catchUp(long now) throws LinkException {
        boolean stalled = now - lookDue > STALLED_NANOS;
        lookDue = now + LONGEST_REST;
        if (stalled) {
            long end = now + LONGEST_CATCH_UP;
            while (end - ticker.nanos() > 0 && adapter.receive(frame, ticker.nanos())) {
                // Too old to be used.
            }
        }
        return stalled;
    }

    private static long earlier(long a, long b) {
        return a - b <= 0 ? a : b;
    }

    /** Sends SYNC when it is due. Returns the time at which it is due next. */
    private long produceSync(long now) throws LinkException {
        if (syncInterval == 0) {
            return now + Ticker.NEVER;
        }
        if (syncDue - now <= 0) {
            adapter.send(sync);
            // Fixed schedule without drift; missed times are skipped.
            syncDue += syncInterval;
            if (syncDue - now <= 0) {
                syncDue = now + syncInterval;
            }
        }
        return syncDue;
    }

    /** @return whether the frame concerns a board or an SDO client */
    private boolean dispatch(long now) {
        for (Subscription subscription : subscriptions) {
            subscription.listener.heard(frame, now);
        }
        boolean any = false;
        for (Device board : boards) {
            any |= board.accept(frame, now);
        }
        int node = frame.id() & CanFrame.LAST_NODE;
        if ((frame.id() & ~CanFrame.LAST_NODE) == SdoClient.ANSWER_ID) {
            SdoClient client = clients.get(node);
            if (client != null) {
                client.accept(frame, now);
                any = true;
            }
        } else if (!any) {
            unknown(finder.hear(frame), now);
        }
        return any;
    }

    private void unknown(int node, long now) {
        if (node == 0 || boards.stream().anyMatch(board -> board.nodeId() == node)) {
            return;
        }
        boolean isBoard = finder.isBoard(node);
        if (isBoard || frame.id() > CanFrame.HEARTBEAT_ID) {
            unknownNode = node;
            unknownNodeAt = now;
        }
        UnknownNode known = unknownNodes.get(node);
        UnknownNode unknown = known == null ? new UnknownNode(now) : known;
        unknownNodes.put(node, unknown);
        boolean isNews = !unknown.isTold || isBoard && !unknown.isBoard || now - unknown.toldAt >= TELL_AGAIN;
        if (isNews && (isBoard || now - unknown.firstHeard >= SECOND_HEARING)) {
            unknown.isTold = true;
            unknown.isBoard = isBoard;
            unknown.toldAt = now;
            boards.forEach(board -> board.nodeHeard(node, isBoard));
        }
    }

    /**
     * Returns the most likely reason why a board of this bus is silent.
     *
     * @param withinNanos how long the board has been silent
     */
    Failure whySilent(long nowNanos, long withinNanos) {
        if (adapter.state() == CanAdapter.State.BUS_OFF) {
            return Failure.of(FailureCause.BUS_OFF);
        }
        if (unknownNode != 0 && nowNanos - unknownNodeAt <= withinNanos) {
            return new Failure(FailureCause.WRONG_UNIT, String.format(Locale.ROOT, "%d", unknownNode));
        }
        CanHealth health = health();
        if (!health.answers()) {
            return Failure.of(FailureCause.ADAPTER_SILENT);
        }
        // A controller that is alone on the bus has errors as well, but reports missing acknowledgements.
        if (health.frames() == 0 && health.isDisturbed()) {
            return Failure.of(FailureCause.GARBAGE);
        }
        return Failure.of(FailureCause.NO_ANSWER);
    }

    /** Bus load in percent; NaN if unknown. */
    double loadPercent() {
        if (bitRate == 0) {
            return Double.NaN;
        }
        addLoad();
        return load.percent(ticker.nanos());
    }

    /** Adds the load since the last call. Called often, so that it counts for the right time. */
    private void addLoad() {
        if (bitRate != 0) {
            long bits = adapter.statistics().bits();
            load.add((bits - lastBits) * 1_000_000_000L / bitRate, ticker.nanos());
            lastBits = bits;
        }
    }

    @Override
    public boolean hasWorked() {
        return heard;
    }

    @Override
    public void close() {
        adapter.close();
    }
}
