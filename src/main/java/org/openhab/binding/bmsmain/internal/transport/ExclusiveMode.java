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

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;

import com.sun.jna.Function;
import com.sun.jna.NativeLong;

/**
 * Keeps other programs from opening a serial port that this program has open: the exclusive mode of a terminal, see
 * ioctl_tty(2). The lock of jSerialComm is advisory, and programs that ignore it would take our bytes. Root may open
 * the port all the same.
 * <p>
 * Works on Linux where JNA can be loaded, which openHAB provides; has no effect elsewhere.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ExclusiveMode {

    private static final String PSEUDO_TERMINALS = "/dev/pts/";
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    /** Processor architectures with the ioctl numbers below (asm-generic/ioctls.h). */
    private static final Set<String> PROCESSORS = Set.of("amd64", "x86_64", "i386", "x86", "aarch64", "arm", "riscv64");
    private static final long TIOCEXCL = 0x540C;
    private static final long TIOCNXCL = 0x540D;

    private ExclusiveMode() {
    }

    /**
     * Whether the mode ends with this process. The far end may keep a pseudo terminal open: if this process was
     * killed, it could not be opened again.
     *
     * @param device the port under its real name, see {@link PortNames#real(String)}
     */
    static boolean fits(String device) {
        return !device.startsWith(PSEUDO_TERMINALS);
    }

    /**
     * Sets the mode. The port must be open.
     *
     * @param device the port under its real name, see {@link PortNames#real(String)}
     */
    static void begin(String device) {
        set(device, TIOCEXCL);
    }

    /**
     * Clears the mode. The port must still be open: with another program on it, the mode would outlive this process.
     */
    static void end(String device) {
        set(device, TIOCNXCL);
    }

    private static void set(String device, long request) {
        if (!PROCESSORS.contains(System.getProperty("os.arch"))) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : files) {
                if (isOpenOn(file, device)) {
                    Function.getFunction("c", "ioctl")
                            .invokeInt(new Object[] { Integer.valueOf(file.getFileName().toString()),
                                    new NativeLong(request), new NativeLong(0) });
                    // The mode belongs to the terminal: one file is enough.
                    return;
                }
            }
        } catch (IOException | DirectoryIteratorException | LinkageError e) {
            // Another system, or no JNA: only the lock of jSerialComm applies.
        }
    }

    private static boolean isOpenOn(Path file, String device) {
        try {
            return Files.readSymbolicLink(file).toString().equals(device);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }
}
