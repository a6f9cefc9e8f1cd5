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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Pace;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;

/**
 * What is read from a board, how often, in which requests. Made from the catalogue and what the user added to it; it
 * learns from refusals.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ReadPlan {

    /** On a line with a fixed pace, two registers of a hole cost less than another request with its silences. */
    static final int SERIAL_HOLE = 12;
    /** Over a network, only the number of requests counts. */
    static final int NETWORK_HOLE = ModbusRequest.MAX_READ;

    private final Map<Pace, List<Block>> blocks = new EnumMap<>(Pace.class);
    /** As it was before anything was learned. */
    private final Map<Pace, List<Block>> original = new EnumMap<>(Pace.class);

    private ReadPlan() {
    }

    /**
     * The plan for a board.
     *
     * @param longestHole how many registers that nobody wants may be read along to save a request
     */
    static ReadPlan of(int unit, BoardSetup setup, int longestHole) {
        Map<Pace, Map<Table, List<Slot>>> sorted = new EnumMap<>(Pace.class);
        for (Point point : Catalogue.all()) {
            Location named = setup.locations().get(point);
            RegisterLocation catalogued = point.register();
            if (named instanceof RegisterLocation place) {
                add(sorted, new Slot(point, place, false));
            } else if (catalogued != null) {
                add(sorted, new Slot(point, catalogued, true));
            }
        }
        for (Point point : setup.customPoints()) {
            RegisterLocation place = point.register();
            if (place != null) {
                add(sorted, new Slot(point, place, false));
            }
        }
        ReadPlan plan = new ReadPlan();
        for (Pace pace : Pace.values()) {
            List<Block> joined = new ArrayList<>();
            sorted.getOrDefault(pace, Map.of()).values()
                    .forEach(slots -> joined.addAll(Block.join(unit, slots, longestHole)));
            plan.blocks.put(pace, joined);
        }
        plan.makeNeighboursDiffer();
        plan.blocks.forEach((pace, list) -> plan.original.put(pace, List.copyOf(list)));
        return plan;
    }

    private static void add(Map<Pace, Map<Table, List<Slot>>> sorted, Slot slot) {
        Map<Table, List<Slot>> tables = sorted.getOrDefault(slot.point().pace(), new EnumMap<>(Table.class));
        List<Slot> slots = tables.getOrDefault(slot.location().table(), new ArrayList<>());
        slots.add(slot);
        tables.put(slot.location().table(), slots);
        sorted.put(slot.point().pace(), tables);
    }

    /**
     * Gives requests that follow each other different lengths, so that the late answer to one cannot be taken for that
     * of the next. The order is that of a cycle: what is read once, what is fast, what is slow, and the next cycle
     * begins with what is fast.
     */
    private void makeNeighboursDiffer() {
        int previous = 0;
        int firstFast = 0;
        for (Pace pace : List.of(Pace.ONCE, Pace.FAST, Pace.SLOW)) {
            List<Block> list = of(pace);
            for (int i = 0; i < list.size(); i++) {
                boolean last = i == list.size() - 1;
                int next = last && pace != Pace.ONCE ? firstFast : 0;
                Block block = list.get(i);
                for (int more = 1; (block.request().count() == previous || block.request().count() == next)
                        && more <= 2; more++) {
                    block = list.get(i).padded(more);
                }
                list.set(i, block);
                previous = block.request().count();
                if (pace == Pace.FAST && i == 0) {
                    firstFast = previous;
                }
            }
        }
    }

    /** The blocks of a pace, in the order in which they are read. */
    List<Block> of(Pace pace) {
        return blocks.getOrDefault(pace, List.of());
    }

    /** All blocks. */
    List<Block> all() {
        return blocks.values().stream().flatMap(List::stream).toList();
    }

    /** The block in which a value is read; null when it is not. */
    @Nullable
    Block holding(Point point) {
        for (List<Block> list : blocks.values()) {
            for (Block block : list) {
                if (block.holds(point)) {
                    return block;
                }
            }
        }
        return null;
    }

    /** Where a value is read; null when it is not. */
    @Nullable
    Slot slot(Point point) {
        for (Block block : all()) {
            for (Slot slot : block.slots()) {
                if (slot.point().equals(point)) {
                    return slot;
                }
            }
        }
        return null;
    }

    /**
     * Learns that the device refused a block.
     *
     * @return the smaller blocks that take its place; empty when it cannot be read at all, and is left out from now on
     */
    List<Block> refused(Block block) {
        List<Block> parts = block.split();
        for (List<Block> list : blocks.values()) {
            int place = list.indexOf(block);
            if (place >= 0) {
                list.remove(place);
                list.addAll(place, parts);
            }
        }
        return parts;
    }

    /** Forgets what was learned: it may be another device, or another firmware. */
    void reset() {
        original.forEach((pace, list) -> blocks.put(pace, new ArrayList<>(list)));
    }

    /** Takes back a block that was left out. */
    void restore(Block block) {
        of(block.slots().get(0).point().pace()).add(block);
    }
}
