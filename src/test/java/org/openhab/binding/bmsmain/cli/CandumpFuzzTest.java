/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import static org.junit.jupiter.api.Assertions.*;

import java.nio.charset.StandardCharsets;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.fuzz.Fuzz;
import org.openhab.binding.bmsmain.internal.canopen.CanFrame;

/**
 * A log of CAN frames with arbitrary content: each line is either a frame or ignored.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class CandumpFuzzTest {

    @Test
    void eachLineIsAFrameOrNone() {
        Fuzz.ofText("candump.txt").run((input, random) -> {
            for (String line : new String(input, StandardCharsets.ISO_8859_1).lines().toList()) {
                CandumpLine parsed = CandumpLine.parse(line);
                CanFrame frame = parsed == null ? null : parsed.frame();
                if (frame != null) {
                    assertTrue(frame.id() <= CanFrame.MAX_ID && frame.length() <= CanFrame.MAX_LENGTH);
                }
            }
        });
    }
}
