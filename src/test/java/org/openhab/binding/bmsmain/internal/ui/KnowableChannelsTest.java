/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingTypeUID;
import org.openhab.core.thing.binding.builder.ThingBuilder;

/**
 * Which channels a board can provide, depending on its connection and on the configuration.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class KnowableChannelsTest {

    private static final String VOLTAGE = "battery#voltage = input:0x2104:REAL32";
    private static final String CELLS = "cell-voltage-{1..16} = window:0x2014+2*{i}:REAL32";
    private static final String POWER = "battery#power = input:0x2108:REAL32";

    @ParameterizedTest(name = "{0} {1} {2} {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # type | parameter       | value          | channel                       | knowable
            serial |                 |                | battery#state-of-charge       | true
            serial |                 |                | battery#voltage               | false
            serial |                 |                | battery#power                 | false
            serial |                 |                | battery#min-cell-voltage      | false
            serial |                 |                | battery#max-cell-temperature  | false
            serial |                 |                | energy#charged-energy-today   | false
            serial |                 |                | energy#charge-in              | true
            serial |                 |                | energy#coverage               | true
            serial |                 |                | energy#time-to-empty          | true
            serial |                 |                | energy#remaining-energy       | false
            serial | registers       | VOLTAGE        | battery#voltage               | true
            serial | registers       | VOLTAGE        | battery#power                 | true
            serial | registers       | VOLTAGE        | energy#charged-energy-today   | true
            serial | registers       | VOLTAGE        | energy#remaining-energy       | true
            serial | registers       | VOLTAGE        | battery#min-cell-voltage      | false
            serial | registers       | POWER          | battery#power                 | true
            serial | registers       | POWER          | battery#voltage               | false
            serial | registers       | CELLS          | battery#min-cell-voltage      | true
            serial | registers       | CELLS          | battery#min-cell-temperature  | false
            can    |                 |                | battery#voltage               | true
            can    |                 |                | battery#power                 | true
            can    |                 |                | battery#min-cell-voltage      | false
            can    |                 |                | battery#max-cell-temperature  | true
            can    |                 |                | sensors#external-temperature  | false
            can    |                 |                | outputs#out-1                 | false
            can    |                 |                | energy#time-to-empty          | false
            can    | nominalCapacity | 280            | energy#time-to-empty          | true
            can    | nominalCapacity | 0              | energy#time-to-empty          | false
            tcp    |                 |                | relays#relay-4                | true
            tcp    | relay4Function  | none           | relays#relay-4                | false
            tcp    | relay4Function  | none           | indicators#ds6                | false
            tcp    | relay4Function  | none           | indicators#ds7                | true
            tcp    |                 |                | inputs#in-1                   | false
            tcp    | input1Function  | interlock      | inputs#in-1                   | true
            tcp    |                 |                | outputs#out-1                 | true
            tcp    |                 |                | faults#journal                | true
            tcp    |                 |                | link#last-update              | true
            tcp    |                 |                | control#charge-request        | true
            tcp    |                 |                | my-own                        | true
            bank   |                 |                | battery#voltage               | true
            """)
    void knows(String type, @Nullable String parameter, @Nullable String value, String channel, boolean knowable) {
        Thing thing = ThingBuilder.create(new ThingTypeUID("bmsmain", type), "one").build();
        if (parameter != null) {
            thing.getConfiguration().put(parameter, switch (String.valueOf(value)) {
                case "VOLTAGE" -> List.of(VOLTAGE);
                case "CELLS" -> List.of(CELLS);
                case "POWER" -> List.of(POWER);
                default -> value;
            });
        }
        assertEquals(knowable,
                new KnowableChannels(thing, ConfigReader.ofStored(thing.getConfiguration())).test(channel));
    }
}
