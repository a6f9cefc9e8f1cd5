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

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.bench.Pty;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.peer.Peers;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;

/**
 * Processes that have a port open, in a simulated /proc and in the real one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class PortHoldersTest {

    private static final String PORT = "/dev/ttyTest7";
    private static final long TIOCGEXCL = 0x80045440L;

    @TempDir
    Path processes = Path.of("");

    private @Nullable String holder(String port) {
        return new PortHolders(processes).of(port);
    }

    /** A process with its open files: {@code number target}. */
    private Path process(String pid, String name, String... files) throws IOException {
        Path process = processes.resolve(pid);
        Files.createDirectories(process.resolve("fd"));
        Files.createDirectories(process.resolve("fdinfo"));
        Files.writeString(process.resolve("comm"), name + "\n");
        for (String file : files) {
            String[] parts = file.split(" ");
            Files.createSymbolicLink(process.resolve("fd").resolve(parts[0]), Path.of(parts[1]));
            Files.writeString(process.resolve("fdinfo").resolve(parts[0]),
                    "pos:\t0\nflags:\t02\n" + (parts.length > 2 ? "tty-index:\t" + parts[2] + "\n" : ""));
        }
        return process;
    }

    private void own(String pid) throws IOException {
        Files.createSymbolicLink(processes.resolve("self"), Path.of(pid));
    }

    @Test
    void namesTheProcessThatHasThePortOpen() throws IOException {
        process("1", "init", "0 /dev/null");
        process("20", "java", "3 " + PORT);
        process("300", "minicom", "0 /dev/pts/1", "7 " + PORT);
        Files.createDirectories(processes.resolve("net"));
        own("20");
        assertEquals("minicom (300)", holder(PORT));
        assertNull(holder("/dev/ttyTest8"));
        assertNull(holder("192.168.1.10:502"));
        assertNull(holder("can0"));
        assertNull(holder(""));
        assertNull(holder("\0"));
    }

    @Test
    void whatWeHaveOpenOurselvesIsNotHeldByAnother() throws IOException {
        process("20", "java", "3 " + PORT);
        own("20");
        assertNull(holder(PORT));
    }

    /** Processes may end during the check, and those of other users are not readable. */
    @Test
    void whatCannotBeReadIsPassedOver() throws IOException {
        Files.createDirectories(processes.resolve("5"));
        process("6", "gone", "3 /dev/null");
        Files.delete(processes.resolve("6/comm"));
        Path silent = process("7", "silent", "3 " + PORT);
        Files.delete(silent.resolve("comm"));
        own("1");
        process("1", "init");
        assertEquals("? (7)", holder(PORT));
        assertNull(new PortHolders(processes.resolve("absent")).of(PORT));
    }

    /** The process with the far end of a pseudo terminal counts as the device, even if it keeps the near end open. */
    @Test
    void theFarEndOfAPseudoTerminalIsNoHolder() throws IOException {
        process("1", "init");
        own("1");
        process("8", "socat", "4 /dev/pts/77", "5 /dev/ptmx 77");
        assertNull(holder("/dev/pts/77"));
        process("9", "tmux", "3 /dev/ptmx 3", "4 /dev/pts/ptmx 4", "5 /dev/pts/77");
        assertEquals("tmux (9)", holder("/dev/pts/77"));
    }

    @ParameterizedTest
    @CsvSource({ "PORT_BUSY, PORT_HELD", "NO_ANSWER, PORT_HELD", "GARBAGE, PORT_HELD", "WRONG_UNIT, PORT_HELD",
            "PORT_MISSING, PORT_MISSING", "NO_PERMISSION, NO_PERMISSION", "EXCEPTION, EXCEPTION" })
    void explainsWhatASecondProgramCanCause(FailureCause seen, FailureCause told) throws Exception {
        try (Pty pty = new Pty()) {
            Failure failure = Failure.of(seen);
            assertEquals(failure, PortHolders.explain(failure, pty.device()), "nobody has it");
            try (Holder holder = new Holder(pty.device())) {
                Failure explained = PortHolders.explain(failure, pty.device());
                assertEquals(told, explained.cause());
                assertEquals(told == FailureCause.PORT_HELD ? "sleep (" + holder.process.pid() + ")" : "",
                        explained.detail());
            }
        }
    }

    /** Another process that has a port open without locking it. */
    private static final class Holder implements AutoCloseable {
        private final Process process;

        Holder(String port) throws Exception {
            Peers.need(Files.isExecutable(Path.of("/bin/sh")), "sh");
            process = new ProcessBuilder("/bin/sh", "-c", "exec sleep 60 < " + port).start();
            long begun = System.nanoTime();
            while (new PortHolders().of(port) == null) {
                assertTrue(System.nanoTime() - begun < 20_000_000_000L, "the port is not held");
                Thread.sleep(10);
            }
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }

    /**
     * While the port is open here, only root can open it; afterwards every user can, whichever other process has
     * it open.
     */
    @Test
    void anOpenPortIsOursAlone() throws Exception {
        try (Pty pty = new Pty(); Holder holder = new Holder(pty.device())) {
            Peers.need(Files.exists(Path.of("/proc/self/fd")), "/proc");
            int near = open(pty.device());
            List<Integer> modes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                ExclusiveMode.begin(pty.device());
                modes.add(mode(near));
                ExclusiveMode.end(pty.device());
                modes.add(mode(near));
            }
            // Its far end may outlive this process, and with it the mode.
            assertFalse(ExclusiveMode.fits(pty.device()));
            assertTrue(ExclusiveMode.fits("/dev/ttyUSB0"));
            SerialTransport transport = new SerialTransport(new SerialSettings(pty.device(), 9600, Parity.NONE, 1),
                    Ticker.system(), 1_000_000);
            transport.open();
            assertEquals(0, mode(near));
            transport.close();
            Function.getFunction("c", "close").invokeInt(new Object[] { near });
            assertEquals(List.of(1, 0, 1, 0), modes);
            assertTrue(holder.process.isAlive());
        }
    }

    private static int open(String port) {
        int file = Function.getFunction("c", "open").invokeInt(new Object[] { port, 0x902 });
        assertTrue(file >= 0);
        return file;
    }

    private static int mode(int file) {
        try (Memory mode = new Memory(4)) {
            assertEquals(0, Function.getFunction("c", "ioctl")
                    .invokeInt(new Object[] { file, new NativeLong(TIOCGEXCL), mode }));
            return mode.getInt(0);
        }
    }
}
