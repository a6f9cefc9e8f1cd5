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

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation;

/**
 * Text values: versions, the clock, characters. Byte 0 is the low byte of the first register (protocol, section 1);
 * the word order of numbers does not apply to them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
final class RegisterText {

    private static final int CENTURY = 2000;

    private RegisterText() {
    }

    /**
     * Returns the text in the registers of a value.
     *
     * @param at index of the first register in the answer
     * @return null when the bytes are invalid
     */
    static @Nullable String of(RegisterLocation location, RegisterView registers, int at) {
        return switch (location.type()) {
            case VERSION2 -> octet(registers, at, 1) + "." + octet(registers, at, 0);
            case VERSION4 -> octet(registers, at, 2) + "." + octet(registers, at, 1) + "." + octet(registers, at, 0);
            case CLOCK -> clock(registers, at);
            case CHARACTERS -> characters(registers, at, 2 * location.registers());
            default -> null;
        };
    }

    private static int octet(RegisterView registers, int at, int index) {
        return registers.word(at + index / 2) >> 8 * (index % 2) & 0xFF;
    }

    private static @Nullable String clock(RegisterView registers, int at) {
        try {
            return LocalDateTime
                    .of(CENTURY + bcd(registers, at, 2), bcd(registers, at, 1), bcd(registers, at, 0),
                            bcd(registers, at, 3), bcd(registers, at, 4), bcd(registers, at, 5))
                    .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int bcd(RegisterView registers, int at, int index) {
        int octet = octet(registers, at, index);
        int tens = octet >> 4;
        int ones = octet & 0xF;
        if (tens > 9 || ones > 9) {
            throw new DateTimeException("Not a BCD byte: " + octet);
        }
        return 10 * tens + ones;
    }

    private static @Nullable String characters(RegisterView registers, int at, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int character = octet(registers, at, i);
            if (character == 0) {
                break;
            }
            if (Character.isISOControl(character)) {
                return null;
            }
            text.append((char) character);
        }
        return text.toString().strip();
    }
}
