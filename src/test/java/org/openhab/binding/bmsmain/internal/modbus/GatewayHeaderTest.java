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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openhab.binding.bmsmain.internal.modbus.Frames.hex;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Gateways whose headers deviate from Modbus TCP: accepted if the rest of the response matches, reported otherwise.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class GatewayHeaderTest {

    private static final long TIMEOUT = 200 * LeapTicker.MILLI;
    private static final ModbusRequest READ = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2001, 2);
    private static final ModbusRequest OTHER = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2100, 3);

    private boolean bytewise;
    private final LeapTicker ticker = new LeapTicker();
    private final ScriptedTransport network = new ScriptedTransport(ticker, 0);
    private final ModbusLine line = ModbusLine.tcp("gateway", 502, TcpMode.TCP, network, ticker);

    /**
     * Each register contains its own address. T, U, A: transaction, unit and PDU of the plain response; C: a checksum.
     */
    private void answers(String pattern) {
        network.device(request -> {
            byte[] asked = hex(request);
            int address = (asked[8] & 0xFF) << 8 | asked[9] & 0xFF;
            int count = asked[11] & 0xFF;
            StringBuilder pdu = new StringBuilder(String.format("04 %02X", 2 * count));
            for (int i = 0; i < count; i++) {
                pdu.append(String.format(" %02X %02X", address + i >> 8, address + i & 0xFF));
            }
            int length = 3 + 2 * count;
            String answer = pattern.replace("T-1", String.format("%02X %02X", asked[0], asked[1] - 1))
                    .replace("TT", String.format("%02X %02X", asked[0], asked[1]))
                    .replace("L+2", String.format("00 %02X", length + 2))
                    .replace("L-1", String.format("00 %02X", length - 1))
                    .replace("LL", String.format("00 %02X", length)).replace("AA", pdu);
            byte[] bytes = hex(answer);
            for (int i = 0; i < bytes.length; i++) {
                if (bytewise) {
                    network.unasked(5 + i, new byte[] { bytes[i] });
                }
            }
            if (!bytewise) {
                network.reply(5, bytes);
            }
        });
    }

    private int connectionsUntilRead() {
        for (int connections = 1; connections <= 5; connections++) {
            try (ModbusClient client = line.open()) {
                for (int i = 0; i < 10; i++) {
                    assertEquals(0x2002, client.transact(READ, TIMEOUT).word(1));
                    assertEquals(0x2102, client.transact(OTHER, TIMEOUT).word(2));
                }
                return connections;
            } catch (LinkException | ModbusException e) {
                ticker.parkUntil(ticker.nanos() + LeapTicker.SECOND);
            }
        }
        return 0;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            as the standard has it       | TT 00 00 LL 20 AA             | 1 | ''
            unit 0                       | TT 00 00 LL 00 AA             | 2 | unit-id
            unit 1                       | TT 00 00 LL 01 AA             | 2 | unit-id
            unit 255                     | TT 00 00 LL FF AA             | 2 | unit-id
            length 0                     | TT 00 00 00 00 20 AA          | 2 | length-field
            length one too short         | TT 00 00 L-1 20 AA            | 2 | length-field
            length of the request        | TT 00 00 00 06 20 AA          | 2 | length-field
            a checksum, counted          | TT 00 00 L+2 20 AA C0 DE      | 3 | extra-bytes length-field
            a checksum, not counted      | TT 00 00 LL 20 AA C0 DE       | 2 | extra-bytes
            padded by a byte             | TT 00 00 LL 20 AA 00          | 2 | extra-bytes
            protocol id 256              | TT 01 00 LL 20 AA             | 2 | protocol-id
            transaction 0                | 00 00 00 00 LL 20 AA          | 3 | transaction-id
            a transaction of its own     | 42 42 00 00 LL 20 AA          | 3 | transaction-id
            the transaction before       | T-1 00 00 LL 20 AA            | 3 | transaction-id
            transaction 0 and unit 255   | 00 00 00 00 LL FF AA          | 3 | unit-id transaction-id
            """)
    void isReadOnceTheDepartureIsKnown(String what, String answer, int connections, String departures)
            throws LinkException {
        answers(answer);
        assertEquals(connections, connectionsUntilRead(), what);
        try (ModbusClient client = line.open()) {
            assertEquals(departures, client.profile().header().text());
        }
    }

    /** Through a gateway that forwards each byte as it arrives. */
    @ParameterizedTest
    @CsvSource({ "TT 00 00 00 06 20 AA, length-field", "00 00 00 00 LL 20 AA, transaction-id",
            "TT 00 00 LL FF AA, unit-id" })
    void isReadByteByByte(String answer, String departures) throws LinkException {
        bytewise = true;
        answers(answer);
        assertTrue(connectionsUntilRead() > 0);
        try (ModbusClient client = line.open()) {
            assertEquals(departures, client.profile().header().text());
        }
    }

    /** One corrupted response is not a habit: the next plain response is checked as strictly as before. */
    @Test
    void aSingleDepartureIsNoHabit() throws Exception {
        answers("TT 00 00 LL FF AA");
        try (ModbusClient client = line.open()) {
            assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        }
        answers("TT 00 00 LL 20 AA");
        try (ModbusClient client = line.open()) {
            for (int i = 0; i < 100; i++) {
                client.transact(READ, TIMEOUT);
            }
            assertEquals("", client.profile().header().text());
            answers("TT 00 00 LL FF AA");
            assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        }
    }

    /** The unit of another board on the same gateway is never accepted instead of this one. */
    @Test
    void theUnitOfAnotherBoardIsNoStandIn() throws Exception {
        answers("TT 00 00 LL 01 AA");
        ModbusRequest neighbour = ModbusRequest.read(1, ModbusRequest.READ_INPUT, 0x2001, 2);
        for (int i = 0; i < 5; i++) {
            try (ModbusClient client = line.open()) {
                client.transact(neighbour, TIMEOUT);
                LinkException e = assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
                assertEquals(FailureCause.WRONG_UNIT, e.failure().cause());
            }
        }
    }

    @Test
    void namesRtuFrames() throws Exception {
        network.device(request -> network.reply(5, Frames.rtu("20 04 04 00 00 C1 48")));
        for (int i = 0; i < 5; i++) {
            try (ModbusClient client = line.open()) {
                LinkException e = assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
                assertEquals(FailureCause.WRONG_FRAMING, e.failure().cause());
                assertEquals("rtu", e.failure().detail());
            }
        }
    }

    /** IAC WILL ECHO, IAC WILL SUPPRESS-GO-AHEAD: the server doubles FF from then on, which corrupts a response. */
    @Test
    void namesTelnet() throws Exception {
        ModbusLine rtu = ModbusLine.tcp("server", 23, TcpMode.RTU, network, ticker);
        network.unasked(1, hex("FF FB 01 FF FB 03"));
        network.device(request -> network.reply(5, hex("20 04 04 FF FF FF FF 00 00")));
        try (ModbusClient client = rtu.open()) {
            LinkException e = assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
            assertEquals(FailureCause.TELNET, e.failure().cause());
            assertEquals("telnet", client.profile().gateway());
        }
    }

    /** The timeout is extended once responses are seen to arrive after it. */
    @Test
    void waitsLongerForAnswersThatComeLate() throws Exception {
        network.device(
                request -> network.reply(700, hex(request.substring(0, 6) + "00 00 00 07 20 04 04 00 00 C1 48")));
        int lost = 0;
        try (ModbusClient client = line.open()) {
            for (int good = 0; good < 5 && lost < 10;) {
                try {
                    assertEquals(0xC148, client.transact(READ, 500 * LeapTicker.MILLI).word(1));
                    good++;
                } catch (LinkException e) {
                    assertTrue(!e.isSessionLost(), "lost after " + lost);
                    lost++;
                }
            }
        }
        assertTrue(lost <= 4, "lost " + lost);
    }
}
