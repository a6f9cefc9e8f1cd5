/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher {@code ./bms}, called as users call it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
public class LauncherTest {

    private static final Path BUILD = Path.of(System.getProperty("bmsmain.build", "target")).toAbsolutePath();

    @TempDir
    Path folder = Path.of("");

    private Path home = Path.of("");

    /** A project that is already built, at a path with spaces. */
    @BeforeEach
    void project() throws IOException {
        home = Files.createDirectories(folder.resolve("a place with spaces"));
        Files.copy(Path.of("bms"), home.resolve("bms"));
        assertTrue(home.resolve("bms").toFile().setExecutable(true));
        Path build = Files.createDirectories(home.resolve("target"));
        for (String tree : List.of("classes", "cli", "twin", "runtime", "openhab-stubs")) {
            Files.createSymbolicLink(build.resolve(tree), BUILD.resolve(tree));
        }
        Files.createSymbolicLink(build.resolve("lib"), BUILD.resolve("lib"));
        Files.createFile(build.resolve("bms.built"));
    }

    /** JUnit warns of each link that leads outside its folder. */
    @AfterEach
    void unlink() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    private Outcome call(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path err = Files.createTempFile(folder, "bms", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        String complaint = Files.readString(err);
        Files.delete(err);
        return new Outcome(code, out, complaint);
    }

    @Test
    void worksFromAnyDirectoryWithSpacesInThePath() throws IOException, InterruptedException {
        Outcome outcome = call(Path.of("/"), Map.of(), home.resolve("bms").toString(), "twin", "--list");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().startsWith("battery#"), outcome.out());
        assertEquals("", outcome.err());
    }

    @Test
    void worksThroughSymbolicLinks() throws IOException, InterruptedException {
        Path one = Files.createSymbolicLink(folder.resolve("one"), home.resolve("bms"));
        Path other = Files.createSymbolicLink(home.resolve("other"), Path.of("..").resolve(one.getFileName()));
        Outcome outcome = call(folder, Map.of(), other.toString(), "--version");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().startsWith("bms 1."), outcome.out());
    }

    /** With CDPATH, cd changes to another folder of the same name and prints it. */
    @ParameterizedTest
    @ValueSource(strings = { "'a place with spaces/bms'", "./'a place with spaces'/bms",
            "cd 'a place with spaces' && sh bms", "cd 'a place with spaces' && PATH=:$PATH bms" })
    void doesNotMindCdpath(String command) throws IOException, InterruptedException {
        Path trap = Files.createDirectories(folder.resolve("trap/a place with spaces"));
        Outcome outcome = call(folder, Map.of(), "sh", "-c",
                "(export CDPATH='" + trap.getParent() + "'; " + command.replace("cd '", "cd ./'") + " --version)");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().startsWith("bms 1."), outcome.out());
        assertEquals("", outcome.err());
    }

    /** A path at which no user can write, not even root: below a file. */
    @Test
    void saysWhereItMayNotWrite() throws IOException, InterruptedException {
        Path readOnly = Files.createDirectories(folder.resolve("read only"));
        Files.copy(Path.of("bms"), readOnly.resolve("bms"));
        assertTrue(readOnly.resolve("bms").toFile().setExecutable(true));
        Files.createFile(readOnly.resolve("target"));
        Outcome outcome = call(folder, Map.of(), readOnly.resolve("bms").toString(), "--version");
        assertEquals(1, outcome.code(), outcome.err());
        assertEquals(
                "bms has to be built first, and you may not write to " + readOnly.toRealPath().resolve("target")
                        + ": let its owner run bms once, or copy the project to a folder of your own.\n",
                outcome.err());
        assertEquals("", outcome.out());
    }

    @Test
    void writesNothingWhereItIsBuilt() throws IOException, InterruptedException {
        Path target = home.resolve("target");
        assertTrue(target.toFile().setWritable(false) && home.toFile().setWritable(false));
        try {
            Outcome outcome = call(folder, Map.of(), home.resolve("bms").toString(), "--version");
            assertEquals(0, outcome.code(), outcome.err());
            assertEquals("", outcome.err());
            try (Stream<Path> files = Files.list(target)) {
                assertEquals(List.of("bms.built", "classes", "cli", "lib", "openhab-stubs", "runtime", "twin"),
                        files.map(file -> String.valueOf(file.getFileName())).sorted().toList());
            }
        } finally {
            assertTrue(target.toFile().setWritable(true) && home.toFile().setWritable(true));
        }
    }

    @Test
    void saysThatJavaTakesNoColonInThePath() throws IOException, InterruptedException {
        Path place = Files.createDirectories(folder.resolve("at:home"));
        Files.copy(Path.of("bms"), place.resolve("bms"));
        assertTrue(place.resolve("bms").toFile().setExecutable(true));
        Outcome outcome = call(folder, Map.of(), place.resolve("bms").toString(), "--version");
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().contains("colon"), outcome.err());
    }

    @Test
    void passesArgumentsAndExitCodeOn() throws IOException, InterruptedException {
        assertEquals(2, call(folder, Map.of(), home.resolve("bms").toString(), "twin", "--set", "a b=c d").code());
        Outcome outcome = call(folder, Map.of(), home.resolve("bms").toString(), "watch", "--serial", "/no such port",
                "--once");
        assertEquals(3, outcome.code());
        assertTrue(outcome.err().contains("/no such port does not exist"), outcome.err());
    }

    @Test
    void saysWhenThereIsNoJava() throws IOException, InterruptedException {
        Outcome outcome = call(folder, Map.of("JAVA_HOME", "/nowhere"), home.resolve("bms").toString(), "--version");
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().startsWith("bms needs Java 17"), outcome.err());
    }

    @Test
    void saysWhenItHasToBeBuiltAndThereIsNoMaven() throws IOException, InterruptedException {
        Files.delete(home.resolve("target/bms.built"));
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : new String[] { "sh", "dirname", "readlink", "find", "head", "sed", "mkdir", "flock" }) {
            for (Path place : new Path[] { Path.of("/bin"), Path.of("/usr/bin") }) {
                if (Files.exists(place.resolve(tool)) && !Files.exists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), place.resolve(tool));
                }
            }
        }
        Outcome outcome = call(folder,
                Map.of("PATH", tools.toString(), "JAVA_HOME", String.valueOf(System.getProperty("java.home"))),
                home.resolve("bms").toString(), "--version");
        assertEquals(1, outcome.code());
        assertEquals("bms has to be built first, and there is no Maven (mvn): install it.", outcome.err().strip());
    }

    @Test
    void buildsWhenASourceIsNewer() throws IOException, InterruptedException {
        Path maven = Files.createDirectories(folder.resolve("bin")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\npwd >>'" + folder.resolve("built") + "'\n");
        assertTrue(maven.toFile().setExecutable(true));
        Map<String, String> environment = Map.of("PATH", maven.getParent() + ":" + System.getenv("PATH"));
        String bms = home.resolve("bms").toString();
        assertEquals(0, call(folder, environment, bms, "--version").code());
        assertFalse(Files.exists(folder.resolve("built")));
        Path source = Files.createDirectories(home.resolve("src/main")).resolve("New.java");
        Files.createFile(source);
        Files.setLastModifiedTime(home.resolve("target/bms.built"), FileTime.fromMillis(0));
        Outcome outcome = call(folder, environment, bms, "--version");
        assertEquals(0, outcome.code());
        assertTrue(outcome.err().startsWith("bms: building"), outcome.err());
        assertTrue(outcome.out().startsWith("bms 1."), outcome.out());
        assertEquals(home.toRealPath().toString(), Files.readString(folder.resolve("built")).strip());
        assertEquals("", call(folder, environment, bms, "--version").err());
    }
}
