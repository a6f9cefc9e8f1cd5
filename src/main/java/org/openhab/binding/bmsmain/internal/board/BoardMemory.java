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
 * The counters and the history of a board, kept over restarts in a store. They are written every five minutes while
 * something changes, when a user sets them, and in the end.
 * <p>
 * The meter is fed by the thread of the bus, which never waits for the store.
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

    /** Keeps records of text, each under a name. Nothing of it throws. */
    public interface Store {

        /** A record; null when there is none, or when it cannot be read. */
        @Nullable
        String get(String name);

        /** @return whether the record was stored */
        boolean put(String name, String record);

        /** Keeps a record aside that cannot be used, and tells why. */
        void keepAside(String name, String record, String reason);

        /** Removes a record, and what was kept aside of it. */
        void remove(String name);

        /** All records were put that belong together. */
        default void flush() {
        }
    }

    private interface Parser<T> {
        T parse(String text) throws BrokenRecordException;
    }

    /**
     * Recalls what was stored. A record that cannot be used is kept aside, and the counters begin anew.
     *
     * @param nanos the clock that only runs forward
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

    /** What the bus counts with. */
    public Counting counting() {
        return new Counting(meter, zone);
    }

    public EnergyMeter meter() {
        return meter;
    }

    /** Tells the time while nothing is read: a day ends also then. */
    public void tick() {
        meter.clock(nanos.getAsLong(), now.get(), zone.get());
    }

    /** Takes what is shown now, and stores what changed when it is time to. */
    public synchronized void take(BoardSnapshot snapshot, List<FaultEvent> events) {
        history.take(snapshot, events);
        historyChanged |= history.takeChanged();
        saveWhenDue();
    }

    /** Stores what changed when that was not done for five minutes. */
    public synchronized void saveWhenDue() {
        if (nanos.getAsLong() - saved >= INTERVAL_NANOS) {
            save();
        }
    }

    /** The same snapshot with all that is remembered. */
    public synchronized BoardSnapshot show(BoardSnapshot snapshot) {
        return snapshot.with((numbers, texts) -> {
            meter.show(numbers);
            history.show(numbers, texts);
        });
    }

    /** Begins the history anew. */
    public synchronized void resetHistory() {
        history.reset(now.get());
        historyChanged = true;
        save();
    }

    /** Stores what changed. A removed memory stores nothing: it would stay behind in the store. */
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

    /** Forgets all: the board is removed. */
    public synchronized void remove() {
        removed = true;
        store.remove(ENERGY);
        store.remove(HISTORY);
    }
}
