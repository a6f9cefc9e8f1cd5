/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.it;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.peer.Peers;

/**
 * A pseudo terminal whose far end is a TCP port: what the binding opens as a serial port ends at the twin. Needs
 * <code>socat</code>; a test is skipped without it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SerialBridge implements AutoCloseable {

    private final Process socat;
    private final Path device;
    private final FileInputStream holder;

    private SerialBridge(Process socat, Path link) throws IOException {
        this.socat = socat;
        this.device = link.toRealPath();
        // with the near end open here, closing it elsewhere does not end the bridge
        this.holder = new FileInputStream(link.toFile());
    }

    /**
     * @param link where the serial port appears
     * @param port TCP port on the loopback interface
     */
    static SerialBridge open(Path link, int port) throws IOException {
        Peers.need(Peers.onPath("socat"), "socat");
        Process process = new ProcessBuilder("socat", "-d", "-d", "PTY,rawer,link=" + link, "TCP:127.0.0.1:" + port)
                .redirectErrorStream(true).start();
        BufferedReader messages = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = messages.readLine(); line != null; line = messages.readLine()) {
            if (line.contains("starting data transfer loop")) {
                return new SerialBridge(process, link);
            }
        }
        throw new IOException("socat ended with " + process.exitValue());
    }

    /** How many open files of this process are the serial port, besides the one that holds it. */
    long openHandles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(this::isDevice).count() - 1;
        }
    }

    private boolean isDevice(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(device);
        } catch (IOException e) {
            return false;
        }
    }

    /** Pulls the plug: the port is gone. */
    @Override
    public void close() throws IOException {
        holder.close();
        socat.destroy();
        try {
            socat.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
