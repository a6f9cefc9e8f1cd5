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

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.PROPERTY_BUS_ADDRESS;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardMemory;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.config.TraceOptions;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;
import org.openhab.binding.bmsmain.internal.device.Mailbox;
import org.openhab.binding.bmsmain.internal.handler.BoardSession.Forced;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.binding.ThingHandlerService;
import org.openhab.core.types.Command;
import org.openhab.core.types.RefreshType;

/**
 * Handler of a board, independent of its connection type. Reads the configuration, adds the board to its bus, and
 * removes it again.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class BoardHandler extends MailboxHandler implements BoardRegistry.Board, SupportCommands {

    private final String uid;
    private final List<Class<? extends ThingHandlerService>> thingServices;
    private final HandlerServices services;
    private final BoardTexts texts;
    private final BoardChannels channels;
    private final BusRecorder recorder;
    private final DiagnosisRunner diagnosisRunner;
    private volatile @Nullable BoardSession session;
    private volatile @Nullable BoardMemory memory;
    /** Signals of the last session that must still be released: changing a Thing disposes and initializes it again. */
    private Forced forced = Forced.NOTHING;

    BoardHandler(Thing thing, HandlerServices services, List<Class<? extends ThingHandlerService>> thingServices) {
        super(thing, services);
        this.uid = thing.getUID().toString();
        this.thingServices = thingServices;
        this.services = services;
        this.texts = services.texts();
        this.channels = new BoardChannels(this);
        this.recorder = new BusRecorder(services.registry(), texts, services.ticker());
        this.diagnosisRunner = new DiagnosisRunner(texts);
    }

    /**
     * Reads the configuration of the connection.
     *
     * @param channels user-defined channels
     * @param commandQueue commands for the board; null if writing is not allowed
     * @param counting energy counters of the board
     * @throws ConfigurationException when the configuration is invalid
     */
    abstract BoardConnection boardConnection(ConfigReader reader, RegisterChannels channels,
            @Nullable CommandQueue commandQueue, Counting counting) throws ConfigurationException;

    @Override
    public void initialize() {
        Mailbox opened = open();
        BoardMemory recalled = new BoardMemory(new RecordStore(services.journals(), uid + "/"),
                services.ticker()::nanos, services.ticker()::now, () -> services.zone().getTimeZone());
        memory = recalled;
        try {
            begin(opened, recalled);
        } catch (ConfigurationException e) {
            updateStatus(ThingStatus.OFFLINE, ThingStatusDetail.CONFIGURATION_ERROR, e.statusText());
        } finally {
            services.boards().add(uid, this);
            // Not earlier: while a profile runs, openHAB blocks other updates of this Thing.
            opened.start();
        }
    }

    private void begin(Mailbox opened, BoardMemory recalled) throws ConfigurationException {
        RegisterChannels registerChannels = RegisterChannels.of(getThing());
        ConfigReader reader = new ConfigReader(getConfig());
        boolean allowed = reader.flag("allowControl");
        Duration controlTimeout = reader.seconds(CommandQueue.CONTROL_TIMEOUT);
        if (!allowed) {
            // Drop pending releases, even if control is allowed again later.
            forced = Forced.NOTHING;
        }
        BoardConnection connection = boardConnection(reader, registerChannels,
                allowed ? new CommandQueue(services.ticker()) : null, recalled.counting());
        updateProperty(PROPERTY_BUS_ADDRESS, connection.busAddress());
        channels.showControl(allowed);
        channels.hideLogic(connection.scanned());
        BoardSession next = new BoardSession(this, connection, registerChannels, controlTimeout, opened, recalled,
                timers(), scheduler);
        session = next;
        Forced before = forced;
        forced = Forced.NOTHING;
        next.begin(before);
    }

    @Override
    public void dispose() {
        BoardSession ended = session;
        session = null;
        Mailbox opened = detach();
        services.boards().remove(uid, this);
        recorder.stop();
        diagnosisRunner.stop();
        if (ended == null) {
            close(opened, null);
        } else {
            forced = ended.close();
            close(opened, ended::withdraw);
            ended.mute();
        }
        BoardMemory kept = memory;
        memory = null;
        if (kept != null) {
            kept.save();
        }
        super.dispose();
    }

    @Override
    public void handleRemoval() {
        BoardMemory kept = memory;
        if (kept != null) {
            kept.remove();
        }
        super.handleRemoval();
    }

    /** A command to a read-only channel is answered with the current state. */
    @Override
    public void handleCommand(ChannelUID channelUID, Command command) {
        BoardSession open = session;
        if (open != null && open.controls(channelUID) && !(command instanceof RefreshType)) {
            open.control(channelUID.getIdWithoutGroup(), command.toString());
            return;
        }
        later(channelUID, () -> {
            if (open == null) {
                showUnknown(channelUID);
            } else {
                open.refresh(channelUID, !(command instanceof RefreshType));
            }
        });
    }

    /** Executor for work that must block neither a bus nor openHAB's scheduler. */
    final Executor deliveries() {
        return services.deliveries();
    }

    /** Timers that release forced signals. */
    ScheduledExecutorService timers() {
        return scheduler;
    }

    @Override
    public Collection<Class<? extends ThingHandlerService>> getServices() {
        return thingServices;
    }

    /**
     * Forces an input signal, if the configuration allows it.
     *
     * @return future of the outcome
     */
    public CompletableFuture<ControlOutcome> force(Point signal, SignalOverride force) {
        CompletableFuture<ControlOutcome> outcome = new CompletableFuture<>();
        BoardSession open = session;
        SignalControl control = open == null ? null : open.control();
        if (control == null) {
            outcome.complete(new ControlOutcome(signal, force, Result.NOT_ALLOWED, ""));
        } else {
            control.force(signal, force, outcome::complete);
        }
        return outcome;
    }

    @Override
    @Nullable
    public BoardSnapshot snapshot() {
        BoardSession open = session;
        return open == null ? null : open.snapshot();
    }

    @Override
    public boolean isOnline() {
        BoardSession open = session;
        return open != null && open.isOnline();
    }

    /** The label of the Thing, or its UID if it has none. */
    @Override
    public String name() {
        String label = getThing().getLabel();
        return label == null || label.isBlank() ? uid : label.strip();
    }

    /** All values that the channels show: those of the catalogue and the user-defined ones. */
    public List<Point> points() {
        BoardSession open = session;
        return open == null ? List.of() : open.points();
    }

    @Override
    public BoardTexts texts() {
        return texts;
    }

    @Override
    public CompletableFuture<String> diagnose() {
        String status = texts.status(getThing().getStatusInfo().getDescription());
        BoardSession open = session;
        return CompletableFuture.completedFuture(!status.isEmpty() ? status
                : open == null ? texts.text("read.offline")
                        : texts.text("diagnosis.cause.healthy", open.connection().place(),
                                open.connection().address()));
    }

    /** Runs an examination of the link in a separate thread, one at a time. */
    CompletableFuture<String> examine(DiagnosisRunner.Task task) {
        return diagnosisRunner.begin(task);
    }

    @Override
    public String resetCounters() {
        return remember(kept -> kept.meter().resetCounters(), "read.counters-set");
    }

    @Override
    public String setCounters(double charged, double discharged, double in, double out) {
        try {
            return remember(kept -> kept.meter().setCounters(charged, discharged, in, out), "read.counters-set");
        } catch (IllegalArgumentException e) {
            return texts.text("read.counters-wrong");
        }
    }

    @Override
    public String resetHistory() {
        return remember(BoardMemory::resetHistory, "read.history-reset");
    }

    private String remember(Consumer<BoardMemory> change, String done) {
        BoardMemory kept = memory;
        if (kept == null) {
            return texts.text("read.offline");
        }
        change.accept(kept);
        kept.save();
        BoardSession open = session;
        if (open != null) {
            open.showCounters();
        }
        return texts.text(done);
    }

    @Override
    public String record(boolean on) {
        BoardSession open = session;
        if (!on) {
            return recorder.end();
        }
        if (open == null) {
            return texts.text("read.offline");
        }
        BoardConnection connection = open.connection();
        return recorder.begin(connection.place(), uid, TraceOptions.of(getConfig(), connection.wire()));
    }
}
