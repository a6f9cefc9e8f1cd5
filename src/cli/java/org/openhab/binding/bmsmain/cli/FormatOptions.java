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
 * The options that say how values are printed; shared by all commands that print some.
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
            + "object a line (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    /**
     * What prints in this format.
     *
     * @param title heads the table
     * @param stay whether each table takes the place of the one before, on a terminal
     */
    StatePrinter printer(PrintWriter out, String title, ZoneId zone, boolean stay) {
        return printer(out, title, zone, stay, false, "");
    }

    /**
     * As above.
     *
     * @param keys whether keys scroll the table and end the command
     * @param note a line about what is shown, for people; empty for none
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
