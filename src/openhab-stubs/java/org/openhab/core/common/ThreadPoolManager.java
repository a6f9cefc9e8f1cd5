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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Provides the thread pools that all bindings share. Their sizes are fixed here. */
public class ThreadPoolManager {
    public static final String THREAD_POOL_NAME_COMMON = "common";

    private static final Map<String, ScheduledExecutorService> POOLS = new ConcurrentHashMap<>();

    public static ScheduledExecutorService getScheduledPool(String poolName) {
        return POOLS.computeIfAbsent(poolName, ThreadPoolManager::pool);
    }

    private static ScheduledExecutorService pool(String name) {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(5, task -> {
            Thread thread = new Thread(task, "OH-" + name);
            thread.setDaemon(true);
            return thread;
        });
        pool.setKeepAliveTime(65, TimeUnit.SECONDS);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
