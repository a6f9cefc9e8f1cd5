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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.core.storage.Storage;

/**
 * The last fault events of a Thing, persisted over restarts. Stored as one line of text per event: time and payload.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class FaultJournal {

    /** Maximum number of events; the oldest are dropped. */
    static final int CAPACITY = 200;

    private final RecordStore storage;
    private final String key;
    private final Deque<FaultEvent> events = new ArrayDeque<>();
    private volatile boolean removed;

    /** @param key key of the events in the storage */
    FaultJournal(Storage<String> storage, String key) {
        this.storage = new RecordStore(storage, "");
        this.key = key;
        @Nullable
        String stored = this.storage.get(key);
        if (stored != null) {
            stored.lines().forEach(this::recall);
        }
    }

    /** Adds a stored event. A damaged line is skipped, so that the rest of the journal is kept. */
    private void recall(String line) {
        String[] words = line.split(" ", -1);
        FaultEvent event = words.length == 2 ? FaultEvent.parse(words[0], words[1]) : null;
        if (event != null) {
            append(event);
        }
    }

    private void append(FaultEvent event) {
        if (events.size() == CAPACITY) {
            events.removeFirst();
        }
        events.addLast(event);
    }

    /** Adds events and stores them. A removed journal accepts none: they would remain in the storage. */
    void add(List<FaultEvent> added) {
        String lines;
        synchronized (this) {
            if (removed || added.isEmpty()) {
                return;
            }
            added.forEach(this::append);
            lines = events.stream().map(event -> event.time() + " " + event.payload())
                    .collect(Collectors.joining("\n"));
        }
        storage.put(key, lines);
        if (removed) {
            storage.remove(key);
        }
    }

    /** Deletes all events when the Thing is removed. */
    void remove() {
        synchronized (this) {
            removed = true;
            events.clear();
        }
        storage.remove(key);
    }

    /** The events, oldest first. */
    synchronized List<FaultEvent> events() {
        return List.copyOf(events);
    }

    /**
     * The last events as a JSON array, newest first, each with its number of occurrences.
     *
     * @param texts maps a fault ID to its text
     */
    synchronized String toJson(UnaryOperator<String> texts) {
        var entries = new org.openhab.binding.bmsmain.internal.board.FaultJournal();
        events.forEach(entries::add);
        return entries.toJson(texts);
    }

    /** The newest event, or null. */
    synchronized @Nullable FaultEvent last() {
        return events.peekLast();
    }
}
