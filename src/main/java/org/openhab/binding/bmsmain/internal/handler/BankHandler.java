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
import org.openhab.binding.bmsmain.internal.handler.StatePublisher.Resolution;
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
 * Handler of a bank: several boards combined into one battery. A bank has no connection: its values derive from the
 * latest reports of its members. A report only triggers an update on the thread of the bank's own mailbox. So no bus
 * waits for it, and a slow profile on a member's Item does not delay the detection of a lost member.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public class BankHandler extends MailboxHandler {

    /** Channel groups of a board that a bank also has. */
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

    /** All channels are read-only: a command is answered with the current state. */
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

    /** State until {@link #dispose()}. Used on the mailbox thread only, except {@link #changed}. */
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
                    Duration.ZERO, reader.choice("resolution", Resolution.DISPLAY, Resolution.class));
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

        /** Called on the threads of buses. */
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
            // Update the status first: rules triggered by a value must see the current Thing status.
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

        /** Text of the worst fault and its board. */
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

        /** Sets all channels to UNDEF. No state is sent afterwards. */
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
