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
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.ReadingOptions.Source;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceFile;
import org.openhab.binding.bmsmain.internal.transport.TraceTap;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bms record}: reads a board as {@code bms watch} does, and writes every frame to a file.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "record", mixinStandardHelpOptions = true, description = "Reads a board and writes every frame with its "
        + "time to a file, for bms replay and bug reports. Nothing is written to the board.", sortOptions = false, //
        customSynopsis = "bms record (--serial PATH | --tcp HOST[:PORT] | --slcan PATH) --out FILE [OPTIONS]", //
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = { "0:the board was recorded",
                "1:the file cannot be written", "2:bad arguments",
                "3:the board could not be read; the file shows why" })
final class RecordCommand implements Callable<Integer> {

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long FOR_EVER = Long.MAX_VALUE / 4;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private LinkOptions link = new LinkOptions();

    @Mixin
    private ReadingOptions reading = new ReadingOptions();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Mixin
    private OnceOption once = new OnceOption();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Output file; it must not exist yet, "
            + "or be empty. Only you can read it.")
    private Path file = Path.of("");

    @Option(names = "--for", paramLabel = "SECONDS", description = "End after this time (default: until it is "
            + "interrupted).")
    private @Nullable Double seconds;

    @Option(names = "--limit", paramLabel = "MIB", defaultValue = "256", description = "Maximum size of the file in "
            + "MiB; the recording ends there (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws InterruptedException {
        Double time = seconds;
        if (time != null && !(time > 0) || limit < 1) {
            throw new ParameterException(spec.commandLine(), "--for and --limit must be numbers above 0");
        }
        link.check();
        PrintWriter err = spec.commandLine().getErr();
        Ticker ticker = Ticker.system();
        Source source = reading.source(link, ticker);
        TraceTap tap = source.tap();
        if (tap == null) {
            throw new ParameterException(spec.commandLine(),
                    "CAN is recorded only with --slcan; for --socketcan, use candump and bms watch --candump");
        }
        List<String> header = reading.arguments().stream().map(argument -> Trace.OPTION + argument).toList();
        try (TraceFile trace = TraceFile.create(file, (long) limit << 20, header, ticker)) {
            tap.add(trace);
            String cause = record(source, trace, time, ticker);
            err.println(trace.length() + " bytes in " + file);
            if (!trace.problem().isEmpty()) {
                err.println(TraceFile.FULL.equals(trace.problem()) ? "The file has reached its maximum size."
                        : file + " cannot be written: " + trace.problem());
            }
            if (!trace.problem().isEmpty() && !TraceFile.FULL.equals(trace.problem())) {
                return ExitCode.FAILED;
            }
            if (!cause.isEmpty()) {
                err.println(cause);
                return ExitCode.NO_DEVICE;
            }
            return ExitCode.OK;
        } catch (FileAlreadyExistsException e) {
            err.println(file + " already exists");
            return ExitCode.FAILED;
        } catch (NoSuchFileException e) {
            err.println("The folder of " + file + " does not exist");
            return ExitCode.FAILED;
        } catch (AccessDeniedException e) {
            err.println(file + " cannot be written: access denied");
            return ExitCode.FAILED;
        } catch (IOException e) {
            err.println(file + " cannot be written: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    /** @return why the board was never read; empty when it was read */
    private String record(Source source, TraceFile trace, @Nullable Double time, Ticker ticker)
            throws InterruptedException {
        Reports reports = new Reports();
        StatePrinter printer = format.printer(spec.commandLine().getOut(),
                source.name() + ", address " + link.address(), ZoneId.systemDefault(), !once.isSet());
        String cause = Texts.of(Failure.of(FailureCause.NO_ANSWER), link.wire(), source.name(), link.address());
        ReportHistory history = new ReportHistory();
        boolean read = false;
        long end = ticker.nanos() + (time == null ? FOR_EVER : (long) Math.min(FOR_EVER, time * NANOS_PER_SECOND));
        try (BusRegistry registry = new BusRegistry(ticker)) {
            BusRegistry.Membership membership = source.joiner().join(registry, reports);
            try {
                while (printer.isHeard() && trace.problem().isEmpty() && end - ticker.nanos() > 0) {
                    @Nullable
                    BoardReport report = reports.poll(Math.min(NANOS_PER_SECOND, end - ticker.nanos()));
                    if (report != null) {
                        Failure failure = report.failure();
                        String words = failure == null ? null
                                : Texts.of(PortHolders.explain(failure, source.name()), link.wire(), source.name(),
                                        link.address());
                        read |= words == null;
                        cause = words == null ? cause : words;
                        printer.print(history.see(report, words));
                        if (once.isSet()) {
                            break;
                        }
                    }
                }
            } finally {
                membership.leave();
            }
        } catch (BusConflictException e) {
            throw new IllegalStateException("A single board cannot conflict with itself", e);
        }
        return read ? "" : cause;
    }
}
