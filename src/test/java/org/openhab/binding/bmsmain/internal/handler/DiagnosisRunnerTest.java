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

import static org.junit.jupiter.api.Assertions.*;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Only one examination runs at a time, and none gets the texts of an earlier one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(30)
class DiagnosisRunnerTest {

    private final DiagnosisRunner diagnosisRunner = new DiagnosisRunner(Stubs.texts());

    @Test
    void whoAsksMeanwhileGetsTheWordsOfTheOneThatRuns() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<String> first = diagnosisRunner.begin(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "first";
        });
        CompletableFuture<String> second = diagnosisRunner.begin(() -> "second");
        end.countDown();
        assertEquals("first", first.get(10, TimeUnit.SECONDS));
        assertEquals("first", second.get(10, TimeUnit.SECONDS));
    }

    /** The thread of the first examination still exists while its waiting callers get the text. */
    @Test
    void whoAsksWhenTheWordsAreKnownGetsNewOnes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<String> first = diagnosisRunner.begin(() -> {
            try {
                asked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "first";
        });
        CompletableFuture<String> second = first.thenCompose(words -> diagnosisRunner.begin(() -> "second"));
        asked.countDown();
        assertEquals("second", second.get(10, TimeUnit.SECONDS));
    }
}
