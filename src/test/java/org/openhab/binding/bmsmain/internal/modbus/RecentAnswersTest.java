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

import static org.junit.jupiter.api.Assertions.*;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;

/**
 * A request whose answer has the content of another one is repeated once.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class RecentAnswersTest {

    private static final ModbusRequest FIRST = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2000, 1);
    private static final ModbusRequest SECOND = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2010, 1);
    private static final ModbusRequest LONGER = ModbusRequest.read(32, ModbusRequest.READ_INPUT, 0x2020, 2);
    private static final ModbusRequest OTHER_UNIT = ModbusRequest.read(33, ModbusRequest.READ_INPUT, 0x2030, 1);

    private final RecentAnswers recent = new RecentAnswers();

    @Test
    void sameContentOfAnotherBlockOfTheSameLengthIsSuspicious() {
        recent.add(FIRST, holding(7));
        assertTrue(recent.isRepeated(SECOND, holding(7)));
        assertFalse(recent.isRepeated(SECOND, holding(8)), "other content");
        assertFalse(recent.isRepeated(FIRST, holding(7)), "the same block");
        assertFalse(recent.isRepeated(LONGER, holding(7, 7)), "other length");
        assertFalse(recent.isRepeated(OTHER_UNIT, holding(7)), "other board");
    }

    @Test
    void whatWasConfirmedIsNotAskedForAgainUntilItChanges() {
        recent.add(FIRST, holding(7));
        recent.confirm(SECOND, holding(7));
        assertFalse(recent.isRepeated(SECOND, holding(7)));
        recent.add(FIRST, holding(9));
        assertTrue(recent.isRepeated(SECOND, holding(9)));
    }

    private static RegisterView holding(int... words) {
        byte[] bytes = new byte[2 * words.length];
        for (int i = 0; i < words.length; i++) {
            bytes[2 * i] = (byte) (words[i] >> 8);
            bytes[2 * i + 1] = (byte) words[i];
        }
        RegisterView view = new RegisterView();
        view.set(bytes, 0, words.length);
        return view;
    }
}
