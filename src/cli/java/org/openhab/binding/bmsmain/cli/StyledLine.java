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

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * A line of a terminal that keeps its visible width, independent of colours.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class StyledLine {

    /** Colours and weights of a terminal (ECMA-48, "select graphic rendition"). */
    enum Style {
        PLAIN(""),
        BOLD("1"),
        DIM("2"),
        RED("31"),
        RED_BOLD("31;1"),
        RED_BLINKING("31;5"),
        GREEN("32"),
        GREEN_BOLD("32;1"),
        GREEN_BLINKING("32;5"),
        YELLOW("33"),
        YELLOW_BLINKING("33;5");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    private final boolean colour;
    private final StringBuilder text = new StringBuilder();
    private int width;

    StyledLine(boolean colour) {
        this.colour = colour;
    }

    /** Visible width in columns. */
    int width() {
        return width;
    }

    /** Adds a part. Control characters for the terminal are replaced. */
    StyledLine add(String words, Style style) {
        String part = Output.clean(words);
        boolean styled = colour && style != Style.PLAIN;
        text.append(styled ? "\u001B[" + style.code + "m" : "").append(part).append(styled ? "\u001B[0m" : "");
        width += part.codePointCount(0, part.length());
        return this;
    }

    StyledLine add(String part) {
        return add(part, Style.PLAIN);
    }

    /** Adds a part, right-aligned in a field. */
    StyledLine right(String part, int field, Style style) {
        return add(" ".repeat(Math.max(0, field - part.codePointCount(0, part.length())))).add(part, style);
    }

    /** Fills up with spaces to a column. */
    StyledLine to(int column) {
        return add(" ".repeat(Math.max(0, column - width)));
    }

    StyledLine add(StyledLine other) {
        text.append(other.text);
        width += other.width;
        return this;
    }

    @Override
    public String toString() {
        return text.toString().stripTrailing();
    }
}
