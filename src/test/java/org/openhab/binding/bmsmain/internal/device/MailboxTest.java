/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.device;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;

/**
 * Deliveries to a slow listener, and the reports that are skipped.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(20)
class MailboxTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final LeapTicker ticker = new LeapTicker();
    private final Deque<Runnable> handed = new ArrayDeque<>();
    private final Mailbox mailbox = new Mailbox("bmsmain:tcp:home", handed::add, ticker);
    /** The delivered items, a report by its letters and its events. */
    private final List<String> told = new CopyOnWriteArrayList<>();

    MailboxTest() {
        mailbox.deliverTo(report -> told.add(words(report)));
        mailbox.start();
        deliver();
    }

    private static String words(BoardReport report) {
        StringBuilder words = new StringBuilder(report.failure() != null ? "off" : report.loss() == 1 ? "init" : "on")
                .append((int) report.snapshot().number(Catalogue.REQUESTS));
        report.events().forEach(event -> words.append(' ').append(event.faultId()));
        return words.toString();
    }

    /** A report: {@code off}, {@code init} or {@code on}, a number, and the raised faults. */
    private static BoardReport report(String words) {
        String[] parts = words.split(" ");
        BoardAssembler assembler = new BoardAssembler(
                BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90)));
        assembler.put(Catalogue.INITIALISATION, parts[0].startsWith("init") ? 1 : 0, 0);
        assembler.put(Catalogue.REQUESTS, Integer.parseInt(parts[0].replaceAll("\\D", "")), 0);
        List<FaultEvent> events = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            events.add(new FaultEvent(NOON, true, parts[i]));
        }
        BoardSnapshot snapshot = assembler.snapshot(0, NOON);
        return new BoardReport(parts[0].startsWith("off") ? Failure.of(FailureCause.NO_ANSWER) : null, snapshot,
                events);
    }

    private void deliver() {
        Runnable next = handed.poll();
        while (next != null) {
            next.run();
            next = handed.poll();
        }
    }

    /** Reports that arrive before a delivery, and the reports delivered then. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            on1                        | on1
            on1, on2, on3              | on3
            on1 a, on2, on3 b          | on3 a b
            on1, off2                  | off2
            on1 a, off2                | off2 a
            off1, on2                  | off1, on2
            off1, on2, on3             | off1, on3
            off1, off2, on3            | off2, on3
            off1, on2 a, off3          | off1, off3 a
            off1, on2 a, off3, on4 b   | off3 a, on4 b
            init1, on2                 | init1, on2
            init1, init2, on3          | init2, on3
            on1, init2                 | init2
            off1, init2, on3           | off1, on3
            off1, init2 a, on3 b, on4  | off1 a, on4 b
            init1, off2, on3           | off2, on3
            init1, on2, off3, on4      | off3, on4
            """)
    void theNewestReplacesWhatWaitsButNoLoss(String posted, String delivered) {
        for (String words : posted.split(", ")) {
            mailbox.report(report(words));
        }
        assertEquals(1, handed.size(), "one delivery for all");
        assertEquals(List.of(), told);
        deliver();
        assertEquals(List.of(delivered.split(", ")), told);
        told.clear();
        mailbox.report(report("on9"));
        deliver();
        assertEquals(List.of("on9"), told);
    }

    /** Deliveries wait until the start is complete. */
    @Test
    void nothingIsDeliveredBeforeTheStart() {
        Mailbox box = new Mailbox("home", handed::add, ticker);
        box.deliverTo(report -> told.add(words(report)));
        box.post("a", () -> told.add("a"));
        box.report(report("on1"));
        assertEquals(0, handed.size());
        box.start();
        deliver();
        assertEquals(List.of("a", "on1"), told);
    }

    @Test
    void tasksComeFirstInOrderAndReplaceThoseWithTheirKey() {
        mailbox.report(report("on1"));
        mailbox.post("a", () -> told.add("a1"));
        mailbox.post("b", () -> told.add("b"));
        mailbox.post("a", () -> told.add("a2"));
        deliver();
        assertEquals(List.of("b", "a2", "on1"), told);
    }

    /** An item posted during a delivery is delivered after it, by the same thread. */
    @Test
    void whatComesDuringADeliveryFollowsIt() {
        mailbox.post("a", () -> {
            told.add("begin");
            mailbox.post("a", () -> told.add("next"));
            mailbox.report(report("on1"));
            assertEquals(0, handed.size());
            told.add("end");
        });
        deliver();
        assertEquals(List.of("begin", "end", "next", "on1"), told);
    }

    @Test
    void aFailureKeepsNothingElseFromBeingTold() {
        mailbox.deliverTo(report -> {
            told.add(words(report));
            if (report.isOnline()) {
                throw new IllegalStateException("for the test");
            }
            throw new StackOverflowError("for the test");
        });
        mailbox.post("a", () -> {
            throw new IllegalStateException("for the test");
        });
        mailbox.post("b", () -> told.add("b"));
        mailbox.report(report("off1"));
        mailbox.report(report("on2"));
        deliver();
        mailbox.report(report("on3"));
        deliver();
        assertEquals(List.of("b", "off1", "on2", "on3"), told);
    }

    /** A receiver that never returns must not fill the memory. */
    @Test
    void whatWaitsHasABound() {
        for (int i = 0; i < 3 * Mailbox.MOST_TASKS; i++) {
            int number = i;
            mailbox.post(i, () -> told.add(Integer.toString(number)));
        }
        for (int i = 0; i < BoardReport.MOST_EVENTS + 10; i += 5) {
            mailbox.report(report("on" + i + " e" + i + " f g h i"));
        }
        deliver();
        assertEquals(Mailbox.MOST_TASKS + 1, told.size());
        assertEquals(Integer.toString(2 * Mailbox.MOST_TASKS), told.get(0));
        String[] last = told.get(Mailbox.MOST_TASKS).split(" ");
        assertEquals(BoardReport.MOST_EVENTS, last.length - 1);
        assertEquals("e10", last[1], "the oldest are gone");
    }

    /** No thread can be started: the waiting items are kept. */
    @Test
    void anExecutorThatTakesNothingIsAskedAgain() {
        List<Runnable> taken = new ArrayList<>();
        boolean[] fails = { true };
        Mailbox box = new Mailbox("home", task -> {
            if (fails[0]) {
                throw new OutOfMemoryError("for the test");
            }
            taken.add(task);
        }, ticker);
        box.deliverTo(report -> told.add(words(report)));
        assertThrows(OutOfMemoryError.class, box::start);
        assertThrows(OutOfMemoryError.class, () -> box.report(report("on1 a")));
        fails[0] = false;
        box.report(report("on2"));
        taken.forEach(Runnable::run);
        assertEquals(List.of("on2 a"), told);
        Mailbox ended = new Mailbox("home", task -> {
            throw new RejectedExecutionException("for the test");
        }, ticker);
        ended.start();
        ended.report(report("on1"));
        ended.post("a", () -> told.add("a"));
        assertEquals(List.of(), ended.close(() -> told.add("last"), PATIENCE).stream().toList());
    }

    /** The final item is delivered after all others, and nothing after it. */
    @Test
    void atTheEndWhatWaitsIsDeliveredAndThenTheLastTask() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            Mailbox box = new Mailbox("home", pool, ticker);
            box.start();
            CountDownLatch begun = new CountDownLatch(1);
            box.deliverTo(report -> told.add(words(report)));
            box.post("a", () -> {
                begun.countDown();
                pause();
                told.add("a");
            });
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            box.report(report("on1 x"));
            assertEquals(List.of(), box.close(() -> told.add("last"), Duration.ofSeconds(10)));
            assertEquals(List.of("a", "on1 x", "last"), told);
            box.report(report("on2"));
            box.post("b", () -> told.add("b"));
            pool.shutdown();
            assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
            assertEquals(3, told.size());
        } finally {
            pool.shutdownNow();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Disposing a Thing does not wait for a profile, and returns the faults that were not delivered. */
    @Test
    void anEndWhileADeliveryBlocksDoesNotWaitForIt() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            Mailbox box = new Mailbox("home", pool, ticker);
            box.start();
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch gate = new CountDownLatch(1);
            box.deliverTo(report -> told.add(words(report)));
            box.post("a", () -> {
                begun.countDown();
                await(gate);
            });
            box.post("b", () -> told.add("b"));
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            box.report(report("off1 x"));
            box.report(report("on2 y"));
            long before = System.nanoTime();
            List<FaultEvent> left = box.close(() -> told.add("last"), PATIENCE);
            assertTrue(System.nanoTime() - before < 10_000_000_000L);
            assertEquals(List.of("x", "y"), left.stream().map(FaultEvent::faultId).toList());
            gate.countDown();
            pool.shutdown();
            assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
            assertFalse(told.contains("last"), "too late");
            assertFalse(told.contains("on2 y"));
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A profile can remove the Thing whose state it received. */
    @Test
    void anEndOutOfADeliveryDoesNotWaitForItself() {
        List<FaultEvent> left = new ArrayList<>();
        mailbox.post("a", () -> {
            mailbox.report(report("on1 x"));
            left.addAll(mailbox.close(() -> told.add("last"), Duration.ofSeconds(1000)));
            told.add("a");
        });
        mailbox.post("b", () -> told.add("b"));
        deliver();
        assertEquals(List.of("last", "a"), told);
        assertEquals(1, left.size());
    }

    /** Without this log entry, the reason for outdated Items would be invisible. */
    @Test
    void aDeliveryThatDoesNotEndIsLogged() {
        mailbox.post("a", () -> {
            ticker.pass(Mailbox.LONG_NANOS + 1);
            String before = LogOf.warnings(() -> mailbox.report(report("on1")));
            assertTrue(before.contains("bmsmain:tcp:home") && before.contains("10 s"), before);
            assertEquals("", LogOf.warnings(() -> mailbox.report(report("on2"))), "once");
        });
        deliver();
        @Nullable
        String none = LogOf.warnings(() -> mailbox.report(report("on3")));
        assertEquals("", none);
    }

    /** The log output, which is standard error in tests. */
    private static final class LogOf {
        private LogOf() {
        }

        static String warnings(Runnable task) {
            java.io.PrintStream before = System.err;
            java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
            System.setErr(new java.io.PrintStream(bytes, true, java.nio.charset.StandardCharsets.UTF_8));
            try {
                task.run();
            } finally {
                System.setErr(before);
            }
            return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
