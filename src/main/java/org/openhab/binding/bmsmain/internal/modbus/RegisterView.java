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

import java.util.Arrays;

import org.eclipse.jdt.annotation.NonNullByDefault;

/**
 * The registers of an answer, in the receive buffer. Valid until the next transaction.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class RegisterView {

    private byte[] bytes = new byte[0];
    private int offset;
    private int count;

    void set(byte[] bytes, int offset, int count) {
        this.bytes = bytes;
        this.offset = offset;
        this.count = count;
    }

    /** Drops the registers after this number. */
    void limit(int registers) {
        count = Math.min(count, registers);
    }

    /** A copy that stays valid. */
    public RegisterView copy() {
        RegisterView copy = new RegisterView();
        copy.set(Arrays.copyOfRange(bytes, offset, offset + 2 * count), 0, count);
        return copy;
    }

    /** Number of registers. */
    public int count() {
        return count;
    }

    /** Register {@code index}, 0..65535. */
    public int word(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index);
        }
        int at = offset + 2 * index;
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    /** A checksum of the registers. */
    int checksum() {
        return Crc16.of(bytes, offset, 2 * count);
    }
}
