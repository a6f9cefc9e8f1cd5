/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls handlers on threads of its own and waits at most 5 s, so that a blocking handler does not block everything
 * else. A call that takes longer is logged as a warning and continues.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SafeCalls {

    private static final long LIMIT_SECONDS = 5;

    private final Logger logger = LoggerFactory.getLogger(SafeCalls.class);
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService pool = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "OH-safeCall-" + number.incrementAndGet());
        thread.setDaemon(true);
        // libraries that look up services with the context class loader must not find those of the launcher's
        // class path
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        return thread;
    });

    /**
     * @param what description for the log
     * @param call the call
     * @return the exception thrown by the call, or null
     */
    @Nullable
    Throwable run(String what, Runnable call) {
        Future<?> future = pool.submit(call);
        try {
            future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            logger.warn("{} takes more than {} s", what, LIMIT_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            return e.getCause();
        }
        return null;
    }

    void stop() {
        pool.shutdownNow();
    }
}
