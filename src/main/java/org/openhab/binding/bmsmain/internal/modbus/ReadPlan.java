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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.PollClass;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;

/**
 * What is read from a board, how often, and in which requests. Built from the catalogue and the user's additions;
 * adapts when the device refuses reads.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ReadPlan {

    /** Maximum hole on a serial line: reading these registers costs less than another request with its silences. */
    static final int SERIAL_HOLE = 12;
    /** Over a network, only the number of requests counts. */
    static final int NETWORK_HOLE = ModbusRequest.MAX_READ;

    private final int unit;
    private final int longestHole;
    private final Map<PollClass, List<ReadBlock>> blocks = new EnumMap<>(PollClass.class);
    /** The plan before anything was learnt. */
    private final Map<PollClass, List<ReadBlock>> original = new EnumMap<>(PollClass.class);
    private final List<SplitRead> splits = new ArrayList<>();
    /** The split that a block belongs to, as a whole or as a part. */
    private final Map<ReadBlock, SplitRead> splitOf = new HashMap<>();

    private ReadPlan(int unit, int longestHole) {
        this.unit = unit;
        this.longestHole = longestHole;
    }

    /**
     * Creates the plan for a board.
     *
     * @param longestHole maximum number of unused registers that are read along to save a request
     */
    static ReadPlan of(int unit, BoardSetup setup, int longestHole) {
        return of(unit, Catalogue.all(), setup, longestHole);
    }

    /** Creates the plan for a board with other points than those of the catalogue. */
    static ReadPlan of(int unit, List<Point> points, BoardSetup setup, int longestHole) {
        Map<PollClass, Map<Table, List<RegisterMapping>>> sorted = new EnumMap<>(PollClass.class);
        for (Point point : points) {
            Location named = setup.locations().get(point);
            RegisterLocation catalogued = point.register();
            if (named instanceof RegisterLocation place) {
                add(sorted, new RegisterMapping(point, place, false));
            } else if (catalogued != null) {
                add(sorted, new RegisterMapping(point, catalogued, true));
            }
        }
        for (Point point : setup.customPoints()) {
            RegisterLocation place = point.register();
            if (place != null) {
                add(sorted, new RegisterMapping(point, place, false));
            }
        }
        ReadPlan plan = new ReadPlan(unit, longestHole);
        for (PollClass pollClass : PollClass.values()) {
            List<ReadBlock> joined = new ArrayList<>();
            sorted.getOrDefault(pollClass, Map.of()).values().forEach(
                    mappings -> joined.addAll(ReadBlock.join(unit, mappings, longestHole, ModbusRequest.MAX_READ)));
            plan.blocks.put(pollClass, joined);
        }
        plan.makeNeighboursDiffer();
        plan.blocks.forEach((pollClass, list) -> plan.original.put(pollClass, List.copyOf(list)));
        return plan;
    }

    private static void add(Map<PollClass, Map<Table, List<RegisterMapping>>> sorted, RegisterMapping mapping) {
        Map<Table, List<RegisterMapping>> tables = sorted.getOrDefault(mapping.point().pollClass(),
                new EnumMap<>(Table.class));
        List<RegisterMapping> mappings = tables.getOrDefault(mapping.location().table(), new ArrayList<>());
        mappings.add(mapping);
        tables.put(mapping.location().table(), mappings);
        sorted.put(mapping.point().pollClass(), tables);
    }

    /**
     * Gives consecutive requests different lengths, so that the late answer to one cannot be taken for that of the
     * next. The order is that of a cycle: once, fast, slow; the next cycle starts with the fast blocks.
     */
    private void makeNeighboursDiffer() {
        int previous = 0;
        int firstFast = 0;
        for (PollClass pollClass : List.of(PollClass.ONCE, PollClass.FAST, PollClass.SLOW)) {
            List<ReadBlock> list = of(pollClass);
            for (int i = 0; i < list.size(); i++) {
                boolean last = i == list.size() - 1;
                int next = last && pollClass != PollClass.ONCE ? firstFast : 0;
                ReadBlock block = list.get(i);
                for (int more = 1; (block.request().count() == previous || block.request().count() == next)
                        && more <= 2; more++) {
                    block = list.get(i).padded(more);
                }
                list.set(i, block);
                previous = block.request().count();
                if (pollClass == PollClass.FAST && i == 0) {
                    firstFast = previous;
                }
            }
        }
    }

    /** Blocks of a poll class, in the order in which they are read. */
    List<ReadBlock> of(PollClass pollClass) {
        return blocks.getOrDefault(pollClass, List.of());
    }

    /** All blocks. */
    List<ReadBlock> all() {
        return blocks.values().stream().flatMap(List::stream).toList();
    }

    /** The block that contains a value; null when it is not read. */
    @Nullable
    ReadBlock holding(Point point) {
        for (List<ReadBlock> list : blocks.values()) {
            for (ReadBlock block : list) {
                if (block.holds(point)) {
                    return block;
                }
            }
        }
        return null;
    }

    /** The registers of a value; null when it is not read. */
    @Nullable
    RegisterMapping mapping(Point point) {
        for (ReadBlock block : all()) {
            for (RegisterMapping mapping : block.mappings()) {
                if (mapping.point().equals(point)) {
                    return mapping;
                }
            }
        }
        return null;
    }

    /**
     * Replaces a block that the device does not give.
     *
     * @param costly whether the device was silent instead of refusing, so that each attempt costs a timeout
     * @return the smaller blocks that take its place; empty when it cannot be read at all and is left out from now on
     */
    List<ReadBlock> split(ReadBlock block, boolean costly, DeviceProfile device, long nanos) {
        if (!block.isStretched()) {
            device.denied(block.request().count());
        }
        ReadBlock stretched = device.mayGiveOnlyEvenCounts() ? block.stretched() : null;
        List<ReadBlock> smaller = stretched == null ? smaller(block, device) : List.of(stretched);
        SplitRead split = replace(block, smaller, costly, nanos);
        if (smaller.isEmpty()) {
            ReadBlock left = block.exact();
            left.splitInto(smaller);
            splitOf.put(left, split);
            split.leaveOut(left);
        }
        return smaller;
    }

    private static List<ReadBlock> smaller(ReadBlock block, DeviceProfile device) {
        List<ReadBlock> smaller = new ArrayList<>();
        for (ReadBlock part : block.smaller()) {
            ReadBlock even = device.givesOnlyEvenCounts() ? part.stretched() : null;
            smaller.add(even == null ? part : even);
        }
        return smaller;
    }

    private SplitRead replace(ReadBlock block, List<ReadBlock> smaller, boolean costly, long nanos) {
        SplitRead split = splitOf.get(block);
        if (split == null) {
            split = new SplitRead(block, costly, nanos);
            splits.add(split);
        } else if (costly) {
            split.costs();
        }
        block.splitInto(smaller);
        SplitRead known = split;
        splitOf.put(block, known);
        smaller.forEach(part -> splitOf.put(part, known));
        for (List<ReadBlock> list : blocks.values()) {
            int place = list.indexOf(block);
            if (place >= 0) {
                list.remove(place);
                list.addAll(place, smaller);
            }
        }
        return split;
    }

    /**
     * Stops reading holes in blocks that the device has not given yet. If the device is silent where it has no
     * registers, finding this out block by block is expensive.
     */
    void avoidHoles(DeviceProfile device, long nanos) {
        for (ReadBlock block : all()) {
            if (!block.isProven() && block.hasHoles()) {
                replace(block, smaller(block, device), true, nanos);
            }
        }
    }

    /** Splits blocks that are known to be too long for the device. */
    private void shorten(DeviceProfile device, long nanos) {
        for (ReadBlock block : all()) {
            if (!block.isProven() && block.request().count() >= device.tooLong()) {
                List<ReadBlock> shorter = ReadBlock.join(unit, block.mappings(), !isSplit(block) ? longestHole : 0,
                        device.readLimit());
                if (shorter.size() > 1) {
                    replace(block, shorter, true, nanos);
                }
            }
        }
    }

    /** Changes reads to even numbers of registers. */
    private void stretch(long nanos) {
        for (ReadBlock block : all()) {
            ReadBlock stretched = block.isProven() || block.isStretched() ? null : block.stretched();
            if (stretched != null) {
                replace(block, List.of(stretched), true, nanos);
            }
        }
    }

    /**
     * Records that the device gave a block.
     *
     * @return whether other blocks are read differently from now on
     */
    boolean given(ReadBlock block, DeviceProfile device, long nanos) {
        boolean first = !block.isProven();
        block.prove();
        if (!first || !isSplit(block)) {
            return false;
        }
        if (block.isStretched()) {
            device.foundOnlyEvenCounts();
            stretch(nanos);
            return true;
        }
        for (ReadBlock whole = block.parent(); whole != null && whole.isGivenInParts(); whole = whole.parent()) {
            if (!whole.isProven() && !whole.hasHoles() && !device.givesOnlyEvenCounts()) {
                device.foundTooLong(whole.request().count());
                shorten(device, nanos);
                return true;
            }
        }
        return false;
    }

    /** Whether the block was split, or is part of one that was. */
    boolean isSplit(ReadBlock block) {
        return splitOf.containsKey(block);
    }

    /** Whether the block belongs to a split block that the device gave before. */
    boolean isPartOfKnown(ReadBlock block) {
        SplitRead split = splitOf.get(block);
        return split != null && split.isKnown();
    }

    /** The blocks that are read in place of a block: itself, or its parts. */
    List<ReadBlock> inPlaceOf(ReadBlock block) {
        return switch (block.state()) {
            case ACTIVE -> List.of(block);
            case MISSING -> List.of();
            case SPLIT -> block.parts().stream().flatMap(part -> inPlaceOf(part).stream()).toList();
        };
    }

    /** Records a failed retry of a block that was left out or split. */
    void notGivenAgain(ReadBlock block, long nanos) {
        SplitRead split = splitOf.get(block);
        if (split != null) {
            split.failed(block, nanos);
        }
    }

    /** The blocks that were left out or split and are due for a retry. */
    List<ReadBlock> attempts(long nanos) {
        List<ReadBlock> attempts = new ArrayList<>();
        for (SplitRead split : splits) {
            ReadBlock attempt = split.attempt(nanos);
            if (attempt != null) {
                attempts.add(attempt);
            }
        }
        return attempts;
    }

    /**
     * Records a successful retry of a block that was left out or split.
     *
     * @return the block to request next, or null
     */
    @Nullable
    ReadBlock givenAgain(ReadBlock block) {
        SplitRead split = splitOf.get(block);
        if (split == null) {
            return null;
        }
        block.prove();
        if (block.equals(split.whole())) {
            rejoin(split);
            splits.remove(split);
            return null;
        }
        block.state(ReadBlock.State.ACTIVE);
        of(block.mappings().get(0).point().pollClass()).add(block);
        return split.given(block);
    }

    private void rejoin(SplitRead split) {
        ReadBlock whole = split.whole();
        List<ReadBlock> list = of(whole.mappings().get(0).point().pollClass());
        int place = list.size();
        for (int i = list.size() - 1; i >= 0; i--) {
            if (split.equals(splitOf.get(list.get(i)))) {
                list.remove(i);
                place = i;
            }
        }
        list.add(place, whole);
        whole.rejoin();
        splitOf.values().removeIf(split::equals);
    }

    /** Makes retries of refused blocks due: the device may have been starting, or have restarted. */
    void hurry(long nanos) {
        splits.forEach(split -> split.hurry(nanos));
    }

    /** Drops refusals: they cost little if they come again. Blocks whose retries cost timeouts stay split. */
    void forgetRefusals() {
        splits.removeIf(split -> {
            if (!split.isCostly()) {
                rejoin(split);
            }
            return !split.isCostly();
        });
    }

    /** Clears everything that was learnt: it may be another device. */
    void reset() {
        splits.clear();
        splitOf.clear();
        original.forEach((pollClass, list) -> {
            list.forEach(ReadBlock::reset);
            blocks.put(pollClass, new ArrayList<>(list));
        });
    }

    /** Whether a value was read before but is not given at the moment. */
    boolean isMissing(Point point) {
        for (SplitRead split : splits) {
            if (split.isKnown()) {
                for (ReadBlock block : split.missing()) {
                    if (block.holds(point)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** The registers that are left out, such as {@code 0x2102, 0x219F-0x21A2}; empty when none is. */
    String missing() {
        List<ReadBlock> missing = new ArrayList<>();
        splits.forEach(split -> split.missing().forEach(missing::add));
        return missing.stream().map(ReadBlock::request).sorted(Comparator.comparingInt(ModbusRequest::address))
                .map(ReadPlan::range).collect(Collectors.joining(", "));
    }

    private static String range(ModbusRequest request) {
        int last = request.address() + request.count() - 1;
        return last == request.address() ? String.format(Locale.ROOT, "0x%04X", last)
                : String.format(Locale.ROOT, "0x%04X-0x%04X", request.address(), last);
    }
}
