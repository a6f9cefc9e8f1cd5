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
 * The objects of the board's dictionary that are read cyclically, and the values in them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SdoPlan {

    /** Retry interval for an object that does not exist: firmware can be updated at runtime. */
    private static final long REFUSED_AGAIN = 600_000_000_000L;
    /** Initial retry interval for an object that the board provided before. */
    private static final long ASKED_AGAIN = 5_000_000_000L;

    private final Map<Integer, SdoObject> objects = new TreeMap<>();

    /** An object and its values. */
    static final class SdoObject {
        private final int index;
        private final int subIndex;
        private final List<Field> fields = new ArrayList<>();
        /** Whether the board has provided the object, or has just started and may provide it later. */
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

        /** Whether it contains a value that is not valid while the board initialises. */
        boolean holdsMeasurements() {
            return fields.stream().anyMatch(field -> !field.point().isReadingWhileInitialising());
        }

        /** The board has provided the object. */
        void answer() {
            expected = true;
            pause = 0;
        }

        /** The object does not exist, or not at present: it is not read for a while. */
        void refuse(long nowNanos) {
            pause = expected ? Math.min(Math.max(2 * pause, ASKED_AGAIN), REFUSED_AGAIN) : REFUSED_AGAIN;
            refused = true;
            refusedUntil = nowNanos + pause;
        }

        /** The board has started, possibly with other firmware: the object is read again. */
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

    /** @param catalogued whether the objects of the catalogue are read, or only the user-defined ones */
    SdoPlan(BoardSetup setup, boolean catalogued) {
        for (Point point : Catalogue.all()) {
            SdoLocation place = placeOf(point, setup);
            if (place != null && (catalogued || setup.locations().containsKey(point))) {
                add(point, place);
            }
        }
    }

    /** The object that holds a value, user-defined or from the catalogue; null if there is none. */
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
