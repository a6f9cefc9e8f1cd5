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
 * The boards in use, by the UID of their Thing. Who looks at several of them hears when one of them comes, goes, or
 * reports.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BoardRegistry {

    /** A board, from the start of its Thing to the end. */
    public interface Board {
        /** What users call it. */
        String name();

        /** Whether it answers. */
        boolean isOnline();

        /** What is known about it; null before the first report. Of a board that is lost, what was counted. */
        @Nullable
        BoardSnapshot snapshot();
    }

    /** Hears of boards. Called by the thread of a bus, too; must not block. */
    public interface Watcher {
        /**
         * A board came, went, or reported.
         *
         * @param thing UID of its Thing
         */
        void changed(String thing);
    }

    private final Map<String, Board> boards = new ConcurrentHashMap<>();
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

    /** The board of a Thing; null while its Thing is removed, disabled, or not started yet. */
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

    /** Tells all who watch that there is news of a board. */
    void changed(String thing) {
        // A house without a bank pays a look at an empty set.
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
