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

import java.util.Arrays;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A server that responds and then repeats the same valid response as fast as it is read. The client closes the
 * connection after a bounded number of bytes. The connection does not count as successful, so the delay between
 * attempts increases.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(30)
class FloodTest {

    private static final long TIMEOUT = 500 * LeapTicker.MILLI;
    private static final int MOST_BYTES = 1 << 20;

    enum Client {
        SERIAL,
        RTU_OVER_TCP,
        TCP
    }

    private final LeapTicker ticker = new LeapTicker();
    private final Flood wire = new Flood();

    private StreamClient client(Client kind) {
        return switch (kind) {
            case SERIAL ->
                new RtuClient(wire, ticker, ModbusLine.silenceNanos(115_200), new RtuGuard(), new LinkProfile());
            case RTU_OVER_TCP -> new RtuClient(wire, ticker, 0, new RtuGuard(), new LinkProfile());
            case TCP -> new TcpClient(wire, ticker, new LinkProfile());
        };
    }

    @ParameterizedTest
    @EnumSource
    void isGivenUpSoon(Client kind) {
        StreamClient client = client(kind);
        wire.tcp = kind == Client.TCP;
        boolean lost = false;
        // As a board does, which repeats failed requests.
        for (int i = 0; i < 20 && !lost; i++) {
            try {
                client.transact(ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2000, 10 + i % 3), TIMEOUT);
            } catch (ModbusException e) {
                fail(e);
            } catch (LinkException e) {
                assertEquals(FailureCause.GARBAGE, e.failure().cause());
                lost = e.isSessionLost();
            }
        }
        assertTrue(lost, "the connection is kept");
        assertFalse(client.hasWorked(), "the next attempt comes at once");
        assertTrue(wire.bytes < MOST_BYTES, wire.bytes + " bytes were read");
    }

    /** Repeats the response to the latest request endlessly, without a pause. */
    private final class Flood implements ByteTransport {
        private byte[] answer = {};
        private int at;
        private boolean tcp;
        private long bytes;

        @Override
        public void open() {
            // always open
        }

        @Override
        public int read(byte @Nullable [] buffer, int offset, int length, long deadline) {
            if (buffer == null || answer.length == 0) {
                ticker.parkUntil(deadline);
                return 0;
            }
            for (int i = 0; i < length; i++) {
                buffer[offset + i] = answer[at];
                at = (at + 1) % answer.length;
            }
            bytes += length;
            assertTrue(bytes < 64 * MOST_BYTES, "reads without an end");
            // 100 MB/s
            ticker.parkUntil(ticker.nanos() + 10L * length);
            return length;
        }

        @Override
        public void write(byte @Nullable [] buffer, int offset, int length) {
            if (tcp && answer.length > 0) {
                // The first response is followed by endless repetitions: the second response never arrives.
                return;
            }
            byte[] request = Arrays.copyOfRange(buffer, offset, offset + length);
            int count = request[tcp ? 11 : 5];
            byte[] whole = Frames.rtuAnswer(32, 4, count, 0x1111);
            if (tcp) {
                byte[] framed = new byte[6 + whole.length - 2];
                System.arraycopy(request, 0, framed, 0, 4);
                framed[5] = (byte) (whole.length - 2);
                System.arraycopy(whole, 0, framed, 6, whole.length - 2);
                whole = framed;
            }
            answer = whole;
            at = 0;
        }

        @Override
        public long wireNanos(int count) {
            return 0;
        }

        @Override
        public void close() {
            answer = new byte[0];
        }
    }
}
