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
 * Runs the examinations of a Thing's link. An examination takes seconds to minutes and uses the bus, so only one runs
 * at a time, in a separate thread. It ends with the Thing.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class DiagnosisRunner {

    /** Examines the link; ends early when its thread is interrupted. */
    interface Task {
        /**
         * @return text of the findings
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
     * Starts an examination, unless one is running.
     *
     * @return future of the text
     */
    synchronized CompletableFuture<String> begin(Task task) {
        Thread running = thread;
        // An examination with a result is done, even if its thread has not ended yet.
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

    /** Cancels a running examination. Returns immediately. */
    synchronized void stop() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            words.complete(texts.text("read.offline"));
            running.interrupt();
        }
    }
}
