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
 * One physical bus and the one thread that uses it. It opens the bus, opens it again after it was lost, and serves its
 * members in turn, one transaction each.
 * <p>
 * The thread lives while there are members. A bus whose last member left is done with; the next member gets a new one,
 * which waits until the old one has closed its port. A member whose own code fails rests for a while, with back-off;
 * the bus stays open for the others.
 *
 * @param <S> what an open bus of this kind is
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class Bus<S extends BusSession> implements Runnable {

    /** After this the predecessor hangs; then the attempt to open the port says what is wrong. */
    private static final long LONGEST_WAIT_MILLIS = 10_000;
    /** So many turns that fail one after the other are taken for a failure of the open bus. */
    private static final int FAILURES_OF_SESSION = 5;
    /** A member that gives way is served like others when it has waited for so long. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private final Logger logger = LoggerFactory.getLogger(Bus.class);

    /** Finds the device of a bus anew before it is opened, because a name may lead elsewhere by now. */
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
    /** Who has left, and has not had the last turn yet. */
    private final Queue<MemberEntry<S>> removed = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    /** What was warned of. */
    private final Set<Class<?>> warned = new HashSet<>();

    /** What the bus is in the eyes of the registry, which guards it; null while another bus has that device. */
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
     * A member in its place.
     *
     * @param <S> what an open bus of its kind is
     */
    static final class MemberEntry<S extends BusSession> {
        private final String name;
        private final SessionFactory<S> factory;
        private final BusMember<S> member;
        private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
        private volatile @Nullable Bus<S> bus;
        /** A member whose code failed has no turn before this moment. For the thread of the bus, like the next one. */
        private long restsUntil;
        /** A member that failed to look after its time does not do so before this moment. */
        private long watchesFrom;

        /**
         * @param name the bus, as its member names it
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

        /** Where the member is now. */
        @Nullable
        Bus<S> bus() {
            return bus;
        }

        /** What the name leads to now. */
        String device() {
            return factory.device(name);
        }
    }

    /**
     * @param owner whose name and factory open the bus, also when he has left
     * @param device what his name leads to; null when another bus has that
     * @param settings how the bus is set; members that want others cannot join
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

    /** Whether somebody calls the bus so. */
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

    /** Lets a member go to another bus, while this one is not open. */
    void release(MemberEntry<S> member) {
        members.remove(member);
        retireIfEmpty();
    }

    private void retireIfEmpty() {
        if (members.isEmpty()) {
            retired = true;
        }
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
        return owner.factory.tap();
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
            close(open);
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
                    // Neither a bug of ours nor a class that cannot be loaded, nor that memory was short for a moment,
                    // may end the thread: the bus would be dead until a restart, and its boards would show their last
                    // values for as long. So nothing is done here that could fail as well.
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

    /** Opens the bus anew after something unexpected, and not in a circle. */
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

    /** Tells each kind of failure once: it may come back as often as the bus is opened. */
    private void warn(@Nullable Throwable e) {
        if (e != null && warned.add(e.getClass())) {
            logger.warn("{}: unexpected failure", name(), e);
        } else {
            logger.debug("{}: unexpected failure", name(), e);
        }
    }

    /** Gives those who have left their last turn. */
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
                // Nobody was served since the first of them: it may be the bus that fails.
                failuresInRow = 0;
                reopen(false);
            }
        }
    }

    /** The code of a member failed: it is left alone for a while, and the others go on. */
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

    /** Tells all members; that one fails at it is not to be felt by the others. */
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
     * @param worked whether the bus did what it is for since it was opened
     */
    private void reopen(boolean worked) {
        long now = ticker.nanos();
        boolean lasted = session != null && now - openedAt >= Backoff.LONGEST_NANOS;
        closeSession();
        if (worked || lasted) {
            // Look at once whether it does again. One that is lost as soon as it is open, however, must not be opened
            // in a circle.
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
            logger.debug("{}: cannot be closed in order", name(), e);
        }
    }

    /**
     * The next member that wants the bus now, in turn after the one that had it last; an urgent one before all others,
     * and one that gives way behind them.
     *
     * @return null when nobody wants it
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

    /** Whether a member wants the bus, but not before others. */
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

    /** Also while the member rests: its values become too old all the same. */
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
