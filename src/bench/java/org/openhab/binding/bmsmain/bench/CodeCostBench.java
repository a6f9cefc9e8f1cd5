/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import static org.junit.jupiter.api.Assertions.*;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.handler.PublishCosts;
import org.openhab.binding.bmsmain.internal.modbus.ModbusCosts;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH on the code between the wire and the channels. Few forks and short rounds are sufficient for the order
 * of magnitude and for the allocated bytes, which hardly depend on the load of the machine.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CodeCostBench {

    private static final int FORKS = 2;
    private static final int ROUNDS = 4;

    @Test
    void requestsDecodingAndPublishing() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder().include(ModbusCosts.class.getName())
                .include(PublishCosts.class.getName()).mode(Mode.AverageTime).timeUnit(TimeUnit.MICROSECONDS)
                .forks(FORKS).warmupIterations(ROUNDS).warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(ROUNDS).measurementTime(TimeValue.milliseconds(500))
                .addProfiler(GCProfiler.class).shouldFailOnError(true).verbosity(VerboseMode.SILENT).build()).run();
        Page page = new Page("costs");
        page.text("JMH, " + FORKS + " forks of " + ROUNDS + " rounds; 99.9 % of the times are expected within ±.");
        page.head("per refresh or request", "us", "±", "bytes allocated", "states published");
        double allocated = 0;
        double states = Double.NaN;
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark().replaceAll(".*\\.", "");
            Map<String, Result> more = result.getSecondaryResults();
            double bytes = value(more.get("gc.alloc.rate.norm"));
            Result<?> time = result.getPrimaryResult();
            double published = value(more.get("states")) / value(more.get("refreshes"));
            page.row(name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT), Page.number(time.getScore(), 2),
                    Page.number(time.getScoreError(), 2), Page.number(bytes, 0), Page.number(published, 1));
            allocated = name.startsWith("request") ? Math.max(allocated, bytes) : allocated;
            states = "publishNothingChanged".equals(name) ? published : states;
        }
        page.publish();
        assertEquals(0, states, "states published though nothing changed");
        assertTrue(allocated <= 1000, allocated + " bytes for a request");
    }

    private static double value(@Nullable Result<?> result) {
        return result == null ? Double.NaN : result.getScore();
    }
}
