/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.modbus;

import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * One request of the Modbus application protocol: a read (functions 3 and 4) or a write (functions 6 and 16).
 * Immutable.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class ModbusRequest {

    public static final int READ_HOLDING = 3;
    public static final int READ_INPUT = 4;
    public static final int WRITE_SINGLE = 6;
    public static final int WRITE_MULTIPLE = 16;

    /** Maximum number of registers in one read. */
    public static final int MAX_READ = 125;
    /** Maximum number of registers in one write. */
    public static final int MAX_WRITE = 123;

    private final int unit;
    private final int function;
    private final int address;
    private final int count;
    private final byte[] pdu;
    private final boolean tentative;

    private ModbusRequest(int unit, int function, int address, int count, byte[] pdu) {
        this(unit, function, address, count, pdu, false);
    }

    private ModbusRequest(int unit, int function, int address, int count, byte[] pdu, boolean tentative) {
        this.tentative = tentative;
        this.unit = unit;
        this.function = function;
        this.address = address;
        this.count = count;
        this.pdu = pdu;
    }

    /**
     * A read.
     *
     * @param function {@link #READ_HOLDING} or {@link #READ_INPUT}
     * @param address first register, 0..65535
     * @param count registers, 1..125
     */
    public static ModbusRequest read(int unit, int function, int address, int count) {
        if (count < 1 || count > MAX_READ || address < 0 || address + count > 0x10000) {
            throw new IllegalArgumentException("Cannot read " + count + " registers at " + address);
        }
        return new ModbusRequest(unit, function, address, count, pdu(function, address, count));
    }

    /** A write of one holding register (function 6). */
    public static ModbusRequest writeSingle(int unit, int address, int value) {
        return new ModbusRequest(unit, WRITE_SINGLE, address, 1, pdu(WRITE_SINGLE, address, value));
    }

    /** A write of consecutive holding registers (function 16). */
    public static ModbusRequest writeMultiple(int unit, int address, int... values) {
        if (values.length < 1 || values.length > MAX_WRITE) {
            throw new IllegalArgumentException("Cannot write " + values.length + " registers");
        }
        byte[] head = pdu(WRITE_MULTIPLE, address, values.length);
        byte[] pdu = new byte[head.length + 1 + 2 * values.length];
        System.arraycopy(head, 0, pdu, 0, head.length);
        pdu[head.length] = (byte) (2 * values.length);
        for (int i = 0; i < values.length; i++) {
            putWord(pdu, head.length + 1 + 2 * i, values[i]);
        }
        return new ModbusRequest(unit, WRITE_MULTIPLE, address, values.length, pdu);
    }

    private static byte[] pdu(int function, int first, int second) {
        byte[] pdu = new byte[5];
        pdu[0] = (byte) function;
        putWord(pdu, 1, first);
        putWord(pdu, 3, second);
        return pdu;
    }

    private static void putWord(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    /** The same request, sent to find out whether the device answers it: silence is no evidence about the link then. */
    public ModbusRequest tentative() {
        return new ModbusRequest(unit, function, address, count, pdu, true);
    }

    /** Whether it is not known that the device answers this request. */
    boolean isTentative() {
        return tentative;
    }

    public int unit() {
        return unit;
    }

    public int function() {
        return function;
    }

    public int address() {
        return address;
    }

    /** Number of registers that are read or written. */
    public int count() {
        return count;
    }

    public boolean isRead() {
        return function == READ_HOLDING || function == READ_INPUT;
    }

    /** Length of function code and parameters. */
    public int pduLength() {
        return pdu.length;
    }

    /** Length of function code and data of a good answer. */
    public int answerPduLength() {
        return isRead() ? 2 + 2 * count : 5;
    }

    /** Copies function code and parameters to a buffer. */
    public void copyPdu(byte[] target, int at) {
        System.arraycopy(pdu, 0, target, at, pdu.length);
    }

    /** Whether the bytes repeat function, address and value or count of the request, as the answer to a write does. */
    boolean isEchoed(byte[] bytes, int at) {
        for (int i = 0; i < 5; i++) {
            if (bytes[at + i] != pdu[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "unit %d function %d 0x%04X+%d", unit, function, address, count);
    }
}
