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
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.twin.DeviceHabits;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;
import org.openhab.binding.bmsmain.twin.TwinCan;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bms twin}: simulates one or more boards until it is stopped.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "twin", mixinStandardHelpOptions = true, //
        description = { "Simulates a BMS Main 2.1 for tests and experiments: a battery that is discharged and "
                + "charged in turn, over Modbus TCP, RTU on a serial port, RTU over TCP, or CANopen behind an slcan "
                + "adapter.", "While it runs, it accepts commands on standard input; 'help' lists them." })
final class TwinCommand implements Callable<Integer> {

    /** Default endpoint: a port that needs no privileges. */
    static final String DEFAULT_ENDPOINT = "127.0.0.1:5020";

    private static final int SLCAN_BAUD = 115_200;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--tcp", paramLabel = "[HOST:]PORT", description = "Modbus TCP on this port; port 0 selects a free "
            + "one, the default host is loopback. Default without --tcp, --rtu-tcp, --serial and --slcan: "
            + DEFAULT_ENDPOINT)
    private @Nullable String tcp;

    @Option(names = "--rtu-tcp", paramLabel = "[HOST:]PORT", description = "RTU frames over TCP on this port.")
    private @Nullable String rtuTcp;

    @Option(names = "--serial", paramLabel = "PATH", description = "RTU on this serial port, 8 data bits, no parity, "
            + "1 stop bit.")
    private @Nullable String serial;

    @Option(names = "--baud", paramLabel = "N", defaultValue = "9600", description = "Bit rate of the serial port "
            + "(default: ${DEFAULT-VALUE}).")
    private int baud;

    @Option(names = "--slcan", paramLabel = "PATH", description = "A CAN bus behind an slcan adapter on this serial "
            + "port. The node ID is that of --address.")
    private @Nullable String slcan;

    @Option(names = "--bit-rate", paramLabel = "N", defaultValue = "250", description = "Bit rate of the CAN bus in "
            + "kbit/s (default: ${DEFAULT-VALUE}).")
    private int bitRate;

    @Option(names = "--sync", paramLabel = "MS", defaultValue = "100", description = "Milliseconds between two SYNC messages of "
            + "the board; 0 = the board sends none (default: ${DEFAULT-VALUE}).")
    private int sync;

    @Option(names = "--loss", paramLabel = "PERCENT", defaultValue = "0", description = "Percentage of CAN frames that "
            + "are lost (default: ${DEFAULT-VALUE}).")
    private double loss;

    @Option(names = "--foreign", paramLabel = "N", defaultValue = "0", description = "CAN frames per second of other "
            + "devices (default: ${DEFAULT-VALUE}).")
    private int foreign;

    @Option(names = "--address", paramLabel = "N", defaultValue = "32", description = "Modbus address, 1 to 247 "
            + "(default: ${DEFAULT-VALUE}). Can be repeated, for several boards.")
    private List<Integer> addresses = List.of();

    @Option(names = "--word-order", paramLabel = "little|big", defaultValue = "little", description = "Order of the "
            + "two registers of a 32-bit value (default: ${DEFAULT-VALUE}).")
    private WordOrder wordOrder = WordOrder.LITTLE;

    @Option(names = "--set", paramLabel = "ID=VALUE", description = "Fixes a value: a channel such as "
            + "battery#current=-12.5, input-signals#interlock=OFF or faults#errors-1=0x40000, firmwareVersion=2.4.7, or "
            + "a register such as input:0x2150=17.")
    private List<String> values = List.of();

    @Option(names = "--fault", paramLabel = "ID", description = "Raises a fault, for instance bms-logic-offline.")
    private List<String> faults = List.of();

    @Option(names = "--initialising", description = "The board is still starting: it reports zeros.")
    private boolean initialising;

    @Option(names = "--frozen", description = "No value changes by itself.")
    private boolean frozen;

    @Option(names = "--speed", paramLabel = "FACTOR", defaultValue = "1", description = "Charges and discharges this "
            + "many times faster than a real battery (default: ${DEFAULT-VALUE}).")
    private double speed;

    @Option(names = "--strict-holes", description = "Reject a read that includes an address outside the map, instead "
            + "of returning zeros.")
    private boolean strictHoles;

    @Option(names = "--habits", paramLabel = "SEED", description = "Deviates from the documentation as some devices "
            + "and gateways do: required pause between requests, limit of registers per read, missing registers, "
            + "silence after each connect, headers of Modbus TCP. The seed selects the deviations, which are printed.")
    private @Nullable Long habits;

    @Option(names = "--hidden-map", paramLabel = "SEED", description = "Places voltage, cells, temperatures and power, "
            + "whose registers are not public, at random addresses with random types, among registers that only look "
            + "similar. The same seed gives the same addresses.")
    private @Nullable Long hiddenMap;

    @Option(names = "--list", description = "Print what --set and --fault accept, and end.")
    private boolean list;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<TwinBoard> boards = boards();
        if (list) {
            boards.get(0).settable().forEach(out::println);
            boards.get(0).faults().forEach(fault -> out.println("--fault " + fault));
            return ExitCode.OK;
        }
        List<Twin> twins = new ArrayList<>();
        List<TwinCan> buses = new ArrayList<>();
        try {
            start(boards, twins, buses, out);
            Long seed = habits;
            if (seed != null) {
                DeviceHabits chosen = DeviceHabits.random(seed);
                twins.forEach(twin -> twin.habits(chosen));
                out.println("habits: " + chosen);
            }
            printNext(twins, out);
            out.flush();
            TwinConsole console = new TwinConsole(boards, twins, buses, out);
            CountDownLatch quit = new CountDownLatch(1);
            listen(console, quit, spec.commandLine().getErr());
            quit.await();
            return ExitCode.OK;
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.FAILED;
        } finally {
            twins.forEach(Twin::close);
            buses.forEach(TwinCan::close);
        }
    }

    private List<TwinBoard> boards() {
        List<TwinBoard> boards = new ArrayList<>();
        LinkOptions.require(spec, speed > 0, "--speed must be a number above 0");
        checkCan();
        for (int address : addresses) {
            LinkOptions.require(spec,
                    ModbusSettings.ADDRESS.allows(address)
                            && boards.stream().noneMatch(board -> board.address() == address),
                    "--address must be " + ModbusSettings.ADDRESS.rule() + ", each given once, not " + address);
            TwinBoard board = new TwinBoard(address, wordOrder, Clock.systemDefaultZone(), speed).frozen(frozen)
                    .strictHoles(strictHoles).initialising(initialising);
            Long seed = hiddenMap;
            if (seed != null) {
                board.hiddenMap(seed);
            }
            try {
                values.forEach(line -> TwinConsole.set(board, line));
                faults.forEach(board::fault);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
            }
            boards.add(board);
        }
        return boards;
    }

    private void checkCan() {
        LinkOptions.requireBitRate(spec, bitRate);
        LinkOptions.require(spec, sync >= 0 && foreign >= 0 && loss >= 0 && loss <= 100,
                "--sync and --foreign must not be negative, --loss must be from 0 to 100");
        LinkOptions.require(spec, slcan == null || addresses.stream().allMatch(CanSettings.NODE::allows),
                "On CAN, --address must be a node ID from 1 to 127");
    }

    private void start(List<TwinBoard> list, List<Twin> twins, List<TwinCan> buses, PrintWriter out)
            throws IOException {
        TwinBoard[] boards = list.toArray(TwinBoard[]::new);
        String port = serial;
        String tcpEndpoint = tcp == null && rtuTcp == null && port == null && slcan == null ? DEFAULT_ENDPOINT : tcp;
        String who = "address " + String.join(", ", addresses.stream().map(String::valueOf).toList());
        if (tcpEndpoint != null) {
            InetSocketAddress at = endpoint("--tcp", tcpEndpoint);
            Twin twin = Twin.tcp(at, boards);
            twins.add(twin);
            out.println("Modbus TCP on " + at.getHostString() + ":" + twin.port() + ", " + who);
        }
        String rtuEndpoint = rtuTcp;
        if (rtuEndpoint != null) {
            InetSocketAddress at = endpoint("--rtu-tcp", rtuEndpoint);
            Twin twin = Twin.rtuTcp(at, boards);
            twins.add(twin);
            out.println("Modbus RTU over TCP on " + at.getHostString() + ":" + twin.port() + ", " + who);
        }
        if (port != null) {
            twins.add(Twin.rtu(() -> SerialLine.open(port, baud), baud, boards));
            out.println("Modbus RTU on " + port + " at " + baud + " Bd, " + who);
        }
        String adapter = slcan;
        if (adapter != null) {
            TwinCan bus = TwinCan.slcan(() -> SerialLine.open(adapter, SLCAN_BAUD), bitRate, Duration.ofMillis(sync),
                    boards);
            bus.lose(loss / 100);
            bus.foreign(foreign);
            buses.add(bus);
            out.println("slcan on " + adapter + ", CAN at " + bitRate + " kbit/s, " + who.replace("address", "node"));
        }
    }

    /**
     * Prints commands for the first board on TCP. On a serial line the other end has another name, so none is printed.
     */
    private void printNext(List<Twin> twins, PrintWriter out) {
        boolean isTcp = tcp != null || rtuTcp == null && serial == null && slcan == null;
        if (isTcp || rtuTcp != null) {
            String link = " --tcp 127.0.0.1:" + twins.get(0).port() + (isTcp ? "" : " --framing rtu")
                    + (addresses.contains(TwinBoard.DEFAULT_ADDRESS) ? "" : " --address " + addresses.get(0));
            out.println("In another terminal: ./bms watch" + link + "   or: ./bms doctor" + link);
        }
        out.println("Here: help, or quit");
    }

    private InetSocketAddress endpoint(String option, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        try {
            return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + " must be [HOST:]PORT, not " + text, e);
        }
    }

    /** Reads lines until one says quit. The end of the input does not stop the twin: it may run without a terminal. */
    private static void listen(TwinConsole console, CountDownLatch quit, PrintWriter err) {
        Thread thread = new Thread(() -> {
            try (Lines in = Lines.ofInput()) {
                String line = in.next();
                while (line != null && console.execute(line)) {
                    line = in.next();
                }
                if (line != null) {
                    quit.countDown();
                }
            } catch (IOException e) {
                err.println("Standard input is no longer read: " + e.getMessage());
            }
        }, "bms-twin-console");
        thread.setDaemon(true);
        thread.start();
    }
}
