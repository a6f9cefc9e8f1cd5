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
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Where tables are printed: a terminal, whose picture is replaced, or anything else, to which each table is appended.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Screen {

    private static final int DEFAULT_WIDTH = 132;
    private static final String HOME = "\u001B[H";
    private static final String CLEAR_LINE = "\u001B[K";
    private static final String CLEAR_REST = "\u001B[J";
    private static final String CLEAR_ALL = "\u001B[2J";

    private final PrintWriter out;
    private final boolean terminal;
    private final boolean colour;
    private final int rows;
    private final int width;
    private boolean used;

    private Screen(PrintWriter out, boolean terminal, boolean colour, int rows, int width) {
        this.out = out;
        this.terminal = terminal;
        this.colour = colour;
        this.rows = rows;
        this.width = width;
    }

    /**
     * The screen of this program.
     *
     * @param out its output
     * @param environment its environment; {@code NO_COLOR} and {@code TERM=dumb} mean no colours, {@code BMS_TERMINAL}
     *            is
     *            set by the launcher to rows and columns where the output is a terminal
     */
    static Screen of(PrintWriter out, Map<String, String> environment) {
        String size = environment.getOrDefault("BMS_TERMINAL", "");
        boolean terminal = !size.isEmpty() && !"dumb".equals(environment.get("TERM"));
        boolean colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        String[] numbers = size.split(" ");
        if (numbers.length == 2 && numbers[0].matches("[1-9]\\d{0,3}") && numbers[1].matches("[1-9]\\d{0,3}")) {
            return new Screen(out, terminal, colour, Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        }
        return new Screen(out, terminal, colour, Integer.MAX_VALUE, DEFAULT_WIDTH);
    }

    boolean hasColour() {
        return colour;
    }

    int width() {
        return width;
    }

    /** Shows a table. @param stay whether another one will follow in its place */
    void show(List<String> lines, boolean stay) {
        if (!terminal || !stay) {
            // The colours of a line would not survive println.
            lines.forEach(line -> out.print(line + System.lineSeparator()));
            out.flush();
            return;
        }
        StringBuilder picture = new StringBuilder(used ? HOME : CLEAR_ALL + HOME);
        used = true;
        int fit = Math.min(lines.size(), rows - 1);
        for (int i = 0; i < fit; i++) {
            boolean cut = i == fit - 1 && fit < lines.size();
            picture.append(cut ? (lines.size() - i) + " more lines: the window is too small" : lines.get(i))
                    .append(CLEAR_LINE).append('\n');
        }
        out.print(picture.append(CLEAR_REST));
        out.flush();
    }
}
