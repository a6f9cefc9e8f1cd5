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

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.EnergyMeter;
import org.openhab.binding.bmsmain.internal.board.Location;
import org.openhab.binding.bmsmain.internal.board.LocationLine;
import org.openhab.binding.bmsmain.internal.board.LocationLine.LineException;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.canopen.CanSyntax;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.RegisterSyntax;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceTap;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options for reading a board: poll interval, register places, and wiring of the installation.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ReadingOptions {

    static final Duration REFRESH = Duration.ofSeconds(1);
    static final Duration SLOW_REFRESH = Duration.ofSeconds(30);

    private static final String NO_FUNCTION = "none";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--register", paramLabel = "LINE", description = "Location of a channel, for instance "
            + "'battery#voltage = input:0x2104:REAL32', on CAN 'sensors#humidity = sdo:0x2005.1:REAL32' or "
            + "'outputs#out-1 = pdo:0x4A0:0.1:U8'.")
    private List<String> registers = List.of();

    @Option(names = "--interval", paramLabel = "S", defaultValue = "1", description = "Seconds between two readings, "
            + "0.2 to 3600 (default: ${DEFAULT-VALUE}).")
    private double interval;

    @Option(names = "--nominal-capacity", paramLabel = "AH", defaultValue = "0", description = "Capacity of the battery, "
            + "for a board that does not report it, as over CAN; 0 = as reported by the board (default: "
            + "${DEFAULT-VALUE}).")
    private double capacity;

    @Option(names = "--relay-1-function", paramLabel = "SIGNAL", defaultValue = "discharging-contactor", //
            description = "Internal signal that drives relay 1, or none (default: ${DEFAULT-VALUE}).")
    private String relay1 = "";

    @Option(names = "--relay-2-function", paramLabel = "SIGNAL", defaultValue = "allow-charging", //
            description = "The same for relay 2 (default: ${DEFAULT-VALUE}).")
    private String relay2 = "";

    @Option(names = "--relay-3-function", paramLabel = "SIGNAL", defaultValue = "charging-contactor", //
            description = "The same for relay 3 (default: ${DEFAULT-VALUE}).")
    private String relay3 = "";

    @Option(names = "--relay-4-function", paramLabel = "SIGNAL", defaultValue = "heater", //
            description = "The same for relay 4 (default: ${DEFAULT-VALUE}).")
    private String relay4 = "";

    @Option(names = "--input-1-function", paramLabel = "SIGNAL", defaultValue = NO_FUNCTION, //
            description = "Input signal that input 1 feeds (default: ${DEFAULT-VALUE}).")
    private String input1 = "";

    @Option(names = "--input-2-function", paramLabel = "SIGNAL", defaultValue = NO_FUNCTION, //
            description = "The same for input 2 (default: ${DEFAULT-VALUE}).")
    private String input2 = "";

    @Option(names = "--input-3-function", paramLabel = "SIGNAL", defaultValue = NO_FUNCTION, //
            description = "The same for input 3 (default: ${DEFAULT-VALUE}).")
    private String input3 = "";

    @Option(names = "--input-4-function", paramLabel = "SIGNAL", defaultValue = NO_FUNCTION, //
            description = "The same for input 4 (default: ${DEFAULT-VALUE}).")
    private String input4 = "";

    /** A board that has not joined its bus yet. */
    record Source(String name, BusJoiner joiner, @Nullable TraceTap tap) {
    }

    /** Lets a board join its bus. */
    interface BusJoiner {
        BusRegistry.Membership join(BusRegistry registry, BoardListener listener) throws BusConflictException;
    }

    /**
     * The board on any type of connection.
     *
     * @throws ParameterException when an option is invalid
     */
    Source source(LinkOptions link, Ticker ticker) {
        return source(link, setup(link), null, ticker);
    }

    /**
     * The board on any type of connection.
     *
     * @param commands queue of commands for the board; null when nothing may be written to it
     * @throws ParameterException when an option is invalid
     */
    Source source(LinkOptions link, BoardSetup setup, @Nullable CommandQueue commands, Ticker ticker) {
        if (link.wire() == ConnectionType.CAN) {
            CanLine bus = link.canLine(ticker);
            CanSettings settings = link.canSettings(commands);
            return new Source(bus.name(),
                    (registry, listener) -> bus.join(registry, new CanBoard(settings, setup, listener, ticker)),
                    bus.tap());
        }
        ModbusLine line = link.line(ticker);
        ModbusSettings reading = settings(link);
        ModbusSettings settings = new ModbusSettings(reading.unit(), reading.refresh(), reading.slowRefresh(),
                reading.responseTimeout(), reading.wordOrder(), commands, reading.requestGap());
        return new Source(line.name(), (registry, listener) -> line.join(registry,
                new ModbusBoard(settings, setup, line.isNetwork(), listener, ticker)), line.tap());
    }

    /** Settings of a board on Modbus. @throws ParameterException when an option is invalid */
    ModbusSettings settings(LinkOptions link) {
        LinkOptions.require(spec, "--interval", interval, ModbusSettings.REFRESH);
        return link.settings(refresh(), slowRefresh());
    }

    /**
     * The given connection and reading options, as arguments to read the same board again.
     */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptionsSet()) {
            if (isOurs(option) && option.arity().max() == 0) {
                arguments.add(option.longestName());
            } else if (isOurs(option)) {
                option.originalStringValues().forEach(value -> {
                    arguments.add(option.longestName());
                    arguments.add(value);
                });
            }
        }
        return arguments;
    }

    private static boolean isOurs(OptionSpec option) {
        String name = option.longestName();
        return Stream.of(new LinkOptions(), new ReadingOptions())
                .anyMatch(mixin -> CommandSpec.forAnnotatedObject(mixin).findOption(name) != null);
    }

    /** Facts about the installation that the bus does not provide. @throws ParameterException when one is invalid */
    BoardSetup setup(LinkOptions link) {
        LinkOptions.require(spec, "--nominal-capacity", capacity, BoardSetup.NOMINAL_CAPACITY);
        // Values sent on SYNC are at most one SYNC interval old.
        Duration pollClass = link.wire() == ConnectionType.CAN ? link.sync() : refresh();
        return new BoardSetup(functions("relay", "internal-signals", relay1, relay2, relay3, relay4),
                functions("input", "input-signals", input1, input2, input3, input4), locations(link.wire()), List.of(),
                BoardSetup.lifetime(pollClass), BoardSetup.lifetime(slowRefresh()), false,
                capacity == 0 ? Double.NaN : capacity, new Counting(new EnergyMeter(), ZoneId::systemDefault));
    }

    private Map<Point, Location> locations(ConnectionType wire) {
        try {
            return LocationLine.parseAll(registers,
                    wire == ConnectionType.CAN ? CanSyntax::parse : RegisterSyntax::parse);
        } catch (LineException e) {
            throw new ParameterException(spec.commandLine(),
                    "--register " + registers.get(e.line() - 1) + ": " + Texts.of(e.reason()), e);
        }
    }

    private Duration refresh() {
        return Duration.ofMillis(Math.round(interval * 1000));
    }

    private Duration slowRefresh() {
        return SLOW_REFRESH.compareTo(refresh()) >= 0 ? SLOW_REFRESH : refresh();
    }

    private List<@Nullable Point> functions(String what, String group, String... names) {
        List<@Nullable Point> functions = new ArrayList<>();
        for (String name : names) {
            Point function = Catalogue.byId(group + "#" + name);
            LinkOptions.require(spec, function != null || NO_FUNCTION.equals(name),
                    "--" + what + "-" + (functions.size() + 1) + "-function must be none or a channel of the group "
                            + group + ", not " + name);
            functions.add(function);
        }
        return functions;
    }
}
