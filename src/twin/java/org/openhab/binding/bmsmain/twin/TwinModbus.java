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
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The application layer of the twin's Modbus server. Requests and responses are without address, length
 * and checksum.
 * <p>
 * Supports the function codes 3, 4, 6 and 16. Exception 01 rejects other function codes, 02 an address that does
 * not exist, 03 an invalid quantity or value. A rejected write changes nothing.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TwinModbus {

    static final int READ_HOLDING = 3;
    static final int READ_INPUT = 4;
    static final int WRITE_ONE = 6;
    static final int WRITE_MANY = 16;

    static final int ILLEGAL_FUNCTION = 1;
    static final int ILLEGAL_ADDRESS = 2;
    static final int ILLEGAL_VALUE = 3;

    private static final int MAX_READ = 125;
    private static final int MAX_WRITE = 123;

    private final TwinLog log;

    TwinModbus(TwinLog log) {
        this.log = log;
    }

    /**
     * Serves one request.
     *
     * @param board the addressed board
     * @param request function code and data, at least one byte
     * @return function code and data of the response
     */
    byte[] serve(TwinBoard board, byte[] request) {
        int function = request[0] & 0xFF;
        switch (function) {
            case READ_HOLDING:
            case READ_INPUT:
                return read(board, function, request);
            case WRITE_ONE:
            case WRITE_MANY:
                return write(board, function, request);
            default:
                return done(board, function, -1, 0, List.of(), ILLEGAL_FUNCTION, new byte[0]);
        }
    }

    private byte[] read(TwinBoard board, int function, byte[] request) {
        if (request.length != 5) {
            return done(board, function, -1, 0, List.of(), ILLEGAL_VALUE, new byte[0]);
        }
        int address = word(request, 1);
        int count = word(request, 3);
        int exception = 0;
        byte[] answer = new byte[0];
        if (count < 1 || count > MAX_READ) {
            exception = ILLEGAL_VALUE;
        } else if (address + count > 0x10000) {
            exception = ILLEGAL_ADDRESS;
        } else {
            int[] registers = function == READ_INPUT ? board.readInput(address, count)
                    : board.readHolding(address, count);
            if (registers == null) {
                exception = ILLEGAL_ADDRESS;
            } else {
                answer = new byte[2 + 2 * count];
                answer[0] = (byte) function;
                answer[1] = (byte) (2 * count);
                for (int i = 0; i < count; i++) {
                    answer[2 + 2 * i] = (byte) (registers[i] >> 8);
                    answer[3 + 2 * i] = (byte) registers[i];
                }
            }
        }
        return done(board, function, address, count, List.of(), exception, answer);
    }

    private byte[] write(TwinBoard board, int function, byte[] request) {
        boolean many = function == WRITE_MANY;
        int count = !many ? 1 : request.length >= 6 ? word(request, 3) : 0;
        boolean whole = many
                ? request.length >= 6 && (request[5] & 0xFF) == 2 * count && request.length == 6 + 2 * count
                : request.length == 5;
        if (!whole || count < 1 || count > MAX_WRITE) {
            return done(board, function, -1, 0, List.of(), ILLEGAL_VALUE, new byte[0]);
        }
        int address = word(request, 1);
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(word(request, (many ? 6 : 3) + 2 * i));
        }
        int exception = 0;
        for (int i = 0; i < count && exception == 0; i++) {
            if (!board.writable(address + i)) {
                exception = ILLEGAL_ADDRESS;
            } else if (!board.accepts(address + i, values.get(i))) {
                exception = ILLEGAL_VALUE;
            }
        }
        if (exception == 0) {
            for (int i = 0; i < count; i++) {
                board.write(address + i, values.get(i));
            }
        }
        // both responses repeat function, address, and value or count: the first five bytes of the request
        byte[] answer = new byte[5];
        System.arraycopy(request, 0, answer, 0, answer.length);
        return done(board, function, address, count, values, exception, answer);
    }

    private byte[] done(TwinBoard board, int function, int address, int count, List<Integer> written, int exception,
            byte[] answer) {
        log.add(new TwinLog.Request(board.address(), function, address, count, List.copyOf(written), exception));
        return exception == 0 ? answer : new byte[] { (byte) (function | 0x80), (byte) exception };
    }

    private static int word(byte[] bytes, int index) {
        return (bytes[index] & 0xFF) << 8 | bytes[index + 1] & 0xFF;
    }
}
