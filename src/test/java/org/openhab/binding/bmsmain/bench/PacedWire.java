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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Two serial devices connected by a wire with a given bit rate: each byte takes ten bit times.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class PacedWire implements AutoCloseable {

    private final Pty near = new Pty();
    private final Pty far = new Pty();
    private final AtomicLong bytesToFar = new AtomicLong();
    private final AtomicLong bytesToNear = new AtomicLong();
    private volatile boolean closed;

    public PacedWire(int baud) {
        start("bench-wire-out", near, far, baud, bytesToFar);
        start("bench-wire-in", far, near, baud, bytesToNear);
    }

    /**
     * Runs the wire as a separate process, so that its CPU time is not attributed to the measured one. Prints the
     * two devices and ends when its standard input is closed.
     */
    public static void main(String[] arguments) throws IOException {
        try (PacedWire wire = new PacedWire(Integer.parseInt(arguments[0]))) {
            if (arguments.length > 2) {
                wire.near.linkedAs(Path.of(arguments[1]));
                wire.far.linkedAs(Path.of(arguments[2]));
            }
            // The parent waits for this word.
            System.out.write("ready\n".getBytes(StandardCharsets.US_ASCII));
            System.out.flush();
            while (System.in.read() >= 0) {
                // The parent sends nothing; it only closes the stream.
            }
        }
    }

    private void start(String name, Pty from, Pty to, int baud, AtomicLong bytes) {
        Thread thread = new Thread(() -> pump(from, to, baud, bytes), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void pump(Pty from, Pty to, int baud, AtomicLong bytes) {
        Pty.sleepExactly();
        PacedOutput output = new PacedOutput(to, PacedOutput.byteNanos(baud));
        byte[] buffer = new byte[4096];
        try {
            while (!closed) {
                int count = from.read(buffer, 100_000_000);
                if (count > 0) {
                    bytes.addAndGet(count);
                    output.send(buffer, count, System.nanoTime());
                }
            }
        } catch (IOException e) {
            // The wire was closed.
        }
    }

    /** The device for the master. */
    public String near() {
        return near.device();
    }

    /** The device for the slave. */
    public String far() {
        return far.device();
    }

    /** Bytes sent from the master to the slave. */
    public long bytesOut() {
        return bytesToFar.get();
    }

    /** Bytes sent from the slave to the master. */
    public long bytesIn() {
        return bytesToNear.get();
    }

    @Override
    public void close() {
        closed = true;
        near.close();
        far.close();
    }
}
