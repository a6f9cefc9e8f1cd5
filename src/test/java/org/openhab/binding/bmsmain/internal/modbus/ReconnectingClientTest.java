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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * Gateways that close an idle connection, or close it after each response.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ReconnectingClientTest {

    private static final long TIMEOUT = 200 * LeapTicker.MILLI;
    private static final ModbusRequest READ = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2001, 2);
    private static final ModbusRequest WRITE = ModbusRequest.writeSingle(32, 0x5108, 1);

    private final LeapTicker ticker = new LeapTicker();
    private final ScriptedTransport network = new ScriptedTransport(ticker, 0);
    private final LinkProfile profile = new LinkProfile();
    private int connects;
    private final ReconnectingClient client = new ReconnectingClient(connection(), patience -> {
        assertEquals(TIMEOUT, patience);
        connects++;
        network.lost = false;
        return connection();
    });

    private TcpClient connection() {
        return new TcpClient(network, ticker, profile);
    }

    private void answer(String request) {
        int id = Integer.parseInt(request.substring(3, 5), 16);
        network.reply(5, tcp(id, request.contains(" 20 06 ") ? "20 06 51 08 00 01" : "20 04 04 00 00 C1 48"));
    }

    @Test
    void aReadThatFindsItClosedIsMadeAgain() throws Exception {
        network.device(this::answer);
        for (int i = 0; i < 5; i++) {
            assertEquals(0xC148, client.transact(READ, TIMEOUT).word(1));
            network.lost = true;
        }
        assertEquals(4, connects);
        assertEquals(5, network.sent.size());
    }

    /** A device that closes at this request does so again. */
    @Test
    void itIsMadeAgainOnce() throws Exception {
        network.device(this::answer);
        client.transact(READ, TIMEOUT);
        network.device(request -> network.lost = true);
        LinkException e = assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        assertEquals(FailureCause.CONNECTION_LOST, e.failure().cause());
        assertEquals(3, network.sent.size());
        assertTrue(client.hasWorked(), "it is tried again soon");
    }

    /** Each connect costs that time: closing at every request would double it. */
    @Test
    void itIsNotMadeAgainWhereADeviceIsQuietAfterAConnect() throws Exception {
        profile.connected(ticker.nanos());
        profile.silent(32);
        profile.silent(32);
        profile.answered(32, ticker.nanos() + 3_000 * LeapTicker.MILLI);
        network.device(this::answer);
        client.transact(READ, TIMEOUT);
        network.lost = true;
        assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        assertEquals(0, connects);
    }

    @Test
    void aConnectionThatNeverWorkedIsNotMadeAgain() {
        network.device(request -> network.lost = true);
        assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        assertEquals(0, connects);
        assertFalse(client.hasWorked());
    }

    /** A request on this connection may still be answered. */
    @Test
    void aReadWithoutAnAnswerIsNotMadeAgain() throws Exception {
        network.device(this::answer);
        client.transact(READ, TIMEOUT);
        network.device(request -> {
        });
        assertThrows(LinkException.class, () -> client.transact(READ, TIMEOUT));
        assertEquals(0, connects);
    }

    @Test
    void aWriteIsNeverMadeTwice() throws Exception {
        network.device(this::answer);
        client.transact(READ, TIMEOUT);
        network.device(request -> network.lost = true);
        assertThrows(LinkException.class, () -> client.transact(WRITE, TIMEOUT));
        assertEquals(0, connects);
        assertEquals(2, network.sent.size());
    }

    /** If the previous connection was closed, this one may be closed too, and the command would be lost. */
    @Test
    void aWriteIsMadeOverANewConnectionWhereTheLastWasClosed() throws Exception {
        network.device(this::answer);
        client.transact(READ, TIMEOUT);
        network.lost = true;
        client.transact(READ, TIMEOUT);
        network.lost = true;
        client.transact(WRITE, TIMEOUT);
        assertEquals(2, connects);
        assertEquals(3, network.sent.size());
    }
}
