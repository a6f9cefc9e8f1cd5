/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.LocationLine.LineException;
import org.openhab.binding.bmsmain.internal.board.LocationLine.PlaceSyntax;
import org.openhab.binding.bmsmain.internal.board.NumberParameter;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.modbus.LogicWindow;

/**
 * The part of a Thing's configuration that is independent of the connection type.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BoardConfiguration {

    private static final String NO_FUNCTION = "none";
    /** Lifetime of a value in seconds; 0 = derived from the refresh interval. */
    public static final NumberParameter STALE_AFTER = new NumberParameter("staleAfter", "seconds", 0, 86_400, 0);
    /** Maximum update interval of the link statistics: a slow refresh interval of a day must not hide a bad link. */
    public static final Duration LONGEST_LINK_INTERVAL = Duration.ofSeconds(30);

    private BoardConfiguration() {
    }

    /**
     * Lifetime of a value: configured, or three refresh intervals and at least five seconds.
     *
     * @param refresh shortest interval between two readings of a value; the lifetime must be longer
     */
    public static Duration lifetime(ConfigReader reader, Duration refresh) throws ConfigurationException {
        Duration stale = reader.seconds(STALE_AFTER);
        if (stale.isZero()) {
            return BoardSetup.lifetime(refresh);
        }
        if (stale.compareTo(refresh) <= 0) {
            throw ConfigReader.wrong(STALE_AFTER.name(), reader.text(STALE_AFTER.name(), ""));
        }
        return stale;
    }

    /** Whether the lifetime of values is configured. */
    public static boolean hasLifetime(ConfigReader reader) throws ConfigurationException {
        return !reader.seconds(STALE_AFTER).isZero();
    }

    /** Update interval of the link statistics. */
    public static Duration linkInterval(Duration slowRefresh) {
        return slowRefresh.compareTo(LONGEST_LINK_INTERVAL) < 0 ? slowRefresh : LONGEST_LINK_INTERVAL;
    }

    /** Configured capacity of the battery in Ah; NaN = as reported by the board. */
    public static double nominalCapacity(ConfigReader reader) throws ConfigurationException {
        double capacity = reader.decimal(BoardSetup.NOMINAL_CAPACITY);
        return capacity == 0 ? Double.NaN : capacity;
    }

    /** Reads the configuration of relays, inputs and locations of values. */
    public static BoardSetup setup(ConfigReader reader, PlaceSyntax syntax, List<Point> customPoints, Duration lifetime,
            Duration slowLifetime) throws ConfigurationException {
        List<@Nullable Point> relays = new ArrayList<>();
        List<@Nullable Point> inputs = new ArrayList<>();
        for (int i = 0; i < Catalogue.RELAYS.size(); i++) {
            Point standard = BoardSetup.DEFAULT_RELAY_FUNCTIONS.get(i);
            relays.add(function(reader, "relay", i + 1, "internal-signals",
                    standard == null ? NO_FUNCTION : standard.name()));
            inputs.add(function(reader, "input", i + 1, "input-signals", NO_FUNCTION));
        }
        return new BoardSetup(relays, inputs, locations(reader, syntax), customPoints, lifetime, slowLifetime,
                reader.flag("faultConfirmation"));
    }

    /**
     * Reads which values of each BMS Logic board are read.
     *
     * @return null when the boards are not scanned
     */
    public static @Nullable LogicWindow window(ConfigReader reader, boolean controlAllowed)
            throws ConfigurationException {
        boolean scan = reader.flag("boardScan");
        if (scan && !controlAllowed) {
            throw new ConfigurationException("board-scan");
        }
        LogicWindow window = new LogicWindow();
        List<String> lines = reader.lines("registers");
        for (int i = 0; i < lines.size(); i++) {
            if (LogicWindow.isWindowLine(lines.get(i))) {
                try {
                    if (!scan) {
                        throw new LocationException(Reason.NEEDS_SCAN, lines.get(i));
                    }
                    window.add(lines.get(i));
                } catch (LocationException e) {
                    throw ConfigurationException.of("registers", Integer.toString(i + 1), e);
                }
            }
        }
        return scan ? window : null;
    }

    /** Returns the parameter {@code registers} with a line added, or replaced if there is one for the same channel. */
    public static List<String> withLine(ConfigReader reader, String line) {
        List<String> lines = new ArrayList<>();
        boolean isPut = false;
        for (String present : reader.lines("registers")) {
            if (!target(present).equals(target(line))) {
                lines.add(present);
            } else if (!isPut) {
                lines.add(line);
                isPut = true;
            }
        }
        if (!isPut) {
            lines.add(line);
        }
        return lines;
    }

    /** Whether the parameter {@code registers} contains a line. */
    public static boolean hasLine(ConfigReader reader, String line) {
        return reader.lines("registers").stream().anyMatch(present -> present.strip().equals(line));
    }

    private static String target(String line) {
        int equals = line.indexOf('=');
        return equals < 0 ? line : line.substring(0, equals).strip();
    }

    private static @Nullable Point function(ConfigReader reader, String kind, int number, String group, String standard)
            throws ConfigurationException {
        String name = reader.text(kind + number + "Function", standard);
        if (NO_FUNCTION.equals(name)) {
            return null;
        }
        Point point = Catalogue.byId(group + "#" + name);
        if (point == null) {
            throw new ConfigurationException(kind + "-function", Integer.toString(number), name);
        }
        return point;
    }

    private static Map<Point, Location> locations(ConfigReader reader, PlaceSyntax syntax)
            throws ConfigurationException {
        try {
            // Lines for the window are parsed elsewhere. Empty lines replace them to keep the line numbers.
            return LocationLine.parseAll(
                    reader.lines("registers").stream().map(line -> LogicWindow.isWindowLine(line) ? "" : line).toList(),
                    syntax);
        } catch (LineException e) {
            throw ConfigurationException.of("registers", Integer.toString(e.line()), e.reason());
        }
    }
}
