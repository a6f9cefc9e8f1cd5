/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A client that delegates everything but the transactions to another one.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class ForwardingClient implements ModbusClient {

    /** The current client. */
    protected abstract ModbusClient client();

    @Override
    public void beginTransaction(String whose) {
        client().beginTransaction(whose);
    }

    @Override
    public int listen(long untilNanos) throws LinkException {
        return client().listen(untilNanos);
    }

    @Override
    public LinkProfile profile() {
        return client().profile();
    }

    @Override
    public long lastRoundTripNanos() {
        return client().lastRoundTripNanos();
    }

    @Override
    public double loadPercent() {
        return client().loadPercent();
    }

    @Override
    public void idle(long untilNanos) throws LinkException {
        client().idle(untilNanos);
    }

    @Override
    public boolean hasWorked() {
        return client().hasWorked();
    }

    @Override
    public void close() {
        client().close();
    }
}
