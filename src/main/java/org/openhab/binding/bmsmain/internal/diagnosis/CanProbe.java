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

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.CanAdapter;
import org.openhab.binding.bmsmain.internal.canopen.CanHealth;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSession;
import org.openhab.binding.bmsmain.internal.canopen.SdoAbort;
import org.openhab.binding.bmsmain.internal.canopen.SdoListener;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * A CAN bus on which the diagnosis listens and reads objects. For one thread.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class CanProbe implements AutoCloseable {

    private static final long LONGEST_REST = 50_000_000;
    private static final long LOOK_MILLIS = 300;
    private static final int LONGEST_READ_LOOKS = 20;
    private static final CanHealth UNKNOWN = new CanHealth(true, CanAdapter.State.ACTIVE, 0, 0, 0, 0);

    private final CanConnectionParameters parameters;
    /** Null for the bus of a Thing, whose settings are not changed. */
    private final @Nullable CanLineFactory lines;
    private final Ticker ticker;
    private BusProbe<CanSession> bus;
    private CanHealth lastHealth = UNKNOWN;
    private volatile boolean isOpen;
    /** Session in use. A different session means that the bus was lost meanwhile. */
    private volatile @Nullable CanSession used;

    /** Result of a read. */
    enum Reply {
        /** The object was received. */
        DATA,
        /** The node does not have the object, or refuses to return it. */
        ABORT,
        /** No response. */
        SILENCE
    }

    private interface Task {
        void run(CanSession session) throws LinkException;
    }

    /** Opens a bus that no other program on this machine uses. */
    CanProbe(CanConnectionParameters parameters, CanLineFactory lines, Ticker ticker) {
        this.parameters = parameters;
        this.lines = lines;
        this.ticker = ticker;
        this.bus = exclusive(lines, parameters.serialBaudRate(), parameters.kiloBits(), true);
    }

    /**
     * Uses a bus that Things use, which stays in operation. Each call waits for the bus thread.
     *
     * @throws BusConflictException when the bus is in use with other settings
     */
    CanProbe(CanConnectionParameters parameters, CanLine line, BusRegistry registry, Ticker ticker)
            throws BusConflictException {
        this.parameters = parameters;
        this.lines = null;
        this.ticker = ticker;
        this.bus = new SharedProbe<>(member -> line.visit(registry, member), ticker);
    }

    private BusProbe<CanSession> exclusive(CanLineFactory factory, int serialBaudRate, int kiloBits,
            boolean listenOnly) {
        return new ExclusiveProbe<>(() -> {
            CanSession opened = factory.line(parameters.place(), serialBaudRate, kiloBits, listenOnly).open();
            try {
                if (!listenOnly) {
                    opened.callEvery(parameters.syncInterval());
                }
                long end = ticker.nanos() + CanLine.STARTING_NANOS;
                while (!opened.health().answers() && end - ticker.nanos() > 0) {
                    opened.idle(end);
                }
                return opened;
            } catch (LinkException e) {
                opened.close();
                throw e;
            }
        });
    }

    /** Whether the bus can be opened with other settings than configured. */
    boolean isFree() {
        return lines != null;
    }

    /**
     * Opens the bus, or reopens it with these settings. The bus of a Thing is left as it is.
     *
     * @return why that is impossible, or null
     */
    @Nullable
    Failure open(int kiloBits, boolean listenOnly) {
        return open(parameters.serialBaudRate(), kiloBits, listenOnly);
    }

    private @Nullable Failure open(int serialBaudRate, int kiloBits, boolean listenOnly) {
        CanLineFactory own = lines;
        if (own != null) {
            health();
            bus.close();
            bus = exclusive(own, serialBaudRate, kiloBits, listenOnly);
        }
        used = null;
        isOpen = true;
        try {
            run(session -> {
            });
            return null;
        } catch (LinkException e) {
            return e.failure();
        }
    }

    /**
     * Opens the bus for listening, with another baud rate of the adapter's serial port.
     *
     * @return whether an adapter responds at that rate; false for the bus of a Thing
     */
    boolean answersAt(int serialBaudRate) {
        return isFree() && open(serialBaudRate, parameters.kiloBits(), true) == null && health().answers();
    }

    /**
     * @throws LinkException when the bus is lost, or was lost and reopened meanwhile
     */
    private void run(Task task) throws LinkException {
        Failure failure = !isOpen ? Failure.of(FailureCause.CONNECTION_LOST) : bus.run(session -> {
            CanSession known = used;
            if (known != null && !known.equals(session)) {
                return Optional.of(Failure.of(FailureCause.CONNECTION_LOST));
            }
            used = session;
            task.run(session);
            return Optional.<Failure> empty();
        }, Optional::of).orElse(null);
        if (failure != null) {
            isOpen = false;
            throw new LinkException(failure, true);
        }
    }

    /**
     * Passes received frames to the analyzer for some time.
     *
     * @throws LinkException when the bus was lost meanwhile
     */
    void listen(CanTrafficAnalyzer hearing, long nanos) throws LinkException {
        AtomicBoolean gone = new AtomicBoolean();
        try {
            run(session -> session.hear(hearing, gone::get));
            long end = ticker.nanos() + nanos;
            if (isFree()) {
                run(session -> idle(session, end));
            }
            while (end - ticker.nanos() > 0 && !Thread.currentThread().isInterrupted()) {
                ticker.parkUntil(end);
            }
        } finally {
            // An interrupted thread gets no turn to unregister.
            gone.set(true);
        }
        run(session -> session.ignore(hearing));
    }

    private void idle(CanSession session, long end) throws LinkException {
        while (end - ticker.nanos() > 0) {
            session.idle(end);
        }
    }

    /**
     * Reads an object of a node. Must not be called on a bus that is opened in listen-only mode.
     *
     * @throws LinkException when the bus was lost meanwhile
     */
    Reply read(int node, int index, int subIndex) throws LinkException {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        run(session -> {
            session.read(node, index, subIndex, new SdoListener() {
                @Override
                public void done(byte[] data, long roundTripNanos) {
                    reply.complete(Reply.DATA);
                }

                @Override
                public void aborted(int abortCode) {
                    reply.complete(abortCode == SdoAbort.TIMED_OUT ? Reply.SILENCE : Reply.ABORT);
                }
            });
            while (isFree() && !reply.isDone()) {
                session.idle(ticker.nanos() + LONGEST_REST);
            }
        });
        for (int i = 0; i < LONGEST_READ_LOOKS; i++) {
            try {
                return reply.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // If the bus was lost, no response will come.
                run(session -> {
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (ExecutionException e) {
                break;
            }
        }
        return Reply.SILENCE;
    }

    /** State of the bus as seen by the adapter; after the bus was closed, the last known one. */
    CanHealth health() {
        if (isOpen) {
            lastHealth = bus.run(CanSession::health, failure -> lastHealth);
        }
        return lastHealth;
    }

    @Override
    public void close() {
        bus.close();
    }
}
