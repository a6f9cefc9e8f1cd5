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

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * Decides whether an answer to one read can be a reading of the board, and remembers the last accepted one.
 * <p>
 * A board that restarts, or a communication board that lost its controller, answers with registers that are filled
 * with one word. The map tells most of these patterns from readings (protocol, sections 2 and 5 to 8): all reserved
 * bits of a word are never set at once, there are 1 to 23 BMS Logic boards, the capacity is above 0, the firmware has
 * a version, and a REAL32 is no subnormal number. A single reserved bit means a newer firmware, not a pattern, and an
 * absent sensor is no pattern either. If all registers hold the same word without such a contradiction, as on a board
 * at rest, the neighbouring answers decide.
 * <p>
 * Allocates no objects, because it checks every answer.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class AnswerCheck {

    /** Verdict on an answer. */
    enum Verdict {
        /** It can be a reading. */
        READING,
        /** All registers hold the same word: a reading only if other answers of the cycle are. */
        UNIFORM,
        /** The map excludes this content. */
        FILLED
    }

    /** State that the board reports: while it initialises it may report zeros. */
    enum Readiness {
        READY,
        INITIALISING,
        UNKNOWN
    }

    /** Bits that the map marks as unused, of 32-bit and of 16-bit words, by input register. */
    private static final Map<Integer, Integer> RESERVED_32 = Map.of(0x2007, 0xC000_0000, 0x2009, 0xF000_0000, 0x200E,
            0xFFFC_0000);
    private static final Map<Integer, Integer> RESERVED_16 = Map.of(0x200B, 0xFFF0, 0x20F4, 0xFFC0);
    /** Minimum number of reserved bits for a pattern; fewer may be new bits of a newer firmware. */
    private static final int MANY_BITS = 4;
    /** Number of registers with the same word other than 0 that is no coincidence. */
    private static final int MANY_WORDS = 3;
    private static final int WORD_MASK = 0xFFFF;

    /** Usual change of a measurement between two readings: a fraction of its size plus a constant. */
    private static final double USUAL_PART = 0.05;
    private static final double USUAL_STEP = 0.1;
    /** Usual change in seconds of other 32-bit numbers, which count seconds, and of the clock. */
    private static final long USUAL_COUNT = 60;

    /** The first value at an address. */
    private static final class Place {
        final RegisterMapping mapping;
        final int at;
        final boolean isReal;
        final boolean isWide;
        final boolean isBits;
        final boolean isClock;
        /** Whether the value may be absent, and then hold any word. */
        final boolean isSensor;
        final int reserved;

        Place(RegisterMapping mapping, int start) {
            RegisterLocation location = mapping.location();
            this.mapping = mapping;
            this.at = location.address() - start;
            this.isReal = location.type() == WireType.REAL32;
            this.isWide = mapping.dependsOnOrder();
            this.isBits = location.bit() != Location.NO_BIT || mapping.point().kind() == Kind.BITS;
            this.isClock = location.type() == WireType.CLOCK;
            this.isSensor = "sensors".equals(mapping.point().group()) || isClock;
            this.reserved = !mapping.isCatalogued() ? 0
                    : (isWide ? RESERVED_32 : RESERVED_16).getOrDefault(location.address(), 0);
        }

        boolean is(Point point) {
            return mapping.point().equals(point);
        }

        /** The registers as one number, the first one in its upper half. */
        int raw(RegisterView registers) {
            return registers.word(at) << 16 | registers.word(at + 1);
        }

        /** Whether a REAL32 is outside its limits. */
        boolean isImpossible(int bits) {
            return !mapping.point().isPlausible(Float.intBitsToFloat(bits));
        }

        /** The same in both word orders while the order may be unknown. */
        boolean isImpossible(RegisterView registers, @Nullable WordOrder order) {
            int first = registers.word(at);
            int second = registers.word(at + 1);
            return (order == WordOrder.BIG || isImpossible(WordOrder.LITTLE.join(first, second)))
                    && (order == WordOrder.LITTLE || isImpossible(WordOrder.BIG.join(first, second)));
        }
    }

    /** Used registers, counted from the first one. */
    private final int[] words;
    private final Place[] places;
    /** The same, plus the values that a user named. */
    private final Place[] values;
    private final boolean onlySensors;

    /** Last accepted answer, and the last two answers that wait for a matching one. */
    private final int[] accepted;
    private final int[] candidate;
    private final int[] older;
    private boolean hasAccepted;
    private int compared;
    private int agreements;
    private boolean alternates;

    /**
     * @param mappings the values that are read
     * @param request the read; its answers may hold more registers at the end
     */
    AnswerCheck(List<RegisterMapping> mappings, ModbusRequest request) {
        boolean catalogued = mappings.stream().anyMatch(RegisterMapping::isCatalogued);
        Map<Integer, Place> first = new TreeMap<>();
        Map<Integer, Place> all = new TreeMap<>();
        BitSet used = new BitSet();
        for (RegisterMapping mapping : mappings) {
            Place place = new Place(mapping, request.address());
            if (mapping.isCatalogued()) {
                all.put(place.at, place);
            } else {
                all.putIfAbsent(place.at, place);
            }
            // The content of a place that a user named is unknown.
            if (!catalogued || mapping.isCatalogued()) {
                first.putIfAbsent(place.at, place);
                used.set(place.at, place.at + mapping.location().registers());
            }
        }
        words = used.stream().toArray();
        places = first.values().toArray(Place[]::new);
        values = all.values().toArray(Place[]::new);
        onlySensors = catalogued && first.values().stream().allMatch(place -> place.isSensor);
        accepted = new int[request.count()];
        candidate = new int[request.count()];
        older = new int[request.count()];
    }

    /**
     * Classifies an answer.
     *
     * @param order the word order, or null while it is not known
     * @param told whether the user configured the order, which can be wrong
     * @param readiness the state that the board reported last
     */
    Verdict verdict(RegisterView registers, @Nullable WordOrder order, boolean told, Readiness readiness) {
        boolean uniform = isUniform(registers);
        int first = registers.word(words[0]);
        if (uniform && first != 0 && words.length >= MANY_WORDS && !(onlySensors && areImpossible(registers))) {
            return Verdict.FILLED;
        }
        for (Place place : places) {
            if (place.mapping.isCatalogued() && contradicts(place, registers, order, told, readiness)) {
                return Verdict.FILLED;
            }
        }
        if (!uniform && isRepeated(registers)) {
            return Verdict.FILLED;
        }
        return uniform && !(readiness == Readiness.INITIALISING && first == 0) ? Verdict.UNIFORM : Verdict.READING;
    }

    private boolean isUniform(RegisterView registers) {
        int first = registers.word(words[0]);
        for (int at : words) {
            if (registers.word(at) != first) {
                return false;
            }
        }
        return true;
    }

    private boolean areImpossible(RegisterView registers) {
        for (Place place : places) {
            if (place.isReal ? !place.isImpossible(place.raw(registers))
                    : RegisterText.of(place.mapping.location(), registers, place.at) != null) {
                return false;
            }
        }
        return true;
    }

    /** Whether the map excludes this content. */
    private static boolean contradicts(Place place, RegisterView registers, @Nullable WordOrder order, boolean told,
            Readiness readiness) {
        if (place.reserved != 0) {
            return hasAllReservedBits(place, registers, order);
        }
        if (place.is(Catalogue.BOARD_COUNT)) {
            return readiness == Readiness.READY && registers.word(place.at) == 0;
        }
        if (place.is(Catalogue.FIRMWARE_VERSION)) {
            return place.raw(registers) == 0;
        }
        if (!place.isReal) {
            return false;
        }
        if (place.is(Catalogue.NOMINAL_CAPACITY) && readiness == Readiness.READY
                && place.isImpossible(registers, told ? null : order)) {
            return true;
        }
        return isSubnormal(place, registers, order, told);
    }

    private static boolean hasAllReservedBits(Place place, RegisterView registers, @Nullable WordOrder order) {
        int mask = place.reserved;
        if (!place.isWide) {
            return (registers.word(place.at) & mask) == mask;
        }
        int first = registers.word(place.at);
        int second = registers.word(place.at + 1);
        if (first != second && (order == null || Integer.bitCount(mask) < MANY_BITS)) {
            return false;
        }
        return ((order == WordOrder.BIG ? WordOrder.BIG : WordOrder.LITTLE).join(first, second) & mask) == mask;
    }

    private static boolean isSubnormal(Place place, RegisterView registers, @Nullable WordOrder order, boolean told) {
        int first = registers.word(place.at);
        int second = registers.word(place.at + 1);
        boolean little = RegisterMapping.isSubnormal(WordOrder.LITTLE.join(first, second));
        boolean big = RegisterMapping.isSubnormal(WordOrder.BIG.join(first, second));
        if (order == null) {
            return little && big;
        }
        boolean subnormal = order == WordOrder.LITTLE ? little : big;
        // In the wrong order each number is subnormal: that is a wrong setting and not a pattern.
        return subnormal && !(told && place.mapping.evidence(registers, place.at) != 0);
    }

    /**
     * Whether several values are one pattern: two measurements whose registers all hold the same word, or a word of
     * bits that equals two measurements or contains the word that fills them. Absent sensors may share an
     * impossible value.
     */
    private boolean isRepeated(RegisterView registers) {
        int filled = 0;
        int others = 0;
        int pattern = 0;
        boolean impossible = false;
        for (Place place : places) {
            if (place.reserved != 0 && place.isWide && isShared(registers, place.raw(registers))
                    || place.isBits && goesOnFilling(place, registers)) {
                return true;
            }
            if (!place.isReal || !place.mapping.isCatalogued()) {
                continue;
            }
            int raw = place.raw(registers);
            if (raw != 0 && raw >>> 16 == (raw & WORD_MASK) && (filled == 0 || pattern == raw)) {
                boolean cannotBe = place.isImpossible(raw);
                pattern = raw;
                impossible |= cannotBe;
                filled += cannotBe && place.isSensor ? 0 : 1;
            } else {
                others += place.isSensor ? 0 : 1;
            }
        }
        return filled > 1 && (others == 0 || !impossible);
    }

    /** Whether a register of bits, possibly half of a value, holds the word that fills measurements. */
    private boolean goesOnFilling(Place place, RegisterView registers) {
        for (int at = place.at; at < place.at + place.mapping.location().registers(); at++) {
            int word = registers.word(at);
            if (isShared(registers, word << 16 | word)) {
                return true;
            }
        }
        return false;
    }

    private boolean isShared(RegisterView registers, int raw) {
        int shared = 0;
        for (Place place : places) {
            shared += raw != 0 && place.isReal && place.raw(registers) == raw ? 1 : 0;
        }
        return shared > 1;
    }

    /**
     * Whether an answer is close to the one accepted last: bits are equal, and numbers have changed little.
     *
     * @param order the word order, or null while it is not known
     */
    boolean isUsual(RegisterView registers, @Nullable WordOrder order) {
        return hasAccepted && isNear(accepted, registers, order);
    }

    /** Starts to compare answers with each other. */
    void beginComparing() {
        compared = 0;
        agreements = 0;
        alternates = false;
    }

    /**
     * Compares an answer with those before.
     *
     * @return number of consecutive answers that were close to each other, including this one
     */
    int compare(RegisterView registers, @Nullable WordOrder order) {
        boolean agrees = compared > 0 && isNear(candidate, registers, order);
        agreements = agrees ? agreements + 1 : 1;
        alternates |= agrees || compared > 1 && isNear(older, registers, order);
        System.arraycopy(candidate, 0, older, 0, older.length);
        copy(registers, candidate);
        compared++;
        return agreements;
    }

    /** Number of compared answers. */
    int compared() {
        return compared;
    }

    /** Whether no answer was close to one of the two before it, which means that the values are changing. */
    boolean moves() {
        return !alternates;
    }

    private boolean isNear(int[] before, RegisterView registers, @Nullable WordOrder order) {
        for (Place place : values) {
            boolean near = place.isWide ? isNear(place, before, registers, order)
                    : place.isClock ? isNearClock(place.at, before, registers) : isSame(place, before, registers);
            if (!near) {
                return false;
            }
        }
        return true;
    }

    /** Whether a clock shows the same hour as before, and nearly the same time. */
    private static boolean isNearClock(int at, int[] before, RegisterView registers) {
        return before[at] == registers.word(at) && before[at + 1] == registers.word(at + 1)
                && Math.abs(secondOfHour(before[at + 2]) - secondOfHour(registers.word(at + 2))) <= USUAL_COUNT;
    }

    /** The third register of a clock: minutes in its low byte and seconds in the other, as BCD. */
    private static int secondOfHour(int word) {
        return 60 * decimal(word & 0xFF) + decimal(word >> 8);
    }

    private static int decimal(int bcd) {
        return 10 * (bcd >> 4) + (bcd & 0xF);
    }

    private static boolean isSame(Place place, int[] before, RegisterView registers) {
        for (int i = place.at; i < place.at + place.mapping.location().registers(); i++) {
            if (before[i] != registers.word(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNear(Place place, int[] before, RegisterView registers, @Nullable WordOrder order) {
        if (isSame(place, before, registers)) {
            return true;
        }
        if (order == null || place.isBits) {
            return false;
        }
        int was = order.join(before[place.at], before[place.at + 1]);
        int is = order.join(registers.word(place.at), registers.word(place.at + 1));
        if (!place.isReal) {
            return Math.abs((is & 0xFFFF_FFFFL) - (was & 0xFFFF_FFFFL)) <= USUAL_COUNT;
        }
        float one = Float.intBitsToFloat(was);
        float other = Float.intBitsToFloat(is);
        return Math.abs(one - other) <= USUAL_STEP + USUAL_PART * Math.max(Math.abs(one), Math.abs(other));
    }

    /**
     * Whether all registers hold the same word now and did not in the answer accepted last.
     *
     * @param otherwise the result if no answer was accepted
     */
    boolean hasBecomeUniform(RegisterView registers, boolean otherwise) {
        if (words.length == 1 || !isUniform(registers)) {
            return false;
        }
        if (!hasAccepted) {
            return otherwise;
        }
        for (int at : words) {
            if (accepted[at] != accepted[words[0]]) {
                return true;
            }
        }
        return false;
    }

    /** Whether the registers equal those accepted last. */
    boolean isUnchanged(RegisterView registers) {
        if (!hasAccepted) {
            return false;
        }
        for (int at : words) {
            if (accepted[at] != registers.word(at)) {
                return false;
            }
        }
        return true;
    }

    /** Stores an accepted answer. */
    void accept(RegisterView registers) {
        copy(registers, accepted);
        hasAccepted = true;
    }

    /** Clears the accepted answer: it may not have been a reading, or it may come from another board. */
    void forget() {
        hasAccepted = false;
    }

    private static void copy(RegisterView registers, int[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = registers.word(i);
        }
    }
}
