/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.peer.Peers;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/**
 * The master side of a pseudo terminal: a program that opened the device reads the bytes written here.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Pty implements Line {

    private static final int O_RDWR_NOCTTY_NONBLOCK = 0x902;
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;
    private static final short POLLHUP = 16;
    private static final int EAGAIN = 11;
    private static final int EIO = 5;
    private static final int SET_TIMER_SLACK = 29;

    private final int master;
    private final String device;
    private final Memory in = new Memory(4096);
    private final Memory out = new Memory(8192);
    private final Poll readable = new Poll(POLLIN);
    private final Poll writable = new Poll(POLLOUT);
    private volatile boolean closed;

    /** The functions of the C library. */
    private static final class Libc {
        static {
            Native.register("c");
        }

        static native int posix_openpt(int flags);

        static native int grantpt(int fd);

        static native int unlockpt(int fd);

        static native int ptsname_r(int fd, Pointer name, long size);

        static native int tcgetattr(int fd, Pointer settings);

        static native void cfmakeraw(Pointer settings);

        static native int tcsetattr(int fd, int when, Pointer settings);

        static native long read(int fd, Pointer bytes, long count);

        static native long write(int fd, Pointer bytes, long count);

        static native int close(int fd);

        static native int ppoll(Pointer fds, long count, Pointer timeout, Pointer mask);

        static native int prctl(int option, long one, long two, long three, long four);
    }

    /** A call of poll, for one thread. */
    private static final class Poll {
        private final Memory descriptor = new Memory(8);
        private final Memory timeout = new Memory(16);
        private final short event;

        Poll(short event) {
            this.event = event;
        }

        /** Returns 0, the event, or POLLHUP if no process has the device open. */
        short await(int file, long nanos) {
            descriptor.setInt(0, file);
            descriptor.setShort(4, event);
            descriptor.setShort(6, (short) 0);
            timeout.setLong(0, nanos / 1_000_000_000);
            timeout.setLong(8, nanos % 1_000_000_000);
            Libc.ppoll(descriptor, 1, timeout, Pointer.NULL);
            return descriptor.getShort(6);
        }
    }

    /** Makes a pseudo terminal in raw mode. */
    public Pty() {
        Peers.need(Platform.isLinux(), "Linux");
        master = Libc.posix_openpt(O_RDWR_NOCTTY_NONBLOCK);
        Memory name = new Memory(64);
        Memory settings = new Memory(128);
        if (master < 0 || Libc.grantpt(master) != 0 || Libc.unlockpt(master) != 0
                || Libc.ptsname_r(master, name, 64) != 0 || Libc.tcgetattr(master, settings) != 0) {
            throw new IllegalStateException("No pseudo terminal: error " + Native.getLastError());
        }
        Libc.cfmakeraw(settings);
        Libc.tcsetattr(master, 0, settings);
        device = name.getString(0);
    }

    /** Lets sleeps of this thread end within microseconds of their deadline. */
    static void sleepExactly() {
        Libc.prctl(SET_TIMER_SLACK, 1000, 0, 0, 0);
    }

    /** Path of the device. */
    public String device() {
        return device;
    }

    /** Creates a link to the device, as udev does for an adapter. */
    public Pty linkedAs(Path link) {
        try {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(device));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read(byte[] buffer, long nanos) throws IOException {
        long until = System.nanoTime() + nanos;
        while (true) {
            if (closed) {
                throw new IOException("closed");
            }
            long count = Libc.read(master, in, Math.min(buffer.length, in.size()));
            if (count > 0) {
                in.read(0, buffer, 0, (int) count);
                return (int) count;
            }
            int error = count < 0 ? Native.getLastError() : 0;
            long rest = until - System.nanoTime();
            if (rest <= 0) {
                return 0;
            }
            if (error == EIO) {
                // No process has the device open.
                LockSupport.parkNanos(Math.min(rest, 1_000_000));
            } else if (error == 0 || error == EAGAIN) {
                readable.await(master, Math.min(rest, 20_000_000));
            } else {
                throw new IOException("error " + error);
            }
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(0, bytes, offset, length);
        long done = 0;
        while (done < length && !closed) {
            long count = Libc.write(master, out.share(done), length - done);
            if (count < 0 && Native.getLastError() != EAGAIN) {
                throw new IOException("error " + Native.getLastError());
            }
            if (count <= 0) {
                // The reader is slow, or gone.
                if (writable.await(master, 1_000_000) == POLLHUP) {
                    LockSupport.parkNanos(1_000_000);
                }
            } else {
                done += count;
            }
        }
    }

    /** Closes this side: the device disappears for all processes. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.close(master);
        }
    }
}
