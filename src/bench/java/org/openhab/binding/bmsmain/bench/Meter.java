/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.bench;

import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;

import org.eclipse.jdt.annotation.NonNullByDefault;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * Resources that this process has used so far.
 *
 * @param cpuNanos CPU time of all threads of the process, in steps of 10 ms
 * @param javaNanos CPU time of the live Java threads without compiler and garbage collector, in nanoseconds
 * @param allocated bytes allocated by all live threads
 * @param nanos reading of the monotonic clock
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record Meter(long cpuNanos, long javaNanos, long allocated, long nanos) {

    public static Meter now() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long[] ids = threads.getAllThreadIds();
        return new Meter(system.getProcessCpuTime(), sum(threads.getThreadCpuTime(ids)),
                sum(threads.getThreadAllocatedBytes(ids)), System.nanoTime());
    }

    /** Returns the usage since an earlier measurement. */
    public Meter since(Meter earlier) {
        return new Meter(cpuNanos - earlier.cpuNanos, javaNanos - earlier.javaNanos, allocated - earlier.allocated,
                nanos - earlier.nanos);
    }

    /** Sums the values; a thread that has ended meanwhile has the value -1. */
    private static long sum(long[] values) {
        return LongStream.of(values).filter(value -> value > 0).sum();
    }

    /** Heap usage after a garbage collection, in MiB. */
    public static double heapMebi() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
    }

    public static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** The first of a thousand ports below the system's range of ephemeral ports. */
    public static int freePorts() {
        return 20_000 + (int) (ProcessHandle.current().pid() % 10) * 1_000;
    }
}
