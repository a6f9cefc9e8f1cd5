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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openhab.binding.bmsmain.twin.VirtualWire;

/**
 * Third-party programs that the tests communicate with. Tests are skipped if a program is missing; in CI they fail.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Peers {

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path BUILD = Path.of(System.getProperty("bmsmain.build", "target")).toAbsolutePath();
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path MODULES = Path.of("/usr/lib/python3/dist-packages");

    private Peers() {
    }

    /** A Modbus server on pymodbus; the address and the unit of the server follow the given arguments. */
    public static Peer pymodbus(List<String> registers, String... arguments) {
        need(hasModule("pymodbus"), "python3-pymodbus");
        // Its server module does not load without this, and the Debian package only recommends it.
        need(hasModule("serial_asyncio"), "python3-serial-asyncio");
        List<String> command = new ArrayList<>(
                List.of(PYTHON.toString(), ROOT.resolve("src/test/python/modbus_server.py").toString()));
        command.addAll(Arrays.asList(arguments));
        return Peer.start(command, registers);
    }

    /** A node on python-can; the serial device and the node id follow. */
    public static Peer pythonCan(List<String> objectsAndFrames, String... arguments) {
        return pythonCan("can_node.py", objectsAndFrames, arguments);
    }

    /** A listener on a bus, based on python-can. */
    public static Peer pythonCanReader(String device) {
        return pythonCan("can_reader.py", List.of(), device);
    }

    private static Peer pythonCan(String script, List<String> input, String... arguments) {
        need(hasModule("can"), "python3-can");
        List<String> command = new ArrayList<>(
                List.of(PYTHON.toString(), ROOT.resolve("src/test/python/" + script).toString()));
        command.addAll(Arrays.asList(arguments));
        return Peer.start(command, input);
    }

    private static boolean hasModule(String name) {
        return Files.isExecutable(PYTHON) && Files.isDirectory(MODULES.resolve(name));
    }

    /** A Modbus server on libmodbus. */
    public static Peer libmodbus(List<String> registers, String... arguments) {
        List<String> command = new ArrayList<>(List.of(compiled("modbus_server").toString()));
        command.addAll(Arrays.asList(arguments));
        return Peer.start(command, registers);
    }

    /** A program of this project in its own JVM, which prints "ready" when it is. */
    public static Peer java(Class<?> main, String... arguments) {
        Path java = Path.of(String.valueOf(System.getProperty("java.home")), "bin/java");
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx64m", "-XX:+UseSerialGC", "-cp",
                String.valueOf(System.getProperty("java.class.path")), main.getName()));
        command.addAll(Arrays.asList(arguments));
        return Peer.start(command, List.of());
    }

    /** Output of a program of {@code src/test/c}. */
    public static String output(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(compiled(name).toString()));
        command.addAll(Arrays.asList(arguments));
        try (Peer peer = Peer.run(command)) {
            String line = peer.output().readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two serial devices connected by a wire without a pace. */
    public static VirtualWire socat(Path one, Path other) {
        needSocat();
        try {
            return VirtualWire.between(one, other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A serial device whose far end is a TCP port. */
    public static VirtualWire socat(Path link, int port) {
        needSocat();
        try {
            return VirtualWire.toTcp(link, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void needSocat() {
        need(VirtualWire.isPossible(), "socat");
    }

    /** The executable of a program of {@code src/test/c} that uses libmodbus. */
    public static synchronized Path compiled(String name) {
        need(onPath("gcc") && Files.exists(Path.of("/usr/include/modbus/modbus.h")), "gcc and libmodbus-dev");
        Path source = ROOT.resolve("src/test/c/" + name + ".c");
        Path program = BUILD.resolve("peers/" + name);
        try {
            if (Files.exists(program)
                    && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) > 0) {
                return program;
            }
            Files.createDirectories(program.getParent());
            // Another process of the same build may compile or run it at the same time.
            Path compiled = program.resolveSibling(name + "." + ProcessHandle.current().pid());
            Process gcc = new ProcessBuilder("gcc", "-O2", "-I/usr/include/modbus", "-o", compiled.toString(),
                    source.toString(), "-lmodbus", "-lpthread").inheritIO().start();
            if (!gcc.waitFor(60, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
                throw new IOException("gcc cannot compile " + source);
            }
            return Files.move(compiled, program, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A TCP port of the loopback interface without a listener. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips the test when a program is missing; fails it in environments that must have all of them. */
    public static void need(boolean there, String what) {
        if (!there && "true".equals(System.getenv("CI"))) {
            Assertions.fail(what + " is not installed");
        }
        Assumptions.assumeTrue(there, what + " is not installed");
    }

    /** Whether a program can be called by its name. */
    public static boolean onPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
