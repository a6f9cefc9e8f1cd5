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
 * A serial line without hardware, without a pace: pseudo terminals of the program <code>socat</code>, as links whose
 * names are chosen. While it is open, there are the links; closing it pulls the plug.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class VirtualWire implements AutoCloseable {

    private static final String PROGRAM = "socat";
    private static final long PATIENCE_SECONDS = 10;

    private final Process process;

    private VirtualWire(String one, String other) throws IOException {
        // Twice -d, because the word that all is in place is a notice.
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
     * Two serial ports that are joined.
     *
     * @param one where the one port appears
     * @param other where the other port appears
     * @throws IOException if that is not possible
     */
    public static VirtualWire between(Path one, Path other) throws IOException {
        return new VirtualWire(terminal(one), terminal(other));
    }

    /**
     * A serial port whose far end is a connection to a TCP port of this machine.
     *
     * @param link where the serial port appears
     * @param port the TCP port
     * @throws IOException if that is not possible, or nobody listens
     */
    public static VirtualWire toTcp(Path link, int port) throws IOException {
        return new VirtualWire(terminal(link), "TCP:127.0.0.1:" + port);
    }

    private static String terminal(Path link) {
        return "PTY,rawer,link=" + link;
    }

    /** Returns when the links are gone: they must not lead to a device of others. */
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
