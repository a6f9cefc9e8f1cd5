/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bms soak}: reads simulated boards over all types of connections at once, corrupts responses, restarts boards
 * and removes adapters, and compares every value with the simulated one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "soak", mixinStandardHelpOptions = true, description = "Reads simulated boards (twins) over all wires "
        + "at once while responses are corrupted, twins restart and adapters are removed, and compares every value "
        + "with the twin's. Needs no device; the serial wires need the program socat.")
final class SoakCommand implements Callable<Integer> {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smh])");
    private static final long MILLI = 1_000_000;
    private static final long CHANGE_NANOS = 400 * MILLI;
    private static final long REPORT_NANOS = 30_000 * MILLI;
    private static final long CALM_NANOS = 3_000 * MILLI;
    /** Maximum time to recover: an slcan adapter rejoins its bus after a silence of 15 s. */
    private static final long LONGEST_CALM_NANOS = 30_000 * MILLI;
    private static final int MEBI = 1 << 20;
    /**
     * Allowed relative error of the counted charge, compared to the charge that flowed while the current was known: the
     * current changes every 0.4 s, and in a short run a second makes a difference.
     */
    private static final double COUNTING_ERROR = 0.02;
    private static final double COUNTING_ERROR_SECONDS = 1.5;
    /** Allowed growth of the heap between two measurements. */
    private static final double HEAP_SLACK_MEBI = 4;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--for", paramLabel = "TIME", defaultValue = "10m", description = "Duration, for instance 30s, 10m "
            + "or 8h (default: ${DEFAULT-VALUE}).")
    private String length = "";

    @Option(names = "--seed", paramLabel = "N", description = "Seed of a run whose faults are repeated.")
    private @Nullable Long seed;

    private record Usage(double heapMebi, int online, Map<String, Long> threads) {

        /** Measures without faults: connections that are being closed or opened have threads as well. */
        static Usage of(List<SoakWire> wires) {
            long end = System.nanoTime() + LONGEST_CALM_NANOS;
            Map<String, Long> threads;
            do {
                wires.forEach(wire -> wire.twin().calm());
                LockSupport.parkNanos(CALM_NANOS);
                threads = threadsByName();
            } while (System.nanoTime() - end < 0 && !(wires.stream().allMatch(SoakWire::isOnline)
                    && threads.keySet().stream().noneMatch(name -> name.endsWith("-lookup"))));
            // The second collection frees objects that became unreachable in the first one.
            System.gc();
            System.gc();
            double heap = (double) ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBI;
            return new Usage(heap, (int) wires.stream().filter(SoakWire::isOnline).count(), threads);
        }

        private static Map<String, Long> threadsByName() {
            return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                    .filter(name -> name.startsWith("bms"))
                    .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        }

        long threadCount() {
            return threads.values().stream().mapToLong(count -> count).sum();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Long given = seed;
        long used = given == null ? new Random().nextLong() : given;
        long runNanos = parse(length).toNanos();
        PrintWriter out = spec.commandLine().getOut();
        out.println("seed " + used);
        List<SoakWire> wires = new ArrayList<>();
        Usage first;
        Usage last;
        try (BusRegistry registry = new BusRegistry(Ticker.system())) {
            try {
                start(wires, registry, new Random(used), out);
                // Classes loaded by the first reports and faults do not count as growth.
                long warmUp = Math.min(runNanos / 4, 60_000 * MILLI);
                drive(wires, warmUp, out);
                first = Usage.of(wires);
                drive(wires, runNanos - warmUp, out);
                last = Usage.of(wires);
            } finally {
                wires.forEach(SoakWire::close);
            }
        }
        return verdict(used, runNanos, wires, first, last, out);
    }

    private static void start(List<SoakWire> wires, BusRegistry registry, Random random, PrintWriter out) {
        for (SoakTwin.Kind kind : SoakTwin.Kind.values()) {
            if (kind.isPossible()) {
                wires.add(new SoakWire(kind, registry, new Random(random.nextLong())));
            } else {
                out.println(kind + ": skipped, socat is not installed");
            }
        }
    }

    private static void drive(List<SoakWire> wires, long nanos, PrintWriter out) {
        long end = System.nanoTime() + nanos;
        long nextReport = System.nanoTime() + REPORT_NANOS;
        while (System.nanoTime() - end < 0) {
            wires.forEach(wire -> wire.twin().step());
            LockSupport.parkNanos(CHANGE_NANOS);
            if (System.nanoTime() - nextReport >= 0) {
                nextReport += REPORT_NANOS;
                long compared = wires.stream().mapToLong(wire -> wire.twin().compared()).sum();
                long wrong = wires.stream().mapToLong(wire -> wire.twin().wrong()).sum();
                out.println(String.format(Locale.ROOT, "%d values compared, %d wrong", compared, wrong));
            }
        }
    }

    private static int verdict(long seed, long runNanos, List<SoakWire> wires, Usage first, Usage last,
            PrintWriter out) {
        out.println(SoakWire.head());
        wires.forEach(out::println);
        wires.forEach(wire -> wire.twin().complaints().forEach(out::println));
        long compared = wires.stream().mapToLong(wire -> wire.twin().compared()).sum();
        long wrong = wires.stream().mapToLong(wire -> wire.twin().wrong()).sum();
        boolean right = wrong == 0 && wires.stream().allMatch(wire -> wire.twin().compared() > 0);
        boolean back = last.online == wires.size();
        boolean heapFlat = last.heapMebi <= first.heapMebi + HEAP_SLACK_MEBI;
        boolean threadsFlat = last.threadCount() <= first.threadCount();
        out.println(right ? String.format(Locale.ROOT, "values:  no wrong value of %d", compared)
                : String.format(Locale.ROOT, "values:  %d WRONG of %d, OR A WIRE WITHOUT VALUES", wrong, compared));
        out.println(String.format(Locale.ROOT, "wires:   %d of %d online at the end%s", last.online, wires.size(),
                back ? "" : ", NOT ALL"));
        double allowed = COUNTING_ERROR + COUNTING_ERROR_SECONDS * 1e9 / runNanos;
        boolean counted = wires.stream().allMatch(wire -> Math.abs(wire.counted() - 1) <= allowed);
        out.println("charge:  " + (counted ? "counted correctly" : "NOT COUNTED CORRECTLY"));
        out.println(String.format(Locale.ROOT, "heap:    %s, %.1f MiB after the warm-up, %.1f MiB at the end",
                heapFlat ? "flat" : "GREW", first.heapMebi, last.heapMebi));
        out.println(String.format(Locale.ROOT, "threads: %s, %d after the warm-up, %d at the end",
                threadsFlat ? "flat" : "GREW from " + first.threads + " to " + last.threads, first.threadCount(),
                last.threadCount()));
        boolean passed = right && back && counted && heapFlat && threadsFlat;
        out.println((passed ? "PASSED" : "FAILED") + ", seed " + seed);
        return passed ? ExitCode.OK : ExitCode.FAILED;
    }

    private Duration parse(String text) {
        Matcher matcher = DURATION.matcher(text);
        String number = matcher.matches() ? matcher.group(1) : null;
        String unit = number == null ? null : matcher.group(2);
        if (number == null || unit == null) {
            throw new ParameterException(spec.commandLine(), "--for must be a number with s, m or h, not " + text);
        }
        TimeUnit times = switch (unit) {
            case "s" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MINUTES;
            default -> TimeUnit.HOURS;
        };
        return Duration.ofNanos(times.toNanos(Long.parseLong(number)));
    }
}
