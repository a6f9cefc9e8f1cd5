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
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.SdoLocation;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.canopen.CanBoard;
import org.openhab.binding.bmsmain.internal.canopen.CanLine;
import org.openhab.binding.bmsmain.internal.canopen.CanSettings;
import org.openhab.binding.bmsmain.internal.canopen.CanSyntax;
import org.openhab.binding.bmsmain.internal.canopen.NodeListener;
import org.openhab.binding.bmsmain.internal.canopen.ObjectRead;
import org.openhab.binding.bmsmain.internal.canopen.SdoAbort;
import org.openhab.binding.bmsmain.internal.config.BoardConfiguration;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.diagnosis.CanConnectionParameters;
import org.openhab.binding.bmsmain.internal.diagnosis.CanDoctor;
import org.openhab.binding.bmsmain.internal.diagnosis.Diagnosis;
import org.openhab.binding.bmsmain.internal.diagnosis.Progress;
import org.openhab.binding.bmsmain.internal.handler.StatePublisher.Resolution;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.binding.ThingHandlerService;

/**
 * Handler of a board on a CAN bus.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class CanHandler extends BoardHandler {

    private static final String STANDARD_INTERFACE = "can0";
    private static final int LAST_INDEX = 0xFFFF;
    private static final int LAST_SUB_INDEX = 0xFF;

    private final Ticker ticker;
    private final BusRegistry registry;
    private volatile @Nullable BusLocation location;
    private volatile @Nullable NodeWatcher watcher;

    private enum Adapter {
        SLCAN,
        SOCKETCAN
    }

    /**
     * Location of the board, from the last valid configuration.
     *
     * @param sync interval at which the binding sends SYNC
     * @param nodes other nodes on the bus, and whether they send the PDOs of a BMS Main
     */
    private record BusLocation(CanLine line, int nodeId, Duration sync, boolean listenOnly,
            Map<Integer, Boolean> nodes) {

        CanConnectionParameters parameters() {
            return new CanConnectionParameters(line.name(), 0, nodeId, sync, listenOnly);
        }
    }

    /**
     * Another node on the bus of this Thing.
     *
     * @param place port or interface of the adapter
     * @param node node ID
     * @param isBoard whether the node sends the PDOs of a BMS Main
     */
    public record FoundNode(String place, int node, boolean isBoard) {
    }

    /** Receives other nodes on the bus of this Thing, in order, and not on the thread of the bus. */
    public interface NodeWatcher {
        void found(FoundNode node);

        /** Called when the node belongs to a Thing. */
        void taken(FoundNode node);
    }

    /**
     * @param thingServices services that openHAB creates for each Thing; passed by the factory, so that handlers do not
     *            depend on the packages that use them
     */
    @SafeVarargs
    public CanHandler(Thing thing, HandlerServices services, Class<? extends ThingHandlerService>... thingServices) {
        super(thing, services, List.of(thingServices));
        this.ticker = services.ticker();
        this.registry = services.registry();
    }

    @Override
    BoardConnection boardConnection(ConfigReader reader, RegisterChannels channels, @Nullable CommandQueue commandQueue,
            Counting counting) throws ConfigurationException {
        if (!channels.points().isEmpty()) {
            throw new ConfigurationException("can-channel", channels.points().get(0).id());
        }
        boolean listenOnly = reader.flag("listenOnly");
        CanLine line = line(reader, listenOnly);
        int nodeId = reader.integer(CanSettings.NODE);
        Duration sync = syncInterval(reader);
        if (listenOnly && !sync.isZero()) {
            throw new ConfigurationException("listen-only", "syncInterval");
        }
        if (listenOnly && commandQueue != null) {
            throw new ConfigurationException("listen-only", "allowControl");
        }
        // Rejects lines for the window of the BMS Logic boards, which exists only with Modbus.
        BoardConfiguration.window(reader, false);
        Duration lifetime = BoardConfiguration.lifetime(reader, sync);
        BoardSetup setup = BoardConfiguration.setup(reader, CanSyntax::parse, channels.points(), lifetime, lifetime)
                .with(BoardConfiguration.nominalCapacity(reader), counting);
        if (listenOnly && setup.locations().values().stream().anyMatch(SdoLocation.class::isInstance)) {
            throw new ConfigurationException("listen-only", "registers");
        }
        CanSettings settings = new CanSettings(nodeId, sync, reader.flag("sdoPolling", true), commandQueue,
                !BoardConfiguration.hasLifetime(reader));
        BusLocation here = new BusLocation(line, nodeId, sync, listenOnly, new ConcurrentHashMap<>());
        location = here;
        return new BoardConnection(ConnectionType.CAN, line.name(), nodeId, BoardConfiguration.LONGEST_LINK_INTERVAL,
                reader.choice("resolution", Resolution.DISPLAY, Resolution.class), "can-conflict", commandQueue,
                List.of(), (buses, listener) -> line.join(buses,
                        new CanBoard(settings, setup, listener, nodeListener(here), ticker)));
    }

    @Override
    public void dispose() {
        location = null;
        super.dispose();
    }

    private NodeListener nodeListener(BusLocation where) {
        return new NodeListener() {
            @Override
            public void heard(int node, boolean isBoard) {
                where.nodes.put(node, isBoard);
                tell(node, watched -> watched.found(new FoundNode(where.line.name(), node, isBoard)));
            }

            @Override
            public void taken(int node) {
                Boolean known = where.nodes.remove(node);
                if (known != null) {
                    tell(node, watched -> watched.taken(new FoundNode(where.line.name(), node, known)));
                }
            }

            private void tell(int node, Consumer<NodeWatcher> news) {
                if (where.equals(location)) {
                    later(node, () -> {
                        NodeWatcher interested = watcher;
                        if (interested != null) {
                            news.accept(interested);
                        }
                    });
                }
            }
        };
    }

    /** Sets the receiver of other nodes on the bus; null for none. */
    public void tellOfNodes(@Nullable NodeWatcher listener) {
        watcher = listener;
    }

    /** The other nodes on the bus received so far. */
    public List<FoundNode> nodes() {
        BusLocation here = location;
        return here == null ? List.of()
                : here.nodes.entrySet().stream()
                        .map(entry -> new FoundNode(here.line.name(), entry.getKey(), entry.getValue())).toList();
    }

    private CanLine line(ConfigReader reader, boolean listenOnly) throws ConfigurationException {
        if (reader.choice("adapter", Adapter.SLCAN, Adapter.class) == Adapter.SOCKETCAN) {
            return CanLine.socketCan(reader.text("interface", STANDARD_INTERFACE), listenOnly, ticker);
        }
        int bitRate = reader.integer("bitRate", CanLine.DEFAULT_BIT_RATE, 0, Integer.MAX_VALUE);
        if (!CanLine.BIT_RATES.contains(bitRate)) {
            throw ConfigReader.wrong("bitRate", bitRate);
        }
        int baudRate = reader.integer(CanLine.SERIAL_BAUD_RATE);
        return CanLine.slcan(reader.required("port", "can-port"), baudRate, bitRate, listenOnly, ticker);
    }

    private static Duration syncInterval(ConfigReader reader) throws ConfigurationException {
        Duration interval = reader.seconds(CanSettings.SYNC_INTERVAL.name(), 0, 0,
                CanSettings.SYNC_INTERVAL.greatest());
        return interval.isZero() ? interval : reader.seconds(CanSettings.SYNC_INTERVAL);
    }

    @Override
    public CompletableFuture<String> readObject(int index, int subIndex) {
        BusLocation here = location;
        if (here == null) {
            return CompletableFuture.completedFuture(texts().text("read.offline"));
        }
        if (here.listenOnly) {
            return CompletableFuture.completedFuture(texts().text("read.listen-only"));
        }
        if (index < 0 || index > LAST_INDEX || subIndex < 0 || subIndex > LAST_SUB_INDEX) {
            return CompletableFuture.completedFuture(texts().text("read.wrong-object"));
        }
        try {
            return ObjectRead.of(here.line, registry, here.nodeId, index, subIndex, ticker)
                    .thenApplyAsync(result -> words(result, index, subIndex), deliveries());
        } catch (BusConflictException e) {
            return CompletableFuture.completedFuture(texts().text("read.offline"));
        }
    }

    @Override
    public CompletableFuture<String> diagnose() {
        BusLocation here = location;
        if (here == null) {
            return super.diagnose();
        }
        return examine(() -> texts().diagnosis(CanDoctor.examine(here.parameters(), here.line, registry, ticker,
                Diagnosis.STANDARD_REQUESTS, Progress.NONE)));
    }

    private String words(ObjectRead.Result result, int index, int subIndex) {
        Failure failure = result.failure();
        if (failure != null) {
            return texts().text("read.failed", failure.cause().key());
        }
        if (result.abortCode() != 0) {
            return texts().text("read.aborted", SdoAbort.words(result.abortCode()));
        }
        return String.format(Locale.ROOT, "0x%04X:%02X: %s", index, subIndex,
                HexFormat.ofDelimiter(" ").withUpperCase().formatHex(result.data()));
    }
}
