/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.it;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.it.OsgiIT.*;

import java.time.Clock;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.openhab.binding.bmsmain.twin.HiddenMap;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Thing whose board has voltage, cells and power at unpublished addresses. They are searched, proposed, accepted
 * by a single action, and published. Runs in real time, with the battery of the twin.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SuggestIT {

    private final Logger logger = LoggerFactory.getLogger(SuggestIT.class);

    private static String action(HostClient host, String thing, String name, Object... arguments) {
        return String.valueOf(host.action(thing, name, arguments).get("result"));
    }

    private static boolean isShown(HostClient host, String thing, String channel) {
        String state = host.states(thing).get(channel);
        return state != null && !"NULL".equals(state) && !"UNDEF".equals(state);
    }

    /** Returns the address of a hidden quantity of the twin. */
    private static int address(TwinBoard board, HiddenMap.Quantity what) {
        HiddenMap map = board.hiddenMap();
        assertNotNull(map);
        return map.entries().stream().filter(entry -> entry.what() == what).findFirst().orElseThrow().address();
    }

    @Test
    void whatIsHiddenIsFoundAcceptedAndShown() throws Exception {
        TwinBoard board = new TwinBoard(32, TwinBoard.WordOrder.LITTLE, Clock.systemUTC(), 1).hiddenMap(7);
        try (Twin twin = Twin.tcp(0, board); OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            String kept = "sensors#humidity = input:0x2005:REAL32";
            String thing = host.addThing(TCP, "home", Map.of("host", "127.0.0.1", "port", twin.port(),
                    "refreshInterval", 0.5, "registers", List.of(kept)));
            assertTrue(host.await(() -> "ONLINE".equals(host.status(thing).status()), SOON),
                    () -> host.status(thing).toString());
            assertFalse(isShown(host, thing, "battery#voltage"));
            assertTrue(host.actions(thing).keySet().containsAll(List.of("suggestRegisters", "acceptSuggestion")));

            // No search has run yet.
            String early = action(host, thing, "acceptSuggestion", "battery#voltage");
            assertTrue(early.startsWith("There was no search"), early);

            String voltage = String.format("battery#voltage = input:0x%04X:",
                    address(board, HiddenMap.Quantity.PACK_VOLTAGE));
            String proposal = action(host, thing, "suggestRegisters");
            for (int i = 0; i < 6 && !proposal.contains(voltage); i++) {
                // The twin's current may be zero when the test begins.
                Thread.sleep(10_000);
                proposal = action(host, thing, "suggestRegisters");
            }
            logger.info("{}", proposal);
            assertTrue(proposal.contains(voltage), proposal);
            assertFalse(isShown(host, thing, "battery#voltage"), "nothing is adopted by itself");
            assertEquals(List.of(kept), host.configuration(thing).get("registers"));

            String unknown = action(host, thing, "acceptSuggestion", "battery#state");
            assertTrue(unknown.startsWith("The last search has no suggestion for battery#state"), unknown);
            String unsure = action(host, thing, "acceptSuggestion", "battery#max-cell-temperature");
            assertTrue(unsure.contains("is not sure") || unsure.contains("has no suggestion"), unsure);
            assertEquals(List.of(kept), host.configuration(thing).get("registers"));

            String accepted = action(host, thing, "acceptSuggestion", "battery#voltage");
            assertTrue(accepted.startsWith("Written into the Thing: " + voltage), accepted);
            String line = accepted.substring(accepted.indexOf(':') + 2);
            assertEquals(List.of(kept, line), host.configuration(thing).get("registers"));
            assertTrue(host.await(() -> isShown(host, thing, "battery#voltage"), SOON),
                    () -> host.status(thing) + " " + host.states(thing));
            assertTrue(host.await(() -> isShown(host, thing, "battery#power"), SOON), "voltage times current");
            double shown = Double.parseDouble(host.states(thing).get("battery#voltage").split(" ")[0]);
            assertTrue(shown > 67 && shown < 88, "V: " + shown);

            // The Thing restarted, and the other proposals of the search remain.
            String console = host.console("bmsmain suggest " + thing + " accept battery#max-cell-voltage");
            assertTrue(console.startsWith("Written into the Thing: battery#max-cell-voltage"), console);
            assertTrue(host.await(() -> isShown(host, thing, "battery#max-cell-voltage"), SOON));
            String again = action(host, thing, "acceptSuggestion", "battery#voltage");
            assertEquals("The Thing has this line already: " + line, again);

            // Another board needs another search.
            host.configure(thing, Map.of("address", 33));
            String other = action(host, thing, "acceptSuggestion", "battery#power");
            assertTrue(other.startsWith("There was no search"), other);
            assertEquals(0, twin.log().writes());
            host.removeThing(thing);
            assertQuiet(runtime);
        }
    }
}
