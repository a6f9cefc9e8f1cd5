/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import java.time.ZoneId;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BatteryHistory;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.BrokenRecordException;
import org.openhab.binding.bmsmain.internal.board.EnergyMeter;
import org.openhab.binding.bmsmain.internal.board.EnergyRecord;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.i18n.TimeZoneProvider;
import org.openhab.core.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The counters and the history of a board, from one start of its Thing to the end, kept over restarts in openHAB's
 * storage. They are written every five minutes while something changes, when a user sets them, and in the end.
 * <p>
 * The meter is fed by the thread of the bus, which never waits for the storage.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BoardMemory {

    static final String ENERGY = "/energy";
    static final String HISTORY = "/history";
    /** Behind the key of a record that could not be read. */
    static final String BROKEN = ".broken";
    static final long INTERVAL_NANOS = 300_000_000_000L;

    private final Logger logger = LoggerFactory.getLogger(BoardMemory.class);

    private final RecordStore storage;
    private final String thing;
    private final Ticker ticker;
    private final TimeZoneProvider zone;
    private final EnergyMeter meter;
    private final BatteryHistory history;
    private long saved;
    private boolean historyChanged;
    private boolean removed;

    private interface Parser<T> {
        T parse(String text) throws BrokenRecordException;
    }

    /**
     * Recalls what was stored. A record that cannot be read is kept aside, and the counters begin anew.
     *
     * @param thing under this the records are stored
     */
    BoardMemory(Storage<String> storage, String thing, Ticker ticker, TimeZoneProvider zone) {
        this.storage = new RecordStore(storage);
        this.thing = thing;
        this.ticker = ticker;
        this.zone = zone;
        EnergyMeter counted = recall(ENERGY, text -> new EnergyMeter(EnergyRecord.parse(text)));
        this.meter = counted == null ? new EnergyMeter() : counted;
        BatteryHistory seen = recall(HISTORY, BatteryHistory::parse);
        this.history = seen == null ? new BatteryHistory(ticker.now()) : seen;
        this.historyChanged = seen == null;
        this.saved = ticker.nanos();
        tick();
    }

    private <T> @Nullable T recall(String name, Parser<T> parser) {
        @Nullable
        String text = storage.get(thing + name);
        if (text == null) {
            return null;
        }
        try {
            return parser.parse(text);
        } catch (BrokenRecordException e) {
            if (storage.put(thing + name + BROKEN, text)) {
                storage.remove(thing + name);
            }
            logger.warn("{}: the stored record {} cannot be read: {}. It is kept as {}{}{}, and counting begins anew.",
                    thing, name.substring(1), e.getMessage(), thing, name, BROKEN);
            return null;
        }
    }

    /** What the bus counts with. */
    Counting counting() {
        return new Counting(meter, this::timeZone);
    }

    private ZoneId timeZone() {
        return zone.getTimeZone();
    }

    EnergyMeter meter() {
        return meter;
    }

    /** Tells the time while nothing is read: a day ends also then. */
    void tick() {
        meter.clock(ticker.nanos(), ticker.now(), timeZone());
    }

    /** Takes what is shown now, and stores what changed when it is time to. */
    synchronized void take(BoardSnapshot snapshot, List<FaultEvent> events) {
        history.take(snapshot, events);
        historyChanged |= history.takeChanged();
        if (ticker.nanos() - saved >= INTERVAL_NANOS) {
            save();
        }
    }

    /** The same snapshot with all that is remembered. */
    synchronized BoardSnapshot show(BoardSnapshot snapshot) {
        return snapshot.with((numbers, texts) -> {
            meter.show(numbers);
            history.show(numbers, texts);
        });
    }

    /** Begins the history anew. */
    synchronized void resetHistory() {
        history.reset(ticker.now());
        historyChanged = true;
        save();
    }

    /** Stores what changed. A removed memory stores nothing: it would stay behind in the storage. */
    synchronized void save() {
        if (removed) {
            return;
        }
        saved = ticker.nanos();
        storage.put(thing + ENERGY, meter.record().toText());
        if (historyChanged) {
            historyChanged = !storage.put(thing + HISTORY, history.toText());
        }
    }

    /** Forgets all: the Thing is removed. */
    synchronized void remove() {
        removed = true;
        for (String name : List.of(ENERGY, HISTORY)) {
            storage.remove(thing + name);
            storage.remove(thing + name + BROKEN);
        }
    }
}
