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
 * What the bus cannot tell about an installation: which functions the installer gave to relays and inputs, where values
 * stand that are not in the public map, and for how long a value counts.
 *
 * @param relayFunctions for relay 1..4 the internal signal that drives it, or null
 * @param inputFunctions for input 1..4 the input signal that it feeds, or null
 * @param locations where the user says that catalogue values are read; these win over the catalogue
 * @param customPoints values that the user added, with ascending index from {@link Catalogue#size()}
 * @param lifetime how long a value of the fast pace counts after it was read
 * @param slowLifetime the same for a value of the slow pace
 * @param confirmFaults whether a fault counts only when a second reading confirms it
 * @param nominalCapacity capacity of the battery in Ah, where the user says it; NaN = as the board says
 * @param counting counts the energy; null when nobody does
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record BoardSetup(List<@Nullable Point> relayFunctions, List<@Nullable Point> inputFunctions,
        Map<Point, Location> locations, List<Point> customPoints, Duration lifetime, Duration slowLifetime,
        boolean confirmFaults, double nominalCapacity, @Nullable Counting counting) {

    /** Functions of the relays by the manual, section 2.3.5 to 2.3.8; inputs without a function. */
    public static final List<@Nullable Point> DEFAULT_RELAY_FUNCTIONS = List.of(Catalogue.DISCHARGING_CONTACTOR,
            Catalogue.ALLOW_CHARGING, Catalogue.CHARGING_CONTACTOR, Catalogue.HEATER);

    /** In Ah; 0 = as the board says. */
    public static final NumberParameter NOMINAL_CAPACITY = new NumberParameter("nominalCapacity", "Ah", 0, 100_000, 0);

    private static final Duration LEAST_LIFETIME = Duration.ofSeconds(5);
    private static final int MISSED_REFRESHES = 3;
    /** Three rounds over 23 BMS Logic boards, which are visited every two seconds at the fastest. */
    private static final Duration SCANNED_LIFETIME = Duration.ofSeconds(150);

    /**
     * Who counts the energy of the board.
     *
     * @param zone openHAB's time zone, in which a day begins and ends
     */
    public record Counting(EnergyMeter meter, Supplier<ZoneId> zone) {
    }

    /** A setup whose capacity is that of the board, and whose energy nobody counts. */
    public BoardSetup(List<@Nullable Point> relayFunctions, List<@Nullable Point> inputFunctions,
            Map<Point, Location> locations, List<Point> customPoints, Duration lifetime, Duration slowLifetime,
            boolean confirmFaults) {
        this(relayFunctions, inputFunctions, locations, customPoints, lifetime, slowLifetime, confirmFaults, Double.NaN,
                null);
    }

    /** The same setup with a capacity in Ah, NaN for what the board says, and somebody who counts the energy. */
    public BoardSetup with(double capacity, Counting counts) {
        return new BoardSetup(relayFunctions, inputFunctions, locations, customPoints, lifetime, slowLifetime,
                confirmFaults, capacity, counts);
    }

    /** A setup by the manual without anything that a user would have to say. */
    public static BoardSetup standard(Duration lifetime, Duration slowLifetime) {
        return new BoardSetup(DEFAULT_RELAY_FUNCTIONS, java.util.Arrays.asList(null, null, null, null), Map.of(),
                List.of(), lifetime, slowLifetime, false);
    }

    /** How long a value counts unless told otherwise: three refreshes, and at least five seconds. */
    public static Duration lifetime(Duration refresh) {
        return slowLifetime(LEAST_LIFETIME, refresh);
    }

    /** How long a value counts that is read less often than others, which count for a lifetime. */
    public static Duration slowLifetime(Duration lifetime, Duration slowRefresh) {
        Duration slow = slowRefresh.multipliedBy(MISSED_REFRESHES);
        return lifetime.compareTo(slow) > 0 ? lifetime : slow;
    }

    /** Number of points, with the custom ones. */
    public int size() {
        return Catalogue.size() + customPoints.size();
    }

    /** How long a value of this pace counts after it was read, in nanoseconds. */
    public long lifetimeNanos(PollClass pollClass) {
        return switch (pollClass) {
            case FAST -> lifetime.toNanos();
            case SLOW -> slowLifetime.toNanos();
            case ONCE -> Long.MAX_VALUE;
            case SCANNED -> Math.max(SCANNED_LIFETIME.toNanos(), slowLifetime.toNanos());
        };
    }
}
