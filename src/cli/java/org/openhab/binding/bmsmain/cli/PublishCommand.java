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
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.BoardsFile.WrongException;
import org.openhab.binding.bmsmain.cli.publish.Broker;
import org.openhab.binding.bmsmain.cli.publish.BrokerException;
import org.openhab.binding.bmsmain.cli.publish.Collector;
import org.openhab.binding.bmsmain.cli.publish.Collector.BankSource;
import org.openhab.binding.bmsmain.cli.publish.Collector.BoardSource;
import org.openhab.binding.bmsmain.cli.publish.Collector.Settings;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bms publish}: reads boards, and publishes their values to an MQTT broker until it is stopped.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "publish", mixinStandardHelpOptions = true, description = {
        "Reads one or more boards and publishes their values to an MQTT 5 broker, in the conventions of Homie 4 "
                + "and Home Assistant, until it is stopped.",
        "Nothing is written to a board unless --allow-control is given." }, sortOptions = false, //
        customSynopsis = "bms publish (--boards FILE | --serial PATH | --tcp HOST[:PORT] | --slcan PATH | "
                + "--socketcan IF) --broker URL [OPTIONS]", //
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = { "0:it was stopped", "1:a problem on this machine",
                "2:bad arguments, or the file of boards is invalid",
                "4:the broker cannot be reached, or refuses. After a first connection, retries have no limit" })
final class PublishCommand implements Callable<Integer> {

    private static final double SHORTEST_REPEAT = 2;
    private static final double LONGEST_REPEAT = 3600;
    private static final String DEFAULT_ID = "battery";
    private static final int LONGEST_HOST = 30;

    static {
        // Buffer pools need memory that small computers lack, and save nothing at some hundred messages per second.
        for (List<String> setting : List.of(List.of("io.netty.allocator.type", "unpooled"),
                List.of("io.netty.noPreferDirect", "true"), List.of("io.netty.noUnsafe", "true"),
                List.of("rx2.purge-enabled", "false"))) {
            if (System.getProperty(setting.get(0)) == null) {
                System.setProperty(setting.get(0), setting.get(1));
            }
        }
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--boards", paramLabel = "FILE", description = "YAML file that lists boards and banks, instead of "
            + "the options for one board; see docs/fleet.md.")
    private @Nullable Path boards;

    @Mixin
    private LinkOptions link = new LinkOptions();

    @Mixin
    private ReadingOptions reading = new ReadingOptions();

    @Option(names = "--name", paramLabel = "ID", description = "ID of the single board in the topics (default: "
            + "battery).")
    private @Nullable String name;

    @Mixin
    private BrokerOptions broker = new BrokerOptions();

    @Option(names = "--collector", paramLabel = "ID", description = "ID of this collector in the topics (default: "
            + "collector-, followed by the host name).")
    private @Nullable String collector;

    @Option(names = "--homie", description = "Publish the attributes for Homie 4 controllers, such as openHAB. This is "
            + "the default unless only --homeassistant is given.")
    private boolean homie;

    @Option(names = "--homeassistant", description = "Publish discovery messages for Home Assistant (2024.11 or "
            + "newer).")
    private boolean homeAssistant;

    @Option(names = "--topic", paramLabel = "TOPIC", defaultValue = "homie", description = "Prefix of the topics of "
            + "all devices (default: ${DEFAULT-VALUE}).")
    private String topic = "";

    @Option(names = "--discovery-prefix", paramLabel = "TOPIC", defaultValue = "homeassistant", description = "Prefix "
            + "of the discovery topics of Home Assistant (default: ${DEFAULT-VALUE}).")
    private String discoveryPrefix = "";

    @Option(names = "--repeat", paramLabel = "S", defaultValue = "60", description = "Seconds after which an unchanged "
            + "value is published again, 2 to 3600; it expires at the broker after 2.5 times as many (default: "
            + "${DEFAULT-VALUE}).")
    private double repeat;

    @Option(names = "--state", paramLabel = "DIR", description = "Folder that keeps counters, history and fault "
            + "journal across restarts. Without it, they are lost at a restart.")
    private @Nullable Path state;

    @Option(names = "--allow-control", description = "Accept commands that force the signals of --control. Forcing a "
            + "signal can close a contactor: read docs/control.md first.")
    private boolean allowControl;

    @Option(names = "--control", paramLabel = "SIGNAL", split = ",", description = "With --allow-control: the signals that "
            + "may be forced, such as charge-request.")
    private List<String> controls = List.of();

    @Option(names = "--control-timeout", paramLabel = "S", defaultValue = "0", description = "Seconds after which a forced "
            + "signal is released to its input; 0 = never (default: ${DEFAULT-VALUE}).")
    private double controlTimeout;

    @Option(names = "--for", paramLabel = "SECONDS", description = "End after this time.")
    private @Nullable Double seconds;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Double limit = seconds;
        require(limit == null || limit > 0, "--for must be a number of seconds above 0");
        Settings settings = settings();
        Broker where = broker.broker();
        Ticker ticker = Ticker.system();
        List<BoardSource> sources = new ArrayList<>();
        List<BankSource> banks = new ArrayList<>();
        try {
            gather(sources, banks, ticker);
        } catch (WrongException e) {
            err.println(e.getMessage());
            return ExitCode.USAGE;
        }
        require(sources.stream().noneMatch(board -> board.id().equals(settings.id()))
                && banks.stream().noneMatch(bank -> bank.id().equals(settings.id())),
                "--collector " + settings.id() + " is also the name of a board or bank");
        Path folder = settings.folder();
        if (folder != null && !Files.isWritable(folder)) {
            err.println("--state " + folder + " is not a writable folder");
            return ExitCode.FAILED;
        }
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            end.countDown();
            try {
                ended.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // The program ends anyway.
            }
        }, "bms-publish-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try (Collector running = new Collector(settings, where, sources, banks, new PublishWords(), err::println,
                ticker)) {
            running.start();
            err.println("publishing " + sources.size() + (sources.size() == 1 ? " board" : " boards") + " to " + where
                    + ", as " + settings.topic() + "/" + settings.id());
            if (limit == null) {
                end.await();
            } else {
                end.await(Math.round(limit * 1000), TimeUnit.MILLISECONDS);
            }
            return ExitCode.OK;
        } catch (BrokerException e) {
            err.println(e.getMessage());
            return ExitCode.NO_BROKER;
        } catch (BusConflictException e) {
            err.println(e.getMessage());
            return ExitCode.USAGE;
        } finally {
            ended.countDown();
            unhook(hook);
        }
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }

    private Settings settings() {
        String given = collector;
        String id = given == null ? "collector-" + host() : given;
        require(BoardsFile.ID.matcher(id).matches(), "--collector " + BoardsFile.ID_RULE);
        require(isTopic(topic),
                "--topic must be one or more topic levels, without wildcards and without / at either end");
        require(isTopic(discoveryPrefix),
                "--discovery-prefix must be one or more topic levels, without wildcards and without / at either end");
        require(repeat >= SHORTEST_REPEAT && repeat <= LONGEST_REPEAT,
                "--repeat must be a number of seconds from 2 to 3600");
        LinkOptions.require(spec, "--control-timeout", controlTimeout, CommandQueue.CONTROL_TIMEOUT);
        require(allowControl || controls.isEmpty(), "--control requires --allow-control");
        require(allowControl || controlTimeout == 0, "--control-timeout requires --allow-control");
        require(!allowControl || !controls.isEmpty(), "--allow-control requires --control with the signals");
        Set<Point> signals = new LinkedHashSet<>();
        for (String signal : controls) {
            Point point = Catalogue.byId("input-signals#" + signal.strip());
            require(point != null, "--control " + signal + ": there is no such channel in the group input-signals");
            if (point != null) {
                signals.add(point);
            }
        }
        return new Settings(id, topic, homie || !homeAssistant, homeAssistant ? discoveryPrefix : null,
                Duration.ofMillis(Math.round(repeat * 1000)), state, signals,
                Duration.ofMillis(Math.round(controlTimeout * 1000)));
    }

    private static boolean isTopic(String topic) {
        return topic.matches("[^#+/\\s\\p{Cntrl}$][^#+\\s\\p{Cntrl}]*") && !topic.endsWith("/")
                && !topic.contains("//");
    }

    /** Name of this computer, in characters that are valid in a topic. */
    private static String host() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "";
        }
        String id = host.toLowerCase(Locale.ROOT).replaceAll("\\..*", "").replaceAll("[^a-z0-9]+", "-");
        String plain = id.substring(0, Math.min(LONGEST_HOST, id.length())).replaceAll("^-+|-+$", "");
        return plain.isEmpty() ? "1" : plain;
    }

    private void gather(List<BoardSource> sources, List<BankSource> banks, Ticker ticker) throws WrongException {
        Path file = boards;
        if (file == null) {
            link.check();
            String given = name;
            String id = given == null ? DEFAULT_ID : given;
            require(BoardsFile.ID.matcher(id).matches(), "--name " + BoardsFile.ID_RULE);
            sources.add(source(id, id, link, reading, null, ticker));
            return;
        }
        require(reading.arguments().isEmpty(), "With --boards, the file contains connection and reading options: "
                + String.join(" ", reading.arguments()) + " belongs there");
        require(name == null, "--name is for a single board; with --boards, the file contains the names");
        BoardsFile read = BoardsFile.read(file);
        for (BoardsFile.Board board : read.boards()) {
            try {
                sources.add(source(board.id(), board.label(), board.options().link, board.options().reading,
                        board.bank(), ticker));
            } catch (ParameterException e) {
                throw new WrongException(file + ": board " + board.id() + ": " + e.getMessage());
            }
        }
        banks.addAll(read.banks());
    }

    private BoardSource source(String id, String label, LinkOptions place, ReadingOptions how, @Nullable String bank,
            Ticker ticker) {
        if (place.log() != null) {
            throw new ParameterException(spec.commandLine(), "a log (--candump) cannot be used as a board");
        }
        BoardSetup setup = how.setup(place);
        String where = how.source(place, setup, null, ticker).name();
        return new BoardSource(id, label,
                (registry, listener, counting, commands) -> how
                        .source(place, setup.with(setup.nominalCapacity(), counting), commands, ticker).joiner()
                        .join(registry, listener),
                failure -> Texts.of(PortHolders.explain(failure, where), place.wire(), where, place.address()), bank);
    }

    private void require(boolean condition, String message) {
        LinkOptions.require(spec, condition, message);
    }
}
