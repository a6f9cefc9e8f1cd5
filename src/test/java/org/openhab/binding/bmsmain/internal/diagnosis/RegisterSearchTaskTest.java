/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.bus.BusMember;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.modbus.ModbusClient;
import org.openhab.binding.bmsmain.internal.modbus.ModbusException;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusRequest;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.TwinBoard;

/**
 * A search concurrent with the polling of a board, on the real bus with simulated wires at 9600 baud. The thread of
 * the bus advances the time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class RegisterSearchTaskTest {

    private static final int UNIT = 32;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration MINUTES = Duration.ofMinutes(3);
    /** A read of 60 registers: 8 and 125 characters, the silences and the latency of the board. */
    private static final long LONGEST_REQUEST = 160 * MILLI;

    private final TwinBoard twin = SimulatedWires.board(UNIT, TwinBoard.WordOrder.LITTLE).hiddenMap(7);
    private SimulatedWires wires = new SimulatedWires().with(twin);
    private ModbusLine line = line();
    private BusRegistry registry = new BusRegistry(wires);

    private ModbusLine line() {
        return wires.serial(new SerialSettings("/dev/ttyTEST", 9600, Parity.NONE, 1));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    /** Starts a new bus, whose time no other thread advances. */
    private void beginAnew() {
        registry.close();
        wires = new SimulatedWires().with(twin);
        line = line();
        registry = new BusRegistry(wires);
    }

    /** Reads some registers each second, and records the delay after the second. */
    private final class Poller implements BusMember<ModbusClient> {
        private final int requests;
        private final int rounds;
        private final CountDownLatch joined = new CountDownLatch(1);
        private final CountDownLatch done = new CountDownLatch(1);
        private final List<Long> delays = new ArrayList<>();
        private final long begun = wires.nanos() + SECOND;
        private int request;

        Poller(int requests, int rounds) {
            this.requests = requests;
            this.rounds = rounds;
        }

        private long begins() {
            return begun + delays.size() * SECOND;
        }

        @Override
        public long due() {
            return done.getCount() == 0 ? wires.nanos() + Ticker.NEVER : begins();
        }

        @Override
        public void serve(ModbusClient client) throws LinkException {
            try {
                client.transact(ModbusRequest.read(UNIT, ModbusRequest.READ_INPUT, 0x2001, 10), TIMEOUT.toNanos());
            } catch (ModbusException e) {
                throw new IllegalStateException(e);
            }
            if (++request == requests) {
                request = 0;
                delays.add(wires.nanos() - begins());
                if (delays.size() == rounds) {
                    done.countDown();
                }
            }
        }

        @Override
        public long deadline() {
            return wires.nanos() + Ticker.NEVER;
        }

        @Override
        public void watch(long nowNanos) {
            // independent of the time
        }

        @Override
        public void unavailable(Failure failure) {
            // retried
        }

        @Override
        public void opened(ModbusClient client) {
            try {
                joined.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** @return the maximum time from the start of a refresh to its end, and the concurrent search */
    private long longestRefresh(int requests, boolean isSearched) throws Exception {
        beginAnew();
        Poller poller = new Poller(requests, 120);
        BusRegistry.Membership membership = line.join(registry, poller);
        RegisterSearchTask task = isSearched
                ? RegisterSearchTask.begin(line, registry, UNIT, TIMEOUT, true, MINUTES, wires)
                : null;
        poller.joined.countDown();
        assertTrue(poller.done.await(30, TimeUnit.SECONDS));
        if (task != null) {
            assertNull(task.state().failure());
            assertTrue(task.state().reads() > 60, () -> task.state().toString());
            task.stop();
        }
        membership.leave();
        return poller.delays.stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 5, 15 })
    void refreshIsNotDelayedByMoreThanOneRequest(int requests) throws Exception {
        long alone = longestRefresh(requests, false);
        long beside = longestRefresh(requests, true);
        assertTrue(beside <= alone + LONGEST_REQUEST, () -> alone / MILLI + " ms alone, beside " + beside / MILLI);
        assertEquals(0, wires.log().writes());
    }

    /**
     * Polling alone exceeds the available time: the search gets a turn occasionally, and still completes its passes.
     */
    @Test
    void busyBusIsSearchedAllTheSame() throws Exception {
        Poller poller = new Poller(60, 100);
        BusRegistry.Membership membership = line.join(registry, poller);
        RegisterSearchTask task = RegisterSearchTask.begin(line, registry, UNIT, TIMEOUT, false, Duration.ofMinutes(5),
                wires);
        poller.joined.countDown();
        assertTrue(poller.done.await(30, TimeUnit.SECONDS));
        RegisterSearchTask.State state = task.state();
        assertTrue(state.reads() > 20 && state.found() > 60, state.toString());
        membership.leave();
        task.stop();
    }

    private RegisterSearchTask begin(Duration duration) throws Exception {
        return RegisterSearchTask.begin(line, registry, UNIT, TIMEOUT, false, duration, wires);
    }

    private void assertEnded(RegisterSearchTask task, @Nullable FailureCause cause) throws Exception {
        assertTrue(task.await(Duration.ofSeconds(30)));
        Failure failure = task.state().failure();
        assertEquals(cause, failure == null ? null : failure.cause());
        for (int i = 0; i < 300 && !registry.names().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertEquals(List.of(), registry.names(), "nobody is on the bus any more");
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        RegisterSearchTask task = begin(MINUTES);
        assertEnded(task, null);
        assertTrue(task.state().passes() > 0);
        assertEquals(0, task.state().secondsLeft());
        assertFalse(task.suggest(null).isEmpty());
        assertEquals(0, wires.log().writes());
    }

    @Test
    void stopEndsIt() throws Exception {
        RegisterSearchTask task = begin(Duration.ofDays(100));
        task.stop();
        assertEnded(task, null);
    }

    @Test
    void endsWhenTheBusCannotBeOpened() throws Exception {
        wires.notOpened(FailureCause.PORT_MISSING);
        assertEnded(begin(Duration.ofDays(100)), FailureCause.PORT_MISSING);
    }

    @Test
    void endsWhenTheBoardIsGone() throws Exception {
        wires.answers((number, answer) -> number > 30 ? new byte[0] : answer);
        RegisterSearchTask task = begin(Duration.ofDays(100));
        assertEnded(task, FailureCause.NO_ANSWER);
        assertTrue(task.state().reads() <= 32, task.state().toString());
    }

    /** Such a device exists: it responds with the registers that it has. */
    @Test
    void goesOnWhenADeviceIsSilentAtHoles() throws Exception {
        twin.strictHoles(true);
        wires.answers((number, answer) -> (answer[1] & 0x80) != 0 ? new byte[0] : answer);
        RegisterSearchTask task = begin(Duration.ofMinutes(20));
        assertEnded(task, null);
        assertTrue(task.state().passes() > 2 && task.state().found() > 6, task.state().toString());
    }

    /** A single lost response does not make the board offline. */
    @Test
    void goesOnAfterALostAnswer() throws Exception {
        wires.answers((number, answer) -> number % 10 == 0 ? new byte[0] : answer);
        RegisterSearchTask task = begin(MINUTES);
        assertEnded(task, null);
        assertTrue(task.state().passes() > 0, task.state().toString());
    }
}
