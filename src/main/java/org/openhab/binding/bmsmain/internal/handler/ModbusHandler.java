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

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.config.BoardConfiguration;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.config.StatusText;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.diagnosis.Diagnosis;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusConnectionParameters;
import org.openhab.binding.bmsmain.internal.diagnosis.ModbusDoctor;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSearchTask;
import org.openhab.binding.bmsmain.internal.diagnosis.RegisterSuggestion;
import org.openhab.binding.bmsmain.internal.handler.StatePublisher.Resolution;
import org.openhab.binding.bmsmain.internal.modbus.LogicScan;
import org.openhab.binding.bmsmain.internal.modbus.LogicWindow;
import org.openhab.binding.bmsmain.internal.modbus.ModbusBoard;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine;
import org.openhab.binding.bmsmain.internal.modbus.ModbusLine.TcpMode;
import org.openhab.binding.bmsmain.internal.modbus.ModbusSettings;
import org.openhab.binding.bmsmain.internal.modbus.RegisterSyntax;
import org.openhab.binding.bmsmain.internal.modbus.SingleRead;
import org.openhab.binding.bmsmain.internal.modbus.WordOrder;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings;
import org.openhab.binding.bmsmain.internal.transport.SerialSettings.Parity;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.config.core.validation.ConfigValidationException;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.binding.ThingHandlerService;

/**
 * Handler of a board that is read by Modbus, over a serial line or a network.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class ModbusHandler extends BoardHandler {

    private final ConnectionType wire;
    private final Ticker ticker;
    private final BusRegistry registry;
    private final RegisterProposals proposals;
    private final DiagnosisRunner searchRunner;
    private volatile @Nullable BusLocation location;

    /**
     * Location of the board, from the last valid configuration.
     *
     * @param withCells whether its BMS Logic boards are scanned
     */
    private record BusLocation(ModbusLine line, ModbusConnectionParameters parameters, boolean withCells) {

        /** Key of the board and the scope of the search: suggestions for another key do not apply. */
        String searched() {
            return line.name() + " " + parameters.address() + " " + withCells;
        }
    }

    /**
     * @param thingServices services that openHAB creates for each Thing; passed by the factory, so that handlers do not
     *            depend on the packages that use them
     */
    @SafeVarargs
    public ModbusHandler(Thing thing, ConnectionType wire, HandlerServices services,
            Class<? extends ThingHandlerService>... thingServices) {
        super(thing, services, List.of(thingServices));
        this.wire = wire;
        this.ticker = services.ticker();
        this.registry = services.registry();
        this.proposals = new RegisterProposals(services.texts());
        this.searchRunner = new DiagnosisRunner(services.texts());
    }

    @Override
    BoardConnection boardConnection(ConfigReader reader, RegisterChannels channels, @Nullable CommandQueue commandQueue,
            Counting counting) throws ConfigurationException {
        boolean serial = wire == ConnectionType.SERIAL;
        int address = reader.integer(serial ? ModbusSettings.ADDRESS : ModbusSettings.TCP_ADDRESS);
        Duration refresh = reader.seconds(ModbusSettings.REFRESH);
        Duration slowRefresh = reader.seconds(ModbusSettings.SLOW_REFRESH);
        Duration responseTimeout = Duration.ofMillis(reader.integer(ModbusSettings.RESPONSE_TIMEOUT));
        ModbusConnectionParameters parameters = parameters(reader, address, responseTimeout);
        ModbusLine line = parameters.line(ticker);
        Duration requestGap = Duration.ofMillis(reader.integer(ModbusSettings.REQUEST_GAP));
        ModbusSettings settings = new ModbusSettings(address, refresh, slowRefresh, responseTimeout,
                parameters.wordOrder(), commandQueue, requestGap);
        LogicWindow window = BoardConfiguration.window(reader, commandQueue != null);
        LogicWindow.Boards boards = window == null ? null : window.boards(Catalogue.size() + channels.points().size());
        List<Point> scanned = boards == null ? List.of() : boards.points();
        List<Point> customPoints = new ArrayList<>(channels.points());
        customPoints.addAll(scanned);
        Duration lifetime = BoardConfiguration.lifetime(reader, refresh);
        BoardSetup setup = BoardConfiguration.setup(reader, RegisterSyntax::parse, customPoints, lifetime,
                BoardSetup.slowLifetime(lifetime, slowRefresh)).with(Double.NaN, counting);
        location = new BusLocation(line, parameters, boards != null);
        return new BoardConnection(wire, line.name(), address, BoardConfiguration.linkInterval(slowRefresh),
                reader.choice("resolution", Resolution.DISPLAY, Resolution.class),
                serial ? "port-conflict" : "framing-conflict", commandQueue, scanned, (buses, listener) -> join(buses,
                        line, settings, boards, new ModbusBoard(settings, setup, line.isNetwork(), listener, ticker)));
    }

    private BusRegistry.Membership join(BusRegistry buses, ModbusLine line, ModbusSettings settings,
            LogicWindow.@Nullable Boards boards, ModbusBoard board) throws BusConflictException {
        BusRegistry.Membership place = line.join(buses, board);
        if (boards == null) {
            return place;
        }
        BusRegistry.Membership guest = line.join(buses, new LogicScan(board, settings, boards, ticker));
        return new BusRegistry.Membership() {
            @Override
            public void leave() {
                guest.leave();
                place.leave();
            }

            @Override
            public void wake() {
                place.wake();
            }
        };
    }

    @Override
    public void dispose() {
        location = null;
        searchRunner.stop();
        proposals.stop();
        super.dispose();
    }

    @Override
    public CompletableFuture<String> readRegisters(Table table, int address, int count) {
        BusLocation here = location;
        if (here == null) {
            return CompletableFuture.completedFuture(texts().text("read.offline"));
        }
        try {
            return SingleRead
                    .of(here.line, registry, here.parameters.address(), table, address, count,
                            here.parameters.responseTimeout(), ticker)
                    .thenApplyAsync(result -> words(result, address), deliveries());
        } catch (BusConflictException e) {
            return CompletableFuture.completedFuture(texts().text("read.offline"));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(texts().text("read.wrong"));
        }
    }

    @Override
    public CompletableFuture<String> diagnose() {
        BusLocation here = location;
        if (here == null) {
            return super.diagnose();
        }
        return examine(() -> texts().diagnosis(ModbusDoctor.examine(here.parameters, here.line, registry, ticker,
                Diagnosis.STANDARD_REQUESTS, Progress.NONE)));
    }

    @Override
    public CompletableFuture<String> suggestRegisters() {
        BusLocation here = location;
        if (here == null) {
            return CompletableFuture.completedFuture(texts().text("read.offline"));
        }
        ModbusConnectionParameters parameters = here.parameters;
        return searchRunner.begin(() -> proposals.suggest(here.searched(),
                () -> RegisterSearchTask.begin(here.line, registry, parameters.address(), parameters.responseTimeout(),
                        here.withCells, RegisterProposals.LONGEST_SEARCH, ticker),
                parameters.wordOrder(),
                failure -> texts().status(StatusText.of(PortHolders.explain(failure, here.line.name()), wire,
                        here.line.name(), parameters.address()))));
    }

    @Override
    public String acceptSuggestion(String target) {
        BusLocation here = location;
        if (here == null) {
            return texts().text("read.offline");
        }
        RegisterSuggestion found = proposals.find(here.searched(), target);
        String line = found == null ? null : found.line();
        if (found == null || line == null || !found.isSure()) {
            return proposals.refusal(here.searched(), target);
        }
        // Reads the unresolved configuration, so that variables are written back unresolved.
        ConfigReader reader = new ConfigReader(editConfiguration());
        if (BoardConfiguration.hasLine(reader, line)) {
            return texts().text("suggest.present", line);
        }
        try {
            // As if the user had edited it: the Thing is stored and initialized again. openHAB requires all
            // parameters, as a user stores them.
            Map<String, Object> all = new HashMap<>(editConfiguration().getProperties());
            all.put("registers", BoardConfiguration.withLine(reader, line));
            handleConfigurationUpdate(all);
        } catch (ConfigValidationException e) {
            return texts().text("suggest.invalid", line);
        }
        return texts().text("suggest.accepted", line);
    }

    private String words(SingleRead.Result result, int address) {
        Failure failure = result.failure();
        if (failure != null) {
            return texts().text("read.failed", failure.cause().key());
        }
        if (result.exception() != 0) {
            return texts().text("read.refused", result.exception());
        }
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < result.registers().length; i++) {
            int register = result.registers()[i];
            words.append(String.format(Locale.ROOT, "%s0x%04X: 0x%04X %d", i == 0 ? "" : "\n", address + i, register,
                    register));
        }
        return words.toString();
    }

    private ModbusConnectionParameters parameters(ConfigReader reader, int address, Duration responseTimeout)
            throws ConfigurationException {
        WordOrder wordOrder = reader.choice("wordOrder", WordOrder.Choice.AUTO, WordOrder.Choice.class).order();
        return wire == ConnectionType.SERIAL
                ? ModbusConnectionParameters.serial(serialSettings(reader), address, wordOrder, responseTimeout)
                : ModbusConnectionParameters.tcp(reader.required("host", "host"),
                        reader.integer(ModbusSettings.TCP_PORT), reader.choice("framing", TcpMode.TCP, TcpMode.class),
                        address, wordOrder, responseTimeout);
    }

    private static SerialSettings serialSettings(ConfigReader reader) throws ConfigurationException {
        String port = reader.required("port", "port");
        int baudRate = reader.integer("baudRate", SerialSettings.DEFAULT_BAUD_RATE, 0, Integer.MAX_VALUE);
        if (!SerialSettings.BAUD_RATES.contains(baudRate)) {
            throw ConfigReader.wrong("baudRate", baudRate);
        }
        Parity parity = reader.choice("parity", Parity.NONE, Parity.class);
        return new SerialSettings(port, baudRate, parity, reader.integer(SerialSettings.STOP_BITS));
    }
}
