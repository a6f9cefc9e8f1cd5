/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.types.RefreshType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processing of one Thing's states does not affect another Thing on the same bus. As in openHAB, a profile runs
 * inside the callback, on the calling thread, while the handler's monitor is held.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(120)
class IsolationIT {

    private static final double REFRESH_SECONDS = 0.2;
    private static final long MEASURED_MILLIS = 3_000;
    private static final long SOON_NANOS = 30_000_000_000L;

    private final Logger logger = LoggerFactory.getLogger(IsolationIT.class);

    private final BusRegistry registry = new BusRegistry(Ticker.system());
    private final HandlerServices services = new HandlerServices(registry, Ticker.system(), Stubs.texts(),
            Stubs.storage(), Stubs.ZONE);
    private final BoardServer boards = new BoardServer();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        services.close();
        boards.close();
        await("no thread of the binding is left", () -> threads("bmsmain-").isEmpty());
    }

    private WatchedThing home(int address) {
        return new WatchedThing(services, boards.port(), address, REFRESH_SECONDS);
    }

    private void awaitOnline(WatchedThing home) {
        await(home.handler.getThing().getUID() + " is online", () -> home.statuses.contains("ONLINE"));
    }

    /** Number of requests to a board during a measurement. */
    private int requestsOf(int address) throws InterruptedException {
        int before = boards.requestsOf(address);
        Thread.sleep(MEASURED_MILLIS);
        return boards.requestsOf(address) - before;
    }

    private static void await(String what, BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - begun < SOON_NANOS, what);
            Thread.yield();
        }
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> name.startsWith(prefix))
                .sorted().toList();
    }

    private void block() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The number of requests must stay the same, not their speed. */
    @ParameterizedTest
    @ValueSource(strings = { "throws", "overflows", "blocks" })
    void aNeighbourIsReadAsOftenAsBefore(String how) throws Exception {
        WatchedThing good = home(32).begin();
        awaitOnline(good);
        int alone = requestsOf(32);
        WatchedThing bad = home(33);
        bad.profile = channel -> {
            switch (how) {
                case "throws":
                    throw new IllegalStateException("a profile, for the test");
                case "overflows":
                    throw new StackOverflowError("a profile, for the test");
                default:
                    block();
                    break;
            }
        };
        bad.begin();
        await("the bad one is read", () -> boards.requestsOf(33) > 10);
        int before = boards.requestsOf(33);
        int beside = requestsOf(32);
        int itself = boards.requestsOf(33) - before;
        logger.info("requests in {} s: neighbour alone {}, beside one that {} {}, the bad one {}",
                MEASURED_MILLIS / 1000, alone, how, beside, itself);
        assertTrue(beside * 2 > alone, alone + " before, now " + beside);
        assertTrue(itself * 2 > alone, "the bad one itself is read on, too: " + itself);
        assertEquals(1, boards.connections(), "the connection stays");
        BoardSnapshot seen = bad.handler.snapshot();
        assertTrue(seen != null && seen.isKnown(Catalogue.REQUESTS));
        assertEquals(List.of("UNKNOWN", "ONLINE"), good.statuses);
    }

    /** A failing Item does not prevent updates of the others, and is retried. */
    @Test
    void aProfileThatThrowsConcernsItsOwnItemOnly() throws Exception {
        WatchedThing home = home(32);
        boolean[] isBad = { true };
        home.profile = channel -> {
            if (isBad[0] && "battery#current".equals(channel)) {
                throw new IllegalStateException("a profile, for the test");
            }
        };
        home.begin();
        awaitOnline(home);
        await("others are shown", () -> "2 A".equals(home.states.get("battery#charge-current-limit")));
        assertNull(home.states.get("battery#current"));
        isBad[0] = false;
        // The value has not changed since.
        await("shown after all", () -> "2 A".equals(home.states.get("battery#current")));
    }

    /** By the profile itself, or as in openHAB: on another thread that the profile waits for. */
    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void aThingCanBeRemovedInTheMiddleOfAReport(boolean sameThread) throws Exception {
        WatchedThing good = home(32).begin();
        WatchedThing bad = home(33);
        CountDownLatch removed = new CountDownLatch(1);
        long[] took = new long[1];
        bad.profile = channel -> {
            if ("battery#current".equals(channel) && bad.statuses.contains("ONLINE")) {
                bad.profile = other -> {
                };
                long begun = System.nanoTime();
                if (sameThread) {
                    remove(bad);
                } else {
                    Thread thread = new Thread(() -> remove(bad));
                    thread.start();
                    join(thread);
                }
                took[0] = System.nanoTime() - begun;
                removed.countDown();
            }
        };
        bad.begin();
        assertTrue(removed.await(30, TimeUnit.SECONDS));
        assertTrue(took[0] < 10_000_000_000L, took[0] / 1e9 + " s");
        Thread.sleep(300);
        int told = bad.told;
        int statuses = bad.statuses.size();
        assertTrue(requestsOf(32) > 0, "the neighbour is read on");
        assertEquals(told, bad.told, "nothing is told any more");
        assertEquals(statuses, bad.statuses.size());
        assertNull(bad.handler.snapshot());
        if (sameThread) {
            assertEquals("UNDEF", bad.states.get("battery#state-of-charge"));
        }
        good.handler.dispose();
        assertEquals(List.of(), registry.names());
    }

    private static void remove(WatchedThing home) {
        home.handler.handleRemoval();
        home.handler.dispose();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** openHAB itself waits for the profile; the disposal and the restart of the Thing must not. */
    @Test
    void aThingCanBeginAnewWhileAReportBlocks() throws Exception {
        WatchedThing home = home(32);
        CountDownLatch blocked = new CountDownLatch(1);
        home.profile = channel -> {
            if ("battery#current".equals(channel) && home.statuses.contains("ONLINE")) {
                home.profile = other -> {
                };
                blocked.countDown();
                block();
            }
        };
        home.begin();
        assertTrue(blocked.await(30, TimeUnit.SECONDS));
        long begun = System.nanoTime();
        home.handler.dispose();
        assertTrue(System.nanoTime() - begun < 10_000_000_000L);
        int told = home.told;
        Thread.sleep(300);
        assertEquals(told, home.told);
        Thread next = new Thread(home.handler::initialize);
        next.start();
        home.statuses.clear();
        home.states.clear();
        gate.countDown();
        next.join();
        awaitOnline(home);
        await("the values of now", () -> "2 A".equals(home.states.get("battery#current"))
                && "2 %".equals(home.states.get("battery#state-of-charge")));
    }

    @Test
    void aHundredThingsBeginAnewAtOnce() throws Exception {
        List<WatchedThing> homes = new ArrayList<>();
        for (int address = 1; address <= 100; address++) {
            homes.add(home(address).begin());
        }
        homes.forEach(this::awaitOnline);
        int most = 0;
        for (int round = 0; round < 3; round++) {
            homes.forEach(home -> home.statuses.clear());
            List<Thread> threads = homes.stream().map(home -> new Thread(home::change)).toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            most = Math.max(most, threads("bmsmain-delivery").size());
            homes.forEach(this::awaitOnline);
        }
        Thread.sleep(6_000);
        logger.info("threads for 100 Things: {} right after they began anew, {} while they are read", most,
                threads("bmsmain-delivery").size());
        assertEquals(1, threads("bmsmain-127").size(), "one bus");
        homes.forEach(home -> home.handler.dispose());
        assertEquals(List.of(), registry.names());
        homes.forEach(home -> assertEquals("UNDEF", home.states.get("battery#current")));
    }

    /** A command to a read-only channel: the Item may show it, so the actual state is sent. */
    @Test
    void aCommandToAnyChannelIsAnsweredWithTheTruth() {
        // A second reading would change values that follow the time, such as the coverage, while they are compared.
        WatchedThing home = new WatchedThing(services, boards.port(), 32, 60).begin();
        awaitOnline(home);
        await("all values", () -> home.states.size() >= Catalogue.channels().size() - 2);
        await("known", () -> "2 A".equals(home.states.get("battery#current")));
        await("the whole report is told", () -> {
            int before = home.told;
            LockSupport.parkNanos(100_000_000);
            return before == home.told;
        });
        Map<String, String> truth = new HashMap<>(home.states);
        Map<String, Boolean> answered = new ConcurrentHashMap<>();
        home.profile = channel -> answered.put(channel, true);
        for (Channel channel : home.handler.getThing().getChannels()) {
            home.handler.handleCommand(channel.getUID(), OnOffType.ON);
        }
        await("all are answered", () -> answered.size() == Catalogue.channels().size());
        truth.forEach((channel, state) -> {
            if (!channel.startsWith("link#") && !channel.startsWith("faults#last")) {
                assertEquals(state, home.states.get(channel), channel);
            }
        });
        home.handler.handleCommand(new ChannelUID(home.handler.getThing().getUID(), "battery#current"),
                RefreshType.REFRESH);
    }
}
