/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.peer;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openhab.binding.bmsmain.bench.Page;
import org.openhab.binding.bmsmain.bench.Pty;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.bus.BusMember;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSession;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.sun.management.ThreadMXBean;

/**
 * Compares a CAN bus behind an slcan adapter with python-can, on a pseudo terminal of the same kind with the same
 * bytes. Measures the maximum frames per second of each, the cost of a 250 kbit/s bus that is full of foreign
 * frames, and the latency of a value from the adapter to the report.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(600)
class CanLoadBench {

    private static final int KILO_BITS = 250;
    private static final int BIT_RATE = 1000 * KILO_BITS;
    /** Bits of a frame without data, including the interframe space but no stuff bits. */
    private static final int FRAME_BITS = 47;
    /** Bits of a frame without data that are subject to bit stuffing: at most one stuff bit per four of them. */
    private static final int STUFFED_BITS = 34;
    private static final long SECOND = 1_000_000_000;
    private static final long WARM_UP = 5 * SECOND;
    private static final long MEASURED = 15 * SECOND;
    private static final long VALUE_INTERVAL = SECOND / 10;
    private static final int ROUNDS = 5;
    private static final int FRAMES = 20_000;
    /** Maximum size of one write. */
    private static final int MOST_BYTES = 4096;
    private static final int MARK = 0x7FF;
    private static final byte[] MARK_LINE = bytes("t7FF0\r");
    private static final double MOST_CPU = 0.05;
    private static final double MOST_DELAY_MILLIS = 100;

    /** Resources used by a reader: elapsed time, CPU time and allocated bytes, NaN if unknown. */
    private record Used(long nanos, long cpuNanos, double allocated) {
    }

    /** Results with a full bus; delays in milliseconds, sorted. */
    private record Load(double share, long missed, double behind, double[] delays) {
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static double framesPerSecond(int dataBytes, boolean isStuffed) {
        int stuffBits = isStuffed ? (STUFFED_BITS + 8 * dataBytes - 1) / 4 : 0;
        return (double) BIT_RATE / (FRAME_BITS + 8 * dataBytes + stuffBits);
    }

    @Test
    void besidePythonCan() throws Exception {
        Page page = new Page("can");
        double allocated = atFullSpeed(page);
        page.text(String.format(Locale.ROOT,
                "A bus of %d kbit/s at 100 %% carries %.0f frames of 8 bytes a second where each has all stuff bits that "
                        + "it can have, and %.0f where none has any; of empty frames %.0f and %.0f. The most are sent, "
                        + "for %d s.",
                KILO_BITS, framesPerSecond(8, true), framesPerSecond(8, false), framesPerSecond(0, true),
                framesPerSecond(0, false), MEASURED / SECOND));
        page.head("frames a second", "reader", "% of a core", "frames missed", "behind at the end, ms",
                "from the adapter to the report: median, ms", "99 %", "longest", "values");
        List<Load> loads = new ArrayList<>();
        for (int dataBytes : new int[] { 8, 0 }) {
            Load ours = new FullBus(dataBytes).listen();
            loads.add(ours);
            row(page, dataBytes, "bmsmain, a board", ours);
            row(page, dataBytes, "python-can", pythonOnAFullBus(dataBytes));
        }
        page.text("Not here: SocketCAN and candump of can-utils, which need a kernel with CAN.");
        page.publish();
        assertTrue(allocated < 1, allocated + " bytes for a frame");
        for (Load load : loads) {
            // On a busy machine two values may fall into one report, which shows the later one.
            assertTrue(load.delays.length > 0.7 * MEASURED / VALUE_INTERVAL, load.delays.length + " values");
            assertTrue(load.share <= MOST_CPU, 100 * load.share + " % of one core");
            assertEquals(0, load.missed, "frames missed");
            // The maximum depends on other load on this machine.
            assertTrue(quantile(load.delays, 0.5) <= MOST_DELAY_MILLIS, quantile(load.delays, 0.5) + " ms");
        }
    }

    private static void row(Page page, int dataBytes, String reader, Load load) {
        page.row(Page.number(framesPerSecond(dataBytes, false), 0) + " of " + dataBytes + " bytes", reader,
                Page.number(100 * load.share, 2), Long.toString(load.missed), Page.number(load.behind, 0),
                Page.number(quantile(load.delays, 0.5), 0), Page.number(quantile(load.delays, 0.99), 0),
                Page.number(quantile(load.delays, 1), 0),
                load.delays.length == 0 ? "" : Integer.toString(load.delays.length));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) ((sorted.length - 1) * share)];
    }

    /** @return bytes that the binding allocated per frame */
    private static double atFullSpeed(Page page) throws Exception {
        List<Used> ours = new ArrayList<>();
        List<Used> theirs = new ArrayList<>();
        byte[] lines = bytes(lines(new Random(8), FRAMES, 8));
        try (Pty near = new Pty();
                Pty far = new Pty();
                CanAdapter adapter = CanLine.slcanListener(near.device(), CanLine.DEFAULT_SERIAL_BAUD_RATE, KILO_BITS,
                        Ticker.system());
                Peer python = Peers.pythonCanReader(far.device())) {
            adapter.open();
            for (int round = 0; round <= ROUNDS; round++) {
                Used one = read(adapter, near, lines);
                Used other = read(python, far, lines);
                // The first round is a warm-up.
                if (round > 0) {
                    ours.add(one);
                    theirs.add(other);
                }
            }
        }
        page.text("As fast as the reader takes them, " + ROUNDS + " rounds of " + FRAMES
                + " frames of 8 bytes; the median round counts.");
        page.head("reader", "frames a second", "CPU us per frame", "bytes allocated per frame");
        double allocated = middle(ours, used -> used.allocated / FRAMES);
        page.row("bmsmain", Page.number(middle(ours, used -> FRAMES / (used.nanos / 1e9)), 0),
                Page.number(middle(ours, used -> used.cpuNanos / 1e3 / FRAMES), 2), Page.number(allocated, 2));
        page.row("python-can", Page.number(middle(theirs, used -> FRAMES / (used.nanos / 1e9)), 0),
                Page.number(middle(theirs, used -> used.cpuNanos / 1e3 / FRAMES), 2), "");
        return allocated;
    }

    private static double middle(List<Used> rounds, ToDoubleFunction<Used> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Used read(CanAdapter adapter, Pty adapterSide, byte[] lines) throws Exception {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long self = Thread.currentThread().getId();
        CanFrame frame = new CanFrame();
        Thread feeder = feeder(adapterSide, lines);
        long begun = System.nanoTime();
        long cpu = threads.getThreadCpuTime(self);
        long allocated = threads.getThreadAllocatedBytes(self);
        feeder.start();
        int frames = 0;
        while (!adapter.receive(frame, begun + 60 * SECOND) || frame.id() != MARK) {
            frames++;
        }
        Used used = new Used(System.nanoTime() - begun, threads.getThreadCpuTime(self) - cpu,
                threads.getThreadAllocatedBytes(self) - allocated);
        feeder.join();
        assertEquals(FRAMES, frames, "frames of ours");
        return used;
    }

    private static Used read(Peer python, Pty adapterSide, byte[] lines) throws Exception {
        long begun = System.nanoTime();
        feeder(adapterSide, lines).start();
        long[] said = marked(python);
        assertEquals(FRAMES, said[0], "frames of python-can");
        return new Used(System.nanoTime() - begun, said[1], Double.NaN);
    }

    /** Returns the number of frames before the mark and the CPU time they took, in nanoseconds. */
    private static long[] marked(Peer python) throws IOException {
        return Arrays.stream(String.valueOf(python.output().readLine()).split(" ")).mapToLong(Long::parseLong)
                .toArray();
    }

    /** Simulates an adapter that responds to no command and sends frames as fast as they are accepted. */
    private static Thread feeder(Pty adapterSide, byte[] lines) {
        return thread(() -> {
            forget(adapterSide);
            write(adapterSide, lines);
            write(adapterSide, MARK_LINE);
        });
    }

    private static void write(Pty adapterSide, byte[] lines) throws IOException {
        for (int i = 0; i < lines.length; i += MOST_BYTES) {
            adapterSide.write(lines, i, Math.min(MOST_BYTES, lines.length - i));
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static Thread thread(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, "feeder");
        thread.setDaemon(true);
        return thread;
    }

    /** Discards the data sent to the adapter. */
    private static void forget(Pty adapterSide) throws IOException {
        while (adapterSide.read(new byte[256], 0) > 0) {
            // The adapter does not respond.
        }
    }

    private static String lines(Random random, int count, int dataBytes) {
        StringBuilder text = new StringBuilder();
        for (int frame = 0; frame < count; frame++) {
            text.append(String.format(Locale.ROOT, "t%03X%d", 0x100 + random.nextInt(0x80), dataBytes));
            for (int i = 0; i < dataBytes; i++) {
                text.append(String.format(Locale.ROOT, "%02X", random.nextInt(256)));
            }
            text.append('\r');
        }
        return text.toString();
    }

    private static Load pythonOnAFullBus(int dataBytes) throws Exception {
        FullBus bus = new FullBus(dataBytes);
        try (Pty adapterSide = new Pty(); Peer python = Peers.pythonCanReader(adapterSide.device())) {
            Thread feeder = thread(() -> {
                bus.feed(adapterSide, WARM_UP);
                write(adapterSide, MARK_LINE);
                bus.feed(adapterSide, MEASURED);
                write(adapterSide, MARK_LINE);
            });
            feeder.start();
            long warm = marked(python)[0];
            long begun = System.nanoTime();
            long[] said = marked(python);
            long ended = System.nanoTime();
            return new Load((double) said[1] / (ended - begun), bus.sent - warm - said[0], (ended - bus.end) / 1e6,
                    new double[0]);
        }
    }

    /** A bus full of foreign frames, with a board whose current changes every 100 ms. */
    private static final class FullBus {
        private final int dataBytes;
        private final Random random;
        private final Map<Integer, Long> sentAt = new ConcurrentHashMap<>();
        private final List<Double> delays = new CopyOnWriteArrayList<>();
        private volatile boolean measuring;
        private volatile int last = -1;
        private volatile long sent;
        /** Time at which the last frame was due. */
        private volatile long end;
        private int value;

        FullBus(int dataBytes) {
            this.dataBytes = dataBytes;
            this.random = new Random(dataBytes);
        }

        /** Reads the bus with the binding's board. */
        Load listen() throws Exception {
            Ticker ticker = Ticker.system();
            BoardSetup setup = BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(5));
            try (Pty adapterSide = new Pty(); BusRegistry registry = new BusRegistry(ticker)) {
                CanLine line = CanLine.slcan(adapterSide.device(), KILO_BITS, false, ticker);
                Counter counter = new Counter(ticker);
                line.visit(registry, counter);
                line.join(registry, new CanBoard(new CanSettings(32, Duration.ZERO, true), setup, report -> {
                    double current = report.snapshot().number(Catalogue.CURRENT);
                    if (!Double.isNaN(current)) {
                        shown((int) Math.round(current * 10));
                    }
                }, ticker));
                Wait.until("the bus is open", () -> counter.frames == 0);
                Thread feeder = thread(() -> feed(adapterSide, WARM_UP + MEASURED));
                feeder.start();
                sleep(WARM_UP);
                java.lang.management.ThreadMXBean threads = ManagementFactory.getThreadMXBean();
                long thread = Thread.getAllStackTraces().keySet().stream()
                        .filter(each -> each.getName().equals("bmsmain-" + line.name())).findFirst().orElseThrow()
                        .getId();
                measuring = true;
                long begun = System.nanoTime();
                long cpu = threads.getThreadCpuTime(thread);
                feeder.join();
                double share = (double) (threads.getThreadCpuTime(thread) - cpu) / (System.nanoTime() - begun);
                measuring = false;
                long ended = System.nanoTime();
                while (counter.frames < sent && System.nanoTime() - ended < SECOND) {
                    LockSupport.parkNanos(1_000_000);
                }
                return new Load(share, sent - counter.frames, (System.nanoTime() - end) / 1e6,
                        delays.stream().mapToDouble(Double::doubleValue).sorted().toArray());
            }
        }

        private void shown(int shownValue) {
            Long sentThen = sentAt.get(shownValue);
            if (measuring && shownValue != last && sentThen != null) {
                delays.add((System.nanoTime() - sentThen) / 1e6);
            }
            last = shownValue;
        }

        /**
         * Simulates an adapter that responds to no command and forwards a full bus, including the
         * values of the board.
         */
        void feed(Pty adapterSide, long nanos) throws IOException {
            double framesPerSecond = framesPerSecond(dataBytes, false);
            long begun = System.nanoTime();
            long frames = 0;
            long valueDue = begun;
            long now = begun;
            end = begun + nanos;
            while (now - end < 0) {
                long due = (long) ((now - begun) * framesPerSecond / SECOND);
                StringBuilder text = new StringBuilder(lines(random, (int) (due - frames), dataBytes));
                long added = due - frames;
                frames = due;
                if (now - valueDue >= 0) {
                    valueDue += VALUE_INTERVAL;
                    value++;
                    text.append(String.format(Locale.ROOT, "t1A0800%02X%02X1A1B050002\r", value & 0xFF, value >> 8));
                    text.append("t2A080000000000000000\r");
                    added += 2;
                    sentAt.put(value, now);
                }
                write(adapterSide, bytes(text.toString()));
                sent += added;
                adapterSide.read(new byte[256], 1_000_000);
                now = System.nanoTime();
            }
        }
    }

    private static void sleep(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    /** Reads the number of received frames; -1 before the bus is open. */
    private static final class Counter implements BusMember<CanSession> {
        private final Ticker ticker;
        private @Nullable CanSession open;
        private long lookDue;
        private volatile long frames = -1;

        Counter(Ticker ticker) {
            this.ticker = ticker;
            this.lookDue = ticker.nanos();
        }

        @Override
        public long due() {
            return ticker.nanos() + Ticker.NEVER;
        }

        @Override
        public void serve(CanSession session) {
            // Nothing to send: this member only reads the counter.
        }

        @Override
        public long deadline() {
            return lookDue;
        }

        @Override
        public void watch(long nowNanos) {
            lookDue = nowNanos + SECOND / 50;
            CanSession session = open;
            if (session != null) {
                frames = session.health().frames();
            }
        }

        @Override
        public void unavailable(Failure failure) {
            throw new IllegalStateException(failure.toString());
        }

        @Override
        public void opened(CanSession session) {
            open = session;
            frames = 0;
        }
    }
}
