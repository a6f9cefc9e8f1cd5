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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Reads the undocumented input registers repeatedly, beside the normal polling, so that a {@link RegisterSuggester} can
 * evaluate how they change.
 * <p>
 * <b>Bus load.</b> Each {@link #step} sends one request. A block and its reading of the current are followed by a pause
 * of nine times their duration. The search therefore uses at most a tenth of the bus, on any wire. It never writes. The
 * window of the BMS Logic boards is read for whichever board is selected.
 * <p>
 * <b>Holes.</b> A refused block is halved down to {@value #LEAF} registers in the first pass. Later passes try smaller
 * pieces one register at a time, a few per pass, starting next to registers that exist. Holes are not requested again.
 * A device that does not respond instead of refusing costs a timeout per hole, so after {@value #MAX_SILENT} timeouts
 * such blocks are no longer halved.
 * <p>
 * <b>Passes.</b> The first pass reads everything, the second all registers found that do not hold filler. Later passes
 * read only registers that changed, because more samples of these are worth more; every fourth reads all found.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class RegisterSearch {

    /** Registers per request unless the device allows fewer: half of the maximum of a request. */
    public static final int BLOCK = 60;

    private static final int LEAF = 8;
    private static final int MAX_SILENT = 8;
    /** Pause as a multiple of the time that the search used the bus. */
    private static final int REST = 9;
    private static final int FULL_EACH = 4;
    private static final int PROBES_EACH = 60;
    /** Maximum age of a reading of the current for the next block, in nanoseconds. */
    private static final long FRESH_NANOS = 150_000_000L;
    /** Minimum time between the starts of two passes, in nanoseconds. */
    private static final long SHORTEST_PASS_NANOS = 2_000_000_000L;
    /** Maximum gap between wanted registers that is read along with them: another request costs more. */
    private static final int BRIDGE = 10;

    /** Current, temperature and humidity are read with each block; with cells also the selected board. */
    private static final int NOW_FIRST = 0x2001;
    private static final int NOW_COUNT = 6;
    private static final int NOW_AND_BOARD_COUNT = RegisterSamples.SELECTED_BOARD - NOW_FIRST + 1;
    /** Ranges to search: state of charge and gap, known values, gap, settings. No block crosses a boundary. */
    private static final int[][] PUBLIC_GAPS = { { 0x2100, 0x2180 }, { 0x2181, 0x21A2 }, { 0x21A3, 0x240F },
            { 0x2410, 0x2412 }, { 0x2420, 0x2429 } };

    private final Ticker ticker;
    private final long end;
    private final List<Range> spans = new ArrayList<>();
    private final Deque<Range> queue = new ArrayDeque<>();
    private final Deque<Range> unresolved = new ArrayDeque<>();
    private final BitSet present = new BitSet();
    private final BitSet moving = new BitSet();
    private final int[] last = new int[0x1_0000];
    private final RegisterSamples samples = new RegisterSamples();

    private int longest;
    /** A block that was refused and halved: it may exceed the read limit of the device. */
    private @Nullable Range tooLong;
    private int nowCount;
    private int passes;
    private int silent;
    private int reads;
    private long busyNanos;
    private long restNanos;
    private long due;
    private long nowAt;
    private boolean hasRead;
    private boolean hasNow;
    /** Whether a block was read without the current, which must be read next. */
    private boolean owesNow;
    private long passAt;
    private boolean stopped;

    /** Consecutive registers. */
    private record Range(int first, int count) {
    }

    /** Access to the input registers of the board. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads input registers with one request.
         *
         * @return their words, each 0..65535
         * @throws ModbusException when the device refuses
         * @throws LinkException when there is no response
         */
        int[] read(int address, int count) throws ModbusException, LinkException;
    }

    /**
     * @param withCells whether to read the window of the BMS Logic boards as well
     * @param longest maximum number of registers per request that the device supports, 1..125; the search uses at most
     *            {@value #BLOCK}
     * @param duration duration of the search
     */
    public RegisterSearch(boolean withCells, int longest, Duration duration, Ticker ticker) {
        this.ticker = ticker;
        this.longest = Math.max(1, Math.min(BLOCK, longest));
        this.nowCount = withCells ? NOW_AND_BOARD_COUNT : NOW_COUNT;
        this.due = ticker.nanos();
        this.end = due + duration.toNanos();
        if (withCells) {
            spans.add(new Range(RegisterSamples.WINDOW_FIRST,
                    RegisterSamples.WINDOW_LAST - RegisterSamples.WINDOW_FIRST + 1));
        }
        for (int[] gap : PUBLIC_GAPS) {
            spans.add(new Range(gap[0], gap[1] - gap[0] + 1));
        }
        passAt = due;
        for (Range span : spans) {
            cut(span, queue);
        }
    }

    /** Time of the next call of {@link #step}, on the ticker; far in the future once the search is over. */
    public long due() {
        return isDone() ? ticker.nanos() + Ticker.NEVER : due;
    }

    /** Time at which the search ends, on the ticker. */
    public long end() {
        return end;
    }

    /** Whether the time is over, or the search was stopped. */
    public boolean isDone() {
        return stopped || ticker.nanos() - end >= 0;
    }

    /** Ends the search. It changed nothing, so nothing needs to be restored. */
    public void stop() {
        stopped = true;
    }

    /** The samples so far. Only for the thread that calls {@link #step}. */
    public RegisterSamples samples() {
        return samples;
    }

    /** Number of completed passes. */
    public int passes() {
        return passes;
    }

    /** Number of requests so far. */
    public int reads() {
        return reads;
    }

    /** How long the bus was used so far, in nanoseconds. */
    public long busyNanos() {
        return busyNanos;
    }

    /** Number of registers found in the searched ranges, including the public ones. */
    public int found() {
        return present.cardinality();
    }

    /** Number of registers left to read in this pass. */
    public int left() {
        int count = 0;
        for (Range range : queue) {
            count += range.count;
        }
        return count;
    }

    /**
     * Sends one request.
     *
     * @throws LinkException when there was no response; the next call continues the search
     */
    public void step(Reader reader) throws LinkException {
        long begun = ticker.nanos();
        if (isDone() || begun - due < 0) {
            return;
        }
        if (queue.isEmpty() && !owesNow) {
            endPass(begun);
            return;
        }
        try {
            if (needsNow(begun)) {
                readNow(reader);
            } else {
                hasNow = false;
                readRange(reader, queue.remove());
            }
        } finally {
            long after = ticker.nanos();
            reads++;
            busyNanos += after - begun;
            // The block follows its reading of the current without pause; the pause covers both.
            restNanos += REST * (after - begun);
            if (hasNow || owesNow) {
                due = after;
            } else {
                due = after + restNanos;
                restNanos = 0;
            }
        }
    }

    /**
     * Whether to read the current next: before registers that exist, and after registers that turned out to exist.
     * Reads of holes need no reading of the current.
     */
    private boolean needsNow(long now) {
        // A reading made for this block counts even if other members delayed the block: on a busy bus the block would
        // otherwise never be read.
        return owesNow || isPresent(queue.element()) && !hasNow && (!hasRead || now - nowAt > FRESH_NANOS);
    }

    private void readNow(Reader reader) throws LinkException {
        boolean isBehind = owesNow;
        owesNow = false;
        hasNow = false;
        try {
            int[] words = reader.read(NOW_FIRST, nowCount);
            nowAt = ticker.nanos();
            samples.add(nowAt, NOW_FIRST, words);
            hasNow = !isBehind;
            hasRead = true;
        } catch (ModbusException e) {
            if (e.isPermanent() && nowCount > 2) {
                // Read only the current.
                nowCount = 2;
            } else if (e.isPermanent()) {
                // Without the current no place can be identified.
                stopped = true;
            }
        }
    }

    private void readRange(Reader reader, Range range) throws LinkException {
        try {
            boolean isKnown = isPresent(range);
            int[] words = reader.read(range.first, range.count);
            owesNow = !isKnown;
            samples.add(ticker.nanos(), range.first, words);
            for (int i = 0; i < words.length; i++) {
                int address = range.first + i;
                if (present.get(address) && last[address] != words[i]) {
                    moving.set(address);
                }
                present.set(address);
                last[address] = words[i];
            }
            learnLimit();
        } catch (ModbusException e) {
            if (e.isPermanent()) {
                refused(range);
            }
            // Otherwise the device is temporarily unable to respond: the next pass tries again.
        } catch (LinkException e) {
            if (!e.isSessionLost() && !isPresent(range) && ++silent <= MAX_SILENT) {
                split(range, false);
            } else if (e.isSessionLost()) {
                queue.addFirst(range);
            }
            throw e;
        }
    }

    private boolean isPresent(Range range) {
        return present.nextClearBit(range.first) >= range.first + range.count;
    }

    private void refused(Range range) {
        // A device may fill holes in a read that includes an existing register, and refuse a read of holes alone.
        present.clear(range.first, range.first + range.count);
        moving.clear(range.first, range.first + range.count);
        if (range.count > LEAF) {
            tooLong = range;
            split(range, true);
        } else if (range.count > 1) {
            unresolved.add(range);
        }
    }

    /** Lowers the read limit when the device returned in parts what it refused as a whole. */
    private void learnLimit() {
        Range whole = tooLong;
        if (whole != null && isPresent(whole)) {
            tooLong = null;
            longest = Math.min(longest, (whole.count + 1) / 2);
            List<Range> rest = List.copyOf(queue);
            queue.clear();
            rest.forEach(range -> cut(range, queue));
        }
    }

    private void split(Range range, boolean atOnce) {
        if (range.count < 2) {
            return;
        }
        int half = (range.count + 1) / 2;
        Range left = new Range(range.first, half);
        Range right = new Range(range.first + half, range.count - half);
        if (atOnce) {
            queue.addFirst(right);
            queue.addFirst(left);
        } else {
            queue.addLast(left);
            queue.addLast(right);
        }
    }

    // ---- passes ----

    private void endPass(long now) {
        passes++;
        hasNow = false;
        due = Math.max(now, passAt + SHORTEST_PASS_NANOS);
        passAt = due;
        boolean full = passes % FULL_EACH == 0;
        BitSet wanted = full ? (BitSet) present.clone() : passes == 1 ? filled() : moved();
        int address = wanted.nextSetBit(0);
        while (address >= 0) {
            int stop = wanted.nextClearBit(address);
            cut(new Range(address, stop - address), queue);
            address = wanted.nextSetBit(stop);
        }
        probe();
    }

    /** Registers whose content is not filler (0x0000, 0xFFFF), and their neighbours. Rows of filler are no values. */
    private BitSet filled() {
        BitSet wanted = new BitSet();
        for (int address = present.nextSetBit(0); address >= 0; address = present.nextSetBit(address + 1)) {
            if (last[address] != 0 && last[address] != 0xFFFF) {
                wanted.set(address - 1, address + 2);
            }
        }
        return bridged(wanted);
    }

    /** Registers that changed so far, and their neighbours. */
    private BitSet moved() {
        BitSet wanted = new BitSet();
        for (int address = moving.nextSetBit(0); address >= 0; address = moving.nextSetBit(address + 1)) {
            wanted.set(address - 1, address + 2);
        }
        return bridged(wanted);
    }

    private BitSet bridged(BitSet wanted) {
        // Short gaps between wanted registers are read as well where registers exist.
        int stop = wanted.nextSetBit(0);
        while (stop >= 0) {
            int from = wanted.nextClearBit(stop);
            int next = wanted.nextSetBit(from);
            if (next >= 0 && next - from <= BRIDGE && present.nextClearBit(from) >= next) {
                wanted.set(from, next);
            }
            stop = next;
        }
        wanted.and(present);
        return wanted;
    }

    /** Queues refused pieces register by register, a few per pass; those next to existing registers first. */
    private void probe() {
        int budget = PROBES_EACH;
        for (int round = 0; round < 2; round++) {
            for (int i = unresolved.size(); i > 0 && budget > 0; i--) {
                Range range = unresolved.remove();
                boolean isNear = present.get(Math.max(0, range.first - 1)) || present.get(range.first + range.count);
                if (round == 0 && !isNear) {
                    unresolved.add(range);
                    continue;
                }
                for (int n = 0; n < range.count; n++) {
                    queue.add(new Range(range.first + n, 1));
                }
                budget -= range.count;
            }
        }
    }

    /** Splits a range into blocks that overlap by a register, so that each pair of words is in one response. */
    private void cut(Range span, Deque<Range> into) {
        int stop = span.first + span.count;
        int step = Math.max(1, longest - 1);
        for (int first = span.first; first < stop; first += step) {
            int count = Math.min(longest, stop - first);
            into.add(new Range(first, count));
            if (first + count == stop) {
                break;
            }
        }
    }
}
