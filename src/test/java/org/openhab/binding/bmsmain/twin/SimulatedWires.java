/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusLineFactory;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;

/**
 * A simulated serial line and network with twins, in virtual time. Any defect of a connection can be simulated.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SimulatedWires extends LeapTicker implements ModbusLineFactory {

    /** Kind of server behind a TCP port. */
    public enum Server {
        MODBUS_TCP,
        RTU,
        /** Accepts Modbus TCP requests and responds with RTU frames. */
        RTU_ANSWERS,
        WEB,
        /** Responds to any data, whatever the protocol. */
        OTHER,
        /** Responds after a complete line. */
        OTHER_BY_LINES,
        CLOSES,
        MUTE
    }

    private final Map<Integer, TwinBoard> boards = new TreeMap<>();
    private final TwinLog log = new TwinLog();
    private final TwinModbus modbus = new TwinModbus(log);
    private final Map<Integer, Integer> refusals = new TreeMap<>();
    private long answerNanos = 5 * MILLI;
    private int baudRate = 9600;
    private Parity parity = Parity.NONE;
    private Server server = Server.MODBUS_TCP;
    private boolean echo;
    private @Nullable FailureCause notOpened;
    private byte[] unasked = {};
    private long unaskedEvery;
    private BiFunction<Integer, byte[], byte[]> answers = (number, answer) -> answer;
    private int answered;
    private byte[] words = {};
    private byte[] greeting = {};
    private long quietNanos;
    private long slowCharacterNanos;

    public SimulatedWires() {
        super(SECOND);
    }

    /** A board whose values are constant. */
    public static TwinBoard board(int address, TwinBoard.WordOrder order) {
        return new TwinBoard(address, order, Clock.systemUTC(), 1).frozen(true);
    }

    public SimulatedWires with(TwinBoard board) {
        boards.put(board.address(), board);
        return this;
    }

    public SimulatedWires baudRate(int rate) {
        baudRate = rate;
        return this;
    }

    public SimulatedWires parity(Parity kind) {
        parity = kind;
        return this;
    }

    public SimulatedWires server(Server kind) {
        server = kind;
        return this;
    }

    /** Sets the response of a server that is not a Modbus server. */
    public SimulatedWires says(byte[] bytes) {
        words = bytes;
        return this;
    }

    /** Sets bytes that the server sends when a connection is established. */
    public SimulatedWires greets(byte[] bytes) {
        greeting = bytes;
        return this;
    }

    /** Requests within this time after a connect are lost. */
    public SimulatedWires quietAfterConnect(Duration time) {
        quietNanos = time.toNanos();
        return this;
    }

    /** Simulates a gateway with a serial line of this baud rate behind it. */
    public SimulatedWires lineBehind(int rate) {
        slowCharacterNanos = 10 * 1000 * MILLI / rate;
        return this;
    }

    public SimulatedWires echo() {
        echo = true;
        return this;
    }

    public SimulatedWires notOpened(FailureCause cause) {
        notOpened = cause;
        return this;
    }

    public SimulatedWires answersAfter(Duration time) {
        answerNanos = time.toNanos();
        return this;
    }

    /** Sets unsolicited bytes that arrive periodically. */
    public SimulatedWires unasked(byte[] bytes, Duration every) {
        unasked = bytes;
        unaskedEvery = every.toNanos();
        return this;
    }

    /** Changes each complete response; the first has number 1. An empty result is lost. */
    public SimulatedWires answers(BiFunction<Integer, byte[], byte[]> change) {
        answers = change;
        return this;
    }

    /** Rejects all requests to an address with an exception. */
    public SimulatedWires refuses(int address, int exception) {
        refusals.put(address, exception);
        return this;
    }

    public TwinLog log() {
        return log;
    }

    /** An RTU frame with its checksum. */
    public static byte[] frame(int unit, int... body) {
        byte[] bytes = new byte[body.length];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = (byte) body[i];
        }
        return TwinRtu.seal(unit, bytes);
    }

    @Override
    public ModbusLine serial(SerialSettings settings) {
        boolean fits = settings.baudRate() == baudRate && settings.parity() == parity;
        return ModbusLine.serial(settings, new Carrier(settings.characterNanos(), fits ? Server.RTU : Server.MUTE),
                this);
    }

    @Override
    public ModbusLine tcp(String host, int port, TcpMode mode, Duration connectTimeout) {
        return ModbusLine.tcp(host, port, mode, new Carrier(0, server), this);
    }

    private record Coming(long at, byte[] bytes) {
    }

    /** The bytes of one line or connection. */
    private final class Carrier implements ByteTransport {
        private final long characterNanos;
        private final Server behind;
        private final Deque<Coming> coming = new ArrayDeque<>();
        private long unaskedAt;
        private long readyAt;
        private boolean open;
        private boolean closing;

        Carrier(long characterNanos, Server behind) {
            this.characterNanos = characterNanos;
            this.behind = behind;
        }

        @Override
        public void open() throws LinkException {
            FailureCause cause = notOpened;
            if (cause != null) {
                throw LinkException.lost(cause, "");
            }
            open = true;
            closing = false;
            coming.clear();
            readyAt = nanos() + quietNanos;
            if (greeting.length > 0) {
                coming.add(new Coming(nanos() + MILLI, greeting));
            }
            unaskedAt = nanos() + unaskedEvery;
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
            if (!open || closing && coming.isEmpty()) {
                throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
            }
            if (unaskedEvery > 0 && (coming.isEmpty() || unaskedAt < coming.getFirst().at)) {
                coming.addFirst(new Coming(unaskedAt, unasked));
                unaskedAt += unaskedEvery;
            }
            Coming next = coming.peek();
            if (next == null || next.at > Math.max(nanos(), deadline)) {
                parkUntil(deadline);
                return 0;
            }
            coming.remove();
            parkUntil(next.at);
            int count = Math.min(length, next.bytes.length);
            System.arraycopy(next.bytes, 0, buffer, offset, count);
            if (count < next.bytes.length) {
                coming.addFirst(new Coming(nanos(), Arrays.copyOfRange(next.bytes, count, next.bytes.length)));
            }
            return count;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws LinkException {
            byte[] request = Arrays.copyOfRange(buffer, offset, offset + length);
            long sent = nanos() + wireNanos(length);
            if (echo) {
                coming.add(new Coming(sent, request));
            }
            if (nanos() < readyAt) {
                return;
            }
            switch (behind) {
                case RTU:
                    byte[] frame = TwinRtu.request(request, length);
                    if (frame != null) {
                        answer(frame[0] & 0xFF, Arrays.copyOfRange(frame, 1, frame.length - 2), sent,
                                (unit, body) -> TwinRtu.seal(unit, body));
                    }
                    break;
                case MODBUS_TCP:
                    if (length > 7 && request[2] == 0 && request[3] == 0) {
                        answer(request[6] & 0xFF, Arrays.copyOfRange(request, 7, length), sent,
                                (unit, body) -> header(request, body));
                    }
                    break;
                case RTU_ANSWERS:
                    if (length > 7 && request[2] == 0 && request[3] == 0) {
                        answer(request[6] & 0xFF, Arrays.copyOfRange(request, 7, length), sent,
                                (unit, body) -> TwinRtu.seal(unit, body));
                    }
                    break;
                case WEB:
                    coming.add(new Coming(sent + answerNanos, "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes()));
                    break;
                case OTHER:
                    coming.add(new Coming(sent + answerNanos, words));
                    break;
                case OTHER_BY_LINES:
                    if (new String(request, StandardCharsets.ISO_8859_1).contains("\n")) {
                        coming.add(new Coming(sent + answerNanos, words));
                    }
                    break;
                case CLOSES:
                    closing = true;
                    break;
                default:
                    break;
            }
        }

        private void answer(int unit, byte[] pdu, long sent, BiFunction<Integer, byte[], byte[]> seal) {
            TwinBoard board = boards.get(unit);
            Integer refusal = refusals.get(unit);
            byte[] body;
            if (refusal != null) {
                body = new byte[] { (byte) (pdu[0] | 0x80), refusal.byteValue() };
            } else if (board != null) {
                body = modbus.serve(board, pdu);
            } else {
                return;
            }
            byte[] answer = answers.apply(++answered, seal.apply(unit, body));
            if (answer.length > 0) {
                long behindGateway = (pdu.length + 3 + answer.length) * slowCharacterNanos;
                coming.add(new Coming(sent + answerNanos + behindGateway + wireNanos(answer.length), answer));
            }
        }

        private byte[] header(byte[] request, byte[] body) {
            List<Byte> bytes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                bytes.add(request[i]);
            }
            bytes.add((byte) 0);
            bytes.add((byte) (body.length + 1));
            bytes.add(request[6]);
            for (byte b : body) {
                bytes.add(b);
            }
            byte[] answer = new byte[bytes.size()];
            for (int i = 0; i < answer.length; i++) {
                answer[i] = bytes.get(i);
            }
            return answer;
        }

        @Override
        public long wireNanos(int bytes) {
            return bytes * characterNanos;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
