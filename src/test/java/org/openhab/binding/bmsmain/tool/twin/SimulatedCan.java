/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.tool.twin;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.diagnosis.CanWires;
import org.openhab.binding.bmsmain.internal.link.ByteTransport;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;

/**
 * A CAN bus of its own with twins on it behind an slcan adapter, in a time that leaps. Whatever can be wrong with a
 * link over CAN can be staged here.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SimulatedCan implements CanWires, Ticker {

    private static final long MILLI = 1_000_000;
    private static final long HEARTBEAT_INTERVAL = 1_000 * MILLI;
    private static final List<Integer> RATES = List.of(10, 20, 50, 100, 125, 250, 500, 800, 1000);

    private final List<TwinNode> nodes = new ArrayList<>();
    private final List<TwinFrame> foreign = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private long clock = 1_000_000_000L;
    private long syncInterval = 100 * MILLI;
    private int bitRate = 250;
    private int heartbeatState = 0x05;
    private boolean heartbeats = true;
    private boolean acknowledged = true;
    private boolean answersSdo = true;
    private boolean mute;
    private String refused = "";
    private String flags = "F00\r";
    private int lossEvery;
    private int answered;
    private int unpluggedAfter = Integer.MAX_VALUE;
    private int uses;
    private @Nullable FailureCause notOpened;

    public SimulatedCan with(TwinBoard board) {
        nodes.add(new TwinNode(board));
        return this;
    }

    /** A frame that another device sends once a second. */
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

    /** The adapter refuses the command that begins so. */
    public SimulatedCan refuses(String command) {
        refused = command;
        return this;
    }

    /** What is at the port is no adapter. */
    public SimulatedCan mute() {
        mute = true;
        return this;
    }

    /** What the adapter tells of its controller, in hexadecimal. */
    public SimulatedCan flags(String hex) {
        flags = "F" + hex + "\r";
        return this;
    }

    /** Nobody but the boards is on the bus: whoever only listens hears nothing. */
    public SimulatedCan alone() {
        acknowledged = false;
        return this;
    }

    /** How often one of the boards sends SYNC. */
    public SimulatedCan syncEach(long millis) {
        syncInterval = millis * MILLI;
        return this;
    }

    /** The port is gone after so many uses. */
    public SimulatedCan unpluggedAfter(int number) {
        unpluggedAfter = number;
        return this;
    }

    /** How often the port was opened, read and written. */
    public int uses() {
        return uses;
    }

    private void use() throws LinkException {
        if (uses++ >= unpluggedAfter) {
            throw LinkException.lost(FailureCause.PORT_MISSING, "");
        }
    }

    /** Nobody sends SYNC. */
    public SimulatedCan withoutSync() {
        syncInterval = 0;
        return this;
    }

    /** The boards do not tell that they are there. */
    public SimulatedCan withoutHeartbeat() {
        heartbeats = false;
        return this;
    }

    /** The boards are in this state, and send no process data. */
    public SimulatedCan state(int state) {
        heartbeatState = state;
        return this;
    }

    public SimulatedCan withoutSdo() {
        answersSdo = false;
        return this;
    }

    /** Each so many-th answer is lost. */
    public SimulatedCan losesEvery(int number) {
        lossEvery = number;
        return this;
    }

    /** Frames that the client sent onto the bus, whether anybody heard them or not. */
    public List<String> sent() {
        return List.copyOf(sent);
    }

    @Override
    public CanLine line(String place, int kiloBits, boolean listenOnly) {
        return CanLine.slcan(place, kiloBits, listenOnly, new Adapter(), this);
    }

    @Override
    public long nanos() {
        return clock;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(clock);
    }

    @Override
    public void parkUntil(long nanos) {
        clock = Math.max(clock, nanos);
    }

    private record Coming(long at, String line) {
    }

    /** The adapter and its port. */
    private final class Adapter implements ByteTransport {
        private final PriorityQueue<Coming> coming = new PriorityQueue<>(Comparator.comparingLong(Coming::at));
        private final StringBuilder command = new StringBuilder();
        private byte[] rest = {};
        private int rate;
        private boolean open;
        private boolean joined;
        private boolean listens;
        private long syncDue;
        private long secondDue;

        @Override
        public void open() throws LinkException {
            use();
            FailureCause cause = notOpened;
            if (cause != null) {
                throw LinkException.lost(cause, "");
            }
            open = true;
        }

        @Override
        public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
            use();
            if (!open) {
                throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
            }
            if (rest.length == 0) {
                speak(Math.max(clock, deadline));
                Coming next = coming.peek();
                if (next == null || next.at > Math.max(clock, deadline)) {
                    clock = Math.max(clock, deadline);
                    return 0;
                }
                clock = Math.max(clock, next.at);
                rest = coming.remove().line.getBytes(StandardCharsets.US_ASCII);
            }
            int count = Math.min(length, rest.length);
            System.arraycopy(rest, 0, buffer, offset, count);
            rest = Arrays.copyOfRange(rest, count, rest.length);
            return count;
        }

        /** Whatever is said on the bus until then. */
        private void speak(long until) {
            while (joined && secondDue <= until) {
                long at = secondDue;
                secondDue += HEARTBEAT_INTERVAL;
                for (TwinNode node : nodes) {
                    if (heartbeats) {
                        say(at, TwinFrame.of(0x700 + node.board().address(), heartbeatState));
                    }
                }
                foreign.forEach(frame -> say(at, frame));
            }
            while (joined && syncInterval > 0 && !nodes.isEmpty() && syncDue <= until) {
                say(syncDue, TwinFrame.of(TwinNode.SYNC));
                synced(syncDue);
                syncDue += syncInterval;
            }
        }

        private void synced(long at) {
            if (heartbeatState == 0x05) {
                nodes.forEach(node -> node.synced().forEach(frame -> say(at, frame)));
            }
        }

        private void say(long at, TwinFrame frame) {
            if (joined && rate == bitRate && (acknowledged || !listens)) {
                coming.add(new Coming(at, frame.line() + "\r"));
            }
        }

        private void tell(String text) {
            if (!mute) {
                coming.add(new Coming(clock, text));
            }
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws LinkException {
            use();
            for (char c : new String(buffer, offset, length, StandardCharsets.US_ASCII).toCharArray()) {
                if (c != '\r') {
                    command.append(c);
                } else if (command.length() > 0) {
                    String line = command.toString();
                    command.setLength(0);
                    execute(line);
                }
            }
        }

        private void execute(String line) {
            if (!refused.isEmpty() && line.startsWith(refused)) {
                tell("\u0007");
                return;
            }
            switch (line.charAt(0)) {
                case 'S':
                    rate = RATES.get(line.charAt(1) - '0');
                    tell("\r");
                    break;
                case 'O':
                case 'L':
                    joined = !mute;
                    listens = line.charAt(0) == 'L';
                    syncDue = clock + 10 * MILLI;
                    secondDue = clock + 500 * MILLI;
                    tell("\r");
                    break;
                case 'C':
                    joined = false;
                    tell("\r");
                    break;
                case 'V':
                    tell("V1013\r");
                    break;
                case 'F':
                    tell(rate == bitRate ? flags : "F84\r");
                    break;
                case 't':
                    sent.add(line);
                    tell("z\r");
                    heard(line);
                    break;
                default:
                    tell("\u0007");
                    break;
            }
        }

        private void heard(String line) {
            TwinFrame frame = TwinFrame.parse(line);
            if (frame == null || rate != bitRate || listens) {
                return;
            }
            if (frame.id() == TwinNode.SYNC) {
                synced(clock + MILLI);
            }
            for (TwinNode node : nodes) {
                TwinFrame answer = answersSdo ? node.answer(frame) : null;
                if (answer != null && (lossEvery == 0 || ++answered % lossEvery != 0)) {
                    say(clock + 2 * MILLI, answer);
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
            joined = false;
            coming.clear();
            rest = new byte[0];
        }
    }
}
