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

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code bms replay}: shows how a recording was interpreted. The code is the same as on a real bus, but does not wait
 * for the time of the recording.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "replay", mixinStandardHelpOptions = true, description = "Shows the states of a recording made by bms "
        + "record or the console of openHAB.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:the recording was replayed", //
                "1:the file is not a recording, or this version sends other requests than the one that recorded",
                "2:bad arguments" })
final class ReplayCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Parameters(paramLabel = "FILE", description = "The recording.")
    private Path file = Path.of("");

    /** Connection and reading options in the recording, as for {@code bms watch}. */
    @Command
    static final class Recorded {
        @Mixin
        LinkOptions link = new LinkOptions();

        @Mixin
        ReadingOptions reading = new ReadingOptions();
    }

    /** Options of {@link Recorded} that a recording must not hold. */
    private static final Set<String> NO_RECORDING = Set.of("--candump", "--socketcan");
    private static final int LONGEST_PLACE = 200;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (Trace trace = Trace.open(file)) {
            Recorded board = options(trace);
            StatePrinter printer = format.printer(spec.commandLine().getOut(), file.getFileName() + "",
                    ZoneOffset.systemDefault(), true);
            long strayLine = replay(trace, board, printer);
            if (trace.isCut()) {
                err.println(file + " is incomplete: the end of the recording is missing");
            }
            if (strayLine > 0) {
                err.println(
                        file + " line " + strayLine + ": this version sends other requests than the one that recorded; "
                                + "from this line on, the states are unreliable");
                return ExitCode.FAILED;
            }
            return ExitCode.OK;
        } catch (Trace.FormatException e) {
            err.println(file + " is not a recording: " + e.getMessage());
        } catch (NoSuchFileException e) {
            err.println(file + " does not exist");
        } catch (IOException e) {
            err.println(file + " cannot be read: " + e.getMessage());
        } catch (ParameterException e) {
            err.println(file + ": " + e.getMessage());
        }
        return ExitCode.FAILED;
    }

    /**
     * Parses the options of the recording.
     *
     * @throws Trace.FormatException when the recording does not contain the connection, or contains an option that is
     *             not allowed
     */
    static Recorded options(Trace trace) throws Trace.FormatException {
        Recorded recorded = new Recorded();
        // A line of a recording must not include the lines of another file.
        CommandLine command = new CommandLine(recorded).setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false);
        List<String> arguments = new ArrayList<>();
        long line = 1;
        for (Iterator<Trace.Option> words = trace.options().iterator(); words.hasNext();) {
            Trace.Option word = words.next();
            String name = word.text();
            line = word.line();
            OptionSpec option = NO_RECORDING.contains(name) ? null : command.getCommandSpec().findOption(name);
            if (option == null || !name.equals(option.longestName())) {
                throw new Trace.FormatException(line, "not an option of a recording: ", name);
            }
            if (option.arity().max() > 0 && !words.hasNext()) {
                throw new Trace.FormatException(line, "an option without a value: ", name);
            }
            arguments.add(option.arity().max() == 0 ? name : name + "=" + words.next().text());
        }
        try {
            command.parseArgs(arguments.toArray(String[]::new));
            recorded.link.check();
        } catch (ParameterException e) {
            throw new Trace.FormatException(line, "invalid options: ", String.valueOf(e.getMessage()));
        }
        return recorded;
    }

    private static long replay(Trace trace, Recorded board, StatePrinter printer)
            throws IOException, Trace.FormatException {
        LinkOptions link = board.link;
        ReportHistory history = new ReportHistory();
        String words = trace.options().stream().map(Trace.Option::text).collect(Collectors.joining(" "));
        String where = words.substring(0, Math.min(LONGEST_PLACE, words.length()));
        return replay(trace, board, report -> {
            Failure failure = report.failure();
            printer.print(history.see(report,
                    failure == null ? null : Texts.of(failure, link.wire(), where, link.address())));
        }, printer::isHeard);
    }

    /**
     * Replays a recording.
     *
     * @param wanted whether to continue
     * @return first line at which this version behaves differently from the one that recorded; 0 if none
     * @throws IOException when it cannot be read to its end
     * @throws Trace.FormatException when it contains invalid lines
     */
    static long replay(Trace trace, Recorded recorded, BoardListener listener, BooleanSupplier wanted)
            throws IOException, Trace.FormatException {
        LinkOptions link = recorded.link;
        BoardSetup setup = recorded.reading.setup(link);
        ReplayTransport wire;
        if (link.wire() == ConnectionType.CAN) {
            wire = new ReplayTransport(trace, bytes -> 0);
            CanLine bus = link.canLine(wire, wire);
            new Replay<>(wire, bus::open, new CanBoard(link.canSettings(), setup, listener, wire), "").run(wanted);
        } else {
            SerialSettings serial = link.serialSettings();
            wire = new ReplayTransport(trace, serial == null ? bytes -> 0 : bytes -> bytes * serial.characterNanos());
            ModbusLine line = link.line(wire, wire);
            ModbusBoard board = new ModbusBoard(recorded.reading.settings(link), setup, line.isNetwork(), listener,
                    wire);
            new Replay<>(wire, line::open, board, Integer.toString(link.address())).run(wanted);
        }
        wire.check();
        return wire.strayLine();
    }
}
