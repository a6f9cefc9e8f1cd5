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
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.bench.ClientUnderTest.Library;
import org.openhab.binding.bmsmain.bench.FaultKind.Transport;
import org.openhab.binding.bmsmain.peer.Peer;
import org.openhab.binding.bmsmain.peer.Peers;

/**
 * The same faults under our client and under two libraries, side by side.
 * <p>
 * Each asks without pause for blocks of one length at changing addresses: the hardest case, for a late answer has the
 * right length. Ours does not get the help of a read plan here. {@code -Dbmsmain.seed=N} repeats a run.
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

    /** Of the best safe client, ours may need this much more time, in parts of one, without being behind it. */
    private static final double BEHIND = 1.1;

    /** Less than this, in milliseconds, is the bench itself. */
    private static final double MEASURABLE = 3;

    /** @param backMillis median of the times from a spoilt answer to the next right value; NaN when none came */
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

    @Test
    void sideBySide() throws InterruptedException, ExecutionException {
        long seed = Long.getLong("bmsmain.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        Page page = new Page("rivals");
        Random random = new Random(seed);
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        List<List<Future<Outcome>>> rows = new ArrayList<>();
        List<String[]> names = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            for (FaultKind kind : FaultKind.values()) {
                if (kind.isPossibleOn(transport) && kind.isForClients() && isAsked(transport, kind)) {
                    long runSeed = random.nextLong();
                    List<Future<Outcome>> row = new ArrayList<>();
                    for (Library library : Library.values()) {
                        row.add(pool.submit(() -> library.speaks(transport) ? run(library, transport, kind, runSeed)
                                : Outcome.NONE));
                    }
                    rows.add(row);
                    names.add(new String[] { transport.toString(), kind.toString() });
                }
            }
        }
        page.text("Seed " + seed + ". Wrong values / lost of " + FAULTS + " spoilt / further requests lost; R: closed "
                + "and opened after " + FAILURES_TO_REOPEN + " failures in a row; hung: a call took longer than "
                + HUNG_SECONDS + " s. ms: median from a spoilt answer to the next right value, with a time-out of "
                + TIMEOUT + " ms.");
        List<String> head = new ArrayList<>(List.of("on", "fault"));
        for (Library library : Library.values()) {
            head.add(library.toString());
        }
        page.head(head.toArray(String[]::new));
        int[] wrong = new int[Library.values().length];
        int[] collateral = new int[wrong.length];
        List<String> behind = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<String> line = new ArrayList<>(List.of(names.get(i)));
            for (int j = 0; j < wrong.length; j++) {
                Outcome outcome = rows.get(i).get(j).get();
                line.add(outcome.toString());
                wrong[j] += outcome.wrong;
                collateral[j] += outcome.collateral();
            }
            page.row(line.toArray(String[]::new));
            String lead = lead(rows.get(i));
            if (!lead.isEmpty()) {
                behind.add(String.join(", ", names.get(i)) + " " + lead);
            }
        }
        for (int j = 0; j < wrong.length; j++) {
            page.text(Library.values()[j] + ": " + wrong[j] + " wrong values, " + collateral[j]
                    + " further requests lost.");
        }
        page.text("Rows in which the best safe client (no wrong value in that row) is back sooner than ours by more "
                + "than a tenth and 3 ms: " + (behind.isEmpty() ? "none" : String.join("; ", behind)) + ".");
        page.publish();
        pool.shutdownNow();
        assertEquals(0, wrong[Library.BMSMAIN.ordinal()], "wrong values of ours");
    }

    /** {@code -Dbmsmain.kinds=RTU_OVER_TCP:ACCEPT_AND_HANG,CORRUPT_BYTE} asks for these rows alone. */
    private static boolean isAsked(Transport transport, FaultKind kind) {
        List<String> kinds = List.of(System.getProperty("bmsmain.kinds", "").split(","));
        return kinds.contains("") || kinds.contains(kind.name())
                || kinds.contains(transport.name() + ":" + kind.name());
    }

    /** In milliseconds, those of the best safe client and ours, where ours is behind. */
    private static String lead(List<Future<Outcome>> row) throws InterruptedException, ExecutionException {
        double ours = row.get(Library.BMSMAIN.ordinal()).get().backMillis;
        double best = Double.POSITIVE_INFINITY;
        for (Future<Outcome> future : row) {
            Outcome outcome = future.get();
            best = outcome.isSafe() ? Math.min(best, outcome.backMillis) : best;
        }
        return ours <= Math.max(BEHIND * best, best + MEASURABLE) ? ""
                : String.format(Locale.ROOT, "(%.0f, ours %.0f ms)", best, ours);
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

    /** Asks, compares, and opens anew what does not come back by itself. */
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
        /** When right values came, in microseconds of the wall clock. */
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
                // Nobody can read through an adapter that is not there.
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
                    // A port that cannot be opened fails at once; nobody asks again a thousand times a second.
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
