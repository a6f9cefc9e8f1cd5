/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.RegisterView;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Reads all registers of a range that a device has.
 * <p>
 * A device may refuse a read that includes a missing register, not respond, or close the connection. The reader then
 * searches for the registers that exist. It reads the documented registers first, extends the registers found on both
 * sides, and then tries single registers in the middle of the longest unknown stretch. So existing registers are found
 * early, and when the time is over, only registers far from all others are left.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RegisterReader implements AutoCloseable {

    /** Half of the maximum of a request, because a damaged response costs less. */
    private static final int BLOCK = 60;
    private static final int LAST = 0xFFFF;
    private static final int ATTEMPTS = 3;
    /** Maximum size of a hole behind which more registers are likely. */
    private static final int SMALL_HOLE = 3;
    private static final long MILLI = 1_000_000;
    /** Maximum total time for reads without result. */
    private static final long MOST_LOST = 60_000 * MILLI;
    /** Maximum time after a connect until a device responds. */
    private static final long LONGEST_QUIET = 6_000 * MILLI;
    /** Minimum pause before reconnecting to a device that closed the connection; grows with each attempt. */
    private static final long REOPEN_PAUSE = 50 * MILLI;
    /** Minimum timeout at devices that do not respond to reads of holes; otherwise a multiple of the slowest time. */
    private static final long SHORTEST_WAIT = 100 * MILLI;
    private static final int TIMES_SLOWEST = 4;
    private static final int ENOUGH_ANSWERS = 3;
    /** A read of up to this many registers takes hardly longer than one of a single register. */
    private static final int SHORT_READ = 4;
    /** Values that every board has, to check whether it responds at all. */
    private static final List<Point> WITNESSES = List.of(Catalogue.STATE_OF_CHARGE, Catalogue.BOARD_COUNT,
            Catalogue.FIRMWARE_VERSION, Catalogue.INITIALISATION);

    private final ModbusLine line;
    private final int unit;
    private final long timeout;
    private final RegisterRange range;
    private final Ticker ticker;
    private final ProgressLine progress;
    private final TreeMap<Integer, Integer> values = new TreeMap<>();
    private final BitSet holes = new BitSet();
    /** The addresses of the values: looked up far more often than changed. */
    private final BitSet given = new BitSet();

    private @Nullable ModbusClient client;
    private boolean wasOpen;
    /** The shortest successful read, repeated to check whether the device still responds. */
    private @Nullable ModbusRequest witness;
    private boolean losesAtHoles;
    private boolean triedMap;
    private boolean hasGivenOddCount;
    private int longest = 1;
    private int answers;
    private int shortAnswers;
    private long slowest;
    private long slowestShort;
    private long lost;

    /**
     * @param progress shows the progress
     */
    RegisterReader(ModbusLine line, ModbusSettings settings, RegisterRange range, Ticker ticker,
            ProgressLine progress) {
        this.line = line;
        this.unit = settings.unit();
        this.timeout = settings.responseTimeout().toNanos();
        this.range = range;
        this.ticker = ticker;
        this.progress = progress;
    }

    /**
     * Reads all registers that the device has.
     *
     * @return their values by address, without registers that the device lacks
     * @throws LinkException when the line cannot be opened, or the device does not respond at all
     */
    TreeMap<Integer, Integer> read() throws LinkException {
        try {
            for (int address = range.first(); address <= range.last() && hasTime(); address += BLOCK) {
                if (!gives(address, Math.min(BLOCK, range.last() - address + 1)) && !triedMap) {
                    triedMap = true;
                    readMap();
                }
            }
            while (hasTime() && search()) {
                showProgress();
            }
        } finally {
            progress.clear();
        }
        return values;
    }

    /** Reads all registers found once more. Registers without a second response are not in the result. */
    TreeMap<Integer, Integer> readAgain() throws LinkException {
        List<Integer> addresses = List.copyOf(values.keySet());
        values.clear();
        given.clear();
        try {
            for (int from = 0; from < addresses.size();) {
                int count = 1;
                while (from + count < addresses.size() && count < longest
                        && addresses.get(from + count) == addresses.get(from) + count) {
                    count++;
                }
                readParts(addresses.get(from), count);
                from += count;
            }
        } finally {
            progress.clear();
        }
        return values;
    }

    private void readParts(int address, int count) throws LinkException {
        if (!gives(address, count) && count > 1) {
            readParts(address, count / 2);
            readParts(address + count / 2, count - count / 2);
        }
    }

    /** Whether the device did not return the register in a read of that register alone. */
    boolean isHole(int address) {
        return holes.get(address);
    }

    /** Number of registers that were neither returned nor read alone. */
    int unexamined() {
        BitSet known = given.get(range.first(), range.last() + 1);
        known.or(holes.get(range.first(), range.last() + 1));
        return range.last() - range.first() + 1 - known.cardinality();
    }

    @Override
    public void close() {
        ModbusClient open = client;
        client = null;
        if (open != null) {
            open.close();
        }
    }

    // ---- search ----

    private boolean hasTime() {
        return lost < MOST_LOST;
    }

    private boolean isUnknown(int address) {
        return address >= range.first() && address <= range.last() && !holes.get(address) && !given.get(address);
    }

    private boolean isGiven(int address) {
        return address >= 0 && given.get(address);
    }

    /** Reads the documented registers in the range. */
    private void readMap() throws LinkException {
        BitSet named = new BitSet();
        for (Point point : Catalogue.all()) {
            RegisterLocation place = point.register();
            if (place != null && place.table() == range.table()) {
                named.set(place.address(), place.address() + place.registers());
            }
        }
        for (int first = named.nextSetBit(0); first >= 0 && hasTime();) {
            int end = Math.min(named.nextClearBit(first), first + BLOCK);
            int from = Math.max(first, range.first());
            int to = Math.min(end - 1, range.last());
            if (from <= to && isUnknown(from)) {
                gives(from, to - from + 1);
            }
            first = named.nextSetBit(end);
        }
    }

    /** Makes the next attempt. @return false when all registers are examined */
    private boolean search() throws LinkException {
        int longestFrom = 0;
        int longestCount = 0;
        for (int from = range.first(); from <= range.last(); from++) {
            int count = 0;
            while (isUnknown(from + count)) {
                count++;
            }
            if (count > 0 && isGiven(from - 1)) {
                follow(from, 1);
                return true;
            }
            if (count > 0 && isGiven(from + count)) {
                follow(from + count - 1, -1);
                return true;
            }
            if (count > longestCount) {
                longestFrom = from;
                longestCount = count;
            }
            from += count;
        }
        if (longestCount == 0) {
            return false;
        }
        int next = nearToGiven();
        int address = next < 0 ? longestFrom + longestCount / 2 : next;
        if (!gives(address, 1)) {
            holes.set(address);
        }
        return true;
    }

    /**
     * An unexamined register behind a small hole next to an existing register; -1 when there is none.
     */
    private int nearToGiven() {
        for (int from : values.keySet()) {
            for (int distance = 2; distance <= SMALL_HOLE + 1; distance++) {
                if (isUnknown(from + distance)) {
                    return from + distance;
                }
                if (isUnknown(from - distance)) {
                    return from - distance;
                }
            }
        }
        return -1;
    }

    /** Extends the registers found in one direction until a read fails. */
    private void follow(int from, int step) throws LinkException {
        int at = from;
        int size = 1;
        boolean grows = true;
        while (hasTime() && isUnknown(at)) {
            int count = 1;
            while (count < size && isUnknown(at + step * count)) {
                count++;
            }
            if (gives(step > 0 ? at : at - count + 1, count)) {
                at += step * count;
                size = grows ? Math.min(BLOCK, 2 * size) : size;
            } else if (count == 1) {
                holes.set(at);
                return;
            } else {
                size = count / 2;
                grows = false;
            }
            showProgress();
        }
    }

    private void showProgress() {
        int total = range.last() - range.first() + 1;
        long left = lost == 0 ? 0 : (MOST_LOST - lost) / (1000 * MILLI);
        progress.show(total - unexamined(), total, values.size() + " registers", left);
    }

    // ---- one read ----

    /** Reads consecutive registers. @return whether the device returns them in one read */
    private boolean gives(int address, int count) throws LinkException {
        long begun = ticker.nanos();
        boolean isGiven = tries(address, count)
                || count % 2 != 0 && !hasGivenOddCount && address + count <= LAST && tries(address, count + 1);
        lost += isGiven ? 0 : ticker.nanos() - begun;
        return isGiven;
    }

    private boolean tries(int address, int count) throws LinkException {
        ModbusRequest request = ModbusRequest.read(unit, range.table().readFunction(), address, count).tentative();
        for (int attempt = 1;; attempt++) {
            try {
                return transact(request);
            } catch (LinkException e) {
                if (losesAtHoles || attempt > 1) {
                    seek(e);
                }
                if (losesAtHoles || attempt == ATTEMPTS) {
                    // The device is present, but does not respond to this read.
                    losesAtHoles = true;
                    return false;
                }
            }
        }
    }

    private boolean transact(ModbusRequest request) throws LinkException {
        ModbusClient open = client();
        try {
            RegisterView registers = open.transact(request, patience(request));
            answered(open, request);
            for (int i = 0; i < request.count(); i++) {
                int address = request.address() + i;
                if (address <= range.last()) {
                    values.put(address, registers.word(i));
                    given.set(address);
                }
            }
            hasGivenOddCount |= request.count() % 2 != 0;
            longest = Math.max(longest, request.count());
            ModbusRequest known = witness;
            witness = known == null || request.count() <= known.count() ? request : known;
            return true;
        } catch (ModbusException e) {
            return false;
        } catch (LinkException e) {
            if (e.isSessionLost()) {
                close();
            }
            throw e;
        }
    }

    /** Timeout for a request. */
    private long patience(ModbusRequest request) {
        boolean isShort = request.count() <= SHORT_READ;
        int known = isShort ? shortAnswers : answers;
        return losesAtHoles && known >= ENOUGH_ANSWERS
                ? Math.min(timeout, Math.max(SHORTEST_WAIT, TIMES_SLOWEST * (isShort ? slowestShort : slowest)))
                : timeout;
    }

    private void answered(ModbusClient open, ModbusRequest request) {
        long took = open.lastRoundTripNanos();
        answers++;
        slowest = Math.max(slowest, took);
        if (request.count() <= SHORT_READ) {
            shortAnswers++;
            slowestShort = Math.max(slowestShort, took);
        }
    }

    /**
     * Checks whether the device still responds, after a read without response.
     *
     * @throws LinkException when it does not
     */
    private void seek(LinkException why) throws LinkException {
        List<ModbusRequest> places = new ArrayList<>();
        ModbusRequest known = witness;
        if (known != null) {
            places.add(known);
        } else {
            for (Point point : WITNESSES) {
                RegisterLocation place = point.register();
                if (place != null) {
                    places.add(ModbusRequest
                            .read(unit, place.table().readFunction(), place.address(), place.registers()).tentative());
                }
            }
        }
        long begun = ticker.nanos();
        LinkException last = why;
        boolean mayComeYet = true;
        for (int attempt = 0; attempt < Math.max(ATTEMPTS, places.size()) || mayComeYet; attempt++) {
            ModbusRequest place = places.get(attempt % places.size());
            try {
                ModbusClient open = client();
                open.transact(place, timeout);
                answered(open, place);
                return;
            } catch (ModbusException e) {
                // A refusal is a response, too.
                return;
            } catch (LinkException e) {
                last = e;
                mayComeYet = e.failure().cause() == FailureCause.NO_ANSWER_YET
                        && ticker.nanos() - begun < LONGEST_QUIET;
                if (e.isSessionLost()) {
                    close();
                }
            }
        }
        throw last;
    }

    private ModbusClient client() throws LinkException {
        for (int attempt = 1;; attempt++) {
            ModbusClient open = client;
            if (open != null) {
                return open;
            }
            long until = ticker.nanos() + attempt * REOPEN_PAUSE;
            while (wasOpen && until - ticker.nanos() > 0) {
                ticker.parkUntil(until);
            }
            try {
                client = line.open();
                wasOpen = true;
            } catch (LinkException e) {
                if (!wasOpen || attempt > ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
