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
import static org.openhab.binding.bmsmain.internal.transport.LeapTicker.SECOND;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.CommandQueue.Command;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;

/**
 * Channel states after commands, and when a forced signal is released.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SignalControlTest {

    private static final Point SIGNAL = Catalogue.SIGNALS.get(8);
    private static final String CHANNEL = "control#charge-request";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final LeapTicker ticker = new LeapTicker();
    private CommandQueue commandQueue = new CommandQueue(ticker);
    private final Alarms alarms = new Alarms(ticker);
    private final Map<String, State> states = new HashMap<>();
    private final List<String> writes = new ArrayList<>();
    private int wakes;

    /** Response of the board to the next write. */
    private Result answer = Result.CONFIRMED;

    private SignalControl panel(Duration timeout) {
        return new SignalControl(commandQueue, () -> wakes++, states::put, Runnable::run, new Stubs.Words(), timeout,
                alarms, ticker);
    }

    @AfterEach
    void end() {
        alarms.shutdownNow();
    }

    /** Advances the time: timers expire, and the bus executes due tasks. */
    private void pass(long seconds) throws LinkException {
        long until = ticker.nanos() + seconds * SECOND;
        serve();
        while (alarms.ring(until)) {
            serve();
        }
        ticker.parkUntil(until);
    }

    /** The bus, with a board whose responses are set by the test. */
    private void serve() throws LinkException {
        while (commandQueue.step(new CommandQueue.Port() {
            @Override
            public void write(Command command) {
                assertTrue(command.mayBeWritten());
                writes.add(command.signal().name() + " " + command.force().id());
                switch (answer) {
                    case REFUSED:
                        command.refused("2");
                        break;
                    case NO_ANSWER:
                        command.unanswered();
                        break;
                    default:
                        command.written();
                        break;
                }
            }

            @Override
            public void read(Command command) {
                if (answer == Result.CONFIRMED) {
                    command.read(writes.get(writes.size() - 1).endsWith("on") ? 1 : 0);
                } else {
                    ticker.pass(3 * SECOND);
                    command.unread();
                }
            }
        })) {
            assertTrue(writes.size() < 1000);
        }
    }

    private void force(SignalControl panel, SignalOverride force) throws LinkException {
        panel.force(SIGNAL, force, outcome -> {
        });
        serve();
    }

    private String lastResult() {
        return String.valueOf(states.get("control#last-result"));
    }

    @Test
    void aConfirmedCommandIsShown() throws LinkException {
        commandQueue.setReady(true);
        List<ControlOutcome> outcomes = new ArrayList<>();
        panel(TIMEOUT).force(SIGNAL, SignalOverride.ON, outcomes::add);
        assertEquals(1, wakes);
        assertEquals(Map.of(), states, "not before it is confirmed");
        serve();
        assertEquals("on", String.valueOf(states.get(CHANNEL)));
        assertTrue(lastResult().startsWith("control.confirmed["), lastResult());
        assertEquals(List.of(new ControlOutcome(SIGNAL, SignalOverride.ON, Result.CONFIRMED, "")), outcomes);
    }

    @ParameterizedTest
    @EnumSource(names = { "REFUSED", "NO_ANSWER", "NOT_CONFIRMED" })
    void aCommandThatIsNotConfirmedIsNotShown(Result result) throws LinkException {
        commandQueue.setReady(true);
        answer = result;
        SignalControl panel = panel(Duration.ZERO);
        force(panel, SignalOverride.ON);
        assertEquals(result == Result.REFUSED ? null : UnDefType.UNDEF, states.get(CHANNEL));
        assertTrue(lastResult().startsWith("control." + result.key() + "["), lastResult());
        pass(3600);
        assertEquals(List.of("charge-request on"), writes);
    }

    @Test
    void aCommandWhileTheLinkIsDownIsRefusedAtOnce() throws LinkException {
        force(panel(TIMEOUT), SignalOverride.ON);
        assertTrue(lastResult().startsWith("control.link-down["), lastResult());
        commandQueue.setReady(true);
        pass(3600);
        assertEquals(List.of(), writes);
    }

    @Test
    void aWordThatIsNoForceIsToldSo() throws LinkException {
        commandQueue.setReady(true);
        panel(TIMEOUT).refuse(SIGNAL, "open");
        assertTrue(lastResult().startsWith("control.unknown-force["), lastResult());
        pass(1);
        assertEquals(List.of(), writes);
    }

    @Test
    void withoutATimeoutASignalStaysForced() throws LinkException {
        commandQueue.setReady(true);
        force(panel(Duration.ZERO), SignalOverride.ON);
        pass(1_000_000);
        assertEquals(List.of("charge-request on"), writes);
    }

    @ParameterizedTest
    @EnumSource(names = { "ON", "OFF" })
    void aForcedSignalIsGivenBackOnce(SignalOverride force) throws LinkException {
        commandQueue.setReady(true);
        force(panel(TIMEOUT), force);
        pass(59);
        assertEquals(1, writes.size());
        pass(1);
        assertEquals(List.of("charge-request " + force.id(), "charge-request physical"), writes);
        assertEquals("physical", String.valueOf(states.get(CHANNEL)));
        pass(3600);
        assertEquals(2, writes.size());
    }

    /** If the board has, or may have, the command, the signal must not stay forced forever. */
    @ParameterizedTest
    @EnumSource(names = { "NO_ANSWER", "NOT_CONFIRMED" })
    void aSignalThatMayBeForcedIsGivenBackToo(Result result) throws LinkException {
        commandQueue.setReady(true);
        answer = result;
        force(panel(TIMEOUT), SignalOverride.ON);
        answer = Result.CONFIRMED;
        pass(70);
        assertEquals(List.of("charge-request on", "charge-request physical"), writes);
    }

    @Test
    void aRefusedCommandIsNotGivenBack() throws LinkException {
        commandQueue.setReady(true);
        answer = Result.REFUSED;
        force(panel(TIMEOUT), SignalOverride.ON);
        pass(3600);
        assertEquals(List.of("charge-request on"), writes);
    }

    @Test
    void aNewCommandBeginsTheTimeAnew() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        pass(50);
        force(panel, SignalOverride.OFF);
        pass(59);
        assertEquals(2, writes.size());
        pass(1);
        assertEquals("charge-request physical", writes.get(2));
        pass(3600);
        assertEquals(3, writes.size());
    }

    @Test
    void aSignalThatTheUserGaveBackIsNotGivenBackAgain() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        pass(50);
        force(panel, SignalOverride.PHYSICAL);
        pass(3600);
        assertEquals(List.of("charge-request on", "charge-request physical"), writes);
    }

    /** A command that did not reach the board leaves the previous one in force, with its timer. */
    @Test
    void aCommandThatWasNotWrittenDoesNotStopTheTimer() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        pass(50);
        commandQueue.setReady(false);
        force(panel, SignalOverride.OFF);
        commandQueue.setReady(true);
        pass(10);
        assertEquals(List.of("charge-request on", "charge-request physical"), writes);
    }

    @Test
    void whileTheLinkIsDownTheSignalStaysDue() throws LinkException {
        commandQueue.setReady(true);
        force(panel(TIMEOUT), SignalOverride.ON);
        commandQueue.setReady(false);
        pass(600);
        assertEquals(1, writes.size());
        commandQueue.setReady(true);
        pass(5);
        assertEquals(List.of("charge-request on", "charge-request physical"), writes);
        pass(3600);
        assertEquals(2, writes.size());
    }

    @Test
    void aBoardThatRefusesToTakeASignalBackIsNotAskedAgain() throws LinkException {
        commandQueue.setReady(true);
        force(panel(TIMEOUT), SignalOverride.ON);
        answer = Result.REFUSED;
        pass(3600);
        assertEquals(List.of("charge-request on", "charge-request physical"), writes);
    }

    /** While a newer command waits for the bus, the timer must not undo it. */
    @Test
    void aNewerCommandDecides() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        ticker.pass(60 * SECOND);
        panel.force(SIGNAL, SignalOverride.OFF, outcome -> {
        });
        assertTrue(alarms.ring(ticker.nanos()));
        serve();
        assertEquals(List.of("charge-request on", "charge-request off"), writes);
        pass(59);
        assertEquals(2, writes.size());
        pass(1);
        assertEquals("charge-request physical", writes.get(2));
    }

    @Test
    void nothingIsWrittenWhenItIsClosed() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        panel.close();
        pass(3600);
        assertEquals(List.of("charge-request on"), writes);
        assertEquals(0, alarms.waiting());
    }

    /** A Thing that is renamed restarts; users rely on the timeout, so it must not be lost. */
    @ParameterizedTest(name = "{0} s, after 40 s changed to {1} s")
    @CsvSource({ "60,60,20", "60,600,560", "60,41,5", "60,10,5", "60,0,-1", "0,60,-1" })
    void theTimeRunsOnInTheNextPanel(int before, int after, int due) throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(Duration.ofSeconds(before));
        force(panel, SignalOverride.ON);
        pass(40);
        succeed(panel, Duration.ofSeconds(after));
        if (due > 0) {
            pass(due - 1);
            assertEquals(1, writes.size());
            pass(1);
            assertEquals(List.of("charge-request on", "charge-request physical"), writes);
        }
        int written = writes.size();
        pass(3600);
        assertEquals(written, writes.size());
    }

    @Test
    void theTimeRunsOnThroughManyChanges() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        for (int i = 0; i < 10; i++) {
            pass(5);
            panel = succeed(panel, TIMEOUT);
        }
        pass(9);
        assertEquals(1, writes.size());
        pass(1);
        assertEquals(2, writes.size());
    }

    /** The bus drops a command that it has just written: its outcome remains unknown. */
    @Test
    void aCommandThatIsOnTheWireAtTheEndIsGivenBack() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        panel.force(SIGNAL, SignalOverride.ON, outcome -> {
        });
        assertTrue(commandQueue.step(new CommandQueue.Port() {
            @Override
            public void write(Command command) {
                assertTrue(command.mayBeWritten());
                writes.add(command.signal().name() + " " + command.force().id());
            }

            @Override
            public void read(Command command) {
                throw new AssertionError();
            }
        }));
        succeed(panel, TIMEOUT);
        pass(60);
        assertEquals(List.of("charge-request on", "charge-request physical"), writes);
    }

    @Test
    void aCommandThatWaitsAtTheEndWasNeverWritten() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        panel.force(SIGNAL, SignalOverride.ON, outcome -> {
        });
        assertEquals(Map.of(), panel.close());
    }

    /** A release that did not reach the board stays due; one that was confirmed or rejected is complete. */
    @ParameterizedTest
    @CsvSource({ "NO_ANSWER,1", "CONFIRMED,0", "NOT_CONFIRMED,0", "REFUSED,0" })
    void whatWasGivenBackIsNotTakenOver(Result result, int left) throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        answer = result;
        pass(60);
        assertEquals(2, writes.size());
        assertEquals(left, panel.close().size());
    }

    @Test
    void whatTheUserGaveBackIsNotTakenOver() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        force(panel, SignalOverride.PHYSICAL);
        assertEquals(Map.of(), panel.close());
    }

    /** The panel after a change of the Thing, with the link up again. */
    private SignalControl succeed(SignalControl panel, Duration timeout) {
        Map<Point, Long> left = panel.close();
        commandQueue = new CommandQueue(ticker);
        commandQueue.setReady(true);
        SignalControl next = panel(timeout);
        next.takeOver(left);
        return next;
    }

    @Test
    void whatIsForcedIsUnknownWithoutALink() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        panel.unknown();
        for (Point signal : Catalogue.SIGNALS) {
            assertEquals(UnDefType.UNDEF, states.get(SignalControl.channelOf(signal)));
        }
        assertTrue(lastResult().startsWith("control.confirmed["), "what was told stays told");
    }

    /** The board may have executed a command that it did not acknowledge or follow. */
    @ParameterizedTest
    @EnumSource(value = Result.class, names = { "NO_ANSWER", "NOT_CONFIRMED" })
    void whatWasConfirmedBeforeCountsNoLongerAfterADoubtfulCommand(Result result) throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(Duration.ZERO);
        force(panel, SignalOverride.ON);
        assertEquals("on", String.valueOf(states.get(CHANNEL)));
        answer = result;
        force(panel, SignalOverride.OFF);
        assertEquals(UnDefType.UNDEF, states.get(CHANNEL));
    }

    @Test
    void aRefusedCommandLeavesWhatWasConfirmed() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(Duration.ZERO);
        force(panel, SignalOverride.ON);
        answer = Result.REFUSED;
        force(panel, SignalOverride.OFF);
        assertEquals("on", String.valueOf(states.get(CHANNEL)));
    }

    @Test
    void aChannelThatIsLinkedLaterGetsItsState() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(Duration.ZERO);
        panel.refresh(CHANNEL);
        panel.refresh(SignalControl.LAST_RESULT);
        assertEquals(Map.of(CHANNEL, UnDefType.UNDEF, SignalControl.LAST_RESULT, UnDefType.UNDEF), states);
        force(panel, SignalOverride.ON);
        String result = lastResult();
        states.clear();
        panel.refresh(CHANNEL);
        panel.refresh(SignalControl.LAST_RESULT);
        assertEquals(Map.of(CHANNEL, "on", SignalControl.LAST_RESULT, result),
                Map.of(CHANNEL, String.valueOf(states.get(CHANNEL)), SignalControl.LAST_RESULT, lastResult()));
    }

    @Test
    void whenItIsClosedWhatWaitsIsRefusedAndNothingIsShownAfterwards() throws LinkException {
        commandQueue.setReady(true);
        SignalControl panel = panel(TIMEOUT);
        force(panel, SignalOverride.ON);
        List<Result> results = new ArrayList<>();
        panel.force(SIGNAL, SignalOverride.OFF, outcome -> results.add(outcome.result()));
        panel.close();
        panel.unknown();
        assertEquals(List.of(Result.LINK_DOWN), results);
        assertEquals(UnDefType.UNDEF, states.get(CHANNEL));
        states.clear();
        commandQueue.setReady(true);
        panel.force(SIGNAL, SignalOverride.OFF, outcome -> results.add(outcome.result()));
        panel.refuse(SIGNAL, "up");
        panel.refresh(CHANNEL);
        serve();
        assertEquals(List.of(Result.LINK_DOWN, Result.LINK_DOWN), results);
        assertEquals(Map.of(), states);
        assertEquals(List.of("charge-request on"), writes);
    }
}
