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

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.binding.bmsmain.internal.BmsMainBindingConstants;
import org.openhab.core.common.ThreadPoolManager;
import org.openhab.core.common.registry.RegistryChangeListener;
import org.openhab.core.items.Item;
import org.openhab.core.items.ItemRegistry;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.binding.ThingHandler;
import org.openhab.core.thing.link.ItemChannelLinkRegistry;
import org.openhab.core.types.RefreshType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Restores the state of edited Items.
 * <p>
 * Editing a label or tag creates a new Item in openHAB. The new Item has no state, or an old one restored by a
 * persistence service, and openHAB requests no refresh from the handler. Handlers only send changes: an alarm would
 * stay unknown for weeks, and a lost link would show an old number. So the channels of such an Item are refreshed after
 * all other listeners have processed the edit.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(immediate = true, service = {})
public class ItemStateRefresher implements RegistryChangeListener<Item> {

    /** Delay of the first round. Restoring takes milliseconds; several edits in a row are combined in one round. */
    private static final long FIRST_SECONDS = 1;
    /** Delay of the second round: openHAB waits five seconds for a slow database before it gives up restoring. */
    private static final long SECOND_SECONDS = 6;

    private final ItemRegistry items;
    private final ItemChannelLinkRegistry links;
    private final ThingRegistry things;
    private final ScheduledExecutorService scheduler;
    private final Set<ChannelUID> channels = new HashSet<>();
    private List<Future<?>> rounds = List.of();

    @Activate
    public ItemStateRefresher(@Reference ItemRegistry items, @Reference ItemChannelLinkRegistry links,
            @Reference ThingRegistry things) {
        this(items, links, things, ThreadPoolManager.getScheduledPool(ThreadPoolManager.THREAD_POOL_NAME_COMMON));
    }

    ItemStateRefresher(ItemRegistry items, ItemChannelLinkRegistry links, ThingRegistry things,
            ScheduledExecutorService scheduler) {
        this.items = items;
        this.links = links;
        this.things = things;
        this.scheduler = scheduler;
        items.addRegistryChangeListener(this);
    }

    @Deactivate
    public void deactivate() {
        items.removeRegistryChangeListener(this);
        cancelRounds();
    }

    /** An Item that is added after its link. Usually the link is added last, and requests the state. */
    @Override
    public void added(Item item) {
        ask(item);
    }

    @Override
    public void updated(Item oldItem, Item item) {
        ask(item);
    }

    @Override
    public void removed(Item item) {
        // A removed Item has no state.
    }

    private void ask(Item item) {
        List<ChannelUID> ours = links.getBoundChannels(item.getName()).stream()
                .filter(channel -> BmsMainBindingConstants.BINDING_ID.equals(channel.getThingUID().getBindingId()))
                .toList();
        if (ours.isEmpty()) {
            return;
        }
        synchronized (this) {
            channels.addAll(ours);
            cancelRounds();
            rounds = List.of(scheduler.schedule(() -> refresh(false), FIRST_SECONDS, TimeUnit.SECONDS),
                    scheduler.schedule(() -> refresh(true), SECOND_SECONDS, TimeUnit.SECONDS));
        }
    }

    private synchronized void cancelRounds() {
        rounds.forEach(round -> round.cancel(false));
    }

    private void refresh(boolean last) {
        Set<ChannelUID> asked;
        synchronized (this) {
            asked = Set.copyOf(channels);
            if (last) {
                channels.clear();
            }
        }
        asked.forEach(channel -> {
            Thing thing = things.get(channel.getThingUID());
            ThingHandler handler = thing == null ? null : thing.getHandler();
            if (handler != null) {
                handler.handleCommand(channel, RefreshType.REFRESH);
            }
        });
    }
}
