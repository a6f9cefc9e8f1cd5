/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.console;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.BmsMainBindingConstants;
import org.openhab.binding.bmsmain.internal.action.BoardActions;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Kind;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.handler.BoardHandler;
import org.openhab.core.io.console.Console;
import org.openhab.core.io.console.ConsoleCommandCompleter;
import org.openhab.core.io.console.StringsCompleter;
import org.openhab.core.io.console.extensions.AbstractConsoleCommandExtension;
import org.openhab.core.io.console.extensions.ConsoleCommandExtension;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.ThingStatusInfo;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The console command {@code openhab:bmsmain}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(service = ConsoleCommandExtension.class)
public class BoardConsole extends AbstractConsoleCommandExtension implements ConsoleCommandCompleter {

    private static final String STATUS = "status";
    private static final String READ = "read";
    private static final String JOURNAL = "journal";
    private static final String DIAGNOSE = "diagnose";
    private static final String SUGGEST = "suggest";
    private static final String ACCEPT = "accept";
    private static final String RESET = "reset";
    private static final String SET = "set";
    private static final String COUNTERS = "counters";
    private static final String HISTORY = "history";
    private static final String TRACE = "trace";
    private static final String ON = "on";
    private static final String OFF = "off";

    private final ThingRegistry things;

    @Activate
    public BoardConsole(@Reference ThingRegistry things) {
        super(BmsMainBindingConstants.BINDING_ID, "Inspects BMS Main boards.");
        this.things = things;
    }

    @Override
    public List<String> getUsages() {
        return List.of(buildCommandUsage(STATUS, "lists the boards and whether they respond"),
                buildCommandUsage(STATUS + " <thing>", "shows all values of a board"),
                buildCommandUsage(READ + " <thing> input|holding <address> [<count>]", "reads registers once"),
                buildCommandUsage(READ + " <thing> object <index> [<sub>]", "reads an object once, over CAN"),
                buildCommandUsage(JOURNAL + " <thing>", "lists the last fault events"),
                buildCommandUsage(DIAGNOSE + " <thing>", "finds out what is wrong with the link; takes a while"),
                buildCommandUsage(SUGGEST + " <thing>", "searches for registers that are not public; takes a minute"),
                buildCommandUsage(SUGGEST + " <thing> accept <channel>", "writes a sure suggestion to the Thing"),
                buildCommandUsage(RESET + " <thing> counters|history",
                        "sets the counters to zero, or restarts the history"),
                buildCommandUsage(SET + " <thing> counters <kWh in> <kWh out> <Ah in> <Ah out>",
                        "sets the counters to those of another meter; - keeps a counter"),
                buildCommandUsage(TRACE + " <thing> on|off", "records the bus traffic, for bms replay"));
    }

    @Override
    public void execute(String[] args, Console console) {
        String command = args.length == 0 ? "" : args[0];
        if (STATUS.equals(command) && args.length == 1) {
            List<BoardHandler> boards = handlers().toList();
            boards.forEach(board -> printStatus(board, console));
            if (boards.isEmpty()) {
                console.println("There is no board.");
            }
            return;
        }
        BoardHandler board = args.length < 2 ? null : handler(args[1]);
        if (board == null) {
            if (args.length >= 2) {
                console.println("There is no board " + args[1] + ".");
            }
            printUsage(console);
            return;
        }
        switch (command) {
            case STATUS:
                printStatus(board, console);
                printValues(board, console);
                break;
            case READ:
                read(board, args, console);
                break;
            case JOURNAL:
                board.journal().forEach(event -> console.println(event.time() + " " + event.payload()));
                if (board.journal().isEmpty()) {
                    console.println("There was no fault event.");
                }
                break;
            case DIAGNOSE:
                BoardActions actions = new BoardActions();
                actions.setThingHandler(board);
                console.println(actions.diagnose());
                break;
            case SUGGEST:
                suggest(board, args, console);
                break;
            case RESET:
            case SET:
                remember(board, args, console);
                break;
            case TRACE:
                if (args.length == 3 && (ON.equals(args[2]) || OFF.equals(args[2]))) {
                    console.println(board.record(ON.equals(args[2])));
                } else {
                    printUsage(console);
                }
                break;
            default:
                printUsage(console);
                break;
        }
    }

    private void read(BoardHandler board, String[] args, Console console) {
        if (args.length < 4) {
            printUsage(console);
            return;
        }
        BoardActions actions = new BoardActions();
        actions.setThingHandler(board);
        try {
            if ("object".equals(args[2])) {
                console.println(actions.readObject(args[3], args.length < 5 ? 0 : Integer.decode(args[4])));
            } else {
                console.println(actions.readRegister(args[2], args[3], args.length < 5 ? 1 : Integer.decode(args[4])));
            }
        } catch (NumberFormatException e) {
            printUsage(console);
        }
    }

    private void suggest(BoardHandler board, String[] args, Console console) {
        BoardActions actions = new BoardActions();
        actions.setThingHandler(board);
        if (args.length == 2) {
            console.println(actions.suggestRegisters());
        } else if (args.length == 4 && ACCEPT.equals(args[2])) {
            console.println(actions.acceptSuggestion(args[3]));
        } else {
            printUsage(console);
        }
    }

    private void remember(BoardHandler board, String[] args, Console console) {
        String what = args.length < 3 ? "" : args[2];
        if (RESET.equals(args[0]) && args.length == 3 && COUNTERS.equals(what)) {
            console.println(board.resetCounters());
        } else if (RESET.equals(args[0]) && args.length == 3 && HISTORY.equals(what)) {
            console.println(board.resetHistory());
        } else if (SET.equals(args[0]) && args.length == 7 && COUNTERS.equals(what)) {
            try {
                console.println(
                        board.setCounters(counter(args[3]), counter(args[4]), counter(args[5]), counter(args[6])));
            } catch (NumberFormatException e) {
                printUsage(console);
            }
        } else {
            printUsage(console);
        }
    }

    private static double counter(String text) {
        return "-".equals(text) ? Double.NaN : Double.parseDouble(text);
    }

    private static void printStatus(BoardHandler board, Console console) {
        Thing thing = board.getThing();
        ThingStatusInfo info = thing.getStatusInfo();
        String words = board.texts().status(info.getDescription());
        console.println(thing.getUID() + " " + info.getStatus()
                + (info.getStatusDetail() == ThingStatusDetail.NONE ? "" : " (" + info.getStatusDetail() + ")")
                + (words.isEmpty() ? "" : ": " + words));
    }

    private static void printValues(BoardHandler board, Console console) {
        BoardSnapshot snapshot = board.snapshot();
        if (snapshot == null) {
            return;
        }
        for (Point point : board.points()) {
            if (snapshot.isKnown(point)) {
                console.println(String.format(Locale.ROOT, "  %-50s %s %s", point.id(), value(point, snapshot, board),
                        point.unit().symbol()).stripTrailing());
            }
        }
    }

    private static String value(Point point, BoardSnapshot snapshot, BoardHandler board) {
        if (point == Catalogue.ALARM) {
            return String.valueOf(board.texts().alarm(snapshot));
        }
        if (point.kind() == Kind.TEXT || point.kind() == Kind.CHOICE) {
            return String.valueOf(snapshot.text(point));
        }
        if (point.kind() == Kind.TIME) {
            return String.valueOf(snapshot.time(point));
        }
        double number = snapshot.number(point);
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private Stream<BoardHandler> handlers() {
        return things.getAll().stream().map(thing -> thing.getHandler() instanceof BoardHandler board ? board : null)
                .filter(Objects::nonNull);
    }

    private @Nullable BoardHandler handler(String uid) {
        return handlers().filter(board -> board.getThing().getUID().toString().equals(uid)).findFirst().orElse(null);
    }

    @Override
    public @Nullable ConsoleCommandCompleter getCompleter() {
        return this;
    }

    @Override
    public boolean complete(String[] args, int cursorArgumentIndex, int cursorPosition, List<String> candidates) {
        List<String> words = switch (cursorArgumentIndex) {
            case 0 -> List.of(STATUS, READ, JOURNAL, DIAGNOSE, SUGGEST, RESET, SET, TRACE);
            case 1 -> handlers().map(board -> board.getThing().getUID().toString()).toList();
            case 2 -> READ.equals(args[0]) ? List.of("input", "holding", "object")
                    : TRACE.equals(args[0]) ? List.of(ON, OFF)
                            : RESET.equals(args[0]) ? List.of(COUNTERS, HISTORY)
                                    : SET.equals(args[0]) ? List.of(COUNTERS)
                                            : SUGGEST.equals(args[0]) ? List.of(ACCEPT) : List.of();
            default -> List.of();
        };
        return new StringsCompleter(words, true).complete(args, cursorArgumentIndex, cursorPosition, candidates);
    }
}
