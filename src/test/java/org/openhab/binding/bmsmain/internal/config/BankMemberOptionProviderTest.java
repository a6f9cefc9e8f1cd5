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
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.handler.Stubs;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingTypeUID;

/**
 * Which Things can be members of a bank.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BankMemberOptionProviderTest {

    private static final URI BANK = URI.create("thing-type:bmsmain:bank");

    @Test
    void listsBoards() {
        Thing serial = Stubs.thing(THING_TYPE_SERIAL, Map.of());
        serial.setLabel("Garage");
        BankMemberOptionProvider provider = new BankMemberOptionProvider(
                Stubs.registry(serial, Stubs.thing(THING_TYPE_CAN, Map.of()), Stubs.thing(THING_TYPE_BANK, Map.of()),
                        Stubs.thing(new ThingTypeUID("modbus", "serial"), Map.of())));
        var options = provider.getParameterOptions(BANK, "members", "thing", null);
        assertNotNull(options);
        if (options != null) {
            assertEquals(
                    List.of("bmsmain:serial:battery Garage (bmsmain:serial:battery)",
                            "bmsmain:can:battery bmsmain:can:battery"),
                    options.stream().map(option -> option.getValue() + " " + option.getLabel()).toList());
        }
        assertNull(provider.getParameterOptions(BANK, "connection", null, null));
        assertNull(provider.getParameterOptions(URI.create("thing-type:bmsmain:tcp"), "members", null, null));
    }
}
