/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.peer;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.diagnosis.CanConnectionParameters;
import org.openhab.binding.bmsmain.internal.diagnosis.CanDoctor;
import org.openhab.binding.bmsmain.internal.diagnosis.CanLineFactory;
import org.openhab.binding.bmsmain.internal.diagnosis.Cause;
import org.openhab.binding.bmsmain.internal.diagnosis.Diagnosis;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinCan;
import org.openhab.binding.bmsmain.twin.VirtualWire;

/**
 * An slcan adapter on a real serial device is unplugged while the doctor uses it. The doctor must report the
 * adapter, and never a wire, the supply, the termination or another client.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class DoctorLosesItsAdapterIT {

    private static final Ticker TICKER = Ticker.system();
    /** Enough requests that the examination does not end before the adapter is unplugged. */
    private static final int REQUESTS = 1_000_000;

    @TempDir
    Path folder = Path.of("");

    private static void sleep(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** During opening, listening, rejoining and requests; with and without a board. */
    @ParameterizedTest(name = "after {0} ms, a board: {1}")
    @CsvSource({ "300, true", "1500, true", "2600, true", "3000, true", "4000, true", "1500, false", "4000, false",
            "9000, false" })
    void namesTheAdapter(long millis, boolean hasBoard) throws IOException, InterruptedException {
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        TwinBoard[] boards = hasBoard ? new TwinBoard[] { new TwinBoard() } : new TwinBoard[0];
        try (VirtualWire wire = Peers.socat(ours, theirs);
                TwinCan can = TwinCan.slcan(() -> SerialLine.open(theirs.toString(), 115_200), 250,
                        hasBoard ? Duration.ofMillis(100) : Duration.ZERO, boards)) {
            Thread hand = new Thread(() -> {
                sleep(millis);
                wire.close();
            }, "hand");
            hand.start();
            Diagnosis diagnosis = CanDoctor.examine(
                    new CanConnectionParameters(ours.toString(), 250, 32, Duration.ZERO, false),
                    CanLineFactory.system(TICKER), TICKER, REQUESTS, Progress.NONE);
            hand.join();
            assertEquals(Cause.CAN_ADAPTER_MISSING, diagnosis.cause(), diagnosis.findings().toString());
        }
    }
}
