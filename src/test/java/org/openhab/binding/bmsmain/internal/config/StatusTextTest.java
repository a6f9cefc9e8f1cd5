/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.config;

import static org.junit.jupiter.api.Assertions.*;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.LocationException;
import org.openhab.binding.bmsmain.internal.board.LocationException.Reason;
import org.openhab.binding.bmsmain.internal.handler.Stubs;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;

/**
 * Status texts as openHAB translates them. It splits arguments at commas, deletes quotes and brackets, and drops an
 * empty argument, so that the following ones move up.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class StatusTextTest {

    @Test
    void writesKeyAndArguments() {
        assertEquals("@text/offline.x", StatusText.of("offline.x"));
        assertEquals("@text/offline.x [\"a\"]", StatusText.of("offline.x", "a"));
        assertEquals("@text/offline.x [\"a\",\"b c\"]", StatusText.of("offline.x", "a", "b c"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            /dev/ttyUSB0        | /dev/ttyUSB0
            a, b                | a; b
            say "no"            | say  no
            [::1]               | ::1
            COM\\3              | COM 3
            it's                | it's
            {0}                 | {0}
            @text/location.bit  | @text/location.bit
            ~~                  | -
            ~ ~                 | -
            ""                  | -
            """)
    void cleansArguments(String argument, String cleaned) {
        assertEquals("@text/k [\"" + cleaned + "\",\"next\"]", StatusText.of("k", argument, "next"));
    }

    @Test
    void cleansControlCharacters() {
        assertEquals("@text/k [\"a b c\"]", StatusText.of("k", "a\nb\tc\r"));
    }

    /** The checks recommended for a missing response depend on the connection; those for an unknown host do not. */
    @ParameterizedTest
    @CsvSource({ "NO_ANSWER, SERIAL, offline.no-answer.serial", "NO_ANSWER, TCP, offline.no-answer.tcp",
            "NO_ANSWER, CAN, offline.no-answer.can", "GARBAGE, SERIAL, offline.garbage.serial",
            "CONNECTION_LOST, TCP, offline.connection-lost.tcp", "PORT_BUSY, SERIAL, offline.port-busy",
            "WRONG_UNIT, SERIAL, offline.wrong-unit", "HOST_UNKNOWN, TCP, offline.host-unknown" })
    void namesTheTextOfACause(FailureCause cause, ConnectionType wire, String key) {
        assertEquals(key, StatusText.key(cause, wire));
    }

    @Test
    void namesPlaceAddressAndDetailOfAFailure() {
        assertEquals("@text/offline.wrong-unit [\"/dev/ttyUSB0\",\"32\",\"33\"]",
                StatusText.of(new Failure(FailureCause.WRONG_UNIT, "33"), ConnectionType.SERIAL, "/dev/ttyUSB0", 32));
        assertEquals("@text/offline.no-answer.tcp [\"board:502\",\"32\",\"-\"]",
                StatusText.of(Failure.of(FailureCause.NO_ANSWER), ConnectionType.TCP, "board:502", 32));
    }

    @Test
    void namesTheLineAndTheReasonOfAWrongPlace() {
        ConfigurationException e = ConfigurationException.of("registers", "2",
                new LocationException(Reason.NOT_READABLE, "faults#alarm, [x]"));
        assertEquals("@text/offline.config.registers [\"2\",\"@text/location.not-readable\",\"faults#alarm;  x\"]",
                e.statusText());
    }

    /** The console shows a status as openHAB formats it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~                                                       | ~~
            The user wrote this.                                     | The user wrote this.
            @text/offline.x                                          | offline.x
            @text/offline.x ["/dev/ttyUSB0","32","-"]                | offline.x[/dev/ttyUSB0, 32, -]
            @text/offline.config.registers ["2","@text/location.bit","a = [b"] | offline.config.registers[2, location.bit, a = [b]
            """)
    void aStatusCanBeReadInWords(String description, String words) {
        assertEquals(words, new Stubs.Words().status(description));
    }

    @Test
    void aStatusWithoutATextHasNoWords() {
        assertEquals("", Stubs.texts().status(null));
    }
}
