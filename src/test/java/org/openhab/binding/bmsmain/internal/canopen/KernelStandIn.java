/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.canopen.SocketCanAdapter.LibC;
import org.openhab.binding.bmsmain.internal.diagnosis.CanLineFactory;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/**
 * Simulates a kernel with one CAN interface in virtual time. A board with node ID 32 sends its usual frames and
 * responds to SDO requests. The interface can be switched off or removed before any call. The reaction of the
 * kernel was observed on Debian 12: each socket gets the error once and receives nothing afterwards.
 * <p>
 * Time passes only during a wait in the kernel; waits on other threads block until it does.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class KernelStandIn implements LibC, Ticker, CanLineFactory {

    /** Failure of the interface. */
    public enum End {
        DOWN(100, 100),
        AWAY(19, 6);

        private final int told;
        private final int refused;

        End(int told, int refused) {
            this.told = told;
            this.refused = refused;
        }
    }

    private static final long MILLI = 1_000_000;
    private static final int EAGAIN = 11;
    private static final int MSG_PEEK = 2;

    private record Coming(long at, byte[] frame) {
    }

    private final List<String> sent = new ArrayList<>();
    private final PriorityQueue<Coming> coming = new PriorityQueue<>(Comparator.comparingLong(Coming::at));
    private final boolean hasBoard;
    private final End end;
    private final int endsAt;
    private final int backAt;
    private volatile long clock = 1_000 * MILLI;
    private long spoken;
    private int calls;
    private int open;
    private boolean told;
    private boolean hasTold;

    /**
     * @param hasBoard whether a board is on the bus
     * @param endsAt number of the call before which the interface fails
     * @param backAt number of the call before which the interface is back
     */
    public KernelStandIn(boolean hasBoard, End end, int endsAt, int backAt) {
        this.hasBoard = hasBoard;
        this.end = end;
        this.endsAt = endsAt;
        this.backAt = backAt;
        this.spoken = clock;
    }

    /** Number of kernel calls that can fail. */
    public synchronized int calls() {
        return calls;
    }

    /** Whether any call has failed because of the interface failure. */
    public synchronized boolean hasTold() {
        return hasTold;
    }

    /** Identifiers of the frames that were sent. */
    public synchronized List<String> sent() {
        return List.copyOf(sent);
    }

    @Override
    public CanLine line(String place, int serialBaudRate, int kiloBits, boolean listenOnly) {
        return CanLine.socketCan(place, listenOnly, () -> new SocketCanAdapter(place, listenOnly, this, this), this);
    }

    private boolean isOver() {
        return calls > endsAt && calls <= backAt;
    }

    private NativeLong fail(int errno) {
        hasTold |= errno != EAGAIN;
        Native.setLastError(errno);
        return new NativeLong(-1);
    }

    private void say(long at, int id, int... data) {
        ByteBuffer buffer = ByteBuffer.allocate(SocketCanAdapter.FRAME_SIZE).order(ByteOrder.nativeOrder());
        buffer.putInt(0, id);
        buffer.put(SocketCanAdapter.FRAME_LENGTH_AT, (byte) data.length);
        for (int i = 0; i < data.length; i++) {
            buffer.put(SocketCanAdapter.FRAME_DATA_AT + i, (byte) data[i]);
        }
        coming.add(new Coming(at, buffer.array()));
    }

    /** Queues the frames of the board until this time, a set every 250 ms. */
    private void speak(long until) {
        for (; hasBoard && spoken <= until; spoken += 250 * MILLI) {
            say(spoken, 0x080);
            say(spoken, 0x1A0, 0x02, 0x5A, 0x00, 0x1A, 0x1B, 0x32, 0xFC, 0x01);
            say(spoken, 0x2A0, 0x2C, 0x00, 0xC0, 0x03, 0x00, 0x00, 0x00, 0x00);
            say(spoken, 0x720, 0x05);
        }
    }

    @Override
    public synchronized int socket(int family, int type, int protocol) {
        calls++;
        told = false;
        coming.clear();
        return 77 + open++;
    }

    @Override
    public synchronized int if_nametoindex(String name) {
        calls++;
        if (isOver() && end == End.AWAY) {
            hasTold = true;
            return 0;
        }
        return 3;
    }

    @Override
    public synchronized int bind(int socket, Pointer address, int length) {
        calls++;
        if (isOver() && end == End.AWAY) {
            fail(19);
            return -1;
        }
        return 0;
    }

    @Override
    public synchronized int setsockopt(int socket, int level, int option, Pointer value, int length) {
        calls++;
        if (isOver() && end == End.AWAY) {
            fail(19);
            return -1;
        }
        return 0;
    }

    @Override
    public int poll(Pointer descriptors, NativeLong count, int timeoutMillis) {
        synchronized (this) {
            Coming next = coming.peek();
            long wanted = clock + timeoutMillis * MILLI;
            clock = next == null ? Math.min(wanted, hasBoard ? Math.max(clock, spoken) : wanted)
                    : Math.max(clock, Math.min(wanted, next.at));
        }
        return 0;
    }

    @Override
    public synchronized NativeLong recv(int socket, Pointer buffer, NativeLong length, int flags) {
        calls++;
        if (isOver()) {
            if (told) {
                return fail(EAGAIN);
            }
            told = true;
            return fail(end.told);
        }
        speak(clock);
        Coming next = coming.peek();
        if (next == null || next.at > clock) {
            return fail(EAGAIN);
        }
        if ((flags & MSG_PEEK) == 0) {
            coming.remove();
        }
        buffer.write(0, next.frame, 0, next.frame.length);
        return new NativeLong(next.frame.length);
    }

    @Override
    public synchronized NativeLong send(int socket, Pointer buffer, NativeLong length, int flags) {
        calls++;
        if (isOver()) {
            return fail(end.refused);
        }
        int id = buffer.getInt(0);
        sent.add(Integer.toHexString(id));
        if (hasBoard && id == 0x620) {
            say(clock + 2 * MILLI, 0x5A0, 0x4B, 0x00, 0x40, 0x00, 0x02, 0x00, 0x00, 0x00);
        }
        return length;
    }

    @Override
    public synchronized int close(int socket) {
        coming.clear();
        return 0;
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
        if (Thread.currentThread().getName().startsWith("bmsmain-")) {
            synchronized (this) {
                clock = Math.max(clock, nanos);
            }
            return;
        }
        while (clock < nanos && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(100_000);
        }
    }
}
