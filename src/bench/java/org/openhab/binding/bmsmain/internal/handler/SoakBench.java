/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.bench.LogCounter;
import org.openhab.binding.bmsmain.bench.Meter;
import org.openhab.binding.bmsmain.bench.Page;
import org.openhab.binding.bmsmain.cli.SoakTwin;
import org.openhab.binding.bmsmain.cli.SoakTwin.Kind;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Complete Things on all kinds of wires, for {@code -Dbmsmain.minutes=N}, while wires and platform fail at the same
 * time. Each wire has two boards with the same values. {@link SoakTwin} disturbs the wire of both;
 * {@link PlatformStorm} also disturbs the second Thing. Each published number is compared with the values of the
 * twin. The counters of the first Thing must match the charge that flowed while its current was known. The second
 * Thing may miss some of it, but must not count anything twice. Heap and threads must not grow after the warm-up.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SoakBench {

    private static final int MINUTES = Integer.getInteger("bmsmain.minutes", 10);
    private static final String SEED = Objects.requireNonNullElse(System.getProperty("bmsmain.seed"), "random");
    private static final long CHANGE_NANOS = 400_000_000;
    private static final long WARM_UP_NANOS = 60_000_000_000L;
    private static final long LONGEST_CALM_NANOS = 60_000_000_000L;
    /** Time without faults before a measurement: threads that deliver reports end after five idle seconds. */
    private static final long CALM_NANOS = 8_000_000_000L;
    private static final int LIFETIME_SECONDS = 3;
    /** A value is published within its lifetime, plus a refresh and delays of this machine. */
    private static final Duration WINDOW = Duration.ofMillis(LIFETIME_SECONDS * 1000 + 2500);
    /** Blocking profiles delay the other values of the same report, each by up to two seconds. */
    private static final Duration VICTIM_WINDOW = WINDOW.plusSeconds(6);
    private static final double COUNTING_ERROR = 0.02;
    private static final double HEAP_SLACK_MEBI = 4;
    private static final String VICTIM = "victim";

    private final Logger logger = LoggerFactory.getLogger(SoakBench.class);

    /** A wire with its two Things. */
    private static final class Wire {
        final SoakTwin twin;
        final WatchedThing neighbour;
        final WatchedThing victim;

        Wire(Kind kind, HandlerServices services, PlatformStorm storm, Random random) {
            twin = new SoakTwin(kind, 2, random);
            neighbour = thing(services, "neighbour", TwinBoard.DEFAULT_ADDRESS);
            victim = thing(services, VICTIM, TwinBoard.DEFAULT_ADDRESS + 1);
            victim.profile = storm::profile;
        }

        private WatchedThing thing(HandlerServices services, String name, int address) {
            Map<String, Object> parameters = new HashMap<>(Map.of("staleAfter", LIFETIME_SECONDS));
            if (twin.kind() == Kind.SLCAN) {
                parameters.putAll(Map.of("port", twin.device(), "bitRate", SoakTwin.KILO_BITS, "nodeId", address));
            } else {
                parameters.putAll(
                        Map.of("address", address, "refreshInterval", 0.2, "slowRefreshInterval", 2, "responseTimeout",
                                300, "wordOrder", "little", "registers", "battery#voltage = input:0x2104:REAL32"));
                parameters.putAll(twin.kind().isNetwork()
                        ? Map.of("host", "127.0.0.1", "port", twin.port(), "framing",
                                twin.kind() == Kind.TCP ? "tcp" : "rtu")
                        : Map.of("port", twin.device(), "baudRate", SoakTwin.BAUD));
            }
            WatchedThing thing = new WatchedThing(services,
                    twin.kind() == Kind.SLCAN ? THING_TYPE_CAN
                            : twin.kind().isNetwork() ? THING_TYPE_TCP : THING_TYPE_SERIAL,
                    name + "-" + twin.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), parameters);
            Duration window = VICTIM.equals(name) ? VICTIM_WINDOW : WINDOW;
            thing.observer = (channel, state) -> check(channel, state, window);
            return thing.begin();
        }

        private void check(String channel, String state, Duration window) {
            for (Point point : SoakTwin.NUMBERS) {
                if (point.id().equals(channel) && !"UNDEF".equals(state)) {
                    Instant now = Instant.now();
                    twin.compare(point, Double.parseDouble(state.substring(0, state.indexOf(' '))), now.minus(window),
                            now);
                }
            }
        }

        Stream<WatchedThing> things() {
            return Stream.of(neighbour, victim);
        }

        boolean isOnline() {
            return things().allMatch(thing -> {
                String state = thing.states.get(Catalogue.CURRENT.id());
                return state != null && !"UNDEF".equals(state)
                        && "ONLINE".equals(thing.statuses.get(thing.statuses.size() - 1));
            });
        }

        private static BoardSnapshot snapshot(WatchedThing thing) {
            return Objects.requireNonNull(thing.handler.snapshot());
        }

        static double coverage(WatchedThing thing) {
            return snapshot(thing).number(Catalogue.COVERAGE) / 100;
        }

        /** Returns the counted charge as a share of the total charge. */
        double counted(WatchedThing thing) {
            BoardSnapshot snapshot = snapshot(thing);
            return (snapshot.number(Catalogue.CHARGE_IN) + snapshot.number(Catalogue.CHARGE_OUT)) / twin.flowed();
        }

        void close() {
            things().forEach(thing -> thing.handler.dispose());
            twin.close();
        }
    }

    private record Usage(double heapMebi, long threads) {
    }

    @Test
    void nothingWrongAndNothingGrows() throws InterruptedException {
        PrintStream stderr = Objects.requireNonNull(System.err);
        LogCounter log = new LogCounter(stderr);
        System.setErr(new PrintStream(log, true));
        long seed = "random".equals(SEED) ? new Random().nextLong() : Long.parseLong(SEED);
        logger.info("seed {}", seed);
        try {
            run(seed, log);
        } finally {
            System.setErr(stderr);
        }
    }

    private void run(long seed, LogCounter log) throws InterruptedException {
        Random random = new Random(seed);
        PlatformStorm storm = new PlatformStorm(new Random(random.nextLong()));
        HandlerServices services = new HandlerServices(new BusRegistry(storm.ticker), storm.ticker, Stubs.texts(),
                storm.storage(VICTIM), storm::zone);
        List<Wire> wires = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            assertTrue(kind.isPossible(), kind + " needs socat");
            wires.add(new Wire(kind, services, storm, new Random(random.nextLong())));
        }
        drive(wires, storm, WARM_UP_NANOS);
        Usage first = usage(wires);
        drive(wires, storm, MINUTES * 60_000_000_000L - WARM_UP_NANOS);
        Usage last = usage(wires);

        Page page = new Page("soak");
        page.text(MINUTES + " minutes, seed " + seed + ".");
        page.head("wire", "numbers compared", "wrong", "faults of the wire", "current known, % of the time",
                "counted / flowed while known", "the same beside platform faults");
        for (Wire wire : wires) {
            double known = Wire.coverage(wire.neighbour);
            page.row(wire.twin.kind().toString(), Long.toString(wire.twin.compared()), Long.toString(wire.twin.wrong()),
                    Long.toString(wire.twin.faults()), Page.number(100 * known, 1),
                    Page.number(wire.counted(wire.neighbour) / known, 4),
                    Page.number(wire.counted(wire.victim) / known, 4));
        }
        page.text(String.format(Locale.ROOT,
                "Heap after a collection: %.1f MiB after the warm-up, %.1f MiB at the end. Threads: %d and %d. "
                        + "Lines in the log above `debug` in its first MiB: %d.",
                first.heapMebi, last.heapMebi, first.threads, last.threads, log.lines().size()));
        page.publish();
        log.lines().stream().limit(200).forEach(line -> logger.info("{}", line));

        List<String> wrong = wires.stream().flatMap(wire -> wire.twin.complaints().stream()).toList();
        boolean allBack = wires.stream().allMatch(Wire::isOnline);
        assertAll(() -> assertEquals(List.of(), wrong, "wrong values"), () -> assertTrue(allBack, "all are back"),
                () -> wires.forEach(SoakBench::checkCounters),
                () -> assertTrue(last.heapMebi <= first.heapMebi + HEAP_SLACK_MEBI, "heap is flat"),
                () -> assertTrue(last.threads <= first.threads, "threads are flat"));
        wires.forEach(Wire::close);
        services.close();
    }

    private static void checkCounters(Wire wire) {
        String kind = wire.twin.kind().toString();
        double known = Wire.coverage(wire.neighbour);
        assertTrue(wire.twin.compared() > 0, kind);
        assertEquals(1, wire.counted(wire.neighbour) / known, COUNTING_ERROR, kind + ", counted");
        assertTrue(wire.counted(wire.victim) > 0, kind + ", counted beside platform faults");
        assertTrue(wire.counted(wire.victim) < 1 + COUNTING_ERROR, kind + ", counted beside platform faults");
    }

    private static void drive(List<Wire> wires, PlatformStorm storm, long nanos) throws InterruptedException {
        storm.begin();
        List<WatchedThing> victims = wires.stream().map(wire -> wire.victim).toList();
        Thread disturber = new Thread(() -> storm.disturb(victims));
        disturber.start();
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            wires.forEach(wire -> wire.twin.step());
            LockSupport.parkNanos(CHANGE_NANOS);
        }
        storm.end();
        disturber.join();
        storm.repair(victims);
    }

    /** Measures while no faults occur. */
    private static Usage usage(List<Wire> wires) {
        long end = System.nanoTime() + LONGEST_CALM_NANOS;
        do {
            wires.forEach(wire -> wire.twin.calm());
            LockSupport.parkNanos(CALM_NANOS);
        } while (!wires.stream().allMatch(Wire::isOnline) && System.nanoTime() - end < 0);
        // Threads that deliver reports are not counted: they come and go.
        return new Usage(Meter.heapMebi(), Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("bms") && !name.startsWith("bmsmain-delivery")).count());
    }
}
