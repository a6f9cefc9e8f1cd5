/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.modbus.Frames.*;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * RTU on a line with late, corrupted and missing responses. The line has 9600 baud, so a byte takes 1.04 ms. The device
 * responds to a read with registers that contain their own address, so that the origin of every value is known.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RtuClientTest {

    private static final long CHARACTER = 10 * 1_000_000_000L / 9600;
    /** 3.5 characters of eleven bits. */
    private static final long SILENCE = ModbusLine.silenceNanos(9600);
    private static final long TIMEOUT = 200 * LeapTicker.MILLI;

    private final LeapTicker ticker = new LeapTicker();
    private final ScriptedTransport line = new ScriptedTransport(ticker, CHARACTER);
    private final RtuGuard guard = new RtuGuard();
    private final LinkProfile profile = new LinkProfile();
    private RtuClient client = new RtuClient(line, ticker, SILENCE, guard, profile);
    /** Delays of the next responses in milliseconds; negative = no response. Afterwards the device is in time again. */
    private final List<Double> delays = new ArrayList<>();
    private double delay = 5;

    @BeforeEach
    void connect() {
        line.device(request -> {
            double millis = delays.isEmpty() ? delay : delays.remove(0);
            if (millis >= 0) {
                line.reply(millis, answer(request));
            }
        });
    }

    /** The machine was suspended: data received before is not current. */
    @Test
    void anAnswerThatWaitedWhileTheThreadStoodStillIsNotTaken() throws Exception {
        read(0x2000, 17);
        line.device(request -> {
            line.reply(5, answer(request));
            ticker.pass(60_000 * LeapTicker.MILLI);
        });
        assertThrows(LinkException.class, () -> read(0x2000, 17));
    }

    @Test
    void asksAProbeFirstAndBelievesNothingBefore() throws Exception {
        read(0x2000, 17);
        // A probe with one register of the block, then the block.
        assertEquals("20 04 20 00 00 01", body(0));
        assertEquals("20 04 20 00 00 11", body(1));
        assertEquals(2, line.sent.size());
        assertTrue(line.sentAt.get(0) >= 30, "the line was quiet for 30 ms before the first byte");
    }

    /** Valid checksum, unit and length, but the wrong block: a response that was pending when the port was opened. */
    @Test
    void anOldAnswerThatComesAfterTheOpenIsNotTakenForOurs() throws Exception {
        // Before the probe.
        line.unasked(20, rtuAnswer(32, 4, 17, 0xDEAD));
        assertBlock(read(0x2000, 17), 0x2000, 17);
        client = new RtuClient(line, ticker, SILENCE, guard, profile);
        // During the probe, whose response follows it.
        delays.add(60.0);
        line.unasked(32, rtuAnswer(32, 4, 17, 0xDEAD));
        assertBlock(read(0x2000, 17), 0x2000, 17);
    }

    @Test
    void keepsTheSilenceBeforeEachRequest() throws Exception {
        assertEquals(4_010_416, SILENCE);
        warm();
        for (int i = 0; i < 5; i++) {
            read(0x2000, 17);
            double answered = ticker.millis();
            read(0x20F4, 15);
            assertTrue(line.sentAt.get(line.sentAt.size() - 1) - answered >= 4.0, "silence after the last byte");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 600, 1200, 9600, 19200, 38400, 115200 })
    void theSilenceIsThreeAndAHalfCharactersAndFixedAbove19200(int baudRate) {
        double expected = baudRate > 19200 ? 1.75e6 : 3.5 * 11 * 1e9 / baudRate;
        assertEquals(expected, ModbusLine.silenceNanos(baudRate), 1);
    }

    /** The transmission time of request and response is not part of the response timeout. */
    @Test
    void theTimeoutIsTheTimeInWhichTheBoardBeginsItsAnswer() throws Exception {
        warm();
        delay = 199;
        assertBlock(read(0x2000, 125), 0x2000, 125);
        // 8 bytes, 199 ms, 255 bytes.
        assertEquals(199 + 263 * CHARACTER / 1e6, client.lastRoundTripNanos() / 1e6, 1);
        delay = 240;
        assertFailure(FailureCause.NO_ANSWER, 0x20F4, 15);
    }

    /** While bytes are being transmitted, the client does not poll the port. */
    @Test
    void looksAtThePortFewTimes() throws Exception {
        warm();
        delay = 0;
        int before = line.reads;
        read(0x2000, 60);
        assertTrue(line.reads - before <= 6, "reads: " + (line.reads - before));
    }

    /**
     * On a busy machine a resting thread wakes up late. A response that is already there then says nothing about
     * the device, and must not delay the next look.
     */
    @ParameterizedTest
    @ValueSource(doubles = { 0, 0.6, 0.8, 2, 5 })
    void aLateWakeUpIsNotTakenForASlowDevice(double late) throws Exception {
        Ticker sleepy = new Ticker() {
            @Override
            public long nanos() {
                return ticker.nanos();
            }

            @Override
            public Instant now() {
                return ticker.now();
            }

            @Override
            public void parkUntil(long nanos) {
                if (nanos - ticker.nanos() > 0) {
                    ticker.parkUntil(nanos + (long) (late * LeapTicker.MILLI));
                }
            }
        };
        client = new RtuClient(line, sleepy, SILENCE, guard, profile);
        for (int i = 0; i < 200; i++) {
            read(0x2000, 17);
        }
        double device = delay + (8 + 39) * CHARACTER / 1e6;
        double took = client.lastRoundTripNanos() / 1e6;
        assertTrue(took <= device + late + CHARACTER / 1e6, took + " ms, of which the device took " + device);
    }

    /**
     * The fault that other libraries do not handle: a response with the right length arrives just after the timeout.
     */
    @ParameterizedTest
    @ValueSource(doubles = { 201, 205, 215, 225, 230, 235, 240, 250, 260, 270, 300, 350, 390 })
    void aLateAnswerIsNeverTakenForTheNextOne(double late) throws Exception {
        warm();
        delays.add(late);
        assertThrows(LinkException.class, () -> read(0x2000, 17));
        for (int i = 0; i < 20; i++) {
            int address = 0x2100 + 0x20 * i;
            try {
                assertBlock(read(address, 17), address, 17);
            } catch (LinkException e) {
                assertTrue(i < 2, "the third attempt is answered at the latest");
            }
        }
    }

    @Test
    void probesWithAnotherLengthThanAllThatAreOpen() throws Exception {
        warm();
        delays.addAll(List.of(-1.0, -1.0));
        assertFailure(FailureCause.NO_ANSWER, 0x2000, 1);
        // A response with 1 register is pending: the probe has 2 registers, at the start of the longest block that
        // was read.
        assertFailure(FailureCause.NO_ANSWER, 0x20F4, 1);
        assertEquals("20 04 20 00 00 02", body(line.sent.size() - 1));
        assertBlock(read(0x20F4, 3), 0x20F4, 3);
        // No response with 3 registers is pending, so the response itself is a proof.
        assertEquals("20 04 20 F4 00 03", body(line.sent.size() - 1));
        assertEquals("20 04 20 00 00 02", body(line.sent.size() - 2));
    }

    @Test
    void aRequestOfAnotherLengthNeedsNoProbe() throws Exception {
        warm();
        delays.add(290.0);
        assertFailure(FailureCause.NO_ANSWER, 0x2000, 17);
        int before = line.sent.size();
        // The late response with 17 registers comes first and is discarded.
        assertBlock(read(0x20F4, 15), 0x20F4, 15);
        assertEquals(before + 1, line.sent.size());
        // That proved that no older response is pending.
        assertBlock(read(0x2000, 17), 0x2000, 17);
        assertEquals(before + 2, line.sent.size());
    }

    /** A device that ignores requests for longer than the timeout would ignore a probe sent at its end. */
    @Test
    void aProbeIsKeptBackLikeTheRequestThatCameTooSoon() throws Exception {
        double[] answered = { -1000 };
        line.device(request -> {
            if (ticker.millis() - answered[0] >= 297) {
                line.reply(5, answer(request));
                answered[0] = ticker.millis() + 5;
            }
        });
        assertFailure(FailureCause.NO_ANSWER, 0x2000, 17);
        assertBlock(read(0x2000, 17), 0x2000, 17);
        assertEquals(4, line.sent.size(), "probe, overlooked request, probe, request");
    }

    /** The late response alone has the awaited length, but the device needs its time for our request. */
    @Test
    void waitsForTheAnswerBehindALongerLateOne() throws Exception {
        warm();
        delays.addAll(List.of(340.0, 58.0));
        assertFailure(FailureCause.NO_ANSWER, 0x2000, 60);
        assertBlock(read(0x20F4, 15), 0x20F4, 15);
    }

    @Test
    void aLateExceptionIsNotTakenForTheNextRequest() throws Exception {
        warm();
        line.device(request -> line.reply(request.startsWith("20 04 21") ? 290 : 5,
                request.startsWith("20 04 21") ? rtu("20 84 04") : answer(request)));
        assertFailure(FailureCause.NO_ANSWER, 0x2100, 17);
        LinkException e = assertThrows(LinkException.class, () -> read(0x20F4, 15));
        assertEquals(FailureCause.EXCEPTION, e.failure().cause());
        assertBlock(read(0x20F4, 15), 0x20F4, 15);
    }

    @Test
    void anExceptionToTheProbeEndsTheDoubtAfterSilence() throws Exception {
        line.device(request -> line.reply(5, request.startsWith("20 04 00 00") ? rtu("20 84 02") : answer(request)));
        ModbusException e = assertThrows(ModbusException.class, () -> read(0x0000, 5));
        assertEquals(2, e.code());
        // 200 ms without a byte between the rejected probe and the request.
        assertTrue(line.sentAt.get(1) - line.sentAt.get(0) > 200);
        // Repeated, after the same probe.
        assertEquals(4, line.sent.size());
        assertBlock(read(0x1000, 3), 0x1000, 3);
        assertEquals(5, line.sent.size());
    }

    /** A gateway that repeats its last response: the next block would count as missing in the board. */
    @Test
    void aRefusalThatIsRepeatedIsNotThatOfTheNextBlock() throws Exception {
        ScriptedTransport network = new ScriptedTransport(ticker, 0);
        RtuClient gateway = new RtuClient(network, ticker, 0, guard, profile);
        network.device(request -> {
            if (request.startsWith("20 03")) {
                network.reply(5, rtu("20 83 06"));
                network.reply(2, rtu("20 84 02"));
            } else {
                network.reply(5, answer(request));
            }
        });
        gateway.transact(ModbusRequest.read(32, 4, 0x2000, 17), TIMEOUT);
        assertThrows(ModbusException.class, () -> gateway.transact(ModbusRequest.read(32, 3, 0x4000, 1), TIMEOUT));
        assertBlock(gateway.transact(ModbusRequest.read(32, 4, 0x20F4, 15), TIMEOUT), 0x20F4, 15);
    }

    /** An exception is accepted when the board repeats it; a write is never repeated. */
    @Test
    void onlyARefusedReadIsAskedAgain() throws Exception {
        warm();
        line.device(request -> line.reply(5, request.startsWith("20 04 20 00") ? answer(request)
                : request.startsWith("20 06") ? rtu("20 86 02") : rtu("20 84 02")));
        int before = line.sent.size();
        assertThrows(ModbusException.class, () -> read(0x2185, 30));
        assertEquals("20 04 21 85 00 1E", body(before));
        assertEquals("20 04 20 00 00 01", body(before + 1));
        assertEquals("20 04 21 85 00 1E", body(before + 2));
        assertEquals(before + 3, line.sent.size());
        assertThrows(ModbusException.class, () -> client.transact(ModbusRequest.writeSingle(32, 0x5108, 1), TIMEOUT));
        assertEquals(before + 4, line.sent.size());
    }

    @Test
    void fourProbesWithoutAnAnswerEndTheSession() throws Exception {
        warm();
        delay = -1;
        assertFalse(assertFailure(FailureCause.NO_ANSWER, 0x2000, 17).isSessionLost());
        for (int i = 1; i <= 3; i++) {
            assertFalse(assertFailure(FailureCause.NO_ANSWER, 0x2000, 17).isSessionLost(), "probe " + i);
        }
        assertTrue(assertFailure(FailureCause.NO_ANSWER, 0x2000, 17).isSessionLost());
        Set<String> lengths = new TreeSet<>();
        for (int i = line.sent.size() - 4; i < line.sent.size(); i++) {
            assertTrue(lengths.add(body(i)), "each probe has another length");
        }
    }

    /** The port works as long as other units respond. Reopening it would take time from them. */
    @Test
    void aDeadUnitDoesNotEndTheSessionOfTheOthers() throws Exception {
        line.device(request -> {
            if (request.startsWith("20")) {
                line.reply(5, answer(request));
            }
        });
        ModbusRequest dead = ModbusRequest.read(33, 4, 0x2000, 17);
        for (int i = 0; i < 10; i++) {
            assertFalse(assertThrows(LinkException.class, () -> client.transact(dead, TIMEOUT)).isSessionLost());
            assertBlock(read(0x2000, 17), 0x2000, 17);
        }
    }

    /** A device that was stopped sends all responses at once, in order, when it continues. */
    @Test
    void aProofThatOtherAnswersFollowIsNone() throws Exception {
        client = new RtuClient(line, ticker, SILENCE, guard, profile);
        // Responses from an earlier session: to probes of one and of three registers, and to a request of seventeen.
        line.device(request -> {
            if (line.sent.size() == 1) {
                line.reply(5, concat(rtuAnswer(32, 4, 1, 0xDEAD), rtuAnswer(32, 4, 3, 0xDEAD),
                        rtuAnswer(32, 4, 17, 0xDEAD), rtuAnswer(32, 4, 5, 0xDEAD), rtuAnswer(32, 4, 1, 0x2000)));
            } else {
                line.reply(5, answer(request));
            }
        });
        for (int i = 0; i < 5; i++) {
            try {
                assertBlock(read(0x0000, 5), 0x0000, 5);
            } catch (LinkException e) {
                assertTrue(i < 2, "the flood is over");
            }
        }
    }

    /** Some adapters add a byte when they switch from sending to receiving. */
    @Test
    void aByteOfNoiseBehindEachAnswerDisturbsNothing() throws Exception {
        line.device(request -> line.reply(5, concat(answer(request), hex("00"))));
        for (int i = 0; i < 5; i++) {
            assertBlock(read(0x2000, 17), 0x2000, 17);
            assertBlock(read(0x20F4, 15), 0x20F4, 15);
        }
        assertEquals(1 + 10, line.sent.size());
    }

    /** At the end of the map there is no room for two registers. */
    @Test
    void probesAtTheLastRegister() throws Exception {
        ModbusRequest last = ModbusRequest.read(32, 4, 0xFFFF, 1);
        assertEquals(0xFFFF, client.transact(last, TIMEOUT).word(0));
        delays.add(290.0);
        assertThrows(LinkException.class, () -> client.transact(last, TIMEOUT));
        assertEquals(0xFFFF, client.transact(last, TIMEOUT).word(0));
    }

    @Test
    void tellsGarbageFromSilenceAndFromAnotherUnit() throws Exception {
        warm();
        delay = -1;
        assertFailure(FailureCause.NO_ANSWER, 0x2000, 17);
        line.device(request -> line.reply(5, hex("13 37 55 AA 55")));
        assertFailure(FailureCause.GARBAGE, 0x20F4, 15);
        line.device(request -> line.reply(5, rtuAnswer(33, 4, 15, 0)));
        LinkException e = assertFailure(FailureCause.WRONG_UNIT, 0x20F4, 14);
        assertEquals("33", e.failure().detail());
    }

    /**
     * The bytes received instead of the response, and the silence until the client gives up.
     *
     * @param place index of the corrupted byte of the response, or -1 for another frame
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource({ //
            "a register is spoilt, 5, '', 4", //
            "the checksum is spoilt, 34, '', 4", //
            "the head is spoilt, 2, '', 30", //
            "an answer of another function, -1, 03, 30", //
            "a refusal of another function, -1, 83 02, 30" })
    void doesNotWaitOutTheTimeoutForAnAnswerThatIsSpoilt(String what, int place, String function, double silence)
            throws Exception {
        warm();
        line.device(request -> {
            byte[] spoilt = answer(request);
            if (place >= 0) {
                spoilt[place] ^= 0x10;
            } else {
                spoilt = function.length() > 2 ? rtu("20 " + function) : rtuAnswer(32, 3, 15, 0x1234);
            }
            line.reply(5, spoilt);
        });
        double begun = ticker.millis();
        assertFailure(FailureCause.GARBAGE, 0x20F4, 15);
        // The client does not look before the time at which the response would be complete.
        double wire = (4 + 8 + 35) * CHARACTER / 1e6;
        // After a complete frame, the next look is at the time at which a response after it would be complete.
        assertEquals(begun + wire + 5 + silence, ticker.millis(), place < 0 ? 7 : 2);
    }

    /**
     * The response arrived, though corrupted, so no other of this length is pending: the next one is
     * accepted immediately.
     */
    @Test
    void asksNoProbeBehindAnAnswerThatIsSpoiltInItself() throws Exception {
        warm();
        spoilNext();
        assertFailure(FailureCause.GARBAGE, 0x20F4, 15);
        int before = line.sent.size();
        assertBlock(read(0x20F4, 15), 0x20F4, 15);
        assertEquals(before + 1, line.sent.size());
    }

    /** A response of this length may be late: it is unknown whether the corrupted one was that response. */
    @Test
    void asksAProbeBehindASpoiltAnswerThatMayBeALateOne() throws Exception {
        warm();
        delays.add(-1.0);
        assertFailure(FailureCause.NO_ANSWER, 0x2000, 17);
        spoilNext();
        assertFailure(FailureCause.GARBAGE, 0x20F4, 15);
        int before = line.sent.size();
        assertBlock(read(0x20F4, 15), 0x20F4, 15);
        assertEquals(before + 2, line.sent.size());
    }

    private void spoilNext() {
        boolean[] done = { false };
        line.device(request -> {
            byte[] bytes = answer(request);
            bytes[5] ^= (byte) (done[0] ? 0 : 0x10);
            done[0] = true;
            line.reply(5, bytes);
        });
    }

    /** A device that never stops sending counts as garbage, and the bus continues with others. */
    @Test
    void givesUpOnALineThatBabbles() throws Exception {
        warm();
        line.unasked(0, new byte[3000]);
        double begun = ticker.millis();
        LinkException e = assertFailure(FailureCause.GARBAGE, 0x2000, 17);
        assertFalse(e.isSessionLost());
        assertTrue(ticker.millis() - begun < 1200);
        // It stops after 3.1 s.
        ticker.pass(2_500 * LeapTicker.MILLI);
        assertBlock(read(0x2000, 17), 0x2000, 17);
    }

    @Test
    void throwsAwayWhatCameUnaskedWithoutAFailure() throws Exception {
        warm();
        line.unasked(50, rtuAnswer(32, 4, 15, 0xDEAD));
        ticker.pass(300 * LeapTicker.MILLI);
        assertBlock(read(0x20F4, 15), 0x20F4, 15);
    }

    @Test
    void aLostPortIsTold() throws Exception {
        warm();
        line.lost = true;
        assertTrue(assertFailure(FailureCause.CONNECTION_LOST, 0x2000, 17).isSessionLost());
        client.close();
        assertTrue(line.closed);
    }

    /** The port is lost while a probe is pending; the response is there when the port is back. */
    @Test
    void theAnswerToARequestFromBeforeTheLossProvesNothing() throws Exception {
        warm();
        client = new RtuClient(line, ticker, SILENCE, guard, profile);
        line.device(request -> line.lost = true);
        assertTrue(assertFailure(FailureCause.CONNECTION_LOST, 0x20F4, 15).isSessionLost());
        assertEquals("20 04 20 00 00 01", body(line.sent.size() - 1));
        line.lost = false;
        client = new RtuClient(line, ticker, SILENCE, guard, profile);
        line.device(request -> line.reply(5, answer(request)));
        assertBlock(read(0x20F4, 15), 0x20F4, 15);
        assertEquals("20 04 20 00 00 02", body(line.sent.size() - 2));
    }

    /** A gateway whose far end is dead accepts all bytes and returns none. */
    @Test
    void aConnectionOnWhichNothingComesIsMadeAnewAfterTwoRequests() throws Exception {
        ScriptedTransport network = new ScriptedTransport(ticker, 0);
        RtuClient gateway = new RtuClient(network, ticker, 0, guard, profile);
        ModbusRequest request = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2000, 17);
        assertFalse(assertThrows(LinkException.class, () -> gateway.transact(request, TIMEOUT)).isSessionLost());
        assertTrue(assertThrows(LinkException.class, () -> gateway.transact(request, TIMEOUT)).isSessionLost());
    }

    /** The network to a gateway delivers written data even after the connection was closed. */
    @Test
    void anUnansweredWriteIsTakenBackWithTheConnectionToAGateway() throws Exception {
        ScriptedTransport network = new ScriptedTransport(ticker, 0);
        RtuClient gateway = new RtuClient(network, ticker, 0, guard, profile);
        network.device(request -> network.reply(5, answer(request)));
        ModbusRequest write = ModbusRequest.writeSingle(32, 0x5108, 1);
        gateway.transact(write, TIMEOUT);
        network.device(request -> {
        });
        assertTrue(assertThrows(LinkException.class, () -> gateway.transact(write, TIMEOUT)).isSessionLost());
        assertTrue(network.discards);
        network.device(request -> network.reply(5, answer(request)));
        RtuClient anew = new RtuClient(network, ticker, 0, guard, profile);
        anew.transact(ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2000, 17), TIMEOUT);
        assertFalse(network.discards);
    }

    /** On a serial line a write cannot be withdrawn, and reopening the port disturbs the other devices. */
    @Test
    void anUnansweredWriteLeavesALineOpen() throws Exception {
        warm();
        delay = -1;
        assertFalse(assertThrows(LinkException.class,
                () -> client.transact(ModbusRequest.writeSingle(32, 0x5108, 1), TIMEOUT)).isSessionLost());
    }

    /**
     * A gateway that sends endlessly after a request: the call must return to the bus thread, or expired values
     * would stay.
     */
    @Test
    void aFloodEndsAtTheDeadline() {
        Flood flood = new Flood();
        RtuClient gateway = new RtuClient(flood, ticker, 0, guard, profile);
        ModbusRequest request = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2000, 17);
        LinkException e = assertThrows(LinkException.class, () -> gateway.transact(request, TIMEOUT));
        assertEquals(FailureCause.GARBAGE, e.failure().cause());
        // The silence before the request, the timeout, and the tolerance for the end of a response.
        assertEquals(30 + 200 + 50, ticker.millis(), 1);
    }

    /** Bytes without a pause. */
    private final class Flood implements ByteTransport {
        private boolean asked;

        @Override
        public void open() {
            // always open
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long deadline) {
            if (!asked) {
                ticker.parkUntil(deadline);
                return 0;
            }
            // Fewer bytes than the limit for closing a connection.
            ticker.pass(LeapTicker.MILLI);
            assertTrue(ticker.millis() < 10_000, "no end");
            Arrays.fill(buffer, offset, offset + length, (byte) 0x55);
            return length;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            asked = true;
        }

        @Override
        public long wireNanos(int bytes) {
            return 0;
        }

        @Override
        public void close() {
            // nothing to close
        }
    }

    /** Pending responses of one unit do not affect another. */
    @Test
    void unitsAreInDoubtOneByOne() throws Exception {
        warm();
        client.transact(ModbusRequest.read(33, 4, 0x2000, 17), TIMEOUT);
        delays.add(-1.0);
        assertFailure(FailureCause.NO_ANSWER, 0x2000, 17);
        int before = line.sent.size();
        client.transact(ModbusRequest.read(33, 4, 0x2000, 17), TIMEOUT);
        assertEquals(before + 1, line.sent.size());
        assertBlock(read(0x2000, 17), 0x2000, 17);
        assertEquals(before + 3, line.sent.size());
    }

    @Test
    void aWriteIsTheWholeEcho() throws Exception {
        warm();
        client.transact(ModbusRequest.writeSingle(32, 0x5108, 1), TIMEOUT);
        assertEquals("20 06 51 08 00 01", body(line.sent.size() - 1));
        line.device(request -> line.reply(5, rtu("20 06 51 08 00 00")));
        assertThrows(LinkException.class, () -> client.transact(ModbusRequest.writeSingle(32, 0x5108, 1), TIMEOUT));
    }

    /** Any mix of delays, noise and corrupted bytes, and any order of blocks: never a value of another block. */
    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5 })
    void noMixOfFaultsShowsAWrongValue(long seed) throws Exception {
        Random random = new Random(seed);
        line.device(request -> {
            int kind = random.nextInt(60);
            double millis = kind == 0 ? 2_000
                    : kind < 6 ? 200 + 300 * random.nextDouble()
                            : kind < 12 ? 190 + 60 * random.nextDouble() : 30 * random.nextDouble();
            byte[] answer = answer(request);
            switch (random.nextInt(12)) {
                case 0 -> answer[random.nextInt(answer.length)] ^= 1 << random.nextInt(8);
                case 1 -> answer = concat(new byte[] { (byte) random.nextInt(), 32, 4 }, answer);
                case 2 -> answer = concat(answer, new byte[random.nextInt(4)]);
                case 3 -> answer = random.nextBoolean() ? rtu("20 84 04") : new byte[0];
                default -> {
                    // unchanged
                }
            }
            line.reply(millis, answer);
        });
        int good = 0;
        int[][] blocks = { { 0x0000, 5 }, { 0x1000, 3 }, { 0x2000, 17 }, { 0x20F4, 15 }, { 0x2185, 17 },
                { 0x2410, 5 } };
        for (int i = 0; i < 1500; i++) {
            int[] block = blocks[random.nextInt(blocks.length)];
            try {
                assertBlock(read(block[0], block[1]), block[0], block[1]);
                good++;
            } catch (LinkException e) {
                if (e.isSessionLost()) {
                    client = new RtuClient(line, ticker, SILENCE, guard, profile);
                }
                ticker.pass(random.nextInt(300) * LeapTicker.MILLI);
            } catch (ModbusException e) {
                assertEquals(4, e.code());
            }
        }
        assertTrue(good > 300, "good answers: " + good);
    }

    @Test
    void knowsHowBusyTheLineIs() throws Exception {
        warm();
        ticker.pass(10 * LeapTicker.SECOND);
        client.loadPercent();
        ticker.pass(LeapTicker.SECOND);
        delay = 5;
        read(0x2000, 17);
        ticker.pass(10 * LeapTicker.SECOND);
        // 8 + 39 bytes and 5 ms in about eleven seconds.
        assertEquals(0.5, client.loadPercent(), 0.05);
    }

    private void warm() throws Exception {
        read(0x2000, 17);
    }

    private RegisterView read(int address, int count) throws ModbusException, LinkException {
        return client.transact(ModbusRequest.read(32, ModbusRequest.READ_INPUT, address, count), TIMEOUT);
    }

    private LinkException assertFailure(FailureCause cause, int address, int count) {
        LinkException e = assertThrows(LinkException.class, () -> read(address, count));
        assertEquals(cause, e.failure().cause());
        return e;
    }

    private static void assertBlock(RegisterView registers, int address, int count) {
        assertEquals(count, registers.count());
        for (int i = 0; i < count; i++) {
            assertEquals(address + i, registers.word(i), "a value of another block");
        }
    }

    /** A request without its checksum. */
    private String body(int place) {
        String frame = line.sent.get(place);
        return frame.substring(0, frame.length() - 6);
    }

    /** Registers that hold their own address; the echo of a write. */
    private static byte[] answer(String request) {
        byte[] asked = hex(request);
        if (asked[1] != 3 && asked[1] != 4) {
            return asked;
        }
        int address = (asked[2] & 0xFF) << 8 | asked[3] & 0xFF;
        int count = asked[5] & 0xFF;
        StringBuilder text = new StringBuilder(String.format("%02X %02X %02X", asked[0], asked[1], 2 * count));
        for (int i = 0; i < count; i++) {
            text.append(String.format(" %02X %02X", address + i >> 8, address + i & 0xFF));
        }
        return rtu(text.toString());
    }
}
