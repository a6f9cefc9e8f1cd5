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

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;

/**
 * A serial port on a machine that does not let the native library be loaded.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class SerialTransportTest {

    /** The library is loaded once for each class loader, so another Java has to try. */
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
        // Nothing can be unpacked where a folder should be but a file is.
        Path file = Files.createFile(folder.resolve("file"));
        Path told = folder.resolve("told");
        Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + file, "-Duser.home=" + file, "-cp",
                String.valueOf(System.getProperty("java.class.path")), SerialTransportTest.class.getName(),
                told.toString()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertEquals(0, other.waitFor());
        assertEquals(List.of("NO_SERIAL " + file, "NO_SERIAL " + file, "[]"), Files.readAllLines(told));
    }
}
