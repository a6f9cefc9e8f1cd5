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
import org.openhab.binding.bmsmain.internal.bus.SessionFactory;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A bus that no other program on this machine uses. For one thread, which does all I/O.
 *
 * @param <S> type of an open bus session
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ExclusiveProbe<S extends BusSession> implements BusProbe<S> {

    private final SessionFactory<S> factory;
    private @Nullable S session;

    ExclusiveProbe(SessionFactory<S> factory) {
        this.factory = factory;
    }

    @Override
    public <R> R run(Transaction<S, R> transaction, Function<Failure, R> without) {
        try {
            @Nullable
            S open = session;
            if (open == null) {
                open = factory.open();
                session = open;
            }
            return transaction.run(open);
        } catch (LinkException e) {
            if (e.isSessionLost()) {
                close();
            }
            return without.apply(e.failure());
        }
    }

    @Override
    public void lost() {
        close();
    }

    @Override
    public void close() {
        @Nullable
        S open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
