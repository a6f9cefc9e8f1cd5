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
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A mosquitto broker with the configuration of {@code examples/fleet}: TLS, users, and topics for each user. Its
 * certificates are created for the test.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Mosquitto implements AutoCloseable {

    public static final String HOST = "localhost";
    private static final List<String> USERS = List.of("site-a", "openhab", "homeassistant", "telegraf", "root");
    private static final Path EXAMPLES = Path.of("examples", "fleet");
    private static final Path SERVER = Path.of("/usr/sbin/mosquitto");
    private static final String FORMAT = "%r|%E|%P|%t|%p";

    private final Path folder;
    private final int port;
    private @Nullable Process process;

    /**
     * A message received by a subscriber.
     *
     * @param life seconds for which the broker still keeps it; empty = for ever
     * @param properties user properties
     */
    public record Heard(boolean isRetained, String life, String properties, String topic, String payload) {

        static Heard of(String line) {
            String[] parts = line.split("\\|", 5);
            return new Heard("1".equals(parts[0]), parts[1], parts[2], parts[3], parts[4]);
        }
    }

    /**
     * Starts a broker. The user {@code root} has all permissions.
     *
     * @param acl additional permissions on the topics of the users
     */
    public static Mosquitto start(Path folder, String acl) {
        Peers.need(Files.isExecutable(SERVER) && Peers.onPath("mosquitto_sub"), "mosquitto and mosquitto-clients");
        Peers.need(Peers.onPath("openssl"), "openssl");
        try {
            return new Mosquitto(folder, Peers.freePort(), acl);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Mosquitto(Path folder, int port, String acl) throws IOException {
        this.folder = folder;
        this.port = port;
        certificate("ca", "", null);
        certificate("other", "", null);
        certificate("broker", "subjectAltName=DNS:localhost,IP:127.0.0.1", "ca");
        certificate("client", "extendedKeyUsage=clientAuth", "ca");
        Path passwords = folder.resolve("passwd");
        Files.writeString(passwords, "");
        for (String user : USERS) {
            run(List.of("mosquitto_passwd", "-b", passwords.toString(), user, secret(user)));
            Files.writeString(folder.resolve(user + ".cred"), user + "\n" + secret(user) + "\n");
        }
        Files.writeString(folder.resolve("acl"),
                Files.readString(EXAMPLES.resolve("fleet.acl")) + "\nuser root\ntopic readwrite #\n" + acl);
        Files.writeString(folder.resolve("mosquitto.conf"),
                Files.readString(EXAMPLES.resolve("mosquitto.conf")).replace("listener 8883", "listener " + port)
                        .replace("/etc/mosquitto/certs", folder.toString())
                        .replace("/etc/mosquitto/fleet.passwd", passwords.toString())
                        .replace("/etc/mosquitto/fleet.acl", folder.resolve("acl").toString())
                        .replace("/var/lib/mosquitto/", folder + "/") + "user root\n");
        begin();
    }

    /** Returns the password of a user. */
    public static String secret(String user) {
        return "pw-of-" + user;
    }

    private void certificate(String name, String extension, @Nullable String signer) throws IOException {
        List<String> request = new ArrayList<>(List.of("openssl", "req", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file(name + ".key"), "-subj", "/CN=" + name));
        if (signer == null) {
            request.addAll(List.of("-x509", "-days", "2", "-out", file(name + ".crt")));
            run(request);
            return;
        }
        request.addAll(List.of("-out", file(name + ".csr")));
        run(request);
        Files.writeString(folder.resolve("extension"), extension);
        run(List.of("openssl", "x509", "-req", "-in", file(name + ".csr"), "-CA", file(signer + ".crt"), "-CAkey",
                file(signer + ".key"), "-CAcreateserial", "-days", "2", "-out", file(name + ".crt"), "-extfile",
                file("extension")));
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + ": " + output);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a file of the broker's folder. */
    public String file(String name) {
        return folder.resolve(name).toString();
    }

    public int port() {
        return port;
    }

    /** Returns the process ID. */
    public long pid() {
        Process running = process;
        return running == null ? 0 : running.pid();
    }

    /** Adds a line to the configuration, for the next start. */
    public void configure(String line) throws IOException {
        Files.writeString(folder.resolve("mosquitto.conf"),
                Files.readString(folder.resolve("mosquitto.conf")) + line + "\n");
    }

    /** Starts the broker, after it was stopped. */
    public void begin() throws IOException {
        process = new ProcessBuilder(SERVER.toString(), "-c", file("mosquitto.conf")).redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile()).start();
        Wait.until("mosquitto listens", this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills the broker; data that is only in its memory is lost. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<String> client(String program, String user, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program, "-V", "5", "-h", HOST, "-p", Integer.toString(port),
                "--cafile", file("ca.crt"), "-u", user, "-P", secret(user)));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** Returns the retained messages, by topic. */
    public Map<String, Heard> retained(String filter) {
        try {
            Process sub = new ProcessBuilder(
                    client("mosquitto_sub", "root", "-t", filter, "--retained-only", "-W", "1", "-F", FORMAT)).start();
            Map<String, Heard> kept = new TreeMap<>();
            try (BufferedReader lines = sub.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().map(Heard::of).forEach(heard -> kept.put(heard.topic(), heard));
            }
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Publishes with mosquitto_pub. */
    public void publish(String user, String topic, String payload, String... more) throws IOException {
        List<String> command = client("mosquitto_pub", user, "-q", "1", "-t", topic, "-m", payload);
        command.addAll(Arrays.asList(more));
        run(command);
    }

    /** Starts a subscriber that keeps listening. */
    public Subscriber subscribe(String user, String... filters) {
        List<String> command = client("mosquitto_sub", user, "-F", FORMAT);
        for (String filter : filters) {
            command.addAll(List.of("-t", filter));
        }
        return new Subscriber(command);
    }

    /** A running mosquitto_sub. */
    public static final class Subscriber implements AutoCloseable {
        private final Process sub;
        private final List<Heard> heard = new CopyOnWriteArrayList<>();

        Subscriber(List<String> command) {
            try {
                sub = new ProcessBuilder(command).start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread reader = new Thread(
                    () -> sub.inputReader(StandardCharsets.UTF_8).lines().map(Heard::of).forEach(heard::add),
                    "mosquitto-sub");
            reader.setDaemon(true);
            reader.start();
        }

        /** All messages of a topic, oldest first. */
        public List<String> payloads(String topic) {
            return heard.stream().filter(each -> each.topic().equals(topic)).map(Heard::payload).toList();
        }

        /** Returns all messages so far. */
        public List<Heard> all() {
            return List.copyOf(heard);
        }

        /** The newest message of a topic; null when there was none. */
        public @Nullable String last(String topic) {
            List<String> all = payloads(topic);
            return all.isEmpty() ? null : all.get(all.size() - 1);
        }

        @Override
        public void close() {
            sub.destroyForcibly();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
