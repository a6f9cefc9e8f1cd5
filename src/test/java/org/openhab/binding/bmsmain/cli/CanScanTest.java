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

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.cli.CanScan.Heard;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;
import org.openhab.binding.bmsmain.internal.canopen.CanStatistics;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;

/**
 * A scan of a CAN bus finds the boards and reports two boards with the same node ID.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CanScanTest {

    private static final int[] TPDO1 = { 0x02, 0x5A, 0x00, 0x1A, 0x1B, 0x50, 0xFC, 0x01 };
    private static final int[] OTHER_TPDO1 = { 0x02, 0x70, 0xFE, 0x1A, 0x1B, 0x0F, 0xD6, 0x01 };
    private static final int[] TPDO2 = { 0x2C, 0x00, 0xC0, 0x03, 0x00, 0x40, 0x00, 0x00 };

    private final LeapTicker ticker = new LeapTicker();
    private final List<Coming> coming = new ArrayList<>();
    private int rate = 250;

    private record Coming(long millis, CanFrame frame) {
    }

    private void each(long first, long period, int id, int... data) {
        for (long at = first; at < 30_000; at += period) {
            coming.add(new Coming(at, CanFrame.of(id, data)));
        }
    }

    /** An adapter on the bus of the test. */
    private final class Adapter implements CanAdapter {
        private final int kiloBits;
        private final CanStatistics statistics = new CanStatistics();
        private final List<Coming> rest;
        private final long begun = ticker.nanos();

        Adapter(int kiloBits) {
            this.kiloBits = kiloBits;
            this.rest = new ArrayList<>(coming);
            this.rest.sort(Comparator.comparingLong(Coming::millis));
        }

        @Override
        public void open() {
            // always open
        }

        @Override
        public void listenTo(boolean[] wanted) {
            // no filter: all frames are delivered
        }

        @Override
        public boolean receive(CanFrame frame, long deadline) {
            if (kiloBits != rate || rest.isEmpty() || begun + rest.get(0).millis * LeapTicker.MILLI - deadline > 0) {
                ticker.parkUntil(deadline);
                return false;
            }
            Coming next = rest.remove(0);
            ticker.parkUntil(begun + next.millis * LeapTicker.MILLI);
            frame.set(next.frame);
            return true;
        }

        @Override
        public void send(CanFrame frame) {
            throw new AssertionError("a scan sends nothing");
        }

        @Override
        public State state() {
            return State.ACTIVE;
        }

        @Override
        public CanStatistics statistics() {
            return statistics;
        }

        @Override
        public void close() {
            // nothing to close
        }
    }

    private List<Heard> scan() {
        return new CanScan(ticker, Progress.NONE).scan((baudRate, kiloBits) -> new Adapter(kiloBits), List.of(115_200),
                List.of(250, 500), Duration.ofSeconds(3));
    }

    private void board(int node) {
        each(0, 500, 0x180 + node, TPDO1);
        each(1, 500, 0x280 + node, TPDO2);
        each(100, 1000, 0x700 + node, 0x05);
    }

    @Test
    void findsBoardsAndOtherNodes() {
        board(32);
        each(0, 1000, 0x705, 0x05);
        assertEquals(List.of(new Heard(5, 115_200, 250, false, false), new Heard(32, 115_200, 250, true, false)),
                scan());
    }

    @Test
    void findsABoardAtAnotherBitRate() {
        rate = 500;
        board(32);
        assertEquals(List.of(new Heard(32, 115_200, 500, true, false)), scan());
    }

    /** Frames exchanged between an inverter and its battery. */
    @Test
    void framesOfAnotherProtocolAreNoNodes() {
        for (int id : new int[] { 0x305, 0x351, 0x355, 0x356, 0x359, 0x35A, 0x35C, 0x35E, 0x370, 0x379, 0x380, 0x381,
                0x382, 0x190, 0x1D0 }) {
            each(0, 100, id, 0x14, 0x02, 0x74, 0x0E, 0x74, 0x0E, 0xCC, 0x01);
        }
        each(0, 100, 0x290, 0, 0, 0, 0, 0, 0, 0, 0);
        assertEquals(List.of(), scan());
        board(32);
        assertEquals(List.of(new Heard(32, 115_200, 250, true, false)), scan());
    }

    @Test
    void tellsOfTwoBoardsWithOneNodeId() {
        board(33);
        each(10, 1000, 0x1A0, TPDO1);
        each(12, 1000, 0x1A0, OTHER_TPDO1);
        each(13, 1000, 0x2A0, TPDO2);
        each(14, 1000, 0x2A0, TPDO2);
        assertEquals(List.of(new Heard(32, 115_200, 250, true, true), new Heard(33, 115_200, 250, true, false)),
                scan());
    }

    /**
     * Their values are similar, so the detection takes longer than the scan; the scan continues after a sign of
     * two boards.
     */
    @Test
    void followsASignOfTwoBoards() {
        each(10, 1000, 0x1A0, TPDO1);
        each(12, 1000, 0x1A0, 0x02, 0x5A, 0xFF, 0x1A, 0x1B, 0x50, 0xFC, 0x01);
        each(13, 1000, 0x2A0, TPDO2);
        each(14, 1000, 0x2A0, TPDO2);
        long begun = ticker.nanos();
        assertEquals(List.of(new Heard(32, 115_200, 250, true, true)), scan());
        assertTrue(ticker.nanos() - begun < 16 * LeapTicker.SECOND);
    }
}
