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
import org.openhab.binding.bmsmain.internal.board.BoardMemory;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.FaultJournal;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * The counters, the history and the fault journal of a board, kept over restarts in a file. The file is written
 * atomically, every five minutes and at the end. For one thread, except for the meter, which the bus thread updates.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class BoardRecords implements BoardMemory.Store {

    private static final String JOURNAL = "journal";

    private final @Nullable Path file;
    private final Consumer<String> log;
    private final Properties records = new Properties();
    private final BoardMemory memory;
    private final FaultJournal journal = new FaultJournal();
    private @Nullable FaultEvent last;
    private boolean hasJournal;
    private boolean failed;
    private boolean isAside;

    /**
     * Restores the records from the file. A file that cannot be read is kept aside, and the counters start again.
     *
     * @param file null to keep nothing
     */
    BoardRecords(@Nullable Path file, Consumer<String> log, Ticker ticker) {
        this.file = file;
        this.log = log;
        if (file != null) {
            try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                records.load(in);
            } catch (NoSuchFileException e) {
                // First run.
            } catch (IOException | IllegalArgumentException e) {
                keepAside("", "", e.getClass().getSimpleName());
            }
        }
        memory = new BoardMemory(this, ticker::nanos, ticker::now, ZoneId::systemDefault);
        String text = records.getProperty(JOURNAL, "");
        journal.restore(text);
        hasJournal = !text.isEmpty();
    }

    @Override
    public @Nullable String get(String name) {
        return records.getProperty(name);
    }

    @Override
    public boolean put(String name, String record) {
        records.setProperty(name, record);
        return true;
    }

    /** Keeps the whole file aside. */
    @Override
    public void keepAside(String name, String record, String reason) {
        Path broken = file;
        if (broken != null && !isAside) {
            isAside = true;
            Path aside = broken.resolveSibling(broken.getFileName() + ".broken");
            try {
                Files.move(broken, aside, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                // A file that cannot be moved is overwritten.
            }
            log.accept(broken + " cannot be read: " + reason + ". It is kept as " + aside.getFileName()
                    + ", and counting restarts.");
        }
    }

    @Override
    public void remove(String name) {
        records.remove(name);
    }

    /** Writes the file. A failure is logged once. */
    @Override
    public void flush() {
        Path target = file;
        if (target == null) {
            return;
        }
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
                log.accept(target + " cannot be written: a restart would lose the current counters");
            }
        }
    }

    /** The counting for the bus thread. */
    Counting counting() {
        return memory.counting();
    }

    /** Adds a snapshot and its fault events. */
    void take(BoardSnapshot snapshot, List<FaultEvent> events) {
        for (FaultEvent event : events) {
            journal.add(event);
            last = event;
            hasJournal = true;
        }
        memory.take(snapshot, events);
    }

    /** The same snapshot with the recorded values added. */
    BoardSnapshot show(BoardSnapshot snapshot) {
        return memory.show(snapshot);
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

    /** Advances the meter, even while nothing is read, and writes the file when due. */
    void tick() {
        memory.tick();
        memory.saveWhenDue();
    }

    void save() {
        memory.save();
    }
}
