/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.bus;

import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceTap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One physical bus and the only thread that uses it. The thread opens the bus, reopens it after a loss, and serves
 * the members in turn, one transaction each.
 * <p>
 * The thread runs as long as there are members. A bus whose last member has left is not reused: the next member gets
 * a new bus, which waits until the old one has closed its port. A member whose own code throws is suspended with
 * back-off; the bus stays open for the others.
 *
 * @param <S> type of the open bus
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Bus<S extends BusSession> implements Runnable {

    /** Maximum wait for the predecessor. After it the predecessor hangs, and opening the port gives the cause. */
    private static final long LONGEST_WAIT_MILLIS = 10_000;
    /** Number of consecutive exceptions from members that counts as a failure of the open bus. */
    private static final int FAILURES_OF_SESSION = 5;
    /** Time after which a member that gives way is served like the others. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private final Logger logger = LoggerFactory.getLogger(Bus.class);

    /** Looks up the device of a bus before it is opened, because its name may resolve to another device by now. */
    interface DeviceLookup {
        /** @throws LinkException when another bus with other settings has the device */
        <T extends BusSession> void settle(Bus<T> bus) throws LinkException;
    }

    private final MemberEntry<S> owner;
    private final Object settings;
    private final DeviceLookup lookup;
    private final Ticker ticker;
    private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final List<MemberEntry<S>> members = new CopyOnWriteArrayList<>();
    /** Members that have left but whose onRemoved has not been called yet. */
    private final Queue<MemberEntry<S>> removed = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    /** Exception classes that were logged as a warning. */
    private final Set<Class<?>> warned = new HashSet<>();

    /** Device of the bus, guarded by the registry; null while another bus has that device. */
    private @Nullable String device;
    private @Nullable Bus<?> predecessor;

    private volatile @Nullable S session;
    private volatile boolean retired;
    private volatile boolean renewal;
    private @Nullable Throwable broken;
    private long openAt;
    private long openedAt;
    private int failuresInRow;
    private @Nullable MemberEntry<S> last;

    /**
     * A member and the data that the bus keeps for it.
     *
     * @param <S> type of the open bus
     */
    static final class MemberEntry<S extends BusSession> {
        private final String name;
        private final SessionFactory<S> factory;
        private final BusMember<S> member;
        private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
        private volatile @Nullable Bus<S> bus;
        /** Time until which the member is suspended. Used by the bus thread only, like the next field. */
        private long restsUntil;
        /** Time before which the member is not watched, after watching it threw an exception. */
        private long watchesFrom;

        /**
         * @param name name of the bus, as configured for this member
         * @param factory opens the bus under that name
         */
        MemberEntry(String name, SessionFactory<S> factory, BusMember<S> member, long nowNanos) {
            this.name = name;
            this.factory = factory;
            this.member = member;
            this.restsUntil = nowNanos;
            this.watchesFrom = nowNanos;
        }

        String name() {
            return name;
        }

        /** Returns the bus that the member is on now. */
        @Nullable
        Bus<S> bus() {
            return bus;
        }

        /** Returns the device that the name resolves to now. */
        String device() {
            return factory.device(name);
        }
    }

    /**
     * @param owner member whose name and factory open the bus, even after it has left
     * @param device device that the owner's name resolves to; null when another bus has it
     * @param settings settings of the bus; members with other settings cannot join
     * @param predecessor a bus of the same device that may still be closing, or null
     */
    Bus(MemberEntry<S> owner, @Nullable String device, Object settings, DeviceLookup lookup, Ticker ticker,
            @Nullable Bus<?> predecessor) {
        this.owner = owner;
        this.device = device;
        this.settings = settings;
        this.lookup = lookup;
        this.ticker = ticker;
        this.predecessor = predecessor;
        this.openAt = ticker.nanos();
        this.thread = new Thread(this, "bmsmain-" + owner.name);
        this.thread.setDaemon(true);
    }

    String name() {
        return owner.name;
    }

    /** Returns whether the bus itself or one of its members uses this name. */
    boolean isNamed(String wanted) {
        return name().equals(wanted) || members.stream().anyMatch(entry -> entry.name.equals(wanted));
    }

    MemberEntry<S> owner() {
        return owner;
    }

    Object settings() {
        return settings;
    }

    /** Guarded by the registry. */
    @Nullable
    String device() {
        return device;
    }

    void setDevice(@Nullable String device) {
        this.device = device;
    }

    void setPredecessor(@Nullable Bus<?> bus) {
        predecessor = bus;
    }

    List<MemberEntry<S>> members() {
        return members;
    }

    boolean isOpen() {
        return session != null;
    }

    boolean isRetired() {
        return retired;
    }

    boolean isDone() {
        return retired && !thread.isAlive();
    }

    /** Adds a member; the first one starts the thread. */
    void join(MemberEntry<S> member) {
        members.add(member);
        member.bus = this;
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        } else {
            wake();
        }
    }

    /** Removes a member. Without members the bus closes its port and ends. */
    void leave(MemberEntry<S> member) {
        if (members.remove(member)) {
            removed.add(member);
        }
        retireIfEmpty();
        wake();
    }

    /** Removes a member that moves to another bus. Only while this bus is not open. */
    void release(MemberEntry<S> member) {
        members.remove(member);
        retireIfEmpty();
    }

    private void retireIfEmpty() {
        if (members.isEmpty()) {
            retired = true;
        }
    }

    /** Ends the bus, even if it still has members. */
    void retire() {
        retired = true;
        wake();
    }

    /** Wakes the thread so that it checks again what is due. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Returns the tap for tracing the bus, or null. */
    @Nullable
    TraceTap tap() {
        return owner.factory.tap();
    }

    /** Lets the members restart on the open bus before their next transaction. */
    void renew() {
        renewal = true;
        wake();
    }

    /** Closes the session to end blocking calls of the thread. Only for a retired bus. */
    void abort() {
        @Nullable
        S open = session;
        if (open != null) {
            close(open);
        }
        wake();
    }

    /** Waits until the thread has ended, at most the given time. */
    void awaitEnd(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        awaitPredecessor();
        try {
            while (!retired) {
                try {
                    if (broken == null) {
                        round();
                    } else {
                        recover();
                    }
                } catch (RuntimeException | Error e) {
                    // No error may end the thread, be it a bug, a class that cannot be loaded or a short lack of
                    // memory: the bus would be dead until a restart, and its boards would keep their last values.
                    // Only the error is stored here: that cannot fail.
                    broken = e;
                }
            }
        } finally {
            retired = true;
            removed.addAll(members);
            drainRemoved();
            tell(BusMember::ended);
            closeSession();
            TraceTap tap = tap();
            if (tap != null) {
                tap.end();
            }
        }
    }

    private void awaitPredecessor() {
        Bus<?> before = predecessor;
        predecessor = null;
        if (before != null) {
            before.awaitEnd(LONGEST_WAIT_MILLIS);
        }
    }

    /** Reopens the bus after an unexpected error, with a pause to prevent a busy loop. */
    private void recover() {
        try {
            reopen(false);
            warn(broken);
            broken = null;
            watch();
        } finally {
            ticker.parkUntil(ticker.nanos() + Backoff.FIRST_NANOS);
        }
    }

    /** Logs the first failure of each class as a warning, repeats as debug: it may recur on every reopening. */
    private void warn(@Nullable Throwable e) {
        if (e != null && warned.add(e.getClass())) {
            logger.warn("{}: unexpected failure", name(), e);
        } else {
            logger.debug("{}: unexpected failure", name(), e);
        }
    }

    /** Calls onRemoved for members that have left. */
    private void drainRemoved() {
        MemberEntry<S> entry = removed.poll();
        while (entry != null) {
            @Nullable
            S open = session;
            if (open != null) {
                try {
                    entry.member.onRemoved(open);
                } catch (LinkException e) {
                    failed(open, e);
                } catch (RuntimeException | Error e) {
                    warn(e);
                }
            }
            entry = removed.poll();
        }
    }

    private void round() {
        drainRemoved();
        @Nullable
        S open = session;
        if (renewal) {
            renewal = false;
            if (open != null) {
                open = owner.factory.renew(open);
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
            MemberEntry<S> next = nextDue(now);
            try {
                if (next != null) {
                    serve(next, open);
                } else {
                    open.idle(earliestDeadline(earliestDue(now)));
                }
            } catch (LinkException e) {
                failed(open, e);
            }
        }
        watch();
    }

    private void serve(MemberEntry<S> entry, S open) throws LinkException {
        try {
            entry.member.serve(open);
            failuresInRow = 0;
        } catch (RuntimeException | Error e) {
            rest(entry, e);
            failuresInRow++;
            if (failuresInRow == FAILURES_OF_SESSION) {
                // No member was served since the first of these failures: the bus itself may be defective.
                failuresInRow = 0;
                reopen(false);
            }
        }
    }

    /** Suspends a member whose code threw an exception; the other members continue. */
    private void rest(MemberEntry<S> entry, Throwable e) {
        warn(e);
        long now = ticker.nanos();
        if (now - entry.restsUntil > Backoff.LONGEST_NANOS) {
            entry.backoff.reset();
        }
        entry.restsUntil = now + entry.backoff.next();
        try {
            entry.member.unavailable(new Failure(FailureCause.INTERNAL, e.getClass().getSimpleName()));
        } catch (RuntimeException | Error again) {
            logger.debug("{}: unexpected failure", name(), again);
        }
    }

    private void failed(S open, LinkException e) {
        logger.debug("{}: {}", name(), e.getMessage());
        if (e.isSessionLost()) {
            reopen(open.hasWorked());
        }
    }

    private void open() {
        try {
            lookup.settle(this);
            if (retired) {
                return;
            }
            awaitPredecessor();
            S opened = owner.factory.open(earliestDeadline(ticker.nanos() + Ticker.NEVER));
            session = opened;
            openedAt = ticker.nanos();
            logger.debug("{}: open", name());
            tell(member -> member.opened(opened));
        } catch (LinkException e) {
            logger.debug("{}: cannot be opened: {}", name(), e.getMessage());
            notOpened(e.failure());
        } catch (RuntimeException | Error e) {
            warn(e);
            notOpened(new Failure(FailureCause.INTERNAL, e.getClass().getSimpleName()));
        }
    }

    private void notOpened(Failure failure) {
        openAt = ticker.nanos() + backoff.next();
        tell(member -> member.unavailable(failure));
    }

    /** Notifies all members. An exception of one member does not affect the others. */
    private void tell(Consumer<BusMember<S>> news) {
        for (MemberEntry<S> entry : members) {
            try {
                news.accept(entry.member);
            } catch (RuntimeException | Error e) {
                rest(entry, e);
            }
        }
    }

    /**
     * @param worked whether the bus received good data since it was opened
     */
    private void reopen(boolean worked) {
        long now = ticker.nanos();
        boolean lasted = session != null && now - openedAt >= Backoff.LONGEST_NANOS;
        closeSession();
        if (worked || lasted) {
            // Reopen at once, but not in a tight loop if the bus is lost right after each opening.
            backoff.reset();
            openAt = openedAt + Backoff.FIRST_NANOS;
        } else {
            openAt = now + backoff.next();
        }
    }

    private void closeSession() {
        @Nullable
        S open = session;
        session = null;
        if (open != null) {
            close(open);
        }
    }

    private void close(S open) {
        try {
            open.close();
        } catch (RuntimeException | Error e) {
            logger.debug("{}: cannot be closed properly", name(), e);
        }
    }

    /**
     * Returns the next due member in round-robin order after the last one served. Urgent members come before all
     * others, members that give way after them.
     *
     * @return null when no member is due
     */
    private @Nullable MemberEntry<S> nextDue(long now) {
        boolean isBehind = false;
        MemberEntry<S> urgent = null;
        MemberEntry<S> urgentBehind = null;
        MemberEntry<S> due = null;
        MemberEntry<S> dueBehind = null;
        MemberEntry<S> patient = null;
        for (MemberEntry<S> entry : members) {
            if (isUrgent(entry, now)) {
                urgent = urgent == null ? entry : urgent;
                urgentBehind = isBehind && urgentBehind == null ? entry : urgentBehind;
            } else if (isPatient(entry, now)) {
                patient = patient == null ? entry : patient;
            } else if (due(entry, now) - now <= 0) {
                due = due == null ? entry : due;
                dueBehind = isBehind && dueBehind == null ? entry : dueBehind;
            }
            isBehind |= entry.equals(last);
        }
        MemberEntry<S> next = urgentBehind != null ? urgentBehind
                : urgent != null ? urgent : dueBehind != null ? dueBehind : due != null ? due : patient;
        last = next == null ? last : next;
        return next;
    }

    private boolean isUrgent(MemberEntry<S> entry, long now) {
        try {
            return entry.restsUntil - now <= 0 && entry.member.isUrgent();
        } catch (RuntimeException | Error e) {
            rest(entry, e);
            return false;
        }
    }

    /** Returns whether a member that gives way is due, but for less than {@link #PATIENCE_NANOS}. */
    private boolean isPatient(MemberEntry<S> entry, long now) {
        if (!entry.member.givesWay()) {
            return false;
        }
        long waited = now - due(entry, now);
        return waited >= 0 && waited < PATIENCE_NANOS;
    }

    private long due(MemberEntry<S> entry, long now) {
        try {
            return entry.restsUntil - now > 0 ? entry.restsUntil : entry.member.due();
        } catch (RuntimeException | Error e) {
            rest(entry, e);
            return entry.restsUntil;
        }
    }

    /** Also applies while the member is suspended: its values expire all the same. */
    private long deadline(MemberEntry<S> entry, long now) {
        try {
            return entry.watchesFrom - now > 0 ? entry.watchesFrom : entry.member.deadline();
        } catch (RuntimeException | Error e) {
            rest(entry, e);
            entry.watchesFrom = entry.restsUntil;
            return entry.watchesFrom;
        }
    }

    private long earliestDue(long now) {
        long earliest = now + Backoff.LONGEST_NANOS;
        for (MemberEntry<S> entry : members) {
            long due = due(entry, now);
            if (due - earliest < 0) {
                earliest = due;
            }
        }
        return earliest;
    }

    private long earliestDeadline(long other) {
        long now = ticker.nanos();
        long earliest = other;
        for (MemberEntry<S> entry : members) {
            long deadline = deadline(entry, now);
            if (deadline - earliest < 0) {
                earliest = deadline;
            }
        }
        return earliest;
    }

    private void watch() {
        long now = ticker.nanos();
        for (MemberEntry<S> entry : members) {
            if (deadline(entry, now) - now <= 0) {
                try {
                    entry.member.watch(now);
                } catch (RuntimeException | Error e) {
                    rest(entry, e);
                    entry.watchesFrom = entry.restsUntil;
                }
            }
        }
    }
}
