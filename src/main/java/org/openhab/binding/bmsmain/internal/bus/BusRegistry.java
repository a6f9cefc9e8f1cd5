/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.bus.Bus.MemberEntry;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceSink;
import org.openhab.binding.bmsmain.internal.transport.TraceTap;

/**
 * The buses in use, by device. Things that use the same device share its bus, even under different names.
 * <p>
 * A name can resolve to another device later: an adapter that is plugged in again gets another number, and its link
 * follows it. An open bus keeps its device. Before a bus is opened, all its names are resolved again, and members
 * whose name resolves to another device move to the bus of that device.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BusRegistry implements AutoCloseable {

    private static final long GRACE_MILLIS = 500;
    private static final long LONGEST_END_MILLIS = 4_000;

    private final Ticker ticker;
    /** Buses in use, and retired buses that may not have ended yet. */
    private final List<Bus<?>> buses = new ArrayList<>();
    private boolean closed;

    /** Membership of a bus. */
    public interface Membership {
        /** Leaves the bus and returns at once. The port is closed when the last member has left. */
        void leave();

        /** Makes the bus check again what its members need. */
        void wake();
    }

    public BusRegistry(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Joins a bus, which is created if the device has none. Returns at once.
     *
     * @param <S> type of the open bus
     * @param name the port, endpoint or interface
     * @param settings required settings of the bus; compared with {@code equals}
     * @param factory opens the bus; that of the first member is used
     * @throws BusConflictException when the bus is in use with other settings
     */
    public <S extends BusSession> Membership join(String name, Object settings, SessionFactory<S> factory,
            BusMember<S> member) throws BusConflictException {
        MemberEntry<S> entry = new MemberEntry<>(name, factory, member, ticker.nanos());
        String device = entry.device();
        synchronized (this) {
            Bus<?> existing = busOf(device);
            if (existing != null && !existing.settings().equals(settings)) {
                throw new BusConflictException(name, existing.settings());
            }
            entry(entry, device, settings, existing);
        }
        return new Membership() {
            @Override
            public void leave() {
                synchronized (BusRegistry.this) {
                    Bus<S> bus = entry.bus();
                    if (bus != null) {
                        bus.leave(entry);
                    }
                }
            }

            @Override
            public void wake() {
                Bus<S> bus = entry.bus();
                if (bus != null) {
                    bus.wake();
                }
            }
        };
    }

    /**
     * Puts a member on a bus.
     *
     * @param device null for a bus that has to wait for its device
     * @param existing a bus with the same settings; null for a new one
     */
    @SuppressWarnings("unchecked")
    private <S extends BusSession> void entry(MemberEntry<S> entry, @Nullable String device, Object settings,
            @Nullable Bus<?> existing) {
        if (existing != null) {
            // Equal settings come from the same kind of bus, so its sessions are of the same type.
            ((Bus<S>) existing).join(entry);
            return;
        }
        buses.removeIf(Bus::isDone);
        Bus<S> bus = new Bus<>(entry, device, settings, this::settle, ticker, endingBusOf(device));
        bus.join(entry);
        // Added last: a bus whose thread cannot be started must not be registered.
        buses.add(bus);
    }

    /** Returns the bus that has a device, or will open it next. */
    private @Nullable Bus<?> busOf(@Nullable String device) {
        for (Bus<?> bus : buses) {
            if (!bus.isRetired() && device != null && device.equals(deviceOf(bus))) {
                return bus;
            }
        }
        return null;
    }

    private static @Nullable String deviceOf(Bus<?> bus) {
        String device = bus.device();
        // While a bus is closed, its name may have come to resolve to another device.
        return device == null || bus.isOpen() ? device : bus.owner().device();
    }

    /** Returns the last retired bus of a device that has not closed it yet. */
    private @Nullable Bus<?> endingBusOf(@Nullable String device) {
        Bus<?> last = null;
        for (Bus<?> bus : buses) {
            if (bus.isRetired() && !bus.isDone() && device != null && device.equals(bus.device())) {
                last = bus;
            }
        }
        return last;
    }

    /**
     * Resolves all names of a bus that is about to be opened. A member moves to another bus when its name resolves to
     * another device, or when another bus with the same settings has the device. Called by the bus thread.
     *
     * @throws LinkException when another bus with other settings has the device
     */
    <S extends BusSession> void settle(Bus<S> bus) throws LinkException {
        Map<MemberEntry<S>, String> devices = new HashMap<>();
        bus.members().forEach(entry -> devices.put(entry, entry.device()));
        String device = bus.owner().device();
        synchronized (this) {
            if (closed || bus.isRetired()) {
                return;
            }
            devices.forEach((entry, wanted) -> {
                if (!wanted.equals(device)) {
                    move(entry, bus, wanted);
                }
            });
            if (bus.isRetired() || device.equals(bus.device())) {
                return;
            }
            bus.setDevice(null);
            Bus<?> other = busOf(device);
            if (other == null) {
                bus.setPredecessor(endingBusOf(device));
                bus.setDevice(device);
            } else if (other.settings().equals(bus.settings())) {
                List.copyOf(bus.members()).forEach(entry -> move(entry, bus, device));
            } else {
                throw LinkException.lost(FailureCause.PORT_BUSY, "");
            }
        }
    }

    private <S extends BusSession> void move(MemberEntry<S> entry, Bus<S> from, String device) {
        if (!from.members().contains(entry)) {
            // The member has left meanwhile.
            return;
        }
        Bus<?> existing = busOf(device);
        boolean conflict = existing != null && !existing.settings().equals(from.settings());
        entry(entry, conflict ? null : device, from.settings(), conflict ? null : existing);
        from.release(entry);
    }

    /** Returns the names of the buses in use, in alphabetical order. */
    public synchronized List<String> names() {
        return buses.stream().filter(bus -> !bus.isRetired()).map(Bus::name).sorted().toList();
    }

    /**
     * Starts tracing a bus, without disturbing it.
     *
     * @param name name of the bus, as configured for a member
     * @return false when there is no bus of that name, or it cannot be traced
     */
    public synchronized boolean listen(String name, TraceSink sink) {
        TraceTap tap = tap(busOfName(name));
        if (tap != null) {
            tap.add(sink);
        }
        return tap != null;
    }

    /**
     * Starts recording a bus. Its port stays open; its members read everything once, so that the recording is
     * complete. The sink is notified when the bus ends.
     *
     * @param name name of the bus, as configured for a member
     * @return false when there is no bus of that name, or it cannot be traced
     */
    public synchronized boolean record(String name, TraceSink sink) {
        boolean found = listen(name, sink);
        Bus<?> bus = busOfName(name);
        if (found && bus != null) {
            bus.renew();
        }
        return found;
    }

    /** Stops tracing or recording a bus. */
    public synchronized void mute(String name, TraceSink sink) {
        TraceTap tap = tap(busOfName(name));
        if (tap != null) {
            tap.remove(sink);
        }
    }

    private @Nullable Bus<?> busOfName(String name) {
        for (Bus<?> bus : buses) {
            if (!bus.isRetired() && bus.isNamed(name)) {
                return bus;
            }
        }
        return null;
    }

    private static @Nullable TraceTap tap(@Nullable Bus<?> bus) {
        return bus == null ? null : bus.tap();
    }

    /**
     * Ends all buses, even those that still have members, and waits some seconds at most until their ports are closed.
     */
    @Override
    public void close() {
        List<Bus<?>> ending;
        synchronized (this) {
            closed = true;
            ending = List.copyOf(buses);
            ending.forEach(Bus::retire);
        }
        ending.forEach(bus -> bus.awaitEnd(GRACE_MILLIS));
        ending.forEach(Bus::abort);
        ending.forEach(bus -> bus.awaitEnd(LONGEST_END_MILLIS));
    }
}
