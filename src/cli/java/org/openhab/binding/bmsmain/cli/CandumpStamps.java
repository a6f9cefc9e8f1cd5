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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.cli.CandumpReplay.LogException;

/**
 * The origin of small time stamps in a log. The log does not state it: {@code candump -tz} and {@code -td} write the
 * same format.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
enum CandumpStamps {
    /** {@code candump -tz}: the stamps increase. */
    SINCE_START,
    /** {@code candump -td}: the stamps go up and down. */
    SINCE_LAST_FRAME;

    private static final String HINT = "; record with candump -L or -ta, which write absolute time stamps";
    /** Frames of several interfaces may be out of order. */
    private static final int SHARE_OF_DISORDER = 10;

    /**
     * Reads a whole log.
     *
     * @throws IOException when it cannot be read
     * @throws LogException when its time stamps are ambiguous
     */
    static CandumpStamps of(Path log) throws IOException, LogException {
        if (!Files.isRegularFile(log)) {
            throw new LogException("its time stamps have no known start time" + HINT);
        }
        long ups = 0;
        long downs = 0;
        long equals = 0;
        double up = 0;
        double down = 0;
        Instant before = null;
        try (Lines lines = Lines.of(log, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                CandumpLine frame = CandumpLine.parse(line);
                Instant stamp = frame == null ? null : frame.stamp();
                if (stamp == null) {
                    continue;
                }
                double step = before == null ? 0 : seconds(Duration.between(before, stamp));
                ups += step > 0 ? 1 : 0;
                downs += step < 0 ? 1 : 0;
                equals += before != null && step == 0 ? 1 : 0;
                up += Math.max(0, step);
                down += Math.max(0, -step);
                before = stamp;
            }
        }
        if (down * SHARE_OF_DISORDER <= up && (equals <= ups || up == 0)) {
            return SINCE_START;
        }
        // Stamps that vary without a trend are intervals.
        if (downs * SHARE_OF_DISORDER >= ups + downs + equals && 2 * down >= up) {
            return SINCE_LAST_FRAME;
        }
        throw new LogException("its time stamps may be from candump -tz or from candump -td" + HINT);
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }
}
