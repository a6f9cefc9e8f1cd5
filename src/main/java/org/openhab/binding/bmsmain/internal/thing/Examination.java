/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.thing;

import java.util.concurrent.CompletableFuture;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.diagnosis.Diagnosis;
import org.openhab.binding.bmsmain.internal.diagnosis.Finding;
import org.openhab.binding.bmsmain.internal.link.BusConflictException;

/**
 * Examines the link of a Thing on a thread of its own, and puts the result into words.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Examination {

    /** Does the work, which takes seconds to minutes. */
    interface Examiner {
        /**
         * @throws BusConflictException when the bus is in use with other settings
         */
        Diagnosis examine() throws BusConflictException;
    }

    private Examination() {
    }

    /**
     * Begins to examine; nothing of openHAB may wait for it.
     *
     * @return the findings, the most likely cause and the rule to check, when they are known
     */
    static CompletableFuture<String> begin(BoardTexts texts, Examiner examiner) {
        CompletableFuture<String> words = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                words.complete(words(texts, examiner.examine()));
            } catch (BusConflictException e) {
                words.complete(texts.text("read.wrong"));
            } finally {
                words.complete("");
            }
        }, "bmsmain-diagnosis");
        thread.setDaemon(true);
        thread.start();
        return words;
    }

    private static String words(BoardTexts texts, Diagnosis diagnosis) {
        StringBuilder words = new StringBuilder();
        for (Finding finding : diagnosis.findings()) {
            words.append(texts.text("diagnosis.layer." + finding.layer().key())).append(": ")
                    .append(texts.text("diagnosis.finding." + finding.key(), finding.arguments().toArray()))
                    .append('\n');
        }
        Object[] arguments = diagnosis.arguments().toArray();
        return words.append(texts.text(diagnosis.causeKey(), arguments)).append('\n')
                .append(texts.text(diagnosis.ruleKey(), arguments)).toString();
    }
}
