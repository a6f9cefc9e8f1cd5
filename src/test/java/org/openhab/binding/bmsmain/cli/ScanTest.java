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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.openhab.binding.bmsmain.cli.Outcome.bms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.diagnosis.Cause;
import org.openhab.binding.bmsmain.internal.diagnosis.Diagnosis;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusConnectionParameters;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusDoctor;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusScan;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusScan.ScanResult;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

import com.google.gson.JsonParser;

/**
 * The scan for boards, in virtual time and on a line between two pseudo terminals.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(180)
class ScanTest {

    private static ModbusScan scan(SimulatedWires wires, boolean all) {
        ModbusScan scan = new ModbusScan(wires, wires, ModbusScan.STANDARD_TIMEOUT, Progress.NONE);
        scan.serial("/dev/ttyUSB0", all);
        return scan;
    }

    @ParameterizedTest
    @CsvSource({ "9600, 32", "19200, 32", "600, 32", "9600, 1", "9600, 247", "19200, 47", "115200, 33" })
    void findsABoardWhereverItIs(int rate, int address) {
        SimulatedWires wires = new SimulatedWires().baudRate(rate)
                .with(SimulatedWires.board(address, WordOrder.LITTLE));
        List<ScanResult> found = scan(wires, false).found();
        assertEquals(1, found.size());
        SerialSettings serial = found.get(0).parameters().serial();
        assertEquals(rate, serial == null ? 0 : serial.baudRate());
        assertEquals(address, found.get(0).parameters().address());
        assertTrue(found.get(0).isBoard());
        assertEquals("2.4.7", found.get(0).firmware());
        assertEquals(0, wires.log().writes());
    }

    /** Its response arrives during the request to the next address: it is requested again, with a longer timeout. */
    @Test
    void findsABoardThatIsSlow() {
        SimulatedWires wires = new SimulatedWires().with(SimulatedWires.board(47, WordOrder.LITTLE))
                .answersAfter(ModbusScan.STANDARD_TIMEOUT.plusMillis(30));
        assertEquals(List.of(47), scan(wires, false).found().stream().map(one -> one.parameters().address()).toList());
        assertEquals(0, wires.log().writes());
    }

    @Test
    void findsAllBoardsOfALineIfAsked() {
        SimulatedWires wires = new SimulatedWires();
        for (int address : List.of(5, 32, 200)) {
            wires.with(SimulatedWires.board(address, WordOrder.BIG));
        }
        assertEquals(List.of(32, 5, 200),
                scan(wires, true).found().stream().map(found -> found.parameters().address()).toList());
        assertEquals(1, scan(wires, false).found().size());
    }

    /** An energy meter at address 1 shares the line: it is reported, and the scan continues. */
    @Test
    void anotherDeviceDoesNotEndTheSearch() {
        SimulatedWires wires = new SimulatedWires().with(SimulatedWires.board(47, WordOrder.LITTLE)).refuses(1, 2);
        List<ScanResult> found = scan(wires, false).found();
        assertEquals(List.of(1, 47), found.stream().map(one -> one.parameters().address()).toList());
        assertEquals(List.of(false, true), found.stream().map(ScanResult::isBoard).toList());
    }

    /** A gateway exception that nothing responds at an address does not count as a device. */
    @ParameterizedTest
    @ValueSource(ints = { 10, 11 })
    void aGatewayIsNoDevice(int exception) {
        SimulatedWires wires = new SimulatedWires().with(SimulatedWires.board(33, WordOrder.LITTLE)).refuses(32,
                exception);
        assertEquals(List.of(33), scan(wires, false).found().stream().map(one -> one.parameters().address()).toList());
    }

    @Test
    void asksNothingWhereAnotherMasterTalks() {
        SimulatedWires wires = new SimulatedWires().with(SimulatedWires.board(32, WordOrder.LITTLE))
                .unasked(SimulatedWires.frame(7, 3, 0, 1, 0, 2), Duration.ofMillis(500));
        ModbusScan scan = scan(wires, true);
        assertEquals(Set.of(7), scan.heardAddresses());
        assertEquals(List.of(), scan.found());
        assertEquals(0, wires.log().requests());
    }

    @Test
    void theShortSearchLooksAtAddress32Only() {
        SimulatedWires wires = new SimulatedWires().baudRate(600).with(SimulatedWires.board(32, WordOrder.LITTLE));
        assertEquals(1, shortScan(wires).found().size());
        SimulatedWires other = new SimulatedWires().with(SimulatedWires.board(33, WordOrder.LITTLE));
        long begun = other.nanos();
        assertEquals(List.of(), shortScan(other).found());
        assertTrue(other.nanos() - begun < 8_000_000_000L, "took too long");
    }

    /** Its response must not count as that of a device to another master at the next baud rate. */
    @Test
    void theShortSearchFindsABoardThatIsSlow() {
        SimulatedWires wires = new SimulatedWires().with(SimulatedWires.board(32, WordOrder.LITTLE))
                .answersAfter(ModbusScan.STANDARD_TIMEOUT.plusMillis(30));
        ModbusScan scan = shortScan(wires);
        assertEquals(Set.of(), scan.heardAddresses());
        assertEquals(List.of(32), scan.found().stream().map(one -> one.parameters().address()).toList());
    }

    private static ModbusScan shortScan(SimulatedWires wires) {
        ModbusScan scan = new ModbusScan(wires, wires, ModbusScan.STANDARD_TIMEOUT, Progress.NONE);
        scan.serialAtStandardAddress("/dev/ttyUSB0");
        return scan;
    }

    /** The doctor and a polled board take turns: both get their responses. */
    @Test
    void examinesALineThatIsInUse() throws Exception {
        try (Twin twin = Twin.tcp(0, new TwinBoard())) {
            Ticker ticker = Ticker.system();
            ModbusLine line = ModbusLine.tcp("127.0.0.1", twin.port(), TcpMode.TCP, ticker);
            Queue<BoardReport> reports = new ConcurrentLinkedQueue<>();
            try (BusRegistry registry = new BusRegistry(ticker)) {
                BusRegistry.Membership membership = line.join(registry, new ModbusBoard(
                        new ModbusSettings(32, Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofSeconds(2),
                                null),
                        BoardSetup.standard(Duration.ofSeconds(5), Duration.ofSeconds(90)), true, reports::add,
                        ticker));
                ModbusConnectionParameters parameters = ModbusConnectionParameters.tcp("127.0.0.1", twin.port(),
                        TcpMode.TCP, 32, null, Duration.ofSeconds(2));
                Diagnosis diagnosis = ModbusDoctor.examine(parameters, line, registry, ticker, 50, Progress.NONE);
                assertEquals(Cause.HEALTHY, diagnosis.cause(), diagnosis.findings()::toString);
                assertFalse(reports.isEmpty(), "the board was not read meanwhile");
                assertTrue(reports.stream().allMatch(BoardReport::isOnline), reports::toString);
                membership.leave();
            }
            assertEquals(0, twin.log().writes());
        }
    }

    @Test
    void findsATwinBehindATcpPort() throws IOException {
        try (Twin twin = Twin.tcp(0, new TwinBoard()); Twin rtu = Twin.rtuTcp(0, new TwinBoard())) {
            Outcome outcome = bms("scan", "--tcp", "127.0.0.1", "--port", Integer.toString(twin.port()), "--timeout",
                    "3000");
            assertEquals(0, outcome.code(), outcome.err());
            assertTrue(outcome.out().contains("Thing bmsmain:tcp:board32 \"BMS Main 2.1\" [ host=\"127.0.0.1\", port="
                    + twin.port() + ", responseTimeout=3000 ]"), outcome.out());
            assertTrue(outcome.out().contains("version: 1\nthings:\n  bmsmain:tcp:board32:\n"), outcome.out());
            Outcome gateway = bms("scan", "--subnet", "127.0.0.1/32", "--port", Integer.toString(rtu.port()),
                    "--timeout", "3000");
            assertTrue(gateway.out().contains("framing=\"rtu\""), gateway.out());
        }
    }

    /** The rate limit applies to all connections, whichever thread opens them. */
    @Test
    void connectionsTogetherKeepAPace() throws Exception {
        List<Long> begun = Collections.synchronizedList(new ArrayList<>());
        Ticker ticker = Ticker.system();
        PacedWires wires = new PacedWires(ticker, 20_000_000);
        List<Thread> threads = new ArrayList<>();
        long start = ticker.nanos();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int k = 0; k < 10; k++) {
                    try {
                        wires.tcp("127.0.0.1", 1, TcpMode.TCP, Duration.ofSeconds(1)).open();
                    } catch (LinkException e) {
                        begun.add(ticker.nanos());
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(40, begun.size());
        assertTrue(Collections.max(begun) - start >= 39 * 20_000_000L, "40 connections came too soon");
    }

    @Test
    void whereNothingIsThatIsTold() {
        Outcome serial = bms("scan", "--serial", "/dev/there-is-no-such-port");
        assertEquals(3, serial.code());
        assertTrue(serial.err().contains("does not exist"), serial.err());
        Outcome tcp = bms("scan", "--tcp", "127.0.0.1", "--port", "1");
        assertEquals(3, tcp.code());
        assertEquals("", tcp.out());
        Outcome can = bms("scan", "--slcan", Path.of("/dev/there-is-no-such-port").toString());
        assertEquals(3, can.code(), can.err());
    }

    @Test
    void networksHaveTheHostsThatTheyHave() {
        assertEquals(254, Subnet.hosts("192.168.1.77/24").size());
        assertEquals("192.168.1.1", Subnet.hosts("192.168.1.77/24").get(0));
        assertEquals("192.168.1.254", Subnet.hosts("192.168.1.77/24").get(253));
        assertEquals(List.of("10.0.0.8", "10.0.0.9"), Subnet.hosts("10.0.0.8/31"));
        assertEquals(1022, Subnet.hosts("172.16.4.1/22").size());
        for (String wrong : new ArrayList<>(List.of("", "10.0.0.1", "10.0.0.0/21", "10.0.0.0/33", "10.0.0/24",
                "10.0.0.256/24", "a.b.c.d/24", "10.0.0.0/x"))) {
            assertThrows(IllegalArgumentException.class, () -> Subnet.hosts(wrong), wrong);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "scan", "scan --serial a --tcp b", "scan --subnet 10.0.0.0/8",
            "scan --serial a --timeout 1", "scan --tcp a --port 0", "scan --slcan a --listen 0", "doctor",
            "doctor --tcp h --requests 0", "scan --tcp a --all", "scan --serial a --port 502",
            "scan --tcp a --timeout 19", "scan --tcp a --timeout 10001", "scan --slcan a --timeout 100",
            "scan --serial a --listen 2", "scan --serial a --baud 9600", "scan --slcan a --baud 1000",
            "doctor --slcan a --baud 5000000", "watch --slcan a --baud x", "doctor --serial a --baud 57601",
            "doctor --tcp h --interval 2", "doctor --tcp h --timeout 49", "doctor --tcp h --timeout 10001",
            "doctor --slcan a --timeout 100", "doctor --tcp h --timeout x", "doctor --tcp h --baud 9600" })
    void badArgumentsAreExitCode2(String line) {
        Outcome outcome = bms(line.split(" "));
        assertEquals(2, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("--help"), outcome.err());
    }

    /** Boards with the delivered address, each behind its own host. */
    @Test
    void everyThingHasANameOfItsOwn() throws IOException {
        try (Twin twin = Twin.tcp(0, new TwinBoard())) {
            Outcome outcome = bms("scan", "--tcp", "127.0.0.1,localhost", "--port", Integer.toString(twin.port()),
                    "--format", "json");
            assertEquals(Set.of("bmsmain:tcp:board32", "bmsmain:tcp:board32-2"),
                    outcome.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).map(json -> {
                        assertEquals(32, json.get("address").getAsInt());
                        assertEquals("2.4.7", json.get("firmware").getAsString());
                        return json.get("uid").getAsString();
                    }).collect(Collectors.toSet()));
        }
    }

    /** Two adapters may swap their numbers at a restart, so the Thing configuration names the adapter. */
    @Test
    void aThingNamesTheAdapterAndNotItsNumber(@TempDir Path folder) throws IOException {
        Path port = Files.createFile(folder.toRealPath().resolve("ttyUSB0"));
        Path link = Files.createDirectories(folder.resolve("by-id")).resolve("usb-FTDI-if00-port0");
        Files.createSymbolicLink(link, port);
        ScanResult found = new ScanResult(ModbusConnectionParameters
                .serial(new SerialSettings(port.toString(), 9600, Parity.NONE, 1), 32, null, Duration.ofSeconds(1)),
                true, null, "");
        assertEquals(link.toString(), ThingText.of(found, new PortNames(folder)).configuration().get("port"));
    }

    @Test
    void thingsAreQuoted() {
        assertEquals("Thing bmsmain:serial:x \"BMS Main 2.1\" [ port=\"a\\\"b\\\\c\" ]",
                new ThingText("serial", "x", Map.of("port", "a\"b\\c")).things());
    }
}
