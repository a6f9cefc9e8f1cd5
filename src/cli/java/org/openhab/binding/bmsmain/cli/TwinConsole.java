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
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinCan;

/**
 * The console commands of a running twin. Each line acts on all boards and servers of the command.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TwinConsole {

    private static final List<String> HELP = List.of( //
            "set ID=VALUE      fix a value, for instance: set battery#current=-12.5", //
            "fault ID          raise a fault, for instance: fault bms-logic-offline", //
            "clear ID|all      return a value to the model, or end a fault", //
            "initialising      start again; 'clear internal-signals#initialisation' ends it", //
            "show ID           print a value", //
            "energy            print energy and charge: kWh in and out, Ah in and out", //
            "freeze, thaw      stop or restart the battery", //
            "pause, resume     stop or restart responding", //
            "delay MS          delay each response by this time", //
            "drop              close all TCP connections", //
            "restart           send the boot-up message on CAN", //
            "lose PERCENT      lose this percentage of the CAN frames", //
            "foreign N         send N CAN frames per second from other devices", //
            "quit              end");

    private final List<TwinBoard> boards;
    private final List<Twin> twins;
    private final List<TwinCan> buses;
    private final PrintWriter out;

    TwinConsole(List<TwinBoard> boards, List<Twin> twins, List<TwinCan> buses, PrintWriter out) {
        this.boards = boards;
        this.twins = twins;
        this.buses = buses;
        this.out = out;
    }

    /**
     * Applies {@code ID=VALUE} to a board.
     *
     * @throws IllegalArgumentException with a message for the user when it is not that, or does not fit
     */
    static void set(TwinBoard board, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("A value must be set by ID=VALUE, not " + assignment);
        }
        board.set(assignment.substring(0, equals).trim(), assignment.substring(equals + 1).trim());
    }

    /**
     * Executes a line; errors are printed as text.
     *
     * @return false when the line is quit
     */
    boolean execute(String line) {
        String[] words = line.trim().split("\\s+", 2);
        String command = words[0].toLowerCase(Locale.ROOT);
        String argument = words.length > 1 ? words[1] : "";
        if ("quit".equals(command)) {
            return false;
        }
        try {
            apply(command, argument);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
        }
        out.flush();
        return true;
    }

    private void apply(String command, String argument) {
        switch (command) {
            case "":
                break;
            case "set":
                boards.forEach(board -> set(board, argument));
                break;
            case "fault":
                boards.forEach(board -> board.fault(argument));
                break;
            case "clear":
                boards.forEach(board -> board.clear(argument));
                break;
            case "initialising":
                boards.forEach(board -> board.initialising(true));
                break;
            case "show":
                boards.forEach(board -> out.println(board.show(argument)));
                break;
            case "energy":
                boards.forEach(board -> out.println(flowed(board.flowed())));
                break;
            case "freeze":
                boards.forEach(board -> board.frozen(true));
                break;
            case "thaw":
                boards.forEach(board -> board.frozen(false));
                break;
            case "pause":
                twins.forEach(Twin::pause);
                buses.forEach(TwinCan::pause);
                break;
            case "resume":
                twins.forEach(Twin::resume);
                buses.forEach(TwinCan::resume);
                break;
            case "delay":
                Duration delay = milliseconds(argument);
                twins.forEach(twin -> twin.delay(delay));
                break;
            case "drop":
                twins.forEach(Twin::dropConnections);
                break;
            case "restart":
                buses.forEach(TwinCan::restart);
                break;
            case "lose":
                int percent = number(argument, 100);
                buses.forEach(bus -> bus.lose(percent / 100.0));
                break;
            case "foreign":
                int perSecond = number(argument, 100_000);
                buses.forEach(bus -> bus.foreign(perSecond));
                break;
            case "help":
                HELP.forEach(out::println);
                break;
            default:
                throw new IllegalArgumentException("Unknown: " + command + " (try help)");
        }
    }

    private static String flowed(double[] flowed) {
        return String.format(Locale.ROOT, "%.4f kWh in, %.4f kWh out, %.4f Ah in, %.4f Ah out", flowed[0], flowed[1],
                flowed[2], flowed[3]);
    }

    private static int number(String text, int max) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Not a number: " + text, e);
        }
        throw new IllegalArgumentException("The number must be from 0 to " + max + ", not " + text);
    }

    private static Duration milliseconds(String text) {
        try {
            return Duration.ofMillis(Math.max(0, Long.parseLong(text)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("A delay must be a number of milliseconds, not " + text, e);
        }
    }
}
