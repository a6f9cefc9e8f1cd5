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

import static org.junit.jupiter.api.Assertions.*;

import java.io.File;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.bench.FaultKind.Transport;
import org.openhab.binding.bmsmain.peer.Wait;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every fault on every wire: no wrong value, no permanent loss, no log line, no thread and no file left behind.
 * <p>
 * The faults are the same on each run, so that builds are reproducible. {@code -Dbmsmain.seed=N} selects another
 * seed and {@code -Dbmsmain.seed=random} a new one, as the profile {@code bench} does; each seed is printed.
 * {@code -Dbmsmain.faults=N} sets the number of faults of each kind, {@code -Dbmsmain.seeds=N} the number of runs.
 * {@code -Dbmsmain.kinds=PAUSE,HOLES} selects rows, with the same faults as in a complete run.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class FaultBenchIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(FaultBenchIT.class);

    private static final int FAULTS = Integer.getInteger("bmsmain.faults", 6);
    private static final int SEEDS = Integer.getInteger("bmsmain.seeds", 1);
    /** The seed of the first run; those of the other runs are derived from it. */
    private static final String SEED = Objects.requireNonNullElse(System.getProperty("bmsmain.seed"),
            "9024927273201915314");
    private static final String RANDOM = "random";
    private static final List<String> KINDS = List.of(System.getProperty("bmsmain.kinds", "").split(","));
    private static final int MIXED = 5;
    /** Number of parallel tasks; they mostly wait. */
    private static final int AT_ONCE = 8;
    private static final int FAST = 115200;
    private static final int SLOW = 9600;
    private static final List<String> WIRES = List.of("RTU 9600", "RTU 115200", "RTU over TCP", "Modbus TCP",
            SlcanRun.WIRE);

    @Test
    void nothingWrongNothingLostNothingLeft() throws InterruptedException, ExecutionException {
        Page page = new Page("faults");
        Page summary = new Page("faults-summary");
        // Resources that the first run loads permanently are not counted.
        new FaultRun(Transport.RTU, FaultKind.SILENCE, FAST, 1, 1).run();
        new FaultRun(Transport.TCP, FaultKind.SILENCE, 0, 1, 1).run();
        new SlcanRun(SlcanFault.BELL, 1, 1).run();
        List<Long> seeds = seeds();
        long filesBefore = openFiles();
        long threadsBefore = threads();

        PrintStream stderr = Objects.requireNonNull(System.err);
        LogCounter log = new LogCounter(stderr);
        System.setErr(new PrintStream(log, true));
        List<FaultResult> all = new ArrayList<>();
        try {
            for (long seed : seeds) {
                List<FaultResult> results = runAll(seed);
                page.text(sum(seed, results));
                summary.text(sum(seed, results));
                all.addAll(results);
            }
        } finally {
            System.setErr(stderr);
        }

        LOGGER.info("{}", FaultResult.head());
        all.forEach(result -> LOGGER.info("{}", result));
        LOGGER.info("log lines above debug: {}", log.lines());
        table(page, all);
        page.publish();
        summarise(summary, all);
        summary.publish();
        assertEquals(List.of(), all.stream().filter(result -> result.wrong() > 0).toList(), "wrong values");
        assertEquals(List.of(), all.stream().filter(result -> !result.recovered()).toList(), "not recovered");
        assertEquals(List.of(), all.stream().filter(result -> result.compared() == 0).toList(), "nothing read");
        assertEquals(List.of(), log.lines(), "log lines above debug");
        Wait.until("threads end", () -> threads() <= threadsBefore);
        Wait.until("files are closed, of which there were " + filesBefore, () -> openFiles() <= filesBefore);
    }

    /** The seeds of the runs. They are logged first, so that a run that never ends can be repeated. */
    private static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        seeds.add(RANDOM.equals(SEED) ? new Random().nextLong() : Long.parseLong(SEED));
        Random random = new Random(seeds.get(0));
        while (seeds.size() < SEEDS) {
            seeds.add(random.nextLong());
        }
        LOGGER.info("seeds {}", seeds);
        return seeds;
    }

    private static List<FaultResult> runAll(long seed) throws InterruptedException, ExecutionException {
        List<FaultResult> results = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            for (Future<FaultResult> run : pool.invokeAll(plan(new Random(seed)))) {
                results.add(run.get());
            }
        } finally {
            pool.shutdownNow();
        }
        return results;
    }

    private static List<Callable<FaultResult>> plan(Random random) {
        List<Callable<FaultResult>> plan = new ArrayList<>();
        // Long tasks come first, so that the test does not wait for a single one at the end.
        for (SlcanFault fault : SlcanFault.values()) {
            long seed = random.nextLong();
            if (isAsked(fault)) {
                plan.add(new SlcanRun(fault, FAULTS, seed)::run);
            }
        }
        for (FaultKind kind : FaultKind.values()) {
            long seed = random.nextLong();
            if (isAsked(kind) && kind.isPossibleOn(Transport.RTU)) {
                int faults = kind == FaultKind.MIXED ? MIXED * FAULTS : FAULTS;
                plan.add(new FaultRun(Transport.RTU, kind, SLOW, Math.max(1, faults / 2), seed)::run);
            }
        }
        for (FaultKind kind : FaultKind.values()) {
            int faults = kind == FaultKind.MIXED ? MIXED * FAULTS : FAULTS;
            for (Transport transport : Transport.values()) {
                long seed = random.nextLong();
                if (isAsked(kind) && kind.isPossibleOn(transport)) {
                    int baud = transport == Transport.RTU ? FAST : 0;
                    plan.add(new FaultRun(transport, kind, baud, faults, seed)::run);
                }
            }
        }
        return plan;
    }

    private static boolean isAsked(Enum<?> kind) {
        return KINDS.contains("") || KINDS.contains(kind.name());
    }

    private static String sum(long seed, List<FaultResult> results) {
        return String.format(Locale.ROOT,
                "Seed %d: %d responses and sets of frames corrupted, %d values compared, %d wrong, %d undetectable.",
                seed, results.stream().mapToInt(FaultResult::faults).sum(),
                results.stream().mapToInt(FaultResult::compared).sum(),
                results.stream().mapToInt(FaultResult::wrong).sum(),
                results.stream().mapToInt(FaultResult::unseen).sum());
    }

    /** A row for each wire. */
    private static void summarise(Page page, List<FaultResult> results) {
        page.head("wire", "kinds", "faults", "values compared", "wrong", "undetectable", "lost of the corrupted",
                "further lost", "recovery, median of the kinds, ms", "slowest kind");
        for (String wire : WIRES) {
            List<FaultResult> kinds = List.copyOf(results.stream().filter(result -> wire.equals(result.wire()))
                    .collect(Collectors.toMap(FaultResult::kind, result -> result, FaultResult::plus)).values());
            if (kinds.isEmpty()) {
                continue;
            }
            double[] back = kinds.stream().mapToDouble(FaultResult::recovery).sorted().toArray();
            FaultResult slowest = kinds.stream().max(Comparator.comparingDouble(FaultResult::recovery)).orElseThrow();
            page.row(wire, Integer.toString(kinds.size()), sum(kinds, FaultResult::faults),
                    sum(kinds, FaultResult::compared), sum(kinds, FaultResult::wrong), sum(kinds, FaultResult::unseen),
                    sum(kinds, result -> Math.min(result.lost(), result.faults())), sum(kinds, FaultResult::collateral),
                    Page.number(back[back.length / 2], 0),
                    slowest.kind() + ", " + Page.number(slowest.recovery(), 0) + " ms");
        }
    }

    private static String sum(List<FaultResult> results, ToLongFunction<FaultResult> value) {
        return Long.toString(results.stream().mapToLong(value).sum());
    }

    /** A row for each kind, a column for each wire. */
    private static void table(Page page, List<FaultResult> results) {
        Map<String, Map<String, FaultResult>> rows = new LinkedHashMap<>();
        for (FaultKind kind : FaultKind.values()) {
            if (isAsked(kind)) {
                rows.put(kind.toString(), new HashMap<>());
            }
        }
        for (FaultResult result : results) {
            rows.computeIfAbsent(result.kind(), kind -> new HashMap<>()).merge(result.wire(), result,
                    FaultResult::plus);
        }
        List<String> head = new ArrayList<>(WIRES);
        head.add(0, "fault");
        page.head(head.toArray(String[]::new));
        rows.forEach((kind, cells) -> {
            List<String> row = new ArrayList<>(List.of(kind));
            for (String wire : WIRES) {
                FaultResult cell = cells.get(wire);
                row.add(cell == null ? "" : cell.cell());
            }
            page.row(row.toArray(String[]::new));
        });
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("bmsmain"))
                .count();
    }

    private static long openFiles() {
        String[] files = new File("/proc/self/fd").list();
        return files == null ? 0 : files.length;
    }
}
