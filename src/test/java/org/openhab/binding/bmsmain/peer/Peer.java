/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A running program that is stopped with the test.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Peer implements AutoCloseable {

    private final Process process;

    private Peer(Process process) {
        this.process = process;
    }

    /** Runs a program. */
    static Peer run(List<String> command) {
        try {
            return new Peer(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a server, passes its registers to it, and waits until it reports that it is ready. */
    static Peer start(List<String> command, List<String> input) {
        Peer peer = run(command);
        try {
            StringBuilder text = new StringBuilder();
            input.forEach(line -> text.append(line).append('\n'));
            peer.process.getOutputStream().write(text.append("end\n").toString().getBytes(StandardCharsets.US_ASCII));
            peer.process.getOutputStream().flush();
            String line = peer.output().readLine();
            if (!"ready".equals(line)) {
                throw new IOException(command + " says " + line);
            }
            return peer;
        } catch (IOException e) {
            peer.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Output of the program. */
    BufferedReader output() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    /** CPU time of the program, in nanoseconds, with the granularity of the system. */
    public long cpuNanos() {
        return process.info().totalCpuDuration().map(duration -> duration.toNanos()).orElse(0L);
    }

    /** Returns the process ID. */
    public long pid() {
        return process.pid();
    }

    /**
     * Ends the program, which may clean up: socat removes its links, so that they never lead to a device of
     * another process.
     */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
