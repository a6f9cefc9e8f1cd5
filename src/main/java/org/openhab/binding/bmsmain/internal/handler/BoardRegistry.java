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

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;

/**
 * The boards in use by Thing UID. Watchers are notified when a board is added, removed, or reports.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BoardRegistry {

    /** A board, from the initialization of its Thing to its disposal. */
    public interface Board {
        /** Name of the board for users. */
        String name();

        /** Whether the board responds. */
        boolean isOnline();

        /** The latest snapshot; null before the first report. For a lost board, only counters and link statistics. */
        @Nullable
        BoardSnapshot snapshot();
    }

    /** Receives changes of boards. Called on the threads of buses as well; must not block. */
    public interface Watcher {
        /**
         * Called when a board was added, was removed, or has reported.
         *
         * @param thing UID of the board's Thing
         */
        void changed(String thing);
    }

    private final Map<String, Board> boards = new ConcurrentHashMap<>();
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

    /** The board of a Thing; null while the Thing is removed, disabled, or not initialized yet. */
    @Nullable
    Board get(String thing) {
        return boards.get(thing);
    }

    void add(String thing, Board board) {
        boards.put(thing, board);
        changed(thing);
    }

    void remove(String thing, Board board) {
        if (boards.remove(thing, board)) {
            changed(thing);
        }
    }

    /** Notifies all watchers of a change of a board. */
    void changed(String thing) {
        // Without banks, the cost is one check for an empty set.
        if (!watchers.isEmpty()) {
            watchers.forEach(watcher -> watcher.changed(thing));
        }
    }

    void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }
}
