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

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.cli.Bms;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * {@code bms demo}: from the twin's registers to the states that openHAB would show.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(120)
class DemoIT {

    private static final Set<String> NOTHING_HAPPENED_YET = Set.of("faults#last-event", "faults#last-event-time");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int bms(String... arguments) {
        return Bms.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = { "equinox", "felix" })
    void printsEveryChannelWithAValue(String framework) {
        assertEquals(0, bms("demo", "--once", "--format", "json", "--framework", framework), err::toString);
        assertEquals("", err.toString());
        JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertTrue(json.get("online").getAsBoolean());
        JsonObject channels = json.getAsJsonObject("channels");
        assertTrue(channels.keySet().containsAll(Catalogue.channels().stream().map(Point::id).toList()));
        assertEquals(3.3, channels.get("logic-2#cell-voltage-12").getAsDouble(), 0.2);
        Set<String> unknown = new TreeSet<>(channels.keySet());
        // no signal is forced
        unknown.removeIf(id -> !channels.get(id).isJsonNull() || id.startsWith("control#"));
        // a remaining time needs a minute of current, and the history needs later events
        unknown.removeIf(id -> id.startsWith("energy#time-to-") || id.startsWith("history#"));
        assertEquals(NOTHING_HAPPENED_YET, unknown);
        assertEquals(60, channels.get("battery#state-of-charge").getAsDouble(), 20);
        assertEquals(79, channels.get("battery#voltage").getAsDouble(), 2);
        assertTrue(channels.get("battery#current").getAsDouble() < 0);
        assertEquals("CLOSED", channels.get("inputs#in-4").getAsString());
        assertEquals("blinking-yellow-25hz", channels.get("indicators#ds3").getAsString());
        assertEquals("2.4.7", json.getAsJsonObject("properties").get("firmwareVersion").getAsString());
    }

    @Test
    void raisesFaults() {
        assertEquals(0, bms("demo", "--once", "--format", "json", "--fault", "bms-logic-offline"), err::toString);
        JsonObject channels = JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonObject("channels");
        assertEquals("ON", channels.get("faults#bms-logic-offline").getAsString());
        assertEquals("BMS Logic board offline", channels.get("faults#alarm").getAsString());
        assertEquals("blinking-red", channels.get("indicators#ds4").getAsString());
    }

    @Test
    void tableHasTheIndicators() {
        assertEquals(0, bms("demo", "--once"), err::toString);
        assertTrue(out.toString().startsWith("bmsmain:tcp:demo in equinox   ● online"), out.toString());
        assertTrue(out.toString().contains("ds1  ● red"), out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = { "demo --speed 0", "demo --fault nothing", "demo --framework karaf", "demo --format xml" })
    void badArgumentsAreExitCode2(String line) {
        assertEquals(2, bms(line.split(" ")));
        assertEquals("", out.toString());
    }
}
