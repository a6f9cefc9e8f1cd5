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
 * Registers that are read with one request, and the values in them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Block {

    private static final Comparator<Slot> BY_ADDRESS = Comparator.comparingInt((Slot slot) -> slot.location().address())
            .thenComparingInt(slot -> slot.location().end());

    private final List<Slot> slots;
    private final ModbusRequest request;
    private final AnswerCheck check;
    private @Nullable RegisterView kept;
    private long keptNanos;

    private Block(int unit, RegisterLocation.Table table, int start, int count, List<Slot> slots) {
        this.slots = List.copyOf(slots);
        this.request = ModbusRequest.read(unit, table.readFunction(), start, count);
        this.check = new AnswerCheck(this.slots, request);
    }

    /**
     * Joins values of one table and pace into as few blocks as possible.
     *
     * @param slots values of one table, in any order
     * @param longestHole holes of more registers than this are not read along
     */
    static List<Block> join(int unit, List<Slot> slots, int longestHole) {
        List<Block> blocks = new ArrayList<>();
        List<Slot> current = new ArrayList<>();
        int start = 0;
        int end = 0;
        for (Slot slot : slots.stream().sorted(BY_ADDRESS).toList()) {
            RegisterLocation place = slot.location();
            int newEnd = Math.max(end, place.end());
            if (!current.isEmpty()
                    && (newEnd - start > ModbusRequest.MAX_READ || place.address() - end > longestHole)) {
                blocks.add(of(unit, start, end, current));
                current.clear();
            }
            if (current.isEmpty()) {
                start = place.address();
                end = place.end();
            } else {
                end = newEnd;
            }
            current.add(slot);
        }
        if (!current.isEmpty()) {
            blocks.add(of(unit, start, end, current));
        }
        return blocks;
    }

    private static Block of(int unit, int start, int end, List<Slot> slots) {
        return new Block(unit, slots.get(0).location().table(), start, end - start, slots);
    }

    /** The same block with more registers behind it, which are not looked at; itself where there is no room. */
    Block padded(int more) {
        int count = request.count() + more;
        if (count > ModbusRequest.MAX_READ || request.address() + count > 0x10000) {
            return this;
        }
        return new Block(request.unit(), slots.get(0).location().table(), request.address(), count, slots);
    }

    /**
     * The block in smaller ones, after the device refused it: first without holes and padding, then value by value.
     *
     * @return empty when the block cannot be made smaller
     */
    List<Block> split() {
        List<Block> exact = join(request.unit(), slots, 0);
        if (exact.size() > 1 || exact.get(0).request.count() < request.count()) {
            return exact;
        }
        List<Block> single = new ArrayList<>();
        int from = 0;
        List<Slot> sorted = slots.stream().sorted(BY_ADDRESS).toList();
        for (int i = 1; i <= sorted.size(); i++) {
            // Bits of one register and views of the same registers stay together.
            if (i == sorted.size() || sorted.get(i).location().address() != sorted.get(from).location().address()) {
                single.addAll(join(request.unit(), sorted.subList(from, i), 0));
                from = i;
            }
        }
        return single.size() > 1 ? single : List.of();
    }

    ModbusRequest request() {
        return request;
    }

    List<Slot> slots() {
        return slots;
    }

    /** Decides whether an answer can be a reading. */
    AnswerCheck check() {
        return check;
    }

    /** Whether a value is read in this block. */
    boolean holds(Point point) {
        for (Slot slot : slots) {
            if (slot.point().equals(point)) {
                return true;
            }
        }
        return false;
    }

    /** What an answer says about whether the board initialises; the block holds that. */
    Readiness readiness(RegisterView registers, @Nullable WordOrder order) {
        for (Slot slot : slots) {
            if (slot.point().equals(Catalogue.INITIALISATION)) {
                double bit = slot.number(registers, slot.location().address() - request.address(), order);
                return bit == 0 ? Readiness.READY : bit == 1 ? Readiness.INITIALISING : Readiness.UNKNOWN;
            }
        }
        return Readiness.UNKNOWN;
    }

    /** Whether something in this block is no reading while the board initialises. */
    boolean holdsMeasurements() {
        for (Slot slot : slots) {
            if (!slot.point().isReadingWhileInitialising()) {
                return true;
            }
        }
        return false;
    }

    /** Decodes an answer. */
    void decode(RegisterView registers, @Nullable WordOrder order, BoardAssembler assembler, long nanos) {
        for (Slot slot : slots) {
            slot.decode(registers, slot.location().address() - request.address(), order, assembler, nanos);
        }
    }

    /** Lets each value say what it does about the word order. */
    void testify(RegisterView registers, WordOrderJudge judge) {
        for (Slot slot : slots) {
            judge.hear(slot.evidence(registers, slot.location().address() - request.address()));
        }
    }

    /** Keeps an answer, until it is clear what it says. */
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

    /** When the kept answer was read, in nanoseconds of the ticker. */
    long keptNanos() {
        return keptNanos;
    }

    /** Lets the kept answer go. */
    void letGo() {
        kept = null;
    }

    /** Decodes the kept answer, if there is one. */
    void decodeKept(@Nullable WordOrder order, BoardAssembler assembler) {
        RegisterView registers = kept;
        if (registers != null) {
            decode(registers, order, assembler, keptNanos);
        }
    }

    /** Decodes of the kept answer, if there is one, what depends on the word order, now that it is known. */
    void decodeOrdered(WordOrder order, BoardAssembler assembler) {
        RegisterView registers = kept;
        if (registers == null) {
            return;
        }
        for (Slot slot : slots) {
            if (slot.dependsOnOrder()) {
                slot.decode(registers, slot.location().address() - request.address(), order, assembler, keptNanos);
            }
        }
    }

    @Override
    public String toString() {
        return request.toString();
    }
}
