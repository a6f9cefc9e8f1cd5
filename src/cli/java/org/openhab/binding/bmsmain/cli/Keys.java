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

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The keys that scroll a table and end the command: arrows, page up and down, space, {@code g}, {@code G}, {@code j},
 * {@code k} and {@code q}. The terminal is set to pass keys on at once, and restored when the program ends.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Keys {

    private static final File TERMINAL = new File("/dev/tty");
    private static final int ESCAPE = 0x1B;
    private static final int PATIENCE_SECONDS = 5;
    private static final int FAR = 1_000_000;

    private final Screen screen;
    private final Runnable quit;

    /**
     * @param screen screen to scroll
     * @param quit ends the command
     */
    Keys(Screen screen, Runnable quit) {
        this.screen = screen;
        this.quit = quit;
    }

    /** Reads keys from the terminal of this program, if there is one that can be set. */
    void listen() {
        try {
            String former = stty("-g");
            if (former.isEmpty()) {
                return;
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> restore(former), "bms-terminal"));
            stty("-icanon", "-echo", "min", "1", "time", "0");
            screen.scrolls();
            Thread thread = new Thread(this::read, "bms-keys");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException e) {
            // The table cannot be scrolled then, and Ctrl-C ends the command.
        }
    }

    private static void restore(String former) {
        try {
            stty(former);
        } catch (IOException e) {
            // The terminal is gone.
        }
    }

    /** @return the output of stty; empty when it failed */
    private static String stty(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectInput(TERMINAL)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (InputStream in = process.getInputStream()) {
            String printed = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0 ? printed : "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private void read() {
        try (InputStream in = new FileInputStream(TERMINAL)) {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = press(in.read(), any -> read(in));
            }
        } catch (IOException e) {
            // No more keys can be read.
        }
    }

    private static int read(InputStream in) {
        try {
            return in.read();
        } catch (IOException e) {
            return -1;
        }
    }

    /**
     * Executes a key.
     *
     * @param key its first byte; -1 when there are no more keys
     * @param next reads a further byte of an arrow or a page key
     * @return whether to read further keys
     */
    boolean press(int key, IntUnaryOperator next) {
        switch (key) {
            case -1:
                return false;
            case 'q':
            case 'Q':
                quit.run();
                return false;
            case 'k':
                screen.scroll(-1);
                break;
            case 'j':
                screen.scroll(1);
                break;
            case ' ':
                screen.scroll(screen.page());
                break;
            case 'g':
                screen.scroll(-FAR);
                break;
            case 'G':
                screen.scroll(FAR);
                break;
            case ESCAPE:
                escape(next.applyAsInt(0), next);
                break;
            default:
                break;
        }
        return true;
    }

    /** Arrows are ESC [ A or ESC O A, page keys ESC [ 5 ~. */
    private void escape(int bracket, IntUnaryOperator next) {
        if (bracket != '[' && bracket != 'O') {
            return;
        }
        switch (next.applyAsInt(0)) {
            case 'A':
                screen.scroll(-1);
                break;
            case 'B':
                screen.scroll(1);
                break;
            case 'H':
                screen.scroll(-FAR);
                break;
            case 'F':
                screen.scroll(FAR);
                break;
            case '5':
                next.applyAsInt(0);
                screen.scroll(-screen.page());
                break;
            case '6':
                next.applyAsInt(0);
                screen.scroll(screen.page());
                break;
            default:
                break;
        }
    }
}
