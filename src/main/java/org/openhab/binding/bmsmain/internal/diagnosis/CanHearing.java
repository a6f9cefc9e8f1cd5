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
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;
import org.openhab.binding.bmsmain.internal.canopen.CanSession;
import org.openhab.binding.bmsmain.internal.canopen.NodeFinder;
import org.openhab.binding.bmsmain.internal.canopen.PdoDecoder;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * What is heard on a CAN bus, and of one node on it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class CanHearing implements CanSession.Hearer {

    private static final int SYNC = 0x080;
    private static final int FIRST_OBJECT = 0x180;
    private static final int SECOND_OBJECT = 0x280;
    private static final int HEARTBEAT = 0x700;
    private static final int STATE_MASK = 0x7F;
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final int UNKNOWN = -1;

    private final int node;
    private final NodeFinder finder = new NodeFinder();
    private final PdoDecoder decoder;
    private final BoardAssembler values = new BoardAssembler(BoardSetup.standard(LIFETIME, LIFETIME));
    private int frames;
    private int syncs;
    private int objects;
    private int oddObjects;
    private int state = UNKNOWN;

    /**
     * @param node node id of the board that is looked for
     */
    CanHearing(int node) {
        this.node = node;
        this.decoder = new PdoDecoder(node, BoardSetup.standard(LIFETIME, LIFETIME));
    }

    @Override
    public void heard(CanFrame frame, long nanos) {
        frames++;
        syncs += frame.id() == SYNC ? 1 : 0;
        int teller = finder.hear(frame);
        if (frame.id() == HEARTBEAT + node && teller == node) {
            state = frame.at(0) & STATE_MASK;
        } else if (frame.id() == FIRST_OBJECT + node || frame.id() == SECOND_OBJECT + node) {
            objects += teller == node ? 1 : 0;
            oddObjects += teller == node ? 0 : 1;
        }
        decoder.decode(frame, values, nanos);
    }

    /** Whether nothing at all was heard. */
    boolean isEmpty() {
        return frames == 0;
    }

    int frames() {
        return frames;
    }

    /** Whether anything was heard of the node. */
    boolean isNodeHeard() {
        return finder.isHeard(node) || oddObjects > 0;
    }

    /** Whether anybody calls for process data. */
    boolean hasSync() {
        return syncs > 0;
    }

    /** Whether the node sends process data of the known shape. */
    boolean hasObjects() {
        return objects > 0;
    }

    /** Whether it sends process data of another shape, and none of the known. */
    boolean isOtherDevice() {
        return oddObjects > 0 && !finder.isBoard(node);
    }

    /** State of the node by its heartbeat, such as 0x05 for operational; negative where it has none. */
    int state() {
        return state;
    }

    /** The other nodes that were heard, boards first. */
    List<Integer> others() {
        List<Integer> others = boards();
        for (int id = 1; id <= NodeFinder.LAST_NODE; id++) {
            if (id != node && finder.isHeard(id) && !finder.isBoard(id)) {
                others.add(id);
            }
        }
        return others;
    }

    /** The other nodes that send what a board sends. */
    List<Integer> boards() {
        List<Integer> boards = new ArrayList<>();
        for (int id = 1; id <= NodeFinder.LAST_NODE; id++) {
            if (id != node && finder.isBoard(id)) {
                boards.add(id);
            }
        }
        return boards;
    }

    /** How many numbers of the node cannot be. */
    long rejected() {
        return values.rejectedValues();
    }

    /** The values of the node. */
    BoardSnapshot snapshot(Ticker ticker) {
        return values.snapshot(ticker.nanos(), ticker.now());
    }
}
