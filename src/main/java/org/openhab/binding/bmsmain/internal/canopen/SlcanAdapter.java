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
 * A CAN adapter at a serial port that speaks slcan, the ASCII protocol of Lawicel: CANable, USBtin, CANUSB and others.
 * <p>
 * Adapters differ in how much they answer. One that says nothing to a command is taken as it is; one that refuses a
 * command that matters cannot be used. An adapter that was reset, or is still starting, is told again to join the bus.
 * <p>
 * No line is ever empty: some firmware takes an empty line for the line before, which may be a frame that a former user
 * sent.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SlcanAdapter implements CanAdapter {

    private static final long MILLI = 1_000_000;
    /** How long an adapter may take to answer a command. */
    private static final long PATIENCE = 150 * MILLI;
    /** The same for an adapter that has already shown that it answers nothing. */
    private static final long LITTLE_PATIENCE = 15 * MILLI;
    /** The same for the command that opens the bus: some firmware sets up its controller before it answers. */
    private static final long OPENING_PATIENCE = 500 * MILLI;
    /** So many times longer are the waits after a refusal: it may have been a late answer to another line. */
    private static final int MORE_PATIENCE = 4;
    private static final int MOST_ATTEMPTS = 3;
    /** How long answers to the lines of a former user may be under way, in the buffer of the adapter at the latest. */
    private static final long SETTLING = 60 * MILLI;

    /** After so much silence the adapter is told anew to join the bus. */
    private static final long LONGEST_SILENCE = 15_000 * MILLI;
    /** The same, once, on a bus that was steady: one without a longer gap than this for so long. */
    private static final long STRANGE_SILENCE = 3_000 * MILLI;
    private static final long STEADY_GAP = 1_500 * MILLI;
    private static final long STEADY_TIME = 5_000 * MILLI;
    /** A refusal means nothing on a bus that was heard more recently than this. */
    private static final long CALM = 300 * MILLI;
    /** So many frames refused in a row show that the adapter sends none, although it hears the bus. */
    private static final int MOST_REFUSED = 4;
    /**
     * Pause before an adapter that does not react is told again. It grows after the time that adapters need to start.
     */
    private static final long SHORTEST_PAUSE = 300 * MILLI;
    private static final long STARTING = 4_000 * MILLI;
    /** Readable lines after a reset are the version of the firmware; until then they are late answers. */
    private static final long LATE = 1_000 * MILLI;
    private static final long STEP = 100 * MILLI;

    private static final long STATUS_INTERVAL = 2_000 * MILLI;
    /** So many unanswered questions for the status show that the adapter does not know it. */
    private static final int MAX_UNANSWERED = 3;

    /**
     * The first line, which no adapter obeys. Its end would complete the line that a killed program has begun, and the
     * C of the command to close is a digit of a frame as well. Points are none, so firmware that looks at the digits
     * refuses such a frame; with at least 17 of them firmware that counts only characters does so too; and more than 30
     * characters with those of the begun line let the buffer of firmware that looks at nothing begin anew. The line
     * itself stays shorter than that, because old firmware writes behind its buffer.
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

    /** What ends a wait. */
    private enum Awaited {
        /** Only its time does: what was under way arrives meanwhile, and shows nothing of the adapter as it is now. */
        NOTHING,
        /** Yes or no. */
        ANSWER,
        /** Yes or no, or a frame, which only an open bus brings. */
        OPENING,
        /** The version of the firmware, in whatever words. */
        VERSION
    }

    private int next;
    private int end;
    private volatile boolean joined;
    private State state = State.ACTIVE;
    private long statusDue;
    private int statusUnanswered;

    /** Whether anything came since the port was opened, or since it was told to join, that an adapter says. */
    private boolean answered;
    private boolean reacted;
    private int framesHeard;
    /** Whether it has ever said yes or no to a command; and which of them in this attempt to join. */
    private boolean obeys;
    private boolean saysYes;
    private boolean saysNo;
    /** Whether the silent mode was chosen, which the adapter keeps. */
    private boolean silenced;
    private long joinedAt;
    private long joinDue;
    private long pause;
    private long troubleSince;
    private boolean troubled;

    /** When the last frame was heard, or the bus was joined. */
    private long silentSince;
    private long steadySince;
    /** Something was said that an adapter says which has left the bus. */
    private boolean suspect;
    /** Lines that the adapter may still answer. */
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
            default -> throw new IllegalArgumentException("no bit rate: " + kiloBits);
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

    /** Tells the adapter to join the bus, whatever its state is. */
    private void join() throws LinkException {
        // Still starting, or slow: what came the last time was maybe the answer to another line.
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
     * @param factor how many times longer than usual to wait
     * @param isRepeated whether this was tried before: an adapter may say nothing to a command that it obeys
     * @return the command that was refused; empty when none was
     */
    private String attempt(int factor, boolean isRepeated) throws LinkException {
        saysYes = false;
        saysNo = false;
        write(FIRST_LINE);
        await(Awaited.NOTHING, SETTLING * factor);
        // An adapter that is closed already refuses this.
        command("C", PATIENCE * factor);
        int heardOpen = framesHeard;
        write("V");
        if (await(Awaited.VERSION, patience(factor)) != Event.NONE) {
            logger.debug("slcan adapter, version {}", codec.info());
            // Some firmware tells its version and then says yes, which must not pass for the answer to the next.
            await(Awaited.NOTHING, LITTLE_PATIENCE * factor);
        }
        command("Z0", patience(factor));
        String rate = "S" + rateDigit(kiloBits);
        Event taken = command(rate, patience(factor));
        boolean mayBeLost = !isRepeated && taken == Event.NONE;
        if (taken == Event.BELL || mayBeLost && saysYes) {
            // A bus that is opened at another bit rate is disturbed.
            return rate;
        }
        boolean opened = listenOnly ? listen(factor, framesHeard == heardOpen) : takePart(factor);
        if (mayBeLost && saysYes) {
            // It has just finished starting.
            write("C");
            return rate;
        }
        return opened ? "" : listenOnly ? "L" : "O";
    }

    /** Opens the bus in the normal way, also where a former user has chosen the silent mode. */
    private boolean takePart(int factor) throws LinkException {
        command("M0", patience(factor));
        return open("O", patience(factor)) != Event.BELL;
    }

    /**
     * Opens the bus without taking part, by the silent mode where the adapter does not know L.
     *
     * @param isClosed whether no frame was heard since it was closed
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
            // A bus that is opened without it is not only listened to.
            return false;
        }
        // Who says nothing to L may have obeyed, and then refuses this.
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
     * @return the answer, BELL when the adapter refused, NONE when it said nothing in time
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
                // The whole load of the bus goes through here: nothing is done for a frame that nobody wants.
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
            // A bus that never falls silent must not keep us longer than was asked for.
            last = deadline - now <= 0;
            if (!fill(deadline - now > STEP ? now + STEP : deadline) && last) {
                return false;
            }
        }
    }

    /**
     * Whether the adapter may have been reset while its port stayed, or have left the bus after too many errors.
     */
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

    /** Whether a frame arrived that somebody wants. */
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

    /** The bell may be that of an adapter that has closed the bus, whether it answers a line of ours or not. */
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

    /** The flags are the only thing by which an adapter tells of a bus that does not work. */
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
            throw new IllegalStateException("a bus that is listened to only");
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
                    // Who uses the adapter next may not know of it.
                    write("M0");
                }
            } catch (LinkException e) {
                // The port is gone, and with it the bus.
                logger.debug("not closed: {}", e.getMessage());
            }
        }
        transport.close();
    }
}
