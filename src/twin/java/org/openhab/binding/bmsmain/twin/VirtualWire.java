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

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A serial line without hardware and without a baud rate: pseudo terminals of the program <code>socat</code>, with
 * links at chosen paths. The links exist until the line is closed; closing corresponds to pulling the plug.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class VirtualWire implements AutoCloseable {

    private static final String PROGRAM = "socat";
    private static final long PATIENCE_SECONDS = 10;

    private final Process process;

    private VirtualWire(String one, String other) throws IOException {
        // -d twice: the message that everything is in place has the level "notice".
        process = new ProcessBuilder(PROGRAM, "-d", "-d", one, other).redirectErrorStream(true).start();
        List<String> messages = new ArrayList<>();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("starting data transfer loop")) {
                return;
            }
            messages.add(line);
        }
        close();
        throw new IOException(String.join("; ", messages));
    }

    /** Whether <code>socat</code> is installed. */
    public static boolean isPossible() {
        String path = System.getenv("PATH");
        return path != null && Stream.of(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
    }

    /**
     * Creates two serial ports that are connected to each other.
     *
     * @param one path of the first port
     * @param other path of the second port
     * @throws IOException if the ports cannot be created
     */
    public static VirtualWire between(Path one, Path other) throws IOException {
        return new VirtualWire(terminal(one), terminal(other));
    }

    /**
     * Creates a serial port whose far end is a connection to a local TCP port.
     *
     * @param link path of the serial port
     * @param port the TCP port
     * @throws IOException if the port cannot be created, or nothing listens on the TCP port
     */
    public static VirtualWire toTcp(Path link, int port) throws IOException {
        return new VirtualWire(terminal(link), "TCP:127.0.0.1:" + port);
    }

    private static String terminal(Path link) {
        return "PTY,rawer,link=" + link;
    }

    /** Waits until the links are gone, so that they cannot lead to a device of another process. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
