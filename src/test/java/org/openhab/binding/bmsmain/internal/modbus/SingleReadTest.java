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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;

/**
 * A single read of some registers by a visitor of the bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SingleReadTest {

    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final BusRegistry registry = new BusRegistry(Ticker.system());

    private SingleRead.Result read(int port, int unit, Table table, int address, int count) throws Exception {
        ModbusLine line = ModbusLine.tcp("127.0.0.1", port, TcpMode.TCP, Ticker.system());
        SingleRead.Result result = SingleRead.of(line, registry, unit, table, address, count, TIMEOUT, Ticker.system())
                .get(20, TimeUnit.SECONDS);
        registry.close();
        assertEquals(List.of(), registry.names(), "the guest has left");
        return result;
    }

    @Test
    void readsOnceAndLeaves() throws Exception {
        try (Twin twin = Twin.tcp(0, new TwinBoard().frozen(true).set("input:0x2150", "65535"))) {
            SingleRead.Result result = read(twin.port(), 32, Table.INPUT, 0x2150, 1);
            assertArrayEquals(new int[] { 65535 }, result.registers());
            assertEquals(0, result.exception());
            assertNull(result.failure());
            assertArrayEquals(new int[] { 1 }, read(twin.port(), 32, Table.HOLDING, 0x4000, 1).registers());
            assertEquals(2, twin.log().requests());
            assertEquals(0, twin.log().writes());
        }
    }

    @Test
    void tellsTheException() throws Exception {
        try (Twin twin = Twin.tcp(0, new TwinBoard().frozen(true))) {
            SingleRead.Result result = read(twin.port(), 32, Table.INPUT, 0x3000, 1);
            assertEquals(2, result.exception());
            assertEquals(0, result.registers().length);
            assertEquals(1, twin.log().requests());
        }
    }

    @Test
    void tellsWhyThereIsNoAnswer() throws Exception {
        int port;
        try (Twin twin = Twin.tcp(0, new TwinBoard().frozen(true))) {
            port = twin.port();
            assertEquals(Failure.of(FailureCause.NO_ANSWER_YET), read(port, 33, Table.INPUT, 0x2100, 2).failure());
        }
        Failure refused = read(port, 32, Table.INPUT, 0x2100, 2).failure();
        assertEquals(FailureCause.REFUSED, refused == null ? null : refused.cause());
    }

    @Test
    void registersThatCannotBeAreNotAskedFor() {
        for (int[] range : new int[][] { { 0, 0 }, { 0, 126 }, { 65535, 2 }, { -1, 1 } }) {
            assertThrows(IllegalArgumentException.class, () -> read(1, 32, Table.INPUT, range[0], range[1]));
        }
        assertEquals(List.of(), registry.names());
    }
}
