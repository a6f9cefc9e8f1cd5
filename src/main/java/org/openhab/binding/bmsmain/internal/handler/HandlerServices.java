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

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.i18n.TimeZoneProvider;
import org.openhab.core.storage.Storage;

/**
 * What all handlers of the bundle share.
 *
 * @param registry the buses in use
 * @param boards the boards in use
 * @param ticker their time
 * @param texts words in the language of the installation
 * @param journals fault events, counters and histories, kept over restarts, by Thing
 * @param zone openHAB's time zone
 * @param deliveries runs what is told to openHAB, where it may take long: a profile runs inside of it. No bus may wait
 *            for that, nor may the scheduler, whose few threads all bindings share. A thread is made when all others
 *            are busy, so a Thing never waits for another one; as each Thing uses one at a time, there are never more
 *            threads than Things, and mostly a few.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record HandlerServices(BusRegistry registry, BoardRegistry boards, Ticker ticker, BoardTexts texts,
        Storage<String> journals, TimeZoneProvider zone, ExecutorService deliveries) implements AutoCloseable {

    private static final long IDLE_SECONDS = 5;
    private static final long GRACE_MILLIS = 500;

    public HandlerServices(BusRegistry registry, Ticker ticker, BoardTexts texts, Storage<String> journals,
            TimeZoneProvider zone) {
        this(registry, new BoardRegistry(), ticker, texts, journals, zone, new ThreadPoolExecutor(0, Integer.MAX_VALUE,
                IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "bmsmain-delivery");
                    thread.setDaemon(true);
                    return thread;
                }));
    }

    /** Ends all threads. One that does not return is interrupted. */
    @Override
    public void close() {
        registry.close();
        deliveries.shutdown();
        try {
            if (!deliveries.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                deliveries.shutdownNow();
                deliveries.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
