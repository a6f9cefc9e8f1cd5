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
import java.util.concurrent.Callable;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.SerialTransport;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The installer's tool: reads a BMS Main without openHAB, and simulates one where there is none.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "bms", mixinStandardHelpOptions = true, versionProvider = Bms.Version.class, //
        description = "Reads a BMS Main 2.1 without openHAB, and simulates one where there is none.", //
        subcommands = { DemoCommand.class, WatchCommand.class, ScanCommand.class, DoctorCommand.class,
                RegistersCommand.class, RecordCommand.class, ReplayCommand.class, PublishCommand.class,
                TwinCommand.class, SoakCommand.class }, //
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = { "0:done; a complete state was read", //
                "1:something on this machine is in the way", "2:bad arguments", "3:the device could not be read",
                "4:the broker cannot be reached, or refuses" })
public final class Bms implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * Runs one command and ends with its exit code.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        // The native library of the serial ports was unpacked for this run.
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
        int code = new CommandLine(new Bms()).setOut(output).setErr(complaints)
                .setCaseInsensitiveEnumValuesAllowed(true).setParameterExceptionHandler(Bms::complain)
                .setExecutionExceptionHandler((exception, command, result) -> {
                    complaints.println("bms: unexpected failure, please report it");
                    exception.printStackTrace(complaints);
                    return ExitCode.FAILED;
                }).execute(arguments);
        // What could not be printed was not done, unless nobody wanted more of it.
        if (code == ExitCode.OK && output.checkError() && !output.isLeft()) {
            complaints.println(
                    "bms: the output cannot be written" + (output.problem().isEmpty() ? "" : ": ") + output.problem());
            return ExitCode.FAILED;
        }
        return code;
    }

    /** Says what is wrong, and where help is, without printing all of it. */
    private static int complain(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        command.getErr().println(exception.getMessage());
        command.getErr().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /** The tool has the version of the binding. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] { "bms " + Texts.version() };
        }
    }
}
