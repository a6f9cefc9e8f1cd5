/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.function.IntToLongFunction;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.internal.transport.TraceSink.Event;

/**
 * A transport and clock that replay a recording. The clock jumps from event to event; nothing waits.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class ReplayTransport implements ByteTransport, Ticker {

    /** Maximum delay of a sent frame compared to the recording, in nanoseconds, before it counts as not sent. */
    private static final long GRACE = 50_000_000;
    private static final long STEP = 1_000_000;

    /** Number of events to search for a frame that this program sends at another place than the recording. */
    private static final int LOOK_AHEAD = 1000;
    private static final int LONGEST_DETAIL = 100;

    private final Trace trace;
    private final IntToLongFunction wire;
    /** Events that were read from the recording, but not replayed yet. */
    private final Deque<Trace.Entry> ahead = new ArrayDeque<>();
    private @Nullable Exception problem;
    private int taken;
    private long clock;
    private long strayLine;

    /** The recording ends before the requested event: it was cut during a request. */
    static final class EndException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EndException() {
            super("The recording ends here", null, false, false);
        }
    }

    /**
     * @param wire gives the transmission time of a number of bytes, in nanoseconds
     */
    ReplayTransport(Trace trace, IntToLongFunction wire) {
        this.trace = trace;
        this.wire = wire;
    }

    // ---- the recording ----

    /** The next event; null at the end. */
    Trace.@Nullable Entry peek() {
        if (ahead.isEmpty()) {
            fetch();
        }
        return ahead.peek();
    }

    private boolean fetch() {
        if (problem != null) {
            return false;
        }
        try {
            Trace.Entry entry = trace.next();
            if (entry != null) {
                return ahead.add(entry);
            }
        } catch (IOException | Trace.FormatException e) {
            // Reported by check(): the recording is valid up to here.
            problem = e;
        }
        return false;
    }

    /**
     * Reports an error in the recording.
     *
     * @throws IOException when it could not be read to its end
     * @throws Trace.FormatException when it contains an invalid line
     */
    void check() throws IOException, Trace.FormatException {
        if (problem instanceof IOException e) {
            throw e;
        } else if (problem instanceof Trace.FormatException e) {
            throw e;
        }
    }

    /** Skips the next event. */
    void skip() {
        ahead.poll();
        taken = 0;
    }

    /** Advances the clock to a time, unless it is later already. */
    void advance(long nanos) {
        clock = Math.max(clock, nanos);
    }

    /**
     * First line of the recording at which this version behaves differently from the one that recorded; 0 for none.
     */
    long strayLine() {
        return strayLine;
    }

    private void stray(Trace.Entry entry) {
        strayLine = strayLine == 0 ? entry.line() : strayLine;
    }

    private Trace.Entry next() {
        Trace.Entry entry = peek();
        if (entry == null) {
            throw new EndException();
        }
        return entry;
    }

    // ---- the wire ----

    @Override
    public void open() throws LinkException {
        Trace.Entry entry = next();
        if (entry.event() == Event.OPENING) {
            skip();
            entry = next();
        }
        if (entry.event() != Event.OPEN && entry.event() != Event.FAILED) {
            stray(entry);
            throw LinkException.lost(FailureCause.CONNECTION_LOST, "");
        }
        skip();
        advance(entry.nanos());
        if (entry.event() == Event.FAILED) {
            throw failed(entry);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long deadline) throws LinkException {
        Trace.Entry entry = peek();
        while (entry != null && entry.event() == Event.SENT && entry.nanos() <= Math.max(clock, deadline)) {
            // The frame was sent in the recording, and will be sent again within GRACE, or not at all.
            if (clock - entry.nanos() < GRACE) {
                advance(Math.min(Math.max(clock, deadline), Math.max(clock + STEP, entry.nanos())));
                return 0;
            }
            stray(entry);
            skip();
            entry = peek();
        }
        if (entry == null && deadline > clock) {
            throw new EndException();
        }
        if (entry != null && entry.nanos() <= Math.max(clock, deadline)) {
            if (entry.event() == Event.RECEIVED) {
                advance(entry.nanos());
                int count = Math.min(length, entry.bytes().length - taken);
                System.arraycopy(entry.bytes(), taken, buffer, offset, count);
                taken += count;
                if (taken == entry.bytes().length) {
                    skip();
                }
                return count;
            }
            if (entry.event() == Event.FAILED) {
                advance(entry.nanos());
                skip();
                throw failed(entry);
            }
        }
        advance(deadline);
        return 0;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws LinkException {
        byte[] bytes = Arrays.copyOfRange(buffer, offset, offset + length);
        Trace.Entry entry = next();
        if (entry.event() != Event.SENT || !Arrays.equals(entry.bytes(), bytes)) {
            stray(entry);
            Trace.Entry found = find(bytes);
            if (found == null) {
                return;
            }
            while (entry != found) {
                skip();
                entry = next();
            }
        }
        skip();
        advance(entry.nanos());
        Trace.Entry after = peek();
        if (after != null && after.event() == Event.FAILED && after.nanos() - clock < STEP) {
            skip();
            throw failed(after);
        }
    }

    /** Finds the event that sends these bytes while the connection stays open; null when there is none. */
    private Trace.@Nullable Entry find(byte[] bytes) {
        while (ahead.size() < LOOK_AHEAD && fetch()) {
            // Fill the look-ahead.
        }
        for (Trace.Entry entry : ahead) {
            if (entry.event() == Event.CLOSED || entry.event() == Event.OPENING) {
                break;
            }
            if (entry.event() == Event.SENT && Arrays.equals(entry.bytes(), bytes)) {
                return entry;
            }
        }
        return null;
    }

    private static LinkException failed(Trace.Entry entry) {
        String[] parts = entry.detail().split(" ", 2);
        FailureCause cause = FailureCause.CONNECTION_LOST;
        try {
            cause = FailureCause.valueOf(parts[0].toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            // The cause is unknown to this version: only the loss of the connection matters.
        }
        String detail = parts.length < 2 ? "" : parts[1];
        return new LinkException(new Failure(cause, detail.substring(0, Math.min(LONGEST_DETAIL, detail.length()))),
                true);
    }

    @Override
    public long wireNanos(int bytes) {
        return wire.applyAsLong(bytes);
    }

    @Override
    public void close() {
        Trace.Entry entry = peek();
        if (entry != null && entry.event() == Event.CLOSED) {
            skip();
        }
    }

    // ---- the clock ----

    @Override
    public long nanos() {
        return clock;
    }

    @Override
    public Instant now() {
        return trace.time().plusNanos(clock);
    }

    @Override
    public void parkUntil(long nanos) {
        advance(nanos);
    }
}
