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

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Setups for tests: the lifetime of values is 5 s, that of slow ones 90 s.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Setups {

    public static final Duration LIFETIME = Duration.ofSeconds(5);
    public static final Duration SLOW_LIFETIME = Duration.ofSeconds(90);

    /** Values of the catalogue of 2026, for tests that count requests: a new register does not affect them. */
    public static final List<Point> POINTS = Catalogue.all().stream()
            .filter(point -> point.register() == null || point.style().since() <= 2).toList();

    private Setups() {
    }

    /** Relay and input functions according to the manual. */
    public static BoardSetup standard() {
        return BoardSetup.standard(LIFETIME, SLOW_LIFETIME);
    }

    /** With functions of the four relays and the four inputs, null for none. */
    public static BoardSetup functions(List<@Nullable Point> relays, List<@Nullable Point> inputs) {
        return of(relays, inputs, Map.of(), List.of());
    }

    /** With user-defined locations for values of the catalogue. */
    public static BoardSetup locations(Map<Point, Location> locations) {
        return of(BoardSetup.DEFAULT_RELAY_FUNCTIONS, noFunctions(), locations, List.of());
    }

    /** With values that the user added. */
    public static BoardSetup customPoints(Point... points) {
        return of(BoardSetup.DEFAULT_RELAY_FUNCTIONS, noFunctions(), Map.of(), List.of(points));
    }

    /** Four inputs or relays without a function. */
    public static List<@Nullable Point> noFunctions() {
        return Arrays.asList(null, null, null, null);
    }

    private static BoardSetup of(List<@Nullable Point> relays, List<@Nullable Point> inputs,
            Map<Point, Location> locations, List<Point> customPoints) {
        return new BoardSetup(relays, inputs, locations, customPoints, LIFETIME, SLOW_LIFETIME, false);
    }
}
