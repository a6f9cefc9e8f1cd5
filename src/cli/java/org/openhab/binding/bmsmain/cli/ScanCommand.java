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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.LinkOptions.HostAndPort;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusLineFactory;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusScan;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusScan.ScanResult;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bms scan}: searches for boards, and prints the Thing for each.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "scan", mixinStandardHelpOptions = true, description = "Searches for boards and prints the Thing for "
        + "each. Only reads; listens before it sends, and on CAN only listens.", //
        exitCodeListHeading = "%nExit codes:%n", //
        exitCodeList = { "0:a board was found", "2:bad arguments", "3:none was found" })
final class ScanCommand implements Callable<Integer> {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();
    private static final List<Integer> CAN_BIT_RATES = List.of(250, 125, 500, 1000);
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(700);
    private static final int SERIAL_TIMEOUT_MILLIS = 100;
    private static final int NETWORK_TIMEOUT_MILLIS = 400;
    private static final int SHORTEST_TIMEOUT_MILLIS = 20;
    private static final int LONGEST_TIMEOUT_MILLIS = 10_000;
    private static final List<Integer> NETWORK_ADDRESSES = List.of(32, 1, 247);
    /** The connections that each option applies to. */
    private static final Map<String, List<String>> FITTING = Map.of("--port", List.of("--tcp", "--subnet"), "--all",
            List.of("--serial"), "--timeout", List.of("--serial", "--tcp", "--subnet"), "--listen",
            List.of("--slcan", "--socketcan"), "--baud", List.of("--slcan"));
    /** Maximum number of concurrent connections, and pause between two new ones, over all hosts. */
    private static final int CONNECTIONS = 8;
    private static final long PAUSE_NANOS = 50_000_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Where to search: exactly one of these. */
    static final class Place {
        @Option(names = "--serial", paramLabel = "PATH", required = true, description = "All baud rates and addresses "
                + "on this serial port.")
        @Nullable
        String serial;

        @Option(names = "--tcp", paramLabel = "HOST[:PORT]", required = true, split = ",", description = "These hosts; "
                + "the default port is that of --port.")
        @Nullable
        List<String> hosts;

        @Option(names = "--subnet", paramLabel = "CIDR", required = true, description = "All hosts of this network, "
                + "such as 192.168.1.0/24.")
        @Nullable
        String subnet;

        @Option(names = "--slcan", paramLabel = "PATH", required = true, description = "All bit rates behind this CAN "
                + "adapter.")
        @Nullable
        String slcan;

        @Option(names = "--socketcan", paramLabel = "IF", required = true, description = "This CAN interface, at its "
                + "current bit rate.")
        @Nullable
        String socketCan;
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Place place = new Place();

    @Option(names = "--port", paramLabel = "N", defaultValue = "502", description = "TCP port (default: "
            + "${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--all", description = "On a serial line, continue after the first board, for others at the same "
            + "baud rate.")
    private boolean all;

    @Option(names = "--timeout", paramLabel = "MS", description = "Time to wait for a response, 20 to 10000 ms "
            + "(default: 100 until a response begins on a serial line, 400 on a network). A gateway in front of a slow "
            + "line needs more.")
    private @Nullable Integer timeout;

    @Option(names = "--listen", paramLabel = "S", defaultValue = "3", description = "Listening time at each bit rate "
            + "of a CAN bus, 1 to 60 s (default: ${DEFAULT-VALUE}). For a node that may be a board it is up to 11 s, "
            + "because SYNC may take that long.")
    private int listen;

    @Option(names = "--baud", paramLabel = "N", description = "Bit rate of the serial port of the CAN adapter, 1200 to "
            + "4000000 (default: 115200, then others if no adapter responds). Adapters with native USB ignore it.")
    private @Nullable Integer baud;

    @Option(names = "--format", paramLabel = "table|json", defaultValue = "table", description = "Text, or one JSON "
            + "object per board (default: ${DEFAULT-VALUE}).")
    private FormatOptions.Format format = FormatOptions.Format.TABLE;

    private final Ticker ticker = Ticker.system();
    private final PortNames names = new PortNames();

    @Override
    public Integer call() throws InterruptedException {
        for (Map.Entry<String, List<String>> option : FITTING.entrySet()) {
            require(!isGiven(option.getKey()) || option.getValue().stream().anyMatch(this::isGiven),
                    option.getKey() + " requires " + String.join(" or ", option.getValue()));
        }
        LinkOptions.require(spec, "--port", port, ModbusSettings.TCP_PORT);
        Integer millis = timeout;
        require(millis == null || millis >= SHORTEST_TIMEOUT_MILLIS && millis <= LONGEST_TIMEOUT_MILLIS,
                "--timeout must be a number from 20 to 10000");
        require(listen >= 1 && listen <= 60, "--listen must be a number from 1 to 60");
        Integer baudRate = baud;
        if (baudRate != null) {
            LinkOptions.require(spec, "--baud", baudRate, CanLine.SERIAL_BAUD_RATE);
        }
        ProgressLine line = ProgressLine.of(spec.commandLine().getErr());
        Progress progress = new Progress() {
            @Override
            public void at(int done, int total, String what, long secondsLeft) {
                line.show(done, total, what, secondsLeft);
            }
        };
        int count;
        String serial = place.serial;
        List<String> hosts = place.hosts;
        String subnet = place.subnet;
        try {
            if (serial != null) {
                count = serial(serial, progress, line);
            } else if (hosts != null) {
                count = network(hosts.stream().map(text -> LinkOptions.endpoint(spec, text, port)).toList(), line);
            } else if (subnet != null) {
                count = network(Subnet.hosts(subnet).stream().map(host -> new HostAndPort(host, port)).toList(), line);
            } else {
                count = can(progress, line);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return count > 0 ? ExitCode.OK : ExitCode.NO_DEVICE;
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private void require(boolean condition, String message) {
        LinkOptions.require(spec, condition, message);
    }

    private Duration timeout(int otherwise) {
        Integer millis = timeout;
        return Duration.ofMillis(millis == null ? otherwise : millis);
    }

    private int serial(String path, Progress progress, ProgressLine line) {
        ModbusScan scan = new ModbusScan(ModbusLineFactory.system(ticker), ticker, timeout(SERIAL_TIMEOUT_MILLIS),
                progress);
        scan.serial(path, all);
        line.clear();
        PrintWriter err = spec.commandLine().getErr();
        Failure failure = scan.failure();
        if (failure != null) {
            err.println(Texts.of(failure, ConnectionType.SERIAL, path, ModbusSettings.DEFAULT_ADDRESS));
        } else if (!scan.heardAddresses().isEmpty()) {
            err.println("Another master on " + path + " polls address "
                    + String.join(", ", scan.heardAddresses().stream().sorted().map(String::valueOf).toList())
                    + ". No request was sent: two masters disturb each other.");
        } else if (scan.found().stream().noneMatch(ScanResult::isBoard)) {
            err.println("No board answers on " + path + ". Try: bms doctor --serial " + path);
        }
        return print(scan.found());
    }

    private int network(List<HostAndPort> hosts, ProgressLine line) throws InterruptedException {
        List<ScanResult> found = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger done = new AtomicInteger();
        ModbusLineFactory wires = new PacedWires(ticker, PAUSE_NANOS);
        ExecutorService pool = Executors.newFixedThreadPool(CONNECTIONS, task -> {
            Thread thread = new Thread(task, "bms-scan");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (HostAndPort host : hosts) {
                pool.execute(() -> {
                    ModbusScan scan = new ModbusScan(wires, ticker, timeout(NETWORK_TIMEOUT_MILLIS), Progress.NONE);
                    scan.tcp(host.host(), host.port(), NETWORK_ADDRESSES, CONNECT_TIMEOUT);
                    found.addAll(scan.found());
                    synchronized (line) {
                        line.show(done.incrementAndGet(), hosts.size(), host.host(), 0);
                    }
                });
            }
        } finally {
            pool.shutdown();
        }
        pool.awaitTermination(1, TimeUnit.HOURS);
        line.clear();
        if (found.stream().noneMatch(ScanResult::isBoard)) {
            spec.commandLine().getErr()
                    .println(hosts.size() == 1
                            ? "No board answers on port " + hosts.get(0).port() + " of " + hosts.get(0).host()
                            : "No board answers on " + hosts.size() + " hosts");
        }
        return print(found);
    }

    private int can(Progress progress, ProgressLine line) {
        CanScan scan = new CanScan(ticker, progress);
        String slcan = place.slcan;
        String where = slcan != null ? slcan : String.valueOf(place.socketCan);
        String holder = new PortHolders().of(where);
        if (holder != null) {
            spec.commandLine().getErr().println(Texts.of(new Failure(FailureCause.PORT_HELD, holder),
                    ConnectionType.CAN, where, CanSettings.DEFAULT_NODE));
            return 0;
        }
        Integer baudRate = baud;
        List<Integer> baudRates = slcan == null ? List.of(0)
                : baudRate == null ? CanLine.SERIAL_BAUD_RATES : List.of(baudRate);
        List<CanScan.Heard> nodes = scan.scan(
                (serialBaudRate, kiloBits) -> adapter(slcan, where, serialBaudRate, kiloBits), baudRates,
                slcan != null ? CAN_BIT_RATES : List.of(0), Duration.ofSeconds(listen));
        line.clear();
        Failure failure = scan.failure();
        if (failure != null) {
            spec.commandLine().getErr().println(Texts.of(failure, ConnectionType.CAN, where, CanSettings.DEFAULT_NODE));
        } else if (!scan.hasAdapter()) {
            Failure mute = Failure.of(FailureCause.ADAPTER_SILENT);
            spec.commandLine().getErr().println(Texts.of(mute, ConnectionType.CAN, where, CanSettings.DEFAULT_NODE));
        } else if (nodes.isEmpty()) {
            spec.commandLine().getErr().println((scan.hasHeard()
                    ? "The bus on " + where + " works, but no CANopen node was found. A board that waits for SYNC"
                    : "No node was found on " + where + ". A board that waits for SYNC, or is alone with the adapter,")
                    + " is silent. Try: bms doctor " + (slcan != null ? "--slcan " : "--socketcan ") + where);
        }
        for (CanScan.Heard heard : nodes) {
            if (heard.isDuplicate()) {
                spec.commandLine().getErr().println(
                        Texts.of(Failure.of(FailureCause.DUPLICATE_NODE_ID), ConnectionType.CAN, where, heard.node()));
            }
        }
        for (CanScan.Heard heard : nodes) {
            if (heard.isDuplicate()) {
                printDuplicate(heard.node(), where);
                continue;
            }
            print(ThingText.can(slcan != null ? "slcan" : "socketcan", slcan != null ? names.stable(where) : where,
                    heard), heard.isBoard(), heard.node(), "",
                    "node " + heard.node() + " on " + where
                            + (heard.kiloBits() == 0 ? "" : " at " + heard.kiloBits() + " kbit/s"));
        }
        return (int) nodes.stream().filter(heard -> heard.isBoard() && !heard.isDuplicate()).count();
    }

    /** No Thing can show the values of two devices with one node ID, so none is proposed. */
    private void printDuplicate(int node, String where) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == FormatOptions.Format.JSON) {
            JsonObject object = new JsonObject();
            object.addProperty("address", node);
            object.addProperty("duplicate", true);
            out.println(GSON.toJson(object));
        } else {
            out.println("Two devices use node ID " + node + " on " + where + ": a Thing can show neither");
            out.println();
        }
    }

    private CanAdapter adapter(@Nullable String slcan, String where, int baudRate, int kiloBits) throws LinkException {
        return slcan == null ? CanLine.socketCanAdapter(where, true, ticker)
                : CanLine.slcanListener(where, baudRate, kiloBits, ticker);
    }

    /** @return number of boards among them */
    private int print(List<ScanResult> found) {
        Map<String, Integer> seen = new HashMap<>();
        for (ScanResult one : found) {
            ThingText thing = ThingText.of(one, names);
            // Boards behind different hosts may have the same address, but each Thing needs its own name.
            int times = seen.getOrDefault(thing.uid(), 0) + 1;
            seen.put(thing.uid(), times);
            print(one, times == 1 ? thing : thing.named(thing.id() + "-" + times));
        }
        return (int) found.stream().filter(ScanResult::isBoard).count();
    }

    private void print(ScanResult found, ThingText thing) {
        SerialSettings serial = found.parameters().serial();
        String firmware = found.isBoard() ? found.firmware() : "";
        print(thing, found.isBoard(), found.parameters().address(), firmware,
                "address " + found.parameters().address() + " on " + found.parameters().place()
                        + (serial == null ? "" : " at " + serial.baudRate() + " baud")
                        + (firmware.isEmpty() ? "" : ", firmware " + firmware));
    }

    private void print(ThingText thing, boolean isBoard, int address, String firmware, String where) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == FormatOptions.Format.JSON) {
            JsonObject object = new JsonObject();
            object.addProperty("uid", thing.uid());
            object.addProperty("board", isBoard);
            object.addProperty("address", address);
            object.addProperty("firmware", firmware.isEmpty() ? null : firmware);
            JsonElement configuration = GSON.toJsonTree(thing.configuration());
            object.add("config", configuration);
            object.addProperty("things", thing.things());
            object.addProperty("yaml", String.join("\n", thing.yaml()));
            out.println(GSON.toJson(object));
            return;
        }
        out.println((isBoard ? "BMS Main, " : "A device, possibly not a BMS Main, ") + where);
        out.println();
        out.println("conf/things/bmsmain.things:");
        out.println(thing.things());
        out.println();
        out.println("or conf/yaml/bmsmain.yaml:");
        thing.yaml().forEach(out::println);
        out.println();
    }
}
