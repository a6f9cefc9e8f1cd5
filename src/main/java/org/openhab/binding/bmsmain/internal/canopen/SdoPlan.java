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
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SdoLocation;

/**
 * Which objects of the board's dictionary are read in turn, and which values are in them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SdoPlan {

    /** What the board refused for good is tried again after this time: firmware can be updated while we run. */
    private static final long REFUSED_AGAIN = 600_000_000_000L;
    /** The same for what it had before, at first. */
    private static final long ASKED_AGAIN = 5_000_000_000L;

    private final Map<Integer, SdoObject> objects = new TreeMap<>();

    /** An object and its values. */
    static final class SdoObject {
        private final int index;
        private final int subIndex;
        private final List<Field> fields = new ArrayList<>();
        /** Whether the board had it, or has only just started and may come to it. */
        private boolean expected;
        private boolean refused;
        private long refusedUntil;
        private long pause;

        private SdoObject(int index, int subIndex) {
            this.index = index;
            this.subIndex = subIndex;
        }

        int index() {
            return index;
        }

        int subIndex() {
            return subIndex;
        }

        List<Field> fields() {
            return fields;
        }

        /** Whether something in it is no reading while the board initialises. */
        boolean holdsMeasurements() {
            return fields.stream().anyMatch(field -> !field.point().isReadingWhileInitialising());
        }

        /** The board has given it. */
        void answer() {
            expected = true;
            pause = 0;
        }

        /** The board has no such object, or has none now: it is left alone for a while. */
        void refuse(long nowNanos) {
            pause = expected ? Math.min(Math.max(2 * pause, ASKED_AGAIN), REFUSED_AGAIN) : REFUSED_AGAIN;
            refused = true;
            refusedUntil = nowNanos + pause;
        }

        /** The board has started, maybe with another firmware: it is asked again. */
        void allow() {
            expected = true;
            refused = false;
            pause = 0;
        }

        boolean isRefused(long nowNanos) {
            refused &= refusedUntil - nowNanos > 0;
            return refused;
        }
    }

    /**
     * @param catalogued whether the objects of the catalogue are read, and not only those that the user named
     */
    SdoPlan(BoardSetup setup, boolean catalogued) {
        for (Point point : Catalogue.all()) {
            SdoLocation place = placeOf(point, setup);
            if (place != null && (catalogued || setup.locations().containsKey(point))) {
                add(point, place);
            }
        }
    }

    /** The object that holds a value: that which the user named, or that of the catalogue; null when none does. */
    static @Nullable SdoLocation placeOf(Point point, BoardSetup setup) {
        Location named = setup.locations().get(point);
        List<Location> places = named == null ? point.canLocations() : List.of(named);
        for (Location place : places) {
            if (place instanceof SdoLocation object) {
                return object;
            }
        }
        return null;
    }

    private void add(Point point, SdoLocation location) {
        int key = location.index() << 8 | location.subIndex();
        SdoObject object = objects.get(key);
        if (object == null) {
            object = new SdoObject(location.index(), location.subIndex());
            objects.put(key, object);
        }
        object.fields.add(new Field(point, location));
    }

    /** The objects, ascending by index. */
    List<SdoObject> objects() {
        return List.copyOf(objects.values());
    }
}
