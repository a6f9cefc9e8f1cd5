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
import org.eclipse.jdt.annotation.Nullable;

/**
 * Finds other processes that have a serial port open, including those that did not lock it. Linux lists the open
 * files of a process ({@code /proc/PID/fd}, see proc(5)), but those of other users only to root. On other systems
 * nothing is known.
 * <p>
 * Takes some milliseconds per hundred processes.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class PortHolders {

    private static final String DEVICES = "/dev/";
    private static final String TERMINALS = "/dev/pts/";
    private static final String MASTER = "ptmx";
    private static final String MASTER_INDEX = "tty-index:";
    /** Failures that a second program on a port can cause: it takes some of the bytes, or polls the board itself. */
    private static final Set<FailureCause> EXPLAINED = Set.of(FailureCause.PORT_BUSY, FailureCause.NO_ANSWER,
            FailureCause.GARBAGE, FailureCause.WRONG_UNIT);

    private final Path processes;

    public PortHolders() {
        this(Path.of("/proc"));
    }

    /** Uses another folder of processes; for tests. */
    PortHolders(Path processes) {
        this.processes = processes;
    }

    /**
     * Returns the failure of a port, or {@code PORT_HELD} if another process that has it open explains the failure.
     *
     * @param place a serial port; other places have no holders
     */
    public static Failure explain(Failure failure, String place) {
        String holder = EXPLAINED.contains(failure.cause()) ? new PortHolders().of(place) : null;
        return holder == null ? failure : new Failure(FailureCause.PORT_HELD, holder);
    }

    /**
     * Returns another process that has a port open.
     *
     * @return its name and number, such as {@code minicom (4711)}; null when there is none, or that is unknown
     */
    public @Nullable String of(String port) {
        String device = PortNames.real(port);
        if (!device.startsWith(DEVICES)) {
            return null;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(processes, "[0-9]*")) {
            Path own = processes.resolve("self").toRealPath().getFileName();
            for (Path process : all) {
                if (!process.getFileName().equals(own) && holds(process, device)) {
                    return name(process);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Another system, or one that hides its processes.
        }
        return null;
    }

    private static boolean holds(Path process, String device) {
        boolean holds = false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                String target = target(file);
                if (target.equals(device)) {
                    holds = true;
                } else if (device.startsWith(TERMINALS) && target.endsWith(MASTER)
                        && isMasterOf(process, file, device)) {
                    // A pseudo terminal: this process acts as the device.
                    return false;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Ended meanwhile, or of another user.
        }
        return holds;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException | InvalidPathException e) {
            return "";
        }
    }

    private static boolean isMasterOf(Path process, Path file, String device) throws IOException {
        Path info = process.resolve("fdinfo").resolve(file.getFileName());
        return Files.readAllLines(info).stream().filter(line -> line.startsWith(MASTER_INDEX))
                .map(line -> TERMINALS + line.substring(MASTER_INDEX.length()).strip()).anyMatch(device::equals);
    }

    private static String name(Path process) {
        String name = "?";
        try {
            name = Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            // The process number must do.
        }
        return name + " (" + process.getFileName() + ")";
    }
}
