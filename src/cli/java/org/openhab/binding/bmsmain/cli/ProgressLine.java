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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A line at the bottom of a terminal with the progress of a search. Without a terminal it shows nothing.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ProgressLine {

    private static final int BAR = 30;
    private static final int SECONDS_PER_MINUTE = 60;

    private final PrintWriter out;
    private final boolean terminal;
    private boolean shown;

    ProgressLine(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A line on the terminal of this program, if it has one. */
    static ProgressLine of(PrintWriter out) {
        String size = System.getenv("BMS_TERMINAL");
        return new ProgressLine(out, size != null && !size.isEmpty() && !"dumb".equals(System.getenv("TERM")));
    }

    void show(int done, int total, String what, long secondsLeft) {
        if (terminal) {
            int full = total == 0 ? 0 : Math.min(BAR, BAR * done / total);
            out.print("\r[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + (total == 0 ? "" : done + "/" + total)
                    + " " + Output.clean(what) + left(secondsLeft) + "\u001B[K");
            out.flush();
            shown = true;
        }
    }

    /** Remaining time as text. */
    static String left(long seconds) {
        return seconds <= 0 ? ""
                : seconds < SECONDS_PER_MINUTE ? ", at most " + seconds + " s"
                        : ", at most " + (seconds + SECONDS_PER_MINUTE - 1) / SECONDS_PER_MINUTE + " min";
    }

    void clear() {
        if (shown) {
            out.print("\r\u001B[K");
            out.flush();
            shown = false;
        }
    }
}
