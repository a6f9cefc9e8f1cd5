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
 * Decodes the values of one board from PDOs. The tables are built once, from the catalogue and the user's locations;
 * processing a frame allocates no memory.
 * <p>
 * The values of a frame are accepted together or not at all, see {@link BoardAssembler#putTogether}. TPDO1 decides for
 * the whole board. While TPDO1 waits for its confirmation, TPDO2 and TPDO3 wait as well. While TPDO1 is that of a board
 * without readings (see {@link BoardShape#isEmpty}), zeros in TPDO2 and TPDO3 are not accepted.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class PdoDecoder {

    private static final int FIRST_OBJECT = 0x180;
    private static final int SECOND_OBJECT = 0x280;
    private static final int THIRD_OBJECT = 0x380;
    /**
     * A board whose TPDO1 had readings within this time has not restarted since: zeros in TPDO2 and TPDO3 are valid.
     */
    private static final long ONE_MOMENT_NANOS = 20_000_000;
    /** After this number of consecutive waiting frames, the values are confirmed one by one instead of together. */
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

    /** Result of decoding a frame. */
    public enum Outcome {
        /** The frame carries no value of the board. */
        NONE,
        /** The values were accepted. */
        TAKEN,
        /** The values wait for another frame. */
        WAITING,
        /** The board has no readings: it has just started, and its previous values are invalid. */
        EMPTY
    }

    /** A value, and the frame lengths that may contain it. */
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
            // If the length of a frame is not documented, a frame that is too short for all known values is damaged.
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

    /** @param nodeId node ID of the board, 1..127 */
    public PdoDecoder(int nodeId, BoardSetup setup) {
        this(nodeId, setup, false);
    }

    /**
     * @param nodeId node ID of the board, 1..127
     * @param adaptsLifetime whether values sent less often than the configured lifetime stay valid for longer
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

    /** Processes a received SYNC. The SYNC interval determines the lifetime of the PDOs that follow it. */
    void hearSync(long nanos) {
        syncs.hear(nanos);
    }

    /** Whether a frame with this identifier can carry values of the board. */
    public boolean isWanted(int id) {
        return tableOf[id] != 0;
    }

    /**
     * Sets whether several boards may be sending. In that case, values far from the last ones are not confirmed, and no
     * PDO of the node but TPDO1 is accepted.
     */
    public void setWary(boolean doubtful) {
        wary = doubtful;
    }

    /**
     * Processes the values of a frame.
     *
     * @param nanos time of reception
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
        table.hasPending = false;
        if (wary && ((frame.id() ^ firstId) & CanFrame.LAST_NODE) == 0) {
            return Outcome.WAITING;
        }
        if (isOther(frame.id())) {
            boolean isZero = frame.isZero();
            if (empty && isZero) {
                return Outcome.WAITING;
            }
            if (firstWaits || isZero && !(firstHeard && nanos - firstAt <= ONE_MOMENT_NANOS)) {
                table.keep(frame, nanos);
                return Outcome.WAITING;
            }
        }
        return put(table, frame, assembler, nanos) == Together.WAITING ? Outcome.WAITING : Outcome.TAKEN;
    }

    /** Whether the identifier is that of TPDO2 or TPDO3 of the board. */
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
        // PDOs that arrived with an unconfirmed TPDO1, or that may come from another board, are dropped.
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

    /** Whether the latest TPDO1 contained no readings. */
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

    /** Lifetime of the most frequent frame; 0 if no period is known. */
    long shortestPeriodLifetime() {
        long shortest = 0;
        for (Table table : tables) {
            shortest = shortest == 0 || table.lifetime > 0 && table.lifetime < shortest ? table.lifetime : shortest;
        }
        return shortest;
    }

    /** Whether a PDO provided this value within the given time. */
    boolean hasGiven(Point point, long nowNanos, long withinNanos) {
        return taken[point.index()] && nowNanos - takenAt[point.index()] <= withinNanos;
    }

    /** Clears all received data. */
    public void forget() {
        Arrays.fill(taken, false);
        tables.forEach(Table::forget);
        firstHeard = false;
        firstWaits = false;
        empty = false;
    }
}
