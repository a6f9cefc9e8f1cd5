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
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.CandumpReplay.LogException;
import org.openhab.binding.bmsmain.cli.ReadingOptions.Source;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bms watch}: shows the values of a board without openHAB, once or continuously. Only reads.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "watch", mixinStandardHelpOptions = true, description = "Shows the values of a board. Nothing is "
        + "written to it.", sortOptions = false, customSynopsis = "bms watch (--serial PATH | --tcp HOST[:PORT] | "
                + "--slcan PATH | --socketcan IF | --candump FILE) [OPTIONS]", exitCodeListHeading = "%nExit codes:%n", //
        exitCodeList = { "0:a complete state was read", "1:the log cannot be used, or the output cannot be written",
                "2:bad arguments", "3:the board could not be read" })
final class WatchCommand implements Callable<Integer> {

    /** Maximum number of reports for {@code --once} while the values do not determine the word order. */
    private static final int PATIENCE = 3;
    /** Minimum listening time of {@code --once} on CAN, where the board sends by itself. */
    private static final long CAN_LISTEN_NANOS = 1_500_000_000L;
    /** Maximum listening time: SYNC may be 10 s apart, and values missing after that will not arrive. */
    private static final long CAN_PATIENCE_NANOS = 12_000_000_000L;
    /** One value of each process data object. */
    private static final List<Point> OF_EACH_OBJECT = List.of(Catalogue.VOLTAGE, Catalogue.INITIALISATION,
            Catalogue.ERRORS_2);
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

    @Option(names = "--interface", paramLabel = "IF", defaultValue = "", description = "For --candump: the CAN interface "
            + "to read from the log. Required if a node is on several.")
    private String channel = "";

    @Option(names = "--for", paramLabel = "SECONDS", description = "End after this time.")
    private @Nullable Double seconds;

    @Override
    public Integer call() throws InterruptedException {
        Double limit = seconds;
        if (limit != null && !(limit > 0)) {
            throw new ParameterException(spec.commandLine(), "--for must be a number of seconds above 0");
        }
        link.check();
        PrintWriter out = spec.commandLine().getOut();
        Path log = link.log();
        if (log != null) {
            StatePrinter printer = format.printer(out, log + ", node " + link.address(), ZoneId.systemDefault(),
                    !once.isSet());
            return readLog(log, printer);
        }
        Ticker ticker = Ticker.system();
        Source source = reading.source(link, ticker);
        Reports reports = new Reports();
        StatePrinter printer = format.printer(out,
                source.name() + (link.wire() == ConnectionType.CAN ? ", node " : ", address ") + link.address(),
                ZoneId.systemDefault(), !once.isSet(), true, "");
        long until = ticker.nanos() + (limit == null ? FOR_EVER : (long) Math.min(FOR_EVER, limit * 1e9));
        try (BusRegistry registry = new BusRegistry(ticker)) {
            BusRegistry.Membership membership = source.joiner().join(registry, reports);
            try {
                return print(reports, source.name(), printer, until, ticker);
            } catch (InterruptedException e) {
                if (!printer.isLeft()) {
                    throw e;
                }
                return ExitCode.OK;
            } finally {
                membership.leave();
            }
        } catch (BusConflictException e) {
            throw new IllegalStateException("A single board cannot conflict with itself", e);
        }
    }

    private int print(Reports reports, String where, StatePrinter printer, long until, Ticker ticker)
            throws InterruptedException {
        ReportHistory history = new ReportHistory();
        long onlineSince = 0;
        boolean read = false;
        for (int count = 1; printer.isHeard(); count++) {
            BoardReport report = reports.poll(until - ticker.nanos());
            if (report == null) {
                if (count == 1) {
                    spec.commandLine().getErr()
                            .println((link.wire() == ConnectionType.CAN ? "No frame of node " : "No answer of board ")
                                    + link.address() + " on " + where + " was received in this time. For the cause, "
                                    + "run bms doctor with the same options");
                }
                return read ? ExitCode.OK : ExitCode.NO_DEVICE;
            }
            Failure failure = report.failure();
            String cause = failure == null ? null
                    : Texts.of(PortHolders.explain(failure, where), link.wire(), where, link.address());
            onlineSince = cause != null ? 0 : onlineSince == 0 ? ticker.nanos() : onlineSince;
            read |= cause == null;
            ShownState state = history.see(report, cause);
            if (!once.isSet()) {
                printer.print(state);
            } else if (cause != null) {
                printer.printLost(state);
                spec.commandLine().getErr().println(cause);
                return ExitCode.NO_DEVICE;
            } else if (isComplete(report.snapshot(), count, ticker.nanos() - onlineSince)) {
                printer.print(state);
                return ExitCode.OK;
            }
        }
        return ExitCode.OK;
    }

    private boolean isComplete(BoardSnapshot snapshot, int count, long onlineNanos) {
        if (link.wire() == ConnectionType.CAN) {
            return onlineNanos >= CAN_PATIENCE_NANOS || onlineNanos >= CAN_LISTEN_NANOS
                    && Stream.concat(OF_EACH_OBJECT.stream(), reading.setup(link).locations().keySet().stream())
                            .allMatch(snapshot::isKnown);
        }
        return snapshot.isKnown(Catalogue.STATE_OF_CHARGE) || count >= PATIENCE;
    }

    private int readLog(Path log, StatePrinter printer) {
        CandumpReplay replay = new CandumpReplay(link.address(), channel, reading.setup(link));
        PrintWriter err = spec.commandLine().getErr();
        try {
            replay.read(log, once.isSet() ? null : state -> {
                printer.print(state);
                return printer.isHeard();
            });
        } catch (LogException e) {
            err.println(log + ": " + e.getMessage());
            return ExitCode.FAILED;
        } catch (Lines.TooLongException e) {
            err.println(log + " is not a log of CAN frames: " + e.getMessage());
            return ExitCode.FAILED;
        } catch (IOException e) {
            err.println(log + " cannot be read");
            return ExitCode.FAILED;
        }
        ShownState last = replay.last();
        if (replay.strangeLines() > 0) {
            err.println(replay.strangeLines() + " lines are not CAN frames");
        }
        if (last == null) {
            err.println(
                    "No frame of node " + link.address() + (channel.isEmpty() ? "" : " on " + channel) + " in " + log);
            return ExitCode.NO_DEVICE;
        }
        if (once.isSet()) {
            printer.print(last);
        }
        return ExitCode.OK;
    }
}
