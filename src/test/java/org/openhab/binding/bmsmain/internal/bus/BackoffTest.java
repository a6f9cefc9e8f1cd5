/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.bus;

import static org.junit.jupiter.api.Assertions.*;

import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;

/**
 * Delays between attempts, and the load of a bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BackoffTest {

    /** A random number, and the resulting delays in milliseconds. */
    @ParameterizedTest(name = "random {0}")
    @CsvSource({ "0.5, '200 400 800 1600 3200 6400 12800 25600 30000 30000'",
            "0,   '200 320 640 1280 2560 5120 10240 20480 24000 24000'",
            "0.9999999, '240 480 960 1920 3840 7680 15360 30000 30000 30000'" })
    void doublesFromFifthOfASecondToHalfAMinute(double random, String millis) {
        Backoff backoff = new Backoff(() -> random);
        for (int round = 0; round < 2; round++) {
            for (String expected : millis.split(" ")) {
                assertEquals(Double.parseDouble(expected), backoff.next() / 1e6, 0.01);
            }
            backoff.reset();
        }
    }

    @Test
    void staysWithinItsBoundsForEver() {
        Random random = new Random(1);
        Backoff backoff = new Backoff(random::nextDouble);
        for (int i = 0; i < 10_000; i++) {
            long next = backoff.next();
            assertTrue(next >= 200_000_000L && next <= 30_000_000_000L, () -> "waits " + next);
        }
    }

    @Test
    void aBusIsAsBusyAsItWasInTheLastTenSeconds() {
        long start = Long.MAX_VALUE - LeapTicker.SECOND;
        BusLoad load = new BusLoad(start);
        assertTrue(Double.isNaN(load.percent(start)), "nothing is known yet");
        load.add(500 * LeapTicker.MILLI, start + LeapTicker.SECOND);
        assertEquals(50, load.percent(start + LeapTicker.SECOND));
        assertEquals(12.5, load.percent(start + 4 * LeapTicker.SECOND));
        load.add(1_500 * LeapTicker.MILLI, start + 9 * LeapTicker.SECOND);
        assertEquals(20, load.percent(start + 10 * LeapTicker.SECOND));
        assertEquals(20, load.percent(start + 19 * LeapTicker.SECOND), "the last full window");
        assertEquals(0, load.percent(start + 20 * LeapTicker.SECOND));
        load.add(60 * LeapTicker.SECOND, start + 21 * LeapTicker.SECOND);
        assertEquals(100, load.percent(start + 30 * LeapTicker.SECOND), "never more than all");
    }
}
