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
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.bench.FaultKind.Transport;
import org.openhab.binding.bmsmain.bench.FaultRun.Result;
import org.openhab.binding.bmsmain.peer.Wait;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every fault on every wire: no wrong value, no lasting loss, no log line, no thread and no file left behind.
 * <p>
 * The seed is new on each run and printed. {@code -Dbmsmain.seed=N} repeats the faults of a run, {@code
 * -Dbmsmain.faults=N} asks for more of each kind.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class FaultBenchIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(FaultBenchIT.class);

    private static final int FAULTS = Integer.getInteger("bmsmain.faults", 6);
    private static final int AT_ONCE = 8;
    private static final int FAST = 115200;
    private static final int SLOW = 9600;

    @Test
    void nothingWrongNothingLostNothingLeft() throws InterruptedException, ExecutionException {
        long seed = Long.getLong("bmsmain.seed", new Random().nextLong());
        LOGGER.info("seed {}", seed);
        // What the machinery of the first run loads for good is not counted.
        new FaultRun(Transport.RTU, FaultKind.SILENCE, FAST, 1, seed).run();
        new FaultRun(Transport.TCP, FaultKind.SILENCE, 0, 1, seed).run();
        long filesBefore = openFiles();
        long threadsBefore = threads();

        PrintStream stderr = Objects.requireNonNull(System.err);
        LogCounter log = new LogCounter(stderr);
        System.setErr(new PrintStream(log, true));
        List<Result> results = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Result>> runs = new ArrayList<>();
            for (FaultRun run : plan(new Random(seed))) {
                runs.add(pool.submit(run::run));
            }
            for (Future<Result> run : runs) {
                results.add(run.get());
            }
        } finally {
            pool.shutdownNow();
            System.setErr(stderr);
        }

        LOGGER.info("{}", Result.head());
        results.forEach(result -> LOGGER.info("{}", result));
        LOGGER.info("log lines above debug: {}", log.lines());
        assertEquals(List.of(), results.stream().filter(result -> result.wrong() > 0).toList(), "wrong values");
        assertEquals(List.of(), results.stream().filter(result -> !result.recovered()).toList(), "not recovered");
        assertEquals(List.of(), results.stream().filter(result -> result.compared() == 0).toList(), "nothing read");
        assertEquals(List.of(), log.lines(), "log lines above debug");
        Wait.until("threads end", () -> threads() <= threadsBefore);
        Wait.until("files are closed, of which there were " + filesBefore, () -> openFiles() <= filesBefore);
    }

    private static List<FaultRun> plan(Random random) {
        List<FaultRun> plan = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            for (FaultKind kind : FaultKind.values()) {
                if (kind.isPossibleOn(transport)) {
                    int faults = kind == FaultKind.MIXED ? 5 * FAULTS : FAULTS;
                    plan.add(new FaultRun(transport, kind, transport == Transport.RTU ? FAST : 0, faults,
                            random.nextLong()));
                }
            }
        }
        for (FaultKind kind : List.of(FaultKind.LATE_INTO_NEXT, FaultKind.CORRUPT_BYTE, FaultKind.NOISE_BEFORE)) {
            plan.add(new FaultRun(Transport.RTU, kind, SLOW, FAULTS / 2, random.nextLong()));
        }
        return plan;
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
