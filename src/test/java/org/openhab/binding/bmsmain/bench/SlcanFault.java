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
 * What can go wrong with an slcan adapter, its serial line, and the bus behind it.
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
    /** Flags that nobody asked for: full buffers, warnings, errors. */
    STATUS_FLAGS(x -> x.put(x.flags(x.random().nextInt(256)), x.line())),
    /** The buffer of the adapter was full: frames are lost, and only the flags tell. */
    OVERFLOW(x -> x.put(x.flags(0x09))),
    FOREIGN_FRAMES(x -> x.put(x.foreign(30), x.line())),
    /** A frame with the identifier of one of ours, and less in it. */
    SHORT_FRAME(x -> x.put(x.shortened())),
    /** The board starts anew, and has no readings for a while. */
    BOOT_UP(Stream::bootUp),
    /** The board starts anew without saying so, and sends objects without readings for a while. */
    EMPTY_FRAMES(Stream::restartUnheard),
    /** Another board with the same node id is put on the bus, and taken away again. */
    TWO_BOARDS(Stream::secondBoard),
    SILENCE(x -> x.fallSilent(0)),
    /** The controller has left the bus, and its flags say what they can. */
    BUS_OFF(x -> x.fallSilent(0xA4)),
    /** The adapter starts anew behind a serial port that stays, and must be set and opened again. */
    ADAPTER_RESET(Stream::reset),
    UNPLUGGED(x -> x.unplug(false)),
    UNPLUGGED_OTHER_NUMBER(x -> x.unplug(true)),
    UNPLUGGED_IN_MID_FRAME(x -> {
        x.put(Arrays.copyOf(x.line(), 1 + x.random().nextInt(x.line().length - 2)));
        x.unplug(x.random().nextBoolean());
    }),
    /** An adapter that stamps its lines: one that lost four digits looks like one without a stamp. */
    STAMPED_WITHOUT_DIGITS(x -> x.put(without(x.line(), 5 + x.random().nextInt(Math.max(1, x.line().length - 10)), 4))),
    /** An adapter that answers no command at all, all the time. */
    MUTE_ADAPTER(x -> x.put(x.line())),
    MIXED(SlcanFault::any);

    private static final class Constants {
        static final byte[] END = { '\r' };
        static final byte[] BELL = { 7 };
    }

    /** Does it. */
    private interface Effect {
        void apply(Stream stream);
    }

    private final Effect effect;

    SlcanFault(Effect effect) {
        this.effect = effect;
    }

    /** Whether it is a property of the adapter, and always there. */
    boolean isPermanent() {
        return this == MUTE_ADAPTER;
    }

    /** How many faults there are of this kind, where there are so many of others. */
    int share(int faults) {
        return switch (this) {
            case MIXED -> 4 * faults;
            case MUTE_ADAPTER -> 5 * faults;
            // A board that is alone again is believed after 10 s.
            case TWO_BOARDS -> Math.max(1, faults / 4);
            default -> faults;
        };
    }

    /** Whether adapters of this kind stamp their lines. */
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

    /** A set of lines that is about to be sent, one of which is to be spoilt. */
    interface Stream {

        Random random();

        /** The line, with its end; a copy. */
        byte[] line();

        /** Sends this instead of the line. */
        void put(byte[]... parts);

        default byte[] noise(int length) {
            byte[] noise = new byte[length];
            random().nextBytes(noise);
            return noise;
        }

        /** A line with flags, which the adapter also gives as the next answer. */
        byte[] flags(int flags);

        /** Lines of frames that are not the board's. */
        byte[] foreign(int count);

        /** The line of a frame that has lost some of its data bytes, and is whole otherwise. */
        byte[] shortened();

        /** Lets the board say that it has started, and be without readings in the next sets. */
        void bootUp();

        /** The same, but the board does not say it, and its objects have no readings. */
        void restartUnheard();

        /** Lets another board with the same node id speak as well in the next sets. */
        void secondBoard();

        /** Sends nothing for longer than a value lives. */
        void fallSilent(int flags);

        /** Lets the adapter forget that it was opened. */
        void reset();

        /** Takes the adapter away and brings it back, under the same or another number. */
        void unplug(boolean otherNumber);
    }
}
