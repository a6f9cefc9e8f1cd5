/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.SimulatedWires.Server;
import org.openhab.binding.bmsmain.twin.TwinBoard;

/**
 * The defects that the doctor detects, each simulated on a wire in virtual time. It must report that cause and
 * no other.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(60)
class ModbusDoctorTest {

    private static final byte[] NONE = {};

    private static SimulatedWires wires() {
        return new SimulatedWires();
    }

    private static SimulatedWires healthy() {
        return wires().with(board());
    }

    private static TwinBoard board() {
        return SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE);
    }

    private static Arguments serial(String defect, SimulatedWires wires, Cause cause, String detail) {
        return serial(defect, wires, null, cause, detail);
    }

    private static Arguments serial(String defect, SimulatedWires wires, @Nullable WordOrder order, Cause cause,
            String detail) {
        SerialSettings settings = new SerialSettings("/dev/ttyUSB0", 9600, Parity.NONE, 1);
        return Arguments.of("serial: " + defect, wires,
                ModbusConnectionParameters.serial(settings, 32, order, Duration.ofMillis(500)), cause, detail);
    }

    private static Arguments tcp(String defect, SimulatedWires wires, TcpMode mode, Cause cause, String detail) {
        return Arguments.of("tcp: " + defect, wires,
                ModbusConnectionParameters.tcp("bms.local", 502, mode, 32, null, Duration.ofMillis(500)), cause,
                detail);
    }

    private static Arguments other(String defect, Server server, String words, String detail) {
        return tcp(defect, wires().server(server).says(words.getBytes(StandardCharsets.UTF_8)), TcpMode.TCP,
                Cause.OTHER_SERVICE, detail);
    }

    /**
     * It negotiates WILL ECHO and WILL SUPPRESS-GO-AHEAD. Its later changes of bytes FF are visible in responses only.
     */
    private static byte[] sevenBits(byte[] answer) {
        byte[] stripped = answer.clone();
        for (int i = 0; i < stripped.length; i++) {
            stripped[i] &= 0x7F;
        }
        return stripped;
    }

    private static byte[] swapped(byte[] answer) {
        byte[] swapped = answer.clone();
        swapped[answer.length - 1] = answer[answer.length - 2];
        swapped[answer.length - 2] = answer[answer.length - 1];
        return swapped;
    }

    private static SimulatedWires telnet(SimulatedWires wires) {
        return wires.server(Server.RTU).greets(new byte[] { -1, -5, 1, -1, -5, 3 });
    }

    private static byte[] damaged(byte[] answer) {
        byte[] damaged = Arrays.copyOf(answer, answer.length);
        damaged[damaged.length / 2] ^= 0x55;
        return damaged;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(1).nextBytes(bytes);
        return bytes;
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                // nothing is wrong
                serial("healthy", healthy(), Cause.HEALTHY, "-"),
                serial("healthy, and the adapter hears itself", healthy().echo(), Cause.HEALTHY, "-"),
                serial("healthy, while it initialises", wires().with(board().initialising(true)), Cause.HEALTHY, "-"),
                serial("healthy, in the order that was set",
                        wires().with(SimulatedWires.board(32, TwinBoard.WordOrder.BIG)), WordOrder.BIG, Cause.HEALTHY,
                        "-"),
                tcp("healthy", healthy(), TcpMode.TCP, Cause.HEALTHY, "-"),
                tcp("healthy behind a plain gateway", healthy().server(Server.RTU), TcpMode.RTU, Cause.HEALTHY, "-"),

                // the port
                serial("the adapter is not plugged in", healthy().notOpened(FailureCause.PORT_MISSING),
                        Cause.PORT_MISSING, "-"),
                serial("another program has the port", healthy().notOpened(FailureCause.PORT_BUSY), Cause.PORT_BUSY,
                        "-"),
                serial("the user may not open the port", healthy().notOpened(FailureCause.NO_PERMISSION),
                        Cause.NO_PERMISSION, "-"),

                // the line
                serial("no supply, or a wire is open", wires(), Cause.SILENT, "-"),
                serial("no supply, the adapter hears itself", wires().echo(), Cause.ONLY_ECHO, "-"),
                serial("A and B are swapped", wires().unasked(new byte[6], Duration.ofMillis(40)), Cause.WIRES_SWAPPED,
                        "-"),
                serial("a device sends all the time", wires().unasked(random(48), Duration.ofMillis(50)), Cause.BABBLE,
                        "-"),
                serial("a second master asks another board",
                        healthy().unasked(SimulatedWires.frame(7, 3, 0, 1, 0, 2), Duration.ofMillis(310)),
                        Cause.SECOND_MASTER, "-"),
                serial("a second master, and the board is silent",
                        wires().unasked(SimulatedWires.frame(7, 3, 0, 1, 0, 2), Duration.ofMillis(310)),
                        Cause.SECOND_MASTER, "7"),
                serial("all answers are damaged", healthy().answers((number, answer) -> damaged(answer)), Cause.GARBAGE,
                        "-"),
                serial("a line without termination damages some",
                        healthy().answers((number, answer) -> number % 20 == 0 ? damaged(answer) : answer),
                        Cause.DISTURBED, "5.0"),
                serial("a loose contact loses some",
                        healthy().answers((number, answer) -> number % 20 == 0 ? NONE : answer), Cause.LOSSES, "5.0"),

                // the settings
                serial("the board runs at 19200 baud", healthy().baudRate(19200), Cause.WRONG_BAUD_RATE, "19200"),
                serial("the board runs at 1200 baud", healthy().baudRate(1200), Cause.WRONG_BAUD_RATE, "1200"),
                serial("the board has even parity", healthy().parity(Parity.EVEN), Cause.WRONG_PARITY, "even"),
                serial("the board has address 47", wires().with(SimulatedWires.board(47, TwinBoard.WordOrder.LITTLE)),
                        Cause.WRONG_ADDRESS, "47"),
                serial("the board has address 1, and a gateway changes nothing",
                        wires().with(SimulatedWires.board(1, TwinBoard.WordOrder.LITTLE)).echo(), Cause.WRONG_ADDRESS,
                        "1"),
                serial("the words have the other order",
                        wires().with(SimulatedWires.board(32, TwinBoard.WordOrder.BIG)), WordOrder.LITTLE,
                        Cause.WRONG_WORD_ORDER, "big"),
                serial("answers come after 900 ms", healthy().answersAfter(Duration.ofMillis(900)), Cause.TOO_SLOW, ""),

                // the device
                serial("every read is refused", wires().refuses(32, 2), Cause.REFUSES, "2"),
                serial("another device has the address",
                        wires().with(board().set("battery#state-of-charge", 3.0e9).set("logic#board-count", 0)),
                        Cause.OTHER_DEVICE, "-"),
                serial("the current sensor is open", wires().with(board().fault("current-sensor-fault")),
                        Cause.CURRENT_SENSOR, "-"),
                serial("the plug P15 is off", wires().with(board().fault("bms-logic-offline")), Cause.LOGIC_OFFLINE,
                        "-"),

                // the network
                tcp("a wrong name", healthy().notOpened(FailureCause.HOST_UNKNOWN), TcpMode.TCP, Cause.HOST_UNKNOWN,
                        "-"),
                tcp("a wrong port", healthy().notOpened(FailureCause.REFUSED), TcpMode.TCP, Cause.REFUSED, "-"),
                tcp("no supply", healthy().notOpened(FailureCause.TIMED_OUT), TcpMode.TCP, Cause.UNREACHABLE, "-"),
                tcp("a gateway without a board", healthy().server(Server.MUTE), TcpMode.TCP, Cause.SILENT_CONNECTION,
                        "-"),
                tcp("a plain gateway", healthy().server(Server.RTU), TcpMode.TCP, Cause.WRONG_FRAMING, "rtu"),
                tcp("a Modbus gateway", healthy(), TcpMode.RTU, Cause.WRONG_FRAMING, "tcp"),
                tcp("a gateway that converts requests only", healthy().server(Server.RTU_ANSWERS), TcpMode.TCP,
                        Cause.MIXED_FRAMING, "-"),
                tcp("a serial server in telnet mode", telnet(wires().with(board().set("battery#current", 127.99))),
                        TcpMode.RTU, Cause.TELNET, "-"),
                tcp("a serial server in telnet mode, and no byte FF yet", telnet(healthy()), TcpMode.RTU, Cause.TELNET,
                        "-"),
                tcp("a serial server in telnet mode, and each answer damaged",
                        telnet(healthy().answers((number, answer) -> damaged(answer))), TcpMode.RTU, Cause.TELNET, "-"),
                tcp("a serial server with seven data bits",
                        healthy().server(Server.RTU).answers((number, answer) -> sevenBits(answer)), TcpMode.RTU,
                        Cause.ALTERED, "8 -> 7 bit"),
                tcp("a serial server that swaps the checksum",
                        healthy().server(Server.RTU).answers((number, answer) -> swapped(answer)), TcpMode.RTU,
                        Cause.ALTERED, "CRC high <-> low"),
                tcp("a network that damages some",
                        healthy().server(Server.RTU)
                                .answers((number, answer) -> number % 20 == 0 ? damaged(answer) : answer),
                        TcpMode.RTU, Cause.NETWORK_DISTURBED, ""),
                tcp("a network that loses some",
                        healthy().answers((number, answer) -> number % 20 == 0 ? NONE : answer), TcpMode.TCP,
                        Cause.NETWORK_LOSSES, ""),
                tcp("a web server", healthy().server(Server.WEB), TcpMode.TCP, Cause.OTHER_SERVICE, "HTTP"),
                tcp("a web server", healthy().server(Server.WEB), TcpMode.RTU, Cause.OTHER_SERVICE, "HTTP"),
                other("a web server with a page in Russian", Server.OTHER,
                        "HTTP/1.0 400 Bad Request\r\n\r\n\u0417\u0430\u043F\u0440\u043E\u0441", "HTTP"),
                other("a web server that waits for a line", Server.OTHER_BY_LINES,
                        "<!DOCTYPE HTML>\n<html lang=\"en\"><title>Error response</title></html>", "HTTP"),
                tcp("a web server that waits for a line",
                        wires().server(Server.OTHER_BY_LINES).says("<html>".getBytes(StandardCharsets.UTF_8)),
                        TcpMode.RTU, Cause.OTHER_SERVICE, "HTTP"),
                other("an SSH server", Server.OTHER, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH"),
                other("a mail server", Server.OTHER, "220 mail.example.org ESMTP Postfix\r\n", "SMTP"),
                other("a mail server that talks more", Server.OTHER, "220-mail.example.org ESMTP\r\n220 go\r\n",
                        "SMTP"),
                other("an FTP server", Server.OTHER, "220 (vsFTPd 3.0.3)\r\n", "FTP"),
                other("a mailbox", Server.OTHER, "* OK IMAP4rev1 ready\r\n", "IMAP"),
                other("a TLS server", Server.OTHER, "\u0015\u0003\u0003\u0000\u0002\u0002\u0046", "TLS"),
                other("a TLS server of old", Server.OTHER, "\u0015\u0003\u0001\u0000\u0002\u0002\n", "TLS"),
                other("a screen", Server.OTHER, "RFB 003.008\n", "VNC"),
                other("a server of words", Server.OTHER_BY_LINES, "-ERR unknown command\r\n",
                        "\"-ERR unknown command\""),
                other("a server of bytes", Server.OTHER, "\u0005\u0000\r\u0003\u0010\u0000\u0000\u0000\u0018",
                        "05 00 0D 03 10 00 00 00"),
                tcp("one connection only", healthy().server(Server.CLOSES), TcpMode.TCP, Cause.CONNECTION_CLOSED, "-"),
                tcp("a gateway that misses its board", wires().refuses(32, 11), TcpMode.TCP, Cause.GATEWAY, "11"),
                tcp("another address behind a gateway",
                        wires().with(SimulatedWires.board(10, TwinBoard.WordOrder.LITTLE)), TcpMode.TCP,
                        Cause.WRONG_ADDRESS, "10"));
    }

    @ParameterizedTest(name = "{0} -> {3}")
    @MethodSource("defects")
    void namesTheCause(String defect, SimulatedWires wires, ModbusConnectionParameters parameters, Cause cause,
            String detail) {
        Diagnosis diagnosis = ModbusDoctor.examine(parameters, wires, wires, 200, Progress.NONE);
        String story = diagnosis.findings().stream().map(Finding::toString).collect(Collectors.joining("\n"));
        assertEquals(cause, diagnosis.cause(), story);
        if (!detail.isEmpty()) {
            assertEquals(detail, diagnosis.detail(), story);
        }
        assertEquals(cause == Cause.HEALTHY, diagnosis.isHealthy());
        assertEquals(0, wires.log().writes(), "something was written");
        assertFalse(diagnosis.findings().isEmpty(), "nothing was found out");
    }

    /** The doctor names the service; neither the line nor the board is involved. */
    @Test
    void aForeignServiceIsNoMatterOfTheLine() throws IOException {
        for (String language : List.of("", "_de")) {
            Properties texts = new Properties();
            try (Reader reader = Files.newBufferedReader(Path.of("ESH-INF/i18n/bmsmain" + language + ".properties"))) {
                texts.load(reader);
            }
            String words = texts.getProperty("diagnosis.cause.other-service")
                    + texts.getProperty("diagnosis.rule.other-service");
            assertTrue(words.contains("{2}"), words);
            assertFalse(words.matches(".*(P22|P14|RS-485|DS1|Jumper|jumper).*"), words);
        }
    }

    /**
     * A gateway in front of a slow line: short reads are answered in time, the long ones of the binding are not.
     * With the timeout that the doctor recommends it finds no problem.
     */
    @ParameterizedTest
    @CsvSource({ "1200, RTU", "1200, TCP", "600, RTU", "600, TCP" })
    void namesTheTimeoutForASlowLine(int rate, TcpMode mode) {
        SimulatedWires wires = healthy().server(mode == TcpMode.RTU ? Server.RTU : Server.MODBUS_TCP).lineBehind(rate);
        ModbusConnectionParameters hasty = ModbusConnectionParameters.tcp("bms.local", 502, mode, 32, null,
                Duration.ofMillis(500));
        Diagnosis slow = ModbusDoctor.examine(hasty, wires, wires, 200, Progress.NONE);
        assertEquals(Cause.TOO_SLOW, slow.cause(), slow.findings()::toString);
        int millis = Integer.parseInt(slow.detail());
        assertTrue(millis > 500 && millis <= 10_000 && millis % 100 == 0, slow.detail());
        ModbusConnectionParameters parameters = ModbusConnectionParameters.tcp("bms.local", 502, mode, 32, null,
                Duration.ofMillis(millis));
        Diagnosis healthy = ModbusDoctor.examine(parameters, wires, wires, 200, Progress.NONE);
        assertEquals(Cause.HEALTHY, healthy.cause(), healthy.findings()::toString);
    }

    /**
     * The required wait is detected and reported, however long it is. No other address is suspected, although it
     * responds by then.
     */
    @ParameterizedTest
    @CsvSource({ "1, TCP", "3, TCP", "5, TCP", "8, TCP", "5, RTU" })
    void namesTheWaitAfterAConnect(int seconds, TcpMode mode) {
        SimulatedWires wires = healthy().with(SimulatedWires.board(1, TwinBoard.WordOrder.LITTLE))
                .server(mode == TcpMode.RTU ? Server.RTU : Server.MODBUS_TCP)
                .quietAfterConnect(Duration.ofSeconds(seconds));
        ModbusConnectionParameters parameters = ModbusConnectionParameters.tcp("bms.local", 502, mode, 32, null,
                Duration.ofMillis(500));
        Diagnosis diagnosis = ModbusDoctor.examine(parameters, wires, wires, 60, Progress.NONE);
        String story = diagnosis.findings().toString();
        assertEquals(Cause.HEALTHY, diagnosis.cause(), story);
        assertTrue(story.contains("connect-wait"), story);
    }

    /** The requests that probe the limits of the device do not count as losses. */
    @ParameterizedTest
    @CsvSource({ "TCP, 16", "RTU, 16", "TCP, 4" })
    void aDeviceThatIsSilentToLongReadsLosesNothing(TcpMode mode, int registers) {
        SimulatedWires wires = healthy().server(mode == TcpMode.RTU ? Server.RTU : Server.MODBUS_TCP)
                .answers((number, answer) -> answer.length > 2 * registers + 9 ? NONE : answer);
        ModbusConnectionParameters parameters = ModbusConnectionParameters.tcp("bms.local", 502, mode, 32, null,
                Duration.ofMillis(500));
        Diagnosis diagnosis = ModbusDoctor.examine(parameters, wires, wires, 60, Progress.NONE);
        assertEquals(Cause.HEALTHY, diagnosis.cause(), diagnosis.findings()::toString);
    }

    /** On a serial port the transmission time is known, so no longer timeout is needed. */
    @ParameterizedTest
    @ValueSource(ints = { 600, 1200, 9600 })
    void aSlowLineOfOurOwnNeedsNoTimeout(int rate) {
        SimulatedWires wires = healthy().baudRate(rate);
        ModbusConnectionParameters parameters = ModbusConnectionParameters
                .serial(new SerialSettings("/dev/ttyUSB0", rate, Parity.NONE, 1), 32, null, Duration.ofMillis(500));
        Diagnosis diagnosis = ModbusDoctor.examine(parameters, wires, wires, 100, Progress.NONE);
        assertEquals(Cause.HEALTHY, diagnosis.cause(), diagnosis.findings()::toString);
    }

    /** Reads of ten registers would all be answered, but the binding's reads are longer. */
    @Test
    void reliabilityIsThatOfTheReadsThatTheBindingMakes() {
        int[] counter = { 0 };
        SimulatedWires wires = healthy()
                .answers((number, answer) -> answer.length > 36 && counter[0]++ % 4 == 3 ? NONE : answer);
        ModbusConnectionParameters parameters = ModbusConnectionParameters
                .serial(new SerialSettings("/dev/ttyUSB0", 9600, Parity.NONE, 1), 32, null, Duration.ofMillis(500));
        Diagnosis diagnosis = ModbusDoctor.examine(parameters, wires, wires, 200, Progress.NONE);
        assertEquals(Cause.LOSSES, diagnosis.cause(), diagnosis.findings()::toString);
    }

    /** A gateway that is sometimes busy with another master: late does not mean lost. */
    @Test
    void anAnswerThatIsLateNowAndThenIsNotLost() {
        SimulatedWires wires = healthy();
        wires.answers((number, answer) -> {
            wires.answersAfter(Duration.ofMillis(number > 40 && number % 10 == 0 ? 1800 : 20));
            return answer;
        });
        ModbusConnectionParameters parameters = ModbusConnectionParameters.tcp("bms.local", 502, TcpMode.TCP, 32, null,
                Duration.ofMillis(500));
        Diagnosis diagnosis = ModbusDoctor.examine(parameters, wires, wires, 200, Progress.NONE);
        assertEquals(Cause.TOO_SLOW, diagnosis.cause(), diagnosis.findings()::toString);
        assertEquals("2700", diagnosis.detail());
    }

    /** The other master sends requests or gets responses only after the listening phase. */
    @ParameterizedTest
    @ValueSource(strings = { "its request", "its answer, of another board", "its answer, of this board" })
    void aSecondMasterThatBeginsDuringTheMeasurementIsNamed(String what) {
        byte[] foreign = switch (what) {
            case "its request" -> SimulatedWires.frame(7, 3, 0, 1, 0, 2);
            case "its answer, of another board" -> SimulatedWires.frame(7, 3, 4, 0x12, 0x34, 0x56, 0x78);
            default -> SimulatedWires.frame(32, 3, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        };
        int[] counter = { 0 };
        SimulatedWires wires = healthy()
                .answers((number, answer) -> number > 60 && counter[0]++ % 20 == 0 ? joined(foreign, answer) : answer);
        ModbusConnectionParameters parameters = ModbusConnectionParameters
                .serial(new SerialSettings("/dev/ttyUSB0", 9600, Parity.NONE, 1), 32, null, Duration.ofMillis(500));
        Diagnosis diagnosis = ModbusDoctor.examine(parameters, wires, wires, 200, Progress.NONE);
        assertEquals(Cause.SECOND_MASTER, diagnosis.cause(), diagnosis.findings()::toString);
        assertTrue(counter[0] > 100, "it began during the measurement");
    }

    /** Responses after the next request come from the board itself. */
    @Test
    void theBoardsOwnLateAnswersAreNoSecondMaster() {
        SimulatedWires wires = healthy().server(Server.RTU);
        wires.answers((number, answer) -> {
            wires.answersAfter(Duration.ofMillis(number > 40 && number % 7 == 0 ? 4100 : 20));
            return answer;
        });
        ModbusConnectionParameters parameters = ModbusConnectionParameters.tcp("bms.local", 502, TcpMode.RTU, 32, null,
                Duration.ofMillis(500));
        Diagnosis diagnosis = ModbusDoctor.examine(parameters, wires, wires, 200, Progress.NONE);
        assertNotEquals(Cause.SECOND_MASTER, diagnosis.cause(), diagnosis.findings()::toString);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
