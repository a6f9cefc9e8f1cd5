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

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.twin.VirtualWire;

/**
 * A pseudo terminal connected to a TCP port: the binding opens it as a serial port, and the twin serves the port.
 * Needs <code>socat</code>; a test is skipped without it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SerialBridge implements AutoCloseable {

    private final VirtualWire socat;
    private final Path device;
    private final FileInputStream holder;

    private SerialBridge(VirtualWire socat, Path link) throws IOException {
        this.socat = socat;
        this.device = link.toRealPath();
        // the near end is kept open here, so that closing it elsewhere does not end the bridge
        this.holder = new FileInputStream(link.toFile());
    }

    /**
     * @param link path of the serial port
     * @param port TCP port on the loopback interface
     */
    static SerialBridge open(Path link, int port) throws IOException {
        VirtualWire wire = Peers.socat(link, port);
        try {
            return new SerialBridge(wire, link);
        } catch (IOException e) {
            wire.close();
            throw e;
        }
    }

    /** Number of open files of this process that refer to the serial port, without the one of the bridge. */
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

    /** Pulls the plug: the port disappears. */
    @Override
    public void close() throws IOException {
        holder.close();
        socat.close();
    }
}
