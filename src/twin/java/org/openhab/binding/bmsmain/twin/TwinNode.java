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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A simulated board as a CANopen node: process data objects on SYNC, heartbeat, and an SDO server with the
 * published objects. The node ID is the bus address of the board.
 * <p>
 * Besides the published objects it has the device type (0x1000), which the standard requires, and the device name
 * (0x1008), which is long enough for a segmented SDO upload. Those two are inventions.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class TwinNode {

    static final int SYNC = 0x080;

    private static final int TPDO1 = 0x180;
    private static final int TPDO2 = 0x280;
    private static final int TPDO3 = 0x380;
    private static final int SDO_ANSWER = 0x580;
    private static final int SDO_REQUEST = 0x600;
    private static final int HEARTBEAT = 0x700;
    private static final int BOOT_UP = 0x00;
    private static final int OPERATIONAL = 0x05;

    private static final int DEVICE_TYPE = 0x1000;
    private static final int DEVICE_NAME = 0x1008;
    private static final int INPUT_SIGNALS_LOW = 0x4000;
    private static final int INPUT_SIGNALS_HIGH = 0x4001;
    private static final int ERRORS_1 = 0x4020;
    private static final int SOFTWARE_CONTROL = 0x5100;

    private static final int BAD_TOGGLE = 0x0503_0000;
    private static final int BAD_COMMAND = 0x0504_0001;
    private static final int WRITE_ONLY = 0x0601_0001;
    private static final int READ_ONLY = 0x0601_0002;
    private static final int NO_OBJECT = 0x0602_0000;
    private static final int BAD_LENGTH = 0x0607_0010;
    private static final int NO_SUB_INDEX = 0x0609_0011;

    private final TwinBoard board;
    private byte[] segments = {};
    private int segmentAt;
    private boolean toggle;
    private boolean segmenting;

    TwinNode(TwinBoard board) {
        this.board = board;
    }

    TwinBoard board() {
        return board;
    }

    TwinFrame bootUp() {
        segmenting = false;
        return TwinFrame.of(HEARTBEAT + board.address(), BOOT_UP);
    }

    TwinFrame heartbeat() {
        return TwinFrame.of(HEARTBEAT + board.address(), OPERATIONAL);
    }

    /** Returns the three PDOs that respond to a SYNC, as one consistent snapshot. */
    List<TwinFrame> synced() {
        synchronized (board) {
            long inputs = inputs();
            byte[] first = buffer(8).put((byte) inputs).putShort((short) tenths(TwinRow.CURRENT))
                    .put((byte) whole(TwinRow.MIN_CELL_TEMPERATURE)).put((byte) whole(TwinRow.MAX_CELL_TEMPERATURE))
                    .put((byte) whole(TwinRow.STATE_OF_CHARGE)).putShort((short) tenths(TwinRow.VOLTAGE)).array();
            byte[] second = buffer(8).putInt((int) bits(TwinRow.INTERNAL_SIGNALS)).putInt((int) bits(TwinRow.ERRORS_1))
                    .array();
            byte[] third = buffer(8).putInt((int) bits(TwinRow.ERRORS_2)).putShort((short) (inputs >>> 8)).array();
            return List.of(new TwinFrame(TPDO1 + board.address(), first),
                    new TwinFrame(TPDO2 + board.address(), second), new TwinFrame(TPDO3 + board.address(), third));
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private long inputs() {
        return bits(TwinRow.INPUT_SIGNALS_LOW) | bits(TwinRow.INPUT_SIGNALS_HIGH) << 16;
    }

    private long bits(TwinRow row) {
        return (long) board.number(row.id());
    }

    private long whole(TwinRow row) {
        return Math.round(board.number(row.id()));
    }

    private long tenths(TwinRow row) {
        return Math.round(board.number(row.id()) * 10);
    }

    /** Responds to a frame. @return null when it is not for this node, or needs no response */
    @Nullable
    TwinFrame answer(TwinFrame request) {
        if (request.id() != SDO_REQUEST + board.address() || request.data().length != 8) {
            return null;
        }
        int index = request.at(1) | request.at(2) << 8;
        int sub = request.at(3);
        switch (request.at(0) >> 5) {
            case 1:
                return download(request, index, sub);
            case 2:
                return upload(index, sub);
            case 3:
                return segment((request.at(0) & 0x10) != 0);
            case 4:
                segmenting = false;
                return null;
            default:
                return abort(index, sub, BAD_COMMAND);
        }
    }

    private TwinFrame upload(int index, int sub) {
        byte[] value;
        switch (index) {
            case DEVICE_TYPE:
                value = buffer(4).putInt(0).array();
                break;
            case DEVICE_NAME:
                value = "BMS Main 2.1 twin".getBytes(StandardCharsets.US_ASCII);
                break;
            case INPUT_SIGNALS_LOW:
                value = buffer(2).putShort((short) inputs()).array();
                break;
            case INPUT_SIGNALS_HIGH:
                value = buffer(2).putShort((short) (inputs() >>> 16)).array();
                break;
            case ERRORS_1:
                value = buffer(4).putInt((int) bits(TwinRow.ERRORS_1)).array();
                break;
            case SOFTWARE_CONTROL:
                return abort(index, sub, sub <= TwinSignals.INPUT.size() ? WRITE_ONLY : NO_SUB_INDEX);
            default:
                return abort(index, sub, NO_OBJECT);
        }
        if (sub != 0) {
            return abort(index, sub, NO_SUB_INDEX);
        }
        if (value.length > 4) {
            segments = value;
            segmentAt = 0;
            toggle = false;
            segmenting = true;
            return answer(0x41, index, sub, buffer(4).putInt(value.length).array());
        }
        return answer(0x43 | 4 - value.length << 2, index, sub, value);
    }

    private TwinFrame segment(boolean asked) {
        if (!segmenting) {
            return abort(0, 0, BAD_COMMAND);
        }
        if (asked != toggle) {
            segmenting = false;
            return abort(0, 0, BAD_TOGGLE);
        }
        int count = Math.min(7, segments.length - segmentAt);
        byte[] data = new byte[8];
        System.arraycopy(segments, segmentAt, data, 1, count);
        segmentAt += count;
        segmenting = segmentAt < segments.length;
        data[0] = (byte) ((toggle ? 0x10 : 0) | 7 - count << 1 | (segmenting ? 0 : 1));
        toggle = !toggle;
        return new TwinFrame(SDO_ANSWER + board.address(), data);
    }

    private TwinFrame download(TwinFrame request, int index, int sub) {
        if (index == INPUT_SIGNALS_LOW || index == INPUT_SIGNALS_HIGH || index == ERRORS_1 || index == DEVICE_TYPE
                || index == DEVICE_NAME) {
            return abort(index, sub, READ_ONLY);
        }
        if (index != SOFTWARE_CONTROL) {
            return abort(index, sub, NO_OBJECT);
        }
        int register = SOFTWARE_CONTROL + sub - 1;
        if (sub == 0 || !board.writable(register)) {
            return abort(index, sub, NO_SUB_INDEX);
        }
        // Expedited download with its length indicated, which is two bytes.
        if (request.at(0) != 0x2B) {
            return abort(index, sub, BAD_LENGTH);
        }
        board.write(register, request.at(4) | request.at(5) << 8);
        return answer(0x60, index, sub, new byte[0]);
    }

    private TwinFrame abort(int index, int sub, int code) {
        return answer(0x80, index, sub, buffer(4).putInt(code).array());
    }

    private TwinFrame answer(int command, int index, int sub, byte[] value) {
        byte[] data = new byte[8];
        data[0] = (byte) command;
        data[1] = (byte) index;
        data[2] = (byte) (index >> 8);
        data[3] = (byte) sub;
        System.arraycopy(value, 0, data, 4, value.length);
        return new TwinFrame(SDO_ANSWER + board.address(), data);
    }
}
