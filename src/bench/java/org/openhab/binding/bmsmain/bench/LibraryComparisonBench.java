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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.bench.ClientUnderTest.Library;
import org.openhab.binding.bmsmain.bench.FaultKind.Transport;
import org.openhab.binding.bmsmain.peer.Peer;
import org.openhab.binding.bmsmain.peer.Peers;

/**
 * Compares the reaction of the binding's client and of two libraries to the same faults.
 * <p>
 * Each client reads without pause blocks of one length at changing addresses. This is the hardest case, because a
 * late response has the right length. The binding's client does not have the help of a read plan here.
 * {@code -Dbmsmain.seed=N} repeats a run.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class LibraryComparisonBench {

    private static final int COUNT = 40;
    private static final int FAULTS = 10;
    private static final int MOST_READS = 400;
    private static final int TIMEOUT = 200;
    private static final int AT_ONCE = 6;
    private static final int FAILURES_TO_REOPEN = 8;
    private static final long HUNG_SECONDS = 5;
    private static final long SLACK_MILLIS = 40;
    private static final long PAUSE_MILLIS = 20;

    /** Factor over the time of the best safe client up to which the binding's client does not count as slower. */
    private static final double BEHIND = 1.1;

    /** Differences below this, in milliseconds, are within the accuracy of the bench. */
    private static final double MEASURABLE = 3;

    /** @param backMillis median of the times from a corrupted response to the next correct value; NaN without one */
    private record Outcome(int wrong, int lost, int spoilt, int reopened, boolean hung, double backMillis) {
        int collateral() {
            return Math.max(0, lost - spoilt);
        }

        static final Outcome NONE = new Outcome(0, 0, 0, 0, false, Double.NaN);

        boolean isSafe() {
            return wrong == 0 && !hung && !Double.isNaN(backMillis);
        }

        @Override
        public String toString() {
            return equals(NONE) ? ""
                    : String.format(Locale.ROOT, "%d / %d / %d%s%s", wrong, Math.min(lost, spoilt), collateral(),
                            reopened == 0 ? "" : " R" + reopened, hung ? " hung" : "")
                            + (Double.isNaN(backMillis) ? "" : String.format(Locale.ROOT, " %.0f ms", backMillis));
        }
    }

    /** Why a client without wrong values for a fault may recover faster than the binding's. */
    private enum Reason {
        PROOF("The response, or a part of it, may still be under way. The binding waits for silence and for a read of "
                + "another length, which proves that nothing is left; the other clients accept the next response."),
        REFUSED_FOR_GOOD("The device reports that the block does not exist. The binding sends a probe and repeats the "
                + "request before it accepts that, and loses no request."),
        SHORTER("An exception response is shorter than the expected response, and the binding sleeps until the whole "
                + "response should have arrived."),
        CONNECTION("The binding closes a connection after a wrong frame. The other clients keep it."),
        COMPLETE("The received bytes may be the start of a response, so the binding waits until its timeout. The other "
                + "clients gave up, or the bench reopened them."),
        UNKNOWN("None is known except the load of the machine.");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        static Reason of(Transport transport, FaultKind kind) {
            if (!transport.isRtu()) {
                return switch (kind) {
                    case DROPPED_BYTE, DUPLICATED_BYTE, TRUNCATED, BABBLE_300, BABBLE_5000 -> COMPLETE;
                    default -> CONNECTION;
                };
            }
            return switch (kind) {
                case EXCEPTION_1, EXCEPTION_2, EXCEPTION_3 -> REFUSED_FOR_GOOD;
                case EXCEPTION_4, EXCEPTION_5, EXCEPTION_6, EXCEPTION_7, EXCEPTION_8, EXCEPTION_10, EXCEPTION_11,
                        EXCEPTION_UNKNOWN ->
                    transport.isNetwork() ? UNKNOWN : SHORTER;
                default -> PROOF;
            };
        }
    }

    /** A fault on a transport, and the outcome for each client. */
    private record Row(Transport transport, FaultKind kind, List<Outcome> outcomes) {
        Outcome of(Library library) {
            return outcomes.get(library.ordinal());
        }

        double best() {
            return best(library -> true);
        }

        private double best(Predicate<Library> which) {
            return Stream.of(Library.values()).filter(which).map(this::of).filter(Outcome::isSafe)
                    .mapToDouble(Outcome::backMillis).min().orElse(Double.POSITIVE_INFINITY);
        }

        /** Whether the best safe client recovers faster than the binding's by more than the accuracy. */
        boolean isBehind() {
            return isBehind(library -> true);
        }

        boolean isBehind(Predicate<Library> which) {
            double best = best(which);
            return of(Library.BMSMAIN).backMillis > Math.max(BEHIND * best, best + MEASURABLE);
        }

        String lead() {
            return String.format(Locale.ROOT, "%s %.0f/%.0f", kind, best(), of(Library.BMSMAIN).backMillis);
        }
    }

    @Test
    void sideBySide() throws InterruptedException, ExecutionException {
        long seed = Long.getLong("bmsmain.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        record Begun(Transport transport, FaultKind kind, List<Future<Outcome>> outcomes) {
        }
        List<Begun> begun = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            for (FaultKind kind : FaultKind.values()) {
                if (kind.isPossibleOn(transport) && kind.isForClients() && isAsked(transport, kind)) {
                    long runSeed = random.nextLong();
                    List<Future<Outcome>> outcomes = new ArrayList<>();
                    for (Library library : Library.values()) {
                        outcomes.add(
                                pool.submit(() -> library.speaks(transport) ? run(library, transport, kind, runSeed)
                                        : Outcome.NONE));
                    }
                    begun.add(new Begun(transport, kind, outcomes));
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        for (Begun row : begun) {
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> outcome : row.outcomes) {
                outcomes.add(outcome.get());
            }
            rows.add(new Row(row.transport, row.kind, outcomes));
        }
        pool.shutdownNow();
        publish(seed, rows);
        assertEquals(0, rows.stream().mapToInt(row -> row.of(Library.BMSMAIN).wrong).sum(), "wrong values of ours");
    }

    private static void publish(long seed, List<Row> rows) {
        Page page = new Page("rivals");
        page.text("Seed " + seed + ". Wrong values / lost of " + FAULTS + " spoilt / further requests lost; R: closed "
                + "and opened after " + FAILURES_TO_REOPEN + " failures in a row; hung: a call took longer than "
                + HUNG_SECONDS + " s. ms: median from a spoilt answer to the next right value, with a time-out of "
                + TIMEOUT + " ms.");
        List<String> head = new ArrayList<>(List.of("on", "fault"));
        for (Library library : Library.values()) {
            head.add(library.toString());
        }
        page.head(head.toArray(String[]::new));
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.transport.toString(), row.kind.toString()));
            row.outcomes.forEach(outcome -> line.add(outcome.toString()));
            page.row(line.toArray(String[]::new));
        }
        page.publish();

        Page summary = new Page("rivals-summary");
        summary.text("Seed " + seed + ", " + FAULTS + " faults of each kind, a time-out of " + TIMEOUT + " ms.");
        summary.head("on", "client", "kinds", "wrong values", "in kinds", "further requests lost", "opened anew",
                "hung", "back, median of the kinds, ms");
        for (Transport transport : Transport.values()) {
            for (Library library : Library.values()) {
                List<Outcome> kinds = rows.stream().filter(row -> row.transport == transport)
                        .map(row -> row.of(library)).filter(outcome -> !outcome.equals(Outcome.NONE)).toList();
                if (!kinds.isEmpty()) {
                    double[] back = kinds.stream().mapToDouble(Outcome::backMillis).filter(time -> !Double.isNaN(time))
                            .sorted().toArray();
                    summary.row(transport.toString(), library.toString(), Integer.toString(kinds.size()),
                            sum(kinds, Outcome::wrong), sum(kinds, outcome -> outcome.wrong > 0 ? 1 : 0),
                            sum(kinds, Outcome::collateral), sum(kinds, Outcome::reopened),
                            sum(kinds, outcome -> outcome.hung ? 1 : 0),
                            back.length == 0 ? "" : Page.number(back[back.length / 2], 0));
                }
            }
        }
        Map<Reason, Map<Transport, List<String>>> behind = new EnumMap<>(Reason.class);
        rows.stream().filter(Row::isBehind)
                .forEach(row -> behind
                        .computeIfAbsent(Reason.of(row.transport, row.kind), reason -> new EnumMap<>(Transport.class))
                        .computeIfAbsent(row.transport, wire -> new ArrayList<>()).add(row.lead()));
        summary.text(rows.size() + " kinds of fault. In " + rows.stream().filter(Row::isBehind).count()
                + " of them, the fastest client without a wrong value in that kind recovers sooner than the binding by "
                + "more than a tenth and " + Page.number(MEASURABLE, 0)
                + " ms; they are listed below. Among the clients without a wrong value in any kind on the wire, in "
                + rows.stream().filter(row -> row.isBehind(library -> isSafe(library, row.transport, rows))).count()
                + ".");
        summary.head("why", "kind, fastest of these clients / the binding, ms");
        behind.forEach((reason, wires) -> summary.row(reason.text,
                wires.entrySet().stream().map(wire -> wire.getKey() + ": " + String.join(", ", wire.getValue()))
                        .collect(Collectors.joining("; "))));
        summary.publish();
    }

    private static boolean isSafe(Library library, Transport transport, List<Row> rows) {
        return rows.stream().filter(row -> row.transport == transport).map(row -> row.of(library))
                .allMatch(outcome -> outcome.wrong == 0 && !outcome.hung);
    }

    private static String sum(List<Outcome> outcomes, ToIntFunction<Outcome> value) {
        return Integer.toString(outcomes.stream().mapToInt(value).sum());
    }

    /** {@code -Dbmsmain.kinds=RTU_OVER_TCP:ACCEPT_AND_HANG,CORRUPT_BYTE} selects these rows only. */
    private static boolean isAsked(Transport transport, FaultKind kind) {
        List<String> kinds = List.of(System.getProperty("bmsmain.kinds", "").split(","));
        return kinds.contains("") || kinds.contains(kind.name())
                || kinds.contains(transport.name() + ":" + kind.name());
    }

    private static Outcome run(Library library, Transport transport, FaultKind kind, long seed) throws Exception {
        Path folder = Files.createTempDirectory("bmsmain-bench");
        Path device = folder.resolve("tty");
        int serverPort = Peers.freePort();
        String unit = Integer.toString(ClientUnderTest.UNIT);
        int baud = transport == Transport.RTU ? 115200 : 0;
        try (Pty serverPty = new Pty();
                Peer server = transport.isRtu()
                        ? Peers.libmodbus(List.of(ReferenceRegisters.serverLine()), "rtu", serverPty.device(), "115200",
                                unit, "0")
                        : Peers.libmodbus(List.of(ReferenceRegisters.serverLine()), "tcp", Integer.toString(serverPort),
                                unit);
                FaultProxy proxy = new FaultProxy(transport, kind, new Random(seed), TIMEOUT,
                        transport == Transport.RTU ? device : null, baud, serverPty, serverPort)) {
            return new Driver(library, transport, device, proxy, baud, new Random(seed)).drive();
        } finally {
            Files.deleteIfExists(device);
            Files.deleteIfExists(folder);
        }
    }

    /** Reads, compares, and reopens a client that does not recover by itself. */
    private static final class Driver {
        private final Library library;
        private final Transport transport;
        private final Path device;
        private final FaultProxy proxy;
        private final int baud;
        private final Random random;
        private ExecutorService caller = Executors.newSingleThreadExecutor();
        private @Nullable ClientUnderTest candidate;
        private int wrong;
        private int lost;
        private int reopened;
        private int failuresInRow;
        /** Times of correct values, in microseconds of the wall clock. */
        private final List<Long> right = new ArrayList<>();

        Driver(Library library, Transport transport, Path device, FaultProxy proxy, int baud, Random random) {
            this.library = library;
            this.transport = transport;
            this.device = device;
            this.proxy = proxy;
            this.baud = baud;
            this.random = random;
        }

        Outcome drive() throws InterruptedException {
            boolean hung = false;
            for (int i = 0; i < MOST_READS && !hung; i++) {
                if (i == 5) {
                    proxy.setFaulty(true);
                } else if (proxy.faults().size() >= FAULTS) {
                    proxy.setFaulty(false);
                }
                hung = !readOnce();
                if (!hung && proxy.faults().size() >= FAULTS && failuresInRow == 0 && i > 60) {
                    break;
                }
            }
            closeCandidate();
            caller.shutdownNow();
            return new Outcome(wrong, lost, proxy.faults().size(), reopened, hung, backMillis());
        }

        private double backMillis() {
            List<Double> back = new ArrayList<>();
            for (long fault : proxy.faults()) {
                right.stream().filter(time -> time > fault).findFirst()
                        .ifPresent(time -> back.add((time - fault) / 1000.0));
            }
            Collections.sort(back);
            return back.isEmpty() ? Double.NaN : back.get(back.size() / 2);
        }

        private boolean readOnce() throws InterruptedException {
            for (int i = 0; i < 50 && transport == Transport.RTU && !Files.exists(device); i++) {
                // Reading is not possible while the adapter is missing.
                TimeUnit.MILLISECONDS.sleep(20);
            }
            int address = 0x3000 + random.nextInt(0x1000);
            long asked = System.currentTimeMillis();
            Future<int[]> answer = caller.submit(() -> current().read(address, COUNT));
            try {
                int[] words = answer.get(HUNG_SECONDS, TimeUnit.SECONDS);
                failuresInRow = 0;
                if (words.length != COUNT
                        || !ReferenceRegisters.fits(words, address, ReferenceRegisters.step(asked - SLACK_MILLIS),
                                ReferenceRegisters.step(System.currentTimeMillis()))) {
                    wrong++;
                } else {
                    right.add(FaultProxy.nowMicros());
                }
                return true;
            } catch (ExecutionException e) {
                lost++;
                failuresInRow++;
                if (System.currentTimeMillis() - asked < PAUSE_MILLIS) {
                    // A port that cannot be opened fails immediately: limit the rate of retries.
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
                if (failuresInRow >= FAILURES_TO_REOPEN) {
                    reopened++;
                    failuresInRow = 0;
                    closeCandidate();
                }
                return true;
            } catch (TimeoutException e) {
                closeCandidate();
                return false;
            }
        }

        private ClientUnderTest current() throws Exception {
            ClientUnderTest open = candidate;
            if (open == null) {
                open = library.open(transport, device, proxy.port(), baud, TIMEOUT);
                candidate = open;
            }
            return open;
        }

        private void closeCandidate() {
            ClientUnderTest open = candidate;
            candidate = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
