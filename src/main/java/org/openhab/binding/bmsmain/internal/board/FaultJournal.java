/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The last fault events, each with a count.
 * <p>
 * A repeated event moves its entry to the end and increments the count, so that a flickering fault does not push out
 * the others.
 * <p>
 * Not thread-safe.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class FaultJournal {

    /** Maximum number of entries; the oldest are dropped first. */
    static final int CAPACITY = 20;

    private static final char FIRST_PRINTABLE = ' ';

    /** Oldest first. */
    private final List<Entry> entries = new ArrayList<>();

    /**
     * An event that happened at least once.
     *
     * @param event the last occurrence
     * @param count number of occurrences
     */
    private record Entry(FaultEvent event, int count) {
    }

    /** Adds an event. */
    public void add(FaultEvent event) {
        add(event, 1);
    }

    private void add(FaultEvent event, int times) {
        int count = times;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.event.raised() == event.raised() && entry.event.faultId().equals(event.faultId())) {
                count += entry.count;
                entries.remove(i);
                break;
            }
        }
        if (entries.size() == CAPACITY) {
            entries.remove(0);
        }
        entries.add(new Entry(event, count));
    }

    /**
     * The entries as a JSON array, newest first, with {@code time} (ISO 8601, UTC), {@code id}, {@code text},
     * {@code raised} and {@code count}.
     *
     * @param texts gives the text for the ID of a fault
     */
    public String toJson(UnaryOperator<String> texts) {
        StringBuilder json = new StringBuilder("[");
        for (int i = entries.size() - 1; i >= 0; i--) {
            FaultEvent event = entries.get(i).event;
            json.append(json.length() > 1 ? "," : "").append("{\"time\":\"").append(event.time()).append("\",\"id\":");
            quote(json, event.faultId());
            json.append(",\"text\":");
            quote(json, texts.apply(event.faultId()));
            json.append(",\"raised\":").append(event.raised()).append(",\"count\":").append(entries.get(i).count)
                    .append('}');
        }
        return json.append(']').toString();
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /** The entries for storage, oldest first, one per line: time, payload and count. */
    public String toText() {
        return entries.stream().map(entry -> entry.event.time() + " " + entry.event.payload() + " " + entry.count)
                .collect(Collectors.joining("\n"));
    }

    /**
     * Adds entries from the output of {@link #toText()}. A line without a count is one event. Damaged lines
     * are skipped.
     *
     * @return number of skipped lines
     */
    public int restore(String text) {
        int damaged = 0;
        for (String line : text.lines().toList()) {
            damaged += restoreLine(line) ? 0 : 1;
        }
        return damaged;
    }

    private boolean restoreLine(String line) {
        String[] words = line.split(" ", -1);
        boolean isCounted = words.length == 3;
        if (words.length != 2 && !(isCounted && words[2].matches("\\d{1,9}"))) {
            return false;
        }
        FaultEvent event = FaultEvent.parse(words[0], words[1]);
        if (event != null) {
            add(event, isCounted ? Integer.parseInt(words[2]) : 1);
        }
        return event != null;
    }
}
