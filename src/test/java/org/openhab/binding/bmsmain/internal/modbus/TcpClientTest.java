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

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Modbus TCP with late, wrong and missing responses. The first transaction has the ID 1.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class TcpClientTest {

    private static final long TIMEOUT = 200 * LeapTicker.MILLI;
    private static final ModbusRequest READ = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2001, 2);

    private final LeapTicker ticker = new LeapTicker();
    private final ScriptedTransport network = new ScriptedTransport(ticker, 0);
    private final TcpClient client = new TcpClient(network, ticker, new LinkProfile());

    @Test
    void asksAndTakesTheAnswer() throws Exception {
        network.device(request -> network.reply(12, tcp(1, "20 04 04 00 00 C1 48")));
        assertEquals(0xC148, client.transact(READ, TIMEOUT).word(1));
        assertEquals("00 01 00 00 00 06 20 04 20 01 00 02", network.sent.get(0));
        assertEquals(12, client.lastRoundTripNanos() / 1e6, 0.001);
    }

    @Test
    void waitsForAnAnswerInPieces() throws Exception {
        byte[] answer = tcp(1, "20 04 04 00 00 C1 48");
        network.device(request -> {
            for (int i = 0; i < answer.length; i++) {
                network.unasked(15.0 * i, new byte[] { answer[i] });
            }
        });
        assertEquals(0xC148, client.transact(READ, TIMEOUT).word(1));
    }

    @Test
    void anExceptionLeavesTheConnectionAsItIs() throws Exception {
        network.device(request -> network.reply(5,
                request.startsWith("00 01") ? tcp(1, "20 84 02") : tcp(2, "20 04 04 00 00 C1 48")));
        assertEquals(2, assertThrows(ModbusException.class, () -> client.transact(READ, TIMEOUT)).code());
        assertEquals(0xC148, client.transact(READ, TIMEOUT).word(1));
    }

    /** Every other failure closes the connection: its stream may contain a late response. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nothing               | ''                                     | NO_ANSWER  | 200
            half an answer        | 00 01 00 00 00 07 20 04 04             | GARBAGE    | 200
            a foreign transaction | 00 09 00 00 00 07 20 04 04 00 00 C1 48 | GARBAGE    | 5
            protocol id 5         | 00 01 00 05 00 07 20 04 04 00 00 C1 48 | GARBAGE    | 5
            another unit          | 00 01 00 00 00 07 21 04 04 00 00 C1 48 | WRONG_UNIT | 5
            a byte count that lies | 00 01 00 00 00 07 20 04 02 00 00 C1 48 | GARBAGE   | 5
            """)
    void everyOtherFailureEndsTheConnection(String what, String answer, FailureCause cause, double millis) {
        if (!answer.isEmpty()) {
            network.device(request -> network.reply(5, hex(answer)));
        }
        LinkException e = assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        assertEquals(cause, e.failure().cause(), what);
        assertTrue(e.isSessionLost(), what);
        assertEquals(cause == FailureCause.WRONG_UNIT ? "33" : "", e.failure().detail());
        assertEquals(millis, ticker.millis(), 0.001);
    }

    /** The response is complete, so the connection works: the device does not provide the requested registers. */
    @Test
    void anAnswerWithFewerRegistersLeavesTheConnectionAsItIs() throws Exception {
        network.device(request -> network.reply(5,
                request.startsWith("00 01") ? tcp(1, "20 04 00") : tcp(2, "20 04 04 00 00 C1 48")));
        LinkException e = assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        assertEquals(FailureCause.GARBAGE, e.failure().cause());
        assertFalse(e.isSessionLost());
        assertEquals(0xC148, client.transact(READ, TIMEOUT).word(1));
    }

    /**
     * A network delivers written data even after the connection was closed, and a command must not overtake an
     * earlier one.
     */
    @Test
    void anUnansweredWriteIsTakenBackWithItsConnection() throws Exception {
        ModbusRequest write = ModbusRequest.writeSingle(32, 0x5108, 1);
        assertTrue(assertThrows(LinkException.class, () -> client.transact(write, TIMEOUT)).isSessionLost());
        assertTrue(network.discards);
        network.device(request -> network.reply(5, tcp(network.sent.size(), "20 04 04 00 00 C1 48")));
        client.transact(READ, TIMEOUT);
        assertFalse(network.discards, "a read may arrive late");
    }

    /** Also when the connection is closed by another thread, or by the end of the program. */
    @Test
    void aWriteCanBeTakenBackFromTheBeginning() throws Exception {
        List<Boolean> discards = new ArrayList<>();
        network.device(request -> {
            discards.add(network.discards);
            network.reply(5, tcp(1, "20 06 51 08 00 01"));
        });
        client.transact(ModbusRequest.writeSingle(32, 0x5108, 1), TIMEOUT);
        assertEquals(List.of(true), discards);
    }

    /** The machine was suspended: data received before is not current. */
    @Test
    void anAnswerThatWaitedWhileTheThreadStoodStillIsNotTaken() {
        network.device(request -> {
            network.reply(5, tcp(1, "20 04 04 00 00 C1 48"));
            ticker.pass(60_000 * LeapTicker.MILLI);
        });
        LinkException e = assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        assertEquals(FailureCause.NO_ANSWER, e.failure().cause());
        assertTrue(e.isSessionLost());
    }

    @Test
    void aLostConnectionIsTold() {
        network.lost = true;
        LinkException e = assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        assertEquals(FailureCause.CONNECTION_LOST, e.failure().cause());
        client.close();
        assertTrue(network.closed);
    }
}
