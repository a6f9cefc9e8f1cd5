/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.canopen.SlcanCodec.Event;
import org.openhab.binding.bmsmain.internal.transport.ByteTransport;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CAN adapter on a serial port that uses slcan, the ASCII protocol of Lawicel: CANable, USBtin, CANUSB and others.
 * <p>
 * Adapters differ in which commands they answer. An adapter that answers none is accepted; one that refuses an
 * essential command is not. An adapter that was reset, or is still starting, is commanded again to join the bus.
 * <p>
 * The binding never sends an empty line: some firmware executes its previous line again, which may be a frame of a
 * former user.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SlcanAdapter implements CanAdapter {

    private static final long MILLI = 1_000_000;
    /** Response timeout of a command. */
    private static final long PATIENCE = 150 * MILLI;
    /** Response timeout while the adapter has not answered any command of this attempt. */
    private static final long LITTLE_PATIENCE = 15 * MILLI;
    /** Response timeout of the command that opens the bus: some firmware sets up its controller before it answers. */
    private static final long OPENING_PATIENCE = 500 * MILLI;
    /** Factor for all timeouts after a refusal, which may have been a late answer to another line. */
    private static final int MORE_PATIENCE = 4;
    private static final int MOST_ATTEMPTS = 3;
    /** Maximum time until the answers to the lines of a former user have arrived. */
    private static final long SETTLING = 60 * MILLI;

    /** Time without frames after which the adapter is commanded again to join the bus. */
    private static final long LONGEST_SILENCE = 15_000 * MILLI;
    /** Shorter limit, applied once after a phase without a gap longer than {@link #STEADY_GAP}. */
    private static final long STRANGE_SILENCE = 3_000 * MILLI;
    private static final long STEADY_GAP = 1_500 * MILLI;
    private static final long STEADY_TIME = 5_000 * MILLI;
    /** A sign that the adapter has left the bus counts only after this time without frames. */
    private static final long CALM = 300 * MILLI;
    /** Number of consecutively refused frames that shows that the adapter does not send, although it receives. */
    private static final int MOST_REFUSED = 4;
    /** Pause before an adapter that does not react is commanded again. It grows after the start time of adapters. */
    private static final long SHORTEST_PAUSE = 300 * MILLI;
    private static final long STARTING = 4_000 * MILLI;
    /** Readable lines later than this after joining indicate a reset; earlier ones are late answers. */
    private static final long LATE = 1_000 * MILLI;
    private static final long STEP = 100 * MILLI;

    private static final long STATUS_INTERVAL = 2_000 * MILLI;
    /** Number of unanswered status requests after which the adapter counts as unable to answer them. */
    private static final int MAX_UNANSWERED = 3;

    /**
     * First line of each attempt, which no adapter executes. Its line end completes a line that a killed program has
     * begun. In that case the C of the close command would be taken as a digit of the begun frame. Points are not
     * digits, so firmware that checks digits refuses such a frame. With at least 17 points, firmware that only counts
     * characters refuses it as well. More than 30 characters, including the begun line, make firmware without any check
     * restart its buffer. This line is shorter than that, because old firmware writes past the end of its buffer.
     */
    private static final String FIRST_LINE = ".".repeat(26) + "C";

    private static final int FLAG_WARNING = 0x04;
    private static final int FLAG_PASSIVE = 0x20;
    private static final int FLAG_BUS_ERROR = 0x80;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final Logger logger = LoggerFactory.getLogger(SlcanAdapter.class);

    private final ByteTransport transport;
    private final Ticker ticker;
    private final int kiloBits;
    private final boolean listenOnly;
    private final SlcanCodec codec = new SlcanCodec();
    private final CanStatistics statistics = new CanStatistics();
    private final boolean[] wanted = new boolean[CanFrame.MAX_ID + 1];
    private final byte[] in = new byte[1024];
    private final byte[] out = new byte[6 + 2 * CanFrame.MAX_LENGTH];

    /** Event that ends a wait. */
    private enum Awaited {
        /** Only the timeout. Bytes that arrive meanwhile say nothing about the current state of the adapter. */
        NOTHING,
        /** Acknowledgement or refusal. */
        ANSWER,
        /** Acknowledgement, refusal, or a frame, which only arrives on an open bus. */
        OPENING,
        /** The firmware version, in any format. */
        VERSION
    }

    private int next;
    private int end;
    private volatile boolean joined;
    private State state = State.ACTIVE;
    private long statusDue;
    private int statusUnanswered;

    /** Whether a valid line arrived since the port was opened, and since the last attempt to join. */
    private boolean answered;
    private boolean reacted;
    private int framesHeard;
    /** Whether the adapter has ever acknowledged or refused a command, and which of them in this attempt to join. */
    private boolean obeys;
    private boolean saysYes;
    private boolean saysNo;
    /** Whether the silent mode was selected, which the adapter stores. */
    private boolean silenced;
    private long joinedAt;
    private long joinDue;
    private long pause;
    private long troubleSince;
    private boolean troubled;

    /** When the last frame was received, or the bus was joined. */
    private long silentSince;
    private long steadySince;
    /** Whether the adapter sent something that indicates that it has left the bus. */
    private boolean suspect;
    /** Number of lines that the adapter may still answer. */
    private int awaited;
    private int refusedInRow;
    private long refusedDue;
    private long refusedPause;

    /**
     * @param transport the serial port of the adapter
     * @param kiloBits bit rate of the bus in kbit/s: 10, 20, 50, 100, 125, 250, 500, 800 or 1000
     * @param listenOnly whether the adapter must not even acknowledge frames
     */
    public SlcanAdapter(ByteTransport transport, Ticker ticker, int kiloBits, boolean listenOnly) {
        this.transport = transport;
        this.ticker = ticker;
        this.kiloBits = kiloBits;
        this.listenOnly = listenOnly;
        Arrays.fill(wanted, true);
    }

    private static char rateDigit(int kiloBits) {
        return switch (kiloBits) {
            case 10 -> '0';
            case 20 -> '1';
            case 50 -> '2';
            case 100 -> '3';
            case 125 -> '4';
            case 250 -> '5';
            case 500 -> '6';
            case 800 -> '7';
            case 1000 -> '8';
            default -> throw new IllegalArgumentException("unsupported bit rate: " + kiloBits);
        };
    }

    @Override
    public void open() throws LinkException {
        joined = false;
        transport.open();
        codec.reset();
        statistics.clear();
        state = State.ACTIVE;
        answered = false;
        obeys = false;
        silenced = false;
        troubled = false;
        refusedPause = SHORTEST_PAUSE;
        refusedDue = ticker.nanos();
        statusUnanswered = 0;
        next = 0;
        end = 0;
        try {
            join();
        } catch (LinkException e) {
            transport.close();
            throw e;
        }
    }

    /** Commands the adapter to join the bus, from any state. */
    private void join() throws LinkException {
        // The adapter is still starting, or slow: its last answer may belong to another line.
        int factor = troubled && reacted ? MORE_PATIENCE : 1;
        long begun = ticker.nanos();
        if (!troubled) {
            troubled = true;
            troubleSince = begun;
            pause = SHORTEST_PAUSE;
        } else if (begun - troubleSince >= STARTING) {
            pause = Math.min(2 * pause, LONGEST_SILENCE);
        }
        reacted = false;
        String refused = attempt(factor, false);
        for (int i = 1; i < MOST_ATTEMPTS && !refused.isEmpty(); i++) {
            await(Awaited.NOTHING, PATIENCE * MORE_PATIENCE);
            refused = attempt(MORE_PATIENCE, true);
        }
        if (!refused.isEmpty()) {
            throw LinkException.lost(FailureCause.ADAPTER_REFUSED, refused);
        }
        joined = true;
        suspect = false;
        awaited = 0;
        refusedInRow = 0;
        if (saysYes || saysNo) {
            obeys = true;
            statusUnanswered = 0;
        }
        joinedAt = ticker.nanos();
        joinDue = joinedAt + pause;
        silentSince = joinedAt;
        steadySince = joinedAt;
        statusDue = joinedAt + STATUS_INTERVAL;
    }

    /**
     * @param factor multiplier of the usual timeouts
     * @param isRepeated whether this is a retry: an adapter may execute a command without an answer
     * @return the command that was refused; empty when none was
     */
    private String attempt(int factor, boolean isRepeated) throws LinkException {
        saysYes = false;
        saysNo = false;
        write(FIRST_LINE);
        await(Awaited.NOTHING, SETTLING * factor);
        // An adapter that is already closed refuses this.
        command("C", PATIENCE * factor);
        int heardOpen = framesHeard;
        write("V");
        if (await(Awaited.VERSION, patience(factor)) != Event.NONE) {
            logger.debug("slcan adapter, version {}", codec.info());
            // Some firmware sends its version and an acknowledgement, which must not be taken for the next answer.
            await(Awaited.NOTHING, LITTLE_PATIENCE * factor);
        }
        command("Z0", patience(factor));
        String rate = "S" + rateDigit(kiloBits);
        Event taken = command(rate, patience(factor));
        boolean mayBeLost = !isRepeated && taken == Event.NONE;
        if (taken == Event.BELL || mayBeLost && saysYes) {
            // Opening at another bit rate would disturb the bus.
            return rate;
        }
        boolean opened = listenOnly ? listen(factor, framesHeard == heardOpen) : takePart(factor);
        if (mayBeLost && saysYes) {
            // The adapter has just finished starting.
            write("C");
            return rate;
        }
        return opened ? "" : listenOnly ? "L" : "O";
    }

    /** Opens the bus in normal mode, even if a former user has selected the silent mode. */
    private boolean takePart(int factor) throws LinkException {
        command("M0", patience(factor));
        return open("O", patience(factor)) != Event.BELL;
    }

    /**
     * Opens the bus in listen-only mode. Uses the silent mode if the adapter does not support L.
     *
     * @param isClosed whether no frame was received since the adapter was closed
     */
    private boolean listen(int factor, boolean isClosed) throws LinkException {
        Event answer = open("L", PATIENCE * factor);
        boolean saysOnlyNo = saysNo && !saysYes;
        if (answer == Event.OK || answer == Event.FRAME && isClosed || answer == Event.NONE && saysOnlyNo) {
            return true;
        }
        silenced = true;
        Event silent = command("M1", patience(factor));
        if (silent == Event.BELL || silent == Event.NONE && saysYes) {
            // Without the silent mode, the adapter would take part in the bus.
            return false;
        }
        // An adapter that did not answer L may have executed it, and then refuses this command.
        return open("O", patience(factor)) != Event.BELL || answer == Event.NONE;
    }

    private long patience(int factor) {
        return factor * (saysYes || saysNo ? PATIENCE : LITTLE_PATIENCE);
    }

    private Event open(String command, long patience) throws LinkException {
        write(command);
        return await(Awaited.OPENING, saysYes ? Math.max(patience, OPENING_PATIENCE) : patience);
    }

    private Event command(String command, long patience) throws LinkException {
        write(command);
        return await(Awaited.ANSWER, patience);
    }

    private void write(String line) throws LinkException {
        byte[] bytes = (line + '\r').getBytes(StandardCharsets.US_ASCII);
        transport.write(bytes, 0, bytes.length);
    }

    /**
     * Waits for an answer.
     *
     * @return the answer; BELL if the adapter refused, NONE on a timeout
     */
    private Event await(Awaited awaitedNow, long patience) throws LinkException {
        long deadline = ticker.nanos() + patience;
        while (true) {
            while (next < end) {
                Event event = codec.feed(in[next++]);
                framesHeard += event == Event.FRAME || event == Event.SKIPPED ? 1 : 0;
                if (awaitedNow != Awaited.NOTHING) {
                    note(event);
                }
                switch (awaitedNow) {
                    case ANSWER:
                        if (event == Event.OK || event == Event.BELL) {
                            return event;
                        }
                        break;
                    case OPENING:
                        if (event == Event.OK || event == Event.BELL || event == Event.FRAME) {
                            return event;
                        }
                        break;
                    case VERSION:
                        if (event == Event.INFO || event == Event.BELL || event == Event.DAMAGED && codec.isText()) {
                            answered = true;
                            reacted = true;
                            return event;
                        }
                        break;
                    case NOTHING:
                        break;
                }
            }
            if (deadline - ticker.nanos() <= 0) {
                return Event.NONE;
            }
            fill(deadline);
        }
    }

    private boolean fill(long deadline) throws LinkException {
        next = 0;
        end = 0;
        end = transport.read(in, 0, in.length, deadline);
        return end > 0;
    }

    @Override
    public void listenTo(boolean[] identifiers) {
        System.arraycopy(identifiers, 0, wanted, 0, wanted.length);
    }

    @Override
    public boolean receive(CanFrame frame, long deadline) throws LinkException {
        boolean last = false;
        while (true) {
            while (next < end) {
                // All frames of the bus pass here: frames that are not wanted are not copied.
                Event event = codec.feed(in[next++]);
                note(event);
                if (takes(event)) {
                    codec.copyTo(frame);
                    return true;
                }
            }
            if (last) {
                return false;
            }
            long now = ticker.nanos();
            if (hasLeftTheBus(now)) {
                join();
                now = ticker.nanos();
            }
            askStatus(now);
            // A continuously busy bus must not extend the wait beyond the deadline.
            last = deadline - now <= 0;
            if (!fill(deadline - now > STEP ? now + STEP : deadline) && last) {
                return false;
            }
        }
    }

    /** Whether the adapter may have been reset with its port open, or may have left the bus after too many errors. */
    private boolean hasLeftTheBus(long now) {
        if (joinDue - now > 0) {
            return false;
        }
        long silence = now - silentSince;
        if (!reacted && (obeys || !answered) || suspect && silence >= CALM) {
            return true;
        }
        if (refusedInRow >= MOST_REFUSED && refusedDue - now <= 0) {
            refusedPause = Math.min(2 * refusedPause, LONGEST_SILENCE);
            refusedDue = now + refusedPause;
            return true;
        }
        boolean strange = silentSince - steadySince >= STEADY_TIME;
        return silence >= (strange ? STRANGE_SILENCE : LONGEST_SILENCE);
    }

    private void note(Event event) {
        boolean meaning = event != Event.NONE && event != Event.DAMAGED && event != Event.ECHO;
        answered |= meaning;
        reacted |= meaning;
        saysYes |= event == Event.OK;
        saysNo |= event == Event.BELL;
    }

    @Override
    public boolean answers() {
        return answered;
    }

    /** Processes an event. Returns whether it is a wanted frame. */
    private boolean takes(Event event) {
        switch (event) {
            case NONE:
            case ECHO:
                return false;
            case OK:
                awaited = Math.max(0, awaited - 1);
                refusedInRow = 0;
                refusedPause = SHORTEST_PAUSE;
                return false;
            case FRAME:
                heard();
                statistics.received(codec.dataLength());
                return wanted[codec.id()];
            case SKIPPED:
                heard();
                statistics.skipped(codec.isExtended(), codec.dataLength());
                return false;
            case BELL:
                refused();
                return false;
            case STATUS:
                awaited = Math.max(0, awaited - 1);
                status(codec.status());
                return false;
            case INFO:
                suspect |= ticker.nanos() - joinedAt > LATE;
                return false;
            case DAMAGED:
                statistics.damaged();
                suspect |= codec.isText() && ticker.nanos() - joinedAt > LATE;
                return false;
        }
        return false;
    }

    private void heard() {
        long now = ticker.nanos();
        if (now - silentSince > STEADY_GAP) {
            steadySince = now;
        }
        silentSince = now;
        suspect = false;
        troubled = false;
    }

    /** The bell may come from an adapter that has closed the bus, either as an answer to a line or unsolicited. */
    private void refused() {
        statistics.refused();
        suspect |= awaited > 0 || ticker.nanos() - joinedAt > LATE;
        if (awaited > 0) {
            awaited--;
            refusedInRow++;
        }
    }

    private void status(int flags) {
        statusUnanswered = 0;
        state = (flags & FLAG_PASSIVE) != 0 ? State.PASSIVE
                : (flags & FLAG_WARNING) != 0 ? State.WARNING : State.ACTIVE;
        if ((flags & FLAG_BUS_ERROR) != 0) {
            statistics.busError();
        }
    }

    /** Requests the status flags, the only report of bus errors that slcan provides. */
    private void askStatus(long now) throws LinkException {
        if (statusDue - now <= 0 && statusUnanswered < MAX_UNANSWERED) {
            statusDue = now + STATUS_INTERVAL;
            statusUnanswered++;
            awaited++;
            write("F");
        }
    }

    @Override
    public void send(CanFrame frame) throws LinkException {
        if (listenOnly) {
            throw new IllegalStateException("the bus is listen-only");
        }
        int length = 0;
        out[length++] = 't';
        out[length++] = HEX[frame.id() >> 8];
        out[length++] = HEX[frame.id() >> 4 & 0xF];
        out[length++] = HEX[frame.id() & 0xF];
        out[length++] = HEX[frame.length()];
        for (int i = 0; i < frame.length(); i++) {
            out[length++] = HEX[frame.at(i) >> 4];
            out[length++] = HEX[frame.at(i) & 0xF];
        }
        out[length++] = '\r';
        awaited++;
        transport.write(out, 0, length);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public CanStatistics statistics() {
        return statistics;
    }

    @Override
    public void close() {
        if (joined) {
            joined = false;
            try {
                write("C");
                if (silenced) {
                    // The next user of the adapter may not expect the silent mode.
                    write("M0");
                }
            } catch (LinkException e) {
                // The port is gone, so the bus is closed as well.
                logger.debug("close failed: {}", e.getMessage());
            }
        }
        transport.close();
    }
}
