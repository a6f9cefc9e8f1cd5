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

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.bench.Meter;
import org.openhab.binding.bmsmain.bench.Page;
import org.openhab.binding.bmsmain.bench.ReferenceRegisters;
import org.openhab.binding.bmsmain.peer.Peer;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.peer.Wait;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;

/**
 * Cost of many complete Things in one process: the JAR in an OSGi runtime, each Thing with its handler and all
 * channels on its own connection. The voltage is configured, so all counters and the history run. In the first part
 * only the counters change. In the second part nearly all values change with each refresh, which no battery does:
 * this is the upper bound of the cost of publishing. The cost of the openHAB stand-in is included.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ManyThingsBench {

    private static final int UNIT = 32;
    private static final int VOLTAGE = 0x2104;
    /** The openHAB stand-in needs a second or more to add a Thing, so the number is limited to 100 instead of 1000. */
    private static final int MOST = 100;
    private static final int WARM_UP_SECONDS = 10;
    private static final int SECONDS = 15;
    /** A discharging battery with all its measurements: address and value. */
    private static final float[][] DISCHARGING = { { 0x2001, -40 }, { 0x2003, 21 }, { 0x2005, 40 }, { 0x2100, 76.4f },
            { VOLTAGE, 51.2f }, { 0x2185, 2.5f }, { 0x218E, 2.4f }, { 0x2190, 2.5f }, { 0x2192, 2.4f },
            { 0x2194, 2.5f }, { 0x219F, 100 }, { 0x21A1, 150 }, { 0x2420, 100 }, { 0x2422, 58 }, { 0x2424, 44 },
            { 0x2426, 100 }, { 0x2428, 150 } };

    @Test
    void thingsAtOneSecond() throws Exception {
        Page page = new Page("things");
        page.head("Things", "values", "% of a core", "us CPU per Thing and second", "events per second", "heap MiB",
                "threads");
        measureAll(page, false, 0, 1, 10, MOST);
        measureAll(page, true, MOST);
        page.publish();
    }

    private static List<String> discharging() {
        List<String> lines = new ArrayList<>(List.of("i " + 0x2102 + " 1"));
        for (float[] measurement : DISCHARGING) {
            int address = (int) measurement[0];
            int bits = Float.floatToIntBits(measurement[1]);
            // low word first
            lines.add("i " + address + " " + (bits & 0xFFFF));
            lines.add("i " + (address + 1) + " " + (bits >>> 16));
        }
        return lines;
    }

    private static void measureAll(Page page, boolean changing, int... counts) throws Exception {
        int first = Meter.freePorts();
        LongAdder events = new LongAdder();
        try (Peer server = Peers.libmodbus(changing ? List.of(ReferenceRegisters.serverLine()) : discharging(), "tcp",
                Integer.toString(first), Integer.toString(UNIT), Integer.toString(MOST));
                OsgiRuntime runtime = OsgiRuntime.start(Kind.EQUINOX, OsgiIT.BUILD, Locale.ENGLISH, "warn")) {
            OsgiIT.installAndStart(runtime);
            HostClient host = runtime.host();
            host.listen(event -> events.increment());
            List<String> things = new ArrayList<>();
            for (int count : counts) {
                while (things.size() < count) {
                    things.add(host.addThing(OsgiIT.TCP, "bench" + things.size(),
                            Map.of("host", "127.0.0.1", "port", first + things.size(), "address", UNIT,
                                    "refreshInterval", 1, "registers",
                                    List.of("battery#voltage = input:" + VOLTAGE + ":REAL32"))));
                }
                Wait.until("all Things are online",
                        () -> things.stream().allMatch(thing -> "ONLINE".equals(host.status(thing).status())));
                TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
                events.reset();
                Meter before = Meter.now();
                TimeUnit.SECONDS.sleep(SECONDS);
                Meter used = Meter.now().since(before);
                double seconds = used.nanos() / 1e9;
                long heard = events.sum();
                if (!changing) {
                    things.forEach(thing -> assertTrue(
                            host.states(thing).getOrDefault("energy#discharged-energy", "").endsWith("Wh"),
                            () -> "counters run: " + host.states(thing)));
                }
                page.row(Integer.toString(count), changing ? "all changing" : "a steady current",
                        Page.number(100.0 * used.cpuNanos() / used.nanos(), 2),
                        count == 0 ? "" : Page.number(used.cpuNanos() / 1e3 / seconds / count, 0),
                        Page.number(heard / seconds, 1), Page.number(Meter.heapMebi(), 1),
                        Integer.toString(Meter.threads()));
            }
        }
    }
}
