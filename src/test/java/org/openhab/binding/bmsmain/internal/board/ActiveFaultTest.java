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

import static org.junit.jupiter.api.Assertions.*;

import java.time.Instant;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which faults are active, in which order, and with which IDs.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ActiveFaultTest {

    private final BoardAssembler assembler = new BoardAssembler(Setups.standard());

    /** Critical ones first, then by word and bit; bits without a public meaning are sorted in by position. */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            00000000 | 00000000 | ''
            00000200 | 00000000 | bms-logic-offline
            00000003 | 00000001 | overcurrent undervoltage low-temperature-charging
            00080021 | 00000000 | battery-cover-open adc-error overcurrent
            02140000 | 00022000 | unknown-error-1-18 current-sensor-fault unknown-error-1-25 general-error precharge-error
            00040000 | 000000C1 | unknown-error-1-18 low-temperature-charging unknown-error-2-6 unknown-error-2-7
            80001000 | 80000000 | cell-count-mismatch unknown-error-1-31 unknown-error-2-31
            """)
    void listsWhatIsActive(String errors1, String errors2, String ids) {
        put(Catalogue.ERRORS_1, Long.parseLong(errors1, 16));
        put(Catalogue.ERRORS_2, Long.parseLong(errors2, 16));
        List<String> listed = ActiveFault.of(snapshot()).stream().map(ActiveFault::id).toList();
        assertEquals(ids, String.join(" ", listed));
        String alarm = ActiveFault.alarm(snapshot(), ActiveFault::id, "OK");
        assertEquals(ids.isEmpty() ? "OK" : ids.replace(" ", ", "), alarm);
    }

    @Test
    void knowsTheirPlaces() {
        put(Catalogue.ERRORS_1, 1 << 18 | 1 << 19);
        put(Catalogue.ERRORS_2, 1 << 13);
        assertEquals(List.of(new ActiveFault(Catalogue.ADC_ERROR, 1, 19), new ActiveFault(null, 1, 18),
                new ActiveFault(Catalogue.GENERAL_ERROR, 2, 13)), ActiveFault.of(snapshot()));
        assertTrue(ActiveFault.of(snapshot()).get(0).isCritical());
        assertFalse(ActiveFault.of(snapshot()).get(1).isCritical());
    }

    @Test
    void saysNothingWhenNothingIsKnown() {
        assertNull(ActiveFault.alarm(snapshot(), ActiveFault::id, "OK"));
        put(Catalogue.ERRORS_1, 0);
        assertNull(ActiveFault.alarm(snapshot(), ActiveFault::id, "OK"));
    }

    private void put(Point word, long bits) {
        assembler.put(word, bits, 0);
        RegisterLocation place = word.register();
        for (Point fault : Catalogue.FAULTS) {
            RegisterLocation location = fault.register();
            if (location != null && place != null && location.address() == place.address()) {
                assembler.put(fault, bits >> location.bit() & 1, 0);
            }
        }
    }

    private BoardSnapshot snapshot() {
        return assembler.snapshot(0, Instant.EPOCH);
    }
}
