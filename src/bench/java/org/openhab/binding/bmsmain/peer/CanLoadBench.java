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
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.TwinLine;
import org.openhab.binding.bmsmain.twin.VirtualWire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CAN bus of 250 kbit/s that is full of frames of others: what listening costs, and how long a value takes from the
 * adapter to the report.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(90)
class CanLoadBench {

    private static final Logger LOGGER = LoggerFactory.getLogger(CanLoadBench.class);

    private static final int BIT_RATE = 250_000;
    private static final int FRAME_BITS = 47;
    private static final long SECOND = 1_000_000_000;
    private static final long WARM_UP = 5 * SECOND;
    private static final long MEASURED = 15 * SECOND;
    private static final long VALUE_INTERVAL = SECOND / 10;
    private static final double MOST_CPU = 0.05;
    private static final double MOST_DELAY_MILLIS = 100;

    @TempDir
    Path folder = Path.of("");

    private final Map<Integer, Long> sentAt = new ConcurrentHashMap<>();
    private final List<Double> delays = new CopyOnWriteArrayList<>();
    private volatile boolean measuring;
    private volatile boolean ended;
    private volatile int last = -1;

    /** Frames without data are the most that a bus can carry. */
    @ParameterizedTest(name = "frames of {0} bytes")
    @CsvSource({ "8", "0" })
    void aFullBusCostsLittleAndDelaysNothing(int dataBytes) throws Exception {
        Path ours = folder.resolve("ours" + dataBytes);
        Path theirs = folder.resolve("theirs" + dataBytes);
        double framesPerSecond = (double) BIT_RATE / (FRAME_BITS + 8 * dataBytes);
        Ticker ticker = Ticker.system();
        BoardSetup setup = BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(5));
        try (VirtualWire socat = Peers.socat(ours, theirs);
                BusRegistry registry = new BusRegistry(ticker);
                TwinLine line = SerialLine.open(theirs.toString(), 115_200)) {
            Thread feeder = new Thread(() -> feed(line, dataBytes, framesPerSecond), "feeder");
            feeder.setDaemon(true);
            feeder.start();
            CanBoard board = new CanBoard(new CanSettings(32, Duration.ZERO, true), setup, report -> {
                double current = report.snapshot().number(Catalogue.CURRENT);
                if (!Double.isNaN(current)) {
                    shown((int) Math.round(current * 10));
                }
            }, ticker);
            BusRegistry.Membership membership = CanLine.slcan(ours.toString(), 250, false, ticker).join(registry,
                    board);
            try {
                sleep(WARM_UP);
                ThreadMXBean threads = ManagementFactory.getThreadMXBean();
                long thread = Thread.getAllStackTraces().keySet().stream()
                        .filter(each -> each.getName().equals("bmsmain-" + ours)).findFirst().orElseThrow().getId();
                measuring = true;
                long begun = System.nanoTime();
                long cpuBegun = threads.getThreadCpuTime(thread);
                sleep(MEASURED);
                double share = (double) (threads.getThreadCpuTime(thread) - cpuBegun) / (System.nanoTime() - begun);
                measuring = false;
                assertFalse(delays.isEmpty(), "no value was shown");
                double[] sorted = delays.stream().mapToDouble(Double::doubleValue).sorted().toArray();
                double median = sorted[sorted.length / 2];
                double high = sorted[(int) (sorted.length * 0.99)];
                LOGGER.info("{}", String.format(Locale.ROOT,
                        "CanLoadBench: %.0f frames of %d bytes a second: %.2f %% of one core; delay of %d values: median %.0f ms,"
                                + " 99 %% %.0f ms, longest %.0f ms",
                        framesPerSecond, dataBytes, 100 * share, sorted.length, median, high,
                        sorted[sorted.length - 1]));
                // A busy machine lets two values share a report, which shows the later one.
                assertTrue(sorted.length > 0.7 * MEASURED / VALUE_INTERVAL, sorted.length + " values");
                assertTrue(share <= MOST_CPU, 100 * share + " % of one core");
                // The longest depends on what else this machine does.
                assertTrue(median <= MOST_DELAY_MILLIS, median + " ms");
            } finally {
                ended = true;
                membership.leave();
            }
        }
    }

    private void shown(int value) {
        Long sent = sentAt.get(value);
        if (measuring && value != last && sent != null) {
            delays.add((System.nanoTime() - sent) / 1e6);
        }
        last = value;
    }

    private static void sleep(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    /**
     * An adapter that answers no command and passes on a full bus; every 100 ms one value that was not there before.
     */
    private void feed(TwinLine line, int dataBytes, double framesPerSecond) {
        Random random = new Random(dataBytes);
        byte[] heard = new byte[256];
        long begun = System.nanoTime();
        long frames = 0;
        int value = 0;
        try {
            while (!ended) {
                long now = System.nanoTime();
                StringBuilder text = new StringBuilder();
                for (long due = (long) ((now - begun) * framesPerSecond / SECOND); frames < due; frames++) {
                    text.append(String.format(Locale.ROOT, "t%03X%d", 0x100 + random.nextInt(0x80), dataBytes));
                    for (int i = 0; i < dataBytes; i++) {
                        text.append(String.format(Locale.ROOT, "%02X", random.nextInt(256)));
                    }
                    text.append('\r');
                }
                if (now - begun >= value * VALUE_INTERVAL) {
                    value = (int) ((now - begun) / VALUE_INTERVAL) + 1;
                    text.append(String.format(Locale.ROOT, "t1A0800%02X%02X1A1B050002\r", value & 0xFF, value >> 8));
                    text.append("t2A080000000000000000\r");
                    sentAt.put(value, now);
                }
                line.write(text.toString().getBytes(StandardCharsets.US_ASCII));
                line.read(heard, 1_000_000);
            }
        } catch (IOException e) {
            // The test is over.
        }
    }
}
