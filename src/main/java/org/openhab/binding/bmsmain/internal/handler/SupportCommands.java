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
 * What support asks of a board, by the console or a rule. Every answer is in words; a wire that cannot do something
 * says so.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public interface SupportCommands {

    /** Words in the language of the installation. */
    BoardTexts texts();

    /**
     * Finds out what is wrong with the link, while the board is read on.
     *
     * @return the findings, the most likely cause and the rule to check, when they are known
     */
    CompletableFuture<String> diagnose();

    /**
     * Reads registers once.
     *
     * @return the registers, when they are known
     */
    default CompletableFuture<String> readRegisters(Table table, int address, int count) {
        return CompletableFuture.completedFuture(texts().text("read.no-registers"));
    }

    /**
     * Reads an object of the dictionary once.
     *
     * @return the bytes, when they are known
     */
    default CompletableFuture<String> readObject(int index, int subIndex) {
        return CompletableFuture.completedFuture(texts().text("read.no-objects"));
    }

    /**
     * Looks for the registers of values whose places are not public, beside the normal reading. Begins a search unless
     * one runs.
     *
     * @return what is found up to now, within about a minute
     */
    default CompletableFuture<String> suggestRegisters() {
        return CompletableFuture.completedFuture(texts().text("suggest.can"));
    }

    /**
     * Writes a suggestion of the last search into the configuration of the Thing, which begins anew with it. Only one
     * that is sure is taken.
     *
     * @param target the channel
     * @return what became of it
     */
    default String acceptSuggestion(String target) {
        return texts().text("suggest.can");
    }

    /**
     * Sets the counters of energy and charge to zero; what they tell of today as well.
     *
     * @return what became of it
     */
    String resetCounters();

    /**
     * Sets the counters of energy and charge to what another meter shows.
     *
     * @param charged energy into the battery, kWh, 0 to 1e9; NaN leaves it as it is
     * @param discharged energy out of the battery, kWh
     * @param in charge into the battery, Ah
     * @param out charge out of the battery, Ah
     * @return what became of it
     */
    String setCounters(double charged, double discharged, double in, double out);

    /**
     * Begins the history of the battery anew.
     *
     * @return what became of it
     */
    String resetHistory();

    /**
     * Begins or ends a recording of everything that goes over the bus.
     *
     * @return what became of it
     */
    String record(boolean on);
}
