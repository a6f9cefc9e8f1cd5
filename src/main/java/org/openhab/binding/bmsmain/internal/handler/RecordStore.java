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

import java.util.HashSet;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardMemory;
import org.openhab.core.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores records in openHAB's storage. A failure, such as a full disk or an update of the storage bundle, is logged as
 * a warning once. It affects neither the start and end of a Thing nor the publishing of reports.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RecordStore implements BoardMemory.Store {

    /** Number of records stored in a row, about one hour, after which a failure is logged as a warning again. */
    private static final int RECOVERED = 12;

    private final Logger logger = LoggerFactory.getLogger(RecordStore.class);

    /** Suffix of the key of an unusable record. */
    static final String BROKEN = ".broken";

    private final Storage<String> storage;
    private final String prefix;
    /** Keys that could not be read. The records may exist, so they are not overwritten. */
    private final Set<String> unread = new HashSet<>();
    private boolean told;
    /** Number of records stored since the last failure. */
    private int stored;

    /** @param prefix prefix of the keys of all records */
    RecordStore(Storage<String> storage, String prefix) {
        this.storage = storage;
        this.prefix = prefix;
    }

    @Override
    public synchronized @Nullable String get(String name) {
        String key = prefix + name;
        try {
            return storage.get(key);
        } catch (RuntimeException e) {
            unread.add(key);
            logger.warn("openHAB's storage fails to read {}: {}. Counting restarts and is not stored. "
                    + "Disable and enable the Thing to read it again.", key, e.toString());
            return null;
        }
    }

    /** @return whether the record was stored; a record that could not be read before is not overwritten */
    @Override
    public synchronized boolean put(String name, String record) {
        String key = prefix + name;
        if (unread.contains(key)) {
            return false;
        }
        try {
            storage.put(key, record);
            stored++;
            told &= stored < RECOVERED;
            return true;
        } catch (RuntimeException e) {
            failed("write", key, e);
            return false;
        }
    }

    @Override
    public void keepAside(String name, String record, String reason) {
        if (put(name + BROKEN, record)) {
            removeKey(prefix + name);
        }
        logger.warn("The stored record {}{} cannot be read: {}. It is kept as {}{}{}, and counting restarts.", prefix,
                name, reason, prefix, name, BROKEN);
    }

    @Override
    public void remove(String name) {
        removeKey(prefix + name);
        removeKey(prefix + name + BROKEN);
    }

    private synchronized void removeKey(String key) {
        try {
            storage.remove(key);
        } catch (RuntimeException e) {
            failed("remove", key, e);
        }
    }

    private void failed(String what, String key, RuntimeException e) {
        stored = 0;
        if (told) {
            logger.debug("openHAB's storage fails to {} {}", what, key, e);
        } else {
            told = true;
            logger.warn("openHAB's storage fails to {} {}: {}. It will be retried.", what, key, e.toString());
        }
    }
}
