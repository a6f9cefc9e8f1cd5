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

import java.util.concurrent.CompletableFuture;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;

/**
 * Runs the examinations of the link of a Thing. They take seconds to minutes, which nothing of openHAB may wait for,
 * and each takes turns on the bus: there is one at a time, in a thread of its own, and it ends with the Thing.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class DiagnosisRunner {

    /** Examines the link, and ends early when its thread is interrupted. */
    interface Task {
        /**
         * @return the findings, in words
         * @throws BusConflictException when the bus is in use with other settings
         */
        String run() throws BusConflictException;
    }

    private final BoardTexts texts;
    private @Nullable Thread thread;
    private CompletableFuture<String> words = new CompletableFuture<>();

    DiagnosisRunner(BoardTexts texts) {
        this.texts = texts;
    }

    /**
     * Begins an examination, unless there is one that has not ended.
     *
     * @return its words, when they are known
     */
    synchronized CompletableFuture<String> begin(Task task) {
        Thread running = thread;
        // Whose words are known is done, even if its thread has not ended yet.
        if (running != null && !words.isDone()) {
            return words;
        }
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread next = new Thread(() -> {
            try {
                outcome.complete(task.run());
            } catch (BusConflictException e) {
                outcome.complete(texts.text("read.offline"));
            } finally {
                outcome.complete("");
            }
        }, "bmsmain-diagnosis");
        next.setDaemon(true);
        words = outcome;
        thread = next;
        next.start();
        return outcome;
    }

    /** Ends an examination that has not ended. Returns at once. */
    synchronized void stop() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            words.complete(texts.text("read.offline"));
            running.interrupt();
        }
    }
}
