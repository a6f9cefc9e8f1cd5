/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.transport;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.board.NumberParameter;

/**
 * A serial port and its line settings. Frames always have 8 data bits.
 *
 * @param port path or name of the port, as the user wrote it
 * @param baudRate bits per second
 * @param parity parity bit
 * @param stopBits 1 or 2
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public record SerialSettings(String port, int baudRate, Parity parity, int stopBits) {

    /** The baud rates of the board (protocol, section 1). */
    public static final List<Integer> BAUD_RATES = List.of(600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200);

    public static final int DEFAULT_BAUD_RATE = 9600;
    public static final NumberParameter STOP_BITS = new NumberParameter("stopBits", "", 1, 2, 1);

    /** Parity of a character. */
    public enum Parity {
        NONE,
        EVEN,
        ODD
    }

    /** The settings without the port, for comparison when a port has several names. */
    public SerialSettings withoutPort() {
        return new SerialSettings("", baudRate, parity, stopBits);
    }

    /** Bits on the wire for one character: start, eight data bits, parity, stop bits. */
    public int bitsPerCharacter() {
        return 9 + (parity == Parity.NONE ? 0 : 1) + stopBits;
    }

    /** Time of one character on the wire, in nanoseconds. */
    public long characterNanos() {
        return bitsPerCharacter() * 1_000_000_000L / baudRate;
    }
}
