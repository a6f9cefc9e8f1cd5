/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.diagnosis;

import java.util.function.Function;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusSession;
import org.openhab.binding.bmsmain.internal.bus.BusTask.Transaction;
import org.openhab.binding.bmsmain.internal.transport.Failure;

/**
 * Access to a bus from a thread other than the bus thread. The bus is used exclusively, or shared with Things.
 *
 * @param <S> type of an open bus session
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
interface BusProbe<S extends BusSession> extends AutoCloseable {

    /**
     * Runs a transaction on the bus, and opens the bus first if necessary.
     *
     * @param <R> type of the result
     * @param without gives the result when the transaction did not run, or failed
     */
    <R> R run(Transaction<S, R> transaction, Function<Failure, R> without);

    /** Opens the bus, unless it is open. @return why that is impossible, or null */
    default @Nullable Failure open() {
        return this.<@Nullable Failure> run(session -> null, failure -> failure);
    }

    /** Must be called in a transaction that found the session lost and did not throw. */
    void lost();

    @Override
    void close();
}
