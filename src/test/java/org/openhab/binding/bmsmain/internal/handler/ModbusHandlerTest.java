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

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.action.BoardActions;
import org.openhab.binding.bmsmain.internal.board.BoardMemory;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.handler.Stubs.Recorder;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.LeapTicker;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.binding.bmsmain.twin.SimulatedWires;
import org.openhab.binding.bmsmain.twin.Twin;
import org.openhab.binding.bmsmain.twin.TwinBoard;
import org.openhab.core.config.core.Configuration;
import org.openhab.core.library.types.OnOffType;
import org.openhab.core.library.types.StringType;
import org.openhab.core.storage.Storage;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.thing.type.ChannelKind;
import org.openhab.core.types.RefreshType;

/**
 * A Thing from its configuration to its status.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Timeout(30)
class ModbusHandlerTest {

    private final BusRegistry registry = new BusRegistry(Ticker.system());
    private final HandlerServices services = new HandlerServices(registry, Ticker.system(), Stubs.texts(),
            Stubs.storage(), Stubs.ZONE);
    private final Recorder recorder = new Recorder();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
        registry.close();
    }

    /**
     * Configurations that openHAB does not reject, for instance from a file, lead to a status that names the parameter.
     */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            serial | -                                         | port ["port"]
            serial | port=                                     | port ["port"]
            serial | port=COM3;baudRate=9601                   | invalid ["baudRate","9601"]
            serial | port=COM3;baudRate=fast                   | invalid ["baudRate","fast"]
            serial | port=COM3;parity=mark                     | invalid ["parity","mark"]
            serial | port=COM3;stopBits=3                      | invalid ["stopBits","3"]
            serial | port=COM3;stopBits=1.5                    | invalid ["stopBits","1.5"]
            serial | port=COM3;address=0                       | invalid ["address","0"]
            serial | port=COM3;address=248                     | invalid ["address","248"]
            tcp    | -                                         | host ["host"]
            tcp    | host=bms;port=0                           | invalid ["port","0"]
            tcp    | host=bms;port=65536                       | invalid ["port","65536"]
            tcp    | host=bms;framing=ascii                    | invalid ["framing","ascii"]
            tcp    | host=bms;address=all                      | invalid ["address","all"]
            tcp    | host=bms;refreshInterval=0.1              | invalid ["refreshInterval","0.1"]
            tcp    | host=bms;refreshInterval=3601             | invalid ["refreshInterval","3601"]
            tcp    | host=bms;slowRefreshInterval=0            | invalid ["slowRefreshInterval","0"]
            tcp    | host=bms;responseTimeout=10               | invalid ["responseTimeout","10"]
            tcp    | host=bms;wordOrder=middle                 | invalid ["wordOrder","middle"]
            tcp    | host=bms;staleAfter=1                     | invalid ["staleAfter","1"]
            tcp    | host=bms;allowControl=perhaps             | invalid ["allowControl","perhaps"]
            tcp    | host=bms;resolution=half                  | invalid ["resolution","half"]
            tcp    | host=bms;faultConfirmation=perhaps        | invalid ["faultConfirmation","perhaps"]
            tcp    | host=bms;relay1Function=disco             | relay-function ["1","disco"]
            tcp    | host=bms;input4Function=heater            | input-function ["4","heater"]
            tcp    | host=bms;registers=battery#voltage        | registers ["1","@text/location.no-equals","battery#voltage"]
            tcp    | host=bms;registers=battery#voltage = a, b | registers ["1","@text/location.syntax","a; b"]
            """)
    void namesTheParameterThatIsWrong(String type, String parameters, String status) {
        Map<String, Object> configuration = new HashMap<>();
        for (String parameter : parameters.split(";")) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                configuration.put(parameter.substring(0, equals), parameter.substring(equals + 1));
            }
        }
        ModbusHandler handler = handler("serial".equals(type) ? ConnectionType.SERIAL : ConnectionType.TCP,
                configuration);
        handler.initialize();
        assertEquals(List.of("UNKNOWN/NONE", "OFFLINE/CONFIGURATION_ERROR @text/offline.config." + status),
                recorder.statuses);
        assertEquals(List.of(), registry.names());
        handler.handleCommand(new ChannelUID(handler.getThing().getUID(), "battery#current"), RefreshType.REFRESH);
        handler.dispose();
        handler.dispose();
        assertEquals(List.of(), recorder.states);
    }

    @Test
    void linesAreCountedFromOne() {
        handler(ConnectionType.TCP, Map.of("host", "bms", "registers",
                List.of("battery#voltage = input:1:U16", "", "battery#power = input:1:U99"))).initialize();
        assertEquals(
                "OFFLINE/CONFIGURATION_ERROR @text/offline.config.registers [\"3\",\"@text/location.type\",\"U99\"]",
                recorder.statuses.get(1));
    }

    @Test
    void thingsOnOneLineNeedTheSameSettings() throws Exception {
        ServerSocket server = server();
        int port = server.getLocalPort();
        server.close();
        ModbusHandler first = handler(ConnectionType.TCP, Map.of("host", "127.0.0.1", "port", port));
        first.initialize();
        Recorder second = new Recorder();
        ModbusHandler other = new ModbusHandler(
                Stubs.thing(THING_TYPE_TCP, Map.of("host", "127.0.0.1", "port", port, "framing", "rtu")),
                ConnectionType.TCP, services);
        other.setCallback(second.callback());
        other.initialize();
        assertEquals("OFFLINE/CONFIGURATION_ERROR @text/offline.config.framing-conflict [\"127.0.0.1:" + port + "\"]",
                second.statuses.get(1));
        other.handleCommand(new ChannelUID(other.getThing().getUID(), "battery#current"), RefreshType.REFRESH);
        await("battery#current=UNDEF", second.states);
        assertEquals(List.of("faults#last-event=UNDEF", "faults#last-event-time=UNDEF", "faults#journal=[]",
                "battery#current=UNDEF"), second.states);
        first.dispose();
        await("OFFLINE/COMMUNICATION_ERROR @text/offline.refused [\"127.0.0.1:" + port + "\",\"32\",\"-\"]",
                second.statuses);
        other.dispose();
        assertEquals(List.of(), registry.names());
    }

    /** Restored states are outdated, also those of a Thing that cannot start. */
    @ParameterizedTest
    @ValueSource(strings = { "", "127.0.0.1" })
    void whatItemsShowFromBeforeIsTakenAwayAtTheBeginning(String host) {
        Thing thing = Stubs.thing(THING_TYPE_TCP, Map.of("host", host, "port", 1, "allowControl", true),
                "battery#current", "faults#alarm", "faults#last-event", "faults#last-event-time", "link#last-update",
                "link#requests", "control#last-result", "cycles");
        Channel trigger = ChannelBuilder.create(new ChannelUID(thing.getUID(), "faults#event"))
                .withKind(ChannelKind.TRIGGER).build();
        ModbusHandler handler = new ModbusHandler(ThingBuilder.create(thing).withChannel(trigger).build(),
                ConnectionType.TCP, services);
        handler.setCallback(recorder.callback());
        handler.initialize();
        await("cycles=UNDEF", recorder.states);
        assertEquals(List.of("battery#current=UNDEF", "faults#alarm=UNDEF", "link#requests=UNDEF",
                "control#last-result=UNDEF", "cycles=UNDEF"), recorder.states.stream().limit(5).toList());
        for (Channel channel : handler.getThing().getChannels()) {
            handler.handleCommand(channel.getUID(), RefreshType.REFRESH);
        }
        assertTrue(recorder.states.stream().noneMatch(state -> state.matches("(faults#event|link#last).*")),
                () -> recorder.states.toString());
        assertTrue(recorder.states.stream().noneMatch(state -> state.matches("faults#last-event.*=(?!UNDEF).*")),
                () -> recorder.states.toString());
        handler.dispose();
    }

    /** Channels without links get no states. */
    @Test
    void channelsWithoutItemsAreLeftAlone() {
        ModbusHandler handler = new ModbusHandler(Stubs.thing(THING_TYPE_TCP, Map.of(), "battery#current"),
                ConnectionType.TCP, services);
        recorder.linked = false;
        handler.setCallback(recorder.callback());
        handler.initialize();
        assertEquals(List.of(), recorder.states);
    }

    @Test
    void withAnErrorInTheConfigurationAnItemIsToldThatNothingIsKnown() {
        ModbusHandler handler = new ModbusHandler(Stubs.thing(THING_TYPE_TCP, Map.of(), "battery#current"),
                ConnectionType.TCP, services);
        handler.setCallback(recorder.callback());
        handler.initialize();
        await("battery#current=UNDEF", recorder.states);
        recorder.states.clear();
        handler.channelLinked(new ChannelUID(handler.getThing().getUID(), "battery#current"));
        await("battery#current=UNDEF", recorder.states);
    }

    /** openHAB restores the states of Items: one may show a forced signal that is not forced any more. */
    @Test
    void whatIsForcedIsUnknownFromTheBeginning() {
        ModbusHandler handler = handler(ConnectionType.TCP,
                Map.of("host", "127.0.0.1", "port", 1, "allowControl", true));
        handler.initialize();
        await("control#charge-request=UNDEF", recorder.states);
        await("control#last-result=UNDEF", recorder.states);
        handler.handleCommand(new ChannelUID(handler.getThing().getUID(), "control#charge-request"),
                new StringType("on"));
        assertFalse(recorder.states.contains("control#charge-request=on"));
        await("control#last-result=control.link-down", recorder.states);
        handler.dispose();
    }

    /** After a restart no signal of the board is forced. The restart may be shorter than the lifetime of values. */
    @Test
    void whatIsForcedIsUnknownWhenTheBoardStarts() throws Exception {
        ServerSocket server = server();
        ModbusHandler handler = handler(ConnectionType.TCP, Map.of("host", "127.0.0.1", "port", server.getLocalPort(),
                "refreshInterval", 0.2, "wordOrder", "little", "allowControl", true));
        AtomicInteger internalSignals = new AtomicInteger();
        Thread board = new Thread(() -> {
            try (Socket socket = server.accept()) {
                answerWithZeros(socket, new ArrayList<>(), internalSignals);
            } catch (IOException e) {
                // the test has ended
            }
        });
        board.setDaemon(true);
        board.start();
        handler.initialize();
        await("battery#current=0 A", recorder.states);
        recorder.states.clear();
        internalSignals.set(1 << 11);
        await("control#charge-request=UNDEF", recorder.states);
        handler.dispose();
    }

    @Test
    void channelsOfCellsThatNobodyReadsAnyMoreGo() {
        Map<String, Object> configuration = Map.of("host", "127.0.0.1", "port", 1, "allowControl", true, "boardScan",
                true, "registers", List.of("cell-voltage-{1..2} = window:0x2014+2*{i}:REAL32"));
        ThingUID uid = new ThingUID(THING_TYPE_TCP, "battery");
        Thing thing = ThingBuilder.create(THING_TYPE_TCP, uid).withConfiguration(new Configuration(configuration))
                .withChannels(ChannelBuilder.create(new ChannelUID(uid, "logic-1#cell-voltage-2"), "Number").build(),
                        ChannelBuilder.create(new ChannelUID(uid, "logic-1#cell-voltage-3"), "Number").build())
                .build();
        ModbusHandler handler = new ModbusHandler(thing, ConnectionType.TCP, services);
        handler.setCallback(recorder.callback());
        handler.initialize();
        assertNotNull(handler.getThing().getChannel("logic-1#cell-voltage-2"));
        assertNull(handler.getThing().getChannel("logic-1#cell-voltage-3"));
        handler.dispose();
    }

    /** The template for a lost link waits for five minutes. */
    @ParameterizedTest
    @CsvSource({ "86400,30", "30,30", "5,5" })
    void theTimeOfTheLastReadingIsShownOftenHoweverSlowTheSlowValuesAre(int slowRefresh, int shown)
            throws ConfigurationException {
        Map<String, Object> configuration = Map.of("host", "bms", "slowRefreshInterval", slowRefresh);
        assertEquals(Duration.ofSeconds(shown),
                handler(ConnectionType.TCP, configuration)
                        .boardConnection(new ConfigReader(new Configuration(configuration)),
                                RegisterChannels.of(Stubs.thing(THING_TYPE_TCP, Map.of())), null, Stubs.counting())
                        .linkInterval());
    }

    @Test
    void channelsOfBoardsComeInTheLanguageOfTheInstallation() throws Exception {
        Twin twin = Twin.tcp(0, SimulatedWires.board(32, TwinBoard.WordOrder.LITTLE));
        open.add(twin);
        ThingUID uid = new ThingUID(THING_TYPE_TCP, "battery");
        Map<String, Object> configuration = Map.of("host", "127.0.0.1", "port", twin.port(), "allowControl", true,
                "boardScan", true);
        Thing thing = ThingBuilder.create(THING_TYPE_TCP, uid).withConfiguration(new Configuration(configuration))
                .withChannels(english(uid, "logic-1#ready", "Logic 1 Ready"), english(uid, "logic-1#status", "Left"))
                .build();
        ModbusHandler handler = new ModbusHandler(thing, ConnectionType.TCP,
                new HandlerServices(registry, Ticker.system(), Languages.texts("de"), Stubs.storage(), Stubs.ZONE));
        handler.setCallback(recorder.callback());
        handler.initialize();
        await("ONLINE/NONE", recorder.statuses);
        await("logic#board-count=2", recorder.states);
        assertEquals("Logic 1 Bereit", label(handler, "logic-1#ready"));
        assertEquals("Left", label(handler, "logic-1#status"));
        assertEquals("Logic 2 Temperatursensor", label(handler, "logic-2#temperature-sensor"));
        assertNull(handler.getThing().getChannel("logic-3#ready"));
        handler.dispose();
    }

    private static Channel english(ThingUID thing, String id, String label) {
        return ChannelBuilder.create(new ChannelUID(thing, id), "Number").withLabel(label).build();
    }

    private static @Nullable String label(ModbusHandler handler, String id) {
        Channel channel = handler.getThing().getChannel(id);
        return channel == null ? null : channel.getLabel();
    }

    @Test
    void aDisposedThingOpensNothingAndItsDiagnosisEnds() throws Exception {
        ModbusHandler handler = handler(ConnectionType.TCP,
                Map.of("host", "127.0.0.1", "port", server().getLocalPort()));
        handler.initialize();
        CompletableFuture<String> diagnosis = handler.diagnose();
        assertSame(diagnosis, handler.diagnose(), "one at a time");
        handler.dispose();
        assertEquals("read.offline", diagnosis.get(10, TimeUnit.SECONDS));
        assertEquals("read.offline", handler.readRegisters(Table.INPUT, 0, 1).get(10, TimeUnit.SECONDS));
        long begun = System.nanoTime();
        while (!registry.names().isEmpty()) {
            assertTrue(System.nanoTime() - begun < 10_000_000_000L, "the diagnosis keeps the line");
            Thread.yield();
        }
    }

    @Test
    void aBoardThatCannotBeReachedIsOfflineWithTheCause() throws Exception {
        ServerSocket server = server();
        int port = server.getLocalPort();
        server.close();
        ModbusHandler handler = handler(ConnectionType.TCP, Map.of("host", "127.0.0.1", "port", port));
        handler.initialize();
        assertEquals("UNKNOWN/NONE", recorder.statuses.get(0));
        await("OFFLINE/COMMUNICATION_ERROR @text/offline.refused [\"127.0.0.1:" + port + "\",\"32\",\"-\"]",
                recorder.statuses);
        handler.dispose();
    }

    @Test
    void aBoardIsShownLostAndTakenAway() throws Exception {
        ServerSocket server = server();
        Map<String, Object> configuration = Map.of("host", "127.0.0.1", "port", server.getLocalPort(),
                "refreshInterval", 0.2, "staleAfter", 2, "wordOrder", "little");
        ModbusHandler handler = handler(ConnectionType.TCP, configuration);
        Socket[] peer = new Socket[1];
        Thread board = new Thread(() -> {
            try (Socket socket = server.accept()) {
                peer[0] = socket;
                answerWithZeros(socket, new ArrayList<>(), new AtomicInteger());
            } catch (IOException e) {
                // the test has ended
            }
        });
        board.setDaemon(true);
        board.start();
        handler.initialize();
        await("ONLINE/NONE", recorder.statuses);
        await("battery#current=0 A", recorder.states);
        await("faults#alarm=alarm.ok", recorder.states);
        assertEquals("0.0.1", handler.getThing().getProperties().get("firmwareVersion"));
        assertEquals("little", handler.getThing().getProperties().get("wordOrder"));
        assertEquals("2026-11-22T12:34:56", Objects.requireNonNull(handler.snapshot()).text(Catalogue.DEVICE_CLOCK));
        assertNull(handler.getThing().getProperties().get("deviceClock"), "it would stand still");
        recorder.states.clear();
        handler.handleCommand(new ChannelUID(handler.getThing().getUID(), "battery#current"), RefreshType.REFRESH);
        await("battery#current=0 A", recorder.states);
        recorder.states.clear();
        handler.handleCommand(new ChannelUID(handler.getThing().getUID(), "outputs#out-1"), OnOffType.ON);
        assertFalse(recorder.states.contains("outputs#out-1=ON"), "there is nothing to switch");
        server.close();
        peer[0].close();
        await("battery#current=UNDEF", recorder.states);
        String status = recorder.statuses.get(recorder.statuses.size() - 1);
        assertTrue(status.startsWith("OFFLINE/COMMUNICATION_ERROR @text/offline."), status);
        handler.dispose();
        int told = recorder.states.size();
        handler.dispose();
        handler.handleCommand(new ChannelUID(handler.getThing().getUID(), "battery#current"), RefreshType.REFRESH);
        assertEquals(told, recorder.states.size());
        assertEquals(List.of(), registry.names());
    }

    /** A signal is forced until a change of the Thing; expected: the further course of its timeout. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            a new label            | -                                    | given back
            another interval       | slowRefreshInterval=60               | given back
            a longer time          | controlTimeout=120                   | given back
            an error and its end   | refreshInterval=0, refreshInterval=1 | given back
            no time                | controlTimeout=0                     | never
            another board          | address=33                           | never
            no control             | allowControl=false                   | never
            control off and on     | allowControl=false,allowControl=true | never
            an error without it    | allowControl=false;address=0,allowControl=true;address=32 | never
            """)
    void theTimeOfAForcedSignalRunsOnWhileItsThingIsChanged(String what, String changes, String end) throws Exception {
        List<String> writes = new CopyOnWriteArrayList<>();
        Map<String, Object> configuration = new HashMap<>(Map.of("host", "127.0.0.1", "port", board(writes),
                "wordOrder", "little", "allowControl", true, "controlTimeout", 60));
        Alarms alarms = new Alarms(new LeapTicker());
        ModbusHandler handler = new ModbusHandler(Stubs.thing(THING_TYPE_TCP, configuration), ConnectionType.TCP,
                services) {
            @Override
            ScheduledExecutorService timers() {
                return alarms;
            }
        };
        handler.setCallback(recorder.callback());
        handler.initialize();
        await("ONLINE/NONE", recorder.statuses);
        handler.handleCommand(new ChannelUID(handler.getThing().getUID(), "control#charge-request"),
                new StringType("off"));
        await("control#charge-request=off", recorder.states);
        for (String change : changes.split(",")) {
            for (String parameter : change.split(";")) {
                String[] words = parameter.strip().split("=");
                configuration.put(words[0], words[words.length - 1]);
            }
            recorder.statuses.clear();
            handler.thingUpdated(ThingBuilder.create(handler.getThing()).withLabel("Cellar")
                    .withConfiguration(new Configuration(configuration)).build());
        }
        await("ONLINE/NONE", recorder.statuses);
        assertEquals(1, writes.size(), "nothing is written by a change");
        alarms.pass(120 * LeapTicker.SECOND);
        if ("given back".equals(end)) {
            await("control#charge-request=physical", recorder.states);
        }
        handler.dispose();
        assertEquals("given back".equals(end) ? 2 : 1, writes.size());
        assertEquals(0, alarms.waiting());
        alarms.shutdownNow();
    }

    /** An empty list would mean that there are no faults. */
    @Test
    void whileNothingIsKnownTheActiveFaultsAreNotNone() {
        BoardActions actions = new BoardActions();
        actions.setThingHandler(handler(ConnectionType.TCP, Map.of("host", "bms")));
        assertEquals(Stubs.texts().text("read.faults-unknown"), actions.getFaults());
        assertNotEquals("", actions.getFaults());
    }

    /** Counters continue from their values, whatever happens to the Thing, until it is removed. */
    @Test
    void countersAreSetShownKeptAndRemoved() throws Exception {
        int port = board(new CopyOnWriteArrayList<>());
        Storage<String> storage = Stubs.storage();
        HandlerServices kept = new HandlerServices(registry, Ticker.system(), Stubs.texts(), storage, Stubs.ZONE);
        Map<String, Object> configuration = Map.of("host", "127.0.0.1", "port", port, "refreshInterval", 0.2);
        ModbusHandler first = new ModbusHandler(Stubs.thing(THING_TYPE_TCP, configuration), ConnectionType.TCP, kept);
        first.setCallback(recorder.callback());
        assertEquals("read.offline", first.resetCounters());
        first.initialize();
        await("energy#charge-in=0 Ah", recorder.states);
        await("link#online=ON", recorder.states);
        await("link#quality=100 %", recorder.states);
        assertEquals("read.counters-wrong", first.setCounters(-1, 0, 0, 0));
        assertEquals("read.counters-set", first.setCounters(120, 95.5, 2400, Double.NaN));
        await("energy#charge-in=2400 Ah", recorder.states);
        await("energy#charged-energy=120 kWh", recorder.states);
        await("energy#discharged-energy=95.5 kWh", recorder.states);
        first.dispose();
        assertFalse(recorder.states.contains("energy#charge-in=UNDEF"), "a total stays true");
        assertTrue(recorder.states.contains("energy#coverage=UNDEF"));
        recorder.states.clear();
        first.initialize();
        await("energy#charge-in=2400 Ah", recorder.states);
        assertEquals("read.counters-set", first.resetCounters());
        await("energy#charge-in=0 Ah", recorder.states);
        assertEquals("read.history-reset", first.resetHistory());
        first.handleRemoval();
        first.dispose();
        assertNull(storage.get("bmsmain:tcp:battery/" + BoardMemory.ENERGY));
        assertNull(storage.get("bmsmain:tcp:battery/" + BoardMemory.HISTORY));
        kept.deliveries().shutdown();
    }

    private ModbusHandler handler(ConnectionType wire, Map<String, Object> configuration) {
        Thing thing = Stubs.thing(wire == ConnectionType.SERIAL ? THING_TYPE_SERIAL : THING_TYPE_TCP, configuration);
        ModbusHandler handler = new ModbusHandler(thing, wire, services);
        handler.setCallback(recorder.callback());
        return handler;
    }

    private ServerSocket server() throws IOException {
        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        open.add(server);
        return server;
    }

    /** Boards at any address, one after the other, that record writes; returns the port. */
    private int board(List<String> writes) throws IOException {
        ServerSocket server = server();
        Thread board = new Thread(() -> {
            while (true) {
                try (Socket socket = server.accept()) {
                    answerWithZeros(socket, writes, new AtomicInteger());
                } catch (EOFException e) {
                    // the next connection
                } catch (IOException e) {
                    return;
                }
            }
        });
        board.setDaemon(true);
        board.start();
        return server.getLocalPort();
    }

    /** A Modbus TCP server whose registers are all zero, except for its clock and the register at 0x2009. */
    private static void answerWithZeros(Socket socket, List<String> writes, AtomicInteger internalSignals)
            throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] request = new byte[12];
        while (true) {
            in.readFully(request);
            if (request[7] == 6) {
                writes.add(HexFormat.of().formatHex(request, 8, 12));
                socket.getOutputStream().write(request);
                continue;
            }
            int bytes = 2 * (request[11] & 0xFF);
            byte[] answer = new byte[9 + bytes];
            System.arraycopy(request, 0, answer, 0, 8);
            answer[4] = (byte) (bytes + 3 >> 8);
            answer[5] = (byte) (bytes + 3);
            answer[8] = (byte) bytes;
            put(request, answer, 0x2009, String.format("%04x", internalSignals.get()));
            put(request, answer, 0x1000, "112212265634");
            // Values that are never zero in a board.
            put(request, answer, 0x0001, "0001");
            put(request, answer, 0x2102, "0001");
            put(request, answer, 0x2420, "000042c8");
            socket.getOutputStream().write(answer);
        }
    }

    private static void put(byte[] request, byte[] answer, int address, String registers) {
        int place = 9 + 2 * (address - ((request[8] & 0xFF) << 8 | request[9] & 0xFF));
        byte[] bytes = HexFormat.of().parseHex(registers);
        if (place >= 9 && place + bytes.length <= answer.length) {
            System.arraycopy(bytes, 0, answer, place, bytes.length);
        }
    }

    private static void await(String expected, List<String> told) {
        long begun = System.nanoTime();
        while (!told.contains(expected)) {
            assertTrue(System.nanoTime() - begun < 10_000_000_000L, () -> "not told: " + expected + " but " + told);
            Thread.yield();
        }
    }
}
