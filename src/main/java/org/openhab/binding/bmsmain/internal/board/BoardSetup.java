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
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Facts about an installation that the bus does not provide: functions of relays and inputs, locations of values that
 * are not in the public register map, and lifetimes.
 *
 * @param relayFunctions for relay 1..4 the internal signal that drives it, or null
 * @param inputFunctions for input 1..4 the input signal that it feeds, or null
 * @param locations locations of catalogue values set by the user; they override the catalogue
 * @param customPoints values added by the user, with ascending index from {@link Catalogue#size()}
 * @param lifetime time for which a value of class FAST is valid after it was read
 * @param slowLifetime the same for a value of class SLOW
 * @param confirmFaults whether a fault counts only when a second reading confirms it
 * @param nominalCapacity capacity of the battery in Ah set by the user; NaN = reported by the board
 * @param counting energy meter; null when energy is not counted
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record BoardSetup(List<@Nullable Point> relayFunctions, List<@Nullable Point> inputFunctions,
        Map<Point, Location> locations, List<Point> customPoints, Duration lifetime, Duration slowLifetime,
        boolean confirmFaults, double nominalCapacity, @Nullable Counting counting) {

    /** Default functions of the relays (manual, sections 2.3.5 to 2.3.8). */
    public static final List<@Nullable Point> DEFAULT_RELAY_FUNCTIONS = List.of(Catalogue.DISCHARGING_CONTACTOR,
            Catalogue.ALLOW_CHARGING, Catalogue.CHARGING_CONTACTOR, Catalogue.HEATER);

    /** Nominal capacity in Ah; 0 = reported by the board. */
    public static final NumberParameter NOMINAL_CAPACITY = new NumberParameter("nominalCapacity", "Ah", 0, 100_000, 0);

    private static final Duration LEAST_LIFETIME = Duration.ofSeconds(5);
    private static final int MISSED_REFRESHES = 3;
    /** Three rounds over 23 BMS Logic boards, one of which is read every two seconds at most. */
    private static final Duration SCANNED_LIFETIME = Duration.ofSeconds(150);

    /**
     * The energy meter of a board.
     *
     * @param zone openHAB's time zone, which defines when a day begins and ends
     */
    public record Counting(EnergyMeter meter, Supplier<ZoneId> zone) {
    }

    /** Creates a setup with the capacity reported by the board and without energy meter. */
    public BoardSetup(List<@Nullable Point> relayFunctions, List<@Nullable Point> inputFunctions,
            Map<Point, Location> locations, List<Point> customPoints, Duration lifetime, Duration slowLifetime,
            boolean confirmFaults) {
        this(relayFunctions, inputFunctions, locations, customPoints, lifetime, slowLifetime, confirmFaults, Double.NaN,
                null);
    }

    /** Returns the same setup with a capacity in Ah (NaN = reported by the board) and an energy meter. */
    public BoardSetup with(double capacity, Counting counts) {
        return new BoardSetup(relayFunctions, inputFunctions, locations, customPoints, lifetime, slowLifetime,
                confirmFaults, capacity, counts);
    }

    /** Returns a setup with the relay functions of the manual, no input functions and no other user settings. */
    public static BoardSetup standard(Duration lifetime, Duration slowLifetime) {
        return new BoardSetup(DEFAULT_RELAY_FUNCTIONS, java.util.Arrays.asList(null, null, null, null), Map.of(),
                List.of(), lifetime, slowLifetime, false);
    }

    /** Returns the default lifetime of a value: three refreshes, at least five seconds. */
    public static Duration lifetime(Duration refresh) {
        return slowLifetime(LEAST_LIFETIME, refresh);
    }

    /** Returns the lifetime of a value of class SLOW: three slow refreshes, at least the given lifetime. */
    public static Duration slowLifetime(Duration lifetime, Duration slowRefresh) {
        Duration slow = slowRefresh.multipliedBy(MISSED_REFRESHES);
        return lifetime.compareTo(slow) > 0 ? lifetime : slow;
    }

    /** Returns the number of points, including custom points. */
    public int size() {
        return Catalogue.size() + customPoints.size();
    }

    /** Returns the lifetime of values of this class, in nanoseconds. */
    public long lifetimeNanos(PollClass pollClass) {
        return switch (pollClass) {
            case FAST -> lifetime.toNanos();
            case SLOW -> slowLifetime.toNanos();
            case ONCE -> Long.MAX_VALUE;
            case SCANNED -> Math.max(SCANNED_LIFETIME.toNanos(), slowLifetime.toNanos());
        };
    }
}
