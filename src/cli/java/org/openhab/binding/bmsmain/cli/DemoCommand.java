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

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.HostClient.Status;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;
import org.osgi.framework.BundleException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bms demo}: runs the binding as users install it, without openHAB and without a board. The JAR runs in an OSGi
 * framework with a minimal openHAB. Its Thing reads a simulated board on the loopback interface, and the states of all
 * channels are printed.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "demo", mixinStandardHelpOptions = true, description = "Runs the binding's JAR against a simulated "
        + "board and shows all channels. Needs neither openHAB nor a board.", sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    private static final String ONLINE = "ONLINE";
    private static final String UNKNOWN = "UNDEF";
    private static final String NEVER_SET = "NULL";
    /** Time format of openHAB. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ");
    private static final Pattern QUANTITY = Pattern.compile("([-+0-9.eE]+) ?(.*)");
    private static final Duration SCAN = Duration.ofSeconds(25);
    private static final Duration STARTUP = Duration.ofSeconds(30);

    private static final String NOTE = "The Modbus registers of voltage, power, cells and cell temperatures are not "
            + "public; this demo reads them from invented registers of the simulated board. On CAN, voltage and "
            + "temperatures are public. See docs/registers.md.";

    /** Places of undocumented values in the simulated board, and a plausible use of its inputs. */
    private static final Map<String, Object> CONFIGURATION = Map.of("refreshInterval", 1, "slowRefreshInterval", 4,
            "registers",
            List.of("battery#voltage = input:0x2104:REAL32", "battery#min-cell-temperature = input:0x2108:S16:0.1",
                    "battery#max-cell-temperature = input:0x2109:S16:0.1",
                    "cell-voltage-{1..12} = window:0x2011+1*{i}:U16:0.001",
                    "cell-temperature-{1..2} = window:0x201D+1*{i}:S16:0.1"),
            "allowControl", true, "boardScan", true, "input1Function", "charge-request", "input2Function",
            "discharge-request", "input3Function", "charger-connected", "input4Function", "interlock");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private FormatOptions format = new FormatOptions();

    @Mixin
    private OnceOption once = new OnceOption();

    @Option(names = "--framework", paramLabel = "equinox|felix", defaultValue = "equinox", description = "OSGi "
            + "framework (default: ${DEFAULT-VALUE}, as in openHAB).")
    private OsgiRuntime.Kind framework = OsgiRuntime.Kind.EQUINOX;

    @Option(names = "--speed", paramLabel = "FACTOR", defaultValue = "60", description = "Charges and discharges this "
            + "many times faster than a real battery (default: ${DEFAULT-VALUE}).")
    private double speed;

    @Option(names = "--fault", paramLabel = "ID", description = "Raises a fault, for instance bms-logic-offline.")
    private List<String> faults = List.of();

    @Override
    public Integer call() throws InterruptedException, BundleException {
        PrintWriter out = spec.commandLine().getOut();
        Path build = Path.of(System.getProperty("bmsmain.build", "target")).toAbsolutePath();
        TwinBoard board = board();
        try (Twin twin = Twin.tcp(0, board);
                OsgiRuntime runtime = OsgiRuntime.start(framework, build, Locale.ENGLISH, "warn")) {
            runtime.install(build.resolve("org.openhab.binding.bmsmain-" + Texts.version() + ".jar")).start();
            HostClient host = runtime.host();
            Map<String, Object> configuration = new HashMap<>(CONFIGURATION);
            configuration.put("host", "127.0.0.1");
            configuration.put("port", twin.port());
            String thing = host.addThing("bmsmain:tcp", "demo", configuration);
            StatePrinter printer = format.printer(out, thing + " in " + framework.name().toLowerCase(Locale.ROOT),
                    ZoneId.systemDefault(), !once.isSet(), true, NOTE);
            try {
                return show(host, thing, printer);
            } catch (InterruptedException e) {
                if (!printer.isLeft()) {
                    throw e;
                }
                return ExitCode.OK;
            }
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private TwinBoard board() {
        if (!(speed > 0)) {
            throw new ParameterException(spec.commandLine(), "--speed must be a number above 0");
        }
        TwinBoard board = new TwinBoard(TwinBoard.DEFAULT_ADDRESS, WordOrder.LITTLE, Clock.systemDefaultZone(), speed);
        try {
            faults.forEach(board::fault);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return board;
    }

    private int show(HostClient host, String thing, StatePrinter printer) throws InterruptedException {
        boolean complete = host.await(() -> isComplete(host, thing), STARTUP);
        if (once.isSet()) {
            // The cells are read board by board.
            host.await(() -> hasCells(host.states(thing)), SCAN);
        }
        if (once.isSet() && !complete) {
            ShownState state = state(host, thing);
            printer.printLost(state);
            spec.commandLine().getErr().println(host.status(thing));
            return ExitCode.NO_DEVICE;
        }
        printer.print(state(host, thing));
        while (!once.isSet() && printer.isHeard()) {
            TimeUnit.SECONDS.sleep(1);
            printer.print(state(host, thing));
        }
        return ExitCode.OK;
    }

    /** Whether the Thing is online and every channel of a register or the link was updated, possibly to undefined. */
    private static boolean isComplete(HostClient host, String thing) {
        Map<String, String> states = host.states(thing);
        return ONLINE.equals(host.status(thing).status()) && Catalogue.channels().stream()
                .filter(point -> point.register() != null || point.origin() == Origin.LINK)
                .noneMatch(point -> NEVER_SET.equals(states.get(point.id())));
    }

    /** Whether each BMS Logic board was read. An offline board has no cells; with the fault none is expected. */
    private static boolean hasCells(Map<String, String> states) {
        return "ON".equals(states.get("faults#bms-logic-offline")) || states.entrySet().stream()
                .filter(state -> state.getKey().startsWith("logic")).allMatch(state -> isKnown(state.getValue())
                        || "OFF".equals(states.get(state.getKey().replaceFirst("#.*", "#ready"))));
    }

    private static ShownState state(HostClient host, String thing) {
        Status status = host.status(thing);
        boolean online = ONLINE.equals(status.status());
        Map<String, String> states = host.states(thing);
        List<ShownValue> channels = new ArrayList<>();
        for (Point point : Catalogue.channels()) {
            channels.add(new ShownValue(point.id(), value(point, states.getOrDefault(point.id(), UNKNOWN)),
                    point.unit().symbol(), null));
        }
        states.forEach((id, value) -> {
            if (Catalogue.byId(id) == null) {
                channels.add(ofOtherChannel(id, value));
            }
        });
        List<ShownValue> properties = new ArrayList<>();
        host.properties(thing).forEach((name, value) -> properties.add(new ShownValue(name, value, "", null)));
        return new ShownState(Instant.now(), online, online ? null : status.toString(), channels, properties);
    }

    /**
     * A channel without a value of the board, or one created at run time: its type follows from its state.
     */
    private static ShownValue ofOtherChannel(String id, String state) {
        Matcher quantity = QUANTITY.matcher(state);
        if (quantity.matches()) {
            return new ShownValue(id, ShownValue.decimal(Double.parseDouble(quantity.group(1))), quantity.group(2),
                    null);
        }
        return new ShownValue(id, isKnown(state) ? state : null, "", null);
    }

    private static boolean isKnown(String state) {
        return !UNKNOWN.equals(state) && !NEVER_SET.equals(state);
    }

    /** Converts a state of openHAB to a value as {@code watch} shows it. */
    private static @Nullable Object value(Point point, String state) {
        if (!isKnown(state)) {
            return null;
        }
        switch (point.kind()) {
            case MEASUREMENT:
            case COUNT:
            case BITS:
                return ShownValue.decimal(Double.parseDouble(state.split(" ")[0]));
            case TIME:
                return OffsetDateTime.parse(state, TIME).toInstant().toString();
            default:
                return state;
        }
    }
}
