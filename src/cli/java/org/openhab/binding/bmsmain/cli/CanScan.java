/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanStatistics;
import org.openhab.binding.bmsmain.internal.canopen.DuplicateNodeDetector;
import org.openhab.binding.bmsmain.internal.canopen.NodeFinder;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Searches for boards on a CAN bus by listening, without sending a frame.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanScan {

    /** Additional listening time after a sign of two boards with one node ID, and its maximum in total. */
    private static final long DOUBT_NANOS = 3_000_000_000L;
    private static final long LONGEST_DOUBT_NANOS = 12_000_000_000L;
    /** Process data are sent on SYNC, whose interval may be up to 10 s. */
    private static final long SLOWEST_SYNC_NANOS = 11_000_000_000L;
    private static final long STEP_NANOS = 100_000_000;
    private static final String BIT_RATE_COMMAND = "S";

    private final Ticker ticker;
    private final Progress progress;
    private final NodeFinder finder = new NodeFinder();
    private final DuplicateNodeDetector[] duplicates = new DuplicateNodeDetector[CanFrame.LAST_NODE + 1];
    private boolean any;
    private boolean answers;
    /** Whether a silent adapter gets time to start; not after it failed to respond within that time. */
    private boolean mayStart = true;
    private @Nullable Failure failure;
    private int baudRate;
    private int rate;

    /**
     * A node that was found.
     *
     * @param node its node ID
     * @param serialBaudRate baud rate of the port of the adapter; 0 for a CAN interface
     * @param kiloBits bit rate of the bus in kbit/s; 0 for an interface with a configured bit rate
     * @param isBoard whether it sends what a BMS Main sends
     * @param isDuplicate whether two devices have this node ID
     */
    public record Heard(int node, int serialBaudRate, int kiloBits, boolean isBoard, boolean isDuplicate) {
    }

    /** Creates an adapter in listen-only mode. */
    public interface Adapters {
        /**
         * @param serialBaudRate baud rate of the port of the adapter; 0 for a CAN interface
         * @param kiloBits bit rate in kbit/s
         */
        CanAdapter at(int serialBaudRate, int kiloBits) throws LinkException;
    }

    public CanScan(Ticker ticker, Progress progress) {
        this.ticker = ticker;
        this.progress = progress;
        BoardSetup setup = BoardSetup.standard(Duration.ZERO, Duration.ZERO);
        for (int node = 0; node < duplicates.length; node++) {
            duplicates[node] = new DuplicateNodeDetector(node, setup);
        }
    }

    /** Whether any frame was received, from a node or not. */
    public boolean hasHeard() {
        return any;
    }

    /** Why listening on the bus failed, or null. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Whether an adapter responded; otherwise no frame could be received. */
    public boolean hasAdapter() {
        return answers;
    }

    /**
     * Listens at each bit rate until frames are received. If no adapter responds, the other baud rates of its port are
     * tried as well.
     *
     * @param baudRates baud rates of the serial port, the likely one first
     * @param bitRates bit rates of the bus
     * @param time how long to listen at each bit rate; extended when a node may be a board
     */
    public List<Heard> scan(Adapters adapters, List<Integer> baudRates, List<Integer> bitRates, Duration time) {
        for (int i = 0; i < baudRates.size() && !answers && !progress.isCancelled(); i++) {
            int each = baudRates.get(i);
            if (i > 0) {
                progress.at(i, baudRates.size(), each + " baud", 0);
            }
            if (i == 0 || answersAt(adapters, each, bitRates.get(0))) {
                baudRate = each;
                listen(adapters, bitRates, time);
            }
            if (i == 0 && failure != null) {
                return List.of();
            }
        }
        List<Heard> heard = new ArrayList<>();
        for (int node = 1; node <= CanFrame.LAST_NODE; node++) {
            if (finder.isHeard(node)) {
                heard.add(new Heard(node, baudRate, rate, finder.isBoard(node), duplicates[node].isDuplicate()));
            }
        }
        return heard;
    }

    private boolean answersAt(Adapters adapters, int serialBaudRate, int kiloBits) {
        try (CanAdapter adapter = adapters.at(serialBaudRate, kiloBits)) {
            adapter.open();
            CanFrame frame = new CanFrame();
            long end = ticker.nanos() + CanLine.STARTING_NANOS;
            while (!adapter.answers() && end - ticker.nanos() > 0 && !progress.isCancelled()) {
                adapter.receive(frame, ticker.nanos() + STEP_NANOS);
            }
            return adapter.answers();
        } catch (LinkException e) {
            // ADAPTER_REFUSED: the adapter responds, but refuses this bit rate. Others: no such baud rate at the port.
            return e.failure().cause() == FailureCause.ADAPTER_REFUSED;
        }
    }

    private void listen(Adapters adapters, List<Integer> bitRates, Duration time) {
        int done = 0;
        int refused = 0;
        for (int kiloBits : bitRates) {
            progress.at(done++, bitRates.size(), kiloBits == 0 ? "" : kiloBits + " kbit/s",
                    time.toSeconds() * (bitRates.size() - done + 1));
            rate = kiloBits;
            try (CanAdapter adapter = adapters.at(baudRate, kiloBits)) {
                adapter.open();
                listen(adapter, time);
            } catch (LinkException e) {
                boolean lacksBitRate = e.failure().cause() == FailureCause.ADAPTER_REFUSED
                        && e.failure().detail().startsWith(BIT_RATE_COMMAND);
                answers |= lacksBitRate;
                refused += lacksBitRate ? 1 : 0;
                if (!lacksBitRate || refused == bitRates.size()) {
                    failure = e.failure();
                    return;
                }
            }
            if (any || progress.isCancelled()) {
                return;
            }
        }
    }

    private void listen(CanAdapter adapter, Duration time) throws LinkException {
        boolean[] all = new boolean[CanFrame.MAX_ID + 1];
        Arrays.fill(all, true);
        adapter.listenTo(all);
        CanFrame frame = new CanFrame();
        long begun = ticker.nanos();
        long end = begun + time.toNanos();
        long longest = end + LONGEST_DOUBT_NANOS;
        boolean anyNode = false;
        while (!progress.isCancelled()) {
            long now = ticker.nanos();
            if (mayStart && !adapter.answers() && now - begun < CanLine.STARTING_NANOS) {
                end = now + time.toNanos();
                longest = end + LONGEST_DOUBT_NANOS;
            }
            if (end - now <= 0 && !(anyNode && !hasBoard() && now - begun < SLOWEST_SYNC_NANOS)) {
                break;
            }
            if (adapter.receive(frame, now + STEP_NANOS)) {
                any = true;
                anyNode |= finder.hear(frame) != 0;
                DuplicateNodeDetector detector = duplicates[frame.id() & CanFrame.LAST_NODE];
                detector.hear(frame, ticker.nanos());
                long later = ticker.nanos() + DOUBT_NANOS;
                if (detector.hasSign() && later - end > 0 && later - longest < 0) {
                    // A possible duplicate justifies longer listening.
                    end = later;
                }
            }
        }
        CanStatistics seen = adapter.statistics();
        any |= seen.framesReceived() + seen.framesSkipped() > 0;
        answers |= adapter.answers();
        mayStart = answers;
    }

    private boolean hasBoard() {
        for (int node = 1; node <= CanFrame.LAST_NODE; node++) {
            if (finder.isBoard(node)) {
                return true;
            }
        }
        return false;
    }
}
