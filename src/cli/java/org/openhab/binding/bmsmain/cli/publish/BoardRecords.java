/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneId;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BatteryHistory;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.BrokenRecordException;
import org.openhab.binding.bmsmain.internal.board.EnergyMeter;
import org.openhab.binding.bmsmain.internal.board.EnergyRecord;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.FaultJournal;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * The counters, the history and the fault journal of a board, kept over restarts in a file of its own. It is written
 * each five minutes and in the end, and never half. For one thread, but for the meter, which the bus feeds.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BoardRecords {

    private static final String ENERGY = "energy";
    private static final String HISTORY = "history";
    private static final String JOURNAL = "journal";
    private static final long INTERVAL_NANOS = 300_000_000_000L;

    private final @Nullable Path file;
    private final Consumer<String> log;
    private final Ticker ticker;
    private final EnergyMeter meter;
    private final BatteryHistory history;
    private final FaultJournal journal = new FaultJournal();
    private @Nullable FaultEvent last;
    private boolean hasJournal;
    private long saved;
    private boolean failed;

    /**
     * Recalls what was written. A record that cannot be read is kept aside, and the counters begin anew.
     *
     * @param file null when nothing is kept
     */
    BoardRecords(@Nullable Path file, Consumer<String> log, Ticker ticker) {
        this.file = file;
        this.log = log;
        this.ticker = ticker;
        this.saved = ticker.nanos();
        Properties records = load();
        EnergyMeter counted = new EnergyMeter();
        BatteryHistory seen = new BatteryHistory(ticker.now());
        try {
            String energy = records.getProperty(ENERGY);
            counted = energy == null ? counted : new EnergyMeter(EnergyRecord.parse(energy));
            String text = records.getProperty(HISTORY);
            seen = text == null ? seen : BatteryHistory.parse(text);
            journal.restore(records.getProperty(JOURNAL, ""));
            hasJournal = !records.getProperty(JOURNAL, "").isEmpty();
        } catch (BrokenRecordException e) {
            keepAside(String.valueOf(e.getMessage()));
        }
        meter = counted;
        history = seen;
        tick();
    }

    private Properties load() {
        Properties records = new Properties();
        Path source = file;
        if (source != null) {
            try (Reader in = Files.newBufferedReader(source, StandardCharsets.UTF_8)) {
                records.load(in);
            } catch (NoSuchFileException e) {
                // the first run
            } catch (IOException | IllegalArgumentException e) {
                keepAside(e.getClass().getSimpleName());
            }
        }
        return records;
    }

    private void keepAside(String reason) {
        Path broken = file;
        if (broken != null) {
            Path aside = broken.resolveSibling(broken.getFileName() + ".broken");
            try {
                Files.move(broken, aside, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                // what cannot be moved is overwritten
            }
            log.accept(broken + " cannot be read: " + reason + ". It is kept as " + aside.getFileName()
                    + ", and counting begins anew.");
        }
    }

    /** What the bus counts with. */
    Counting counting() {
        return new Counting(meter, ZoneId::systemDefault);
    }

    /** Takes what was read. */
    void take(BoardSnapshot snapshot, List<FaultEvent> events) {
        history.take(snapshot, events);
        for (FaultEvent event : events) {
            journal.add(event);
            last = event;
            hasJournal = true;
        }
    }

    /** The same snapshot with all that is remembered. */
    BoardSnapshot show(BoardSnapshot snapshot) {
        return snapshot.with((numbers, texts) -> {
            meter.show(numbers);
            history.show(numbers, texts);
        });
    }

    /** The newest event since the start; null when there was none. */
    @Nullable
    FaultEvent last() {
        return last;
    }

    /** The journal as JSON; empty when nothing has happened yet. */
    String journal(Words words) {
        return hasJournal ? journal.toJson(words::fault) : "";
    }

    /** Tells the meter the time, also while nothing is read, and writes when it is time to. */
    void tick() {
        meter.clock(ticker.nanos(), ticker.now(), ZoneId.systemDefault());
        if (ticker.nanos() - saved >= INTERVAL_NANOS) {
            save();
        }
    }

    /** Writes the file. That it cannot be written is logged once. */
    void save() {
        saved = ticker.nanos();
        Path target = file;
        if (target == null) {
            return;
        }
        Properties records = new Properties();
        records.setProperty(ENERGY, meter.record().toText());
        records.setProperty(HISTORY, history.toText());
        records.setProperty(JOURNAL, journal.toText());
        Path draft = target.resolveSibling(target.getFileName() + ".new");
        try {
            try (Writer out = Files.newBufferedWriter(draft, StandardCharsets.UTF_8)) {
                records.store(out, null);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                log.accept(target + " cannot be written: the counters would begin anew after a restart");
            }
        }
    }
}
