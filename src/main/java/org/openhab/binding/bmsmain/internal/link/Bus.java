/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.link;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One physical bus and the one thread that uses it. It opens the bus, opens it again after it was lost, and serves its
 * members in turn, one transaction each.
 * <p>
 * The thread lives while there are members. A bus whose last member left is done with; the next member gets a new one,
 * which waits until the old one has closed its port.
 *
 * @param <S> what an open bus of this kind is
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Bus<S extends BusSession> implements Runnable {

    /** After this the predecessor hangs; then the attempt to open the port says what is wrong. */
    private static final long LONGEST_WAIT_MILLIS = 10_000;

    private final Logger logger = LoggerFactory.getLogger(Bus.class);

    private final String name;
    private final Object settings;
    private final SessionFactory<S> factory;
    private final Ticker ticker;
    private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final List<BusMember<S>> members = new CopyOnWriteArrayList<>();
    private final Thread thread;

    private @Nullable Bus<?> predecessor;

    private volatile @Nullable S session;
    private volatile boolean retired;
    private volatile boolean renewal;
    private boolean proven;
    private long openAt;
    private long openedAt;
    private int turn;

    /**
     * @param settings how the bus is set; members that want others cannot join
     * @param predecessor a bus of the same name that may still be closing, or null
     */
    Bus(String name, Object settings, SessionFactory<S> factory, Ticker ticker, @Nullable Bus<?> predecessor) {
        this.name = name;
        this.settings = settings;
        this.factory = factory;
        this.ticker = ticker;
        this.predecessor = predecessor;
        this.openAt = ticker.nanos();
        this.thread = new Thread(this, "bmsmain-" + name);
        this.thread.setDaemon(true);
    }

    String name() {
        return name;
    }

    Object settings() {
        return settings;
    }

    boolean isRetired() {
        return retired;
    }

    boolean isDone() {
        return retired && !thread.isAlive();
    }

    /** Adds a member; the first one starts the thread. */
    void join(BusMember<S> member) {
        members.add(member);
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        } else {
            wake();
        }
    }

    /** Removes a member. Without members the bus closes its port and ends. */
    void leave(BusMember<S> member) {
        members.remove(member);
        if (members.isEmpty()) {
            retired = true;
        }
        wake();
    }

    /** Ends the bus, whoever is still on it. */
    void retire() {
        retired = true;
        wake();
    }

    /** Makes the thread look again at what is due. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Where one can listen to the bus, or null. */
    @Nullable
    TraceTap tap() {
        return factory.tap();
    }

    /** Lets the members begin anew on the open bus, before their next transaction. */
    void renew() {
        renewal = true;
        wake();
    }

    /** Ends the thread's waits. Only for a bus that is retired. */
    void abort() {
        @Nullable
        S open = session;
        if (open != null) {
            open.close();
        }
        wake();
    }

    /** Waits for the thread's end, at most the given time. */
    void awaitEnd(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        Bus<?> before = predecessor;
        predecessor = null;
        if (before != null) {
            before.awaitEnd(LONGEST_WAIT_MILLIS);
        }
        try {
            while (!retired) {
                try {
                    round();
                } catch (RuntimeException | Error e) {
                    // Neither a bug of ours nor a class that cannot be loaded, nor that memory was short for a moment,
                    // may end the thread: the bus would be dead until a restart, and its boards would show their last
                    // values for as long. Nor may it spin.
                    logger.warn("{}: unexpected failure, the bus is opened anew", name, e);
                    proven = false;
                    reopen();
                    ticker.parkUntil(ticker.nanos() + Backoff.FIRST_NANOS);
                }
            }
        } finally {
            tell(BusMember::ended);
            closeSession();
            TraceTap tap = factory.tap();
            if (tap != null) {
                tap.end();
            }
        }
    }

    private void round() {
        @Nullable
        S open = session;
        if (renewal) {
            renewal = false;
            if (open != null) {
                open = factory.renew(open);
                session = open;
            }
            tell(BusMember::renewed);
        }
        long now = ticker.nanos();
        if (open == null) {
            if (openAt - now <= 0) {
                open();
            } else {
                ticker.parkUntil(earliestDeadline(openAt));
            }
        } else {
            BusMember<S> member = nextDue(now);
            try {
                if (member != null) {
                    member.serve(open);
                    proven = true;
                } else {
                    open.idle(earliestDeadline(earliestDue(now)));
                }
            } catch (LinkException e) {
                logger.debug("{}: {}", name, e.getMessage());
                if (e.isSessionLost()) {
                    reopen();
                }
            }
        }
        watch();
    }

    private void open() {
        try {
            S opened = factory.open();
            session = opened;
            proven = false;
            openedAt = ticker.nanos();
            logger.debug("{}: open", name);
            tell(member -> member.opened(opened));
        } catch (LinkException e) {
            openAt = ticker.nanos() + backoff.next();
            logger.debug("{}: cannot be opened: {}", name, e.getMessage());
            tell(member -> member.unavailable(e.failure()));
        }
    }

    /** Tells all members; that one fails at it is not to be felt by the others. */
    private void tell(Consumer<BusMember<S>> news) {
        for (BusMember<S> member : members) {
            try {
                news.accept(member);
            } catch (RuntimeException | Error e) {
                logger.warn("{}: unexpected failure", name, e);
            }
        }
    }

    private void reopen() {
        closeSession();
        if (proven) {
            // It worked until now: look at once whether it does again. One that is lost as soon as it is open, however,
            // must not be opened in a circle.
            backoff.reset();
            openAt = openedAt + Backoff.FIRST_NANOS;
        } else {
            openAt = ticker.nanos() + backoff.next();
        }
    }

    private void closeSession() {
        @Nullable
        S open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    /** The next member, after the one that had its turn, that wants the bus now; null when none does. */
    private @Nullable BusMember<S> nextDue(long now) {
        int count = members.size();
        int next = -1;
        for (int i = 0; i < count; i++) {
            int place = (turn + i) % count;
            BusMember<S> member = memberAt(place);
            if (member == null) {
                continue;
            }
            if (member.isUrgent()) {
                turn = place + 1;
                return member;
            }
            if (next < 0 && member.due() - now <= 0) {
                next = place;
            }
        }
        if (next < 0) {
            return null;
        }
        turn = next + 1;
        return memberAt(next);
    }

    private @Nullable BusMember<S> memberAt(int place) {
        try {
            return members.get(place);
        } catch (IndexOutOfBoundsException e) {
            // Another thread removed a member meanwhile.
            return null;
        }
    }

    private long earliestDue(long now) {
        long earliest = now + Backoff.LONGEST_NANOS;
        for (BusMember<S> member : members) {
            long due = member.due();
            if (due - earliest < 0) {
                earliest = due;
            }
        }
        return earliest;
    }

    private long earliestDeadline(long other) {
        long earliest = other;
        for (BusMember<S> member : members) {
            long deadline = member.deadline();
            if (deadline - earliest < 0) {
                earliest = deadline;
            }
        }
        return earliest;
    }

    private void watch() {
        long now = ticker.nanos();
        tell(member -> {
            if (member.deadline() - now <= 0) {
                member.watch(now);
            }
        });
    }
}
