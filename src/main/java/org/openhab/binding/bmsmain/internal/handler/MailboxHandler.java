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
 * A Thing whose news reach openHAB through a mailbox, and that keeps a journal of its faults.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
abstract class MailboxHandler extends BaseThingHandler {

    private static final String EVENT_CHANNEL = "faults#event";
    /** What openHAB does with a state may block for long; whoever disposes of the handler must not wait for that. */
    private static final Duration DISPOSAL = Duration.ofMillis(500);

    /** So many things that openHAB does not take are told as warnings. */
    private static final int MOST_TOLD = 3;

    private final Logger logger = LoggerFactory.getLogger(MailboxHandler.class);

    private final HandlerServices services;
    private final FaultJournal journal;
    /** What openHAB did not take since the Thing began; it is told once. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    /** Delivers to openHAB what is told by other threads, while the Thing is in use. */
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

    /** Opens the mailbox of a Thing that begins. It delivers nothing until it is started. */
    final Mailbox open() {
        failing.clear();
        updateStatus(ThingStatus.UNKNOWN);
        Mailbox opened = new Mailbox(getThing().getUID().toString(), services.deliveries(), services.ticker());
        mailbox = opened;
        // openHAB may have restored what Items showed before it was stopped.
        opened.post("begin", () -> getThing().getChannels().stream().map(Channel::getUID).filter(this::isLinked)
                .forEach(uid -> attempt(uid.getId(), () -> showUnknown(uid))));
        return opened;
    }

    /** From now on {@link #later} does nothing. @return what was opened; null when nothing was */
    final @Nullable Mailbox detach() {
        Mailbox opened = mailbox;
        mailbox = null;
        return opened;
    }

    /**
     * Closes a mailbox, after a last task. The fault events that it did not deliver go into the journal.
     *
     * @param last left out when openHAB is busy for long; null = nothing
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
            // Whoever removes the Thing may be a profile, which is waited for.
            opened.post("removal", super::handleRemoval);
        }
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
            opened.post(key, () -> attempt(key.toString(), task));
        }
    }

    /** @return whether openHAB took it */
    private boolean attempt(String what, Runnable task) {
        try {
            task.run();
            return true;
        } catch (RuntimeException | Error e) {
            if (failing.add(what) && failing.size() <= MOST_TOLD) {
                logger.warn("{}: openHAB does not take {}, maybe because of a profile: {}{}", getThing().getUID(), what,
                        e.toString(),
                        failing.size() < MOST_TOLD ? "" : ". What else it does not take is logged as debug");
            }
            logger.debug("{}: openHAB does not take {}", getThing().getUID(), what, e);
            return false;
        }
    }

    /** Says that nothing is known of a channel that shows the board. */
    final void showUnknown(ChannelUID channelUID) {
        Channel channel = getThing().getChannel(channelUID);
        if (channel != null && channel.getKind() == ChannelKind.STATE
                && !StatePublisher.LASTING.contains(channelUID.getId())) {
            updateState(channelUID, UnDefType.UNDEF);
        }
    }

    /** Changes the Thing. */
    final void edit(Consumer<ThingBuilder> change) {
        ThingBuilder builder = editThing();
        change.accept(builder);
        updateThing(builder.build());
    }

    /**
     * What openHAB is told of the Thing, from one start to the end. What fails in openHAB for one channel does not keep
     * others from being shown. Used by the mailbox only, but for {@link #mute()}.
     */
    final class Updates {
        private final Mailbox mailbox;
        private volatile boolean muted;

        Updates(Mailbox mailbox) {
            this.mailbox = mailbox;
        }

        /** After this, openHAB is told nothing any more. */
        void mute() {
            muted = true;
        }

        /** @return whether openHAB took it */
        boolean state(String channelId, State state) {
            // A profile runs inside of this.
            boolean taken = attempt(channelId, () -> updateState(channelId, state));
            Mailbox current = MailboxHandler.this.mailbox;
            if (current != null && !current.equals(mailbox)) {
                // It took so long that the Thing has begun anew meanwhile, whose state is the last word.
                handleCommand(new ChannelUID(getThing().getUID(), channelId), RefreshType.REFRESH);
            }
            return taken;
        }

        /** @return whether openHAB took it */
        boolean online() {
            return attempt("its status", () -> updateStatus(ThingStatus.ONLINE));
        }

        /** @return whether openHAB took it */
        boolean offline(String text) {
            return attempt("its status",
                    () -> updateStatus(ThingStatus.OFFLINE, ThingStatusDetail.COMMUNICATION_ERROR, text));
        }

        void properties(Map<String, String> changed) {
            attempt("its properties", () -> updateProperties(changed));
        }

        /** Shows what the journal holds from before. */
        void showJournal(StatePublisher publisher) {
            publisher.publishJournal(journal.last(), journal.toJson(services.texts()::fault));
        }

        /** Enters fault events into the journal. */
        void keep(List<FaultEvent> events) {
            journal.add(events);
        }

        /** Shows fault events that were entered into the journal. */
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
