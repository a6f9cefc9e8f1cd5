/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.device;

import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decouples a bus thread from a listener that may throw or block. An executor delivers the posted reports and tasks,
 * on one thread at a time.
 * <p>
 * The newest report replaces an undelivered one and takes over its fault events. A report of a lost or initialising
 * board is not replaced by a better one: it is delivered too, so that the listener discards earlier values. Tasks
 * with the same key replace each other. Tasks are delivered before the reports that wait with them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Mailbox implements BoardListener {

    /** Maximum number of waiting tasks; the oldest are dropped first. */
    static final int MOST_TASKS = 1_000;
    /** Time in nanoseconds after which a slow delivery is logged, once. */
    static final long LONG_NANOS = 10_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Logger logger = LoggerFactory.getLogger(Mailbox.class);

    private final String name;
    private final Executor executor;
    private final Ticker ticker;
    private volatile @Nullable BoardListener recipient;

    /** Guards the fields below. No foreign code is called while it is held. */
    private final Object lock = new Object();
    private final Map<Object, Runnable> tasks = new LinkedHashMap<>();
    private @Nullable BoardReport loss;
    private @Nullable BoardReport newest;
    private boolean closed;
    private boolean over;
    /** Whether a delivery is queued or running. Initially true, so that nothing is delivered before start(). */
    private boolean scheduled = true;
    private @Nullable Thread worker;
    private long since;
    private boolean isLongTold;

    /** What is delivered together. */
    private record Delivery(List<Runnable> tasks, @Nullable BoardReport loss, @Nullable BoardReport newest) {
    }

    /** Failures that were logged. Used by the delivery only. */
    private final Set<Class<?>> warned = new HashSet<>();

    /**
     * @param name of the Thing, for the log
     * @param executor must not run a task on the thread that hands it over
     */
    public Mailbox(String name, Executor executor, Ticker ticker) {
        this.name = name;
        this.executor = executor;
        this.ticker = ticker;
    }

    /** Sets the listener that receives the reports. Call this before the first report. */
    public void deliverTo(BoardListener listener) {
        recipient = listener;
    }

    /** Starts the delivery, beginning with what was posted before. */
    public void start() {
        hand(this::deliver);
    }

    /** Queues a report and returns at once. */
    @Override
    public void report(BoardReport report) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            BoardReport waiting = newest;
            newest = report;
            if (waiting != null && report.loss() >= waiting.loss()) {
                newest = report.after(waiting);
            } else if (waiting != null) {
                BoardReport before = loss;
                loss = before == null ? waiting
                        : before.loss() > waiting.loss() ? before.before(waiting) : waiting.after(before);
            }
        }
        schedule();
    }

    /**
     * Queues a task and returns at once.
     *
     * @param key an undelivered task with an equal key is replaced
     */
    public void post(Object key, Runnable task) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            tasks.remove(key);
            if (tasks.size() == MOST_TASKS) {
                Iterator<Object> oldest = tasks.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
            tasks.put(key, task);
        }
        schedule();
    }

    private void schedule() {
        long busy = 0;
        boolean idle;
        synchronized (lock) {
            idle = !scheduled;
            scheduled = true;
            if (worker != null && !isLongTold) {
                busy = ticker.nanos() - since;
                isLongTold = busy > LONG_NANOS;
            }
        }
        if (busy > LONG_NANOS) {
            logger.warn("{}: processing its states, by a profile for example, has taken {} s so far. "
                    + "Until it ends, Items show old values.", name, busy / 1_000_000_000L);
        }
        if (idle) {
            hand(this::deliver);
        }
    }

    private void hand(Runnable task) {
        boolean taken = false;
        try {
            executor.execute(task);
            taken = true;
        } catch (RejectedExecutionException e) {
            logger.debug("{}: the executor has ended", name);
        } finally {
            // If no thread can be started, the next report tries again.
            if (!taken) {
                end();
            }
        }
    }

    private void deliver() {
        Delivery next = take();
        while (next != null) {
            for (Runnable task : next.tasks) {
                if (!isOver()) {
                    run(task);
                }
            }
            // Also after the mailbox is over: the listener may still need the fault events.
            deliver(next.loss);
            deliver(next.newest);
            next = take();
        }
    }

    private void deliver(@Nullable BoardReport report) {
        BoardListener listener = recipient;
        if (report != null && listener != null) {
            run(() -> listener.report(report));
        }
    }

    /** @return null when nothing is waiting; the delivery has then ended */
    private @Nullable Delivery take() {
        synchronized (lock) {
            if (tasks.isEmpty() && newest == null) {
                end();
                return null;
            }
            Delivery next = new Delivery(tasks.isEmpty() ? List.of() : List.copyOf(tasks.values()), loss, newest);
            clear();
            begin();
            return next;
        }
    }

    private void clear() {
        tasks.clear();
        loss = null;
        newest = null;
    }

    private void begin() {
        synchronized (lock) {
            worker = Thread.currentThread();
            since = ticker.nanos();
            isLongTold = false;
        }
    }

    private void end() {
        synchronized (lock) {
            worker = null;
            scheduled = false;
            lock.notifyAll();
        }
    }

    private boolean awaitEnd(long until) {
        synchronized (lock) {
            while (scheduled) {
                long millis = (until - System.nanoTime()) / NANOS_PER_MILLI;
                if (millis <= 0) {
                    return false;
                }
                try {
                    lock.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    private boolean isOver() {
        synchronized (lock) {
            return over;
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            if (warned.add(e.getClass())) {
                logger.warn("{}: unexpected failure", name, e);
            } else {
                logger.debug("{}: unexpected failure", name, e);
            }
        }
    }

    /**
     * Closes the mailbox: accepts nothing more, delivers what waits, runs a last task, and waits until it has ended.
     * When called by the delivering thread, it runs the last task at once.
     *
     * @param last final task; left out when there is no time for it
     * @param patience maximum time to wait
     * @return the fault events that were not delivered
     */
    public List<FaultEvent> close(Runnable last, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        boolean mine;
        boolean idle;
        synchronized (lock) {
            closed = true;
            mine = Thread.currentThread().equals(worker);
            idle = !mine && awaitEnd(until);
            scheduled |= idle;
        }
        if (mine) {
            run(last);
        } else if (idle) {
            hand(() -> {
                begin();
                run(last);
                end();
            });
            awaitEnd(until);
        }
        synchronized (lock) {
            over = true;
            BoardReport waiting = newest;
            BoardReport before = loss;
            clear();
            return waiting == null ? List.of() : before == null ? waiting.events() : waiting.after(before).events();
        }
    }
}
