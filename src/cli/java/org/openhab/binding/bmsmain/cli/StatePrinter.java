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
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Prints a sequence of states.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class StatePrinter {

    private final PrintWriter out;
    private final Consumer<ShownState> show;
    private final boolean showsLost;
    private volatile boolean left;

    private StatePrinter(PrintWriter out, Consumer<ShownState> show, boolean showsLost) {
        this.out = out;
        this.show = show;
        this.showsLost = showsLost;
    }

    /** Prints one JSON object per line. */
    static StatePrinter json(PrintWriter out) {
        return new StatePrinter(out, state -> out.println(JsonRenderer.render(state)), true);
    }

    /** Prints tables. @param stay whether each one replaces the previous one */
    static StatePrinter table(PrintWriter out, Screen screen, TableRenderer renderer, boolean stay) {
        return new StatePrinter(out, state -> screen.show(renderer.render(state), stay), false);
    }

    void print(ShownState state) {
        show.accept(state);
        out.flush();
    }

    /** Prints the state of a board that could not be read: JSON has an object for it, a table is not shown. */
    void printLost(ShownState state) {
        if (showsLost) {
            print(state);
        }
    }

    /** Lets keys of the terminal scroll the output, and end the command of this thread. */
    void listenToKeys(Screen screen) {
        Thread caller = Thread.currentThread();
        new Keys(screen, () -> {
            left = true;
            caller.interrupt();
        }).listen();
    }

    /** Whether a key ended the command; the printing thread was then interrupted. */
    boolean isLeft() {
        return left;
    }

    /** Whether the output is still read: false after {@code | head} has ended, or after a key ended the command. */
    boolean isHeard() {
        return !left && !out.checkError();
    }
}
