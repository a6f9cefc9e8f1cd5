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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.board.FaultEvent;
import org.openhab.binding.bmsmain.internal.device.Mailbox;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingStatus;
import org.openhab.core.thing.ThingStatusDetail;
import org.openhab.core.thing.binding.BaseThingHandler;
import org.openhab.core.thing.binding.builder.ThingBuilder;
import org.openhab.core.thing.type.ChannelKind;
import org.openhab.core.types.RefreshType;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handler of a Thing that updates openHAB through a mailbox and keeps a journal of its faults.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
abstract class MailboxHandler extends BaseThingHandler {

    private static final String EVENT_CHANNEL = "faults#event";
    /** Maximum time that disposal waits for openHAB, which may take long to process a state. */
    private static final Duration DISPOSAL = Duration.ofMillis(500);

    /** Maximum number of failed updates that are logged as warnings. */
    private static final int MOST_TOLD = 3;

    private final Logger logger = LoggerFactory.getLogger(MailboxHandler.class);

    private final HandlerServices services;
    private final FaultJournal journal;
    /** Updates that failed since the Thing was initialized; each is logged as a warning once. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    /** Delivers updates from other threads to openHAB while the Thing is in use. */
    private volatile @Nullable Mailbox mailbox;

    MailboxHandler(Thing thing, HandlerServices services) {
        super(thing);
        this.services = services;
        this.journal = new FaultJournal(services.journals(), thing.getUID().toString());
    }

    final HandlerServices services() {
        return services;
    }

    /** The fault events of this Thing, oldest first. */
    public final List<FaultEvent> journal() {
        return journal.events();
    }

    /** Opens the mailbox when the Thing is initialized. It delivers nothing until it is started. */
    final Mailbox open() {
        failing.clear();
        updateStatus(ThingStatus.UNKNOWN);
        Mailbox opened = new Mailbox(getThing().getUID().toString(), services.deliveries(), services.ticker());
        mailbox = opened;
        // openHAB may have restored the Item states from before it was stopped.
        opened.post("begin", () -> getThing().getChannels().stream().map(Channel::getUID).filter(this::isLinked)
                .forEach(uid -> attempt(uid.getId(), () -> showUnknown(uid))));
        return opened;
    }

    /** Detaches and returns the mailbox, or null: {@link #later} has no effect afterwards. */
    final @Nullable Mailbox detach() {
        Mailbox opened = mailbox;
        mailbox = null;
        return opened;
    }

    /**
     * Closes a mailbox after a last task. Fault events that were not delivered are added to the journal.
     *
     * @param last last task, skipped if openHAB is busy for too long; null = none
     */
    final void close(@Nullable Mailbox opened, @Nullable Runnable last) {
        if (opened != null) {
            journal.add(opened.close(last == null ? () -> {
            } : last, DISPOSAL));
        }
    }

    @Override
    public void handleRemoval() {
        journal.remove();
        Mailbox opened = mailbox;
        if (opened == null) {
            super.handleRemoval();
        } else {
            // The Thing may be removed from within a profile that the mailbox waits for.
            opened.post("removal", super::handleRemoval);
        }
    }

    /**
     * Runs a task on the mailbox thread, after all earlier tasks. May be called by any thread; returns immediately. Has
     * no effect if the Thing is not in use.
     *
     * @param key replaces a pending task with an equal key
     */
    final void later(Object key, Runnable task) {
        Mailbox opened = mailbox;
        if (opened != null) {
            opened.post(key, () -> attempt(key.toString(), task));
        }
    }

    /** @return whether openHAB accepted the update */
    private boolean attempt(String what, Runnable task) {
        try {
            task.run();
            return true;
        } catch (RuntimeException | Error e) {
            if (failing.add(what) && failing.size() <= MOST_TOLD) {
                logger.warn("{}: openHAB rejects {}, maybe because of a profile: {}{}", getThing().getUID(), what,
                        e.toString(), failing.size() < MOST_TOLD ? "" : ". Further rejections are logged as debug");
            }
            logger.debug("{}: openHAB rejects {}", getThing().getUID(), what, e);
            return false;
        }
    }

    /** Sets a state channel to UNDEF, unless its value lasts without a link. */
    final void showUnknown(ChannelUID channelUID) {
        Channel channel = getThing().getChannel(channelUID);
        if (channel != null && channel.getKind() == ChannelKind.STATE
                && !StatePublisher.LASTING.contains(channelUID.getId())) {
            updateState(channelUID, UnDefType.UNDEF);
        }
    }

    final void edit(Consumer<ThingBuilder> change) {
        ThingBuilder builder = editThing();
        change.accept(builder);
        updateThing(builder.build());
    }

    /**
     * Updates of openHAB from the initialization of the Thing to its disposal. A failure of one channel does not affect
     * other channels. Used on the mailbox thread only, except {@link #mute()}.
     */
    final class Updates {
        private final Mailbox mailbox;
        private volatile boolean muted;

        Updates(Mailbox mailbox) {
            this.mailbox = mailbox;
        }

        /** No update is sent after this call. */
        void mute() {
            muted = true;
        }

        /** @return whether openHAB accepted the update */
        boolean state(String channelId, State state) {
            // A profile runs within this call.
            boolean taken = attempt(channelId, () -> updateState(channelId, state));
            Mailbox current = MailboxHandler.this.mailbox;
            if (current != null && !current.equals(mailbox)) {
                // The call took so long that the Thing was initialized again meanwhile: send the current state last.
                handleCommand(new ChannelUID(getThing().getUID(), channelId), RefreshType.REFRESH);
            }
            return taken;
        }

        /** @return whether openHAB accepted the update */
        boolean online() {
            return attempt("its status", () -> updateStatus(ThingStatus.ONLINE));
        }

        /** @return whether openHAB accepted the update */
        boolean offline(String text) {
            return attempt("its status",
                    () -> updateStatus(ThingStatus.OFFLINE, ThingStatusDetail.COMMUNICATION_ERROR, text));
        }

        void properties(Map<String, String> changed) {
            attempt("its properties", () -> updateProperties(changed));
        }

        /** Publishes the stored journal. */
        void showJournal(StatePublisher publisher) {
            publisher.publishJournal(journal.last(), journal.toJson(services.texts()::fault));
        }

        /** Adds fault events to the journal. */
        void keep(List<FaultEvent> events) {
            journal.add(events);
        }

        /** Publishes fault events that were added to the journal. */
        void tell(List<FaultEvent> events, StatePublisher publisher) {
            if (!events.isEmpty()) {
                showJournal(publisher);
                events.forEach(event -> attempt("a fault event", () -> triggerChannel(EVENT_CHANNEL, event.payload())));
            }
        }

        boolean attempt(String what, Runnable task) {
            return !muted && MailboxHandler.this.attempt(what, task);
        }
    }
}
