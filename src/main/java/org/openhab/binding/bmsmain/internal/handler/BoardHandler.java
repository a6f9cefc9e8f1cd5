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

import static org.openhab.binding.bmsmain.internal.BmsMainBindingConstants.*;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.RegisterLocation.Table;
import org.openhab.binding.bmsmain.internal.board.SignalOverride;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.config.StatusText;
import org.openhab.binding.bmsmain.internal.config.TraceOptions;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome;
import org.openhab.binding.bmsmain.internal.device.ControlOutcome.Result;
import org.openhab.binding.bmsmain.internal.device.Mailbox;
import org.openhab.binding.bmsmain.internal.handler.StatePublisher.Resolution;
import org.openhab.binding.bmsmain.internal.transport.ConnectionType;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.PortHolders;
import org.openhab.binding.bmsmain.internal.transport.Ticker;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.binding.BaseThingHandler;
import org.openhab.core.thing.binding.ThingHandlerService;
import org.openhab.core.thing.binding.builder.ChannelBuilder;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.thing.type.AutoUpdatePolicy;
import org.openhab.core.thing.type.ChannelKind;
import org.openhab.core.thing.type.ChannelTypeUID;
import org.openhab.core.types.Command;
import org.openhab.core.types.RefreshType;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A board as a Thing, whatever wire leads to it. It reads the configuration, puts the board on its bus, and shows what
 * the bus reports.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public abstract class BoardHandler extends BaseThingHandler implements BoardRegistry.Board {

    private static final String COUNTERS = "counters";
    /** Also when nothing is read, the day ends. */
    private static final long COUNTERS_SECONDS = 60;
    private static final String EVENT_CHANNEL = "faults#event";
    /** The clock is none of them: as a property it would stand still, and cost a write to the disk per connect. */
    private static final List<Point> PROPERTIES = Catalogue.properties().stream()
            .filter(point -> point != Catalogue.DEVICE_CLOCK).toList();
    private static final double LONGEST_CONTROL = 86_400;
    /** A bus that is in use with other settings is asked for again after this time. */
    private static final long CONFLICT_SECONDS = 2;
    /** What openHAB does with a state may block for long; whoever disposes of the handler must not wait for that. */
    private static final Duration DISPOSAL = Duration.ofMillis(500);

    private final Logger logger = LoggerFactory.getLogger(BoardHandler.class);

    /** The UID of the Thing, made once: it is needed for each report. */
    private final String uid;
    private final List<Class<? extends ThingHandlerService>> thingServices;
    private final BusRegistry registry;
    private final BoardTexts texts;
    private final FaultJournal journal;
    private final HandlerServices services;
    private final BusRecorder recorder;
    private final DiagnosisRunner diagnosisRunner;
    private final Ticker ticker;
    private final Executor deliveries;
    /** Delivers to openHAB what is told by other threads, from {@link #initialize()} to {@link #dispose()}. */
    private volatile @Nullable Mailbox mailbox;
    private volatile @Nullable Connection connection;
    private volatile @Nullable BoardMemory memory;
    /** What the last connection left to be given back: a Thing that is changed is disposed of, and begins anew. */
    private Forced forced = Forced.NOTHING;

    /**
     * Signals that are to be given back.
     *
     * @param board where they are forced: the bus and the address on it
     * @param since the moments from which their times run
     */
    private record Forced(String board, Map<Point, Long> since) {
        private static final Forced NOTHING = new Forced("", Map.of());
    }

    /**
     * A board that is ready to be put on its bus.
     *
     * @param wire kind of the bus
     * @param place port or host, as shown to users
     * @param address address of the board on it
     * @param linkInterval how often the numbers of the link are shown
     * @param conflictKey key of the text for a bus that is in use with other settings
     * @param commandQueue takes commands for the board; null when nothing may be written to it
     * @param scanned values of BMS Logic boards, behind those of the register channels; empty when they are not scanned
     * @param busJoiner puts it there
     */
    record BoardConnection(ConnectionType wire, String place, int address, Duration linkInterval, String conflictKey,
            @Nullable CommandQueue commandQueue, List<Point> scanned, BusJoiner busJoiner) {
    }

    /** Puts a board on its bus. */
    interface BusJoiner {
        BusRegistry.Membership join(BusRegistry registry, BoardListener listener) throws BusConflictException;
    }

    BoardHandler(Thing thing, HandlerServices services, List<Class<? extends ThingHandlerService>> thingServices) {
        super(thing);
        this.uid = thing.getUID().toString();
        this.thingServices = thingServices;
        this.services = services;
        this.registry = services.registry();
        this.texts = services.texts();
        this.ticker = services.ticker();
        this.deliveries = services.deliveries();
        this.recorder = new BusRecorder(services.registry(), services.ticker());
        this.diagnosisRunner = new DiagnosisRunner(texts);
        this.journal = new FaultJournal(services.journals(), thing.getUID().toString());
    }

    /**
     * Reads the configuration of the wire.
     *
     * @param channels channels that the user added
     * @param commandQueue takes commands for the board; null when nothing may be written to it
     * @param counting counts the energy of the board
     * @throws ConfigurationException when it cannot work
     */
    abstract BoardConnection boardConnection(ConfigReader reader, RegisterChannels channels,
            @Nullable CommandQueue commandQueue, Counting counting) throws ConfigurationException;

    @Override
    public void initialize() {
        updateStatus(ThingStatus.UNKNOWN);
        Mailbox opened = new Mailbox(getThing().getUID().toString(), deliveries, ticker);
        mailbox = opened;
        BoardMemory recalled = new BoardMemory(services.journals(), getThing().getUID().toString(), ticker,
                services.zone());
        memory = recalled;
        // openHAB may have restored what Items showed before it was stopped.
        opened.post("begin", () -> getThing().getChannels().stream().map(Channel::getUID).filter(this::isLinked)
                .forEach(this::showUnknown));
        try {
            begin(opened, recalled);
        } catch (ConfigurationException e) {
            updateStatus(ThingStatus.OFFLINE, ThingStatusDetail.CONFIGURATION_ERROR, e.statusText());
        } finally {
            services.boards().add(uid, this);
            // Not before: while a profile runs, openHAB lets nobody else tell it anything of this Thing.
            opened.start();
        }
    }

    private void begin(Mailbox opened, BoardMemory recalled) throws ConfigurationException {
        RegisterChannels channels = RegisterChannels.of(getThing());
        ConfigReader reader = new ConfigReader(getConfig());
        boolean allowed = reader.flag("allowControl");
        Duration controlTimeout = reader.seconds("controlTimeout", 0, 0, LONGEST_CONTROL);
        if (!allowed) {
            // Nothing is written any more, also when control is allowed again later.
            forced = Forced.NOTHING;
        }
        BoardConnection boardConnection = boardConnection(reader, channels, allowed ? new CommandQueue(ticker) : null,
                recalled.counting());
        updateProperty(PROPERTY_BUS_ADDRESS, busAddress(boardConnection.place(), boardConnection.address()));
        showControlChannels(allowed);
        hideLogicChannels(boardConnection.scanned());
        Resolution resolution = reader.choice("resolution", Resolution.DISPLAY, Resolution.class);
        Connection next = new Connection(boardConnection, channels, controlTimeout, resolution, opened, recalled);
        connection = next;
        next.takeOver(forced);
        forced = Forced.NOTHING;
        next.begin();
    }

    @Override
    public void dispose() {
        Connection open = connection;
        Mailbox opened = mailbox;
        connection = null;
        mailbox = null;
        services.boards().remove(uid, this);
        recorder.stop();
        diagnosisRunner.stop();
        if (open != null) {
            forced = open.close();
        }
        if (opened != null) {
            journal.add(opened.close(() -> {
                if (open != null) {
                    open.withdraw();
                }
            }, DISPOSAL));
        }
        if (open != null) {
            open.mute();
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
        journal.remove();
        BoardMemory kept = memory;
        if (kept != null) {
            kept.remove();
        }
        Mailbox opened = mailbox;
        if (opened == null) {
            super.handleRemoval();
        } else {
            // Whoever removes the Thing may be a profile, which is waited for.
            opened.post("removal", super::handleRemoval);
        }
    }

    /** A command to a channel that only shows something is answered with what it shows. */
    @Override
    public void handleCommand(ChannelUID channelUID, Command command) {
        Connection open = connection;
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

    /**
     * Runs a task after what was told before, on the thread that tells openHAB. May be called by any thread, and
     * returns at once. Nothing is done when the Thing is not in use.
     *
     * @param key a task with an equal key that was not run yet is replaced
     */
    final void later(Object key, Runnable task) {
        Mailbox opened = mailbox;
        if (opened != null) {
            opened.post(key, task);
        }
    }

    /** Where work can be done that neither a bus nor openHAB's scheduler may wait for. */
    final Executor deliveries() {
        return deliveries;
    }

    /** Says that nothing is known of a channel that shows the board. */
    private void showUnknown(ChannelUID channelUID) {
        Channel channel = getThing().getChannel(channelUID);
        if (channel != null && channel.getKind() == ChannelKind.STATE
                && !StatePublisher.LASTING.contains(channelUID.getId())) {
            updateState(channelUID, UnDefType.UNDEF);
        }
    }

    /**
     * Forces an input signal, if the configuration allows it.
     *
     * @return the outcome, when it is known
     */
    public CompletableFuture<ControlOutcome> force(Point signal, SignalOverride force) {
        CompletableFuture<ControlOutcome> outcome = new CompletableFuture<>();
        Connection open = connection;
        SignalControl panel = open == null ? null : open.panel;
        if (panel == null) {
            outcome.complete(new ControlOutcome(signal, force, Result.NOT_ALLOWED, ""));
        } else {
            panel.force(signal, force, outcome::complete);
        }
        return outcome;
    }

    /** The fault events of this Thing, oldest first. */
    public List<FaultEvent> journal() {
        return journal.events();
    }

    /** What is known about the board now, also when Items do not show it yet; null before the first report. */
    @Override
    @Nullable
    public BoardSnapshot snapshot() {
        Connection open = connection;
        BoardReport newest = open == null ? null : open.newest;
        return open == null || newest == null ? null : open.memory.show(newest.snapshot());
    }

    /** Whether the board answered, by its newest report. */
    @Override
    public boolean isOnline() {
        Connection open = connection;
        BoardReport newest = open == null ? null : open.newest;
        return newest != null && newest.isOnline();
    }

    /** The label of the Thing, or its UID where it has none. */
    @Override
    public String name() {
        String label = getThing().getLabel();
        return label == null || label.isBlank() ? uid : label.strip();
    }

    /**
     * Sets the counters of energy and charge to zero; what they tell of today as well.
     *
     * @return what became of it, in words
     */
    public String resetCounters() {
        return remember(kept -> kept.meter().resetCounters(), "read.counters-set");
    }

    /**
     * Sets the counters of energy and charge to what another meter shows.
     *
     * @param charged energy into the battery, kWh, 0 to 1e9; NaN leaves it as it is
     * @param discharged energy out of the battery, kWh
     * @param in charge into the battery, Ah
     * @param out charge out of the battery, Ah
     * @return what became of it, in words
     */
    public String setCounters(double charged, double discharged, double in, double out) {
        try {
            return remember(kept -> kept.meter().setCounters(charged, discharged, in, out), "read.counters-set");
        } catch (IllegalArgumentException e) {
            return texts.text("read.counters-wrong");
        }
    }

    /**
     * Begins the history of the battery anew.
     *
     * @return what became of it, in words
     */
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
        Connection open = connection;
        if (open != null) {
            later(COUNTERS, open::showCounters);
        }
        return texts.text(done);
    }

    /** Words in the language of the installation. */
    public BoardTexts texts() {
        return texts;
    }

    /**
     * Reads registers once, for support.
     *
     * @return the registers in words, when they are known
     */
    public CompletableFuture<String> readRegisters(Table table, int address, int count) {
        return CompletableFuture.completedFuture(texts.text("read.no-registers"));
    }

    /**
     * Reads an object of the dictionary once, for support.
     *
     * @return the bytes in words, when they are known
     */
    public CompletableFuture<String> readObject(int index, int subIndex) {
        return CompletableFuture.completedFuture(texts.text("read.no-objects"));
    }

    /**
     * Finds out what is wrong with the link, while the board is read on.
     *
     * @return the findings, the most likely cause and the rule to check, when they are known
     */
    public CompletableFuture<String> diagnose() {
        String status = texts.status(getThing().getStatusInfo().getDescription());
        Connection open = connection;
        return CompletableFuture.completedFuture(!status.isEmpty() ? status
                : open == null ? texts.text("read.offline")
                        : texts.text("diagnosis.cause.healthy", open.boardConnection.place(),
                                open.boardConnection.address()));
    }

    /**
     * Looks for the registers of values whose places are not public, beside the normal reading. Begins a search unless
     * one runs.
     *
     * @return what is found up to now, in words, within about a minute
     */
    public CompletableFuture<String> suggestRegisters() {
        return CompletableFuture.completedFuture(texts.text("suggest.can"));
    }

    /**
     * Writes a suggestion of the last search into the configuration of the Thing, which begins anew with it. Only one
     * that is sure is taken.
     *
     * @param target the channel
     * @return what became of it, in words
     */
    public String acceptSuggestion(String target) {
        return texts.text("suggest.can");
    }

    /** Examines the link in a thread of its own, one examination at a time. */
    CompletableFuture<String> examine(DiagnosisRunner.Task task) {
        return diagnosisRunner.begin(task);
    }

    /** All values that the channels show: those of the catalogue, and those that the user added. */
    public List<Point> points() {
        Connection open = connection;
        return open == null ? List.of() : open.publisher.points();
    }

    /**
     * Begins or ends a recording of everything that goes over the bus.
     *
     * @return what became of it, in words
     */
    public String record(boolean on) {
        Connection open = connection;
        if (!on) {
            Path written = recorder.stop();
            return written == null ? texts.text("trace.off") : texts.text("trace.written", written);
        }
        if (open == null) {
            return texts.text("read.offline");
        }
        try {
            Path file = recorder.start(open.boardConnection.place(), getThing().getUID().toString(),
                    TraceOptions.of(getConfig(), open.boardConnection.wire()));
            return file == null ? texts.text("trace.impossible") : texts.text("trace.on", file);
        } catch (IOException e) {
            logger.debug("No recording", e);
            return texts.text("trace.failed", e.getClass().getSimpleName());
        }
    }

    /** What signals are given back by. */
    ScheduledExecutorService timers() {
        return scheduler;
    }

    @Override
    public Collection<Class<? extends ThingHandlerService>> getServices() {
        return thingServices;
    }

    /** Shows the channels that control signals exactly when control is allowed. */
    private void showControlChannels(boolean allowed) {
        List<Channel> present = getThing().getChannels().stream()
                .filter(channel -> GROUP_CONTROL.equals(channel.getUID().getGroupId())).toList();
        if (allowed == !present.isEmpty()) {
            return;
        }
        ThingBuilder builder = editThing();
        if (allowed) {
            Catalogue.SIGNALS.forEach(signal -> builder.withChannel(
                    controlChannel(SignalControl.channelOf(signal), CHANNEL_TYPE_CONTROL, texts.controlLabel(signal))));
            builder.withChannel(controlChannel(SignalControl.LAST_RESULT, CHANNEL_TYPE_RESULT,
                    texts.label("channel-type.bmsmain.control-result.label")));
        } else {
            builder.withoutChannels(present);
        }
        updateThing(builder.build());
    }

    private void showLogicChannels(List<Point> scanned, int boards) {
        ThingBuilder builder = editThing();
        int made = 0;
        for (Point point : scanned) {
            ChannelUID uid = new ChannelUID(getThing().getUID(), point.id());
            Channel due = LogicChannels.boardOf(point.group()) > boards ? null
                    : LogicChannels.due(getThing().getChannel(uid), uid, point, texts);
            if (due != null) {
                builder.withoutChannel(uid).withChannel(due);
                made++;
            }
        }
        if (made > 0) {
            logger.debug("{}: {} channels for {} BMS Logic boards", getThing().getUID(), made, boards);
            updateThing(builder.build());
        }
    }

    /** Takes away the channels of BMS Logic boards that nobody reads any more. */
    private void hideLogicChannels(List<Point> scanned) {
        Set<String> read = scanned.stream().map(Point::id).collect(Collectors.toSet());
        List<Channel> present = getThing().getChannels().stream()
                .filter(channel -> LogicChannels.boardOf(String.valueOf(channel.getUID().getGroupId())) > 0
                        && !read.contains(channel.getUID().getId()))
                .toList();
        if (!present.isEmpty()) {
            updateThing(editThing().withoutChannels(present).build());
        }
    }

    private Channel controlChannel(String id, ChannelTypeUID type, String label) {
        return ChannelBuilder.create(new ChannelUID(getThing().getUID(), id), "String").withType(type).withLabel(label)
                .withAutoUpdatePolicy(AutoUpdatePolicy.VETO).build();
    }

    /**
     * What lives from {@link #initialize()} to {@link #dispose()}. The bus reports to it; what openHAB is told is told
     * by the mailbox.
     */
    private final class Connection implements BoardListener {
        private final BoardConnection boardConnection;
        private final Mailbox mailbox;
        private final BoardMemory memory;
        private final StatePublisher publisher;
        private final @Nullable SignalControl panel;
        private volatile BusRegistry.@Nullable Membership membership;
        private volatile @Nullable BoardReport newest;
        private @Nullable Future<?> retry;
        private @Nullable Future<?> counters;
        private volatile boolean closed;
        private volatile boolean muted;

        // Used by the mailbox only.
        private final Set<String> failing = new HashSet<>();
        private boolean withdraws;
        private boolean online;
        private boolean initialises;
        private int logicBoards;
        private @Nullable Failure shownFailure;

        Connection(BoardConnection boardConnection, RegisterChannels channels, Duration controlTimeout,
                Resolution resolution, Mailbox mailbox, BoardMemory memory) {
            this.boardConnection = boardConnection;
            this.mailbox = mailbox;
            this.memory = memory;
            this.publisher = new StatePublisher(this::show, texts::alarm, channels, boardConnection.scanned(),
                    boardConnection.linkInterval(), resolution);
            CommandQueue commandQueue = boardConnection.commandQueue();
            this.panel = commandQueue == null ? null
                    : new SignalControl(commandQueue, this::wake, this::show, task -> mailbox.post(new Object(), task),
                            texts, controlTimeout, timers(), ticker);
            mailbox.deliverTo(this::deliver);
        }

        private void wake() {
            BusRegistry.Membership joined = membership;
            if (joined != null) {
                joined.wake();
            }
        }

        /** Whether commands to a channel go to the board. */
        boolean controls(ChannelUID channel) {
            return panel != null && GROUP_CONTROL.equals(channel.getGroupId())
                    && SignalControl.signalOf(channel.getIdWithoutGroup()) != null;
        }

        void control(String signalName, String command) {
            SignalControl controls = panel;
            Point signal = SignalControl.signalOf(signalName);
            if (controls == null || signal == null) {
                return;
            }
            SignalOverride force = SignalOverride.byId(command);
            if (force == null) {
                controls.refuse(signal, command);
            } else {
                controls.force(signal, force, outcome -> {
                });
            }
        }

        /** Shows what is known of a channel, whose Item may show something else. */
        void refresh(ChannelUID channel, boolean isCommanded) {
            SignalControl controls = panel;
            if (controls != null && GROUP_CONTROL.equals(channel.getGroupId())) {
                controls.refresh(channel.getId());
            } else if (isCommanded) {
                publisher.deny(channel.getId());
            } else {
                publisher.refresh(channel.getId());
            }
        }

        /** The time of what was forced runs on, if it is this board that it was forced on. */
        void takeOver(Forced before) {
            SignalControl controls = panel;
            if (controls != null && before.board.equals(board())) {
                controls.takeOver(before.since);
            }
        }

        private String board() {
            return busAddress(boardConnection.place(), boardConnection.address());
        }

        void begin() throws ConfigurationException {
            SignalControl controls = panel;
            mailbox.post("journal", () -> {
                publisher.publishJournal(journal.last(), journal.toJson(texts::fault));
                if (controls != null) {
                    // These channels may have been added just now, and be linked since they were there before.
                    controls.reset();
                }
            });
            if (!join()) {
                throw new ConfigurationException(boardConnection.conflictKey(), boardConnection.place());
            }
        }

        /** Shows what was counted, also when nothing was read since. */
        void showCounters() {
            if (!closed) {
                memory.tick();
                publisher.republish(memory::show);
                services.boards().changed(uid);
            }
        }

        /**
         * Joins the bus. While it is in use with other settings this is tried again: whoever uses it may be removed, or
         * given the same settings.
         */
        private synchronized boolean join() {
            if (closed) {
                return false;
            }
            if (counters == null) {
                counters = scheduler.scheduleWithFixedDelay(() -> mailbox.post(COUNTERS, this::showCounters),
                        COUNTERS_SECONDS, COUNTERS_SECONDS, TimeUnit.SECONDS);
            }
            try {
                membership = boardConnection.busJoiner().join(registry, this);
                return true;
            } catch (BusConflictException e) {
                retry = scheduler.schedule(this::join, CONFLICT_SECONDS, TimeUnit.SECONDS);
                return false;
            }
        }

        /**
         * Leaves the bus. After this no value of the board is shown.
         *
         * @return what is to be given back, should the Thing begin anew
         */
        Forced close() {
            Future<?> waiting;
            Future<?> counting;
            BusRegistry.Membership joined;
            synchronized (this) {
                closed = true;
                waiting = retry;
                counting = counters;
                joined = membership;
            }
            if (waiting != null) {
                waiting.cancel(false);
            }
            if (counting != null) {
                counting.cancel(false);
            }
            if (joined != null) {
                joined.leave();
            }
            SignalControl controls = panel;
            return controls == null ? Forced.NOTHING : new Forced(board(), controls.close());
        }

        /** Takes all values of the board away. */
        void withdraw() {
            withdraws = true;
            SignalControl controls = panel;
            if (controls != null) {
                controls.unknown();
            }
            publisher.withdraw();
            withdraws = false;
        }

        /** After this, nothing is shown any more. */
        void mute() {
            muted = true;
        }

        @Override
        public void report(BoardReport report) {
            newest = report;
            mailbox.report(report);
            services.boards().changed(uid);
        }

        private void show(String channelId, State state) {
            if (closed && !withdraws || LogicChannels.isNamed(channelId) && getThing().getChannel(channelId) == null) {
                // Nobody looks any more, or nobody can: BMS Logic boards that are not there have no channels.
                return;
            }
            // A profile runs inside of this.
            if (!attempt(channelId, () -> updateState(channelId, state))) {
                publisher.repeat(channelId);
            }
            Mailbox current = BoardHandler.this.mailbox;
            if (current != null && !current.equals(mailbox)) {
                // It took so long that the Thing has begun anew meanwhile, whose state is the last word.
                handleCommand(new ChannelUID(getThing().getUID(), channelId), RefreshType.REFRESH);
            }
        }

        /** What fails in openHAB for one channel must not keep others from being shown. */
        private boolean attempt(String what, Runnable task) {
            if (muted) {
                return false;
            }
            try {
                task.run();
                return true;
            } catch (RuntimeException | Error e) {
                if (failing.add(what)) {
                    logger.warn("{}: openHAB does not take {}, maybe because of a profile: {}", getThing().getUID(),
                            what, e.toString());
                }
                logger.debug("{}: openHAB does not take {}", getThing().getUID(), what, e);
                return false;
            }
        }

        private void deliver(BoardReport report) {
            // Before anything can block: what a board told once it does not tell again.
            journal.add(report.events());
            if (!closed) {
                memory.take(report.snapshot(), report.events());
                show(report);
            }
            tell(report.events());
        }

        private void show(BoardReport report) {
            // The status first: a rule that runs on a value must find the Thing as it is.
            Failure failure = report.failure();
            if (failure == null) {
                online = online || attempt("its status", () -> updateStatus(ThingStatus.ONLINE));
                attempt("its properties", () -> showProperties(report.snapshot()));
            } else {
                if (online || !failure.equals(shownFailure)) {
                    attempt("its status",
                            () -> updateStatus(ThingStatus.OFFLINE, ThingStatusDetail.COMMUNICATION_ERROR,
                                    StatusText.of(PortHolders.explain(failure, boardConnection.place()),
                                            boardConnection.wire(), boardConnection.place(),
                                            boardConnection.address())));
                }
                online = false;
            }
            shownFailure = failure;
            attempt("its channels", () -> showLogicBoards(report.snapshot()));
            publisher.publish(memory.show(report.snapshot()), failure == null);
            boolean started = report.snapshot().isSet(Catalogue.INITIALISATION);
            SignalControl controls = panel;
            if (controls != null && (failure != null || started && !initialises)) {
                controls.unknown();
            }
            initialises = started;
        }

        /** The channels of a BMS Logic board come when the board is seen for the first time. */
        private void showLogicBoards(BoardSnapshot snapshot) {
            double count = snapshot.number(Catalogue.BOARD_COUNT);
            if (!boardConnection.scanned().isEmpty() && count > logicBoards) {
                showLogicChannels(boardConnection.scanned(), (int) count);
                logicBoards = (int) count;
            }
        }

        private void tell(List<FaultEvent> events) {
            if (events.isEmpty()) {
                return;
            }
            publisher.publishJournal(events.get(events.size() - 1), journal.toJson(texts::fault));
            events.forEach(event -> attempt("a fault event", () -> triggerChannel(EVENT_CHANNEL, event.payload())));
        }

        private void showProperties(BoardSnapshot snapshot) {
            Map<String, String> changed = new HashMap<>();
            Map<String, String> present = getThing().getProperties();
            for (Point point : PROPERTIES) {
                String text = snapshot.text(point);
                if (text != null && !text.equals(present.get(point.id()))) {
                    changed.put(point.id(), text);
                }
            }
            if (!changed.isEmpty()) {
                updateProperties(changed);
            }
        }
    }
}
