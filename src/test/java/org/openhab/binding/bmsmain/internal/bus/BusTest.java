/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.bus;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry.Membership;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.ManualTicker;
import org.openhab.binding.bmsmain.internal.transport.TraceSink;
import org.openhab.binding.bmsmain.internal.transport.TraceTap;

/**
 * The life cycle of a bus: shared by name, its members served in turn, reopened, closed by the last member.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(20)
class BusTest {

    private static final long NEVER = 1_000 * LeapTicker.SECOND;

    private static final TraceSink NOBODY = new TraceSink() {
        @Override
        public void happened(Event event, long nanos, String detail) {
            // ignored
        }

        @Override
        public void bytes(Event event, long nanos, byte[] bytes, int offset, int length) {
            // ignored
        }
    };

    private final ManualTicker ticker = new ManualTicker();
    private final BusRegistry registry = new BusRegistry(ticker);
    /** Events in the order of occurrence. */
    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile boolean isClosed;
    /** Targets of links; other names are devices. */
    private final Map<String, String> links = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void membersThatNameTheSameBusShareIt() throws Exception {
        Port port = new Port("port");
        Member a = new Member("a");
        Member b = new Member("b");
        join("/dev/ttyUSB0", port, a);
        expect("port opens", "a opened");
        join("/dev/ttyUSB0", new Port("other"), b);
        b.want(1);
        expect("b served");
        assertEquals(List.of("/dev/ttyUSB0"), registry.names());
        join("/dev/ttyUSB1", new Port("second"), new Member("c"));
        expect("second opens", "c opened");
        assertEquals(List.of("/dev/ttyUSB0", "/dev/ttyUSB1"), registry.names());
    }

    @Test
    void aBusHasOneSetting() throws Exception {
        join("/dev/ttyUSB0", new Port("port"), new Member("a"));
        BusConflictException e = assertThrows(BusConflictException.class,
                () -> registry.join("/dev/ttyUSB0", "19200 baud", new Port("other"), new Member("b")));
        assertEquals("9600 baud", e.settingsInUse());
        assertTrue(thread("/dev/ttyUSB0").isDaemon());
    }

    @Test
    void membersAreServedInTurn() throws Exception {
        Member a = new Member("a");
        Member b = new Member("b");
        Member c = new Member("c");
        join("bus", new Port("port"), a);
        join("bus", new Port("port"), b);
        join("bus", new Port("port"), c);
        expect("port opens");
        a.hold();
        a.want(3);
        expectLater("a holds");
        b.want(2);
        c.want(2);
        a.release();
        expectServed("a served", "b served", "c served", "a served", "b served", "c served", "a served");
    }

    /** A command must not wait for the reads of other members. */
    @Test
    void whatIsUrgentGoesFirst() throws Exception {
        Member a = new Member("a");
        Member b = new Member("b");
        join("bus", new Port("port"), a);
        join("bus", new Port("port"), b);
        a.hold();
        a.want(3);
        expectLater("a holds");
        b.urgent = true;
        b.want(2);
        a.release();
        expectServed("a served", "b served", "b served", "a served", "a served");
    }

    @Test
    void theLastToLeaveClosesTheBus() throws Exception {
        Membership a = join("bus", new Port("port"), new Member("a"));
        expect("port opens", "a opened");
        Membership b = join("bus", new Port("port"), new Member("b"));
        Thread thread = thread("bus");
        a.leave();
        assertEquals(List.of("bus"), registry.names());
        b.leave();
        expect("port closes");
        thread.join(5_000);
        assertFalse(thread.isAlive());
        assertEquals(List.of(), registry.names());
        b.leave();
    }

    /**
     * openHAB disposes a handler and immediately creates the next one. The port must not be reopened before it
     * is closed.
     */
    @Test
    void whoComesBackWaitsUntilTheOldPortIsClosed() throws Exception {
        Member old = new Member("old");
        Membership membership = join("bus", new Port("port"), old);
        old.hold();
        old.want(1);
        expectLater("old holds");
        membership.leave();
        join("bus", new Port("next port"), new Member("next"));
        assertNull(events.poll(100, TimeUnit.MILLISECONDS), "nothing is opened while the old one is busy");
        old.release();
        expect("old served", "port closes", "next port opens", "next opened");
    }

    /** A leaving member can undo its changes, even if it is the last one. */
    @Test
    void whoLeavesHasALastTurn() throws Exception {
        Member a = new Member("a");
        Member b = new Member("b");
        a.parts = true;
        b.parts = true;
        Membership first = join("bus", new Port("port"), a);
        Membership second = join("bus", new Port("port"), b);
        expectLater("port opens");
        first.leave();
        expectLater("a left");
        second.leave();
        expectLater("b left", "port closes");
        Member c = new Member("c");
        c.parts = true;
        join("bus", new Port("next port"), c);
        expectLater("c opened");
        registry.close();
        expectLater("c left", "c ended", "next port closes");
    }

    @Test
    void whoComesBackWithOtherSettingsFindsNoConflict() throws Exception {
        Membership membership = join("bus", new Port("port"), new Member("a"));
        expect("port opens", "a opened");
        membership.leave();
        registry.join("bus", "19200 baud", new Port("next port"), new Member("b"));
        expect("port closes", "next port opens", "b opened");
    }

    /**
     * The bus worked until now: one attempt immediately. Then 0.2 s, doubled up to 30 s, each with a jitter of
     * one fifth.
     */
    @Test
    void aLostBusIsOpenedAtOnceAndThenWithBackOff() throws Exception {
        Port port = new Port("port");
        Member a = new Member("a");
        join("bus", port, a);
        expect("port opens", "a opened");
        a.want(1);
        expect("a served");
        ticker.pass(LeapTicker.SECOND);
        port.failure = FailureCause.PORT_MISSING;
        a.loss = true;
        a.want(1);
        expect("a fails", "port closes", "a unavailable PORT_MISSING");
        double nominal = 0.2;
        for (int i = 0; i < 12; i++) {
            double waited = passUntil("a unavailable PORT_MISSING");
            assertTrue(waited >= Math.max(0.2, nominal * 0.8) - 0.001, nominal + " s, but " + waited);
            assertTrue(waited <= Math.min(30, nominal * 1.2) + 0.6, nominal + " s, but " + waited);
            nominal = Math.min(30, nominal * 2);
        }
        port.failure = null;
        a.loss = false;
        passUntil("port opens");
        expect("a opened");
        a.want(1);
        expectLater("a served");
    }

    /** A port that opens but provides no data must not be reopened in a tight loop. */
    @Test
    void aBusThatNeverServedAnyoneIsOpenedWithBackOff() throws Exception {
        Member a = new Member("a");
        a.loss = true;
        a.want(1_000);
        join("bus", new Port("port"), a);
        expect("port opens", "a opened", "a fails", "port closes");
        assertTrue(passUntil("port opens") >= 0.199);
        expect("a opened", "a fails", "port closes");
        assertTrue(passUntil("port opens") >= 0.319);
    }

    /** A remote end that repeatedly accepts a connection and closes it: on CAN, serving a member needs no response. */
    @Test
    void aBusThatIsLostBeforeAnythingGoodCameIsOpenedWithBackOff() throws Exception {
        Port port = new Port("port");
        port.hangsUp = true;
        port.mute = true;
        Member a = new Member("a");
        a.eager = true;
        join("bus", port, a);
        expect("port opens", "a opened", "a served", "port closes");
        double nominal = 0.2;
        for (int i = 0; i < 10; i++) {
            double waited = passUntil("port opens");
            assertTrue(waited >= Math.max(0.2, nominal * 0.8) - 0.05, nominal + " s, but " + waited);
            assertTrue(waited <= Math.min(30, nominal * 1.2) + 0.6, nominal + " s, but " + waited);
            nominal = Math.min(30, nominal * 2);
            expect("a opened", "a served", "port closes");
        }
    }

    /** One valid response per connection allows an immediate reconnect, but at most five times a second. */
    @Test
    void aBusThatWorksForAMomentIsOpenedFiveTimesASecondAtMost() throws Exception {
        Port port = new Port("port");
        port.hangsUp = true;
        Member a = new Member("a");
        a.eager = true;
        join("bus", port, a);
        expect("port opens", "a opened", "a served", "port closes");
        for (int i = 0; i < 5; i++) {
            double waited = passUntil("port opens");
            assertTrue(waited >= 0.15 && waited <= 0.3, "waited " + waited);
            expect("a opened", "a served", "port closes");
        }
    }

    /** No data was received, but the bus was open: its loss is a new event. */
    @Test
    void aBusThatWasOpenForLongIsOpenedAtOnce() throws Exception {
        Port port = new Port("port");
        port.mute = true;
        Member a = new Member("a");
        a.loss = true;
        join("bus", port, a);
        expect("port opens", "a opened");
        for (int i = 0; i < 5; i++) {
            a.want(1);
            passUntil("port closes");
            passUntil("port opens");
        }
        ticker.pass(31 * LeapTicker.SECOND);
        a.want(1);
        expectLater("a fails", "port closes");
        assertEquals(0, passUntil("port opens"), 0.1);
    }

    @Test
    void aFailureThatConcernsOneMemberLeavesTheBusOpen() throws Exception {
        Member a = new Member("a");
        Member b = new Member("b");
        join("bus", new Port("port"), a);
        join("bus", new Port("port"), b);
        a.miss = true;
        a.want(1);
        expectLater("a fails");
        b.want(1);
        expect("b served");
    }

    /** A member whose code fails at any place is suspended; the port stays open for the others. */
    @ParameterizedTest
    @ValueSource(strings = { "serve", "watch", "due", "isUrgent", "deadline", "stack" })
    void aMemberThatAlwaysFailsRestsAndTheOthersDoNot(String where) throws Exception {
        Member a = new Member("a");
        Member b = new Member("b");
        a.bug = where;
        a.bugs = Integer.MAX_VALUE;
        a.wanted = Integer.MAX_VALUE;
        a.deadline = ticker.nanos();
        join("bus", new Port("port"), b);
        expect("port opens", "b opened");
        join("bus", new Port("port"), a);
        expectLater("a bug", "a unavailable INTERNAL");
        double nominal = 0.2;
        for (int i = 0; i < 10; i++) {
            b.want(1);
            expectLater("b served");
            double waited = passUntil("a bug");
            assertTrue(waited >= Math.max(0.2, nominal * 0.8) - 0.06, nominal + " s, but " + waited);
            assertTrue(waited <= Math.min(30, nominal * 1.2) + 0.6, nominal + " s, but " + waited);
            nominal = Math.min(30, nominal * 2);
        }
        assertFalse(isClosed, "nothing is opened anew");
        // The member is suspended. A member that is always due would prevent the bus from becoming idle.
        a.wanted = 1;
        a.bug = "";
        passUntil("a served");
        // Failures of the distant past are not counted.
        ticker.pass(40 * LeapTicker.SECOND);
        a.bug = "serve";
        a.want(Integer.MAX_VALUE);
        passUntil("a bug");
        assertTrue(passUntil("a bug") < 0.4);
        assertFalse(isClosed);
    }

    /** Values also expire while the member that should refresh them is suspended. */
    @Test
    void aMemberThatRestsIsLookedAfterInTime() throws Exception {
        Member a = new Member("a");
        a.bug = "serve";
        a.bugs = Integer.MAX_VALUE;
        a.wanted = Integer.MAX_VALUE;
        join("bus", new Port("port"), a);
        for (int i = 0; i < 3; i++) {
            passUntil("a bug");
        }
        a.deadline = ticker.nanos();
        assertTrue(passUntil("a watched") < 0.2);
    }

    /** If the turns of all members fail, their common cause can only be the open bus. */
    @Test
    void aBusOnWhichNobodyCanBeServedIsOpenedAnew() throws Exception {
        Member a = new Member("a");
        Member b = new Member("b");
        for (Member each : List.of(a, b)) {
            each.bug = "serve";
            each.bugs = 3;
            each.wanted = 20;
            join("bus", new Port("port"), each);
        }
        passUntil("port closes");
        passUntil("port opens");
        passUntil("a served");
    }

    /** A member may fail when it is notified of a loss; the others are notified nevertheless. */
    @ParameterizedTest
    @ValueSource(strings = { "unavailable", "opened", "renewed" })
    void aMemberThatFailsWhenItIsToldSomethingIsNotFeltByOthers(String where) throws Exception {
        Member a = new Member("a");
        Member b = new Member("b");
        join("bus", new Port("port"), a);
        join("bus", new Port("port"), b);
        expectLater("port opens");
        a.bug = where;
        b.loss = true;
        b.want(1);
        expectLater("b fails", "port closes");
        b.loss = false;
        b.want(1);
        passUntil("b served");
        assertTrue(thread("bus").isAlive());
    }

    /** The member that takes the position of a removed one must not be served in its place. */
    @Test
    void whoIsDueIsServedAlsoWhenOthersLeaveMeanwhile() throws Exception {
        List<Membership> others = new ArrayList<>();
        Member first = new Member("first");
        others.add(join("bus", new Port("port"), first));
        Member a = new Member("a");
        join("bus", new Port("port"), a);
        Member idle = new Member("idle");
        join("bus", new Port("port"), idle);
        expectLater("first opened");
        a.onDue = () -> {
            a.onDue = () -> {
            };
            others.get(0).leave();
        };
        a.want(1);
        expectLater("a served");
        ticker.pass(LeapTicker.SECOND);
        assertNull(events.poll(50, TimeUnit.MILLISECONDS), "nobody else had a turn");
    }

    /** A missing dependency, such as a native library, is a failure like any other. */
    @Test
    void anErrorOfTheFactoryIsToldAndDoesNotEndTheBus() throws Exception {
        Port port = new Port("port");
        port.bug = true;
        Member a = new Member("a");
        a.deadline = ticker.nanos() + LeapTicker.SECOND;
        join("bus", port, a);
        expect("port bug", "a unavailable INTERNAL");
        passUntil("port bug");
        passUntil("a watched");
        port.bug = false;
        passUntil("port opens");
        expect("a opened");
    }

    /** The recovery may fail as well: closing the port throws, or memory is short for both. */
    @Test
    void anErrorWhileTheBusRecoversDoesNotEndIt() throws Exception {
        Port port = new Port("port");
        port.closingBug = true;
        Member a = new Member("a");
        join("bus", port, a);
        expect("port opens", "a opened");
        port.idleBug = true;
        a.want(1);
        expectLater("a served", "port closes");
        port.idleBug = false;
        port.closingBug = false;
        a.want(1);
        passUntil("port opens");
        expectLater("a served");
        assertTrue(thread("bus").isAlive());
    }

    /** Deadlines of members are observed while the bus is idle and while it cannot be opened. */
    @Test
    void looksAfterTheTimeOfItsMembers() throws Exception {
        Port port = new Port("port");
        Member a = new Member("a");
        a.deadline = ticker.nanos() + 5 * LeapTicker.SECOND;
        join("bus", port, a);
        expect("port opens", "a opened");
        assertEquals(5, passUntil("a watched"), 0.6);
        port.failure = FailureCause.REFUSED;
        a.loss = true;
        a.want(1);
        expectLater("a fails", "port closes");
        // The back-off exceeds the deadline.
        for (int i = 0; i < 9; i++) {
            passUntil("a unavailable REFUSED");
        }
        a.deadline = ticker.nanos() + 3 * LeapTicker.SECOND;
        assertEquals(3, passUntil("a watched"), 0.6);
    }

    /** A connection attempt to a host that is down takes seconds. Expired values must be handled meanwhile. */
    @Test
    void anAttemptToOpenIsGivenUpWhenTheTimeOfAMemberComes() throws Exception {
        Port port = new Port("port");
        Member a = new Member("a");
        join("bus", port, a);
        expect("port opens", "a opened");
        port.failure = FailureCause.TIMED_OUT;
        port.connectNanos = 3 * LeapTicker.SECOND;
        long deadline = ticker.nanos() + 5 * LeapTicker.SECOND;
        a.deadline = deadline;
        a.loss = true;
        a.want(1);
        expect("a fails", "port closes");
        passUntil("a unavailable TIMED_OUT");
        passUntil("a watched");
        assertEquals(0, (a.watchedAt - deadline) / 1e9, 0.1);
        long begun = ticker.nanos();
        passUntil("a unavailable TIMED_OUT");
        assertTrue(ticker.nanos() - begun >= 3 * LeapTicker.SECOND, "then it gets its time");
    }

    /** A member waiting for an event must not wait forever. */
    @Test
    void whoIsStillOnABusThatEndsIsTold() throws Exception {
        Member onRemoved = new Member("left");
        Membership membership = join("bus", new Port("port"), onRemoved);
        join("bus", new Port("port"), new Member("a"));
        expect("port opens", "left opened");
        membership.leave();
        registry.close();
        expectLater("a ended");
        expect("port closes");
        assertNull(events.poll());
    }

    @Test
    void closingTheRegistryEndsEveryBusAndLeavesNoThread() throws Exception {
        Member a = new Member("a");
        join("bus 1", new Port("port 1"), a).leave();
        join("bus 2", new Port("port 2"), new Member("b"));
        expectLater("b opened");
        Thread thread = thread("bus 2");
        registry.close();
        thread.join(5_000);
        assertFalse(thread.isAlive());
        expectLater("port 2 closes");
        assertEquals(List.of(), registry.names());
    }

    @Test
    void aWaitThatDoesNotEndIsCutShort() throws Exception {
        Member a = new Member("a");
        Membership membership = join("bus", new Port("port"), a);
        a.hold();
        a.want(1);
        expectLater("a holds");
        Thread thread = thread("bus");
        membership.leave();
        registry.close();
        thread.join(5_000);
        assertFalse(thread.isAlive());
    }

    /** An adapter has a device name with a number, and a link that identifies it. */
    @Test
    void twoNamesOfOneDeviceAreOneBus() throws Exception {
        links.put("by-id", "tty0");
        Member a = new Member("a");
        Member b = new Member("b");
        Membership first = join("by-id", new Port("port"), a);
        expect("port opens", "a opened");
        Membership second = join("tty0", new Port("other"), b);
        b.want(1);
        expect("b served");
        assertEquals(List.of("by-id"), registry.names());
        assertThrows(BusConflictException.class,
                () -> registry.join("tty0", "19200 baud", new Port("third"), new Member("c")));
        for (String name : List.of("by-id", "tty0")) {
            assertTrue(registry.listen(name, NOBODY));
            registry.mute(name, NOBODY);
        }
        assertFalse(registry.listen("tty1", NOBODY));
        first.leave();
        b.want(1);
        expectLater("b served");
        second.leave();
        expectLater("port closes");
        assertEquals(List.of(), registry.names());
    }

    /** While no adapter is plugged in, the bus cannot detect that two names are one device. */
    @Test
    void whoNamesTheSameDeviceMeetsThereWhenItComes() throws Exception {
        Port port = new Port("port");
        Port other = new Port("other");
        port.failure = FailureCause.PORT_MISSING;
        other.failure = FailureCause.PORT_MISSING;
        Member a = new Member("a");
        Member b = new Member("b");
        Membership first = join("by-id", port, a);
        Membership second = join("tty0", other, b);
        expectAll("a unavailable PORT_MISSING", "b unavailable PORT_MISSING");
        links.put("by-id", "tty0");
        port.failure = null;
        other.failure = null;
        passUntil("other opens");
        a.want(1);
        b.want(1);
        passAll("a served", "b served");
        assertEquals(List.of("tty0"), registry.names());
        second.leave();
        a.want(1);
        expectLater("a served");
        first.leave();
        expectLater("other closes");
    }

    /** The member that configured the link follows the adapter; the one that configured the number does not. */
    @Test
    void anAdapterThatComesBackUnderAnotherNumberIsFoundThroughItsLink() throws Exception {
        links.put("by-id", "tty0");
        Port port = new Port("port");
        Member a = new Member("a");
        Member b = new Member("b");
        join("by-id", port, a);
        Port number = new Port("number");
        Membership onRemoved = join("tty0", number, b);
        expectLater("port opens");
        a.loss = true;
        a.want(1);
        links.put("by-id", "tty1");
        expectLater("a fails", "port closes");
        a.loss = false;
        passUntil("port opens");
        a.want(1);
        b.want(1);
        passAll("a served", "number opens", "b served");
        assertEquals(List.of("by-id", "tty0"), registry.names());
        Member c = new Member("c");
        join("tty1", new Port("third"), c);
        c.want(1);
        expectLater("c served");
        onRemoved.leave();
        expectLater("number closes");
        assertEquals(List.of("by-id"), registry.names());
        // The other way round: the remaining member configured the device that the link pointed to first.
        links.put("by-id", "tty2");
        c.loss = true;
        c.want(1);
        expectLater("c fails", "port closes");
        c.loss = false;
        c.want(1);
        passAll("port opens", "third opens", "c served");
    }

    /** An open bus keeps the device that it opened, even if its name points elsewhere meanwhile. */
    @Test
    void anOpenBusKeepsItsDevice() throws Exception {
        links.put("by-id", "tty0");
        join("by-id", new Port("port"), new Member("a"));
        expectLater("a opened");
        links.put("by-id", "tty1");
        Member b = new Member("b");
        join("by-id", new Port("second"), b);
        expectLater("second opens", "b opened");
        Member c = new Member("c");
        join("tty0", new Port("third"), c);
        c.want(1);
        expectLater("c served");
        assertFalse(isClosed);
    }

    /** A closed bus whose name points elsewhere by now must not block other members. */
    @Test
    void aBusThatIsNotOpenHoldsNoDeviceThatItsNameHasLeft() throws Exception {
        links.put("by-id", "tty0");
        Port port = new Port("port");
        Member a = new Member("a");
        join("by-id", port, a);
        expectLater("a opened");
        port.failure = FailureCause.PORT_MISSING;
        a.loss = true;
        a.want(1);
        expectLater("port closes");
        links.remove("by-id");
        Member b = new Member("b");
        registry.join("tty0", "19200 baud", new Port("other"), b);
        passUntil("other opens");
    }

    /** Two names with different settings resolve to one device: the second one waits until the device is free. */
    @Test
    void otherSettingsOnOneDeviceAreRefusedAlsoWhenTheyMeetLater() throws Exception {
        Port port = new Port("port");
        Port other = new Port("other");
        port.failure = FailureCause.PORT_MISSING;
        Member a = new Member("a");
        Member b = new Member("b");
        join("by-id", port, a);
        Membership second = registry.join("tty0", "19200 baud", other, b);
        expectAll("a unavailable PORT_MISSING", "b opened");
        links.put("by-id", "tty0");
        port.failure = null;
        passUntil("a unavailable PORT_BUSY");
        Member c = new Member("c");
        registry.join("by-id", "19200 baud", new Port("third"), c);
        c.want(1);
        expectLater("c served");
        assertThrows(BusConflictException.class, () -> join("by-id", port, new Member("d")));
        second.leave();
        b.want(1);
        links.put("by-id", "tty1");
        passUntil("port opens");
        a.want(1);
        passAll("a served");
    }

    /** A member that leaves during name resolution, or after all others moved to another bus, leaves nothing behind. */
    @Test
    void whoWasMovedCanLeave() throws Exception {
        Port port = new Port("port");
        Port other = new Port("other");
        Member a = new Member("a");
        port.failure = FailureCause.PORT_MISSING;
        Membership first = join("by-id", port, a);
        Membership second = join("tty0", other, new Member("b"));
        expectAll("a unavailable PORT_MISSING", "other opens");
        links.put("by-id", "tty0");
        a.want(1);
        passUntil("a served");
        assertEquals(List.of("tty0"), registry.names());
        first.leave();
        second.leave();
        passUntil("other closes");
        assertEquals(List.of(), registry.names());
    }

    private Membership join(String name, Port port, Member member) throws BusConflictException {
        return registry.join(name, "9600 baud", port, member);
    }

    private static Thread thread(String bus) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("bmsmain-" + bus))
                .findAny().orElseThrow();
    }

    /** Expects exactly these events next. */
    private void expect(String... expected) throws InterruptedException {
        for (String event : expected) {
            assertEquals(event, events.poll(5, TimeUnit.SECONDS));
        }
    }

    /** Expects these events in this order, with others between them. */
    private void expectLater(String... expected) throws InterruptedException {
        for (String event : expected) {
            String next;
            do {
                next = events.poll(5, TimeUnit.SECONDS);
                assertNotNull(next, "no event: " + event);
            } while (!event.equals(next));
        }
    }

    /** Expects these events in any order, with others between them. */
    private void expectAll(String... expected) throws InterruptedException {
        Set<String> missing = new HashSet<>(List.of(expected));
        while (!missing.isEmpty()) {
            String next = events.poll(5, TimeUnit.SECONDS);
            assertNotNull(next, () -> "no event: " + missing);
            missing.remove(next);
        }
    }

    /** Advances the time until these events occurred, in any order. */
    private void passAll(String... expected) throws InterruptedException {
        Set<String> missing = new HashSet<>(List.of(expected));
        for (int i = 0; i < 200 && !missing.isEmpty(); i++) {
            String next = events.poll(10, TimeUnit.MILLISECONDS);
            if (next == null) {
                ticker.pass(200 * LeapTicker.MILLI);
            } else {
                missing.remove(next);
            }
        }
        assertEquals(Set.of(), missing);
    }

    private void expectServed(String... expected) throws InterruptedException {
        List<String> served = new ArrayList<>();
        while (served.size() < expected.length) {
            String next = events.poll(5, TimeUnit.SECONDS);
            assertNotNull(next, () -> "only " + served);
            if (next.endsWith("served")) {
                served.add(next);
            }
        }
        assertEquals(List.of(expected), served);
    }

    /** Advances the time in steps, small ones first, until an event occurs; returns the elapsed seconds. */
    private double passUntil(String event) throws InterruptedException {
        long passed = 0;
        while (passed < 100 * LeapTicker.SECOND) {
            String next = events.poll(passed == 0 ? 20 : 2, TimeUnit.MILLISECONDS);
            while (next != null) {
                if (event.equals(next)) {
                    return passed / 1e9;
                }
                next = events.poll();
            }
            long step = (passed < LeapTicker.SECOND ? 50 : 500) * LeapTicker.MILLI;
            ticker.pass(step);
            passed += step;
        }
        return fail("no event: " + event);
    }

    /** A port that can be opened or not. */
    private final class Port implements SessionFactory<Session> {
        private final String name;
        volatile @Nullable FailureCause failure;
        volatile boolean bug;
        volatile boolean hangsUp;
        volatile boolean closingBug;
        volatile boolean idleBug;
        private final TraceTap tap = new TraceTap(ticker);
        volatile boolean mute;
        volatile long connectNanos;

        Port(String name) {
            this.name = name;
        }

        @Override
        public @Nullable TraceTap tap() {
            return tap;
        }

        @Override
        public String device(String bus) {
            return links.getOrDefault(bus, bus);
        }

        @Override
        public Session open() throws LinkException {
            return open(ticker.nanos() + NEVER);
        }

        @Override
        public Session open(long until) throws LinkException {
            if (connectNanos > 0) {
                ticker.leap(Math.min(connectNanos, until - ticker.nanos()));
            }
            FailureCause cause = failure;
            if (cause != null) {
                throw LinkException.lost(cause, "");
            }
            if (bug) {
                events.add(name + " bug");
                throw new IllegalStateException("a bug of the factory, for the test");
            }
            events.add(name + " opens");
            return new Session(name, this);
        }
    }

    /** An open port. */
    private final class Session implements BusSession {
        private final String name;
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Port port;
        private volatile boolean answered;

        Session(String name, Port port) {
            this.name = name;
            this.port = port;
        }

        @Override
        public void idle(long untilNanos) throws LinkException {
            if (port.idleBug) {
                throw new IllegalStateException("a bug of the session, for the test");
            }
            if (port.hangsUp) {
                throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
            }
            ticker.parkUntil(untilNanos);
        }

        @Override
        public boolean hasWorked() {
            return answered;
        }

        @Override
        public void close() {
            if (closed.getCount() > 0) {
                closed.countDown();
                isClosed = true;
                events.add(name + " closes");
            }
            if (port.closingBug) {
                throw new IllegalStateException("a bug of the port, for the test");
            }
        }
    }

    /** A member that is due as often as the test sets. */
    private final class Member implements BusMember<Session> {
        private final String name;
        private volatile int wanted;
        private volatile @Nullable CountDownLatch gate;
        volatile boolean urgent;
        volatile boolean loss;
        volatile boolean miss;
        volatile int bugs = 1;
        volatile boolean eager;
        volatile boolean parts;
        volatile Runnable onDue = () -> {
        };
        volatile String bug = "";
        volatile long watchedAt;
        volatile long deadline = ticker.nanos() + NEVER;

        Member(String name) {
            this.name = name;
        }

        void want(int times) {
            wanted = times;
            ticker.wake();
        }

        void hold() {
            gate = new CountDownLatch(1);
        }

        void release() {
            CountDownLatch latch = gate;
            gate = null;
            if (latch != null) {
                latch.countDown();
            }
        }

        private void bug(String where) {
            if (bug.equals(where) && bugs > 0) {
                bugs--;
                events.add(name + " bug");
                throw new IllegalStateException("a bug in " + where + ", for the test");
            }
        }

        @Override
        public long due() {
            onDue.run();
            bug("due");
            return wanted > 0 ? ticker.nanos() : ticker.nanos() + NEVER;
        }

        @Override
        public boolean isUrgent() {
            bug("isUrgent");
            return urgent && wanted > 0;
        }

        @Override
        public void serve(Session session) throws LinkException {
            wanted--;
            bug("serve");
            if ("stack".equals(bug)) {
                events.add(name + " bug");
                throw new StackOverflowError("for the test");
            }
            if (loss || miss) {
                events.add(name + " fails");
                throw new LinkException(Failure.of(FailureCause.NO_ANSWER), loss);
            }
            CountDownLatch latch = gate;
            if (latch != null) {
                events.add(name + " holds");
                try {
                    while (!latch.await(5, TimeUnit.MILLISECONDS) && session.closed.getCount() > 0) {
                        // Like a read that ends when its port is closed.
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            session.answered = !session.port.mute;
            events.add(name + " served");
        }

        @Override
        public long deadline() {
            bug("deadline");
            return deadline;
        }

        @Override
        public void watch(long nowNanos) {
            bug("watch");
            watchedAt = nowNanos;
            deadline = nowNanos + NEVER;
            events.add(name + " watched");
        }

        @Override
        public void renewed() {
            bug("renewed");
        }

        @Override
        public void unavailable(Failure failure) {
            events.add(name + " unavailable " + failure.cause());
            bug("unavailable");
        }

        @Override
        public void onRemoved(Session session) {
            if (parts) {
                assertEquals(1, session.closed.getCount());
                events.add(name + " left");
            }
        }

        @Override
        public void ended() {
            events.add(name + " ended");
        }

        @Override
        public void opened(Session session) {
            wanted = eager ? 1 : wanted;
            events.add(name + " opened");
            bug("opened");
        }
    }
}
