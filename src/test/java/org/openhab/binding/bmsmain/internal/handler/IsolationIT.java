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

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatusInfo;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.ThingHandlerCallback;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.types.RefreshType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with the states of one Thing is not felt by another one on the same bus. As in openHAB, a profile runs
 * inside of the callback, on the thread that calls it, while the handler's monitor is held.
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
    private final Boards boards = new Boards();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        services.close();
        boards.close();
        await("no thread of the binding is left", () -> threads("bmsmain-").isEmpty());
    }

    /** Boards at all addresses of one TCP endpoint. Their 32-bit values are small numbers, their words are 1 or 0. */
    private static final class Boards implements AutoCloseable {
        private final ServerSocket server;
        private final AtomicIntegerArray requests = new AtomicIntegerArray(256);
        private volatile int connections;

        Boards() {
            try {
                server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            Thread thread = new Thread(this::serve);
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    connections++;
                    socket.setTcpNoDelay(true);
                    answer(socket);
                } catch (IOException e) {
                    // The next one, please.
                }
            }
        }

        private void answer(Socket socket) throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] request = new byte[12];
            while (true) {
                in.readFully(request);
                requests.incrementAndGet(request[6] & 0xFF);
                int bytes = 2 * (request[11] & 0xFF);
                byte[] answer = new byte[9 + bytes];
                System.arraycopy(request, 0, answer, 0, 8);
                answer[4] = (byte) (bytes + 3 >> 8);
                answer[5] = (byte) (bytes + 3);
                answer[8] = (byte) bytes;
                int first = (request[8] & 0xFF) << 8 | request[9] & 0xFF;
                for (int i = 0; i < bytes / 2; i++) {
                    word(answer, 9 + 2 * i, register(first + i));
                }
                socket.getOutputStream().write(answer);
            }
        }

        private static void word(byte[] bytes, int at, int value) {
            bytes[at] = (byte) (value >> 8);
            bytes[at + 1] = (byte) value;
        }

        /** A board with one BMS Logic board, whose measurements are all 2.0: a register full of zeros is no reading. */
        private static int register(int address) {
            boolean isMeasurement = address >= 0x2001 && address <= 0x2006 || address >= 0x2100 && address <= 0x2101
                    || address >= 0x2185 && address <= 0x21A2 || address >= 0x2420;
            if (isMeasurement) {
                boolean isFirstOfTwo = address < 0x2100 || address >= 0x2185 && address < 0x218E
                        || address >= 0x219F && address < 0x2400 ? address % 2 == 1 : address % 2 == 0;
                return isFirstOfTwo ? 0 : 0x4000;
            }
            return address == 0x2102 || address <= 3 ? 1 : 0;
        }

        /** How many requests a board gets within the time of a measurement. */
        int requestsOf(int address) throws InterruptedException {
            int before = requests.get(address);
            Thread.sleep(MEASURED_MILLIS);
            return requests.get(address) - before;
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A Thing, and what openHAB was told about it. */
    private final class Home {
        private final ModbusHandler handler;
        private final Map<String, String> states = new ConcurrentHashMap<>();
        private final List<String> statuses = new CopyOnWriteArrayList<>();
        private volatile int told;
        /** Is given each state, as a profile is. */
        private volatile Consumer<String> profile = channel -> {
        };

        Home(int address) {
            ThingUID uid = new ThingUID(THING_TYPE_TCP, "board-" + address);
            List<Channel> channels = Catalogue.channels().stream()
                    .map(point -> ChannelBuilder.create(new ChannelUID(uid, point.id()), "String").build()).toList();
            Thing thing = ThingBuilder.create(THING_TYPE_TCP, uid).withChannels(channels)
                    .withConfiguration(
                            new Configuration(Map.of("host", "127.0.0.1", "port", boards.server.getLocalPort(),
                                    "address", address, "refreshInterval", REFRESH_SECONDS, "wordOrder", "little")))
                    .build();
            handler = new ModbusHandler(thing, ConnectionType.TCP, services);
            handler.setCallback(Stubs.stub(ThingHandlerCallback.class, this::tell));
        }

        private @Nullable Object tell(String method, Object[] arguments) {
            if ("stateUpdated".equals(method)) {
                String channel = ((ChannelUID) arguments[0]).getId();
                told++;
                profile.accept(channel);
                states.put(channel, arguments[1].toString());
            } else if ("statusUpdated".equals(method)) {
                statuses.add(((ThingStatusInfo) arguments[1]).getStatus().toString());
            }
            return "isChannelLinked".equals(method) ? true : null;
        }

        Home begin() {
            handler.initialize();
            return this;
        }

        void awaitOnline() {
            await(handler.getThing().getUID() + " is online", () -> statuses.contains("ONLINE"));
        }

        void change() {
            handler.thingUpdated(ThingBuilder.create(handler.getThing()).withLabel("Cellar").build());
        }
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

    /** The number of requests, not their speed, is what must stay. */
    @ParameterizedTest
    @ValueSource(strings = { "throws", "overflows", "blocks" })
    void aNeighbourIsReadAsOftenAsBefore(String how) throws Exception {
        Home good = new Home(32).begin();
        good.awaitOnline();
        int alone = boards.requestsOf(32);
        Home bad = new Home(33);
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
        await("the bad one is read", () -> boards.requests.get(33) > 10);
        int before = boards.requests.get(33);
        int beside = boards.requestsOf(32);
        int itself = boards.requests.get(33) - before;
        logger.info("requests in {} s: neighbour alone {}, beside one that {} {}, the bad one {}",
                MEASURED_MILLIS / 1000, alone, how, beside, itself);
        assertTrue(beside * 2 > alone, alone + " before, now " + beside);
        assertTrue(itself * 2 > alone, "the bad one itself is read on, too: " + itself);
        assertEquals(1, boards.connections, "the connection stays");
        BoardSnapshot seen = bad.handler.snapshot();
        assertTrue(seen != null && seen.isKnown(Catalogue.REQUESTS));
        assertEquals(List.of("UNKNOWN", "ONLINE"), good.statuses);
    }

    /** One bad Item does not keep the others from being shown, and is not given up. */
    @Test
    void aProfileThatThrowsConcernsItsOwnItemOnly() throws Exception {
        Home home = new Home(32);
        boolean[] isBad = { true };
        home.profile = channel -> {
            if (isBad[0] && "battery#current".equals(channel)) {
                throw new IllegalStateException("a profile, for the test");
            }
        };
        home.begin();
        home.awaitOnline();
        await("others are shown", () -> "2 A".equals(home.states.get("battery#charge-current-limit")));
        assertNull(home.states.get("battery#current"));
        isBad[0] = false;
        // The value has not changed since.
        await("shown after all", () -> "2 A".equals(home.states.get("battery#current")));
    }

    /** By the profile itself, or as openHAB does it: on another thread that the profile waits for. */
    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void aThingCanBeRemovedInTheMiddleOfAReport(boolean sameThread) throws Exception {
        Home good = new Home(32).begin();
        Home bad = new Home(33);
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
        assertTrue(boards.requestsOf(32) > 0, "the neighbour is read on");
        assertEquals(told, bad.told, "nothing is told any more");
        assertEquals(statuses, bad.statuses.size());
        assertNull(bad.handler.snapshot());
        if (sameThread) {
            assertEquals("UNDEF", bad.states.get("battery#state-of-charge"));
        }
        good.handler.dispose();
        assertEquals(List.of(), registry.names());
    }

    private static void remove(Home home) {
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

    /** openHAB itself waits for the profile before it goes on; the end of the Thing must not, nor its beginning. */
    @Test
    void aThingCanBeginAnewWhileAReportBlocks() throws Exception {
        Home home = new Home(32);
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
        home.awaitOnline();
        await("the values of now", () -> "2 A".equals(home.states.get("battery#current"))
                && "2 %".equals(home.states.get("battery#state-of-charge")));
    }

    @Test
    void aHundredThingsBeginAnewAtOnce() throws Exception {
        List<Home> homes = new ArrayList<>();
        for (int address = 1; address <= 100; address++) {
            homes.add(new Home(address).begin());
        }
        homes.forEach(Home::awaitOnline);
        int most = 0;
        for (int round = 0; round < 3; round++) {
            homes.forEach(home -> home.statuses.clear());
            List<Thread> threads = homes.stream().map(home -> new Thread(home::change)).toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            most = Math.max(most, threads("bmsmain-delivery").size());
            homes.forEach(Home::awaitOnline);
        }
        Thread.sleep(6_000);
        logger.info("threads for 100 Things: {} right after they began anew, {} while they are read", most,
                threads("bmsmain-delivery").size());
        assertEquals(1, threads("bmsmain-127").size(), "one bus");
        homes.forEach(home -> home.handler.dispose());
        assertEquals(List.of(), registry.names());
        homes.forEach(home -> assertEquals("UNDEF", home.states.get("battery#current")));
    }

    /** A command to what cannot be commanded: the Item may show it, so it is told what is true. */
    @Test
    void aCommandToAnyChannelIsAnsweredWithTheTruth() {
        Home home = new Home(32).begin();
        home.awaitOnline();
        await("all values", () -> home.states.size() >= Catalogue.channels().size() - 2);
        await("known", () -> "2 A".equals(home.states.get("battery#current")));
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
