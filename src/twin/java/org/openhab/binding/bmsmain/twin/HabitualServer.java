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

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.twin.DeviceHabits.Refusal;

/**
 * Serves requests and applies the deviations described by {@link DeviceHabits}. The caller supplies the time.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class HabitualServer {

    /** Empty result: no response is sent. */
    static final byte[] SILENCE = {};

    private static final long MILLI = 1_000_000;
    private static final int READ_LENGTH = 5;

    private final TwinModbus modbus;
    private final Map<Integer, Long> answeredAt = new HashMap<>();
    private final Map<Integer, Long> askedAt = new HashMap<>();
    private int overslept;
    private volatile DeviceHabits habits = DeviceHabits.NONE;
    private int answers;

    HabitualServer(TwinModbus modbus) {
        this.modbus = modbus;
    }

    void habits(DeviceHabits next) {
        habits = next;
    }

    /**
     * Serves one request.
     *
     * @param request function code and data, at least one byte
     * @param connectedAt time of the connection, or of the opening of the line, in nanoseconds
     * @param begunAt time at which the request began, in nanoseconds of the same clock
     * @return function code and data of the response, {@link #SILENCE}, or null to close the connection
     */
    byte @Nullable [] serve(TwinBoard board, byte[] request, long connectedAt, long begunAt) {
        DeviceHabits now = habits;
        if (now == DeviceHabits.NONE) {
            return modbus.serve(board, request);
        }
        if (begunAt - connectedAt < now.quietMillis() * MILLI || isTooSoon(board, now, begunAt)
                || isAsleep(board, now, begunAt)) {
            return SILENCE;
        }
        int function = request[0] & 0xFF;
        boolean isRead = (function == TwinModbus.READ_INPUT || function == TwinModbus.READ_HOLDING)
                && request.length == READ_LENGTH;
        return isRead ? read(board, request, now) : modbus.serve(board, request);
    }

    private synchronized boolean isTooSoon(TwinBoard board, DeviceHabits now, long begunAt) {
        Long last = answeredAt.get(board.address());
        return now.gapMillis() > 0 && last != null && begunAt - last < now.gapMillis() * MILLI;
    }

    private synchronized boolean isAsleep(TwinBoard board, DeviceHabits now, long begunAt) {
        Long asked = askedAt.put(board.address(), begunAt);
        Long answered = answeredAt.get(board.address());
        long last = Math.max(asked == null ? 0 : asked, answered == null ? 0 : answered);
        boolean asleep = now.sleepMillis() > 0 && (asked == null || begunAt - last > now.sleepMillis() * MILLI);
        overslept += asleep ? 1 : 0;
        return asleep;
    }

    /** Returns the number of requests that only woke the device. */
    synchronized int overslept() {
        return overslept;
    }

    private byte @Nullable [] read(TwinBoard board, byte[] request, DeviceHabits now) {
        int count = (request[3] & 0xFF) << 8 | request[4] & 0xFF;
        if (count > now.limit() && now.tooLong() != Refusal.SHORT_ANSWER) {
            return refuse(now.tooLong(), request);
        }
        int given = Math.min(count, now.limit());
        Refusal hole = now.hole();
        if (hole != null && request[0] == TwinModbus.READ_INPUT) {
            int address = (request[1] & 0xFF) << 8 | request[2] & 0xFF;
            for (int i = 0; i < given; i++) {
                if (!now.publishes(address + i)) {
                    return refuse(hole, request);
                }
            }
        }
        byte[] shorter = Arrays.copyOf(request, request.length);
        shorter[3] = (byte) (given >> 8);
        shorter[4] = (byte) given;
        return modbus.serve(board, shorter);
    }

    private static byte @Nullable [] refuse(Refusal refusal, byte[] request) {
        return switch (refusal) {
            case CLOSE -> null;
            case SILENCE, SHORT_ANSWER -> SILENCE;
            default -> new byte[] { (byte) (request[0] | 0x80), (byte) refusal.exception() };
        };
    }

    /** Records that the last byte of a response was sent at this time, in nanoseconds. */
    synchronized void answered(TwinBoard board, long nanos) {
        answeredAt.put(board.address(), nanos);
    }

    /** Returns a Modbus TCP response: header and body. */
    synchronized byte[] frame(byte[] header, byte[] body) {
        return habits.header().frame(header, body, answers++);
    }
}
