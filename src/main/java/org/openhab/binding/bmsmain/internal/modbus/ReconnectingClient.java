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
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;

/**
 * A client on a network connection that the far end may close between two requests: gateways close idle connections,
 * and some close after each answer. A read that finds the connection closed is repeated once over a new one. A write
 * is never repeated; where connections were closed before, it is sent over a new one. There is no second attempt where
 * the device needs some time after a connect.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ReconnectingClient extends ForwardingClient {

    private final Connector connector;
    private ModbusClient client;
    /** Whether an earlier client of this session was answered. */
    private boolean worked;

    /** Opens a new connection. */
    interface Connector {
        /**
         * @param patienceNanos maximum time for it, in nanoseconds
         * @throws LinkException when it cannot be opened
         */
        ModbusClient connect(long patienceNanos) throws LinkException;
    }

    /** @param client on a connection that was just made */
    ReconnectingClient(ModbusClient client, Connector connector) {
        this.client = client;
        this.connector = connector;
    }

    @Override
    public RegisterView transact(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException {
        if (worked && !request.isRead()) {
            client = connector.connect(timeoutNanos);
        }
        try {
            return client.transact(request, timeoutNanos);
        } catch (LinkException e) {
            if (!request.isRead() || e.failure().cause() != FailureCause.CONNECTION_LOST || !client.hasWorked()
                    || client.profile().connectWaitNanos() > 0) {
                throw e;
            }
            worked = true;
            client = connector.connect(timeoutNanos);
            return client.transact(request, timeoutNanos);
        }
    }

    @Override
    protected ModbusClient client() {
        return client;
    }

    @Override
    public boolean hasWorked() {
        return worked || client.hasWorked();
    }
}
