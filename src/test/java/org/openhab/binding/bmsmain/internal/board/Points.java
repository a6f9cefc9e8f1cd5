/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.Point.Builder;

/**
 * Points for tests that must not depend on the catalogue.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Points {

    private Points() {
    }

    /** A flag of a version of the thing types. */
    public static Point since(String id, int version) {
        return new Point(new Builder(id, Kind.FLAG, Unit.NONE, Confidence.I).since(version), 0);
    }

    /** A flag that uses the channel type of another one. */
    public static Point shared(String id, String type, int version) {
        return new Point(new Builder(id, Kind.FLAG, Unit.NONE, Confidence.I).type(type).since(version), 0);
    }

    public static Point contact(String id) {
        return new Point(new Builder(id, Kind.CONTACT, Unit.NONE, Confidence.I), 0);
    }

    /**
     * Builds a register map for a test.
     *
     * @param lines one value each: poll class, address, type and optionally an ID, such as
     *            {@code FAST 0x2100 REAL32 test#charge}; {@code U32*28} adds 28 bits of the same registers;
     *            {@code - -} and {@code - BIT} have no location
     */
    public static List<Point> map(String lines) {
        List<Point> points = new ArrayList<>();
        for (String line : lines.strip().split("\n")) {
            String[] words = line.strip().split(" ");
            PollClass pollClass = PollClass.valueOf(words[0]);
            String id = words.length > 3 ? words[3] : "test#at-" + words[1];
            Kind kind = "BIT".equals(words[2]) ? Kind.FLAG : Kind.COUNT;
            Builder value = new Builder(id, kind, Unit.NONE, Confidence.I).pollClass(pollClass);
            if ("-".equals(words[1])) {
                points.add(new Point(value, points.size()));
                continue;
            }
            int address = Integer.decode(words[1]);
            String[] type = words[2].split("\\*");
            WireType wireType = WireType.valueOf(type[0]);
            points.add(new Point(value.register(RegisterLocation.input(address, wireType)), points.size()));
            int bits = type.length > 1 ? Integer.parseInt(type[1]) : 0;
            for (int bit = 0; bit < bits; bit++) {
                Builder flag = new Builder(id + "-" + bit, Kind.FLAG, Unit.NONE, Confidence.I).pollClass(pollClass)
                        .register(RegisterLocation.inputBit(address, wireType, bit));
                points.add(new Point(flag, points.size()));
            }
        }
        return points;
    }

    /** Returns the point with an ID. */
    public static Point byId(List<Point> points, String id) {
        return points.stream().filter(point -> id.equals(point.id())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no point " + id));
    }
}
