/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;

/**
 * Counters and history of a board, kept in a store over restarts. They are written every five minutes (the history
 * only if it changed), when a user sets or resets them, and when the handler is disposed.
 * <p>
 * The bus thread feeds the meter; it never waits for the store.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class BoardMemory {

    /** Names of the records in the store. */
    public static final String ENERGY = "energy";
    public static final String HISTORY = "history";

    private static final long INTERVAL_NANOS = 300_000_000_000L;

    private final Store store;
    private final LongSupplier nanos;
    private final Supplier<Instant> now;
    private final Supplier<ZoneId> zone;
    private final EnergyMeter meter;
    private final BatteryHistory history;
    private long saved;
    private boolean historyChanged;
    private boolean removed;

    /** Stores text records by name. No method throws. */
    public interface Store {

        /** Returns a record; null when there is none, or it cannot be read. */
        @Nullable
        String get(String name);

        /** @return whether the record was stored */
        boolean put(String name, String record);

        /** Keeps an unusable record aside, with the reason for the log. */
        void keepAside(String name, String record, String reason);

        /** Removes a record, and what was kept aside of it. */
        void remove(String name);

        /** Called when all related records were put. */
        default void flush() {
        }
    }

    private interface Parser<T> {
        T parse(String text) throws BrokenRecordException;
    }

    /**
     * Restores counters and history from the store. An unusable record is kept aside, and its values start anew.
     *
     * @param nanos monotonic clock in nanoseconds
     * @param now the wall clock
     * @param zone time zone of the counters of today
     */
    public BoardMemory(Store store, LongSupplier nanos, Supplier<Instant> now, Supplier<ZoneId> zone) {
        this.store = store;
        this.nanos = nanos;
        this.now = now;
        this.zone = zone;
        EnergyMeter counted = recall(ENERGY, text -> new EnergyMeter(EnergyRecord.parse(text)));
        this.meter = counted == null ? new EnergyMeter() : counted;
        BatteryHistory seen = recall(HISTORY, BatteryHistory::parse);
        this.history = seen == null ? new BatteryHistory(now.get()) : seen;
        this.historyChanged = seen == null;
        this.saved = nanos.getAsLong();
        tick();
    }

    private <T> @Nullable T recall(String name, Parser<T> parser) {
        String text = store.get(name);
        if (text == null) {
            return null;
        }
        try {
            return parser.parse(text);
        } catch (BrokenRecordException e) {
            store.keepAside(name, text, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Returns the meter and time zone for the bus. */
    public Counting counting() {
        return new Counting(meter, zone);
    }

    public EnergyMeter meter() {
        return meter;
    }

    /** Updates the time of the meter while nothing is read, so that a day ends on time. */
    public void tick() {
        meter.clock(nanos.getAsLong(), now.get(), zone.get());
    }

    /** Updates the history with the values shown, and stores changes when due. */
    public synchronized void take(BoardSnapshot snapshot, List<FaultEvent> events) {
        history.take(snapshot, events);
        historyChanged |= history.takeChanged();
        saveWhenDue();
    }

    /** Stores changes if the last time was at least five minutes ago. */
    public synchronized void saveWhenDue() {
        if (nanos.getAsLong() - saved >= INTERVAL_NANOS) {
            save();
        }
    }

    /** Returns the snapshot with all counters and the history. */
    public synchronized BoardSnapshot show(BoardSnapshot snapshot) {
        return snapshot.with((numbers, texts) -> {
            meter.show(numbers);
            history.show(numbers, texts);
        });
    }

    /** Clears the history and stores it. */
    public synchronized void resetHistory() {
        history.reset(now.get());
        historyChanged = true;
        save();
    }

    /** Stores the counters and a changed history. A removed memory stores nothing, which would stay in the store. */
    public synchronized void save() {
        if (removed) {
            return;
        }
        saved = nanos.getAsLong();
        store.put(ENERGY, meter.record().toText());
        if (historyChanged) {
            historyChanged = !store.put(HISTORY, history.toText());
        }
        store.flush();
    }

    /** Removes all records from the store, because the board is removed. */
    public synchronized void remove() {
        removed = true;
        store.remove(ENERGY);
        store.remove(HISTORY);
    }
}
