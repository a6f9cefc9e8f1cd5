/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler.Together;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.PdoLocation;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.PollClass;

/**
 * Takes the values of one board out of process data objects. Tables are made once, from the catalogue and what the user
 * added to it; a frame costs no memory.
 * <p>
 * The values of a frame are taken together or not at all, see {@link BoardAssembler#putTogether}. TPDO1 speaks for the
 * whole board: while it waits for its confirmation the other objects wait as well, and while it is that of a board
 * without readings (see {@link BoardShape#isEmpty}) no other object can say that nothing is set.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class PdoDecoder {

    private static final int FIRST_OBJECT = 0x180;
    private static final int SECOND_OBJECT = 0x280;
    private static final int THIRD_OBJECT = 0x380;
    /** A board that sent a reading so shortly before has not restarted meanwhile. */
    private static final long ONE_MOMENT_NANOS = 20_000_000;
    /** After so many frames in a row that waited, a value that is still not confirmed concerns itself alone. */
    private static final int MOST_WAITS = 3;

    private final short[] tableOf = new short[CanFrame.MAX_ID + 1];
    private final List<Table> tables = new ArrayList<>();
    private final BoardShape shape;
    private final int firstId;
    private final long shortestLifetime;
    private final boolean adaptsLifetime;
    private final Period syncs = new Period();
    private final long[] takenAt;
    private final boolean[] taken;
    private final Point[] members;
    private final double[] values;

    private boolean wary;
    private boolean firstHeard;
    private long firstAt;
    private boolean firstWaits;
    private boolean empty;

    /** What a frame was to the board. */
    public enum Outcome {
        /** It carries no value of the board. */
        NONE,
        /** Its values are the board's now. */
        TAKEN,
        /** Its values wait for another frame. */
        WAITING,
        /** The board has no readings: it has just started, and what it said before counts no more. */
        EMPTY
    }

    /** A value, and which frames may give it. */
    private record Slot(Field field, int offset, int exactLength, int leastLength) {

        boolean fits(int length) {
            return exactLength == 0 ? length >= leastLength : length == exactLength;
        }
    }

    private static final class Table {
        private final Period period = new Period();
        private long lifetime;
        private final List<PdoLocation> locations = new ArrayList<>();
        private final List<Point> points = new ArrayList<>();
        private final List<Boolean> catalogued = new ArrayList<>();
        private final CanFrame pending = new CanFrame();
        private Slot[] slots = {};
        private boolean hasPending;
        private long pendingAt;
        private int waits;

        void add(Point point, PdoLocation location, boolean isCatalogued) {
            points.add(point);
            locations.add(location);
            catalogued.add(isCatalogued);
        }

        void seal() {
            // Of a frame whose length is not published, less than all that is known to be in it is a damaged frame.
            int known = 0;
            for (int i = 0; i < points.size(); i++) {
                known = catalogued.get(i) ? Math.max(known, end(locations.get(i))) : known;
            }
            slots = new Slot[points.size()];
            for (int i = 0; i < slots.length; i++) {
                PdoLocation location = locations.get(i);
                int least = catalogued.get(i) ? known : end(location);
                slots[i] = new Slot(new Field(points.get(i), location), location.offset(), location.length(), least);
            }
        }

        private static int end(PdoLocation location) {
            return location.offset() + location.type().bytes();
        }

        boolean fits(int length) {
            for (Slot slot : slots) {
                if (slot.fits(length)) {
                    return true;
                }
            }
            return false;
        }

        void keep(CanFrame frame, long nanos) {
            pending.set(frame);
            pendingAt = nanos;
            hasPending = true;
        }

        void forget() {
            hasPending = false;
            waits = 0;
        }
    }

    /**
     * @param nodeId node id of the board, 1..127
     */
    public PdoDecoder(int nodeId, BoardSetup setup) {
        this(nodeId, setup, false);
    }

    /**
     * @param nodeId node id of the board, 1..127
     * @param adaptsLifetime whether values that come more seldom than they live by the setup live longer
     */
    PdoDecoder(int nodeId, BoardSetup setup, boolean adaptsLifetime) {
        this.adaptsLifetime = adaptsLifetime;
        this.shortestLifetime = setup.lifetimeNanos(PollClass.FAST);
        Map<Integer, Table> byId = new TreeMap<>();
        for (Point point : Catalogue.all()) {
            Location named = setup.locations().get(point);
            if (named instanceof PdoLocation place) {
                add(byId, point, place, place.cobIdFor(nodeId), false);
            } else if (named == null) {
                for (Location location : point.canLocations()) {
                    if (location instanceof PdoLocation place) {
                        add(byId, point, place, place.cobIdFor(nodeId), true);
                    }
                }
            }
        }
        int longest = 0;
        for (Map.Entry<Integer, Table> entry : byId.entrySet()) {
            Table table = entry.getValue();
            table.seal();
            tables.add(table);
            tableOf[entry.getKey()] = (short) tables.size();
            longest = Math.max(longest, table.slots.length);
        }
        shape = new BoardShape(setup);
        firstId = FIRST_OBJECT + nodeId;
        takenAt = new long[setup.size()];
        taken = new boolean[setup.size()];
        members = new Point[longest];
        values = new double[longest];
    }

    private static void add(Map<Integer, Table> byId, Point point, PdoLocation place, int cobId, boolean catalogued) {
        Table table = byId.getOrDefault(cobId, new Table());
        table.add(point, place, catalogued);
        byId.put(cobId, table);
    }

    /** Marks the identifiers that carry values of the board. */
    void want(boolean[] wanted) {
        for (int id = 0; id < tableOf.length; id++) {
            wanted[id] |= tableOf[id] != 0;
        }
        wanted[CanFrame.SYNC_ID] |= adaptsLifetime;
    }

    /** SYNC was heard, which calls for the objects: how long they live follows from how often it comes. */
    void hearSync(long nanos) {
        syncs.hear(nanos);
    }

    /** Whether a frame with this identifier can carry values of the board. */
    public boolean isWanted(int id) {
        return tableOf[id] != 0;
    }

    /**
     * Says whether it is doubtful that one board alone sends what is heard. Then no value that is far from the last is
     * confirmed, and only the first object is taken.
     */
    public void setWary(boolean doubtful) {
        wary = doubtful;
    }

    /**
     * Takes the values that a frame carries.
     *
     * @param nanos when it was received
     */
    public Outcome decode(CanFrame frame, BoardAssembler assembler, long nanos) {
        int number = tableOf[frame.id()];
        if (number == 0) {
            return Outcome.NONE;
        }
        Table table = tables.get(number - 1);
        if (!table.fits(frame.length())) {
            return Outcome.NONE;
        }
        if (adaptsLifetime) {
            adaptLifetime(table, assembler, nanos);
        }
        if (frame.id() == firstId) {
            return first(table, frame, assembler, nanos);
        }
        if (isOther(frame.id())) {
            table.hasPending = false;
            boolean isZero = frame.isZero();
            if (empty && isZero) {
                return Outcome.WAITING;
            }
            boolean waits = firstWaits || wary;
            if (waits || isZero && !(firstHeard && nanos - firstAt <= ONE_MOMENT_NANOS)) {
                table.keep(frame, nanos);
                return Outcome.WAITING;
            }
        }
        return put(table, frame, assembler, nanos) == Together.WAITING ? Outcome.WAITING : Outcome.TAKEN;
    }

    /** Whether it is the second or the third object of the board. */
    private boolean isOther(int id) {
        return id == firstId + SECOND_OBJECT - FIRST_OBJECT || id == firstId + THIRD_OBJECT - FIRST_OBJECT;
    }

    private Outcome first(Table table, CanFrame frame, BoardAssembler assembler, long nanos) {
        if (shape.isEmpty(frame)) {
            boolean isNews = !empty;
            forget();
            empty = true;
            if (isNews) {
                assembler.forgetBoard();
            }
            return isNews ? Outcome.EMPTY : Outcome.WAITING;
        }
        empty = false;
        Together together = put(table, frame, assembler, nanos);
        if (together == Together.WAITING) {
            firstWaits = true;
            return Outcome.WAITING;
        }
        // What came with an object that was not confirmed, or may be of another board, goes with it.
        boolean drops = wary || firstWaits && together == Together.TAKEN;
        firstWaits = false;
        firstHeard = true;
        firstAt = nanos;
        for (Table other : tables) {
            if (other.hasPending && !drops) {
                put(other, other.pending, assembler, other.pendingAt);
            }
            other.hasPending = false;
        }
        return Outcome.TAKEN;
    }

    private Together put(Table table, CanFrame frame, BoardAssembler assembler, long nanos) {
        int count = 0;
        for (Slot slot : table.slots) {
            if (slot.fits(frame.length())) {
                Field field = slot.field;
                members[count] = field.point();
                values[count] = field.decode(frame.number(slot.offset, field.bytes()));
                count++;
            }
        }
        Together together = Together.CONFIRMED;
        if (table.waits < MOST_WAITS || wary) {
            together = assembler.putTogether(members, values, count, !wary, nanos);
            table.waits = together == Together.WAITING ? table.waits + 1 : 0;
            if (together == Together.WAITING) {
                return together;
            }
        } else if (assembler.putEach(members, values, count, nanos)) {
            table.waits = 0;
        }
        for (int i = 0; i < count; i++) {
            takenAt[members[i].index()] = nanos;
            taken[members[i].index()] = true;
        }
        return together;
    }

    /** Whether the board has sent readings. */
    boolean hasReadings() {
        return firstHeard;
    }

    /** Whether the board said last that it has no readings. */
    public boolean isEmpty() {
        return empty;
    }

    private void adaptLifetime(Table table, BoardAssembler assembler, long nanos) {
        table.period.hear(nanos);
        long lifetime = Math.max(table.period.lifetime(), syncs.lifetimeOfWhatFollows());
        if (lifetime != table.lifetime && (lifetime > shortestLifetime || table.lifetime > shortestLifetime)) {
            for (Slot slot : table.slots) {
                assembler.live(slot.field.point(), lifetime);
            }
        }
        table.lifetime = lifetime;
    }

    /** How long the frame that comes most often counts, as far as periods are known; 0 when none is. */
    long shortestPeriodLifetime() {
        long shortest = 0;
        for (Table table : tables) {
            shortest = shortest == 0 || table.lifetime > 0 && table.lifetime < shortest ? table.lifetime : shortest;
        }
        return shortest;
    }

    /** Whether a process data object gave this value within the given time. */
    boolean hasGiven(Point point, long nowNanos, long withinNanos) {
        return taken[point.index()] && nowNanos - takenAt[point.index()] <= withinNanos;
    }

    /** Forgets what was heard. */
    public void forget() {
        Arrays.fill(taken, false);
        tables.forEach(Table::forget);
        firstHeard = false;
        firstWaits = false;
        empty = false;
    }
}
