/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.console;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.THING_TYPE_TCP;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.handler.HandlerServices;
import org.openhab.binding.bmsmain.internal.handler.ModbusHandler;
import org.openhab.binding.bmsmain.internal.handler.Stubs;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.io.console.Console;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.ThingStatusInfo;

/**
 * The output of the console without data, and its display of a status.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class BoardConsoleTest {

    private final BusRegistry buses = new BusRegistry(Ticker.system());
    private final List<String> printed = new ArrayList<>();
    private final Console console = new Console() {
        @Override
        public void print(String text) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void println(String text) {
            printed.add(text);
        }

        @Override
        public void printUsage(String text) {
            printed.add("Usage: " + text);
        }
    };

    @AfterEach
    void close() {
        buses.close();
    }

    private Thing thing() {
        Thing thing = Stubs.thing(THING_TYPE_TCP, Map.of("host", "bms"));
        thing.setHandler(new ModbusHandler(thing, ConnectionType.TCP,
                new HandlerServices(buses, Ticker.system(), Stubs.texts(), Stubs.storage(), Stubs.ZONE)));
        return thing;
    }

    private void execute(BoardConsole commands, String... words) {
        printed.clear();
        commands.execute(words, console);
    }

    @Test
    void tellsThatThereIsNothing() {
        execute(new BoardConsole(Stubs.registry()), "status");
        assertEquals(List.of("There is no board."), printed);
        execute(new BoardConsole(Stubs.registry(thing())), "journal", "bmsmain:tcp:battery");
        assertEquals(List.of("There was no fault event."), printed);
        execute(new BoardConsole(Stubs.registry(thing())), "journal", "bmsmain:tcp:other");
        assertEquals("There is no board bmsmain:tcp:other.", printed.get(0));
    }

    @Test
    void setsCountersOrTellsHow() {
        BoardConsole commands = new BoardConsole(Stubs.registry(thing()));
        for (String words : List.of("reset %s counters", "reset %s history", "set %s counters 1 2.5 3 -")) {
            execute(commands, String.format(words, "bmsmain:tcp:battery").split(" "));
            assertEquals(List.of("read.offline"), printed, words);
        }
        for (String words : List.of("reset %s", "reset %s all", "set %s counters 1 2 3", "set %s counters a b c d")) {
            execute(commands, String.format(words, "bmsmain:tcp:battery").split(" "));
            assertTrue(printed.get(0).startsWith("Usage: "), words);
        }
    }

    @Test
    void showsAStatusInWords() {
        Thing thing = thing();
        thing.setStatusInfo(new ThingStatusInfo(ThingStatus.OFFLINE, ThingStatusDetail.COMMUNICATION_ERROR,
                "@text/offline.refused [\"bms:502\",\"32\",\"-\"]"));
        execute(new BoardConsole(Stubs.registry(thing)), "status");
        assertEquals(List.of("bmsmain:tcp:battery OFFLINE (COMMUNICATION_ERROR): offline.refused"), printed);
    }
}
