/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.handler;

import static org.junit.jupiter.api.Assertions.*;
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.THING_TYPE_SERIAL;
import static org.openhab.binding.bmsmain.internal.transport.LeapTicker.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.handler.Stubs.Recorder;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.core.common.registry.RegistryChangeListener;
import org.openhab.core.items.Item;
import org.openhab.core.items.ItemRegistry;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.link.ItemChannelLink;

/**
 * The state of an edited Item is requested again, after all other listeners were notified, and once for many edits.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class ItemStateRefresherTest {

    private static final String ALARM = "faults#alarm";
    private static final String CURRENT = "battery#current";

    private final LeapTicker ticker = new LeapTicker();
    private final Alarms alarms = new Alarms(ticker);
    private final Links links = new Links();
    private final Recorder recorder = new Recorder();
    private final List<RegistryChangeListener<Item>> listeners = new ArrayList<>();
    private final Thing thing = Stubs.thing(THING_TYPE_SERIAL, Map.of(), ALARM, CURRENT);
    private @Nullable ItemStateRefresher edited;

    @BeforeEach
    void start() {
        // Without a port it reads nothing, and all states are undefined.
        ModbusHandler handler = new ModbusHandler(thing, ConnectionType.SERIAL,
                new HandlerServices(new BusRegistry(ticker), new BoardRegistry(), ticker, Stubs.texts(),
                        Stubs.storage(), Stubs.ZONE, Stubs.direct()));
        handler.setCallback(recorder.callback());
        handler.initialize();
        recorder.states.clear();
        thing.setHandler(handler);
        ItemRegistry items = Stubs.stub(ItemRegistry.class, (name, arguments) -> switch (name) {
            case "addRegistryChangeListener" -> listeners.add(listener(arguments[0]));
            case "removeRegistryChangeListener" -> listeners.remove(arguments[0]);
            default -> throw new UnsupportedOperationException(name);
        });
        edited = new ItemStateRefresher(items, links.registry(), Stubs.registry(thing), alarms);
        assertEquals(1, listeners.size());
    }

    @AfterEach
    void stop() {
        ItemStateRefresher component = edited;
        if (component != null) {
            component.deactivate();
        }
        assertEquals(List.of(), listeners);
        assertEquals(0, alarms.waiting(), "nothing is left to do");
        alarms.shutdownNow();
    }

    /** Another listener of the same round restores states: the refresh must come last. */
    @Test
    void anEditedItemIsToldItsStateAfterTheRound() {
        link(ALARM, "Alarm");
        edit("Alarm");
        alarms.pass(900 * MILLI);
        assertEquals(List.of(), recorder.states);
        alarms.pass(100 * MILLI);
        assertEquals(List.of("faults#alarm=UNDEF"), recorder.states);
    }

    /** A slow database may restore an old state later; openHAB gives it five seconds. */
    @Test
    void itIsToldOnceMoreForASlowDatabaseAndThenNoMore() {
        link(ALARM, "Alarm");
        edit("Alarm");
        alarms.pass(5 * SECOND);
        recorder.states.clear();
        alarms.pass(SECOND);
        assertEquals(List.of("faults#alarm=UNDEF"), recorder.states);
        recorder.states.clear();
        alarms.pass(3600 * SECOND);
        assertEquals(List.of(), recorder.states);
    }

    /** An Item that is added after its link is in the same situation. */
    @Test
    void anItemThatComesAfterItsLinkIsToldItsState() {
        link(ALARM, "Alarm");
        Item item = item("Alarm");
        listeners.forEach(listener -> listener.added(item));
        alarms.pass(SECOND);
        assertEquals(List.of("faults#alarm=UNDEF"), recorder.states);
    }

    @Test
    void manyEditsAreOneRound() {
        link(ALARM, "Alarm");
        link(CURRENT, "Amps");
        for (int i = 0; i < 100; i++) {
            edit("Alarm");
            edit("Amps");
            assertEquals(2, alarms.waiting());
            alarms.pass(500 * MILLI);
        }
        assertEquals(List.of(), recorder.states);
        alarms.pass(500 * MILLI);
        assertEquals(List.of("battery#current=UNDEF", "faults#alarm=UNDEF"),
                recorder.states.stream().sorted().toList());
    }

    @Test
    void otherItemsCostNothing() {
        links.add(new ItemChannelLink("Lamp", new ChannelUID("hue:lamp:kitchen:switch")));
        edit("Lamp");
        edit("Unlinked");
        listeners.forEach(listener -> listener.removed(item("Lamp")));
        assertEquals(0, alarms.waiting());
    }

    @Test
    void aThingThatIsGoneIsNotAsked() {
        link(ALARM, "Alarm");
        links.add(new ItemChannelLink("Old", new ChannelUID("bmsmain:serial:old:faults#alarm")));
        edit("Alarm");
        edit("Old");
        thing.setHandler(null);
        alarms.pass(10 * SECOND);
        assertEquals(List.of(), recorder.states);
    }

    @Test
    void nothingIsToldAfterItsEnd() {
        link(ALARM, "Alarm");
        edit("Alarm");
        stop();
        alarms.pass(10 * SECOND);
        assertEquals(List.of(), recorder.states);
    }

    private void link(String channel, String item) {
        links.add(new ItemChannelLink(item, new ChannelUID(thing.getUID(), channel)));
    }

    private void edit(String name) {
        listeners.forEach(listener -> listener.updated(item(name), item(name)));
    }

    private static Item item(String itemName) {
        return Stubs.stub(Item.class, (name, arguments) -> itemName);
    }

    @SuppressWarnings("unchecked")
    private static RegistryChangeListener<Item> listener(Object argument) {
        return (RegistryChangeListener<Item>) argument;
    }
}
