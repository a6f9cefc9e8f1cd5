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
 * The output for tables: a terminal, whose content is replaced, or any other output, to which each table is appended.
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
    private List<String> picture = List.of();
    private int top;
    private boolean scrolls;

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
     * @param environment its environment; {@code NO_COLOR} and {@code TERM=dumb} disable colours; the launcher sets
     *            {@code BMS_TERMINAL} to rows and columns if the output is a terminal
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

    boolean isTerminal() {
        return terminal;
    }

    boolean hasColour() {
        return colour;
    }

    int width() {
        return width;
    }

    /** Number of table lines shown at once. */
    int page() {
        return Math.max(1, rows - 2);
    }

    /** Enables scrolling by keys; the last line then shows the keys. */
    synchronized void scrolls() {
        scrolls = terminal;
    }

    /** Scrolls the table. @param lines number of lines, negative up */
    synchronized void scroll(int lines) {
        top += lines;
        if (used) {
            draw();
        }
    }

    /** Shows a table. @param stay whether the next one replaces it */
    synchronized void show(List<String> lines, boolean stay) {
        if (!terminal || !stay) {
            // println would remove the colours of a line.
            lines.forEach(line -> out.print(line + System.lineSeparator()));
            out.flush();
            return;
        }
        picture = lines;
        draw();
    }

    private void draw() {
        StringBuilder drawn = new StringBuilder(used ? HOME : CLEAR_ALL + HOME);
        used = true;
        int page = page();
        top = Math.max(0, Math.min(top, picture.size() - page));
        int end = Math.min(picture.size(), top + page);
        picture.subList(top, end).forEach(line -> drawn.append(line).append(CLEAR_LINE).append('\n'));
        if (scrolls || end - top < picture.size()) {
            drawn.append(footer(end));
        }
        out.print(drawn.append(CLEAR_REST));
        out.flush();
    }

    private String footer(int end) {
        String where = top == 0 && end == picture.size() ? ""
                : "lines " + (top + 1) + " to " + end + " of " + picture.size();
        String keys = !scrolls ? ""
                : (where.isEmpty() ? "" : ", up and down scroll") + (where.isEmpty() ? "q" : ", q") + " quits";
        String text = where + keys;
        return (colour ? "\u001B[2m" + text + "\u001B[0m" : text) + CLEAR_LINE;
    }
}
