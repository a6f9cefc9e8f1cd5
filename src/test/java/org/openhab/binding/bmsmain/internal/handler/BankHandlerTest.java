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
import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.internal.board.BoardAssembler;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Setups;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.handler.Stubs.Recorder;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.ManualTicker;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.types.RefreshType;

/**
 * A bank as a Thing: three members that report, appear and disappear.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(30)
class BankHandlerTest {

    private static final List<String> MEMBERS = List.of("bmsmain:serial:left", "bmsmain:tcp:middle",
            "bmsmain:can:right");
    private static final List<String> NAMES = List.of("Left", "Middle", "Right");

    private final BusRegistry buses = new BusRegistry(Ticker.system());
    private final BoardRegistry boards = new BoardRegistry();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final HandlerServices services = new HandlerServices(buses, boards, new ManualTicker(), new Stubs.Words(),
            Stubs.storage(), Stubs.ZONE, thread);
    private final Recorder recorder = new Recorder();

    /** A member whose reports are set by a test. */
    private static final class Reporter implements BoardRegistry.Board {
        private final Map<String, Double> values = new HashMap<>();
        private final String name;
        private volatile boolean online = true;

        Reporter(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean isOnline() {
            return online;
        }

        /** Without a link, only the counted values are known. */
        @Override
        public @Nullable BoardSnapshot snapshot() {
            return new BoardAssembler(Setups.standard()).snapshot(0, Instant.parse("2026-11-22T12:00:00Z"))
                    .with((numbers, texts) -> values.forEach((id, value) -> {
                        if (online || "energy#charge-in".equals(id)) {
                            numbers.accept(Objects.requireNonNull(Catalogue.byId(id), id), value);
                        }
                    }));
        }
    }

    private final List<Reporter> reporters = NAMES.stream().map(Reporter::new).toList();

    BankHandlerTest() {
        set("battery#state-of-charge", 80, 50, 20);
        set("battery#current", 10, -5, 20);
        set("battery#voltage", 50, 51, 52);
        set("battery#power", 500, -255, 1040);
        set("battery#nominal-capacity", 100, 200, 100);
        set("battery#min-cell-voltage", 3.3, 3.1, 3.2);
        set("battery#max-cell-temperature", 25, 20, 30);
        set("battery#charge-current-limit", 100, 50, 70);
        set("energy#charge-in", 30, 60, 30);
        Catalogue.FAULTS.forEach(fault -> set(fault.id(), 0, 0, 0));
        set("faults#errors-1", 0, 0, 0);
        set("faults#errors-2", 0, 0, 0);
        set("faults#alarm", 0, 0, 0);
        set("faults#active-count", 0, 0, 0);
    }

    @AfterEach
    void close() {
        thread.shutdownNow();
        buses.close();
    }

    private void set(String id, double... values) {
        for (int i = 0; i < values.length; i++) {
            reporters.get(i).values.put(id, values[i]);
        }
    }

    private void add(int... members) throws Exception {
        for (int member : members) {
            boards.add(MEMBERS.get(member), reporters.get(member));
        }
        settle();
    }

    private void report(int member) throws Exception {
        boards.changed(MEMBERS.get(member));
        settle();
    }

    /** Returns when all posted tasks are done. */
    private void settle() throws Exception {
        thread.submit(() -> {
        }).get(10, TimeUnit.SECONDS);
    }

    private BankHandler bank(Map<String, Object> parameters, String... channels) throws Exception {
        BankHandler handler = new BankHandler(Stubs.thing(THING_TYPE_BANK, parameters, channels), services);
        handler.setCallback(recorder.callback());
        handler.initialize();
        settle();
        return handler;
    }

    private BankHandler bank() throws Exception {
        return bank(Map.of("members", MEMBERS));
    }

    @ParameterizedTest
    @CsvSource({ "display, 50 % 50.05 %", "full, 50 % 50.04 % 50.05 %", "'', 50 % 50.05 %" })
    void sendsWhatCanBeSeenOrEverything(String resolution, String told) throws Exception {
        add(0, 1, 2);
        bank(Map.of("members", MEMBERS, "resolution", resolution));
        for (double percent : new double[] { 50.08, 50.1 }) {
            set("battery#state-of-charge", 80, percent, 20);
            report(1);
        }
        assertEquals(told, recorder.states.stream().filter(state -> state.startsWith("battery#state-of-charge="))
                .map(state -> state.replaceFirst(".*=", "")).collect(Collectors.joining(" ")));
    }

    /** The last state of a channel; empty without one. */
    private String state(String channel) {
        return recorder.states.stream().filter(state -> state.startsWith(channel + "="))
                .map(state -> state.substring(channel.length() + 1)).reduce("", (first, second) -> second);
    }

    private String status() {
        return recorder.statuses.get(recorder.statuses.size() - 1);
    }

    @ParameterizedTest
    @CsvSource({ "parallel, lowest-times-number, 50 %, 25 A, 51 V, 1285 W, 400 Ah, 120 Ah, 150 A",
            "parallel, sum, 50 %, 25 A, 51 V, 1285 W, 400 Ah, 120 Ah, 220 A",
            "series, lowest-times-number, 50 %, 8.3333 A, 153 V, 1285 W, 100 Ah, 40 Ah, 50 A",
            "SERIES, SUM, 50 %, 8.3333 A, 153 V, 1285 W, 100 Ah, 40 Ah, 50 A" })
    void showsTheMembersAsOneBattery(String connection, String limits, String soc, String current, String voltage,
            String power, String capacity, String charge, String limit) throws Exception {
        add(0, 1, 2);
        bank(Map.of("members", MEMBERS, "connection", connection, "limits", limits));
        assertEquals("ONLINE/NONE", status());
        assertEquals(soc, state("battery#state-of-charge"));
        assertEquals(current, state("battery#current"));
        assertEquals(voltage, state("battery#voltage"));
        assertEquals(power, state("battery#power"));
        assertEquals(power, state("energy#charging-power"));
        assertEquals(capacity, state("battery#nominal-capacity"));
        assertEquals(charge, state("energy#charge-in"));
        assertEquals(limit, state("battery#charge-current-limit"));
        assertEquals("3.1 V", state("battery#min-cell-voltage"));
        assertEquals("Middle", state("bank#min-cell-voltage-member"));
        assertEquals("30 °C", state("battery#max-cell-temperature"));
        assertEquals("Right", state("bank#max-cell-temperature-member"));
        assertEquals("UNDEF", state("bank#max-cell-voltage-member"));
        assertEquals("alarm.ok", state("faults#alarm"));
        assertEquals("", state("bank#missing"));
        assertTrue(recorder.states.stream().noneMatch(state -> state.matches("(link|relays|logic|history)#.*")),
                () -> recorder.states.toString());
    }

    @Test
    void followsTheReportsOfItsMembersOnly() throws Exception {
        add(0, 1, 2);
        bank();
        recorder.states.clear();
        set("battery#current", 11);
        boards.changed("bmsmain:serial:other");
        settle();
        assertEquals(List.of(), recorder.states);
        report(0);
        assertEquals(List.of("battery#current=26 A"), recorder.states);
    }

    @Test
    void aLostMemberMakesItUnknownAndIsNamed() throws Exception {
        add(0, 1, 2);
        bank();
        reporters.get(1).online = false;
        report(1);
        assertEquals("OFFLINE/COMMUNICATION_ERROR @text/offline.bank.lost [\"Middle\"]", status());
        for (String channel : List.of("battery#state-of-charge", "battery#current", "battery#voltage", "battery#power",
                "battery#min-cell-voltage", "bank#min-cell-voltage-member", "battery#charge-current-limit",
                "faults#alarm")) {
            assertEquals("UNDEF", state(channel), channel);
        }
        assertEquals("Middle", state("bank#missing"));
        assertEquals("120 Ah", state("energy#charge-in"), "what was counted stays true");
        reporters.get(1).online = true;
        report(1);
        assertEquals("ONLINE/NONE", status());
        assertEquals("25 A", state("battery#current"));
        assertEquals("", state("bank#missing"));
    }

    /** It is online, but its charge is unknown: the bank is online, and names the member. */
    @Test
    void aMemberThatDoesNotKnowAValueIsNamed() throws Exception {
        add(0, 1, 2);
        bank();
        set("battery#state-of-charge", Double.NaN);
        report(0);
        assertEquals("ONLINE/NONE", status());
        assertEquals("UNDEF", state("battery#state-of-charge"));
        assertEquals("25 A", state("battery#current"));
        assertEquals("Left", state("bank#missing"));
    }

    @Test
    void membersThatComeLaterAreFoundAndThoseThatGoAreMissed() throws Exception {
        add(0);
        bank();
        assertEquals("OFFLINE/COMMUNICATION_ERROR @text/offline.bank.absent "
                + "[\"bmsmain:tcp:middle; bmsmain:can:right\"]", status());
        assertEquals("bmsmain:tcp:middle, bmsmain:can:right", state("bank#missing"));
        assertEquals("UNDEF", state("battery#current"));
        add(1, 2);
        assertEquals("ONLINE/NONE", status());
        assertEquals("25 A", state("battery#current"));
        boards.remove(MEMBERS.get(2), reporters.get(0));
        settle();
        assertEquals("ONLINE/NONE", status(), "the board has begun anew before its former handler ended");
        boards.remove(MEMBERS.get(2), reporters.get(2));
        reporters.get(0).online = false;
        report(0);
        assertEquals("OFFLINE/COMMUNICATION_ERROR @text/offline.bank.both [\"bmsmain:can:right\",\"Left\"]", status());
        assertEquals("UNDEF", state("energy#charge-in"));
    }

    @Test
    void aFaultIsShownWithTheNameOfTheMember() throws Exception {
        add(0, 1, 2);
        bank();
        set("faults#water", 0, 1);
        set("faults#alarm", 0, 1);
        reporters.get(0).online = false;
        report(1);
        assertEquals("Middle: fault.water", state("faults#alarm"));
        assertEquals("ON", state("faults#water"));
        assertEquals("UNDEF", state("faults#overcurrent"));
        assertEquals(List.of("faults#event=RAISED:water"), recorder.events);
        assertEquals("RAISED:water", state("faults#last-event"));
        recorder.states.clear();
        bank();
        assertEquals("RAISED:water", state("faults#last-event"), "the journal outlives a restart");
        assertTrue(state("faults#journal").contains("water"));
    }

    @Test
    void membersOfTheSameNameAreToldApart() throws Exception {
        boards.add(MEMBERS.get(0), new Reporter("Battery"));
        boards.add(MEMBERS.get(1), new Reporter("Battery"));
        boards.add(MEMBERS.get(2), new Reporter("Garage"));
        bank();
        assertEquals("Battery (left), Battery (middle), Garage", state("bank#missing"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            -                                        | members
            members=                                 | members
            members=bmsmain:tcp:a;connection=mesh    | invalid ["connection","mesh"]
            members=bmsmain:tcp:a;limits=highest     | invalid ["limits","highest"]
            """)
    void namesTheParameterThatIsWrong(String parameters, String status) throws Exception {
        Map<String, Object> configuration = new HashMap<>();
        for (String parameter : parameters.split(";")) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                configuration.put(parameter.substring(0, equals), parameter.substring(equals + 1));
            }
        }
        BankHandler handler = bank(configuration, "battery#current");
        assertEquals("OFFLINE/CONFIGURATION_ERROR @text/offline.config." + status, status());
        assertEquals("UNDEF", state("battery#current"), "what openHAB restored is of an earlier day");
        handler.dispose();
    }

    @Test
    void answersACommandByWhatIsTrue() throws Exception {
        add(0, 1, 2);
        BankHandler handler = bank();
        recorder.states.clear();
        for (String channel : List.of("battery#current", "bank#missing", "faults#water")) {
            handler.handleCommand(new ChannelUID(handler.getThing().getUID(), channel), OnOffType.ON);
            handler.handleCommand(new ChannelUID(handler.getThing().getUID(), channel), RefreshType.REFRESH);
        }
        settle();
        assertEquals("25 A", state("battery#current"));
        assertEquals("OFF", state("faults#water"));
        assertTrue(recorder.states.contains("bank#missing="));
    }

    @Test
    void afterItsEndNothingIsShown() throws Exception {
        add(0, 1, 2);
        BankHandler handler = bank();
        handler.dispose();
        assertEquals("UNDEF", state("battery#current"));
        assertEquals("UNDEF", state("bank#min-cell-voltage-member"));
        assertEquals("120 Ah", state("energy#charge-in"));
        recorder.states.clear();
        report(0);
        assertEquals(List.of(), recorder.states);
        handler.initialize();
        settle();
        assertEquals("25 A", state("battery#current"));
    }

    /** The bus thread must not wait for openHAB's processing of a bank's states. */
    @Test
    void nobodyWaitsForABank() throws Exception {
        add(0, 1, 2);
        bank();
        CountDownLatch held = new CountDownLatch(1);
        thread.execute(() -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        set("battery#current", 11);
        for (int i = 0; i < 1000; i++) {
            boards.changed(MEMBERS.get(0));
        }
        held.countDown();
        settle();
        assertEquals("26 A", state("battery#current"));
    }

    @Test
    void aBoardIsAMemberFromTheStartOfItsThingToTheEnd() {
        try (HandlerServices real = new HandlerServices(buses, Ticker.system(), Stubs.texts(), Stubs.storage(),
                Stubs.ZONE)) {
            Thing thing = Stubs.thing(THING_TYPE_TCP, Map.of("host", "127.0.0.1", "port", 1));
            thing.setLabel("Garage");
            ModbusHandler handler = new ModbusHandler(thing, ConnectionType.TCP, real);
            handler.setCallback(new Recorder().callback());
            String uid = thing.getUID().toString();
            assertNull(real.boards().get(uid));
            handler.initialize();
            BoardRegistry.Board board = real.boards().get(uid);
            assertNotNull(board);
            assertEquals("Garage", handler.name());
            assertFalse(handler.isOnline());
            handler.dispose();
            assertNull(real.boards().get(uid));
        }
    }
}
