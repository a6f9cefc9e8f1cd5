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
import org.openhab.core.library.types.StringType;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.types.Command;
import org.openhab.core.types.RefreshType;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;

/**
 * Several boards as one battery. It shows what follows from the newest reports of its members; it has no wire, and
 * reads nothing itself. A report of a member only wakes it: all work is done on the thread of its own mailbox, so no
 * bus waits for it, and no profile of a member's Items keeps it from hearing that the member is lost.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class BankHandler extends MailboxHandler {

    /** The groups of a board that a bank has, too. */
    private static final Set<String> GROUPS = Set.of("battery", "energy", "faults");
    static final String MISSING = "bank#missing";
    private static final List<Point> EXTREMES = List.of(Catalogue.MIN_CELL_VOLTAGE, Catalogue.MAX_CELL_VOLTAGE,
            Catalogue.MIN_CELL_TEMPERATURE, Catalogue.MAX_CELL_TEMPERATURE);
    private static final String NEWS = "news";

    private volatile @Nullable Session session;

    public BankHandler(Thing thing, HandlerServices services) {
        super(thing, services);
    }

    @Override
    public void initialize() {
        Mailbox opened = open();
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
        Session ended = session;
        session = null;
        Mailbox opened = detach();
        if (ended == null) {
            close(opened, null);
        } else {
            ended.close();
            close(opened, ended::withdraw);
            ended.updates.mute();
        }
        super.dispose();
    }

    /** All channels only show something: a command is answered with what is shown. */
    @Override
    public void handleCommand(ChannelUID channelUID, Command command) {
        Session open = session;
        later(channelUID, () -> {
            if (open == null) {
                showUnknown(channelUID);
            } else {
                open.refresh(channelUID.getId(), !(command instanceof RefreshType));
            }
        });
    }

    /** What lives from {@link #initialize()} to {@link #dispose()}. All but the news is used by the mailbox only. */
    private final class Session implements BoardRegistry.Watcher {
        private final Mailbox mailbox;
        private final Updates updates;
        private final BankMembers members;
        private final BankCalculator calculator;
        private final StatePublisher publisher;
        private final FaultWatcher faults = new FaultWatcher();
        private final Map<String, State> own = new HashMap<>();
        private volatile boolean closed;
        private @Nullable Alarm worst;
        private @Nullable String shownStatus;

        Session(Mailbox mailbox) throws ConfigurationException {
            this.mailbox = mailbox;
            updates = new Updates(mailbox);
            ConfigReader reader = new ConfigReader(getConfig());
            members = BankMembers.of(reader, services().boards());
            calculator = new BankCalculator(reader.choice("connection", Connection.PARALLEL, Connection.class),
                    reader.choice("limits", ParallelLimit.LOWEST_TIMES_NUMBER, ParallelLimit.class), Catalogue.all());
            publisher = new StatePublisher(this::show, this::alarm, RegisterChannels.of(getThing()), List.of(),
                    Duration.ZERO);
        }

        void begin() {
            mailbox.post("journal", () -> updates.showJournal(publisher));
            services().boards().watch(this);
            mailbox.post(NEWS, this::update);
        }

        void close() {
            closed = true;
            services().boards().unwatch(this);
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
            Bank bank = calculator.combine(services().ticker().nanos(), services().ticker().now(), now.members());
            worst = bank.worst();
            publisher.publish(bank.snapshot(), true);
            showOwn(MISSING, new StringType(String.join(", ", bank.missing())));
            for (Point point : EXTREMES) {
                String name = bank.extremes().get(point);
                showOwn("bank#" + point.name() + "-member", name == null ? UnDefType.UNDEF : new StringType(name));
            }
            List<FaultEvent> events = faults.compare(bank.snapshot());
            updates.keep(events);
            updates.tell(events, publisher);
        }

        private void showStatus(String text) {
            if (text.equals(shownStatus)) {
                return;
            }
            boolean taken = text.isEmpty() ? updates.online() : updates.offline(text);
            shownStatus = taken ? text : null;
        }

        /** The worst fault and whose it is. */
        private @Nullable String alarm(BoardSnapshot snapshot) {
            Alarm alarm = worst;
            return alarm == null ? services().texts().alarm(snapshot)
                    : alarm.member() + ": " + services().texts().fault(alarm.fault());
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
            List.copyOf(own.keySet()).forEach(channelId -> send(channelId, UnDefType.UNDEF));
        }

        private void show(String channelId, State state) {
            if (GROUPS.contains(channelId.substring(0, Math.max(channelId.indexOf('#'), 0)))) {
                send(channelId, state);
            }
        }

        private void send(String channelId, State state) {
            if (!updates.state(channelId, state)) {
                publisher.repeat(channelId);
                own.remove(channelId);
            }
        }
    }
}
