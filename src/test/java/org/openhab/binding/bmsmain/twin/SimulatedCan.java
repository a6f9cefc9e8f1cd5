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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.diagnosis.CanLineFactory;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A simulated CAN bus with twins behind an slcan adapter, in virtual time. Any defect of a CAN connection can
 * be simulated.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SimulatedCan extends LeapTicker implements CanLineFactory {

    private static final long HEARTBEAT_INTERVAL = 1_000 * MILLI;

    private final List<TwinNode> nodes = new ArrayList<>();
    private final List<TwinFrame> foreign = new ArrayList<>();
    private long resetDue = Long.MAX_VALUE;
    private long syncInterval = 100 * MILLI;
    private int bitRate = 250;
    private int heartbeatState = 0x05;
    private boolean heartbeats = true;
    private boolean acknowledged = true;
    private boolean answersSdo = true;
    private boolean mute;
    private SlcanFirmware firmware = new SlcanFirmware();
    private int lossEvery;
    private int answered;
    private int unpluggedAfter = Integer.MAX_VALUE;
    private int uses;
    private @Nullable FailureCause notOpened;

    public SimulatedCan() {
        super(SECOND);
    }

    public SimulatedCan with(TwinBoard board) {
        nodes.add(new TwinNode(board));
        return this;
    }

    /** Adds a frame that another device sends once a second. */
    public SimulatedCan foreign(int id, int... data) {
        foreign.add(TwinFrame.of(id, data));
        return this;
    }

    public SimulatedCan bitRate(int kiloBits) {
        bitRate = kiloBits;
        return this;
    }

    public SimulatedCan notOpened(FailureCause cause) {
        notOpened = cause;
        return this;
    }

    /** Sets the firmware of the adapter. */
    public SimulatedCan adapter(SlcanFirmware newFirmware) {
        firmware = newFirmware;
        return this;
    }

    /** Lets the adapter reject this command. */
    public SimulatedCan refuses(String command) {
        if (command.startsWith("S")) {
            firmware.rates("012345678".replace(command.substring(1), ""));
        } else {
            firmware.without(command);
        }
        return this;
    }

    /** Simulates a port without an adapter: it ignores all input. */
    public SimulatedCan mute() {
        mute = true;
        return this;
    }

    /** Sets the status flags of the adapter's controller, in hexadecimal. */
    public SimulatedCan flags(String hex) {
        firmware.flags(hex);
        return this;
    }

    /** Removes all other nodes from the bus: without acknowledgement, a listen-only client receives nothing. */
    public SimulatedCan alone() {
        acknowledged = false;
        return this;
    }

    /** Sets the SYNC interval. */
    public SimulatedCan syncEvery(long millis) {
        syncInterval = millis * MILLI;
        return this;
    }

    /** Returns the firmware of the adapter. */
    public SlcanFirmware firmware() {
        return firmware;
    }

    /** Resets the adapter after this time. Its port stays. */
    public void resetAdapter(long inMillis) {
        resetDue = nanos() + inMillis * MILLI;
    }

    /** Removes the port after this number of uses. */
    public SimulatedCan unpluggedAfter(int number) {
        unpluggedAfter = number;
        return this;
    }

    /** Number of times the port was opened, read and written. */
    public int uses() {
        return uses;
    }

    private void use() throws LinkException {
        if (uses++ >= unpluggedAfter) {
            throw LinkException.lost(FailureCause.PORT_MISSING, "");
        }
    }

    /** Disables SYNC. */
    public SimulatedCan withoutSync() {
        syncInterval = 0;
        return this;
    }

    /** Disables the heartbeats of the boards. */
    public SimulatedCan withoutHeartbeat() {
        heartbeats = false;
        return this;
    }

    /** Sets the NMT state of the boards. They send process data only in the state operational. */
    public SimulatedCan state(int state) {
        heartbeatState = state;
        return this;
    }

    public SimulatedCan withoutSdo() {
        answersSdo = false;
        return this;
    }

    /** Drops every n-th response. */
    public SimulatedCan losesEvery(int number) {
        lossEvery = number;
        return this;
    }

    /** Frames that the client sent to the bus, whether or not any node received them. */
    public List<String> sent() {
        return firmware.onTheBus();
    }

    @Override
    public CanLine line(String place, int serialBaudRate, int kiloBits, boolean listenOnly) {
        return CanLine.slcan(place, kiloBits, listenOnly, port(serialBaudRate), this);
    }

    /** The port of the adapter at this baud rate. */
    public ByteTransport port(int baudRate) {
        return new Port(baudRate);
    }

    private record Coming(long at, int number, String text) {
    }

    /** The port of the adapter and the bytes on it. */
    private final class Port implements ByteTransport, SlcanFirmware.Wires {
        private final PriorityQueue<Coming> coming = new PriorityQueue<>(
                Comparator.comparingLong(Coming::at).thenComparingInt(Coming::number));
        private final int baudRate;
        private byte[] rest = {};
        private boolean open;
        private boolean joined;
        private int said;
        private long syncDue;
        private long secondDue;

        Port(int baudRate) {
            this.baudRate = baudRate;
        }

        @Override
        public void open() throws LinkException {
            use();
            FailureCause cause = notOpened;
            if (cause != null) {
                throw LinkException.lost(cause, "");
            }
            open = true;
            firmware.opened(nanos(), this);
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
            use();
            if (!open) {
                throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
            }
            if (rest.length == 0) {
                long until = Math.max(nanos(), deadline);
                if (resetDue <= until) {
                    parkUntil(resetDue);
                    resetDue = Long.MAX_VALUE;
                    firmware.reset(nanos(), this);
                }
                speak(until);
                Coming next = coming.peek();
                if (next == null || next.at > until) {
                    parkUntil(until);
                    return 0;
                }
                parkUntil(next.at);
                rest = coming.remove().text.getBytes(StandardCharsets.ISO_8859_1);
            }
            int count = Math.min(length, rest.length);
            System.arraycopy(rest, 0, buffer, offset, count);
            rest = Arrays.copyOfRange(rest, count, rest.length);
            return count;
        }

        /** Queues the frames sent on the bus until this time. */
        private void speak(long until) {
            boolean hears = firmware.isOpen(nanos());
            if (hears && !joined) {
                syncDue = nanos() + 10 * MILLI;
                secondDue = nanos() + 500 * MILLI;
            }
            joined = hears;
            while (joined && secondDue <= until) {
                long at = secondDue;
                secondDue += HEARTBEAT_INTERVAL;
                for (TwinNode node : nodes) {
                    if (heartbeats) {
                        hear(at, TwinFrame.of(0x700 + node.board().address(), heartbeatState));
                    }
                }
                foreign.forEach(frame -> hear(at, frame));
            }
            while (joined && syncInterval > 0 && !nodes.isEmpty() && syncDue <= until) {
                hear(syncDue, TwinFrame.of(TwinNode.SYNC));
                synced(syncDue);
                syncDue += syncInterval;
            }
        }

        private void synced(long at) {
            if (heartbeatState == 0x05) {
                nodes.forEach(node -> node.synced().forEach(frame -> hear(at, frame)));
            }
        }

        private void hear(long at, TwinFrame frame) {
            if (firmware.kiloBits() == bitRate && (acknowledged || !firmware.isListening())) {
                add(at, firmware.line(frame, nanos()));
            }
        }

        private void add(long at, String text) {
            coming.add(new Coming(at, said++, text));
        }

        @Override
        public void say(long delayNanos, String text) {
            add(nanos() + delayNanos, text.startsWith("F") && firmware.kiloBits() != bitRate ? "F84\r" : text);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws LinkException {
            use();
            for (int i = 0; i < length && !mute; i++) {
                boolean wasOpen = firmware.isOpen(nanos());
                firmware.take((char) buffer[offset + i], baudRate, nanos(), this);
                if (wasOpen && !firmware.isOpen(nanos())) {
                    // The frames that the bus would have sent from now on.
                    coming.removeIf(each -> each.at > nanos() && each.text.startsWith("t"));
                }
            }
        }

        @Override
        public void send(TwinFrame frame) {
            if (firmware.kiloBits() != bitRate) {
                return;
            }
            if (frame.id() == TwinNode.SYNC) {
                synced(nanos() + MILLI);
            }
            for (TwinNode node : nodes) {
                TwinFrame answer = answersSdo ? node.answer(frame) : null;
                if (answer != null && (lossEvery == 0 || ++answered % lossEvery != 0)) {
                    hear(nanos() + 2 * MILLI, answer);
                }
            }
        }

        @Override
        public long wireNanos(int bytes) {
            return 0;
        }

        @Override
        public void close() {
            open = false;
            coming.clear();
            rest = new byte[0];
        }
    }
}
