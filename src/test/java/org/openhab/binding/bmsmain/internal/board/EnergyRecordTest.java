/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.EnergyRecord.Day;

/**
 * Records are restored unchanged, or rejected with the reason.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class EnergyRecordTest {

    private static final EnergyRecord RECORD = new EnergyRecord(Instant.parse("2026-01-02T03:04:05.678901234Z"),
            Instant.parse("2026-11-22T12:00:00Z"), 1, 22, 333, Long.MAX_VALUE, 5000, 400, 300,
            new Day(LocalDate.parse("2026-11-22"), 7, 8), new Day(LocalDate.parse("2026-11-21"), 9, 10));

    @Test
    void comesBack() throws BrokenRecordException {
        assertEquals(RECORD, EnergyRecord.parse(RECORD.toText()));
        EnergyRecord fresh = new EnergyMeter().record();
        assertEquals(fresh, EnergyRecord.parse(fresh.toText()));
        assertEquals(RECORD, new EnergyMeter(RECORD).record(), "nothing happens before the first clock");
    }

    /** Every change of one character is detected, and every truncation. */
    @Test
    void noDamageGoesUnseen() {
        String text = RECORD.toText();
        for (int i = 0; i < text.length(); i++) {
            String damaged = text.substring(0, i) + (text.charAt(i) == '7' ? '1' : '7') + text.substring(i + 1);
            assertThrows(BrokenRecordException.class, () -> EnergyRecord.parse(damaged), damaged);
            String cut = text.substring(0, i);
            assertThrows(BrokenRecordException.class, () -> EnergyRecord.parse(cut), cut);
        }
    }

    /** Errors in a record with a valid checksum. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chargeIn=333       | chargeIn=-333           | 'chargeIn=-333' is not a count
            chargeIn=333       | chargeIn=3.5            | 'chargeIn=3.5' is not a count
            chargeIn=333       | other=333               | the value 'chargeIn' is missing
            chargeIn=333       | chargeIn                | 'chargeIn' is not a value
            measured=400       | measured=5001           | the measured time is longer than the elapsed time
            energyMeasured=300 | energyMeasured=401      | the measured time is longer than the elapsed time
            today=2026-11-22   | today=2026-13-22        | it contains an invalid time
            bmsmain-energy     | bmsmain-history         | it is not a record of type bmsmain-energy
            bmsmain-energy 1   | bmsmain-energy 2        | its version is 2, this binding supports 1
            """)
    void tellsWhatIsWrong(String right, String wrong, String reason) {
        String text = RECORD.toText();
        String body = text.substring(0, text.lastIndexOf(" crc="));
        assertTrue(body.contains(right));
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        String changed = body.replaceFirst(right, wrong);
        crc.update(changed.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String record = changed + " crc=" + String.format("%08x", crc.getValue());
        String said = String
                .valueOf(assertThrows(BrokenRecordException.class, () -> EnergyRecord.parse(record)).getMessage());
        assertTrue(said.startsWith(reason), said);
    }

    @Test
    void refusesWhatIsNoRecord() {
        for (String text : List.of("", " ", "{}", "null", "crc=00000000", " crc=00000000", "1 2 3 crc=")) {
            assertThrows(BrokenRecordException.class, () -> EnergyRecord.parse(text), text);
            assertThrows(BrokenRecordException.class, () -> BatteryHistory.parse(text), text);
        }
    }
}
