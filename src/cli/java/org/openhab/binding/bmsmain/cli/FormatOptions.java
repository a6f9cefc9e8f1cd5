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

import java.io.PrintWriter;
import java.time.ZoneId;

import org.eclipse.jdt.annotation.NonNullByDefault;

import picocli.CommandLine.Option;

/**
 * The options for the output format; shared by all commands that print values.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class FormatOptions {

    /** For people or for programs. */
    enum Format {
        TABLE,
        JSON
    }

    @Option(names = "--format", paramLabel = "table|json", defaultValue = "table", description = "A table, or one JSON "
            + "object per line (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    /**
     * A printer for this format.
     *
     * @param title heading of the table
     * @param stay whether each table replaces the previous one, on a terminal
     */
    StatePrinter printer(PrintWriter out, String title, ZoneId zone, boolean stay) {
        return printer(out, title, zone, stay, false, "");
    }

    /**
     * A printer for this format.
     *
     * @param keys whether keys scroll the table and end the command
     * @param note a line about the source of the values, for people; empty for none
     */
    StatePrinter printer(PrintWriter out, String title, ZoneId zone, boolean stay, boolean keys, String note) {
        if (format == Format.JSON) {
            return StatePrinter.json(out);
        }
        Screen screen = Screen.of(out, System.getenv());
        StatePrinter printer = StatePrinter.table(out, screen,
                new TableRenderer(title, screen.width(), screen.hasColour(), zone, note), stay);
        if (stay && keys && screen.isTerminal()) {
            printer.listenToKeys(screen);
        }
        return printer;
    }
}
