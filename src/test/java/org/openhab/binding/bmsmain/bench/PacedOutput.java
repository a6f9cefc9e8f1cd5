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
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * One direction of a wire with a fixed time per byte. Send times follow an absolute schedule, so a byte that is
 * written late does not delay the next one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class PacedOutput {

    private final Line line;
    private final long byteNanos;
    private long wireFree = System.nanoTime();

    /** @param byteNanos time of one byte in nanoseconds; 0 for a wire without a pace */
    PacedOutput(Line line, long byteNanos) {
        this.line = line;
        this.byteNanos = byteNanos;
    }

    /** Time of one byte of ten bits. */
    static long byteNanos(int baud) {
        return 10_000_000_000L / baud;
    }

    /**
     * Sends bytes and returns when the last one is transmitted.
     *
     * @param from start time of the first byte, if the wire is free by then
     */
    void send(byte[] bytes, int length, long from) throws IOException {
        if (byteNanos == 0) {
            line.write(bytes, 0, length);
            return;
        }
        long begin = from - wireFree > 0 ? from : wireFree;
        wireFree = begin + length * byteNanos;
        int done = 0;
        while (done < length) {
            long due = begin + (done + 1) * byteNanos;
            long rest = due - System.nanoTime();
            if (rest > 0) {
                LockSupport.parkNanos(rest);
            } else {
                // All bytes that are due.
                int through = (int) Math.min(length, (System.nanoTime() - begin) / byteNanos);
                line.write(bytes, done, through - done);
                done = through;
            }
        }
    }
}
