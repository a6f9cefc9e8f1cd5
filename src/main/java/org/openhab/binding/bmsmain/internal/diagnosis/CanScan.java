/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;
import org.openhab.binding.bmsmain.internal.canopen.CanStatistics;
import org.openhab.binding.bmsmain.internal.canopen.DuplicateNodeDetector;
import org.openhab.binding.bmsmain.internal.canopen.NodeFinder;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * Looks for boards on a CAN bus by listening, without sending a frame.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanScan {

    /** How long a sign of two boards with one id prolongs the listening, and all signs together. */
    private static final long DOUBT_NANOS = 3_000_000_000L;
    private static final long LONGEST_DOUBT_NANOS = 12_000_000_000L;

    private final Ticker ticker;
    private final Progress progress;
    private final NodeFinder finder = new NodeFinder();
    private final DuplicateNodeDetector[] duplicates = new DuplicateNodeDetector[NodeFinder.LAST_NODE + 1];
    private boolean any;
    private @Nullable Failure failure;
    private int rate;

    /**
     * A node that was heard.
     *
     * @param node its id
     * @param kiloBits bit rate of the bus in kbit/s; 0 where the interface knows it
     * @param isBoard whether it sends what a BMS Main sends
     * @param isDuplicate whether two devices have this id
     */
    public record Heard(int node, int kiloBits, boolean isBoard, boolean isDuplicate) {
    }

    /** Makes an adapter that only listens. */
    public interface Adapters {
        /**
         * @param kiloBits bit rate in kbit/s
         */
        CanAdapter at(int kiloBits) throws LinkException;
    }

    public CanScan(Ticker ticker, Progress progress) {
        this.ticker = ticker;
        this.progress = progress;
        BoardSetup setup = BoardSetup.standard(Duration.ZERO, Duration.ZERO);
        for (int node = 0; node < duplicates.length; node++) {
            duplicates[node] = new DuplicateNodeDetector(node, setup);
        }
    }

    /** Whether any frame was heard, be it of a node or not. */
    public boolean hasHeard() {
        return any;
    }

    /** Why the bus could not be listened to, or null. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Listens at each bit rate until frames are heard. */
    public List<Heard> scan(Adapters adapters, List<Integer> bitRates, Duration time) {
        int done = 0;
        for (int kiloBits : bitRates) {
            progress.at(done++, bitRates.size(), kiloBits == 0 ? "" : kiloBits + " kbit/s",
                    time.toSeconds() * (bitRates.size() - done + 1));
            rate = kiloBits;
            try (CanAdapter adapter = adapters.at(kiloBits)) {
                adapter.open();
                listen(adapter, time);
            } catch (LinkException e) {
                failure = e.failure();
                return List.of();
            }
            if (any || progress.isCancelled()) {
                break;
            }
        }
        List<Heard> heard = new ArrayList<>();
        for (int node = 1; node <= NodeFinder.LAST_NODE; node++) {
            if (finder.isHeard(node)) {
                heard.add(new Heard(node, rate, finder.isBoard(node), duplicates[node].isDuplicate()));
            }
        }
        return heard;
    }

    private void listen(CanAdapter adapter, Duration time) throws LinkException {
        boolean[] all = new boolean[CanFrame.MAX_ID + 1];
        Arrays.fill(all, true);
        adapter.listenTo(all);
        CanFrame frame = new CanFrame();
        long end = ticker.nanos() + time.toNanos();
        long longest = end + LONGEST_DOUBT_NANOS;
        while (end - ticker.nanos() > 0 && !progress.isCancelled()) {
            if (adapter.receive(frame, end)) {
                any = true;
                finder.hear(frame);
                DuplicateNodeDetector detector = duplicates[frame.id() & NodeFinder.LAST_NODE];
                detector.hear(frame, ticker.nanos());
                long later = ticker.nanos() + DOUBT_NANOS;
                if (detector.hasSign() && later - end > 0 && later - longest < 0) {
                    // Two boards with one id are worth some seconds more.
                    end = later;
                }
            }
        }
        CanStatistics seen = adapter.statistics();
        any |= seen.framesReceived() + seen.framesSkipped() > 0;
    }
}
