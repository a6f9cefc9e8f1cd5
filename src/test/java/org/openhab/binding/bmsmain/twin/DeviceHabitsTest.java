/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.fuzz.Rounds;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.HabitualWire.Framing;
import org.slf4j.LoggerFactory;

/**
 * Boards with random habits: each is detected within a minute, and from then on no request is lost.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class DeviceHabitsTest {

    private static final int SEEDS = Rounds.of(50);
    /** Time by which everything must be known. */
    private static final double KNOWN_MILLIS = 60_000;
    /** Between the two times no request may be lost, and everything must remain known. */
    private static final double END_MILLIS = 180_000;
    private static final int LEAST_VALUES = 60;
    private static final List<Integer> BAUD_RATES = List.of(9600, 19200, 38400, 115_200);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:34:56Z"), ZoneOffset.UTC);

    /** Virtual time until the end of the checks. Afterwards the run is not relevant and proceeds in real time. */
    private static final class Stage implements Ticker {
        private final LeapTicker time = new LeapTicker();
        private final CountDownLatch over = new CountDownLatch(1);

        @Override
        public long nanos() {
            return time.nanos();
        }

        @Override
        public Instant now() {
            return time.now();
        }

        @Override
        public void parkUntil(long nanos) {
            if (isOver()) {
                over.countDown();
                LockSupport.parkNanos(LeapTicker.MILLI);
            }
            time.parkUntil(nanos);
        }

        boolean isOver() {
            return time.millis() >= END_MILLIS;
        }
    }

    /** One board, the values read from it, and the number of requests. */
    static final class Run {
        private final Stage stage = new Stage();
        private final DeviceHabits habits;
        private final TwinBoard board = board();
        private final @Nullable BoardSnapshot truth;
        private final HabitualWire wire;
        private final List<String> wrong = new ArrayList<>();
        private @Nullable BoardSnapshot last;
        private List<String> missing = List.of();
        private double completeMillis = Double.NaN;
        /** Requests until everything was known, the lost ones among them, and those lost within the first minute. */
        private int requests;
        private int lost;
        private int lostInMinute;
        private double failedInMinute;
        private int refusedInMinute;
        private int lostAfter;
        /** Failures counted by the binding, without rejected requests. */
        private double failedAfter;

        /** @param truth the expected values; null to determine them */
        Run(Framing framing, long seed, DeviceHabits habits, @Nullable BoardSnapshot truth) {
            this.habits = habits;
            this.truth = truth;
            Random random = new Random(seed);
            int baud = BAUD_RATES.get(random.nextInt(BAUD_RATES.size()));
            wire = new HabitualWire(framing, baud, 1 + random.nextInt(40), board, habits, stage);
            ModbusLine line = switch (framing) {
                case RTU -> ModbusLine.serial(new SerialSettings("line", baud, Parity.NONE, 1), wire, stage);
                case RTU_OVER_TCP -> ModbusLine.tcp("gateway", 502, TcpMode.RTU, wire, stage);
                case TCP -> ModbusLine.tcp("gateway", 502, TcpMode.TCP, wire, stage);
            };
            ModbusSettings settings = new ModbusSettings(board.address(), Duration.ofSeconds(1), Duration.ofSeconds(10),
                    Duration.ofMillis(500), null);
            BoardSetup setup = BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(30));
            try (BusRegistry registry = new BusRegistry(stage)) {
                BusRegistry.Membership membership = line.join(registry,
                        new ModbusBoard(settings, setup, line.isNetwork(), this::report, stage));
                assertTrue(stage.over.await(60, TimeUnit.SECONDS), () -> "Hangs: " + habits);
                membership.leave();
            } catch (BusConflictException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static TwinBoard board() {
            return new TwinBoard(32, TwinBoard.WordOrder.LITTLE, CLOCK, 1).frozen(true).set("battery#current", -12.5);
        }

        private void report(BoardReport report) {
            if (stage.isOver()) {
                return;
            }
            BoardSnapshot snapshot = report.snapshot();
            last = snapshot;
            List<String> unknown = new ArrayList<>();
            for (Point point : Catalogue.all()) {
                RegisterLocation place = point.register();
                if (place != null) {
                    compare(snapshot, point, place, unknown);
                }
            }
            if (Double.isNaN(completeMillis)) {
                missing = unknown;
                requests = wire.requests;
                lost = wire.lost;
                completeMillis = unknown.isEmpty() ? stage.time.millis() : Double.NaN;
            }
            double failures = snapshot.number(Catalogue.FAILED_REQUESTS);
            if (stage.time.millis() < KNOWN_MILLIS) {
                lostInMinute = wire.lost;
                failedInMinute = failures;
                refusedInMinute = wire.refused;
            } else {
                unknown.stream().filter(id -> !missing.contains(id)).findFirst()
                        .ifPresent(id -> missing = List.copyOf(unknown));
                lostAfter = wire.lost - lostInMinute;
                failedAfter = failures - failedInMinute - (wire.refused - refusedInMinute);
            }
        }

        private void compare(BoardSnapshot snapshot, Point point, RegisterLocation place, List<String> unknown) {
            BoardSnapshot right = truth;
            boolean isGiven = true;
            for (int i = 0; i < place.registers(); i++) {
                isGiven &= habits.hole() == null || habits.publishes(place.address() + i);
            }
            if (right == null || !right.isKnown(point)) {
                return;
            }
            if (!snapshot.isKnown(point)) {
                if (isGiven) {
                    unknown.add(point.id());
                }
            } else if (!isGiven
                    || snapshot.number(point) != right.number(point)
                            && !(Double.isNaN(snapshot.number(point)) && Double.isNaN(right.number(point)))
                    || !String.valueOf(snapshot.text(point)).equals(String.valueOf(right.text(point)))) {
                wrong.add(point.id() + " = " + snapshot.number(point) + " " + snapshot.text(point));
            }
        }

        /** Requests that only woke the device. */
        int woken() {
            return wire.woken;
        }

        boolean isGood() {
            return wrong.isEmpty() && completeMillis <= KNOWN_MILLIS && missing.isEmpty() && lostAfter == 0
                    && failedAfter <= 0;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT,
                    "complete after %.1f s with %d requests, %d lost; %d by the minute, then %d lost, %.0f failed%s%s; "
                            + "habits: %s",
                    completeMillis / 1000, requests, lost, lostInMinute, lostAfter, failedAfter,
                    wrong.isEmpty() ? "" : "; WRONG " + wrong, missing.isEmpty() ? "" : "; unknown " + missing, habits);
        }
    }

    /** Returns the values of a board without habits, after comparing them with the twin. */
    static BoardSnapshot truth(Framing framing) {
        Run run = new Run(framing, 0, DeviceHabits.NONE, null);
        BoardSnapshot snapshot = run.last;
        assertNotNull(snapshot);
        int compared = 0;
        for (Point point : Catalogue.all()) {
            if (point.register() != null && run.board.settable().contains(point.id()) && snapshot.isKnown(point)) {
                String held = run.board.show(point.id());
                double number = snapshot.number(point);
                assertTrue(
                        "ON".equals(held) ? number == 1
                                : "OFF".equals(held) ? number == 0
                                        : held.equals(snapshot.text(point)) || (float) number == Float.parseFloat(held),
                        point + " is " + held + " and not " + number);
                compared++;
            }
        }
        assertTrue(compared > LEAST_VALUES, "compared " + compared);
        return snapshot;
    }

    @ParameterizedTest
    @EnumSource
    void isCompleteWithinAMinuteAndLosesNothingAfterThat(Framing framing) {
        BoardSnapshot truth = truth(framing);
        List<Run> runs = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Run run = new Run(framing, seed, DeviceHabits.random(seed), truth);
            runs.add(run);
            if (!run.isGood()) {
                bad.add("seed " + seed + ": " + run);
            }
        }
        LoggerFactory.getLogger(DeviceHabitsTest.class).info("{}", row(framing, runs));
        assertTrue(bad.isEmpty(), () -> bad.size() + " of " + SEEDS + "\n" + String.join("\n", bad));
    }

    static String row(Framing framing, List<Run> runs) {
        double[] seconds = runs.stream().mapToDouble(run -> run.completeMillis / 1000).sorted().toArray();
        int[] requests = runs.stream().mapToInt(run -> run.requests).sorted().toArray();
        int[] lost = runs.stream().mapToInt(run -> run.lost).sorted().toArray();
        int half = runs.size() / 2;
        int most = runs.size() * 95 / 100;
        int last = runs.size() - 1;
        return String.format(Locale.ROOT, "| %s | %d | %.1f / %.1f / %.1f | %d / %d / %d | %d / %d / %d | %d | %d |",
                framing, runs.size(), seconds[half], seconds[most], seconds[last], requests[half], requests[most],
                requests[last], lost[half], lost[most], lost[last], runs.stream().mapToInt(run -> run.lostAfter).sum(),
                runs.stream().mapToInt(run -> run.wrong.size()).sum());
    }
}
