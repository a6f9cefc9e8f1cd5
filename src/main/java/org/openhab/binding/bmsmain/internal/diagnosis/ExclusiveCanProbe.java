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

import java.util.concurrent.atomic.AtomicReference;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanHealth;
import org.openhab.binding.bmsmain.internal.canopen.CanSession;
import org.openhab.binding.bmsmain.internal.canopen.SdoAbort;
import org.openhab.binding.bmsmain.internal.canopen.SdoListener;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A CAN bus that nobody else on this machine uses. For one thread.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ExclusiveCanProbe implements CanProbe {

    private static final long LONGEST_REST = 50_000_000;
    /** An adapter that is reset when its port is opened may need this time to start. */
    static final long STARTING = 3_500_000_000L;
    private static final CanHealth UNKNOWN = new CanHealth(true, CanAdapter.State.ACTIVE, 0, 0, 0, 0);

    private final CanConnectionParameters parameters;
    private final CanLineFactory wires;
    private final Ticker ticker;
    private @Nullable CanSession session;
    private CanHealth lastHealth = UNKNOWN;

    ExclusiveCanProbe(CanConnectionParameters parameters, CanLineFactory wires, Ticker ticker) {
        this.parameters = parameters;
        this.wires = wires;
        this.ticker = ticker;
    }

    @Override
    public boolean isFree() {
        return true;
    }

    @Override
    public @Nullable Failure open(int kiloBits, boolean listenOnly) {
        return open(parameters.serialBaudRate(), kiloBits, listenOnly);
    }

    private @Nullable Failure open(int serialBaudRate, int kiloBits, boolean listenOnly) {
        close();
        try {
            CanSession opened = wires.line(parameters.place(), serialBaudRate, kiloBits, listenOnly).open();
            session = opened;
            if (!listenOnly) {
                opened.callEvery(parameters.syncInterval());
            }
            long end = ticker.nanos() + STARTING;
            while (!opened.health().answers() && end - ticker.nanos() > 0) {
                opened.idle(end);
            }
            return null;
        } catch (LinkException e) {
            close();
            return e.failure();
        }
    }

    @Override
    public boolean answersAt(int serialBaudRate) {
        return open(serialBaudRate, parameters.kiloBits(), true) == null && health().answers();
    }

    private CanSession session() throws LinkException {
        CanSession open = session;
        if (open == null) {
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
        return open;
    }

    @Override
    public void listen(CanTrafficAnalyzer hearing, long nanos) throws LinkException {
        CanSession open = session();
        long end = ticker.nanos() + nanos;
        try {
            open.hear(hearing);
            while (end - ticker.nanos() > 0) {
                open.idle(end);
            }
            open.ignore(hearing);
        } catch (LinkException e) {
            close();
            throw e;
        }
    }

    @Override
    public Reply read(int node, int index, int subIndex) throws LinkException {
        CanSession open = session();
        AtomicReference<@Nullable Reply> reply = new AtomicReference<>();
        open.read(node, index, subIndex, listener(reply::set));
        try {
            Reply came = reply.get();
            while (came == null) {
                open.idle(ticker.nanos() + LONGEST_REST);
                came = reply.get();
            }
            return came;
        } catch (LinkException e) {
            close();
            throw e;
        }
    }

    /** Takes what came of a read. */
    interface Taker {
        void take(Reply reply);
    }

    static SdoListener listener(Taker taker) {
        return new SdoListener() {
            @Override
            public void done(byte[] data, long roundTripNanos) {
                taker.take(Reply.DATA);
            }

            @Override
            public void aborted(int abortCode) {
                taker.take(abortCode == SdoAbort.TIMED_OUT ? Reply.SILENCE : Reply.ABORT);
            }
        };
    }

    @Override
    public CanHealth health() {
        CanSession open = session;
        return open == null ? lastHealth : open.health();
    }

    @Override
    public void close() {
        CanSession open = session;
        session = null;
        if (open != null) {
            lastHealth = open.health();
            open.close();
        }
    }
}
