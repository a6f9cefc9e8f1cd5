/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Modbus RTU on a serial line, or through a TCP gateway that passes the bytes on.
 * <p>
 * Keeps the silence of 3.5 characters before each request and sleeps while the bytes are on the wire. After a failure
 * it waits for a quiet line and, if the {@link RtuGuard} requires it, sends a probe before it trusts an answer again.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RtuClient extends StreamClient implements RtuFraming.Listener {

    private static final long MILLI = 1_000_000;
    /** Time without a byte after which the line counts as quiet. */
    private static final long QUIET = 30 * MILLI;
    /** Maximum time to wait for a quiet line, in nanoseconds; after that the line counts as disturbed. */
    private static final long LONGEST_UNREST = 1_000 * MILLI;
    /**
     * Silence after which the answer is given up early: enough bytes arrived without a valid frame, or a frame that is
     * not the answer. A gateway passes a frame on in parts and therefore gets more time.
     */
    private static final long SPOILT = 30 * MILLI;
    private static final long SPOILT_BEHIND_GATEWAY = 50 * MILLI;
    /** Time before the last expected byte at which reading starts. */
    private static final long AHEAD = MILLI / 2;
    /** Minimum length of a frame in bytes. */
    private static final int SHORTEST_FRAME = 5;
    /** Step by which the learnt turnaround time of the device changes. */
    private static final long TURN_STEP = MILLI / 4;
    /**
     * Number of consecutive failed probes after which the port is reopened. A good answer of another unit resets
     * the count.
     */
    private static final int MAX_FAILED_PROBES = 4;
    /** Maximum number of attempts of a read while another master disturbs it. */
    private static final int FOREIGN_ATTEMPTS = 3;
    /** Maximum number of extra registers in a read, to give it another length than foreign reads. */
    private static final int MOST_EXTRA = 7;
    private static final int NO_EXTRA = -1;
    private static final long NEVER = Long.MAX_VALUE / 4;
    private static final int LAST_ADDRESS = 0xFFFF;
    /** Number of consecutive requests without a byte after which a connection is reopened: its far end may be gone. */
    private static final int MAX_SILENT_REQUESTS = 2;
    /** The same where the device needs some time after each connect. */
    private static final int MAX_SILENT_REQUESTS_BEFORE_WAIT = 3;

    /** Purpose of an exchange. */
    private enum Purpose {
        REQUEST,
        PROBE,
        /** A read that wakes the device. It is expected to stay unanswered. */
        WAKE_UP
    }

    private final long silenceNanos;
    private final boolean gateway;
    private final long spoiltNanos;
    private final StreamFraming framing;
    private final RtuGuard guard;
    private final ForeignTraffic foreign;
    private final RecentAnswers recent = new RecentAnswers();
    private final Map<Long, Integer> extras = new HashMap<>();

    private boolean restless = true;
    private int failedProbes;
    private int silentRequests;
    /** The current request or null, and whether its unit sent an unexpected answer, or even a longer one. */
    private @Nullable ModbusRequest current;
    private boolean oddAnswer;
    private boolean longAnswer;
    /** Whether the answer arrived corrupted: no other is under way. */
    private boolean isOver;
    private int variation;
    /** Minimum time before the device begins to answer, as learnt; reading earlier is pointless. */
    private long turnaround;

    /**
     * @param silenceNanos the silence that separates frames: 3.5 characters, or 1.75 ms above 19200 baud; 0 through
     *            a gateway
     * @param guard tracks answers that may be under way on the line
     * @param profile what was learnt about the line and its devices
     */
    RtuClient(ByteTransport transport, Ticker ticker, long silenceNanos, RtuGuard guard, LinkProfile profile) {
        this(transport, ticker, silenceNanos, guard, profile, null);
    }

    private RtuClient(ByteTransport transport, Ticker ticker, long silenceNanos, RtuGuard guard, LinkProfile profile,
            @Nullable StreamFraming framing) {
        super(transport, ticker, profile);
        this.framing = framing == null ? new RtuFraming(this) : framing;
        this.foreign = profile.foreign();
        this.silenceNanos = silenceNanos;
        this.gateway = silenceNanos == 0;
        this.spoiltNanos = gateway ? SPOILT_BEHIND_GATEWAY : SPOILT;
        this.guard = guard;
        guard.reopened();
    }

    /**
     * Returns a client for a Modbus TCP gateway whose answers do not carry the transaction id of their request. Such
     * answers prove no more than RTU answers and need the same guard.
     */
    static RtuClient withoutTransactionIds(ByteTransport transport, Ticker ticker, RtuGuard guard,
            LinkProfile profile) {
        return new RtuClient(transport, ticker, 0, guard, profile, new TcpFraming(profile.header()));
    }

    @Override
    public RegisterView transact(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException {
        if (!request.isRead()) {
            return ask(request, timeoutNanos);
        }
        for (int attempt = 1;; attempt++) {
            ModbusRequest varied = foreign.isGuarding(ticker.nanos()) ? varied(request) : request;
            try {
                RegisterView registers = ask(varied, timeoutNanos);
                registers.limit(request.count());
                return registers;
            } catch (ModbusException e) {
                if (varied.count() == request.count()) {
                    throw e;
                }
                // There are no registers after this block.
                extras.put(place(request), NO_EXTRA);
            } catch (LinkException e) {
                if (varied.count() != request.count() && e.failure().cause() != FailureCause.SECOND_MASTER) {
                    extras.put(place(request), NO_EXTRA);
                }
                if (attempt == FOREIGN_ATTEMPTS || e.failure().cause() != FailureCause.SECOND_MASTER) {
                    throw e;
                }
            }
        }
    }

    private static long place(ModbusRequest request) {
        return (long) request.unit() << 40 | (long) request.function() << 32 | (long) request.address() << 8
                | request.count();
    }

    /** The same read with another number of extra registers: a foreign answer is as long by chance only. */
    private ModbusRequest varied(ModbusRequest request) {
        int last = extras.getOrDefault(place(request), 0);
        variation = (variation + 1) % (MOST_EXTRA - 1);
        int extra = last == NO_EXTRA ? 0 : (last + 1 + variation) % (MOST_EXTRA + 1);
        int count = request.count() + extra;
        DeviceProfile device = profile.device(request.unit());
        boolean isGiven = count <= device.readLimit() && !(device.givesOnlyEvenCounts() && count % 2 != 0);
        if (extra == 0 || !isGiven || request.address() + count > LAST_ADDRESS + 1) {
            extras.put(place(request), last == NO_EXTRA ? NO_EXTRA : 0);
            return request;
        }
        extras.put(place(request), extra);
        return ModbusRequest.read(request.unit(), request.function(), request.address(), count);
    }

    @Override
    public void request(int unit, int function, int address, int count) {
        foreign.heard(ticker.nanos());
        boolean read = function == ModbusRequest.READ_INPUT || function == ModbusRequest.READ_HOLDING;
        if (read && count >= 1 && count <= ModbusRequest.MAX_READ && address + count <= LAST_ADDRESS + 1) {
            // The answer to it is under way, like one to our own requests.
            guard.failed(ModbusRequest.read(unit, function, address, count));
        }
    }

    @Override
    public void answer(int unit, int function, int count, int content, boolean unasked) {
        ModbusRequest asked = current;
        if (!guard.hasProof() || recent.holds(unit, function, count, content) || guard.heard(unit, count)) {
            // It is left over from before, repeated, or late.
            return;
        }
        if (unasked || asked == null || unit != asked.unit()) {
            foreign.heardAnswer(ticker.nanos());
        } else {
            oddAnswer = true;
            longAnswer |= function == asked.function() && count > asked.count();
        }
    }

    private RegisterView ask(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException {
        awaitReadiness();
        if (restless) {
            settle();
        }
        if (profile.device(request.unit()).wakeUp().isDue(ticker.nanos(), !gateway)) {
            wake(request);
        }
        if (guard.needsProbe(request)) {
            probe(request, timeoutNanos);
        }
        try {
            RegisterView registers = exchange(request, timeoutNanos, Purpose.REQUEST);
            failedProbes = 0;
            return recent.isRepeated(request, registers) ? secondOpinion(request, timeoutNanos)
                    : recent.add(request, registers);
        } catch (ModbusException e) {
            if (guard.isInDoubt(request.unit())) {
                // An older request is open, and the exception may belong to that one.
                guard.doubtful(request);
                restless = true;
                throw new LinkException(exception(e), false);
            }
            if (e.isPermanent() && request.isRead()) {
                return secondOpinion(request, timeoutNanos);
            }
            throw e;
        }
    }

    /**
     * Reads a block again after a probe. Another block may hold the same content or be refused too, but the device or
     * gateway may also have repeated its last answer.
     */
    private RegisterView secondOpinion(ModbusRequest request, long timeoutNanos) throws ModbusException, LinkException {
        guard.doubtful(request);
        settle();
        probe(request, timeoutNanos);
        RegisterView registers = exchange(request, timeoutNanos, Purpose.REQUEST);
        recent.confirm(request, registers);
        return recent.add(request, registers);
    }

    /**
     * Sends a read that the device may ignore, to wake it up. Its length differs from that of the request, so that its
     * answer cannot be taken for the answer to the request.
     */
    private void wake(ModbusRequest request) throws LinkException {
        DeviceProfile device = profile.device(request.unit());
        ModbusRequest read = guard.probe(request, device);
        if (read == null) {
            return;
        }
        try {
            exchange(read, wakeNanos(device), Purpose.WAKE_UP);
        } catch (ModbusException e) {
            // The device was awake, but an exception response has no length that could prove anything.
            guard.doubtful(read);
        } catch (LinkException e) {
            if (e.isSessionLost()) {
                throw e;
            }
        }
        if (restless) {
            settle();
        }
    }

    /** Clears the doubt about older answers with a probe, or fails. */
    private void probe(ModbusRequest request, long timeoutNanos) throws LinkException {
        ModbusRequest probe = guard.probe(request, profile.device(request.unit()));
        if (probe == null) {
            settle(timeoutNanos);
            guard.silent(request.unit());
            return;
        }
        boolean lost = false;
        Failure failure;
        try {
            exchange(probe, timeoutNanos, Purpose.PROBE);
            if (!isFollowed()) {
                failedProbes = 0;
                return;
            }
            // A device that was stopped answers everything at once: this was one of several old answers.
            guard.doubtful(probe);
            failure = Failure.of(FailureCause.GARBAGE);
        } catch (ModbusException e) {
            if (e.mayBePermanent() && !guard.refused(request.unit())) {
                // An exception response has no length that could prove anything. Silence for the time of an answer
                // must do.
                settle(timeoutNanos);
                guard.silent(request.unit());
                return;
            }
            guard.doubtful(probe);
            restless = true;
            failure = exception(e);
        } catch (LinkException e) {
            failure = e.failure();
            lost = e.isSessionLost();
            guard.unanswered(request.unit());
        }
        failedProbes++;
        throw new LinkException(failure,
                lost || failedProbes >= MAX_FAILED_PROBES && !profile.mayBecomeReady(ticker.nanos()));
    }

    private boolean isFollowed() throws LinkException {
        long until = ticker.nanos() + QUIET;
        int heard = 0;
        // Bytes after the first few are discarded later: the stream may be endless.
        while (heard < SHORTEST_FRAME && until - ticker.nanos() > 0) {
            heard += transport.read(in, 0, in.length, until);
        }
        restless |= heard > 0;
        return heard >= SHORTEST_FRAME;
    }

    private RegisterView exchange(ModbusRequest request, long timeoutNanos, Purpose purpose)
            throws ModbusException, LinkException {
        awaitSilence(request, purpose);
        int length = framing.begin(request, out);
        current = request;
        oddAnswer = false;
        longAnswer = false;
        isOver = false;
        transport.discardOnClose(!request.isRead());
        try {
            return converse(request, length, timeoutNanos, purpose);
        } catch (LinkException e) {
            if (!isOver) {
                // The answer may still come, even after the port is gone and back.
                restless = true;
                guard.failed(request);
            }
            // A network could deliver the write after later ones. Closing the connection prevents this.
            throw gateway && !request.isRead() ? new LinkException(e.failure(), true) : e;
        }
    }

    private RegisterView converse(ModbusRequest request, int length, long timeoutNanos, Purpose purpose)
            throws ModbusException, LinkException {
        int expected = framing.answerLength(request);
        long begun = ticker.nanos();
        long pause = begun - lastActivity;
        profile.device(request.unit()).wakeUp().begins(begun);
        transport.write(out, 0, length);
        long sent = ticker.nanos() + transport.wireNanos(length);
        long complete = sent + transport.wireNanos(expected);
        long deadline = complete + timeoutNanos;
        // Counted from before the write: the thread may be suspended after it as well.
        long tooLate = begun + transport.wireNanos(length) + deadline - sent + STALLED_NANOS;
        lastActivity = sent;
        parkUntil(complete + turnaround - AHEAD);

        long firstLook = ticker.nanos();
        while (true) {
            long patience = earlier(deadline, lastActivity + patience(request, expected));
            int count = transport.read(in, 0, in.length, patience);
            long now = ticker.nanos();
            if (count > 0) {
                lastActivity = now;
                silentRequests = 0;
                profile.received(in, count);
                if (now - tooLate > 0) {
                    throw failed(begun, now);
                }
                switch (framing.feed(in, 0, count)) {
                    case ANSWER:
                        if (oddAnswer) {
                            foreign.heardAnswer(now);
                        }
                        guard.answered(request);
                        learnTurn(now - complete, now - firstLook < TURN_STEP);
                        answered(request, pause, begun, now);
                        gave(request);
                        return framing.registers();
                    case EXCEPTION:
                        answered(request, pause, begun, now);
                        throw new ModbusException(framing.exceptionCode());
                    case BROKEN:
                        // Another master sent a request meanwhile: it is unknown to whom this answer belongs.
                        throw failed(begun, now);
                    default:
                        if (isFlood(framing.received())) {
                            throw flood(begun, now);
                        }
                        if (now - deadline > spoiltNanos) {
                            // An endless stream, faster than it is read: fail, or no other device would get a turn.
                            throw failed(begun, now);
                        }
                        parkUntil(earlier(deadline, now + transport.wireNanos(missing(expected)) - AHEAD));
                }
            } else if (patience - now <= 0) {
                isOver = isSpoiltAnswer(request);
                silentRequests += framing.received() == 0 && purpose != Purpose.WAKE_UP ? 1 : 0;
                if (framing.heardNothing()) {
                    overlooked(request, pause, purpose);
                }
                throw failed(begun, now);
            }
        }
    }

    /** Maximum silence before the answer is given up; {@link #NEVER} to wait until the deadline. */
    private long patience(ModbusRequest request, int expected) {
        if (isSpoiltAnswer(request)) {
            return gateway ? spoiltNanos : silenceNanos;
        }
        if (framing.pending() >= expected) {
            return spoiltNanos;
        }
        boolean isStrange = oddAnswer || framing.sawOtherUnit()
                || framing.sawOtherRefusal() && !guard.isInDoubt(request.unit());
        // If it was for another master, our answer follows.
        return isStrange ? spoiltNanos + 2 * turnaround : NEVER;
    }

    /**
     * Whether the answer arrived corrupted. False while an older or a foreign answer may be under way: they
     * look alike.
     */
    private boolean isSpoiltAnswer(ModbusRequest request) {
        return framing.isSpoiltAnswer() && !guard.isInDoubt(request.unit()) && !foreign.isGuarding(ticker.nanos());
    }

    /**
     * Adapts the turnaround time: it grows in small steps after slow answers, and shrinks soon after quick ones.
     *
     * @param wasThere whether the answer was there at the first look. It may have arrived long before because this
     *            thread woke up late, so the next look is earlier.
     */
    private void learnTurn(long measured, boolean wasThere) {
        turnaround = Math.max(0, wasThere ? turnaround - TURN_STEP : Math.min(measured, turnaround + TURN_STEP));
    }

    private void overlooked(ModbusRequest request, long pause, Purpose purpose) {
        WakeUp wakeUp = profile.device(request.unit()).wakeUp();
        if (purpose == Purpose.WAKE_UP) {
            wakeUp.woken();
            return;
        }
        wakeUp.lost();
        if (purpose == Purpose.REQUEST) {
            // Each probe has another length, so a probe is no evidence about the one before.
            profile.device(request.unit()).gap().lost(request, pause);
        }
        profile.silent(request.unit());
    }

    private int missing(int expected) {
        return Math.max(1, expected - framing.pending());
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }

    private static Failure exception(ModbusException e) {
        return new Failure(FailureCause.EXCEPTION, Integer.toString(e.code()));
    }

    private LinkException failed(long begun, long now) {
        busy(begun, now);
        if (longAnswer) {
            // A device may answer with fewer registers than it was asked for, but not with more.
            foreign.heardAnswer(now);
        }
        int most = profile.connectWaitNanos() > 0 ? MAX_SILENT_REQUESTS_BEFORE_WAIT : MAX_SILENT_REQUESTS;
        return new LinkException(failure(now), gateway && silentRequests >= most && !profile.mayBecomeReady(now));
    }

    private LinkException flood(long begun, long now) {
        busy(begun, now);
        return new LinkException(Failure.of(FailureCause.GARBAGE), true);
    }

    private Failure failure(long now) {
        if (framing.received() == 0) {
            return silence(gateway, now);
        }
        if (framing.sawOtherMaster()) {
            return Failure.of(FailureCause.SECOND_MASTER);
        }
        if (framing.sawOtherUnit()) {
            return new Failure(FailureCause.WRONG_UNIT, Integer.toString(framing.otherUnit()));
        }
        return Failure.of(profile.isTelnet() ? FailureCause.TELNET : FailureCause.GARBAGE);
    }

    /** Waits until the line was silent for a short time. Bytes received meanwhile are not used as an answer. */
    private void settle() throws LinkException {
        // Bytes that arrived since then are found at the first look.
        settle(QUIET, lastActivity);
    }

    /** Waits until the line was silent for this long from now on. */
    private void settle(long quiet) throws LinkException {
        settle(quiet, ticker.nanos());
    }

    private void settle(long quiet, long since) throws LinkException {
        long begun = ticker.nanos();
        long quietSince = since;
        long unasked = 0;
        while (true) {
            int count = transport.read(in, 0, in.length, quietSince + quiet);
            long now = ticker.nanos();
            if (count > 0) {
                profile.received(in, count);

                current = null;
                framing.overhear(in, count);
                quietSince = now;
                lastActivity = now;
                unasked += count;
                if (isFlood(unasked)) {
                    throw flood(begun, now);
                }
                if (now - begun > quiet + LONGEST_UNREST) {
                    throw new LinkException(Failure.of(FailureCause.GARBAGE), false);
                }
            } else if (now - quietSince >= quiet) {
                restless = false;
                return;
            }
        }
    }

    /** Keeps the silence between frames, or the pause that the device needs, and drops unsolicited bytes. */
    private void awaitSilence(ModbusRequest request, Purpose purpose) throws LinkException {
        RequestGap gap = profile.device(request.unit()).gap();
        long pause = purpose == Purpose.PROBE ? gap.beforeProbe(request) : gap.before(request);
        parkUntil(lastActivity + Math.max(silenceNanos, pause));
        int count = transport.read(in, 0, in.length, ticker.nanos());
        if (count > 0) {
            current = null;
            framing.overhear(in, count);
            settle();
        }
    }

    @Override
    protected void heard(int count) {
        current = null;
        framing.overhear(in, count);
    }

    @Override
    public int listen(long untilNanos) throws LinkException {
        int heard = super.listen(untilNanos);
        restless |= heard > 0;
        return heard;
    }
}
