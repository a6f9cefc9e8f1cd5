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

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Faults of an slcan adapter, of its serial line, and of the bus behind it.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
enum SlcanFault {
    CORRUPT_BYTE(x -> {
        byte[] line = x.line();
        line[x.random().nextInt(line.length)] ^= (byte) (1 << x.random().nextInt(8));
        x.put(line);
    }),
    DROPPED_BYTE(x -> x.put(without(x.line(), x.random().nextInt(x.line().length), 1))),
    DUPLICATED_BYTE(x -> {
        byte[] line = x.line();
        int at = x.random().nextInt(line.length);
        x.put(Arrays.copyOf(line, at + 1), Arrays.copyOfRange(line, at, line.length));
    }),
    DUPLICATED_LINE(x -> x.put(x.line(), x.line())),
    TRUNCATED(x -> x.put(Arrays.copyOf(x.line(), 1 + x.random().nextInt(x.line().length - 2)), Constants.END)),
    TRUNCATED_WITHOUT_END(x -> x.put(Arrays.copyOf(x.line(), 1 + x.random().nextInt(x.line().length - 2)))),
    JOINED_LINES(x -> x.put(Arrays.copyOf(x.line(), x.line().length - 1))),
    NOISE_BEFORE(x -> x.put(x.noise(1 + x.random().nextInt(5)), x.line())),
    NOISE_AFTER(x -> x.put(x.line(), x.noise(1 + x.random().nextInt(5)))),
    NOISE_BETWEEN(x -> x.put(x.line(), x.noise(1 + x.random().nextInt(8)), Constants.END)),
    NOISE_INSIDE(x -> {
        byte[] line = x.line();
        int at = 1 + x.random().nextInt(line.length - 1);
        x.put(Arrays.copyOf(line, at), x.noise(1 + x.random().nextInt(4)), Arrays.copyOfRange(line, at, line.length));
    }),
    BABBLE_300(x -> x.put(x.noise(300))),
    BABBLE_5000(x -> x.put(x.noise(5000))),
    BELL(x -> x.put(Constants.BELL, x.line())),
    BELL_INSIDE(x -> {
        byte[] line = x.line();
        int at = 1 + x.random().nextInt(line.length - 1);
        x.put(Arrays.copyOf(line, at), Constants.BELL, Arrays.copyOfRange(line, at, line.length));
    }),
    /** Unsolicited status flags: full buffers, warnings, errors. */
    STATUS_FLAGS(x -> x.put(x.flags(x.random().nextInt(256)), x.line())),
    /** Overflow of the adapter's buffer: frames are lost, and only the flags indicate it. */
    OVERFLOW(x -> x.put(x.flags(0x09))),
    FOREIGN_FRAMES(x -> x.put(x.foreign(30), x.line())),
    /** A frame with the identifier of a board's frame, but with less data. */
    SHORT_FRAME(x -> x.put(x.shortened())),
    /** The board restarts and has no readings for a while. */
    BOOT_UP(Stream::bootUp),
    /** The board restarts without a boot-up message and sends objects without readings for a while. */
    EMPTY_FRAMES(Stream::restartUnheard),
    /** Another board with the same node ID is connected to the bus and removed again. */
    TWO_BOARDS(Stream::secondBoard),
    SILENCE(x -> x.fallSilent(0)),
    /** The controller is in the state bus-off; the flags indicate it as far as they can. */
    BUS_OFF(x -> x.fallSilent(0xA4)),
    /** The adapter resets while its serial port stays; it must be configured and opened again. */
    ADAPTER_RESET(Stream::reset),
    UNPLUGGED(x -> x.unplug(false)),
    UNPLUGGED_OTHER_NUMBER(x -> x.unplug(true)),
    UNPLUGGED_IN_MID_FRAME(x -> {
        x.put(Arrays.copyOf(x.line(), 1 + x.random().nextInt(x.line().length - 2)));
        x.unplug(x.random().nextBoolean());
    }),
    /** An adapter with timestamps: a line that lost four digits looks like one without a timestamp. */
    STAMPED_WITHOUT_DIGITS(x -> x.put(without(x.line(), 5 + x.random().nextInt(Math.max(1, x.line().length - 10)), 4))),
    /** An adapter that never responds to commands. */
    MUTE_ADAPTER(x -> x.put(x.line())),
    MIXED(SlcanFault::any);

    private static final class Constants {
        static final byte[] END = { '\r' };
        static final byte[] BELL = { 7 };
    }

    /** Causes the fault. */
    private interface Effect {
        void apply(Stream stream);
    }

    private final Effect effect;

    SlcanFault(Effect effect) {
        this.effect = effect;
    }

    /** Whether the fault is a permanent property of the adapter. */
    boolean isPermanent() {
        return this == MUTE_ADAPTER;
    }

    /** Number of faults of this kind, if there are this many of the others. */
    int share(int faults) {
        return switch (this) {
            case MIXED -> 4 * faults;
            case MUTE_ADAPTER -> 5 * faults;
            // The node ID of a board counts as unique again only after 10 s.
            case TWO_BOARDS -> Math.max(1, faults / 4);
            default -> faults;
        };
    }

    /** Whether adapters of this kind add timestamps to their lines. */
    boolean isStamped() {
        return this == STAMPED_WITHOUT_DIGITS;
    }

    void apply(Stream stream) {
        effect.apply(stream);
    }

    private static void any(Stream stream) {
        SlcanFault fault;
        do {
            fault = values()[stream.random().nextInt(values().length)];
        } while (fault == MIXED || fault == TWO_BOARDS || fault.isPermanent() || fault.isStamped());
        fault.apply(stream);
    }

    private static byte[] without(byte[] bytes, int at, int count) {
        byte[] result = new byte[bytes.length - count];
        int from = Math.min(at, result.length);
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(bytes, from + count, result, from, result.length - from);
        return result;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A set of lines that is about to be sent, one of which is to be corrupted. */
    interface Stream {

        Random random();

        /** A copy of the line with its terminator. */
        byte[] line();

        /** Sends these parts instead of the line. */
        void put(byte[]... parts);

        default byte[] noise(int length) {
            byte[] noise = new byte[length];
            random().nextBytes(noise);
            return noise;
        }

        /** A line with flags, which the adapter also sends as its next response. */
        byte[] flags(int flags);

        /** Lines of foreign frames. */
        byte[] foreign(int count);

        /** The line of a valid frame with fewer data bytes. */
        byte[] shortened();

        /** Lets the board send a boot-up message; the next sets are without readings. */
        void bootUp();

        /** The same without a boot-up message, and its objects have no readings. */
        void restartUnheard();

        /** Lets another board with the same node ID transmit in the next sets. */
        void secondBoard();

        /** Sends nothing for longer than the lifetime of a value. */
        void fallSilent(int flags);

        /** Resets the adapter: its channel is closed. */
        void reset();

        /** Removes the adapter and adds it again, with the same or another number. */
        void unplug(boolean otherNumber);
    }
}
