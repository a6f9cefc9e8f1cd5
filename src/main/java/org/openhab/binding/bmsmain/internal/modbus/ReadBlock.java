/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.modbus.AnswerCheck.Readiness;

/**
 * Registers that are read with one request, and their values.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ReadBlock {

    private static final Comparator<RegisterMapping> BY_ADDRESS = Comparator
            .comparingInt((RegisterMapping mapping) -> mapping.location().address())
            .thenComparingInt(mapping -> mapping.location().end());

    private static final int MISSES_AFTER_PAUSE = 3;

    private final List<RegisterMapping> mappings;
    private final ModbusRequest request;
    private final AnswerCheck check;
    private @Nullable RegisterView kept;
    private long keptNanos;

    private State state = State.ACTIVE;
    private boolean proven;
    private int misses;
    private boolean spared;
    /** The block without the added register; itself if none was added. */
    private final ReadBlock exact;
    private final boolean stretchedBack;
    private @Nullable ReadBlock parent;
    private List<ReadBlock> parts = List.of();

    /** State of a block in its plan. */
    enum State {
        /** It is read. */
        ACTIVE,
        /** Its parts are read in its place. */
        SPLIT,
        /** It is left out, because the device does not give it. */
        MISSING
    }

    private ReadBlock(int unit, RegisterLocation.Table table, int start, int count, List<RegisterMapping> mappings,
            @Nullable ReadBlock exact, boolean stretchedBack) {
        this.mappings = List.copyOf(mappings);
        this.request = ModbusRequest.read(unit, table.readFunction(), start, count);
        this.check = new AnswerCheck(this.mappings, request);
        this.exact = exact == null ? this : exact;
        this.stretchedBack = stretchedBack;
    }

    /**
     * Joins values of one table and poll class into as few blocks as possible.
     *
     * @param mappings values of one table, in any order
     * @param longestHole maximum number of unused registers between two values of a block
     * @param longest maximum number of registers of a block; only a longer value or overlapping values exceed it
     */
    static List<ReadBlock> join(int unit, List<RegisterMapping> mappings, int longestHole, int longest) {
        List<ReadBlock> blocks = new ArrayList<>();
        List<RegisterMapping> current = new ArrayList<>();
        int start = 0;
        int end = 0;
        for (RegisterMapping mapping : mappings.stream().sorted(BY_ADDRESS).toList()) {
            RegisterLocation place = mapping.location();
            int newEnd = Math.max(end, place.end());
            boolean overlaps = place.address() < end;
            if (!current.isEmpty() && !(overlaps && newEnd - start <= ModbusRequest.MAX_READ)
                    && (newEnd - start > longest || place.address() - end > longestHole)) {
                blocks.add(of(unit, start, end, current));
                current.clear();
            }
            if (current.isEmpty()) {
                start = place.address();
                end = place.end();
            } else {
                end = newEnd;
            }
            current.add(mapping);
        }
        if (!current.isEmpty()) {
            blocks.add(of(unit, start, end, current));
        }
        return blocks;
    }

    private static ReadBlock of(int unit, int start, int end, List<RegisterMapping> mappings) {
        return new ReadBlock(unit, mappings.get(0).location().table(), start, end - start, mappings, null, false);
    }

    /** The same block with more registers at the end, which are ignored; itself if there is no room. */
    ReadBlock padded(int more) {
        return read(request.address(), request.count() + more, null, false);
    }

    private ReadBlock read(int address, int count, @Nullable ReadBlock origin, boolean back) {
        if (count > ModbusRequest.MAX_READ || address < 0 || address + count > 0x10000) {
            return this;
        }
        return new ReadBlock(request.unit(), mappings.get(0).location().table(), address, count, mappings, origin,
                back);
    }

    /**
     * The same block with one more register, after it or else before it, for devices that give only even numbers
     * of registers.
     *
     * @return null if the number is even, or both were tried
     */
    @Nullable
    ReadBlock stretched() {
        ModbusRequest own = exact.request;
        if (own.count() % 2 == 0 || stretchedBack) {
            return null;
        }
        ReadBlock behind = exact.read(own.address(), own.count() + 1, exact, false);
        ReadBlock before = exact.read(own.address() - 1, own.count() + 1, exact, true);
        ReadBlock next = isStretched() || exact.equals(behind) ? before : behind;
        return exact.equals(next) ? null : next;
    }

    /** Whether one more register is read than the block needs, to make the number even. */
    boolean isStretched() {
        return !exact.equals(this);
    }

    /** The block without the register that makes the number even. */
    ReadBlock exact() {
        return exact;
    }

    /**
     * Smaller blocks for one that the device did not give: first without holes and padding, then in halves.
     *
     * @return empty when the block cannot be made smaller
     */
    List<ReadBlock> smaller() {
        List<ReadBlock> ranges = exactRanges();
        return ranges.size() > 1 || ranges.get(0).request.count() < exact.request.count() ? ranges : halves();
    }

    private List<ReadBlock> exactRanges() {
        return join(request.unit(), mappings, 0, ModbusRequest.MAX_READ);
    }

    /** Whether the block contains unused registers. */
    boolean hasHoles() {
        int wanted = 0;
        for (ReadBlock range : exactRanges()) {
            wanted += range.request.count();
        }
        return wanted < exact.request.count();
    }

    /** Two parts, divided as near to the middle as possible without cutting a value; empty if that is impossible. */
    private List<ReadBlock> halves() {
        List<RegisterMapping> sorted = mappings.stream().sorted(BY_ADDRESS).toList();
        int middle = 2 * exact.request.address() + exact.request.count();
        int best = 0;
        int nearest = Integer.MAX_VALUE;
        int end = 0;
        for (int i = 0; i < sorted.size(); i++) {
            int address = sorted.get(i).location().address();
            if (i > 0 && address >= end && Math.abs(2 * address - middle) < nearest) {
                nearest = Math.abs(2 * address - middle);
                best = i;
            }
            end = Math.max(end, sorted.get(i).location().end());
        }
        if (best == 0) {
            return List.of();
        }
        List<ReadBlock> halves = new ArrayList<>(
                join(request.unit(), sorted.subList(0, best), 0, ModbusRequest.MAX_READ));
        halves.addAll(join(request.unit(), sorted.subList(best, sorted.size()), 0, ModbusRequest.MAX_READ));
        return halves;
    }

    /** State of the block in its plan. */
    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    /** Whether the device gave the block at least once. */
    boolean isProven() {
        return proven;
    }

    /** Records that the device gave the block. */
    void prove() {
        proven = true;
        misses = 0;
        spared = false;
    }

    /** Number of consecutive times that the block was not given. */
    int misses() {
        return misses;
    }

    /** Records that the block was not given. */
    void miss() {
        misses++;
        spared = false;
    }

    /**
     * Records that no answer came.
     *
     * @param tooSoon whether the request may have come too soon: that does not count. If the next one is lost after a
     *            long pause, and the block was never given, that counts as several misses.
     */
    void lose(boolean tooSoon) {
        if (!tooSoon) {
            misses += spared && !proven ? MISSES_AFTER_PAUSE : 1;
        }
        spared = tooSoon;
    }

    /** Clears misses that do not count, because the device gave nothing at all. */
    void forgive() {
        misses = 0;
    }

    /** The block that was split into this one and others. */
    @Nullable
    ReadBlock parent() {
        return parent;
    }

    /** The parts that are read in place of the block. */
    List<ReadBlock> parts() {
        return parts;
    }

    /** Replaces the block by smaller ones. */
    void splitInto(List<ReadBlock> smaller) {
        state = smaller.isEmpty() ? State.MISSING : State.SPLIT;
        parts = List.copyOf(smaller);
        for (ReadBlock part : smaller) {
            part.parent = this;
        }
    }

    /** Resets the block to its state before anything was learnt. */
    void reset() {
        state = State.ACTIVE;
        proven = false;
        rejoin();
    }

    /** Reads the block as a whole again. */
    void rejoin() {
        state = State.ACTIVE;
        misses = 0;
        parts = List.of();
        parent = null;
    }

    /** Whether the device gave the whole block, at least in parts. */
    boolean isGivenInParts() {
        if (state != State.SPLIT) {
            return state == State.ACTIVE && proven;
        }
        for (ReadBlock part : parts) {
            if (!part.isGivenInParts()) {
                return false;
            }
        }
        return true;
    }

    ModbusRequest request() {
        return request;
    }

    /** The request to send now. As long as the device never gave the block, silence is no evidence about the link. */
    ModbusRequest ask() {
        return proven ? request : request.tentative();
    }

    List<RegisterMapping> mappings() {
        return mappings;
    }

    /** Decides whether an answer can be a reading. */
    AnswerCheck check() {
        return check;
    }

    /** Whether the block contains a value. */
    boolean holds(Point point) {
        for (RegisterMapping mapping : mappings) {
            if (mapping.point().equals(point)) {
                return true;
            }
        }
        return false;
    }

    /** Initialisation state according to an answer; {@code UNKNOWN} if the block does not contain it. */
    Readiness readiness(RegisterView registers, @Nullable WordOrder order) {
        for (RegisterMapping mapping : mappings) {
            if (mapping.point().equals(Catalogue.INITIALISATION)) {
                double bit = mapping.number(registers, mapping.location().address() - request.address(), order);
                return bit == 0 ? Readiness.READY : bit == 1 ? Readiness.INITIALISING : Readiness.UNKNOWN;
            }
        }
        return Readiness.UNKNOWN;
    }

    /** Whether the block contains a value that is no reading while the board initialises. */
    boolean holdsMeasurements() {
        for (RegisterMapping mapping : mappings) {
            if (!mapping.point().isReadingWhileInitialising()) {
                return true;
            }
        }
        return false;
    }

    /** Decodes an answer. */
    void decode(RegisterView registers, @Nullable WordOrder order, BoardAssembler assembler, long nanos) {
        for (RegisterMapping mapping : mappings) {
            mapping.decode(registers, mapping.location().address() - request.address(), order, assembler, nanos);
        }
    }

    /** Adds the evidence of each value for the word order. */
    void addEvidence(RegisterView registers, WordOrderDetector detector) {
        for (RegisterMapping mapping : mappings) {
            detector.hear(mapping.evidence(registers, mapping.location().address() - request.address()));
        }
    }

    /** Keeps an answer until it can be judged. */
    void keep(RegisterView registers, long nanos) {
        kept = registers.copy();
        keptNanos = nanos;
    }

    /** Whether an answer is kept. */
    boolean isKept() {
        return kept != null;
    }

    /** The kept answer; null when there is none. */
    @Nullable
    RegisterView kept() {
        return kept;
    }

    /** Time at which the kept answer was read, in nanoseconds of the ticker. */
    long keptNanos() {
        return keptNanos;
    }

    /** Drops the kept answer. */
    void discard() {
        kept = null;
    }

    /** Decodes the kept answer, if there is one. */
    void decodeKept(@Nullable WordOrder order, BoardAssembler assembler) {
        RegisterView registers = kept;
        if (registers != null) {
            decode(registers, order, assembler, keptNanos);
        }
    }

    /** Decodes those values of the kept answer, if there is one, that depend on the word order. */
    void decodeOrdered(WordOrder order, BoardAssembler assembler) {
        RegisterView registers = kept;
        if (registers == null) {
            return;
        }
        for (RegisterMapping mapping : mappings) {
            if (mapping.dependsOnOrder()) {
                mapping.decode(registers, mapping.location().address() - request.address(), order, assembler,
                        keptNanos);
            }
        }
    }

    @Override
    public String toString() {
        return request.toString();
    }
}
