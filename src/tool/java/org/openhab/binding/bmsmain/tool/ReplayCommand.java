/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.tool;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.link.BoardListener;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.SerialSettings;
import org.openhab.binding.bmsmain.internal.link.Wire;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code bms replay}: what a recording was read as. It goes through the same code as on a real wire, and takes as long
 * as the code needs, not as long as the recording took.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "replay", mixinStandardHelpOptions = true, description = "Shows the states of a recording that bms "
        + "record or the console of openHAB made.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:the recording was replayed", //
                "1:the file is no recording, or this version does not ask as the one did that recorded",
                "2:bad arguments" })
final class ReplayCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Parameters(paramLabel = "FILE", description = "The recording.")
    private Path file = Path.of("");

    /** What the recording says about the board, read as {@code bms watch} reads it. */
    @Command
    static final class Recorded {
        @Mixin
        LinkOptions link = new LinkOptions();

        @Mixin
        ReadingOptions reading = new ReadingOptions();
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Trace trace = Trace.read(file);
            Recorded board = options(trace);
            int strayLine = replay(trace, board, format.printer(spec.commandLine().getOut(), file.getFileName() + "",
                    ZoneOffset.systemDefault(), true));
            if (strayLine > 0) {
                err.println(
                        file + " line " + strayLine + ": this version asks other things than the one that recorded; "
                                + "what follows is not the whole truth");
                return ExitCode.FAILED;
            }
            return ExitCode.OK;
        } catch (Trace.FormatException e) {
            err.println(file + " is no recording: " + e.getMessage());
        } catch (NoSuchFileException e) {
            err.println(file + " does not exist");
        } catch (IOException e) {
            err.println(file + " cannot be read: " + e.getMessage());
        } catch (ParameterException e) {
            err.println(file + ": " + e.getMessage());
        }
        return ExitCode.FAILED;
    }

    /** @throws ParameterException when the recording does not say where the board was */
    static Recorded options(Trace trace) {
        Recorded recorded = new Recorded();
        new CommandLine(recorded).setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(trace.options().toArray(String[]::new));
        return recorded;
    }

    private static int replay(Trace trace, Recorded board, StatePrinter printer) {
        LinkOptions link = board.link;
        String where = String.join(" ", trace.options());
        return replay(trace, board, report -> {
            Failure failure = report.failure();
            printer.print(ShownState.of(report,
                    failure == null ? null : Texts.of(failure, link.wire(), where, link.address())));
        });
    }

    /**
     * Goes through a recording.
     *
     * @return the line from which on this version acts otherwise than the one that recorded; 0 if it never does
     */
    static int replay(Trace trace, Recorded recorded, BoardListener listener) {
        LinkOptions link = recorded.link;
        BoardSetup setup = recorded.reading.setup(link);
        if (link.wire() == Wire.CAN) {
            ReplayTransport wire = new ReplayTransport(trace, bytes -> 0);
            CanLine bus = link.canLine(wire, wire);
            new Replay<>(wire, bus::open, new CanBoard(link.canSettings(), setup, listener, wire), "").run();
            return wire.strayLine();
        }
        SerialSettings serial = link.serialSettings();
        ReplayTransport wire = new ReplayTransport(trace,
                serial == null ? bytes -> 0 : bytes -> bytes * serial.characterNanos());
        ModbusLine line = link.line(wire, wire);
        ModbusBoard board = new ModbusBoard(recorded.reading.settings(link), setup, line.isNetwork(), listener, wire);
        new Replay<>(wire, line::open, board, Integer.toString(link.address())).run();
        return wire.strayLine();
    }
}
