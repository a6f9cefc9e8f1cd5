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
import org.openhab.binding.bmsmain.cli.StyledLine.Style;
import org.openhab.binding.bmsmain.internal.diagnosis.CanDoctor;
import org.openhab.binding.bmsmain.internal.diagnosis.CanLineFactory;
import org.openhab.binding.bmsmain.internal.diagnosis.Diagnosis;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding.Level;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusDoctor;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusLineFactory;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bms doctor}: finds out why a link does not work.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Finds out why a link does not work, layer by "
        + "layer, and reports what to check. Only reads; on CAN it listens before it takes part in the bus.", sortOptions = false, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:the link is healthy", "2:bad arguments", "3:something is wrong" })
final class DoctorCommand implements Callable<Integer> {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final int MOST_REQUESTS = 100_000;
    /** No fault, but the reason why values are missing. */
    private static final String INITIALISING = "initialising";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private LinkOptions link = new LinkOptions();

    @Option(names = "--requests", paramLabel = "N", defaultValue = "200", description = "Number of requests of the "
            + "reliability test, 1 to 100000 (default: ${DEFAULT-VALUE}).")
    private int requests;

    @Option(names = "--format", paramLabel = "table|json", defaultValue = "table", description = "Text, or one JSON "
            + "object (default: ${DEFAULT-VALUE}).")
    private FormatOptions.Format format = FormatOptions.Format.TABLE;

    @Override
    public Integer call() {
        if (requests < 1 || requests > MOST_REQUESTS) {
            throw new ParameterException(spec.commandLine(), "--requests must be a number from 1 to " + MOST_REQUESTS);
        }
        link.check();
        PrintWriter out = spec.commandLine().getOut();
        boolean json = format == FormatOptions.Format.JSON;
        boolean colour = Screen.of(out, System.getenv()).hasColour();
        Ticker ticker = Ticker.system();
        ProgressLine line = ProgressLine.of(spec.commandLine().getErr());
        Progress progress = new Progress() {
            @Override
            public void found(Finding finding) {
                line.clear();
                if (!json) {
                    // println would remove the colours of a line.
                    out.print(text(finding, colour) + System.lineSeparator());
                    out.flush();
                }
            }

            @Override
            public void at(int done, int total, String what, long secondsLeft) {
                line.show(done, total, what, secondsLeft);
            }
        };
        Diagnosis diagnosis = link.wire() == ConnectionType.CAN
                ? CanDoctor.examine(link.canPatient(), CanLineFactory.system(ticker), ticker, requests, progress)
                : ModbusDoctor.examine(link.parameters(), ModbusLineFactory.system(ticker), ticker, requests, progress);
        line.clear();
        String[] arguments = diagnosis.arguments().toArray(String[]::new);
        String cause = Texts.of(diagnosis.causeKey(), arguments);
        String rule = Texts.of(diagnosis.ruleKey(), arguments);
        if (json) {
            out.println(GSON.toJson(object(diagnosis, cause, rule)));
        } else {
            out.println();
            out.print(new StyledLine(colour).add(cause, diagnosis.isHealthy() ? Style.GREEN_BOLD : Style.RED_BOLD)
                    + System.lineSeparator());
            out.println(rule);
            diagnosis.findings().stream().filter(finding -> INITIALISING.equals(finding.key()))
                    .forEach(finding -> out.println(words(finding)));
        }
        return diagnosis.isHealthy() ? ExitCode.OK : ExitCode.NO_DEVICE;
    }

    private static String text(Finding finding, boolean colour) {
        StyledLine line = new StyledLine(colour);
        switch (finding.level()) {
            case GOOD:
                line.add("ok  ", Style.GREEN);
                break;
            case STRANGE:
                line.add("note", Style.YELLOW);
                break;
            default:
                line.add("BAD ", Style.RED_BOLD);
                break;
        }
        return line.add("  " + Texts.of("diagnosis.layer." + finding.layer().key()) + ": " + words(finding)).toString();
    }

    private static String words(Finding finding) {
        return Texts.of("diagnosis.finding." + finding.key(), finding.arguments().toArray(String[]::new));
    }

    private static JsonObject object(Diagnosis diagnosis, String cause, String rule) {
        JsonObject object = new JsonObject();
        object.addProperty("healthy", diagnosis.isHealthy());
        object.addProperty("cause", diagnosis.cause().key());
        object.addProperty("detail", diagnosis.detail());
        object.addProperty("text", cause);
        object.addProperty("rule", rule);
        JsonArray findings = new JsonArray();
        for (Finding finding : diagnosis.findings()) {
            JsonObject one = new JsonObject();
            one.addProperty("layer", finding.layer().key());
            one.addProperty("good", finding.level() == Level.GOOD);
            one.addProperty("finding", finding.key());
            one.addProperty("text", words(finding));
            findings.add(one);
        }
        object.add("findings", findings);
        return object;
    }
}
