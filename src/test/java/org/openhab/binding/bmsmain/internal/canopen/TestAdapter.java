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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A bus on which the test simulates all other participants.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TestAdapter implements CanAdapter {

    /** Reaction of the other participants to a frame of the binding. */
    interface Others {
        void hear(CanFrame frame);
    }

    private record Coming(long atMillis, CanFrame frame) {
    }

    final List<String> sent = new ArrayList<>();
    final CanStatistics statistics = new CanStatistics();
    State state = State.ACTIVE;
    Others others = frame -> {
    };
    private final TestTicker ticker;
    private final Deque<Coming> coming = new ArrayDeque<>();
    private boolean[] wanted = new boolean[0];
    @Nullable
    LinkException gone;

    TestAdapter(TestTicker ticker) {
        this.ticker = ticker;
    }

    /** Adds a frame that arrives now or later; frames are sorted by time. */
    void arrives(long atMillis, int id, int... bytes) {
        coming.add(new Coming(atMillis, CanFrame.of(id, bytes)));
    }

    @Override
    public void open() {
        sent.clear();
    }

    @Override
    public void listenTo(boolean[] identifiers) {
        wanted = identifiers.clone();
    }

    /** Whether frames with an identifier are delivered. */
    boolean isWanted(int id) {
        return wanted[id];
    }

    @Override
    public boolean receive(CanFrame frame, long deadline) throws LinkException {
        LinkException failure = gone;
        if (failure != null) {
            throw failure;
        }
        while (!coming.isEmpty() && coming.element().atMillis * TestTicker.MILLI - deadline <= 0) {
            Coming next = coming.remove();
            ticker.parkUntil(next.atMillis * TestTicker.MILLI);
            statistics.received(next.frame.length());
            if (wanted[next.frame.id()]) {
                frame.begin(next.frame.id(), next.frame.length());
                for (int i = 0; i < frame.length(); i++) {
                    frame.put(i, next.frame.at(i));
                }
                return true;
            }
        }
        ticker.parkUntil(deadline);
        return false;
    }

    @Override
    public void send(CanFrame frame) {
        sent.add(ticker.millis() + ": " + frame);
        others.hear(frame);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public CanStatistics statistics() {
        return statistics;
    }

    @Override
    public void close() {
        coming.clear();
    }
}
