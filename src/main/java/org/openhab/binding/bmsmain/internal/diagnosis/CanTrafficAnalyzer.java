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
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.canopen.BoardShape;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;
import org.openhab.binding.bmsmain.internal.canopen.CanSession;
import org.openhab.binding.bmsmain.internal.canopen.DuplicateNodeDetector;
import org.openhab.binding.bmsmain.internal.canopen.NodeFinder;
import org.openhab.binding.bmsmain.internal.canopen.PdoDecoder;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Analyses the traffic on a CAN bus, and decodes the process data of one node.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class CanTrafficAnalyzer implements CanSession.FrameListener {

    private static final int SYNC = 0x080;
    private static final BoardSetup SETUP = BoardSetup.standard(Duration.ofHours(1), Duration.ofHours(1));
    private static final int FIRST_OBJECT = 0x180;
    private static final int SECOND_OBJECT = 0x280;
    private static final int HEARTBEAT = 0x700;
    private static final int STATE_MASK = 0x7F;
    private static final int UNKNOWN = -1;
    private static final int KNOWN = 0;
    private static final int ODD = 1;

    private final int node;
    private final NodeFinder finder = new NodeFinder();
    private final DuplicateNodeDetector duplicates;
    private final PdoDecoder decoder;
    private final BoardAssembler values = new BoardAssembler(SETUP);
    private int frames;
    private int syncs;
    /** Number of PDOs with the known format (index {@link #KNOWN}) and with another format (index {@link #ODD}). */
    private final int[] first = new int[2];
    private final int[] second = new int[2];
    private int state = UNKNOWN;

    /**
     * @param node node ID of the expected board
     */
    CanTrafficAnalyzer(int node) {
        this.node = node;
        this.duplicates = new DuplicateNodeDetector(node, SETUP);
        this.decoder = new PdoDecoder(node, SETUP);
    }

    @Override
    public void heard(CanFrame frame, long nanos) {
        frames++;
        syncs += frame.id() == SYNC ? 1 : 0;
        int teller = finder.hear(frame);
        duplicates.hear(frame, nanos);
        if (frame.id() == HEARTBEAT + node && teller == node) {
            state = frame.at(0) & STATE_MASK;
        } else if (frame.id() == FIRST_OBJECT + node) {
            count(first, BoardShape.isFirstOrEmpty(frame));
        } else if (frame.id() == SECOND_OBJECT + node) {
            count(second, BoardShape.isSecond(frame));
        }
        decoder.decode(frame, values, nanos);
    }

    private static void count(int[] shapes, boolean isKnown) {
        shapes[isKnown ? KNOWN : ODD]++;
    }

    /** Whether no frame was received. */
    boolean isEmpty() {
        return frames == 0;
    }

    int frames() {
        return frames;
    }

    /** Whether any frame of the node was received. */
    boolean isNodeHeard() {
        return finder.isHeard(node) || hasObjects() || first[ODD] + second[ODD] > 0;
    }

    /** Whether SYNC was received. */
    boolean hasSync() {
        return syncs > 0;
    }

    /** Whether the node sends process data in the known format. */
    boolean hasObjects() {
        return first[KNOWN] + second[KNOWN] > 0;
    }

    /** Whether the node sends process data mostly in another format. */
    boolean isOtherDevice() {
        return first[ODD] > first[KNOWN] || second[ODD] > second[KNOWN];
    }

    /** Whether two devices have the node ID. */
    boolean isDuplicate() {
        return duplicates.isDuplicate();
    }

    /** Whether there is a sign of a duplicate, so that longer listening is worthwhile. */
    boolean mayBeDuplicate() {
        return duplicates.hasSign();
    }

    /** Whether the node sends process data without readings. */
    boolean isEmptyBoard() {
        return decoder.isEmpty();
    }

    /** State of the node in its heartbeat, such as 0x05 for operational; negative when it sends no heartbeat. */
    int state() {
        return state;
    }

    /** The other nodes on the bus, boards first. */
    List<Integer> others() {
        List<Integer> others = boards();
        for (int id = 1; id <= CanFrame.LAST_NODE; id++) {
            if (id != node && finder.isHeard(id) && !finder.isBoard(id)) {
                others.add(id);
            }
        }
        return others;
    }

    /** The other nodes that send the process data of a board. */
    List<Integer> boards() {
        List<Integer> boards = new ArrayList<>();
        for (int id = 1; id <= CanFrame.LAST_NODE; id++) {
            if (id != node && finder.isBoard(id)) {
                boards.add(id);
            }
        }
        return boards;
    }

    /** Number of implausible values that the node sent. */
    long rejected() {
        return values.rejectedValues();
    }

    /** The values of the node. */
    BoardSnapshot snapshot(Ticker ticker) {
        return values.snapshot(ticker.nanos(), ticker.now());
    }
}
