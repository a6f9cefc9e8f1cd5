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
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;
import org.openhab.binding.bmsmain.internal.canopen.NodeFinder;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * Looks for boards on a CAN bus by listening, without sending a bit.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class CanScan {

    private final Ticker ticker;
    private final Progress progress;
    private final NodeFinder finder = new NodeFinder();
    private boolean any;
    private @Nullable Failure failure;
    private int rate;

    /**
     * A node that was heard.
     *
     * @param node its id
     * @param kiloBits bit rate of the bus in kbit/s; 0 where the interface knows it
     * @param isBoard whether it sends what a BMS Main sends
     */
    public record Heard(int node, int kiloBits, boolean isBoard) {
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
                heard.add(new Heard(node, rate, finder.isBoard(node)));
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
        while (end - ticker.nanos() > 0 && !progress.isCancelled()) {
            if (adapter.receive(frame, end)) {
                any |= finder.hear(frame) != 0;
            }
        }
    }
}
