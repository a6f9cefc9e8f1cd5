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

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * Faults of a response between a board and its reader.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public enum FaultKind {
    CORRUPT_BYTE(Place.ANY, x -> {
        byte[] bytes = x.answer();
        bytes[x.place()] ^= (byte) (1 << x.random().nextInt(8));
        x.send(bytes);
    }),
    DROPPED_BYTE(Place.ANY, x -> x.send(without(x.answer(), x.place()))),
    DUPLICATED_BYTE(Place.ANY, x -> x.send(doubled(x.answer(), x.place()))),
    TRUNCATED(Place.ANY, x -> x.send(Arrays.copyOf(x.answer(), 1 + x.random().nextInt(x.answer().length - 1)))),
    LATE_INTO_NEXT(Place.ANY, x -> x.holdUntilNext(x.answer())),
    LATE_BY_TIME(Place.ANY, x -> x.sendAfter(x.timeoutMillis() + 20 + x.random().nextInt(150), x.answer())),
    DUPLICATED_FRAME(Place.ANY, x -> {
        x.send(x.answer());
        x.sendAfter(x.random().nextInt(20), x.answer());
    }),
    NOISE_BEFORE(Place.RTU, x -> x.send(x.noise(1 + x.random().nextInt(5)), x.answer())),
    NOISE_AFTER(Place.RTU, x -> x.send(x.answer(), x.noise(3))),
    NOISE_BETWEEN(Place.RTU, x -> {
        x.send(x.answer());
        x.sendAfter(2 + x.random().nextInt(6), x.noise(1 + x.random().nextInt(8)));
    }),
    NOISE_INSIDE(Place.RTU, x -> {
        int at = 1 + x.random().nextInt(x.answer().length - 1);
        x.send(Arrays.copyOf(x.answer(), at), x.noise(1 + x.random().nextInt(4)),
                Arrays.copyOfRange(x.answer(), at, x.answer().length));
    }),
    BABBLE_300(Place.ANY, x -> x.send(x.noise(300))),
    BABBLE_5000(Place.ANY, x -> x.send(x.noise(5000))),
    FOREIGN_UNIT(Place.ANY, x -> x.send(x.sealed(x.unit() + 1 + x.random().nextInt(100), x.pdu()))),
    FOREIGN_TRANSACTION(Place.TCP, x -> {
        byte[] bytes = x.answer();
        bytes[0] ^= (byte) (1 + x.random().nextInt(255));
        x.send(bytes);
    }),
    WRONG_PROTOCOL(Place.TCP, x -> {
        byte[] bytes = x.answer();
        bytes[3] = 5;
        x.send(bytes);
    }),
    HUGE_LENGTH(Place.TCP, x -> {
        byte[] bytes = x.answer();
        bytes[4] = (byte) 0xFF;
        bytes[5] = (byte) 0xFF;
        x.send(bytes);
    }),
    WRONG_FUNCTION(Place.ANY, x -> {
        byte[] pdu = x.pdu();
        pdu[0] = (byte) (pdu[0] == 4 ? 3 : 4);
        x.send(x.sealed(x.unit(), pdu));
    }),
    SHORT_FRAME(Place.ANY, x -> x.send(x.sealed(x.unit(), resized(x.pdu(), -2)))),
    LONG_FRAME(Place.ANY, x -> x.send(x.sealed(x.unit(), resized(x.pdu(), 2)))),
    EXCEPTION_1(Place.ANY, x -> x.send(x.exception(x.unit(), 1))),
    EXCEPTION_2(Place.ANY, x -> x.send(x.exception(x.unit(), 2))),
    EXCEPTION_3(Place.ANY, x -> x.send(x.exception(x.unit(), 3))),
    EXCEPTION_4(Place.ANY, x -> x.send(x.exception(x.unit(), 4))),
    EXCEPTION_5(Place.ANY, x -> x.send(x.exception(x.unit(), 5))),
    EXCEPTION_6(Place.ANY, x -> x.send(x.exception(x.unit(), 6))),
    EXCEPTION_7(Place.ANY, x -> x.send(x.exception(x.unit(), 7))),
    EXCEPTION_8(Place.ANY, x -> x.send(x.exception(x.unit(), 8))),
    EXCEPTION_10(Place.ANY, x -> x.send(x.exception(x.unit(), 10))),
    EXCEPTION_11(Place.ANY, x -> x.send(x.exception(x.unit(), 11))),
    EXCEPTION_UNKNOWN(Place.ANY, x -> x.send(x.exception(x.unit(), 12 + x.random().nextInt(244)))),
    LATE_EXCEPTION(Place.ANY, x -> x.holdUntilNext(x.exception(x.unit(), 2))),
    FOREIGN_EXCEPTION(Place.ANY, x -> x.send(x.exception(x.unit() + 1, 2))),
    SILENCE(Place.ANY, x -> x.send()),
    ECHO(Place.RTU, x -> x.send(x.request(), x.answer())),
    BYTE_BY_BYTE(Place.NETWORK, Exchange::sendByteByByte),
    FIN(Place.NETWORK, x -> x.disconnect(false)),
    RST(Place.NETWORK, x -> x.disconnect(true)),
    FIN_IN_MID_FRAME(Place.NETWORK, x -> {
        x.send(Arrays.copyOf(x.answer(), 1 + x.random().nextInt(x.answer().length - 1)));
        x.disconnect(false);
    }),
    CLOSED_WHEN_IDLE(Place.NETWORK, x -> {
        x.send(x.answer());
        x.disconnect(false);
    }),
    HALF_OPEN(Place.NETWORK, Exchange::fallSilent),
    ACCEPT_AND_HANG(Place.NETWORK, x -> {
        x.disconnect(false);
        x.hangNextConnections(1 + x.random().nextInt(2));
    }),
    UNPLUGGED(Place.SERIAL, x -> x.unplug(60, false)),
    UNPLUGGED_OTHER_NUMBER(Place.SERIAL, x -> x.unplug(60, true)),
    UNPLUGGED_IN_MID_FRAME(Place.SERIAL, x -> {
        x.send(Arrays.copyOf(x.answer(), 1 + x.random().nextInt(x.answer().length - 1)));
        x.unplug(60, x.random().nextBoolean());
    }),
    /** The device ignores requests that come too soon after its response. */
    PAUSE(Place.ANY, x -> {
        if (x.pauseMillis() < 20 + x.habit().nextInt(281)) {
            x.send();
        } else {
            x.send(x.answer());
        }
    }),
    /** The device has no registers at some addresses; its reaction to a read that includes one varies by device. */
    HOLES(Place.ANY, x -> refuse(x, touchesHole(x) ? 2 + x.habit().nextInt(6) : 0)),
    /** The device limits the number of registers per read; its reaction to longer reads varies by device. */
    LIMIT(Place.ANY, x -> {
        Random habit = x.habit();
        int reaction = habit.nextInt(5);
        int limit = 4 + habit.nextInt(60);
        if (x.count() > limit && reaction == 0) {
            x.send(x.sealed(x.unit(), resized(x.pdu(), limit - x.count())));
        } else {
            refuse(x, x.count() > limit ? reaction : 0);
        }
    }),
    /** Another master on the same line: its request and the response come before ours, or instead of it. */
    SECOND_MASTER_SEEN(Place.RTU, x -> {
        int count = x.random().nextBoolean() ? x.count() : 1 + x.random().nextInt(40);
        int address = x.otherAddress(x.random());
        x.send(x.asking(address, count));
        x.sendAfter(x.random().nextInt(6), x.other(address, count));
        if (x.random().nextBoolean()) {
            x.send(x.answer());
        }
    }),
    /**
     * A serial server sends its responses to all of its clients. The first foreign responses are as long as ours.
     * Then one with a length that was not requested here comes together with ours, which reveals the other master.
     * Its requests are never visible.
     */
    SECOND_MASTER_UNSEEN(Place.RTU, x -> {
        Random habit = x.habit();
        int address = x.otherAddress(habit);
        if (x.faults() == 2 + habit.nextInt(2)) {
            int count = 1 + x.random().nextInt(67);
            while (count == x.count() || x.wasAsked(address, count)) {
                count = 1 + x.random().nextInt(67);
            }
            x.send(x.other(address, count), x.answer());
            x.show();
        } else {
            x.send(x.other(address, x.count()));
        }
    }),
    /** After a restart, all registers, or all those of measurements, hold the same word for a while. */
    FILLED(Place.ANY, x -> {
        Random episode = x.episode();
        x.spoilFor(20 + episode.nextInt(400));
        int word = Patterns.WORDS[episode.nextInt(Patterns.WORDS.length)];
        boolean whole = word == 0 || episode.nextBoolean();
        x.send(x.sealed(x.unit(), filled(x, word, whole)));
    }),
    /** After a restart, measurements are subnormal numbers for a while. */
    SUBNORMAL(Place.ANY, x -> {
        x.spoilFor(20 + x.episode().nextInt(400));
        x.send(x.sealed(x.unit(), subnormal(x)));
    }),
    MIXED(Place.ANY, FaultKind::any);

    private static final class Patterns {
        /** First registers of the blocks with values. */
        static final int[] BLOCKS = { 0x2000, 0x20F4, 0x2100, 0x2185, 0x2410, 0x2420 };
        static final int[] WORDS = { 0x0000, 0xFFFF, 0x8000, 0x7FFF };
    }

    /** Transports on which a kind of fault is possible. */
    private enum Place {
        ANY,
        RTU,
        TCP,
        SERIAL,
        NETWORK
    }

    /** Transport and framing. */
    public enum Transport {
        RTU(true, false),
        RTU_OVER_TCP(true, true),
        TCP(false, true);

        private final boolean rtu;
        private final boolean network;

        Transport(boolean rtu, boolean network) {
            this.rtu = rtu;
            this.network = network;
        }

        /** Whether frames are RTU frames. */
        boolean isRtu() {
            return rtu;
        }

        /** Whether a TCP connection carries the bytes. */
        boolean isNetwork() {
            return network;
        }

        @Override
        public String toString() {
            return switch (this) {
                case RTU -> "RTU";
                case RTU_OVER_TCP -> "RTU over TCP";
                case TCP -> "Modbus TCP";
            };
        }
    }

    /** Causes the fault. */
    interface Effect {
        void apply(Exchange exchange) throws IOException;
    }

    private final Place place;
    private final Effect effect;

    FaultKind(Place place, Effect effect) {
        this.place = place;
        this.effect = effect;
    }

    /** Whether the fault is possible on this transport. */
    public boolean isPossibleOn(Transport transport) {
        return switch (place) {
            case ANY -> true;
            case RTU -> transport.isRtu();
            case TCP -> transport == Transport.TCP;
            case SERIAL -> !transport.isNetwork();
            case NETWORK -> transport.isNetwork();
        };
    }

    /** Whether the fault affects every response instead of occasional ones. */
    boolean isPermanent() {
        return this == ECHO || this == BYTE_BY_BYTE;
    }

    /** Whether the fault is a permanent property of the device, which must be read nevertheless. */
    boolean isHabit() {
        return this == PAUSE || this == HOLES || this == LIMIT;
    }

    /** Whether the fault is not detectable before a certain time. */
    boolean isUnseenAtFirst() {
        return this == SECOND_MASTER_UNSEEN;
    }

    /** Time for which the values of the device stay constant, in milliseconds. */
    int stepMillis() {
        // Values that change with each reading cannot be confirmed by a second one.
        return this == SECOND_MASTER_UNSEEN ? 1000 : ReferenceRegisters.STEP;
    }

    /** Whether a plain client can cope with it: habits must be learnt, and patterns require the register map. */
    boolean isForClients() {
        return !isHabit() && !isUnseenAtFirst() && this != FILLED && this != SUBNORMAL;
    }

    private boolean isForMixed(Transport transport) {
        return this != MIXED && isForClients() && isPossibleOn(transport);
    }

    void apply(Exchange exchange) throws IOException {
        effect.apply(exchange);
    }

    private static void any(Exchange exchange) throws IOException {
        FaultKind kind;
        do {
            kind = values()[exchange.random().nextInt(values().length)];
        } while (!kind.isForMixed(exchange.transport()));
        kind.apply(exchange);
    }

    /**
     * Responds to a request that the device does not support: 0 is the correct response, others are kinds of rejection.
     */
    private static void refuse(Exchange x, int reaction) throws IOException {
        switch (reaction) {
            case 0 -> x.send(x.answer());
            case 1 -> x.send(x.exception(x.unit(), 3));
            case 2 -> x.send(x.exception(x.unit(), 2));
            case 3 -> x.send();
            case 4 -> {
                if (x.transport().isNetwork()) {
                    x.disconnect(false);
                } else {
                    x.send();
                }
            }
            case 5 -> x.send(x.exception(x.unit(), 4));
            case 6 -> x.send(x.exception(x.unit(), 6));
            default -> x.send(x.exception(x.unit(), 11));
        }
    }

    private static boolean touchesHole(Exchange x) {
        Random habit = x.habit();
        habit.nextInt();
        for (int i = 0; i < 4; i++) {
            // Two of them in gaps of the map, two at random addresses.
            int from = i == 0 ? 0x20F5 + habit.nextInt(11)
                    : i == 1 ? 0x2187 + habit.nextInt(7)
                            : Patterns.BLOCKS[habit.nextInt(Patterns.BLOCKS.length)] + habit.nextInt(16);
            int to = from + 1 + habit.nextInt(6);
            if (x.address() < to && x.address() + x.count() > from) {
                return true;
            }
        }
        return false;
    }

    private static byte[] filled(Exchange x, int word, boolean whole) {
        byte[] pdu = x.pdu();
        int from = 0;
        int to = x.count();
        int first = firstReal(x, 0);
        int last = first;
        for (int at = first; at < x.count(); at = firstReal(x, at + 2)) {
            last = at;
        }
        if (!whole && first < last) {
            from = x.episode().nextInt(first + 1);
            to = last + 2 + x.episode().nextInt(x.count() - last - 1);
        }
        for (int at = from; at < to; at++) {
            put(pdu, at, word);
        }
        return pdu;
    }

    private static byte[] subnormal(Exchange x) {
        byte[] pdu = x.pdu();
        for (int at = firstReal(x, 0); at < x.count(); at = firstReal(x, at + 2)) {
            put(pdu, at, 1 + x.random().nextInt(0xFFFF));
            put(pdu, at + 1, x.random().nextInt(0x80));
        }
        return pdu;
    }

    /** Index of the first complete measurement in a response at or after an index; the count if there is none. */
    private static int firstReal(Exchange x, int from) {
        for (int at = from; at + 1 < x.count(); at++) {
            if (ReferenceRegisters.isReal(x.address() + at)) {
                return at;
            }
        }
        return x.count();
    }

    private static void put(byte[] pdu, int at, int word) {
        pdu[2 + 2 * at] = (byte) (word >> 8);
        pdu[3 + 2 * at] = (byte) word;
    }

    private static byte[] without(byte[] bytes, int at) {
        byte[] result = new byte[bytes.length - 1];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(bytes, at + 1, result, at, result.length - at);
        return result;
    }

    private static byte[] doubled(byte[] bytes, int at) {
        byte[] result = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, result, 0, at + 1);
        System.arraycopy(bytes, at, result, at + 1, bytes.length - at);
        return result;
    }

    /** A valid response with another number of registers than requested; an exception stays unchanged. */
    private static byte[] resized(byte[] pdu, int registers) {
        if (pdu.length < 3) {
            return pdu;
        }
        int length = Math.max(4, pdu.length + 2 * registers);
        byte[] result = Arrays.copyOf(pdu, length == pdu.length ? length + 2 : length);
        result[1] = (byte) (result.length - 2);
        return result;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A request with its response, and the actions that a fault can take. */
    interface Exchange {

        Transport transport();

        Random random();

        /** Response timeout of the reader. */
        int timeoutMillis();

        byte[] request();

        /** A copy of the complete correct response. */
        byte[] answer();

        /** A random index in the response at which only the reader can detect a wrong byte. */
        int place();

        int unit();

        /** A copy of function and data of the response. */
        byte[] pdu();

        /** A valid frame around function and data. */
        byte[] sealed(int unit, byte[] pdu);

        /** First requested register. */
        default int address() {
            return word(2);
        }

        /** Number of requested registers. */
        default int count() {
            return word(4);
        }

        private int word(int at) {
            byte[] request = request();
            int begin = transport().isRtu() ? at : at + 6;
            return (request[begin] & 0xFF) << 8 | request[begin + 1] & 0xFF;
        }

        /** An address other than the requested one. */
        default int otherAddress(Random drawn) {
            int address = Patterns.BLOCKS[drawn.nextInt(Patterns.BLOCKS.length)];
            return address == address() ? address + 1 : address;
        }

        /** The request of another master to the same device, on RTU. */
        default byte[] asking(int address, int count) {
            return Frames.rtu(unit(),
                    new byte[] { pdu()[0], (byte) (address >> 8), (byte) address, (byte) (count >> 8), (byte) count });
        }

        /** The response of the device to another master, on RTU. */
        byte[] other(int address, int count) throws IOException;

        /** Whether the reader requested this before: then a second response with the same registers reveals nothing. */
        boolean wasAsked(int address, int count);

        /** Random numbers that are the same for the whole run: properties of the device. */
        Random habit();

        /** Random numbers that are the same for all responses affected by one event. */
        Random episode();

        /** Number of faults so far, including this one. */
        int faults();

        /** Time from the end of the last response to this request. */
        long pauseMillis();

        /** Corrupts all responses for this time. */
        void spoilFor(int millis);

        /** Marks the time from which the reader can detect another master. */
        void show();

        default byte[] exception(int unit, int code) {
            return sealed(unit, new byte[] { (byte) (pdu()[0] | 0x80), (byte) code });
        }

        default byte[] noise(int length) {
            byte[] noise = new byte[length];
            random().nextBytes(noise);
            return noise;
        }

        /** Sends immediately, at the pace of the wire. */
        void send(byte[]... parts) throws IOException;

        void sendByteByByte() throws IOException;

        /** Sends later. Data sent in the meantime waits, because a device responds in order. */
        void sendAfter(int millis, byte[] bytes);

        /** Sends after the next request has arrived, before its response. */
        void holdUntilNext(byte[] bytes);

        /** Closes the connection, with a reset or normally. */
        void disconnect(boolean reset);

        /** Keeps the connection open without sending anything. */
        void fallSilent();

        /** Accepts connections without sending anything on them. */
        void hangNextConnections(int count);

        /** Removes the adapter and adds it again, with the same or another number. */
        void unplug(int millis, boolean otherNumber);
    }
}
