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
 * Services shared by all handlers of the bundle.
 *
 * @param registry the buses in use
 * @param boards the boards in use
 * @param ticker time source
 * @param texts texts in the language of the installation
 * @param journals persistent storage of fault events, counters and histories by Thing
 * @param zone openHAB's time zone
 * @param deliveries runs updates of openHAB, which may block while a profile runs. Neither a bus nor the scheduler,
 *            whose few threads all bindings share, may wait for them. A thread is created when all others are busy, so
 *            Things never wait for each other. Each Thing uses one thread at a time, so there are at most as many
 *            threads as Things, and usually a few.
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

    /** Ends all threads. Threads that do not return are interrupted. */
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
