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
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;

/**
 * Support functions for a board, used by the console and by rules. Each result is a text; functions that the connection
 * type does not support return a text that says so.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface SupportCommands {

    /** Texts in the language of the installation. */
    BoardTexts texts();

    /**
     * Diagnoses the link while the board is still being read.
     *
     * @return future of the findings, the most likely cause and the rule to check
     */
    CompletableFuture<String> diagnose();

    /**
     * Reads registers once.
     *
     * @return future of the registers
     */
    default CompletableFuture<String> readRegisters(Table table, int address, int count) {
        return CompletableFuture.completedFuture(texts().text("read.no-registers"));
    }

    /**
     * Reads an object of the dictionary once.
     *
     * @return future of the bytes
     */
    default CompletableFuture<String> readObject(int index, int subIndex) {
        return CompletableFuture.completedFuture(texts().text("read.no-objects"));
    }

    /**
     * Searches the registers of values with undocumented addresses, in parallel to normal reading. Starts a search
     * unless one is running.
     *
     * @return future of the suggestions found so far, completed within about a minute
     */
    default CompletableFuture<String> suggestRegisters() {
        return CompletableFuture.completedFuture(texts().text("suggest.can"));
    }

    /**
     * Writes a suggestion of the last search into the configuration of the Thing, which is then initialized again. Only
     * sure suggestions are accepted.
     *
     * @param target channel ID
     * @return text of the result
     */
    default String acceptSuggestion(String target) {
        return texts().text("suggest.can");
    }

    /**
     * Sets the counters of energy and charge to zero, including those of today.
     *
     * @return text of the result
     */
    String resetCounters();

    /**
     * Sets the counters of energy and charge to the readings of another meter.
     *
     * @param charged energy into the battery, kWh, 0 to 1e9; NaN leaves the counter unchanged
     * @param discharged energy out of the battery, kWh
     * @param in charge into the battery, Ah
     * @param out charge out of the battery, Ah
     * @return text of the result
     */
    String setCounters(double charged, double discharged, double in, double out);

    /**
     * Resets the history of the battery.
     *
     * @return text of the result
     */
    String resetHistory();

    /**
     * Starts or ends a recording of all bus traffic.
     *
     * @return text of the result
     */
    String record(boolean on);
}
