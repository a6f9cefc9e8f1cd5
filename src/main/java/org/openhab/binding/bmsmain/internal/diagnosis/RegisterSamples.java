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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Words of input registers that were read over some time, each with its time stamp.
 * <p>
 * The BMS Logic boards share the window 0x2012 to 0x20C9 for their data. Its words are stored under the number of the
 * board that was selected both before and after the read; words read while the selection changed are dropped.
 * <p>
 * Not thread-safe: the thread that reads adds words, and copies the samples for a thread that evaluates them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class RegisterSamples {

    /** First register of the window that holds data of the selected BMS Logic board. */
    public static final int WINDOW_FIRST = 0x2012;
    /** Last register of that window. */
    public static final int WINDOW_LAST = 0x20C9;
    /** Register with the number of the BMS Logic board whose data the window shows. */
    static final int SELECTED_BOARD = 0x2010;

    /** Factor of the board number in the keys of registers of the window. */
    private static final int BOARD = 0x1_0000;
    private static final double NANOS = 1e9;
    private static final int NONE = -1;

    private final NavigableMap<Integer, Track> tracks = new TreeMap<>();
    private final List<ReadBlock> waiting = new ArrayList<>();
    private boolean hasStart;
    private long start;
    private int selected = NONE;

    /** Words of the window until their board is confirmed. */
    private record ReadBlock(double seconds, int first, int[] words) {
    }

    /** The words of one register over time. */
    static final class Track {
        private int size;
        private double[] seconds = new double[16];
        private int[] word = new int[16];
        private int[] next = new int[16];

        private void add(double at, int thisWord, int nextWord) {
            if (size == word.length) {
                seconds = Arrays.copyOf(seconds, 2 * size);
                word = Arrays.copyOf(word, 2 * size);
                next = Arrays.copyOf(next, 2 * size);
            }
            seconds[size] = at;
            word[size] = thisWord;
            next[size++] = nextWord;
        }

        int size() {
            return size;
        }

        /** Whether neither this register nor the next one ever changed. */
        boolean isConstant() {
            int behind = NONE;
            for (int i = 0; i < size; i++) {
                if (word[i] != word[0] || next[i] != NONE && behind != NONE && next[i] != behind) {
                    return false;
                }
                behind = next[i] == NONE ? behind : next[i];
            }
            return true;
        }

        /** Time of a sample, in seconds after the first read of all. */
        double seconds(int sample) {
            return seconds[sample];
        }

        /** Content of the register, 0..65535. */
        int word(int sample) {
            return word[sample];
        }

        /** Content of the next register in the same response; -1 when the response did not include it. */
        int next(int sample) {
            return next[sample];
        }
    }

    /**
     * Adds a response.
     *
     * @param nanos time of the read in nanoseconds, on a clock with any origin
     * @param first address of the first register
     * @param words words of the registers from there on, each 0..65535
     */
    public void add(long nanos, int first, int... words) {
        if (!hasStart) {
            start = nanos;
            hasStart = true;
        }
        double seconds = (nanos - start) / NANOS;
        int end = first + words.length;
        int from = Math.max(first, WINDOW_FIRST);
        int to = Math.min(end, WINDOW_LAST + 1);
        if (first <= SELECTED_BOARD && SELECTED_BOARD < end) {
            select(words[SELECTED_BOARD - first]);
        }
        for (int i = 0; i < words.length; i++) {
            int address = first + i;
            if (address < WINDOW_FIRST || address > WINDOW_LAST) {
                boolean hasNext = i + 1 < words.length && address + 1 != WINDOW_FIRST;
                track(address).add(seconds, words[i], hasNext ? words[i + 1] : NONE);
            }
        }
        if (from < to) {
            waiting.add(new ReadBlock(seconds, from, Arrays.copyOfRange(words, from - first, to - first)));
        }
    }

    /** Stores the waiting words of the window if the selected board is still the same, and drops them otherwise. */
    private void select(int board) {
        if (board == selected && board > 0) {
            for (ReadBlock block : waiting) {
                for (int i = 0; i < block.words.length; i++) {
                    int next = i + 1 < block.words.length ? block.words[i + 1] : NONE;
                    track(board * BOARD + block.first + i).add(block.seconds, block.words[i], next);
                }
            }
        }
        waiting.clear();
        selected = board;
    }

    private Track track(int key) {
        Track track = tracks.get(key);
        if (track == null) {
            track = new Track();
            tracks.put(key, track);
        }
        return track;
    }

    /** The samples of a register, board 0 for one outside the window; null when it was never read. */
    @Nullable
    Track track(int board, int address) {
        return tracks.get(board * BOARD + address);
    }

    /** Addresses of the registers that were read, ascending; board 0 for those outside the window. */
    List<Integer> addresses(int board) {
        List<Integer> addresses = new ArrayList<>();
        for (int key : tracks.subMap(board * BOARD, (board + 1) * BOARD).keySet()) {
            addresses.add(key % BOARD);
        }
        return addresses;
    }

    /** Number of registers with samples; a register of the window counts once per board. */
    public int registers() {
        return tracks.size();
    }

    /** An independent copy. */
    public RegisterSamples copy() {
        RegisterSamples copy = new RegisterSamples();
        copy.hasStart = hasStart;
        copy.start = start;
        copy.selected = selected;
        copy.waiting.addAll(waiting);
        tracks.forEach((key, track) -> {
            Track same = new Track();
            same.size = track.size;
            same.seconds = track.seconds.clone();
            same.word = track.word.clone();
            same.next = track.next.clone();
            copy.tracks.put(key, same);
        });
        return copy;
    }
}
