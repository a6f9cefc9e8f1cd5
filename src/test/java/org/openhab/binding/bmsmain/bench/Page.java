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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results of a bench: printed, and stored as Markdown in {@code target/bench}, from where the documentation takes
 * them. The page includes the load of the machine, because absolute times mean nothing without it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Page {

    private static final Logger LOGGER = LoggerFactory.getLogger(Page.class);
    private static final Path FOLDER = Path.of(System.getProperty("bmsmain.build", "target"), "bench");

    private final String name;
    private final double loadBefore = load();
    private final List<String> printed = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    /**
     * @param name of the file, without its ending
     */
    public Page(String name) {
        this.name = name;
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** A number with this many decimals; empty for NaN. */
    public static String number(double value, int digits) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** Adds a paragraph. */
    public Page text(String text) {
        endTable();
        paragraph(text);
        return this;
    }

    private void paragraph(String text) {
        printed.add(text);
        kept.add(text);
        kept.add("");
    }

    /** Begins a table. */
    public Page head(String... columns) {
        endTable();
        rows.add(columns);
        return this;
    }

    /** Adds a row to the current table. */
    public Page row(String... cells) {
        rows.add(cells);
        return this;
    }

    private void endTable() {
        if (rows.isEmpty()) {
            return;
        }
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder("|");
            for (int i = 0; i < widths.length; i++) {
                line.append(String.format(Locale.ROOT, " %-" + Math.max(1, widths[i]) + "s |", row[i]));
            }
            printed.add(line.toString());
        }
        for (int i = 0; i < rows.size(); i++) {
            kept.add("| " + String.join(" | ", rows.get(i)) + " |");
            if (i == 0) {
                kept.add("|" + String.join("|", Collections.nCopies(widths.length, "---")) + "|");
            }
        }
        kept.add("");
        rows.clear();
    }

    /** Prints the page and writes it to its file. */
    public void publish() {
        endTable();
        paragraph(String.format(Locale.ROOT,
                "Load of the machine at the beginning and the end of this bench: %.1f, %.1f; %d cores, Java %s, %s.",
                loadBefore, load(), Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"),
                System.getProperty("os.name")));
        String lines = String.join(System.lineSeparator(), printed);
        LOGGER.info("{}{}", System.lineSeparator(), lines);
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(name + ".md"), String.join("\n", kept.subList(0, kept.size() - 1)) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name + Arrays.toString(kept.toArray());
    }
}
