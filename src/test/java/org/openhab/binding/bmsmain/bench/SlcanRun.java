/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.bench.SlcanPeer.Sent;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.PdoLocation;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * One kind of fault on an slcan adapter. The binding listens, and each value of each report is compared with the
 * values that the board sent shortly before. Values that came in one frame must be those of one sent frame.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SlcanRun {

    static final String WIRE = "slcan";

    private static final int KILO_BITS = 250;
    private static final Duration LIFETIME = Duration.ofSeconds(2);
    /**
     * Maximum time of a frame on its way to the reader on a busy machine. The time in buffers is not measurable;
     * the test detects frames that are published as new a second time.
     */
    private static final long WINDOW_MICROS = 2_500_000;
    private static final long SHOWN_ANEW_MICROS = 500_000;
    /** Tolerance between two clock readings. */
    private static final long SLACK_MICROS = 2_000;

    /** Values without readings while the board initialises. */
    private static final Set<Point> MEASUREMENTS = Set.of(Catalogue.CURRENT, Catalogue.VOLTAGE,
            Catalogue.STATE_OF_CHARGE, Catalogue.MIN_CELL_TEMPERATURE, Catalogue.MAX_CELL_TEMPERATURE);

    private static final Map<Point, PdoLocation> CHECKED = checked();

    private record Frame(long micros, int id) {
    }

    private final SlcanFault fault;
    private final int faultsWanted;
    private final long seed;

    SlcanRun(SlcanFault fault, int faultsWanted, long seed) {
        this.fault = fault;
        this.faultsWanted = fault.share(faultsWanted);
        this.seed = seed;
    }

    private static Map<Point, PdoLocation> checked() {
        Map<Point, PdoLocation> checked = new HashMap<>();
        for (Point point : Catalogue.all()) {
            for (Location location : point.canLocations()) {
                if (location instanceof PdoLocation place) {
                    checked.put(point, place);
                }
            }
        }
        return checked;
    }

    FaultResult run() {
        try {
            Path folder = Files.createTempDirectory("bmsmain-bench");
            Path link = folder.resolve("tty");
            try (SlcanPeer peer = new SlcanPeer(fault, new Random(seed), link);
                    BusRegistry registry = new BusRegistry(Ticker.system())) {
                Checker checker = new Checker(peer);
                CanBoard board = new CanBoard(new CanSettings(SlcanPeer.NODE, Duration.ZERO, false),
                        BoardSetup.standard(LIFETIME, LIFETIME), checker, Ticker.system());
                BusRegistry.Membership membership = CanLine.slcan(link.toString(), KILO_BITS, false, Ticker.system())
                        .join(registry, board);
                boolean recovered = checker.drive(faultsWanted);
                membership.leave();
                return checker.result(recovered);
            } finally {
                Files.deleteIfExists(link);
                Files.deleteIfExists(folder);
            }
        } catch (IOException | BusConflictException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Decodes a value from a frame according to the published layout only. */
    private static double value(PdoLocation location, byte[] data) {
        long raw = 0;
        for (int i = location.type().bytes() - 1; i >= 0; i--) {
            raw = raw << 8 | data[location.offset() + i] & 0xFF;
        }
        if (location.bit() != Location.NO_BIT) {
            return raw >> location.bit() & 1;
        }
        double number = switch (location.type()) {
            case S8 -> (byte) raw;
            case S16 -> (short) raw;
            default -> raw;
        };
        return location.scale() == 1 ? number : number / Math.rint(1 / location.scale());
    }

    /** Compares the published values with the sent ones. */
    private final class Checker extends ReportChecker {
        private final SlcanPeer peer;
        private final Set<Integer> setsShown = new HashSet<>();
        private final Map<Sent, Long> firstRead = new IdentityHashMap<>();

        Checker(SlcanPeer peer) {
            super(WIRE + " " + fault + ", seed " + seed, peer, List.copyOf(CHECKED.keySet()));
            this.peer = peer;
        }

        @Override
        long goodAt(BoardSnapshot snapshot) {
            long oldest = Long.MAX_VALUE;
            for (Point point : List.of(Catalogue.CURRENT, Catalogue.ERRORS_1, Catalogue.ERRORS_2)) {
                Instant time = snapshot.time(point);
                oldest = time == null ? Long.MIN_VALUE : Math.min(oldest, FaultProxy.micros(time));
            }
            return oldest;
        }

        @Override
        void compare(BoardSnapshot snapshot) {
            List<Point> known = CHECKED.keySet().stream().filter(snapshot::isKnown).toList();
            if (peer.isNothingToBeShown() && !known.isEmpty()) {
                wrong(known);
            }
            Map<Frame, List<Point>> frames = new HashMap<>();
            CHECKED.forEach((point, location) -> {
                Instant time = snapshot.time(point);
                if (time != null) {
                    frames.computeIfAbsent(new Frame(FaultProxy.micros(time), location.cobIdFor(SlcanPeer.NODE)),
                            frame -> new ArrayList<>()).add(point);
                }
            });
            List<Integer> sets = new ArrayList<>();
            frames.forEach((frame, points) -> {
                Sent origin = origin(snapshot, frame, points);
                if (origin == null || frame.micros - firstRead(origin, frame) > SHOWN_ANEW_MICROS) {
                    wrong(points);
                } else if (origin.forged()) {
                    unseen(points.size());
                } else {
                    right(points.size());
                    sets.add(origin.set());
                }
            });
            sets.forEach(set -> {
                if (sets.stream().filter(set::equals).count() == 3) {
                    setsShown.add(set);
                }
            });
        }

        /** Time at which this frame was read, according to the first report that contains it. */
        private long firstRead(Sent origin, Frame frame) {
            Long first = firstRead.putIfAbsent(origin, frame.micros);
            return first == null ? frame.micros : first;
        }

        /** Returns the frame from which these values can originate; preferably one that was really sent. */
        private @Nullable Sent origin(BoardSnapshot snapshot, Frame frame, List<Point> points) {
            Sent forged = null;
            List<Sent> sent = peer.sent();
            for (int i = sent.size() - 1; i >= 0; i--) {
                Sent candidate = sent.get(i);
                if (candidate.micros() < frame.micros - WINDOW_MICROS) {
                    break;
                }
                if (candidate.id() == frame.id && candidate.micros() <= frame.micros + SLACK_MICROS
                        && points.stream().allMatch(point -> fits(snapshot, point, candidate))) {
                    if (!candidate.forged()) {
                        return candidate;
                    }
                    forged = candidate;
                }
            }
            return forged;
        }

        private static boolean fits(BoardSnapshot snapshot, Point point, Sent sent) {
            PdoLocation location = CHECKED.get(point);
            return location != null && !sent.empty() && !(sent.initialising() && MEASUREMENTS.contains(point))
                    && Double.compare(snapshot.number(point), value(location, sent.data())) == 0;
        }

        FaultResult result(boolean recovered) {
            List<Sent> sent = peer.sent();
            int last = setsShown.stream().mapToInt(set -> set).max().orElse(0);
            int first = setsShown.stream().mapToInt(set -> set).min().orElse(0);
            long lost = sent.stream().filter(each -> each.set() > first && each.set() < last && !each.initialising())
                    .mapToInt(Sent::set).distinct().filter(set -> !setsShown.contains(set)).count();
            return result(WIRE, fault.toString(), (int) sent.stream().mapToInt(Sent::set).distinct().count(), lost,
                    recovered);
        }
    }
}
