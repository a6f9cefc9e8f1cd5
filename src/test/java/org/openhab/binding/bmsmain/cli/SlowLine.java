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
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinBoard.WordOrder;

/**
 * A board behind a serial server on a slow line: a response takes as long as its bytes on that line.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SlowLine {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:34:56Z"), ZoneOffset.UTC);
    private static final int REQUEST_BYTES = 8;
    private static final int BITS = 10;

    private SlowLine() {
    }

    private static TwinBoard board() {
        return new TwinBoard(32, WordOrder.LITTLE, CLOCK, 1).frozen(true).set("battery#current", -12.5);
    }

    static Twin rtuOverTcp(int baud) throws IOException {
        return slow(Twin.rtuTcp(0, board()), baud);
    }

    static Twin tcp(int baud) throws IOException {
        return slow(Twin.tcp(0, board()), baud);
    }

    private static Twin slow(Twin twin, int baud) {
        twin.tamper(answer -> {
            long end = System.nanoTime() + (REQUEST_BYTES + answer.length) * BITS * 1_000_000_000L / baud;
            while (System.nanoTime() - end < 0) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
            return answer;
        });
        return twin;
    }
}
