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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/**
 * A CAN interface of Linux, accessed through SocketCAN. The bit rate is set at the interface ({@code ip link}).
 * <p>
 * The only class that uses JNA, which openHAB provides: without JNA, only this class fails to load. Constants and
 * layouts are those of the kernel's {@code linux/can.h}, {@code linux/can/raw.h} and {@code linux/can/error.h}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SocketCanAdapter implements CanAdapter {

    private static final int PF_CAN = 29;
    private static final int SOCK_RAW = 3;
    private static final int CAN_RAW = 1;
    private static final int SOL_CAN_RAW = 101;
    private static final int CAN_RAW_FILTER = 1;
    private static final int CAN_RAW_ERR_FILTER = 2;
    private static final int MSG_PEEK = 0x02;
    private static final int MSG_DONTWAIT = 0x40;
    private static final short POLLIN = 1;

    private static final int EPERM = 1;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;
    private static final int ENODEV = 19;
    private static final int EINVAL = 22;
    private static final int EPROTONOSUPPORT = 93;
    private static final int EAFNOSUPPORT = 97;
    private static final int ENETDOWN = 100;
    private static final int ENOBUFS = 105;

    /** {@code struct can_frame}: identifier with flags, length, three unused bytes, eight data bytes. */
    static final int FRAME_SIZE = 16;
    static final int FRAME_LENGTH_AT = 4;
    static final int FRAME_DATA_AT = 8;
    /** {@code struct sockaddr_can}: family, interface index, and addresses that a raw socket does not use. */
    static final int ADDRESS_SIZE = 16;
    static final int ADDRESS_INDEX_AT = 4;
    /** {@code struct can_filter}: identifier and mask. */
    static final int FILTER_SIZE = 8;
    /** {@code struct pollfd}: descriptor, requested and returned events. */
    private static final int POLL_SIZE = 8;

    static final int EXTENDED_FLAG = 0x8000_0000;
    static final int REMOTE_FLAG = 0x4000_0000;
    static final int ERROR_FLAG = 0x2000_0000;
    private static final int EXTENDED_MASK = 0x1FFF_FFFF;

    static final int ERROR_CONTROLLER = 0x004;
    static final int ERROR_PROTOCOL = 0x008;
    static final int ERROR_TRANSCEIVER = 0x010;
    static final int ERROR_NO_ACKNOWLEDGE = 0x020;
    static final int ERROR_BUS_OFF = 0x040;
    static final int ERROR_BUS = 0x080;
    static final int ERROR_RESTARTED = 0x100;
    private static final int ERROR_ALL = EXTENDED_MASK;
    private static final int CONTROLLER_WARNING = 0x0C;
    private static final int CONTROLLER_PASSIVE = 0x30;
    private static final int CONTROLLER_ACTIVE = 0x40;

    private static final int MILLI = 1_000_000;
    /** Maximum number of filters per socket in the kernel. */
    private static final int MAX_FILTERS = 512;
    /** Longest wait in the kernel, so that a close by another thread is noticed. */
    private static final long LONGEST_WAIT_MILLIS = 100;

    /** Frame size as {@code size_t}. */
    private static final NativeLong FRAME_BYTES = new NativeLong(FRAME_SIZE);
    private static final NativeLong ONE = new NativeLong(1);

    /**
     * The C library functions in use. {@code size_t}, {@code ssize_t} and {@code nfds_t} have the width of an address:
     * a Java long would shift all arguments on a 32-bit machine.
     */
    interface LibC extends Library {
        int socket(int family, int type, int protocol);

        int if_nametoindex(String name);

        int bind(int socket, Pointer address, int length);

        int setsockopt(int socket, int level, int option, Pointer value, int length);

        int poll(Pointer descriptors, NativeLong count, int timeoutMillis);

        NativeLong recv(int socket, Pointer buffer, NativeLong length, int flags);

        NativeLong send(int socket, Pointer buffer, NativeLong length, int flags);

        int close(int socket);
    }

    private final String name;
    private final boolean listenOnly;
    private final Ticker ticker;
    private final LibC libc;
    private final CanStatistics statistics = new CanStatistics();
    private final Memory poll = new Memory(POLL_SIZE);
    private final Memory frameMemory = new Memory(FRAME_SIZE);
    private final ByteBuffer buffer;

    /** Guarded by this, as is {@link #users}: the closing thread may differ from the reading thread. */
    private int socket = -1;
    /** A socket that was closed while in use; the last user closes it. */
    private int closing = -1;
    private int users;
    private State state = State.ACTIVE;

    /**
     * @param name interface name, such as can0
     * @throws LinkException when this machine has no usable C library
     */
    SocketCanAdapter(String name, boolean listenOnly, Ticker ticker) throws LinkException {
        this(name, listenOnly, ticker, LibraryHolder.load());
    }

    SocketCanAdapter(String name, boolean listenOnly, Ticker ticker, LibC libc) {
        this.name = name;
        this.listenOnly = listenOnly;
        this.ticker = ticker;
        this.libc = libc;
        this.buffer = frameMemory.getByteBuffer(0, FRAME_SIZE).order(ByteOrder.nativeOrder());
    }

    /** Loads the C library on first use. */
    private static final class LibraryHolder {
        private LibraryHolder() {
        }

        static LibC load() throws LinkException {
            if (!Platform.isLinux()) {
                throw LinkException.lost(FailureCause.NO_CAN, "Linux");
            }
            try {
                return Native.load("c", LibC.class);
            } catch (UnsatisfiedLinkError e) {
                throw LinkException.lost(FailureCause.NO_CAN, "JNA");
            }
        }
    }

    @Override
    public void open() throws LinkException {
        close();
        statistics.clear();
        state = State.ACTIVE;
        int opened = libc.socket(PF_CAN, SOCK_RAW, CAN_RAW);
        if (opened < 0) {
            throw LinkException.lost(causeOf(Native.getLastError()), "AF_CAN");
        }
        synchronized (this) {
            socket = opened;
        }
        use();
        try {
            int index = libc.if_nametoindex(name);
            if (index == 0) {
                throw LinkException.lost(FailureCause.PORT_MISSING, "");
            }
            try (Memory value = new Memory(4)) {
                value.setInt(0, ERROR_ALL);
                check(libc.setsockopt(opened, SOL_CAN_RAW, CAN_RAW_ERR_FILTER, value, 4));
            }
            try (Memory address = new Memory(ADDRESS_SIZE)) {
                address.clear();
                address.setShort(0, (short) PF_CAN);
                address.setInt(ADDRESS_INDEX_AT, index);
                bind(opened, address);
            }
            // Binding succeeds on an interface that is down; only a receive call reports it.
            if (libc.recv(opened, frameMemory, FRAME_BYTES, MSG_DONTWAIT | MSG_PEEK).longValue() < 0) {
                int error = Native.getLastError();
                if (error != EAGAIN && error != EINTR) {
                    throw failed(error);
                }
            }
        } catch (LinkException e) {
            close();
            throw e;
        } finally {
            release();
        }
    }

    private void bind(int opened, Memory address) throws LinkException {
        if (libc.bind(opened, address, ADDRESS_SIZE) < 0) {
            int error = Native.getLastError();
            // Either the interface is not a CAN device, or it was removed just now.
            throw error == ENODEV && libc.if_nametoindex(name) != 0 ? LinkException.lost(FailureCause.NOT_CAN, "")
                    : failed(error);
        }
    }

    private static void check(int result) throws LinkException {
        if (result < 0) {
            throw failed(Native.getLastError());
        }
    }

    private static LinkException failed(int error) {
        return LinkException.lost(causeOf(error), "");
    }

    /** Returns the failure cause for an error number of the kernel. */
    static FailureCause causeOf(int error) {
        return switch (error) {
            case EPERM, EACCES -> FailureCause.NO_PERMISSION;
            case EAFNOSUPPORT, EPROTONOSUPPORT, EINVAL -> FailureCause.NO_CAN;
            case ENETDOWN -> FailureCause.INTERFACE_DOWN;
            case ENODEV -> FailureCause.PORT_MISSING;
            default -> FailureCause.CONNECTION_LOST;
        };
    }

    @Override
    public void listenTo(boolean[] wanted) throws LinkException {
        int open = use();
        try {
            filter(open, wanted);
        } finally {
            release();
        }
    }

    private void filter(int open, boolean[] wanted) throws LinkException {
        int count = 0;
        for (boolean each : wanted) {
            count += each ? 1 : 0;
        }
        if (count == 0) {
            return;
        }
        if (count > MAX_FILTERS) {
            try (Memory everything = new Memory(FILTER_SIZE)) {
                everything.clear();
                check(libc.setsockopt(open, SOL_CAN_RAW, CAN_RAW_FILTER, everything, FILTER_SIZE));
            }
            return;
        }
        // The mask covers the identifier and the flags, so only exact matches pass.
        try (Memory filters = new Memory((long) count * FILTER_SIZE)) {
            int at = 0;
            for (int id = 0; id < wanted.length; id++) {
                if (wanted[id]) {
                    filters.setInt(at, id);
                    filters.setInt(at + 4L, EXTENDED_FLAG | REMOTE_FLAG | CanFrame.MAX_ID);
                    at += FILTER_SIZE;
                }
            }
            check(libc.setsockopt(open, SOL_CAN_RAW, CAN_RAW_FILTER, filters, at));
        }
    }

    @Override
    public boolean receive(CanFrame frame, long deadline) throws LinkException {
        while (true) {
            int open = use();
            try {
                long count = libc.recv(open, frameMemory, FRAME_BYTES, MSG_DONTWAIT).longValue();
                int error = count < 0 ? Native.getLastError() : 0;
                long now = ticker.nanos();
                if (count == FRAME_SIZE) {
                    if (takes(frame)) {
                        return true;
                    }
                } else if (count >= 0) {
                    statistics.damaged();
                } else if (error != EAGAIN && error != EINTR) {
                    throw failed(error);
                }
                if (deadline - now <= 0) {
                    return false;
                }
                if (count < 0) {
                    await(open, deadline - now);
                }
            } finally {
                release();
            }
        }
    }

    private void await(int open, long nanos) {
        long millis = Math.min(LONGEST_WAIT_MILLIS, (nanos + MILLI - 1) / MILLI);
        poll.setInt(0, open);
        poll.setShort(4, POLLIN);
        poll.setShort(6, (short) 0);
        // The result is ignored: the next receive call returns a frame, or the reason why there is none.
        libc.poll(poll, ONE, (int) millis);
    }

    /** Whether the frame in the buffer is a data frame with an 11-bit identifier. */
    private boolean takes(CanFrame frame) {
        int id = buffer.getInt(0);
        int length = buffer.get(FRAME_LENGTH_AT) & 0xFF;
        if ((id & ERROR_FLAG) != 0) {
            error(id, buffer.get(FRAME_DATA_AT + 1));
            return false;
        }
        if (length > CanFrame.MAX_LENGTH) {
            statistics.damaged();
            return false;
        }
        if ((id & (EXTENDED_FLAG | REMOTE_FLAG)) != 0) {
            statistics.skipped((id & EXTENDED_FLAG) != 0, (id & REMOTE_FLAG) != 0 ? 0 : length);
            return false;
        }
        frame.begin(id & CanFrame.MAX_ID, length);
        for (int i = 0; i < length; i++) {
            frame.put(i, buffer.get(FRAME_DATA_AT + i));
        }
        statistics.received(length);
        heard();
        return true;
    }

    /** A controller that receives frames is on the bus, even if its restart message was lost. */
    private void heard() {
        if (state == State.BUS_OFF) {
            state = State.ACTIVE;
        }
    }

    /**
     * Processes an error frame.
     *
     * @param classes identifier of the frame, whose bits are the error classes
     * @param controller data byte 1 of the frame: the controller status
     */
    private void error(int classes, int controller) {
        if ((classes & ERROR_BUS_OFF) != 0) {
            state = State.BUS_OFF;
        } else if ((classes & ERROR_RESTARTED) != 0) {
            state = State.ACTIVE;
        } else if ((classes & ERROR_CONTROLLER) != 0) {
            // The worst of several flags applies.
            state = (controller & CONTROLLER_PASSIVE) != 0 ? State.PASSIVE
                    : (controller & CONTROLLER_WARNING) != 0 ? State.WARNING
                            : (controller & CONTROLLER_ACTIVE) != 0 ? State.ACTIVE : state;
        }
        if ((classes & ERROR_NO_ACKNOWLEDGE) != 0) {
            statistics.unacknowledged();
        } else if ((classes & (ERROR_PROTOCOL | ERROR_TRANSCEIVER | ERROR_BUS)) != 0) {
            statistics.busError();
        }
    }

    @Override
    public void send(CanFrame frame) throws LinkException {
        if (listenOnly) {
            throw new IllegalStateException("the bus is listen-only");
        }
        buffer.putInt(0, frame.id());
        buffer.putInt(FRAME_LENGTH_AT, 0);
        buffer.put(FRAME_LENGTH_AT, (byte) frame.length());
        for (int i = 0; i < CanFrame.MAX_LENGTH; i++) {
            buffer.put(FRAME_DATA_AT + i, (byte) frame.at(i));
        }
        int open = use();
        try {
            if (libc.send(open, frameMemory, FRAME_BYTES, MSG_DONTWAIT).longValue() < 0) {
                int error = Native.getLastError();
                if (error != ENOBUFS && error != EAGAIN && error != EINTR) {
                    throw failed(error);
                }
                statistics.refused();
            }
        } finally {
            release();
        }
    }

    /**
     * Acquires the socket: until {@link #release}, its descriptor stays valid even if another thread closes the
     * adapter. Otherwise the system could reuse the descriptor for another file of openHAB.
     */
    private synchronized int use() throws LinkException {
        if (socket < 0) {
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
        users++;
        return socket;
    }

    private synchronized void release() {
        users--;
        if (users == 0 && closing >= 0) {
            libc.close(closing);
            closing = -1;
        }
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public CanStatistics statistics() {
        return statistics;
    }

    @Override
    public synchronized void close() {
        if (socket >= 0 && users > 0) {
            closing = socket;
        } else if (socket >= 0) {
            libc.close(socket);
        }
        socket = -1;
    }
}
