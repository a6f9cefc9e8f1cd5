/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import com.fazecast.jSerialComm.SerialPortThreadFactory;

/**
 * A serial port through jSerialComm. The only class that uses this library.
 * <p>
 * Reads never block inside the library, whose waits are rounded up to 100 ms; this class waits in small steps. Each
 * open creates a new {@code SerialPort}, because the library resolves symbolic links once, and a port can come back
 * under another number.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SerialTransport implements ByteTransport {

    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int EWOULDBLOCK = 11;
    private static final int EBUSY = 16;
    private static final int WINDOWS_ACCESS_DENIED = 5;
    /** Maximum time another thread waits for a library call to end before it leaves the closing to its thread. */
    private static final long GRACE_MILLIS = 500;

    private final SerialSettings settings;
    private final Ticker ticker;
    private final long pollNanos;
    /**
     * Held during each call of the library: what it frees when a port is closed must not be in use by another thread.
     * Otherwise the whole process crashes (seen as a SIGSEGV in {@code bytesAvailable}).
     */
    private final ReentrantLock library = new ReentrantLock();
    /** Real name of the port when it was opened. */
    private String device = "";
    private @Nullable SerialPort port;
    private volatile boolean closing;

    /**
     * @param pollNanos time between two checks for received bytes, in nanoseconds
     */
    public SerialTransport(SerialSettings settings, Ticker ticker, long pollNanos) {
        this.settings = settings;
        this.ticker = ticker;
        this.pollNanos = pollNanos;
    }

    /** Names of the ports of this machine, as they can be opened. */
    public static List<String> ports() {
        try {
            NativeLibrary.prepare();
            return Stream.of(SerialPort.getCommPorts()).map(SerialPort::getSystemPortPath).sorted().toList();
        } catch (LinkageError e) {
            // Without the library no port can be opened; openHAB requests this list to show the page of a Thing.
            return List.of();
        }
    }

    /** Releases what the native library holds in this class loader. After this no port can be opened. */
    public static void release() {
        NativeLibrary.release();
    }

    @Override
    public void open() throws LinkException {
        close();
        String name = settings.port();
        SerialPort candidate;
        try {
            NativeLibrary.prepare();
            candidate = SerialPort.getCommPort(name);
        } catch (SerialPortInvalidPortException e) {
            throw LinkException.lost(FailureCause.PORT_MISSING, "");
        } catch (LinkageError e) {
            // The native part is unpacked to the folder for temporary files, which may forbid execution.
            throw LinkException.lost(FailureCause.NO_SERIAL, String.valueOf(System.getProperty("java.io.tmpdir")));
        }
        candidate.setComPortParameters(settings.baudRate(), 8,
                settings.stopBits() == 2 ? SerialPort.TWO_STOP_BITS : SerialPort.ONE_STOP_BIT,
                switch (settings.parity()) {
                    case NONE -> SerialPort.NO_PARITY;
                    case EVEN -> SerialPort.EVEN_PARITY;
                    case ODD -> SerialPort.ODD_PARITY;
                });
        candidate.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
        candidate.setComPortTimeouts(SerialPort.TIMEOUT_NONBLOCKING, 0, 0);
        if (!candidate.openPort()) {
            Failure failure = Failure.of(causeOf(candidate.getLastErrorCode(), name));
            throw new LinkException(PortHolders.explain(failure, name), true);
        }
        library.lock();
        try {
            device = PortNames.real(name);
            if (ExclusiveMode.fits(device)) {
                ExclusiveMode.begin(device);
            }
            closing = false;
            port = candidate;
        } finally {
            library.unlock();
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
        while (true) {
            int count = take(buffer, offset, length);
            long now = ticker.nanos();
            if (count > 0 || deadline - now <= 0) {
                return count;
            }
            ticker.parkUntil(now + Math.min(pollNanos, deadline - now));
        }
    }

    /** Takes the available bytes. */
    private int take(byte[] buffer, int offset, int length) throws LinkException {
        library.lock();
        try {
            SerialPort open = requirePort();
            int available = open.bytesAvailable();
            int count = available > 0 ? open.readBytes(buffer, Math.min(available, length), offset) : available;
            if (count < 0) {
                throw gone();
            }
            return count;
        } finally {
            leaveLibrary();
        }
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws LinkException {
        library.lock();
        try {
            // An unplugged port accepts 0 bytes and reports no other error.
            if (requirePort().writeBytes(buffer, length, offset) != length) {
                throw gone();
            }
        } finally {
            leaveLibrary();
        }
    }

    private void leaveLibrary() {
        try {
            if (closing) {
                closePort();
            }
        } finally {
            library.unlock();
        }
    }

    @Override
    public long wireNanos(int bytes) {
        return bytes * settings.characterNanos();
    }

    @Override
    public void close() {
        closing = true;
        boolean entered = false;
        try {
            entered = library.tryLock(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            if (entered) {
                closePort();
            }
        } catch (InterruptedException e) {
            // The thread that holds the lock closes the port.
            Thread.currentThread().interrupt();
        } finally {
            if (entered) {
                library.unlock();
            }
        }
    }

    private void closePort() {
        SerialPort open = port;
        port = null;
        if (open != null) {
            if (ExclusiveMode.fits(device)) {
                ExclusiveMode.end(device);
            }
            open.closePort();
        }
    }

    private SerialPort requirePort() throws LinkException {
        SerialPort open = port;
        if (open == null) {
            throw gone();
        }
        return open;
    }

    private LinkException gone() {
        return LinkException.lost(exists(settings.port()) ? FailureCause.CONNECTION_LOST : FailureCause.PORT_MISSING,
                "");
    }

    private static FailureCause causeOf(int errorCode, String name) {
        if (!exists(name)) {
            return FailureCause.PORT_MISSING;
        }
        if (WINDOWS) {
            return errorCode == WINDOWS_ACCESS_DENIED ? FailureCause.PORT_BUSY : FailureCause.PORT_MISSING;
        }
        return switch (errorCode) {
            case EBUSY, EWOULDBLOCK -> FailureCause.PORT_BUSY;
            case EPERM, EACCES -> FailureCause.NO_PERMISSION;
            default -> FailureCause.PORT_MISSING;
        };
    }

    /** Whether the port exists. Only paths can be looked up; a Windows name always counts as existing. */
    private static boolean exists(String name) {
        try {
            return WINDOWS || Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * Keeps the native library from outliving this class loader. openHAB updates a bundle in place: each update is a
     * new class loader, and a native library file can be loaded by one only.
     */
    private static final class NativeLibrary {
        private static final Set<Thread> THREADS = ConcurrentHashMap.newKeySet();
        private static final String RANDOM_NAME = "jSerialComm.library.randomizeNativeName";
        private static final String APPLICATION = "fazecast.jSerialComm.appid";
        private static boolean prepared;
        private static @Nullable Path folder;

        private NativeLibrary() {
        }

        /** Must be called before the first use of {@code SerialPort}, whose static initialiser loads the library. */
        static synchronized void prepare() {
            if (prepared) {
                return;
            }
            prepared = true;
            System.setProperty(RANDOM_NAME, "true");
            SerialPortThreadFactory.set(task -> {
                Thread thread = new Thread(task, "bmsmain-jSerialComm");
                thread.setDaemon(true);
                THREADS.add(thread);
                return thread;
            });
            loadFromPrivateFolder();
        }

        /**
         * Makes the library unpack its native part to a folder that only this user can enter. By default it uses a
         * folder for temporary files with a well-known name that everybody can write to. The name of the application
         * is part of the path, and may lead out of it.
         */
        private static void loadFromPrivateFolder() {
            String before = System.getProperty(APPLICATION);
            try {
                Path created = Files.createTempDirectory("bmsmain-serial-");
                folder = created;
                // The library deletes and recreates the folder that contains its version.
                System.setProperty(APPLICATION, "../" + created.getFileName() + "/jSerialComm");
                SerialPort.getVersion();
            } catch (IOException e) {
                // Without a folder of its own the library uses the common one.
                SerialPort.getVersion();
            } finally {
                if (before == null) {
                    System.clearProperty(APPLICATION);
                } else {
                    System.setProperty(APPLICATION, before);
                }
            }
        }

        private static void deleteFolder() {
            Path created = folder;
            folder = null;
            if (created == null) {
                return;
            }
            try (Stream<Path> files = Files.walk(created)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                // Some systems cannot delete a library in use; it stays with the other temporary files.
            }
        }

        /** Removes the shutdown hook that the library registers, which would hold the class loader forever. */
        static synchronized void release() {
            deleteFolder();
            for (Thread thread : THREADS) {
                try {
                    Runtime.getRuntime().removeShutdownHook(thread);
                } catch (IllegalStateException e) {
                    // The JVM is shutting down: nothing is left to release.
                    return;
                }
            }
            THREADS.clear();
        }
    }
}
