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
import org.openhab.binding.bmsmain.internal.link.ByteTransport;
import org.openhab.binding.bmsmain.internal.link.FailureCause;
import org.openhab.binding.bmsmain.internal.link.LinkException;
import org.openhab.binding.bmsmain.internal.link.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CAN adapter at a serial port that speaks slcan, the ASCII protocol of Lawicel: CANable, USBtin, CANUSB and others.
 * <p>
 * Adapters differ in how much they answer. One that says nothing at all to a command is taken as it is; one that
 * refuses a command that matters cannot be used.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class SlcanAdapter implements CanAdapter {

    private static final long MILLI = 1_000_000;
    /** How long an adapter may take to answer a command. */
    private static final long PATIENCE = 150 * MILLI;
    /** The same for an adapter that has already shown that it answers nothing. */
    private static final long LITTLE_PATIENCE = 20 * MILLI;
    /** How long answers to the lines of a former user may be under way, in the buffer of the adapter at the latest. */
    private static final long SETTLING = 60 * MILLI;
    /** After so much silence the adapter is told anew to join the bus. */
    private static final long LONGEST_SILENCE = 15_000 * MILLI;
    private static final long STATUS_INTERVAL = 2_000 * MILLI;
    /** So many unanswered questions for the status show that the adapter does not know it. */
    private static final int MAX_UNANSWERED = 3;

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

    private int next;
    private int end;
    private volatile boolean joined;
    private State state = State.ACTIVE;
    private boolean answered;
    private long statusDue;
    private long silentSince;
    private int statusUnanswered;

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

    private void join() throws LinkException {
        // Ends a line that a former user of the adapter has begun; what it answers to that means nothing.
        write("\r\r");
        await(SlcanCodec.Event.NONE, SETTLING);
        // An adapter that is closed already refuses this.
        boolean answers = command("C", PATIENCE) != SlcanCodec.Event.NONE;
        long patience = answers ? PATIENCE : LITTLE_PATIENCE;
        require("S" + rateDigit(kiloBits), patience);
        write("V\r");
        if (await(SlcanCodec.Event.INFO, patience) == SlcanCodec.Event.INFO) {
            logger.debug("slcan adapter, version {}", codec.info());
        }
        require(listenOnly ? "L" : "O", patience);
        joined = true;
        if (answers) {
            statusUnanswered = 0;
        }
        silentSince = ticker.nanos();
        statusDue = silentSince + STATUS_INTERVAL;
    }

    private void require(String command, long patience) throws LinkException {
        if (command(command, patience) == SlcanCodec.Event.BELL) {
            throw LinkException.lost(FailureCause.ADAPTER_REFUSED, command);
        }
    }

    private SlcanCodec.Event command(String command, long patience) throws LinkException {
        write(command + "\r");
        return await(SlcanCodec.Event.OK, patience);
    }

    private void write(String text) throws LinkException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        transport.write(bytes, 0, bytes.length);
    }

    /**
     * Waits for an answer; frames and others are passed over.
     *
     * @return the answer, BELL when the adapter refused, NONE when it said nothing in time
     */
    private SlcanCodec.Event await(SlcanCodec.Event answer, long patience) throws LinkException {
        long deadline = ticker.nanos() + patience;
        while (true) {
            while (next < end) {
                SlcanCodec.Event event = codec.feed(in[next++]);
                note(event);
                if (answer != SlcanCodec.Event.NONE && (event == answer || event == SlcanCodec.Event.BELL)) {
                    return event;
                }
            }
            if (deadline - ticker.nanos() <= 0) {
                return SlcanCodec.Event.NONE;
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
                SlcanCodec.Event event = codec.feed(in[next++]);
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
            if (now - silentSince >= LONGEST_SILENCE) {
                // It may have been reset while its port stayed, or have left the bus after too many errors.
                join();
                now = ticker.nanos();
            }
            askStatus(now);
            // A bus that never falls silent must not keep us longer than was asked for.
            last = deadline - now <= 0;
            if (!fill(deadline)) {
                return false;
            }
        }
    }

    private void note(SlcanCodec.Event event) {
        answered |= event != SlcanCodec.Event.NONE && event != SlcanCodec.Event.DAMAGED;
    }

    @Override
    public boolean answers() {
        return answered;
    }

    /** Whether a frame arrived that somebody wants. */
    private boolean takes(SlcanCodec.Event event) {
        switch (event) {
            case NONE:
            case OK:
            case INFO:
                return false;
            case FRAME:
                silentSince = ticker.nanos();
                statistics.received(codec.dataLength());
                return wanted[codec.id()];
            case SKIPPED:
                silentSince = ticker.nanos();
                statistics.skipped(codec.isExtended(), codec.dataLength());
                return false;
            case BELL:
                statistics.refused();
                return false;
            case STATUS:
                status(codec.status());
                return false;
            case DAMAGED:
                statistics.damaged();
                return false;
        }
        return false;
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
            write("F\r");
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
                write("C\r");
            } catch (LinkException e) {
                // The port is gone, and with it the bus.
                logger.debug("not closed: {}", e.getMessage());
            }
        }
        transport.close();
    }
}
