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
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusSession;
import org.openhab.binding.bmsmain.internal.bus.BusTask;
import org.openhab.binding.bmsmain.internal.bus.BusTask.BusJoiner;
import org.openhab.binding.bmsmain.internal.bus.BusTask.Transaction;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A bus that Things use. Each transaction is one turn on it, so that polling of their boards continues.
 *
 * @param <S> type of an open bus session
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class SharedProbe<S extends BusSession> implements BusProbe<S> {

    private final BusTask<S> task;

    /**
     * @throws BusConflictException when the bus is in use with other settings
     */
    SharedProbe(BusJoiner<S> joiner, Ticker ticker) throws BusConflictException {
        this.task = new BusTask<>(joiner, ticker);
    }

    @Override
    public <R> R run(Transaction<S, R> transaction, Function<Failure, R> without) {
        return task.run(transaction, without);
    }

    @Override
    public void lost() {
        // The bus stays open: its boards detect the loss themselves.
    }

    @Override
    public void close() {
        task.close();
    }
}
