/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime.host;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.core.common.registry.RegistryChangeListener;
import org.openhab.core.items.Item;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.link.ItemChannelLink;
import org.openhab.core.types.State;
import org.openhab.core.types.UnDefType;

/**
 * The items, which exist as long as their links, and the methods of an {@link org.openhab.core.items.ItemRegistry}.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostItems {

    /** The methods of an {@link Item}, and the item's last state. */
    static final class HostItem {
        final String type;
        volatile State state = UnDefType.NULL;
        private final String name;
        private final Item item = Partial.of(Item.class, this);

        HostItem(String name, String type) {
            this.name = name;
            this.type = type;
        }

        public String getName() {
            return name;
        }

        public String getUID() {
            return name;
        }
    }

    final HostLinks links = new HostLinks();
    private final Map<String, HostItem> items = new ConcurrentHashMap<>();
    private final Map<String, Consumer<String>> profiles = new ConcurrentHashMap<>();
    private final List<RegistryChangeListener<Item>> listeners = new CopyOnWriteArrayList<>();

    public void addRegistryChangeListener(RegistryChangeListener<Item> listener) {
        listeners.add(listener);
    }

    public void removeRegistryChangeListener(RegistryChangeListener<Item> listener) {
        listeners.remove(listener);
    }

    /** The link registry of openHAB 5.2 asks for the item of each new link. */
    public Item getItem(String name) {
        return get(name).item;
    }

    /**
     * @throws IllegalArgumentException if there is no such item
     */
    HostItem get(String name) {
        HostItem item = items.get(name);
        if (item == null) {
            throw new IllegalArgumentException("No item " + name);
        }
        return item;
    }

    /** Creates an item of a type and links it to a channel. */
    void link(String name, String type, ChannelUID channel) {
        HostItem item = new HostItem(name, type);
        items.put(name, item);
        listeners.forEach(listener -> listener.added(item.item));
        links.add(name, channel);
    }

    /** Removes the links of a channel and their items. */
    void unlink(ChannelUID channel) {
        for (ItemChannelLink link : links.of(channel)) {
            links.remove(link);
            HostItem item = items.remove(link.getItemName());
            if (item != null) {
                listeners.forEach(listener -> listener.removed(item.item));
            }
        }
    }

    /** Replaces an item by a new one without a state, as an edit in the user interface does. */
    void replace(String name) {
        HostItem former = get(name);
        HostItem item = new HostItem(name, former.type);
        items.put(name, item);
        listeners.forEach(listener -> listener.updated(former.item, item.item));
    }

    /** Sets the profile of a link. As in openHAB, it runs inside the state update, and may throw or block. */
    void profile(String name, Consumer<String> profile) {
        profiles.put(get(name).getName(), profile);
    }

    /** Updates the state of all items of a channel. */
    void update(ChannelUID channel, State state) {
        for (ItemChannelLink link : links.of(channel)) {
            @Nullable
            HostItem item = items.get(link.getItemName());
            @Nullable
            Consumer<String> profile = profiles.get(link.getItemName());
            if (profile != null) {
                profile.accept(state.toFullString());
            }
            if (item != null) {
                item.state = state;
            }
        }
    }

    /** Returns the channels that an item is linked to. */
    List<ChannelUID> channels(String name) {
        return links.getAll().stream().filter(link -> link.getItemName().equals(name))
                .map(ItemChannelLink::getLinkedUID).toList();
    }
}
