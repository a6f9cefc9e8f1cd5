/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.PdoLocation;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.WireType;

/**
 * Two boards with the same node ID are detected in all the ways in which they can share a bus. A single board never
 * counts as two, whatever it, its adapter or a gateway does.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class DuplicateNodeDetectorTest {

    private static final long MILLI = 1_000_000;
    private static final long[] SEEDS = { 1, 2, 3 };

    /** A battery and the frames of its board. */
    private static final class Battery {
        private final Random random;
        private final double charge;
        private final double amperes;
        private double noise = 0.2;
        private double drift;
        private double pulse;
        private int least = 25;

        Battery(double charge, double amperes, long seed) {
            this.charge = charge;
            this.amperes = amperes;
            this.random = new Random(seed);
        }

        Battery noise(double ampere) {
            noise = ampere;
            return this;
        }

        /** Percent per second. */
        Battery drift(double perSecond) {
            drift = perSecond;
            return this;
        }

        /** A load of this current in amperes, on and off for a second each. */
        Battery pulse(double ampere) {
            pulse = ampere;
            return this;
        }

        Battery least(int degrees) {
            least = degrees;
            return this;
        }

        int[] object(long millis) {
            double load = millis / 1000 % 2 == 0 ? pulse : 0;
            double current = amperes - load + noise * random.nextGaussian();
            int tenths = (int) Math.rint(10 * current);
            int volts = (int) Math.rint(520 + current / 4);
            int percent = (int) Math.rint(charge + drift * millis / 1000);
            return new int[] { 2, tenths & 0xFF, tenths >> 8 & 0xFF, least, 27, percent, volts & 0xFF, volts >> 8 };
        }
    }

    private record Heard(long millis, CanFrame frame) {
    }

    /** The frames on the bus, in the order of time. */
    private static final class Bus {
        private final List<Heard> frames = new ArrayList<>();
        private final List<Long> noticed = new ArrayList<>();
        private final List<Long> alone = new ArrayList<>();

        Bus add(long millis, int id, int... data) {
            frames.add(new Heard(millis, CanFrame.of(id, data)));
            return this;
        }

        /** TPDO1 at a fixed interval. */
        Bus objects(Battery battery, long from, long until, long period) {
            for (long at = from; at < until; at += period) {
                add(at, 0x1A0, battery.object(at));
            }
            return this;
        }

        Bus heartbeats(int state, long from, long until, long period) {
            for (long at = from; at < until; at += period) {
                add(at, 0x720, state);
            }
            return this;
        }

        /** Heartbeats of a board that is sometimes busy. */
        Bus slowHeartbeats(long until, int period, int mean, Random random) {
            for (double at = 0; at < until; at += period - mean * Math.log(1 - random.nextDouble())) {
                add((long) at, 0x720, 5);
            }
            return this;
        }

        /** TPDO1 on random events, with the minimum pause that CANopen calls inhibit time. */
        Bus events(Battery battery, long from, long until, int mean, long inhibit, Random random) {
            for (long at = from; at < until; at += inhibit + (long) (-mean * Math.log(1 - random.nextDouble()))) {
                add(at, 0x1A0, battery.object(at));
            }
            return this;
        }

        /** Repeats all frames after a delay. */
        Bus replayed(long delay) {
            for (Heard each : List.copyOf(frames)) {
                CanFrame copy = new CanFrame();
                copy.set(each.frame);
                frames.add(new Heard(each.millis + delay, copy));
            }
            return this;
        }

        Bus changed(Consumer<CanFrame> change) {
            frames.forEach(each -> change.accept(each.frame));
            return this;
        }

        Bus losing(double share, Random random) {
            frames.removeIf(each -> random.nextDouble() < share);
            return this;
        }

        Bus late(long most, Random random) {
            frames.replaceAll(each -> new Heard(each.millis + random.nextInt((int) most), each.frame));
            return this;
        }

        DuplicateNodeDetector play() {
            return play(new DuplicateNodeDetector(32, setup(Map.of())));
        }

        DuplicateNodeDetector play(DuplicateNodeDetector detector) {
            frames.sort(Comparator.comparingLong(Heard::millis));
            for (Heard each : frames) {
                boolean before = detector.isDuplicate();
                // Across the overflow of the clock, so that comparisons of times without a difference fail.
                detector.hear(each.frame, Long.MAX_VALUE - 25_000 * MILLI + each.millis * MILLI);
                if (detector.isDuplicate() != before) {
                    (before ? alone : noticed).add(each.millis);
                }
            }
            return detector;
        }
    }

    private static BoardSetup setup(Map<Point, Location> named) {
        return new BoardSetup(BoardSetup.DEFAULT_RELAY_FUNCTIONS, Arrays.asList(null, null, null, null), named,
                List.of(), Duration.ofSeconds(5), Duration.ofSeconds(5), false);
    }

    private static Battery full(long seed) {
        return new Battery(80, 9, seed);
    }

    private static Battery empty(long seed) {
        return new Battery(15, -40, seed + 100);
    }

    /** Both boards respond to a SYNC within milliseconds, in fixed or random order. */
    private static Bus onSync(Battery one, Battery other, long period, boolean anyOrder, long seed) {
        Random random = new Random(seed);
        Bus bus = new Bus();
        for (long at = 0; at < 60_000; at += period) {
            boolean swapped = anyOrder && random.nextBoolean();
            bus.add(at + (swapped ? 4 : 1), 0x1A0, one.object(at)).add(at + (swapped ? 1 : 4), 0x1A0, other.object(at));
        }
        return bus;
    }

    private static Arguments two(String how, int within, LongFunction<Bus> bus) {
        return Arguments.of(how, within, bus);
    }

    static Stream<Arguments> two() {
        return Stream.of(two("SYNC each second", 1_100, seed -> onSync(full(seed), empty(seed), 1000, false, seed)),
                two("SYNC each second, in any order", 6_100, seed -> onSync(full(seed), empty(seed), 1000, true, seed)),
                two("SYNC each 100 ms", 200, seed -> onSync(full(seed), empty(seed), 100, false, seed)),
                two("SYNC each 20 ms", 200, seed -> onSync(full(seed), empty(seed), 20, true, seed)),
                two("SYNC each 10 s", 10_100, seed -> onSync(full(seed), empty(seed), 10_000, false, seed)),
                two("the same charge, other currents", 11_000,
                        seed -> onSync(full(seed), new Battery(80, -5, seed + 9), 1000, true, seed)),
                two("the same charge, other currents, SYNC each 100 ms", 2_000,
                        seed -> onSync(full(seed), new Battery(80, -5, seed + 9), 100, true, seed)),
                two("the same charge, other temperatures", 11_000,
                        seed -> onSync(full(seed), full(seed + 9).least(10), 1000, true, seed)),
                two("alike at first", 50_000,
                        seed -> onSync(full(seed).drift(-0.1), full(seed + 9).drift(-0.3), 1000, true, seed)),
                two("timers of their own", 4_000,
                        seed -> new Bus().objects(full(seed), 0, 60_000, 1000).objects(empty(seed), 400, 60_000, 1000)),
                two("timers of their own, of different periods", 6_000,
                        seed -> new Bus().objects(full(seed), 0, 60_000, 1000).objects(empty(seed), 80, 60_000, 700)),
                two("one of them has no readings", 4_000,
                        seed -> new Bus().objects(full(seed), 0, 60_000, 1000)
                                .objects(new Battery(0, 0, seed).noise(0), 400, 60_000, 1000)
                                .changed(frame -> frame.put(6, frame.at(5) == 0 ? 0 : frame.at(6)))
                                .changed(frame -> frame.put(7, frame.at(5) == 0 ? 0 : frame.at(7)))),
                two("each frame doubled by the adapter", 1_200,
                        seed -> onSync(full(seed), empty(seed), 1000, false, seed).replayed(0)),
                two("some frames are lost", 15_000,
                        seed -> onSync(full(seed), empty(seed), 1000, true, seed).losing(0.2, new Random(seed))),
                two("heartbeats between those of the other", 10_000,
                        seed -> new Bus().heartbeats(5, 0, 60_000, 1000).heartbeats(5, 300, 60_000, 1000)),
                two("heartbeats of another period", 20_000,
                        seed -> new Bus().heartbeats(5, 0, 60_000, 1000).heartbeats(5, 130, 60_000, 370)),
                two("fast heartbeats", 10_000,
                        seed -> new Bus().heartbeats(5, 0, 60_000, 250).heartbeats(5, 75, 60_000, 250).late(10,
                                new Random(seed))),
                two("heartbeats of three", 10_000,
                        seed -> new Bus().heartbeats(5, 0, 60_000, 1000).heartbeats(5, 300, 60_000, 1000)
                                .heartbeats(5, 400, 60_000, 1000).late(15, new Random(seed))),
                two("heartbeats of another state", 6_000,
                        seed -> new Bus().heartbeats(5, 0, 60_000, 1000).heartbeats(0x7F, 10, 60_000, 1000)),
                two("heartbeats of a second one beside a battery at rest", 12_000,
                        seed -> new Bus().objects(full(seed).noise(0), 0, 60_000, 250).heartbeats(5, 500, 60_000, 1000)
                                .heartbeats(5, 730, 60_000, 1000).late(15, new Random(seed))),
                two("heartbeats beside values that are nearly alike", 12_000,
                        seed -> onSync(full(seed), full(seed + 9), 1000, true, seed).heartbeats(5, 500, 60_000, 1000)
                                .heartbeats(5, 730, 60_000, 1000).late(15, new Random(seed))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("two")
    void twoAreNoticed(String how, int within, LongFunction<Bus> buses) {
        for (long seed : SEEDS) {
            Bus bus = buses.apply(seed);
            bus.play();
            assertEquals(1, bus.noticed.size(), "seed " + seed + ": " + bus.noticed);
            assertTrue(bus.noticed.get(0) <= within, "seed " + seed + ": " + bus.noticed);
            assertEquals(List.of(), bus.alone, "seed " + seed);
        }
    }

    private static final int HOUR = 3_600_000;

    private static Bus alone(Battery battery, long period) {
        return new Bus().objects(battery, 0, HOUR, period).heartbeats(5, 0, HOUR, 1000);
    }

    private static Arguments one(String how, LongFunction<Bus> bus) {
        return Arguments.of(how, bus);
    }

    static Stream<Arguments> one() {
        return Stream.of(one("SYNC each 100 ms", seed -> alone(full(seed), 100)),
                one("a load that is switched on and off", seed -> alone(full(seed).pulse(80), 100)),
                one("a load that is switched on and off, and events",
                        seed -> alone(full(seed).pulse(80), 100).events(full(seed + 1).pulse(80), 0, HOUR, 100, 20,
                                new Random(seed))),
                one("much noise, and an event after each SYNC",
                        seed -> alone(full(seed).noise(10), 1000).objects(full(seed + 1).noise(10), 20, HOUR, 1000)),
                one("little noise, and an event after each SYNC",
                        seed -> alone(full(seed).noise(0.05), 1000).objects(full(seed + 1).noise(0.05), 20, HOUR,
                                1000)),
                one("an event at times",
                        seed -> alone(full(seed).noise(3), 1000).events(full(seed + 1).noise(3), 0, HOUR, 700, 10,
                                new Random(seed))),
                one("the adapter doubles each frame", seed -> alone(full(seed).noise(5), 100).replayed(0)),
                one("a bridge repeats each frame", seed -> alone(full(seed).noise(5), 100).replayed(7)),
                one("a gateway repeats each frame later", seed -> alone(full(seed).noise(5), 1000).replayed(300)),
                one("a gateway repeats each frame much later", seed -> alone(full(seed).noise(5), 1000).replayed(720)),
                one("a gateway repeats the frames of a battery at rest",
                        seed -> alone(full(seed).noise(0), 1000).replayed(300)),
                one("a gateway repeats the frames of a battery at rest much later",
                        seed -> alone(full(seed).noise(0.03), 1000).replayed(720)),
                one("digits are damaged", seed -> alone(full(seed), 100).changed(damage(seed))),
                one("a sensor with a loose contact", seed -> alone(full(seed), 1000).changed(loose(seed))),
                one("heartbeats are late, frames are lost",
                        seed -> alone(full(seed), 100).late(400, new Random(seed)).losing(0.2, new Random(seed))),
                one("fast heartbeats of a busy board",
                        seed -> new Bus().slowHeartbeats(HOUR, 100, 50, new Random(seed))),
                one("heartbeats of a busy board", seed -> new Bus().slowHeartbeats(HOUR, 250, 100, new Random(seed))),
                one("fast heartbeats, and a host that is busy",
                        seed -> new Bus().heartbeats(5, 0, HOUR, 100).late(100, new Random(seed))),
                one("heartbeats, and a host that is busy",
                        seed -> new Bus().heartbeats(5, 0, HOUR, 250).late(200, new Random(seed))),
                one("a host that stops for a while", seed -> {
                    Bus bus = alone(full(seed).noise(3), 100);
                    bus.frames.replaceAll(each -> new Heard(
                            each.millis / 7000 % 3 == 0 ? each.millis / 7000 * 7000 + 7000 : each.millis, each.frame));
                    return bus;
                }), one("it is guarded", seed -> {
                    Bus bus = alone(full(seed), 100);
                    for (int i = 0; i < HOUR / 1300; i++) {
                        bus.add(1300L * i, 0x720, 5 | i % 2 << 7);
                    }
                    bus.frames.removeIf(each -> each.frame.id() == 0x720 && each.millis % 1300 != 0);
                    return bus;
                }), one("it starts again each minute", seed -> alone(full(seed), 100).changed(restarts())),
                one("the charge is corrected", seed -> alone(full(seed), 1000).changed(steps())));
    }

    /** Damages one bit in one of twenty TPDO1. */
    private static Consumer<CanFrame> damage(long seed) {
        Random random = new Random(seed);
        return frame -> {
            if (frame.id() == 0x1A0 && random.nextInt(20) == 0) {
                int at = random.nextInt(8);
                frame.put(at, frame.at(at) ^ 1 << random.nextInt(8));
            }
        };
    }

    private static Consumer<CanFrame> loose(long seed) {
        Random random = new Random(seed);
        return frame -> {
            if (frame.id() == 0x1A0 && random.nextBoolean()) {
                frame.put(3, -40);
            }
        };
    }

    /** Five seconds of zeros each minute, some of them with a state of charge. */
    private static Consumer<CanFrame> restarts() {
        int[] count = { 0 };
        return frame -> {
            if (frame.id() == 0x1A0 && count[0]++ % 600 < 50) {
                frame.begin(0x1A0, 8);
                frame.put(5, count[0] % 3 * 25);
            }
        };
    }

    /** The state of charge changes by ten percent every twenty frames. */
    private static Consumer<CanFrame> steps() {
        int[] count = { 0 };
        return frame -> {
            if (frame.id() == 0x1A0) {
                frame.put(5, frame.at(5) - 10 * (count[0]++ / 20 % 5));
            }
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("one")
    void oneIsNeverTakenForTwo(String how, LongFunction<Bus> buses) {
        for (long seed : SEEDS) {
            Bus bus = buses.apply(seed);
            bus.play();
            assertEquals(List.of(), bus.noticed, "seed " + seed);
        }
    }

    /** Without a restart: the other board appears, disappears, and appears again. */
    @Test
    void whoIsLeftAloneIsHeardAgain() {
        for (long seed : SEEDS) {
            Bus bus = alone(full(seed), 1000).objects(empty(seed), 20_003, 40_000, 1000)
                    .heartbeats(5, 20_300, 40_000, 1000).objects(empty(seed), 80_003, 90_000, 1000);
            bus.play();
            assertEquals(2, bus.noticed.size(), bus.noticed.toString());
            assertTrue(bus.noticed.get(0) <= 22_010 && bus.noticed.get(1) <= 82_010, bus.noticed.toString());
            assertEquals(2, bus.alone.size());
            assertTrue(bus.alone.get(0) <= 55_000 && bus.alone.get(1) <= 105_000, bus.alone.toString());
        }
    }

    /** The board that was there first disappears; values of the other are published. */
    @Test
    void theOneThatGoesMayBeTheFirst() {
        Bus bus = new Bus().objects(full(1), 0, 30_000, 1000).objects(empty(1), 20_003, 60_000, 1000);
        bus.play();
        assertEquals(1, bus.noticed.size());
        assertEquals(1, bus.alone.size());
        assertTrue(bus.alone.get(0) <= 42_000, bus.alone.toString());
    }

    private static void ask(Bus bus, long at, int index, int... answers) {
        for (int i = 0; i < answers.length; i++) {
            bus.add(at + 2 + i, 0x5A0, 0x4B, index, index >> 8, 0, answers[i], 0, 0, 0);
        }
    }

    @Test
    void oneRequestThatIsAnsweredTwice() {
        Bus bus = new Bus();
        for (int i = 0; i < 12; i++) {
            ask(bus, 400L * i, 0x4000 + i % 2, i % 2 == 0 ? new int[] { 2, 1 } : new int[] { 0, 0 });
        }
        bus.play();
        assertEquals(1, bus.noticed.size());
    }

    /** As in an examination by the doctor. */
    @Test
    void manyRequestsForOneObjectThatChanges() {
        Bus bus = new Bus();
        for (int i = 0; i < 2000; i++) {
            ask(bus, 5L * i, 0x4000, i / 7 % 2);
        }
        bus.play();
        assertEquals(List.of(), bus.noticed);
    }

    /** Here the position of the state of charge contains another value. */
    @Test
    void aPlaceThatTheUserNamedIsNotTakenForTheCharge() {
        Bus bus = new Bus();
        for (int i = 0; i < 100; i++) {
            bus.add(1000L * i, 0x1A0, 2, 0, 0, 25, 26, i % 2 == 0 ? 80 : 15, 0xFC, 1);
        }
        bus.play(new DuplicateNodeDetector(32, setup(Map.of(Catalogue.STATE_OF_CHARGE,
                new PdoLocation(0x4A0, false, 0, 0, WireType.U8, Location.NO_BIT, 1)))));
        assertEquals(List.of(), bus.noticed);
    }

    /** One sign raises a doubt, and the following frames clear it. */
    @Test
    void oneSignIsADoubtAndNoProof() {
        DuplicateNodeDetector detector = new DuplicateNodeDetector(32, setup(Map.of()));
        int[] full = { 2, 90, 0, 25, 26, 80, 0xFC, 1 };
        int[] other = { 2, 90, 0, 25, 26, 15, 0xFC, 1 };
        detector.hear(CanFrame.of(0x1A0, full), 1000 * MILLI);
        assertFalse(detector.isDoubtful(1000 * MILLI) || detector.hasSign());
        detector.hear(CanFrame.of(0x1A0, other), 1003 * MILLI);
        assertTrue(detector.isDoubtful(1003 * MILLI) && detector.hasSign());
        for (int i = 2; i <= 5; i++) {
            detector.hear(CanFrame.of(0x1A0, full), i * 1000 * MILLI);
        }
        assertFalse(detector.isDoubtful(5000 * MILLI) || detector.hasSign() || detector.isDuplicate());
    }
}
