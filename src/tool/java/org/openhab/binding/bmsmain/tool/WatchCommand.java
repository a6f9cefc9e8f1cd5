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

import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.link.BoardReport;
import org.openhab.binding.bmsmain.internal.link.BusConflictException;
import org.openhab.binding.bmsmain.internal.link.BusRegistry;
import org.openhab.binding.bmsmain.internal.link.Failure;
import org.openhab.binding.bmsmain.internal.link.Ticker;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code bms watch}: the values of a board without openHAB, once or for as long as one likes. Reads only.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "watch", mixinStandardHelpOptions = true, description = "Shows the values of a board. Nothing is "
        + "written to it.")
final class WatchCommand implements Callable<Integer> {

    /** How often a board is read for {@code --once} while its values do not tell the order of their words. */
    private static final int PATIENCE = 3;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private LinkOptions link = new LinkOptions();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Ticker ticker = Ticker.system();
        ModbusLine line = link.line(ticker);
        BoardSetup setup = link.setup();
        BlockingQueue<BoardReport> reports = new LinkedBlockingQueue<>();
        ModbusBoard board = new ModbusBoard(link.settings(), setup, line.isNetwork(), reports::add, ticker);
        StatePrinter printer = format.printer(out, line.name() + ", address " + link.address(), ZoneId.systemDefault());
        try (BusRegistry registry = new BusRegistry(ticker)) {
            BusRegistry.Membership membership = line.join(registry, board);
            try {
                return print(reports, line.name(), printer);
            } finally {
                membership.leave();
            }
        } catch (BusConflictException e) {
            throw new IllegalStateException("One board cannot be in its own way", e);
        }
    }

    private int print(BlockingQueue<BoardReport> reports, String where, StatePrinter printer)
            throws InterruptedException {
        for (int count = 1; printer.isHeard(); count++) {
            BoardReport report = reports.take();
            Failure failure = report.failure();
            String cause = failure == null ? null : Texts.of(failure, link.wire(), where, link.address());
            ShownState state = ShownState.of(report, cause);
            if (!format.isOnce()) {
                printer.print(state);
            } else if (cause != null) {
                printer.printLost(state);
                spec.commandLine().getErr().println(cause);
                return ExitCode.NO_DEVICE;
            } else if (report.snapshot().isKnown(Catalogue.STATE_OF_CHARGE) || count >= PATIENCE) {
                printer.print(state);
                return ExitCode.OK;
            }
        }
        return ExitCode.OK;
    }
}
