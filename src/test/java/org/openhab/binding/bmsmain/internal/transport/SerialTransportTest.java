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
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.twin.VirtualWire;

/**
 * A serial port whose native library cannot be loaded, or that two threads use.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class SerialTransportTest {

    private static final int ROUNDS = 400;

    /** The library is loaded once per class loader, so the test needs another JVM. */
    public static void main(String[] arguments) throws IOException {
        List<String> told = new ArrayList<>();
        Ticker ticker = Ticker.system();
        SerialTransport transport = new SerialTransport(new SerialSettings("/dev/null", 9600, Parity.NONE, 1), ticker,
                1);
        for (int i = 0; i < 2; i++) {
            try {
                transport.open();
            } catch (LinkException e) {
                told.add(e.failure().cause() + " " + e.failure().detail());
            }
        }
        told.add(SerialTransport.ports().toString());
        Files.write(Path.of(arguments[0]), told);
    }

    @Test
    void saysThatTheLibraryCannotBeLoaded(@TempDir Path folder) throws Exception {
        // Nothing can be unpacked because a file is in place of the folder.
        Path file = Files.createFile(folder.resolve("file"));
        Path told = folder.resolve("told");
        Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + file, "-Duser.home=" + file, "-cp",
                String.valueOf(System.getProperty("java.class.path")), SerialTransportTest.class.getName(),
                told.toString()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertEquals(0, other.waitFor());
        assertEquals(List.of("NO_SERIAL " + file, "NO_SERIAL " + file, "[]"), Files.readAllLines(told));
    }

    /**
     * A thread other than that of the bus closes an abandoned bus. Without the lock in the transport this crashes
     * the whole process with a SIGSEGV when the machine is overloaded.
     */
    @Test
    void anotherThreadCanCloseItWhileItIsRead(@TempDir Path folder) throws Exception {
        Peers.need(VirtualWire.isPossible(), "socat");
        AtomicBoolean isOver = new AtomicBoolean();
        for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
            spin(() -> !isOver.get());
        }
        Path port = folder.resolve("ours");
        SerialTransport transport = new SerialTransport(new SerialSettings(port.toString(), 115_200, Parity.NONE, 1),
                Ticker.system(), 0);
        Random random = new Random(1);
        try (VirtualWire wire = VirtualWire.between(port, folder.resolve("theirs"))) {
            for (int i = 0; i < ROUNDS; i++) {
                transport.open();
                long closeAt = System.nanoTime() + random.nextInt(300_000);
                Thread closer = spin(() -> {
                    boolean waits = System.nanoTime() - closeAt < 0;
                    if (!waits) {
                        transport.close();
                    }
                    return waits;
                });
                byte[] buffer = new byte[16];
                LinkException e = assertThrows(LinkException.class,
                        () -> transport.read(buffer, 0, buffer.length, closeAt + 10_000_000_000L));
                assertEquals(FailureCause.CONNECTION_LOST, e.failure().cause());
                closer.join();
            }
        } finally {
            isOver.set(true);
        }
    }

    private static Thread spin(BooleanSupplier goesOn) {
        Thread thread = new Thread(() -> {
            while (goesOn.getAsBoolean()) {
                Thread.onSpinWait();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
