/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.core.common;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands out the thread pools that all bindings share, by name. Callers cannot stop a pool. Threads are daemons and
 * carry the name of their pool.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
public class ThreadPoolManager {
    public static final String THREAD_POOL_NAME_COMMON = "common";

    protected static final int DEFAULT_THREAD_POOL_SIZE = 5;
    protected static final long THREAD_TIMEOUT = 65L;

    protected static Map<String, ExecutorService> pools = new ConcurrentHashMap<>();

    public static ScheduledExecutorService getScheduledPool(String poolName) {
        return (ScheduledExecutorService) pools.computeIfAbsent(poolName, SharedPool::new);
    }

    private static class SharedPool extends ScheduledThreadPoolExecutor {

        SharedPool(String poolName) {
            super(DEFAULT_THREAD_POOL_SIZE, threads(poolName));
            setRemoveOnCancelPolicy(true);
            setKeepAliveTime(THREAD_TIMEOUT, TimeUnit.SECONDS);
            allowCoreThreadTimeOut(true);
        }

        private static ThreadFactory threads(String poolName) {
            AtomicInteger number = new AtomicInteger();
            return task -> {
                Thread thread = new Thread(task, "OH-" + poolName + "-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            };
        }

        @Override
        public void shutdown() {
            // the pool belongs to everybody
        }

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }
    }
}
