/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the bus of a Thing to a file, at the user's request.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BusRecorder {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final String FOLDER = "bmsmain";

    private final Logger logger = LoggerFactory.getLogger(BusRecorder.class);

    private final BusRegistry registry;
    private final BoardTexts texts;
    private final Ticker ticker;
    private @Nullable TraceFile file;
    private String bus = "";

    BusRecorder(BusRegistry registry, BoardTexts texts, Ticker ticker) {
        this.registry = registry;
        this.texts = texts;
        this.ticker = ticker;
    }

    /**
     * Starts a recording.
     *
     * @param bus name of the bus
     * @param name part of the file name
     * @param options connection options in the syntax of the command line tool
     * @return text of the result
     */
    String begin(String bus, String name, List<String> options) {
        try {
            Path path = start(bus, name, options);
            return path == null ? texts.text("trace.impossible") : texts.text("trace.on", path);
        } catch (IOException e) {
            logger.debug("The recording failed", e);
            return texts.text("trace.failed", e.getClass().getSimpleName());
        }
    }

    /**
     * Ends the recording.
     *
     * @return text of the result
     */
    String end() {
        TraceFile trace = stop();
        if (trace == null) {
            return texts.text("trace.off");
        }
        String problem = trace.problem();
        if (TraceFile.FULL.equals(problem)) {
            return texts.text("trace.full", trace.path());
        }
        return problem.isEmpty() ? texts.text("trace.written", trace.path())
                : texts.text("trace.cut", trace.path(), problem);
    }

    private synchronized @Nullable Path start(String bus, String name, List<String> options) throws IOException {
        stop();
        Path folder = folder();
        Files.createDirectories(folder);
        Path path = folder.resolve(
                "trace-" + name.replace(':', '-') + "-" + TIME.format(ticker.now().atZone(ZoneOffset.UTC)) + ".txt");
        TraceFile trace = TraceFile.create(path, TraceFile.STANDARD_LIMIT,
                options.stream().map(option -> "option " + option).toList(), ticker);
        if (!registry.record(bus, trace)) {
            trace.close();
            Files.deleteIfExists(path);
            return null;
        }
        file = trace;
        this.bus = bus;
        return path;
    }

    /**
     * Ends the recording.
     *
     * @return the closed file, or null if there was no recording
     */
    synchronized @Nullable TraceFile stop() {
        TraceFile trace = file;
        file = null;
        if (trace == null) {
            return null;
        }
        registry.mute(bus, trace);
        trace.close();
        return trace;
    }

    private static Path folder() {
        String data = System.getProperty("openhab.userdata");
        return Path.of(data == null || data.isBlank() ? System.getProperty("java.io.tmpdir", ".") : data, FOLDER);
    }
}
