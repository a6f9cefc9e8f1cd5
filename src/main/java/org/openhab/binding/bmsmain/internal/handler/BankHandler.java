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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.BankCalculator;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Alarm;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Bank;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Connection;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.ParallelLimit;
import org.openhab.binding.bmsmain.internal.board.BoardSnapshot;
import org.openhab.binding.bmsmain.internal.board.Catalogue;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.board.FaultWatcher;
import org.openhab.binding.bmsmain.internal.board.Point;
import org.openhab.binding.bmsmain.internal.config.ConfigReader;
import org.openhab.binding.bmsmain.internal.config.ConfigurationException;
import org.openhab.binding.bmsmain.internal.device.Mailbox;
import org.openhab.binding.bmsmain.internal.handler.StatePublisher.Resolution;
import org.openhab.core.library.types.StringType;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.binding.BaseThingHandler;
import org.openhab.core.thing.type.ChannelKind;
import org.openhab.core.types.Command;
import org.openhab.core.types.RefreshType;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several boards as one battery. It shows what follows from the newest reports of its members; it has no wire, and
 * reads nothing itself. A report of a member only wakes it: all work is done on the thread of its own mailbox, so no
 * bus waits for it, and no profile of a member's Items keeps it from hearing that the member is lost.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class BankHandler extends BaseThingHandler {

    /** The groups of a board that a bank has, too. */
    private static final Set<String> GROUPS = Set.of("battery", "energy", "faults");
    static final String MISSING = "bank#missing";
    private static final List<Point> EXTREMES = List.of(Catalogue.MIN_CELL_VOLTAGE, Catalogue.MAX_CELL_VOLTAGE,
            Catalogue.MIN_CELL_TEMPERATURE, Catalogue.MAX_CELL_TEMPERATURE);
    private static final String EVENT_CHANNEL = "faults#event";
    private static final String NEWS = "news";
    private static final Duration DISPOSAL = Duration.ofMillis(500);

    private final Logger logger = LoggerFactory.getLogger(BankHandler.class);

    private final HandlerServices services;
    private final FaultJournal journal;
    private volatile @Nullable Mailbox mailbox;
    private volatile @Nullable Session session;

    public BankHandler(Thing thing, HandlerServices services) {
        super(thing);
        this.services = services;
        this.journal = new FaultJournal(services.journals(), thing.getUID().toString());
    }

    @Override
    public void initialize() {
        updateStatus(ThingStatus.UNKNOWN);
        Mailbox opened = new Mailbox(getThing().getUID().toString(), services.deliveries(), services.ticker());
        mailbox = opened;
        // openHAB may have restored what Items showed before it was stopped.
        opened.post("begin", () -> getThing().getChannels().stream().map(Channel::getUID).filter(this::isLinked)
                .forEach(this::showUnknown));
        try {
            Session next = new Session(opened);
            session = next;
            next.begin();
        } catch (ConfigurationException e) {
            updateStatus(ThingStatus.OFFLINE, ThingStatusDetail.CONFIGURATION_ERROR, e.statusText());
        } finally {
            opened.start();
        }
    }

    @Override
    public void dispose() {
        Session open = session;
        Mailbox opened = mailbox;
        session = null;
        mailbox = null;
        if (open != null) {
            open.close();
        }
        if (opened != null) {
            opened.close(() -> {
                if (open != null) {
                    open.withdraw();
                }
            }, DISPOSAL);
        }
        super.dispose();
    }

    @Override
    public void handleRemoval() {
        journal.remove();
        Mailbox opened = mailbox;
        if (opened == null) {
            super.handleRemoval();
        } else {
            // Whoever removes the Thing may be a profile, which is waited for.
            opened.post("removal", super::handleRemoval);
        }
    }

    /** All channels only show something: a command is answered with what is shown. */
    @Override
    public void handleCommand(ChannelUID channelUID, Command command) {
        Session open = session;
        Mailbox opened = mailbox;
        if (opened != null) {
            opened.post(channelUID, () -> {
                if (open == null) {
                    showUnknown(channelUID);
                } else {
                    open.refresh(channelUID.getId(), !(command instanceof RefreshType));
                }
            });
        }
    }

    /** Says that nothing is known of a channel. */
    private void showUnknown(ChannelUID channelUID) {
        Channel channel = getThing().getChannel(channelUID);
        if (channel != null && channel.getKind() == ChannelKind.STATE
                && !StatePublisher.LASTING.contains(channelUID.getId())) {
            updateState(channelUID, UnDefType.UNDEF);
        }
    }

    /** What lives from {@link #initialize()} to {@link #dispose()}. All but the news is used by the mailbox only. */
    private final class Session implements BoardRegistry.Watcher {
        private final Mailbox mailbox;
        private final BankMembers members;
        private final BankCalculator calculator;
        private final StatePublisher publisher;
        private final FaultWatcher faults = new FaultWatcher();
        private final Map<String, State> own = new HashMap<>();
        private final Set<String> failing = new HashSet<>();
        private volatile boolean closed;
        private @Nullable Alarm worst;
        private @Nullable String shownStatus;

        Session(Mailbox mailbox) throws ConfigurationException {
            this.mailbox = mailbox;
            ConfigReader reader = new ConfigReader(getConfig());
            members = BankMembers.of(reader, services.boards());
            calculator = new BankCalculator(reader.choice("connection", Connection.PARALLEL, Connection.class),
                    reader.choice("limits", ParallelLimit.LOWEST_TIMES_NUMBER, ParallelLimit.class), Catalogue.all());
            publisher = new StatePublisher(this::show, this::alarm, RegisterChannels.of(getThing()), List.of(),
                    Duration.ZERO, reader.choice("resolution", Resolution.DISPLAY, Resolution.class));
        }

        void begin() {
            mailbox.post("journal",
                    () -> publisher.publishJournal(journal.last(), journal.toJson(services.texts()::fault)));
            services.boards().watch(this);
            mailbox.post(NEWS, this::update);
        }

        void close() {
            closed = true;
            services.boards().unwatch(this);
        }

        /** Called by the threads of buses. */
        @Override
        public void changed(String thing) {
            if (members.contains(thing)) {
                mailbox.post(NEWS, this::update);
            }
        }

        private void update() {
            if (closed) {
                return;
            }
            BankMembers.Now now = members.look();
            // The status first: a rule that runs on a value must find the Thing as it is.
            showStatus(now.status());
            Bank bank = calculator.combine(services.ticker().nanos(), services.ticker().now(), now.members());
            worst = bank.worst();
            publisher.publish(bank.snapshot(), true);
            showOwn(MISSING, new StringType(String.join(", ", bank.missing())));
            for (Point point : EXTREMES) {
                String name = bank.extremes().get(point);
                showOwn("bank#" + point.name() + "-member", name == null ? UnDefType.UNDEF : new StringType(name));
            }
            tell(faults.compare(bank.snapshot()));
        }

        private void showStatus(String text) {
            if (text.equals(shownStatus)) {
                return;
            }
            shownStatus = text;
            if (text.isEmpty()) {
                updateStatus(ThingStatus.ONLINE);
            } else {
                updateStatus(ThingStatus.OFFLINE, ThingStatusDetail.COMMUNICATION_ERROR, text);
            }
        }

        /** The worst fault and whose it is. */
        private @Nullable String alarm(BoardSnapshot snapshot) {
            Alarm alarm = worst;
            return alarm == null ? services.texts().alarm(snapshot)
                    : alarm.member() + ": " + services.texts().fault(alarm.fault());
        }

        private void tell(List<FaultEvent> events) {
            if (events.isEmpty()) {
                return;
            }
            journal.add(events);
            publisher.publishJournal(events.get(events.size() - 1), journal.toJson(services.texts()::fault));
            events.forEach(event -> triggerChannel(EVENT_CHANNEL, event.payload()));
        }

        private void showOwn(String channelId, State state) {
            if (!state.equals(own.put(channelId, state))) {
                send(channelId, state);
            }
        }

        void refresh(String channelId, boolean isCommanded) {
            State state = own.get(channelId);
            if (state != null) {
                send(channelId, state);
            } else if (isCommanded) {
                publisher.deny(channelId);
            } else {
                publisher.refresh(channelId);
            }
        }

        /** Takes all values away; after this, nothing is shown any more. */
        void withdraw() {
            publisher.withdraw();
            own.keySet().forEach(channelId -> send(channelId, UnDefType.UNDEF));
        }

        private void show(String channelId, State state) {
            if (GROUPS.contains(channelId.substring(0, Math.max(channelId.indexOf('#'), 0)))) {
                send(channelId, state);
            }
        }

        /** What fails in openHAB for one channel must not keep others from being shown. */
        private void send(String channelId, State state) {
            try {
                updateState(channelId, state);
            } catch (RuntimeException | Error e) {
                publisher.repeat(channelId);
                own.remove(channelId);
                if (failing.add(channelId)) {
                    logger.warn("{}: openHAB does not take {}, maybe because of a profile: {}", getThing().getUID(),
                            channelId, e.toString());
                }
            }
        }
    }
}
