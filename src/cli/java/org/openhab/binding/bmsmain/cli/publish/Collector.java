/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli.publish;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.cli.publish.BrokerConnection.Incoming;
import org.openhab.binding.bmsmain.cli.publish.Property.Datatype;
import org.openhab.binding.bmsmain.internal.board.ActiveFault;
import org.openhab.binding.bmsmain.internal.board.BankCalculator;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Alarm;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Bank;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Connection;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Member;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.ParallelLimit;
import org.openhab.binding.bmsmain.internal.board.BoardSetup.Counting;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.board.Point.Origin;
import org.openhab.binding.bmsmain.internal.bus.BusConflictException;
import org.openhab.binding.bmsmain.internal.bus.BusRegistry;
import org.openhab.binding.bmsmain.internal.device.BoardListener;
import org.openhab.binding.bmsmain.internal.device.BoardReport;
import org.openhab.binding.bmsmain.internal.device.CommandQueue;
import org.openhab.binding.bmsmain.internal.device.Mailbox;
import org.openhab.binding.bmsmain.internal.transport.Failure;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

/**
 * Reads boards and publishes their values. Each board, each bank and the collector itself is a device with its own
 * connection, and thus its own last will.
 * <p>
 * The bus threads read the boards and never wait for the broker. One other thread does all work for the broker.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class Collector implements AutoCloseable {

    /** Delay between two connections, so that a broker has time to process their certificates. */
    private static final long STAGGER_MILLIS = 20;
    private static final long FIRST_CONNECTION_SECONDS = 30;
    private static final long FAREWELL_MILLIS = 8_000;
    private static final long POLL_MILLIS = 20;
    private static final long NUDGE_NANOS = 2_000_000_000L;
    private static final Set<String> BANK_GROUPS = Set.of("battery", "energy", "faults");
    private static final String BOARD_MODEL = "BMS Main 2.1";
    private static final String NODE = "collector";
    private static final String BANK = "bank";

    /**
     * How to publish.
     *
     * @param id ID of the collector
     * @param topic base topic of all devices
     * @param homie whether the attributes of Homie are published
     * @param discoveryPrefix prefix of the discovery topics of Home Assistant; null without discovery
     * @param repeat interval at which each value is repeated
     * @param folder folder for counters; null to keep none
     * @param controls signals that may be forced
     * @param controlTimeout time after which a forced signal is released; zero = never
     */
    public record Settings(String id, String topic, boolean homie, @Nullable String discoveryPrefix, Duration repeat,
            @Nullable Path folder, Set<Point> controls, Duration controlTimeout) {
    }

    /** Lets a board join its bus. */
    public interface Joiner {
        /** @param commands queue of commands for the board; null when nothing may be written to it */
        BusRegistry.Membership join(BusRegistry registry, BoardListener listener, Counting counting,
                @Nullable CommandQueue commands) throws BusConflictException;
    }

    /**
     * A board.
     *
     * @param id permanent ID
     * @param cause text for the reason why the board is not read
     * @param bank ID of its bank, or null
     */
    public record BoardSource(String id, String label, Joiner joiner, Function<Failure, String> cause,
            @Nullable String bank) {
    }

    /** Several boards that form one battery. */
    public record BankSource(String id, String label, Connection connection, ParallelLimit limit) {
    }

    private final Settings settings;
    private final Broker broker;
    private final Words words;
    private final Consumer<String> log;
    private final BrokerLog brokerLog;
    private final Ticker ticker;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread worker = new Thread(task, "bmsmain-publish");
        worker.setDaemon(true);
        return worker;
    });
    private final BusRegistry registry;
    private final Station own;
    private final List<BoardStation> boards = new ArrayList<>();
    private final List<BankStation> banks = new ArrayList<>();

    public Collector(Settings settings, Broker broker, List<BoardSource> boards, List<BankSource> banks, Words words,
            Consumer<String> log, Ticker ticker) {
        this.settings = settings;
        this.broker = broker;
        this.words = words;
        this.log = log;
        this.ticker = ticker;
        this.brokerLog = new BrokerLog(log, broker, ticker);
        this.registry = new BusRegistry(ticker);
        this.own = new Station(describe(settings.id(), "Collector " + settings.id(), "bms publish",
                List.of(Property.own(NODE, "boards", "Boards", Datatype.INTEGER),
                        Property.own(NODE, "boards-online", "Boards Online", Datatype.INTEGER),
                        Property.own(NODE, "version", "Version", Datatype.STRING))),
                List.of());
        boards.forEach(source -> this.boards.add(new BoardStation(source)));
        for (BankSource source : banks) {
            this.banks.add(new BankStation(source,
                    this.boards.stream().filter(board -> source.id().equals(board.source.bank())).toList()));
        }
    }

    private Description describe(String id, String label, String model, List<Property> properties) {
        Map<String, String> nodes = new LinkedHashMap<>();
        for (Property property : properties) {
            nodes.computeIfAbsent(property.node(), words::group);
        }
        return new Description(settings.topic() + "/" + id, id, label, model, nodes, properties);
    }

    /**
     * Connects to the broker and starts reading.
     *
     * @throws BrokerException when the first connection cannot be made; later ones are retried without limit
     * @throws BusConflictException when two boards use one port with different settings
     */
    public void start() throws BrokerException, BusConflictException, InterruptedException {
        try {
            own.connection.openOnce().get(FIRST_CONNECTION_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new BrokerException("broker " + broker + ": " + Objects.requireNonNull(e.getCause()).getMessage());
        } catch (TimeoutException e) {
            throw new BrokerException("broker " + broker + ": it does not respond");
        }
        for (BoardStation board : boards) {
            board.join();
        }
        List<Station> others = Stream.<Station> concat(boards.stream(), banks.stream()).toList();
        for (int i = 0; i < others.size(); i++) {
            BrokerConnection connection = others.get(i).connection;
            thread.schedule(connection::open, STAGGER_MILLIS * i, TimeUnit.MILLISECONDS);
        }
        thread.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            boards.forEach(BoardStation::tick);
            banks.forEach(BankStation::tick);
            own.device.say(NODE + "/boards", Integer.toString(boards.size()), ticker.now());
            own.device.say(NODE + "/boards-online",
                    Long.toString(boards.stream().filter(board -> board.online).count()), ticker.now());
            own.device.say(NODE + "/version", words.version(), ticker.now());
            own.device.ready();
            own.device.tick();
        } catch (RuntimeException e) {
            // An exception would silently end the periodic task.
            log.accept("unexpected failure, please report it: " + e);
        }
    }

    /** Publishes that the boards are not read any more, and ends. */
    @Override
    public void close() {
        List<Station> all = Stream
                .<Station> concat(Stream.<Station> concat(boards.stream(), banks.stream()), Stream.of(own)).toList();
        boards.forEach(BoardStation::leave);
        registry.close();
        run(() -> all.forEach(Station::withdraw));
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS);
        try {
            while (!ask(() -> all.stream().allMatch(station -> station.connection.isIdle()))
                    && System.nanoTime() - until < 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            for (CompletableFuture<@Nullable Void> end : ask(
                    () -> all.stream().map(station -> station.connection.close()).toList())) {
                end.get(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The broker is lost, too.
        }
        thread.shutdownNow();
    }

    private void run(Runnable task) {
        ask(() -> {
            task.run();
            return Boolean.TRUE;
        });
    }

    private <T> T ask(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, thread).join();
    }

    /** A device and its connection. */
    private class Station implements BrokerConnection.Listener {
        final Description description;
        final BrokerConnection connection;
        final PublishedDevice device;
        private String hardware = "";
        private String firmware = "";

        Station(Description description, List<String> subscriptions) {
            this.description = description;
            this.connection = new BrokerConnection(description.id(), broker,
                    new Message(description.stateTopic(), PublishedDevice.LOST), subscriptions, brokerLog, thread,
                    ticker);
            this.device = new PublishedDevice(description, settings.homie(), settings.repeat(), words, connection::send,
                    ticker);
            connection.listen(this);
            discover();
        }

        private void discover() {
            String prefix = settings.discoveryPrefix();
            if (prefix != null) {
                device.discovery(new Message(HomeAssistant.topic(prefix, description.id()),
                        HomeAssistant.message(description, isCollector() ? null : own.description,
                                PublishedDevice.lifeSeconds(settings.repeat()), words.version(), hardware, firmware)
                                .toString()));
            }
        }

        /** Compares the IDs, because the field of the collector is not set yet while its station is constructed. */
        private boolean isCollector() {
            return description.id().equals(settings.id());
        }

        void versions(BoardSnapshot snapshot) {
            String board = Objects.requireNonNullElse(snapshot.text(Catalogue.HARDWARE_VERSION), hardware);
            String program = Objects.requireNonNullElse(snapshot.text(Catalogue.FIRMWARE_VERSION), firmware);
            if (!board.equals(hardware) || !program.equals(firmware)) {
                hardware = board;
                firmware = program;
                discover();
            }
        }

        @Override
        public void connected() {
            device.connected();
        }

        @Override
        public void command(Incoming command) {
            // Only boards accept commands.
        }

        void withdraw() {
            device.withdraw();
        }
    }

    /** A board. */
    private final class BoardStation extends Station implements BoardControl.Sink {
        final BoardSource source;
        private final BoardRecords records;
        private final Mailbox mailbox;
        private @Nullable BoardControl control;
        private BusRegistry.@Nullable Membership membership;
        private @Nullable BoardSnapshot snapshot;
        private @Nullable String cause = "";
        private boolean online;
        private boolean initialises;

        BoardStation(BoardSource source) {
            super(describe(source.id(), source.label(), BOARD_MODEL, boardProperties()), subscriptions(source));
            this.source = source;
            Path folder = settings.folder();
            records = new BoardRecords(folder == null ? null : folder.resolve(source.id() + ".properties"), log,
                    ticker);
            mailbox = new Mailbox(source.id(), thread, ticker);
            mailbox.deliverTo(this::take);
        }

        void join() throws BusConflictException {
            CommandQueue commands = settings.controls().isEmpty() ? null : new CommandQueue(ticker);
            BusRegistry.Membership joined = source.joiner().join(registry, mailbox, records.counting(), commands);
            membership = joined;
            if (commands != null) {
                control = new BoardControl(description.topic() + "/" + Property.CONTROL + "/", settings.controls(),
                        commands, joined::wake, settings.controlTimeout(), words, this,
                        line -> brokerLog.say(source.id(), line), thread, ticker);
            }
            mailbox.start();
        }

        void leave() {
            BoardControl controls = control;
            if (controls != null) {
                run(controls::close);
            }
            BusRegistry.Membership joined = membership;
            if (joined != null) {
                joined.leave();
            }
            run(records::save);
        }

        private void take(BoardReport report) {
            Failure failure = report.failure();
            String why = failure == null ? null : source.cause().apply(failure);
            if (!Objects.equals(why, cause)) {
                if (why != null) {
                    brokerLog.say(source.id(), why);
                } else if (!String.valueOf(cause).isEmpty()) {
                    brokerLog.say(source.id(), "read again");
                }
                cause = why;
            }
            online = report.isOnline();
            boolean starts = report.snapshot().isSet(Catalogue.INITIALISATION);
            BoardControl controls = control;
            if (controls != null && (!online || starts && !initialises)) {
                controls.unknown();
            }
            initialises = starts;
            records.take(report.snapshot(), report.events());
            BoardSnapshot known = records.show(report.snapshot());
            snapshot = known;
            if (online) {
                versions(known);
            }
            device.update(known, online);
            if (!report.events().isEmpty()) {
                tellEvents();
            }
        }

        private void tellEvents() {
            FaultEvent last = records.last();
            if (last != null) {
                device.say("faults/last-event", last.payload(), last.time());
                device.say("faults/last-event-time", last.time().toString(), last.time());
            }
            String journal = records.journal(words);
            if (!journal.isEmpty()) {
                device.say("faults/journal", journal, ticker.now());
            }
        }

        void tick() {
            records.tick();
            device.tick();
            // Acknowledgements of our messages prove that commands arrive without delay.
            if (control != null && connection.quietNanos() > NUDGE_NANOS) {
                device.nudge(Property.LAST_UPDATE);
            }
        }

        @Override
        public void connected() {
            tellEvents();
            super.connected();
        }

        @Override
        public void command(Incoming command) {
            BoardControl controls = control;
            if (controls != null) {
                controls.take(command);
            }
        }

        @Override
        public void signal(Point signal, String payload) {
            device.say(Property.CONTROL + "/" + signal.name(), payload, ticker.now());
        }

        @Override
        public void result(String result) {
            device.say(Property.CONTROL + "/" + Property.LAST_RESULT, result, ticker.now());
        }
    }

    private List<Property> boardProperties() {
        List<Property> properties = new ArrayList<>();
        Catalogue.channels().forEach(point -> properties.add(Property.of(point, words)));
        Catalogue.properties().forEach(point -> properties.add(Property.of(point, words)));
        if (!settings.controls().isEmpty()) {
            Catalogue.SIGNALS.stream().filter(settings.controls()::contains)
                    .forEach(signal -> properties.add(Property.control(signal, words)));
            properties.add(Property.own(Property.CONTROL, Property.LAST_RESULT, words.lastResult(), Datatype.STRING));
        }
        return properties;
    }

    private List<String> subscriptions(BoardSource source) {
        return settings.controls().isEmpty() ? List.of()
                : List.of(settings.topic() + "/" + source.id() + "/" + Property.CONTROL + "/+/set");
    }

    /** Several boards combined into one device. */
    private final class BankStation extends Station {
        private final List<BoardStation> members;
        private final BankCalculator calculator;

        BankStation(BankSource source, List<BoardStation> members) {
            super(describe(source.id(), source.label(), "Bank of " + BOARD_MODEL, bankProperties()), List.of());
            this.members = members;
            this.calculator = new BankCalculator(source.connection(), source.limit(), Catalogue.all());
        }

        void tick() {
            Bank bank = calculator.combine(ticker.nanos(), ticker.now(),
                    members.stream()
                            .map(board -> new Member(board.description.label(), board.online ? board.snapshot : null))
                            .toList());
            Alarm worst = bank.worst();
            String alarm = worst == null ? ActiveFault.alarm(bank.snapshot(), words::fault, words.noAlarm())
                    : worst.member() + ": " + words.fault(worst.fault());
            device.say("faults/alarm", alarm == null ? "" : alarm, ticker.now());
            device.say(BANK + "/missing", String.join(", ", bank.missing()), ticker.now());
            device.update(bank.snapshot(), members.stream().anyMatch(board -> board.online));
            device.tick();
        }
    }

    private List<Property> bankProperties() {
        List<Property> properties = new ArrayList<>();
        Catalogue.channels().stream()
                .filter(point -> BANK_GROUPS.contains(point.group()) && point.origin() != Origin.JOURNAL)
                .forEach(point -> properties.add(Property.of(point, words)));
        properties.add(Property.own(BANK, "missing", words.missing(), Datatype.STRING));
        return properties;
    }
}
