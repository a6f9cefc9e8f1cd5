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

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openhab.binding.bmsmain.peer.Peers;
import org.openhab.binding.bmsmain.runtime.HostClient;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime;
import org.openhab.binding.bmsmain.runtime.OsgiRuntime.Kind;
import org.openhab.binding.bmsmain.twin.SerialLine;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.binding.bmsmain.twin.TwinCan;
import org.openhab.binding.bmsmain.twin.VirtualWire;

/**
 * Three boards on three kinds of connection as one battery.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(180)
class BankIT {

    private static final String BANK = "bmsmain:bank";
    private static final List<String> MEMBERS = List.of("bmsmain:tcp:left", "bmsmain:serial:middle",
            "bmsmain:can:right");
    private static final List<String> VOLTAGE = List.of("battery#voltage = input:0x2104:REAL32");

    private static TwinBoard board(double soc, double current, double voltage, double capacity) {
        return new TwinBoard(32, TwinBoard.WordOrder.LITTLE, Clock.systemUTC(), 1).frozen(true)
                .set("battery#state-of-charge", soc).set("battery#current", current).set("battery#voltage", voltage)
                .set("battery#nominal-capacity", capacity);
    }

    private static void await(HostClient host, String thing, String channel, String state) {
        assertTrue(host.await(() -> state.equals(host.states(thing).get(channel)), SOON),
                () -> channel + " is " + host.states(thing).get(channel) + ", " + host.status(thing));
    }

    @Test
    void threeBoardsOnThreeKindsOfWireAreOneBattery(@TempDir Path folder) throws Exception {
        TwinBoard right = board(20, 20, 52, 100);
        try (Twin tcp = Twin.tcp(0, board(80, 10, 50, 100));
                Twin rtu = Twin.rtuTcp(0, board(50, -5, 51, 200));
                SerialBridge bridge = SerialBridge.open(folder.resolve("rs485"), rtu.port());
                VirtualWire socat = Peers.socat(folder.resolve("can"), folder.resolve("bus"));
                TwinCan can = TwinCan.slcan(() -> SerialLine.open(folder.resolve("bus").toString(), 115_200), 250,
                        Duration.ofMillis(100), right);
                OsgiRuntime runtime = start(Kind.EQUINOX)) {
            installAndStart(runtime);
            HostClient host = runtime.host();
            // The bank is created before its members.
            String bank = host.addThing(BANK, "house", Map.of("members", MEMBERS));
            assertTrue(host.await(() -> host.status(bank).description().contains("offline.bank.absent"), SOON));
            assertEquals(Objects.requireNonNull(host.thingTypes().get(BANK)).keySet(), host.channels(bank).keySet());
            host.addThing(TCP, "left", Map.of("host", "127.0.0.1", "port", tcp.port(), "registers", VOLTAGE));
            host.addThing(SERIAL, "middle", Map.of("port", folder.resolve("rs485").toString(), "registers", VOLTAGE));
            host.addThing("bmsmain:can", "right",
                    Map.of("port", folder.resolve("can").toString(), "nominalCapacity", 100));
            assertEquals(Set.copyOf(MEMBERS), host.options("thing-type:bmsmain:bank", "members").keySet());
            await(host, bank, "battery#state-of-charge", "50 %");
            await(host, bank, "battery#current", "25 A");
            await(host, bank, "battery#voltage", "51 V");
            await(host, bank, "battery#power", "1285 W");
            await(host, bank, "battery#nominal-capacity", "400 Ah");
            await(host, bank, "bank#missing", "");
            assertEquals("ONLINE", host.status(bank).status());
            assertEquals(Map.of(), host.status(bank).strays());

            right.fault("water");
            assertTrue(host.await(() -> host.states(bank).get("faults#alarm").contains("(CAN): "), SOON),
                    () -> host.states(bank).get("faults#alarm"));
            assertTrue(host.await(() -> List.of("RAISED:water").equals(host.triggers(bank, "faults#event")), SOON),
                    () -> host.triggers(bank, "faults#event").toString());

            can.pause();
            await(host, bank, "battery#state-of-charge", "UNDEF");
            await(host, bank, "battery#current", "UNDEF");
            await(host, bank, "battery#voltage", "UNDEF");
            assertTrue(host.await(() -> host.states(bank).get("bank#missing").contains("(CAN)"), SOON));
            assertTrue(host.await(() -> host.status(bank).description().contains("offline.bank.lost"), SOON),
                    () -> host.status(bank).toString());
            can.resume();
            await(host, bank, "battery#current", "25 A");

            host.configure(bank, Map.of("members", MEMBERS, "connection", "series"));
            await(host, bank, "battery#voltage", "153 V");
            await(host, bank, "battery#current", "8.3333 A");
            await(host, bank, "battery#nominal-capacity", "100 Ah");

            host.removeThing(MEMBERS.get(0));
            await(host, bank, "battery#voltage", "UNDEF");
            await(host, bank, "bank#missing", MEMBERS.get(0));
            assertTrue(host.status(bank).text().contains(MEMBERS.get(0)), host.status(bank).text());
            host.removeThing(bank);
            assertEquals(0, tcp.log().writes() + rtu.log().writes());
            assertQuiet(runtime);
        }
    }
}
