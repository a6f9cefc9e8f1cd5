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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Pace;
import org.openhab.binding.bmsmain.internal.board.PdoLocation;
import org.openhab.binding.bmsmain.internal.board.Point;

/**
 * Takes the values of one board out of process data objects. Tables are made once, from the catalogue and what the user
 * added to it; a frame costs no memory.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class PdoDecoder {

    private final short[] tableOf = new short[CanFrame.MAX_ID + 1];
    private final List<Table> tables = new ArrayList<>();
    private final long shortestLifetime;
    private final boolean adaptsLifetime;
    private final Period syncs = new Period();
    private final long[] takenAt;
    private final boolean[] taken;

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
        private Slot[] slots = {};

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
        this.shortestLifetime = setup.lifetimeNanos(Pace.FAST);
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
        byId.forEach((id, table) -> {
            table.seal();
            tables.add(table);
            tableOf[id] = (short) tables.size();
        });
        takenAt = new long[setup.size()];
        taken = new boolean[setup.size()];
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
        wanted[CanSession.SYNC_ID] |= adaptsLifetime;
    }

    /** SYNC was heard, which calls for the objects: how long they live follows from how often it comes. */
    void hearSync(long nanos) {
        syncs.hear(nanos);
    }

    /**
     * Takes the values that a frame carries.
     *
     * @param nanos when it was received
     * @return whether there were any
     */
    public boolean decode(CanFrame frame, BoardAssembler assembler, long nanos) {
        int number = tableOf[frame.id()];
        if (number == 0) {
            return false;
        }
        boolean any = false;
        Table table = tables.get(number - 1);
        for (Slot slot : table.slots) {
            if (slot.fits(frame.length())) {
                Field field = slot.field;
                assembler.put(field.point(), field.decode(frame.number(slot.offset, field.bytes())), nanos);
                takenAt[field.point().index()] = nanos;
                taken[field.point().index()] = true;
                any = true;
            }
        }
        if (any && adaptsLifetime) {
            adaptLifetime(table, assembler, nanos);
        }
        return any;
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

    /** Forgets which values were given. */
    void forget() {
        java.util.Arrays.fill(taken, false);
    }
}
