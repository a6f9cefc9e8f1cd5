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
 * Reads what a device has of a range of registers.
 * <p>
 * A device may refuse a read that touches a register which it lacks, say nothing, or end the connection. Which
 * registers it lacks is then found out: first what the public map names is read, then what is given is followed to
 * both sides, then single registers are tried in the middle of the longest stretch that nothing is known of. So what
 * there is is found early, and when the time is up, only places are left that lie far from everything.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RegisterReader implements AutoCloseable {

    /** Half of what a request may ask for: a damaged answer costs less. */
    private static final int BLOCK = 60;
    private static final int LAST = 0xFFFF;
    private static final int ATTEMPTS = 3;
    /** Behind a hole of so many registers there is often more. */
    private static final int SMALL_HOLE = 3;
    private static final long MILLI = 1_000_000;
    /** How long reads may take altogether that give nothing. */
    private static final long MOST_LOST = 60_000 * MILLI;
    /** A device may need so long after a connect before it answers. */
    private static final long LONGEST_QUIET = 6_000 * MILLI;
    /** A device that ends the connection is not asked for a new one more often than this. */
    private static final long REOPEN_PAUSE = 50 * MILLI;
    /** Where a device is silent at holes, an answer is not waited for much longer than answers take. */
    private static final long SHORTEST_WAIT = 100 * MILLI;
    private static final int TIMES_SLOWEST = 4;
    private static final int ENOUGH_ANSWERS = 3;
    /** A read of so many registers takes hardly more time on any line than one of a single register. */
    private static final int SHORT_READ = 4;
    /** What each board has, to see whether it is there at all. */
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
    /** The addresses of the values: they are looked up far more often than they change. */
    private final BitSet given = new BitSet();

    private @Nullable ModbusClient client;
    private boolean wasOpen;
    /** What was given, and can be asked for to see whether the device is there. */
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
     * @param progress where it is shown how far it is
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
     * @return their values by address; what the device does not give is not in it
     * @throws LinkException when the line cannot be opened, or the device does not answer at all
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

    /** Reads what was given once more. What is not given again is not in the result. */
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

    /** Whether the device was asked for a register alone and did not give it. */
    boolean isHole(int address) {
        return holes.get(address);
    }

    /** How many registers were neither given nor asked for alone. */
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

    /** Reads what the public map names, as far as it is in the range. */
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

    /** Makes the next attempt. @return false when everything is known */
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
     * A register that nothing is known of, with a small hole between it and one that was given; -1 when there is none.
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

    /** Reads on from a register whose neighbour was given, until one is not. */
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

    /** Reads registers in a row. @return whether the device gives them together */
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
                    // The device is there, but for this it is not.
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

    /** How long to wait for an answer. */
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
     * Finds out whether the device is there, after it did not answer.
     *
     * @throws LinkException when it is not
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
                // It is there.
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
