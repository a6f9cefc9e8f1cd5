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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.NumberParameter;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.diagnosis.CanConnectionParameters;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusConnectionParameters;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options for the connection to a board; shared by all commands that read one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class LinkOptions {

    /** The connections that each option applies to. */
    private static final Map<String, List<String>> FITTING = Map.ofEntries( //
            Map.entry("--baud", List.of("--serial", "--slcan")), //
            Map.entry("--parity", List.of("--serial")), //
            Map.entry("--stop-bits", List.of("--serial")), //
            Map.entry("--framing", List.of("--tcp")), //
            Map.entry("--address", List.of("--serial", "--tcp")), //
            Map.entry("--word-order", List.of("--serial", "--tcp")), //
            Map.entry("--interval", List.of("--serial", "--tcp")), //
            Map.entry("--bit-rate", List.of("--slcan")), //
            Map.entry("--node", List.of("--slcan", "--socketcan", "--candump")), //
            Map.entry("--listen-only", List.of("--slcan", "--socketcan")), //
            Map.entry("--sync", List.of("--slcan", "--socketcan")), //
            Map.entry("--interface", List.of("--candump")), //
            Map.entry("--request-gap", List.of("--serial", "--tcp")), //
            Map.entry("--timeout", List.of("--serial", "--tcp")));

    /** The connection: exactly one of these. */
    static final class Place {
        @Option(names = "--serial", paramLabel = "PATH", required = true, description = "Serial port of the RS-485 "
                + "adapter.")
        @Nullable
        String serial;

        @Option(names = "--tcp", paramLabel = "HOST[:PORT]", required = true, description = "Host name or IP address; "
                + "the default port is 502.")
        @Nullable
        String tcp;

        @Option(names = "--slcan", paramLabel = "PATH", required = true, description = "Serial port of an slcan CAN "
                + "adapter.")
        @Nullable
        String slcan;

        @Option(names = "--socketcan", paramLabel = "IF", required = true, description = "CAN interface of Linux, such "
                + "as can0; set its bit rate with ip link.")
        @Nullable
        String socketCan;

        @Option(names = "--candump", paramLabel = "FILE", required = true, description = "Log of CAN frames: from "
                + "candump, or lines of an identifier and bytes in hexadecimal.")
        @Nullable
        Path candump;
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** {@link #check} requires one of them; commands that work without a connection do not call it. */
    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Place place = new Place();

    @Option(names = "--baud", paramLabel = "N", description = "Bit rate of the serial port (default: 9600; with --slcan "
            + "115200, which adapters with native USB ignore).")
    private @Nullable Integer baud;

    @Option(names = "--parity", paramLabel = "none|even|odd", defaultValue = "none", description = "Parity of the "
            + "serial port (default: ${DEFAULT-VALUE}).")
    private Parity parity = Parity.NONE;

    @Option(names = "--stop-bits", paramLabel = "1|2", defaultValue = "1", description = "Stop bits of the serial port "
            + "(default: ${DEFAULT-VALUE}).")
    private int stopBits;

    @Option(names = "--framing", paramLabel = "tcp|rtu", defaultValue = "tcp", description = "Frames on the TCP "
            + "connection: Modbus TCP, or RTU as forwarded by a transparent gateway (default: ${DEFAULT-VALUE}).")
    private TcpMode framing = TcpMode.TCP;

    @Option(names = "--address", paramLabel = "N", defaultValue = "32", description = "Modbus address of the board, 1 to "
            + "247 (default: ${DEFAULT-VALUE}).")
    private int address;

    @Option(names = "--node", paramLabel = "N", defaultValue = "32", description = "CANopen node ID of the board, 1 to "
            + "127 (default: ${DEFAULT-VALUE}).")
    private int node;

    @Option(names = "--bit-rate", paramLabel = "N", defaultValue = "250", description = "Bit rate of the CAN bus in "
            + "kbit/s, for --slcan (default: ${DEFAULT-VALUE}).")
    private int bitRate;

    @Option(names = "--listen-only", description = "Send nothing on the CAN bus. An "
            + "slcan adapter does not even acknowledge frames; a CAN interface does, unless it is set to listen-only on.")
    private boolean listenOnly;

    @Option(names = "--sync", paramLabel = "S", defaultValue = "0", description = "Seconds between two SYNC messages "
            + "of the tool on the CAN bus, 0.02 to 10; 0 if the board or another device sends SYNC (default: "
            + "${DEFAULT-VALUE}).")
    private double sync;

    @Option(names = "--timeout", paramLabel = "MS", defaultValue = "500", description = "How long to wait for an answer, "
            + "50 to 10000 ms (default: ${DEFAULT-VALUE}). A gateway in front of a slow line needs more.")
    private int timeout;

    @Option(names = "--request-gap", paramLabel = "MS", defaultValue = "0", description = "Pause on the line before "
            + "each request, up to 500 ms (default: ${DEFAULT-VALUE}: determined when the device misses requests).")
    private int requestGap;

    @Option(names = "--word-order", paramLabel = "auto|little|big", defaultValue = "auto", description = "Order of the "
            + "two registers of a 32-bit value (default: ${DEFAULT-VALUE}: determined from the values).")
    private WordOrder.Choice wordOrder = WordOrder.Choice.AUTO;

    /** Address or node ID of the board. */
    int address() {
        return wire() == ConnectionType.CAN ? node : address;
    }

    ConnectionType wire() {
        return place.serial != null ? ConnectionType.SERIAL
                : place.tcp != null ? ConnectionType.TCP : ConnectionType.CAN;
    }

    /** The log to read instead of a bus, or null. */
    @Nullable
    Path log() {
        return place.candump;
    }

    /** The CAN bus. @throws ParameterException when an option is invalid */
    CanLine canLine(Ticker ticker) {
        require(place.candump == null, "A log is not a bus: this command requires --slcan or --socketcan");
        String port = place.slcan;
        if (port == null) {
            return CanLine.socketCan(String.valueOf(place.socketCan), listenOnly, ticker);
        }
        requireBitRate(spec, bitRate);
        return CanLine.slcan(port, serialBaudRate(), bitRate, listenOnly, ticker);
    }

    /** Baud rate of the port of an slcan adapter. @throws ParameterException when the rate is unsupported */
    private int serialBaudRate() {
        Integer given = baud;
        int rate = given == null ? CanLine.DEFAULT_SERIAL_BAUD_RATE : given;
        require("--baud", rate, CanLine.SERIAL_BAUD_RATE);
        return rate;
    }

    /** Settings of the board on CAN. @throws ParameterException when an option is invalid */
    CanSettings canSettings() {
        return canSettings(null);
    }

    /**
     * Settings of the board on CAN.
     *
     * @param commands queue of commands for the board; null when nothing may be written to it
     * @throws ParameterException when an option is invalid
     */
    CanSettings canSettings(@Nullable CommandQueue commands) {
        require("--node", node, CanSettings.NODE);
        require(sync == 0 || CanSettings.SYNC_INTERVAL.allows(sync),
                "--sync must be 0 or " + CanSettings.SYNC_INTERVAL.rule());
        require(sync == 0 || !listenOnly, "--sync sends messages, which --listen-only forbids");
        require(commands == null || !listenOnly, "Control sends messages, which --listen-only forbids");
        return new CanSettings(node, sync(), true, commands);
    }

    /**
     * The serial line or TCP connection.
     *
     * @throws ParameterException when an option is invalid
     */
    ModbusLine line(Ticker ticker) {
        SerialSettings port = serialSettings();
        if (port != null) {
            return ModbusLine.serial(port, ticker);
        }
        HostAndPort endpoint = endpoint();
        return ModbusLine.tcp(endpoint.host, endpoint.port, framing, ticker);
    }

    /** The same line as {@link #line(Ticker)}, but with another byte transport. */
    ModbusLine line(ByteTransport carrier, Ticker ticker) {
        SerialSettings port = serialSettings();
        if (port != null) {
            return ModbusLine.serial(port, carrier, ticker);
        }
        HostAndPort endpoint = endpoint();
        return ModbusLine.tcp(endpoint.host, endpoint.port, framing, carrier, ticker);
    }

    /** Settings of the serial port, or null for a TCP connection. */
    @Nullable
    SerialSettings serialSettings() {
        require(wire() != ConnectionType.CAN, "This command requires --serial or --tcp");
        String port = place.serial;
        if (port == null) {
            return null;
        }
        Integer given = baud;
        int rate = given == null ? SerialSettings.DEFAULT_BAUD_RATE : given;
        require(SerialSettings.BAUD_RATES.contains(rate), "--baud must be one of "
                + String.join(", ", SerialSettings.BAUD_RATES.stream().map(String::valueOf).toList()));
        require(SerialSettings.STOP_BITS.allows(stopBits), "--stop-bits must be 1 or 2");
        return new SerialSettings(port, rate, parity, stopBits);
    }

    TcpMode framing() {
        return framing;
    }

    /** Host and port of the TCP connection. */
    HostAndPort endpoint() {
        return endpoint(spec, String.valueOf(place.tcp), (int) ModbusSettings.TCP_PORT.standard());
    }

    /**
     * Parses host and port of an endpoint.
     *
     * @param spec the command, for error messages
     * @param otherwise port when none is given
     * @throws ParameterException when the endpoint is invalid
     */
    static HostAndPort endpoint(CommandSpec spec, String endpoint, int otherwise) {
        int colon = endpoint.lastIndexOf(':');
        // More than one colon without brackets is a bare IPv6 address.
        boolean hasPort = endpoint.startsWith("[") ? endpoint.contains("]:")
                : colon >= 0 && colon == endpoint.indexOf(':');
        String host = hasPort ? endpoint.substring(0, colon) : endpoint;
        int tcpPort = hasPort ? number(endpoint.substring(colon + 1)) : otherwise;
        if (host.isBlank() || !ModbusSettings.TCP_PORT.allows(tcpPort)) {
            throw new ParameterException(spec.commandLine(), "--tcp must be HOST[:PORT], not " + endpoint);
        }
        return new HostAndPort(host, tcpPort);
    }

    /** A TCP endpoint as given by the user. */
    record HostAndPort(String host, int port) {
    }

    /**
     * The CAN bus behind an slcan adapter, but with another byte transport.
     *
     * @throws ParameterException when the connection is not --slcan
     */
    CanLine canLine(ByteTransport carrier, Ticker ticker) {
        String port = place.slcan;
        require(port != null, "This command requires --slcan");
        return CanLine.slcan(String.valueOf(port), bitRate, listenOnly, carrier, ticker);
    }

    /**
     * Settings of a board on Modbus.
     *
     * @param refresh poll interval of urgent values
     * @param slowRefresh poll interval of other values
     * @throws ParameterException when an option is invalid
     */
    ModbusSettings settings(Duration refresh, Duration slowRefresh) {
        require("--address", address, place.tcp == null ? ModbusSettings.ADDRESS : ModbusSettings.TCP_ADDRESS);
        require("--timeout", timeout, ModbusSettings.RESPONSE_TIMEOUT);
        require("--request-gap", requestGap, ModbusSettings.REQUEST_GAP);
        return new ModbusSettings(address, refresh, slowRefresh, Duration.ofMillis(timeout), wordOrder.order(), null,
                Duration.ofMillis(requestGap));
    }

    /** Settings for occasional reads. @throws ParameterException when an option is invalid */
    ModbusSettings settings() {
        return settings(ReadingOptions.REFRESH, ReadingOptions.SLOW_REFRESH);
    }

    /** Interval at which this side sends SYNC; zero where other nodes send it. */
    Duration sync() {
        return Duration.ofMillis(Math.round(sync * 1000));
    }

    /**
     * Refuses a missing connection, and options that belong to another type of connection.
     *
     * @throws ParameterException for the first of them
     */
    void check() {
        if (place.serial == null && place.tcp == null && place.slcan == null && place.socketCan == null
                && place.candump == null) {
            throw new MissingParameterException(spec.commandLine(), List.of(),
                    "The connection is missing: --serial PATH, --tcp HOST[:PORT], "
                            + "--slcan PATH, --socketcan IF or --candump FILE");
        }
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptionsSet()) {
            List<String> places = FITTING.get(option.longestName());
            require(places == null || places.stream().anyMatch(this::isGiven),
                    option.longestName() + " requires " + String.join(" or ", places == null ? List.of() : places));
        }
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** Parameters of the Modbus link for the doctor. @throws ParameterException when an option is invalid */
    ModbusConnectionParameters parameters() {
        ModbusSettings settings = settings();
        SerialSettings port = serialSettings();
        if (port != null) {
            return ModbusConnectionParameters.serial(port, address, settings.wordOrder(), settings.responseTimeout());
        }
        HostAndPort endpoint = endpoint();
        return ModbusConnectionParameters.tcp(endpoint.host, endpoint.port, framing, address, settings.wordOrder(),
                settings.responseTimeout());
    }

    /** Parameters of the CAN link for the doctor. @throws ParameterException when an option is invalid */
    CanConnectionParameters canPatient() {
        String name = canLine(Ticker.system()).name();
        return new CanConnectionParameters(name, place.slcan == null ? 0 : serialBaudRate(),
                place.slcan == null ? 0 : bitRate, canSettings().nodeId(), sync(), listenOnly);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void require(String option, double value, NumberParameter parameter) {
        require(spec, option, value, parameter);
    }

    private void require(boolean condition, String message) {
        require(spec, condition, message);
    }

    /** Refuses an unsupported bit rate. @throws ParameterException with the supported ones */
    static void requireBitRate(CommandSpec spec, int rate) {
        require(spec, CanLine.BIT_RATES.contains(rate), "--bit-rate must be one of "
                + String.join(", ", CanLine.BIT_RATES.stream().map(String::valueOf).toList()));
    }

    /** Refuses a value that is out of range. @throws ParameterException with the range */
    static void require(CommandSpec spec, String option, double value, NumberParameter parameter) {
        require(spec, parameter.allows(value), option + " must be " + parameter.rule());
    }

    /** @throws ParameterException with the message when the condition does not hold */
    static void require(CommandSpec spec, boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
