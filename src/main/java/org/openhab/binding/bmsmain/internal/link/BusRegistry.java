/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.link;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The buses in use, by name. Things that name the same bus share it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BusRegistry implements AutoCloseable {

    private static final long GRACE_MILLIS = 500;
    private static final long LONGEST_END_MILLIS = 4_000;

    private final Ticker ticker;
    private final Map<String, Bus<?>> buses = new HashMap<>();

    /** A place on a bus. */
    public interface Membership {
        /** Leaves the bus and returns at once; the last one to leave lets the port be closed. */
        void leave();

        /** Makes the bus look again at what its members want. */
        void wake();
    }

    public BusRegistry(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Joins a bus, which is made if there is none of that name. Returns at once.
     *
     * @param <S> what an open bus of its kind is
     * @param name the port, endpoint or interface
     * @param settings how it must be set; compared with {@code equals}
     * @param factory opens the bus; that of the first member is used
     * @throws BusConflictException when the bus is in use with other settings
     */
    @SuppressWarnings("unchecked")
    public synchronized <S extends BusSession> Membership join(String name, Object settings, SessionFactory<S> factory,
            BusMember<S> member) throws BusConflictException {
        buses.values().removeIf(Bus::isDone);
        Bus<?> existing = buses.get(name);
        Bus<S> bus;
        if (existing == null || existing.isRetired()) {
            bus = new Bus<>(name, settings, factory, ticker, existing);
        } else if (existing.settings().equals(settings)) {
            // Equal settings come from the same kind of bus, so its sessions are of the same type.
            bus = (Bus<S>) existing;
        } else {
            throw new BusConflictException(name, existing.settings());
        }
        bus.join(member);
        // Behind that: a bus whose thread cannot be started is none.
        buses.put(name, bus);
        return new Membership() {
            @Override
            public void leave() {
                synchronized (BusRegistry.this) {
                    bus.leave(member);
                }
            }

            @Override
            public void wake() {
                bus.wake();
            }
        };
    }

    /** Names of the buses in use, in alphabetical order. */
    public synchronized List<String> names() {
        return buses.values().stream().filter(bus -> !bus.isRetired()).map(Bus::name).sorted().toList();
    }

    /**
     * Begins to listen to a bus, without disturbing it.
     *
     * @return false when there is no bus of that name, or one that cannot be listened to
     */
    public synchronized boolean listen(String name, TraceSink sink) {
        TraceTap tap = tap(name);
        if (tap != null) {
            tap.add(sink);
        }
        return tap != null;
    }

    /**
     * Begins to record a bus. Its port stays open; its members read everything once, so that the recording is complete
     * in itself. The sink is told when the bus is given up.
     *
     * @return false when there is no bus of that name, or one that cannot be listened to
     */
    public synchronized boolean record(String name, TraceSink sink) {
        boolean found = listen(name, sink);
        Bus<?> bus = buses.get(name);
        if (found && bus != null) {
            bus.renew();
        }
        return found;
    }

    /** Stops listening to a bus or recording it. */
    public synchronized void mute(String name, TraceSink sink) {
        TraceTap tap = tap(name);
        if (tap != null) {
            tap.remove(sink);
        }
    }

    private @Nullable TraceTap tap(String name) {
        Bus<?> bus = buses.get(name);
        return bus == null || bus.isRetired() ? null : bus.tap();
    }

    /**
     * Ends all buses, also those that still have members, and waits until their ports are closed, at most some seconds.
     */
    @Override
    public void close() {
        List<Bus<?>> ending;
        synchronized (this) {
            ending = List.copyOf(buses.values());
            ending.forEach(Bus::retire);
        }
        ending.forEach(bus -> bus.awaitEnd(GRACE_MILLIS));
        ending.forEach(Bus::abort);
        ending.forEach(bus -> bus.awaitEnd(LONGEST_END_MILLIS));
    }
}
