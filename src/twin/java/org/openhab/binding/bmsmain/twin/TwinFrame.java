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
import java.util.HexFormat;
import java.util.Locale;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;

/**
 * A CAN data frame with an 11-bit identifier, and its text in the slcan protocol.
 *
 * @param id 0..0x7FF
 * @param data at most 8 bytes
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
record TwinFrame(int id, byte[] data) {

    static TwinFrame of(int id, int... bytes) {
        byte[] data = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            data[i] = (byte) bytes[i];
        }
        return new TwinFrame(id, data);
    }

    /** Returns the slcan line {@code tiiildd..} without its terminator. */
    String line() {
        return String.format(Locale.ROOT, "t%03X%d", id, data.length) + HexFormat.of().withUpperCase().formatHex(data);
    }

    /** Parses an slcan line. @return null when it is not a valid frame */
    static @Nullable TwinFrame parse(String line) {
        if (!line.matches("t[0-7][0-9A-Fa-f]{2}[0-8]([0-9A-Fa-f]{2})*")
                || line.length() != 5 + 2 * (line.charAt(4) - '0')) {
            return null;
        }
        return new TwinFrame(Integer.parseInt(line.substring(1, 4), 16), HexFormat.of().parseHex(line.substring(5)));
    }

    int at(int place) {
        return data[place] & 0xFF;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TwinFrame frame && frame.id == id && Arrays.equals(frame.data, data);
    }

    @Override
    public int hashCode() {
        return 31 * id + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%03X", id)
                + (data.length == 0 ? "" : " " + HexFormat.ofDelimiter(" ").withUpperCase().formatHex(data));
    }
}
