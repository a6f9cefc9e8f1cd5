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

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.openhab.core.common.registry.AbstractProvider;
import org.openhab.core.items.Item;
import org.openhab.core.items.ItemBuilder;
import org.openhab.core.items.ItemBuilderFactory;
import org.openhab.core.items.ItemRegistry;
import org.openhab.core.thing.ChannelUID;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.link.ItemChannelLink;
import org.openhab.core.thing.link.ItemChannelLinkProvider;
import org.openhab.core.thing.link.ItemChannelLinkRegistry;
import org.osgi.framework.BundleContext;

/**
 * The links between items and channels, and the registry in which bindings look for them.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class HostLinks extends AbstractProvider<ItemChannelLink> implements ItemChannelLinkProvider {

    /** The registry over the one provider. */
    static class Registry extends ItemChannelLinkRegistry {

        Registry(HostLinks links, ThingRegistry things, ItemRegistry items, BundleContext context) {
            super(null, things, items, new NoItemBuilders(), context);
            addProvider(links);
        }
    }

    private static class NoItemBuilders implements ItemBuilderFactory {

        @Override
        public ItemBuilder newItemBuilder(Item item) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ItemBuilder newItemBuilder(String itemType, String itemName) {
            throw new UnsupportedOperationException();
        }
    }

    private final List<ItemChannelLink> links = new CopyOnWriteArrayList<>();

    @Override
    public Collection<ItemChannelLink> getAll() {
        return Set.copyOf(links);
    }

    void add(String item, ChannelUID channel) {
        ItemChannelLink link = new ItemChannelLink(item, channel);
        if (!links.contains(link)) {
            links.add(link);
            notifyListenersAboutAddedElement(link);
        }
    }

    void remove(ItemChannelLink link) {
        if (links.remove(link)) {
            notifyListenersAboutRemovedElement(link);
        }
    }

    List<ChannelUID> of(String item) {
        return links.stream().filter(link -> link.getItemName().equals(item)).map(ItemChannelLink::getLinkedUID)
                .toList();
    }

    List<ItemChannelLink> of(ChannelUID channel) {
        return links.stream().filter(link -> link.getLinkedUID().equals(channel)).toList();
    }
}
