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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A simulated CAN bus with boards, behind a simulated slcan adapter on a line. A client of the line sees the same
 * bytes as with a real adapter on a real bus.
 * <p>
 * The adapter follows the Lawicel protocol: CR acknowledges a command, BEL rejects it, and frames pass only while
 * the channel is open. If the adapter's bit rate differs from that of the bus, it receives no frames and its status
 * reports errors.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class TwinCan implements AutoCloseable, SlcanFirmware.Wires {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long LONGEST_REST = 20 * MILLI;
    private static final long HEARTBEAT_INTERVAL = SECOND;
    private static final int KEPT = 10_000;
    /** Status response with the flags "error warning" and "bus error". */
    private static final String DISTURBED = "F84\r";

    private final List<TwinNode> nodes = new ArrayList<>();
    private final int kiloBits;
    private final long syncInterval;
    private final Random random = new Random();
    private final Deque<String> heard = new ArrayDeque<>();
    private volatile boolean closed;
    private volatile boolean paused;
    private volatile boolean restart;
    private volatile double loss;
    private volatile int foreignPerSecond;
    private volatile @Nullable TwinLine open;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    /** Frames from the client that the boards have not processed yet. */
    private final Deque<TwinFrame> requests = new ArrayDeque<>();
    private SlcanFirmware firmware = new SlcanFirmware();
    private long syncDue;
    private long heartbeatDue;
    private long foreignDue;

    private TwinCan(int kiloBits, Duration syncInterval, TwinBoard... boards) {
        this.kiloBits = kiloBits;
        this.syncInterval = syncInterval.toNanos();
        for (TwinBoard board : boards) {
            if (board.address() > 127) {
                throw new IllegalArgumentException("Not a node ID: " + board.address());
            }
            nodes.add(new TwinNode(board));
        }
    }

    /**
     * Simulates an slcan adapter on a line. A lost line is reopened until that succeeds.
     *
     * @param opener opens the line
     * @param kiloBits bit rate of the bus in kbit/s
     * @param syncInterval interval at which the first board sends SYNC; zero leaves SYNC to the client
     * @param boards the boards on the bus; their addresses are the node IDs
     * @throws IOException if the line cannot be opened now
     */
    public static TwinCan slcan(TwinLine.Opener opener, int kiloBits, Duration syncInterval, TwinBoard... boards)
            throws IOException {
        TwinCan twin = new TwinCan(kiloBits, syncInterval, boards);
        TwinLine first = opener.open();
        Thread thread = new Thread(() -> twin.attend(first, opener), "bms-twin-slcan");
        thread.setDaemon(true);
        thread.start();
        return twin;
    }

    /** Makes all boards silent: from now on they neither send nor receive. */
    public void pause() {
        paused = true;
    }

    /** Ends {@link #pause}. */
    public void resume() {
        paused = false;
    }

    /** Simulates a restart of the boards: each sends its boot-up message. */
    public void restart() {
        restart = true;
    }

    /**
     * Drops a share of the frames from the boards from now on.
     *
     * @param share the share of lost frames, from 0 to 1
     */
    public void lose(double share) {
        loss = share;
    }

    /** Simulates another device that sends this many frames per second, of all types and with random content. */
    public void foreign(int perSecond) {
        foreignPerSecond = perSecond;
    }

    /** Returns the latest frames that the client sent to the bus, oldest first, at most 10,000. */
    public List<String> heard() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    @Override
    public void close() {
        closed = true;
        TwinLine line = open;
        if (line != null) {
            TwinLine.closeQuietly(line);
        }
    }

    private void attend(TwinLine first, TwinLine.Opener opener) {
        TwinLine line = first;
        while (!closed) {
            open = line;
            powerUp();
            try (TwinLine current = line) {
                serve(current);
            } catch (IOException e) {
                // lost: opened again below
            }
            line = opener.reopen(line, () -> !closed);
        }
        TwinLine.closeQuietly(line);
    }

    private void powerUp() {
        firmware = new SlcanFirmware();
        out.reset();
        long now = System.nanoTime();
        syncDue = now;
        heartbeatDue = now;
        foreignDue = now;
    }

    private void serve(TwinLine line) throws IOException {
        byte[] chunk = new byte[512];
        while (!closed) {
            int count = line.read(chunk, Math.max(0, nextDue() - System.nanoTime()));
            if (count < 0) {
                return;
            }
            for (int i = 0; i < count; i++) {
                firmware.take((char) (chunk[i] & 0xFF), 0, System.nanoTime(), this);
                while (!requests.isEmpty()) {
                    answer(requests.remove());
                }
            }
            speak(System.nanoTime());
            if (out.size() > 0) {
                line.write(out.toByteArray());
                out.reset();
            }
        }
    }

    // ---- the bus ----

    private long nextDue() {
        long due = System.nanoTime() + LONGEST_REST;
        due = syncInterval > 0 && syncDue - due < 0 ? syncDue : due;
        due = heartbeatDue - due < 0 ? heartbeatDue : due;
        return foreignPerSecond > 0 && foreignDue - due < 0 ? foreignDue : due;
    }

    /** Sends the frames that are due on the bus. */
    private void speak(long now) {
        if (restart) {
            restart = false;
            nodes.forEach(node -> fromNode(node.bootUp()));
        }
        if (heartbeatDue - now <= 0) {
            heartbeatDue = now + HEARTBEAT_INTERVAL;
            nodes.forEach(node -> fromNode(node.heartbeat()));
        }
        if (syncInterval > 0 && syncDue - now <= 0) {
            syncDue = Math.max(syncDue + syncInterval - now, 0) + now;
            fromNode(TwinFrame.of(TwinNode.SYNC));
            synced();
        }
        while (foreignPerSecond > 0 && foreignDue - now <= 0) {
            // The backlog is limited to 50 ms: a real bus does not catch up either.
            foreignDue = Math.max(foreignDue, now - 50 * MILLI) + SECOND / foreignPerSecond;
            toClient(foreignLine());
        }
    }

    private void synced() {
        nodes.forEach(node -> node.synced().forEach(this::fromNode));
    }

    private void fromNode(TwinFrame frame) {
        if (!paused && random.nextDouble() >= loss) {
            toClient(frame.line());
        }
    }

    private void toClient(String line) {
        long now = System.nanoTime();
        if (firmware.isOpen(now) && firmware.kiloBits() == kiloBits) {
            say(0, firmware.line(line, now));
        }
    }

    /** Returns a random frame of any type, mostly with 8 data bytes. Its ID never belongs to a board. */
    private String foreignLine() {
        int kind = random.nextInt(20);
        if (kind == 0) {
            return String.format("T%08X2%04X", random.nextInt(0x2000_0000), random.nextInt(0x10000));
        }
        if (kind == 1) {
            return String.format("r%03X8", foreignId());
        }
        byte[] data = new byte[kind == 2 ? random.nextInt(9) : 8];
        random.nextBytes(data);
        return new TwinFrame(foreignId(), data).line();
    }

    private int foreignId() {
        int id = random.nextInt(0x700 - 0x100) + 0x100;
        return nodes.stream().anyMatch(node -> (id & 0x7F) == node.board().address()) ? 0x100 : id;
    }

    // ---- the adapter ----

    @Override
    public void say(long delayNanos, String text) {
        out.writeBytes((text.startsWith("F") && firmware.kiloBits() != kiloBits ? DISTURBED : text)
                .getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void send(TwinFrame frame) {
        requests.add(frame);
    }

    /** Processes a frame that the client sent to the bus. */
    private void answer(TwinFrame frame) {
        synchronized (heard) {
            if (heard.size() == KEPT) {
                heard.removeFirst();
            }
            heard.addLast(frame.toString());
        }
        if (firmware.kiloBits() != kiloBits || paused) {
            return;
        }
        if (frame.id() == TwinNode.SYNC && frame.data().length == 0) {
            synced();
        }
        for (TwinNode node : nodes) {
            TwinFrame answer = node.answer(frame);
            if (answer != null) {
                fromNode(answer);
            }
        }
    }
}
