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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.PortNames;
import org.openhab.binding.bmsmain.internal.transport.SerialTransport;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line tool for installers: reads a BMS Main without openHAB, and simulates one where there is none.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "bms", mixinStandardHelpOptions = true, versionProvider = Bms.Version.class, //
        description = "Reads a BMS Main 2.1 without openHAB, or simulates one if no board is available.", //
        subcommands = { DemoCommand.class, WatchCommand.class, ScanCommand.class, DoctorCommand.class,
                RegistersCommand.class, RecordCommand.class, ReplayCommand.class, PublishCommand.class,
                TwinCommand.class, SoakCommand.class }, //
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = { "0:done; a complete state was read", //
                "1:a problem on this machine", "2:bad arguments", "3:the device could not be read",
                "4:the broker cannot be reached, or refuses the connection" })
public final class Bms implements Callable<Integer> {

    /** Examples to print when a command that needs a link is called without one. */
    private static final Map<String, List<String>> EXAMPLES = Map.of( //
            "watch", List.of("bms watch --serial /dev/ttyUSB0", "bms watch --tcp 192.168.1.50"), //
            "doctor", List.of("bms doctor --serial /dev/ttyUSB0", "bms doctor --tcp 192.168.1.50"), //
            "scan", List.of("bms scan --serial /dev/ttyUSB0", "bms scan --subnet 192.168.1.0/24"), //
            "publish",
            List.of("bms publish --serial /dev/ttyUSB0 --broker mqtt://192.168.1.10",
                    "bms publish --boards boards.yaml --broker mqtts://broker.example"), //
            "registers",
            List.of("bms registers --serial /dev/ttyUSB0 --suggest",
                    "bms registers --tcp 192.168.1.50 --dump 0x2000-0x2010"), //
            "record",
            List.of("bms record --serial /dev/ttyUSB0 --out session.txt",
                    "bms record --slcan /dev/ttyACM0 --out session.txt"), //
            "replay", List.of("bms replay session.txt", "bms replay session.txt --format json"));

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * Runs one command and ends with its exit code.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        // The native library of the serial ports is unpacked for each run.
        Runtime.getRuntime().addShutdownHook(new Thread(SerialTransport::release, "bms-release"));
        System.exit(execute(Output.standard(), Output.error(), arguments));
    }

    /**
     * Runs one command.
     *
     * @param out receives what the command prints
     * @param err receives complaints
     * @param arguments the command and its options
     * @return the exit code
     */
    public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        Output output = Output.to(out);
        Output complaints = Output.complaintsTo(err);
        int code = HelpGroups.in(new CommandLine(new Bms())).setOut(output).setErr(complaints)
                .setCaseInsensitiveEnumValuesAllowed(true).setParameterExceptionHandler(Bms::complain)
                .setExecutionExceptionHandler((exception, command, result) -> {
                    complaints.println("bms: unexpected failure, please report it");
                    exception.printStackTrace(complaints);
                    return ExitCode.FAILED;
                }).execute(arguments);
        // Output that could not be written is a failure, unless the reader of the pipe has left.
        if (code == ExitCode.OK && output.checkError() && !output.isLeft()) {
            complaints.println(
                    "bms: the output cannot be written" + (output.problem().isEmpty() ? "" : ": ") + output.problem());
            return ExitCode.FAILED;
        }
        return code;
    }

    /** Prints the error and a hint to the help, without the whole help text. */
    private static int complain(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        List<String> examples = EXAMPLES.getOrDefault(command.getCommandName(), List.of());
        if (arguments.length == 1 && !examples.isEmpty()) {
            err.println("Where is the board? For instance:");
            examples.forEach(example -> err.println("  " + example));
            printPorts(err);
        } else {
            err.println(exception.getMessage());
            if (exception instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()) {
                err.println("Did you mean: " + String.join(", ", unmatched.getSuggestions()) + "?");
            }
        }
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    /** The ports of this machine at which an adapter may be. */
    private static void printPorts(PrintWriter err) {
        Set<String> ports = new LinkedHashSet<>(new PortNames().all());
        ports.addAll(SerialTransport.ports());
        err.println(ports.isEmpty() ? "This machine has no serial port."
                : "Serial ports here: " + String.join(", ", ports));
        List<String> interfaces = canInterfaces(Path.of("/sys/class/net"));
        if (!interfaces.isEmpty()) {
            err.println("CAN interfaces here: " + String.join(", ", interfaces));
        }
    }

    /** CAN interfaces of Linux: their hardware type is 280. */
    private static List<String> canInterfaces(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Bms::isCan).map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean isCan(Path networkInterface) {
        try {
            return "280".equals(Files.readString(networkInterface.resolve("type")).strip());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        spec.commandLine().usage(err);
        err.println();
        err.println("Example without a board:  bms demo");
        err.println("Example with a board:     bms scan --serial /dev/ttyUSB0");
        printPorts(err);
        return ExitCode.USAGE;
    }

    /** The version of the tool is that of the binding. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] { "bms " + Texts.version() };
        }
    }
}
