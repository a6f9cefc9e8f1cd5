/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.twin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Deviations of a simulated device, or of the gateway in front of it, from the documents.
 *
 * @param gapMillis a request that begins sooner than this after the last response is ignored; 0..300 ms
 * @param limit maximum number of registers of a read, 8..125
 * @param tooLong reaction to a longer read
 * @param hole reaction to a read that includes a register without a value; null: such registers read as 0
 * @param missing names of the twin's rows that the device does not provide; they count as holes
 * @param quietMillis time without responses after each connect, 0..5000 ms
 * @param header header of the responses over Modbus TCP
 * @param sleepMillis a request that begins later than this after the last request and response only wakes the
 *            device and gets no response; 600..3000 ms, 0: the device never sleeps
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record DeviceHabits(int gapMillis, int limit, Refusal tooLong, @Nullable Refusal hole, List<String> missing,
        int quietMillis, Header header, int sleepMillis) {

    /** A device as documented. */
    public static final DeviceHabits NONE = new DeviceHabits(0, 125, Refusal.EXCEPTION_3, null, List.of(), 0,
            Header.STANDARD, 0);

    private static final int LONGEST_GAP = 300;
    private static final int LEAST_LIMIT = 8;
    private static final int LONGEST_QUIET = 5_000;
    private static final int MOST_MISSING = 4;

    /** Reaction to a read that the device does not serve. */
    public enum Refusal {
        SILENCE(0),
        /** The connection is closed; on a serial line, no response. */
        CLOSE(0),
        EXCEPTION_2(2),
        EXCEPTION_3(3),
        EXCEPTION_4(4),
        EXCEPTION_6(6),
        EXCEPTION_11(11),
        /** Only as many registers as the device supports, with a matching byte count. */
        SHORT_ANSWER(0);

        private static final Set<Refusal> OF_LENGTH = EnumSet.of(SILENCE, CLOSE, EXCEPTION_2, EXCEPTION_3,
                SHORT_ANSWER);
        private static final Set<Refusal> OF_HOLE = EnumSet.of(SILENCE, CLOSE, EXCEPTION_2, EXCEPTION_4, EXCEPTION_6,
                EXCEPTION_11);

        private final int exception;

        Refusal(int exception) {
            this.exception = exception;
        }

        /** Code of the Modbus exception; 0 when there is none. */
        int exception() {
            return exception;
        }
    }

    /** Header of a response over Modbus TCP. */
    public enum Header {
        STANDARD,
        UNIT_0,
        UNIT_1,
        UNIT_255,
        /** The length field is 0. */
        LENGTH_0,
        /** The length field is copied from a read request: 6. */
        LENGTH_OF_REQUEST,
        /** Two bytes of a checksum follow the response, and the length field does not include them. */
        CHECKSUM,
        /** Two bytes of a checksum follow the response, and the length field includes them. */
        CHECKSUM_COUNTED,
        PROTOCOL_256,
        TRANSACTION_0,
        /** The gateway uses a counter of its own as transaction identifier. */
        OWN_TRANSACTION;

        private static final int LENGTH = 7;
        private static final int CHECKSUM_BYTES = 2;

        /**
         * Returns a response with its header.
         *
         * @param request the header of the request
         * @param body function code and data
         * @param number number of earlier responses
         */
        byte[] frame(byte[] request, byte[] body, int number) {
            boolean hasChecksum = this == CHECKSUM || this == CHECKSUM_COUNTED;
            byte[] frame = new byte[LENGTH + body.length + (hasChecksum ? CHECKSUM_BYTES : 0)];
            System.arraycopy(request, 0, frame, 0, LENGTH);
            System.arraycopy(body, 0, frame, LENGTH, body.length);
            int length = body.length + 1;
            switch (this) {
                case UNIT_0 -> frame[6] = 0;
                case UNIT_1 -> frame[6] = 1;
                case UNIT_255 -> frame[6] = (byte) 255;
                case LENGTH_0 -> length = 0;
                case LENGTH_OF_REQUEST -> length = 6;
                case PROTOCOL_256 -> frame[2] = 1;
                case TRANSACTION_0 -> putWord(frame, 0, 0);
                case OWN_TRANSACTION -> putWord(frame, 0, 0x4242 + number);
                default -> {
                    if (hasChecksum) {
                        int crc = TwinRtu.crc(frame, 6, LENGTH + body.length);
                        putWord(frame, LENGTH + body.length, (crc & 0xFF) << 8 | crc >> 8);
                        length += this == CHECKSUM_COUNTED ? CHECKSUM_BYTES : 0;
                    }
                }
            }
            putWord(frame, 4, length);
            return frame;
        }

        private static void putWord(byte[] bytes, int at, int word) {
            bytes[at] = (byte) (word >> 8);
            bytes[at + 1] = (byte) word;
        }
    }

    /** Returns random deviations for a seed. Sleep is never among them; most others occur in half of the devices. */
    public static DeviceHabits random(long seed) {
        Random random = new Random(seed);
        int gap = random.nextBoolean() ? random.nextInt(LONGEST_GAP + 1) : 0;
        int limit = random.nextBoolean() ? LEAST_LIMIT + random.nextInt(NONE.limit - LEAST_LIMIT) : NONE.limit;
        Refusal tooLong = any(Refusal.OF_LENGTH, random);
        Refusal hole = random.nextBoolean() ? any(Refusal.OF_HOLE, random) : null;
        List<String> rows = new ArrayList<>(List.of(TwinRow.values()).stream().map(TwinRow::id).toList());
        Collections.shuffle(rows, random);
        List<String> missing = hole == null ? List.of() : rows.subList(0, random.nextInt(MOST_MISSING + 1));
        int quiet = random.nextBoolean() ? random.nextInt(LONGEST_QUIET + 1) : 0;
        Header header = random.nextBoolean() ? Header.values()[random.nextInt(Header.values().length)]
                : Header.STANDARD;
        return new DeviceHabits(gap, limit, tooLong, hole, List.copyOf(missing), quiet, header, 0);
    }

    private static Refusal any(Set<Refusal> refusals, Random random) {
        return List.copyOf(refusals).get(random.nextInt(refusals.size()));
    }

    /** Whether the device has a value at an input register. */
    public boolean publishes(int register) {
        TwinRow row = TwinRow.at(register);
        return row != null && !missing.contains(row.id());
    }

    /** Describes the deviations as text, separated by semicolons. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        if (gapMillis > 0) {
            words.add("needs a pause of " + gapMillis + " ms");
        }
        if (limit < NONE.limit) {
            words.add("returns at most " + limit + " registers, else " + tooLong);
        }
        if (hole != null) {
            words.add("has no registers outside the map" + missing.stream().collect(Collectors.joining(", ", ", ", ""))
                    + ": " + hole);
        }
        if (quietMillis > 0) {
            words.add("is silent for " + quietMillis + " ms after a connect");
        }
        if (sleepMillis > 0) {
            words.add("sleeps after " + sleepMillis + " ms");
        }
        if (header != Header.STANDARD) {
            words.add("header " + header);
        }
        return words.isEmpty() ? "none" : String.join("; ", words);
    }
}
