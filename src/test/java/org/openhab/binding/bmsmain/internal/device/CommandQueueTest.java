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
import static org.openhab.binding.bmsmain.internal.transport.LeapTicker.MILLI;
import static org.openhab.binding.bmsmain.internal.transport.LeapTicker.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.device.CommandQueue.Command;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Execution of a command: written at most once, and ended with the right outcome, exactly once.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CommandQueueTest {

    private static final Point SIGNAL = Catalogue.SIGNALS.get(8);
    private static final Point OTHER = Catalogue.SIGNALS.get(10);

    private final LeapTicker ticker = new LeapTicker();
    private final CommandQueue commandQueue = new CommandQueue(ticker);
    private final List<String> outcomes = new ArrayList<>();
    private final Wire wire = new Wire();

    /** The wire; the test sets its responses. */
    private static final class Wire implements CommandQueue.Port {
        private final List<String> done = new ArrayList<>();
        private final List<Command> commands = new ArrayList<>();

        @Override
        public void write(Command command) {
            if (command.mayBeWritten()) {
                done.add("write " + command.signal().name() + " " + command.force().id());
                commands.add(command);
            }
        }

        @Override
        public void read(Command command) {
            done.add("read " + command.signal().name());
        }

        /** The last command written. */
        private Command last() {
            return commands.get(commands.size() - 1);
        }

        private long writes() {
            return done.stream().filter(each -> each.startsWith("write")).count();
        }
    }

    private void submit(Point signal, SignalOverride force) {
        commandQueue.submit(signal, force, outcome -> outcomes.add(outcome.signal().name() + " " + outcome.force().id()
                + " " + outcome.result() + (outcome.detail().isEmpty() ? "" : " " + outcome.detail())));
    }

    private boolean step() throws LinkException {
        return commandQueue.step(wire);
    }

    @ParameterizedTest(name = "{0} while the signal reads {1}")
    @CsvSource({ "ON, true", "OFF, false", "PHYSICAL, true", "PHYSICAL, false" })
    void aCommandIsWrittenOnceAndConfirmedByTheSignal(SignalOverride force, boolean signal) throws LinkException {
        commandQueue.setReady(true);
        assertFalse(commandQueue.isUrgent());
        assertFalse(step(), "nothing to do");
        submit(SIGNAL, force);
        assertTrue(commandQueue.isUrgent());
        long submitted = ticker.nanos();
        ticker.pass(MILLI);
        assertEquals(submitted, commandQueue.due(), "due since it was submitted, whenever one looks");
        assertTrue(step());
        assertFalse(commandQueue.isUrgent());
        assertTrue(commandQueue.due() - ticker.nanos() > SECOND, "waits for the answer to the write");
        assertFalse(step());
        wire.last().written();
        assertEquals(List.of(), outcomes, "an acknowledged write is no confirmation");
        assertTrue(step());
        wire.last().read(signal ? 1 : 0);
        assertEquals(List.of("charge-request " + force.id() + " CONFIRMED"), outcomes);
        assertEquals(List.of("write charge-request " + force.id(), "read charge-request"), wire.done);
        assertFalse(step());
    }

    @Test
    void aSignalThatFollowsLaterIsReadAgainEachTenthOfASecond() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        step();
        wire.last().written();
        for (int i = 0; i < 5; i++) {
            assertTrue(step());
            wire.last().read(0);
            assertFalse(step(), "not at once");
            assertEquals(100 * MILLI, commandQueue.due() - ticker.nanos());
            ticker.pass(100 * MILLI);
        }
        step();
        wire.last().read(1);
        assertEquals(List.of("charge-request on CONFIRMED"), outcomes);
        assertEquals(1, wire.writes());
    }

    @ParameterizedTest(name = "the signal cannot be read: {0}")
    @CsvSource({ "true", "false" })
    void aSignalThatDoesNotFollowWithinTwoSecondsIsNotConfirmed(boolean unreadable) throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        step();
        wire.last().written();
        long written = ticker.nanos();
        while (outcomes.isEmpty()) {
            assertTrue(ticker.nanos() - written <= 2 * SECOND);
            if (step()) {
                if (unreadable) {
                    wire.last().unread();
                } else {
                    wire.last().read(0);
                }
            } else {
                ticker.parkUntil(commandQueue.due());
            }
        }
        assertEquals(2 * SECOND, ticker.nanos() - written);
        assertEquals(List.of("charge-request on NOT_CONFIRMED"), outcomes);
        assertEquals(1, wire.writes());
        ticker.pass(60 * SECOND);
        assertFalse(step(), "and never again");
    }

    @Test
    void aRefusedWriteIsNotRepeated() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        step();
        wire.last().refused("2");
        assertEquals(List.of("charge-request on REFUSED 2"), outcomes);
        ticker.pass(60 * SECOND);
        assertFalse(step());
        assertEquals(1, wire.writes());
    }

    @Test
    void anUnansweredWriteIsNotRepeated() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        step();
        wire.last().unanswered();
        assertEquals(List.of("charge-request on NO_ANSWER"), outcomes);
        ticker.pass(60 * SECOND);
        assertFalse(step());
        assertEquals(1, wire.writes());
    }

    /** A response after the end of a command is ignored. */
    @Test
    void lateAnswersChangeNothing() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        step();
        wire.last().read(1);
        wire.last().unread();
        assertEquals(List.of(), outcomes, "no read was asked for");
        wire.last().unanswered();
        wire.last().written();
        wire.last().refused("2");
        wire.last().read(1);
        wire.last().unanswered();
        assertEquals(List.of("charge-request on NO_ANSWER"), outcomes);
    }

    @Test
    void whileTheLinkIsDownACommandIsRefusedAtOnce() throws LinkException {
        submit(SIGNAL, SignalOverride.ON);
        assertEquals(List.of("charge-request on LINK_DOWN"), outcomes, "before the board was seen");
        commandQueue.setReady(true);
        commandQueue.setReady(false);
        submit(SIGNAL, SignalOverride.OFF);
        assertEquals(List.of("charge-request on LINK_DOWN", "charge-request off LINK_DOWN"), outcomes);
        commandQueue.setReady(true);
        assertFalse(step(), "and is not carried out later");
        assertEquals(List.of(), wire.done);
    }

    @Test
    void commandsThatWaitAreRefusedWhenTheLinkGoesDown() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        submit(OTHER, SignalOverride.ON);
        commandQueue.setReady(false);
        assertEquals(List.of("charge-request on LINK_DOWN", "discharge-request on LINK_DOWN"), outcomes);
        commandQueue.setReady(true);
        assertFalse(step());
        assertEquals(List.of(), wire.done);
    }

    @Test
    void nothingIsCarriedOverAReconnect() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        step();
        submit(OTHER, SignalOverride.ON);
        commandQueue.interrupted();
        assertEquals(List.of("charge-request on NO_ANSWER", "discharge-request on LINK_DOWN"), outcomes);
        assertFalse(step());

        submit(SIGNAL, SignalOverride.OFF);
        step();
        wire.last().written();
        commandQueue.interrupted();
        assertEquals("charge-request off NOT_CONFIRMED", outcomes.get(2));
        submit(SIGNAL, SignalOverride.OFF);
        step();
        wire.last().written();
        step();
        commandQueue.interrupted();
        assertEquals("charge-request off NOT_CONFIRMED", outcomes.get(3));
        assertFalse(step());
        assertEquals(3, wire.writes());
    }

    @Test
    void aCommandThatWaitedForMoreThanTwoSecondsIsNotSent() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        ticker.pass(2 * SECOND);
        submit(OTHER, SignalOverride.ON);
        ticker.pass(1);
        assertFalse(step());
        assertEquals(List.of("charge-request on NOT_SENT"), outcomes);
        assertTrue(step());
        assertEquals(List.of("write discharge-request on"), wire.done);
    }

    @Test
    void commandsAreCarriedOutOneAfterTheOther() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        submit(OTHER, SignalOverride.OFF);
        step();
        assertFalse(commandQueue.isUrgent(), "the second waits for the first");
        wire.last().written();
        step();
        wire.last().read(1);
        assertTrue(commandQueue.isUrgent());
        step();
        wire.last().written();
        step();
        wire.last().read(0);
        assertEquals(List.of("charge-request on CONFIRMED", "discharge-request off CONFIRMED"), outcomes);
        assertEquals(List.of("write charge-request on", "read charge-request", "write discharge-request off",
                "read discharge-request"), wire.done);
    }

    /**
     * A wire on which a command waits behind other requests: a late response for it must not be assigned to the
     * next one.
     */
    @Test
    void whatComesForAnInterruptedCommandIsNotForTheNext() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        step();
        Command first = wire.last();
        commandQueue.setReady(false);
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.OFF);
        step();
        first.written();
        first.refused("2");
        assertEquals(List.of("charge-request on NO_ANSWER"), outcomes);
        assertFalse(step(), "the second one is not yet acknowledged");
        wire.last().written();
        assertTrue(step());
    }

    @Test
    void aCommandThatWaitsOnTheWireIsNotWrittenBehindItsOutcome() throws LinkException {
        List<Command> queue = new ArrayList<>();
        CommandQueue.Port slow = new CommandQueue.Port() {
            @Override
            public void write(Command command) {
                queue.add(command);
            }

            @Override
            public void read(Command command) {
                throw new AssertionError("nothing was written");
            }
        };
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        commandQueue.step(slow);
        commandQueue.setReady(false);
        assertFalse(queue.get(0).mayBeWritten());
        commandQueue.setReady(true);
        submit(OTHER, SignalOverride.ON);
        commandQueue.step(slow);
        ticker.pass(2 * SECOND + 1);
        assertFalse(commandQueue.isUrgent());
        assertFalse(queue.get(1).mayBeWritten());
        assertEquals(List.of("charge-request on LINK_DOWN", "discharge-request on NOT_SENT"), outcomes);
    }

    /** If a Thing is removed or reconfigured, every caller gets a result. */
    @Test
    void theEndIsAnOutcomeForEveryCommand() throws LinkException {
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.ON);
        step();
        submit(OTHER, SignalOverride.ON);
        commandQueue.end();
        assertEquals(List.of("charge-request on NO_ANSWER", "discharge-request on LINK_DOWN"), outcomes);
        wire.last().written();
        assertFalse(step());
        commandQueue.setReady(true);
        submit(SIGNAL, SignalOverride.OFF);
        assertEquals("charge-request off LINK_DOWN", outcomes.get(2));
        assertEquals(3, outcomes.size());
    }

    /** The bus thread finds the board online at the same time as the Thing is removed. */
    @Test
    void aCommandAfterTheEndHasAnOutcomeThoughTheBoardIsFoundOnlineMeanwhile() throws Exception {
        for (int i = 0; i < 2000; i++) {
            CommandQueue racing = new CommandQueue(ticker);
            CyclicBarrier start = new CyclicBarrier(2);
            Thread bus = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                racing.setReady(true);
            });
            bus.start();
            start.await();
            racing.end();
            bus.join();
            AtomicInteger ends = new AtomicInteger();
            racing.submit(SIGNAL, SignalOverride.ON, outcome -> ends.incrementAndGet());
            assertEquals(1, ends.get());
        }
    }

    /** In any order of a command and the end of the link, the command ends once, and it is not written afterwards. */
    @Test
    void aCommandThatMeetsTheEndOfTheLinkEndsOnce() throws Exception {
        for (int i = 0; i < 2000; i++) {
            CommandQueue racing = new CommandQueue(ticker);
            racing.setReady(true);
            AtomicInteger ends = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread user = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                racing.submit(SIGNAL, SignalOverride.ON, outcome -> ends.incrementAndGet());
            });
            user.start();
            start.await();
            racing.setReady(false);
            user.join();
            assertEquals(1, ends.get());
            assertFalse(racing.step(wire));
        }
        assertEquals(List.of(), wire.done);
    }
}
