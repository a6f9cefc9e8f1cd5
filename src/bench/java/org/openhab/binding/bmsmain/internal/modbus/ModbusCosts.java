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

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.bench.ReferenceRegisters;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.PollClass;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * CPU cost of one request and of one refresh without I/O: an in-memory transport answers immediately.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@State(Scope.Thread)
public class ModbusCosts {

    private static final int UNIT = 32;
    private static final int ADDRESS = 0x3000;
    private static final int COUNT = 60;
    private static final long SECOND = 1_000_000_000;
    private static final int STATES = 2;
    private static final Duration HOUR = Duration.ofHours(1);

    private final ModbusRequest request = ModbusRequest.read(UNIT, ModbusRequest.READ_INPUT, ADDRESS, COUNT);
    private final ModbusClient tcp = new TcpClient(new Answering(false), Ticker.system(), new LinkProfile());
    /** Without the silence of a serial line: sleeping has no cost that could be measured here. */
    private final ModbusClient rtu = new RtuClient(new Answering(true), Ticker.system(), 0, new RtuGuard(),
            new LinkProfile());

    private final BoardAssembler assembler = new BoardAssembler(BoardSetup.standard(HOUR, HOUR));
    private final List<ReadBlock> blocks = ReadPlan.of(UNIT, BoardSetup.standard(HOUR, HOUR), ReadPlan.NETWORK_HOLE)
            .of(PollClass.FAST);
    private final RegisterView[][] answers = new RegisterView[STATES][];
    private int beginTransaction;

    public ModbusCosts() {
        for (int i = 0; i < STATES; i++) {
            int state = i;
            answers[i] = blocks.stream().map(block -> registers(block.request(), state)).toArray(RegisterView[]::new);
        }
        // Decode values first: an empty snapshot would cost nothing.
        decode();
    }

    private static RegisterView registers(ModbusRequest of, int step) {
        byte[] bytes = new byte[2 * of.count()];
        for (int i = 0; i < of.count(); i++) {
            int word = ReferenceRegisters.word(of.address() + i, step);
            bytes[2 * i] = (byte) (word >> 8);
            bytes[2 * i + 1] = (byte) word;
        }
        RegisterView view = new RegisterView();
        view.set(bytes, 0, of.count());
        return view;
    }

    /** One read of 60 registers over Modbus TCP. */
    @Benchmark
    public RegisterView requestOnTcp() throws ModbusException, LinkException {
        return tcp.transact(request, SECOND);
    }

    /** One read of 60 registers in RTU frames. */
    @Benchmark
    public RegisterView requestInRtuFrames() throws ModbusException, LinkException {
        return rtu.transact(request, SECOND);
    }

    /** Decodes the responses of a fast refresh; all values are new. */
    @Benchmark
    public BoardAssembler decode() {
        beginTransaction = (beginTransaction + 1) % STATES;
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).decode(answers[beginTransaction][i], WordOrder.LITTLE, assembler, 0);
        }
        return assembler;
    }

    /** Creates a snapshot of the known values without new values. */
    @Benchmark
    public BoardSnapshot snapshotNothingNew() {
        return assembler.snapshot(0, Instant.EPOCH);
    }

    /** Decodes the responses of a fast refresh, with all values new, and creates a snapshot. */
    @Benchmark
    public BoardSnapshot decodeAndSnapshotAllNew() {
        return decode().snapshot(0, Instant.EPOCH);
    }

    /** Answers each request immediately with constant registers. */
    private static final class Answering implements ByteTransport {
        private final boolean isRtu;
        private byte[] frame = new byte[0];
        private int count;
        private int left;

        Answering(boolean isRtu) {
            this.isRtu = isRtu;
        }

        private void answer(int registers) {
            count = registers;
            int head = isRtu ? 1 : 7;
            frame = new byte[head + 2 + 2 * registers + (isRtu ? 2 : 0)];
            frame[head - 1] = UNIT;
            frame[head] = ModbusRequest.READ_INPUT;
            frame[head + 1] = (byte) (2 * registers);
            if (isRtu) {
                int crc = Crc16.of(frame, 0, frame.length - 2);
                frame[frame.length - 2] = (byte) crc;
                frame[frame.length - 1] = (byte) (crc >> 8);
            } else {
                frame[5] = (byte) (frame.length - 6);
            }
        }

        @Override
        public void open() {
            // always open
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long deadline) {
            int taken = Math.min(left, length);
            System.arraycopy(frame, frame.length - left, buffer, offset, taken);
            left -= taken;
            return taken;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            // Low byte of the number of registers, which never exceeds 125.
            int asked = buffer[offset + (isRtu ? 5 : 11)];
            if (asked != count) {
                answer(asked);
            }
            if (!isRtu) {
                frame[0] = buffer[offset];
                frame[1] = buffer[offset + 1];
            }
            left = frame.length;
        }

        @Override
        public long wireNanos(int bytes) {
            return 0;
        }

        @Override
        public void close() {
            left = 0;
        }
    }
}
