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

import static org.junit.jupiter.api.Assertions.*;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.openhab.binding.bmsmain.bench.ClientUnderTest.Library;
import org.openhab.binding.bmsmain.bench.FaultKind.Transport;
import org.openhab.binding.bmsmain.peer.Peer;
import org.openhab.binding.bmsmain.peer.Peers;

/**
 * Consecutive reads of 60 registers: time, CPU time and allocated bytes, compared with libmodbus (C), j2mod and
 * digitalpetri. The wire and the server are separate processes. Rounds alternate between the clients, and the
 * median round counts. The fastest line comes first, so its reads warm up the code for the others.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@TestMethodOrder(OrderAnnotation.class)
class ClientSpeedBench {

    private static final int COUNT = 60;
    private static final int REQUEST_BYTES = 8;
    private static final int ANSWER_BYTES = 5 + 2 * COUNT;
    private static final int TIMEOUT = 2_000;
    private static final int UNIT = 32;

    private static final Page PAGE = new Page("clients");

    /** Times in microseconds. */
    private record Round(double median, double p99, double cpu, double bytes, double whole) {
    }

    @BeforeAll
    static void begin() {
        PAGE.head("on", "client", "median us", "p99 us", "CPU us", "bytes allocated", "latency / libmodbus", "of wire",
                "reads");
    }

    @AfterAll
    static void publish() {
        PAGE.publish();
    }

    @Test
    @Order(4)
    void tcp() throws Exception {
        int port = Peers.freePort();
        try (Peer server = Peers.libmodbus(List.of(ReferenceRegisters.serverLine()), "tcp", Integer.toString(port),
                Integer.toString(UNIT))) {
            compare("Modbus TCP", 7, 4000, 0, (library, reads) -> {
                try (ClientUnderTest candidate = library.open(Transport.TCP, Path.of(""), port, 0, TIMEOUT)) {
                    return measure(candidate, reads);
                }
            }, reads -> Peers.output("modbus_client", "tcp", Integer.toString(port), Integer.toString(UNIT),
                    Integer.toString(reads), Integer.toString(COUNT)));
        }
    }

    @Test
    @Order(3)
    void rtuAt9600() throws Exception {
        rtu(9600, 3, 40);
    }

    @Test
    @Order(2)
    void rtuAt19200() throws Exception {
        rtu(19200, 3, 60);
    }

    @Test
    @Order(1)
    void rtuAt115200() throws Exception {
        rtu(115200, 5, 250);
    }

    private static void rtu(int baud, int rounds, int reads) throws Exception {
        Path folder = Files.createTempDirectory("bmsmain-bench");
        Path near = folder.resolve("near");
        Path far = folder.resolve("far");
        long silence = baud > 19200 ? 1750 : (long) (3.5 * 11 * 1e6 / baud);
        try (Peer wire = Peers.java(PacedWire.class, Integer.toString(baud), near.toString(), far.toString());
                Peer server = Peers.libmodbus(List.of(ReferenceRegisters.serverLine()), "rtu", far.toString(),
                        Integer.toString(baud), Integer.toString(UNIT), Long.toString(silence))) {
            double ideal = (REQUEST_BYTES + ANSWER_BYTES) * 1e7 / baud + 2 * silence;
            compare("RTU " + baud, rounds, reads, ideal, (library, count) -> {
                try (ClientUnderTest candidate = library.open(Transport.RTU, near, 0, baud, TIMEOUT)) {
                    return measure(candidate, count);
                }
            }, count -> Peers.output("modbus_client", "rtu", near.toString(), Integer.toString(baud),
                    Integer.toString(UNIT), Integer.toString(count), Integer.toString(COUNT), Long.toString(silence)));
        } finally {
            Files.deleteIfExists(near);
            Files.deleteIfExists(far);
            Files.deleteIfExists(folder);
        }
    }

    private interface JavaClient {
        Round run(Library library, int reads) throws Exception;
    }

    private interface CClient {
        String run(int reads) throws Exception;
    }

    private static void compare(String name, int rounds, int reads, double ideal, JavaClient java, CClient c)
            throws Exception {
        Map<Library, List<Round>> results = new EnumMap<>(Library.class);
        List<Round> reference = new ArrayList<>();
        for (int i = 0; i <= rounds; i++) {
            String[] words = c.run(reads).split(" ");
            if (i > 0) {
                reference.add(
                        new Round(number(words[0]), number(words[1]), number(words[2]), Double.NaN, number(words[3])));
            }
            for (Library library : Library.values()) {
                Round round = java.run(library, reads);
                // The first round is a warm-up.
                if (i > 0) {
                    results.computeIfAbsent(library, any -> new ArrayList<>()).add(round);
                }
            }
        }
        String size = rounds + " x " + reads;
        add(name, "libmodbus (C)", reference, reference, ideal, size);
        results.forEach((library, list) -> add(name, library.toString(), list, reference, ideal, size));
    }

    private static double number(String word) {
        return Double.parseDouble(word);
    }

    private static void add(String wire, String client, List<Round> rounds, List<Round> reference, double ideal,
            String size) {
        double[] ratios = new double[rounds.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = rounds.get(i).median / reference.get(i).median;
        }
        Arrays.sort(ratios);
        PAGE.row(wire, client, Page.number(middle(rounds.stream().mapToDouble(Round::median)), 1),
                Page.number(middle(rounds.stream().mapToDouble(Round::p99)), 0),
                Page.number(middle(rounds.stream().mapToDouble(Round::cpu)), 1),
                Page.number(middle(rounds.stream().mapToDouble(Round::bytes)), 0),
                Page.number(ratios[ratios.length / 2], 2),
                ideal == 0 ? "" : Page.number(ideal / middle(rounds.stream().mapToDouble(Round::whole)), 3), size);
    }

    private static double middle(java.util.stream.DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Round measure(ClientUnderTest candidate, int reads) throws Exception {
        for (int i = 0; i < Math.min(10, reads); i++) {
            candidate.read(0x3000 + i, COUNT);
        }
        double[] trips = new double[reads];
        Meter before = Meter.now();
        for (int i = 0; i < reads; i++) {
            long sent = System.nanoTime();
            int[] words = candidate.read(0x3000 + i % 256, COUNT);
            trips[i] = (System.nanoTime() - sent) / 1e3;
            assertEquals(COUNT, words.length);
        }
        Meter used = Meter.now().since(before);
        Arrays.sort(trips);
        return new Round(trips[reads / 2], trips[reads * 99 / 100], used.javaNanos() / 1e3 / reads,
                (double) used.allocated() / reads, used.nanos() / 1e3 / reads);
    }
}
